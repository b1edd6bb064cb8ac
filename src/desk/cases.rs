//! The desk as a service: who may do what with a case, and what they are told when they may not.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use tokio::sync::{broadcast, watch};

use super::{
    follow_up::Days,
    hours::Hours,
    presence::Looks,
    queue::Board,
    settings::{self, Setting, Settings},
    together::Together,
};
use crate::{
    bus::{Bus, NOTIFY_CHANNEL, Signal},
    clock::{Clock, Ids},
    content::Release,
    desk::audit::{self, Deed, Verb},
    domain::{CaseId, StaffId, Timestamp},
    indicators::Rules,
    privacy::{Keys, Unsealable, case_context},
    store::{
        Backend, Store, StoreError, Tx,
        cases::{self, CaseRow},
    },
};

/// Somebody of the desk who does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub id: StaffId,
    /// As migrants see it.
    pub name: String,
    /// May read, assign and close every case.
    pub supervisor: bool,
    /// Most open cases at once; none: the desk's setting.
    pub max_cases: Option<i32>,
}

/// Why something was not done. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    #[error("refused: {0:?}")]
    Refused(Refused),
}

/// A refusal that whoever asked can understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such case, or they may not know of it.
    Unknown,
    /// It waits in the queue: whoever claims it may read it.
    Waits,
    /// Somebody else has it.
    NotYours,
    /// It is closed, or its person is gone.
    Ended,
    /// It changed since the page was shown.
    Changed,
    /// This form was taken already.
    Twice,
    /// Who should have it has as many as they may.
    Full {
        open: u64,
    },
    Empty,
    TooLong {
        chars: usize,
        max: usize,
    },
    /// A file without content.
    FileEmpty,
    /// Longer than [`crate::domain::FILE_MAX_BYTES`].
    FileTooLarge,
    /// A program: nobody should open it.
    FileKind,
    /// No page of this name, or one that cannot be sent.
    NoPage,
    /// Nobody of this name works here.
    NoColleague,
    /// Nobody who takes cases knows this.
    NoSkill,
    Outcome(super::outcome::Fault),
    /// A setting that makes no sense.
    Nonsense,
}

