//! Entries are approved, returned and voided; with it they begin or cease to count.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{ENTRY, Field, FieldError, IMPORT, Kind, NOTE_MAX, Refused, Who, enter::is_same};
use crate::{
    counting,
    desk::{self, audit::Verb},
    domain::{EntryId, ImportId, StaffId, Timestamp},
    store::{
        StoreError, Tx,
        field::{self, Decision, EntryRow},
        indicators::log::NewEvent,
    },
};

/// Tries when a person was joined with another meanwhile.
const TRIES: usize = 4;

impl Field {
    /// Approves an entry: it counts from now on.
    ///
    /// # Errors
    /// [`Refused::SamePerson`], [`Refused::NoEvidence`], [`Refused::Decided`], [`Refused::Known`].
    pub async fn approve(&self, who: &Who, id: EntryId) -> Result<(), FieldError> {
        let mut last = Ok(());
        for _ in 0..TRIES {
            let mut tx = self.store.write().await?;
            last = self.approve_in(&mut tx, who, id).await;
            match last {
                Ok(()) => {
                    self.note(&mut tx, who, Verb::EntryApproved, ENTRY, id.0).await?;
                    tx.commit().await?;
                    return Ok(());
                }
                Err(FieldError::Store(StoreError::Changed)) => {}
                Err(_) => break,
            }
        }
        last
    }

