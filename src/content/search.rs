//! Finding pages by people's own words, and telling their language: learned from a release's own texts.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use crate::{
    domain::{DESTINATION, Locale, NodeId, Profile},
    lang::{Asked, Builder, Field, Guess, Identifier, Index, Trainer, Vocabulary, skeleton},
};

use super::{Condition, Kind, Node, Release};

/// A page that may answer a question.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    pub node: &'a Node,
    /// Comparable within one release.
    pub score: f32,
    /// Place in the index of what was found: it may stand for another page.
    document: u16,
}

/// What a question brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matched {
    /// This page answers it.
    One(NodeId),
    /// One of these, best first.
    Several(Vec<NodeId>),
    Nothing,
}

/// Least score of a page that may be shown: each word of the matter brings something by chance, up to a limit, and one
/// that our texts do not know makes it likelier that something else is meant.
const NEEDED: f32 = 4.0;
const NEEDED_A_WORD: f32 = 4.0;
const NEEDED_MOST: f32 = 18.0;
const NEEDED_AN_UNKNOWN: f32 = 1.0;

/// The same for each known word of the matter where no more may be asked for: in a question of one or two words that are
/// all known, and in one whose language we do not speak.
const NEEDED_SHORT: f32 = 3.5;

/// Words of such a question.
const SHORT: usize = 2;

/// Chosen on the questions and the talk of `tests/data/questions`; a test holds what each keeps out.
fn score_needed(asked: Asked) -> f32 {
    if asked.words <= SHORT && asked.matter > 0 && asked.unknown == 0 {
        return NEEDED_SHORT * asked.matter as f32;
    }
    (NEEDED + NEEDED_A_WORD * asked.matter as f32).min(NEEDED_MOST) + NEEDED_AN_UNKNOWN * asked.unknown as f32
}

/// How far the best must lead to be shown alone (on content and questions of different authors 98 of 100 were then right,
/// 93 with a lead of 1.2), and how far it must be above what any page needs.
const LEAD: f32 = 1.5;
const SURE: f32 = 1.2;

/// Which part of the words of the matter a page must hold to be shown alone: one rare word that it shares by chance leads
/// far, too. Of two words one is enough.
const HELD: usize = 2;

/// Beside a best page that does not stand alone, one may be a choice though it is below the bar by this factor.
const BELOW: f32 = 0.7;

/// A page is told to the writers as the nearest to a question only with this part of the score that it needs.
const NEAREST: f32 = 0.6;

/// A page is a choice beside the best only with this part of its score.
const NEAR: f32 = 0.5;

/// Choices shown when no page leads.
pub const CHOICES: usize = 3;

/// What a page of Kazakhstan is worth in a question that names that country; in one that does not, from a person of whom
/// it is not known where they go (most go to Russia); and from one who goes elsewhere.
const KAZAKHSTAN_NAMED: f32 = 1.4;
const KAZAKHSTAN_UNNAMED: f32 = 0.9;
const KAZAKHSTAN_ELSEWHERE: f32 = 0.7;

/// The pages' tree.
const KAZAKHSTAN_TREE: &str = "kazakhstan";
/// The answer to where a person goes: Kazakhstan.
pub const KAZAKHSTAN: &str = "KZ";

/// Index and language model of one release.
#[derive(Debug)]
pub struct Search {
    index: Index,
    identifier: Identifier,
    vocabulary: Vocabulary,
    nodes: Vec<NodeId>,
    /// Places in `nodes` by the skeleton of a short name, in any language.
    names: HashMap<String, Vec<u16>>,
    /// Whether the node is of Kazakhstan.
    kazakhstan: Vec<bool>,
}

