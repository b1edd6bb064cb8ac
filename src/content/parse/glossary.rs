//! `content/glossary.toml`.

use super::raw::RawGlossary;
use crate::{
    content::{Files, Term},
    text::line_of,
};

pub(super) fn glossary(raw: RawGlossary, files: &Files) -> Vec<Term> {
    let text = files.0.get(super::GLOSSARY).map(String::as_str).unwrap_or_default();
    let boxed = |words: Vec<String>| words.into_iter().map(Into::into).collect();
    raw.term
        .into_iter()
        .map(|raw| {
            let line = line_of(text, raw.span().start);
            let raw = raw.into_inner();
            Term {
                ru: raw.ru.into(),
                tg: raw.tg.into(),
                ky: raw.ky.into(),
                avoid_tg: boxed(raw.avoid_tg),
                avoid_ky: boxed(raw.avoid_ky),
                line,
            }
        })
        .collect()
}
