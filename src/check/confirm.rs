//! Marks translations as true to the Russian text as it stands today.

use super::texts::{confirmed, mark_of};
use crate::{
    content::Files,
    domain::Locale,
    text::{Entry, entries},
};

/// The files with the `# from ru …` lines of one message, or of all, renewed. Touches no other byte.
pub fn confirm(files: &Files, id: Option<&str>) -> Files {
    let mut out = files.clone();
    let reference: Vec<Entry> = files
        .texts()
        .filter(|(locale, ..)| *locale == Locale::REFERENCE)
        .flat_map(|(_, _, text)| entries(text))
        .collect();
    for (locale, path, text) in files.texts() {
        if locale == Locale::REFERENCE || !Files::is_content(path) {
            continue;
        }
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        // From the last message up: a line put in moves only those below it.
        for entry in entries(text).iter().rev().filter(|entry| id.is_none_or(|id| id == entry.id)) {
            if let Some(russian) = reference.iter().find(|russian| russian.id == entry.id) {
                renew(&mut lines, entry.line, &mark_of(&russian.source));
            }
        }
        let text: String = lines.concat();
        out.0.insert(path.to_owned(), text);
    }
    out
}

/// A translation's item (its comments and message) marked as true to this Russian one. Touches no other byte.
pub fn marked(translation: &str, russian: &str) -> String {
    let Some(russian) = entries(russian).into_iter().next() else { return translation.to_owned() };
    let mut lines: Vec<String> = translation.split_inclusive('\n').map(str::to_owned).collect();
    let line = lines.iter().position(|line| !line.starts_with('#')).map_or(1, |at| at + 1);
    renew(&mut lines, line, &mark_of(&russian.source));
    lines.concat()
}

/// Whether a translation's item carries the mark of this Russian one.
pub fn is_marked(translation: &str, russian: &str) -> bool {
    let mark = entries(russian).into_iter().next().map(|entry| mark_of(&entry.source));
    let own = translation.lines().take_while(|line| line.starts_with('#'));
    own.filter_map(|line| confirmed(line.trim_start_matches('#'))).last() == mark.as_deref()
}

/// Renews the mark in the comment above line `line` (from 1), or puts one in.
fn renew(lines: &mut Vec<String>, line: usize, mark: &str) {
    let own = line.saturating_sub(1);
    for above in lines.get_mut(..own).unwrap_or_default().iter_mut().rev() {
        let Some(comment) = above.strip_prefix('#').filter(|rest| !rest.starts_with('#')) else { break };
        if let Some(old) = confirmed(comment) {
            let renewed = above.replacen(old, mark, 1);
            *above = renewed;
            return;
        }
    }
    let end = if lines.get(own).is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
    lines.insert(own.min(lines.len()), format!("# from ru {mark}{end}"));
}