impl Search {
    /// The search of a release's content: made once for all that hold the same content.
    pub(super) fn shared(release: &Release) -> Arc<Self> {
        static KNOWN: Mutex<BTreeMap<Box<str>, Weak<Search>>> = Mutex::new(BTreeMap::new());
        // A panic while it was locked left at most a missing entry behind.
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, search| search.strong_count() > 0);
        if let Some(search) = known.get(&release.hash).and_then(Weak::upgrade) {
            return search;
        }
        let search = Arc::new(Self::of(release));
        known.insert(release.hash.clone(), Arc::downgrade(&search));
        search
    }

    fn of(release: &Release) -> Self {
        let mut builder = Builder::default();
        let mut trainer = Trainer::default();
        let mut texts: Vec<String> = Vec::new();
        let mut nodes = Vec::new();
        let mut names: HashMap<String, Vec<u16>> = HashMap::new();
        let mut kazakhstan = Vec::new();
        for node in release.nodes() {
            let is_sought = is_sought(release, node);
            for locale in Locale::ALL {
                let part = |attribute| {
                    let has = release.texts.has(locale, node.id.as_str(), attribute);
                    let text = has.then(|| release.texts.format(locale, node.id.as_str(), attribute, None));
                    text.flatten().map(|text| plain(&text)).unwrap_or_default()
                };
                let (title, button) = (part(None), part(Some("button")));
                let (keywords, body) = (part(Some("keywords")), part(Some("text")));
                for (text, weight) in [(&title, 2.0), (&button, 2.0), (&keywords, 2.0), (&body, 1.0)] {
                    trainer.learn(locale, text, weight);
                }
                if is_sought {
                    let fields =
                        [(Field::Title, &*title), (Field::Keywords, &*keywords), (Field::Body, &*body)];
                    builder.add(locale, nodes.len() as u16, fields);
                    let name = skeleton(&button);
                    if !name.is_empty() {
                        names.entry(name).or_default().push(nodes.len() as u16);
                    }
                }
                texts.extend([title, button, keywords, body]);
            }
            if is_sought {
                nodes.push(node.id.clone());
                kazakhstan.push(is_of_kazakhstan(node));
            }
        }
        release.words.teach(&mut trainer);
        release.words.function().for_each(|words| builder.discount(words));
        let known = texts.iter().map(String::as_str).chain(release.words.everyday());
        let vocabulary = Vocabulary::new(known, release.words.function());
        Self { index: builder.finish(), identifier: trainer.finish(), vocabulary, nodes, names, kazakhstan }
    }

    /// The language of a text. `hint`: that of the person's app.
    pub fn language(&self, text: &str, hint: Option<&str>) -> Option<Guess> {
        self.identifier.guess(text, hint)
    }

    /// Words of a question that speak for a page, with their points, the strongest first.
    pub fn why(&self, text: &str, node: &NodeId) -> Vec<String> {
        let Some(document) = self.nodes.iter().position(|id| id == node) else { return Vec::new() };
        let mut words: Vec<(f32, &str)> = text
            .split_whitespace()
            .filter_map(|word| {
                let hit =
                    self.index.rank(word).into_iter().find(|hit| usize::from(hit.document) == document)?;
                Some((hit.score, word))
            })
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0));
        words.into_iter().map(|(score, word)| format!("{word}={score:.1}")).collect()
    }

    /// What a question is made of.
    pub fn asked(&self, text: &str) -> Asked {
        self.index.asked(text)
    }

    /// The words of our texts and lists: one that is none of them may be a name.
    pub const fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Bytes held by the index, about.
    pub fn size(&self) -> usize {
        self.index.size()
    }
}

