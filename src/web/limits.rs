//! How much and how fast a visitor may send.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::domain::Timestamp;

/// Longest body of `/chat/send`. 4,096 characters written as `\uXXXX` pairs take 48 KiB.
pub const CHAT_BODY_MAX_BYTES: usize = 64 * 1024;
/// How long a file may take to arrive: 20 MB over a poor line.
pub const FILE_WAIT: Duration = Duration::from_secs(300);
/// Files on their way at once, each in memory up to twice.
pub const FILES_AT_ONCE: usize = 4;
/// Longest form of staff with a file that is read at all. What is over the longest file is thrown away as it comes, so
/// that a browser, which sends a form to its end, then shows the answer.
pub const UPLOAD_READ_MAX_BYTES: usize = 128 << 20;
/// Longest webhook body (issue 3, "Bad input").
pub const HOOK_BODY_MAX_BYTES: usize = 1024 * 1024;
/// Longest delivery of WhatsApp: it documents 3 MB (channels.md §3.3).
pub const WHATSAPP_BODY_MAX_BYTES: usize = 4 * 1024 * 1024;
/// How long a visitor's body may take to arrive.
pub const BODY_WAIT: Duration = Duration::from_secs(20);

/// Requests that a visitor may make at once, and again over [`WINDOW_MS`].
const BURST: i64 = 30;
const WINDOW_MS: i64 = 10_000;
/// Time that one request costs.
const COST_MS: i64 = WINDOW_MS / BURST;
/// Visitors remembered; one who is forgotten may send a burst anew.
const VISITORS_MAX: usize = 20_000;

/// One bucket a visitor, in memory: 30 requests, refilled over 10 s.
///
/// A bucket is the instant at which it is full again, so idle ones need no room.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<Box<str>, i64>>);

impl Throttle {
    /// Takes one request from the visitor's bucket.
    ///
    /// # Errors
    /// Seconds to wait when the bucket is empty.
    pub fn take(&self, token: &str, now: Timestamp) -> Result<(), u64> {
        let mut full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = full_at.get(token).copied().unwrap_or(now.0).max(now.0);
        let after = before + COST_MS;
        let over = after - (now.0 + WINDOW_MS);
        if over > 0 {
            return Err((over.unsigned_abs()).div_ceil(1000));
        }
        if let Some(bucket) = full_at.get_mut(token) {
            *bucket = after;
            return Ok(());
        }
        if full_at.len() >= VISITORS_MAX {
            full_at.retain(|_, at| *at > now.0);
            if full_at.len() >= VISITORS_MAX {
                // More than 20,000 visitors within ten seconds: to forget is kinder than to refuse.
                full_at.clear();
            }
        }
        full_at.insert(token.into(), after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_the_visitor_waits_and_others_do_not() {
        let throttle = Throttle::default();
        let now = Timestamp(1_000_000);
        for _ in 0..30 {
            assert_eq!(throttle.take("a", now), Ok(()));
        }
        assert_eq!(throttle.take("a", now), Err(1));
        assert_eq!(throttle.take("b", now), Ok(()));
        assert_eq!(throttle.take("a", now.plus_ms(COST_MS)), Ok(()));
        assert_eq!(throttle.take("a", now.plus_ms(COST_MS)), Err(1));
        for _ in 0..30 {
            assert_eq!(throttle.take("a", now.plus_ms(2 * WINDOW_MS)), Ok(()));
        }
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for visitor in 0..=VISITORS_MAX {
            assert_eq!(throttle.take(&visitor.to_string(), Timestamp(0)), Ok(()));
        }
        assert!(throttle.0.lock().unwrap().len() <= VISITORS_MAX);
    }
}
