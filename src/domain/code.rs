//! Campaign codes, alone and inside what a person wrote.

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

    /// Words `#code` of a text, with the bytes that each takes; whole words only, in any case.
    pub fn mentioned(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, Self)> {
        let is_inside = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        text.match_indices('#').filter_map(move |(at, mark)| {
            let before = text.get(..at)?.chars().next_back();
            let word = text.get(at + mark.len()..)?;
            let end = word.find(|c| !is_inside(c)).unwrap_or(word.len());
            let code = Self::parse(word.get(..end)?)?;
            (!before.is_some_and(is_inside)).then_some((at..at + mark.len() + end, code))
        })
    }

    /// The text without its first code of the register, and that code.
    pub fn taken_from(text: &str, is_known: impl Fn(&Self) -> bool) -> Option<(Self, String)> {
        let (place, code) = Self::mentioned(text).find(|(_, code)| is_known(code))?;
        let (before, after) = (text.get(..place.start)?.trim_end(), text.get(place.end..)?.trim_start());
        let gap = if before.is_empty() || after.is_empty() { "" } else { " " };
        Some((code, format!("{before}{gap}{after}")))
    }
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
    }
}
