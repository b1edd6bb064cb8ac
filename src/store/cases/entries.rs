//! What was said in a case, and what is being written.

use crate::{
    domain::{AttachmentId, CaseId, ContactId, OutboxId, StaffId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, pieces},
        types::opaque_debug,
    },
};

statements! {
    APPEND = "insert into case_entries (id, case_id, at, author, staff_id, kind, key_id, sealed, outbox_id,
            attachment_id, held)
        values /*each*/($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)/*end*/";
    ENTRIES = "select e.id, e.at, e.author, e.staff_id, e.kind, e.key_id, e.sealed, e.outbox_id, e.attachment_id, e.held,
            o.state as delivery, o.uncertain, o.error, o.attempts
        from case_entries e left join outbox o on o.id = e.outbox_id
        where e.case_id = $1 and e.id > $2 order by e.id limit $3";
    NEWEST = "select e.id, e.at, e.author, e.staff_id, e.kind, e.key_id, e.sealed, e.outbox_id, e.attachment_id, e.held,
            o.state as delivery, o.uncertain, o.error, o.attempts
        from case_entries e left join outbox o on o.id = e.outbox_id
        where e.case_id = $1 and e.id < $2 order by e.id desc limit $3";
    LAST_OF_STAFF = "select id, staff_id, kind, sealed, attachment_id, held from case_entries where case_id = $1 and author = 'staff'
        order by id desc limit $2";
    HELD = "select e.id, e.case_id, c.contact_id from case_entries e join cases c on c.id = e.case_id
            join sessions s on s.contact_id = c.contact_id
        where e.held and s.last_inbound_at > $1 order by e.id limit $2";
    HELD_OF = "select cast(count(*) as bigint) from case_entries where case_id = $1 and held";
    SEND_HELD = "update case_entries set held = false, outbox_id = $2 where id = $1 and held";
    FIND_ENTRY = "select kind, key_id, sealed, staff_id, attachment_id from case_entries where id = $1 and case_id = $2";
    HEAR = "update cases set contact_at = $2, owed_since = coalesce(owed_since, $2), version = version + 1 where id = $1";
    SAY = "update cases set staff_at = $2, first_answer_at = coalesce(first_answer_at, $4),
            round_answer_at = coalesce(round_answer_at, $4), owed_since = null, warned_at = null,
            version = version + 1
        where id = $1 and state = 'claimed' and holder = $3";
    // Not before its words go.
    ANSWERED = "update cases set first_answer_at = coalesce(first_answer_at, $2),
            round_answer_at = case when state = 'waiting' then round_answer_at else coalesce(round_answer_at, $2) end
        where id = $1";
    PUT_DRAFT = "insert into case_drafts (case_id, staff_id, key_id, sealed, at) values ($1, $2, $3, $4, $5)
        on conflict (case_id, staff_id) do update set key_id = excluded.key_id, sealed = excluded.sealed,
            at = excluded.at";
    DRAFT = "select key_id, sealed, at from case_drafts where case_id = $1 and staff_id = $2";
    DROP_DRAFT = "delete from case_drafts where case_id = $1 and staff_id = $2";
}

/// Whose word an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Author {
    /// The person.
    Contact,
    Staff,
    /// The program: marks of what happened to the case.
    Bot,
    /// Staff for staff: the person never sees it.
    Note,
}

impl Author {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Staff => "staff",
            Self::Bot => "bot",
            Self::Note => "note",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Contact, Self::Staff, Self::Bot, Self::Note].into_iter().find(|author| author.as_str() == text)
    }
}

/// Something said.
#[derive(Clone)]
pub struct EntryNew {
    pub id: i64,
    pub case: CaseId,
    pub at: Timestamp,
    pub author: Author,
    pub staff: Option<StaffId>,
    /// `text`, `page` (a page of the content, by its id), `attachment`, `location`, `mark`.
    pub kind: &'static str,
    pub key_id: i32,
    /// Sealed for this case.
    pub sealed: Option<Vec<u8>>,
    /// The message that brings it to the person.
    pub outbox: Option<OutboxId>,
    pub attachment: Option<AttachmentId>,
    /// The channel takes no message of ours until the person writes: it goes then.
    pub held: bool,
}

