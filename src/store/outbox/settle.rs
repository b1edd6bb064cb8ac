//! What became of a message.

use std::collections::BTreeMap;

use crate::{
    domain::{OutboxId, Timestamp},
    store::{
        StoreError, Tx,
        rows::{many, pieces},
    },
};

statements! {
    // A word on one try of a message says nothing of another: the channel's own name of it, `external`, tells them
    // apart. A queued row that has one was given back by the channel: only another try can move it.
    // Of one try only, which nobody repeats at this moment, a receipt leaves no doubt.
    // Content goes with the last word; WhatsApp's "sent" is not the last, for it may yet be given back.
    SETTLE = "with v (id, state, rank, external, error, at) as (values /*each*/(cast($1 as bigint), cast($2 as text),
            cast($3 as integer), cast($4 as text), cast($5 as text), cast($6 as bigint))/*end*/)
        update outbox set state = v.state, leased_by = null, lease_until = 0,
            payload = case when v.state = 'sent' and outbox.channel = 'wa' then outbox.payload end,
            sealed = case when v.state = 'sent' and outbox.channel = 'wa' then outbox.sealed end,
            external = coalesce(v.external, outbox.external), error = coalesce(v.error, outbox.error),
            settled_at = coalesce(outbox.settled_at, v.at),
            uncertain = (outbox.uncertain and not (outbox.state = 'queued' and outbox.leased_by is null
                and outbox.attempts = 1 and v.state <> 'failed'))
        from v where outbox.id = v.id and v.rank > case outbox.state
            when 'queued' then 0 when 'sent' then 1 when 'delivered' then 2 when 'read' then 3
            else case when outbox.error = 'ambiguous' then 1 else 9 end end
            and (v.external is null or outbox.external is null or case outbox.state
                when 'queued' then outbox.external <> v.external
                else v.state <> 'failed' or outbox.external = v.external end)";
    // Only the first word on the cost counts: several receipts of a message repeat it.
    CHARGE = "with v (id, cost) as (values /*each*/(cast($1 as bigint), cast($2 as text))/*end*/)
        update outbox set cost = v.cost from v where outbox.id = v.id and outbox.cost is null
        returning outbox.cost";
    // What asks for another form of the message stays, whatever else happens to it.
    POSTPONE = "with v (id, not_before, attempts, error, uncertain) as (values /*each*/(cast($1 as bigint),
            cast($2 as bigint), cast($3 as integer), cast($4 as text), cast($5 as boolean))/*end*/)
        update outbox set not_before = v.not_before, attempts = v.attempts,
            uncertain = (outbox.uncertain or v.uncertain),
            error = case when outbox.error in ('window_closed', 'no_template') then outbox.error
                else coalesce(v.error, outbox.error) end,
            leased_by = null, lease_until = 0
        from v where outbox.id = v.id and outbox.state = 'queued'";
}

/// What a channel said of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReceiptState {
    /// The channel took it.
    Sent,
    /// It is on the phone.
    Delivered,
    Read,
    /// It will never arrive.
    Failed,
}

impl ReceiptState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }

    /// A receipt moves a row only if its rank is above what the row's state holds. Failing is for what has not arrived.
    const fn rank(self) -> i32 {
        match self {
            Self::Sent => 1,
            Self::Delivered | Self::Failed => 2,
            Self::Read => 3,
        }
    }

    /// What a row in this state holds: the same scale as the `case` in the statement.
    fn held(self, error: Option<&str>) -> i32 {
        match self {
            // Given up without an answer: a receipt knows better.
            Self::Failed if error == Some(AMBIGUOUS) => 1,
            Self::Failed => 9,
            other => other.rank(),
        }
    }
}

/// The word of a message given up because no answer came.
const AMBIGUOUS: &str = "ambiguous";

/// A receipt for one message.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub id: OutboxId,
    pub state: ReceiptState,
    /// The channel's id of the message; where that holds a phone number, its HMAC.
    pub external: Option<String>,
    /// A code, never a text of the message.
    pub error: Option<String>,
    pub at: Timestamp,
}

