//! Keys of inbound messages already taken in: a redelivery changes nothing.

use std::collections::HashSet;

use super::{
    PURGE_MAX, StoreError, Tx,
    rows::{many, padded, pieces},
    types,
};
use crate::domain::Timestamp;

statements! {
    INSERT = "insert into dedup (key, at) values /*each*/($1, $2)/*end*/ on conflict (key) do nothing returning key";
    SEEN = "select key from dedup where key in (/*each*/$1/*end*/)";
    PURGE = "delete from dedup where key in (select key from dedup where at < $1 order by at limit $2)";
    COUNT = "select cast(count(*) as bigint) from dedup";
}

/// Notes keys as seen; says of each, in order, whether it was new. The same key twice: only the first is new.
///
/// On PostgreSQL it waits for another transaction that holds one of the keys, until that one ends.
pub async fn insert_new(tx: &mut Tx, keys: &[&str], now: Timestamp) -> Result<Vec<bool>, StoreError> {
    // Sorted, so that two instances with the same keys wait for each other in one direction only.
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut new: HashSet<String> = HashSet::with_capacity(sorted.len());
    on!(tx, |conn, sql = INSERT| {
        for piece in pieces(&sorted) {
            let mut query = sqlx::query_scalar(many(sql, piece.len()));
            for key in piece {
                query = query.bind(*key).bind(now);
            }
            new.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    Ok(keys.iter().map(|key| new.remove(*key)).collect())
}

/// Which of these keys were taken in before. Promises nothing: another transaction may be taking one in.
pub async fn seen(tx: &mut Tx, keys: &[&str]) -> Result<HashSet<String>, StoreError> {
    let mut seen = HashSet::new();
    on!(tx, |conn, sql = SEEN| {
        for piece in padded(keys) {
            let mut query = sqlx::query_scalar(many(sql, piece.len()));
            for key in piece {
                query = query.bind(key);
            }
            seen.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    Ok(seen)
}

/// Forgets keys taken in before `older_than`, at most [`PURGE_MAX`]; returns how many. Repeat until it is fewer.
pub async fn purge(tx: &mut Tx, older_than: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE| {
        Ok(sqlx::query(sql).bind(older_than).bind(PURGE_MAX).execute(conn).await?.rows_affected())
    })
}

pub async fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = COUNT| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}
