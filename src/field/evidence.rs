//! Evidence: attendance lists, photos, contracts, texts; sealed in pieces, shown to nobody but as a download.

use sha2::{Digest, Sha256};

use super::{ENTRY, EVIDENCE, Evidence, Field, FieldError, IMPORT, Refused, Who};
use crate::{
    desk::{self, PIECE_BYTES, audit::Verb},
    domain::{EntryId, EvidenceId, FILE_MAX_BYTES, ImportId, hex},
    store::{
        Tx,
        field::{self, evidence},
    },
};

/// Most files of an entry, or of an import.
const FILES_MAX: usize = 20;

/// A file that is sealed and not yet stored: others do not wait for that.
pub(super) struct Prepared {
    row: Evidence,
    pieces: Vec<Vec<u8>>,
}

impl Field {
    /// Adds a file to an entry that waits.
    ///
    /// # Errors
    /// [`Refused`]: nothing was kept.
    pub async fn add_file(&self, who: &Who, entry: EntryId, bytes: &[u8]) -> Result<(), FieldError> {
        let prepared = self.prepare(Some(entry), None, [bytes].into_iter())?;
        let mut tx = self.store.write().await?;
        let row = field::find(&mut tx, entry).await?.ok_or(Refused::Unknown)?;
        if row.state != "waiting" {
            return Err(Refused::Decided.into());
        }
        if evidence::of(&mut tx, entry, None).await?.len() >= FILES_MAX {
            return Err(Refused::FilesFull.into());
        }
        self.put_files(&mut tx, who, &prepared).await?;
        self.note(&mut tx, who, Verb::EvidenceAdded, ENTRY, entry.0).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds a file to all entries of an import, while one of them waits.
    ///
    /// # Errors
    /// [`Refused`]: nothing was kept.
    pub async fn add_file_to_import(
        &self,
        who: &Who,
        import: ImportId,
        bytes: &[u8],
    ) -> Result<(), FieldError> {
        let prepared = self.prepare(None, Some(import), [bytes].into_iter())?;
        let mut tx = self.store.write().await?;
        field::imports::find(&mut tx, import).await?.ok_or(Refused::Unknown)?;
        if field::waiting_of(&mut tx, import).await?.is_empty() {
            return Err(Refused::Decided.into());
        }
        if evidence::of(&mut tx, EntryId(0), Some(import)).await?.len() >= FILES_MAX {
            return Err(Refused::FilesFull.into());
        }
        self.put_files(&mut tx, who, &prepared).await?;
        self.note(&mut tx, who, Verb::EvidenceAdded, IMPORT, import.0).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The files of an import.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn files_of_import(&self, import: ImportId) -> Result<Vec<Evidence>, FieldError> {
        let mut tx = self.store.read().await?;
        let rows = evidence::of(&mut tx, EntryId(0), Some(import)).await?;
        tx.rollback().await?;
        Ok(rows)
    }

    /// A file; who looked stands in the trail.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub async fn file(&self, who: &Who, id: EvidenceId) -> Result<(Evidence, Vec<u8>), FieldError> {
        let mut tx = self.store.read().await?;
        let row = evidence::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let mut bytes = Vec::with_capacity(usize::try_from(row.size).unwrap_or(0).min(FILE_MAX_BYTES));
        for sealed in evidence::chunks(&mut tx, id).await? {
            bytes.extend(self.keys.open(&context(id), &sealed)?);
        }
        tx.rollback().await?;
        let mut tx = self.store.write().await?;
        self.note(&mut tx, who, Verb::EvidenceLooked, EVIDENCE, id.0).await?;
        tx.commit().await?;
        Ok((row, bytes))
    }

    /// Seals files.
    ///
    /// # Errors
    /// [`Refused`] of the first that is not taken.
    pub(super) fn prepare<'a>(
        &self,
        entry: Option<EntryId>,
        import: Option<ImportId>,
        files: impl Iterator<Item = &'a [u8]>,
    ) -> Result<Vec<Prepared>, FieldError> {
        let mut prepared = Vec::new();
        for bytes in files {
            let refused = if bytes.is_empty() {
                Some(Refused::FileEmpty)
            } else if bytes.len() > FILE_MAX_BYTES {
                Some(Refused::FileTooLong)
            } else if desk::is_program(bytes) {
                Some(Refused::FileKind)
            } else if prepared.len() >= FILES_MAX {
                Some(Refused::FilesFull)
            } else {
                None
            };
            if let Some(refused) = refused {
                return Err(refused.into());
            }
            let id = EvidenceId(self.ids.next(self.now()));
            let context = context(id);
            let pieces = bytes.chunks(PIECE_BYTES).map(|piece| self.keys.seal(&context, piece, &*self.ids));
            prepared.push(Prepared {
                pieces: pieces.collect(),
                row: Evidence {
                    id,
                    entry,
                    import,
                    mime: desk::type_of(bytes).to_owned(),
                    size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
                    sha256: hex(&Sha256::digest(bytes)),
                    added_by: None,
                    added_at: self.now(),
                },
            });
        }
        Ok(prepared)
    }

    pub(super) async fn put_files(
        &self,
        tx: &mut Tx,
        who: &Who,
        prepared: &[Prepared],
    ) -> Result<(), FieldError> {
        for file in prepared {
            let row = Evidence { added_by: who.id, ..file.row.clone() };
            evidence::add(tx, &row, &file.pieces).await?;
        }
        Ok(())
    }
}

fn context(id: EvidenceId) -> String {
    format!("field evidence {id}")
}
