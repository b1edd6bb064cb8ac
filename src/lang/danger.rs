//! The hearing of danger: examples say what calls for help sound like, combinations and classes of words help them.
//!
//! A linear model over word beginnings, pairs, letters and the classes of `words.toml`. Its weights are learned from
//! `danger.tsv` by a test of this module (`UPDATE_DANGER=1` writes them to `danger.bin`), so nothing is learned at load.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::skeleton;

/// Learned weights in steps of [`STEP`]; the last byte is what speaks for danger by itself.
static WEIGHTS: &[u8; BUCKETS + 1] = include_bytes!("danger.bin");

const BUCKETS: usize = 1 << 16;

/// What one step of a stored weight is worth.
const STEP: f32 = 0.02;

/// Scores above are danger: chosen so that about one ordinary question of a hundred is taken for danger at most.
const THRESHOLD: f32 = -0.7;

/// Characters of a message that are read.
const READ_MAX: usize = 1000;

/// Words of a message that are read: a call for help stands at the beginning.
const WORDS_MAX: usize = 60;

/// Length of each message's features as a vector, so that long messages weigh what short ones do.
const LENGTH: f32 = 3.0;

/// `[danger]` of `words.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    any: Vec<String>,
    class: BTreeMap<String, String>,
}

/// Ready to hear.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    entries: Vec<Entry>,
    /// Beginnings of words to the classes they belong to.
    beginnings: Classes,
    /// Whole words likewise.
    whole: Classes,
}

type Classes = HashMap<Box<[u8]>, Vec<u8>>;

/// Kinds of features: the same letters of two kinds are two features.
#[derive(Clone, Copy)]
enum Kind {
    Word = 1,
    Beginning,
    LongBeginning,
    Consonants,
    Pair,
    Letters,
    Class,
    Classes,
    Listed,
    Length,
}

impl Kind {
    /// How much a feature of the kind counts beside others (measured by cross-validation).
    const fn value(self) -> f32 {
        match self {
            Self::Word | Self::Beginning | Self::LongBeginning | Self::Consonants | Self::Length => 1.0,
            Self::Pair => 0.6,
            Self::Letters => 0.4,
            Self::Class | Self::Classes => 1.5,
            Self::Listed => 2.0,
        }
    }
}

/// Bucket and value of each feature of a message.
type Features = Vec<(u16, f32)>;

impl Hearing {
    pub(super) fn new(raw: &Raw) -> Self {
        let mut hearing =
            Self { entries: raw.any.iter().map(|entry| Entry::parse(entry)).collect(), ..Self::default() };
        for (number, list) in (0_u8..).zip(raw.class.values()) {
            for word in list.split_whitespace() {
                let classes = if word.ends_with('.') { &mut hearing.whole } else { &mut hearing.beginnings };
                let of_word = classes.entry(skeleton(word).into_bytes().into()).or_default();
                if !of_word.contains(&number) {
                    of_word.push(number);
                }
            }
        }
        hearing
    }

    pub(super) fn is_danger(&self, text: &str) -> bool {
        // A sign or a number alone is an answer.
        text.contains(char::is_alphabetic) && score(&self.features(text)) > THRESHOLD
    }