impl From<Refused> for DeskError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// The service. Clones share it.
#[derive(Clone)]
pub struct Desk {
    pub(super) store: Store,
    pub(super) keys: Keys,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) bus: Bus,
    pub(super) release: watch::Receiver<Arc<Release>>,
    settings: Arc<RwLock<Arc<Settings>>>,
    pub(super) looks: Arc<Mutex<Looks>>,
    pub(super) board: Arc<Together<Board>>,
    pub(super) days: Arc<RwLock<Days>>,
    /// By which services and visits are counted.
    pub(super) rules: Arc<Rules>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    pub fn new(
        store: Store,
        keys: Keys,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        bus: Bus,
        release: watch::Receiver<Arc<Release>>,
    ) -> Self {
        Self {
            store,
            keys,
            clock,
            ids,
            bus,
            release,
            settings: Arc::default(),
            looks: Arc::default(),
            board: Arc::default(),
            days: Arc::default(),
            rules: Arc::default(),
        }
    }

    /// The same desk, counted by other rules than the defaults.
    #[must_use]
    pub fn with_rules(mut self, rules: Arc<Rules>) -> Self {
        self.rules = rules;
        self
    }

    pub fn release(&self) -> Arc<Release> {
        self.release.borrow().clone()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn listen(&self) -> broadcast::Receiver<Signal> {
        self.bus.listen()
    }

    /// The settings as they were last read.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn hours(&self) -> Hours {
        self.settings().hours.value.clone()
    }

    /// Reads the settings anew: at the start, and when a signal says that they changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refresh_settings(&self) -> Result<(), DeskError> {
        let mut tx = self.store.read().await?;
        let read = Arc::new(settings::read(&mut tx).await?);
        tx.rollback().await?;
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// Changes a setting; `version` is the one that was shown.
    ///
    /// # Errors
    /// [`Refused::Nonsense`], [`Refused::Changed`], [`Refused::NotYours`] for who is no supervisor.
    pub async fn set(&self, who: &Who, setting: &Setting, version: i64) -> Result<(), DeskError> {
        if !who.supervisor {
            return Err(Refused::NotYours.into());
        }
        if !setting.is_sound() {
            return Err(Refused::Nonsense.into());
        }
        let mut tx = self.store.write().await?;
        if !settings::write(&mut tx, setting, version).await? {
            return Err(Refused::Changed.into());
        }
        audit::append(&mut tx, self.now(), Deed::plain(Some(who.id), Verb::SettingsChanged)).await?;
        self.commit(tx, &[Signal::Desk]).await?;
        self.refresh_settings().await
    }

    /// How many cases somebody may have open.
    pub(super) fn max_of(&self, max_cases: Option<i32>) -> u64 {
        let own = max_cases.and_then(|max| u64::try_from(max).ok());
        own.unwrap_or_else(|| u64::from(self.settings().limits.value.max_cases))
    }

    /// Commits and tells: on PostgreSQL all instances by the database, this one too; on SQLite there is only this one.
    pub(super) async fn commit(&self, mut tx: Tx, signals: &[Signal]) -> Result<(), StoreError> {
        if self.store.backend() == Backend::Postgres {
            for signal in signals {
                self.store.notify(&mut tx, NOTIFY_CHANNEL, &signal.to_payload()).await?;
            }
            return tx.commit().await;
        }
        tx.commit().await?;
        for signal in signals {
            self.bus.send(*signal);
        }
        Ok(())
    }

    /// Tells without writing anything.
    pub(super) async fn tell_all(&self, signal: Signal) -> Result<(), StoreError> {
        if self.store.backend() == Backend::Postgres {
            let mut tx = self.store.write().await?;
            self.store.notify(&mut tx, NOTIFY_CHANNEL, &signal.to_payload()).await?;
            return tx.commit().await;
        }
        self.bus.send(signal);
        Ok(())
    }

    /// Adds to the trail; last in a transaction.
    pub(super) async fn note(
        &self,
        tx: &mut Tx,
        by: Option<StaffId>,
        verb: Verb,
        case: CaseId,
    ) -> Result<(), StoreError> {
        audit::append(tx, self.now(), Deed::on_case(by, verb, case.0)).await
    }

    /// Does something with a case. Who is refused one that is not theirs stands in the trail.
    pub(super) async fn watched<T>(
        &self,
        who: &Who,
        case: CaseId,
        deed: impl Future<Output = Result<T, DeskError>>,
    ) -> Result<T, DeskError> {
        let outcome = deed.await;
        if matches!(outcome, Err(DeskError::Refused(Refused::Unknown))) {
            let mut tx = self.store.write().await?;
            // The page of who had it last may still be open: its script asks on.
            let is_others = |row: CaseRow| row.past_holder != Some(who.id);
            if cases::find(&mut tx, case).await?.is_some_and(is_others) {
                self.note(&mut tx, Some(who.id), Verb::CaseRefused, case).await?;
            }
            tx.commit().await?;
        }
        outcome
    }

    pub(super) fn seal(&self, case: CaseId, bytes: &[u8]) -> Vec<u8> {
        self.keys.seal(&case_context(case), bytes, &*self.ids)
    }

    pub(super) fn open(&self, case: CaseId, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        self.keys.open(&case_context(case), sealed)
    }

    /// The text of something sealed for a case.
    pub(super) fn open_text(&self, case: CaseId, sealed: &[u8]) -> Result<String, Unsealable> {
        String::from_utf8(self.open(case, sealed)?).map_err(|_| Unsealable)
    }
}

/// Whether somebody may read a case: who has it or had it to its end, and supervisors.
pub(super) fn may_read(who: &Who, case: &CaseRow) -> bool {
    who.supervisor || case.holder == Some(who.id)
}
