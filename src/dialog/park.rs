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

impl Dialog {
    /// Keeps an inbound that cannot be handled. Its key counts as seen: a redelivery is not parked twice.
    pub async fn park(
        &self,
        key: &str,
        channel: ChannelKind,
        reason: &str,
        address: Option<&Address>,
        raw: &[u8],
        now: Timestamp,
    ) -> Result<(), DialogError> {
        let mut tx = self.store.write().await?;
        let fresh = store::dedup::insert_new(&mut tx, &[key], now).await?;
        if fresh.first().copied().unwrap_or(false) {
            let sealed = self.keys.seal(SEAL_PARKED, raw, &*self.ids);
            let row = store::parked::NewParked {
                id: self.ids.next(now),
                key: key.to_owned(),
                channel,
                reason: reason.to_owned(),
                key_id: Keys::ID,
                sealed,
                received_at: now,
                attempts: 0,
                address: address.map(|address| {
                    let sealed = self.keys.seal(SEAL_ADDRESS, address.external.as_bytes(), &*self.ids);
                    (self.keys.lookup(address), sealed)
                }),
            };
            store::parked::add(&mut tx, &row).await?;
        }
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
    /// Handles a parked inbound again. Its messages are left to the running server: nobody here can send them.
    pub async fn replay(
        &self,
        inbound: &crate::domain::Inbound,
        id: i64,
        now: Timestamp,
    ) -> Result<super::Committed, DialogError> {
        let committed = self.handle(std::slice::from_ref(inbound), &[], now).await?;
        self.give_back(inbound.address.channel).await?;
        self.mark_replayed(id, now).await?;
        Ok(committed)
    }
}
