//! Accounts of staff: logging in, sessions, second step, one-time links.

mod links;
mod login;
mod people;
mod second;
mod sessions;
mod throttle;

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::{
    clock::{Clock, Ids},
    domain::{StaffId, StaffLocale},
    privacy::Keys,
    store::{Store, StoreError, staff::StaffRow},
};

use super::Roles;

pub use links::{
    PASSWORD_LINK_HOURS, PASSWORD_MIN_CHARS, PasswordSet, TELEGRAM_CODE_MINUTES, TELEGRAM_PREFIX, tie,
    use_code,
};
pub use login::{Confirmed, Entry};
pub use people::{Change, NewAccount, OwnChange, Reached, Wrong, ZONES};
pub use second::{Enrolled, Offer};
pub use sessions::{Seen, Step};

/// Passwords hashed at once: each takes 19 MiB.
const HASHES_AT_ONCE: usize = 2;
const MINUTE_MS: i64 = 60_000;

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Without a sign of the person a session ends after so many minutes. Live updates are no such sign.
    pub idle_minutes: i64,
    /// A session ends after so many hours, whatever happens.
    pub session_hours: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { idle_minutes: 30, session_hours: 12 }
    }
}

/// What could not be done.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A sealed value does not open, or argon2 has no memory.
    #[error("an account's secret cannot be used")]
    Secret,
}

/// The service. Clones share it.
#[derive(Clone)]
pub struct Staff {
    store: Store,
    keys: Keys,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    rules: Rules,
    hashing: Arc<Semaphore>,
}

impl std::fmt::Debug for Staff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Staff")
    }
}

impl Staff {
    pub fn new(store: Store, keys: Keys, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, rules: Rules) -> Self {
        Self { store, keys, clock, ids, rules, hashing: Arc::new(Semaphore::new(HASHES_AT_ONCE)) }
    }

    pub const fn rules(&self) -> Rules {
        self.rules
    }
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Locked,
}

impl State {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
        }
    }
}

/// An account as the rest of the house sees it: no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: StaffId,
    pub login: String,
    /// First name or alias: migrants see it.
    pub name: String,
    pub roles: Roles,
    pub locale: StaffLocale,
    /// Minutes east of UTC.
    pub zone: i32,
    pub on_duty: bool,
    /// Topic ids and words.
    pub skills: Vec<String>,
    pub has_email: bool,
    pub has_telegram: bool,
    pub has_password: bool,
    pub has_second_step: bool,
    /// Most open cases at once; none: the desk's setting.
    pub max_cases: Option<i32>,
    pub state: State,
    pub version: i64,
}

impl Account {
    pub fn is_locked(&self) -> bool {
        self.state == State::Locked
    }

    fn of(row: &StaffRow) -> Result<Self, StoreError> {
        let unread = |column: &str| StoreError::Inconsistent {
            table: "staff",
            column: column.to_owned(),
            row: row.id.to_string(),
        };
        Ok(Self {
            id: row.id,
            login: row.login.clone(),
            name: row.name.clone(),
            roles: Roles::from_json(&row.roles),
            locale: StaffLocale::parse(&row.locale).ok_or_else(|| unread("locale"))?,
            zone: row.zone,
            on_duty: row.on_duty,
            skills: serde_json::from_str(&row.skills).map_err(|_| unread("skills"))?,
            has_email: row.email_sealed.is_some(),
            has_telegram: row.telegram_contact.is_some(),
            has_password: row.password.is_some(),
            has_second_step: row.totp_sealed.is_some(),
            max_cases: row.max_cases,
            state: match row.state.as_str() {
                "active" => State::Active,
                "locked" => State::Locked,
                _ => return Err(unread("state")),
            },
            version: row.version,
        })
    }
}
