//! Remarks of reviewers and editors, and reasons why a warning is let stand.

use crate::{
    domain::{ChangeSetId, RemarkId, StaffId, Timestamp},
    store::{StoreError, Tx, error::reading},
};

statements! {
    ADD = "insert into change_remarks (id, set_id, item, staff_id, at, text) values ($1, $2, $3, $4, $5, $6)";
    OF_SET = "select id, set_id, item, staff_id, at, text, settled_by, settled_at from change_remarks
        where set_id = $1 order by at, id";
    SETTLE = "update change_remarks set settled_by = $3, settled_at = $4
        where set_id = $1 and id = $2 and settled_at is null";
    REASON = "insert into change_reasons (set_id, finding, reason, staff_id, at) values ($1, $2, $3, $4, $5)
        on conflict (set_id, finding) do update set reason = excluded.reason, staff_id = excluded.staff_id,
            at = excluded.at";
    REASONS = "select set_id, finding, reason, staff_id, at from change_reasons where set_id = $1 order by finding";
}

/// A remark.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RemarkRow {
    pub id: RemarkId,
    pub set_id: ChangeSetId,
    /// Key of the item that is meant; empty: the set.
    pub item: String,
    pub staff_id: StaffId,
    pub at: Timestamp,
    pub text: String,
    pub settled_by: Option<StaffId>,
    pub settled_at: Option<Timestamp>,
}

/// Why a warning is let stand.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReasonRow {
    pub set_id: ChangeSetId,
    /// Hash of the warning.
    pub finding: String,
    pub reason: String,
    pub staff_id: StaffId,
    pub at: Timestamp,
}

pub async fn add(tx: &mut Tx, row: &RemarkRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        let query = sqlx::query(sql).bind(row.id).bind(row.set_id).bind(row.item.as_str());
        query.bind(row.staff_id).bind(row.at).bind(row.text.as_str()).execute(conn).await?;
    });
    Ok(())
}

/// All remarks of a set, the oldest first.
pub async fn of_set(tx: &mut Tx, set: ChangeSetId) -> Result<Vec<RemarkRow>, StoreError> {
    on!(tx, |conn, sql = OF_SET| {
        sqlx::query_as(sql).bind(set).fetch_all(conn).await.map_err(reading("change_remarks"))
    })
}

/// What the remark asked for was done; false if it was settled before, or is none of this set.
pub async fn settle(
    tx: &mut Tx,
    set: ChangeSetId,
    id: RemarkId,
    by: StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = SETTLE| {
        let query = sqlx::query(sql).bind(set).bind(id).bind(by).bind(now);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// Gives a reason, or another one.
pub async fn give_reason(tx: &mut Tx, row: &ReasonRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = REASON| {
        let query = sqlx::query(sql).bind(row.set_id).bind(row.finding.as_str()).bind(row.reason.as_str());
        query.bind(row.staff_id).bind(row.at).execute(conn).await?;
    });
    Ok(())
}

pub async fn reasons(tx: &mut Tx, set: ChangeSetId) -> Result<Vec<ReasonRow>, StoreError> {
    on!(tx, |conn, sql = REASONS| {
        sqlx::query_as(sql).bind(set).fetch_all(conn).await.map_err(reading("change_reasons"))
    })
}
