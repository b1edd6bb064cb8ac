//! Work that one instance does at a time: polling, jobs.

use super::{StoreError, Tx};
use crate::domain::Timestamp;

statements! {
    TRY_TAKE = "insert into leases (name, holder, until_at) values ($1, $2, $4)
        on conflict (name) do update set holder = excluded.holder, until_at = excluded.until_at
        where leases.holder = excluded.holder or leases.until_at <= $3";
    GIVE_BACK = "delete from leases where name = $1 and holder = $2";
}

/// Takes or prolongs a lease until `until`: true if it was free, run out at `now`, or `holder`'s already.
pub async fn try_take(
    tx: &mut Tx,
    name: &str,
    holder: i64,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = TRY_TAKE| {
        let query = sqlx::query(sql).bind(name).bind(holder).bind(now).bind(until);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// Frees a lease; nothing happens if it is someone else's by now.
pub async fn give_back(tx: &mut Tx, name: &str, holder: i64) -> Result<(), StoreError> {
    on!(tx, |conn, sql = GIVE_BACK| {
        sqlx::query(sql).bind(name).bind(holder).execute(conn).await?;
    });
    Ok(())
}
