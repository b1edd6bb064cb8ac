//! Which of several offered answers or choices a text means, in people's words: Latin letters, endings, small words
//! around them, one slip of the keyboard.

use super::{
    skeleton,
    words::{TYPO_LETTERS_MIN, is_one_edit_away},
};

/// Longest text that is looked at, in bytes, and the most words that it may have beside the small ones.
const BYTES_MAX: usize = 300;
const WORDS_MAX: usize = 6;

/// Letters from which on a name may have an ending, and the longest ending.
const STEM_MIN: usize = 4;
const ENDING_MAX: usize = 5;

/// Letters of a word that may stand for a longer name.
const PART_MIN: usize = 3;

/// How a word fits one of a name, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Typo,
    Ending,
    Same,
}

/// How a text fits a name: its weakest word, and whether it is the whole name.
type Fits = (Fit, bool);

/// What is offered, by its names in all languages.
#[derive(Debug, Default)]
pub struct Offered {
    names: Vec<Name>,
    /// Small words that say nothing of the matter, as skeletons.
    around: Vec<String>,
}

#[derive(Debug)]
struct Name {
    place: usize,
    words: Vec<String>,
}

impl Offered {
    /// One name of what stands at `place`.
    pub fn name(&mut self, place: usize, name: &str) {
        let words = split(name);
        if !words.is_empty() {
            self.names.push(Name { place, words });
        }
    }

    /// Names with commas between.
    pub fn names(&mut self, place: usize, names: &str) {
        names.split(',').for_each(|name| self.name(place, name));
    }

    /// Words that may stand around a name, with commas or blanks between.
    pub fn around(&mut self, words: &str) {
        self.around.extend(split(words));
    }

    /// The one whose name the whole text is, word for word; words of its own decide, small ones too.
    pub fn called(&self, text: &str) -> Option<usize> {
        let words = words_of(text)?;
        self.best(|name| whole(&words, &name.words).map(|fit| (fit, true)))
    }

    /// The one that the whole text names in other words too: small words around, a part of the name, several names of
    /// the same.
    pub fn meant(&self, text: &str) -> Option<usize> {
        let words: Vec<String> =
            words_of(text)?.into_iter().filter(|word| !self.is_around(word)).take(WORDS_MAX + 1).collect();
        if words.is_empty() || words.len() > WORDS_MAX {
            return None;
        }
        let by_name = |name: &Name| {
            let own: Vec<String> = name.words.iter().filter(|word| !self.is_around(word)).cloned().collect();
            let own = if own.is_empty() { &name.words } else { &own };
            let is_whole = whole(&words, own).map(|fit| (fit, true));
            is_whole.or_else(|| self.covered(&words, name.place).map(|fit| (fit, false)))
        };
        self.best(by_name)
    }

    fn is_around(&self, word: &str) -> bool {
        self.around.iter().any(|known| fit(word, known).is_some_and(|fit| fit > Fit::Typo))
    }

    /// Whether each word is one of the names at a place.
    fn covered(&self, words: &[String], place: usize) -> Option<Fit> {
        let known = || self.names.iter().filter(|name| name.place == place).flat_map(|name| &name.words);
        let mut weakest = Fit::Same;
        for word in words {
            if word.len() < PART_MIN || word.bytes().any(|byte| byte.is_ascii_digit()) {
                return None;
            }
            weakest = weakest.min(known().filter_map(|known| fit(word, known)).max()?);
        }
        Some(weakest)
    }

    /// The place with the best fit, where no other has it.
    fn best(&self, fits: impl Fn(&Name) -> Option<Fits>) -> Option<usize> {
        let mut best: Option<(Fits, usize)> = None;
        let mut is_shared = false;
        for name in &self.names {
            let Some(fits) = fits(name) else { continue };
            match best {
                Some((found, place)) if found == fits => is_shared |= place != name.place,
                Some((found, _)) if found > fits => {}
                _ => (best, is_shared) = (Some((fits, name.place)), false),
            }
        }
        best.filter(|_| !is_shared).map(|(_, place)| place)
    }
}

fn split(text: &str) -> Vec<String> {
    skeleton(text).split(' ').filter(|word| !word.is_empty()).map(Into::into).collect()
}

