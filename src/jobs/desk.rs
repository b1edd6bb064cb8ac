//! What happens to cases by themselves.

use super::Context;
use crate::{
    desk::{Desk, DeskError},
    domain::DeskView,
};

/// What those who wait are told of the desk. `case_days`: how long closed cases are kept.
///
/// # Errors
/// When the database does not answer.
pub async fn desk_view(desk: &Desk, case_days: i64) -> Result<DeskView, DeskError> {
    let standing = desk.outlook().await?;
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(DeskView {
        staffed: standing.staffed,
        open_now: standing.open_now,
        opens_at: standing.opens_at,
        waiting: count(standing.waiting),
        waiting_urgent: count(standing.waiting_urgent),
        wait_minutes: standing.wait_minutes.and_then(|minutes| u32::try_from(minutes).ok()),
        wait_minutes_urgent: standing.wait_minutes_urgent.and_then(|minutes| u32::try_from(minutes).ok()),
        kept_days: u32::try_from(case_days).ok(),
    })
}

/// Turns are told how the desk stands, without asking for it.
pub(super) async fn view(context: Context) {
    match desk_view(&context.desk, context.retention.cases).await {
        Ok(view) => {
            context.view.send_replace(view);
        }
        Err(error) => {
            tracing::warn!(%error, "how the desk stands could not be read; turns are told the last");
        }
    }
}

/// Answers that waited for a word of their persons go.
pub(super) async fn held(context: Context) {
    match context.desk.send_held().await {
        Ok(0) => {}
        Ok(sent) => tracing::info!(sent, "answers that waited for their persons went"),
        Err(error) => tracing::warn!(%error, "answers that wait could not be sent; it is tried again"),
    }
}

/// Silent consultants are warned, and their cases go back to the queue; those of locked accounts do at once.
pub(super) async fn silence(context: Context) {
    match context.desk.watch_silence().await {
        Ok(round) => {
            for case in round.returned {
                tracing::info!(case.id = case.0, "a case went back to the queue: its consultant was silent");
            }
        }
        Err(error) => tracing::warn!(%error, "silence could not be watched; it is tried again"),
    }
    match context.desk.return_stranded().await {
        Ok(returned) => {
            for case in returned {
                tracing::warn!(
                    case.id = case.0,
                    "a case went back to the queue: its consultant works here no more"
                );
            }
        }
        Err(error) => {
            tracing::warn!(%error, "cases of locked accounts could not be looked for; it is tried again");
        }
    }
}

/// Another instance may have changed the settings, and its signal may have been lost.
pub(super) async fn settings(context: Context) {
    if let Err(error) = context.desk.refresh_settings().await {
        tracing::warn!(%error, "the settings of the desk could not be read");
    }
}
