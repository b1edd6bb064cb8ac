//! Accounts: made, changed, locked.

use super::{Account, Staff, StaffError, State, login::admins};
use crate::{
    desk::{
        Role, Roles,
        audit::{self, Deed, Verb},
    },
    domain::{ContactId, StaffId, StaffLocale},
    privacy::Keys,
    store::{
        StoreError, Tx,
        staff::{self, StaffRow},
        staff_sessions,
    },
};

/// Longest name and skill, in characters.
const NAME_MAX_CHARS: usize = 60;
/// Most skills of an account.
const SKILLS_MAX: usize = 40;
/// Longest e-mail address (RFC 5321 §4.5.3.1.3).
const EMAIL_MAX_CHARS: usize = 254;
/// Offsets that are in use on Earth, in minutes.
pub const ZONES: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;
/// Most open cases that a form may ask for.
const CASES_MAX: i32 = 200;

/// What keeps an account from being made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// 2 to 40 of a-z, 0-9, dot, hyphen, underscore.
    Login,
    LoginTaken,
    Name,
    Roles,
    Zone,
    Skills,
    Email,
    MaxCases,
    /// Nobody would be left who makes accounts.
    LastAdmin,
    /// Somebody changed the account meanwhile, or it is gone.
    Changed,
}

impl Wrong {
    /// The page says `wrong-<word>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::LoginTaken => "login-taken",
            Self::Name => "name",
            Self::Roles => "roles",
            Self::Zone => "zone",
            Self::Skills => "skills",
            Self::Email => "email",
            Self::MaxCases => "max-cases",
            Self::LastAdmin => "last-admin",
            Self::Changed => "changed",
        }
    }
}

/// A new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub roles: Roles,
    pub locale: StaffLocale,
    pub zone: i32,
}

/// What an administrator may change of an account.
#[derive(Clone, Debug)]
pub struct Change {
    pub name: String,
    pub roles: Roles,
    pub skills: Vec<String>,
    pub max_cases: Option<i32>,
    /// The version that was looked at.
    pub version: i64,
}

/// What somebody may change of their own account.
#[derive(Clone, Debug)]
pub struct OwnChange {
    pub locale: StaffLocale,
    pub zone: i32,
    /// Empty: none.
    pub email: String,
}

/// Somebody who can be told of something: whom an alarm goes to, if they are on duty.
#[derive(Clone)]
pub struct Reached {
    pub account: Account,
    pub email: Option<String>,
    pub telegram: Option<ContactId>,
}

fn good_login(login: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
    (2..=40).contains(&login.len()) && login.bytes().all(fits)
}

/// One line without control characters, neither empty nor too long.
fn good_line(text: &str) -> bool {
    let chars = text.chars().count();
    (1..=NAME_MAX_CHARS).contains(&chars) && !text.chars().any(|c| c.is_control() || bidi(c))
}

/// Marks that turn the reading direction: a name must not change the text around it.
const fn bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Something before and after one at-sign, no blanks: the rest is found out by sending.
fn good_email(email: &str) -> bool {
    let parts = email.split_once('@').filter(|(_, host)| !host.contains('@'));
    email.chars().count() <= EMAIL_MAX_CHARS
        && email.is_ascii()
        && !email.bytes().any(|b| b.is_ascii_whitespace() || b.is_ascii_control() || b"<>,;\"".contains(&b))
        && parts.is_some_and(|(name, host)| !name.is_empty() && host.len() > 2 && host.contains('.'))
}

fn email_context(id: StaffId) -> String {
    format!("staff-email:{id}")
}

impl Staff {
    /// All accounts by login.
    pub async fn list(&self) -> Result<Vec<Account>, StaffError> {
        let mut tx = self.store.read().await?;
        let rows = staff::list(&mut tx).await?;
        tx.rollback().await?;
        Ok(rows.iter().map(Account::of).collect::<Result<_, StoreError>>()?)
    }

    pub async fn get(&self, id: StaffId) -> Result<Option<Account>, StaffError> {
        let mut tx = self.store.read().await?;
        let row = staff::by_id(&mut tx, id).await?;
        tx.rollback().await?;
        Ok(row.as_ref().map(Account::of).transpose()?)
    }

    pub async fn get_by_login(&self, login: &str) -> Result<Option<Account>, StaffError> {
        let mut tx = self.store.read().await?;
        let row = staff::by_login(&mut tx, &login.trim().to_lowercase()).await?;
        tx.rollback().await?;
        Ok(row.as_ref().map(Account::of).transpose()?)
    }

    /// Whether there is no account yet.
    pub async fn is_empty(&self) -> Result<bool, StaffError> {
        let mut tx = self.store.read().await?;
        let count = staff::count(&mut tx).await?;
        tx.rollback().await?;
        Ok(count == 0)
    }

