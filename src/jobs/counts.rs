//! Counts of persons become cells of the figures; each night all is compared with a recount.

use super::Context;
use crate::{
    counting::{self, CountingError},
    store::{StoreError, meta},
};

/// Persons rolled up in one transaction: turns wait for it on SQLite.
const AT_ONCE: u32 = 200;
/// Notes of uses that are added up in one transaction.
const SQUASHED_AT_ONCE: u32 = 2_000;
/// From this hour on, in the programme's zone: few write then, and the day before is over everywhere.
const NIGHT_HOUR: i64 = 2;
const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;
/// Day of the last nightly comparison.
const COMPARED: &str = "counts_compared";
/// Differences that are told in the log.
const TOLD_MAX: usize = 10;

pub(super) async fn run(context: Context) {
    if let Err(error) = roll(&context).await {
        tracing::warn!(%error, "counts could not be rolled up; it is tried again");
    }
}

/// Rolls up all that waits, in small transactions.
async fn roll(context: &Context) -> Result<(), StoreError> {
    loop {
        let mut tx = context.store.write().await?;
        let rolled = counting::roll(&mut tx, context.dialog.rules(), AT_ONCE).await?;
        tx.commit().await?;
        if rolled < AT_ONCE as usize {
            break;
        }
    }
    loop {
        let mut tx = context.store.write().await?;
        let squashed = counting::squash(&mut tx, SQUASHED_AT_ONCE).await?;
        tx.commit().await?;
        if squashed < SQUASHED_AT_ONCE as usize {
            return Ok(());
        }
    }
}

pub(super) async fn night(context: Context) {
    match compare_by_night(&context).await {
        Ok(_) => {}
        Err(CountingError::Store(error)) if error.is_conflict() => {}
        Err(error) => tracing::warn!(%error, "counts could not be compared; it is tried again"),
    }
}

/// Once a day: compares the counts with a recount and, if they agree, freezes the reports that are due. Returns how
/// many differences there were; `None`: it is not the time.
///
/// # Errors
/// When the database refuses.
pub async fn compare_by_night(context: &Context) -> Result<Option<usize>, CountingError> {
    let now = context.clock.now();
    let mut tx = context.store.read().await?;
    let in_force = counting::settings(&mut tx).await?;
    let rules = &in_force.settings.rules;
    let today = now.day(rules.offset_minutes);
    let hour = (now.0 + i64::from(rules.offset_minutes) * MINUTE_MS).div_euclid(HOUR_MS).rem_euclid(24);
    let done = meta::get(&mut tx, COMPARED).await?;
    if hour < NIGHT_HOUR || done.as_deref() == Some(&*today.to_string()) {
        return Ok(None);
    }
    let found = counting::compare(&mut tx, rules).await?;
    tx.rollback().await?;
    metrics::gauge!("safar_counts_differences").set(found.differences.len() as f64);
    for line in found.differences.iter().take(TOLD_MAX) {
        tracing::error!(line, "a count differs from its recount");
    }
    let mut tx = context.store.write().await?;
    if found.differences.is_empty() {
        for period in counting::freeze(&mut tx, &in_force, now, || context.ids.next(now)).await? {
            tracing::info!(%period, "the figures of a period are frozen");
        }
    } else {
        tracing::error!(
            differences = found.differences.len(),
            "no report is frozen or made before `safar indicators recount` has mended the counts"
        );
    }
    counting::note_compared(&mut tx, &found, now).await?;
    meta::set(&mut tx, COMPARED, &today.to_string()).await?;
    tx.commit().await?;
    Ok(Some(found.differences.len()))
}
