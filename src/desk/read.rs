//! Reading a case: what was said, what the person told, and the other cases of the same person.

use std::collections::HashMap;

use super::{Desk, DeskError, Refused, Who, answer::clean, cases::may_read, person::Person};
use crate::{
    desk::audit::Verb,
    domain::{AttachmentId, CaseId, ChannelKind, Locale, StaffId, Timestamp, Told},
    engine::Say,
    store::{
        Tx,
        cases::{self, AttachmentRow},
        sessions, staff,
    },
};

pub use crate::store::cases::{Author, CaseRow, CaseState};

/// Entries shown of a case at once: the newest, or those before one.
const ENTRIES_MAX: u32 = 1_000;

/// Something said, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: i64,
    pub at: Timestamp,
    pub author: Author,
    pub staff: Option<StaffId>,
    pub kind: String,
    /// The words, the id of a page, coordinates.
    pub text: String,
    /// Of a mark: what happened, to whom the case went.
    pub mark: Option<ReadMark>,
    pub attachment: Option<AttachmentRow>,
    /// The name of a file that a consultant sent.
    pub file_name: Option<String>,
    pub delivery: Option<Delivery>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// `queued`, `sent`, `delivered`, `read`, `failed`; `held`: it goes with the person's next word.
    pub state: String,
    /// It may have been sent twice.
    pub uncertain: bool,
    /// A code: why it failed, or what holds it back.
    pub error: Option<String>,
}

/// What happened to a case.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
pub struct ReadMark {
    pub what: String,
    #[serde(default)]
    pub to: Option<StaffId>,
    #[serde(default)]
    pub note: String,
}

/// Another case of the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    pub id: CaseId,
    pub state: CaseState,
    pub topic: Option<String>,
    pub opened_at: Timestamp,
    pub help: Option<String>,
    /// Whether its page opens for who looks.
    pub readable: bool,
}

/// A case as its page shows it.
#[derive(Clone)]
pub struct Shown {
    pub row: CaseRow,
    pub told: Told,
    pub entries: Vec<Entry>,
    /// There may be more before this entry.
    pub earlier: Option<i64>,
    pub others: Vec<Other>,
    pub draft: String,
    /// Whether who looks has the case now and may write.
    pub mine: bool,
    /// The last entry of staff for the person, 0 for none: what an answer comes after.
    pub after: i64,
    /// Until when the channel takes the consultant's own words; `None`: always.
    pub window_ends: Option<Timestamp>,
    /// The person blocks us: nothing arrives.
    pub unreachable: bool,
    pub locale: Locale,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shown({:?}, …)", self.row.id)
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({}, …)", self.id)
    }
}

/// A page of the content before it is sent.
pub struct Preview {
    pub say: Say,
    pub channel: ChannelKind,
    /// As in [`Shown`].
    pub after: i64,
}

/// A colleague, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub id: StaffId,
    pub name: String,
    pub on_duty: bool,
    /// Takes cases.
    pub consults: bool,
    pub skills: Vec<String>,
    pub max_cases: Option<i32>,
}

impl Desk {
    /// A case, for those who may read it. The look stands in the trail; `first_look` false: once a visit, of at most half an
    /// hour. What a request says of itself is no proof that there was a look before.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for all others: nobody learns which cases there are; [`Refused::Waits`] for one of the queue.
    pub async fn read(&self, who: &Who, case: CaseId, first_look: bool) -> Result<Shown, DeskError> {
        self.read_before(who, case, first_look, i64::MAX).await
    }

    /// The same with what was said before an entry.
    ///
    /// # Errors
    /// As [`Desk::read`].
    pub async fn read_before(
        &self,
        who: &Who,
        case: CaseId,
        first_look: bool,
        before: i64,
    ) -> Result<Shown, DeskError> {
        self.watched(who, case, self.try_read(who, case, first_look, before)).await
    }

