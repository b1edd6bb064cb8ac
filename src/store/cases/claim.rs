//! Who has a case. Each step names the state that it leaves, so of several at once one succeeds.

use crate::{
    domain::{CaseId, StaffId, Timestamp},
    store::{StoreError, Tx, error::reading},
};

use super::{CaseState, state};

statements! {
    // The row is locked until the end: whoever comes to the same consultant at the same time counts afterwards.
    HOLD = "insert into case_holders (staff_id, changes) values ($1, 1)
        on conflict (staff_id) do update set changes = case_holders.changes + 1";
    OPEN_OF = "select cast(count(*) as bigint) from cases where holder = $1 and state = 'claimed'";
    // What waits, and what was given to somebody who did not look although the alarm was raised.
    CLAIM = "update cases set state = 'claimed', past_holder = coalesce(holder, past_holder), holder = $2, claimed_at = $3,
            held_since = $3, given_at = null, seen_at = null, warned_at = null, version = version + 1
        where id = $1 and (state = 'waiting' or (state = 'claimed' and urgent and alarmed_at is not null and holder <> $2
            and given_at = held_since and (seen_at is null or seen_at < given_at)))";
    WHO = "select state, holder, coalesce(held_since, claimed_at) from cases where id = $1";
    RELEASE = "update cases set state = 'waiting', past_holder = holder, holder = null, claimed_at = null,
            held_since = null, given_at = null, seen_at = null, waiting_since = $3, warned_at = null, alarmed_at = null, skill = $4, version = version + 1
        where id = $1 and state = 'claimed' and holder = $2";
    GIVE = "update cases set state = 'claimed', past_holder = holder, holder = $2, claimed_at = coalesce(claimed_at, $3),
            held_since = $3, given_at = $5, seen_at = null, warned_at = null, alarmed_at = null, skill = null,
            version = version + 1
        where id = $1 and state in ('waiting', 'claimed') and version = $4";
    SEE = "update cases set seen_at = $3
        where id = $1 and holder = $2 and state = 'claimed' and (seen_at is null or seen_at < $3)";
}

/// What became of a try to claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Won,
    /// It does not wait any more: where it stands, who has it and since when.
    Lost(Claimed),
    /// The consultant has as many as they may.
    Full {
        open: u64,
    },
    /// There is no such case.
    Unknown,
}

/// Who has a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    pub state: CaseState,
    pub holder: Option<StaffId>,
    pub at: Option<Timestamp>,
}

/// What became of a try to give a case to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    Done,
    /// It changed meanwhile, or is closed.
    Stale,
    Full {
        open: u64,
    },
}

/// Takes a waiting case, or an urgent one whose holder did not look in spite of the alarm; `max` is how many the consultant may have open.
pub async fn claim(
    tx: &mut Tx,
    case: CaseId,
    staff: StaffId,
    max: u64,
    at: Timestamp,
) -> Result<Claim, StoreError> {
    let open = hold(tx, staff).await?;
    if open >= max {
        return Ok(match who(tx, case).await? {
            None => Claim::Unknown,
            Some(who) if who.state != CaseState::Waiting => Claim::Lost(who),
            Some(_) => Claim::Full { open },
        });
    }
    let won = on!(&mut *tx, |conn, sql = CLAIM| {
        sqlx::query(sql).bind(case).bind(staff).bind(at).execute(conn).await?.rows_affected() == 1
    });
    if won {
        return Ok(Claim::Won);
    }
    Ok(who(tx, case).await?.map_or(Claim::Unknown, Claim::Lost))
}

/// Gives an open case to somebody, whoever has it now: a transfer or a supervisor's word. `by` somebody else: they have
/// not seen it until they look. An alarm that was given before counts no more.
pub async fn give(
    tx: &mut Tx,
    case: CaseId,
    version: i64,
    by: StaffId,
    to: StaffId,
    max: u64,
    at: Timestamp,
) -> Result<Moved, StoreError> {
    let open = hold(tx, to).await?;
    if open >= max {
        return Ok(Moved::Full { open });
    }
    let done = on!(tx, |conn, sql = GIVE| {
        let query = sqlx::query(sql).bind(case).bind(to).bind(at).bind(version);
        let query = query.bind((by != to).then_some(at));
        query.execute(conn).await?.rows_affected() == 1
    });
    Ok(if done { Moved::Done } else { Moved::Stale })
}

/// Puts a case of this consultant back to the queue, for anybody or for a skill; false if they do not have it. It waits
/// since `since`; an alarm that was given before counts no more.
pub async fn release(
    tx: &mut Tx,
    case: CaseId,
    holder: StaffId,
    since: Timestamp,
    skill: Option<&str>,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = RELEASE| {
        let query = sqlx::query(sql).bind(case).bind(holder).bind(since).bind(skill);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// The holder has seen what happened to the case up to then; false if that is known, or they have it no more.
pub async fn see(tx: &mut Tx, case: CaseId, holder: StaffId, until: Timestamp) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = SEE| {
        let query = sqlx::query(sql).bind(case).bind(holder).bind(until);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// Locks the consultant's row and counts what they have open.
async fn hold(tx: &mut Tx, staff: StaffId) -> Result<u64, StoreError> {
    on!(&mut *tx, |conn, sql = HOLD| {
        sqlx::query(sql).bind(staff).execute(conn).await?;
    });
    let open: i64 = on!(tx, |conn, sql = OPEN_OF| sqlx::query_scalar(sql).bind(staff).fetch_one(conn).await?);
    Ok(crate::store::types::count(open))
}

async fn who(tx: &mut Tx, case: CaseId) -> Result<Option<Claimed>, StoreError> {
    let row: Option<(String, Option<StaffId>, Option<Timestamp>)> = on!(tx, |conn, sql = WHO| {
        sqlx::query_as(sql).bind(case).fetch_optional(conn).await.map_err(reading("cases"))?
    });
    row.map(|(word, holder, at)| Ok(Claimed { state: state(case, &word)?, holder, at })).transpose()
}
