//! Which of our languages a text is in: naive Bayes over character n-grams of folded text.
//!
//! Ready-made detectors know no Tajik or Kyrgyz in Latin letters; three languages and our own texts are enough to tell
//! them apart (measurements behind the language plan: 1- to 5-grams, pruned to 20,000, scores in whole steps).

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use super::fold;
use crate::domain::Locale;

const LANGUAGES: usize = Locale::ALL.len();

/// Longest n-gram, in characters.
const GRAM_MAX: usize = 5;

/// N-grams kept: those that tell most. More of them help with the first letters of a message; they take 1 MB.
const ENTRIES_MAX: usize = 110_000;

/// Steps of one nat in the stored scores.
const STEPS: f32 = 16.0;

/// Added to each count, so that what was never seen is not impossible.
const SMOOTHING: f32 = 0.1;

/// N-grams of the same letters say the same thing several times: so many raw nats are worth one.
const OVERLAP: f32 = 4.0;

/// Characters of a text that are read: the first sentences tell the language.
const READ_MAX: usize = 400;

/// Characters of one text that are learned: more of the same page tells little and takes time at each start.
const LEARNED_MAX: usize = 300;

/// What a text in Latin letters counts beside the text itself; there are two spellings of each.
const LATIN_WEIGHT: f32 = 0.5;

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    pub locale: Locale,
    /// How much better it fits than the second best, in nats.
    pub margin: f32,
}

/// Told apart from chance: below, the person is asked without a suggestion.
pub const SUGGEST_MARGIN: f32 = 6.0;

/// Clear enough to offer another language in the middle of a conversation, with at least [`SWITCH_WORDS`] words.
pub const SWITCH_MARGIN: f32 = 12.0;
pub const SWITCH_WORDS: usize = 3;

/// A trained model.
#[derive(Debug, Default)]
pub struct Identifier {
    /// N-gram to scores by language, in steps.
    scores: HashMap<u32, [i8; LANGUAGES], BuildHasherDefault<GramHasher>>,
}

/// Spreads an n-gram over the table by one multiplication: nobody outside chooses the keys, so no better is needed.
#[derive(Default)]
struct GramHasher(u64);

