//! What consultants write: answers, pages of the content, notes, drafts.

use super::{Desk, DeskError, Refused, Who, person::Person, send_file::Ready};
use crate::{
    bus::Signal,
    desk::audit::Verb,
    domain::{AttachmentId, CaseId, ContactId, OutboxId, Timestamp},
    engine,
    privacy::Keys,
    store::{
        Tx,
        cases::{self, Author, CaseRow, CaseState, Draft, EntryNew},
        staff,
    },
};

/// Longest answer, in characters: with a name before and buttons under it, it is one message on each channel
/// (channels.md §3.5: 4,096 on WhatsApp without buttons, as on Telegram).
pub const ANSWER_MAX_CHARS: usize = 3_000;
/// Longest draft kept: longer ones are refused when they are sent, but not lost while somebody shortens them.
pub const DRAFT_MAX_CHARS: usize = 20_000;
/// Held answers that go in one round.
const HELD_AT_ONCE: u32 = 50;
/// The channel's free window counts since the last word (channels.md §3.6).
const DAY_MS: i64 = 86_400_000;

/// What goes to the person, as one message.
pub(super) struct Part<'a> {
    /// `text`, `page`, `attachment`.
    pub kind: &'static str,
    /// The words, or the page's id.
    pub text: &'a str,
    /// With [`Part::kind`] `attachment`.
    pub file: Option<&'a Ready>,
}

impl<'a> Part<'a> {
    pub const fn words(kind: &'static str, text: &'a str) -> Self {
        Self { kind, text, file: None }
    }
}

/// How an answer went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    Queued,
    /// WhatsApp takes no free message now: a template says that an answer waits, and it goes when the person taps.
    Held,
}

impl Desk {
    /// Sends the consultant's words. `after`: the last entry of staff that they saw, 0 for none; the same words after
    /// the same entry are one answer, however often the form comes.
    ///
    /// # Errors
    /// [`DeskError::Refused`]; nothing was kept then. [`Refused::Changed`]: staff said something else meanwhile.
    pub async fn answer(&self, who: &Who, case: CaseId, text: &str, after: i64) -> Result<Sent, DeskError> {
        let text = clean(text);
        let chars = text.chars().count();
        if chars == 0 {
            return Err(Refused::Empty.into());
        }
        if chars > ANSWER_MAX_CHARS {
            return Err(Refused::TooLong { chars, max: ANSWER_MAX_CHARS }.into());
        }
        self.watched(who, case, self.send(who, case, &[Part::words("text", &text)], after)).await
    }

    /// Sends a page of the content as the person would see it; `after` as in [`Self::answer`].
    ///
    /// # Errors
    /// [`DeskError::Refused`].
    pub async fn send_page(
        &self,
        who: &Who,
        case: CaseId,
        node: &str,
        after: i64,
    ) -> Result<Sent, DeskError> {
        self.watched(who, case, self.send(who, case, &[Part::words("page", node)], after)).await
    }

    /// Sends one message or two, in one transaction with all that is written of them.
    pub(super) async fn send(
        &self,
        who: &Who,
        case: CaseId,
        parts: &[Part<'_>],
        after: i64,
    ) -> Result<Sent, DeskError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        let row = self.held_by(&mut tx, who, case).await?;
        let person = Person::hold(&mut tx, row.contact).await?;
        // The lock was waited for: the person may have gone meanwhile.
        let mut person = person.ok_or(Refused::Ended)?;
        let held = person.is_late(now);
        if let Some(sent) = self.was_sent(&mut tx, who, case, parts, after).await? {
            return Ok(sent);
        }
        if !cases::say(&mut tx, case, who.id, now, !held).await? {
            return Err(Refused::Changed.into());
        }
        for part in parts {
            let Part { kind, text, file } = *part;
            let say = match (kind, file) {
                ("page", _) => self.page_for(&person.state, text).ok_or(Refused::NoPage)?,
                (_, Some(file)) => {
                    file.keep(&mut tx).await?;
                    engine::case::answered_with_file(&mut person.state, &who.name, text, file.id)
                }
                _ => engine::case::answered(&mut person.state, &who.name, text),
            };
            let outbox = if !held {
                Some(self.queue(&mut tx, &person, &say, now).await?)
            } else if cases::count_held(&mut tx, case).await? == 0 {
                // One template for all that waits.
                Some(self.queue(&mut tx, &person, &self.standing(&person.state, now), now).await?)
            } else {
                None
            };
            let entry = EntryNew {
                held,
                outbox,
                staff: Some(who.id),
                attachment: file.map(|file| file.id),
                ..self.entry(case, Author::Staff, kind, text, now)
            };
            cases::append(&mut tx, &[entry]).await?;
        }
        person.save(&mut tx, now).await?;
        cases::drop_draft(&mut tx, case, who.id).await?;
        let has_file = parts.iter().any(|part| part.file.is_some());
        let verb = if has_file { Verb::AttachmentSent } else { Verb::CaseAnswered };
        self.note(&mut tx, Some(who.id), verb, case).await?;
        self.commit(tx, &[Signal::Case(case), person.wake()]).await?;
        Ok(if held { Sent::Held } else { Sent::Queued })
    }