    /// Makes an account without a password; its owner sets one by [`Staff::password_link`].
    pub async fn add(
        &self,
        by: Option<StaffId>,
        new: &NewAccount,
    ) -> Result<Result<StaffId, Wrong>, StaffError> {
        let login = new.login.trim().to_lowercase();
        let name = new.name.trim();
        if !good_login(&login) {
            return Ok(Err(Wrong::Login));
        }
        if !good_line(name) {
            return Ok(Err(Wrong::Name));
        }
        if new.roles.is_empty() {
            return Ok(Err(Wrong::Roles));
        }
        if !ZONES.contains(&new.zone) {
            return Ok(Err(Wrong::Zone));
        }
        let now = self.clock.now();
        let row = StaffRow {
            id: StaffId(self.ids.next(now)),
            login,
            name: name.to_owned(),
            roles: new.roles.to_json(),
            password: None,
            totp_sealed: None,
            totp_key_id: None,
            totp_last: 0,
            locale: new.locale.as_str().to_owned(),
            zone: new.zone,
            email_sealed: None,
            email_key_id: None,
            on_duty: false,
            skills: "[]".to_owned(),
            telegram_contact: None,
            max_cases: None,
            state: State::Active.as_str().to_owned(),
            created_at: now,
            version: 1,
        };
        let mut tx = self.store.write().await?;
        if !staff::insert(&mut tx, &row).await? {
            tx.rollback().await?;
            return Ok(Err(Wrong::LoginTaken));
        }
        audit::append(&mut tx, now, Deed::on_staff(by, Verb::StaffAdded, row.id)).await?;
        tx.commit().await?;
        Ok(Ok(row.id))
    }

    /// Changes an account. Takes effect at once, also for sessions that are open.
    pub async fn change(
        &self,
        by: Option<StaffId>,
        id: StaffId,
        change: &Change,
    ) -> Result<Result<(), Wrong>, StaffError> {
        let name = change.name.trim();
        if !good_line(name) {
            return Ok(Err(Wrong::Name));
        }
        if change.roles.is_empty() {
            return Ok(Err(Wrong::Roles));
        }
        if change.skills.len() > SKILLS_MAX || !change.skills.iter().all(|skill| good_line(skill)) {
            return Ok(Err(Wrong::Skills));
        }
        if change.max_cases.is_some_and(|most| !(1..=CASES_MAX).contains(&most)) {
            return Ok(Err(Wrong::MaxCases));
        }
        let mut tx = self.store.write().await?;
        let Some(mut row) = staff::by_id(&mut tx, id).await? else { return Ok(Err(Wrong::Changed)) };
        let before = Roles::from_json(&row.roles);
        name.clone_into(&mut row.name);
        row.roles = change.roles.to_json();
        row.skills = serde_json::to_string(&change.skills).unwrap_or_default();
        row.max_cases = change.max_cases;
        row.version = change.version;
        let verb = if before == change.roles { Verb::StaffChanged } else { Verb::RolesChanged };
        let was_admin = before.has(Role::Admin) && row.state == State::Active.as_str();
        self.finish(tx, by, &row, verb, was_admin).await
    }

    /// Locks an account, which ends its sessions, or lets it in again.
    pub async fn set_locked(
        &self,
        by: Option<StaffId>,
        id: StaffId,
        locked: bool,
    ) -> Result<Result<(), Wrong>, StaffError> {
        let mut tx = self.store.write().await?;
        let Some(mut row) = staff::by_id(&mut tx, id).await? else { return Ok(Err(Wrong::Changed)) };
        let was_admin = Roles::from_json(&row.roles).has(Role::Admin) && row.state == State::Active.as_str();
        let (state, verb) =
            if locked { (State::Locked, Verb::StaffLocked) } else { (State::Active, Verb::StaffUnlocked) };
        state.as_str().clone_into(&mut row.state);
        if locked {
            row.on_duty = false;
            staff_sessions::remove_others(&mut tx, id, &[]).await?;
        }
        self.finish(tx, by, &row, verb, was_admin).await
    }

