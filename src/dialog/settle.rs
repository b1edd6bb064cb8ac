//! What became of messages that were sent.

use crate::{
    domain::{ContactId, OutboxId, Timestamp},
    store::{
        self, Tx,
        outbox::{Postponed, Receipt, ReceiptState},
    },
};

use super::DialogError;

/// One message's fate, from the sender.
#[derive(Clone, Debug)]
pub struct Settled {
    pub id: OutboxId,
    pub contact: ContactId,
    pub delivery: Delivery,
    pub at: Timestamp,
}

#[derive(Clone, Debug)]
pub enum Delivery {
    /// Accepted by the channel, as this message of the chat.
    Sent { message: Option<i64>, edited: bool },
    /// Shown by the web page.
    Delivered,
    /// Will never arrive.
    Failed { code: String },
    /// The contact blocked the bot: failed, and nothing more is sent.
    Blocked,
    /// To be tried again.
    Postponed { not_before: Timestamp, attempts: i32, code: String },
}

pub(super) async fn write(tx: &mut Tx, settled: &[Settled]) -> Result<(), DialogError> {
    let mut receipts = Vec::with_capacity(settled.len());
    let mut last = Vec::new();
    let mut postponed = Vec::new();
    let mut blocked = Vec::new();
    for settled in settled {
        let (state, external, error) = match &settled.delivery {
            Delivery::Sent { message, edited } => {
                if let (Some(message), false) = (message, edited) {
                    last.push((settled.contact, *message));
                }
                (ReceiptState::Sent, message.map(|message| message.to_string()), None)
            }
            Delivery::Delivered => (ReceiptState::Delivered, None, None),
            Delivery::Failed { code } => (ReceiptState::Failed, None, Some(code.clone())),
            Delivery::Blocked => {
                blocked.push(settled.contact);
                (ReceiptState::Failed, None, Some("blocked".to_owned()))
            }
            Delivery::Postponed { not_before, attempts, code } => {
                postponed.push(Postponed {
                    id: settled.id,
                    not_before: *not_before,
                    attempts: *attempts,
                    error: Some(code.clone()),
                });
                continue;
            }
        };
        receipts.push(Receipt { id: settled.id, state, external, error, at: settled.at });
    }
    store::outbox::settle(tx, &receipts).await?;
    store::outbox::postpone(tx, &postponed).await?;
    store::sessions::set_last_message(tx, &last).await?;
    store::sessions::set_reachable(tx, &blocked, false).await?;
    Ok(())
}
