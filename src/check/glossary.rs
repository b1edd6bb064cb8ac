//! The glossary: a Tajik or Kyrgyz text uses its terms, and none of the words that it names as not to be used.

use super::{language::words, subject::Subject, variables::Part};
use crate::{content::Finding, domain::Locale, lang::has_stem};

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for locale in Locale::ALL {
        let avoided: Vec<(Vec<String>, &str)> = subject
            .release
            .glossary
            .iter()
            .flat_map(|term| term.avoided(locale).iter().map(|avoided| (avoided, term.wanted(locale))))
            .map(|(avoided, wanted)| (avoided.split_whitespace().map(str::to_lowercase).collect(), wanted))
            .collect();
        if avoided.is_empty() {
            continue;
        }
        for text in subject.texts(locale) {
            for (attribute, shape) in &text.entry.parts {
                let part = Part { text, attribute: attribute.as_deref() };
                if part.is_keywords() {
                    continue;
                }
                let words = words(&shape.literal);
                for (phrase, wanted) in &avoided {
                    if let Some(found) = find(&words, phrase, locale) {
                        let finding = part.warning("glossary").with("value", found.join(" "));
                        out.push(finding.with("wanted", wanted));
                    }
                }
            }
        }
    }
}

/// The words of a text that are the phrase; endings may hang on its last word.
fn find<'a>(words: &'a [String], phrase: &[String], locale: Locale) -> Option<&'a [String]> {
    let (last, before) = phrase.split_last()?;
    words.windows(phrase.len()).find(|found| match found.split_last() {
        Some((word, rest)) => rest == before && has_stem(word, last, locale),
        None => false,
    })
}