    /// Saves, writes the trail, and undoes all if the last administrator would go.
    async fn finish(
        &self,
        mut tx: Tx,
        by: Option<StaffId>,
        row: &StaffRow,
        verb: Verb,
        was_admin: bool,
    ) -> Result<Result<(), Wrong>, StaffError> {
        let saved = staff::save(&mut tx, row).await?;
        audit::append(&mut tx, self.clock.now(), Deed::on_staff(by, verb, row.id)).await?;
        let wrong = if !saved {
            Some(Wrong::Changed)
        } else if was_admin && admins(&mut tx).await? == 0 {
            Some(Wrong::LastAdmin)
        } else {
            None
        };
        if let Some(wrong) = wrong {
            tx.rollback().await?;
            return Ok(Err(wrong));
        }
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Rows of the trail before a number, the newest first. The first page of a look is itself in the trail.
    pub async fn trail(
        &self,
        by: StaffId,
        before: i64,
        of: audit::Of<'_>,
        limit: u32,
    ) -> Result<Vec<audit::Shown>, StaffError> {
        if before == i64::MAX {
            let mut tx = self.store.write().await?;
            audit::append(&mut tx, self.clock.now(), Deed::plain(Some(by), Verb::TrailRead)).await?;
            tx.commit().await?;
        }
        Ok(audit::page(&self.store, before, of, limit).await?)
    }

    /// Notes that somebody looked at what stands behind a figure.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_trace(&self, by: StaffId) -> Result<(), StaffError> {
        let mut tx = self.store.write().await?;
        audit::append(&mut tx, self.clock.now(), Deed::plain(Some(by), Verb::FigureTraced)).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of an account.
    pub async fn end_sessions(&self, by: Option<StaffId>, id: StaffId) -> Result<(), StaffError> {
        let mut tx = self.store.write().await?;
        staff_sessions::remove_others(&mut tx, id, &[]).await?;
        audit::append(&mut tx, self.clock.now(), Deed::on_staff(by, Verb::SessionsEnded, id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Changes one's own language, zone and e-mail.
    pub async fn change_own(&self, id: StaffId, change: &OwnChange) -> Result<Result<(), Wrong>, StaffError> {
        let email = change.email.trim();
        if !email.is_empty() && !good_email(email) {
            return Ok(Err(Wrong::Email));
        }
        if !ZONES.contains(&change.zone) {
            return Ok(Err(Wrong::Zone));
        }
        let mut tx = self.store.write().await?;
        let Some(mut row) = staff::by_id(&mut tx, id).await? else { return Ok(Err(Wrong::Changed)) };
        change.locale.as_str().clone_into(&mut row.locale);
        row.zone = change.zone;
        row.email_sealed =
            (!email.is_empty()).then(|| self.keys.seal(&email_context(id), email.as_bytes(), &*self.ids));
        row.email_key_id = row.email_sealed.is_some().then_some(Keys::ID);
        self.finish(tx, Some(id), &row, Verb::StaffChanged, false).await
    }

    /// The language alone, from the switch on each page.
    pub async fn set_locale(&self, id: StaffId, locale: StaffLocale) -> Result<(), StaffError> {
        let mut tx = self.store.write().await?;
        if let Some(mut row) = staff::by_id(&mut tx, id).await? {
            locale.as_str().clone_into(&mut row.locale);
            staff::save(&mut tx, &row).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// One's own e-mail address.
    pub async fn email(&self, id: StaffId) -> Result<Option<String>, StaffError> {
        let mut tx = self.store.read().await?;
        let row = staff::by_id(&mut tx, id).await?;
        tx.rollback().await?;
        row.and_then(|row| self.open_email(&row).transpose()).transpose()
    }

    fn open_email(&self, row: &StaffRow) -> Result<Option<String>, StaffError> {
        let Some(sealed) = &row.email_sealed else { return Ok(None) };
        let plain = self.keys.open(&email_context(row.id), sealed).map_err(|_| StaffError::Secret)?;
        Ok(Some(String::from_utf8(plain).map_err(|_| StaffError::Secret)?))
    }

    /// Goes on or off duty: who is on duty hears the alarm of urgent cases.
    pub async fn set_duty(&self, by: StaffId, id: StaffId, on_duty: bool) -> Result<(), StaffError> {
        let verb = if on_duty { Verb::OnDuty } else { Verb::OffDuty };
        let mut tx = self.store.write().await?;
        staff::set_duty(&mut tx, id, on_duty).await?;
        audit::append(&mut tx, self.clock.now(), Deed::on_staff(Some(by), verb, id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whom an alarm goes to: active, on duty.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn on_duty(&self) -> Result<Vec<Reached>, StaffError> {
        let mut all = self.reached().await?;
        all.retain(|one| one.account.on_duty);
        Ok(all)
    }

    /// Everybody whose account is active, and how they can be told of something.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reached(&self) -> Result<Vec<Reached>, StaffError> {
        let mut tx = self.store.read().await?;
        let rows = staff::list(&mut tx).await?;
        tx.rollback().await?;
        let mut found = Vec::new();
        for row in rows.iter().filter(|row| row.state == State::Active.as_str()) {
            found.push(Reached {
                account: Account::of(row)?,
                // One address that does not open must not silence the alarm of all.
                email: self.open_email(row).unwrap_or_else(|error| {
                    tracing::error!(staff.id = row.id.0, %error, "an address for the alarm cannot be read");
                    None
                }),
                telegram: row.telegram_contact,
            });
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_looked_at() {
        for (login, good) in
            [("a", false), ("ab", true), ("g.nara-2_x", true), ("Ab", false), ("имя", false), ("a b", false)]
        {
            assert_eq!(good_login(login), good, "{login}");
        }
        for (name, good) in [("", false), ("Гулнора", true), ("a\nb", false), ("a\u{202e}b", false)] {
            assert_eq!(good_line(name), good, "{name:?}");
        }
        assert!(!good_line(&"я".repeat(61)));
        for (email, good) in [
            ("a@b.tj", true),
            ("a.b+c@mail.example.org", true),
            ("a@b", false),
            ("a@b@c.d", false),
            ("a b@c.de", false),
            ("a@c.de\r\nBcc: x@y.z", false),
            ("<a@c.de>", false),
            ("@c.de", false),
        ] {
            assert_eq!(good_email(email), good, "{email}");
        }
    }
}
