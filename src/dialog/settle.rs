//! What became of messages that were sent.

use std::collections::{BTreeMap, HashSet};

use crate::{
    domain::{ContactId, OutboxId, Timestamp},
    store::{
        self, Tx,
        outbox::{GivenBack, Postponed, Receipt, ReceiptState, Tried},
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
    /// The channel's own name of the try that this is about, in a form that gives nobody away; if it is known.
    pub reference: Option<String>,
    /// The class of what the channel charges for it, once it says so.
    pub cost: Option<&'static str>,
    pub at: Timestamp,
}

impl Settled {
    pub const fn new(id: OutboxId, contact: ContactId, delivery: Delivery, at: Timestamp) -> Self {
        Self { id, contact: Some(contact), delivery, reference: None, cost: None, at }
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
    /// To be tried again. `uncertain`: it may have been sent already.
    Postponed {
        not_before: Timestamp,
        attempts: i32,
        code: String,
        uncertain: bool,
    },
    /// The channel took it and gave it back for a reason that passes: to be tried again after `after_ms` times
    /// `growth` to the power of the tries before, [`LONGEST_MS`] at most; given up after [`RETURNS_MAX`] tries.
    Returned {
        code: &'static str,
        after_ms: i64,
        growth: i64,
    },
}

/// Words that ask for another form of the message instead of another time. Each is followed once.
pub(super) const WINDOW_CLOSED: &str = "window_closed";
pub(super) const NO_TEMPLATE: &str = "no_template";
/// The word that asks for another upload of the message's file.
const FILE_LOST: &str = "file_lost";

/// Tries of a message that the channel takes and gives back.
const RETURNS_MAX: i32 = 10;
/// Longest wait before the next, in milliseconds.
const LONGEST_MS: i64 = 300_000;

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
    let mut returned = Vec::new();
    let (mut blocked, mut blocked_by_message) = (Vec::new(), Vec::new());
    for settled in settled {
        let (state, external, error) = match &settled.delivery {
            Delivery::Sent { message, reference, edited } => {
                if let (Some(contact), Some(message), false) = (settled.contact, message, edited) {
                    last.push((contact, *message));
                }
                let named = reference.clone().or_else(|| settled.reference.clone());
                let named = named.or_else(|| message.map(|message| message.to_string()));
                (ReceiptState::Sent, named, None)
            }
            Delivery::Delivered => (ReceiptState::Delivered, settled.reference.clone(), None),
            Delivery::Read => (ReceiptState::Read, settled.reference.clone(), None),
            Delivery::Failed { code } => {
                (ReceiptState::Failed, settled.reference.clone(), Some(code.clone()))
            }
            Delivery::Blocked => {
                match settled.contact {
                    Some(contact) => blocked.push(contact),
                    None => blocked_by_message.push(settled.id),
                }
                (ReceiptState::Failed, settled.reference.clone(), Some("blocked".to_owned()))
            }
            Delivery::Postponed { not_before, attempts, code, uncertain } => {
                postponed.push(Postponed {
                    id: settled.id,
                    not_before: *not_before,
                    attempts: *attempts,
                    error: Some(code.clone()),
                    uncertain: *uncertain,
                });
                continue;
            }
            Delivery::Returned { .. } => {
                returned.push(settled);
                continue;
            }
        };
        receipts.push(Receipt { id: settled.id, state, external, error, at: settled.at });
    }
    store::outbox::settle(tx, &receipts).await?;
    give_back(tx, &returned).await?;
    store::outbox::postpone(tx, &postponed).await?;
    store::sessions::set_last_message(tx, &last).await?;
    store::sessions::set_reachable(tx, &blocked, false).await?;
    store::sessions::set_unreachable_by_message(tx, &blocked_by_message).await?;
    let costs: Vec<_> = settled.iter().filter_map(|settled| Some((settled.id, settled.cost?))).collect();
    Ok(if costs.is_empty() { Vec::new() } else { store::outbox::charge(tx, &costs).await? })
}

/// Queues again what the channel gave back; what may not be tried any more has failed.
async fn give_back(tx: &mut Tx, returned: &[&Settled]) -> Result<(), DialogError> {
    if returned.is_empty() {
        return Ok(());
    }
    let ids: Vec<OutboxId> = returned.iter().map(|settled| settled.id).collect();
    let tried = store::outbox::tried(tx, &ids).await?;
    // In id order, so that locks are too; told twice, the first word counts.
    let mut again: BTreeMap<OutboxId, GivenBack> = BTreeMap::new();
    for settled in returned {
        if let Some(back) = tried.get(&settled.id).and_then(|tried| next_try(settled, tried)) {
            again.entry(settled.id).or_insert(back);
        }
    }
    let again: Vec<GivenBack> = again.into_values().collect();
    let queued: HashSet<OutboxId> = store::outbox::give_back(tx, &again).await?.into_iter().collect();
    let lost: Vec<OutboxId> = again
        .iter()
        .filter(|back| back.error == FILE_LOST && queued.contains(&back.id))
        .map(|back| back.id)
        .collect();
    store::cases::forget_remotes(tx, &lost).await?;
    let failed: Vec<Receipt> = returned
        .iter()
        .filter(|settled| !queued.contains(&settled.id))
        .filter_map(|settled| {
            let Delivery::Returned { code, .. } = &settled.delivery else { return None };
            Some(Receipt {
                id: settled.id,
                state: ReceiptState::Failed,
                external: settled.reference.clone(),
                error: Some((*code).to_owned()),
                at: settled.at,
            })
        })
        .collect();
    store::outbox::settle(tx, &failed).await?;
    Ok(())
}

/// When and as what a message is tried again; `None`: never.
fn next_try(settled: &Settled, tried: &Tried) -> Option<GivenBack> {
    let Delivery::Returned { code, after_ms, growth } = &settled.delivery else { return None };
    let before = tried.error.as_deref();
    let may = match *code {
        WINDOW_CLOSED => !matches!(before, Some(WINDOW_CLOSED | NO_TEMPLATE)),
        NO_TEMPLATE => before != Some(NO_TEMPLATE),
        _ => tried.attempts < RETURNS_MAX,
    };
    let power = u32::try_from(tried.attempts).unwrap_or(0).min(9);
    let wait = after_ms.saturating_mul(growth.saturating_pow(power)).min(LONGEST_MS);
    may.then(|| GivenBack {
        id: settled.id,
        external: settled.reference.clone(),
        error: code,
        not_before: settled.at.plus_ms(wait),
        attempts: tried.attempts.saturating_add(1),
    })
}
