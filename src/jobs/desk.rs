//! What happens to cases by themselves.

use super::Context;

/// Answers that waited for a word of their persons go.
pub(super) async fn held(context: Context) {
    match context.desk.send_held().await {
        Ok(0) => {}
        Ok(sent) => tracing::info!(sent, "answers that waited for their persons went"),
        Err(error) => tracing::warn!(%error, "answers that wait could not be sent; it is tried again"),
    }
}

/// Silent consultants are warned, and their cases go back to the queue.
pub(super) async fn silence(context: Context) {
    match context.desk.watch_silence().await {
        Ok(round) => {
            for case in round.returned {
                tracing::info!(case.id = case.0, "a case went back to the queue: its consultant was silent");
            }
        }
        Err(error) => tracing::warn!(%error, "silence could not be watched; it is tried again"),
    }
}

/// Another instance may have changed the settings, and its signal may have been lost.
pub(super) async fn settings(context: Context) {
    if let Err(error) = context.desk.refresh_settings().await {
        tracing::warn!(%error, "the settings of the desk could not be read");
    }
}
