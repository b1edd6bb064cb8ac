//! The hearing of danger: examples say what calls for help sound like, combinations and classes of words help them.
//!
//! A linear model over word beginnings, pairs, letters and the classes of `words.toml`: which stand together, in which
//! order, and with which endings, for these say who does what to whom. Its weights are learned from `danger.tsv`, from
//! the sentences of `danger_kinds.tsv` and half of a set by a test of this module (`UPDATE_DANGER=1` writes them to
//! `danger.bin`), so nothing is learned at load.
//! A message longer than a question is heard in windows of words as well: a cry may stand anywhere in it.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::skeleton;

/// Learned weights in steps of [`STEP`]; the last byte is what speaks for danger by itself.
static WEIGHTS: &Weights = include_bytes!("danger.bin");

type Weights = [u8; BUCKETS + 1];

/// So many that few features share one: with a quarter of them false alarms were half as many again.
const BUCKETS: usize = 1 << 19;

/// Loudness of what says nothing.
const SILENT: f32 = -100.0;

/// What one step of a stored weight is worth.
const STEP: f32 = 0.05;

/// Where loudness begins; the levels are measured from here.
const THRESHOLD: f32 = -1.4;

/// Loudness above is danger for sure, and above the lower one perhaps: chosen on sets of several authors, each left out
/// of the learning in turn (`sets_left_out_in_turn`), so that of a hundred everyday messages fewer than one is taken for
/// the first, and of a hundred calls for help 98 and more are at least the second.
const SURE: f32 = 2.5;
const DOUBTFUL: f32 = -1.0;

/// The same for a window of a long message. The more windows, the more chances to be wrong: it rises with each doubling
/// of their number, up to a most.
const WINDOW_THRESHOLD: f32 = 2.0;
const WINDOW_RISE: f32 = 0.38;
const WINDOW_THRESHOLD_MAX: f32 = 3.3;

/// Characters of a message that are read: no channel brings more.
const READ_MAX: usize = 100_000;

/// Words that are heard as one message; of a longer one the beginning.
const WORDS_MAX: usize = 60;

/// Words of a message that may be the answer to anything.
const SHORT: usize = 2;

/// Words of a window, about a call for help with its neighbours, and how many words on the next one begins.
const WINDOW: usize = 6;
const WINDOW_STEP: usize = 3;

/// Windows of a message that are heard to the end: those whose words speak most for danger. Bounds the time.
const WINDOWS_MAX: usize = 32;

/// How many words after one are its neighbours.
const BESIDE: usize = 2;

/// Length of each message's features as a vector, so that long messages weigh what short ones do.
const LENGTH: f32 = 3.0;

/// How sure it is that a message speaks of immediate danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The emergency numbers come first.
    Sure,
    /// The number for danger stands above whatever else answers.
    Doubtful,
}

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
    Role,
    Beside,
    /// A word after another one: the beginning of the first, the ending of the second.
    PairEnding,
    /// A class and a word near it.
    ClassWord,
    Listed,
    Length,
}

impl Kind {
    /// How much a feature of the kind counts beside others (measured by cross-validation).
    const fn value(self) -> f32 {
        match self {
            Self::Beginning | Self::Consonants | Self::Length => 1.0,
            Self::LongBeginning => 0.8,
            Self::Class | Self::Classes => 0.7,
            Self::Role | Self::Beside | Self::PairEnding | Self::ClassWord => 0.7,
            Self::Word | Self::Pair => 0.6,
            Self::Letters => 0.4,
            Self::Listed => 2.0,
        }
    }
}

