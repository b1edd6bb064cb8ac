//! People who work with Safar: accounts, codes of recovery, one-time links.
//!
//! Words and lists (`roles`, `skills`, `locale`, `state`) are read by [`crate`]'s service of staff, not here.

use super::{StoreError, Tx, error::reading, types::opaque_debug};
use crate::domain::{ContactId, StaffId, Timestamp};

statements! {
    INSERT = "insert into staff (id, login, name, roles, totp_last, locale, zone, on_duty, skills, state, created_at,
            version)
        values ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10, 1)
        on conflict (login) do nothing";
    BY_ID = "select id, login, name, roles, password, totp_sealed, totp_key_id, totp_last, locale, zone, email_sealed,
            email_key_id, on_duty, skills, telegram_contact, max_cases, state, created_at, version
        from staff where id = $1";
    BY_LOGIN = "select id, login, name, roles, password, totp_sealed, totp_key_id, totp_last, locale, zone,
            email_sealed, email_key_id, on_duty, skills, telegram_contact, max_cases, state, created_at, version
        from staff where login = $1";
    LIST = "select id, login, name, roles, password, totp_sealed, totp_key_id, totp_last, locale, zone, email_sealed,
            email_key_id, on_duty, skills, telegram_contact, max_cases, state, created_at, version
        from staff order by login";
    SAVE = "update staff set name = $1, roles = $2, locale = $3, zone = $4, email_sealed = $5, email_key_id = $6,
            on_duty = $7, skills = $8, telegram_contact = $9, max_cases = $10, state = $11, version = version + 1
        where id = $12 and version = $13";
    SET_DUTY = "update staff set on_duty = $1 where id = $2";
    SET_PASSWORD = "update staff set password = $1, version = version + 1 where id = $2";
    SET_TOTP = "update staff set totp_sealed = $1, totp_key_id = $2, totp_last = $3, version = version + 1
        where id = $4";
    USE_STEP = "update staff set totp_last = $1 where id = $2 and totp_last < $1";
    SET_TELEGRAM = "update staff set telegram_contact = $1, version = version + 1 where id = $2";
    COUNT = "select count(*) from staff";
    ADD_RECOVERY = "insert into staff_recovery (staff_id, hash) values ($1, $2) on conflict do nothing";
    DROP_RECOVERY = "delete from staff_recovery where staff_id = $1";
    TAKE_RECOVERY = "delete from staff_recovery where staff_id = $1 and hash = $2";
    COUNT_RECOVERY = "select count(*) from staff_recovery where staff_id = $1";
    PUT_LINK = "insert into staff_links (token_hash, staff_id, kind, until_at) values ($1, $2, $3, $4)";
    FIND_LINK = "select staff_id from staff_links where token_hash = $1 and kind = $2 and until_at > $3";
    TAKE_LINK = "delete from staff_links where token_hash = $1 and kind = $2 and until_at > $3 returning staff_id";
    DROP_LINKS = "delete from staff_links where staff_id = $1 and kind = $2";
    PURGE_LINKS = "delete from staff_links where until_at <= $1";
}

/// An account as it is kept.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StaffRow {
    pub id: StaffId,
    /// Lower-case.
    pub login: String,
    /// First name or alias: migrants see it.
    pub name: String,
    /// JSON list of words.
    pub roles: String,
    /// argon2id, as a PHC string; none until it was set by a one-time link.
    pub password: Option<String>,
    pub totp_sealed: Option<Vec<u8>>,
    pub totp_key_id: Option<i32>,
    /// The last 30-second step whose code was used: no code passes twice.
    pub totp_last: i64,
    pub locale: String,
    /// Minutes east of UTC.
    pub zone: i32,
    pub email_sealed: Option<Vec<u8>>,
    pub email_key_id: Option<i32>,
    /// Hears the alarm of urgent cases.
    pub on_duty: bool,
    /// JSON list of topic ids and words.
    pub skills: String,
    pub telegram_contact: Option<ContactId>,
    /// Most open cases at once; none: the desk's setting.
    pub max_cases: Option<i32>,
    /// `active` or `locked`.
    pub state: String,
    pub created_at: Timestamp,
    /// Grows with each change of the account; saving names the one that was read.
    pub version: i64,
}

opaque_debug!(StaffRow.id);

/// Adds an account without a password; false if the login is taken.
pub async fn insert(tx: &mut Tx, row: &StaffRow) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = INSERT| {
        let query = sqlx::query(sql).bind(row.id).bind(row.login.as_str()).bind(row.name.as_str());
        let query = query.bind(row.roles.as_str()).bind(row.locale.as_str()).bind(row.zone).bind(row.on_duty);
        let query = query.bind(row.skills.as_str()).bind(row.state.as_str()).bind(row.created_at);
        Ok(query.execute(conn).await?.rows_affected() == 1)
    })
}

pub async fn by_id(tx: &mut Tx, id: StaffId) -> Result<Option<StaffRow>, StoreError> {
    on!(tx, |conn, sql = BY_ID| {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await.map_err(reading("staff"))
    })
}

/// `login` must be lower-case already.
pub async fn by_login(tx: &mut Tx, login: &str) -> Result<Option<StaffRow>, StoreError> {
    on!(tx, |conn, sql = BY_LOGIN| {
        sqlx::query_as(sql).bind(login).fetch_optional(conn).await.map_err(reading("staff"))
    })
}

/// All accounts by login. There are dozens, not thousands.
pub async fn list(tx: &mut Tx) -> Result<Vec<StaffRow>, StoreError> {
    on!(tx, |conn, sql = LIST| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("staff")))
}

