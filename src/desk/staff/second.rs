//! The second step: setting it up, codes of recovery.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Staff, StaffError, sessions::hash};
use crate::{
    desk::audit::{self, Deed, Verb},
    domain::StaffId,
    privacy::{Keys, totp},
    store::{Tx, staff, staff_sessions},
};

/// Codes of recovery that are made at once.
const RECOVERY_CODES: usize = 10;
/// Bytes of one: 16 letters and digits of base32.
const RECOVERY_BYTES: usize = 10;

/// A secret that waits to be confirmed by a first code. Nothing is stored yet.
pub struct Offer {
    /// The sealed secret, for a hidden field: it opens for this account only.
    pub sealed: String,
    /// The secret as it is typed into an app, in groups of four.
    pub key: String,
    /// What the QR code says.
    pub uri: String,
}

/// How setting up the second step ended.
pub enum Enrolled {
    /// The session's new token, and the codes of recovery: shown once.
    Done {
        token: String,
        codes: Vec<String>,
    },
    /// The code is not that of the secret.
    Wrong,
    Wait {
        seconds: i64,
    },
}

fn totp_context(id: StaffId) -> String {
    format!("staff-totp:{id}")
}

fn offer_context(id: StaffId) -> String {
    format!("staff-totp-offer:{id}")
}

/// Letters and digits in groups of four.
fn grouped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    for (place, c) in text.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

impl Staff {
    pub(super) fn open_secret(&self, id: StaffId, sealed: &[u8]) -> Result<Vec<u8>, StaffError> {
        self.keys.open(&totp_context(id), sealed).map_err(|_| StaffError::Secret)
    }

    /// A new secret for an account.
    pub fn offer(&self, id: StaffId, login: &str) -> Offer {
        let mut secret = [0; totp::SECRET_BYTES];
        self.ids.fill(&mut secret);
        self.shown(id, login, &secret)
    }

    /// The same offer again, after a wrong code.
    pub fn offer_again(&self, id: StaffId, login: &str, sealed: &str) -> Option<Offer> {
        Some(self.shown(id, login, &self.offered(id, sealed)?))
    }

    fn shown(&self, id: StaffId, login: &str, secret: &[u8]) -> Offer {
        Offer {
            sealed: URL_SAFE_NO_PAD.encode(self.keys.seal(&offer_context(id), secret, &*self.ids)),
            key: grouped(&totp::base32(secret)),
            uri: totp::uri(secret, login),
        }
    }

    fn offered(&self, id: StaffId, sealed: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let secret = self.keys.open(&offer_context(id), &sealed).ok()?;
        (secret.len() == totp::SECRET_BYTES).then_some(secret)
    }

    /// Takes an offer whose first code was typed. Other sessions of the account end.
    pub async fn enrol(
        &self,
        token: &str,
        id: StaffId,
        sealed: &str,
        typed: &str,
        address: &str,
    ) -> Result<Enrolled, StaffError> {
        let (code, address) = (self.by_code(id.0), self.by_address(address));
        if let Some(seconds) = self.try_once(&[code.clone(), address.clone()]).await? {
            return Ok(Enrolled::Wait { seconds });
        }
        let now = self.clock.now();
        let secret = self.offered(id, sealed);
        let step = secret.as_ref().and_then(|secret| totp::matching_step(secret, typed, now));
        let (Some(secret), Some(step)) = (secret, step) else { return Ok(Enrolled::Wrong) };
        let sealed = self.keys.seal(&totp_context(id), &secret, &*self.ids);
        let mut tx = self.store.write().await?;
        // The account before the counts, as the second step does it: two at once never wait in a circle.
        staff::set_totp(&mut tx, id, Some((&sealed, Keys::ID)), step).await?;
        self.forgive(&mut tx, &code, &address).await?;
        let codes = self.new_codes(&mut tx, id).await?;
        staff_sessions::remove(&mut tx, &hash(token)).await?;
        staff_sessions::remove_others(&mut tx, id, &[]).await?;
        let token = self.begin(&mut tx, id, true).await?;
        audit::append(&mut tx, now, Deed::on_staff(Some(id), Verb::SecondStepSet, id)).await?;
        tx.commit().await?;
        Ok(Enrolled::Done { token, codes })
    }

    /// New codes of recovery; the old ones are void. Shown once.
    pub async fn renew_codes(&self, id: StaffId) -> Result<Vec<String>, StaffError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let codes = self.new_codes(&mut tx, id).await?;
        audit::append(&mut tx, now, Deed::on_staff(Some(id), Verb::RecoveryMade, id)).await?;
        tx.commit().await?;
        Ok(codes)
    }

    async fn new_codes(&self, tx: &mut Tx, id: StaffId) -> Result<Vec<String>, StaffError> {
        let codes: Vec<String> = (0..RECOVERY_CODES)
            .map(|_| {
                let mut bytes = [0; RECOVERY_BYTES];
                self.ids.fill(&mut bytes);
                grouped(&totp::base32(&bytes))
            })
            .collect();
        let hashes: Vec<Vec<u8>> = codes.iter().map(|code| self.recovery_hash(id, code)).collect();
        staff::replace_recovery(tx, id, &hashes).await?;
        Ok(codes)
    }

    /// Blanks, hyphens and case do not matter.
    pub(super) fn recovery_hash(&self, id: StaffId, typed: &str) -> Vec<u8> {
        let code: String =
            typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        self.keys.digest("staff-recovery", format!("{id}:{code}").as_bytes())
    }

    /// Codes of recovery that are left.
    pub async fn codes_left(&self, id: StaffId) -> Result<u64, StaffError> {
        let mut tx = self.store.read().await?;
        let left = staff::count_recovery(&mut tx, id).await?;
        tx.rollback().await?;
        Ok(left)
    }

    /// Takes the second step and its codes from an account; sessions end. Whose role needs one sets it up anew.
    pub async fn remove_second_step(&self, by: Option<StaffId>, id: StaffId) -> Result<(), StaffError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        staff::set_totp(&mut tx, id, None, 0).await?;
        staff::replace_recovery(&mut tx, id, &[]).await?;
        staff_sessions::remove_others(&mut tx, id, &[]).await?;
        audit::append(&mut tx, now, Deed::on_staff(by, Verb::SecondStepRemoved, id)).await?;
        tx.commit().await?;
        Ok(())
    }
}
