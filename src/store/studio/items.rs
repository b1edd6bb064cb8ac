//! Items of change sets: the drafts themselves.

use crate::{
    domain::{ChangeSetId, StaffId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, pieces},
    },
};

statements! {
    PUT = "insert into change_items (set_id, item, path, after_item, base, source, edited_by, edited_at, version)
        values /*each*/($1, $2, $3, $4, $5, $6, $7, $8, $9)/*end*/
        on conflict (set_id, item) do update set path = excluded.path, after_item = excluded.after_item,
            base = excluded.base, source = excluded.source, edited_by = excluded.edited_by,
            edited_at = excluded.edited_at, version = excluded.version";
    DROP = "delete from change_items where set_id = $1 and item = $2";
    OF_SET = "select set_id, item, path, after_item, base, source, edited_by, edited_at, version
        from change_items where set_id = $1 order by item";
    ONE = "select set_id, item, path, after_item, base, source, edited_by, edited_at, version
        from change_items where set_id = $1 and item = $2";
    // Who else has a draft of it.
    OPEN_OF_ITEM = "select i.set_id, i.item, i.path, i.after_item, i.base, i.source, i.edited_by, i.edited_at, i.version
        from change_items i join change_sets s on s.id = i.set_id
        where i.item = $1 and s.state in ('draft', 'review', 'approved') order by i.set_id";
    OPEN_ITEMS = "select i.item, i.set_id from change_items i join change_sets s on s.id = i.set_id
        where s.state in ('draft', 'review', 'approved') order by i.item, i.set_id";
    COUNTS = "select i.set_id, count(*) from change_items i join change_sets s on s.id = i.set_id
        where s.state in ('draft', 'review', 'approved') group by i.set_id";
}

/// A draft of one item.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ChangeItemRow {
    pub set_id: ChangeSetId,
    /// Its key.
    pub item: String,
    pub path: String,
    pub after_item: Option<String>,
    /// What the editor saw when it was begun; `None`: there was no such item.
    pub base: Option<String>,
    /// What it shall be; `None`: it goes.
    pub source: Option<String>,
    pub edited_by: StaffId,
    pub edited_at: Timestamp,
    /// Which state of the draft this is: a save says what it was made from.
    pub version: i64,
}

/// Writes drafts as they are, over what is there. The set is locked.
pub async fn put(tx: &mut Tx, rows: &[ChangeItemRow]) -> Result<(), StoreError> {
    for piece in pieces(rows) {
        on!(tx, |conn, sql = PUT| {
            let mut query = sqlx::query(many(sql, piece.len()));
            for row in piece {
                query = query.bind(row.set_id).bind(row.item.as_str()).bind(row.path.as_str());
                query = query.bind(row.after_item.as_deref()).bind(row.base.as_deref());
                query = query.bind(row.source.as_deref()).bind(row.edited_by).bind(row.edited_at);
                query = query.bind(row.version);
            }
            query.execute(conn).await?;
        });
    }
    Ok(())
}

/// The item stays as it is published.
pub async fn drop(tx: &mut Tx, set: ChangeSetId, item: &str) -> Result<(), StoreError> {
    on!(tx, |conn, sql = DROP| {
        sqlx::query(sql).bind(set).bind(item).execute(conn).await?;
    });
    Ok(())
}

/// All drafts of a set, by key.
pub async fn of_set(tx: &mut Tx, set: ChangeSetId) -> Result<Vec<ChangeItemRow>, StoreError> {
    on!(tx, |conn, sql = OF_SET| {
        sqlx::query_as(sql).bind(set).fetch_all(conn).await.map_err(reading("change_items"))
    })
}

pub async fn find(tx: &mut Tx, set: ChangeSetId, item: &str) -> Result<Option<ChangeItemRow>, StoreError> {
    on!(tx, |conn, sql = ONE| {
        sqlx::query_as(sql).bind(set).bind(item).fetch_optional(conn).await.map_err(reading("change_items"))
    })
}

/// Drafts of one item in sets on their way.
pub async fn open_of_item(tx: &mut Tx, item: &str) -> Result<Vec<ChangeItemRow>, StoreError> {
    on!(tx, |conn, sql = OPEN_OF_ITEM| {
        sqlx::query_as(sql).bind(item).fetch_all(conn).await.map_err(reading("change_items"))
    })
}

/// Which items have a draft, and in which sets on their way.
pub async fn open_items(tx: &mut Tx) -> Result<Vec<(String, ChangeSetId)>, StoreError> {
    on!(tx, |conn, sql = OPEN_ITEMS| {
        sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("change_items"))
    })
}

/// How many items each set on its way has.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(ChangeSetId, i64)>, StoreError> {
    on!(tx, |conn, sql = COUNTS| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("change_items")))
}
