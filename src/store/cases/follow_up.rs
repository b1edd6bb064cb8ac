//! Days on which somebody wants to look at a closed case again.

use crate::{
    domain::{CaseId, StaffId, Timestamp},
    store::{StoreError, Tx, error::reading, types::opaque_debug},
};

use super::list::Ended;

statements! {
    // Who set the day; of what an older version closed, who had the case.
    FOLLOW_UPS = "select id, urgent, topic, locale, country, channel, holder, coalesce(follow_up_by, holder) as by_staff,
            follow_up_at, closed_at, version
        from cases where follow_up_at is not null
            and (cast($1 as bigint) is null or coalesce(follow_up_by, holder) = $1)
            and (follow_up_at > $2 or (follow_up_at = $2 and id > $3))
        order by follow_up_at, id limit $4";
    FOLLOW_UP_DAYS = "select coalesce(follow_up_by, holder), follow_up_at from cases
        where follow_up_at is not null and follow_up_at <= $1 order by follow_up_at limit $2";
    SET_FOLLOW_UP = "update cases set follow_up_at = $2, follow_up_told_at = null, version = version + 1
        where id = $1 and state = 'closed' and follow_up_at is not null and version = $3";
    UNTOLD = "select id from cases where follow_up_at is not null and follow_up_at <= $1
            and coalesce(follow_up_by, holder) = $2 and (follow_up_told_at is null or follow_up_told_at < $3)
        order by id limit $4";
    TOLD = "update cases set follow_up_told_at = $2
        where id = $1 and follow_up_at is not null and (follow_up_told_at is null or follow_up_told_at < $3)";
}

/// Days that are counted for the navigation at most: far more than anybody follows up.
const DAYS_MAX: i64 = 10_000;
/// Cases that one reminder is of at most.
const TOLD_MAX: i64 = 500;

/// A closed case that is to be looked at again.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FollowUp {
    pub id: CaseId,
    pub urgent: bool,
    pub topic: Option<String>,
    pub locale: String,
    pub country: String,
    pub channel: String,
    /// Who had the case.
    pub holder: Option<StaffId>,
    /// Whose follow-up it is.
    #[sqlx(rename = "by_staff")]
    pub by: Option<StaffId>,
    /// The morning of the day.
    #[sqlx(rename = "follow_up_at")]
    pub at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub version: i64,
}

opaque_debug!(FollowUp.id);

/// Follow-ups of somebody, or of all, the earliest day first; `after` is the last one of the page before.
pub async fn follow_ups(
    tx: &mut Tx,
    of: Option<StaffId>,
    after: Ended,
    limit: u32,
) -> Result<Vec<FollowUp>, StoreError> {
    on!(tx, |conn, sql = FOLLOW_UPS| {
        let query = sqlx::query_as(sql).bind(of).bind(after.at).bind(after.id).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("cases"))
    })
}

/// Whose follow-ups fall on days up to then: one row each, at most 10,000.
pub async fn follow_up_days(
    tx: &mut Tx,
    until: Timestamp,
) -> Result<Vec<(Option<StaffId>, Timestamp)>, StoreError> {
    on!(tx, |conn, sql = FOLLOW_UP_DAYS| {
        let query = sqlx::query_as(sql).bind(until).bind(DAYS_MAX);
        query.fetch_all(conn).await.map_err(reading("cases"))
    })
}

/// Sets another day, or none, of a closed case that has one; false if it changed meanwhile.
pub async fn set_follow_up(
    tx: &mut Tx,
    case: CaseId,
    version: i64,
    day: Option<Timestamp>,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = SET_FOLLOW_UP| {
        let query = sqlx::query(sql).bind(case).bind(day).bind(version);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// Somebody's follow-ups of days up to `until` that they were not reminded of since `since`, in the order of their ids.
pub async fn untold_follow_ups(
    tx: &mut Tx,
    until: Timestamp,
    of: StaffId,
    since: Timestamp,
) -> Result<Vec<CaseId>, StoreError> {
    on!(tx, |conn, sql = UNTOLD| {
        let query = sqlx::query_scalar(sql).bind(until).bind(of).bind(since).bind(TOLD_MAX);
        Ok(query.fetch_all(conn).await?)
    })
}

/// Notes that a reminder was given; false if it was already since `since`. Of two instances one gives it.
pub async fn tell_follow_up(
    tx: &mut Tx,
    case: CaseId,
    at: Timestamp,
    since: Timestamp,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = TOLD| {
        let query = sqlx::query(sql).bind(case).bind(at).bind(since);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}
