//! Cases: what persons brought to a person. The rows hold ids, times and words of closed lists; all that was said or
//! told is sealed by the caller.
//!
//! Locks: whoever writes to a case of a contact holds that contact's session first, then the consultant's row of
//! `case_holders`, then the case.

pub(super) mod attachments;
pub(super) mod claim;
pub(super) mod entries;
pub(super) mod follow_up;
pub(super) mod list;
pub(super) mod sent_files;
pub(super) mod settings;
pub(super) mod watch;

pub use attachments::{
    AttachmentNew, AttachmentRow, Wanted, add_chunk, attachment, attachments_of, chunks, postpone, refuse,
    store, take, want, wanted,
};
pub use claim::{Claim, Claimed, Moved, claim, give, release, see};
pub use entries::{
    Author, Draft, EntryNew, EntryRow, EntryText, Heard, MayGo, Said, answered, append, count_held, draft,
    drop_draft, entries, entry, hear, held, last_of_staff, newest_entries, put_draft, say, send_held,
};
pub use follow_up::{FollowUp, follow_up_days, follow_ups, set_follow_up, tell_follow_up, untold_follow_ups};
pub use list::{
    Ended, Figure, Filter, Open, Place, Queued, Tally, Wait, figures, holders, list, place, recent, snapshot,
    topics, unseen, waits,
};
pub use sent_files::{
    SentFileNew, SentFileRow, chunk, forget_remotes, keep, sent_file, sent_file_for, set_remote,
};
pub use settings::{SettingRow, put_setting, setting, settings};
pub use watch::{Silent, Unheeded, alarm, purge, silent, unalarmed, warn};

use super::{StoreError, Tx, error::reading, types::opaque_debug};
use crate::domain::{CaseId, ContactId, StaffId, Timestamp};

statements! {
    OPEN = "insert into cases (id, contact_id, channel, state, urgent, topic, node, locale, country, skill, holder,
            version, opened_at, waiting_since, claimed_at, contact_at, owed_since, reopened, key_id, sealed)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $12, $13, $12, $12, 0, $14, $15)";
    FIND = "select id, contact_id, channel, state, urgent, topic, node, locale, country, skill, holder, past_holder,
            version, opened_at, waiting_since, coalesce(held_since, claimed_at) as claimed_at, first_answer_at, contact_at, staff_at, owed_since,
            warned_at, alarmed_at, closed_at, reopened, rating, key_id, sealed, outcome, follow_up_at,
            follow_up_by, given_at, seen_at
        from cases where id = $1";
    OF_CONTACT = "select id, contact_id, channel, state, urgent, topic, node, locale, country, skill, holder,
            past_holder, version, opened_at, waiting_since, coalesce(held_since, claimed_at) as claimed_at, first_answer_at, contact_at, staff_at, owed_since,
            warned_at, alarmed_at, closed_at, reopened, rating, key_id, sealed, outcome, follow_up_at,
            follow_up_by, given_at, seen_at
        from cases where contact_id = $1 or contact_id in (select id from contacts where merged_into = $1)
        order by id desc limit $2";
    CLOSE = "update cases set state = 'closed', closed_at = $2, outcome = $3, follow_up_at = $4, topic = $5,
            follow_up_by = $7, follow_up_told_at = null, version = version + 1
        where id = $1 and state in ('waiting', 'claimed') and version = $6";
    REOPEN = "update cases set state = 'waiting', past_holder = holder, holder = null, claimed_at = null,
            held_since = null, round_answer_at = null,
            closed_at = null, follow_up_at = null, given_at = null, seen_at = null, waiting_since = $2, contact_at = $2,
            owed_since = $2, warned_at = null, alarmed_at = null, reopened_at = $2,
            reopened = reopened + 1, version = version + 1
        where id = $1 and state = 'closed' and contact_id is not null";
    RATE = "update cases set rating = $2 where id = $1";
    RAISE = "update cases set urgent = true, version = version + 1
        where id = $1 and not urgent and state in ('waiting', 'claimed')";
    SET_URGENCY = "update cases set urgent = $2, alarmed_at = null, version = version + 1
        where id = $1 and urgent <> $2 and state in ('waiting', 'claimed')";
    RESEAL = "update cases set key_id = $2, sealed = $3 where id = $1";
    MINE = "select id, state from cases where (state in ('waiting', 'claimed') or follow_up_at is not null)
        and (contact_id = $1 or contact_id in (select id from contacts where merged_into = $1))";
    ERASE_ENTRIES = "delete from case_entries where case_id in (select id from cases
        where contact_id = $1 or contact_id in (select id from contacts where merged_into = $1))";
    ERASE_FILES = "delete from attachments where case_id in (select id from cases
        where contact_id = $1 or contact_id in (select id from contacts where merged_into = $1))";
    ERASE_DRAFTS = "delete from case_drafts where case_id in (select id from cases
        where contact_id = $1 or contact_id in (select id from contacts where merged_into = $1))";
    ERASE = "update cases set state = case when state = 'closed' then state else 'erased' end,
            closed_at = coalesce(closed_at, $2), contact_id = null, sealed = null, node = null,
            follow_up_at = null, version = version + 1
        where contact_id = $1 or contact_id in (select id from contacts where merged_into = $1)";
}

