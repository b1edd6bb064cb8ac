//! Keywords: people search in their own words, so each screen that they may look for has enough of them.

use std::collections::{BTreeMap, BTreeSet};

use super::subject::Subject;
use crate::{
    content::{Finding, Found, KAZAKHSTAN, Kind, Node, Release, is_of_kazakhstan},
    domain::{DESTINATION, Locale, NodeId, Profile},
    lang::fold,
};

/// Fewest different keywords of a node in each language.
const KEYWORDS_MIN: usize = 8;

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let is_sought = |kind: &Kind| !matches!(kind, Kind::Feedback | Kind::End);
    for node in subject.release.nodes().filter(|node| is_sought(&node.kind)) {
        for locale in Locale::ALL {
            // A missing text is found as such.
            let Some(text) = subject.text(locale, node.id.as_str()) else { continue };
            let keywords =
                text.shape(Some("keywords")).map(|shape| different(&shape.literal)).unwrap_or_default();
            if keywords.len() < KEYWORDS_MIN {
                let line = text.line(Some("keywords"));
                let finding = Finding::warning("keywords-few", text.file, line, node.id.as_str());
                out.push(
                    finding.with("count", keywords.len()).with("min", KEYWORDS_MIN).with("locale", locale),
                );
            }
        }
    }
}

/// Pages that take a page's own questions: whoever asks with its very title gets another one before it. One that comes near is shown beside it, as a choice.
///
/// Each page is looked at by itself: one may take another's questions and keep its own. Two that take each other's are
/// found once. Menus are not looked at: a page below one answers better.
pub fn steals(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let is_page = |node: &&Node| matches!(node.kind, Kind::Page | Kind::Tool(_) | Kind::Places(_));
    for locale in Locale::ALL {
        let pages = subject.release.nodes().filter(is_page);
        let taken: BTreeMap<&NodeId, Vec<NodeId>> =
            pages.map(|node| (&node.id, takers(subject.release, node, locale))).collect();
        for (id, takers) in &taken {
            let is_told =
                |other: &NodeId| other < *id && taken.get(other).is_some_and(|back| back.contains(id));
            let others: Vec<&str> =
                takers.iter().filter(|taker| !is_told(taker)).map(NodeId::as_str).collect();
            if others.is_empty() {
                continue;
            }
            let Some(text) = subject.text(locale, id.as_str()) else { continue };
            let line = text.line(Some("keywords"));
            let finding = Finding::warning("keywords-steal", text.file, line, id.as_str());
            out.push(finding.with("other", others.join(", ")).with("locale", locale));
        }
    }
}

/// Pages that are asked for with the same keywords: whoever uses one of these gets either. One that holds more than half of
/// the other's is told of.
pub fn shared(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let is_page = |node: &&Node| matches!(node.kind, Kind::Page | Kind::Tool(_) | Kind::Places(_));
    for locale in Locale::ALL {
        let of = |node: &Node| -> BTreeSet<String> {
            let Some(text) = subject.text(locale, node.id.as_str()) else { return BTreeSet::new() };
            text.shape(Some("keywords")).map(|shape| different(&shape.literal)).unwrap_or_default()
        };
        let pages: Vec<(&Node, BTreeSet<String>)> =
            subject.release.nodes().filter(is_page).map(|node| (node, of(node))).collect();
        for (place, (node, own)) in pages.iter().enumerate() {
            let others: Vec<&str> = pages
                .iter()
                .take(place)
                .filter(|(other, _)| is_of_kazakhstan(other) == is_of_kazakhstan(node))
                .filter(|(_, keywords)| {
                    let common = keywords.intersection(own).count();
                    common * 2 > keywords.len().min(own.len())
                })
                .map(|(other, _)| other.id.as_str())
                .collect();
            let Some(text) = subject.text(locale, node.id.as_str()).filter(|_| !others.is_empty()) else {
                continue;
            };
            let line = text.line(Some("keywords"));
            let finding = Finding::warning("keywords-shared", text.file, line, node.id.as_str());
            out.push(finding.with("other", others.join(", ")).with("locale", locale));
        }
    }
}

/// Pages that a page's own title brings before it to a person whom it concerns; but no menu that leads
/// to it. None for a page without a title, which is found as such.
fn takers(release: &Release, node: &Node, locale: Locale) -> Vec<NodeId> {
    let id = node.id.as_str();
    if !release.texts.has(locale, id, None) {
        return Vec::new();
    }
    let Some(title) = release.texts.format(locale, id, None, None) else { return Vec::new() };
    let mut profile = Profile::default();
    if is_of_kazakhstan(node) {
        profile.set(DESTINATION, KAZAKHSTAN);
    }
    for condition in &node.when {
        if let Some(value) = condition.values.first() {
            profile.set(&condition.key, value);
        }
    }
    let found: Vec<Found<'_>> = release.find(&title, &profile).collect();
    // A page that its own title does not bring at all loses to every other.
    let own = found.iter().find(|found| found.node.id == node.id).map_or(0.0, |found| found.score);
    found
        .iter()
        .filter(|found| found.node.id != node.id && found.score >= own)
        .filter(|found| !(matches!(found.node.kind, Kind::Menu) && found.node.choices.contains(&node.id)))
        .take(TAKERS_MAX)
        .map(|found| found.node.id.clone())
        .collect()
}

/// Most pages named in one finding.
const TAKERS_MAX: usize = 3;

/// Keywords that a search tells apart.
fn different(keywords: &str) -> BTreeSet<String> {
    keywords.split([',', ';', '\n']).map(fold).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_counted_once() {
        assert_eq!(different("долг, қарз; карз,\n Қарз, ,патент.").len(), 3);
        assert!(different("").is_empty());
    }
}
