//! Change sets.

use crate::{
    domain::{ChangeSetId, StaffId, Timestamp},
    store::{StoreError, Tx, error::reading},
};

statements! {
    ADD = "insert into change_sets (id, title, summary, state, made_by, made_at, version)
        values ($1, $2, $3, $4, $5, $6, 1)";
    GET = "select id, title, summary, state, made_by, made_at, sent_by, sent_at, decided_by, decided_at, publish_at,
            problem, publication_id, version
        from change_sets where id = $1";
    LOCK = "select id, title, summary, state, made_by, made_at, sent_by, sent_at, decided_by, decided_at, publish_at,
            problem, publication_id, version
        from change_sets where id = $1 for update",
        sqlite = "select id, title, summary, state, made_by, made_at, sent_by, sent_at, decided_by, decided_at,
            publish_at, problem, publication_id, version
        from change_sets where id = $1";
    PUT = "update change_sets set title = $2, summary = $3, state = $4, sent_by = $5, sent_at = $6, decided_by = $7,
            decided_at = $8, publish_at = $9, problem = $10, publication_id = $11, version = version + 1
        where id = $1";
    TOUCH = "update change_sets set version = version + 1 where id = $1";
    OPEN = "select id, title, summary, state, made_by, made_at, sent_by, sent_at, decided_by, decided_at, publish_at,
            problem, publication_id, version
        from change_sets where state in ('draft', 'review', 'approved') order by id desc";
    CLOSED = "select id, title, summary, state, made_by, made_at, sent_by, sent_at, decided_by, decided_at, publish_at,
            problem, publication_id, version
        from change_sets where state in ('published', 'withdrawn') order by id desc limit $1";
    DUE = "select id from change_sets where state = 'approved' and publish_at <= $1 order by publish_at, id";
}

/// A change set.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ChangeSetRow {
    pub id: ChangeSetId,
    pub title: String,
    pub summary: String,
    /// `draft`, `review`, `approved`, `published`, `withdrawn`.
    pub state: String,
    pub made_by: StaffId,
    pub made_at: Timestamp,
    pub sent_by: Option<StaffId>,
    pub sent_at: Option<Timestamp>,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<Timestamp>,
    /// Approved for this time.
    pub publish_at: Option<Timestamp>,
    /// Why it could not be published at its time.
    pub problem: Option<String>,
    pub publication_id: Option<i64>,
    pub version: i64,
}

/// A new set.
pub async fn add(tx: &mut Tx, row: &ChangeSetRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        let query = sqlx::query(sql).bind(row.id).bind(row.title.as_str()).bind(row.summary.as_str());
        query.bind(row.state.as_str()).bind(row.made_by).bind(row.made_at).execute(conn).await?;
    });
    Ok(())
}

pub async fn find(tx: &mut Tx, id: ChangeSetId) -> Result<Option<ChangeSetRow>, StoreError> {
    on!(tx, |conn, sql = GET| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("change_sets"))
    })
}

/// The set, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: ChangeSetId) -> Result<Option<ChangeSetRow>, StoreError> {
    on!(tx, |conn, sql = LOCK| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("change_sets"))
    })
}

/// Writes all of a locked set but who made it; its version grows.
pub async fn put(tx: &mut Tx, row: &ChangeSetRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = PUT| {
        let query = sqlx::query(sql).bind(row.id).bind(row.title.as_str()).bind(row.summary.as_str());
        let query = query.bind(row.state.as_str()).bind(row.sent_by).bind(row.sent_at);
        let query = query.bind(row.decided_by).bind(row.decided_at).bind(row.publish_at);
        query.bind(row.problem.as_deref()).bind(row.publication_id).execute(conn).await?;
    });
    Ok(())
}

/// Something in the set changed.
pub async fn touch(tx: &mut Tx, id: ChangeSetId) -> Result<(), StoreError> {
    on!(tx, |conn, sql = TOUCH| {
        sqlx::query(sql).bind(id).execute(conn).await?;
    });
    Ok(())
}

/// Sets on their way, the newest first.
pub async fn open(tx: &mut Tx) -> Result<Vec<ChangeSetRow>, StoreError> {
    on!(tx, |conn, sql = OPEN| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("change_sets")))
}

/// Published and withdrawn ones, the newest first.
pub async fn closed(tx: &mut Tx, limit: u32) -> Result<Vec<ChangeSetRow>, StoreError> {
    on!(tx, |conn, sql = CLOSED| {
        sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("change_sets"))
    })
}

/// Approved sets whose time has come.
pub async fn due(tx: &mut Tx, now: Timestamp) -> Result<Vec<ChangeSetId>, StoreError> {
    on!(tx, |conn, sql = DUE| Ok(sqlx::query_scalar(sql).bind(now).fetch_all(conn).await?))
}
