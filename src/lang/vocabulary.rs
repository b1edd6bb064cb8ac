//! The words that a release's texts and our own lists know: what is none of them may be a name.

use std::{collections::HashSet, sync::LazyLock};

use super::{skeleton, stems};

/// Letters of a word that may have another ending.
const STEM_MIN: usize = 4;

/// Endings that one word may have more than another.
const ENDINGS_MAX: usize = 3;

/// Plain words as people write them, from questions that were made up for tests: no names, no places.
const PLAIN: &str = include_str!("plain.txt");

/// Words as skeletons, of all languages together.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Sorted.
    words: Vec<Box<str>>,
    /// Those that say nothing of a matter.
    function: HashSet<Box<str>>,
}

impl Vocabulary {
    /// Of texts, of lists of function words, and of our own list of plain ones.
    pub fn new<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        function: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let split = |text: &str| -> Vec<Box<str>> {
            skeleton(text).split(' ').filter(|word| !word.is_empty()).map(Into::into).collect()
        };
        let function: HashSet<Box<str>> = function.into_iter().flat_map(split).collect();
        let known: HashSet<Box<str>> = texts.into_iter().chain([PLAIN]).flat_map(split).collect();
        let mut words: Vec<Box<str>> = known.into_iter().chain(function.iter().cloned()).collect();
        words.sort_unstable();
        words.dedup();
        Self { words, function }
    }

    /// Whether a word's skeleton is one of the words, as it stands.
    pub fn has(&self, key: &str) -> bool {
        self.words.binary_search_by(|word| (**word).cmp(key)).is_ok()
    }

    /// Whether it is one of them, perhaps with other endings of its language: a beginning in common is not enough.
    pub fn knows(&self, key: &str) -> bool {
        self.has(key) || ENDINGS.iter().any(|endings| self.knows_with(key, endings))
    }

    /// Whether what is left of the word and of a known one after a common stem are endings of one language.
    fn knows_with(&self, key: &str, endings: &[String]) -> bool {
        let are_endings = |rest: &str| stems::are_endings(rest, endings, ENDINGS_MAX);
        (STEM_MIN..=key.len()).rev().any(|length| {
            let Some((stem, rest)) = key.split_at_checked(length) else { return false };
            let start = self.words.partition_point(|word| **word < *stem);
            are_endings(rest)
                && self.words.iter().skip(start).map_while(|word| word.strip_prefix(stem)).any(are_endings)
        })
    }

    /// Whether the skeleton is that of a function word.
    pub fn is_function(&self, key: &str) -> bool {
        self.function.contains(key)
    }
}

/// Endings as skeletons, of each language by itself.
static ENDINGS: LazyLock<[Vec<String>; 3]> = LazyLock::new(|| {
    [RUSSIAN, stems::TAJIK, stems::KYRGYZ].map(|endings| {
        let mut endings: Vec<String> = endings.iter().map(|ending| skeleton(ending)).collect();
        endings.retain(|ending| !ending.is_empty());
        endings.sort_unstable();
        endings.dedup();
        endings
    })
});

/// Of nouns, adjectives and verbs; those that surnames have are missing.
const RUSSIAN: &[&str] = &[
    "а", "я", "о", "е", "у", "ю", "ы", "и", "ь", "ой", "ей", "ом", "ем", "ам", "ям", "ами", "ями", "ах",
    "ях", "ый", "ий", "ая", "яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ым", "им", "ых", "их",
    "ую", "юю", "ть", "ти", "л", "ла", "ло", "ли", "ет", "ит", "ют", "ут", "ят", "ат", "ешь", "ишь", "ся",
    "сь", "йте", "лся", "лась", "лись", "ться", "ется", "ются",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_with_endings_of_their_language_and_no_others() {
        let vocabulary = Vocabulary::new(["Патент для работы", "Маош", "токто кайра катта розӣ"], ["и не"]);
        for word in ["патента", "patentga", "патентро", "работать", "маош", "не", "маошам"]
        {
            assert!(vocabulary.knows(&skeleton(word)), "{word}");
        }
        for word in
            ["Мао", "Нео", "Патимат", "Фаррух", "токтогулов", "кайратова", "каттабеков", "патентов", "роза"]
        {
            assert!(!vocabulary.knows(&skeleton(word)), "{word}");
        }
        assert!(vocabulary.has("tokto") && !vocabulary.has("toktoga") && vocabulary.knows("toktoga"));
        assert!(vocabulary.is_function(&skeleton("НЕ")) && !vocabulary.is_function("patent"));
    }
}
