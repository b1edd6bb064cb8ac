//! Free text to documents: BM25 over skeletons, by word beginnings and by character 3- and 4-grams.
//!
//! One index holds all languages: a question finds its page whichever language it is written in, and mixtures too
//! (measurements behind the language plan: word beginnings of five letters and grams at a sixth of their weight).

use std::{borrow::Cow, collections::HashMap};

use super::{fold, skeleton};
use crate::domain::Locale;

/// Letters of a word's beginning.
const PREFIX: usize = 5;

/// What a gram is worth beside a word's beginning.
const GRAM_WEIGHT: f32 = 1.0 / 6.0;

/// BM25: how soon repetition stops to count, and how much a long text loses.
const K1: f32 = 1.2;
const B: f32 = 0.5;

/// Abbreviations (ВНЖ, ДМС) are rare and say exactly what is meant.
const ABBREVIATION_BOOST: f32 = 2.0;

/// What a word that says nothing of the matter is worth beside another: our texts have few of them, so they look rare.
const FUNCTION_WEIGHT: f32 = 0.5;

/// Characters of a question that are read: as many at its beginning as at its end.
const QUERY_MAX: usize = 600;

/// Steps of one point in the stored weights.
const STEPS: f32 = 2048.0;

/// A part of a document and what its words are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Title,
    Keywords,
    /// Found by its words' beginnings only: grams of long texts are noise.
    Body,
}

impl Field {
    const fn weight(self) -> f32 {
        match self {
            Self::Title => 3.0,
            Self::Keywords => 2.0,
            Self::Body => 1.0,
        }
    }
}

/// A document's place in the index and its score; comparable within one index only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub document: u16,
    pub score: f32,
}

/// What a text is made of, each word once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub words: usize,
    /// Those that say something of the matter.
    pub matter: usize,
    /// Those of the matter with which no word of a document begins: misspelt, or of something else.
    pub unknown: usize,
}

/// A document in one of the terms that it holds.
#[derive(Clone, Copy, Debug)]
struct Posting {
    variant: u16,
    weight: u16,
}

/// The finished index.
#[derive(Debug, Default)]
pub struct Index {
    /// Term to its postings: start and end in `postings`.
    terms: HashMap<u64, (u32, u32)>,
    postings: Vec<Posting>,
    /// Document of each variant.
    documents: Vec<u16>,
    document_count: usize,
    /// Terms of words that our texts write in capitals.
    abbreviations: Vec<u64>,
    /// Terms of words that say nothing of the matter.
    function: Vec<u64>,
}

/// A document in one language.
struct Variant {
    document: u16,
    locale: Locale,
    bag: Bag,
}

#[derive(Default)]
struct Bag {
    words: HashMap<u64, f32>,
    grams: HashMap<u64, f32>,
}

/// Collects documents; [`Builder::finish`] makes the index.
#[derive(Default)]
pub struct Builder {
    bags: Vec<Variant>,
    abbreviations: Vec<u64>,
    function: Vec<u64>,
}

impl Builder {
    /// Adds a language's version of a document; the document scores as its best version.
    pub fn add<'a>(
        &mut self,
        locale: Locale,
        document: u16,
        fields: impl IntoIterator<Item = (Field, &'a str)>,
    ) {
        let mut bag = Bag::default();
        for (field, text) in fields {
            let weight = field.weight();
            let key = skeleton(text);
            for word in key.split(' ').filter(|word| !word.is_empty()) {
                *bag.words.entry(prefix(word)).or_default() += weight;
                if field != Field::Body {
                    grams(word, |gram| *bag.grams.entry(gram).or_default() += weight);
                }
            }
            self.abbreviations.extend(
                text.split(|c: char| !c.is_alphanumeric())
                    .filter(|word| is_abbreviation(word))
                    .map(|word| prefix(&skeleton(word))),
            );
        }
        self.bags.push(Variant { document, locale, bag });
    }

    /// Words that say nothing of the matter: in a question they count less.
    pub fn discount(&mut self, text: &str) {
        self.function.extend(skeleton(text).split(' ').filter(|word| !word.is_empty()).map(prefix));
    }

