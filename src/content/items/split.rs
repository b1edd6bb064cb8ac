//! Cutting a file into items.

use std::{collections::HashSet, ops::Range};

use super::ItemKey;
use crate::domain::Locale;

/// Where an item lies in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub key: ItemKey,
    /// Without white space before and after.
    pub span: Range<usize>,
}

/// How the items of a file begin.
#[derive(Clone, Copy)]
enum Shape {
    /// `[[name]]` tables.
    Tables(&'static [&'static str]),
    /// `[source.<key>]` tables.
    Sources,
    /// `old = "heir"` lines.
    Retired,
    Messages(Locale),
    /// Only one item.
    Whole,
}

fn shape(path: &str) -> Shape {
    if let Some(rest) = path.strip_prefix("locales/") {
        let locale = rest.split_once('/').and_then(|(locale, _)| Locale::parse(locale));
        return locale.filter(|_| path.ends_with(".ftl")).map_or(Shape::Whole, Shape::Messages);
    }
    match path.strip_prefix("content/") {
        Some("figures.toml") => Shape::Tables(&["figure", "region"]),
        Some("places.toml") => Shape::Tables(&["place"]),
        Some("glossary.toml") => Shape::Tables(&["term"]),
        Some("replies.toml") => Shape::Tables(&["reply"]),
        Some("templates.toml") => Shape::Tables(&["template"]),
        Some("sources.toml") => Shape::Sources,
        Some("retired.toml") => Shape::Retired,
        Some(rest) if rest.ends_with("/tree.toml") => Shape::Tables(&["node"]),
        _ => Shape::Whole,
    }
}

/// Whether a file of this path can hold such an item.
pub fn may_hold(path: &str, key: &ItemKey) -> bool {
    match (key, shape(path)) {
        (ItemKey::Head(own) | ItemKey::Whole(own), _) => **own == *path,
        (ItemKey::Text(locale, _), Shape::Messages(own)) => *locale == own,
        (ItemKey::Source(_), Shape::Sources) | (ItemKey::Retired(_), Shape::Retired) => true,
        (key, Shape::Tables(names)) => names.contains(&key.kind()),
        _ => false,
    }
}

/// The items of a file, in order, without overlap. A file that cannot be cut is one item.
pub fn split(path: &str, text: &str) -> Vec<Piece> {
    let whole = || vec![Piece { key: ItemKey::Whole(path.into()), span: trimmed(text, 0..text.len()) }];
    let shape = shape(path);
    if matches!(shape, Shape::Whole) {
        return whole();
    }
    cut(path, text, shape).unwrap_or_else(whole)
}

/// `None` when two items have one key, or one has none that can be read.
fn cut(path: &str, text: &str, shape: Shape) -> Option<Vec<Piece>> {
    let mut starts = starts(text, shape);
    // A comment at the very top is about the file, but for messages, which have theirs from the first line on.
    let head_end = starts.first().copied().unwrap_or(text.len());
    let mut pieces = Vec::with_capacity(starts.len() + 1);
    let head = trimmed(text, 0..head_end);
    if !head.is_empty() {
        pieces.push(Piece { key: ItemKey::Head(path.into()), span: head });
    }
    starts.push(text.len());
    for pair in starts.windows(2) {
        let &[start, end] = pair else { continue };
        let span = trimmed(text, start..end);
        let key = key(text.get(span.clone())?, shape)?;
        pieces.push(Piece { key, span });
    }
    let mut seen = HashSet::new();
    pieces.iter().all(|piece| seen.insert(&piece.key)).then_some(pieces)
}

