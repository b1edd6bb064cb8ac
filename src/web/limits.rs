//! How much and how fast a visitor may send.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::domain::{Buckets, Rate, Timestamp};

/// Longest body of `/chat/send`. 4,096 characters written as `\uXXXX` pairs take 48 KiB.
pub const CHAT_BODY_MAX_BYTES: usize = 64 * 1024;
/// Longest form of staff with a file that is read at all. What is over the longest file is thrown away as it comes, so
/// that a browser, which sends a form to its end, then shows the answer.
pub const UPLOAD_READ_MAX_BYTES: usize = 128 << 20;
/// Longest webhook body (issue 3, "Bad input").
pub const HOOK_BODY_MAX_BYTES: usize = 1024 * 1024;
/// Longest delivery of WhatsApp: it documents 3 MB (channels.md §3.3).
pub const WHATSAPP_BODY_MAX_BYTES: usize = 4 * 1024 * 1024;
/// How long a visitor's body may take to arrive.
pub const BODY_WAIT: Duration = Duration::from_secs(20);

/// Requests that a visitor may make.
pub const VISITOR_RATE: Rate = Rate { burst: 30, window_ms: 10_000 };
/// Conversations that may begin from one network address: a hostel has one address for all, and a mobile operator one
/// for very many.
pub const SESSION_RATE: Rate = Rate { burst: 120, window_ms: 60_000 };

/// One bucket a visitor or address, in memory.
#[derive(Debug)]
pub struct Throttle(Mutex<Buckets>);

impl Throttle {
    pub fn new(rate: Rate) -> Self {
        Self(Mutex::new(Buckets::new(rate)))
    }

    /// Takes one from the bucket of `key`.
    ///
    /// # Errors
    /// Seconds to wait when the bucket is empty.
    pub fn take(&self, key: &[u8], now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.take(key, now).map_err(|wait_ms| wait_ms.unsigned_abs().div_ceil(1_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_told_whole_seconds() {
        let throttle = Throttle::new(VISITOR_RATE);
        let now = Timestamp(1_000_000);
        for _ in 0..30 {
            assert_eq!(throttle.take(b"a", now), Ok(()));
        }
        assert_eq!(throttle.take(b"a", now), Err(1));
        assert_eq!(throttle.take(b"b", now), Ok(()));
    }
}
