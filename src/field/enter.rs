//! Entries are entered, listed and shown.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{ENTRY, Evidence, Fault, Field, FieldError, Filled, Filter, Import, Kind, Refused, Who, Wrong};
use crate::{
    desk::audit::Verb,
    domain::{CampaignCode, EntryId, ImportId, StaffId},
    privacy::Keys,
    store::{
        Tx, codes,
        field::{self, EntryNew, EntryRow},
    },
};

/// An entry as it is shown.
#[derive(Clone)]
pub struct Shown {
    pub row: EntryRow,
    /// `None`: of a newer version of the program.
    pub kind: Option<Kind>,
    /// Values of closed lists and numbers, by name.
    pub fields: BTreeMap<String, String>,
    /// What was typed, by name.
    pub texts: BTreeMap<String, String>,
    /// Why it was returned or voided.
    pub reason: Option<String>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shown({:?}, …)", self.row.id)
    }
}

impl Shown {
    /// A value by its name, wherever it is kept.
    pub fn value(&self, name: &str) -> &str {
        if name == "c" {
            return self.row.code.as_deref().unwrap_or_default();
        }
        self.fields.get(name).or_else(|| self.texts.get(name)).map_or("", String::as_str)
    }

    /// Whether somebody may approve or return it: it waits, and they neither entered nor sent it.
    pub fn may_decide(&self, who: &Who) -> bool {
        self.row.state == "waiting" && !is_same(&self.row, who)
    }
}

/// Whether somebody entered an entry, or sent it where it was imported from.
pub(super) fn is_same(row: &EntryRow, who: &Who) -> bool {
    let sent = row.submitter.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&who.login));
    (row.entered_by.is_some() && row.entered_by == who.id) || sent
}

impl Field {
    /// A token for an empty form. It names the entry that the form becomes, so that one that comes twice is one.
    pub fn offer(&self, who: &Who) -> String {
        let id = self.ids.next(self.now());
        URL_SAFE_NO_PAD.encode(self.keys.seal(&offer_context(who), &id.to_be_bytes(), &*self.ids))
    }

    /// The entry of a token that this person was offered.
    pub fn offered(&self, who: &Who, token: &str) -> Option<EntryId> {
        let opened = self.keys.open(&offer_context(who), &URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        Some(EntryId(i64::from_be_bytes(opened.try_into().ok()?)))
    }

    /// Enters an entry, with files of evidence; it waits for somebody else.
    ///
    /// # Errors
    /// [`FieldError::Refused`]: nothing was written. [`Refused::Twice`]: it was written already.
    pub async fn add(
        &self,
        who: &Who,
        id: EntryId,
        filled: &Filled,
        files: &[impl AsRef<[u8]> + Sync],
    ) -> Result<(), FieldError> {
        let prepared = self.prepare(Some(id), None, files.iter().map(AsRef::as_ref))?;
        let new = self.entry(who, id, filled);
        let mut tx = self.store.write().await?;
        if field::find(&mut tx, id).await?.is_some() {
            return Err(Refused::Twice.into());
        }
        if let (true, Some(unit)) = (filled.kind.once(), new.unit.as_deref()) {
            let known = field::of_units(&mut tx, &[unit]).await?;
            if let Some(known) = known.iter().find(|known| known.kind == new.kind) {
                let name = filled.kind.unit().map_or("group", |(name, _)| name);
                return Err(Refused::Wrong(vec![Wrong { name, fault: Fault::Known(known.id) }]).into());
            }
        }
        field::add(&mut tx, &[new]).await?;
        self.put_files(&mut tx, who, &prepared).await?;
        self.note(&mut tx, who, Verb::EntryEntered, ENTRY, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A row of the store for what was filled in.
    pub(super) fn entry(&self, who: &Who, id: EntryId, filled: &Filled) -> EntryNew {
        let unit = filled.unit.as_ref().and_then(|(domain, number)| self.keys.alias(domain, number));
        EntryNew {
            id,
            kind: filled.kind.as_str(),
            occurred_at: filled.occurred_at,
            country: filled.country.clone(),
            code: filled.code.clone(),
            number: i64::from(filled.number),
            fields: Value::Object(filled.fields.clone()).to_string(),
            unit,
            key_id: Keys::ID,
            sealed: self.seal_texts(id, &filled.texts),
            event_id: format!("field:{id}"),
            entered_by: who.id,
            entered_at: self.now(),
            import: None,
            submitter: None,
            root: None,
            version_uuid: None,
            approved_there: false,
        }
    }

    /// Entries older than `before`, the newest first.
    ///
    /// # Errors
    /// When the database does not answer, or the key is another.
    pub async fn list(&self, filter: &Filter, before: EntryId, limit: u32) -> Result<Vec<Shown>, FieldError> {
        let mut tx = self.store.read().await?;
        let rows = field::list(&mut tx, filter, before, limit).await?;
        tx.rollback().await?;
        rows.into_iter().map(|row| self.shown(row)).collect()
    }

    /// An entry with its evidence.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub async fn get(&self, id: EntryId) -> Result<(Shown, Vec<Evidence>), FieldError> {
        let mut tx = self.store.read().await?;
        let row = field::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let files = field::evidence::of(&mut tx, id, row.import).await?;
        tx.rollback().await?;
        Ok((self.shown(row)?, files))
    }

    /// An import.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub async fn get_import(&self, id: ImportId) -> Result<Import, FieldError> {
        let mut tx = self.store.read().await?;
        let row = field::imports::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        tx.rollback().await?;
        Ok(row)
    }

    /// Whether an entry of an import waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn import_waits(&self, id: ImportId) -> Result<bool, FieldError> {
        let mut tx = self.store.read().await?;
        let waiting = field::waiting_of(&mut tx, id).await?;
        tx.rollback().await?;
        Ok(!waiting.is_empty())
    }

    /// How many entries wait, and how much they report.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting(&self) -> Result<(u64, u64), FieldError> {
        let mut tx = self.store.read().await?;
        let waiting = field::waiting(&mut tx).await?;
        tx.rollback().await?;
        Ok(waiting)
    }

    /// Codes of the register, for the form.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn codes(&self) -> Result<Vec<String>, FieldError> {
        let mut tx = self.store.read().await?;
        let rows = codes::list(&mut tx).await?;
        tx.rollback().await?;
        Ok(rows.into_iter().map(|row| row.code).collect())
    }

    /// Those of these codes that are not in the register: they count as `unregistered`.
    pub(super) async fn unregistered(tx: &mut Tx, named: &BTreeSet<&str>) -> Result<Vec<String>, FieldError> {
        let parsed: Vec<CampaignCode> = named.iter().filter_map(|code| CampaignCode::parse(code)).collect();
        let known = codes::known(tx, &parsed).await?;
        Ok(named
            .iter()
            .filter(|code| !known.iter().any(|known| known == *code))
            .map(|code| (*code).to_owned())
            .collect())
    }

    pub(super) fn shown(&self, row: EntryRow) -> Result<Shown, FieldError> {
        let texts = self.open_texts(row.id, &row.sealed)?;
        let reason = match &row.reason_sealed {
            Some(sealed) => self.open_texts(row.id, sealed)?.remove("reason"),
            None => None,
        };
        let fields: BTreeMap<String, Value> = serde_json::from_str(&row.fields).unwrap_or_default();
        let fields =
            fields.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect();
        Ok(Shown { kind: Kind::parse(&row.kind), fields, texts, reason, row })
    }
}

fn offer_context(who: &Who) -> String {
    format!("field offer {}", who.id.unwrap_or(StaffId(0)))
}
