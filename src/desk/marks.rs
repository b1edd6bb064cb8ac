//! Marks in a case's conversation: what happened to it, between what was said.

use serde_json::json;

use super::Desk;
use crate::{
    clock::Ids,
    domain::{CaseId, StaffId, Timestamp},
    privacy::{Keys, case_context},
    store::{
        StoreError, Tx,
        cases::{self, Author, EntryNew},
    },
};

/// What happened to a case. Its page says it by a text `desk-mark-<what>`.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    pub what: &'static str,
    /// Who did it; none: the program, or the person.
    pub by: Option<StaffId>,
    /// To whom the case went, or from whom it was taken.
    pub to: Option<StaffId>,
    pub note: &'a str,
}

impl Mark<'static> {
    /// What happened without staff.
    pub const fn plain(what: &'static str) -> Self {
        Self { what, by: None, to: None, note: "" }
    }

    pub const fn by(what: &'static str, by: StaffId) -> Self {
        Self { what, by: Some(by), to: None, note: "" }
    }

    /// What happened without staff, to the case of a consultant.
    pub const fn of(what: &'static str, holder: StaffId) -> Self {
        Self { what, by: None, to: Some(holder), note: "" }
    }
}

impl Mark<'_> {
    /// The mark as an entry of the conversation, sealed.
    pub fn entry(self, keys: &Keys, ids: &dyn Ids, case: CaseId, now: Timestamp) -> EntryNew {
        let told = json!({ "what": self.what, "to": self.to, "note": self.note });
        EntryNew {
            id: ids.next(now),
            case,
            at: now,
            author: Author::Bot,
            staff: self.by,
            kind: "mark",
            key_id: Keys::ID,
            sealed: Some(keys.seal(&case_context(case), told.to_string().as_bytes(), ids)),
            outbox: None,
            attachment: None,
            held: false,
        }
    }
}

impl Desk {
    /// Writes down what happened to a case.
    pub(super) async fn mark(
        &self,
        tx: &mut Tx,
        case: CaseId,
        mark: Mark<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        cases::append(tx, &[mark.entry(&self.keys, &*self.ids, case, now)]).await
    }
}
