//! Entries of field staff and registers, before and after they count.

pub mod evidence;
pub mod imports;

use super::{
    StoreError, Tx,
    error::reading,
    rows::{many, padded, pieces},
    types::{self, opaque_debug},
};
use crate::domain::{EntryId, ImportId, StaffId, Timestamp};

statements! {
    ADD = "insert into field_entries (id, kind, state, occurred_at, country, code, number, fields, unit, key_id, sealed,
            event_id, entered_by, entered_at, import_id, submitter, root, version_uuid, approved_there)
        values /*each*/($1, $2, 'waiting', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)/*end*/";
    FIND = "select id, kind, state, occurred_at, country, code, number, fields, unit, sealed, event_id, entered_by,
            entered_at, import_id, submitter, root, version_uuid, approved_there, decided_by, decided_at, voided_by,
            voided_at, reason_sealed
        from field_entries where id = $1";
    LIST = "select id, kind, state, occurred_at, country, code, number, fields, unit, sealed, event_id, entered_by,
            entered_at, import_id, submitter, root, version_uuid, approved_there, decided_by, decided_at, voided_by,
            voided_at, reason_sealed
        from field_entries
        where (cast($1 as text) is null or kind = $1) and (cast($2 as text) is null or state = $2)
            and (cast($3 as text) is null or country = $3) and (cast($4 as bigint) is null or import_id = $4)
            and occurred_at >= $5 and occurred_at < $6 and id < $7
        order by id desc limit $8";
    // `reason_sealed` of who approves: none.
    DECIDE = "update field_entries set state = $2, decided_by = $3, decided_at = $4, reason_sealed = $5, sealed = $6,
            unit = $7
        where id = $1 and state = 'waiting'";
    VOID = "update field_entries set state = 'voided', voided_by = $2, voided_at = $3, reason_sealed = $4, sealed = $5,
            unit = $6
        where id = $1 and state in ('waiting', 'approved')";
    OF_VERSIONS = "select id, kind, state, root, version_uuid, event_id, import_id from field_entries
        where version_uuid in (/*each*/$1/*end*/)";
    OF_ROOTS = "select id, kind, state, root, version_uuid, event_id, import_id from field_entries
        where root in (/*each*/$1/*end*/)";
    OF_UNITS = "select id, kind, unit from field_entries
        where state in ('waiting', 'approved') and unit in (/*each*/$1/*end*/)";
    WAITING = "select cast(count(*) as bigint), cast(coalesce(sum(number), 0) as bigint) from field_entries
        where state = 'waiting'";
    WAITING_OF = "select id from field_entries where import_id = $1 and state = 'waiting' order by id";
}

/// An entry that waits for its approval.
#[derive(Clone)]
pub struct EntryNew {
    pub id: EntryId,
    pub kind: &'static str,
    pub occurred_at: Timestamp,
    /// `TJ` …; empty where nobody asks.
    pub country: String,
    /// Campaign code.
    pub code: Option<String>,
    /// Heads, copies, or 1: for lists.
    pub number: i64,
    /// JSON: values of closed lists and numbers, as the event will have them.
    pub fields: String,
    /// Keyed hash of whom or what it is of.
    pub unit: Option<String>,
    pub key_id: i32,
    /// What was typed.
    pub sealed: Vec<u8>,
    /// Of the event that will count.
    pub event_id: String,
    /// `None`: the command line.
    pub entered_by: Option<StaffId>,
    pub entered_at: Timestamp,
    pub import: Option<ImportId>,
    /// Who sent it to the place that it was imported from.
    pub submitter: Option<String>,
    /// Its id there, and that of this version.
    pub root: Option<String>,
    pub version_uuid: Option<String>,
    /// Somebody approved it there.
    pub approved_there: bool,
}

/// An entry as it is stored.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryRow {
    pub id: EntryId,
    pub kind: String,
    /// `waiting`, `approved`, `returned`, `voided`.
    pub state: String,
    pub occurred_at: Timestamp,
    pub country: String,
    pub code: Option<String>,
    pub number: i64,
    pub fields: String,
    pub unit: Option<String>,
    pub sealed: Vec<u8>,
    pub event_id: String,
    pub entered_by: Option<StaffId>,
    pub entered_at: Timestamp,
    #[sqlx(rename = "import_id")]
    pub import: Option<ImportId>,
    pub submitter: Option<String>,
    pub root: Option<String>,
    pub version_uuid: Option<String>,
    pub approved_there: bool,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<Timestamp>,
    pub voided_by: Option<StaffId>,
    pub voided_at: Option<Timestamp>,
    pub reason_sealed: Option<Vec<u8>>,
}

opaque_debug!(EntryNew.id, EntryRow.id);

/// An entry that came from elsewhere, by its ids there.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Known {
    pub id: EntryId,
    pub kind: String,
    pub state: String,
    pub root: Option<String>,
    pub version_uuid: Option<String>,
    pub event_id: String,
    #[sqlx(rename = "import_id")]
    pub import: Option<ImportId>,
}