/// Something said, as it is kept, with what became of its message.
#[derive(Clone, PartialEq, Eq)]
pub struct EntryRow {
    pub id: i64,
    pub at: Timestamp,
    pub author: Author,
    pub staff: Option<StaffId>,
    pub kind: String,
    pub key_id: i32,
    pub sealed: Option<Vec<u8>>,
    pub outbox: Option<OutboxId>,
    pub attachment: Option<AttachmentId>,
    /// It waits for the person's next word.
    pub held: bool,
    /// State of the outbox row; none without one, or when its days are over.
    pub delivery: Option<String>,
    /// It may have been sent twice.
    pub uncertain: bool,
    /// The code of a failure, or of what holds it back.
    pub error: Option<String>,
    pub attempts: i32,
}

opaque_debug!(EntryNew.id, EntryRow.id);

#[derive(sqlx::FromRow)]
struct Raw {
    id: i64,
    at: Timestamp,
    author: String,
    staff_id: Option<StaffId>,
    kind: String,
    key_id: i32,
    sealed: Option<Vec<u8>>,
    outbox_id: Option<OutboxId>,
    attachment_id: Option<AttachmentId>,
    held: bool,
    delivery: Option<String>,
    uncertain: Option<bool>,
    error: Option<String>,
    attempts: Option<i32>,
}

/// Adds entries; of the case's row nothing changes.
pub async fn append(tx: &mut Tx, entries: &[EntryNew]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = APPEND| {
        for piece in pieces(entries) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for new in piece {
                query = query.bind(new.id).bind(new.case).bind(new.at).bind(new.author.as_str()).bind(new.staff);
                query = query.bind(new.kind).bind(new.key_id).bind(new.sealed.as_deref());
                query = query.bind(new.outbox).bind(new.attachment).bind(new.held);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// A case's entries after `after`, in order, with what became of their messages: one query.
pub async fn entries(tx: &mut Tx, case: CaseId, after: i64, limit: u32) -> Result<Vec<EntryRow>, StoreError> {
    let raws: Vec<Raw> = on!(tx, |conn, sql = ENTRIES| {
        let query = sqlx::query_as(sql).bind(case).bind(after).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("case_entries"))?
    });
    raws.into_iter().map(EntryRow::try_from).collect()
}

/// Those that come right before an entry, in order; before `i64::MAX`: the newest.
pub async fn newest_entries(
    tx: &mut Tx,
    case: CaseId,
    before: i64,
    limit: u32,
) -> Result<Vec<EntryRow>, StoreError> {
    let raws: Vec<Raw> = on!(tx, |conn, sql = NEWEST| {
        let query = sqlx::query_as(sql).bind(case).bind(before).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("case_entries"))?
    });
    raws.into_iter().rev().map(EntryRow::try_from).collect()
}

/// What staff said last, to tell a form that comes twice.
#[derive(sqlx::FromRow)]
pub struct Said {
    pub id: i64,
    #[sqlx(rename = "staff_id")]
    pub staff: Option<StaffId>,
    pub kind: String,
    pub sealed: Option<Vec<u8>>,
    #[sqlx(rename = "attachment_id")]
    pub attachment: Option<AttachmentId>,
    pub held: bool,
}

opaque_debug!(Said.id);

/// The last entries of staff for the person, the newest first.
pub async fn last_of_staff(tx: &mut Tx, case: CaseId, limit: u32) -> Result<Vec<Said>, StoreError> {
    on!(tx, |conn, sql = LAST_OF_STAFF| {
        sqlx::query_as(sql).bind(case).bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("case_entries"))
    })
}

impl TryFrom<Raw> for EntryRow {
    type Error = StoreError;

    fn try_from(raw: Raw) -> Result<Self, StoreError> {
        Ok(EntryRow {
            id: raw.id,
            at: raw.at,
            author: Author::parse(&raw.author)
                .ok_or_else(|| StoreError::inconsistent("case_entries", "author", raw.id))?,
            staff: raw.staff_id,
            kind: raw.kind,
            key_id: raw.key_id,
            sealed: raw.sealed,
            outbox: raw.outbox_id,
            attachment: raw.attachment_id,
            held: raw.held,
            delivery: raw.delivery,
            uncertain: raw.uncertain.unwrap_or(false),
            error: raw.error,
            attempts: raw.attempts.unwrap_or(0),
        })
    }
}

