//! Private links to try a draft, and who is told when something of a tree is overdue.

use crate::{
    domain::{ChangeSetId, StaffId, Timestamp},
    store::{StoreError, Tx, error::reading},
};

statements! {
    ADD = "insert into try_links (hash, set_id, staff_id, made_at, until_at) values ($1, $2, $3, $4, $5)";
    FIND = "select set_id, staff_id, made_at, until_at from try_links where hash = $1 and until_at > $2";
    END = "delete from try_links where set_id = $1";
    PURGE = "delete from try_links where until_at <= $1";
    OWNERS = "select tree, staff_id from content_owners order by tree, staff_id";
    OWN = "insert into content_owners (tree, staff_id) values ($1, $2) on conflict (tree, staff_id) do nothing";
    DISOWN = "delete from content_owners where tree = $1 and staff_id = $2";
}

/// A link by which a draft is tried.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TryLinkRow {
    pub set_id: ChangeSetId,
    pub staff_id: StaffId,
    pub made_at: Timestamp,
    pub until_at: Timestamp,
}

pub async fn add(tx: &mut Tx, hash: &[u8], row: &TryLinkRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        let query = sqlx::query(sql).bind(hash).bind(row.set_id).bind(row.staff_id);
        query.bind(row.made_at).bind(row.until_at).execute(conn).await?;
    });
    Ok(())
}

/// The link of this hash, while it holds.
pub async fn find(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<Option<TryLinkRow>, StoreError> {
    on!(tx, |conn, sql = FIND| {
        sqlx::query_as(sql).bind(hash).bind(now).fetch_optional(conn).await.map_err(reading("try_links"))
    })
}

/// All links of a set end.
pub async fn end(tx: &mut Tx, set: ChangeSetId) -> Result<(), StoreError> {
    on!(tx, |conn, sql = END| {
        sqlx::query(sql).bind(set).execute(conn).await?;
    });
    Ok(())
}

pub async fn purge(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE| Ok(sqlx::query(sql).bind(now).execute(conn).await?.rows_affected()))
}

/// Trees and their owners.
pub async fn owners(tx: &mut Tx) -> Result<Vec<(String, StaffId)>, StoreError> {
    on!(tx, |conn, sql = OWNERS| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("content_owners")))
}

/// Somebody is told of a tree from now on, or no more.
pub async fn own(tx: &mut Tx, tree: &str, staff: StaffId, owns: bool) -> Result<(), StoreError> {
    if owns {
        on!(tx, |conn, sql = OWN| {
            sqlx::query(sql).bind(tree).bind(staff).execute(conn).await?;
        });
    } else {
        on!(tx, |conn, sql = DISOWN| {
            sqlx::query(sql).bind(tree).bind(staff).execute(conn).await?;
        });
    }
    Ok(())
}
