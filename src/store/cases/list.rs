//! Lists and figures: each page is one query.

use crate::{
    domain::{CaseId, ContactId, StaffId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        types::{self, opaque_debug},
    },
};

use super::{CaseState, state};

statements! {
    // Two texts, so that each finds its partial index whatever the database knows of its binds.
    LIST_WAITING = "select id, contact_id, channel, state, urgent, topic, node, locale, country, skill, holder, past_holder,
            opened_at, waiting_since, coalesce(held_since, claimed_at) as claimed_at, contact_at, staff_at, owed_since,
            warned_at, closed_at, reopened,
            rating, outcome, follow_up_at, given_at, seen_at
        from cases
        where state = 'waiting' and (cast($1 as text) is null or locale = $1) and (cast($2 as text) is null or country = $2)
            and (cast($3 as text) is null or topic = $3) and (cast($4 as bigint) is null or holder = $4)
            and (cast($9 as text) is null or replace(cast($9 as text), ',' || skill || ',', '') <> cast($9 as text))
            and (urgent < $5 or (urgent = $5 and (waiting_since > $6 or (waiting_since = $6 and id > $7))))
        order by urgent desc, waiting_since, id limit $8";
    LIST_CLAIMED = "select id, contact_id, channel, state, urgent, topic, node, locale, country, skill, holder, past_holder,
            opened_at, waiting_since, coalesce(held_since, claimed_at) as claimed_at, contact_at, staff_at, owed_since,
            warned_at, closed_at, reopened,
            rating, outcome, follow_up_at, given_at, seen_at
        from cases
        where state = 'claimed' and (cast($1 as text) is null or locale = $1) and (cast($2 as text) is null or country = $2)
            and (cast($3 as text) is null or topic = $3) and (cast($4 as bigint) is null or holder = $4)
            and (cast($9 as text) is null or replace(cast($9 as text), ',' || skill || ',', '') <> cast($9 as text))
            and (urgent < $5 or (urgent = $5 and (waiting_since > $6 or (waiting_since = $6 and id > $7))))
        order by urgent desc, waiting_since, id limit $8";
    RECENT = "select id, contact_id, channel, state, urgent, topic, node, locale, country, skill, holder, past_holder,
            opened_at, waiting_since, coalesce(held_since, claimed_at) as claimed_at, contact_at, staff_at, owed_since,
            warned_at, closed_at, reopened,
            rating, outcome, follow_up_at, given_at, seen_at
        from cases
        where closed_at is not null and (cast($1 as bigint) is null or holder = $1)
            and (closed_at < $2 or (closed_at = $2 and id < $3))
        order by closed_at desc, id desc limit $4";
    // Urgent cases whose holders got them by somebody else's hand and have not looked, after the alarm.
    UNSEEN = "select id, contact_id, channel, state, urgent, topic, node, locale, country, skill, holder, past_holder,
            opened_at, waiting_since, coalesce(held_since, claimed_at) as claimed_at, contact_at, staff_at, owed_since,
            warned_at, closed_at, reopened,
            rating, outcome, follow_up_at, given_at, seen_at
        from cases
        where state = 'claimed' and urgent and alarmed_at is not null and given_at = held_since
            and (seen_at is null or seen_at < given_at)
        order by waiting_since, id limit $1";
    // Each half reads its partial index only.
    COUNTS = "select 'waiting' as state, urgent, cast(count(*) as bigint), min(waiting_since) from cases
            where state = 'waiting' group by urgent
        union all select 'claimed', urgent, cast(count(*) as bigint), min(waiting_since) from cases
            where state = 'claimed' group by urgent";
    TOPICS = "select distinct topic from cases where state = 'waiting' and topic is not null";
    PLACE = "select cast(count(*) as bigint) from cases c, cases mine where mine.id = $1 and c.state = 'waiting'
        and (c.urgent > mine.urgent or (c.urgent = mine.urgent and (c.waiting_since < mine.waiting_since
            or (c.waiting_since = mine.waiting_since and c.id <= mine.id))))";
    // What staff entered never waited.
    WAITS = "select claimed_at, claimed_at - waiting_since, urgent from cases
        where claimed_at >= $1 and channel in ('tg', 'wa', 'web') order by claimed_at desc limit $2";
    HOLDERS = "select holder, cast(count(*) as bigint) from cases where state = 'claimed' and holder is not null
        group by holder";
    FIGURES = "select urgent, channel in ('tg', 'wa', 'web') as queued, state, opened_at,
            reopened_at, first_answer_at, round_answer_at, closed_at, reopened, rating, outcome from cases
        where opened_at >= $1 and opened_at < $2 order by opened_at desc limit $3";
}

