//! Files that consultants send, opened on their way out.

use super::{Dialog, DialogError};
use crate::{
    domain::{AttachmentId, CaseId},
    privacy::case_context,
    store::cases::{self, SentFileRow},
};

/// An outgoing file, without its bytes.
#[derive(Clone)]
pub struct SentFile {
    pub id: AttachmentId,
    case: CaseId,
    /// As the person sees it.
    pub name: String,
    /// By its content.
    pub mime: String,
    /// Bytes.
    pub size: usize,
    /// The channel's id of it, if it was uploaded before.
    pub remote: Option<String>,
}

impl std::fmt::Debug for SentFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SentFile({}, {}, {} bytes)", self.id, self.mime, self.size)
    }
}

impl Dialog {
    /// A file that goes out. `None`: it went with its case, or our key does not open it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sent_file(&self, id: AttachmentId) -> Result<Option<SentFile>, DialogError> {
        let mut tx = self.store.read().await?;
        let row = cases::sent_file(&mut tx, id).await?;
        Ok(row.and_then(|row| self.opened_file(row)))
    }

    /// The words of a row, opened.
    pub(super) fn opened_file(&self, row: SentFileRow) -> Option<SentFile> {
        let text = |sealed: &[u8]| {
            let opened = self.keys.open(&case_context(row.case), sealed).ok();
            opened.and_then(|bytes| String::from_utf8(bytes).ok())
        };
        let name = row.name.as_deref().and_then(text);
        let Some(name) = name else {
            tracing::error!(attachment.id = row.id.0, "the name of a file cannot be opened");
            return None;
        };
        Some(SentFile {
            id: row.id,
            case: row.case,
            name,
            mime: row.mime.unwrap_or_default(),
            size: row.size.and_then(|size| usize::try_from(size).ok()).unwrap_or(0),
            remote: row.remote.as_deref().and_then(text),
        })
    }

    /// All bytes of a file; `None` as for [`Dialog::sent_file`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn file_bytes(&self, file: &SentFile) -> Result<Option<Vec<u8>>, DialogError> {
        let mut bytes = Vec::with_capacity(file.size);
        for n in 0.. {
            match self.file_piece(file, n).await? {
                Some(piece) => bytes.extend(piece),
                None => break,
            }
        }
        // It went while it was read, or a piece cannot be opened.
        Ok((bytes.len() == file.size).then_some(bytes))
    }

    /// The `n`-th piece of a file; `None` behind the last, for one that went, and for one that cannot be opened.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn file_piece(&self, file: &SentFile, n: i32) -> Result<Option<Vec<u8>>, DialogError> {
        let mut tx = self.store.read().await?;
        let sealed = cases::chunk(&mut tx, file.id, n).await?;
        tx.rollback().await?;
        let Some(sealed) = sealed else { return Ok(None) };
        let opened = self.keys.open(&case_context(file.case), &sealed).ok();
        if opened.is_none() {
            tracing::error!(attachment.id = file.id.0, "a piece of a file cannot be opened");
        }
        Ok(opened)
    }

    /// The channel has the file under this id; `None`: not any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn uploaded(&self, file: &SentFile, remote: Option<&str>) -> Result<(), DialogError> {
        let sealed =
            remote.map(|remote| self.keys.seal(&case_context(file.case), remote.as_bytes(), &*self.ids));
        let mut tx = self.store.write().await?;
        cases::set_remote(&mut tx, file.id, sealed.as_deref()).await?;
        Ok(tx.commit().await?)
    }
}