/// An entry of some unit that waits or counts.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OfUnit {
    pub id: EntryId,
    pub kind: String,
    pub unit: String,
}

/// Which entries a list holds.
#[derive(Clone, Debug)]
pub struct Filter {
    pub kind: Option<String>,
    pub state: Option<String>,
    pub country: Option<String>,
    pub import: Option<ImportId>,
    /// When they happened: from the first on, before the second.
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            kind: None,
            state: None,
            country: None,
            import: None,
            from: Timestamp(i64::MIN),
            until: Timestamp(i64::MAX),
        }
    }
}

/// What becomes of an entry: state, by whom, when, the sealed reason, and what is kept of what was typed.
#[derive(Clone)]
pub struct Decision<'a> {
    pub id: EntryId,
    pub by: Option<StaffId>,
    pub at: Timestamp,
    pub reason: Option<&'a [u8]>,
    pub sealed: &'a [u8],
    pub unit: Option<&'a str>,
}

/// Adds entries. [`StoreError::Conflict`]: one is there already.
pub async fn add(tx: &mut Tx, entries: &[EntryNew]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        for piece in pieces(entries) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for new in piece {
                query = query.bind(new.id).bind(new.kind).bind(new.occurred_at).bind(new.country.as_str());
                query = query.bind(new.code.as_deref()).bind(new.number).bind(new.fields.as_str());
                query = query.bind(new.unit.as_deref()).bind(new.key_id).bind(new.sealed.as_slice());
                query = query.bind(new.event_id.as_str()).bind(new.entered_by).bind(new.entered_at);
                query = query.bind(new.import).bind(new.submitter.as_deref()).bind(new.root.as_deref());
                query = query.bind(new.version_uuid.as_deref()).bind(new.approved_there);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

pub async fn find(tx: &mut Tx, id: EntryId) -> Result<Option<EntryRow>, StoreError> {
    on!(tx, |conn, sql = FIND| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("field_entries"))
    })
}

/// Entries older than `before`, the newest first.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    before: EntryId,
    limit: u32,
) -> Result<Vec<EntryRow>, StoreError> {
    on!(tx, |conn, sql = LIST| {
        let query = sqlx::query_as(sql).bind(filter.kind.as_deref()).bind(filter.state.as_deref());
        let query = query.bind(filter.country.as_deref()).bind(filter.import).bind(filter.from);
        let query = query.bind(filter.until).bind(before).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("field_entries"))
    })
}

/// Approves or returns an entry that waits; false: it does not wait any more.
///
/// # Errors
/// [`StoreError::Conflict`]: another entry of its unit counts already.
pub async fn decide(tx: &mut Tx, state: &'static str, decision: &Decision<'_>) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = DECIDE| {
        let query = sqlx::query(sql).bind(decision.id).bind(state).bind(decision.by).bind(decision.at);
        let query = query.bind(decision.reason).bind(decision.sealed).bind(decision.unit);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// Voids an entry that waits or counts; false: it does neither.
pub async fn void(tx: &mut Tx, decision: &Decision<'_>) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = VOID| {
        let query = sqlx::query(sql).bind(decision.id).bind(decision.by).bind(decision.at);
        let query = query.bind(decision.reason).bind(decision.sealed).bind(decision.unit);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// Entries with these ids of versions, in no order.
pub async fn of_versions(tx: &mut Tx, versions: &[&str]) -> Result<Vec<Known>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = OF_VERSIONS| {
        for piece in padded(versions) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for version in piece {
                query = query.bind(version);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("field_entries"))?);
        }
    });
    Ok(rows)
}

/// All versions of the entries with these ids, in no order.
pub async fn of_roots(tx: &mut Tx, roots: &[&str]) -> Result<Vec<Known>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = OF_ROOTS| {
        for piece in padded(roots) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for root in piece {
                query = query.bind(root);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("field_entries"))?);
        }
    });
    Ok(rows)
}

/// Entries of these units that wait or count, in no order.
pub async fn of_units(tx: &mut Tx, units: &[&str]) -> Result<Vec<OfUnit>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = OF_UNITS| {
        for piece in padded(units) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for unit in piece {
                query = query.bind(unit);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("field_entries"))?);
        }
    });
    Ok(rows)
}

/// How many entries wait for their approval, and how much they report together (indicators.md §2.6).
pub async fn waiting(tx: &mut Tx) -> Result<(u64, u64), StoreError> {
    let (entries, number): (i64, i64) =
        on!(tx, |conn, sql = WAITING| sqlx::query_as(sql).fetch_one(conn).await?);
    Ok((types::count(entries), types::count(number)))
}

/// Entries of an import that wait, in order.
pub async fn waiting_of(tx: &mut Tx, import: ImportId) -> Result<Vec<EntryId>, StoreError> {
    on!(tx, |conn, sql = WAITING_OF| Ok(sqlx::query_scalar(sql).bind(import).fetch_all(conn).await?))
}
