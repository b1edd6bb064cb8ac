//! Pauses after failed logins, growing, by account and by address.
//!
//! A try is counted before the password is looked at, so that many at once gain nothing; a right one is taken back.

use super::{MINUTE_MS, Staff};
use crate::{
    domain::Timestamp,
    store::{
        StoreError, Tx,
        staff_sessions::{self, Failures},
    },
};

/// Failures of an account before pauses begin: people mistype.
const ACCOUNT_FREE: i32 = 5;
/// Failures of an address before pauses begin: a centre has one address for all.
const ADDRESS_FREE: i32 = 20;
const FIRST_PAUSE_MS: i64 = 30_000;
/// The longest pause. Somebody who wants to keep another out can: for that long, and the trail shows it.
const PAUSE_MAX_MS: i64 = 15 * MINUTE_MS;
/// Failures older than that are forgotten.
const MEMORY_MS: i64 = 24 * 60 * MINUTE_MS;

/// What is counted: a keyed hash, and how many failures are free.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    key: Vec<u8>,
    free: i32,
}

/// How long to wait after so many failures.
fn pause_ms(count: i32, free: i32) -> i64 {
    if count < free {
        return 0;
    }
    let doublings = u32::try_from(count - free).unwrap_or(0).min(16);
    (FIRST_PAUSE_MS << doublings).min(PAUSE_MAX_MS)
}

impl Staff {
    pub(super) fn by_login(&self, login: &str) -> Counted {
        Counted { key: self.keys.digest("login", login.as_bytes()), free: ACCOUNT_FREE }
    }

    pub(super) fn by_code(&self, id: i64) -> Counted {
        Counted { key: self.keys.digest("login-code", id.to_string().as_bytes()), free: ACCOUNT_FREE }
    }

    pub(super) fn by_address(&self, address: &str) -> Counted {
        Counted { key: self.keys.digest("login-address", address.as_bytes()), free: ADDRESS_FREE }
    }

    /// Counts a try against all of them; the seconds to wait if one of them pauses, and then nothing is counted.
    pub(super) async fn try_once(&self, counted: &[Counted]) -> Result<Option<i64>, StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let rows = locked(&mut tx, counted, now).await?;
        let until = rows.iter().map(|(_, row)| row.until_at.0).max().unwrap_or(0);
        if until > now.0 {
            tx.rollback().await?;
            return Ok(Some((until - now.0 + 999) / 1000));
        }
        for (counted, row) in rows {
            let count = if now.ms_since(row.at) > MEMORY_MS { 1 } else { row.count.saturating_add(1) };
            let until_at = now.plus_ms(pause_ms(count, counted.free));
            staff_sessions::set_failures(&mut tx, &counted.key, Failures { count, until_at, at: now })
                .await?;
        }
        tx.commit().await?;
        Ok(None)
    }

    /// The try was right: the account begins anew, the address has one failure less.
    pub(super) async fn forgive(
        &self,
        tx: &mut Tx,
        account: &Counted,
        address: &Counted,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        for (counted, row) in locked(tx, &[account.clone(), address.clone()], now).await? {
            if counted.key == account.key || row.count <= 1 {
                staff_sessions::forgive(tx, &counted.key).await?;
            } else {
                let row = Failures { count: row.count - 1, until_at: now, at: row.at };
                staff_sessions::set_failures(tx, &counted.key, row).await?;
            }
        }
        Ok(())
    }
}

/// The rows, locked in the order of their keys: two who log in at once never wait for each other in a circle.
async fn locked(
    tx: &mut Tx,
    counted: &[Counted],
    now: Timestamp,
) -> Result<Vec<(Counted, Failures)>, StoreError> {
    let mut counted = counted.to_vec();
    counted.sort_by(|a, b| a.key.cmp(&b.key));
    let mut rows = Vec::with_capacity(counted.len());
    for one in counted {
        let row = staff_sessions::lock_failures(tx, &one.key, now).await?;
        rows.push((one, row));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let seconds = |count| pause_ms(count, 5) / 1000;
        assert_eq!([0, 4].map(seconds), [0, 0]);
        assert_eq!([5, 6, 7, 8, 9].map(seconds), [30, 60, 120, 240, 480]);
        assert_eq!([10, 11, 40, i32::MAX].map(seconds), [900; 4]);
    }
}
