//! Files that consultants send, on their way from the case to a channel.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    channels::{SendError, error::refusal},
    dialog::{Dialog, SentFile},
    domain::{AttachmentId, FileOut},
};

/// Files of one channel in memory at once. Texts to other people do not wait for them.
const FILES_AT_ONCE: usize = 3;

/// Room for files on their way out.
pub struct FilePlaces(Semaphore);

impl Default for FilePlaces {
    fn default() -> Self {
        Self(Semaphore::new(FILES_AT_ONCE))
    }
}

impl FilePlaces {
    /// Waits for a place.
    pub(super) async fn take(&self) -> Result<SemaphorePermit<'_>, SendError> {
        // Never closed.
        self.0.acquire().await.map_err(|_| SendError::Unreachable)
    }
}

/// What is known of a file; one that is gone, or that our key does not open, is never sent.
pub(super) async fn find(dialog: &Dialog, id: AttachmentId) -> Result<SentFile, SendError> {
    let found = dialog.sent_file(id).await.map_err(|_| SendError::Unreachable)?;
    found.ok_or(SendError::Refused { code: refusal::FILE_GONE })
}

/// The file with its bytes.
pub(super) async fn load(dialog: &Dialog, file: &SentFile) -> Result<FileOut, SendError> {
    let bytes = dialog.file_bytes(file).await.map_err(|_| SendError::Unreachable)?;
    let bytes = bytes.ok_or(SendError::Refused { code: refusal::FILE_GONE })?;
    Ok(FileOut { name: file.name.as_str().into(), mime: file.mime.as_str().into(), bytes: bytes.into() })
}
