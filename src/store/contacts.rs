//! Contacts and their sealed addresses.

use super::{
    Lookup, StoreError, Tx,
    error::reading,
    rows::{many, padded, pieces},
    types::{self, opaque_debug},
};
use crate::domain::{ChannelKind, ContactId, OutboxId, Source, Timestamp};

statements! {
    CREATE = "insert into contacts (id, channel, source, created_at) values /*each*/($1, $2, $3, $4)/*end*/";
    ADD_ADDRESS = "insert into addresses (lookup, contact_id, key_id, sealed, since)
        values /*each*/($1, $2, $3, $4, $5)/*end*/";
    FIND_BY_LOOKUP = "select contact_id from addresses where lookup = $1";
    ADDRESSES_OF = "select contact_id, lookup, sealed, since from addresses where contact_id in (/*each*/$1/*end*/)";
    ADDRESSES_FOR = "select a.since, a.sealed from outbox o join addresses a on a.contact_id = o.contact_id where o.id = $1";
    ADDRESSES = "select c.channel, a.key_id, a.sealed, a.since from addresses a
        join contacts c on c.id = a.contact_id where a.contact_id = $1 order by a.since, a.lookup";
    LIST_TO_RESEAL = "select a.lookup, c.channel, a.key_id, a.sealed, a.since from addresses a
        join contacts c on c.id = a.contact_id
        where a.key_id <> $1 and a.lookup > $2 order by a.lookup limit $3";
    RESEAL = "update addresses set lookup = $2, key_id = $3, sealed = $4 where lookup = $1";
    COUNT = "select cast(count(*) as bigint) from contacts where merged_into is null";
    MOVE_ADDRESSES = "update addresses set contact_id = $2 where contact_id = $1";
    MOVE_QUEUED = "update outbox set contact_id = $2 where contact_id = $1 and state = 'queued'";
    MOVE_CASES = "update cases set contact_id = $2 where contact_id = $1";
    END_SESSION = "delete from sessions where contact_id = $1";
    MOVE_MERGED = "update contacts set merged_into = $2 where id = $1 or merged_into = $1";
    ASSIGN_ADDRESS = "update addresses set contact_id = $2, since = $3 where lookup = $1";
    DROP_ADDRESS = "delete from addresses where lookup = $1";
    MOVE_PARKED = "update parked set lookup = $2 where lookup = $1";
}

/// A contact met for the first time. Its addresses are added apart.
#[derive(Clone)]
pub struct NewContact {
    pub id: ContactId,
    pub channel: ChannelKind,
    pub source: Source,
    pub at: Timestamp,
}

/// An address of a contact.
#[derive(Clone)]
pub struct NewAddress {
    pub contact: ContactId,
    pub lookup: Lookup,
    /// Key that sealed the address.
    pub key_id: i32,
    pub sealed: Vec<u8>,
    /// From when on the person uses it: the newest is written to.
    pub since: Timestamp,
}

/// An address as it is stored; only `privacy` can open it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedAddress {
    pub channel: ChannelKind,
    pub key_id: i32,
    pub sealed: Vec<u8>,
    pub since: Timestamp,
}

/// An address among the others of its contact; only `privacy` can open it.
#[derive(Clone)]
pub struct AddressOf {
    pub contact: ContactId,
    pub lookup: Lookup,
    pub sealed: Vec<u8>,
    pub since: Timestamp,
}

/// An address sealed with another key.
#[derive(Clone)]
pub struct Resealed {
    /// Under which it is found now.
    pub old: Lookup,
    pub lookup: Lookup,
    pub key_id: i32,
    pub sealed: Vec<u8>,
}

opaque_debug!(NewContact.id, NewAddress.contact, SealedAddress.channel, AddressOf.contact, Resealed.key_id);

#[derive(sqlx::FromRow)]
struct AddressRow {
    channel: String,
    key_id: i32,
    sealed: Vec<u8>,
    since: Timestamp,
}

#[derive(sqlx::FromRow)]
struct LookedUp {
    lookup: Vec<u8>,
    channel: String,
    key_id: i32,
    sealed: Vec<u8>,
    since: Timestamp,
}

