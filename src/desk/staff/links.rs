//! One-time links: to set a password, to tie a Telegram contact.

use super::{Account, MINUTE_MS, Staff, StaffError, State, login::PASSWORD_MAX_CHARS, sessions::hash};
use crate::{
    desk::audit::{self, Deed, Verb},
    domain::{ContactId, StaffId, StaffLocale, Timestamp},
    privacy::totp,
    store::{
        StoreError, Tx,
        staff::{self, LinkKind},
        staff_sessions,
    },
};

/// How long a link to set a password holds, in hours.
pub const PASSWORD_LINK_HOURS: i64 = 48;
/// How long a /start code holds, in minutes.
pub const TELEGRAM_CODE_MINUTES: i64 = 15;
/// Shortest password, in characters (NIST SP 800-63B asks for 8 beside a second step, 15 without; people write 12).
pub const PASSWORD_MIN_CHARS: usize = 12;
const TOKEN_BYTES: usize = 24;
/// Bytes of a /start code: with its `staff-` it is as long as a campaign code may be.
const CODE_BYTES: usize = 16;

/// What every /start code of staff begins with.
pub const TELEGRAM_PREFIX: &str = "staff-";

/// How setting a password ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordSet {
    Done,
    /// Shorter than [`PASSWORD_MIN_CHARS`], or absurdly long.
    Length,
    /// Holds the login, or is one character again and again.
    Weak,
    /// The link was used or ran out.
    Gone,
}

/// What is wrong with a new password, if anything is.
fn judged(password: &str, login: &str) -> PasswordSet {
    let chars = password.chars().count();
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if !(PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS).contains(&chars) {
        PasswordSet::Length
    } else if distinct.len() < 5 || password.to_lowercase().contains(login) {
        PasswordSet::Weak
    } else {
        PasswordSet::Done
    }
}

/// Uses a /start code up, in the transaction of the turn that brought it: whose it was, and their language. `None`:
/// it is no code, was used, ran out, or its account is locked.
pub async fn use_code(
    tx: &mut Tx,
    code: &str,
    now: Timestamp,
) -> Result<Option<(StaffId, StaffLocale)>, StoreError> {
    let Some(id) = staff::take_link(tx, &hash(code), LinkKind::Telegram, now).await? else { return Ok(None) };
    let row = staff::by_id(tx, id).await?.filter(|row| row.state == State::Active.as_str());
    Ok(row.map(|row| (id, StaffLocale::parse(&row.locale).unwrap_or(StaffLocale::Ru))))
}

/// Ties a Telegram contact to an account; last in a transaction, as the trail is.
pub async fn tie(tx: &mut Tx, id: StaffId, contact: ContactId, now: Timestamp) -> Result<(), StoreError> {
    staff::set_telegram(tx, id, Some(contact)).await?;
    audit::append(tx, now, Deed::on_staff(Some(id), Verb::TelegramTied, id)).await
}

impl Staff {
    /// The token of a link with which the account's owner sets a password. Earlier ones of the account are void.
    pub async fn password_link(&self, by: Option<StaffId>, id: StaffId) -> Result<String, StaffError> {
        let now = self.clock.now();
        let token = self.random(TOKEN_BYTES);
        let until = now.plus_ms(PASSWORD_LINK_HOURS * 60 * MINUTE_MS);
        let mut tx = self.store.write().await?;
        staff::put_link(&mut tx, &hash(&token), id, LinkKind::Password, until).await?;
        audit::append(&mut tx, now, Deed::on_staff(by, Verb::LinkMade, id)).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Whose link it is, if it still holds. Looking uses nothing up.
    pub async fn link_owner(&self, token: &str) -> Result<Option<Account>, StaffError> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let owner = match staff::find_link(&mut tx, &hash(token), LinkKind::Password, now).await? {
            Some(id) => staff::by_id(&mut tx, id).await?,
            None => None,
        };
        tx.rollback().await?;
        let owner = owner.as_ref().map(Account::of).transpose()?;
        Ok(owner.filter(|account| account.state == State::Active))
    }