/// Notes what messages cost; returns the costs that were not known before.
pub async fn charge(tx: &mut Tx, costs: &[(OutboxId, &'static str)]) -> Result<Vec<String>, StoreError> {
    let first: BTreeMap<OutboxId, &'static str> =
        costs.iter().rev().map(|(message, cost)| (*message, *cost)).collect();
    let rows: Vec<(OutboxId, &'static str)> = first.into_iter().collect();
    let mut known = Vec::new();
    on!(tx, |conn, sql = CHARGE| {
        for piece in pieces(&rows) {
            let mut query = sqlx::query_scalar(many(sql, piece.len()));
            for (message, cost) in piece {
                query = query.bind(*message).bind(*cost);
            }
            known.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    Ok(known)
}

/// A message that the channel will take later.
#[derive(Clone, Debug)]
pub struct Postponed {
    pub id: OutboxId,
    pub not_before: Timestamp,
    /// Attempts so far, this one included.
    pub attempts: i32,
    pub error: Option<String>,
    /// It may have been sent already.
    pub uncertain: bool,
}

/// Writes receipts; returns how many messages moved. Forward only: sent, delivered, read; failed from queued or sent.
///
/// The message's content is emptied with its first receipt, `settled_at` is the time of that one.
pub async fn settle(tx: &mut Tx, receipts: &[Receipt]) -> Result<u64, StoreError> {
    let rounds = rounds(receipts);
    let mut moved = 0;
    on!(tx, |conn, sql = SETTLE| {
        for piece in rounds.iter().flat_map(|rows| pieces(rows)) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for receipt in piece {
                query = query.bind(receipt.id).bind(receipt.state.as_str()).bind(receipt.state.rank());
                query = query.bind(receipt.external.as_deref()).bind(receipt.error.as_deref()).bind(receipt.at);
            }
            moved += query.execute(&mut *conn).await?.rows_affected();
        }
    });
    Ok(moved)
}

/// Puts messages back until `not_before`, without a lease. One that was uncertain stays so.
pub async fn postpone(tx: &mut Tx, messages: &[Postponed]) -> Result<(), StoreError> {
    // A statement may move a row once only: of two the last counts.
    let last: BTreeMap<OutboxId, &Postponed> = messages.iter().map(|later| (later.id, later)).collect();
    let rows: Vec<&Postponed> = last.into_values().collect();
    on!(tx, |conn, sql = POSTPONE| {
        for piece in pieces(&rows) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for later in piece {
                query = query.bind(later.id).bind(later.not_before).bind(later.attempts);
                query = query.bind(later.error.as_deref()).bind(later.uncertain);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// What to write in which statement: one receipt a message in each, as if all had been written one after the other;
/// in id order, so that locks are too. There are several only where receipts tell of several tries of a message.
fn rounds(receipts: &[Receipt]) -> Vec<Vec<Receipt>> {
    let mut merged: BTreeMap<OutboxId, Vec<Receipt>> = BTreeMap::new();
    for next in receipts {
        let tries = merged.entry(next.id).or_default();
        match tries.last_mut() {
            Some(known) if is_same_try(known, next) => {
                if next.state.rank() > known.state.held(known.error.as_deref()) {
                    known.state = next.state;
                    known.error = next.error.clone().or(known.error.take());
                }
                known.external = known.external.take().or_else(|| next.external.clone());
            }
            _ => tries.push(next.clone()),
        }
    }
    let most = merged.values().map(Vec::len).max().unwrap_or(0);
    let nth = |n: usize| merged.values().filter_map(|tries| tries.get(n).cloned()).collect();
    (0..most).map(nth).collect()
}

fn is_same_try(known: &Receipt, next: &Receipt) -> bool {
    match (&known.external, &next.external) {
        (Some(known), Some(next)) => known == next,
        _ => true,
    }
}
