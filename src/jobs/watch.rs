//! What is measured, and what is looked at in case a signal was lost.

use super::Context;
use crate::domain::ChannelKind;

/// Keeps the write-ahead log short, off the reply path.
pub(super) async fn checkpoint(context: Context) {
    if let Err(error) = context.store.checkpoint().await {
        tracing::warn!(%error, "checkpoint failed");
    }
}

pub(super) async fn outbox_depth(context: Context) {
    match context.dialog.depth().await {
        Ok(depths) => {
            let now = context.clock.now();
            for kind in ChannelKind::ALL {
                let depth = depths.iter().find(|depth| depth.channel == kind);
                let queued = depth.map_or(0, |depth| depth.queued);
                let age =
                    depth.and_then(|depth| depth.oldest).map_or(0, |oldest| now.ms_since(oldest).max(0));
                metrics::gauge!("safar_outbox_depth", "channel" => kind.as_str()).set(queued as f64);
                metrics::gauge!("safar_outbox_age_seconds", "channel" => kind.as_str())
                    .set(age as f64 / 1000.0);
            }
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
