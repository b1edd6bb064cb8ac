//! Keywords: people search in their own words, so each screen that they may look for has enough of them.

use std::collections::BTreeSet;

use super::subject::Subject;
use crate::{
    content::{Finding, Kind},
    domain::Locale,
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
