//! Whole messages that name a language: for sure, or people and the language as a matter as well.

use super::{Words, words::key};
use crate::domain::Locale;

/// A language that a whole message names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanguageNamed {
    pub locale: Locale,
    /// It can mean nothing else: not people, nor the language as a matter ("русский язык" is an exam, too).
    pub is_sure: bool,
}

impl Words {
    /// The language that the whole message names, words of politeness aside.
    pub fn language(&self, text: &str) -> Option<LanguageNamed> {
        if text.len() > 100 {
            return None;
        }
        let whole = key(text);
        self.languages.get(&whole).copied().or_else(|| {
            let words: Vec<&str> = whole.split(' ').filter(|word| !self.polite.contains(*word)).collect();
            self.languages.get(&words.join(" ")).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Foreign;

    #[test]
    fn names_of_languages_are_told_from_names_of_people() {
        let words = Words::embedded().unwrap();
        let named = |text| words.language(text).map(|named| (named.locale, named.is_sure));
        for (text, locale, is_sure) in [
            ("тоҷикӣ", Locale::Tg, true),
            ("tojiki", Locale::Tg, true),
            ("по-таджикски, пожалуйста", Locale::Tg, true),
            ("кыргызча", Locale::Ky, true),
            ("По русски", Locale::Ru, true),
            ("таджик", Locale::Tg, false),
            ("Кыргыз", Locale::Ky, false),
            ("русский язык", Locale::Ru, false),
        ] {
            assert_eq!(named(text), Some((locale, is_sure)), "{text}");
        }
        assert_eq!(named("русский экзамен"), None);
    }

    #[test]
    fn uzbek_is_told_in_cyrillic_letters_too() {
        let words = Words::embedded().unwrap();
        assert_eq!(words.foreign("Политсия хужжатимни текширди"), Some(Foreign::Uz));
        assert_eq!(words.foreign("милиция документимди текшерди"), None);
    }
}
