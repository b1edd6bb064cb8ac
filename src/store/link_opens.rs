//! How often a leaflet's page was opened: a number by day and code, and nothing of who opened it.

use std::ops::RangeInclusive;

use super::{StoreError, Tx, error::reading};
use crate::domain::Day;

statements! {
    ADD = "insert into link_opens (code, day, opens) values ($1, $2, $3)
        on conflict (code, day) do update set opens = link_opens.opens + excluded.opens";
    READ = "select code, day, opens from link_opens where day >= $1 and day <= $2 order by day, code";
}

/// Opens of a code's page on a day of the programme's zone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct LinkOpens {
    /// Empty: without a code, or with one that was unknown or over.
    pub code: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    pub opens: i64,
}

/// Adds what was counted since the last call.
pub async fn add(tx: &mut Tx, rows: &[LinkOpens]) -> Result<(), StoreError> {
    for row in rows {
        on!(tx, |conn, sql = ADD| {
            let query = sqlx::query(sql).bind(row.code.as_str()).bind(row.day.as_str());
            query.bind(row.opens).execute(conn).await?;
        });
    }
    Ok(())
}

/// Opens by day and code of a period, both ends included: the first step of the campaign funnel.
pub async fn link_opens(tx: &mut Tx, period: &RangeInclusive<Day>) -> Result<Vec<LinkOpens>, StoreError> {
    let (first, last) = (period.start().to_string(), period.end().to_string());
    on!(tx, |conn, sql = READ| {
        let query = sqlx::query_as(sql).bind(first.as_str()).bind(last.as_str());
        query.fetch_all(conn).await.map_err(reading("link_opens"))
    })
}
