//! Keywords: people search in their own words, so each screen that they may look for has enough of them.

use std::collections::{BTreeMap, BTreeSet};

use super::subject::Subject;
use crate::{
    content::{Finding, Found, Kind},
    domain::{Locale, NodeId, Profile},
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

/// How near another page may come to a page's own score on its own title.
const STEAL: f32 = 0.97;

/// Two pages of which each one's title brings the other as much as itself: whoever asks for one gets the other.
pub fn steals(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let release = subject.release;
    let anyone = Profile::default();
    for locale in Locale::ALL {
        // Who comes as near to each page as the page itself.
        let mut near: BTreeMap<&NodeId, Vec<&NodeId>> = BTreeMap::new();
        for node in release.nodes() {
            let id = node.id.as_str();
            if !release.texts.has(locale, id, None) {
                continue;
            }
            let Some(title) = release.texts.format(locale, id, None, None) else { continue };
            let found: Vec<Found<'_>> = release.find(&title, &anyone).take(NEIGHBOURS).collect();
            let Some(own) = found.iter().find(|found| found.node.id == node.id).map(|found| found.score)
            else {
                continue;
            };
            let others = found.iter().filter(|found| found.node.id != node.id && found.score >= own * STEAL);
            near.insert(&node.id, others.map(|found| &found.node.id).collect());
        }
        for (id, others) in &near {
            for other in others {
                if id < other && near.get(other).is_some_and(|back| back.contains(id)) {
                    let Some(text) = subject.text(locale, id.as_str()) else { continue };
                    let line = text.line(Some("keywords"));
                    let finding = Finding::warning("keywords-steal", text.file, line, id.as_str());
                    out.push(finding.with("other", other.as_str()).with("locale", locale));
                }
            }
        }
    }
}

/// Pages compared on one title.
const NEIGHBOURS: usize = 6;

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