/// Most cases of one contact that [`of_contact`] gives.
const OF_CONTACT_MAX: i64 = 50;

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseState {
    Waiting,
    Claimed,
    Closed,
    /// The person had everything deleted while it was open.
    Erased,
}

impl CaseState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Closed => "closed",
            Self::Erased => "erased",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Claimed, Self::Closed, Self::Erased]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Claimed)
    }
}

/// A case to be opened.
#[derive(Clone)]
pub struct NewCase {
    pub id: CaseId,
    /// None: entered by staff, of somebody who came or phoned.
    pub contact: Option<ContactId>,
    /// `tg`, `wa`, `web`, or `centre` and `phone` for what staff entered.
    pub channel: &'static str,
    /// A risk topic: urgent cases come first.
    pub urgent: bool,
    /// A topic of the content.
    pub topic: Option<String>,
    /// The page where the person stood.
    pub node: Option<String>,
    pub locale: String,
    /// `RU`, `KZ`, `TJ`, `KG`, or `U`.
    pub country: String,
    /// Whom it is for: a topic or word of somebody's skills.
    pub skill: Option<String>,
    /// Who has it from the start: what staff entered is never in the queue.
    pub holder: Option<StaffId>,
    pub at: Timestamp,
    pub key_id: i32,
    /// JSON of what the person told, sealed for this case.
    pub sealed: Vec<u8>,
}

/// A case as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseRow {
    pub id: CaseId,
    pub contact: Option<ContactId>,
    pub channel: String,
    pub state: CaseState,
    pub urgent: bool,
    pub topic: Option<String>,
    pub node: Option<String>,
    pub locale: String,
    pub country: String,
    pub skill: Option<String>,
    /// Who has it; of a closed one, who had it.
    pub holder: Option<StaffId>,
    /// Who had it before it went back to the queue.
    pub past_holder: Option<StaffId>,
    pub version: i64,
    pub opened_at: Timestamp,
    /// Since when it waits, or waited until it was claimed.
    pub waiting_since: Timestamp,
    /// Since when its holder has it.
    pub claimed_at: Option<Timestamp>,
    pub first_answer_at: Option<Timestamp>,
    /// The person's last word.
    pub contact_at: Option<Timestamp>,
    /// The last word of staff.
    pub staff_at: Option<Timestamp>,
    /// Since when the person waits for a word; none after an answer.
    pub owed_since: Option<Timestamp>,
    pub warned_at: Option<Timestamp>,
    pub alarmed_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub reopened: i32,
    /// Whether it helped: 1 yes, 0 no.
    pub rating: Option<i16>,
    pub key_id: i32,
    /// None when its person or its time is gone.
    pub sealed: Option<Vec<u8>>,
    /// JSON of the close form: words of closed lists only.
    pub outcome: Option<String>,
    pub follow_up_at: Option<Timestamp>,
    /// Whose follow-up it is.
    pub follow_up_by: Option<StaffId>,
    /// When somebody else gave it to its holder; not later than they have it.
    pub given_at: Option<Timestamp>,
    /// Up to when the holder has seen what happened to it.
    pub seen_at: Option<Timestamp>,
}

impl CaseRow {
    /// Somebody else gave it to its holder, who has not looked at it.
    pub fn is_unseen(&self) -> bool {
        self.state == CaseState::Claimed
            && self.given_at.is_some()
            && self.given_at == self.claimed_at
            && self.seen_at < self.given_at
    }

