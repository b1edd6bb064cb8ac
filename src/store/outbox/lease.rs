//! Who sends a queued message.

use std::collections::HashMap;

use crate::{
    domain::{ChannelKind, ContactId, OutboxId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, padded},
        types::opaque_debug,
    },
};

statements! {
    // An earlier message of the same contact and lane that cannot go now holds back the later ones.
    LEASE_DUE = "with due as materialized (
            select o.id from outbox o
            where o.state = 'queued' and o.channel = $1 and o.not_before <= $2
                and (o.leased_by is null or o.lease_until <= $2)
                and not exists (
                    select 1 from outbox p
                    where p.contact_id = o.contact_id and p.lane = o.lane and p.id < o.id and p.state = 'queued'
                        and (p.not_before > $2 or (p.leased_by is not null and p.lease_until > $2)))
            order by o.id limit $3 for update of o skip locked)
        update outbox set leased_by = $4, lease_until = $5, uncertain = (uncertain or leased_by is not null),
            not_before = case when leased_by is not null then $6 else not_before end
        where id in (select id from due)
        returning id, contact_id, lane, payload, sealed, edit_of, attempts, uncertain, error, created_at, not_before",
        sqlite = "with due as materialized (
            select o.id from outbox o
            where o.state = 'queued' and o.channel = $1 and o.not_before <= $2
                and (o.leased_by is null or o.lease_until <= $2)
                and not exists (
                    select 1 from outbox p
                    where p.contact_id = o.contact_id and p.lane = o.lane and p.id < o.id and p.state = 'queued'
                        and (p.not_before > $2 or (p.leased_by is not null and p.lease_until > $2)))
            order by o.id limit $3)
        update outbox set leased_by = $4, lease_until = $5, uncertain = (uncertain or leased_by is not null),
            not_before = case when leased_by is not null then $6 else not_before end
        where id in (select id from due)
        returning id, contact_id, lane, payload, sealed, edit_of, attempts, uncertain, error, created_at, not_before";
    ADDRESSES = "select a.contact_id, a.sealed, a.since, coalesce(s.last_inbound_at, 0)
        from addresses a left join sessions s on s.contact_id = a.contact_id
        where a.contact_id in (/*each*/$1/*end*/)";
    RENEW = "update outbox set lease_until = $1
        where leased_by = $2 and state = 'queued' and id in (/*each*/$3/*end*/)";
    RELEASE = "update outbox set leased_by = null, lease_until = 0
        where state = 'queued' and leased_by = $1 and channel = $2";
    TAKE_OVER = "update outbox set lease_until = $2
        where state = 'queued' and channel = $1 and leased_by is not null and lease_until > $2";
}

/// A message leased to be sent, with its sealed address.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxDue {
    pub id: OutboxId,
    pub contact: ContactId,
    pub lane: i16,
    pub payload: Option<String>,
    pub sealed: Option<Vec<u8>>,
    pub edit_of: Option<i64>,
    /// Times that the API was asked before and said "later".
    pub attempts: i32,
    /// It may have been sent once already.
    pub uncertain: bool,
    /// Later than now: it was just taken over, and waits until then for a word on the try before.
    pub not_before: Timestamp,
    /// The last word on it: `window_closed` and `no_template` ask for another form.
    pub error: Option<String>,
    pub created_at: Timestamp,
    /// Addresses of the contact, sealed, with the time since when each is used; none if it was erased.
    pub addresses: Vec<(Timestamp, Vec<u8>)>,
    /// When the person wrote last: some channels take messages only for a day after it.
    pub last_inbound_at: Timestamp,
}

opaque_debug!(OutboxDue.id);

#[derive(sqlx::FromRow)]
struct Raw {
    id: OutboxId,
    contact_id: ContactId,
    lane: i16,
    payload: Option<String>,
    sealed: Option<Vec<u8>>,
    edit_of: Option<i64>,
    attempts: i32,
    uncertain: bool,
    error: Option<String>,
    created_at: Timestamp,
    not_before: Timestamp,
}

