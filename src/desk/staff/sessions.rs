//! Sessions: a random token in a cookie, its hash in the database.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::{Account, MINUTE_MS, Staff, StaffError, State};
use crate::{
    domain::{StaffId, Timestamp},
    store::{
        StoreError, Tx, staff,
        staff_sessions::{self, SessionRow},
    },
};

const TOKEN_BYTES: usize = 32;
const CSRF_BYTES: usize = 16;
/// Signs of life closer together than that are not written.
const TOUCH_MS: i64 = MINUTE_MS;

/// How far somebody has come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// In.
    Done,
    /// The password was right; the code of the second step is still to come.
    Code,
    /// The role needs a second step, and there is none yet: it must be set up first.
    Enrol,
}

/// Who has a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub account: Account,
    /// Each form of the session carries it.
    pub csrf: String,
    pub step: Step,
}

impl Staff {
    /// Who has the token, if the session still holds. `live`: a request that the page made by itself, which is no
    /// sign of the person.
    pub async fn seen(&self, token: &str, live: bool) -> Result<Option<Seen>, StaffError> {
        let now = self.clock.now();
        let hash = hash(token);
        let mut tx = self.store.read().await?;
        let found = self.find(&mut tx, &hash, now).await?;
        tx.rollback().await?;
        let Some((session, seen)) = found else { return Ok(None) };
        if !live && now.ms_since(session.seen_at) >= TOUCH_MS {
            let mut tx = self.store.write().await?;
            staff_sessions::touch(&mut tx, &hash, now).await?;
            tx.commit().await?;
        }
        Ok(Some(seen))
    }

    /// Whose session this was, and its form token, if it has ended by time since yesterday: what they were writing is
    /// kept for them. It opens nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ended(&self, token: &str) -> Result<Option<(Account, String)>, StaffError> {
        let hash = hash(token);
        let mut tx = self.store.read().await?;
        let Some(session) = staff_sessions::find(&mut tx, &hash).await? else { return Ok(None) };
        let Some(row) = staff::by_id(&mut tx, session.staff_id).await? else { return Ok(None) };
        tx.rollback().await?;
        let account = Account::of(&row)?;
        // Who stood at the second step had no page to write on.
        let was_in = session.second_factor || !account.has_second_step;
        Ok((account.state == State::Active && was_in).then_some((account, session.csrf)))
    }

    pub(super) async fn find(
        &self,
        tx: &mut Tx,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<(SessionRow, Seen)>, StoreError> {
        let Some(session) = staff_sessions::find(tx, hash).await? else { return Ok(None) };
        let idle_ms = self.rules.idle_minutes * MINUTE_MS;
        if session.until_at <= now || now.ms_since(session.seen_at) >= idle_ms {
            return Ok(None);
        }
        let Some(row) = staff::by_id(tx, session.staff_id).await? else { return Ok(None) };
        let account = Account::of(&row)?;
        if account.state == State::Locked {
            return Ok(None);
        }
        let step = match (account.has_second_step, session.second_factor) {
            (true, false) => Step::Code,
            (false, _) if account.roles.need_second_step() => Step::Enrol,
            _ => Step::Done,
        };
        let csrf = session.csrf.clone();
        Ok(Some((session, Seen { account, csrf, step })))
    }

    /// Begins a session; gives its token.
    pub(super) async fn begin(
        &self,
        tx: &mut Tx,
        staff_id: StaffId,
        second_factor: bool,
    ) -> Result<String, StoreError> {
        let now = self.clock.now();
        let token = self.random(TOKEN_BYTES);
        let row = SessionRow {
            staff_id,
            csrf: self.random(CSRF_BYTES),
            created_at: now,
            seen_at: now,
            until_at: now.plus_ms(self.rules.session_hours * 60 * MINUTE_MS),
            second_factor,
        };
        staff_sessions::insert(tx, &hash(&token), &row).await?;
        Ok(token)
    }

    /// A token for the form of somebody who has no session: it stands in the form and in a cookie.
    pub fn form_token(&self) -> String {
        self.random(CSRF_BYTES)
    }

    /// Random bytes as text that may stand in an address or a cookie.
    pub(super) fn random(&self, bytes: usize) -> String {
        let mut raw = vec![0; bytes];
        self.ids.fill(&mut raw);
        URL_SAFE_NO_PAD.encode(raw)
    }
}

/// A token is random, so a plain hash is enough to keep it.
pub(super) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