/// Most claims that an expected wait is made of.
const WAITS_MAX: i64 = 2_000;
/// Most cases that figures of a time are made of.
const FIGURES_MAX: i64 = 100_000;

/// Which of the open cases a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    Waiting,
    Claimed,
}

/// What of a list is wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub locale: Option<String>,
    pub country: Option<String>,
    pub topic: Option<String>,
    pub holder: Option<StaffId>,
    /// Handed on to whoever knows one of these; none named: all cases.
    pub skills: Vec<String>,
}

impl Filter {
    /// The skills as one text in which each stands between commas: no skill has one in it.
    fn listed(&self) -> Option<String> {
        (!self.skills.is_empty()).then(|| format!(",{},", self.skills.join(",")))
    }
}

/// A case in a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Queued {
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
    pub holder: Option<StaffId>,
    pub past_holder: Option<StaffId>,
    pub opened_at: Timestamp,
    pub waiting_since: Timestamp,
    pub claimed_at: Option<Timestamp>,
    pub contact_at: Option<Timestamp>,
    pub staff_at: Option<Timestamp>,
    /// Since when the person waits for a word; none after an answer.
    pub owed_since: Option<Timestamp>,
    /// When its holder was warned of their silence.
    pub warned_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub reopened: i32,
    pub rating: Option<i16>,
    pub outcome: Option<String>,
    pub follow_up_at: Option<Timestamp>,
    /// When somebody else gave it to its holder.
    pub given_at: Option<Timestamp>,
    /// Up to when the holder has seen what happened to it.
    pub seen_at: Option<Timestamp>,
}

opaque_debug!(Queued.id);

impl Queued {
    /// Where the next page begins.
    pub const fn place(&self) -> Place {
        Place { urgent: self.urgent, since: self.waiting_since, id: self.id }
    }
}

/// A place in the queue: the list goes on after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub urgent: bool,
    pub since: Timestamp,
    pub id: CaseId,
}

impl Place {
    /// Before all.
    pub const START: Self = Self { urgent: true, since: Timestamp(i64::MIN), id: CaseId(i64::MIN) };
}

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
    opened_at: Timestamp,
    waiting_since: Timestamp,
    claimed_at: Option<Timestamp>,
    contact_at: Option<Timestamp>,
    staff_at: Option<Timestamp>,
    owed_since: Option<Timestamp>,
    warned_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    reopened: i32,
    rating: Option<i16>,
    outcome: Option<String>,
    follow_up_at: Option<Timestamp>,
    given_at: Option<Timestamp>,
    seen_at: Option<Timestamp>,
}

impl TryFrom<Raw> for Queued {
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
            opened_at: raw.opened_at,
            waiting_since: raw.waiting_since,
            claimed_at: raw.claimed_at,
            contact_at: raw.contact_at,
            staff_at: raw.staff_at,
            owed_since: raw.owed_since,
            warned_at: raw.warned_at,
            closed_at: raw.closed_at,
            reopened: raw.reopened,
            rating: raw.rating,
            outcome: raw.outcome,
            follow_up_at: raw.follow_up_at,
            given_at: raw.given_at,
            seen_at: raw.seen_at,
        })
    }
}

/// Open cases that wait, or that somebody has: urgent ones first, then those that wait longest. `after` is the last one
/// of the page before.
pub async fn list(
    tx: &mut Tx,
    which: Open,
    filter: &Filter,
    after: Place,
    limit: u32,
) -> Result<Vec<Queued>, StoreError> {
    let text = match which {
        Open::Waiting => LIST_WAITING,
        Open::Claimed => LIST_CLAIMED,
    };
    let skills = filter.listed();
    let raws: Vec<Raw> = on!(tx, |conn, sql = text| {
        let query = sqlx::query_as(sql).bind(filter.locale.as_deref()).bind(filter.country.as_deref());
        let query = query.bind(filter.topic.as_deref()).bind(filter.holder);
        let query = query.bind(after.urgent).bind(after.since).bind(after.id).bind(i64::from(limit));
        query.bind(skills.as_deref()).fetch_all(conn).await.map_err(reading("cases"))?
    });
    raws.into_iter().map(Queued::try_from).collect()
}

/// Urgent cases of which the alarm was raised because their holders, to whom somebody gave them, have not looked: those
/// that wait longest first.
pub async fn unseen(tx: &mut Tx, limit: u32) -> Result<Vec<Queued>, StoreError> {
    let raws: Vec<Raw> = on!(tx, |conn, sql = UNSEEN| {
        sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("cases"))?
    });
    raws.into_iter().map(Queued::try_from).collect()
}