/// Leases up to `limit` messages that are due and free, oldest first; returned ordered by contact, then id.
///
/// A message whose lease had run out comes back, and stays, `uncertain`, and is due at `doubted_until`: whoever gets it
/// puts it back if that is later. On PostgreSQL rows locked by another
/// instance are passed over, so two that ask at the same moment never get the same row (but may then get two messages
/// of one contact; where that matters, let one instance ask at a time, see `leases`).
pub async fn lease_due(
    tx: &mut Tx,
    channel: ChannelKind,
    holder: i64,
    now: Timestamp,
    lease_until: Timestamp,
    doubted_until: Timestamp,
    limit: u32,
) -> Result<Vec<OutboxDue>, StoreError> {
    let mut rows: Vec<Raw> = on!(tx, |conn, sql = LEASE_DUE| {
        let query = sqlx::query_as(sql).bind(channel.as_str()).bind(now).bind(i64::from(limit));
        query.bind(holder).bind(lease_until).bind(doubted_until).fetch_all(conn).await.map_err(reading("outbox"))?
    });
    rows.sort_unstable_by_key(|row| (row.contact_id, row.id));
    let addresses = addresses(tx, &rows).await?;
    Ok(rows.into_iter().map(|row| due(row, &addresses)).collect())
}

/// Addresses and the last inbound, by contact.
type Addresses = HashMap<ContactId, (Vec<(Timestamp, Vec<u8>)>, Timestamp)>;

type AddressRow = (ContactId, Vec<u8>, Timestamp, Timestamp);

async fn addresses(tx: &mut Tx, rows: &[Raw]) -> Result<Addresses, StoreError> {
    let mut contacts: Vec<ContactId> = rows.iter().map(|row| row.contact_id).collect();
    contacts.dedup();
    let mut found = Addresses::with_capacity(contacts.len());
    on!(tx, |conn, sql = ADDRESSES| {
        for piece in padded(&contacts) {
            let mut query = sqlx::query_as::<_, AddressRow>(many(sql, piece.len()));
            for contact in piece {
                query = query.bind(contact);
            }
            let rows = query.fetch_all(&mut *conn).await.map_err(reading("addresses"))?;
            for (contact, sealed, since, last) in rows {
                let known = found.entry(contact).or_insert_with(|| (Vec::new(), last));
                // A padded list names its last contact several times.
                if !known.0.iter().any(|(_, other)| *other == sealed) {
                    known.0.push((since, sealed));
                }
            }
        }
    });
    Ok(found)
}

fn due(row: Raw, addresses: &Addresses) -> OutboxDue {
    let known = addresses.get(&row.contact_id).cloned();
    let (addresses, last_inbound_at) = known.unwrap_or_else(|| (Vec::new(), Timestamp(0)));
    OutboxDue {
        id: row.id,
        contact: row.contact_id,
        lane: row.lane,
        payload: row.payload,
        sealed: row.sealed,
        edit_of: row.edit_of,
        attempts: row.attempts,
        uncertain: row.uncertain,
        not_before: row.not_before,
        error: row.error,
        created_at: row.created_at,
        addresses,
        last_inbound_at,
    }
}

/// Prolongs leases that `holder` still has; returns how many. Fewer than asked: others took the rest over.
pub async fn renew(
    tx: &mut Tx,
    holder: i64,
    messages: &[OutboxId],
    lease_until: Timestamp,
) -> Result<u64, StoreError> {
    let mut renewed = 0;
    on!(tx, |conn, sql = RENEW| {
        for piece in padded(messages) {
            let mut query = sqlx::query(many(sql, piece.len())).bind(lease_until).bind(holder);
            for id in piece {
                query = query.bind(id);
            }
            renewed += query.execute(&mut *conn).await?.rows_affected();
        }
    });
    Ok(renewed)
}

/// Gives back a channel's leases of `holder` at an orderly stop: what it had not handed to the API is certain.
pub async fn release(tx: &mut Tx, holder: i64, channel: ChannelKind) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = RELEASE| {
        let query = sqlx::query(sql).bind(holder).bind(channel.as_str());
        Ok(query.execute(conn).await?.rows_affected())
    })
}

/// At the start of the only instance (SQLite): leases of a process that is gone end now.
pub async fn take_over(tx: &mut Tx, channel: ChannelKind, now: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = TAKE_OVER| {
        Ok(sqlx::query(sql).bind(channel.as_str()).bind(now).execute(conn).await?.rows_affected())
    })
}