/// An entry that may go now: its id, its case, whose it is.
pub type MayGo = (i64, CaseId, ContactId);

/// Entries that waited for their persons, who have written since then.
pub async fn held(tx: &mut Tx, inbound_since: Timestamp, limit: u32) -> Result<Vec<MayGo>, StoreError> {
    on!(tx, |conn, sql = HELD| {
        let query = sqlx::query_as(sql).bind(inbound_since).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("case_entries"))
    })
}

/// How many entries of a case wait for the person.
pub async fn count_held(tx: &mut Tx, case: CaseId) -> Result<u64, StoreError> {
    let rows: i64 = on!(tx, |conn, sql = HELD_OF| sqlx::query_scalar(sql).bind(case).fetch_one(conn).await?);
    Ok(crate::store::types::count(rows))
}

/// A held entry goes with this message; false if it went already.
pub async fn send_held(tx: &mut Tx, entry: i64, outbox: OutboxId) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = SEND_HELD| {
        Ok(sqlx::query(sql).bind(entry).bind(outbox).execute(conn).await?.rows_affected() == 1)
    })
}

/// Kind and sealed text of an entry, who wrote it, and its file.
pub type EntryText = (String, i32, Option<Vec<u8>>, Option<StaffId>, Option<AttachmentId>);

pub async fn entry(tx: &mut Tx, case: CaseId, id: i64) -> Result<Option<EntryText>, StoreError> {
    on!(tx, |conn, sql = FIND_ENTRY| {
        sqlx::query_as(sql).bind(id).bind(case).fetch_optional(conn).await.map_err(reading("case_entries"))
    })
}

/// A person's word in a case, and when.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    pub case: CaseId,
    pub at: Timestamp,
}

/// The persons said something: they are owed an answer, since the first word that had none.
pub async fn hear(tx: &mut Tx, heard: &[Heard]) -> Result<(), StoreError> {
    for Heard { case, at } in heard {
        on!(&mut *tx, |conn, sql = HEAR| {
            sqlx::query(sql).bind(*case).bind(*at).execute(conn).await?;
        });
    }
    Ok(())
}

/// The consultant who has the case says something; false if they do not have it. `goes`: the person gets it now.
pub async fn say(
    tx: &mut Tx,
    case: CaseId,
    holder: StaffId,
    at: Timestamp,
    goes: bool,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = SAY| {
        let query = sqlx::query(sql).bind(case).bind(at).bind(holder).bind(goes.then_some(at));
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// Words that waited for the person went to them.
pub async fn answered(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ANSWERED| {
        sqlx::query(sql).bind(case).bind(at).execute(conn).await?;
    });
    Ok(())
}

/// A text under way.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Draft {
    pub key_id: i32,
    pub sealed: Vec<u8>,
    pub at: Timestamp,
}

opaque_debug!(Draft.at);

/// Keeps what a consultant has begun to write.
pub async fn put_draft(tx: &mut Tx, case: CaseId, staff: StaffId, draft: &Draft) -> Result<(), StoreError> {
    on!(tx, |conn, sql = PUT_DRAFT| {
        let query = sqlx::query(sql).bind(case).bind(staff).bind(draft.key_id);
        query.bind(draft.sealed.as_slice()).bind(draft.at).execute(conn).await?;
    });
    Ok(())
}

pub async fn draft(tx: &mut Tx, case: CaseId, staff: StaffId) -> Result<Option<Draft>, StoreError> {
    on!(tx, |conn, sql = DRAFT| {
        sqlx::query_as(sql).bind(case).bind(staff).fetch_optional(conn).await.map_err(reading("case_drafts"))
    })
}

pub async fn drop_draft(tx: &mut Tx, case: CaseId, staff: StaffId) -> Result<(), StoreError> {
    on!(tx, |conn, sql = DROP_DRAFT| {
        sqlx::query(sql).bind(case).bind(staff).execute(conn).await?;
    });
    Ok(())
}
