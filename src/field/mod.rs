//! What field staff and registers report (indicators.md §1.5, §1.10): sessions, new clients of centres, leaflets, media,
//! the recruitment pilot, training, policy improvements, reports, the household survey.
//!
//! An entry is never changed. Somebody enters it, somebody else approves it or sends it back, either may void it. The
//! events that count are written in the transaction of the approval, and the `void` in that of the voiding; until then
//! an entry is in no figure.

mod decide;
mod enter;
mod evidence;
mod fault;
mod filled;
mod import;
mod kind;

use std::{collections::BTreeMap, sync::Arc};

pub use crate::store::field::{
    EntryRow, Filter, evidence::EvidenceRow as Evidence, imports::ImportRow as Import,
};
pub use enter::Shown;
pub use fault::{Fault, RowError, Wrong};
pub use filled::{Filled, read};
pub use import::{FILE_MAX as IMPORT_MAX_BYTES, Imported};
pub use kind::{Kind, NOTE_MAX, Shape, Spec};

use crate::{
    clock::{Clock, Ids},
    desk::audit::{self, Deed, Verb},
    domain::{EntryId, StaffId, Timestamp},
    indicators::Rules,
    privacy::{Keys, Unsealable},
    store::{Store, StoreError, Tx},
};

/// The kind of object that an entry is in the trail.
pub const ENTRY: &str = "entry";
/// The kind of object that an import is in the trail.
pub const IMPORT: &str = "import";
/// The kind of object that a file of evidence is in the trail.
pub const EVIDENCE: &str = "evidence";

/// States of an entry.
pub const STATES: [&str; 4] = ["waiting", "approved", "returned", "voided"];

/// Somebody who enters or decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// `None`: the command line.
    pub id: Option<StaffId>,
    pub login: String,
}

/// Why something was not done. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    #[error("refused: {0:?}")]
    Refused(Refused),
    /// Rows of a file, each with what is to be mended.
    #[error("{} cells cannot be taken", .0.len())]
    Rows(Vec<RowError>),
}

/// A refusal that whoever asked can understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such entry, file or import.
    Unknown,
    /// Who entered or sent it may not approve or return it.
    SamePerson,
    /// It counts with evidence only, and has none yet.
    NoEvidence,
    /// Somebody decided meanwhile.
    Decided,
    /// This form was taken already.
    Twice,
    /// Another entry of the same group, or centre and month, counts already.
    Known(EntryId),
    /// Returning and voiding need a reason.
    NoReason,
    TooLong,
    FileEmpty,
    FileTooLong,
    /// A program.
    FileKind,
    /// As many files as an entry may have.
    FilesFull,
    Wrong(Vec<Wrong>),
}

impl Refused {
    /// The end of its text's id.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::SamePerson => "same-person",
            Self::NoEvidence => "no-evidence",
            Self::Decided => "decided",
            Self::Twice => "twice",
            Self::Known(_) => "known",
            Self::NoReason => "no-reason",
            Self::TooLong => "too-long",
            Self::FileEmpty => "file-empty",
            Self::FileTooLong => "file-too-long",
            Self::FileKind => "file-kind",
            Self::FilesFull => "files-full",
            Self::Wrong(_) => "wrong",
        }
    }
}

impl From<Refused> for FieldError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// The service. Clones share it.
#[derive(Clone)]
pub struct Field {
    store: Store,
    keys: Keys,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// By which entries are checked and counted.
    rules: Arc<Rules>,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Field")
    }
}

impl Field {
    pub fn new(
        store: Store,
        keys: Keys,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        rules: Arc<Rules>,
    ) -> Self {
        Self { store, keys, clock, ids, rules }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Adds to the trail; last in a transaction.
    async fn note(
        &self,
        tx: &mut Tx,
        who: &Who,
        verb: Verb,
        kind: &str,
        object: i64,
    ) -> Result<(), StoreError> {
        audit::append(tx, self.now(), Deed { staff: who.id, verb, kind, object, code: "" }).await
    }

    fn seal_texts(&self, entry: EntryId, texts: &BTreeMap<String, String>) -> Vec<u8> {
        let json = serde_json::to_vec(texts).unwrap_or_default();
        self.keys.seal(&entry_context(entry), &json, &*self.ids)
    }

    fn open_texts(&self, entry: EntryId, sealed: &[u8]) -> Result<BTreeMap<String, String>, Unsealable> {
        let opened = self.keys.open(&entry_context(entry), sealed)?;
        serde_json::from_slice(&opened).map_err(|_| Unsealable)
    }
}

/// What all that was typed of an entry is sealed for.
fn entry_context(entry: EntryId) -> String {
    format!("field entry {entry}")
}
