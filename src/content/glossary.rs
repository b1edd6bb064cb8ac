//! The terms that all texts use, and the words that they do not use for them.

use crate::domain::Locale;

#[derive(Clone, Debug)]
pub struct Term {
    pub ru: Box<str>,
    pub tg: Box<str>,
    pub ky: Box<str>,
    /// Words or phrases that Tajik texts do not use for it; endings may hang on the last word.
    pub avoid_tg: Vec<Box<str>>,
    pub avoid_ky: Vec<Box<str>>,
    pub line: usize,
}

impl Term {
    pub fn avoided(&self, locale: Locale) -> &[Box<str>] {
        match locale {
            Locale::Ru => &[],
            Locale::Tg => &self.avoid_tg,
            Locale::Ky => &self.avoid_ky,
        }
    }

    pub const fn wanted(&self, locale: Locale) -> &str {
        match locale {
            Locale::Ru => &self.ru,
            Locale::Tg => &self.tg,
            Locale::Ky => &self.ky,
        }
    }
}

/// The glossary as the table of `docs/glossary.md`.
pub fn glossary_table(terms: &[Term]) -> String {
    let mut out =
        String::from("| ru | tg | ky | do not use (tg) | do not use (ky) |\n|---|---|---|---|---|\n");
    for term in terms {
        let cells = [&*term.ru, &*term.tg, &*term.ky, &term.avoid_tg.join(", "), &term.avoid_ky.join(", ")];
        for cell in cells {
            out.push_str("| ");
            out.push_str(cell);
            if !cell.is_empty() {
                out.push(' ');
            }
        }
        out.push_str("|\n");
    }
    out
}
