//! A database for one run of a tool: nothing of it stays.

use std::{io, path::PathBuf};

use sqlx::{Connection as _, PgConnection};

use super::{Store, StoreError};

/// The name goes by a setting: names cannot be bound.
const NAME: &str = "select set_config('safar.scratch', $1, false)";
const CREATE: &str =
    "do $$ begin execute format('create schema %I', current_setting('safar.scratch')); end $$";
const DROP: &str =
    "do $$ begin execute format('drop schema %I cascade', current_setting('safar.scratch')); end $$";

/// A migrated, empty database: a temporary SQLite file, or a schema of its own in a PostgreSQL database.
///
/// The folder of the file goes when this is dropped, too; a schema goes with [`Scratch::close`] only.
#[derive(Debug)]
pub struct Scratch {
    store: Store,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(Folder),
    Schema { url: String, name: String },
}

#[derive(Debug)]
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing can be done about it here, and nothing in it is of use to anybody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Scratch {
    /// Makes one beside the tables of the PostgreSQL database of `url`; for any other `url` in a temporary folder.
    /// `name` is new: letters, digits, underscores.
    ///
    /// # Errors
    /// As [`Store::connect`], and [`StoreError::Folder`].
    pub async fn open(url: &str, name: &str) -> Result<Self, StoreError> {
        let (url, place) = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            run(url, name, CREATE).await?;
            let sign = if url.contains('?') { '&' } else { '?' };
            let inside = format!("{url}{sign}options[search_path]={name}");
            (inside, Place::Schema { url: url.to_owned(), name: name.to_owned() })
        } else {
            let folder = std::env::temp_dir().join(name);
            make_private(&folder).map_err(|source| StoreError::Folder { path: folder.clone(), source })?;
            let file = format!("sqlite:{}", folder.join("scratch.db").display());
            (file, Place::Folder(Folder(folder)))
        };
        match opened(&url).await {
            Ok(store) => Ok(Self { store, place }),
            Err(error) => {
                remove(place).await?;
                Err(error)
            }
        }
    }

    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Removes it.
    ///
    /// # Errors
    /// When the schema cannot be dropped: it stays then.
    pub async fn close(self) -> Result<(), StoreError> {
        self.store.close().await;
        remove(self.place).await
    }
}

async fn opened(url: &str) -> Result<Store, StoreError> {
    let store = Store::connect(url).await?;
    store.migrate().await?;
    Ok(store)
}

async fn remove(place: Place) -> Result<(), StoreError> {
    match place {
        Place::Folder(folder) => drop(folder),
        Place::Schema { url, name } => run(&url, &name, DROP).await?,
    }
    Ok(())
}

async fn run(url: &str, name: &str, sql: &'static str) -> Result<(), StoreError> {
    let mut conn = PgConnection::connect(url).await?;
    sqlx::query(NAME).bind(name).execute(&mut conn).await?;
    sqlx::raw_sql(sql).execute(&mut conn).await?;
    Ok(conn.close().await?)
}

/// Names of identities may stand in it.
fn make_private(folder: &std::path::Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
