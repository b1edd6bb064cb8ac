//! How often a leaflet's page was opened: a number by day and code, and nothing of who opened it.

use std::ops::RangeInclusive;

use super::{StoreError, Tx, error::reading, types};
use crate::domain::Day;

statements! {
    ADD = "insert into link_opens (code, day, opens) values ($1, $2, $3)
        on conflict (code, day) do update set opens = link_opens.opens + excluded.opens";
    SUM = "select cast(sum(opens) as bigint) from link_opens
        where day >= $1 and day <= $2 and (cast($3 as text) is null or code = $3)";
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

/// How often links were opened in the months from `first` to `last` (`2026-03`), `code`: those of one campaign. `None`:
/// no opening is recorded there.
pub async fn in_months(
    tx: &mut Tx,
    first: &str,
    last: &str,
    code: Option<&str>,
) -> Result<Option<u64>, StoreError> {
    let (first, last) = (format!("{first}-01"), format!("{last}-31"));
    let sum: Option<i64> = on!(tx, |conn, sql = SUM| {
        sqlx::query_scalar(sql).bind(first).bind(last).bind(code).fetch_one(conn).await?
    });
    Ok(sum.map(types::count))
}
