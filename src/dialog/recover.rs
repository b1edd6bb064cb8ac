//! Rows that no sender has in hand: after a crash, after a wait, from another instance.

use super::{Dialog, DialogError, Form, LEASE_MS, Outgoing, apply::SEAL_ADDRESS, settle};
use crate::{
    domain::{Address, ChannelKind, ContactId, OutboxId, Timestamp},
    engine::Say,
    privacy::message_context,
    store,
};

/// Rows that were taken over and go back until a receipt had its time, with what comes after them in their lanes.
#[derive(Default)]
struct Later {
    rows: Vec<store::outbox::Postponed>,
    last: Option<(ContactId, i16, Timestamp)>,
}

impl Later {
    /// Whether this row goes back. Rows come by contact, then in order.
    fn waits(&mut self, row: &store::outbox::OutboxDue, now: Timestamp) -> bool {
        let doubted = row.not_before > now;
        let held = self.last.filter(|(contact, lane, _)| (*contact, *lane) == (row.contact, row.lane));
        let not_before = match held {
            Some((_, _, until)) => until.max(row.not_before),
            None if doubted => row.not_before,
            None => return false,
        };
        self.last = Some((row.contact, row.lane, not_before));
        self.rows.push(store::outbox::Postponed {
            id: row.id,
            not_before,
            attempts: row.attempts + i32::from(doubted),
            error: doubted.then(|| "ambiguous".to_owned()),
            uncertain: doubted,
        });
        true
    }
}

impl Dialog {
    /// Takes due rows of a channel over, oldest contact first. Rows whose lease ran out are marked `uncertain`: who had
    /// them may have sent them and died. For such a row a receipt is waited for first, for `patience_ms`; 0 where the
    /// channel gives none (channels.md §8).
    ///
    /// # Errors
    /// When the database does not answer; nothing is taken then.
    pub async fn take_due(
        &self,
        channel: ChannelKind,
        now: Timestamp,
        patience_ms: i64,
        limit: u32,
    ) -> Result<Vec<Outgoing>, DialogError> {
        let mut tx = self.store.write().await?;
        let (until, doubted) = (now.plus_ms(LEASE_MS), now.plus_ms(patience_ms));
        let rows =
            store::outbox::lease_due(&mut tx, channel, self.instance, now, until, doubted, limit).await?;
        let mut later = Later::default();
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            if later.waits(&row, now) {
                continue;
            }
            let say = self.say(row.id, row.payload.as_deref(), row.sealed.as_deref());
            let address = self.current(channel, &row.addresses);
            let (Some(say), Some(address)) = (say, address) else {
                tracing::error!(outbox.id = row.id.0, "an outbox row cannot be read; it is given up");
                let receipt = store::outbox::Receipt {
                    id: row.id,
                    state: store::outbox::ReceiptState::Failed,
                    external: None,
                    error: Some("unreadable".to_owned()),
                    at: now,
                };
                store::outbox::settle(&mut tx, &[receipt]).await?;
                continue;
            };
            out.push(Outgoing {
                id: Some(row.id),
                contact: row.contact,
                address,
                say,
                lane: row.lane,
                last_inbound_at: row.last_inbound_at,
                edit: row.edit_of,
                attempts: row.attempts,
                doubts: i32::from(row.uncertain),
                form: match row.error.as_deref() {
                    Some(settle::WINDOW_CLOSED) => Form::Template,
                    Some(settle::NO_TEMPLATE) => Form::Fallback,
                    _ => Form::Own,
                },
                hide: Vec::new(),
            });
        }
        store::outbox::postpone(&mut tx, &later.rows).await?;
        tx.commit().await?;
        Ok(out)
    }

    /// What a row says: as it stands, or sealed, because a consultant's words stand in it.
    pub(super) fn say(&self, id: OutboxId, payload: Option<&str>, sealed: Option<&[u8]>) -> Option<Say> {
        match (payload, sealed) {
            (Some(text), _) => serde_json::from_str(text).ok(),
            (None, Some(sealed)) => {
                let opened = self.keys.open(&message_context(id), sealed).ok()?;
                serde_json::from_slice(&opened).ok()
            }
            (None, None) => None,
        }
    }

    /// The address to write to: of those used last, the one that the channel prefers.
    fn current(&self, channel: ChannelKind, addresses: &[(Timestamp, Vec<u8>)]) -> Option<Address> {
        let newest = addresses.iter().map(|(since, _)| *since).max()?;
        let opened = addresses.iter().filter(|(since, _)| *since == newest).filter_map(|(_, sealed)| {
            let bytes = self.keys.open(SEAL_ADDRESS, sealed).ok()?;
            Some(Address::new(channel, String::from_utf8(bytes).ok()?))
        });
        opened.max_by_key(Address::is_phone)
    }

    /// All addresses of a contact, those used last at the end; none of one who is gone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn addresses(&self, contact: ContactId) -> Result<Vec<Address>, DialogError> {
        let mut tx = self.store.read().await?;
        let rows = store::contacts::addresses(&mut tx, contact).await?;
        let opened = rows.into_iter().filter_map(|row| {
            let bytes = self.keys.open(SEAL_ADDRESS, &row.sealed).ok()?;
            Some(Address::new(row.channel, String::from_utf8(bytes).ok()?))
        });
        Ok(opened.collect())
    }

    /// Where a message that has waited in memory goes now: its contact's address may have changed or gone to somebody
    /// else meanwhile. The address shown stays if it is still one of theirs; `None` when nobody is left to write to.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn readdress(&self, outgoing: &Outgoing) -> Result<Option<Address>, DialogError> {
        let Some(id) = outgoing.id else { return Ok(Some(outgoing.address.clone())) };
        let mut tx = self.store.read().await?;
        let addresses = store::contacts::addresses_for(&mut tx, id).await?;
        let is_theirs = addresses.iter().any(|(_, sealed)| {
            self.keys
                .open(SEAL_ADDRESS, sealed)
                .is_ok_and(|external| *external == *outgoing.address.external.as_bytes())
        });
        if is_theirs {
            return Ok(Some(outgoing.address.clone()));
        }
        Ok(self.current(outgoing.address.channel, &addresses))
    }

    /// At the start on SQLite, where no other process can hold them: all leases are over.
    pub async fn take_over(&self, channel: ChannelKind, now: Timestamp) -> Result<(), DialogError> {
        let mut tx = self.store.write().await?;
        store::outbox::take_over(&mut tx, channel, now).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps rows that wait in memory from being taken over.
    pub async fn renew(&self, rows: &[OutboxId], now: Timestamp) -> Result<(), DialogError> {
        let mut tx = self.store.write().await?;
        store::outbox::renew(&mut tx, self.instance, rows, now.plus_ms(LEASE_MS)).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a receipt has come for a message.
    pub async fn is_settled(&self, message: OutboxId) -> Result<bool, DialogError> {
        let mut tx = self.store.read().await?;
        Ok(store::outbox::is_settled(&mut tx, message).await?)
    }

    /// Queued rows by channel, and when the oldest was made.
    pub async fn depth(&self) -> Result<Vec<store::outbox::Depth>, DialogError> {
        let mut tx = self.store.read().await?;
        Ok(store::outbox::depth(&mut tx).await?)
    }

    /// At an orderly stop of a channel's sender: rows that were never handed to the channel go back unmarked.
    pub async fn give_back(&self, channel: ChannelKind) -> Result<(), DialogError> {
        let mut tx = self.store.write().await?;
        store::outbox::release(&mut tx, self.instance, channel).await?;
        Ok(tx.commit().await?)
    }
}
