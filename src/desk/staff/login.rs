//! Logging in and out.

use std::sync::OnceLock;

use super::{Staff, StaffError, State, sessions::hash};
use crate::{
    desk::{
        Roles,
        audit::{self, Deed, Verb},
    },
    domain::StaffId,
    privacy::{password, totp},
    store::{StoreError, Tx, staff, staff_sessions},
};

/// How a try to come in ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The token of the new session.
    In { token: String },
    /// Wrong, without saying what.
    Refused,
    /// Too many failures: nothing was looked at.
    Wait { seconds: i64 },
}

/// Longest password that is hashed at all, in characters.
pub(super) const PASSWORD_MAX_CHARS: usize = 200;

/// The hash of nobody's password: an unknown login costs as much time as a known one.
static NOBODY: OnceLock<String> = OnceLock::new();

impl Staff {
    /// First step: login and password. `address`: where the request came from.
    pub async fn log_in(&self, login: &str, given: &str, address: &str) -> Result<Entry, StaffError> {
        let login = login.trim().to_lowercase();
        let (account, address) = (self.by_login(&login), self.by_address(address));
        if let Some(seconds) = self.try_once(&[account.clone(), address.clone()]).await? {
            return Ok(Entry::Wait { seconds });
        }
        let mut tx = self.store.read().await?;
        let row = staff::by_login(&mut tx, &login).await?;
        tx.rollback().await?;
        let stored = row.as_ref().and_then(|row| row.password.clone());
        let right = self.verify(given, stored).await;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let entry = match row {
            Some(row) if right && row.state == State::Active.as_str() => {
                self.forgive(&mut tx, &account, &address).await?;
                let token = self.begin(&mut tx, row.id, false).await?;
                if row.totp_sealed.is_none() {
                    audit::append(&mut tx, now, Deed::plain(Some(row.id), Verb::LogIn)).await?;
                }
                Entry::In { token }
            }
            Some(row) => {
                audit::append(&mut tx, now, Deed::on_staff(None, Verb::LogInRefused, row.id)).await?;
                Entry::Refused
            }
            None => {
                audit::append(&mut tx, now, Deed::plain(None, Verb::LogInRefused)).await?;
                Entry::Refused
            }
        };
        tx.commit().await?;
        Ok(entry)
    }

    /// Second step: a code of the app, or one of recovery. The session gets a new token.
    pub async fn pass(&self, token: &str, typed: &str, address: &str) -> Result<Entry, StaffError> {
        let now = self.clock.now();
        let old = hash(token);
        let mut tx = self.store.read().await?;
        let found = self.find(&mut tx, &old, now).await?;
        tx.rollback().await?;
        let Some((_, seen)) = found else { return Ok(Entry::Refused) };
        let id = seen.account.id;
        let (code, address) = (self.by_code(id.0), self.by_address(address));
        if let Some(seconds) = self.try_once(&[code.clone(), address.clone()]).await? {
            return Ok(Entry::Wait { seconds });
        }
        let mut tx = self.store.write().await?;
        let entry = match self.use_code(&mut tx, id, typed).await? {
            None => {
                audit::append(&mut tx, now, Deed::on_staff(None, Verb::SecondStepRefused, id)).await?;
                Entry::Refused
            }
            Some(verb) => {
                self.forgive(&mut tx, &code, &address).await?;
                staff_sessions::remove(&mut tx, &old).await?;
                let token = self.begin(&mut tx, id, true).await?;
                if verb != Verb::LogIn {
                    audit::append(&mut tx, now, Deed::on_staff(Some(id), verb, id)).await?;
                }
                audit::append(&mut tx, now, Deed::plain(Some(id), Verb::LogIn)).await?;
                Entry::In { token }
            }
        };
        tx.commit().await?;
        Ok(entry)
    }

    /// Uses up a code of the app ([`Verb::LogIn`]) or of recovery; `None`: it is neither, or was used before.
    async fn use_code(&self, tx: &mut Tx, id: StaffId, typed: &str) -> Result<Option<Verb>, StaffError> {
        let Some(row) = staff::by_id(tx, id).await? else { return Ok(None) };
        let Some(sealed) = row.totp_sealed else { return Ok(None) };
        let secret = self.open_secret(id, &sealed)?;
        if let Some(step) = totp::matching_step(&secret, typed, self.clock.now()) {
            return Ok(staff::use_step(tx, id, step).await?.then_some(Verb::LogIn));
        }
        let code = self.recovery_hash(id, typed);
        Ok(staff::take_recovery(tx, id, &code).await?.then_some(Verb::RecoveryUsed))
    }

    /// Ends a session. The token of nobody is no failure.
    pub async fn log_out(&self, token: &str) -> Result<(), StaffError> {
        let now = self.clock.now();
        let hash = hash(token);
        let mut tx = self.store.write().await?;
        if let Some(session) = staff_sessions::find(&mut tx, &hash).await? {
            staff_sessions::remove(&mut tx, &hash).await?;
            audit::append(&mut tx, now, Deed::plain(Some(session.staff_id), Verb::LogOut)).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Whether somebody who is logged in knows their password, before a change that matters. Counts like a login.
    pub async fn confirm(&self, id: StaffId, given: &str, address: &str) -> Result<Confirmed, StaffError> {
        let mut tx = self.store.read().await?;
        let row = staff::by_id(&mut tx, id).await?;
        tx.rollback().await?;
        let Some(row) = row else { return Ok(Confirmed::No) };
        let (account, address) = (self.by_login(&row.login), self.by_address(address));
        if let Some(seconds) = self.try_once(&[account.clone(), address.clone()]).await? {
            return Ok(Confirmed::Wait { seconds });
        }
        if !self.verify(given, row.password).await {
            return Ok(Confirmed::No);
        }
        let mut tx = self.store.write().await?;
        self.forgive(&mut tx, &account, &address).await?;
        tx.commit().await?;
        Ok(Confirmed::Yes)
    }

    /// Takes as long for an account without a password as for one with.
    async fn verify(&self, given: &str, stored: Option<String>) -> bool {
        if given.chars().count() > PASSWORD_MAX_CHARS {
            return false;
        }
        let Ok(_permit) = self.hashing.acquire().await else { return false };
        let (given, ids) = (given.to_owned(), self.ids.clone());
        let known = stored.is_some();
        let checked = tokio::task::spawn_blocking(move || {
            let nobody = || NOBODY.get_or_init(|| password::hash("nobody", &*ids).unwrap_or_default());
            password::verify(&given, stored.as_ref().unwrap_or_else(nobody))
        });
        checked.await.unwrap_or(false) && known
    }

    /// argon2id of a new password.
    pub(super) async fn hashed(&self, password: &str) -> Result<String, StaffError> {
        let _permit = self.hashing.acquire().await.map_err(|_| StaffError::Secret)?;
        let (password, ids) = (password.to_owned(), self.ids.clone());
        let hashed = tokio::task::spawn_blocking(move || password::hash(&password, &*ids));
        hashed.await.ok().flatten().ok_or(StaffError::Secret)
    }
}

/// Whether the password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    Yes,
    No,
    Wait { seconds: i64 },
}

/// Active administrators. Ask it after the trail was appended to, in the same transaction: whoever takes the role
/// from another at that moment waits there.
pub(super) async fn admins(tx: &mut Tx) -> Result<usize, StoreError> {
    let rows = staff::list(tx).await?;
    let is_admin = |row: &staff::StaffRow| {
        row.state == State::Active.as_str() && Roles::from_json(&row.roles).has(crate::desk::Role::Admin)
    };
    Ok(rows.iter().filter(|row| is_admin(row)).count())
}
