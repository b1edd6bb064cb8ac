//! Sessions of staff in the browser, and failed logins.

use super::{PURGE_MAX, StoreError, Tx, error::reading};
use crate::domain::{StaffId, Timestamp};

statements! {
    INSERT = "insert into staff_sessions (token_hash, staff_id, csrf, created_at, seen_at, until_at, second_factor)
        values ($1, $2, $3, $4, $5, $6, $7)";
    FIND = "select staff_id, csrf, created_at, seen_at, until_at, second_factor from staff_sessions
        where token_hash = $1";
    TOUCH = "update staff_sessions set seen_at = $1 where token_hash = $2 and seen_at < $1";
    DROP_ONE = "delete from staff_sessions where token_hash = $1";
    DROP_OF = "delete from staff_sessions where staff_id = $1 and token_hash <> $2";
    PURGE = "delete from staff_sessions where until_at <= $1 or seen_at <= $2";
    FAILURE = "select count, until_at, at from login_failures where key = $1";
    /// The change of nothing locks the row, on both databases.
    LOCK_FAILURE = "insert into login_failures (key, count, until_at, at) values ($1, 0, 0, $2)
        on conflict (key) do update set count = login_failures.count
        returning count, until_at, at";
    FAILED = "update login_failures set count = $1, until_at = $2, at = $3 where key = $4";
    FORGIVE = "delete from login_failures where key = $1";
    PURGE_FAILURES = "delete from login_failures where key in
        (select key from login_failures where at < $1 and until_at < $1 limit $2)";
}

/// A session as it is kept, by the hash of its token.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    pub staff_id: StaffId,
    /// Each form of the session carries it.
    pub csrf: String,
    pub created_at: Timestamp,
    /// Last sign of a person at the keyboard.
    pub seen_at: Timestamp,
    /// Ends then at the latest.
    pub until_at: Timestamp,
    /// The second step was passed.
    pub second_factor: bool,
}

super::types::opaque_debug!(SessionRow.staff_id);

pub async fn insert(tx: &mut Tx, token_hash: &[u8], row: &SessionRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = INSERT| {
        let query = sqlx::query(sql).bind(token_hash).bind(row.staff_id).bind(row.csrf.as_str());
        let query = query.bind(row.created_at).bind(row.seen_at).bind(row.until_at).bind(row.second_factor);
        query.execute(conn).await?;
    });
    Ok(())
}

pub async fn find(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<SessionRow>, StoreError> {
    on!(tx, |conn, sql = FIND| {
        sqlx::query_as(sql).bind(token_hash).fetch_optional(conn).await.map_err(reading("staff_sessions"))
    })
}

/// Notes a sign of life; the instant only grows.
pub async fn touch(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn, sql = TOUCH| {
        sqlx::query(sql).bind(now).bind(token_hash).execute(conn).await?;
    });
    Ok(())
}

pub async fn remove(tx: &mut Tx, token_hash: &[u8]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = DROP_ONE| {
        sqlx::query(sql).bind(token_hash).execute(conn).await?;
    });
    Ok(())
}

/// Ends all sessions of an account but that of `keep` (an empty hash keeps none).
pub async fn remove_others(tx: &mut Tx, id: StaffId, keep: &[u8]) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = DROP_OF| {
        Ok(sqlx::query(sql).bind(id).bind(keep).execute(conn).await?.rows_affected())
    })
}

/// Deletes sessions that ended by `now`, or idle ones last seen by `idle_since`; gives their number.
pub async fn purge(tx: &mut Tx, now: Timestamp, idle_since: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE| {
        Ok(sqlx::query(sql).bind(now).bind(idle_since).execute(conn).await?.rows_affected())
    })
}

/// Failed logins of an account or an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Failures {
    pub count: i32,
    /// No try before that.
    pub until_at: Timestamp,
    /// When the last one was.
    pub at: Timestamp,
}

pub async fn failures(tx: &mut Tx, key: &[u8]) -> Result<Failures, StoreError> {
    let found: Option<Failures> = on!(tx, |conn, sql = FAILURE| {
        sqlx::query_as(sql).bind(key).fetch_optional(conn).await.map_err(reading("login_failures"))?
    });
    Ok(found.unwrap_or_default())
}

/// The same with the row locked until the transaction ends, so that tries in parallel count one after the other.
pub async fn lock_failures(tx: &mut Tx, key: &[u8], now: Timestamp) -> Result<Failures, StoreError> {
    on!(tx, |conn, sql = LOCK_FAILURE| {
        sqlx::query_as(sql).bind(key).bind(now).fetch_one(conn).await.map_err(reading("login_failures"))
    })
}

pub async fn set_failures(tx: &mut Tx, key: &[u8], row: Failures) -> Result<(), StoreError> {
    on!(tx, |conn, sql = FAILED| {
        let query = sqlx::query(sql).bind(row.count).bind(row.until_at).bind(row.at).bind(key);
        query.execute(conn).await?;
    });
    Ok(())
}

pub async fn forgive(tx: &mut Tx, key: &[u8]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = FORGIVE| {
        sqlx::query(sql).bind(key).execute(conn).await?;
    });
    Ok(())
}

/// Forgets failures older than `before`; gives their number, 0 when all are gone.
pub async fn purge_failures(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE_FAILURES| {
        Ok(sqlx::query(sql).bind(before).bind(PURGE_MAX).execute(conn).await?.rows_affected())
    })
}