/// Where the items begin: at the comments right above their first line.
fn starts(text: &str, shape: Shape) -> Vec<usize> {
    let mut out = Vec::new();
    let mut at = 0;
    // Where the run of comment lines right above the present line began.
    let mut comment: Option<usize> = None;
    let mut string: Option<&str> = None;
    let mut in_table = false;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let outside = string.is_none();
        if !matches!(shape, Shape::Messages(_)) {
            string = in_string(line, string);
        }
        if !outside {
            comment = None;
            continue;
        }
        if is_comment(line, shape) {
            comment = comment.or(Some(start));
            continue;
        }
        let begins = match shape {
            Shape::Tables(names) => line
                .strip_prefix("[[")
                .and_then(|rest| rest.split_once("]]"))
                .is_some_and(|(name, _)| names.contains(&name.trim())),
            Shape::Sources => line.starts_with("[source."),
            Shape::Retired => {
                let begins = in_table && line.contains('=');
                in_table |= line.trim_end() == "[retired]";
                begins
            }
            Shape::Messages(_) => line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-'),
            Shape::Whole => false,
        };
        if begins {
            let is_own = |comment: &usize| *comment > 0 || matches!(shape, Shape::Messages(_));
            out.push(comment.filter(is_own).unwrap_or(start));
        }
        comment = None;
    }
    out
}

fn is_comment(line: &str, shape: Shape) -> bool {
    match shape {
        // Comments of a group or of the file begin with more.
        Shape::Messages(_) => line.starts_with('#') && !line.starts_with("##"),
        _ => line.starts_with('#'),
    }
}

/// The open string of several lines after this line.
fn in_string<'a>(line: &str, mut open: Option<&'a str>) -> Option<&'a str> {
    let mut rest = line;
    loop {
        let found = match open {
            Some(quote) => rest.find(quote).map(|at| (at, quote)),
            None => ["\"\"\"", "'''"]
                .into_iter()
                .filter_map(|quote| rest.find(quote).map(|at| (at, quote)))
                .min()
                .filter(|(at, _)| !rest.get(..*at).unwrap_or_default().contains('#')),
        };
        let Some((at, quote)) = found else { return open };
        open = if open.is_some() { None } else { Some(quote) };
        rest = rest.get(at + quote.len()..).unwrap_or_default();
    }
}

/// The key that an item's own text names.
fn key(source: &str, shape: Shape) -> Option<ItemKey> {
    match shape {
        Shape::Messages(locale) => {
            let line = source.lines().find(|line| !line.starts_with('#'))?;
            let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
            let id = line.get(..end?).filter(|id| !id.is_empty())?;
            line.get(end?..)?.trim_start().starts_with('=').then(|| ItemKey::Text(locale, id.into()))
        }
        Shape::Retired => {
            let line = source.lines().find(|line| !line.starts_with('#'))?;
            let id = line.split_once('=')?.0.trim().trim_matches('"');
            (!id.is_empty()).then(|| ItemKey::Retired(id.into()))
        }
        Shape::Sources => {
            let table: toml::Table = toml::from_str(source).ok()?;
            let id = table.get("source")?.as_table()?.keys().next()?;
            Some(ItemKey::Source(id.as_str().into()))
        }
        Shape::Tables(names) => {
            let table: toml::Table = toml::from_str(source).ok()?;
            let (name, own) = names.iter().find_map(|name| Some((*name, table.get(*name)?.get(0)?)))?;
            let field = |field: &str| own.get(field).and_then(toml::Value::as_str).unwrap_or_default();
            let id = |of: &str| Some(field(of)).filter(|id| !id.is_empty()).map(Box::<str>::from);
            Some(match name {
                "node" => ItemKey::Node(id("id")?),
                "figure" => ItemKey::Figure(id("id")?, field("key").into(), field("from").into()),
                "region" => ItemKey::Region(id("id")?),
                "place" => ItemKey::Place(id("id")?),
                "term" => ItemKey::Term(id("ru")?),
                "reply" => ItemKey::Reply(id("id")?),
                "template" => ItemKey::Template(id("name")?),
                _ => return None,
            })
        }
        Shape::Whole => None,
    }
}

/// A range without white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let own = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (own.len() - own.trim_start().len());
    let end = range.start + own.trim_end().len();
    start.min(end)..end
}
