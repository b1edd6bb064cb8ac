//! Reports for the donors as files (indicators.md §2): what is counted becomes a table, a page, a file for another
//! system.
//!
//! [`Reports::make`] is the one way: it refuses while counts and recount differ, gathers the figures of one instant
//! ([`gather`]), hides what may not be published ([`View`]), has an export write them and keeps what was said.
//! An export is one file in `export/` and one line of [`EXPORTS`].

mod causes;
mod export;
mod field;
mod gather;
mod quality;
mod service;
mod sheets;
mod view;
mod words;

pub use causes::Causes;
pub use export::{EXPORTS, Export, Said};
pub use field::FieldEntry;
pub use gather::{Earlier, Report, gather};
pub use quality::Quality;
pub use service::{Made, Order, Past, Reports, Standing};
pub use view::{Line, Published, Split, View};
pub use words::Words;

use crate::{counting::CountingError, domain::Timestamp, store::StoreError};

/// Why a report is not made. Nothing is kept then.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Counting(#[from] CountingError),
    /// indicators.md §3: a difference blocks the report and names the cell.
    #[error(
        "the comparison of {} found {differences} difference(s) between the counts and a recount, first: {first}; \
         run `safar indicators recount`, then make the report again",
        at.to_iso()
    )]
    Differs { at: Timestamp, differences: u64, first: String },
    #[error(
        "the counts were not compared with a recount in the last two days; \
         run `safar indicators recount --compare`, then make the report again"
    )]
    NotCompared,
    #[error("{period} is no period of the programme; these are: {periods}")]
    Period { period: String, periods: String },
    #[error("{0} has not begun yet")]
    Future(String),
    #[error("what is published is by quarter only: choose a quarter, or do not ask for a public file")]
    QuartersOnly,
    #[error("a file for {0} is by month, so it cannot be a public one: what is published is by quarter only")]
    NeverPublic(&'static str),
    #[error(
        "indicators.toml has no [{0}] section, which this file needs: write it as docs/reports.md shows, then run \
         `safar indicators configure indicators.toml`"
    )]
    Section(&'static str),
    #[error("indicators.toml: {key}: {what}")]
    Setting { key: &'static str, what: String },
    #[error("the file could not be written: {0}")]
    Write(String),
}

impl ReportError {
    /// A word for it: the page says `reports-refused-<word>`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Store(_) | Self::Counting(_) | Self::Write(_) => "failed",
            Self::Differs { .. } => "differs",
            Self::NotCompared => "not-compared",
            Self::Period { .. } | Self::Future(_) => "period",
            Self::QuartersOnly => "quarters",
            Self::NeverPublic(_) => "never-public",
            Self::Section(_) => "section",
            Self::Setting { .. } => "setting",
        }
    }
}
