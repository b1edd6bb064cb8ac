//! Topics: a closed list in the settings, by which pages are counted and the coverage is tested.

use std::collections::BTreeSet;

use super::{structure::error, subject::Subject};
use crate::content::Finding;

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let Some(topics) = &subject.release.settings.topics else { return };
    let known: BTreeSet<&str> = topics.iter().map(AsRef::as_ref).collect();
    for node in subject.release.nodes() {
        for topic in node.topics.iter().filter(|topic| !known.contains(&***topic)) {
            out.push(error(node, "topic-unknown").with("value", topic));
        }
    }
}
