//! A PostgreSQL database: a pool, and a listener for wake-ups between instances.

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};

use super::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

const CONNECTIONS_MAX: u32 = 8;
/// One that listens, one that takes its place while the old one is still being dropped.
const LISTENERS_MAX: u32 = 2;
const STATEMENTS_CACHED: usize = 512;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn open(url: &str) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(StoreError::BadAddress)?
        .statement_cache_capacity(STATEMENTS_CACHED)
        .application_name("safar");
    // A pool would try again until its timeout and then say only that it had waited.
    options.connect().await?.close().await?;
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS_MAX).acquire_timeout(ACQUIRE_TIMEOUT);
    Ok(pool.connect_lazy_with(options))
}

/// sqlx holds an advisory lock meanwhile: a second instance waits and finds nothing to do.
pub(super) async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    Ok(MIGRATIONS.run(pool).await?)
}

/// Hears notices of other instances. They are wake-ups only: the rows are the truth.
#[derive(Debug)]
pub struct Listener {
    inner: PgListener,
    pool: PgPool,
    channels: Vec<String>,
}

impl Listener {
    /// Takes a small pool of its own, so that closing the store never waits for a listener.
    pub(super) async fn open(store: &PgPool, channels: &[&str]) -> Result<Self, StoreError> {
        let options = store.connect_options().as_ref().clone();
        let pool = PgPoolOptions::new()
            .max_connections(LISTENERS_MAX)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        let channels: Vec<String> = channels.iter().map(ToString::to_string).collect();
        Ok(Self { inner: listen(&pool, &channels).await?, pool, channels })
    }

    /// Waits for the next notice: (channel, payload). May be dropped while it waits.
    ///
    /// `None`: the connection was lost and made anew, notices may have been missed, so look at the rows.
    /// An error means that it could not be made anew yet: wait a little and call again.
    pub async fn next(&mut self) -> Result<Option<(String, String)>, StoreError> {
        match self.inner.try_recv().await {
            Ok(notice) => Ok(notice.map(|notice| (notice.channel().to_owned(), notice.payload().to_owned()))),
            // sqlx makes the connection anew after some errors only; a reset or a server's shutdown is not among them.
            Err(_lost) => {
                self.inner = listen(&self.pool, &self.channels).await?;
                Ok(None)
            }
        }
    }
}

async fn listen(pool: &PgPool, channels: &[String]) -> Result<PgListener, StoreError> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen_all(channels.iter().map(String::as_str)).await?;
    Ok(listener)
}