/// Saves what an account's form holds; false if somebody saved since `row.version` was read.
/// Password, codes and the login itself are not touched.
pub async fn save(tx: &mut Tx, row: &StaffRow) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = SAVE| {
        let query = sqlx::query(sql).bind(row.name.as_str()).bind(row.roles.as_str());
        let query = query.bind(row.locale.as_str()).bind(row.zone).bind(row.email_sealed.as_deref());
        let query = query.bind(row.email_key_id).bind(row.on_duty).bind(row.skills.as_str());
        let query = query.bind(row.telegram_contact).bind(row.max_cases).bind(row.state.as_str());
        Ok(query.bind(row.id).bind(row.version).execute(conn).await?.rows_affected() == 1)
    })
}

/// Goes on or off duty. Leaves the version: it is a switch, not a change of the account.
pub async fn set_duty(tx: &mut Tx, id: StaffId, on_duty: bool) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SET_DUTY| {
        sqlx::query(sql).bind(on_duty).bind(id).execute(conn).await?;
    });
    Ok(())
}

/// `phc`: argon2id in PHC form; none takes the password away.
pub async fn set_password(tx: &mut Tx, id: StaffId, phc: Option<&str>) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SET_PASSWORD| {
        sqlx::query(sql).bind(phc).bind(id).execute(conn).await?;
    });
    Ok(())
}

/// Sets the sealed secret of the second step, with its key's id and the step just used; none takes it away.
pub async fn set_totp(
    tx: &mut Tx,
    id: StaffId,
    secret: Option<(&[u8], i32)>,
    last: i64,
) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SET_TOTP| {
        let query = sqlx::query(sql).bind(secret.map(|(sealed, _)| sealed)).bind(secret.map(|(_, key)| key));
        query.bind(last).bind(id).execute(conn).await?;
    });
    Ok(())
}

/// Marks a step as used; false if it, or a later one, was used before.
pub async fn use_step(tx: &mut Tx, id: StaffId, step: i64) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = USE_STEP| {
        Ok(sqlx::query(sql).bind(step).bind(id).execute(conn).await?.rows_affected() == 1)
    })
}

/// The Telegram contact that hears this account's alarms.
pub async fn set_telegram(tx: &mut Tx, id: StaffId, contact: Option<ContactId>) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SET_TELEGRAM| {
        sqlx::query(sql).bind(contact).bind(id).execute(conn).await?;
    });
    Ok(())
}

pub async fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    let rows: i64 = on!(tx, |conn, sql = COUNT| sqlx::query_scalar(sql).fetch_one(conn).await?);
    Ok(super::types::count(rows))
}

/// Puts new codes of recovery in the place of the old ones.
pub async fn replace_recovery(tx: &mut Tx, id: StaffId, hashes: &[Vec<u8>]) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = DROP_RECOVERY| {
        sqlx::query(sql).bind(id).execute(conn).await?;
    });
    for hash in hashes {
        on!(&mut *tx, |conn, sql = ADD_RECOVERY| {
            sqlx::query(sql).bind(id).bind(hash.as_slice()).execute(conn).await?;
        });
    }
    Ok(())
}

/// Uses up a code; false if there is none like it.
pub async fn take_recovery(tx: &mut Tx, id: StaffId, hash: &[u8]) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = TAKE_RECOVERY| {
        Ok(sqlx::query(sql).bind(id).bind(hash).execute(conn).await?.rows_affected() == 1)
    })
}

/// Codes of recovery that are left.
pub async fn count_recovery(tx: &mut Tx, id: StaffId) -> Result<u64, StoreError> {
    let rows: i64 =
        on!(tx, |conn, sql = COUNT_RECOVERY| sqlx::query_scalar(sql).bind(id).fetch_one(conn).await?);
    Ok(super::types::count(rows))
}

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Opens the page that sets a password.
    Password,
    /// A /start code that ties a Telegram contact to the account.
    Telegram,
}

impl LinkKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Telegram => "telegram",
        }
    }
}

/// Keeps a link, by the hash of its token, and drops the account's earlier ones of this kind.
pub async fn put_link(
    tx: &mut Tx,
    hash: &[u8],
    id: StaffId,
    kind: LinkKind,
    until: Timestamp,
) -> Result<(), StoreError> {
    drop_links(tx, id, kind).await?;
    on!(tx, |conn, sql = PUT_LINK| {
        sqlx::query(sql).bind(hash).bind(id).bind(kind.as_str()).bind(until).execute(conn).await?;
    });
    Ok(())
}

/// Whose link it is, if it still holds at `now`. Uses nothing up.
pub async fn find_link(
    tx: &mut Tx,
    hash: &[u8],
    kind: LinkKind,
    now: Timestamp,
) -> Result<Option<StaffId>, StoreError> {
    on!(tx, |conn, sql = FIND_LINK| {
        Ok(sqlx::query_scalar(sql).bind(hash).bind(kind.as_str()).bind(now).fetch_optional(conn).await?)
    })
}

/// Uses a link up: of two who come at once only one gets the account.
pub async fn take_link(
    tx: &mut Tx,
    hash: &[u8],
    kind: LinkKind,
    now: Timestamp,
) -> Result<Option<StaffId>, StoreError> {
    on!(tx, |conn, sql = TAKE_LINK| {
        Ok(sqlx::query_scalar(sql).bind(hash).bind(kind.as_str()).bind(now).fetch_optional(conn).await?)
    })
}

pub async fn drop_links(tx: &mut Tx, id: StaffId, kind: LinkKind) -> Result<(), StoreError> {
    on!(tx, |conn, sql = DROP_LINKS| {
        sqlx::query(sql).bind(id).bind(kind.as_str()).execute(conn).await?;
    });
    Ok(())
}

/// Deletes links that have run out; gives their number.
pub async fn purge_links(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = PURGE_LINKS| {
        Ok(sqlx::query(sql).bind(now).execute(conn).await?.rows_affected())
    })
}
