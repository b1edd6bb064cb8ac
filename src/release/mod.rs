//! Which content runs: the database's release, swapped in on every instance.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    bus::{Bus, NOTIFY_CHANNEL, Signal},
    check::{self, Outcome},
    clock::Ids,
    content::{Files, Finding, Release},
    domain::{Day, Limits, ReleaseId, Timestamp},
    lang::Words,
    store::{self, Store, StoreError},
    text::Texts,
};

/// A release could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The content has errors; what runs goes on running.
    #[error("the content has {} error(s)", .0.len())]
    Broken(Vec<Finding>),
    #[error("release {0} is stored in a form that this program cannot read")]
    Unreadable(ReleaseId),
    #[error("there is no release yet")]
    None,
}

/// Where a publication came from, as the database notes it.
pub const ORIGIN_EMBEDDED: &str = "embedded";
pub const ORIGIN_FOLDER: &str = "folder";

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Releases {
    store: Store,
    bus: Bus,
    ids: Arc<dyn Ids>,
    interface: Arc<Texts>,
    words: Arc<Words>,
    limits: &'static [&'static Limits],
    current: Arc<watch::Sender<Arc<Release>>>,
}

/// What a start with a folder did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The database's release runs on.
    Kept,
    Published(ReleaseId),
}

impl Releases {
    /// Opens the service: publishes `files` if the database has no release or `replace` is set and they differ
    /// (after the check), else loads the database's.
    ///
    /// # Errors
    /// [`ReleaseError::Broken`] when `files` were to be published and have errors. With a good release in the
    /// database and `replace` set, the caller may go on with `replace` unset.
    pub async fn open(
        parts: Parts,
        files: &Files,
        replace: bool,
        origin: &str,
        at: (Timestamp, Day),
    ) -> Result<(Self, Taken), ReleaseError> {
        let Parts { store, bus, ids, interface, words, limits } = parts;
        let mut tx = store.read().await?;
        let stored = store::releases::current(&mut tx).await?;
        drop(tx);
        let hash = files.hash();
        let publish = match &stored {
            None => true,
            Some(stored) => replace && stored.hash != hash,
        };
        let (now, today) = at;
        let old = match &stored {
            Some(stored) => Some(read(stored, &interface, &words)?),
            None => None,
        };
        let (release, taken) = if publish {
            let release = checked(files, old.as_ref(), &interface, &words, limits, today)?;
            let id = put(&store, &*ids, files, &hash, origin, now).await?;
            (release.with_id(id), Taken::Published(id))
        } else {
            (old.ok_or(ReleaseError::None)?, Taken::Kept)
        };
        let current = Arc::new(watch::channel(Arc::new(release)).0);
        Ok((Self { store, bus, ids, interface, words, limits, current }, taken))
    }

    /// The release in force, followed as it changes.
    pub fn watch(&self) -> watch::Receiver<Arc<Release>> {
        self.current.subscribe()
    }

    /// Checks and publishes; every instance swaps within moments.
    pub async fn publish(
        &self,
        files: &Files,
        origin: &str,
        at: (Timestamp, Day),
    ) -> Result<ReleaseId, ReleaseError> {
        let old = self.current.borrow().clone();
        let release = checked(files, Some(&*old), &self.interface, &self.words, self.limits, at.1)?;
        let id = put(&self.store, &*self.ids, files, &files.hash(), origin, at.0).await?;
        self.current.send_replace(Arc::new(release.with_id(id)));
        self.bus.send(Signal::Release(id));
        Ok(id)
    }

    /// Takes the database's current release over if it is another than ours. Cheap when it is not.
    pub async fn refresh(&self) -> Result<bool, ReleaseError> {
        let mut tx = self.store.read().await?;
        let id = store::releases::current_id(&mut tx).await?;
        if id.is_none_or(|id| id == self.current.borrow().id) {
            return Ok(false);
        }
        let Some(stored) = store::releases::current(&mut tx).await? else { return Ok(false) };
        drop(tx);
        let release = read(&stored, &self.interface, &self.words)?;
        tracing::info!(release.id = stored.id.0, "another release is in force");
        self.current.send_replace(Arc::new(release));
        Ok(true)
    }

    /// The files of the current release, for export.
    pub async fn files(&self) -> Result<Files, ReleaseError> {
        let mut tx = self.store.read().await?;
        let stored = store::releases::current(&mut tx).await?.ok_or(ReleaseError::None)?;
        serde_json::from_str(&stored.files).map_err(|_| ReleaseError::Unreadable(stored.id))
    }
}

/// What the service is built from.
pub struct Parts {
    pub store: Store,
    pub bus: Bus,
    pub ids: Arc<dyn Ids>,
    pub interface: Arc<Texts>,
    pub words: Arc<Words>,
    pub limits: &'static [&'static Limits],
}

/// The release of these files, unless something is wrong with them or a node of the old one vanished without an heir.
fn checked(
    files: &Files,
    old: Option<&Release>,
    interface: &Arc<Texts>,
    words: &Arc<Words>,
    limits: &[&Limits],
    today: Day,
) -> Result<Release, ReleaseError> {
    let Outcome { release, mut findings } = check::check(files, interface, words, limits, today);
    if let (Some(old), Some(new)) = (old, &release) {
        findings.extend(check::vanished(old, new));
    }
    match release {
        Some(release) if !check::has_errors(&findings) => Ok(release),
        _ => {
            let errors = findings.into_iter().filter(|f| f.severity == crate::content::Severity::Error);
            Err(ReleaseError::Broken(errors.collect()))
        }
    }
}

fn read(
    stored: &store::releases::StoredRelease,
    interface: &Arc<Texts>,
    words: &Arc<Words>,
) -> Result<Release, ReleaseError> {
    let unreadable = || ReleaseError::Unreadable(stored.id);
    let files: Files = serde_json::from_str(&stored.files).map_err(|_| unreadable())?;
    let (release, _) = Release::parse(&files, interface.clone(), words.clone()).map_err(|_| unreadable())?;
    Ok(release.with_id(stored.id))
}

async fn put(
    store: &Store,
    ids: &dyn Ids,
    files: &Files,
    hash: &str,
    origin: &str,
    now: Timestamp,
) -> Result<ReleaseId, ReleaseError> {
    let text = serde_json::to_string(files).unwrap_or_default();
    let mut tx = store.write().await?;
    let id = store::releases::add(&mut tx, ReleaseId(ids.next(now)), hash, &text, origin, now).await?;
    store::releases::publish(&mut tx, ids.next(now), id, origin, now).await?;
    store.notify(&mut tx, NOTIFY_CHANNEL, &Signal::Release(id).to_payload()).await?;
    tx.commit().await?;
    Ok(id)
}
