//! Files of reports that were made, and the figures that they tell.

use crate::{
    domain::{StaffId, Timestamp},
    store::{StoreError, Tx, error::reading},
};

statements! {
    PUT_FIGURES = "insert into report_figures (hash, text) values ($1, $2) on conflict (hash) do nothing";
    FIGURES = "select text from report_figures where hash = $1";
    PUT_FILE = "insert into report_files (id, period, format, locale, public, frozen, as_of, settings, version,
            last_seq, figures, sha256, made_at, made_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    LATEST = "select id, period, format, locale, public, frozen, as_of, settings, version, last_seq, figures, sha256,
            made_at, made_by from report_files order by made_at desc, id desc limit $1";
}

/// A file that was made.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FileRow {
    pub id: i64,
    pub period: String,
    pub format: String,
    pub locale: String,
    /// With small cells hidden.
    pub public: bool,
    /// Of a period that was frozen by then.
    pub frozen: bool,
    /// Of which instant the figures are.
    pub as_of: Timestamp,
    /// Hash of the settings.
    pub settings: String,
    /// Of the program and of the definitions.
    pub version: String,
    /// The highest number of an event at that moment.
    pub last_seq: i64,
    /// SHA-256 of the figures' JSON, under which [`figures`] finds it.
    pub figures: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    pub made_at: Timestamp,
    /// Who made it on the page; none on the command line.
    pub made_by: Option<StaffId>,
}

/// Keeps what a file told. The same figures are kept once.
pub async fn put(tx: &mut Tx, file: &FileRow, figures: &str) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = PUT_FIGURES| {
        sqlx::query(sql).bind(file.figures.as_str()).bind(figures).execute(conn).await?;
    });
    on!(tx, |conn, sql = PUT_FILE| {
        let query = sqlx::query(sql).bind(file.id).bind(file.period.as_str()).bind(file.format.as_str());
        let query = query.bind(file.locale.as_str()).bind(file.public).bind(file.frozen).bind(file.as_of);
        let query = query.bind(file.settings.as_str()).bind(file.version.as_str()).bind(file.last_seq);
        let query = query.bind(file.figures.as_str()).bind(file.sha256.as_str()).bind(file.made_at);
        query.bind(file.made_by).execute(conn).await?;
    });
    Ok(())
}

/// The figures of a file as JSON.
pub async fn figures(tx: &mut Tx, hash: &str) -> Result<Option<String>, StoreError> {
    on!(tx, |conn, sql = FIGURES| Ok(sqlx::query_scalar(sql).bind(hash).fetch_optional(conn).await?))
}

/// The files that were made last, the newest first.
pub async fn latest(tx: &mut Tx, limit: u32) -> Result<Vec<FileRow>, StoreError> {
    on!(tx, |conn, sql = LATEST| {
        sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("report_files"))
    })
}
