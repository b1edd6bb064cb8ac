//! Words of the wrong language: Russian that was left standing in a Tajik or Kyrgyz text. Official terms stand in
//! brackets or quotes; what people search by may be in any language.

use super::{
    alphabet::{is_link, unquoted},
    subject::Subject,
    variables::Part,
};
use crate::{content::Finding, domain::Locale, lang::is_russian};

/// Stands where brackets or quotes were: an ending that hangs on them is no word.
const GAP: char = '\u{0}';

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for locale in Locale::ALL {
        for text in subject.texts(locale) {
            for (attribute, shape) in &text.entry.parts {
                let part = Part { text, attribute: attribute.as_deref() };
                if part.is_keywords() {
                    continue;
                }
                let found: Vec<String> =
                    words(&shape.literal).into_iter().filter(|word| is_russian(word, locale)).collect();
                if !found.is_empty() {
                    let finding = part.warning("word-russian").with("locale", locale);
                    out.push(finding.with("value", found.join(" ")));
                }
            }
        }
    }
}

/// The words of a text outside brackets and quotes, in small letters. Neither links nor endings on a name, a number
/// or a bracket (`-и`), nor letters with a point (`в. Хатлон`).
pub fn words(text: &str) -> Vec<String> {
    let open = unquoted(text, Some(GAP));
    let is_mark = |c: char| !c.is_alphanumeric() && c != GAP && c != '-';
    let chunks = open.split_whitespace().filter(|chunk| !is_link(chunk));
    chunks
        .filter_map(|chunk| {
            let word = chunk.trim_matches(is_mark);
            let is_word = word.chars().all(|c| c.is_alphabetic() || c == '-') && !word.starts_with('-');
            let is_initial = word.chars().count() == 1 && chunk.contains('.');
            (is_word && !is_initial && !word.is_empty()).then(|| word.to_lowercase())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_stands_free() {
        for (text, wanted) in [
            ("Шартнома ва *патент*, (договор и патент).", "шартнома ва патент"),
            ("«Госуслуги»-и шумо (МФЦ)и", "шумо"),
            ("5-и 112 WhatsAppта мвд.рф в. Хатлон", "whatsappта хатлон"),
            ("СИМ-корт — ба кор!", "сим-корт ба кор"),
        ] {
            assert_eq!(words(text).join(" "), wanted, "{text}");
        }
    }
}
