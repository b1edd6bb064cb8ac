//! Changes as a reviewer reads them: what belongs together stands together, each text word by word.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Names,
    labels::{Labels, address, anchor, family},
};
use crate::{
    content::items::{Change, Fields, ItemKey, Message, read_fields},
    domain::Locale,
    studio::{SpanKind, word_diff},
};

/// Longer texts are not compared word by word.
const COMPARED_MAX: usize = 40_000;

/// A piece of a text.
pub(super) struct Piece {
    pub is_gone: bool,
    pub is_new: bool,
    pub text: String,
}

/// A part of an item that changed.
pub(super) struct Part {
    pub label: String,
    pub pieces: Vec<Piece>,
}

/// What a reviewer said.
pub(super) struct Said {
    pub id: String,
    pub by: String,
    pub at: String,
    pub text: String,
    pub settled: Option<String>,
}

/// An item that changed.
pub(super) struct Shown {
    pub key: String,
    pub anchor: String,
    pub label: String,
    pub lang: Option<Locale>,
    /// `added`, `changed`, `removed`.
    pub what: &'static str,
    pub what_label: String,
    pub parts: Vec<Part>,
    /// Only what stands above the words changed: a translation was confirmed.
    pub is_confirmed: bool,
    pub raw_old: String,
    pub raw_new: String,
    /// Whose words they are, and since when.
    pub by: Option<String>,
    pub at: Option<String>,
    /// The draft's version: what a form that takes it away says that it saw.
    pub version: i64,
    pub remarks: Vec<Said>,
}

/// Items that belong together.
pub(super) struct Group {
    pub title: String,
    pub kind: String,
    pub name: String,
    /// The key as a piece of an address.
    pub address: String,
    /// A node's id: it has a preview.
    pub node: Option<String>,
    pub items: Vec<Shown>,
}

/// A change with what is known of its making.
pub(super) struct Made<'a> {
    pub change: &'a Change,
    pub by: Option<String>,
    pub at: Option<String>,
    pub version: i64,
    pub remarks: Vec<Said>,
}

impl<'a> Made<'a> {
    pub(super) fn of(change: &'a Change, by: Option<String>) -> Self {
        Self { change, by, at: None, version: 0, remarks: Vec::new() }
    }

    pub(super) fn told(told: &'a crate::studio::Told, names: &Names) -> Self {
        Self::of(&told.change, told.by.map(|by| names.get(by)))
    }
}

/// The changes, gathered by what they belong to.
pub(super) fn groups(labels: &Labels<'_>, made: Vec<Made<'_>>) -> Vec<Group> {
    let mut families: BTreeMap<ItemKey, Vec<Made<'_>>> = BTreeMap::new();
    for one in made {
        families.entry(family(&one.change.key)).or_default().push(one);
    }
    let group = |(family, mut made): (ItemKey, Vec<Made<'_>>)| {
        // The table first, then the languages as everywhere.
        made.sort_by_key(|one| one.change.key.locale().map(Locale::index));
        let changes: Vec<&Change> = made.iter().map(|one| one.change).collect();
        Group {
            title: labels.title(&family, &changes),
            kind: labels.kind(&family),
            name: family.name().to_owned(),
            address: address(&family),
            node: matches!(family, ItemKey::Node(_)).then(|| family.name().to_owned()),
            items: made.into_iter().map(|one| shown(labels, one)).collect(),
        }
    };
    families.into_iter().map(group).collect()
}

fn shown(labels: &Labels<'_>, made: Made<'_>) -> Shown {
    let change = made.change;
    let what = match (&change.old, &change.new) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    let parts = parts(labels, change);
    Shown {
        key: change.key.to_string(),
        anchor: anchor(&change.key),
        label: labels.member(&change.key),
        lang: change.key.locale(),
        what,
        what_label: labels.frame.word("sets-what-", what),
        is_confirmed: parts.is_empty() && change.key.locale().is_some() && what == "changed",
        parts,
        raw_old: change.old.clone().unwrap_or_default(),
        raw_new: change.new.clone().unwrap_or_default(),
        by: made.by,
        at: made.at,
        version: made.version,
        remarks: made.remarks,
    }
}

/// What differs, part by part. Nothing when only comments do.
fn parts(labels: &Labels<'_>, change: &Change) -> Vec<Part> {
    let (old, new) = (change.old.as_deref(), change.new.as_deref());
    match &change.key {
        ItemKey::Text(..) => of_texts(labels, old, new),
        ItemKey::Head(_) | ItemKey::Whole(_) | ItemKey::Retired(_) => vec![plain(labels, old, new)],
        _ => match (fields(old), fields(new)) {
            (Some(old), Some(new)) => of_fields(labels, &old, &new),
            // It is no table: a mistake that the check tells of, too.
            _ => vec![plain(labels, old, new)],
        },
    }
}

fn fields(source: Option<&str>) -> Option<Fields> {
    source.map_or_else(|| Some(Fields::new()), |source| read_fields(source).ok())
}

fn of_texts(labels: &Labels<'_>, old: Option<&str>, new: Option<&str>) -> Vec<Part> {
    let read = |source: Option<&str>| source.map_or_else(|| Some(Message::new("")), Message::read);
    let (Some(old_message), Some(new_message)) = (read(old), read(new)) else {
        return vec![plain(labels, old, new)];
    };
    let names = |message: &Message| message.parts.iter().map(|part| part.name.clone()).collect::<Vec<_>>();
    let mut all = names(&new_message);
    let kept: BTreeSet<Option<String>> = all.iter().cloned().collect();
    all.extend(names(&old_message).into_iter().filter(|name| !kept.contains(name)));
    let part = |name: Option<String>| {
        let name = name.as_deref();
        let (old, new) =
            (old_message.get(name).unwrap_or_default(), new_message.get(name).unwrap_or_default());
        (old != new).then(|| Part { label: labels.part(name), pieces: pieces(old, new) })
    };
    all.into_iter().filter_map(part).collect()
}

fn of_fields(labels: &Labels<'_>, old: &Fields, new: &Fields) -> Vec<Part> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let part = |name: &String| {
        let (before, after) = (old.get(name), new.get(name));
        if before == after {
            return None;
        }
        let words = |value: Option<&_>| value.map(|value| labels.value(value)).unwrap_or_default();
        Some(Part { label: labels.field(name), pieces: pieces(&words(before), &words(after)) })
    };
    names.into_iter().filter_map(part).collect()
}

fn plain(labels: &Labels<'_>, old: Option<&str>, new: Option<&str>) -> Part {
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    Part { label: labels.frame.t("sets-text-plain"), pieces: pieces(old, new) }
}

pub(super) fn pieces(old: &str, new: &str) -> Vec<Piece> {
    if old.len() + new.len() > COMPARED_MAX {
        return Vec::new();
    }
    let piece = |span: crate::studio::Span| Piece {
        is_gone: span.kind == SpanKind::Gone,
        is_new: span.kind == SpanKind::Came,
        text: span.text,
    };
    word_diff(old, new).into_iter().map(piece).collect()
}

/// The release whose names of things a page uses.
pub(super) fn release(console: &super::Console) -> Arc<crate::content::Release> {
    console.studio.releases().current()
}