    /// Sets the password by a link and uses the link up. All sessions of the account end.
    pub async fn set_by_link(&self, token: &str, password: &str) -> Result<PasswordSet, StaffError> {
        let Some(owner) = self.link_owner(token).await? else { return Ok(PasswordSet::Gone) };
        let judged = judged(password, &owner.login);
        if judged != PasswordSet::Done {
            return Ok(judged);
        }
        let phc = self.hashed(password).await?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let Some(id) = staff::take_link(&mut tx, &hash(token), LinkKind::Password, now).await? else {
            return Ok(PasswordSet::Gone);
        };
        staff::set_password(&mut tx, id, Some(&phc)).await?;
        staff_sessions::remove_others(&mut tx, id, &[]).await?;
        audit::append(&mut tx, now, Deed::on_staff(Some(id), Verb::PasswordSet, id)).await?;
        tx.commit().await?;
        Ok(PasswordSet::Done)
    }

    /// Sets the password of somebody who is logged in and confirmed the old one. Other sessions end.
    pub async fn set_own_password(
        &self,
        token: &str,
        account: &Account,
        password: &str,
    ) -> Result<PasswordSet, StaffError> {
        let judged = judged(password, &account.login);
        if judged != PasswordSet::Done {
            return Ok(judged);
        }
        let phc = self.hashed(password).await?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        staff::set_password(&mut tx, account.id, Some(&phc)).await?;
        staff::drop_links(&mut tx, account.id, LinkKind::Password).await?;
        staff_sessions::remove_others(&mut tx, account.id, &hash(token)).await?;
        audit::append(&mut tx, now, Deed::on_staff(Some(account.id), Verb::PasswordSet, account.id)).await?;
        tx.commit().await?;
        Ok(PasswordSet::Done)
    }

    /// A code for `/start` that ties the Telegram contact who sends it to the account.
    pub async fn telegram_code(&self, id: StaffId) -> Result<String, StaffError> {
        let now = self.clock.now();
        let mut bytes = [0; CODE_BYTES];
        self.ids.fill(&mut bytes);
        let code = format!("{TELEGRAM_PREFIX}{}", totp::base32(&bytes).to_lowercase());
        let until = now.plus_ms(TELEGRAM_CODE_MINUTES * MINUTE_MS);
        let mut tx = self.store.write().await?;
        staff::put_link(&mut tx, &hash(&code), id, LinkKind::Telegram, until).await?;
        audit::append(&mut tx, now, Deed::on_staff(Some(id), Verb::TelegramCodeMade, id)).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// Ties a Telegram contact to the account of a code, once; false if the code is not or no longer good.
    pub async fn tie_telegram(&self, code: &str, contact: ContactId) -> Result<bool, StaffError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let Some((id, _)) = use_code(&mut tx, code, now).await? else { return Ok(false) };
        tie(&mut tx, id, contact, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Unties the account's Telegram contact.
    pub async fn untie_telegram(&self, id: StaffId) -> Result<(), StaffError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        staff::set_telegram(&mut tx, id, None).await?;
        audit::append(&mut tx, now, Deed::on_staff(Some(id), Verb::StaffChanged, id)).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_the_login() {
        for (password, judged_as) in [
            ("short", PasswordSet::Length),
            ("elevenchars", PasswordSet::Length),
            ("Мой длинный пароль", PasswordSet::Done),
            ("aaaaaaaaaaaaaaaa", PasswordSet::Weak),
            ("i am GULNARA 2026", PasswordSet::Weak),
            ("four words are fine", PasswordSet::Done),
        ] {
            assert_eq!(judged(password, "gulnara"), judged_as, "{password}");
        }
        assert_eq!(judged(&"ab cd efg".repeat(23), "x"), PasswordSet::Length);
    }
}
