//! Opens of links, counted in memory, are written.

use super::Context;

pub(super) async fn run(context: Context) {
    if let Err(error) = context.outreach.flush().await {
        tracing::warn!(%error, "opens of links could not be written; it is tried again");
    }
}
