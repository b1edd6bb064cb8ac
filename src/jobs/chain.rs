//! The record of events is sealed, some minutes behind the writing.

use super::Context;
use crate::{counting, store::StoreError};

/// Rows sealed in one transaction: turns wait for it on SQLite.
const AT_ONCE: u32 = 512;

pub(super) async fn run(context: Context) {
    match seal(&context).await {
        Ok(_) => {}
        Err(error) if error.is_conflict() => {}
        Err(error) => tracing::warn!(%error, "events could not be sealed; it is tried again"),
    }
}

/// Seals all rows that were there at the last call. Returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn seal(context: &Context) -> Result<usize, StoreError> {
    let mut tx = context.store.write().await?;
    let last = counting::move_mark(&mut tx).await?;
    tx.commit().await?;
    let mut sealed = 0;
    loop {
        let mut tx = context.store.write().await?;
        let rows = counting::seal(&mut tx, last, AT_ONCE, |bytes| context.ids.fill(bytes)).await?;
        tx.commit().await?;
        sealed += rows;
        if rows < AT_ONCE as usize {
            return Ok(sealed);
        }
    }
}
