//! Files of cases on their way in: who fetches one, what becomes of it, and what its person is told.

use super::{Desk, DeskError, person::Person};
use crate::{
    bus::Signal,
    domain::{AttachmentId, CaseId, ChannelKind, ContactId, FILE_MAX_BYTES, MediaKind, Unfetched},
    engine,
    store::cases::{self, Wanted},
};

/// Bytes that are sealed as one piece.
pub const PIECE_BYTES: usize = 256 << 10;
/// Tries before a file is given up: with their pauses about four hours, and a channel keeps files for days
/// (channels.md §3.5).
const TRIES_MAX: i32 = 12;
/// The pause after the first failed try; each next one is twice as long.
const PAUSE_MS: i64 = 10_000;
const PAUSE_MAX_MS: i64 = 3_600_000;
/// How long a try belongs to who began it. Longer than any fetch may take.
const TRY_MS: i64 = 180_000;
/// Rows looked at for one that is free.
const LOOK_AT: u32 = 8;

/// A file that this instance fetches now.
#[derive(Clone)]
pub struct Fetching {
    id: AttachmentId,
    case: CaseId,
    contact: Option<ContactId>,
    /// The try's number.
    attempt: i32,
    /// The channel's id of the file.
    pub remote: Box<str>,
}

impl Desk {
    /// The next file of a channel to be fetched; nobody else gets it meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next_file(&self, channel: ChannelKind) -> Result<Option<Fetching>, DeskError> {
        let now = self.now();
        let mut tx = self.store.read().await?;
        let wanted = cases::wanted(&mut tx, channel, now, LOOK_AT).await?;
        tx.rollback().await?;
        for row in wanted {
            let mut tx = self.store.write().await?;
            let is_ours = cases::take(&mut tx, row.id, row.attempts, now, now.plus_ms(TRY_MS)).await?;
            tx.commit().await?;
            if !is_ours {
                continue;
            }
            let Wanted { id, case, contact, attempts, remote } = row;
            let mut file = Fetching { id, case, contact, attempt: attempts + 1, remote: Box::default() };
            match remote.map(|sealed| self.open_text(case, &sealed)) {
                // The program ended during the last try.
                _ if attempts >= TRIES_MAX => self.refuse_file(&file, "unreachable").await?,
                Some(Ok(remote)) => {
                    file.remote = remote.into();
                    return Ok(Some(file));
                }
                Some(Err(_)) | None => {
                    tracing::error!(
                        case.id = case.0,
                        attachment.id = id.0,
                        "the id of a file cannot be opened"
                    );
                    self.refuse_file(&file, "unreadable").await?;
                }
            }
        }
        Ok(None)
    }

    /// What became of a try: it is stored, refused, or tried again later.
    ///
    /// # Errors
    /// When the database does not answer; the try then counts as failed.
    pub async fn fetched(
        &self,
        file: &Fetching,
        outcome: Result<Vec<u8>, Unfetched>,
    ) -> Result<(), DeskError> {
        match outcome {
            Ok(bytes) if bytes.len() > FILE_MAX_BYTES => self.refuse_file(file, "too-large").await,
            Ok(bytes) if is_program(&bytes) => self.refuse_file(file, "kind").await,
            Ok(bytes) => self.store_file(file, &bytes).await,
            Err(Unfetched::TooLarge) => self.refuse_file(file, "too-large").await,
            Err(Unfetched::Gone) => self.refuse_file(file, "gone").await,
            Err(Unfetched::Later { .. }) if file.attempt >= TRIES_MAX => {
                self.refuse_file(file, "unreachable").await
            }
            Err(Unfetched::Later { after }) => {
                let named = after.and_then(|seconds| i64::try_from(seconds).ok()?.checked_mul(1_000));
                let named = named.unwrap_or(0).min(PAUSE_MAX_MS);
                let pause = pause_ms(file.attempt).max(named);
                let mut tx = self.store.write().await?;
                cases::postpone(&mut tx, file.id, file.attempt, self.now().plus_ms(pause)).await?;
                tx.commit().await?;
                Ok(())
            }
        }
    }

    async fn store_file(&self, file: &Fetching, bytes: &[u8]) -> Result<(), DeskError> {
        // Sealed before the transaction: others wait for it.
        let pieces: Vec<Vec<u8>> =
            bytes.chunks(PIECE_BYTES).map(|piece| self.seal(file.case, piece)).collect();
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let mut tx = self.store.write().await?;
        if !cases::store(&mut tx, file.id, file.attempt, type_of(bytes), size).await? {
            return Ok(());
        }
        for (n, piece) in (0..).zip(&pieces) {
            cases::add_chunk(&mut tx, file.id, n, piece).await?;
        }
        self.commit(tx, &[Signal::Case(file.case)]).await?;
        Ok(())
    }

    /// Gives a file up and tells its person, if they can be told freely.
    async fn refuse_file(&self, file: &Fetching, reason: &'static str) -> Result<(), DeskError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        // The session is locked first, as everywhere.
        let person = Person::hold(&mut tx, file.contact).await?;
        if !cases::refuse(&mut tx, file.id, file.attempt, reason).await? {
            return Ok(());
        }
        let mut signals = vec![Signal::Case(file.case)];
        if let Some(person) = person {
            let say = engine::case::refused(&person.state, reason);
            signals.extend(self.tell(&mut tx, person, Some(say), now).await?);
        }
        self.commit(tx, &signals).await?;
        tracing::info!(case.id = file.case.0, attachment.id = file.id.0, reason, "a file was not taken");
        Ok(())
    }
}