impl Hasher for GramHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, gram: u32) {
        self.0 = (self.0 ^ u64::from(gram)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Collects counts; [`Trainer::finish`] makes the model.
#[derive(Default)]
pub struct Trainer {
    counts: HashMap<u32, [f32; LANGUAGES], BuildHasherDefault<GramHasher>>,
    totals: [f32; LANGUAGES],
}

impl Trainer {
    /// Learns a text as it stands and as people write it in Latin letters. `weight`: how often it counts.
    pub fn learn(&mut self, locale: Locale, text: &str, weight: f32) {
        let end = text.char_indices().nth(LEARNED_MAX).map_or(text.len(), |(end, _)| end);
        let text = text.get(..end).unwrap_or(text);
        self.count(locale, &fold(text), weight);
        for style in 0..2 {
            self.count(locale, &fold(&romanised(text, style)), weight * LATIN_WEIGHT);
        }
    }

    fn count(&mut self, locale: Locale, folded: &str, weight: f32) {
        let place = locale.index();
        let Self { counts, totals } = self;
        grams(folded.chars(), |gram| {
            if let Some(count) = counts.entry(gram).or_default().get_mut(place) {
                *count += weight;
            }
            if let Some(total) = totals.get_mut(place) {
                *total += weight;
            }
        });
    }

    pub fn finish(self) -> Identifier {
        let size = self.counts.len() as f32;
        let totals = self.totals;
        let mut told: Vec<(f32, u32, [i8; LANGUAGES])> = self
            .counts
            .into_iter()
            .map(|(gram, counts)| {
                let mut logs = [0.0_f32; LANGUAGES];
                for ((log, count), total) in logs.iter_mut().zip(counts).zip(totals) {
                    *log = ((count + SMOOTHING) / (total + SMOOTHING * size)).ln();
                }
                let mean = logs.iter().sum::<f32>() / LANGUAGES as f32;
                let most = logs.iter().copied().fold(f32::MIN, f32::max);
                let least = logs.iter().copied().fold(f32::MAX, f32::min);
                let steps = logs.map(|log| ((log - mean) * STEPS).round().clamp(-127.0, 127.0) as i8);
                (counts.iter().sum::<f32>().sqrt() * (most - least), gram, steps)
            })
            .collect();
        // The gram decides between equals, so that each build gives the same model.
        told.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        told.truncate(ENTRIES_MAX);
        Identifier { scores: told.into_iter().map(|(_, gram, steps)| (gram, steps)).collect() }
    }
}

impl Identifier {
    /// The best of our languages; `None` for a text without a letter that tells anything.
    pub fn guess(&self, text: &str, hint: Option<&str>) -> Option<Guess> {
        let mut sums = [0_i32; LANGUAGES];
        let mut heard = false;
        let head: String = text.chars().take(READ_MAX).collect();
        grams(fold(&head).chars(), |gram| {
            if let Some(steps) = self.scores.get(&gram) {
                heard = true;
                for (sum, step) in sums.iter_mut().zip(steps) {
                    *sum += i32::from(*step);
                }
            }
        });
        if !heard {
            return None;
        }
        let mut scored: Vec<(f32, Locale)> =
            Locale::ALL.into_iter().zip(sums).map(|(locale, sum)| (sum as f32 / STEPS, locale)).collect();
        for (score, locale) in &mut scored {
            // The app's language: Russian is on most phones, so it says nothing.
            if hint.is_some_and(|hint| hint.starts_with(locale.as_str())) && *locale != Locale::Ru {
                *score += HINT_NATS * OVERLAP;
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let [(best, locale), (second, _), ..] = scored.as_slice() else { return None };
        let foreign = hint.is_some_and(|hint| OTHER_APPS.iter().any(|other| hint.starts_with(other)));
        let margin = (best - second) / OVERLAP - if foreign { HINT_NATS } else { 0.0 };
        Some(Guess { locale: *locale, margin: margin.max(0.0) })
    }

    /// Number of n-grams.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }
}

/// What the language of the person's app is worth.
const HINT_NATS: f32 = 4.0;

/// Apps in these languages only make us less sure.
const OTHER_APPS: [&str; 4] = ["uz", "kk", "en", "fa"];

/// Calls `each` with all n-grams of 1 to [`GRAM_MAX`] characters; words are closed by spaces on both sides.
fn grams(folded: impl Iterator<Item = char>, mut each: impl FnMut(u32)) {
    let mut window = [0_u32; GRAM_MAX];
    for code in std::iter::once(SPACE).chain(folded.map(code)).chain([SPACE]) {
        window.rotate_left(1);
        if let Some(last) = window.last_mut() {
            *last = code;
        }
        let mut gram = 0;
        for (length, code) in window.iter().rev().enumerate() {
            if *code == 0 {
                break;
            }
            gram |= code << (6 * length);
            // A space alone says nothing.
            if gram != SPACE {
                each(gram);
            }
        }
    }
}

const SPACE: u32 = 1;
const DIGIT: u32 = 2;
const OTHER: u32 = 3;

/// Six bits a character: enough for folded Cyrillic and Latin, so an n-gram is one exact number.
const fn code(c: char) -> u32 {
    match c {
        ' ' => SPACE,
        '0'..='9' => DIGIT,
        'a'..='z' => 4 + (c as u32 - 'a' as u32),
        'а'..='я' => 30 + (c as u32 - 'а' as u32),
        _ => OTHER,
    }
}

/// Cyrillic as people type it in Latin letters; `style` 0 or 1 chooses among the common spellings.
fn romanised(text: &str, style: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let pair = match c {
            'а' => ["a", "a"],
            'б' => ["b", "b"],
            'в' => ["v", "v"],
            'г' => ["g", "g"],
            'ғ' => ["gh", "g"],
            'д' => ["d", "d"],
            'е' => ["e", "ye"],
            'ё' => ["yo", "e"],
            'ж' => ["zh", "j"],
            'ҷ' => ["j", "dj"],
            'з' => ["z", "z"],
            'и' | 'ӣ' => ["i", "i"],
            'й' => ["y", "i"],
            'к' => ["k", "k"],
            'қ' => ["q", "k"],
            'л' => ["l", "l"],
            'м' => ["m", "m"],
            'н' => ["n", "n"],
            'ң' => ["ng", "n"],
            'о' => ["o", "o"],
            'ө' => ["o", "u"],
            'п' => ["p", "p"],
            'р' => ["r", "r"],
            'с' => ["s", "s"],
            'т' => ["t", "t"],
            'у' | 'ү' => ["u", "u"],
            'ӯ' => ["u", "o"],
            'ф' => ["f", "f"],
            'х' => ["h", "kh"],
            'ҳ' => ["h", "h"],
            'ц' => ["ts", "c"],
            'ч' => ["ch", "ch"],
            'ш' => ["sh", "sh"],
            'щ' => ["shch", "sh"],
            'ы' => ["y", "i"],
            'э' => ["e", "e"],
            'ю' => ["yu", "iu"],
            'я' => ["ya", "ia"],
            'ь' | 'ъ' => ["", ""],
            c => {
                out.push(c);
                continue;
            }
        };
        out.push_str(pair.get(style).copied().unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trained() -> Identifier {
        let mut trainer = Trainer::default();
        trainer.learn(Locale::Ru, "как получить патент и сколько он стоит, работа и деньги", 1.0);
        trainer.learn(Locale::Tg, "патентро чӣ тавр гирифтан мумкин аст, кор ва пул, чанд сомонӣ", 1.0);
        trainer.learn(Locale::Ky, "патентти кантип алса болот, иш жана акча, канча турат", 1.0);
        trainer.finish()
    }

    #[test]
    fn own_letters_folded_and_latin_spellings_are_told_apart() {
        let identifier = trained();
        for (text, locale) in [
            ("сколько стоит", Locale::Ru),
            ("чи тавр гирифтан", Locale::Tg),
            ("chi tavr giriftan", Locale::Tg),
            ("kantip alsa bolot", Locale::Ky),
        ] {
            assert_eq!(identifier.guess(text, None).map(|guess| guess.locale), Some(locale), "{text}");
        }
        assert_eq!(identifier.guess("👍 …", None), None);
    }

    #[test]
    fn the_apps_language_is_a_weak_hint_and_a_foreign_one_makes_us_less_sure() {
        let identifier = trained();
        let margin = |hint| identifier.guess("канча турат", hint).unwrap().margin;
        assert!(margin(Some("ky")) > margin(None));
        assert!(margin(Some("uz")) < margin(None));
        assert!((margin(Some("ru")) - margin(None)).abs() < f32::EPSILON);
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            let _ = trained().guess(&text, None);
        }
    }
}