/// Stores contacts.
pub async fn create(tx: &mut Tx, contacts: &[NewContact]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = CREATE| {
        for piece in pieces(contacts) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for new in piece {
                query = query.bind(new.id).bind(new.channel.as_str()).bind(new.source.as_str()).bind(new.at);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Stores addresses. [`StoreError::Conflict`] if one of them is known already.
pub async fn add_addresses(tx: &mut Tx, addresses: &[NewAddress]) -> Result<(), StoreError> {
    // Sorted, so that two instances that meet the same people wait for each other in one direction only.
    let mut addresses: Vec<&NewAddress> = addresses.iter().collect();
    addresses.sort_unstable_by_key(|new| new.lookup);
    on!(tx, |conn, sql = ADD_ADDRESS| {
        for piece in pieces(&addresses) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for new in piece {
                query = query.bind(new.lookup.as_slice()).bind(new.contact).bind(new.key_id);
                query = query.bind(new.sealed.as_slice()).bind(new.since);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// An address is this contact's, whosever it was, and used from `since` on: the newest is written to.
pub async fn assign_address(
    tx: &mut Tx,
    lookup: &Lookup,
    contact: ContactId,
    since: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ASSIGN_ADDRESS| {
        sqlx::query(sql).bind(lookup.as_slice()).bind(contact).bind(since).execute(conn).await?;
    });
    Ok(())
}

/// An address is nobody's any more. What was parked of it goes along with `heir`, another address of its contact, so
/// that it is still erased with it.
pub async fn drop_address(tx: &mut Tx, lookup: &Lookup, heir: Option<&Lookup>) -> Result<(), StoreError> {
    if let Some(heir) = heir {
        on!(tx, |conn, sql = MOVE_PARKED| {
            sqlx::query(sql).bind(lookup.as_slice()).bind(heir.as_slice()).execute(conn).await?;
        });
    }
    on!(tx, |conn, sql = DROP_ADDRESS| {
        sqlx::query(sql).bind(lookup.as_slice()).execute(conn).await?;
    });
    Ok(())
}

/// Two contacts are one person: addresses, waiting messages and cases of `from` become those of `into`, its session ends.
///
/// The row of `from` stays, because events name it; erasing `into` erases it too.
pub async fn merge(tx: &mut Tx, from: ContactId, into: ContactId) -> Result<(), StoreError> {
    on!(tx, |conn, sql = MOVE_ADDRESSES| {
        sqlx::query(sql).bind(from).bind(into).execute(conn).await?;
    });
    on!(tx, |conn, sql = MOVE_QUEUED| {
        sqlx::query(sql).bind(from).bind(into).execute(conn).await?;
    });
    on!(tx, |conn, sql = MOVE_CASES| {
        sqlx::query(sql).bind(from).bind(into).execute(conn).await?;
    });
    on!(tx, |conn, sql = END_SESSION| {
        sqlx::query(sql).bind(from).execute(conn).await?;
    });
    on!(tx, |conn, sql = MOVE_MERGED| {
        sqlx::query(sql).bind(from).bind(into).execute(conn).await?;
    });
    Ok(())
}

pub async fn find_by_lookup(tx: &mut Tx, lookup: &Lookup) -> Result<Option<ContactId>, StoreError> {
    on!(tx, |conn, sql = FIND_BY_LOOKUP| {
        Ok(sqlx::query_scalar(sql).bind(lookup.as_slice()).fetch_optional(conn).await?)
    })
}

/// All addresses of these contacts, in no order.
pub async fn addresses_of(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<AddressOf>, StoreError> {
    let mut rows: Vec<(ContactId, Vec<u8>, Vec<u8>, Timestamp)> = Vec::with_capacity(contacts.len());
    on!(tx, |conn, sql = ADDRESSES_OF| {
        for piece in padded(contacts) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for contact in piece {
                query = query.bind(contact);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("addresses"))?);
        }
    });
    rows.into_iter()
        .map(|(contact, lookup, sealed, since)| {
            let lookup = Lookup::try_from(lookup.as_slice())
                .map_err(|_| StoreError::inconsistent("addresses", "lookup", contact))?;
            Ok(AddressOf { contact, lookup, sealed, since })
        })
        .collect()
}

/// Where the contact of a message can be reached: since when, and sealed. None if the message or its contact is gone.
pub async fn addresses_for(tx: &mut Tx, message: OutboxId) -> Result<Vec<(Timestamp, Vec<u8>)>, StoreError> {
    on!(tx, |conn, sql = ADDRESSES_FOR| {
        sqlx::query_as(sql).bind(message).fetch_all(conn).await.map_err(reading("addresses"))
    })
}

/// Where a contact can be reached, the address used last at the end; empty if it was erased.
pub async fn addresses(tx: &mut Tx, contact: ContactId) -> Result<Vec<SealedAddress>, StoreError> {
    let rows: Vec<AddressRow> = on!(tx, |conn, sql = ADDRESSES| {
        sqlx::query_as(sql).bind(contact).fetch_all(conn).await.map_err(reading("addresses"))?
    });
    rows.into_iter()
        .map(|row| {
            let channel = types::channel("contacts", contact, &row.channel)?;
            Ok(SealedAddress { channel, key_id: row.key_id, sealed: row.sealed, since: row.since })
        })
        .collect()
}

/// Addresses not sealed with `key_id`, in order of their look-ups, from after `after` on: the work left of a key
/// rotation.
pub async fn list_to_reseal(
    tx: &mut Tx,
    key_id: i32,
    after: &Lookup,
    limit: u32,
) -> Result<Vec<(Lookup, SealedAddress)>, StoreError> {
    let rows: Vec<LookedUp> = on!(tx, |conn, sql = LIST_TO_RESEAL| {
        let query = sqlx::query_as(sql).bind(key_id).bind(after.as_slice()).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("addresses"))?
    });
    let nobody = ContactId(0);
    rows.into_iter()
        .map(|LookedUp { lookup, channel, key_id, sealed, since }| {
            let channel = types::channel("contacts", nobody, &channel)?;
            let lookup = Lookup::try_from(lookup.as_slice())
                .map_err(|_| StoreError::inconsistent("addresses", "lookup", nobody))?;
            Ok((lookup, SealedAddress { channel, key_id, sealed, since }))
        })
        .collect()
}

/// Replaces sealed addresses (key rotation); those erased meanwhile are passed over. Returns how many.
pub async fn reseal(tx: &mut Tx, addresses: &[Resealed]) -> Result<u64, StoreError> {
    let mut done = 0;
    // One statement a row: rotation is rare and far from the reply path.
    on!(tx, |conn, sql = RESEAL| {
        for new in addresses {
            let query = sqlx::query(sql).bind(new.old.as_slice()).bind(new.lookup.as_slice());
            let query = query.bind(new.key_id).bind(new.sealed.as_slice());
            done += query.execute(&mut *conn).await?.rows_affected();
        }
    });
    Ok(done)
}

/// Contacts, those merged into another not counted.
pub async fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = COUNT| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}