    async fn try_read(
        &self,
        who: &Who,
        case: CaseId,
        first_look: bool,
        before: i64,
    ) -> Result<Shown, DeskError> {
        let mut tx = self.store.read().await?;
        let row = self.may_look(&mut tx, who, case).await?;
        let mut told: Told = match &row.sealed {
            Some(sealed) => serde_json::from_slice(&self.open(case, sealed)?).unwrap_or_default(),
            None => Told::default(),
        };
        for words in [&mut told.question, &mut told.remark].into_iter().flatten() {
            *words = clean(words);
        }
        let files = cases::attachments_of(&mut tx, case).await?;
        let files: HashMap<AttachmentId, AttachmentRow> =
            files.into_iter().map(|row| (row.id, row)).collect();
        let rows = cases::newest_entries(&mut tx, case, before, ENTRIES_MAX).await?;
        let is_full = rows.len() >= ENTRIES_MAX as usize;
        let earlier = rows.first().map(|row| row.id).filter(|_| is_full);
        let entries: Vec<Entry> = rows.into_iter().map(|row| self.opened(case, row, &files)).collect();
        let after = cases::last_of_staff(&mut tx, case, 1).await?.first().map_or(0, |last| last.id);
        let others = self.others_of(&mut tx, who, &row).await?;
        let mine = row.state == CaseState::Claimed && row.holder == Some(who.id);
        let draft = match cases::draft(&mut tx, case, who.id).await? {
            Some(draft) if mine => self.open_text(case, &draft.sealed)?,
            _ => String::new(),
        };
        let person = match row.contact {
            Some(contact) => sessions::read_of(&mut tx, contact).await?.map(|held| Person::of(&held)),
            None => None,
        };
        tx.rollback().await?;
        if first_look || !self.is_visit(case, who.id) {
            let mut tx = self.store.write().await?;
            self.note(&mut tx, Some(who.id), Verb::CaseLooked, case).await?;
            tx.commit().await?;
            self.begin_visit(case, who.id);
        }
        if mine {
            self.seen_by_holder(&row).await?;
        }
        Ok(Shown {
            told,
            after,
            entries,
            earlier,
            others,
            draft,
            mine,
            window_ends: person.as_ref().and_then(Person::window_ends),
            unreachable: person.as_ref().is_some_and(|person| !person.reachable),
            locale: Locale::parse(&row.locale).unwrap_or(Locale::REFERENCE),
            row,
        })
    }

