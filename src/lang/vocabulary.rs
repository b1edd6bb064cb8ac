//! The words that a release's texts and our own lists know: what is none of them may be a name.

use std::collections::HashSet;

use super::skeleton;

/// Letters of a word that may have another ending.
const STEM_MIN: usize = 5;

/// Longest ending that may differ.
const ENDING_MAX: usize = 4;

/// Words as skeletons, of all languages together.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Sorted.
    words: Vec<Box<str>>,
    /// Those that say nothing of a matter.
    function: HashSet<Box<str>>,
}

impl Vocabulary {
    /// Of texts and of lists of function words.
    pub fn new<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        function: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let split = |text: &str| -> Vec<Box<str>> {
            skeleton(text).split(' ').filter(|word| !word.is_empty()).map(Into::into).collect()
        };
        let function: HashSet<Box<str>> = function.into_iter().flat_map(split).collect();
        let known: HashSet<Box<str>> = texts.into_iter().flat_map(split).collect();
        let mut words: Vec<Box<str>> = known.into_iter().chain(function.iter().cloned()).collect();
        words.sort_unstable();
        words.dedup();
        Self { words, function }
    }

    /// Whether a word's skeleton is known, perhaps with another ending.
    pub fn knows(&self, key: &str) -> bool {
        let stem = key.get(..key.len().saturating_sub(ENDING_MAX).max(STEM_MIN)).unwrap_or(key);
        let place = self.words.partition_point(|word| **word < *stem);
        let found = self.words.get(place);
        if key.len() < STEM_MIN {
            return found.is_some_and(|word| **word == *key);
        }
        found.is_some_and(|word| word.starts_with(stem))
    }

    /// Whether the skeleton is that of a function word.
    pub fn is_function(&self, key: &str) -> bool {
        self.function.contains(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_with_other_endings_and_short_ones_as_they_are() {
        let vocabulary = Vocabulary::new(["Патент для работы", "Маош"], ["и не"]);
        for word in ["патента", "patentga", "работать", "маош", "не"] {
            assert!(vocabulary.knows(&skeleton(word)), "{word}");
        }
        for word in ["Мао", "Нео", "Патимат", "Фаррух"] {
            assert!(!vocabulary.knows(&skeleton(word)), "{word}");
        }
        assert!(vocabulary.is_function(&skeleton("НЕ")) && !vocabulary.is_function("patent"));
    }
}
