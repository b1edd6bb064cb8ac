//! Puts the day's figures where `FIGURE(…)` left its marks.
//!
//! What a reader is told may be old: a figure whose review is due, or that has run out. [`put_in`] says so.

use super::{Flaw, format};
use crate::{
    content::{Grade, Release},
    domain::{Day, Locale},
    text::{Args, FIGURE_END, FIGURE_SEPARATOR, FIGURE_START},
};

/// The text with its figures, and whether one of them is stale.
pub(super) fn put_in(
    release: &Release,
    locale: Locale,
    today: Day,
    text: String,
    mut flaws: Option<&mut Vec<Flaw>>,
) -> (String, bool) {
    if !text.contains(FIGURE_START) {
        return (text, false);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    let mut is_stale = false;
    while let Some((before, after)) = rest.split_once(FIGURE_START) {
        out.push_str(before);
        let Some((mark, tail)) = after.split_once(FIGURE_END) else {
            rest = after;
            continue;
        };
        let (id, key) = match mark.split_once(FIGURE_SEPARATOR) {
            Some((id, key)) => (id, Some(key)),
            None => (mark, None),
        };
        is_stale |= release.figures.is_stale(id, key, today);
        let interface = &release.interface;
        match release.figures.on(id, key, today) {
            Some(figure) => {
                out.push_str(&format::figure(interface, locale, figure));
                if figure.grade == Grade::Draft {
                    out.push(' ');
                    out.push_str(&interface.format(locale, "figure-draft", None, None).unwrap_or_default());
                }
            }
            None => {
                if let Some(flaws) = flaws.as_deref_mut() {
                    flaws.push(Flaw::Figure { id: id.to_owned(), key: key.map(str::to_owned) });
                }
                let args = Args::new();
                out.push_str(
                    &interface.format(locale, "figure-unknown", None, Some(&args)).unwrap_or_default(),
                );
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    (out, is_stale)
}