/// A place among the cases that ended: the list goes on after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub at: Timestamp,
    pub id: CaseId,
}

impl Ended {
    /// Before all.
    pub const START: Self = Self { at: Timestamp(i64::MAX), id: CaseId(i64::MAX) };
}

/// Closed and erased cases of a consultant, or of all, those that ended last first; `before` is the last one of the page
/// before.
pub async fn recent(
    tx: &mut Tx,
    holder: Option<StaffId>,
    before: Ended,
    limit: u32,
) -> Result<Vec<Queued>, StoreError> {
    let raws: Vec<Raw> = on!(tx, |conn, sql = RECENT| {
        let query = sqlx::query_as(sql).bind(holder).bind(before.at).bind(before.id).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("cases"))?
    });
    raws.into_iter().map(Queued::try_from).collect()
}

/// How many stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub waiting: u64,
    pub waiting_urgent: u64,
    pub claimed: u64,
    pub claimed_urgent: u64,
    /// Since when the one that waits longest waits.
    pub oldest: Option<Timestamp>,
    /// The same by urgency: of those that do not come first, and of those that do.
    pub heads: [Option<Timestamp>; 2],
}

pub async fn snapshot(tx: &mut Tx) -> Result<Tally, StoreError> {
    let rows: Vec<(String, bool, i64, Timestamp)> = on!(tx, |conn, sql = COUNTS| {
        sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("cases"))?
    });
    let mut tally = Tally::default();
    for (word, urgent, number, since) in rows {
        let number = types::count(number);
        if word == CaseState::Waiting.as_str() {
            tally.waiting += number;
            tally.waiting_urgent += if urgent { number } else { 0 };
            if let Some(head) = tally.heads.get_mut(usize::from(urgent)) {
                *head = Some(since);
            }
            tally.oldest = Some(tally.oldest.map_or(since, |oldest| oldest.min(since)));
        } else {
            tally.claimed += number;
            tally.claimed_urgent += if urgent { number } else { 0 };
        }
    }
    Ok(tally)
}

/// Topics of the cases that wait.
pub async fn topics(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    on!(tx, |conn, sql = TOPICS| Ok(sqlx::query_scalar(sql).fetch_all(conn).await?))
}

/// The case's place among those that wait, from 1; 0 for one that is gone.
pub async fn place(tx: &mut Tx, case: CaseId) -> Result<u64, StoreError> {
    let ahead: i64 = on!(tx, |conn, sql = PLACE| sqlx::query_scalar(sql).bind(case).fetch_one(conn).await?);
    Ok(types::count(ahead))
}

/// When a case was claimed, and how long it had waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub claimed_at: Timestamp,
    pub ms: i64,
    pub urgent: bool,
}

/// The waits of what was claimed since then, the newest first, at most 2,000.
pub async fn waits(tx: &mut Tx, since: Timestamp) -> Result<Vec<Wait>, StoreError> {
    let rows: Vec<(Timestamp, i64, bool)> = on!(tx, |conn, sql = WAITS| {
        let query = sqlx::query_as(sql).bind(since).bind(WAITS_MAX);
        query.fetch_all(conn).await.map_err(reading("cases"))?
    });
    Ok(rows.into_iter().map(|(claimed_at, ms, urgent)| Wait { claimed_at, ms, urgent }).collect())
}

/// How many cases each consultant has open.
pub async fn holders(tx: &mut Tx) -> Result<Vec<(StaffId, u64)>, StoreError> {
    let rows: Vec<(StaffId, i64)> = on!(tx, |conn, sql = HOLDERS| {
        sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("cases"))?
    });
    Ok(rows.into_iter().map(|(holder, number)| (holder, types::count(number))).collect())
}

/// What the supervisor's figures are made of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Figure {
    pub urgent: bool,
    /// It came through the queue, not from the centre's register.
    pub queued: bool,
    pub state: String,
    pub opened_at: Timestamp,
    /// When it was opened again, last.
    pub reopened_at: Option<Timestamp>,
    pub first_answer_at: Option<Timestamp>,
    /// The same since it was opened again; of one that never was, the same.
    pub round_answer_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub reopened: i32,
    pub rating: Option<i16>,
    pub outcome: Option<String>,
}

/// Cases opened in a time, at most 100,000.
pub async fn figures(tx: &mut Tx, from: Timestamp, until: Timestamp) -> Result<Vec<Figure>, StoreError> {
    on!(tx, |conn, sql = FIGURES| {
        let query = sqlx::query_as(sql).bind(from).bind(until).bind(FIGURES_MAX);
        query.fetch_all(conn).await.map_err(reading("cases"))
    })
}
