//! The register of campaign codes (indicators.md §1.11).

use super::{
    StoreError, Tx,
    error::reading,
    rows::{many, padded},
};
use crate::domain::{CampaignCode, Timestamp};

statements! {
    ADD = "insert into codes
        (code, kind, label, country, from_day, until_day, partner, budget_line, owner, created_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
        on conflict (code) do nothing";
    CHANGE = "update codes set kind = $2, label = $3, country = $4, from_day = $5, until_day = $6, partner = $7,
        budget_line = $8, owner = $9, version = version + 1
        where code = $1 and version = $10";
    DROP = "delete from codes where code = $1";
    GET = "select code, kind, label, country, from_day, until_day, partner, budget_line, owner, created_at, version
        from codes where code = $1";
    LIST = "select code, kind, label, country, from_day, until_day, partner, budget_line, owner, created_at, version
        from codes order by code";
    KNOWN = "select code from codes where code in (/*each*/$1/*end*/)";
}

/// A code of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct CodeRow {
    pub code: String,
    /// `advert`, `poster`, `session`, `partner`, `referral`.
    pub kind: String,
    /// What staff call it.
    pub label: String,
    /// `TJ`, `KG`, `RU`, `KZ`; empty: several, or not said.
    pub country: String,
    /// First and last day, `YYYY-MM-DD` in the programme's zone; `None`: no such bound.
    pub from_day: Option<String>,
    pub until_day: Option<String>,
    pub partner: String,
    pub budget_line: String,
    pub owner: String,
    pub created_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// Adds a code; false if it is in the register already, which stays as it is.
pub async fn add(tx: &mut Tx, row: &CodeRow) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = ADD| {
        let query = sqlx::query(sql).bind(row.code.as_str()).bind(row.kind.as_str());
        let query = query.bind(row.label.as_str()).bind(row.country.as_str());
        let query = query.bind(row.from_day.as_deref()).bind(row.until_day.as_deref());
        let query = query.bind(row.partner.as_str()).bind(row.budget_line.as_str());
        let done = query.bind(row.owner.as_str()).bind(row.created_at).execute(conn).await?;
        Ok(done.rows_affected() == 1)
    })
}

/// Changes a code that still has the row's version; false if it was changed meanwhile, or is gone.
pub async fn change(tx: &mut Tx, row: &CodeRow) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = CHANGE| {
        let query = sqlx::query(sql).bind(row.code.as_str()).bind(row.kind.as_str());
        let query = query.bind(row.label.as_str()).bind(row.country.as_str());
        let query = query.bind(row.from_day.as_deref()).bind(row.until_day.as_deref());
        let query = query.bind(row.partner.as_str()).bind(row.budget_line.as_str());
        let done = query.bind(row.owner.as_str()).bind(row.version).execute(conn).await?;
        Ok(done.rows_affected() == 1)
    })
}

/// Takes a code out of the register; false if it was not in it. Events keep theirs.
pub async fn remove(tx: &mut Tx, code: &str) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = DROP| Ok(sqlx::query(sql).bind(code).execute(conn).await?.rows_affected() == 1))
}

/// One code.
pub async fn get(tx: &mut Tx, code: &str) -> Result<Option<CodeRow>, StoreError> {
    on!(tx, |conn, sql = GET| {
        sqlx::query_as(sql).bind(code).fetch_optional(conn).await.map_err(reading("codes"))
    })
}

/// All codes, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<CodeRow>, StoreError> {
    on!(tx, |conn, sql = LIST| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("codes")))
}

/// Those of the codes that are in the register, ended ones too: what is registered is attributed (indicators.md §1.11).
pub async fn known(tx: &mut Tx, codes: &[CampaignCode]) -> Result<Vec<String>, StoreError> {
    let names: Vec<&str> = codes.iter().map(CampaignCode::as_str).collect();
    let mut found = Vec::new();
    on!(tx, |conn, sql = KNOWN| {
        for piece in padded(&names) {
            let mut query = sqlx::query_scalar(many(sql, piece.len()));
            for name in piece {
                query = query.bind(name);
            }
            found.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    Ok(found)
}
