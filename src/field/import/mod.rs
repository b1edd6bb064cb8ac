//! Entries from a file, in the form of KoboToolbox's export with XML values and headers (indicators.md §2.3).
//!
//! All of a file is taken, or nothing. A version that came before is passed over, so a file may come again; a new
//! version of a known entry voids the earlier one and waits for its approval. Approval in KoboToolbox is told, but does
//! not stand in for ours: the export does not say who gave it.

mod table;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Fault, Field, FieldError, Filled, IMPORT, Import, Kind, Refused, RowError, Who, filled};
use crate::{
    desk::audit::Verb,
    domain::{EntryId, ImportId},
    indicators::file::Record,
    store::{
        Tx,
        field::{self, EntryNew, Known},
    },
};
use table::Table;

/// Longest file, in bytes.
pub const FILE_MAX: usize = 8 << 20;
/// Cells that are told before the rest is left unread.
const TOLD_MAX: usize = 100;
const ID_MAX: usize = 64;

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// `None`: nothing new, or a trial.
    pub import: Option<ImportId>,
    pub rows: usize,
    pub added: usize,
    /// Of those: newer versions of known entries, which were voided.
    pub replaced: usize,
    /// Came before.
    pub known: usize,
    /// Refused or on hold in KoboToolbox.
    pub left_out: usize,
    /// Questions that nothing asks for.
    pub ignored: Vec<String>,
    /// Campaign codes that are not in the register.
    pub unregistered: Vec<String>,
}

/// A row that can be an entry.
struct Line<'a> {
    record: &'a Record,
    filled: Filled,
    version: String,
    root: String,
    submitter: Option<String>,
    approved: bool,
}

impl Field {
    /// Imports a file; with `dry` it is only looked at.
    ///
    /// # Errors
    /// [`FieldError::Rows`]: nothing was imported.
    pub async fn import(&self, who: &Who, bytes: &[u8], dry: bool) -> Result<Imported, FieldError> {
        if bytes.len() > FILE_MAX {
            let fault = Fault::TooLarge(FILE_MAX >> 20);
            let error = RowError { row: 0, column: String::new(), value: String::new(), fault };
            return Err(FieldError::Rows(vec![error]));
        }
        let table = Table::read(bytes, TOLD_MAX).map_err(FieldError::Rows)?;
        let mut done =
            Imported { rows: table.rows.len(), ignored: table.ignored.clone(), ..Imported::default() };
        let lines = self.lines(&table, &mut done).map_err(FieldError::Rows)?;
        let mut tx = self.store.write().await?;
        let import = ImportId(self.ids.next(self.now()));
        self.take(&mut tx, who, import, &table, lines, &mut done).await?;
        if dry || done.added == 0 {
            tx.rollback().await?;
            return Ok(done);
        }
        let entries = i64::try_from(done.added).unwrap_or(i64::MAX);
        let row = Import { id: import, at: self.now(), by: who.id, entries };
        field::imports::add(&mut tx, &row).await?;
        self.note(&mut tx, who, Verb::EntriesImported, IMPORT, import.0).await?;
        tx.commit().await?;
        done.import = Some(import);
        Ok(done)
    }