    pub fn finish(mut self) -> Index {
        for list in [&mut self.abbreviations, &mut self.function] {
            list.sort_unstable();
            list.dedup();
        }
        let mut postings: HashMap<u64, Vec<Posting>> = HashMap::new();
        let words = |bag: &Bag| bag.words.values().sum::<f32>();
        let letters = |bag: &Bag| bag.grams.values().sum::<f32>();
        score(&self.bags, |bag| &bag.words, words, 1.0, &mut postings);
        score(&self.bags, |bag| &bag.grams, letters, GRAM_WEIGHT, &mut postings);
        let mut index = Index {
            documents: self.bags.iter().map(|variant| variant.document).collect(),
            abbreviations: self.abbreviations,
            function: self.function,
            ..Index::default()
        };
        index.document_count = index.documents.iter().max().map_or(0, |most| usize::from(*most) + 1);
        for (term, list) in postings {
            let start = index.postings.len() as u32;
            index.postings.extend(list);
            index.terms.insert(term, (start, index.postings.len() as u32));
        }
        index.postings.shrink_to_fit();
        index.terms.shrink_to_fit();
        index
    }
}

/// The BM25 weight of each term in each variant.
///
/// How common a term is counts within the language that uses it most: a function word of one language is not rare
/// because the other two do not know it.
fn score(
    bags: &[Variant],
    terms: impl Fn(&Bag) -> &HashMap<u64, f32>,
    length: impl Fn(&Bag) -> f32,
    factor: f32,
    postings: &mut HashMap<u64, Vec<Posting>>,
) {
    let mean = bags.iter().map(|variant| length(&variant.bag)).sum::<f32>() / (bags.len() as f32).max(1.0);
    let mut sizes = [0.0_f32; Locale::ALL.len()];
    let mut found_in: HashMap<u64, [f32; Locale::ALL.len()]> = HashMap::new();
    for variant in bags {
        let place = variant.locale.index();
        sizes.iter_mut().skip(place).take(1).for_each(|size| *size += 1.0);
        for term in terms(&variant.bag).keys() {
            let counts = found_in.entry(*term).or_default();
            counts.iter_mut().skip(place).take(1).for_each(|count| *count += 1.0);
        }
    }
    let rarity = |term: &u64| {
        let counts = found_in.get(term).copied().unwrap_or_default();
        let rarity = |(count, size): (f32, f32)| (1.0 + (size - count + 0.5) / (count + 0.5)).ln();
        counts.into_iter().zip(sizes).filter(|(count, _)| *count > 0.0).map(rarity).fold(f32::MAX, f32::min)
    };
    for (place, variant) in bags.iter().enumerate() {
        let norm = K1 * (1.0 - B + B * length(&variant.bag) / mean.max(1.0));
        for (term, tf) in terms(&variant.bag) {
            let weight = rarity(term) * tf * (K1 + 1.0) / (tf + norm) * factor;
            let weight = (weight * STEPS).round().clamp(0.0, f32::from(u16::MAX)) as u16;
            postings.entry(*term).or_default().push(Posting { variant: place as u16, weight });
        }
    }
}

impl Index {
    /// Documents that share anything with the text, best first.
    pub fn rank(&self, text: &str) -> Vec<Hit> {
        let mut scores = vec![0.0_f32; self.documents.len()];
        for (term, worth) in self.terms_of(&ends(text)) {
            let Some((start, end)) = self.terms.get(&term) else { continue };
            for posting in self.postings.get(*start as usize..*end as usize).unwrap_or_default() {
                if let Some(score) = scores.get_mut(usize::from(posting.variant)) {
                    *score += f32::from(posting.weight) / STEPS * worth;
                }
            }
        }
        let mut best = vec![0.0_f32; self.document_count];
        for (document, score) in self.documents.iter().zip(scores) {
            if let Some(best) = best.get_mut(usize::from(*document)) {
                *best = best.max(score);
            }
        }
        let mut hits: Vec<Hit> = best
            .into_iter()
            .enumerate()
            .filter(|(_, score)| *score > 0.0)
            .map(|(document, score)| Hit { document: document as u16, score })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
        hits
    }

