//! Where each contact stands.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Lookup, StoreError, Tx,
    error::reading,
    rows::{many, padded, pieces},
    types::{self, opaque_debug},
};
use crate::domain::{ChannelKind, ContactId, OutboxId, Source, Timestamp};

statements! {
    PEEK = "select s.state from addresses a join sessions s on s.contact_id = a.contact_id where a.lookup = $1";
    PEEK_ALL = "select a.lookup, s.state from addresses a join sessions s on s.contact_id = a.contact_id
        where a.lookup in (/*each*/$1/*end*/)";
    // Somebody who never wrote (0) is silent since what else we heard of them.
    SILENT = "select contact_id from sessions where last_inbound_at < $1 and (last_inbound_at > 0 or updated_at < $1)
        order by last_inbound_at limit $2";
    CONTACTS_AT = "select contact_id from addresses where lookup in (/*each*/$1/*end*/)";
    CONTACTS_OF = "select contact_id from outbox where id in (/*each*/$1/*end*/)";
    // Sorted before it locks: all transactions take locks in one order.
    LOCK = "select contact_id from sessions where contact_id in (/*each*/$1/*end*/)
        order by contact_id for update",
        sqlite = "select contact_id from sessions where contact_id in (/*each*/$1/*end*/) order by contact_id";
    FIND = "select s.contact_id, a.lookup, a.since,
            (select count(*) from addresses b where b.contact_id = s.contact_id) as addresses,
            c.channel, c.source, c.created_at, s.state, s.private, s.last_message, s.reachable, s.last_inbound_at
        from addresses a join contacts c on c.id = a.contact_id join sessions s on s.contact_id = a.contact_id
        where a.lookup in (/*each*/$1/*end*/)
        order by s.contact_id";
    SAVE = "insert into sessions (contact_id, state, private, reachable, last_inbound_at, updated_at)
        values /*each*/($1, $2, $3, $4, $5, $6)/*end*/
        on conflict (contact_id) do update set state = excluded.state, private = excluded.private,
            reachable = excluded.reachable, last_inbound_at = excluded.last_inbound_at,
            updated_at = excluded.updated_at";
    SET_LAST_MESSAGE = "with v (contact_id, message) as (values /*each*/(cast($1 as bigint), cast($2 as bigint))/*end*/)
        update sessions set last_message = v.message from v
        where sessions.contact_id = v.contact_id
            and (sessions.last_message is null or sessions.last_message < v.message)";
    SET_UNREACHABLE_BY_MESSAGE = "update sessions set reachable = false
        where contact_id in (select contact_id from outbox where id in (/*each*/$1/*end*/))";
    HELD = "select c.channel, c.source, s.state, s.reachable, s.last_inbound_at from sessions s
        join contacts c on c.id = s.contact_id where s.contact_id = $1";
    PUT_STATE = "update sessions set state = $2, updated_at = $3 where contact_id = $1";
    // The state is JSON of the engine; `n` is the node in front.
    STANDING = "select state::json ->> 'n', count(*) from sessions where state::json ->> 'n' is not null group by 1",
        sqlite = "select state ->> 'n', count(*) from sessions where state ->> 'n' is not null group by 1";
    SET_REACHABLE = "update sessions set reachable = $1 where contact_id in (/*each*/$2/*end*/)";
}

/// A session with what is needed to answer its contact.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub contact: ContactId,
    pub lookup: Lookup,
    /// Since when the contact uses this address, as its messages say.
    pub since: Timestamp,
    /// Addresses that the contact has in all.
    pub addresses: usize,
    pub channel: ChannelKind,
    pub source: Source,
    /// When we met the contact.
    pub created_at: Timestamp,
    /// JSON of the engine's state; no free text of a person.
    pub state: String,
    /// Sealed free-text answers of a flow under way.
    pub private: Option<Vec<u8>>,
    /// The bot's last message in this chat, as the channel counts them.
    pub last_message: Option<i64>,
    /// False while the contact blocks us.
    pub reachable: bool,
    /// When the person wrote last; 0: never, we only heard of them.
    pub last_inbound_at: Timestamp,
}

/// Whose sessions a transaction has locked.
#[derive(Debug)]
pub struct Locked(Option<BTreeSet<ContactId>>);

/// What a turn leaves behind.
#[derive(Clone)]
pub struct SessionSave {
    pub contact: ContactId,
    pub state: String,
    pub private: Option<Vec<u8>>,
    pub reachable: bool,
    pub last_inbound_at: Timestamp,
    pub updated_at: Timestamp,
}

opaque_debug!(SessionRow.contact, SessionSave.contact);

#[derive(sqlx::FromRow)]
struct Raw {
    contact_id: ContactId,
    lookup: Vec<u8>,
    since: Timestamp,
    addresses: i64,
    channel: String,
    source: String,
    created_at: Timestamp,
    state: String,
    private: Option<Vec<u8>>,
    last_message: Option<i64>,
    reachable: bool,
    last_inbound_at: Timestamp,
}

