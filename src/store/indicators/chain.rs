//! The chain over the record of events: salts, blocks, and what erased rows leave.
//!
//! What is hashed is made by the caller; here the order is kept, also with several instances.

use crate::{
    domain::{ChainHead, ContactId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, padded, pieces},
    },
};

statements! {
    /// Changes nothing: it locks the row, on both databases.
    LOCK_HEAD = "update meta set value = value where key = 'events_head' returning value";
    PEEK = "select value from meta where key = 'events_head'";
    MOVE_HEAD = "update meta set value = $1 where key = 'events_head'";
    ROWS = "select e.seq, e.event_id, e.type as kind, e.contact_id, e.occurred_at, e.recorded_at, e.channel, e.source,
            e.code, e.attrs, s.salt from events e left join event_salts s on s.contact_id = e.contact_id
        where e.seq > $1 and e.seq <= $2 order by e.seq limit $3";
    OF_PEOPLE = "select e.seq, e.event_id, e.type as kind, e.contact_id, e.occurred_at, e.recorded_at, e.channel,
            e.source, e.code, e.attrs, s.salt from events e join event_salts s on s.contact_id = e.contact_id
        where e.seq <= $1 and e.contact_id in (/*each*/$2/*end*/)";
    ADD_SALT = "insert into event_salts (contact_id, salt) values /*each*/($1, $2)/*end*/";
    DROP_SALTS = "delete from event_salts where contact_id in (/*each*/$1/*end*/)";
    ADD_BLOCK = "insert into event_blocks (last_seq, commitments, hash) values ($1, $2, $3)";
    BLOCKS = "select last_seq, commitments, hash from event_blocks where last_seq > $1 order by last_seq limit $2";
    LEAVE = "insert into event_remains (seq, commitment) values /*each*/($1, $2)/*end*/";
    REMAINS = "select seq, commitment from event_remains where seq > $1 and seq <= $2 order by seq";
}

/// A row of the record with the salt of its contact.
#[derive(Clone, sqlx::FromRow)]
pub struct SaltedRow {
    pub seq: i64,
    pub event_id: String,
    pub kind: String,
    #[sqlx(rename = "contact_id")]
    pub contact: Option<ContactId>,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    pub channel: String,
    pub source: String,
    pub code: Option<String>,
    pub attrs: String,
    /// None: no row of this contact is sealed yet, or the row has none.
    pub salt: Option<Vec<u8>>,
}

/// Rows that follow the block before; the hash stands for all up to `last_seq`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Block {
    pub last_seq: i64,
    /// How many rows it seals.
    pub commitments: i64,
    pub hash: Vec<u8>,
}

/// The last block, locked until the transaction ends.
pub async fn lock_head(tx: &mut Tx) -> Result<ChainHead, StoreError> {
    let text: String = on!(tx, |conn, sql = LOCK_HEAD| sqlx::query_scalar(sql).fetch_one(conn).await?);
    Ok(ChainHead::parse(&text))
}

/// The same without a lock.
pub async fn head(tx: &mut Tx) -> Result<ChainHead, StoreError> {
    let text: String = on!(tx, |conn, sql = PEEK| sqlx::query_scalar(sql).fetch_one(conn).await?);
    Ok(ChainHead::parse(&text))
}

/// Rows after `after`, up to `last`, in the order of their numbers.
pub async fn rows(tx: &mut Tx, after: i64, last: i64, limit: u32) -> Result<Vec<SaltedRow>, StoreError> {
    on!(tx, |conn, sql = ROWS| {
        let query = sqlx::query_as(sql).bind(after).bind(last).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("events"))
    })
}

/// Rows of these contacts up to `last` that have a salt, in no order.
pub async fn of_people(tx: &mut Tx, last: i64, ids: &[ContactId]) -> Result<Vec<SaltedRow>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = OF_PEOPLE| {
        for piece in padded(ids) {
            let mut query = sqlx::query_as(many(sql, piece.len())).bind(last);
            for id in piece {
                query = query.bind(id);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("events"))?);
        }
    });
    Ok(rows)
}

/// Gives contacts their salts.
pub async fn add_salts(tx: &mut Tx, salts: &[(ContactId, [u8; 16])]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD_SALT| {
        for piece in pieces(salts) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for (contact, salt) in piece {
                query = query.bind(*contact).bind(salt.as_slice());
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Adds a block after the head that the caller holds.
pub async fn add_block(tx: &mut Tx, block: &Block) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = ADD_BLOCK| {
        let query = sqlx::query(sql).bind(block.last_seq).bind(block.commitments);
        query.bind(block.hash.as_slice()).execute(conn).await?;
    });
    let head = ChainHead { seq: block.last_seq, hash: block.hash.clone() };
    on!(tx, |conn, sql = MOVE_HEAD| {
        sqlx::query(sql).bind(head.to_string()).execute(conn).await?;
    });
    Ok(())
}

/// Blocks after a number, in order.
pub async fn blocks(tx: &mut Tx, after: i64, limit: u32) -> Result<Vec<Block>, StoreError> {
    on!(tx, |conn, sql = BLOCKS| {
        let query = sqlx::query_as(sql).bind(after).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("event_blocks"))
    })
}

/// Leaves commitments of sealed rows that are about to go, and drops the salts of their contacts.
pub async fn leave(
    tx: &mut Tx,
    remains: &[(i64, [u8; 32])],
    contacts: &[ContactId],
) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = LEAVE| {
        for piece in pieces(remains) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for (seq, commitment) in piece {
                query = query.bind(*seq).bind(commitment.as_slice());
            }
            query.execute(&mut *conn).await?;
        }
    });
    on!(tx, |conn, sql = DROP_SALTS| {
        for piece in padded(contacts) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// What erased rows after `after`, up to `last`, left.
pub async fn remains(tx: &mut Tx, after: i64, last: i64) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    on!(tx, |conn, sql = REMAINS| {
        let query = sqlx::query_as(sql).bind(after).bind(last);
        query.fetch_all(conn).await.map_err(reading("event_remains"))
    })
}
