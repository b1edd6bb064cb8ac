//! What is wrong with an entry or a file of entries, so that whoever made it can mend it.
//!
//! The command line shows the English of [`Fault`]; pages show `field-fault-<key>` in the viewer's language.

use crate::domain::EntryId;

/// A fault, with what it takes to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("is empty: fill it in")]
    Missing,
    #[error("is no number: write digits only")]
    NotNumber,
    #[error("is more than {0}: check the number")]
    TooMany(u32),
    #[error("is none of {0}: write one of these words")]
    NotOneOf(String),
    #[error("has more than {0} characters: shorten it")]
    TooLong(usize),
    #[error("is no campaign code: 3 to 32 of a-z, 0-9 and hyphens")]
    NotCode,
    #[error("is no code of a centre: at most 32 of a-z, 0-9 and hyphens")]
    NotCentre,
    #[error("is no date: write 2026-04-14, or an instant with its zone like 2026-04-14T14:00:00+05:00")]
    NotDay,
    #[error("lies in the future: check the date and the phone's clock")]
    Ahead,
    #[error("lies outside of the programme: it would never count")]
    Outside,
    #[error("nobody was there: give at least one head or employer")]
    Nobody,
    #[error("begins like a formula: take the first sign away")]
    Formula,
    #[error("holds a control character: type it anew")]
    Control,
    /// Sessions of one group, registers of one month.
    #[error("is reported by entry {0} already: the largest attendance counts; void that one first")]
    Known(EntryId),
    // Of files.
    #[error("is no UTF-8 text: export the file as CSV in UTF-8")]
    NotText,
    #[error("has no rows")]
    NoRows,
    #[error("is larger than {0} MB: export fewer rows at once")]
    TooLarge(usize),
    #[error("has more than {0} columns: this is not an export of entries")]
    TooWide(usize),
    #[error("has more than {0} rows: import it in parts")]
    TooTall(usize),
    #[error("is longer than 16 KB, or a quotation mark does not end: look at the long cells of this row")]
    RowTooLong,
    #[error("has a quotation mark that does not end, or text beside a quoted cell")]
    Quotes,
    #[error("has {found} cells, the header has {wanted}: export it anew and do not edit it by hand")]
    Cells { found: usize, wanted: usize },
    #[error("is missing: export with \"XML values and headers\"")]
    NoColumn,
    #[error("is there twice: the names of two questions end alike")]
    TwiceColumn,
    #[error("is no kind of entry: one of {0}")]
    NotKind(String),
    #[error("is no id: at most 64 letters, digits and hyphens")]
    NotId,
    /// An id or unit that came in this row before.
    #[error("is the same as in row {0}: one of the two is too many")]
    Twice(usize),
}

impl Fault {
    /// The end of its text's id.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotNumber => "not-number",
            Self::TooMany(_) => "too-many",
            Self::NotOneOf(_) => "not-one-of",
            Self::TooLong(_) => "too-long",
            Self::NotCode => "not-code",
            Self::NotCentre => "not-centre",
            Self::NotDay => "not-day",
            Self::Ahead => "ahead",
            Self::Outside => "outside",
            Self::Nobody => "nobody",
            Self::Formula => "formula",
            Self::Control => "control",
            Self::Known(_) => "known",
            Self::NotText => "not-text",
            Self::NoRows => "no-rows",
            Self::TooLarge(_) => "too-large",
            Self::TooWide(_) => "too-wide",
            Self::TooTall(_) => "too-tall",
            Self::RowTooLong => "row-too-long",
            Self::Quotes => "quotes",
            Self::Cells { .. } => "cells",
            Self::NoColumn => "no-column",
            Self::TwiceColumn => "twice-column",
            Self::NotKind(_) => "not-kind",
            Self::NotId => "not-id",
            Self::Twice(_) => "twice",
        }
    }

    /// All keys, so that a test finds a text for each.
    pub const KEYS: [&'static str; 27] = [
        "missing",
        "not-number",
        "too-many",
        "not-one-of",
        "too-long",
        "not-code",
        "not-centre",
        "not-day",
        "ahead",
        "outside",
        "nobody",
        "formula",
        "control",
        "known",
        "not-text",
        "no-rows",
        "too-large",
        "too-wide",
        "too-tall",
        "row-too-long",
        "quotes",
        "cells",
        "no-column",
        "twice-column",
        "not-kind",
        "not-id",
        "twice",
    ];

    /// What its text is told: `{ $is }`, and `{ $wanted }` of cells.
    pub fn told(&self) -> (String, String) {
        let is = match self {
            Self::TooMany(n) => n.to_string(),
            Self::NotOneOf(words) | Self::NotKind(words) => words.clone(),
            Self::TooLong(n) | Self::TooLarge(n) | Self::TooWide(n) | Self::TooTall(n) | Self::Twice(n) => {
                n.to_string()
            }
            Self::Known(entry) => entry.to_string(),
            Self::Cells { found, .. } => found.to_string(),
            _ => String::new(),
        };
        let wanted = if let Self::Cells { wanted, .. } = self { wanted.to_string() } else { String::new() };
        (is, wanted)
    }
}

/// A value of a form that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its name, as in [`super::Spec`]; `occurred_at` for the day.
    pub name: &'static str,
    pub fault: Fault,
}

/// A cell of a file that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// Line of the file on which the row begins, the header being 1; 0: the file itself.
    pub row: usize,
    /// Column as the file names it; empty: the row itself.
    pub column: String,
    /// The cell, not all of a long one.
    pub value: String,
    pub fault: Fault,
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.row {
            0 => f.write_str("the file")?,
            row => write!(f, "row {row}")?,
        }
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        if !self.value.is_empty() {
            write!(f, ": {:?}", self.value)?;
        }
        write!(f, " {}", self.fault)
    }
}
