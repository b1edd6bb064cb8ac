//! Content releases and which of them was published when. A release never changes.

use super::{StoreError, Tx, error::reading};
use crate::domain::{ChangeSetId, ReleaseId, StaffId, Timestamp};

statements! {
    ADD = "insert into releases (id, hash, files, origin, made_at) values ($1, $2, $3, $4, $5)
        on conflict (hash) do nothing";
    FIND_BY_HASH = "select id from releases where hash = $1";
    GET = "select id, hash, files, origin, made_at from releases where id = $1";
    PUBLISH = "insert into publications (id, release_id, origin, at, set_id, staff_id, note)
        values ($1, $2, $3, $4, $5, $6, $7)";
    // Whoever publishes waits for who is at it.
    LOCK = "insert into meta (key, value) values ('release-head', '')
        on conflict (key) do update set value = excluded.value";
    CURRENT = "select r.id, r.hash, r.files, r.origin, r.made_at from publications p
        join releases r on r.id = p.release_id order by p.at desc, p.id desc limit 1";
    CURRENT_ID = "select release_id from publications order by at desc, id desc limit 1";
    LIST = "select p.id, p.release_id, r.hash, p.origin, p.at, p.set_id, p.staff_id, p.note from publications p
        join releases r on r.id = p.release_id order by p.at desc, p.id desc limit $1";
    PUBLICATION = "select p.id, p.release_id, r.hash, p.origin, p.at, p.set_id, p.staff_id, p.note
        from publications p join releases r on r.id = p.release_id where p.id = $1";
}

/// A release with its content.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredRelease {
    pub id: ReleaseId,
    /// Hash over its files: the same content is the same release.
    pub hash: String,
    /// JSON: path to content.
    pub files: String,
    /// Where it came from: a word for the history.
    pub origin: String,
    pub made_at: Timestamp,
}

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Publication {
    pub id: i64,
    #[sqlx(rename = "release_id")]
    pub release: ReleaseId,
    pub hash: String,
    pub origin: String,
    pub at: Timestamp,
    /// The change set that it published.
    #[sqlx(rename = "set_id")]
    pub set: Option<ChangeSetId>,
    /// Who published it; `None`: a command line, or a start.
    #[sqlx(rename = "staff_id")]
    pub staff: Option<StaffId>,
    /// What it is about.
    pub note: Option<String>,
}

/// What stands beside a publication.
#[derive(Clone, Copy, Debug)]
pub struct NewPublication<'a> {
    /// A word for where it came from.
    pub origin: &'a str,
    pub set: Option<ChangeSetId>,
    pub staff: Option<StaffId>,
    pub note: Option<&'a str>,
}

impl<'a> NewPublication<'a> {
    /// Of a command line or a start.
    pub const fn of(origin: &'a str) -> Self {
        Self { origin, set: None, staff: None, note: None }
    }
}

/// Stores a release under `id`; if the same content is there already, returns its id and stores nothing.
pub async fn add(
    tx: &mut Tx,
    id: ReleaseId,
    hash: &str,
    files: &str,
    origin: &str,
    now: Timestamp,
) -> Result<ReleaseId, StoreError> {
    let added = on!(tx, |conn, sql = ADD| {
        let query = sqlx::query(sql).bind(id).bind(hash).bind(files).bind(origin).bind(now);
        query.execute(conn).await?.rows_affected()
    });
    if added == 1 {
        return Ok(id);
    }
    on!(tx, |conn, sql = FIND_BY_HASH| Ok(sqlx::query_scalar(sql).bind(hash).fetch_one(conn).await?))
}

/// Holds other publications back until the transaction ends: what is current then stays so. Call it before the release
/// is looked up to which something is compared.
pub async fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    on!(tx, |conn, sql = LOCK| {
        sqlx::query(sql).execute(conn).await?;
    });
    Ok(())
}

/// Makes `release` the current one from `at` on; `id` is the publication's own.
pub async fn publish(
    tx: &mut Tx,
    id: i64,
    release: ReleaseId,
    new: &NewPublication<'_>,
    at: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn, sql = PUBLISH| {
        let query = sqlx::query(sql).bind(id).bind(release).bind(new.origin).bind(at);
        query.bind(new.set).bind(new.staff).bind(new.note).execute(conn).await?;
    });
    Ok(())
}

pub async fn find(tx: &mut Tx, id: ReleaseId) -> Result<Option<StoredRelease>, StoreError> {
    on!(tx, |conn, sql = GET| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("releases"))
    })
}

/// The release published last; `None` before the first.
pub async fn current(tx: &mut Tx) -> Result<Option<StoredRelease>, StoreError> {
    on!(tx, |conn, sql = CURRENT| {
        sqlx::query_as(sql).fetch_optional(conn).await.map_err(reading("releases"))
    })
}

/// Like [`current`], without reading the content.
pub async fn current_id(tx: &mut Tx) -> Result<Option<ReleaseId>, StoreError> {
    on!(tx, |conn, sql = CURRENT_ID| Ok(sqlx::query_scalar(sql).fetch_optional(conn).await?))
}

/// What was published, the newest first.
pub async fn list(tx: &mut Tx, limit: u32) -> Result<Vec<Publication>, StoreError> {
    on!(tx, |conn, sql = LIST| {
        sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("publications"))
    })
}

pub async fn publication(tx: &mut Tx, id: i64) -> Result<Option<Publication>, StoreError> {
    on!(tx, |conn, sql = PUBLICATION| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("publications"))
    })
}
