//! Looks past the store at what stands in the tables.

use std::{future::Future, time::Duration};

use safar::store::{Store, Tx};
use sqlx::AssertSqlSafe;

pub async fn scalar(store: &Store, sql: &str) -> i64 {
    let sql = AssertSqlSafe(sql.to_owned());
    let mut tx = store.read().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
    }
}

/// Rows of a table, or of a table and a condition.
pub async fn count(store: &Store, of: &str) -> i64 {
    scalar(store, &format!("select cast(count(*) as bigint) from {of}")).await
}

pub async fn texts(store: &Store, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(sql.to_owned());
    let mut tx = store.read().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_all(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_all(&mut **tx).await.unwrap(),
    }
}

/// Changes rows behind the program's back.
pub async fn run(store: &Store, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    let mut tx = store.write().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
        Tx::Postgres(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
    }
    tx.commit().await.unwrap();
}

/// Waits until a count is reached; panics after ten seconds.
pub async fn wait_count(store: &Store, of: &str, expected: i64) {
    let mut last = 0;
    let reached = until(async || {
        last = count(store, of).await;
        last == expected
    });
    assert!(reached.await, "{of}: {last}, not {expected}");
}

/// Asks again and again until it is true; false after ten seconds.
pub async fn until(mut is: impl AsyncFnMut() -> bool) -> bool {
    let wait = async {
        while !is().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    within(wait).await
}

async fn within(wait: impl Future<Output = ()>) -> bool {
    tokio::time::timeout(Duration::from_secs(10), wait).await.is_ok()
}
