//! The trail: who looked at or did what, ids and verbs only, each row hashing the one before.

use sha2::{Digest, Sha256};

use crate::{
    domain::{ChainHead, StaffId, Timestamp},
    store::{
        Store, StoreError, Tx,
        audit::{self, AuditRow},
    },
};

pub use crate::store::audit::Of;

/// Parts the fields of a row, so that none can pass for another.
const SEPARATOR: u8 = 0x1f;
/// Rows read at once.
const PAGE: u32 = 500;
/// The kind of object that an account is.
pub const STAFF: &str = "staff";
/// The kind of object that a case is.
pub const CASE: &str = "case";
/// The kind of object that a set of changes of the content is.
pub const CHANGE_SET: &str = "change-set";
/// The kind of object that a publication of the content is.
pub const PUBLICATION: &str = "publication";
/// The kind of object that a campaign code is.
pub const CODE: &str = "code";

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What was done. The words stand in the database; pages show `verb-<word>`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Verb {
            $($(#[$doc])* $name,)*
        }

        impl Verb {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

verbs! {
    // Access.
    LogIn = "log-in",
    LogInRefused = "log-in-refused",
    LogOut = "log-out",
    SecondStepRefused = "second-step-refused",
    RecoveryUsed = "recovery-used",
    PasswordSet = "password-set",
    SecondStepSet = "second-step-set",
    SecondStepRemoved = "second-step-removed",
    RecoveryMade = "recovery-made",
    LinkMade = "link-made",
    TelegramCodeMade = "telegram-code-made",
    TelegramTied = "telegram-tied",
    StaffAdded = "staff-added",
    StaffChanged = "staff-changed",
    RolesChanged = "roles-changed",
    StaffLocked = "staff-locked",
    StaffUnlocked = "staff-unlocked",
    SessionsEnded = "sessions-ended",
    OnDuty = "on-duty",
    OffDuty = "off-duty",
    TrailRead = "trail-read",
    // Cases.
    CaseLooked = "case-looked",
    // Somebody asked for a case that is not theirs.
    CaseRefused = "case-refused",
    CaseRegistered = "case-registered",
    CaseClaimed = "case-claimed",
    CaseReleased = "case-released",
    CaseReturned = "case-returned",
    CaseTransferred = "case-transferred",
    CaseAssigned = "case-assigned",
    CaseAnswered = "case-answered",
    CaseNoted = "case-noted",
    CaseClosed = "case-closed",
    CaseReopened = "case-reopened",
    CaseErased = "case-erased",
    /// The person's words of danger made it urgent.
    CaseUrgent = "case-urgent",
    /// Staff did.
    CaseRaised = "case-raised",
    CaseLowered = "case-lowered",
    // Closed cases that somebody wants to look at again.
    FollowUpSet = "follow-up-set",
    FollowUpDone = "follow-up-done",
    /// The case opened again, or its person is gone.
    FollowUpDropped = "follow-up-dropped",
    /// Whose it is was reminded.
    FollowUpTold = "follow-up-told",
    // Campaign codes.
    CodeAdded = "code-added",
    CodeChanged = "code-changed",
    CodeEnded = "code-ended",
    CodeRemoved = "code-removed",
    AttachmentLooked = "attachment-looked",
    AttachmentSent = "attachment-sent",
    SettingsChanged = "settings-changed",
    // Entries of the field and of registers.
    EntryEntered = "entry-entered",
    EntriesImported = "entries-imported",
    EntryApproved = "entry-approved",
    ImportApproved = "import-approved",
    EntryReturned = "entry-returned",
    EntryVoided = "entry-voided",
    EvidenceAdded = "evidence-added",
    EvidenceLooked = "evidence-looked",
    // The content.
    SetOpened = "set-opened",
    /// Once by person and item of a set: drafts are saved all the time.
    ItemEdited = "item-edited",
    ItemDropped = "item-dropped",
    SetSent = "set-sent",
    SetReturned = "set-returned",
    SetApproved = "set-approved",
    SetPublished = "set-published",
    SetWithdrawn = "set-withdrawn",
    ReasonGiven = "reason-given",
    RemarkMade = "remark-made",
    TryLinkMade = "try-link-made",
    ContentExported = "content-exported",
    ContentReverted = "content-reverted",
    OwnerChanged = "owner-changed",
    // Figures.
    ReportMade = "report-made",
    // Figures.
    FigureTraced = "figure-traced",
}

/// Somebody did something.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// None: the program itself, or somebody who is not logged in.
    pub staff: Option<StaffId>,
    pub verb: Verb,
    /// [`STAFF`], [`CASE`] …; empty where the verb says all.
    pub kind: &'a str,
    /// An id, never a name.
    pub object: i64,
    /// A campaign code, which is its own id; else empty.
    pub code: &'a str,
}

impl<'a> Deed<'a> {
    /// On a code of the register of campaigns.
    pub const fn on_code(by: Option<StaffId>, verb: Verb, code: &'a str) -> Self {
        Self { staff: by, verb, kind: CODE, object: 0, code }
    }
}

impl Deed<'static> {
    /// Of one account towards another, or itself.
    pub const fn on_staff(by: Option<StaffId>, verb: Verb, on: StaffId) -> Self {
        Self { staff: by, verb, kind: STAFF, object: on.0, code: "" }
    }

    pub const fn on_case(by: Option<StaffId>, verb: Verb, case: i64) -> Self {
        Self { staff: by, verb, kind: CASE, object: case, code: "" }
    }

    pub const fn on_set(by: Option<StaffId>, verb: Verb, set: i64) -> Self {
        Self { staff: by, verb, kind: CHANGE_SET, object: set, code: "" }
    }

    pub const fn plain(by: Option<StaffId>, verb: Verb) -> Self {
        Self { staff: by, verb, kind: "", object: 0, code: "" }
    }
}

/// Adds to the trail, in the transaction of the deed itself. Call it last: who appends waits for who did before.
pub async fn append(tx: &mut Tx, now: Timestamp, deed: Deed<'_>) -> Result<(), StoreError> {
    let ChainHead { seq, hash: prev } = ChainHead::parse(&audit::lock_head(tx).await?);
    let mut row = AuditRow {
        seq: seq + 1,
        at: now,
        staff_id: deed.staff,
        verb: deed.verb.as_str().to_owned(),
        object_kind: deed.kind.to_owned(),
        object_id: match (deed.kind, deed.code) {
            ("", _) => String::new(),
            (_, "") => deed.object.to_string(),
            (_, code) => code.to_owned(),
        },
        prev,
        hash: Vec::new(),
    };
    row.hash = hash_of(&row);
    audit::append(tx, &row, &head_of(&row)).await
}

/// SHA-256 over the row before and the fields.
fn hash_of(row: &AuditRow) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(&row.prev);
    let staff = row.staff_id.map(|id| id.to_string()).unwrap_or_default();
    for field in
        [&row.seq.to_string(), &row.at.0.to_string(), &staff, &row.verb, &row.object_kind, &row.object_id]
    {
        digest.update(field.as_bytes());
        digest.update([SEPARATOR]);
    }
    digest.finalize().to_vec()
}