    /// Whether this very form was taken already; `None`: it is new, and nothing was said since its page was shown.
    async fn was_sent(
        &self,
        tx: &mut Tx,
        who: &Who,
        case: CaseId,
        parts: &[Part<'_>],
        after: i64,
    ) -> Result<Option<Sent>, DeskError> {
        let limit = u32::try_from(parts.len() + 1).unwrap_or(u32::MAX);
        let said = cases::last_of_staff(tx, case, limit).await?;
        let Some(last) = said.first().filter(|last| last.id != after) else { return Ok(None) };
        let before = said.get(parts.len()).map_or(0, |before| before.id);
        let mut is_same = said.len() >= parts.len() && before == after;
        for (part, said) in parts.iter().rev().zip(&said) {
            let words = said.sealed.as_deref().map(|sealed| self.open_text(case, sealed));
            is_same = is_same
                && (said.staff, said.kind.as_str()) == (Some(who.id), part.kind)
                && words.is_some_and(|words| words.is_ok_and(|words| words == part.text));
            // The bytes themselves are compared: it is the same form only if it brought the same file.
            is_same = is_same
                && match (part.file, said.attachment) {
                    (None, None) => true,
                    (Some(file), Some(kept)) => self.is_same_file(tx, case, file, kept).await?,
                    _ => false,
                };
        }
        if !is_same {
            return Err(Refused::Changed.into());
        }
        Ok(Some(if last.held { Sent::Held } else { Sent::Queued }))
    }

    /// Writes a note that only staff see.
    ///
    /// # Errors
    /// [`DeskError::Refused`].
    pub async fn add_note(&self, who: &Who, case: CaseId, text: &str) -> Result<(), DeskError> {
        self.watched(who, case, self.try_note(who, case, text)).await
    }

    async fn try_note(&self, who: &Who, case: CaseId, text: &str) -> Result<(), DeskError> {
        let text = clean(text);
        let chars = text.chars().count();
        if chars == 0 {
            return Err(Refused::Empty.into());
        }
        if chars > ANSWER_MAX_CHARS {
            return Err(Refused::TooLong { chars, max: ANSWER_MAX_CHARS }.into());
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        let row = cases::find(&mut tx, case).await?.ok_or(Refused::Unknown)?;
        if !super::cases::may_read(who, &row) {
            return Err(Refused::Unknown.into());
        }
        if row.sealed.is_none() {
            return Err(Refused::Ended.into());
        }
        let entry = EntryNew { staff: Some(who.id), ..self.entry(case, Author::Note, "text", &text, now) };
        cases::append(&mut tx, &[entry]).await?;
        self.note(&mut tx, Some(who.id), Verb::CaseNoted, case).await?;
        self.commit(tx, &[Signal::Case(case)]).await?;
        Ok(())
    }

    /// Keeps what is being written, so that a reload or another device goes on with it. True if it is another text than
    /// before: somebody types.
    ///
    /// # Errors
    /// [`DeskError::Refused`].
    pub async fn keep_draft(&self, who: &Who, case: CaseId, text: &str) -> Result<bool, DeskError> {
        self.watched(who, case, self.try_draft(who, case, text)).await
    }

    async fn try_draft(&self, who: &Who, case: CaseId, text: &str) -> Result<bool, DeskError> {
        let chars = text.chars().count();
        if chars > DRAFT_MAX_CHARS {
            return Err(Refused::TooLong { chars, max: DRAFT_MAX_CHARS }.into());
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        self.held_by(&mut tx, who, case).await?;
        let before = match cases::draft(&mut tx, case, who.id).await? {
            Some(draft) => self.open_text(case, &draft.sealed)?,
            None => String::new(),
        };
        if text.trim().is_empty() {
            cases::drop_draft(&mut tx, case, who.id).await?;
        } else {
            let draft = Draft { key_id: Keys::ID, sealed: self.seal(case, text.as_bytes()), at: now };
            cases::put_draft(&mut tx, case, who.id, &draft).await?;
        }
        tx.commit().await?;
        Ok(before != text)
    }

    /// The case, if this is who has it now.
    async fn held_by(&self, tx: &mut Tx, who: &Who, case: CaseId) -> Result<CaseRow, DeskError> {
        let row = cases::find(tx, case).await?.ok_or(Refused::Unknown)?;
        match row.state {
            _ if !super::cases::may_read(who, &row) => Err(Refused::Unknown.into()),
            CaseState::Closed | CaseState::Erased => Err(Refused::Ended.into()),
            CaseState::Claimed if row.holder == Some(who.id) => Ok(row),
            CaseState::Claimed | CaseState::Waiting => Err(Refused::NotYours.into()),
        }
    }

    pub(super) fn entry(
        &self,
        case: CaseId,
        author: Author,
        kind: &'static str,
        text: &str,
        now: Timestamp,
    ) -> EntryNew {
        EntryNew {
            id: self.ids.next(now),
            case,
            at: now,
            author,
            staff: None,
            kind,
            key_id: Keys::ID,
            sealed: Some(self.seal(case, text.as_bytes())),
            outbox: None::<OutboxId>,
            attachment: None::<AttachmentId>,
            held: false,
        }
    }

    /// Sends the answers that waited for their persons' next word. Gives their number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn send_held(&self) -> Result<usize, DeskError> {
        let now = self.now();
        let since = now.plus_ms(-DAY_MS);
        let mut tx = self.store.read().await?;
        let ready = cases::held(&mut tx, since, HELD_AT_ONCE).await?;
        tx.rollback().await?;
        let mut sent = 0;
        for (entry, case, contact) in ready {
            sent += usize::from(self.send_one_held(entry, case, contact, now).await?);
        }
        Ok(sent)
    }

    async fn send_one_held(
        &self,
        entry: i64,
        case: CaseId,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let mut tx = self.store.write().await?;
        let Some(mut person) = Person::hold(&mut tx, Some(contact)).await? else { return Ok(false) };
        if person.is_late(now) {
            return Ok(false);
        }
        let found = cases::entry(&mut tx, case, entry).await?;
        let Some((kind, _, Some(sealed), Some(author), file)) = found else { return Ok(false) };
        let text = self.open_text(case, &sealed)?;
        let name = staff::by_id(&mut tx, author).await?.map(|row| row.name).unwrap_or_default();
        let is_theirs = cases::find(&mut tx, case).await?.is_some_and(|row| row.holder == Some(author));
        let holder = person.state.case.as_ref().and_then(|case| case.by.clone());
        let say = match (kind.as_str(), file) {
            ("page", _) => self.page_for(&person.state, &text),
            (_, Some(file)) => Some(engine::case::answered_with_file(&mut person.state, &name, &text, file)),
            (_, None) => Some(engine::case::answered(&mut person.state, &name, &text)),
        };
        if !is_theirs && let Some(case) = &mut person.state.case {
            // They handed it on, or it waits: whoever has it still does.
            case.by = holder;
        }
        // A page that is gone since then: where they stand is better than silence.
        let say = say.unwrap_or_else(|| self.standing(&person.state, now));
        let outbox = self.queue(&mut tx, &person, &say, now).await?;
        if !cases::send_held(&mut tx, entry, outbox).await? {
            return Ok(false);
        }
        cases::answered(&mut tx, case, now).await?;
        person.save(&mut tx, now).await?;
        self.commit(tx, &[Signal::Case(case), person.wake()]).await?;
        Ok(true)
    }
}

/// A text without control characters and marks that turn the direction of writing: they could make a text read
/// otherwise than it was written. Ends of lines stay.
pub fn clean(text: &str) -> String {
    let is_turn = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}');
    // Private use: marks of our own stand there.
    let is_ours = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}');
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text
        .chars()
        .filter(|c| !is_turn(*c) && !is_ours(*c) && (!c.is_control() || matches!(c, '\n' | '\t')))
        .collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_text_reads_as_it_was_written() {
        assert_eq!(clean("  a\r\nb\u{202E}c\u{0}\u{7}\u{2066}d\u{E000}  "), "a\nbcd");
        assert_eq!(clean("\u{200F}\u{202A} \n "), "");
        assert_eq!(clean("Салом, ҷон <b>"), "Салом, ҷон <b>");
    }
}