/// Bucket and value of each feature of a message.
type Features = Vec<(u32, f32)>;

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

    pub(super) fn alarm(&self, text: &str) -> Option<Alarm> {
        match self.loudness(text, WEIGHTS) {
            loudness if loudness > SURE => Some(Alarm::Sure),
            loudness if loudness > DOUBTFUL => Some(Alarm::Doubtful),
            _ => None,
        }
    }

    /// How far the message, or its loudest window, is above the threshold.
    fn loudness(&self, text: &str, weights: &Weights) -> f32 {
        let end = text.char_indices().nth(READ_MAX).map_or(text.len(), |(end, _)| end);
        let key = skeleton(text.get(..end).unwrap_or(text));
        let words = words(&key);
        // A sign or a number alone is an answer.
        if !key.contains(char::is_alphabetic) {
            return SILENT;
        }
        let head = words.get(..WORDS_MAX).unwrap_or(&words);
        // A word or two is a name, a place, an answer, unless one of them is a word of danger.
        if words.len() <= SHORT && !self.is_listed(head) && !self.has_class(head) {
            return SILENT;
        }
        let whole = score(&self.features(head), weights) - THRESHOLD;
        if whole > SURE {
            return whole;
        }
        let doublings = (words.len() / WINDOW_STEP).checked_ilog2().unwrap_or_default();
        let threshold = (WINDOW_THRESHOLD + WINDOW_RISE * doublings as f32).min(WINDOW_THRESHOLD_MAX);
        self.loudest(&words, weights)
            .into_iter()
            .map(|words| score(&self.features(words), weights) - threshold)
            .fold(whole, f32::max)
    }

    fn features(&self, words: &[&str]) -> Features {
        let mut features = Features::with_capacity(32 * words.len());
        let mut add = |kind: Kind, parts: [&[u8]; 2]| features.push((bucket(kind, parts), kind.value()));
        let mut classes: Vec<u8> = Vec::new();
        // Where the classes of each word begin in `classes`.
        let mut starts: Vec<usize> = Vec::with_capacity(words.len() + 1);
        let mut closed: Vec<u8> = Vec::new();
        for word in words {
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
            starts.push(classes.len());
            classes.extend(self.classes_of(bytes));
            // Who does it to whom is said by endings: брата, акамро, агамды; гирифтам or гирифтанд, алдым or алышты.
            for class in classes.iter().skip(starts.last().copied().unwrap_or_default()) {
                add(Kind::Role, [&[*class], ending(bytes, 2)]);
            }
        }
        starts.push(classes.len());
        for near in words.windows(2).chain(words.windows(3)) {
            if let [first, .., last] = near {
                add(Kind::Pair, [beginning(first.as_bytes(), 4), beginning(last.as_bytes(), 4)]);
            }
        }
        for near in words.windows(2) {
            if let [first, second] = near {
                add(Kind::PairEnding, [beginning(first.as_bytes(), 4), ending(second.as_bytes(), 3)]);
            }
        }
        // The same words in another order are another story: police took, took from the airport.
        let of_word = |place: usize| {
            let start = starts.get(place).copied().unwrap_or(classes.len());
            let end = starts.get(place + 1).copied().unwrap_or(classes.len());
            classes.get(start..end).unwrap_or_default()
        };
        for place in 0..words.len() {
            for next in place + 1..=place + BESIDE {
                for first in of_word(place) {
                    for second in of_word(next) {
                        add(Kind::Beside, [&[*first], &[*second]]);
                    }
                }
            }
            // Police and what they did, a passport and what became of it: words that no class holds.
            let near = place.saturating_sub(BESIDE)..words.len().min(place + BESIDE + 1);
            for word in near.filter(|near| *near != place).filter_map(|near| words.get(near)) {
                for class in of_word(place) {
                    add(Kind::ClassWord, [&[*class], beginning(word.as_bytes(), 4)]);
                }
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
        if self.is_listed(words) {
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

    /// The windows of a message that is longer than one whose words speak most for danger, each by itself.
    fn loudest<'a, 'b>(&self, words: &'a [&'b str], weights: &Weights) -> Vec<&'a [&'b str]> {
        if words.len() <= WINDOW {
            return Vec::new();
        }
        let of = |kind, part: &[u8]| i32::from(weight(weights, bucket(kind, [part, b""])));
        let loud: Vec<i32> = words
            .iter()
            .map(|word| word.as_bytes())
            .map(|word| {
                let classes: i32 = self.classes_of(word).map(|class| of(Kind::Class, &[class])).sum();
                of(Kind::Beginning, beginning(word, 4)) + classes
            })
            .collect();
        let mut windows: Vec<(i32, &[&str])> = (0..words.len())
            .step_by(WINDOW_STEP)
            .map(|start| {
                let end = words.len().min(start + WINDOW);
                let of_window = |all: &[i32]| all.iter().sum();
                (loud.get(start..end).map_or(0, of_window), words.get(start..end).unwrap_or_default())
            })
            .collect();
        windows.sort_by_key(|(loud, _)| -loud);
        windows.into_iter().take(WINDOWS_MAX).map(|(_, window)| window).collect()
    }

    fn classes_of<'a>(&'a self, word: &'a [u8]) -> impl Iterator<Item = u8> {
        (1..=word.len())
            .filter_map(|end| self.beginnings.get(beginning(word, end)))
            .chain(self.whole.get(word))
            .flatten()
            .copied()
    }

    fn has_class(&self, words: &[&str]) -> bool {
        words.iter().map(|word| word.as_bytes()).any(|word| {
            self.whole.contains_key(word)
                || (1..=word.len()).any(|end| self.beginnings.contains_key(beginning(word, end)))
        })
    }

    fn is_listed(&self, words: &[&str]) -> bool {
        let initials = words.iter().fold(0, |all, word| all | initial(word));
        self.entries.iter().any(|entry| entry.initials & !initials == 0 && entry.is_in(words))
    }
}

fn words(key: &str) -> Vec<&str> {
    key.split(' ').filter(|word| !word.is_empty()).collect()
}

fn beginning(word: &[u8], length: usize) -> &[u8] {
    word.get(..length).unwrap_or(word)
}

fn ending(word: &[u8], length: usize) -> &[u8] {
    word.get(word.len().saturating_sub(length)..).unwrap_or(word)
}

/// FNV-1a with a closing mix.
fn bucket(kind: Kind, parts: [&[u8]; 2]) -> u32 {
    let mut hash = 0x811c_9dc5 ^ (kind as u32).wrapping_mul(0x9e37_79b9);
    for byte in parts.into_iter().flat_map(|part| part.iter().chain(b"|")) {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d);
    (hash ^ hash >> 16) % BUCKETS as u32
}

/// A stored weight, in steps.
fn weight(weights: &Weights, bucket: u32) -> i8 {
    weights.get(bucket as usize).copied().unwrap_or_default().cast_signed()
}

fn score(features: &Features, weights: &Weights) -> f32 {
    let sum: f32 = features.iter().map(|(bucket, value)| value * f32::from(weight(weights, *bucket))).sum();
    (sum + f32::from(weight(weights, BUCKETS as u32))) * STEP
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
        are_met(&self.all, words, 0)
            && !self.none.iter().any(|against| words.iter().any(|word| word.starts_with(against.as_str())))
    }
}

/// Whether each beginning is met by a word of its own; `used` holds the places of words that met others.
fn are_met(all: &[(String, bool)], words: &[&str], used: u64) -> bool {
    let Some(((beginning, is_word), rest)) = all.split_first() else { return true };
    words.iter().enumerate().take(WORDS_MAX).any(|(place, word)| {
        let own = 1 << place;
        let is_met = if *is_word { word == beginning } else { word.starts_with(beginning.as_str()) };
        is_met && used & own == 0 && are_met(rest, words, used | own)
    })
}

#[cfg(test)]
#[path = "danger_learn.rs"]
mod learn;