impl Release {
    /// Pages that share words with a question, best first, as this person would see them: where a page's conditions
    /// fail, the one that stands for it.
    pub fn find<'a>(&'a self, text: &str, profile: &'a Profile) -> impl Iterator<Item = Found<'a>> {
        let search = self.search();
        let mut hits = search.index.rank(text);
        let worth = match profile.get(DESTINATION) {
            _ if self.words.names_kazakhstan(text) => KAZAKHSTAN_NAMED,
            None => KAZAKHSTAN_UNNAMED,
            Some(KAZAKHSTAN) => 1.0,
            Some(_) => KAZAKHSTAN_ELSEWHERE,
        };
        for hit in &mut hits {
            if search.kazakhstan.get(usize::from(hit.document)).is_some_and(|is_of_it| *is_of_it) {
                hit.score *= worth;
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
        let mut shown: Vec<&NodeId> = Vec::new();
        hits.into_iter().filter_map(move |hit| {
            let id = search.nodes.get(usize::from(hit.document))?;
            let node = self.for_person(id, profile)?;
            if shown.contains(&&node.id) {
                return None;
            }
            shown.push(&node.id);
            Some(Found { node, score: hit.score, document: hit.document })
        })
    }

    /// What to show for a question.
    pub fn answer(&self, text: &str, profile: &Profile) -> Matched {
        let mut shown = self.named(text, profile);
        let matched = self.answer_from(text, profile, 1.0);
        if shown.is_empty() {
            return matched;
        }
        let found = match matched {
            Matched::One(id) => vec![id],
            Matched::Several(ids) => ids,
            Matched::Nothing => Vec::new(),
        };
        shown.extend(found);
        let mut seen = BTreeSet::new();
        shown.retain(|id| seen.insert(id.clone()));
        shown.truncate(CHOICES);
        if shown.len() == 1 { Matched::One(shown.swap_remove(0)) } else { Matched::Several(shown) }
    }

    /// Pages whose short name the whole text is: it may be a word that stands everywhere and so scores little. Those of
    /// the country where the person goes come first.
    fn named(&self, text: &str, profile: &Profile) -> Vec<NodeId> {
        let search = self.search();
        let places = search.names.get(skeleton(text).as_str()).map(Vec::as_slice).unwrap_or_default();
        let ids = places.iter().filter_map(|place| search.nodes.get(usize::from(*place)));
        let mut nodes: Vec<&Node> = ids.filter_map(|id| self.for_person(id, profile)).collect();
        let goes_there = profile.get(DESTINATION) == Some(KAZAKHSTAN);
        nodes.sort_by_key(|node| is_of_kazakhstan(node) != goes_there);
        nodes.into_iter().map(|node| node.id.clone()).collect()
    }

    /// The same with a bar that is so many times as high.
    pub fn answer_from(&self, text: &str, profile: &Profile, bar: f32) -> Matched {
        let asked = self.search().asked(text);
        let matched = self.above(score_needed(asked) * bar, text, profile);
        if matched == Matched::Nothing && asked.unknown > 0 && self.words.foreign(text).is_some() {
            let known = asked.matter.saturating_sub(asked.unknown).max(1);
            return self.above(NEEDED_SHORT * known as f32 * bar, text, profile);
        }
        matched
    }

    /// The page nearest to a question that found nothing, if it is near at all.
    pub fn nearest(&self, text: &str, profile: &Profile) -> Option<NodeId> {
        let floor = score_needed(self.search().asked(text)) * NEAREST;
        self.find(text, profile)
            .next()
            .filter(|found| found.score >= floor)
            .map(|found| found.node.id.clone())
    }

    fn above(&self, needed: f32, text: &str, profile: &Profile) -> Matched {
        let pages: Vec<Found<'_>> = self.find(text, profile).take(CHOICES).collect();
        let Some(best) = pages.first().filter(|best| best.score >= needed) else { return Matched::Nothing };
        // A second just under the bar is one, too, though nobody sees it.
        let leads = best.score >= needed * SURE
            && pages.get(1).is_none_or(|second| best.score / second.score >= LEAD);
        if leads && self.holds_the_matter(text, best) {
            return Matched::One(best.node.id.clone());
        }
        let near = pages.iter().filter(|page| page.score >= (needed * BELOW).max(best.score * NEAR));
        Matched::Several(near.map(|page| page.node.id.clone()).collect())
    }

    /// Whether a page holds so many words of a question that it is not there by one of them.
    fn holds_the_matter(&self, text: &str, page: &Found<'_>) -> bool {
        let index = &self.search().index;
        index.explained(text, page.document) * HELD >= index.asked(text).matter
    }

    /// The node, or along `otherwise` the one that this person gets in its place.
    fn for_person<'a>(&'a self, id: &NodeId, profile: &Profile) -> Option<&'a Node> {
        let mut node = self.node(id.as_str())?;
        for _ in 0..OTHERWISE_MAX {
            if node.passes(profile) {
                return is_sought(self, node).then_some(node);
            }
            node = self.node(node.otherwise.as_ref()?.as_str())?;
        }
        None
    }
}

/// Longest chain of `otherwise`.
const OTHERWISE_MAX: usize = 8;

/// Pages, menus, tools and lists of places answer questions; main menus, asks and ends do not.
fn is_sought(release: &Release, node: &Node) -> bool {
    matches!(node.kind, Kind::Page | Kind::Menu | Kind::Tool(_) | Kind::Places(_))
        && !release.is_home(node.id.as_str())
}

/// In the country's own tree, or shown only to those who go there.
pub fn is_of_kazakhstan(node: &Node) -> bool {
    let asks = |condition: &Condition| {
        &*condition.key == DESTINATION && condition.values.iter().any(|value| &**value == KAZAKHSTAN)
    };
    &*node.tree == KAZAKHSTAN_TREE || node.when.iter().any(asks)
}

/// Without the marks of figures and variables.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '{' | crate::text::FIGURE_START => depth += 1,
            '}' | crate::text::FIGURE_END => {
                depth = depth.saturating_sub(1);
                out.push(' ');
            }
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}
