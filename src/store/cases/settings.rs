//! What supervisors set: hours, holidays, targets, limits, quick replies. Values are JSON, read and written whole.

use crate::store::{StoreError, Tx, error::reading};

statements! {
    ALL_OF = "select key, value, version from desk_settings order by key";
    FIND = "select key, value, version from desk_settings where key = $1";
    ADD = "insert into desk_settings (key, value, version) values ($1, $2, 1) on conflict (key) do nothing";
    CHANGE = "update desk_settings set value = $2, version = version + 1 where key = $1 and version = $3";
}

/// A setting as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SettingRow {
    pub key: String,
    pub value: String,
    /// Grows with each change.
    pub version: i64,
}

pub async fn settings(tx: &mut Tx) -> Result<Vec<SettingRow>, StoreError> {
    on!(tx, |conn, sql = ALL_OF| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("desk_settings")))
}

pub async fn setting(tx: &mut Tx, key: &str) -> Result<Option<SettingRow>, StoreError> {
    on!(tx, |conn, sql = FIND| {
        sqlx::query_as(sql).bind(key).fetch_optional(conn).await.map_err(reading("desk_settings"))
    })
}

/// Sets a value; `version` is the one that was read, 0 for none. False if somebody else set it meanwhile.
pub async fn put_setting(tx: &mut Tx, key: &str, value: &str, version: i64) -> Result<bool, StoreError> {
    if version == 0 {
        return on!(tx, |conn, sql = ADD| {
            Ok(sqlx::query(sql).bind(key).bind(value).execute(conn).await?.rows_affected() == 1)
        });
    }
    on!(tx, |conn, sql = CHANGE| {
        let query = sqlx::query(sql).bind(key).bind(value).bind(version);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}
