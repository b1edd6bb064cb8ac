//! Outgoing messages. A row is `queued`, then `sent`, `delivered`, `read`, or `failed`; its state only moves forward.
//! One exception: what a channel took and then gave back is queued again, as long as its content is there.
//!
//! A queued row belongs to nobody or is leased to one sender. A row whose lease ran out may have been handed to the
//! channel's API already: it is given out again marked `uncertain`, so "sent twice" can be seen.

pub(super) mod given_back;
pub(super) mod history;
pub(super) mod lease;
pub(super) mod settle;

pub use given_back::{GivenBack, Tried, give_back, tried};
pub use history::recent_external;
pub use lease::{OutboxDue, lease_due, release, renew, take_over};
pub use settle::{Postponed, Receipt, ReceiptState, charge, postpone, settle};

use super::{
    PURGE_MAX, StoreError, Tx,
    error::reading,
    rows::{many, pieces},
    types::{self, opaque_debug},
};
use crate::domain::{ChannelKind, ContactId, OutboxId, Timestamp};

statements! {
    ADD = "insert into outbox (id, contact_id, channel, lane, payload, sealed, edit_of, state, attempts, uncertain,
            not_before, leased_by, lease_until, created_at)
        values /*each*/($1, $2, $3, $4, $5, $6, $7, 'queued', 0, false, $8, $9, $10, $11)/*end*/";
    DEPTH = "select channel, cast(count(*) as bigint), min(created_at) from outbox where state = 'queued'
        group by channel";
    IS_SETTLED = "select settled_at is not null from outbox where id = $1";
    EXPIRE = "update outbox set state = 'failed', error = 'expired', payload = null, sealed = null, settled_at = $3
        where id in (select id from outbox where channel = $1 and state = 'queued' and created_at < $2
            order by id limit $4)";
    UNSETTLED_FOR = "select id, payload, sealed, edit_of, created_at from outbox
        where contact_id = $1 and id > $2 and state = 'queued' order by id limit $3";
    PURGE = "delete from outbox where id in (
        select id from outbox where settled_at is not null and settled_at < $1 order by settled_at limit $2)";
}

/// Why messages of a web chat failed whose person left it by its quick exit.
pub const LEFT: &str = "left";

/// Most rows of one [`unsettled_for`].
const UNSETTLED_MAX: i64 = 100;

/// A message to be sent. Exactly one of `payload` and `sealed` is set.
#[derive(Clone)]
pub struct OutboxNew {
    pub id: OutboxId,
    pub contact: ContactId,
    pub channel: ChannelKind,
    /// Sender lane: answers to a person go before notices. Order is kept within a contact's lane.
    pub lane: i16,
    /// Text ids with variables, JSON.
    pub payload: Option<String>,
    /// A case message.
    pub sealed: Option<Vec<u8>>,
    /// The bot's message that this one replaces.
    pub edit_of: Option<i64>,
    pub not_before: Timestamp,
    /// The instance that will send it from memory, else `None`.
    pub leased_by: Option<i64>,
    /// End of that lease; not looked at without `leased_by`.
    pub lease_until: Timestamp,
    pub created_at: Timestamp,
}

/// A message that its reader has not acknowledged yet (web chat).
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OutboxUnsettled {
    pub id: OutboxId,
    pub payload: Option<String>,
    pub sealed: Option<Vec<u8>>,
    pub edit_of: Option<i64>,
    pub created_at: Timestamp,
}

opaque_debug!(OutboxNew.id, OutboxUnsettled.id);

/// How much waits to be sent on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    pub channel: ChannelKind,
    pub queued: u64,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
}

/// Adds queued messages.
pub async fn add(tx: &mut Tx, messages: &[OutboxNew]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        for piece in pieces(messages) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for new in piece {
                query = query.bind(new.id).bind(new.contact).bind(new.channel.as_str()).bind(new.lane);
                query = query.bind(new.payload.as_deref()).bind(new.sealed.as_deref()).bind(new.edit_of);
                query = query.bind(new.not_before).bind(new.leased_by).bind(new.lease_until).bind(new.created_at);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// What waits, by channel; a channel without waiting messages is left out.
pub async fn depth(tx: &mut Tx) -> Result<Vec<Depth>, StoreError> {
    let rows = on!(tx, |conn, sql = DEPTH| {
        let query = sqlx::query_as::<_, (String, i64, Option<Timestamp>)>(sql);
        query.fetch_all(conn).await.map_err(reading("outbox"))?
    });
    rows.into_iter()
        .map(|(channel, queued, oldest)| {
            let channel = types::channel("outbox", OutboxId(0), &channel)?;
            Ok(Depth { channel, queued: types::count(queued), oldest })
        })
        .collect()
}

/// Whether a receipt has come for a message; true for one that is gone.
pub async fn is_settled(tx: &mut Tx, message: OutboxId) -> Result<bool, StoreError> {
    let settled: Option<bool> = on!(tx, |conn, sql = IS_SETTLED| {
        sqlx::query_scalar(sql).bind(message).fetch_optional(conn).await.map_err(reading("outbox"))?
    });
    Ok(settled.unwrap_or(true))
}

/// Gives up messages of a channel that have waited since before `older_than`, at most [`PURGE_MAX`]; returns how many.
pub async fn expire(
    tx: &mut Tx,
    channel: ChannelKind,
    older_than: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = EXPIRE| {
        let query = sqlx::query(sql).bind(channel.as_str()).bind(older_than).bind(now).bind(PURGE_MAX);
        Ok(query.execute(conn).await?.rows_affected())
    })
}

/// A contact's queued messages after `after`, oldest first, at most 100 in a call.
pub async fn unsettled_for(
    tx: &mut Tx,
    contact: ContactId,
    after: OutboxId,
) -> Result<Vec<OutboxUnsettled>, StoreError> {
    on!(tx, |conn, sql = UNSETTLED_FOR| {
        let query = sqlx::query_as(sql).bind(contact).bind(after).bind(UNSETTLED_MAX);
        query.fetch_all(conn).await.map_err(reading("outbox"))
    })
}

/// Deletes messages whose first receipt is older, at most [`PURGE_MAX`]; returns how many. Queued ones stay.
pub async fn purge(tx: &mut Tx, older_than: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE| {
        Ok(sqlx::query(sql).bind(older_than).bind(PURGE_MAX).execute(conn).await?.rows_affected())
    })
}
