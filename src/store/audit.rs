//! The trail of looks and actions: append-only, each row hashes the one before.
//!
//! What is hashed is made by the caller; here the order is kept: one row after the other, also with several instances.

use super::{StoreError, Tx, error::reading};
use crate::domain::{StaffId, Timestamp};

statements! {
    /// Changes nothing: it locks the row, on both databases.
    LOCK_HEAD = "update meta set value = value where key = 'audit_head' returning value";
    PEEK = "select value from meta where key = 'audit_head'";
    MOVE_HEAD = "update meta set value = $1 where key = 'audit_head'";
    INSERT = "insert into audit (seq, at, staff_id, verb, object_kind, object_id, prev, hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    AFTER = "select seq, at, staff_id, verb, object_kind, object_id, prev, hash from audit
        where seq > $1 order by seq limit $2";
    BEFORE = "select seq, at, staff_id, verb, object_kind, object_id, prev, hash from audit
        where seq < $1 order by seq desc limit $2";
    BEFORE_OF = "select seq, at, staff_id, verb, object_kind, object_id, prev, hash from audit
        where staff_id = $3 and seq < $1 order by seq desc limit $2";
    BEFORE_ON = "select seq, at, staff_id, verb, object_kind, object_id, prev, hash from audit
        where object_kind = $3 and object_id = $4 and seq < $1 order by seq desc limit $2";
}

/// A row of the trail.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditRow {
    /// From 1, without gaps.
    pub seq: i64,
    pub at: Timestamp,
    /// None: the program itself, or somebody who is not logged in.
    pub staff_id: Option<StaffId>,
    pub verb: String,
    /// `staff`, `case`, …; empty where the verb says all.
    pub object_kind: String,
    pub object_id: String,
    pub prev: Vec<u8>,
    pub hash: Vec<u8>,
}

/// Number and hash of the last row, locked until the transaction ends: append soon after, and commit.
///
/// The form is `SEQ:HEX`; `0:` of an empty trail.
pub async fn lock_head(tx: &mut Tx) -> Result<String, StoreError> {
    on!(tx, |conn, sql = LOCK_HEAD| Ok(sqlx::query_scalar(sql).fetch_one(conn).await?))
}

/// The same without a lock.
pub async fn head(tx: &mut Tx) -> Result<String, StoreError> {
    on!(tx, |conn, sql = PEEK| Ok(sqlx::query_scalar(sql).fetch_one(conn).await?))
}

/// Adds the row after the head that the caller holds; `head` is the new one.
pub async fn append(tx: &mut Tx, row: &AuditRow, head: &str) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = INSERT| {
        let query = sqlx::query(sql).bind(row.seq).bind(row.at).bind(row.staff_id).bind(row.verb.as_str());
        let query = query.bind(row.object_kind.as_str()).bind(row.object_id.as_str());
        query.bind(row.prev.as_slice()).bind(row.hash.as_slice()).execute(conn).await?;
    });
    on!(tx, |conn, sql = MOVE_HEAD| {
        sqlx::query(sql).bind(head).execute(conn).await?;
    });
    Ok(())
}

/// Rows after a number, the oldest first.
pub async fn after(tx: &mut Tx, seq: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
    on!(tx, |conn, sql = AFTER| {
        let query = sqlx::query_as(sql).bind(seq).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("audit"))
    })
}

/// Which rows of the trail are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of<'a> {
    All,
    /// What somebody did.
    Staff(StaffId),
    /// What was done with a thing: its kind and id.
    Object(&'a str, &'a str),
}

/// Rows before a number, the newest first.
pub async fn before(tx: &mut Tx, seq: i64, of: Of<'_>, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
    let limit = i64::from(limit);
    let rows = match of {
        Of::All => on!(tx, |conn, sql = BEFORE| {
            sqlx::query_as(sql).bind(seq).bind(limit).fetch_all(conn).await
        }),
        Of::Staff(id) => on!(tx, |conn, sql = BEFORE_OF| {
            sqlx::query_as(sql).bind(seq).bind(limit).bind(id).fetch_all(conn).await
        }),
        Of::Object(kind, id) => on!(tx, |conn, sql = BEFORE_ON| {
            sqlx::query_as(sql).bind(seq).bind(limit).bind(kind).bind(id).fetch_all(conn).await
        }),
    };
    rows.map_err(reading("audit"))
}
