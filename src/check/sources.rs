//! Facts: where they come from, when they were last looked at, when to look again.

use super::{
    structure::{error, warning},
    subject::Subject,
};
use crate::content::{Caution, Finding, Kind, Knowledge, Node};

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for node in subject.release.nodes() {
        facts(node, out);
        if let Some(reviewed) = node.reviewed.filter(|date| date.earliest() > subject.today) {
            out.push(error(node, "reviewed-future").with("what", "reviewed").with("date", reviewed));
        }
        if let Some(by) = node.review_by.filter(|by| *by < subject.today) {
            out.push(
                Finding::due("review-overdue", &*node.file, node.line, node.id.as_str()).with("date", by),
            );
        }
        if node.caution == Some(Caution::Check) && node.check_at.is_none() {
            out.push(error(node, "check-at-missing"));
        }
    }
}

/// A page of facts without its source and date is refused; a list of places shows the date of each place.
fn facts(node: &Node, out: &mut Vec<Finding>) {
    let has_facts = matches!(node.knowledge, Some(Knowledge::How | Knowledge::Help | Knowledge::Both));
    if !has_facts {
        return;
    }
    let missing =
        [("sources", node.sources.is_empty()), ("reviewed", node.reviewed.is_none() && !node.undated)];
    for (what, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
        if matches!(node.kind, Kind::Places(_)) {
            continue;
        }
        let finding = match node.kind {
            Kind::Page | Kind::Tool(_) => error(node, "facts-undated"),
            _ => warning(node, "facts-undated"),
        };
        out.push(finding.with("what", what));
    }
}
