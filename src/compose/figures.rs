//! Puts the day's figures where `FIGURE(…)` left its marks.

use super::{Flaw, format};
use crate::{
    content::{Grade, Release},
    domain::{Day, Locale},
    text::{Args, FIGURE_END, FIGURE_SEPARATOR, FIGURE_START},
};

pub(super) fn put_in(
    release: &Release,
    locale: Locale,
    today: Day,
    text: String,
    mut flaws: Option<&mut Vec<Flaw>>,
) -> String {
    if !text.contains(FIGURE_START) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
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
    out
}
