//! Facts about the database itself, by name: the key's fingerprint, a bot's polling offset.

use super::{StoreError, Tx};

statements! {
    GET = "select value from meta where key = $1";
    SET = "insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value";
    /// Changes nothing: it locks the row, on both databases.
    LOCK = "update meta set value = value where key = $1";
    INSERT_NEW = "insert into meta (key, value) values ($1, $2) on conflict (key) do nothing";
}

pub async fn get(tx: &mut Tx, key: &str) -> Result<Option<String>, StoreError> {
    on!(tx, |conn, sql = GET| Ok(sqlx::query_scalar(sql).bind(key).fetch_optional(conn).await?))
}

pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SET| {
        sqlx::query(sql).bind(key).bind(value).execute(conn).await?;
    });
    Ok(())
}

/// Sets a value that must never be replaced; false, and nothing happens, if there is one.
pub async fn insert_new(tx: &mut Tx, key: &str, value: &str) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = INSERT_NEW| {
        Ok(sqlx::query(sql).bind(key).bind(value).execute(conn).await?.rows_affected() == 1)
    })
}

/// Holds a row until the transaction ends.
pub async fn lock(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    on!(tx, |conn, sql = LOCK| {
        sqlx::query(sql).bind(key).execute(conn).await?;
    });
    Ok(())
}
