//! Who has which item in front right now, on all instances.

use crate::{
    domain::{StaffId, Timestamp},
    store::{StoreError, Tx, error::reading},
};

statements! {
    SEE = "insert into item_looks (item, staff_id, at) values ($1, $2, $3)
        on conflict (item, staff_id) do update set at = excluded.at";
    OTHERS = "select staff_id from item_looks where item = $1 and staff_id <> $2 and at >= $3 order by staff_id";
    LEAVE = "delete from item_looks where item = $1 and staff_id = $2";
    PURGE = "delete from item_looks where at < $1";
}

/// Somebody has the item in front.
pub async fn see(tx: &mut Tx, item: &str, staff: StaffId, now: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SEE| {
        sqlx::query(sql).bind(item).bind(staff).bind(now).execute(conn).await?;
    });
    Ok(())
}

/// Who else had it in front since then.
pub async fn others(
    tx: &mut Tx,
    item: &str,
    me: StaffId,
    since: Timestamp,
) -> Result<Vec<StaffId>, StoreError> {
    on!(tx, |conn, sql = OTHERS| {
        let query = sqlx::query_scalar(sql).bind(item).bind(me).bind(since);
        query.fetch_all(conn).await.map_err(reading("item_looks"))
    })
}

pub async fn leave(tx: &mut Tx, item: &str, staff: StaffId) -> Result<(), StoreError> {
    on!(tx, |conn, sql = LEAVE| {
        sqlx::query(sql).bind(item).bind(staff).execute(conn).await?;
    });
    Ok(())
}

/// Looks from before are forgotten.
pub async fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE| Ok(sqlx::query(sql).bind(before).execute(conn).await?.rows_affected()))
}
