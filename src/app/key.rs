//! The key file and the database belong together (design §7).

use std::path::Path;

use crate::{
    clock::Ids,
    privacy::{KeyError, Keys},
    store::{self, Store},
};

use super::StartError;

const FINGERPRINT: &str = "key_fingerprint";

/// Opens the key of this database. A key is made only for a database that has none yet.
///
/// # Errors
/// [`KeyError`] when the file is missing, no key, or another database's.
pub async fn open(store: &Store, path: &Path, ids: &dyn Ids) -> Result<Keys, StartError> {
    let mut tx = store.write().await?;
    let stored = store::meta::get(&mut tx, FINGERPRINT).await?;
    let keys = match &stored {
        Some(stored) => {
            let keys = Keys::read(path)?;
            if keys.fingerprint() != stored {
                return Err(KeyError::Different {
                    path: path.display().to_string(),
                    given: keys.fingerprint().to_owned(),
                    stored: stored.clone(),
                }
                .into());
            }
            keys
        }
        None => {
            // A key may have been laid ready by hand, for all instances of one PostgreSQL.
            let keys = match Keys::read(path) {
                Err(KeyError::Missing { .. }) => {
                    let keys = Keys::create(path, ids)?;
                    tracing::info!(path = %path.display(), "a key was made: keep a copy apart from the database's backups");
                    keys
                }
                other => other?,
            };
            store::meta::insert_new(&mut tx, FINGERPRINT, keys.fingerprint()).await?;
            keys
        }
    };
    tx.commit().await?;
    Ok(keys)
}