    fn features(&self, text: &str) -> Features {
        let head: String = text.chars().take(READ_MAX).collect();
        let key = skeleton(&head);
        let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).take(WORDS_MAX).collect();
        let mut features = Features::with_capacity(32 * words.len());
        let mut add = |kind: Kind, parts: [&[u8]; 2]| features.push((bucket(kind, parts), kind.value()));
        let mut classes: Vec<u8> = Vec::new();
        let mut closed: Vec<u8> = Vec::new();
        for word in &words {
            let bytes = word.as_bytes();
            add(Kind::Word, [bytes, b""]);
            add(Kind::Beginning, [beginning(bytes, 4), b""]);
            if bytes.len() > 5 {
                add(Kind::LongBeginning, [beginning(bytes, 6), b""]);
            }
            // What is left when vowels are dropped or mistaken.
            closed.clear();
            closed.extend(bytes.iter().filter(|byte| !b"aeiouy".contains(byte)).take(5));
            if closed.len() >= 3 {
                add(Kind::Consonants, [&closed, b""]);
            }
            closed.clear();
            closed.push(b'<');
            closed.extend(bytes);
            closed.push(b'>');
            for length in 3..=5 {
                for letters in closed.windows(length) {
                    add(Kind::Letters, [letters, b""]);
                }
            }
            for end in 1..=bytes.len() {
                classes.extend(self.beginnings.get(beginning(bytes, end)).into_iter().flatten());
            }
            classes.extend(self.whole.get(bytes).into_iter().flatten());
        }
        for near in words.windows(2).chain(words.windows(3)) {
            if let [first, .., last] = near {
                add(Kind::Pair, [beginning(first.as_bytes(), 4), beginning(last.as_bytes(), 4)]);
            }
        }
        classes.sort_unstable();
        classes.dedup();
        for (place, class) in classes.iter().enumerate() {
            add(Kind::Class, [&[*class], b""]);
            for other in classes.iter().skip(place + 1) {
                add(Kind::Classes, [&[*class], &[*other]]);
            }
        }
        if self.is_listed(&words) {
            add(Kind::Listed, [b"", b""]);
        }
        add(Kind::Length, [&[words.len().min(12) as u8], b""]);
        features.sort_by_key(|feature| feature.0);
        features.dedup_by_key(|feature| feature.0);
        let length = features.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        for (_, value) in &mut features {
            *value *= LENGTH / length;
        }
        features
    }

    fn is_listed(&self, words: &[&str]) -> bool {
        let initials = words.iter().fold(0, |all, word| all | initial(word));
        self.entries.iter().any(|entry| entry.initials & !initials == 0 && entry.is_in(words))
    }
}

fn beginning(word: &[u8], length: usize) -> &[u8] {
    word.get(..length).unwrap_or(word)
}

/// FNV-1a with a closing mix.
fn bucket(kind: Kind, parts: [&[u8]; 2]) -> u16 {
    let mut hash = 0x811c_9dc5 ^ (kind as u32).wrapping_mul(0x9e37_79b9);
    for byte in parts.into_iter().flat_map(|part| part.iter().chain(b"|")) {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d);
    (hash ^ hash >> 16) as u16
}

fn score(features: &Features) -> f32 {
    let weight = |place: usize| f32::from(WEIGHTS.get(place).copied().unwrap_or_default().cast_signed());
    let sum: f32 = features.iter().map(|(bucket, value)| value * weight(usize::from(*bucket))).sum();
    (sum + weight(BUCKETS)) * STEP
}

/// One bit for the first letter of a word: tells most entries that cannot be in a message.
fn initial(word: &str) -> u32 {
    word.bytes().next().map_or(0, |byte| 1 << (byte % 32))
}

/// Words that mean danger when they stand together.
#[derive(Debug, Default)]
struct Entry {
    /// Beginnings, each of another word of the message; with `true` the whole word.
    all: Vec<(String, bool)>,
    /// Beginnings that speak against it.
    none: Vec<String>,
    /// The entry is the whole message.
    is_whole: bool,
    /// First letters of `all`.
    initials: u32,
}

impl Entry {
    fn parse(entry: &str) -> Self {
        let mut parsed = Self::default();
        for word in entry.split_whitespace() {
            match (word, word.strip_prefix('!')) {
                ("=", _) => parsed.is_whole = true,
                (_, Some(against)) => parsed.none.push(skeleton(against)),
                _ => parsed.all.push((skeleton(word), word.ends_with('.'))),
            }
        }
        parsed.initials = parsed.all.iter().fold(0, |all, (word, _)| all | initial(word));
        parsed
    }

    fn is_in(&self, words: &[&str]) -> bool {
        if self.is_whole {
            return words.len() == self.all.len()
                && self.all.iter().zip(words).all(|((beginning, _), word)| word == beginning);
        }
        let stands = |(beginning, is_word): &(String, bool)| {
            words
                .iter()
                .any(|word| if *is_word { word == beginning } else { word.starts_with(beginning.as_str()) })
        };
        self.all.iter().all(stands)
            && !self.none.iter().any(|against| words.iter().any(|word| word.starts_with(against.as_str())))
    }
}

#[cfg(test)]
#[path = "danger_learn.rs"]
mod learn;
