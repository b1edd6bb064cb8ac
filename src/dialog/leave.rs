//! The web chat's quick exit: the browser has forgotten its token, so nobody comes back to this conversation.

use super::{DialogError, WebChat};
use crate::{
    bus::Signal,
    desk::Mark,
    domain::{ChannelKind, OutboxId},
    store::{
        self,
        outbox::{LEFT, Receipt, ReceiptState},
    },
};

impl WebChat {
    /// The visitor left. What was on its way to them fails, and so does what is said to them from now on; the case that
    /// is open hears of it. A word of theirs, should the token be remembered somewhere, makes them reachable again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn leave(&self, token: &str) -> Result<(), DialogError> {
        let (dialog, now) = (&self.dialog, self.clock.now());
        let lookup = self.visitor(token).lookup;
        // Read first: strangers may post any token, and SQLite has one writer.
        let mut tx = dialog.store.read().await?;
        let contact = store::contacts::find_by_lookup(&mut tx, &lookup).await?;
        tx.rollback().await?;
        let Some(contact) = contact else { return Ok(()) };
        let mut tx = dialog.store.write().await?;
        // The session first, as everywhere.
        let held = store::sessions::hold(&mut tx, contact).await?;
        let Some(held) = held.filter(|held| held.channel == ChannelKind::Web && held.reachable) else {
            // Each of a browser's tabs tells it.
            return Ok(());
        };
        store::sessions::set_reachable(&mut tx, &[contact], false).await?;
        let mut after = OutboxId(0);
        loop {
            let rows = store::outbox::unsettled_for(&mut tx, contact, after).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            let failed = |id| Receipt {
                id,
                state: ReceiptState::Failed,
                external: None,
                error: Some(LEFT.to_owned()),
                at: now,
            };
            let receipts: Vec<Receipt> = rows.iter().map(|row| failed(row.id)).collect();
            store::outbox::settle(&mut tx, &receipts).await?;
        }
        let mut signals = Vec::new();
        if let Some(case) = store::cases::open_of_contact(&mut tx, held.contact).await? {
            let mark = Mark::plain("away").entry(&dialog.keys, &*dialog.ids, case.id, now);
            store::cases::append(&mut tx, &[mark]).await?;
            signals = vec![Signal::Queue, Signal::Case(case.id)];
        }
        dialog.notify_all(&mut tx, &signals).await?;
        tx.commit().await?;
        dialog.tell_all(&signals);
        Ok(())
    }
}
