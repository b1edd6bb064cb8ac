//! What is measured, and what is looked at in case a signal was lost.

use super::Context;

/// Keeps the write-ahead log short, off the reply path.
pub(super) async fn checkpoint(context: Context) {
    if let Err(error) = context.store.checkpoint().await {
        tracing::warn!(%error, "checkpoint failed");
    }
}

pub(super) async fn outbox_depth(context: Context) {
    match context.dialog.depth().await {
        Ok(depth) => {
            let age = depth.oldest.map_or(0, |oldest| context.clock.now().ms_since(oldest).max(0));
            metrics::gauge!("safar_outbox_depth").set(depth.queued as f64);
            metrics::gauge!("safar_outbox_age_seconds").set(age as f64 / 1000.0);
        }
        Err(error) => tracing::warn!(%error, "the outbox could not be measured"),
    }
}

/// Another instance, or `safar content publish`, may have put another release in force.
pub(super) async fn release(context: Context) {
    if let Err(error) = context.releases.refresh().await {
        tracing::warn!(%error, "the release in force could not be read");
    }
}