    /// The terms of a question, each once, and what they are worth.
    fn terms_of(&self, text: &str) -> Vec<(u64, f32)> {
        let key = skeleton(text);
        let mut terms: Vec<(u64, f32)> = Vec::with_capacity(128);
        for word in key.split(' ').filter(|word| !word.is_empty()) {
            let term = prefix(word);
            let worth = if is_in(&self.function, term) { FUNCTION_WEIGHT } else { 1.0 };
            let boost = if is_in(&self.abbreviations, term) { ABBREVIATION_BOOST } else { 1.0 };
            terms.push((term, worth * boost));
            grams(word, |gram| terms.push((gram, worth)));
        }
        // Of a gram in two words the one that is worth more stays.
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        terms.dedup_by_key(|(term, _)| *term);
        terms
    }

    /// What a question is made of; single letters and digits aside.
    pub fn asked(&self, text: &str) -> Asked {
        let key = skeleton(&ends(text));
        let mut terms: Vec<u64> = key.split(' ').filter(|word| word.len() > 1).map(prefix).collect();
        terms.sort_unstable();
        terms.dedup();
        let words = terms.len();
        terms.retain(|term| !is_in(&self.function, *term));
        let matter = terms.len();
        terms.retain(|term| !self.terms.contains_key(term));
        Asked { words, matter, unknown: terms.len() }
    }

    /// How many words of the matter of a text begin like words of a document.
    pub fn explained(&self, text: &str, document: u16) -> usize {
        let key = skeleton(&ends(text));
        let mut terms: Vec<u64> = key.split(' ').filter(|word| word.len() > 1).map(prefix).collect();
        terms.sort_unstable();
        terms.dedup();
        let is_of_document = |posting: &Posting| {
            self.documents.get(usize::from(posting.variant)).is_some_and(|of| *of == document)
        };
        let is_explained = |term: &u64| {
            let (start, end) = self.terms.get(term).copied().unwrap_or_default();
            let postings = self.postings.get(start as usize..end as usize).unwrap_or_default();
            !is_in(&self.function, *term) && postings.iter().any(is_of_document)
        };
        terms.iter().filter(|term| is_explained(term)).count()
    }

    /// Bytes held, about: for the limit of 4 MB.
    pub fn size(&self) -> usize {
        self.terms.capacity() * size_of::<(u64, (u32, u32))>()
            + self.postings.capacity() * size_of::<Posting>()
            + self.documents.capacity() * size_of::<u16>()
    }
}

fn is_in(sorted: &[u64], term: u64) -> bool {
    sorted.binary_search(&term).is_ok()
}

/// Written in capitals, two to six letters: ВНЖ, ДМС, РВП, ИНН.
fn is_abbreviation(word: &str) -> bool {
    (2..=6).contains(&word.chars().count()) && word.chars().all(char::is_uppercase)
}

/// The beginning and the end of a long text: what it is about stands first, what is asked stands last.
fn ends(text: &str) -> Cow<'_, str> {
    let half = QUERY_MAX / 2;
    let head = text.char_indices().nth(half).and_then(|(end, _)| text.split_at_checked(end));
    let Some((head, rest)) = head else { return Cow::Borrowed(text) };
    let Some((start, _)) = rest.char_indices().nth_back(half - 1) else { return Cow::Borrowed(text) };
    let tail = rest.get(start..).unwrap_or_default();
    Cow::Owned(format!("{head} {tail}"))
}

const WORD_TAG: u64 = 1 << 63;

/// ASCII key of at most seven letters as a number; words and grams do not mix.
fn pack(letters: &[u8]) -> u64 {
    letters.iter().fold(0, |packed, letter| packed << 8 | u64::from(*letter))
}

fn prefix(word: &str) -> u64 {
    WORD_TAG | pack(word.as_bytes().get(..PREFIX).unwrap_or(word.as_bytes()))
}