    /// The rows as entries, before the store is asked.
    fn lines<'a>(&self, table: &'a Table, done: &mut Imported) -> Result<Vec<Line<'a>>, Vec<RowError>> {
        let now = self.now();
        let mut errors = Vec::new();
        let mut lines = Vec::with_capacity(table.rows.len());
        let mut seen: HashMap<String, usize> = HashMap::new();
        for record in &table.rows {
            if errors.len() >= TOLD_MAX {
                break;
            }
            let status = table.cell(record, "_validation_status").to_lowercase();
            let status = status.strip_prefix("validation_status_").unwrap_or(&status).replace(' ', "_");
            if matches!(status.as_str(), "not_approved" | "on_hold") {
                done.left_out += 1;
                continue;
            }
            let line = self.line(table, record, now, status == "approved");
            let line = match line {
                Ok(line) => line,
                Err(found) => {
                    errors.extend(found);
                    continue;
                }
            };
            for (name, id) in
                [("_uuid", format!("v {}", line.version)), ("rootUuid", format!("r {}", line.root))]
            {
                if let Some(first) = seen.insert(id, record.line) {
                    errors.push(table.error(record, name, Fault::Twice(first)));
                    break;
                }
            }
            lines.push(line);
        }
        errors.truncate(TOLD_MAX);
        if errors.is_empty() { Ok(lines) } else { Err(errors) }
    }

    fn line<'a>(
        &self,
        table: &Table,
        record: &'a Record,
        now: crate::domain::Timestamp,
        approved: bool,
    ) -> Result<Line<'a>, Vec<RowError>> {
        let mut errors = Vec::new();
        let mut id = |names: &[&'static str]| {
            let (name, text) = table.first(record, names);
            let text = text.strip_prefix("uuid:").unwrap_or(text);
            let fits = text.len() <= ID_MAX
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
            if text.is_empty() {
                errors.push(table.error(record, name, Fault::Missing));
            } else if !fits {
                errors.push(table.error(record, name, Fault::NotId));
            }
            // A number alone could be that of another form.
            if name == "_id" { format!("id-{text}") } else { text.to_owned() }
        };
        let version = id(&["_uuid", "_id"]);
        // What stays when the entry is edited there.
        let root = id(&["rootUuid", "_id", "_uuid"]);
        let (column, word) = match table.first(record, &["type", "activity"]) {
            ("type", "tally") => ("activity", table.cell(record, "activity")),
            named => named,
        };
        let Some(kind) = Kind::parse(word) else {
            let words: Vec<&str> = Kind::ALL.into_iter().map(Kind::as_str).collect();
            let fault = if word.is_empty() { Fault::Missing } else { Fault::NotKind(words.join(", ")) };
            errors.push(table.error(record, column, fault));
            return Err(errors);
        };
        let (day_column, day) = table.first(record, &["occurred_at", "date", "today"]);
        let submitter = desk_name(table.cell(record, "_submitted_by"));
        match filled::read(kind, day, |name| table.cell(record, name), now, &self.rules) {
            Ok(filled) if errors.is_empty() => {
                Ok(Line { record, filled, version, root, submitter, approved })
            }
            Ok(_) => Err(errors),
            Err(wrong) => {
                errors.extend(wrong.into_iter().map(|wrong| {
                    let name = if wrong.name == "occurred_at" { day_column } else { wrong.name };
                    table.error(record, name, wrong.fault)
                }));
                Err(errors)
            }
        }
    }

    async fn take(
        &self,
        tx: &mut Tx,
        who: &Who,
        import: ImportId,
        table: &Table,
        lines: Vec<Line<'_>>,
        done: &mut Imported,
    ) -> Result<(), FieldError> {
        let versions: Vec<&str> = lines.iter().map(|line| line.version.as_str()).collect();
        let roots: Vec<&str> = lines.iter().map(|line| line.root.as_str()).collect();
        let known: BTreeSet<String> =
            field::of_versions(tx, &versions).await?.into_iter().filter_map(|row| row.version_uuid).collect();
        let mut earlier: BTreeMap<String, Vec<Known>> = BTreeMap::new();
        for row in field::of_roots(tx, &roots).await? {
            earlier.entry(row.root.clone().unwrap_or_default()).or_default().push(row);
        }
        let mut new: Vec<(&Record, Kind, EntryNew)> = Vec::new();
        for line in &lines {
            if known.contains(&line.version) {
                done.known += 1;
                continue;
            }
            let versions = earlier.get(&line.root).map(Vec::as_slice).unwrap_or_default();
            for row in versions.iter().filter(|row| matches!(row.state.as_str(), "waiting" | "approved")) {
                let row = field::find(tx, row.id).await?.ok_or(Refused::Unknown)?;
                self.void_in(tx, who, &row, None).await?;
                done.replaced += 1;
            }
            let mut entry = self.entry(who, EntryId(self.ids.next(self.now())), &line.filled);
            // The first version has the id of the whole (indicators.md §2.3); a later one needs another.
            entry.event_id = if versions.is_empty() {
                format!("kobo:{}", line.root)
            } else {
                format!("kobo:{}:{}", line.root, line.version)
            };
            entry.import = Some(import);
            entry.submitter.clone_from(&line.submitter);
            entry.root = Some(line.root.clone());
            entry.version_uuid = Some(line.version.clone());
            entry.approved_there = line.approved;
            new.push((line.record, line.filled.kind, entry));
        }
        let errors = Self::once(tx, table, &new).await?;
        if !errors.is_empty() {
            return Err(FieldError::Rows(errors));
        }
        let entries: Vec<EntryNew> = new.into_iter().map(|(.., entry)| entry).collect();
        done.added = entries.len();
        field::add(tx, &entries).await?;
        let named: BTreeSet<&str> = entries.iter().filter_map(|entry| entry.code.as_deref()).collect();
        done.unregistered = Self::unregistered(tx, &named).await?;
        Ok(())
    }

    /// Rows of a group, or of a centre's month, that another row or entry reports.
    async fn once(
        tx: &mut Tx,
        table: &Table,
        new: &[(&Record, Kind, EntryNew)],
    ) -> Result<Vec<RowError>, FieldError> {
        let mut errors = Vec::new();
        let mut seen: HashMap<(Kind, &str), usize> = HashMap::new();
        let units: Vec<&str> = new
            .iter()
            .filter(|(_, kind, _)| kind.once())
            .filter_map(|(.., entry)| entry.unit.as_deref())
            .collect();
        let known = field::of_units(tx, &units).await?;
        for (record, kind, entry) in new.iter().filter(|(_, kind, _)| kind.once()) {
            let (Some(unit), Some((name, _))) = (entry.unit.as_deref(), kind.unit()) else { continue };
            let fault = match seen.insert((*kind, unit), record.line) {
                Some(first) => Some(Fault::Twice(first)),
                None => known
                    .iter()
                    .find(|known| known.unit == unit && known.kind == kind.as_str())
                    .map(|known| Fault::Known(known.id)),
            };
            errors.extend(fault.map(|fault| table.error(record, name, fault)));
        }
        errors.truncate(TOLD_MAX);
        Ok(errors)
    }
}

/// A user's name there.
fn desk_name(text: &str) -> Option<String> {
    let name: String = crate::desk::clean(text).chars().take(ID_MAX).collect();
    Some(name).filter(|name| !name.is_empty())
}