/// Pause after the failed try of this number.
fn pause_ms(attempt: i32) -> i64 {
    let doubled = u32::try_from(attempt - 1).ok().and_then(|times| PAUSE_MS.checked_shl(times.min(20)));
    doubled.unwrap_or(PAUSE_MAX_MS).min(PAUSE_MAX_MS)
}

/// What a file is by its content, whatever its sender called it.
pub fn type_of(bytes: &[u8]) -> &'static str {
    match infer::get(bytes) {
        Some(kind) => kind.mime_type(),
        None if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) => "text/plain",
        None => "application/octet-stream",
    }
}

/// The same in the words of channels.
pub fn kind_of(bytes: &[u8]) -> MediaKind {
    match infer::get(bytes).map(|kind| kind.matcher_type()) {
        Some(infer::MatcherType::Image) => MediaKind::Photo,
        Some(infer::MatcherType::Audio) => MediaKind::Voice,
        Some(infer::MatcherType::Video) => MediaKind::Video,
        _ => MediaKind::Document,
    }
}

/// Something that runs when it is opened: no consultant needs it.
pub fn is_program(bytes: &[u8]) -> bool {
    infer::get(bytes).is_some_and(|kind| {
        kind.matcher_type() == infer::MatcherType::App || kind.mime_type() == "text/x-shellscript"
    })
}

#[cfg(test)]
mod tests {
    use super::{PAUSE_MAX_MS, TRIES_MAX, is_program, pause_ms, type_of};

    #[test]
    fn pauses_grow_to_an_hour_and_end() {
        let pauses: Vec<i64> = (1..TRIES_MAX).map(pause_ms).collect();
        assert_eq!(pauses[..3], [10_000, 20_000, 40_000]);
        assert!(pauses.is_sorted() && pauses.iter().all(|pause| *pause <= PAUSE_MAX_MS));
        assert_eq!(pauses.iter().sum::<i64>() / 3_600_000, 3);
        assert_eq!(pause_ms(i32::MAX), PAUSE_MAX_MS);
    }

    #[test]
    fn the_content_says_what_a_file_is() {
        assert_eq!(type_of(b"\xFF\xD8\xFF\xE0"), "image/jpeg");
        assert_eq!(type_of(b"<!DOCTYPE html><script>"), "text/html");
        assert_eq!(type_of("салом".as_bytes()), "text/plain");
        assert_eq!(type_of(b"\xFF\xFE\x00"), "application/octet-stream");
        let header = |magic: &[u8]| [magic, &[0; 64]].concat();
        assert!(is_program(&header(b"MZ\x90\x00\x03")) && is_program(&header(b"\x7FELF\x02\x01\x01")));
        assert!(is_program(b"#!/bin/sh\n"));
        assert!(!is_program(b"\xFF\xD8\xFF\xE0") && !is_program("салом".as_bytes()));
    }
}
