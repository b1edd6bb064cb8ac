//! The version of `indicators.toml` in force, and counts by its rules.

use sha2::{Digest as _, Sha256};

use super::recount;
use crate::{
    domain::{Timestamp, hex},
    indicators::{EMBEDDED, Settings, SettingsError},
    store::{
        Store, StoreError, Tx,
        indicators::{
            people,
            reports::{self, SettingsRow},
        },
        meta,
    },
};

#[derive(Debug, thiserror::Error)]
pub enum CountingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the stored {0}")]
    Settings(#[from] SettingsError),
}

/// A version of the settings, and its hash, which stands on reports.
#[derive(Clone, Debug)]
pub struct InForce {
    pub settings: Settings,
    /// SHA-256 of its text, in hex.
    pub hash: String,
}

/// The version in force: the last one that was stored, else the embedded one.
///
/// # Errors
/// When the database refuses, or a newer program stored what this one cannot read.
pub async fn settings(tx: &mut Tx) -> Result<InForce, CountingError> {
    let stored = reports::settings(tx).await?;
    let text = stored.as_ref().map_or(EMBEDDED, |row| &row.text);
    Ok(InForce { settings: Settings::read(text)?, hash: hash(text) })
}

/// A version by its hash; `None`: it was never stored, and is not the embedded one.
///
/// # Errors
/// As [`settings`].
pub async fn settings_of(tx: &mut Tx, wanted: &str) -> Result<Option<InForce>, CountingError> {
    let stored = reports::history(tx).await?.into_iter().find(|row| row.hash == wanted).map(|row| row.text);
    let text = stored.or_else(|| (hash(EMBEDDED) == wanted).then(|| EMBEDDED.to_owned()));
    text.map(|text| Ok(InForce { settings: Settings::read(&text)?, hash: wanted.to_owned() })).transpose()
}

/// Puts a version in force; the old ones are kept. Counts are made anew if its rules differ.
///
/// # Errors
/// [`CountingError::Settings`] when it cannot be used; nothing changes then.
pub async fn configure(tx: &mut Tx, text: &str, now: Timestamp) -> Result<InForce, CountingError> {
    let in_force = InForce { settings: Settings::read(text)?, hash: hash(text) };
    reports::put_settings(tx, &SettingsRow { hash: in_force.hash.clone(), text: text.to_owned(), at: now })
        .await?;
    count_by(tx, &in_force).await?;
    Ok(in_force)
}

/// Makes the counts anew unless they were made by these rules. Whether it did.
async fn count_by(tx: &mut Tx, in_force: &InForce) -> Result<bool, StoreError> {
    let rules = in_force.settings.rules.of_counts();
    people::lock_all(tx).await?;
    if meta::get(tx, recount::COUNTED_BY).await?.as_ref() == Some(&rules) {
        return Ok(false);
    }
    recount(tx, &in_force.settings.rules).await?;
    Ok(true)
}

/// The settings, once all that is stored is counted by them: the first start after an upgrade counts what older
/// programs wrote.
///
/// # Errors
/// As [`settings`].
pub async fn ready(store: &Store) -> Result<InForce, CountingError> {
    let mut tx = store.write().await?;
    let in_force = settings(&mut tx).await?;
    let rules = in_force.settings.rules.of_counts();
    if meta::get(&mut tx, recount::COUNTED_BY).await?.as_ref() != Some(&rules)
        && count_by(&mut tx, &in_force).await?
    {
        tracing::info!("all events were counted anew");
    }
    tx.commit().await?;
    Ok(in_force)
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text))
}