    /// It is urgent, its holder has not looked at it, and the alarm was raised: whoever comes may take it.
    pub fn is_forsaken(&self) -> bool {
        self.urgent && self.alarmed_at.is_some() && self.is_unseen()
    }
}

opaque_debug!(NewCase.id, CaseRow.id);

#[derive(sqlx::FromRow)]
struct Raw {
    id: CaseId,
    contact_id: Option<ContactId>,
    channel: String,
    state: String,
    urgent: bool,
    topic: Option<String>,
    node: Option<String>,
    locale: String,
    country: String,
    skill: Option<String>,
    holder: Option<StaffId>,
    past_holder: Option<StaffId>,
    version: i64,
    opened_at: Timestamp,
    waiting_since: Timestamp,
    claimed_at: Option<Timestamp>,
    first_answer_at: Option<Timestamp>,
    contact_at: Option<Timestamp>,
    staff_at: Option<Timestamp>,
    owed_since: Option<Timestamp>,
    warned_at: Option<Timestamp>,
    alarmed_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    reopened: i32,
    rating: Option<i16>,
    key_id: i32,
    sealed: Option<Vec<u8>>,
    outcome: Option<String>,
    follow_up_at: Option<Timestamp>,
    follow_up_by: Option<StaffId>,
    given_at: Option<Timestamp>,
    seen_at: Option<Timestamp>,
}

impl TryFrom<Raw> for CaseRow {
    type Error = StoreError;

    fn try_from(raw: Raw) -> Result<Self, StoreError> {
        Ok(Self {
            id: raw.id,
            contact: raw.contact_id,
            channel: raw.channel,
            state: state(raw.id, &raw.state)?,
            urgent: raw.urgent,
            topic: raw.topic,
            node: raw.node,
            locale: raw.locale,
            country: raw.country,
            skill: raw.skill,
            holder: raw.holder,
            past_holder: raw.past_holder,
            version: raw.version,
            opened_at: raw.opened_at,
            waiting_since: raw.waiting_since,
            claimed_at: raw.claimed_at,
            first_answer_at: raw.first_answer_at,
            contact_at: raw.contact_at,
            staff_at: raw.staff_at,
            owed_since: raw.owed_since,
            warned_at: raw.warned_at,
            alarmed_at: raw.alarmed_at,
            closed_at: raw.closed_at,
            reopened: raw.reopened,
            rating: raw.rating,
            key_id: raw.key_id,
            sealed: raw.sealed,
            outcome: raw.outcome,
            follow_up_at: raw.follow_up_at,
            follow_up_by: raw.follow_up_by,
            given_at: raw.given_at,
            seen_at: raw.seen_at,
        })
    }
}

pub(super) fn state(case: CaseId, text: &str) -> Result<CaseState, StoreError> {
    CaseState::parse(text).ok_or_else(|| StoreError::inconsistent("cases", "state", case))
}

/// Opens a case: waiting, or in the hands of `holder`.
pub async fn open(tx: &mut Tx, new: &NewCase) -> Result<(), StoreError> {
    let state = if new.holder.is_some() { CaseState::Claimed } else { CaseState::Waiting };
    on!(tx, |conn, sql = OPEN| {
        let query = sqlx::query(sql).bind(new.id).bind(new.contact).bind(new.channel).bind(state.as_str());
        let query = query.bind(new.urgent).bind(new.topic.as_deref()).bind(new.node.as_deref());
        let query = query.bind(new.locale.as_str()).bind(new.country.as_str()).bind(new.skill.as_deref());
        let query = query.bind(new.holder).bind(new.at).bind(new.holder.map(|_| new.at));
        query.bind(new.key_id).bind(new.sealed.as_slice()).execute(conn).await?;
    });
    Ok(())
}

pub async fn find(tx: &mut Tx, case: CaseId) -> Result<Option<CaseRow>, StoreError> {
    let raw: Option<Raw> = on!(tx, |conn, sql = FIND| {
        sqlx::query_as(sql).bind(case).fetch_optional(conn).await.map_err(reading("cases"))?
    });
    raw.map(CaseRow::try_from).transpose()
}

/// All cases of a contact and of those merged into it, the newest first, at most 50.
pub async fn of_contact(tx: &mut Tx, contact: ContactId) -> Result<Vec<CaseRow>, StoreError> {
    let raws: Vec<Raw> = on!(tx, |conn, sql = OF_CONTACT| {
        let query = sqlx::query_as(sql).bind(contact).bind(OF_CONTACT_MAX);
        query.fetch_all(conn).await.map_err(reading("cases"))?
    });
    raws.into_iter().map(CaseRow::try_from).collect()
}

