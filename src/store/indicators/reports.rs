//! Settings of the indicators, every version; figures as they were reported.

use crate::{
    domain::Timestamp,
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, pieces},
    },
};

statements! {
    PUT_SETTINGS = "insert into indicator_settings (hash, text, at) values ($1, $2, $3)
        on conflict (hash) do update set at = excluded.at";
    SETTINGS = "select hash, text, at from indicator_settings order by at desc, hash limit 1";
    HISTORY = "select hash, text, at from indicator_settings order by at, hash";
    PUT_REPORT = "insert into count_reports (id, period, as_of, settings, version, last_seq, chain)
        values ($1, $2, $3, $4, $5, $6, $7)";
    REPORT = "select id, period, as_of, settings, version, last_seq, chain from count_reports where period = $1";
    REPORTS = "select id, period, as_of, settings, version, last_seq, chain from count_reports order by as_of, period";
    PUT_CELL = "insert into count_report_cells
            (report_id, indicator, measure, dimension, value, persons, erased, tally)
        values /*each*/($1, $2, $3, $4, $5, $6, $7, $8)/*end*/";
    CELLS = "select indicator, measure, dimension, value, persons, erased, tally from count_report_cells
        where report_id = $1 order by indicator, measure, dimension, value";
    PUT_RESTATED = "insert into count_restatements (report_id, period, indicator, dimension, value, n)
        values /*each*/($1, $2, $3, $4, $5, $6)/*end*/";
    RESTATED = "select period, indicator, dimension, value, n from count_restatements
        where report_id = $1 order by period, indicator, dimension, value";
}

/// A version of `indicators.toml`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SettingsRow {
    /// SHA-256 of the text, in hex.
    pub hash: String,
    pub text: String,
    /// When it was put in force, the last time.
    pub at: Timestamp,
}

/// A frozen report.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReportRow {
    pub id: i64,
    /// `2026-Q1`, `2026-03`.
    pub period: String,
    pub as_of: Timestamp,
    /// Hash of the settings.
    pub settings: String,
    /// Of the program.
    pub version: String,
    /// The highest number of an event at that moment.
    pub last_seq: i64,
    /// Head of the chain over the record at that moment; `None`: an older program froze it.
    pub chain: Option<String>,
}

/// A cell of a frozen report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct ReportCell {
    pub indicator: String,
    pub measure: String,
    pub dimension: String,
    pub value: String,
    pub persons: i64,
    pub erased: i64,
    pub tally: i64,
}

/// By how much a cell of `new` of an earlier period had changed since that was frozen, when a report was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct RestatedRow {
    pub period: String,
    pub indicator: String,
    pub dimension: String,
    pub value: String,
    pub n: i64,
}

/// Puts a version in force.
pub async fn put_settings(tx: &mut Tx, settings: &SettingsRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = PUT_SETTINGS| {
        let query = sqlx::query(sql).bind(settings.hash.as_str()).bind(settings.text.as_str());
        query.bind(settings.at).execute(conn).await?;
    });
    Ok(())
}

/// The version in force; `None`: none was ever stored.
pub async fn settings(tx: &mut Tx) -> Result<Option<SettingsRow>, StoreError> {
    on!(tx, |conn, sql = SETTINGS| {
        sqlx::query_as(sql).fetch_optional(conn).await.map_err(reading("indicator_settings"))
    })
}

/// All versions, the oldest first.
pub async fn history(tx: &mut Tx) -> Result<Vec<SettingsRow>, StoreError> {
    on!(tx, |conn, sql = HISTORY| {
        sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("indicator_settings"))
    })
}

/// Keeps a report for ever. [`StoreError::Conflict`]: its period was frozen before.
pub async fn freeze(tx: &mut Tx, report: &ReportRow, cells: &[ReportCell]) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = PUT_REPORT| {
        let query = sqlx::query(sql).bind(report.id).bind(report.period.as_str()).bind(report.as_of);
        let query = query.bind(report.settings.as_str()).bind(report.version.as_str()).bind(report.last_seq);
        query.bind(report.chain.as_deref()).execute(conn).await?;
    });
    on!(tx, |conn, sql = PUT_CELL| {
        for piece in pieces(cells) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for cell in piece {
                query = query.bind(report.id).bind(cell.indicator.as_str()).bind(cell.measure.as_str());
                query = query.bind(cell.dimension.as_str()).bind(cell.value.as_str());
                query = query.bind(cell.persons).bind(cell.erased).bind(cell.tally);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// The frozen report of a period.
pub async fn report(tx: &mut Tx, period: &str) -> Result<Option<ReportRow>, StoreError> {
    on!(tx, |conn, sql = REPORT| {
        sqlx::query_as(sql).bind(period).fetch_optional(conn).await.map_err(reading("count_reports"))
    })
}

pub async fn reports(tx: &mut Tx) -> Result<Vec<ReportRow>, StoreError> {
    on!(tx, |conn, sql = REPORTS| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("count_reports")))
}

pub async fn cells(tx: &mut Tx, report: i64) -> Result<Vec<ReportCell>, StoreError> {
    on!(tx, |conn, sql = CELLS| {
        sqlx::query_as(sql).bind(report).fetch_all(conn).await.map_err(reading("count_report_cells"))
    })
}

/// Keeps what a report tells of the periods before it.
pub async fn put_restated(tx: &mut Tx, report: i64, rows: &[RestatedRow]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = PUT_RESTATED| {
        for piece in pieces(rows) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for row in piece {
                query = query.bind(report).bind(row.period.as_str()).bind(row.indicator.as_str());
                query = query.bind(row.dimension.as_str()).bind(row.value.as_str()).bind(row.n);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// What a frozen report tells of the periods before it.
pub async fn restated(tx: &mut Tx, report: i64) -> Result<Vec<RestatedRow>, StoreError> {
    on!(tx, |conn, sql = RESTATED| {
        sqlx::query_as(sql).bind(report).fetch_all(conn).await.map_err(reading("count_restatements"))
    })
}
