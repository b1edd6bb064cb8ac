//! Letters: each language in its own alphabet, no look-alikes from another script, nothing that cannot be seen
//! (language.md §1, §4).

use super::{
    subject::{Subject, Text},
    variables::Part,
};
use crate::{content::Finding, domain::Locale};

/// Letters that a language does not have.
const fn foreign(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "ӣӯҷҳқғөүң",
        Locale::Tg => "ыщцьөүң",
        Locale::Ky => "ӣӯҷҳқғ",
    }
}

/// Letters without which a longer text in a language is a folded one.
const fn own(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "",
        Locale::Tg => "ӣӯҷҳқғ",
        Locale::Ky => "өүң",
    }
}

/// Fewer Cyrillic letters than this in a file say nothing about its alphabet.
const FOLDED_MIN_LETTERS: usize = 100;

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for locale in Locale::ALL {
        let texts: Vec<_> = subject.texts(locale).collect();
        for text in &texts {
            for (attribute, shape) in &text.entry.parts {
                let part = Part { text, attribute: attribute.as_deref() };
                if !part.is_keywords() {
                    letters(locale, &part, &shape.literal, out);
                }
            }
        }
        every(locale, &texts, out);
    }
}

/// What holds for interface texts, too.
pub fn every(locale: Locale, texts: &[&Text<'_>], out: &mut Vec<Finding>) {
    for text in texts {
        hidden(text, out);
        for (attribute, shape) in &text.entry.parts {
            let part = Part { text, attribute: attribute.as_deref() };
            for word in shape.literal.split(|c: char| !c.is_alphanumeric()).filter(|word| is_mixed(word)) {
                out.push(part.error("word-mixed").with("value", word));
            }
        }
    }
    folded(locale, texts, out);
}

fn letters(locale: Locale, part: &Part<'_>, literal: &str, out: &mut Vec<Finding>) {
    let mut found: Vec<&str> = Vec::new();
    let open = unquoted(literal, None);
    for word in open.split_whitespace().filter(|word| !is_link(word)) {
        if word.chars().flat_map(char::to_lowercase).any(|c| foreign(locale).contains(c)) {
            found.push(word);
        }
    }
    if !found.is_empty() {
        out.push(part.warning("letter-foreign").with("locale", locale).with("value", found.join(" ")));
    }
}

/// The text without what stands in brackets or quotes: names of papers and offices as they are written on them. `mark`
/// stands in their place.
pub fn unquoted(text: &str, mark: Option<char>) -> String {
    let mut depth = 0_usize;
    let mut straight = false;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '«' | '„' | '“' | '[' => {
                depth += 1;
                out.extend(mark);
            }
            ')' | '»' | '”' | ']' => depth = depth.saturating_sub(1),
            '"' => {
                straight = !straight;
                out.extend(mark);
            }
            // An unclosed quote must not hide the rest of the page.
            '\n' => {
                (depth, straight) = (0, false);
                out.push(c);
            }
            _ if depth == 0 && !straight => out.push(c),
            _ => {}
        }
    }
    out
}

pub fn is_link(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    inner.contains(['.', '/', '@'])
}

/// Latin letters that pass for Cyrillic ones.
const LOOK_ALIKES: &str = "acekmnopstuvxyABCEHKMOPTXY";

/// A word of two scripts. An ending on a Latin name (`WhatsAppта`) is none: it changes script once and its Latin
/// part has letters that nobody takes for Cyrillic.
fn is_mixed(word: &str) -> bool {
    let scripts: Vec<bool> =
        word.chars().filter(|c| c.is_alphabetic()).map(|c| c.is_ascii_alphabetic()).collect();
    let switches = scripts.iter().zip(scripts.iter().skip(1)).filter(|(a, b)| a != b).count();
    let is_cyrillic = |c: char| ('\u{400}'..='\u{52f}').contains(&c);
    if switches == 0 || !word.chars().any(is_cyrillic) {
        return false;
    }
    let named = word.chars().any(|c| c.is_ascii_alphabetic() && !LOOK_ALIKES.contains(c));
    !(switches == 1 && scripts.first() == Some(&true) && named)
}

fn hidden(text: &Text<'_>, out: &mut Vec<Finding>) {
    for (place, line) in text.entry.source.lines().enumerate() {
        let escaped = line.match_indices("\\u").filter_map(|(at, _)| {
            let digits = line.get(at + 2..at + 6)?;
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)
        });
        let mut before = ' ';
        for c in line.chars().chain(escaped) {
            if is_hidden(c, before) {
                let finding =
                    Finding::error("hidden-character", text.file, text.entry.line + place, &*text.entry.id);
                out.push(finding.with("value", format!("U+{:04X}", u32::from(c))));
            }
            before = c;
        }
    }
}

fn is_hidden(c: char, before: char) -> bool {
    // A joiner inside an emoji is part of it.
    let is_joiner = c == '\u{200d}' && before < '\u{2190}';
    let is_blank = matches!(c, '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{feff}');
    let is_mark = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{e000}'..='\u{f8ff}');
    is_joiner || is_blank || is_mark || (c.is_control() && c != '\t')
}

fn folded(locale: Locale, texts: &[&Text<'_>], out: &mut Vec<Finding>) {
    if own(locale).is_empty() {
        return;
    }
    let mut files: Vec<&str> = texts.iter().map(|text| text.file).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let (mut letters, mut has_own) = (0_usize, false);
        let parts = texts.iter().filter(|text| text.file == file).flat_map(|text| &text.entry.parts);
        for c in parts.flat_map(|(_, shape)| shape.literal.chars()).flat_map(char::to_lowercase) {
            letters += usize::from(('\u{430}'..='\u{52f}').contains(&c));
            has_own |= own(locale).contains(c);
        }
        if letters >= FOLDED_MIN_LETTERS && !has_own {
            let finding = Finding::error("text-folded", file, 0, "");
            out.push(finding.with("locale", locale).with("letters", own(locale)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_found_and_endings_on_names_are_not() {
        for word in ["пaтент", "Cахарово", "патентa", "cop\u{43e}к", "РВP"] {
            assert!(is_mixed(word), "{word}");
        }
        for word in ["WhatsAppта", "Telegramда", "патент", "patent", "2026жыл", "МВД1"] {
            assert!(!is_mixed(word), "{word}");
        }
    }

    #[test]
    fn quotes_and_links_may_hold_other_letters() {
        assert_eq!(unquoted("а (б) «в» г", None), "а   г");
        assert_eq!(unquoted("а (б)-и «в»", Some('#')), "а #-и #");
        assert!(is_link("онлайнинспекция.рф,"));
        assert!(!is_link("охир."));
        assert!(is_hidden('\u{200d}', 'a') && !is_hidden('\u{200d}', '👩'));
    }
}