/// The open case of a contact: the newest, should there be several.
pub async fn open_of_contact(tx: &mut Tx, contact: ContactId) -> Result<Option<CaseRow>, StoreError> {
    Ok(of_contact(tx, contact).await?.into_iter().find(|case| case.state.is_open()))
}

/// What closing a case writes.
#[derive(Clone, Debug)]
pub struct Closing {
    pub case: CaseId,
    /// As it was read: a case that changed meanwhile stays open.
    pub version: i64,
    /// JSON of the form.
    pub outcome: String,
    pub topic: Option<String>,
    pub follow_up: Option<Timestamp>,
    pub by: StaffId,
    pub at: Timestamp,
}

/// Closes an open case; false if it changed meanwhile.
pub async fn close(tx: &mut Tx, closing: &Closing) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = CLOSE| {
        let query = sqlx::query(sql).bind(closing.case).bind(closing.at).bind(closing.outcome.as_str());
        let query = query.bind(closing.follow_up).bind(closing.topic.as_deref()).bind(closing.version);
        let query = query.bind(closing.follow_up.map(|_| closing.by));
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// A closed case waits again, as long as its person is there; false if it was not closed. What was said of its first end
/// stays: whether it helped, and the outcome until the next one.
pub async fn reopen(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = REOPEN| {
        Ok(sqlx::query(sql).bind(case).bind(at).execute(conn).await?.rows_affected() == 1)
    })
}

/// The person says whether it helped.
pub async fn rate(tx: &mut Tx, case: CaseId, helped: bool) -> Result<(), StoreError> {
    on!(tx, |conn, sql = RATE| {
        sqlx::query(sql).bind(case).bind(i16::from(helped)).execute(conn).await?;
    });
    Ok(())
}

/// An open case becomes urgent: its person spoke of danger. False if it is so already.
pub async fn raise(tx: &mut Tx, case: CaseId) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = RAISE| Ok(sqlx::query(sql).bind(case).execute(conn).await?.rows_affected() == 1))
}

/// Staff say how urgent an open case is; an alarm that was given before counts no more. False if it is so already, or
/// closed.
pub async fn set_urgency(tx: &mut Tx, case: CaseId, urgent: bool) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = SET_URGENCY| {
        Ok(sqlx::query(sql).bind(case).bind(urgent).execute(conn).await?.rows_affected() == 1)
    })
}

/// Replaces what is sealed in a case's row.
pub async fn reseal(tx: &mut Tx, case: CaseId, key_id: i32, sealed: &[u8]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = RESEAL| {
        sqlx::query(sql).bind(case).bind(key_id).bind(sealed).execute(conn).await?;
    });
    Ok(())
}

/// What an erasure ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Cases that were open.
    pub open: Vec<CaseId>,
    /// Closed cases that were to be looked at again.
    pub follow_ups: Vec<CaseId>,
}

/// Forgets a contact's cases, with those of contacts merged into it: what was said goes, open ones end as `erased`,
/// outcomes stay without a person, and no follow-up does. Call it before [`crate::store::erase`].
pub async fn erase(tx: &mut Tx, contact: ContactId, at: Timestamp) -> Result<Forgotten, StoreError> {
    let rows: Vec<(CaseId, String)> =
        on!(&mut *tx, |conn, sql = MINE| sqlx::query_as(sql).bind(contact).fetch_all(conn).await?);
    let mut forgotten = Forgotten::default();
    for (case, word) in rows {
        let list =
            if state(case, &word)?.is_open() { &mut forgotten.open } else { &mut forgotten.follow_ups };
        list.push(case);
    }
    on!(&mut *tx, |conn, sql = ERASE_ENTRIES| {
        sqlx::query(sql).bind(contact).execute(conn).await?;
    });
    on!(&mut *tx, |conn, sql = ERASE_FILES| {
        sqlx::query(sql).bind(contact).execute(conn).await?;
    });
    on!(&mut *tx, |conn, sql = ERASE_DRAFTS| {
        sqlx::query(sql).bind(contact).execute(conn).await?;
    });
    on!(tx, |conn, sql = ERASE| {
        sqlx::query(sql).bind(contact).bind(at).execute(conn).await?;
    });
    Ok(forgotten)
}
