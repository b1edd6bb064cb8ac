//! What the checks look at: the release, its texts with their places, the answers that a profile can hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    content::{Answer, Files, Kind, Node, Release},
    domain::{AGE, AUDIENCE, CITIZENSHIP, CITY, DESTINATION, Day, Locale, Profile, SEX},
    text::{Entry, Shape, entries},
};

/// Keys that a profile may have.
pub const PROFILE_KEYS: [&str; 5] = [CITIZENSHIP, DESTINATION, AUDIENCE, SEX, AGE];

/// One folder under check.
pub struct Subject<'a> {
    pub files: &'a Files,
    pub release: &'a Release,
    pub today: Day,
    texts: BTreeMap<Locale, BTreeMap<String, Text<'a>>>,
    /// Profile key, or the city, to the options of the asks that set it.
    answers: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// A message and its file.
pub struct Text<'a> {
    pub file: &'a str,
    pub entry: Entry,
}

impl<'a> Subject<'a> {
    pub fn new(files: &'a Files, release: &'a Release, today: Day) -> Self {
        let mut answers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for node in release.nodes() {
            if let Kind::Ask(ask) = &node.kind
                && (ask.profile || *ask.var == *CITY)
                && let Answer::OneOf(options) = &ask.answer
            {
                answers.entry(&ask.var).or_default().extend(options.iter().map(AsRef::as_ref));
            }
        }
        Self { files, release, today, texts: index(files), answers }
    }

    pub fn texts(&self, locale: Locale) -> impl Iterator<Item = &Text<'a>> {
        self.texts.get(&locale).into_iter().flat_map(BTreeMap::values)
    }

    pub fn text(&self, locale: Locale, id: &str) -> Option<&Text<'a>> {
        self.texts.get(&locale)?.get(id)
    }

    /// Options of the asks that set a profile key, or the city.
    pub fn answers(&self, key: &str) -> Option<&BTreeSet<&'a str>> {
        self.answers.get(key)
    }

    /// File and line of a message's part; the file where it belongs and line 0 when it is missing.
    pub fn place(&self, locale: Locale, id: &str, attribute: Option<&str>) -> (String, usize) {
        match self.text(locale, id) {
            Some(text) => (text.file.to_owned(), text.line(attribute)),
            None => (self.home(locale, id), 0),
        }
    }

    /// The file where a message belongs: its node's tree, or the Russian message's neighbour.
    fn home(&self, locale: Locale, id: &str) -> String {
        let tree = match (self.release.node(id), self.text(Locale::REFERENCE, id)) {
            (Some(node), _) => &*node.tree,
            (None, Some(text)) => {
                let name = text.file.rsplit('/').next().unwrap_or_default();
                name.strip_suffix(".ftl").unwrap_or(name)
            }
            (None, None) => "places",
        };
        format!("locales/{locale}/content/{tree}.ftl")
    }

    /// Each combination of the values of `keys`, "not said yet" included; `more` adds values that texts select on.
    pub fn profiles(&self, keys: &BTreeSet<&str>, more: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<Profile> {
        let mut profiles = vec![Profile::default()];
        for key in keys {
            let known = self.answers.get(key).into_iter().chain(more.get(key)).flatten();
            let values: BTreeSet<&str> = known.copied().collect();
            let before = profiles.clone();
            for value in values {
                profiles.extend(before.iter().cloned().map(|mut profile| {
                    profile.set(key, value);
                    profile
                }));
            }
        }
        profiles
    }
}

impl Text<'_> {
    /// Line of the value, or of an attribute; of the message when it has no such attribute.
    pub fn line(&self, attribute: Option<&str>) -> usize {
        let Some(name) = attribute else { return self.entry.line };
        let is_it = |line: &str| {
            let after = line.trim_start().strip_prefix('.').and_then(|rest| rest.strip_prefix(name));
            after.is_some_and(|after| after.trim_start().starts_with('='))
        };
        self.entry.line + self.entry.source.lines().position(is_it).unwrap_or(0)
    }

    pub fn shape(&self, attribute: Option<&str>) -> Option<&Shape> {
        self.entry.parts.iter().find(|(name, _)| name.as_deref() == attribute).map(|(_, shape)| shape)
    }

    /// Names of the attributes, in file order.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.entry.parts.iter().filter_map(|(name, _)| name.as_deref())
    }
}

/// All messages of a set of files, by locale and id.
pub fn index(files: &Files) -> BTreeMap<Locale, BTreeMap<String, Text<'_>>> {
    let mut texts: BTreeMap<Locale, BTreeMap<String, Text<'_>>> = BTreeMap::new();
    for (locale, file, text) in files.texts() {
        let of_locale = texts.entry(locale).or_default();
        for entry in entries(text) {
            of_locale.insert(entry.id.clone(), Text { file, entry });
        }
    }
    texts
}

/// Line (from 1) of the first line that starts with one of `key = `; 0 when there is none.
pub fn line_of_key(files: &Files, path: &str, key: &str) -> usize {
    let starts = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix('"').unwrap_or(line);
        let after = line.strip_prefix(key);
        after.is_some_and(|after| after.trim_start_matches('"').trim_start().starts_with('='))
    };
    let text = files.0.get(path).map(String::as_str).unwrap_or_default();
    text.lines().position(starts).map_or(0, |at| at + 1)
}

/// Whether a node's message may be a choice of another node.
pub fn is_choice(release: &Release, id: &str) -> bool {
    release.nodes().any(|node: &Node| node.choices.iter().any(|choice| choice.as_str() == id))
}
