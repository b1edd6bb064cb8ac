//! What can go wrong with the database, as callers need to know it.

use std::{fmt, io, path::PathBuf};

use sqlx::{error::DatabaseError, migrate::MigrateError, postgres::PgDatabaseError, sqlite::SqliteError};

/// Failure of the store. No text of it holds a value of a row, in `Debug` neither.
#[derive(thiserror::Error)]
pub enum StoreError {
    /// The address names no database that we know.
    #[error("the database address {found}: write sqlite:PATH (a file) or postgres://USER@HOST/NAME")]
    Address {
        /// `has the scheme "mysql"`, `has no scheme`: never the address itself, it may hold a password.
        found: String,
    },
    /// The address is of a known kind but cannot be read.
    #[error("the database address cannot be read")]
    BadAddress(#[source] sqlx::Error),
    #[error("the folder {} for the database cannot be made", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// A stored value that no version of ours writes.
    #[error(
        "{table}.{column} of row {row} cannot be read: the database was changed by hand or by a newer version"
    )]
    Inconsistent {
        table: &'static str,
        column: String,
        /// The row's id, or `?` if the row could not be read at all.
        row: String,
    },
    /// A unique key is taken: someone else was first. A new transaction will see their row.
    #[error("a row with this key exists already")]
    Conflict(#[source] sqlx::Error),
    /// What was read before a lock is no longer so. A new transaction will see how it is.
    #[error("addresses went to other contacts meanwhile")]
    Changed,
    /// Locked, deadlocked, not serializable, or all connections in use.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// [`super::Store::close`] was called.
    #[error("the database is closed")]
    Closed,
    #[error("the database cannot be brought to this version's form")]
    Migrate(#[source] MigrateError),
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// The same work in a new transaction may succeed.
    pub const fn retryable(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unreachable(_))
    }

    /// Someone else was first ([`StoreError::Conflict`], [`StoreError::Changed`]).
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_) | Self::Changed)
    }

    pub(super) fn inconsistent(table: &'static str, column: &str, row: impl fmt::Display + Copy) -> Self {
        Self::Inconsistent { table, column: column.to_owned(), row: row.to_string() }
    }
}

/// The texts of the error and its causes. The drivers' own `Debug` is not shown: PostgreSQL's detail quotes rows.
impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreError({self}")?;
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        f.write_str(")")
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy(error),
            sqlx::Error::PoolClosed => Self::Closed,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => Self::Unreachable(error),
            sqlx::Error::Database(cause) => match Trouble::of(cause.as_ref()) {
                Trouble::Busy => Self::Busy(error),
                Trouble::Away => Self::Unreachable(error),
                Trouble::Taken => Self::Conflict(error),
                Trouble::Other => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(cause) => match Self::from(cause) {
                Self::Database(cause) => Self::Migrate(MigrateError::Execute(cause)),
                other => other,
            },
            other => Self::Migrate(other),
        }
    }
}

/// Turns a driver's failure to decode a column into [`StoreError::Inconsistent`] of this table.
pub(super) fn reading(table: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |error| match error {
        sqlx::Error::ColumnDecode { index, .. } => StoreError::Inconsistent {
            table,
            column: index.trim_matches('"').to_owned(),
            row: "?".to_owned(),
        },
        other => other.into(),
    }
}

enum Trouble {
    Busy,
    Away,
    Taken,
    Other,
}

impl Trouble {
    fn of(cause: &(dyn DatabaseError + 'static)) -> Self {
        if cause.is_unique_violation() {
            return Self::Taken;
        }
        let code = cause.code().unwrap_or_default();
        if cause.try_downcast_ref::<SqliteError>().is_some() {
            // The low byte of an extended code is the code: 5 SQLITE_BUSY, 6 SQLITE_LOCKED (sqlite.org/rescode.html).
            return match code.parse::<i32>().map(|code| code & 0xff) {
                Ok(5 | 6) => Self::Busy,
                _ => Self::Other,
            };
        }
        if cause.try_downcast_ref::<PgDatabaseError>().is_none() {
            return Self::Other;
        }
        // PostgreSQL, appendix A: serialization_failure, deadlock_detected, lock_not_available;
        // connection exceptions, shutdown and start of the server, too many connections.
        match code.as_ref() {
            "40001" | "40P01" | "55P03" => Self::Busy,
            "57P01" | "57P02" | "57P03" | "53300" => Self::Away,
            other if other.starts_with("08") => Self::Away,
            _ => Self::Other,
        }
    }
}