    /// The row of a case that somebody may read.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub(super) async fn readable(&self, who: &Who, case: CaseId) -> Result<CaseRow, DeskError> {
        let mut tx = self.store.read().await?;
        let row = self.may_look(&mut tx, who, case).await?;
        tx.rollback().await?;
        Ok(row)
    }

    /// Whoever has an open case of a person may read that person's earlier ones.
    async fn may_look(&self, tx: &mut Tx, who: &Who, case: CaseId) -> Result<CaseRow, DeskError> {
        let row = cases::find(tx, case).await?.ok_or(Refused::Unknown)?;
        if may_read(who, &row) {
            return Ok(row);
        }
        if let Some(contact) = row.contact.filter(|_| !row.state.is_open()) {
            let open = cases::open_of_contact(tx, contact).await?;
            if open.is_some_and(|open| open.holder == Some(who.id)) {
                return Ok(row);
            }
        }
        Err(if row.state == CaseState::Waiting { Refused::Waits } else { Refused::Unknown }.into())
    }

    async fn others_of(&self, tx: &mut Tx, who: &Who, row: &CaseRow) -> Result<Vec<Other>, DeskError> {
        let Some(contact) = row.contact else { return Ok(Vec::new()) };
        let all = cases::of_contact(tx, contact).await?;
        let has_open = all.iter().any(|case| case.state.is_open() && case.holder == Some(who.id));
        Ok(all
            .into_iter()
            .filter(|case| case.id != row.id)
            .map(|case| Other {
                readable: may_read(who, &case) || (has_open && !case.state.is_open()),
                help: super::close::help_of(case.outcome.as_deref()),
                id: case.id,
                state: case.state,
                topic: case.topic,
                opened_at: case.opened_at,
            })
            .collect())
    }

    fn opened(
        &self,
        case: CaseId,
        row: cases::EntryRow,
        files: &HashMap<AttachmentId, AttachmentRow>,
    ) -> Entry {
        let text = match row.sealed.as_deref().map(|sealed| self.open_text(case, sealed)) {
            // Persons may write what reads otherwise than it is written, too.
            Some(Ok(text)) if row.author == Author::Contact => clean(&text),
            Some(Ok(text)) => text,
            Some(Err(_)) => {
                tracing::error!(case.id = case.0, entry.id = row.id, "an entry cannot be opened");
                String::new()
            }
            None => String::new(),
        };
        let mark = (row.kind == "mark").then(|| serde_json::from_str(&text).ok()).flatten();
        let delivery = match row.delivery {
            _ if row.held => Some(Delivery { state: "held".to_owned(), uncertain: false, error: None }),
            Some(state) => Some(Delivery { state, uncertain: row.uncertain, error: row.error }),
            None => None,
        };
        let attachment = row.attachment.and_then(|id| files.get(&id).cloned());
        let file_name = attachment.as_ref().and_then(|file| self.open_text(case, file.name.as_deref()?).ok());
        Entry {
            id: row.id,
            at: row.at,
            author: row.author,
            staff: row.staff,
            attachment,
            file_name,
            kind: row.kind,
            text: if mark.is_some() { String::new() } else { text },
            mark,
            delivery,
        }
    }

    /// The bytes of a stored file, and what it is by its content.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when it is not there, not stored, or of a case that they may not read.
    pub async fn file(&self, who: &Who, id: AttachmentId) -> Result<(AttachmentRow, Vec<u8>), DeskError> {
        let mut tx = self.store.read().await?;
        let row = cases::attachment(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        tx.rollback().await?;
        let case = self.watched(who, row.case, self.readable(who, row.case)).await?.id;
        let mut tx = self.store.read().await?;
        if row.state != "stored" {
            return Err(Refused::Unknown.into());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(row.size.unwrap_or(0)).unwrap_or(0));
        for sealed in cases::chunks(&mut tx, id).await? {
            bytes.extend(self.open(case, &sealed)?);
        }
        tx.rollback().await?;
        let mut tx = self.store.write().await?;
        self.note(&mut tx, Some(who.id), Verb::AttachmentLooked, case).await?;
        tx.commit().await?;
        Ok((row, bytes))
    }

    /// The language of a case's person.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub async fn locale_of(&self, who: &Who, case: CaseId) -> Result<Locale, DeskError> {
        let row = self.readable(who, case).await?;
        Ok(Locale::parse(&row.locale).unwrap_or(Locale::REFERENCE))
    }

    /// The topic of a case.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub async fn topic_of(&self, who: &Who, case: CaseId) -> Result<Option<String>, DeskError> {
        Ok(self.watched(who, case, self.readable(who, case)).await?.topic)
    }

    /// A page of the content as this case's person would get it.
    ///
    /// # Errors
    /// [`Refused::Unknown`], [`Refused::NoPage`], [`Refused::Ended`].
    pub async fn preview(&self, who: &Who, case: CaseId, node: &str) -> Result<Preview, DeskError> {
        let row = self.watched(who, case, self.readable(who, case)).await?;
        let contact = row.contact.ok_or(Refused::Ended)?;
        let mut tx = self.store.read().await?;
        let held = sessions::read_of(&mut tx, contact).await?.ok_or(Refused::Ended)?;
        let after = cases::last_of_staff(&mut tx, case, 1).await?.first().map_or(0, |last| last.id);
        tx.rollback().await?;
        let say = self.page_for(&Person::of(&held).state, node).ok_or(Refused::NoPage)?;
        Ok(Preview { say, channel: held.channel, after })
    }

    /// Whether somebody who takes cases knows this: a case for a skill that nobody has would wait for nobody.
    ///
    /// # Errors
    /// [`Refused::NoSkill`].
    pub async fn may_seek(&self, skill: &str) -> Result<(), DeskError> {
        let knows =
            |colleague: &Colleague| colleague.consults && colleague.skills.iter().any(|known| known == skill);
        if self.colleagues().await?.iter().any(knows) { Ok(()) } else { Err(Refused::NoSkill.into()) }
    }

    /// All who work here, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn colleagues(&self) -> Result<Vec<Colleague>, DeskError> {
        let mut tx = self.store.read().await?;
        let rows = staff::list(&mut tx).await?;
        tx.rollback().await?;
        let mut colleagues: Vec<Colleague> = rows
            .into_iter()
            .map(|row| Colleague {
                id: row.id,
                consults: row.state == "active"
                    && super::Roles::from_json(&row.roles).has(super::Role::Consultant),
                on_duty: row.on_duty && row.state == "active",
                skills: serde_json::from_str(&row.skills).unwrap_or_default(),
                max_cases: row.max_cases,
                name: row.name,
            })
            .collect();
        colleagues.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        Ok(colleagues)
    }
}