    /// Approves all entries of an import that wait, or none. How many.
    ///
    /// # Errors
    /// As [`Self::approve`] of the first that may not be approved.
    pub async fn approve_import(&self, who: &Who, import: ImportId) -> Result<usize, FieldError> {
        for _ in 0..TRIES {
            let mut tx = self.store.write().await?;
            let ids = field::waiting_of(&mut tx, import).await?;
            if ids.is_empty() {
                return Err(Refused::Decided.into());
            }
            let mut done = Ok(());
            for id in &ids {
                done = self.approve_in(&mut tx, who, *id).await;
                if done.is_err() {
                    break;
                }
            }
            match done {
                Ok(()) => {
                    self.note(&mut tx, who, Verb::ImportApproved, IMPORT, import.0).await?;
                    tx.commit().await?;
                    return Ok(ids.len());
                }
                Err(FieldError::Store(StoreError::Changed)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Changed.into())
    }

    async fn approve_in(&self, tx: &mut Tx, who: &Who, id: EntryId) -> Result<(), FieldError> {
        let now = self.now();
        let row = self.decidable(tx, who, id).await?;
        let kind = Kind::parse(&row.kind).ok_or(Refused::Unknown)?;
        let files = field::evidence::of(tx, id, row.import).await?;
        if kind.needs_evidence() && files.is_empty() {
            return Err(Refused::NoEvidence.into());
        }
        if let (true, Some(unit)) = (kind.once(), row.unit.as_deref()) {
            let others = field::of_units(tx, &[unit]).await?;
            for other in others.iter().filter(|other| other.kind == row.kind && other.id != id) {
                let is_approved = field::find(tx, other.id).await?.is_some_and(|row| row.state == "approved");
                if is_approved {
                    return Err(Refused::Known(other.id).into());
                }
            }
        }
        let (sealed, unit) = self.kept(&row, kind)?;
        let decision =
            Decision { id, by: who.id, at: now, reason: None, sealed: &sealed, unit: unit.as_deref() };
        match field::decide(tx, "approved", &decision).await {
            Ok(true) => {}
            Ok(false) => return Err(Refused::Decided.into()),
            // Another of the same group was approved at the same moment.
            Err(StoreError::Conflict(_)) => return Err(Refused::Known(id).into()),
            Err(error) => return Err(error.into()),
        }
        let evidence: Vec<&str> = files.iter().map(|file| file.sha256.as_str()).collect();
        let events = events(&row, kind, who, now, &evidence);
        counting::append(tx, &self.rules, &events).await?;
        Ok(())
    }

    /// Sends an entry back to who entered it: it never counts; what is mended is entered anew.
    ///
    /// # Errors
    /// [`Refused::SamePerson`], [`Refused::NoReason`], [`Refused::Decided`].
    pub async fn send_back(&self, who: &Who, id: EntryId, reason: &str) -> Result<(), FieldError> {
        let now = self.now();
        let reason = self.reason(id, reason)?;
        let mut tx = self.store.write().await?;
        let row = self.decidable(&mut tx, who, id).await?;
        let kind = Kind::parse(&row.kind).ok_or(Refused::Unknown)?;
        let (sealed, unit) = self.kept(&row, kind)?;
        let decision = Decision {
            id,
            by: who.id,
            at: now,
            reason: Some(&reason),
            sealed: &sealed,
            unit: unit.as_deref(),
        };
        if !field::decide(&mut tx, "returned", &decision).await? {
            return Err(Refused::Decided.into());
        }
        self.note(&mut tx, who, Verb::EntryReturned, ENTRY, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Voids an entry: what it counted is taken back. To restore it, it is entered anew (indicators.md §1.4).
    ///
    /// # Errors
    /// [`Refused::NoReason`], [`Refused::Decided`].
    pub async fn void(&self, who: &Who, id: EntryId, reason: &str) -> Result<(), FieldError> {
        let reason = self.reason(id, reason)?;
        for _ in 0..TRIES {
            let mut tx = self.store.write().await?;
            let row = field::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
            match self.void_in(&mut tx, who, &row, Some(&reason)).await {
                Ok(()) => {
                    self.note(&mut tx, who, Verb::EntryVoided, ENTRY, id.0).await?;
                    tx.commit().await?;
                    return Ok(());
                }
                Err(FieldError::Store(StoreError::Changed)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Changed.into())
    }

    /// The same in a transaction; without a reason: a newer version takes its place.
    pub(super) async fn void_in(
        &self,
        tx: &mut Tx,
        who: &Who,
        row: &EntryRow,
        reason: Option<&[u8]>,
    ) -> Result<(), FieldError> {
        let now = self.now();
        let (sealed, unit) = match Kind::parse(&row.kind) {
            Some(kind) => self.kept(row, kind)?,
            None => (row.sealed.clone(), row.unit.clone()),
        };
        let decision =
            Decision { id: row.id, by: who.id, at: now, reason, sealed: &sealed, unit: unit.as_deref() };
        if !field::void(tx, &decision).await? {
            return Err(Refused::Decided.into());
        }
        if row.state == "approved" {
            let attrs = map(&[("target", &row.event_id), ("by", &name_of(who.id))]);
            let event = event(row, "void", "void", attrs, (now, now));
            counting::append(tx, &self.rules, &[event]).await?;
        }
        Ok(())
    }

    /// An entry that waits, and whom somebody else than `who` entered.
    async fn decidable(&self, tx: &mut Tx, who: &Who, id: EntryId) -> Result<EntryRow, FieldError> {
        let row = field::find(tx, id).await?.ok_or(Refused::Unknown)?;
        if row.state != "waiting" {
            return Err(Refused::Decided.into());
        }
        // The command line is nobody: it cannot be the second person.
        if who.id.is_none() || is_same(&row, who) {
            return Err(Refused::SamePerson.into());
        }
        Ok(row)
    }

    /// What stays of an entry once it is decided: not the number that a person or household is known by, and of persons
    /// not its hash, since the event has it and goes when they are erased.
    fn kept(&self, row: &EntryRow, kind: Kind) -> Result<(Vec<u8>, Option<String>), FieldError> {
        let unit = row.unit.clone().filter(|_| !kind.is_of_person());
        let mut texts = self.open_texts(row.id, &row.sealed)?;
        let number = kind.unit().filter(|_| !kind.keeps_number()).and_then(|(name, _)| texts.remove(name));
        let sealed = if number.is_some() { self.seal_texts(row.id, &texts) } else { row.sealed.clone() };
        Ok((sealed, unit))
    }

    fn reason(&self, id: EntryId, reason: &str) -> Result<Vec<u8>, FieldError> {
        let reason = desk::clean(reason);
        if reason.is_empty() {
            return Err(Refused::NoReason.into());
        }
        if reason.chars().count() > NOTE_MAX {
            return Err(Refused::TooLong.into());
        }
        Ok(self.seal_texts(id, &BTreeMap::from([("reason".to_owned(), reason)])))
    }
}

/// The event that counts, and its approval (indicators.md §1.4, §1.10).
fn events(row: &EntryRow, kind: Kind, who: &Who, now: Timestamp, evidence: &[&str]) -> Vec<NewEvent> {
    let mut attrs: Map<String, Value> = serde_json::from_str(&row.fields).unwrap_or_default();
    if kind.is_tally() {
        attrs.insert("activity".to_owned(), kind.as_str().into());
    }
    if let Some(unit) = &row.unit
        && let Some((name @ ("key" | "reg"), _)) = kind.unit()
    {
        attrs.insert(name.to_owned(), unit.as_str().into());
    }
    let by = match (&row.submitter, row.entered_by) {
        (Some(submitter), _) => format!("kobo:{submitter}"),
        (None, by) => name_of(by),
    };
    attrs.insert("by".to_owned(), by.into());
    if !evidence.is_empty() {
        attrs.insert("evidence".to_owned(), evidence.join(" ").into());
    }
    // A head-count and an item of a register were learnt when they were entered, and count from their approval's row on;
    // other lines count by themselves, so they are learnt now.
    let learnt = match kind {
        Kind::Trainee | Kind::Survey | Kind::OrEnrolled | Kind::VtSent => now,
        _ => row.entered_at,
    };
    let mut counted = event(row, "", kind.event(), attrs, (row.occurred_at, learnt));
    counted.code.clone_from(&row.code);
    if kind.is_of_person() {
        counted.contact = row.unit.as_deref().and_then(counting::visitor);
        counted.channel = "centre";
    }
    let attrs = map(&[("target", &row.event_id), ("by", &name_of(who.id))]);
    vec![counted, event(row, "approve", "approve", attrs, (now, now))]
}

fn event(
    row: &EntryRow,
    what: &str,
    kind: &str,
    attrs: Map<String, Value>,
    (occurred_at, recorded_at): (Timestamp, Timestamp),
) -> NewEvent {
    let event_id = if what.is_empty() { row.event_id.clone() } else { format!("{}:{what}", row.event_id) };
    NewEvent {
        event_id,
        kind: kind.to_owned(),
        contact: None,
        occurred_at,
        recorded_at,
        channel: "field",
        source: "field".to_owned(),
        code: None,
        attrs: Value::Object(attrs).to_string(),
    }
}

/// An account as events name it.
fn name_of(id: Option<StaffId>) -> String {
    id.map_or_else(|| "cli".to_owned(), |id| format!("u{id}"))
}

fn map(pairs: &[(&str, &str)]) -> Map<String, Value> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect()
}
