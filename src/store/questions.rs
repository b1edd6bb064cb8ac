//! Questions that were not answered well: masked, sealed, linked to nobody.

use super::{PURGE_MAX, StoreError, Tx, error::reading, types::opaque_debug};
use crate::domain::Timestamp;

statements! {
    ADD = "insert into questions (id, day, locale, why, nearest, key_id, sealed) values ($1, $2, $3, $4, $5, $6, $7)";
    LIST = "select id, day, locale, why, nearest, key_id, sealed from questions where day >= $1 order by id desc limit $2";
    COUNT = "select why, nearest, count(*) as questions from questions where day >= $1 and day < $2
        group by why, nearest";
    PURGE = "delete from questions where id in (select id from questions where day < $1 order by id limit $2)";
}

/// A question as it is kept.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct QuestionRow {
    pub id: i64,
    /// Start of the day, UTC: the instant would tell more than is needed.
    pub day: Timestamp,
    pub locale: Option<String>,
    /// `not-found` or `ignored`.
    pub why: String,
    /// The nearest page.
    pub nearest: Option<String>,
    pub key_id: i32,
    /// The masked text.
    pub sealed: Vec<u8>,
}

opaque_debug!(QuestionRow.id);

/// Keeps questions.
pub async fn add(tx: &mut Tx, rows: &[QuestionRow]) -> Result<(), StoreError> {
    for row in rows {
        on!(tx, |conn, sql = ADD| {
            let query = sqlx::query(sql).bind(row.id).bind(row.day).bind(row.locale.as_deref());
            let query = query.bind(row.why.as_str()).bind(row.nearest.as_deref()).bind(row.key_id);
            query.bind(row.sealed.as_slice()).execute(conn).await?;
        });
    }
    Ok(())
}

/// Those of the days from `since` on, the newest first.
pub async fn list(tx: &mut Tx, since: Timestamp, limit: u32) -> Result<Vec<QuestionRow>, StoreError> {
    on!(tx, |conn, sql = LIST| {
        let query = sqlx::query_as(sql).bind(since).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("questions"))
    })
}

/// Questions of one kind whose nearest page is the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct QuestionCount {
    /// `not-found` or `ignored`.
    pub why: String,
    /// The nearest page; `None` where no page shared a word.
    pub nearest: Option<String>,
    pub questions: i64,
}

/// How many there are of the days from `since` on and before `until`, by reason and nearest page. However many: nothing
/// is opened.
pub async fn count(
    tx: &mut Tx,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<QuestionCount>, StoreError> {
    on!(tx, |conn, sql = COUNT| {
        let query = sqlx::query_as(sql).bind(since).bind(until);
        query.fetch_all(conn).await.map_err(reading("questions"))
    })
}

/// Deletes some of those of the days before; gives their number, 0 when all are gone.
pub async fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE| {
        let query = sqlx::query(sql).bind(before).bind(PURGE_MAX);
        Ok(query.execute(conn).await?.rows_affected())
    })
}
