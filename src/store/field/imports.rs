//! Files of entries that were imported.

use crate::{
    domain::{ImportId, StaffId, Timestamp},
    store::{StoreError, Tx, error::reading},
};

statements! {
    ADD = "insert into field_imports (id, at, staff_id, entries) values ($1, $2, $3, $4)";
    FIND = "select id, at, staff_id, entries from field_imports where id = $1";
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ImportRow {
    pub id: ImportId,
    pub at: Timestamp,
    /// `None`: the command line.
    #[sqlx(rename = "staff_id")]
    pub by: Option<StaffId>,
    /// How many entries it brought.
    pub entries: i64,
}

pub async fn add(tx: &mut Tx, import: &ImportRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        let query = sqlx::query(sql).bind(import.id).bind(import.at).bind(import.by).bind(import.entries);
        query.execute(conn).await?;
    });
    Ok(())
}

pub async fn find(tx: &mut Tx, id: ImportId) -> Result<Option<ImportRow>, StoreError> {
    on!(tx, |conn, sql = FIND| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("field_imports"))
    })
}
