//! Which content runs: the database's release, swapped in on every instance.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    bus::{Bus, NOTIFY_CHANNEL, Signal},
    check::{self, Outcome},
    clock::Ids,
    content::{
        Files, Finding, Release,
        items::{self, Change},
    },
    domain::{ChangeSetId, Day, Limits, ReleaseId, StaffId, Timestamp},
    lang::Words,
    store::{
        self, Store, StoreError, Tx,
        releases::{NewPublication, Publication},
        studio::history,
    },
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
/// A change set of the studio.
pub const ORIGIN_STUDIO: &str = "studio";
/// An earlier release, published again.
pub const ORIGIN_REVERT: &str = "revert";

/// Where a publication comes from and who answers for it.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// [`ORIGIN_EMBEDDED`] and the others.
    pub word: &'a str,
    pub set: Option<ChangeSetId>,
    pub staff: Option<StaffId>,
    pub note: Option<&'a str>,
}

impl<'a> Origin<'a> {
    /// Of a command line or a start.
    pub const fn of(word: &'a str) -> Self {
        Self { word, set: None, staff: None, note: None }
    }
}

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
            let old = stored.as_ref().map(files_of).transpose()?;
            let mut tx = store.write().await?;
            store::releases::lock(&mut tx).await?;
            let entry =
                Entry { id: None, files, old: old.as_ref(), authors: &[], origin: Origin::of(origin) };
            let (id, _) = enter(&store, &mut tx, &*ids, &entry, now).await?;
            tx.commit().await?;
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
        origin: Origin<'_>,
        at: (Timestamp, Day),
    ) -> Result<ReleaseId, ReleaseError> {
        let release = checked(files, Some(&self.current()), &self.interface, &self.words, self.limits, at.1)?;
        let mut tx = self.store.write().await?;
        store::releases::lock(&mut tx).await?;
        let (_, old) = self.files_in(&mut tx).await?;
        let release = release.with_id(self.next_id(at.0));
        let entry = Entry { id: Some(release.id), files, old: Some(&old), authors: &[], origin };
        let (id, _) = self.enter(&mut tx, &entry, at.0).await?;
        tx.commit().await?;
        self.took(id, Some(Arc::new(release))).await?;
        Ok(id)
    }

    /// The release in force, as this instance has it.
    pub fn current(&self) -> Arc<Release> {
        self.current.borrow().clone()
    }

    /// What the check says of these files, as a change of the release in force.
    pub fn check(&self, files: &Files, today: Day) -> Outcome {
        let mut outcome = check::check(files, &self.interface, &self.words, self.limits, today);
        if let Some(new) = &outcome.release {
            outcome.findings.extend(check::vanished(&self.current(), new));
        }
        outcome
    }

    /// Writes these files down as the release in force, in the caller's transaction, which called
    /// [`store::releases::lock`] before it looked at what is current. The caller checked them; after the commit it
    /// calls [`Releases::took`].
    pub async fn enter(
        &self,
        tx: &mut Tx,
        entry: &Entry<'_>,
        now: Timestamp,
    ) -> Result<(ReleaseId, i64), StoreError> {
        enter(&self.store, tx, &*self.ids, entry, now).await
    }

    /// An id for a release that may be entered.
    pub fn next_id(&self, now: Timestamp) -> ReleaseId {
        ReleaseId(self.ids.next(now))
    }

    /// What was entered is committed: this instance and the others swap it in. `release`: what was made of it already,
    /// so that it is not made again.
    pub async fn took(&self, id: ReleaseId, release: Option<Arc<Release>>) -> Result<(), ReleaseError> {
        match release.filter(|release| release.id == id) {
            Some(release) => {
                let made = release.clone();
                // Made before the swap, and not where people are answered.
                let _ = tokio::task::spawn_blocking(move || made.search().size()).await;
                self.current.send_replace(release);
            }
            None => {
                self.refresh().await?;
            }
        }
        self.bus.send(Signal::Release(id));
        Ok(())
    }

    /// What was published, the newest first.
    pub async fn publications(&self, limit: u32) -> Result<Vec<Publication>, ReleaseError> {
        let mut tx = self.store.read().await?;
        Ok(store::releases::list(&mut tx, limit).await?)
    }

    /// A publication and its files.
    pub async fn publication(&self, id: i64) -> Result<(Publication, Files), ReleaseError> {
        let mut tx = self.store.read().await?;
        let publication = store::releases::publication(&mut tx, id).await?.ok_or(ReleaseError::None)?;
        let stored = store::releases::find(&mut tx, publication.release).await?.ok_or(ReleaseError::None)?;
        Ok((publication, files_of(&stored)?))
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

    /// The files of the release in force, as the database has it.
    pub async fn files(&self) -> Result<(ReleaseId, Files), ReleaseError> {
        let mut tx = self.store.read().await?;
        self.files_in(&mut tx).await
    }

    /// Like [`Releases::files`], in the caller's transaction.
    pub async fn files_in(&self, tx: &mut Tx) -> Result<(ReleaseId, Files), ReleaseError> {
        let stored = store::releases::current(tx).await?.ok_or(ReleaseError::None)?;
        Ok((stored.id, files_of(&stored)?))
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

fn files_of(stored: &store::releases::StoredRelease) -> Result<Files, ReleaseError> {
    serde_json::from_str(&stored.files).map_err(|_| ReleaseError::Unreadable(stored.id))
}

fn read(
    stored: &store::releases::StoredRelease,
    interface: &Arc<Texts>,
    words: &Arc<Words>,
) -> Result<Release, ReleaseError> {
    let files = files_of(stored)?;
    let (release, _) = Release::parse(&files, interface.clone(), words.clone())
        .map_err(|_| ReleaseError::Unreadable(stored.id))?;
    Ok(release.with_id(stored.id))
}

/// What is published, with what it changes and by whom.
pub struct Entry<'a> {
    /// Its id, unless the same files are stored already; `None`: a new one.
    pub id: Option<ReleaseId>,
    pub files: &'a Files,
    /// What was in force; the history of items tells the difference. `None`: nothing.
    pub old: Option<&'a Files>,
    /// Whose words an item is; of items that are not named nobody knows.
    pub authors: &'a [(items::ItemKey, StaffId)],
    pub origin: Origin<'a>,
}

/// Stores the files, unless they are there already, and makes them the release in force; the others are told at the
/// commit. Gives the release and its publication.
async fn enter(
    store: &Store,
    tx: &mut Tx,
    ids: &dyn Ids,
    entry: &Entry<'_>,
    now: Timestamp,
) -> Result<(ReleaseId, i64), StoreError> {
    let text = serde_json::to_string(entry.files).unwrap_or_default();
    let (origin, hash) = (&entry.origin, entry.files.hash());
    let id = entry.id.unwrap_or_else(|| ReleaseId(ids.next(now)));
    let id = store::releases::add(tx, id, &hash, &text, origin.word, now).await?;
    let publication = ids.next(now);
    let new = NewPublication { origin: origin.word, set: origin.set, staff: origin.staff, note: origin.note };
    store::releases::publish(tx, publication, id, &new, now).await?;
    let changes = entry.old.map(|old| items::diff(old, entry.files)).unwrap_or_default();
    let lines: Vec<history::ItemChange> = changes.iter().map(|change| line(change, entry)).collect();
    history::add(tx, publication, &lines).await?;
    store.notify(tx, NOTIFY_CHANNEL, &Signal::Release(id).to_payload()).await?;
    Ok((id, publication))
}

fn line(change: &Change, entry: &Entry<'_>) -> history::ItemChange {
    let what = match (&change.old, &change.new) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    let by = entry.authors.iter().find(|(key, _)| *key == change.key).map(|(_, by)| *by);
    (change.key.to_string(), what, by)
}
