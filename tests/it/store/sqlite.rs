//! What only SQLite does, and what a database address may be.

use safar::store::{Backend, Store, StoreError, Tx, meta};
use tempfile::TempDir;

use super::backend::{Fresh, on_sqlite};

async fn number(fresh: &Fresh, reading: bool, sql: &'static str) -> i64 {
    match &mut if reading { fresh.read().await } else { fresh.write().await } {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(_) => unreachable!("a SQLite test"),
    }
}

#[tokio::test]
async fn addresses_of_other_databases_are_refused_with_advice() {
    for (url, found) in [
        ("mysql://u:secret@h/db", "has the scheme \"mysql\""),
        ("safar.db", "has no scheme"),
        ("user:secret@host/db", "has no scheme"),
        ("", "has no scheme"),
        ("sqlite::memory:", "names no file"),
        ("sqlite:", "names no file"),
    ] {
        let error = Store::connect(url).await.map(|_| ()).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, StoreError::Address { .. }), "{url}: {error:?}");
        assert!(
            text.contains(found) && text.contains("sqlite:PATH") && text.contains("postgres://"),
            "{text}"
        );
        assert!(!format!("{error:?}{text}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable_and_may_be_tried_again() {
    let error = Store::connect("postgres://u:secret@127.0.0.1:1/db").await.map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Unreachable(_)) && error.retryable(), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("secret"));
}

#[tokio::test]
async fn connections_are_durable_and_checked() {
    on_sqlite(async |fresh| {
        assert_eq!(fresh.store.backend(), Backend::Sqlite);
        assert_eq!(number(&fresh, false, "pragma synchronous").await, 2, "FULL");
        assert_eq!(number(&fresh, false, "pragma foreign_keys").await, 1);
        assert_eq!(number(&fresh, false, "pragma wal_autocheckpoint").await, 0);
        assert_eq!(number(&fresh, false, "pragma cache_size").await, -8000);
        assert_eq!(number(&fresh, false, "pragma temp_store").await, 2, "memory");
        assert_eq!(number(&fresh, false, "pragma busy_timeout").await, 5000);
        assert_eq!(number(&fresh, true, "pragma query_only").await, 1);
        match &mut fresh.read().await {
            Tx::Sqlite(tx) => {
                let mode: String =
                    sqlx::query_scalar("pragma journal_mode").fetch_one(&mut **tx).await.unwrap();
                assert_eq!(mode, "wal");
            }
            Tx::Postgres(_) => unreachable!("a SQLite test"),
        }
    })
    .await;
}

#[tokio::test]
async fn writers_wait_for_each_other_and_readers_for_nobody() {
    on_sqlite(async |fresh| {
        let mut tx = fresh.write().await;
        meta::set(&mut tx, "n", "0").await.unwrap();
        tx.commit().await.unwrap();
        let add = |store: Store| async move {
            for _ in 0..25 {
                let mut tx = store.write().await.unwrap();
                let n: u32 = meta::get(&mut tx, "n").await.unwrap().unwrap().parse().unwrap();
                meta::set(&mut tx, "n", &(n + 1).to_string()).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(add(fresh.store.clone()))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let mut open = fresh.write().await;
        meta::set(&mut open, "n", "none").await.unwrap();
        assert_eq!(meta::get(&mut fresh.read().await, "n").await.unwrap().as_deref(), Some("200"));
    })
    .await;
}

#[tokio::test]
async fn a_second_process_that_writes_too_is_busy_and_may_try_again() {
    on_sqlite(async |fresh| {
        // The same file through another store, as a second process would.
        let other = Store::connect(&fresh.url).await.unwrap();
        let _held = fresh.write().await;
        let error = other.write().await.map(|_| ()).unwrap_err();
        assert!(matches!(error, StoreError::Busy(_)) && error.retryable(), "{error:?}");
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_checkpoint_moves_the_log_and_empties_a_large_one() {
    on_sqlite(async |fresh| {
        let mut tx = fresh.write().await;
        meta::set(&mut tx, "a", "1").await.unwrap();
        tx.commit().await.unwrap();
        let small = fresh.store.checkpoint().await.unwrap().expect("SQLite has a log");
        assert!(small.pages > 0 && small.moved == small.pages && !small.emptied, "{small:?}");

        let megabyte = "x".repeat(1 << 20);
        let mut tx = fresh.write().await;
        for n in 0..70 {
            meta::set(&mut tx, &format!("big {n}"), &megabyte).await.unwrap();
        }
        tx.commit().await.unwrap();
        let reader = {
            let mut tx = fresh.read().await;
            assert!(meta::get(&mut tx, "big 1").await.unwrap().is_some());
            tx
        };
        let held = fresh.store.checkpoint().await.unwrap().unwrap();
        assert!(held.log_bytes > 64 << 20 && !held.emptied, "a reader is not cut off: {held:?}");
        reader.rollback().await.unwrap();
        let large = fresh.store.checkpoint().await.unwrap().unwrap();
        assert!(large.emptied, "{large:?}");
        assert_eq!(fresh.store.checkpoint().await.unwrap().unwrap().log_bytes, 0);
        assert_eq!(
            meta::get(&mut fresh.read().await, "big 69").await.unwrap().unwrap().len(),
            megabyte.len()
        );
    })
    .await;
}

#[tokio::test]
async fn a_closed_database_is_one_file_that_opens_again() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("safar.db").display());
    let store = Store::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    let mut tx = store.write().await.unwrap();
    meta::set(&mut tx, "a", "1").await.unwrap();
    tx.commit().await.unwrap();
    store.ping().await.unwrap();
    store.checkpoint().await.unwrap();
    store.close().await;
    let files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["safar.db"]);
    let store = Store::connect(&url).await.unwrap();
    assert_eq!(meta::get(&mut store.read().await.unwrap(), "a").await.unwrap().as_deref(), Some("1"));
    assert!(store.listen(&["x"]).await.unwrap().is_none());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error =
        Store::connect(&format!("sqlite:{}/below/safar.db", file.display())).await.map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error:?}");
}
