//! Inbound messages that could not be handled: kept sealed, shown to admins, replayable.

use super::{
    Lookup, PURGE_MAX, StoreError, Tx,
    error::reading,
    rows::{many, pieces},
    types::{self, opaque_debug},
};
use crate::domain::{ChannelKind, Timestamp};

statements! {
    ADD = "insert into parked (id, key, channel, reason, key_id, sealed, received_at, attempts, lookup, address)
        values /*each*/($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)/*end*/";
    LIST = "select id, key, channel, reason, received_at, attempts, replayed_at from parked order by id desc limit $1";
    GET = "select id, key, channel, reason, key_id, sealed, received_at, attempts, replayed_at, address from parked
        where id = $1";
    MARK_REPLAYED = "update parked set replayed_at = $2 where id = $1 and replayed_at is null";
    COUNT_OPEN = "select cast(count(*) as bigint) from parked where replayed_at is null";
    PURGE = "delete from parked where id in (select id from parked where received_at < $1 order by id limit $2)";
}

/// An inbound message to be kept.
#[derive(Clone)]
pub struct NewParked {
    pub id: i64,
    /// Its dedup key.
    pub key: String,
    pub channel: ChannelKind,
    /// A code, never what the person wrote.
    pub reason: String,
    pub key_id: i32,
    /// The raw body.
    pub sealed: Vec<u8>,
    pub received_at: Timestamp,
    pub attempts: i32,
    /// Whose it is, where that could be read: look-up and sealed address.
    pub address: Option<(Lookup, Vec<u8>)>,
}

/// A parked message as admins see it in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedRow {
    pub id: i64,
    pub key: String,
    pub channel: ChannelKind,
    pub reason: String,
    pub received_at: Timestamp,
    pub attempts: i32,
    pub replayed_at: Option<Timestamp>,
}

/// A parked message with its sealed body, to be replayed.
#[derive(Clone, PartialEq, Eq)]
pub struct Parked {
    pub row: ParkedRow,
    pub key_id: i32,
    pub sealed: Vec<u8>,
    /// Sealed address, where it was known.
    pub address: Option<Vec<u8>>,
}

opaque_debug!(NewParked.id, Parked.row);

#[derive(sqlx::FromRow)]
struct Raw {
    id: i64,
    key: String,
    channel: String,
    reason: String,
    received_at: Timestamp,
    attempts: i32,
    replayed_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct RawBody {
    #[sqlx(flatten)]
    row: Raw,
    key_id: i32,
    sealed: Vec<u8>,
    address: Option<Vec<u8>>,
}

impl TryFrom<Raw> for ParkedRow {
    type Error = StoreError;

    fn try_from(raw: Raw) -> Result<Self, StoreError> {
        Ok(Self {
            id: raw.id,
            key: raw.key,
            channel: types::channel("parked", raw.id, &raw.channel)?,
            reason: raw.reason,
            received_at: raw.received_at,
            attempts: raw.attempts,
            replayed_at: raw.replayed_at,
        })
    }
}

pub async fn add(tx: &mut Tx, rows: &[NewParked]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        for piece in pieces(rows) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for new in piece {
                let (lookup, address) =
                    new.address.as_ref().map(|(lookup, sealed)| (lookup.as_slice(), sealed.as_slice())).unzip();
                query = query.bind(new.id).bind(new.key.as_str()).bind(new.channel.as_str());
                query = query.bind(new.reason.as_str()).bind(new.key_id).bind(new.sealed.as_slice());
                query = query.bind(new.received_at).bind(new.attempts).bind(lookup).bind(address);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// The newest first.
pub async fn list(tx: &mut Tx, limit: u32) -> Result<Vec<ParkedRow>, StoreError> {
    let rows: Vec<Raw> = on!(tx, |conn, sql = LIST| {
        sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("parked"))?
    });
    rows.into_iter().map(ParkedRow::try_from).collect()
}

/// `None` if there is no such row, or no more.
pub async fn find(tx: &mut Tx, id: i64) -> Result<Option<Parked>, StoreError> {
    let raw: Option<RawBody> = on!(tx, |conn, sql = GET| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("parked"))?
    });
    raw.map(|raw| {
        let row = raw.row.try_into()?;
        Ok(Parked { row, key_id: raw.key_id, sealed: raw.sealed, address: raw.address })
    })
    .transpose()
}

/// False if it was replayed before, or is gone.
pub async fn mark_replayed(tx: &mut Tx, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = MARK_REPLAYED| {
        Ok(sqlx::query(sql).bind(id).bind(now).execute(conn).await?.rows_affected() == 1)
    })
}

/// Parked and not replayed.
pub async fn count_open(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = COUNT_OPEN| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}

/// Deletes what was received before, replayed or not, at most [`PURGE_MAX`]; returns how many.
pub async fn purge(tx: &mut Tx, older_than: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE| {
        Ok(sqlx::query(sql).bind(older_than).bind(PURGE_MAX).execute(conn).await?.rows_affected())
    })
}
