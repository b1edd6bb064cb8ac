//! What jobs look for: cases whose consultant is silent, urgent ones that nobody takes, those past their days.

use crate::{
    domain::{CaseId, ContactId, StaffId, Timestamp},
    store::{PURGE_MAX, StoreError, Tx, error::reading},
};

statements! {
    // What waited before the claim is not this consultant's silence.
    SILENT = "select id, contact_id, holder, urgent, warned_at, owed_since, waited from (
            select id, contact_id, holder, urgent, warned_at, owed_since,
                case when owed_since > coalesce(held_since, claimed_at) then owed_since
                    else coalesce(held_since, claimed_at) end as waited
            from cases where state = 'claimed' and contact_id is not null and owed_since is not null) as owed
        where waited <= $1 and (urgent or $2) order by urgent desc, waited limit $3";
    WARN = "update cases set warned_at = $2 where id = $1 and state = 'claimed' and warned_at is null";
    // Each half reads its partial index only.
    UNALARMED = "select id, holder from (
            select id, cast(null as bigint) as holder, waiting_since from cases
            where state = 'waiting' and urgent and waiting_since <= $1 and (alarmed_at is null or alarmed_at <= $2)
            union all select id, holder, waiting_since from cases
            where state = 'claimed' and urgent and given_at <= $1 and (alarmed_at is null or alarmed_at <= $2)
                and given_at = held_since and (seen_at is null or seen_at < given_at)) as due
        order by waiting_since, id limit $3";
    ALARM = "update cases set alarmed_at = $2
        where id = $1 and (alarmed_at is null or alarmed_at <= $3) and (state = 'waiting'
            or (state = 'claimed' and given_at = held_since and (seen_at is null or seen_at < given_at)))";
    PAST = "select id from cases where closed_at < $1 and sealed is not null order by closed_at limit $2";
    PURGE_ENTRIES = "delete from case_entries where case_id = $1";
    PURGE_FILES = "delete from attachments where case_id = $1";
    PURGE_DRAFTS = "delete from case_drafts where case_id = $1";
    PURGE = "update cases set sealed = null, contact_id = null, follow_up_at = null where id = $1";
}

/// A case whose consultant owes an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Silent {
    pub id: CaseId,
    #[sqlx(rename = "contact_id")]
    pub contact: Option<ContactId>,
    pub holder: StaffId,
    pub urgent: bool,
    pub warned_at: Option<Timestamp>,
    /// Since when the person waits for an answer.
    pub owed_since: Timestamp,
    /// Since when the holder has been silent: what was before they had the case is not theirs.
    pub waited: Timestamp,
}

/// Claimed cases whose persons have waited for an answer since before `since`: urgent ones, and with `all` the others
/// after them, the longest first.
pub async fn silent(tx: &mut Tx, since: Timestamp, all: bool, limit: u32) -> Result<Vec<Silent>, StoreError> {
    on!(tx, |conn, sql = SILENT| {
        let query = sqlx::query_as(sql).bind(since).bind(all).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("cases"))
    })
}

/// Notes that the holder was warned; false if they were already, or the case moved.
pub async fn warn(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = WARN| {
        Ok(sqlx::query(sql).bind(case).bind(at).execute(conn).await?.rows_affected() == 1)
    })
}

/// An urgent case to which nobody attends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Unheeded {
    pub id: CaseId,
    /// Who has it and has not looked; none: it waits in the queue.
    pub holder: Option<StaffId>,
}

/// Urgent cases that have waited since before `since`, or were given since before then to somebody who has not looked at
/// them, with no alarm yet, or one up to `again`.
pub async fn unalarmed(
    tx: &mut Tx,
    since: Timestamp,
    again: Timestamp,
    limit: u32,
) -> Result<Vec<Unheeded>, StoreError> {
    on!(tx, |conn, sql = UNALARMED| {
        let query = sqlx::query_as(sql).bind(since).bind(again).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("cases"))
    })
}

/// Notes that the alarm was given; false if it was already since `again`, or somebody took the case or looked at it. Of two instances
/// one gives it.
pub async fn alarm(tx: &mut Tx, case: CaseId, at: Timestamp, again: Timestamp) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = ALARM| {
        Ok(sqlx::query(sql).bind(case).bind(at).bind(again).execute(conn).await?.rows_affected() == 1)
    })
}

/// What was said in cases closed before then goes, with their link to a person; outcomes stay. At most 5,000 in a
/// call; gives their number.
pub async fn purge(tx: &mut Tx, closed_before: Timestamp) -> Result<u64, StoreError> {
    let past: Vec<CaseId> = on!(&mut *tx, |conn, sql = PAST| {
        sqlx::query_scalar(sql).bind(closed_before).bind(PURGE_MAX / 10).fetch_all(conn).await?
    });
    for case in &past {
        on!(&mut *tx, |conn, sql = PURGE_ENTRIES| {
            sqlx::query(sql).bind(*case).execute(conn).await?;
        });
        on!(&mut *tx, |conn, sql = PURGE_FILES| {
            sqlx::query(sql).bind(*case).execute(conn).await?;
        });
        on!(&mut *tx, |conn, sql = PURGE_DRAFTS| {
            sqlx::query(sql).bind(*case).execute(conn).await?;
        });
        on!(&mut *tx, |conn, sql = PURGE| {
            sqlx::query(sql).bind(*case).execute(conn).await?;
        });
    }
    Ok(past.len() as u64)
}
