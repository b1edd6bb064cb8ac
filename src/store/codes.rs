//! The register of campaign codes (indicators.md §1.11).

use super::{
    StoreError, Tx,
    error::reading,
    rows::{many, padded},
};
use crate::domain::{CampaignCode, Timestamp};

statements! {
    PUT = "insert into codes (code, kind, label, created_at) values ($1, $2, $3, $4)
        on conflict (code) do update set kind = excluded.kind, label = excluded.label";
    DROP = "delete from codes where code = $1";
    LIST = "select code, kind, label, created_at from codes order by code";
    KNOWN = "select code from codes where code in (/*each*/$1/*end*/)";
}

/// A code of the register.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CodeRow {
    pub code: String,
    /// `advert`, `poster`, `session`, `partner`, `referral`.
    pub kind: String,
    /// What staff call it.
    pub label: String,
    pub created_at: Timestamp,
}

/// Adds a code, or gives a known one another kind and label.
pub async fn put(tx: &mut Tx, code: &CodeRow) -> Result<(), StoreError> {
    on!(tx, |conn, sql = PUT| {
        let query = sqlx::query(sql).bind(code.code.as_str()).bind(code.kind.as_str());
        query.bind(code.label.as_str()).bind(code.created_at).execute(conn).await?;
    });
    Ok(())
}

/// Takes a code out of the register; false if it was not in it. Events keep theirs.
pub async fn remove(tx: &mut Tx, code: &str) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = DROP| Ok(sqlx::query(sql).bind(code).execute(conn).await?.rows_affected() == 1))
}

/// All codes, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<CodeRow>, StoreError> {
    on!(tx, |conn, sql = LIST| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("codes")))
}

/// Those of the codes that are in the register.
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
