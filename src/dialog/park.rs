//! Inbound that could not be handled: kept raw and sealed, with the reason, to be replayed.

use bytes::Bytes;

use super::{Dialog, DialogError, apply::SEAL_ADDRESS};
use crate::{
    domain::{Address, ChannelKind, Timestamp},
    privacy::Keys,
    store,
};

const SEAL_PARKED: &str = "parked inbound";

/// A parked inbound, opened.
#[derive(Clone)]
pub struct Parked {
    pub id: i64,
    pub key: Box<str>,
    pub channel: ChannelKind,
    pub reason: String,
    pub received_at: Timestamp,
    pub attempts: i32,
    /// Who sent it, where that could be read.
    pub address: Option<Address>,
    pub raw: Bytes,
}

/// Something to be parked.
#[derive(Clone)]
pub struct Parking {
    /// Counts as seen from now on: a redelivery is not parked twice.
    pub key: Box<str>,
    /// A code, never what the person wrote.
    pub reason: &'static str,
    /// Whose it is, where that can be read: erasing the person finds it by this.
    pub address: Option<Address>,
    /// What its channel reads again: the whole body, or the one item of it that this is.
    pub raw: Bytes,
}

impl Dialog {
    /// Keeps inbound of one channel that cannot be handled, in one transaction.
    ///
    /// # Errors
    /// [`DialogError`]: none of them was kept.
    pub async fn park(
        &self,
        channel: ChannelKind,
        items: &[Parking],
        now: Timestamp,
    ) -> Result<(), DialogError> {
        if items.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.write().await?;
        let keys: Vec<&str> = items.iter().map(|item| &*item.key).collect();
        let fresh = store::dedup::insert_new(&mut tx, &keys, now).await?;
        let rows: Vec<_> = items
            .iter()
            .zip(fresh)
            .filter(|(_, fresh)| *fresh)
            .map(|(item, _)| store::parked::NewParked {
                id: self.ids.next(now),
                key: item.key.to_string(),
                channel,
                reason: item.reason.to_owned(),
                key_id: Keys::ID,
                sealed: self.keys.seal(SEAL_PARKED, &item.raw, &*self.ids),
                received_at: now,
                attempts: 0,
                address: item.address.as_ref().map(|address| {
                    let sealed = self.keys.seal(SEAL_ADDRESS, address.external.as_bytes(), &*self.ids);
                    (self.keys.lookup(address), sealed)
                }),
            })
            .collect();
        store::parked::add(&mut tx, &rows).await?;
        Ok(tx.commit().await?)
    }

    /// A parked inbound by its id, opened; `None` when there is none.
    pub async fn parked(&self, id: i64) -> Result<Option<Parked>, DialogError> {
        let mut tx = self.store.read().await?;
        let Some(parked) = store::parked::find(&mut tx, id).await? else { return Ok(None) };
        let raw = self.keys.open(SEAL_PARKED, &parked.sealed)?;
        let row = parked.row;
        let external = parked.address.and_then(|sealed| self.keys.open(SEAL_ADDRESS, &sealed).ok());
        let external = external.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(Some(Parked {
            address: external.map(|external| Address::new(row.channel, external)),
            id: row.id,
            key: row.key.into(),
            channel: row.channel,
            reason: row.reason,
            received_at: row.received_at,
            attempts: row.attempts,
            raw: raw.into(),
        }))
    }

    /// Parked inbound, newest first, not opened.
    pub async fn list_parked(&self, limit: u32) -> Result<Vec<store::parked::ParkedRow>, DialogError> {
        let mut tx = self.store.read().await?;
        Ok(store::parked::list(&mut tx, limit).await?)
    }

    /// Notes that a parked inbound went through.
    pub async fn mark_replayed(&self, id: i64, now: Timestamp) -> Result<(), DialogError> {
        let mut tx = self.store.write().await?;
        store::parked::mark_replayed(&mut tx, id, now).await?;
        Ok(tx.commit().await?)
    }
}

impl Dialog {
    /// Handles again what a parked row holds. Its messages are left to the running server: nobody here can send them.
    pub async fn replay(
        &self,
        inbounds: &[crate::domain::Inbound],
        id: i64,
        now: Timestamp,
    ) -> Result<super::Committed, DialogError> {
        let mut all = super::Committed::default();
        // As many at once as a lane takes.
        for batch in inbounds.chunks(store::ROWS_MAX) {
            let committed = self.handle(batch, &[], now).await?;
            all.turns += committed.turns;
            all.duplicates += committed.duplicates;
        }
        if let Some(inbound) = inbounds.first() {
            self.give_back(inbound.address.channel).await?;
        }
        self.mark_replayed(id, now).await?;
        Ok(all)
    }
}
