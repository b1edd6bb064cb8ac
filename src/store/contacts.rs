//! Contacts and their sealed addresses.

use super::{
    Lookup, StoreError, Tx,
    error::reading,
    rows::{many, pieces},
    types::{self, opaque_debug},
};
use crate::domain::{ChannelKind, ContactId, Source, Timestamp};

statements! {
    CREATE = "insert into contacts (id, channel, source, created_at) values /*each*/($1, $2, $3, $4)/*end*/";
    CREATE_ADDRESS = "insert into addresses (contact_id, lookup, key_id, sealed)
        values /*each*/($1, $2, $3, $4)/*end*/";
    FIND_BY_LOOKUP = "select contact_id from addresses where lookup = $1";
    ADDRESS = "select c.channel, a.key_id, a.sealed from addresses a
        join contacts c on c.id = a.contact_id where a.contact_id = $1";
    LIST_TO_RESEAL = "select a.contact_id, c.channel, a.key_id, a.sealed from addresses a
        join contacts c on c.id = a.contact_id
        where a.key_id <> $1 and a.contact_id > $2 order by a.contact_id limit $3";
    RESEAL = "update addresses set lookup = $2, key_id = $3, sealed = $4 where contact_id = $1";
    COUNT = "select cast(count(*) as bigint) from contacts";
}

/// A contact met for the first time.
#[derive(Clone)]
pub struct NewContact {
    pub id: ContactId,
    pub channel: ChannelKind,
    pub source: Source,
    pub lookup: Lookup,
    /// Key that sealed the address.
    pub key_id: i32,
    pub sealed: Vec<u8>,
    pub at: Timestamp,
}

/// An address as it is stored; only `privacy` can open it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedAddress {
    pub channel: ChannelKind,
    pub key_id: i32,
    pub sealed: Vec<u8>,
}

/// An address sealed with another key.
#[derive(Clone)]
pub struct Resealed {
    pub contact: ContactId,
    pub lookup: Lookup,
    pub key_id: i32,
    pub sealed: Vec<u8>,
}

opaque_debug!(NewContact.id, SealedAddress.channel, Resealed.contact);

#[derive(sqlx::FromRow)]
struct AddressRow {
    channel: String,
    key_id: i32,
    sealed: Vec<u8>,
}

/// Stores contacts with their addresses. [`StoreError::Conflict`] if one of the addresses is known already.
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
    on!(tx, |conn, sql = CREATE_ADDRESS| {
        for piece in pieces(contacts) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for new in piece {
                query =
                    query.bind(new.id).bind(new.lookup.as_slice()).bind(new.key_id).bind(new.sealed.as_slice());
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

pub async fn find_by_lookup(tx: &mut Tx, lookup: &Lookup) -> Result<Option<ContactId>, StoreError> {
    on!(tx, |conn, sql = FIND_BY_LOOKUP| {
        Ok(sqlx::query_scalar(sql).bind(lookup.as_slice()).fetch_optional(conn).await?)
    })
}

/// Where a contact can be reached; `None` if it was erased.
pub async fn address(tx: &mut Tx, contact: ContactId) -> Result<Option<SealedAddress>, StoreError> {
    let row: Option<AddressRow> = on!(tx, |conn, sql = ADDRESS| {
        sqlx::query_as(sql).bind(contact).fetch_optional(conn).await.map_err(reading("addresses"))?
    });
    row.map(|row| {
        let channel = types::channel("contacts", contact, &row.channel)?;
        Ok(SealedAddress { channel, key_id: row.key_id, sealed: row.sealed })
    })
    .transpose()
}

/// Addresses not sealed with `key_id`, by contact, from after `after` on: the work left of a key rotation.
pub async fn list_to_reseal(
    tx: &mut Tx,
    key_id: i32,
    after: ContactId,
    limit: u32,
) -> Result<Vec<(ContactId, SealedAddress)>, StoreError> {
    let rows: Vec<(ContactId, String, i32, Vec<u8>)> = on!(tx, |conn, sql = LIST_TO_RESEAL| {
        let query = sqlx::query_as(sql).bind(key_id).bind(after).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("addresses"))?
    });
    rows.into_iter()
        .map(|(contact, channel, key_id, sealed)| {
            let channel = types::channel("contacts", contact, &channel)?;
            Ok((contact, SealedAddress { channel, key_id, sealed }))
        })
        .collect()
}

/// Replaces sealed addresses (key rotation); contacts erased meanwhile are passed over. Returns how many.
pub async fn reseal(tx: &mut Tx, addresses: &[Resealed]) -> Result<u64, StoreError> {
    let mut done = 0;
    // One statement a row: rotation is rare and far from the reply path.
    on!(tx, |conn, sql = RESEAL| {
        for new in addresses {
            let query = sqlx::query(sql).bind(new.contact).bind(new.lookup.as_slice());
            let query = query.bind(new.key_id).bind(new.sealed.as_slice());
            done += query.execute(&mut *conn).await?.rows_affected();
        }
    });
    Ok(done)
}

pub async fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = COUNT| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}