fn head_of(row: &AuditRow) -> String {
    ChainHead { seq: row.seq, hash: row.hash.clone() }.to_string()
}

/// What the look at the whole trail found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Whole: so many rows; `SEQ:HASH` of the last, to be noted elsewhere.
    Whole { rows: i64, head: String },
    /// This row was changed, or one before it put in or taken out.
    Broken { seq: i64 },
    /// Rows are missing at the end: the last that is there, and the last that was written.
    Cut { last: i64, written: i64 },
    /// The row noted elsewhere is another one now, or gone: the trail was written anew.
    Rewritten { seq: i64 },
}

/// Reads the whole trail and reckons each hash anew. `noted`: a `SEQ:HASH` that was noted elsewhere earlier.
pub async fn verify(store: &Store, noted: Option<&str>) -> Result<Verdict, StoreError> {
    let noted = noted.map(ChainHead::parse);
    let mut tx = store.read().await?;
    let mut last = AuditRow {
        seq: 0,
        at: Timestamp(0),
        staff_id: None,
        verb: String::new(),
        object_kind: String::new(),
        object_id: String::new(),
        prev: Vec::new(),
        hash: Vec::new(),
    };
    let mut met = false;
    loop {
        let rows = audit::after(&mut tx, last.seq, PAGE).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != last.seq + 1 || row.prev != last.hash || row.hash != hash_of(&row) {
                return Ok(Verdict::Broken { seq: row.seq });
            }
            if let Some(ChainHead { seq, hash }) = &noted
                && *seq == row.seq
            {
                met = *hash == row.hash;
            }
            last = row;
        }
    }
    let head = audit::head(&mut tx).await?;
    tx.rollback().await?;
    let ChainHead { seq: written, hash } = ChainHead::parse(&head);
    if written != last.seq || hash != last.hash {
        return Ok(Verdict::Cut { last: last.seq, written });
    }
    match noted {
        Some(ChainHead { seq, .. }) if seq > 0 && !met => Ok(Verdict::Rewritten { seq }),
        _ => Ok(Verdict::Whole { rows: last.seq, head }),
    }
}

/// A row as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub seq: i64,
    pub at: Timestamp,
    pub staff: Option<StaffId>,
    pub verb: String,
    pub kind: String,
    pub object: String,
}

/// Rows before a number, the newest first.
pub async fn page(store: &Store, before: i64, of: Of<'_>, limit: u32) -> Result<Vec<Shown>, StoreError> {
    let mut tx = store.read().await?;
    let rows = audit::before(&mut tx, before, of, limit).await?;
    tx.rollback().await?;
    let shown = |row: AuditRow| Shown {
        seq: row.seq,
        at: row.at,
        staff: row.staff_id,
        verb: row.verb,
        kind: row.object_kind,
        object: row.object_id,
    };
    Ok(rows.into_iter().map(shown).collect())
}
