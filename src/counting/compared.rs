//! What the last comparison of the counts with a recount found: a report is made only if it found nothing.

use serde::{Deserialize, Serialize};

use super::Compared;
use crate::{
    domain::Timestamp,
    store::{StoreError, Tx, meta},
};

/// The row of `meta` that holds it.
const COMPARISON: &str = "counts_comparison";
/// Differences that are kept.
const KEPT_MAX: usize = 10;

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Unix milliseconds of its end.
    at: i64,
    /// How many cells differed.
    pub differences: u64,
    /// The first of them, a line each, as [`Compared::differences`] has them.
    #[serde(default)]
    pub first: Vec<String>,
}

impl Comparison {
    pub fn of(found: &Compared, at: Timestamp) -> Self {
        let first = found.differences.iter().take(KEPT_MAX).cloned().collect();
        Self { at: at.0, differences: found.differences.len() as u64, first }
    }

    pub const fn at(&self) -> Timestamp {
        Timestamp(self.at)
    }
}

/// Keeps what a comparison found. A recount replaces what differed: after it there is no difference.
///
/// # Errors
/// When the database refuses.
pub async fn note_compared(tx: &mut Tx, found: &Compared, at: Timestamp) -> Result<(), StoreError> {
    let text = serde_json::to_string(&Comparison::of(found, at)).unwrap_or_default();
    meta::set(tx, COMPARISON, &text).await
}

/// The last comparison; `None`: there was none yet.
///
/// # Errors
/// When the database refuses, or a newer program wrote what is read.
pub async fn last_compared(tx: &mut Tx) -> Result<Option<Comparison>, StoreError> {
    let Some(text) = meta::get(tx, COMPARISON).await? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| StoreError::Inconsistent {
        table: "meta",
        column: "value".to_owned(),
        row: COMPARISON.to_owned(),
    })
}
