//! Notices to chats of staff, through the outbox like everything that the bot says.

use std::collections::BTreeMap;

use super::{Chat, Desk, DeskError, person::Person, watch::NOTICES};
use crate::{
    bus::Signal,
    domain::{ContactId, Locale, OutboxId, Timestamp},
    engine::Say,
    store::outbox::{self, OutboxNew},
};

impl Desk {
    /// Says something in these chats, in the language of each. Gives how many hear it: a chat that cannot be reached
    /// does not.
    ///
    /// # Errors
    /// When the database does not answer; then nobody hears it.
    pub async fn tell_chats(
        &self,
        chats: &[Chat],
        say: impl Fn(Option<Locale>) -> Say + Send + Sync,
    ) -> Result<usize, DeskError> {
        if chats.is_empty() {
            return Ok(0);
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        // Sessions in contact order: as everywhere.
        let wanted: BTreeMap<ContactId, Option<Locale>> =
            chats.iter().map(|chat| (chat.contact, chat.locale)).collect();
        let mut rows = Vec::new();
        for (contact, locale) in wanted {
            let person = Person::hold(&mut tx, Some(contact)).await?;
            let Some(person) = person.filter(|person| person.reachable) else { continue };
            rows.push(OutboxNew {
                id: OutboxId(self.ids.next(now)),
                contact: person.contact,
                channel: person.channel,
                lane: NOTICES,
                payload: Some(serde_json::to_string(&say(locale)).unwrap_or_default()),
                sealed: None,
                edit_of: None,
                not_before: now,
                leased_by: None,
                lease_until: Timestamp(0),
                created_at: now,
            });
        }
        if rows.is_empty() {
            tx.rollback().await?;
            return Ok(0);
        }
        outbox::add(&mut tx, &rows).await?;
        self.commit(tx, &[Signal::Outbox]).await?;
        Ok(rows.len())
    }
}
