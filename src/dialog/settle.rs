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
    /// `None`: told by a receipt that names the message only.
    pub contact: Option<ContactId>,
    pub delivery: Delivery,
    /// What the channel charges for it, once it says so: `free_entry`, `service`, `utility`, `marketing`.
    pub cost: Option<&'static str>,
    pub at: Timestamp,
}

impl Settled {
    pub const fn new(id: OutboxId, contact: ContactId, delivery: Delivery, at: Timestamp) -> Self {
        Self { id, contact: Some(contact), delivery, cost: None, at }
    }
}

#[derive(Clone, Debug)]
pub enum Delivery {
    /// Accepted by the channel, as this message of the chat; `reference`: a name of it that gives nobody away.
    Sent {
        message: Option<i64>,
        reference: Option<String>,
        edited: bool,
    },
    /// On the phone, or shown by the web page.
    Delivered,
    Read,
    /// Will never arrive.
    Failed {
        code: String,
    },
    /// The contact blocked the bot: failed, and nothing more is sent.
    Blocked,
    /// To be tried again.
    Postponed {
        not_before: Timestamp,
        attempts: i32,
        code: String,
    },
}

/// Whose sessions receipts concern: contacts, and messages of contacts not named.
///
/// The contact that a sender names may have been joined with another meanwhile, so its row is asked, too.
pub(super) fn concerned(settled: &[Settled]) -> (Vec<ContactId>, Vec<OutboxId>) {
    (
        settled.iter().filter_map(|settled| settled.contact).collect(),
        settled.iter().map(|settled| settled.id).collect(),
    )
}

/// Writes receipts; returns what messages cost, each told once.
pub(super) async fn write(tx: &mut Tx, settled: &[Settled]) -> Result<Vec<String>, DialogError> {
    let mut receipts = Vec::with_capacity(settled.len());
    let mut last = Vec::new();
    let mut postponed = Vec::new();
    let (mut blocked, mut blocked_by_message) = (Vec::new(), Vec::new());
    for settled in settled {
        let (state, external, error) = match &settled.delivery {
            Delivery::Sent { message, reference, edited } => {
                if let (Some(contact), Some(message), false) = (settled.contact, message, edited) {
                    last.push((contact, *message));
                }
                let named = reference.clone().or_else(|| message.map(|message| message.to_string()));
                (ReceiptState::Sent, named, None)
            }
            Delivery::Delivered => (ReceiptState::Delivered, None, None),
            Delivery::Read => (ReceiptState::Read, None, None),
            Delivery::Failed { code } => (ReceiptState::Failed, None, Some(code.clone())),
            Delivery::Blocked => {
                match settled.contact {
                    Some(contact) => blocked.push(contact),
                    None => blocked_by_message.push(settled.id),
                }
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
    store::sessions::set_unreachable_by_message(tx, &blocked_by_message).await?;
    let costs: Vec<_> = settled.iter().filter_map(|settled| Some((settled.id, settled.cost?))).collect();
    Ok(if costs.is_empty() { Vec::new() } else { store::outbox::charge(tx, &costs).await? })
}