impl TryFrom<Raw> for SessionRow {
    type Error = StoreError;

    fn try_from(raw: Raw) -> Result<Self, StoreError> {
        let contact = raw.contact_id;
        let lookup = Lookup::try_from(raw.lookup.as_slice());
        Ok(Self {
            contact,
            lookup: lookup.map_err(|_| StoreError::inconsistent("addresses", "lookup", contact))?,
            since: raw.since,
            addresses: usize::try_from(raw.addresses).unwrap_or(0),
            channel: types::channel("contacts", contact, &raw.channel)?,
            source: types::source("contacts", contact, &raw.source)?,
            created_at: raw.created_at,
            state: raw.state,
            private: raw.private,
            last_message: raw.last_message,
            reachable: raw.reachable,
            last_inbound_at: raw.last_inbound_at,
        })
    }
}

/// Locks the sessions of the contacts at these addresses, of these contacts and of those of these messages, until the
/// transaction ends: in contact order, however many they are, so that two transactions never wait for each other.
///
/// It comes after the transaction's dedup keys and before all else that it writes about a contact: addresses, outbox
/// rows and events are written only by who holds the session. On SQLite the transaction holds everything already.
/// A reading transaction is refused on PostgreSQL: locking is writing.
pub async fn lock(
    tx: &mut Tx,
    lookups: &[Lookup],
    contacts: &[ContactId],
    messages: &[OutboxId],
) -> Result<Locked, StoreError> {
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(Locked(None));
    }
    let mut wanted: BTreeSet<ContactId> = contacts.iter().copied().collect();
    on!(tx, |conn, sql = CONTACTS_AT| {
        for piece in padded(lookups) {
            let mut query = sqlx::query_scalar::<_, ContactId>(many(sql, piece.len()));
            for lookup in &piece {
                query = query.bind(lookup.as_slice());
            }
            wanted.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    on!(tx, |conn, sql = CONTACTS_OF| {
        for piece in padded(messages) {
            let mut query = sqlx::query_scalar::<_, ContactId>(many(sql, piece.len()));
            for message in piece {
                query = query.bind(message);
            }
            wanted.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    let sorted: Vec<ContactId> = wanted.into_iter().collect();
    let mut locked = BTreeSet::new();
    on!(tx, |conn, sql = LOCK| {
        for piece in padded(&sorted) {
            let mut query = sqlx::query_scalar::<_, ContactId>(many(sql, piece.len()));
            for contact in piece {
                query = query.bind(contact);
            }
            locked.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    Ok(Locked(Some(locked)))
}

/// The sessions of these addresses, one row an address, in contact order; an address without a contact is left out.
///
/// [`StoreError::Changed`] when an address went to a contact outside of `locked` while its locks were waited for.
pub async fn find(tx: &mut Tx, lookups: &[Lookup], locked: &Locked) -> Result<Vec<SessionRow>, StoreError> {
    let mut rows: Vec<Raw> = Vec::with_capacity(lookups.len());
    on!(tx, |conn, sql = FIND| {
        for piece in padded(lookups) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for lookup in &piece {
                query = query.bind(lookup.as_slice());
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("sessions"))?);
        }
    });
    if let Locked(Some(locked)) = locked
        && rows.iter().any(|row| !locked.contains(&row.contact_id))
    {
        return Err(StoreError::Changed);
    }
    rows.sort_unstable_by(|a, b| (a.contact_id, &a.lookup).cmp(&(b.contact_id, &b.lookup)));
    rows.dedup_by(|a, b| a.lookup == b.lookup);
    rows.into_iter().map(SessionRow::try_from).collect()
}

/// Makes or replaces sessions. Of two for one contact the last counts. Leaves `last_message` as it is.
pub async fn save(tx: &mut Tx, sessions: &[SessionSave]) -> Result<(), StoreError> {
    let last: BTreeMap<ContactId, &SessionSave> = sessions.iter().map(|save| (save.contact, save)).collect();
    let rows: Vec<&SessionSave> = last.into_values().collect();
    on!(tx, |conn, sql = SAVE| {
        for piece in pieces(&rows) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for save in piece {
                query = query.bind(save.contact).bind(save.state.as_str()).bind(save.private.as_deref());
                query = query.bind(save.reachable).bind(save.last_inbound_at).bind(save.updated_at);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Notes the bot's last message in each chat. Only moves forward: receipts may come out of order.
pub async fn set_last_message(tx: &mut Tx, messages: &[(ContactId, i64)]) -> Result<(), StoreError> {
    let mut last: BTreeMap<ContactId, i64> = BTreeMap::new();
    for (contact, message) in messages {
        last.entry(*contact).and_modify(|known| *known = (*known).max(*message)).or_insert(*message);
    }
    let rows: Vec<(ContactId, i64)> = last.into_iter().collect();
    on!(tx, |conn, sql = SET_LAST_MESSAGE| {
        for piece in pieces(&rows) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for (contact, message) in piece {
                query = query.bind(*contact).bind(*message);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Notes that contacts block us, or no longer do.
pub async fn set_reachable(tx: &mut Tx, contacts: &[ContactId], reachable: bool) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SET_REACHABLE| {
        for piece in padded(contacts) {
            let mut query = sqlx::query(many(sql, piece.len())).bind(reachable);
            for contact in piece {
                query = query.bind(contact);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Notes that the contacts of these messages cannot be reached.
pub async fn set_unreachable_by_message(tx: &mut Tx, messages: &[OutboxId]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SET_UNREACHABLE_BY_MESSAGE| {
        for piece in padded(messages) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for message in piece {
                query = query.bind(message);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// A session held for the desk: whoever writes to a person changes where they stand.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldSession {
    pub contact: ContactId,
    pub channel: ChannelKind,
    pub source: Source,
    /// JSON of the engine's state.
    pub state: String,
    pub reachable: bool,
    pub last_inbound_at: Timestamp,
}

opaque_debug!(HeldSession.contact);

/// Locks a contact's session and gives it; none if the contact is gone, or became another one.
pub async fn hold(tx: &mut Tx, contact: ContactId) -> Result<Option<HeldSession>, StoreError> {
    lock(tx, &[], &[contact], &[]).await?;
    read_of(tx, contact).await
}

/// A contact's session, without a lock.
pub async fn read_of(tx: &mut Tx, contact: ContactId) -> Result<Option<HeldSession>, StoreError> {
    let row: Option<(String, String, String, bool, Timestamp)> = on!(tx, |conn, sql = HELD| {
        sqlx::query_as(sql).bind(contact).fetch_optional(conn).await.map_err(reading("sessions"))?
    });
    row.map(|(channel, source, state, reachable, last_inbound_at)| {
        Ok(HeldSession {
            contact,
            channel: types::channel("contacts", contact, &channel)?,
            source: types::source("contacts", contact, &source)?,
            state,
            reachable,
            last_inbound_at,
        })
    })
    .transpose()
}

/// Writes the state of a session that [`hold`] locked.
pub async fn put_state(
    tx: &mut Tx,
    contact: ContactId,
    state: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn, sql = PUT_STATE| {
        sqlx::query(sql).bind(contact).bind(state).bind(now).execute(conn).await?;
    });
    Ok(())
}

/// The stored state of the contact at this address, without locking it.
pub async fn peek(tx: &mut Tx, lookup: &Lookup) -> Result<Option<String>, StoreError> {
    on!(tx, |conn, sql = PEEK| {
        Ok(sqlx::query_scalar(sql).bind(lookup.as_slice()).fetch_optional(conn).await?)
    })
}

/// The same of many addresses, in no order; those that nobody is known by are left out.
pub async fn peek_all(tx: &mut Tx, lookups: &[Lookup]) -> Result<Vec<(Lookup, String)>, StoreError> {
    let mut states = Vec::new();
    on!(tx, |conn, sql = PEEK_ALL| {
        for piece in padded(lookups) {
            let mut query = sqlx::query_as::<_, (Vec<u8>, String)>(many(sql, piece.len()));
            for lookup in &piece {
                query = query.bind(lookup.as_slice());
            }
            let found = query.fetch_all(&mut *conn).await?;
            let known = found.into_iter().filter_map(|(lookup, state)| Some((lookup.try_into().ok()?, state)));
            states.extend(known);
        }
    });
    Ok(states)
}

/// Contacts that have not written since, the longest silent first, with their sessions locked: who writes at this
/// moment is not among them.
pub async fn list_silent(tx: &mut Tx, since: Timestamp, limit: u32) -> Result<Vec<ContactId>, StoreError> {
    let found = silent(tx, since, limit).await?;
    let Locked(Some(locked)) = lock(tx, &[], &found, &[]).await? else { return Ok(found) };
    let still = silent(tx, since, limit).await?;
    Ok(still.into_iter().filter(|contact| locked.contains(contact)).collect())
}

async fn silent(tx: &mut Tx, since: Timestamp, limit: u32) -> Result<Vec<ContactId>, StoreError> {
    on!(tx, |conn, sql = SILENT| {
        Ok(sqlx::query_scalar(sql).bind(since).bind(i64::from(limit)).fetch_all(conn).await?)
    })
}

/// How many people have which node in front. It reads all sessions: never on the way of an answer.
pub async fn standing(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
    on!(tx, |conn, sql = STANDING| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("sessions")))
}
