//! Changing items of files, and finding what was changed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, ItemKey, split::split};
use crate::content::Files;

/// Somebody else changed an item meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    pub key: ItemKey,
    /// What the editor had in front.
    pub old: Option<String>,
    /// What is there now.
    pub now: Option<String>,
    /// What the editor wants.
    pub new: Option<String>,
}

/// A file as its items and what lies between.
struct Cut {
    /// White space before the first item.
    lead: String,
    items: Vec<(ItemKey, String)>,
    /// What follows each item.
    gaps: Vec<String>,
}

impl Cut {
    fn of(path: &str, text: &str) -> Self {
        let pieces = split(path, text);
        let between = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
        let lead = between(0, pieces.first().map_or(text.len(), |piece| piece.span.start));
        let ends = pieces.iter().skip(1).map(|piece| piece.span.start).chain([text.len()]);
        let gaps = pieces.iter().zip(ends).map(|(piece, end)| between(piece.span.end, end)).collect();
        let items =
            pieces.into_iter().map(|piece| (piece.key, between(piece.span.start, piece.span.end))).collect();
        Self { lead, items, gaps }
    }

    fn place(&self, key: &ItemKey) -> Option<usize> {
        self.items.iter().position(|(own, _)| own == key)
    }

    fn remove(&mut self, at: usize) {
        self.items.remove(at);
        let gap = self.gaps.remove(at);
        // The last gap is the end of the file: it stays the end.
        if at == self.items.len()
            && let Some(last) = self.gaps.last_mut()
        {
            *last = gap;
        }
    }

    fn insert(&mut self, at: usize, key: ItemKey, source: String, between: &str) {
        let end = self.gaps.len();
        if at < end {
            self.gaps.insert(at, between.to_owned());
        } else {
            // It becomes the last: it takes the end of the file over.
            let gap = self.gaps.last_mut().map(|last| std::mem::replace(last, between.to_owned()));
            self.gaps.push(gap.filter(|gap| !gap.is_empty()).unwrap_or_else(|| "\n".to_owned()));
        }
        self.items.insert(at, (key, source));
    }

    fn text(self) -> String {
        let mut out = self.lead;
        for ((_, source), gap) in self.items.into_iter().zip(self.gaps) {
            out.push_str(&source);
            out.push_str(&gap);
        }
        out
    }
}

/// What stands between two items of a file.
fn between(path: &str) -> &'static str {
    match path {
        "content/sources.toml" | "content/retired.toml" => "\n",
        _ => "\n\n",
    }
}

/// The files with these changes made. A file that loses its last item goes, too.
///
/// # Errors
/// All items that are neither as the editor saw them nor already as they shall be. Nothing is changed then.
pub fn apply(files: &Files, changes: &[Change]) -> Result<Files, Vec<Clash>> {
    let mut out = files.clone();
    let mut clashes = Vec::new();
    let mut paths: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        paths.entry(&change.path).or_default().push(change);
    }
    for (path, changes) in paths {
        let is_new = !files.0.contains_key(path);
        let text = files.0.get(path).map_or("", String::as_str);
        let whole = changes.iter().find(|change| matches!(change.key, ItemKey::Whole(_)));
        if let Some(change) = whole {
            match of_whole(text, is_new, change) {
                Ok(Some(text)) => out.0.insert(path.to_owned(), text),
                Ok(None) => out.0.remove(path),
                Err(clash) => {
                    clashes.push(*clash);
                    None
                }
            };
            continue;
        }
        let mut cut = Cut::of(path, text);
        for change in changes {
            if let Err(clash) = one(&mut cut, path, change) {
                clashes.push(*clash);
            }
        }
        if cut.items.is_empty() {
            out.0.remove(path);
        } else {
            out.0.insert(path.to_owned(), cut.text());
        }
    }
    if clashes.is_empty() { Ok(out) } else { Err(clashes) }
}

/// A file as a whole: all its bytes are the item.
fn of_whole(text: &str, is_new: bool, change: &Change) -> Result<Option<String>, Box<Clash>> {
    let now = (!is_new).then(|| text.to_owned());
    if now == change.new || now == change.old || (!is_new && Some(text.trim()) == change.old.as_deref()) {
        return Ok(change.new.clone());
    }
    Err(Box::new(clash(change, now)))
}

fn clash(change: &Change, now: Option<String>) -> Clash {
    Clash { key: change.key.clone(), old: change.old.clone(), now, new: change.new.clone() }
}

fn one(cut: &mut Cut, path: &str, change: &Change) -> Result<(), Box<Clash>> {
    let place = cut.place(&change.key);
    let now = place.and_then(|at| cut.items.get(at)).map(|(_, source)| source);
    if now == change.new.as_ref() {
        return Ok(());
    }
    if now != change.old.as_ref() {
        return Err(Box::new(clash(change, now.cloned())));
    }
    match (place, &change.new) {
        (Some(at), Some(new)) => {
            if let Some((_, source)) = cut.items.get_mut(at) {
                source.clone_from(new);
            }
        }
        (Some(at), None) => cut.remove(at),
        (None, Some(new)) => {
            let anchor = change.after.as_ref().and_then(|after| cut.place(after)).map(|at| at + 1);
            // What belongs to the file as such comes first.
            let first = matches!(change.key, ItemKey::Head(_)).then_some(0);
            let at = first.or(anchor).unwrap_or(cut.items.len());
            cut.insert(at, change.key.clone(), new.clone(), between(path));
        }
        (None, None) => {}
    }
    Ok(())
}

/// What makes `new` of `old`, item by item; [`apply`] gives exactly `new` back. A file whose items were moved about, or
/// whose white space changed, is changed as a whole.
pub fn diff(old: &Files, new: &Files) -> Vec<Change> {
    let paths: BTreeSet<&String> = old.0.keys().chain(new.0.keys()).collect();
    let mut out = Vec::new();
    for path in paths {
        let (before, after) = (old.0.get(path), new.0.get(path));
        if before == after {
            continue;
        }
        let changes = of_file(path, before.map_or("", String::as_str), after.map_or("", String::as_str));
        let own =
            |text: Option<&String>| Files(text.map(|t| (path.clone(), t.clone())).into_iter().collect());
        if apply(&own(before), &changes).as_ref() == Ok(&own(after)) {
            out.extend(changes);
        } else {
            out.push(Change {
                key: ItemKey::Whole(path.as_str().into()),
                path: path.clone(),
                after: None,
                old: before.cloned(),
                new: after.cloned(),
            });
        }
    }
    out
}

fn of_file(path: &str, old: &str, new: &str) -> Vec<Change> {
    let (old, new) = (Cut::of(path, old), Cut::of(path, new));
    let before: BTreeMap<&ItemKey, &String> = old.items.iter().map(|(key, source)| (key, source)).collect();
    let kept: BTreeSet<&ItemKey> = new.items.iter().map(|(key, _)| key).collect();
    let change =
        |key: &ItemKey, after: Option<&ItemKey>, old: Option<&String>, new: Option<&String>| Change {
            key: key.clone(),
            path: path.to_owned(),
            after: after.cloned(),
            old: old.cloned(),
            new: new.cloned(),
        };
    let mut out = Vec::new();
    for (key, source) in &old.items {
        if !kept.contains(key) {
            out.push(change(key, None, Some(source), None));
        }
    }
    let mut last = None;
    for (key, source) in &new.items {
        match before.get(key) {
            Some(old) if *old == source => {}
            Some(old) => out.push(change(key, None, Some(old), Some(source))),
            None => out.push(change(key, last, None, Some(source))),
        }
        last = Some(key);
    }
    out
}