fn words_of(text: &str) -> Option<Vec<String>> {
    (text.len() <= BYTES_MAX).then(|| split(text)).filter(|words| !words.is_empty())
}

/// How words fit those of a name, one by one.
fn whole(words: &[String], name: &[String]) -> Option<Fit> {
    if words.len() != name.len() {
        return None;
    }
    words.iter().zip(name).map(|(word, known)| fit(word, known)).min().flatten()
}

/// How one word fits one of a name.
fn fit(word: &str, known: &str) -> Option<Fit> {
    if word == known {
        return Some(Fit::Same);
    }
    let is_number = |key: &str| key.bytes().any(|byte| byte.is_ascii_digit());
    if known.len() < STEM_MIN || is_number(word) || is_number(known) {
        return None;
    }
    // A last vowel gives way to an ending: Москва, в Москве.
    let stem = known.strip_suffix(['a', 'e', 'i', 'o', 'u']).filter(|stem| stem.len() >= STEM_MIN);
    let has_ending = |stem: &str| word.strip_prefix(stem).is_some_and(|rest| rest.len() <= ENDING_MAX);
    if has_ending(stem.unwrap_or(known)) {
        return Some(Fit::Ending);
    }
    // Of a word with an ending as much is looked at as the name has.
    let is_slip = |part: &str| {
        part.len() >= TYPO_LETTERS_MIN
            && part.as_bytes().first() == known.as_bytes().first()
            && is_one_edit_away(part, known)
    };
    let longest = word.len().min(known.len() + 1);
    let is_near = known.len() >= TYPO_LETTERS_MIN && word.len() <= known.len() + ENDING_MAX;
    (is_near && (known.len() - 1..=longest).filter_map(|end| word.get(..end)).any(is_slip))
        .then_some(Fit::Typo)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn countries() -> Offered {
        let mut offered = Offered::default();
        offered.names(0, "Таджикистан, Тоҷикистон, таджик, таджичка, тоҷик, Душанбе");
        offered.names(1, "Кыргызстан, Қирғизистон, киргиз, кыргыз, Киргизия, Бишкек");
        offered.names(2, "Другая страна, узбек, Узбекистан");
        offered.around("я из у меня паспорт мой есть ман аз ҳастам мен паспортум гражданин");
        offered
    }

    #[test]
    fn an_answer_is_known_in_any_form_and_script_and_with_a_slip() {
        let offered = countries();
        for (text, place) in [
            ("из Таджикистана", 0),
            ("я таджик", 0),
            ("Tajikistan", 0),
            ("tojikiston", 0),
            ("ман аз Тоҷикистон ҳастам", 0),
            ("тоҷикам", 0),
            ("таджикстан", 0),
            ("из таджикстана", 0),
            ("у меня паспорт кыргызский", 1),
            ("кыргызстандан", 1),
            ("мен кыргызмын", 1),
            ("Бишкек, Кыргызстан", 1),
            ("узбекистан", 2),
            ("другая", 2),
            ("страна другая", 2),
        ] {
            assert_eq!(offered.meant(text), Some(place), "{text}");
        }
        for text in [
            "",
            "у меня паспорт",
            "не таджик",
            "я не из Таджикистана",
            "кыргыз эмесмин",
            "Таджикистан или Кыргызстан",
            "таджик с паспортом РФ",
            "сколько стоит патент для таджика",
            "афган",
        ] {
            assert_eq!(offered.meant(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_one_word_for_word_and_no_other_has_it() {
        let mut offered = Offered::default();
        offered.name(0, "💰 Деньги за работу");
        offered.name(1, "Работа");
        offered.name(2, "Московская область");
        offered.name(3, "Ленинградская область");
        for (text, place) in [
            ("деньги за работу", Some(0)),
            ("dengi za rabotu", Some(0)),
            ("денги за роботу", Some(0)),
            ("работы", Some(1)),
            ("деньги", None),
            ("область", None),
            ("моя работа", None),
        ] {
            assert_eq!(offered.called(text), place, "{text}");
        }
        assert_eq!(offered.meant("московская"), Some(2));
        assert_eq!(offered.meant("в область"), None, "two have it");
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>(), name in any::<String>()) {
            let mut offered = countries();
            offered.names(3, &name);
            let _ = (offered.called(&text), offered.meant(&text));
        }
    }
}
