//! Files of a case: a row says what it is, sealed chunks hold it.

use crate::{
    domain::{AttachmentId, CaseId, ChannelKind, ContactId, Timestamp},
    store::{StoreError, Tx, error::reading, types::opaque_debug},
};

statements! {
    WANT = "insert into attachments (id, case_id, kind, state, attempts, not_before, key_id, remote_sealed, created_at)
        values ($1, $2, $3, 'wanted', 0, $4, $5, $6, $4)";
    FIND = "select id, case_id, kind, mime, size, state, reason, created_at, outgoing, name_sealed
        from attachments where id = $1";
    OF_CASE = "select id, case_id, kind, mime, size, state, reason, created_at, outgoing, name_sealed
        from attachments where case_id = $1 order by id";
    WANTED = "select a.id, a.case_id, c.contact_id, a.attempts, a.remote_sealed
        from attachments a join cases c on c.id = a.case_id
        where a.state = 'wanted' and a.not_before <= $1 and c.channel = $2
        order by a.not_before, a.id limit $3";
    TAKE = "update attachments set attempts = attempts + 1, not_before = $4
        where id = $1 and state = 'wanted' and attempts = $2 and not_before <= $3";
    ADD_CHUNK = "insert into attachment_chunks (attachment_id, n, sealed) values ($1, $2, $3)";
    CHUNKS = "select sealed from attachment_chunks where attachment_id = $1 order by n";
    STORE = "update attachments set state = 'stored', mime = $3, size = $4, remote_sealed = null
        where id = $1 and state = 'wanted' and attempts = $2";
    REFUSE = "update attachments set state = 'refused', reason = $3, remote_sealed = null
        where id = $1 and state = 'wanted' and attempts = $2";
    POSTPONE = "update attachments set not_before = $3 where id = $1 and state = 'wanted' and attempts = $2";
}

/// A file that a person sent.
#[derive(Clone)]
pub struct AttachmentNew {
    pub id: AttachmentId,
    pub case: CaseId,
    /// `photo`, `voice`, `document` and so on, as the channel calls it.
    pub kind: &'static str,
    pub key_id: i32,
    /// The channel's id of the file, sealed for this case.
    pub remote: Vec<u8>,
    pub at: Timestamp,
}

/// A file as it is kept.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AttachmentRow {
    pub id: AttachmentId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub kind: String,
    /// By its content, never as its sender called it; none until it is stored.
    pub mime: Option<String>,
    /// Bytes.
    pub size: Option<i64>,
    /// `wanted`, `stored`, `refused`.
    pub state: String,
    /// Why it was refused: `too-large`, `gone`, `kind`, `unreachable` (tried too often), `unreadable` (our key does not
    /// open its id).
    pub reason: Option<String>,
    pub created_at: Timestamp,
    /// From a consultant to the person.
    pub outgoing: bool,
    /// The name of an outgoing file, sealed for the case.
    #[sqlx(rename = "name_sealed")]
    pub name: Option<Vec<u8>>,
}

/// A file to be fetched.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Wanted {
    pub id: AttachmentId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "contact_id")]
    pub contact: Option<ContactId>,
    /// Tries so far. It names the try: who holds it writes only while nobody began another.
    pub attempts: i32,
    #[sqlx(rename = "remote_sealed")]
    pub remote: Option<Vec<u8>>,
}

opaque_debug!(AttachmentNew.id, AttachmentRow.id, Wanted.id);

/// Notes a file that is to be fetched.
pub async fn want(tx: &mut Tx, new: &AttachmentNew) -> Result<(), StoreError> {
    on!(tx, |conn, sql = WANT| {
        let query = sqlx::query(sql).bind(new.id).bind(new.case).bind(new.kind).bind(new.at);
        query.bind(new.key_id).bind(new.remote.as_slice()).execute(conn).await?;
    });
    Ok(())
}

pub async fn attachment(tx: &mut Tx, id: AttachmentId) -> Result<Option<AttachmentRow>, StoreError> {
    on!(tx, |conn, sql = FIND| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("attachments"))
    })
}

/// All files of a case.
pub async fn attachments_of(tx: &mut Tx, case: CaseId) -> Result<Vec<AttachmentRow>, StoreError> {
    on!(tx, |conn, sql = OF_CASE| {
        sqlx::query_as(sql).bind(case).fetch_all(conn).await.map_err(reading("attachments"))
    })
}

/// Files of a channel whose time to be fetched has come.
pub async fn wanted(
    tx: &mut Tx,
    channel: ChannelKind,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Wanted>, StoreError> {
    on!(tx, |conn, sql = WANTED| {
        let query = sqlx::query_as(sql).bind(now).bind(channel.as_str()).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("attachments"))
    })
}

/// Begins the next try after `attempts`; nobody else begins one before `until`. False: somebody did.
pub async fn take(
    tx: &mut Tx,
    id: AttachmentId,
    attempts: i32,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = TAKE| {
        let query = sqlx::query(sql).bind(id).bind(attempts).bind(now).bind(until);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// Adds the `n`-th piece, sealed for the case, of a file that this transaction has made `stored`.
pub async fn add_chunk(tx: &mut Tx, id: AttachmentId, n: i32, sealed: &[u8]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD_CHUNK| {
        sqlx::query(sql).bind(id).bind(n).bind(sealed).execute(conn).await?;
    });
    Ok(())
}

/// The pieces in order.
pub async fn chunks(tx: &mut Tx, id: AttachmentId) -> Result<Vec<Vec<u8>>, StoreError> {
    on!(tx, |conn, sql = CHUNKS| Ok(sqlx::query_scalar(sql).bind(id).fetch_all(conn).await?))
}

/// It came with the try `attempts`; its pieces follow in the same transaction. False if the row went meanwhile, or
/// another try began.
pub async fn store(
    tx: &mut Tx,
    id: AttachmentId,
    attempts: i32,
    mime: &str,
    size: i64,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = STORE| {
        let query = sqlx::query(sql).bind(id).bind(attempts).bind(mime).bind(size);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// It will not be kept. False as for [`store`].
pub async fn refuse(
    tx: &mut Tx,
    id: AttachmentId,
    attempts: i32,
    reason: &'static str,
) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = REFUSE| {
        let query = sqlx::query(sql).bind(id).bind(attempts).bind(reason);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

/// The try `attempts` failed; the next one comes at `not_before`.
pub async fn postpone(
    tx: &mut Tx,
    id: AttachmentId,
    attempts: i32,
    not_before: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn, sql = POSTPONE| {
        sqlx::query(sql).bind(id).bind(attempts).bind(not_before).execute(conn).await?;
    });
    Ok(())
}
