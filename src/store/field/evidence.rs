//! Files of evidence: a row says what it is, sealed pieces hold it.

use crate::{
    domain::{EntryId, EvidenceId, ImportId, StaffId, Timestamp},
    store::{StoreError, Tx, error::reading},
};

statements! {
    ADD = "insert into field_files (id, entry_id, import_id, mime, size, sha256, added_by, added_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    ADD_CHUNK = "insert into field_file_chunks (file_id, n, sealed) values ($1, $2, $3)";
    FIND = "select id, entry_id, import_id, mime, size, sha256, added_by, added_at from field_files where id = $1";
    OF = "select id, entry_id, import_id, mime, size, sha256, added_by, added_at from field_files
        where entry_id = $1 or import_id = $2 order by id";
    CHUNKS = "select sealed from field_file_chunks where file_id = $1 order by n";
}

/// A file of evidence, of an entry or of all entries of an import.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EvidenceRow {
    pub id: EvidenceId,
    #[sqlx(rename = "entry_id")]
    pub entry: Option<EntryId>,
    #[sqlx(rename = "import_id")]
    pub import: Option<ImportId>,
    /// By its content.
    pub mime: String,
    /// Bytes.
    pub size: i64,
    /// Of its bytes, in hex.
    pub sha256: String,
    pub added_by: Option<StaffId>,
    pub added_at: Timestamp,
}

/// Adds a file with its sealed pieces.
pub async fn add(tx: &mut Tx, row: &EvidenceRow, pieces: &[Vec<u8>]) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = ADD| {
        let query = sqlx::query(sql).bind(row.id).bind(row.entry).bind(row.import).bind(row.mime.as_str());
        let query = query.bind(row.size).bind(row.sha256.as_str()).bind(row.added_by).bind(row.added_at);
        query.execute(conn).await?;
    });
    for (n, piece) in (0_i32..).zip(pieces) {
        on!(&mut *tx, |conn, sql = ADD_CHUNK| {
            sqlx::query(sql).bind(row.id).bind(n).bind(piece.as_slice()).execute(conn).await?;
        });
    }
    Ok(())
}

pub async fn find(tx: &mut Tx, id: EvidenceId) -> Result<Option<EvidenceRow>, StoreError> {
    on!(tx, |conn, sql = FIND| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("field_files"))
    })
}

/// The files of an entry, with those of the import that brought it.
pub async fn of(
    tx: &mut Tx,
    entry: EntryId,
    import: Option<ImportId>,
) -> Result<Vec<EvidenceRow>, StoreError> {
    on!(tx, |conn, sql = OF| {
        let query = sqlx::query_as(sql).bind(entry).bind(import);
        query.fetch_all(conn).await.map_err(reading("field_files"))
    })
}

/// The sealed pieces in order.
pub async fn chunks(tx: &mut Tx, id: EvidenceId) -> Result<Vec<Vec<u8>>, StoreError> {
    on!(tx, |conn, sql = CHUNKS| Ok(sqlx::query_scalar(sql).bind(id).fetch_all(conn).await?))
}
