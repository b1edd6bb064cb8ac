//! A fresh, migrated database for each test.

use std::{
    env,
    future::Future,
    panic::{AssertUnwindSafe, resume_unwind},
};

use futures_util::FutureExt as _;

use safar::{
    clock::{Ids, SystemIds},
    domain::{ChannelKind, ContactId, OutboxId, Source, Timestamp},
    store::{
        Lookup, Store, StoreError, Tx,
        contacts::{NewAddress, NewContact},
        outbox::OutboxNew,
        sessions::{self, SessionRow, SessionSave},
    },
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A database that goes away with the test.
pub struct Fresh {
    pub store: Store,
    pub url: String,
    _folder: Option<TempDir>,
}

/// Runs a test on a new SQLite file.
pub async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Fresh) -> F) {
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("deep/er/safar.db").display());
    let store = Store::connect(&url).await.expect("opened");
    store.migrate().await.expect("migrated");
    test(Fresh { store: store.clone(), url, _folder: Some(folder) }).await;
    store.close().await;
}

/// Runs a test in a new schema of the PostgreSQL of `SAFAR_TEST_POSTGRES`; without one it is skipped, loudly.
pub async fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(Fresh) -> F) {
    let Some(base) = postgres_url() else { return };
    let schema = format!("t_{:016x}", random());
    let mut admin = PgConnection::connect(&base).await.expect("PostgreSQL of SAFAR_TEST_POSTGRES answers");
    run(&mut admin, format!("create schema {schema}")).await;
    let sign = if base.contains('?') { '&' } else { '?' };
    let url = format!("{base}{sign}options[search_path]={schema}");
    let store = Store::connect(&url).await.expect("opened");
    store.migrate().await.expect("migrated");
    let fresh = Fresh { store: store.clone(), url, _folder: None };
    let outcome = AssertUnwindSafe(test(fresh)).catch_unwind().await;
    store.close().await;
    run(&mut admin, format!("drop schema {schema} cascade")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

pub fn postgres_url() -> Option<String> {
    let url = env::var("SAFAR_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        assert!(env::var("SAFAR_CI").as_deref() != Ok("1"), "SAFAR_CI=1 needs SAFAR_TEST_POSTGRES");
        eprintln!("SKIPPED, NOT TESTED: PostgreSQL (set SAFAR_TEST_POSTGRES=postgres://…)");
    }
    url
}

async fn run(admin: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(admin).await.expect("done");
}

pub fn random() -> u64 {
    let mut bytes = [0; 8];
    SystemIds::new().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// Makes `#[tokio::test]`s of async functions that take a [`Fresh`]: one on each database.
macro_rules! store_contract {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                $crate::store::backend::on_sqlite(super::$test).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                $crate::store::backend::on_postgres(super::$test).await;
            })*
        }
    };
}
pub(crate) use store_contract;

impl Fresh {
    pub async fn write(&self) -> Tx {
        self.store.write().await.expect("a writing transaction")
    }

    pub async fn read(&self) -> Tx {
        self.store.read().await.expect("a reading transaction")
    }

    /// Runs SQL past the store, to break or look at rows: one text, no binds.
    pub async fn raw(&self, sql: &'static str) {
        let mut tx = self.write().await;
        match &mut tx {
            Tx::Sqlite(tx) => drop(sqlx::raw_sql(sql).execute(&mut **tx).await.expect("done")),
            Tx::Postgres(tx) => drop(sqlx::raw_sql(sql).execute(&mut **tx).await.expect("done")),
        }
        tx.commit().await.expect("committed");
    }
}

/// Locks and loads, as a batch does.
pub async fn found(tx: &mut Tx, lookups: &[Lookup]) -> Result<Vec<SessionRow>, StoreError> {
    let locked = sessions::lock(tx, lookups, &[], &[]).await?;
    sessions::find(tx, lookups, &locked).await
}

pub fn lookup(contact: i64) -> Lookup {
    u128::from(contact.cast_unsigned()).to_be_bytes()
}

pub fn contact(id: i64) -> NewContact {
    NewContact { id: ContactId(id), channel: ChannelKind::Telegram, source: Source::Bot, at: NOW }
}

pub fn address(contact: i64, lookup: Lookup, since: Timestamp) -> NewAddress {
    NewAddress {
        contact: ContactId(contact),
        lookup,
        key_id: 1,
        sealed: format!("sealed {contact}").into_bytes(),
        since,
    }
}

pub fn session(id: i64) -> SessionSave {
    SessionSave {
        contact: ContactId(id),
        state: format!("{{\"at\":{id}}}"),
        private: None,
        reachable: true,
        last_inbound_at: NOW,
        updated_at: NOW,
    }
}

/// A queued message with a lease for nobody.
pub fn message(id: i64, contact: i64) -> OutboxNew {
    OutboxNew {
        id: OutboxId(id),
        contact: ContactId(contact),
        channel: ChannelKind::Telegram,
        lane: 0,
        payload: Some(format!("{{\"text\":\"menu\",\"n\":{id}}}")),
        sealed: None,
        edit_of: None,
        not_before: NOW,
        leased_by: None,
        lease_until: Timestamp(0),
        created_at: NOW,
    }
}
