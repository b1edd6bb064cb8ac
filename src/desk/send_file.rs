//! A file that a consultant sends: checked as those of persons are, sealed, kept with its entry and its message.

use super::{
    Desk, DeskError, PIECE_BYTES, Refused, Sent, Who, answer::Part, answer::clean, file_name::clean_name,
    is_program, kind_of, type_of,
};
use crate::{
    domain::{AttachmentId, CAPTION_MAX, CaseId, FILE_MAX_BYTES, MediaKind},
    privacy::Keys,
    store::{
        StoreError, Tx,
        cases::{self, SentFileNew},
    },
};

/// What stands around a writer's name above the words, in UTF-16 units: stars, colon, end of line, and room to spare.
const FRAME_UNITS: usize = 16;

/// A file as it came with a form.
pub struct NewFile {
    /// As its sender calls it.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for NewFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewFile({} bytes)", self.bytes.len())
    }
}

/// A file, sealed and ready to be kept.
pub(super) struct Ready {
    pub id: AttachmentId,
    row: SentFileNew,
    pieces: Vec<Vec<u8>>,
    /// To be compared with one that was sent before.
    plain: Vec<u8>,
    name: String,
}

impl Ready {
    pub async fn keep(&self, tx: &mut Tx) -> Result<(), StoreError> {
        cases::keep(tx, &self.row).await?;
        for (n, piece) in (0..).zip(&self.pieces) {
            cases::add_chunk(tx, self.id, n, piece).await?;
        }
        Ok(())
    }
}

impl Desk {
    /// Sends a file, perhaps with words, which may be empty. Words that do not fit beside it go before it, as a message
    /// of their own. `after` as in [`Desk::answer`].
    ///
    /// # Errors
    /// [`DeskError::Refused`]; nothing was kept then.
    pub async fn send_file(
        &self,
        who: &Who,
        case: CaseId,
        text: &str,
        file: NewFile,
        after: i64,
    ) -> Result<Sent, DeskError> {
        let text = clean(text);
        let chars = text.chars().count();
        if chars > super::ANSWER_MAX_CHARS {
            return Err(Refused::TooLong { chars, max: super::ANSWER_MAX_CHARS }.into());
        }
        if file.bytes.is_empty() {
            return Err(Refused::FileEmpty.into());
        }
        if file.bytes.len() > FILE_MAX_BYTES {
            return Err(Refused::FileTooLarge.into());
        }
        if is_program(&file.bytes) {
            return Err(Refused::FileKind.into());
        }
        // Sealed before the transaction: others wait for it.
        let ready = self.sealed_file(case, file);
        let words = Part::words("text", &text);
        let file = |text| Part { kind: "attachment", text, file: Some(&ready) };
        let is_apart = !text.is_empty() && !fits_beside(&who.name, &text, ready.row.kind);
        let parts = if is_apart { vec![words, file("")] } else { vec![file(&text)] };
        self.watched(who, case, self.send(who, case, &parts, after)).await
    }

    fn sealed_file(&self, case: CaseId, file: NewFile) -> Ready {
        let now = self.now();
        let id = AttachmentId(self.ids.next(now));
        let name = clean_name(&file.name, &file.bytes);
        let row = SentFileNew {
            id,
            case,
            kind: kind_of(&file.bytes).as_str(),
            mime: type_of(&file.bytes),
            size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
            key_id: Keys::ID,
            name: self.seal(case, name.as_bytes()),
            at: now,
        };
        let pieces = file.bytes.chunks(PIECE_BYTES).map(|piece| self.seal(case, piece)).collect();
        Ready { id, row, pieces, plain: file.bytes, name }
    }

    /// Whether a file is one that was sent before: the same name and the same bytes.
    pub(super) async fn is_same_file(
        &self,
        tx: &mut Tx,
        case: CaseId,
        file: &Ready,
        kept: AttachmentId,
    ) -> Result<bool, DeskError> {
        let row = cases::sent_file(tx, kept).await?.filter(|row| row.size == Some(file.row.size));
        let Some(name) = row.and_then(|row| row.name) else { return Ok(false) };
        if self.open_text(case, &name)? != file.name {
            return Ok(false);
        }
        for (n, piece) in (0..).zip(file.plain.chunks(PIECE_BYTES)) {
            let sealed = cases::chunk(tx, kept, n).await?.unwrap_or_default();
            if self.open(case, &sealed).ok().as_deref() != Some(piece) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether words may stand beside a file: not too many, and not beside a sound, where WhatsApp takes none.
fn fits_beside(name: &str, text: &str, kind: &str) -> bool {
    let units = |text: &str| text.encode_utf16().count();
    kind != MediaKind::Voice.as_str() && units(name) + units(text) + FRAME_UNITS <= CAPTION_MAX
}

#[cfg(test)]
mod tests {
    use super::{CAPTION_MAX, FRAME_UNITS, fits_beside};

    #[test]
    fn words_stand_beside_a_file_if_they_fit() {
        let room = CAPTION_MAX - FRAME_UNITS - "Ann".len();
        assert!(fits_beside("Ann", &"ғ".repeat(room), "document"));
        assert!(!fits_beside("Ann", &"ғ".repeat(room + 1), "document"));
        assert!(!fits_beside("Ann", &"👍".repeat(room / 2 + 1), "photo"), "two units each");
        assert!(!fits_beside("Ann", "a", "voice"));
    }
}