/// 3- and 4-grams of a word closed by spaces; unstressed vowels that Russian ears confuse are one.
fn grams(word: &str, mut each: impl FnMut(u64)) {
    let letters: Vec<u8> = std::iter::once(b' ')
        .chain(word.bytes().map(|letter| match letter {
            b'o' => b'a',
            b'e' => b'i',
            letter => letter,
        }))
        .chain([b' '])
        .collect();
    for size in [3, 4] {
        for gram in letters.windows(size) {
            each(pack(gram));
        }
    }
}

/// Different words of at least three letters, for limits such as "at least three words".
pub fn words(text: &str) -> usize {
    let folded = fold(text);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| word.chars().count() > 2).collect();
    words.sort_unstable();
    words.dedup();
    words.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index() -> Index {
        let mut builder = Builder::default();
        builder.add(
            Locale::Tg,
            0,
            [(Field::Title, "Маош намедиҳанд"), (Field::Keywords, "пул надоданд, музд")],
        );
        builder.add(
            Locale::Ru,
            0,
            [(Field::Title, "Не платят зарплату"), (Field::Keywords, "хозяин не платит")],
        );
        builder.add(Locale::Ru, 1, [(Field::Title, "Полис ДМС"), (Field::Keywords, "страховка, больница")]);
        builder.add(Locale::Ru, 2, [(Field::Title, "Патент"), (Field::Body, "документы и больница")]);
        builder.finish()
    }

    #[test]
    fn typos_latin_letters_and_other_languages_find_the_page() {
        let index = index();
        for (text, document) in [
            ("хозаин не плотит", 0),
            ("pul nadodand", 0),
            ("маоши маро намедиханд", 0),
            ("что такое дмс", 1),
            ("больница", 1),
            ("patentro", 2),
        ] {
            assert_eq!(index.rank(text).first().map(|hit| hit.document), Some(document), "{text}");
        }
        assert!(index.rank("👍").is_empty());
        assert!(index.rank("").is_empty());
    }

    #[test]
    fn words_that_say_nothing_of_the_matter_count_less() {
        let score = |discounted: &str, text: &str| {
            let mut builder = Builder::default();
            builder.add(Locale::Ru, 0, [(Field::Title, "Можно отказаться"), (Field::Body, "и страховка")]);
            builder.discount(discounted);
            builder.finish().rank(text).first().map(|hit| hit.score).unwrap_or_default()
        };
        assert!(score("", "можно") > 0.0);
        let is_same = |one: f32, other: f32| (one - other).abs() < 1e-6;
        assert!(is_same(score("нужно можно", "можно"), score("", "можно") * FUNCTION_WEIGHT));
        assert!(is_same(score("нужно можно", "страховка"), score("", "страховка")));
    }

    #[test]
    fn of_a_long_text_the_beginning_and_the_end_are_read() {
        let index = index();
        let filler = "абракадабра ".repeat(900);
        for text in [format!("{filler} что такое дмс"), format!("что такое дмс {filler}")]
        {
            assert_eq!(index.rank(&text).first().map(|hit| hit.document), Some(1));
        }
        assert!(index.rank(&format!("{filler} дмс {filler}")).iter().all(|hit| hit.document != 1));
        for letters in [QUERY_MAX / 2, QUERY_MAX - 1, QUERY_MAX, QUERY_MAX + 1] {
            let kept = ends(&"ҷ".repeat(letters)).chars().filter(|c| *c == 'ҷ').count();
            assert_eq!(kept, letters.min(QUERY_MAX));
        }
    }

    #[test]
    fn words_of_the_matter_are_counted_each_once() {
        let mut builder = Builder::default();
        builder.add(Locale::Ru, 0, [(Field::Title, "Патент и страховка")]);
        builder.discount("как и нужно");
        let asked = builder.finish().asked("Как, как и нужно ли: патент, ПАТЕНТ 5 футбол");
        assert_eq!(asked, Asked { words: 5, matter: 3, unknown: 2 });
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            let _ = (index().rank(&text), index().asked(&text));
        }
    }
}
