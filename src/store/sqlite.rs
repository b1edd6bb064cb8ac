//! A SQLite file: one connection writes, a few read, one moves the log into the file.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

const READERS: u32 = 4;
const STATEMENTS_CACHED: usize = 512;
/// Rows that the thread of a connection may be ahead: a recount reads millions, and by the usual 50 the two threads mostly
/// wake each other.
const ROWS_BUFFERED: usize = 1_024;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Emptying the log holds the write lock while it waits for readers: it gives up early and tries again next time.
const CHECKPOINT_TIMEOUT: Duration = Duration::from_millis(200);
/// Log size from which it is emptied, not only copied.
const LOG_MAX_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Clone, Debug)]
pub(super) struct Pools {
    writer: SqlitePool,
    readers: SqlitePool,
    keeper: SqlitePool,
    log: PathBuf,
}

/// What a checkpoint did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Bytes of the log file before it.
    pub log_bytes: u64,
    /// Pages in the log, and how many of them are in the database file now.
    pub pages: i64,
    pub moved: i64,
    /// The log file was cut to nothing.
    pub emptied: bool,
}

/// Opens the file of `sqlite:PATH`; makes it and its folder if they are missing.
pub(super) async fn open(url: &str) -> Result<Pools, StoreError> {
    let named = SqliteConnectOptions::from_str(url).map_err(StoreError::BadAddress)?;
    let path = named.get_filename().to_path_buf();
    if url.contains(":memory:") || url.contains("mode=memory") || path.as_os_str().is_empty() {
        // Several connections share the data: that needs a file.
        return Err(StoreError::Address { found: "names no file".to_owned() });
    }
    make_folder(&path).await?;
    let base = named
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .statement_cache_capacity(STATEMENTS_CACHED)
        .row_buffer_size(ROWS_BUFFERED)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-8000")
        .pragma("mmap_size", "0")
        .pragma("temp_store", "memory")
        .pragma("wal_autocheckpoint", "0");
    // The first connection turns the file to WAL; the mode stays with the file.
    let writer = pool(1).connect_with(base.clone().journal_mode(SqliteJournalMode::Wal)).await?;
    let readers = pool(READERS).connect_lazy_with(base.clone().pragma("query_only", "on"));
    let keeper = pool(1).connect_lazy_with(base.busy_timeout(CHECKPOINT_TIMEOUT));
    let mut log: OsString = path.into_os_string();
    log.push("-wal");
    Ok(Pools { writer, readers, keeper, log: log.into() })
}

/// Connections live as long as the program: their prepared statements are worth keeping.
fn pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(size)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

async fn make_folder(path: &Path) -> Result<(), StoreError> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => tokio::fs::create_dir_all(folder)
            .await
            .map_err(|source| StoreError::Folder { path: folder.to_path_buf(), source }),
        _ => Ok(()),
    }
}

impl Pools {
    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        Ok(MIGRATIONS.run(&self.writer).await?)
    }

    pub(super) async fn read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    pub(super) async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }

    /// Copies the log without waiting for anyone; empties it when it has grown too large.
    pub(super) async fn checkpoint(&self) -> Result<Checkpoint, StoreError> {
        let log_bytes = self.log_bytes().await;
        let (_, pages, moved) = self.run_checkpoint("pragma wal_checkpoint(passive)").await?;
        let mut emptied = false;
        if log_bytes > LOG_MAX_BYTES {
            // After the copy above little is left to do under the write lock.
            emptied = match self.run_checkpoint("pragma wal_checkpoint(truncate)").await {
                Ok((blocked, ..)) => blocked == 0,
                Err(StoreError::Busy(_)) => false,
                Err(error) => return Err(error),
            };
        }
        Ok(Checkpoint { log_bytes, pages, moved, emptied })
    }

    /// Returns what the pragma does: blocked (0 or 1), pages in the log, pages moved.
    async fn run_checkpoint(&self, sql: &'static str) -> Result<(i64, i64, i64), StoreError> {
        Ok(sqlx::query_as(sql).fetch_one(&self.keeper).await?)
    }

    pub(super) async fn log_bytes(&self) -> u64 {
        tokio::fs::metadata(&self.log).await.map_or(0, |file| file.len())
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.keeper.close().await;
        // The last connection to close empties the log.
        self.writer.close().await;
    }
}
