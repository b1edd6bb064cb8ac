//! Files of a case: a row says what it is, sealed chunks hold it.

use crate::{
    domain::{AttachmentId, CaseId, ChannelKind, Timestamp},
    store::{StoreError, Tx, error::reading, types, types::opaque_debug},
};

statements! {
    WANT = "insert into attachments (id, case_id, kind, state, attempts, not_before, key_id, remote_sealed, created_at)
        values ($1, $2, $3, 'wanted', 0, $4, $5, $6, $4)";
    FIND = "select id, case_id, kind, mime, size, state, reason, created_at from attachments where id = $1";
    OF_CASE = "select id, case_id, kind, mime, size, state, reason, created_at from attachments
        where case_id = $1 order by id";
    WANTED = "select a.id, a.case_id, c.channel, a.kind, a.attempts, a.key_id, a.remote_sealed
        from attachments a join cases c on c.id = a.case_id
        where a.state = 'wanted' and a.not_before <= $1 order by a.not_before, a.id limit $2";
    ADD_CHUNK = "insert into attachment_chunks (attachment_id, n, sealed) values ($1, $2, $3)
        on conflict (attachment_id, n) do update set sealed = excluded.sealed";
    CHUNKS = "select sealed from attachment_chunks where attachment_id = $1 order by n";
    DROP_CHUNKS = "delete from attachment_chunks where attachment_id = $1";
    STORE = "update attachments set state = 'stored', mime = $2, size = $3, remote_sealed = null
        where id = $1 and state = 'wanted'";
    REFUSE = "update attachments set state = 'refused', reason = $2, remote_sealed = null
        where id = $1 and state = 'wanted'";
    POSTPONE = "update attachments set attempts = attempts + 1, not_before = $2 where id = $1 and state = 'wanted'";
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
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
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
    /// Why it was refused: `too_big`, `gone`, `kind`.
    pub reason: Option<String>,
    pub created_at: Timestamp,
}

/// A file to be fetched.
#[derive(Clone)]
pub struct Wanted {
    pub id: AttachmentId,
    pub case: CaseId,
    pub channel: ChannelKind,
    pub kind: String,
    /// Failed tries so far.
    pub attempts: i32,
    pub key_id: i32,
    pub remote: Vec<u8>,
}

opaque_debug!(AttachmentNew.id, Wanted.id);

#[derive(sqlx::FromRow)]
struct RawWanted {
    id: AttachmentId,
    case_id: CaseId,
    channel: String,
    kind: String,
    attempts: i32,
    key_id: i32,
    remote_sealed: Option<Vec<u8>>,
}

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

/// Files whose time to be fetched has come.
pub async fn wanted(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Vec<Wanted>, StoreError> {
    let raws: Vec<RawWanted> = on!(tx, |conn, sql = WANTED| {
        let query = sqlx::query_as(sql).bind(now).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("attachments"))?
    });
    raws.into_iter()
        .map(|raw| {
            Ok(Wanted {
                id: raw.id,
                case: raw.case_id,
                channel: types::channel("cases", raw.case_id, &raw.channel)?,
                kind: raw.kind,
                attempts: raw.attempts,
                key_id: raw.key_id,
                remote: raw.remote_sealed.unwrap_or_default(),
            })
        })
        .collect()
}

/// Adds the `n`-th piece, sealed for the case; one of an earlier try is replaced.
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

/// All pieces are there; false if the row went meanwhile.
pub async fn store(tx: &mut Tx, id: AttachmentId, mime: &str, size: i64) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = STORE| {
        Ok(sqlx::query(sql).bind(id).bind(mime).bind(size).execute(conn).await?.rows_affected() == 1)
    })
}

/// It will not be kept; what had come of it goes. False if that was known.
pub async fn refuse(tx: &mut Tx, id: AttachmentId, reason: &'static str) -> Result<bool, StoreError> {
    on!(&mut *tx, |conn, sql = DROP_CHUNKS| {
        sqlx::query(sql).bind(id).execute(conn).await?;
    });
    on!(tx, |conn, sql = REFUSE| {
        Ok(sqlx::query(sql).bind(id).bind(reason).execute(conn).await?.rows_affected() == 1)
    })
}

/// A try failed; the next one comes at `not_before`.
pub async fn postpone(tx: &mut Tx, id: AttachmentId, not_before: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn, sql = POSTPONE| {
        sqlx::query(sql).bind(id).bind(not_before).execute(conn).await?;
    });
    Ok(())
}
