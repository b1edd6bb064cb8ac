//! Ids that are gone: a button once sent stays in its chat for ever, so each gone id has an heir.

use super::subject::{Subject, line_of_key};
use crate::content::{Finding, Release};

const PATH: &str = "content/retired.toml";

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for (gone, heir) in &subject.release.retired {
        let line = line_of_key(subject.files, PATH, gone);
        if subject.release.node(gone).is_some() {
            out.push(Finding::error("id-revived", PATH, line, &**gone));
        } else if subject.release.living(gone).is_none() {
            let finding = Finding::error("target-unknown", PATH, line, &**gone);
            out.push(finding.with("what", "retired").with("value", heir));
        }
    }
}

/// Ids that the old release had and for which the new one has neither a node nor a living heir.
pub fn vanished(old: &Release, new: &Release) -> Vec<Finding> {
    let ids = old.nodes().map(|node| node.id.as_str()).chain(old.retired.keys().map(AsRef::as_ref));
    let mut gone: Vec<&str> = ids.filter(|id| new.living(id).is_none()).collect();
    gone.sort_unstable();
    gone.dedup();
    gone.into_iter().map(|id| Finding::error("id-vanished", PATH, 0, id)).collect()
}
