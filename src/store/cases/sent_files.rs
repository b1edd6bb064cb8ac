//! Files that consultants send: kept with their case, read when they go out.

use crate::{
    domain::{AttachmentId, CaseId, ContactId, OutboxId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, padded},
        types::opaque_debug,
    },
};

statements! {
    KEEP = "insert into attachments (id, case_id, kind, mime, size, state, attempts, not_before, key_id, created_at,
            outgoing, name_sealed)
        values ($1, $2, $3, $4, $5, 'stored', 0, $6, $7, $6, true, $8)";
    HEAD = "select id, case_id, mime, size, key_id, name_sealed, remote_sealed from attachments
        where id = $1 and outgoing and state = 'stored'";
    HEAD_FOR = "select a.id, a.case_id, a.mime, a.size, a.key_id, a.name_sealed, a.remote_sealed
        from attachments a join cases c on c.id = a.case_id
        where a.id = $1 and a.outgoing and a.state = 'stored' and c.contact_id = $2";
    CHUNK = "select sealed from attachment_chunks where attachment_id = $1 and n = $2";
    SET_REMOTE = "update attachments set remote_sealed = $2 where id = $1 and outgoing";
    FORGET_OF = "update attachments set remote_sealed = null where outgoing and id in (
        select attachment_id from case_entries where outbox_id in (/*each*/$1/*end*/))";
}

/// A file from a consultant.
#[derive(Clone)]
pub struct SentFileNew {
    pub id: AttachmentId,
    pub case: CaseId,
    /// `photo`, `voice`, `video`, `document`.
    pub kind: &'static str,
    /// By its content.
    pub mime: &'static str,
    /// Bytes.
    pub size: i64,
    pub key_id: i32,
    /// Its name, sealed for this case.
    pub name: Vec<u8>,
    pub at: Timestamp,
}

/// What is to be known of an outgoing file before its bytes.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SentFileRow {
    pub id: AttachmentId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub mime: Option<String>,
    /// Bytes.
    pub size: Option<i64>,
    pub key_id: i32,
    /// Sealed for the case.
    #[sqlx(rename = "name_sealed")]
    pub name: Option<Vec<u8>>,
    /// The channel's id of the file once it was uploaded, sealed for the case.
    #[sqlx(rename = "remote_sealed")]
    pub remote: Option<Vec<u8>>,
}

opaque_debug!(SentFileNew.id, SentFileRow.id);

/// Keeps an outgoing file; its pieces follow in the same transaction ([`super::add_chunk`]).
pub async fn keep(tx: &mut Tx, new: &SentFileNew) -> Result<(), StoreError> {
    on!(tx, |conn, sql = KEEP| {
        let query = sqlx::query(sql).bind(new.id).bind(new.case).bind(new.kind).bind(new.mime).bind(new.size);
        query.bind(new.at).bind(new.key_id).bind(new.name.as_slice()).execute(conn).await?;
    });
    Ok(())
}

/// An outgoing file; none if it went with its case.
pub async fn sent_file(tx: &mut Tx, id: AttachmentId) -> Result<Option<SentFileRow>, StoreError> {
    on!(tx, |conn, sql = HEAD| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("attachments"))
    })
}

/// The same, if it is of a case of this contact.
pub async fn sent_file_for(
    tx: &mut Tx,
    id: AttachmentId,
    contact: ContactId,
) -> Result<Option<SentFileRow>, StoreError> {
    on!(tx, |conn, sql = HEAD_FOR| {
        let query = sqlx::query_as(sql).bind(id).bind(contact);
        query.fetch_optional(conn).await.map_err(reading("attachments"))
    })
}

/// The `n`-th piece of a file, from 0 on; none behind the last.
pub async fn chunk(tx: &mut Tx, id: AttachmentId, n: i32) -> Result<Option<Vec<u8>>, StoreError> {
    on!(tx, |conn, sql = CHUNK| Ok(sqlx::query_scalar(sql).bind(id).bind(n).fetch_optional(conn).await?))
}

/// Keeps the channel's id of an outgoing file, sealed for its case, so that it is uploaded once; `None`: it does not
/// hold any more.
pub async fn set_remote(tx: &mut Tx, id: AttachmentId, remote: Option<&[u8]>) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SET_REMOTE| {
        sqlx::query(sql).bind(id).bind(remote).execute(conn).await?;
    });
    Ok(())
}

/// The channel lost the files of these messages: they are uploaded anew.
pub async fn forget_remotes(tx: &mut Tx, messages: &[OutboxId]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = FORGET_OF| {
        for piece in padded(messages) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}
