//! The database as a whole, and its transactions.

use sqlx::{PgPool, Postgres, Sqlite, Transaction};

use super::{Checkpoint, Listener, StoreError, postgres, sqlite};

statements! {
    PING = "select 1";
    NOTIFY = "select pg_notify($1, $2)", sqlite = "select $1, $2";
    SIZE = "select pg_database_size(current_database())",
        sqlite = "select page_count * page_size from pragma_page_count(), pragma_page_size()";
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// A word for logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// The database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
}

#[derive(Clone, Debug)]
enum Db {
    Sqlite(sqlite::Pools),
    Postgres(PgPool),
}

/// One transaction. Every function of the store takes one, so callers decide what is atomic.
///
/// Dropping it without [`Tx::commit`] undoes everything.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Opens `sqlite:PATH` (made if missing, with its folder) or `postgres://…`. Does not migrate.
    ///
    /// Errors: [`StoreError::Address`] for any other scheme, [`StoreError::Folder`], [`StoreError::Unreachable`].
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let db = match url.split_once(':') {
            Some(("sqlite", _)) => Db::Sqlite(sqlite::open(url).await?),
            Some(("postgres" | "postgresql", _)) => Db::Postgres(postgres::open(url).await?),
            Some((scheme, rest)) if rest.starts_with("//") => {
                return Err(StoreError::Address { found: format!("has the scheme \"{scheme}\"") });
            }
            // Not shown: without a scheme it may start with a name and a password.
            _ => return Err(StoreError::Address { found: "has no scheme".to_owned() }),
        };
        Ok(Self { db })
    }

    /// Brings the tables to this version's form. Safe to call from several instances at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.db {
            Db::Sqlite(pools) => pools.migrate().await,
            Db::Postgres(pool) => postgres::migrate(pool).await,
        }
    }

    pub const fn backend(&self) -> Backend {
        match &self.db {
            Db::Sqlite(_) => Backend::Sqlite,
            Db::Postgres(_) => Backend::Postgres,
        }
    }

    /// A snapshot that cannot write, for pages, reports and exports.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match &self.db {
            Db::Sqlite(pools) => Tx::Sqlite(pools.read().await?),
            Db::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("begin isolation level repeatable read read only").await?)
            }
        })
    }

    /// A transaction that writes. On SQLite it waits for the one write connection and locks at once:
    /// a reading transaction that turns into a writing one fails without waiting.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match &self.db {
            Db::Sqlite(pools) => Tx::Sqlite(pools.write().await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut tx = self.read().await?;
        on!(&mut tx, |conn, sql = PING| {
            sqlx::query(sql).execute(conn).await?;
        });
        tx.rollback().await
    }

    /// Moves what SQLite's log holds into the database file; on PostgreSQL there is nothing to do (`None`).
    ///
    /// Call it every few seconds: the write connection never does it itself, so no reply waits for it.
    pub async fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        match &self.db {
            Db::Sqlite(pools) => pools.checkpoint().await.map(Some),
            Db::Postgres(_) => Ok(None),
        }
    }

    /// Bytes on disk: the database, on SQLite with its log.
    pub async fn size_bytes(&self) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let bytes: i64 = on!(&mut tx, |conn, sql = SIZE| sqlx::query_scalar(sql).fetch_one(conn).await?);
        tx.rollback().await?;
        let log = match &self.db {
            Db::Sqlite(pools) => pools.log_bytes().await,
            Db::Postgres(_) => 0,
        };
        Ok(super::types::count(bytes) + log)
    }

    /// Tells every listening instance, when `tx` commits. Nothing on SQLite: there is one instance only.
    ///
    /// `payload` carries ids, never content; PostgreSQL takes less than 8,000 bytes.
    pub async fn notify(&self, tx: &mut Tx, channel: &str, payload: &str) -> Result<(), StoreError> {
        if let Tx::Postgres(tx) = tx {
            sqlx::query(NOTIFY.postgres).bind(channel).bind(payload).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Hears what [`Store::notify`] tells; `None` on SQLite. Takes a connection of its own.
    pub async fn listen(&self, channels: &[&str]) -> Result<Option<Listener>, StoreError> {
        match &self.db {
            Db::Sqlite(_) => Ok(None),
            Db::Postgres(pool) => Listener::open(pool, channels).await.map(Some),
        }
    }

    /// Waits for open transactions and closes all connections. SQLite's log is emptied into the file.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite(pools) => pools.close().await,
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes it durable: after `Ok` it survives a power cut.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Undoes it, and waits until that is done; dropping does the same in the background.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}
