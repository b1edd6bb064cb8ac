//! Content as a set of items: the smallest things that are edited, reviewed, compared and traced.
//!
//! A file is cut into items and what lies between them, byte by byte: [`apply`] changes the items that it is told to,
//! and touches nothing else, so that what nobody edited comes out as it went in.

mod apply;
mod fields;
mod message;
mod split;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::Files;
use crate::domain::Locale;

pub use apply::{Clash, apply, diff};
pub use fields::{Fields, FieldsError, Value, read_fields, write_fields};
pub use message::{Message, Part};

/// What an item is, for as long as it exists. Written as `kind:name`, `text:<locale>:<message>` and
/// `figure:<id>:<key>:<from>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKey {
    /// A `[[node]]` of a tree.
    Node(Box<str>),
    /// A message in one language: of a node, a place (`place-…`) or a reply (`reply-…`).
    Text(Locale, Box<str>),
    /// One dated value: id, key (often empty), first day.
    Figure(Box<str>, Box<str>, Box<str>),
    /// A region that figures may be keyed by.
    Region(Box<str>),
    Place(Box<str>),
    Source(Box<str>),
    /// A term of the glossary, by its Russian words.
    Term(Box<str>),
    Reply(Box<str>),
    Template(Box<str>),
    /// A node id that is gone, and its heir.
    Retired(Box<str>),
    /// What stands before the first item of a file: its comments.
    Head(Box<str>),
    /// A file as a whole: one without items, or one that cannot be cut into them.
    Whole(Box<str>),
}

impl ItemKey {
    /// The kind's word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Node(_) => "node",
            Self::Text(..) => "text",
            Self::Figure(..) => "figure",
            Self::Region(_) => "region",
            Self::Place(_) => "place",
            Self::Source(_) => "source",
            Self::Term(_) => "term",
            Self::Reply(_) => "reply",
            Self::Template(_) => "template",
            Self::Retired(_) => "retired",
            Self::Head(_) => "head",
            Self::Whole(_) => "whole",
        }
    }

    /// Its own name, without kind and language.
    pub fn name(&self) -> &str {
        match self {
            Self::Text(_, name) | Self::Figure(name, ..) => name,
            Self::Node(name)
            | Self::Region(name)
            | Self::Place(name)
            | Self::Source(name)
            | Self::Term(name)
            | Self::Reply(name)
            | Self::Template(name)
            | Self::Retired(name)
            | Self::Head(name)
            | Self::Whole(name) => name,
        }
    }

    pub const fn locale(&self) -> Option<Locale> {
        match self {
            Self::Text(locale, _) => Some(*locale),
            _ => None,
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        let own = Box::<str>::from(name);
        Some(match kind {
            "node" => Self::Node(own),
            "text" => {
                let (locale, id) = name.split_once(':')?;
                Self::Text(Locale::parse(locale)?, id.into())
            }
            "figure" => {
                let (rest, from) = name.rsplit_once(':')?;
                let (id, key) = rest.split_once(':')?;
                Self::Figure(id.into(), key.into(), from.into())
            }
            "region" => Self::Region(own),
            "place" => Self::Place(own),
            "source" => Self::Source(own),
            "term" => Self::Term(own),
            "reply" => Self::Reply(own),
            "template" => Self::Template(own),
            "retired" => Self::Retired(own),
            "head" => Self::Head(own),
            "whole" => Self::Whole(own),
            _ => return None,
        })
    }
}

impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(locale, id) => write!(f, "text:{locale}:{id}"),
            Self::Figure(id, key, from) => write!(f, "figure:{id}:{key}:{from}"),
            _ => write!(f, "{}:{}", self.kind(), self.name()),
        }
    }
}

impl Serialize for ItemKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ItemKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no key of an item"))
    }
}

/// An item where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    pub path: &'a str,
    /// Line (from 1) at which its source begins.
    pub line: usize,
    /// Its bytes, with the comments right above it; no line end after the last line.
    pub source: &'a str,
}

/// What becomes of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub key: ItemKey,
    /// The file in which it stands or shall stand.
    pub path: String,
    /// A new item comes right after this one; at the end of the file without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ItemKey>,
    /// What the editor saw; `None`: there was no such item.
    pub old: Option<String>,
    /// What it shall be; `None`: it goes.
    pub new: Option<String>,
}

/// All items of the files, by key.
pub fn items(files: &Files) -> BTreeMap<ItemKey, Item<'_>> {
    let mut out = BTreeMap::new();
    for (path, text) in &files.0 {
        let mut line = 1;
        let mut at = 0;
        for piece in split::split(path, text) {
            line += text.get(at..piece.span.start).unwrap_or_default().matches('\n').count();
            at = piece.span.start;
            let source = text.get(piece.span).unwrap_or_default();
            out.insert(piece.key, Item { path, line, source });
        }
    }
    out
}

/// One item of the files.
pub fn item<'a>(files: &'a Files, key: &ItemKey) -> Option<Item<'a>> {
    // Only the files that can hold it are cut.
    files.0.iter().filter(|(path, _)| split::may_hold(path, key)).find_map(|(path, text)| {
        let piece = split::split(path, text).into_iter().find(|piece| piece.key == *key)?;
        let line = 1 + text.get(..piece.span.start)?.matches('\n').count();
        Some(Item { path, line, source: text.get(piece.span)? })
    })
}

/// Keys of the items of one file, in their order.
pub fn keys(files: &Files, path: &str) -> Vec<ItemKey> {
    let Some(text) = files.0.get(path) else { return Vec::new() };
    split::split(path, text).into_iter().map(|piece| piece.key).collect()
}

/// The item at a line (from 1) of a file: where a finding lies.
pub fn at_line(files: &Files, path: &str, line: usize) -> Option<ItemKey> {
    let text = files.0.get(path)?;
    let start = match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line - 2).map(|(at, _)| at + 1)?,
    };
    split::split(path, text).into_iter().take_while(|piece| piece.span.start <= start).last().map(|p| p.key)
}
