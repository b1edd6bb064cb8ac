//! How often somebody may do something: a bucket each, filled again at a steady pace.

use std::collections::HashMap;

use super::Timestamp;

/// Buckets remembered; who is forgotten may begin anew.
const KEPT_MAX: usize = 20_000;

/// So much at once, and as much again over a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub burst: i64,
    pub window_ms: i64,
}

impl Rate {
    /// Time that one deed costs.
    const fn cost_ms(self) -> i64 {
        self.window_ms / self.burst
    }
}

/// One bucket a key. A bucket is the instant at which it is full again, so idle ones need no room.
#[derive(Clone, Debug)]
pub struct Buckets {
    rate: Rate,
    full_at: HashMap<Box<[u8]>, i64>,
}

impl Buckets {
    pub fn new(rate: Rate) -> Self {
        Self { rate, full_at: HashMap::new() }
    }

    /// Milliseconds until the next deed is free; 0: now.
    pub fn wait_ms(&self, key: &[u8], now: Timestamp) -> i64 {
        let before = self.full_at.get(key).copied().unwrap_or(now.0).max(now.0);
        (before + self.rate.cost_ms() - (now.0 + self.rate.window_ms)).max(0)
    }

    /// Takes one deed from a bucket.
    ///
    /// # Errors
    /// Milliseconds to wait when the bucket is empty.
    pub fn take(&mut self, key: &[u8], now: Timestamp) -> Result<(), i64> {
        match self.wait_ms(key, now) {
            0 => {
                self.spend(key, now);
                Ok(())
            }
            wait => Err(wait),
        }
    }

    /// Takes one deed, whether the bucket holds it or not.
    pub fn spend(&mut self, key: &[u8], now: Timestamp) {
        let cost = self.rate.cost_ms();
        if let Some(bucket) = self.full_at.get_mut(key) {
            *bucket = (*bucket).max(now.0) + cost;
            return;
        }
        if self.full_at.len() >= KEPT_MAX {
            self.full_at.retain(|_, at| *at > now.0);
            if self.full_at.len() >= KEPT_MAX {
                // So many within one window: to forget is kinder than to refuse.
                self.full_at.clear();
            }
        }
        self.full_at.insert(key.into(), now.0 + cost);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 30, window_ms: 10_000 };

    #[test]
    fn a_burst_passes_then_one_waits_and_others_do_not() {
        let mut buckets = Buckets::new(RATE);
        let now = Timestamp(1_000_000);
        for _ in 0..30 {
            assert_eq!(buckets.take(b"a", now), Ok(()));
        }
        assert!(buckets.take(b"a", now).is_err_and(|wait| wait > 0 && wait <= 1_000));
        assert!(buckets.wait_ms(b"a", now) > 0);
        assert_eq!(buckets.take(b"b", now), Ok(()));
        let next = now.plus_ms(RATE.cost_ms());
        assert_eq!(buckets.take(b"a", next), Ok(()));
        assert!(buckets.take(b"a", next).is_err());
        for _ in 0..30 {
            assert_eq!(buckets.take(b"a", now.plus_ms(2 * RATE.window_ms)), Ok(()));
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut buckets = Buckets::new(RATE);
        for one in 0..=KEPT_MAX {
            assert_eq!(buckets.take(one.to_string().as_bytes(), Timestamp(0)), Ok(()));
        }
        assert!(buckets.full_at.len() <= KEPT_MAX);
    }
}
