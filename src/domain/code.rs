//! Campaign codes, alone and inside what a person wrote.

use std::ops::Range;

/// A campaign code: `[a-z0-9-]{3,32}`, lower-cased (design §4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CampaignCode(Box<str>);

impl CampaignCode {
    /// `None` unless the text, lower-cased and with `_` read as `-`, has the form of a code.
    pub fn parse(text: &str) -> Option<Self> {
        let code: String =
            text.trim().chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
        let fits = (3..=32).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| Self(code.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code behind `/start`: alone, or after a `#` that came along from a link for another channel.
    pub fn started(payload: &str) -> Option<Self> {
        let bare: String = payload.chars().filter(|c| !is_mark(*c)).collect();
        Self::parse(&bare).or_else(|| Self::mentioned(payload).next().map(|(_, code)| code))
    }

    /// Words `#code` of a text, with the bytes that each takes; whole words only, in any case.
    ///
    /// Invisible marks in and beside a word are part of it. Of a word that ends in hyphens also the code without them
    /// is told: people add a dash.
    pub fn mentioned(text: &str) -> impl Iterator<Item = (Range<usize>, Self)> {
        let signs = text.char_indices().filter(|(_, c)| is_sign(*c));
        signs.flat_map(move |(at, sign)| Self::words_at(text, at, sign))
    }

    /// The codes that the word after the sign at this byte may be, the longest first.
    fn words_at(text: &str, at: usize, sign: char) -> Vec<(Range<usize>, Self)> {
        let is_inside = |c: char| c.is_alphanumeric() || c == '_' || as_hyphen(c) == '-';
        let (Some(before), Some(after)) = (text.get(..at), text.get(at + sign.len_utf8()..)) else {
            return Vec::new();
        };
        let before = before.trim_end_matches(is_mark);
        if before.chars().next_back().is_some_and(is_inside) {
            return Vec::new();
        }
        let length = after.find(|c| !is_inside(c) && !is_mark(c)).unwrap_or(after.len());
        let place = before.len()..at + sign.len_utf8() + length;
        let word: String =
            after.get(..length).unwrap_or_default().chars().filter(|c| !is_mark(*c)).map(as_hyphen).collect();
        let bare = word.trim_end_matches(['-', '_']);
        let spellings = [Some(word.as_str()), (bare.len() < word.len()).then_some(bare)];
        let codes = spellings.into_iter().flatten().filter_map(Self::parse);
        codes.map(|code| (place.clone(), code)).collect()
    }

    /// The text without its first code of the register, and that code.
    pub fn taken_from(text: &str, is_known: impl Fn(&Self) -> bool) -> Option<(Self, String)> {
        let (place, code) = Self::mentioned(text).find(|(_, code)| is_known(code))?;
        let is_blank = |c: char| c.is_whitespace() || is_mark(c);
        let before = text.get(..place.start)?.trim_end_matches(is_blank);
        let after = text.get(place.end..)?.trim_start_matches(is_blank);
        let gap = if before.is_empty() || after.is_empty() { "" } else { " " };
        Some((code, format!("{before}{gap}{after}")))
    }
}

/// `#`, as keyboards of different languages write it.
const fn is_sign(c: char) -> bool {
    matches!(c, '#' | '\u{FF03}' | '\u{FE5F}')
}

/// Marks that nobody sees: zero-width characters, directions of writing, the byte order mark. Phones and pages add
/// them when a text is copied.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Hyphens that do not break, as keyboards put them, are hyphens.
const fn as_hyphen(c: char) -> char {
    if matches!(c, '\u{2010}' | '\u{2011}') { '-' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_as_whole_words_in_any_case() {
        let table = [
            ("Салом! #OSH-bus2", &["osh-bus2"][..]),
            ("#a #ab #abc", &["abc"]),
            ("x#abc ##abc (#abc)", &["abc", "abc"]),
            ("#abc_def, #abc.", &["abc-def", "abc"]),
            ("#кодкод #", &[]),
            ("#abcд", &[]),
            // As keyboards and copied texts have it.
            ("\u{FF03}OSH-1 \u{FE5F}osh-2", &["osh-1", "osh-2"]),
            ("\u{202A}#\u{200E}osh\u{2060}-1\u{FEFF}\u{202C}", &["osh-1"]),
            ("x\u{200B}#abc", &[]),
            ("#osh\u{2011}1", &["osh-1"]),
            // A hyphen at the end is the code's, or a dash.
            ("#osh-1- #osh-2_,", &["osh-1-", "osh-1", "osh-2-", "osh-2"]),
            ("#osh-1: #osh-2) #osh-3\u{2014}", &["osh-1", "osh-2", "osh-3"]),
        ];
        for (text, expected) in table {
            let found: Vec<String> =
                CampaignCode::mentioned(text).map(|(_, code)| code.as_str().to_owned()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn only_a_known_code_is_taken_out() {
        let known = |code: &CampaignCode| code.as_str() == "osh1";
        let taken = |text| CampaignCode::taken_from(text, known).map(|(_, rest)| rest);
        assert_eq!(taken("Салом #Osh1 патент"), Some("Салом патент".into()));
        assert_eq!(taken("#osh1"), Some(String::new()));
        assert_eq!(taken("#other #osh1"), Some("#other".into()));
        assert_eq!(taken("#other"), None);
        assert_eq!(taken("Салом \u{2066}\u{FF03}Osh1\u{2069} патент"), Some("Салом патент".into()));
        assert_eq!(taken("\u{FEFF}#osh1-\u{200F} "), Some(String::new()));
    }

    #[test]
    fn a_start_takes_a_code_with_and_without_its_sign() {
        let started = |payload| CampaignCode::started(payload).map(|code| code.as_str().to_owned());
        for payload in ["osh-1", " #OSH-1 ", "\u{FF03}osh_1", "\u{200E}#osh-1\u{200E}", "Салом #osh-1"] {
            assert_eq!(started(payload), Some("osh-1".into()), "{payload}");
        }
        assert_eq!((started("ab"), started("Салом"), started("")), (None, None, None));
    }
}
