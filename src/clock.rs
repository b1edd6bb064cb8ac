//! The only place that reads time or randomness.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
};

use crate::domain::Timestamp;

/// Source of the present instant. Pure code takes a [`Timestamp`] instead.
pub trait Clock: Send + Sync + fmt::Debug {
    fn now(&self) -> Timestamp;
}

/// Source of ids and random bytes.
pub trait Ids: Send + Sync + fmt::Debug {
    /// A positive id, unique over all instances and growing with time within one.
    fn next(&self, now: Timestamp) -> i64;
    /// Bytes nobody can guess: tokens, keys, nonces.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the real clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// A clock that moves only when told, for tests.
#[derive(Debug)]
pub struct MockClock(AtomicI64);

impl MockClock {
    pub const fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Ids of 63 bits: 41 of milliseconds since 2020, 10 of the instance, 12 of a counter.
///
/// So they sort by time, a B-tree takes them at its end, and two instances never meet
/// (a chance of 1 in 1,024 of the same instance bits; then the primary key refuses and the batch is retried).
#[derive(Debug)]
pub struct SystemIds {
    instance: i64,
    last: AtomicI64,
}

const EPOCH_MS: i64 = 1_577_836_800_000;

impl SystemIds {
    pub fn new() -> Self {
        let mut bytes = [0u8; 2];
        random(&mut bytes);
        Self { instance: i64::from(u16::from_le_bytes(bytes) & 0x3ff), last: AtomicI64::new(0) }
    }
}

impl Default for SystemIds {
    fn default() -> Self {
        Self::new()
    }
}

impl Ids for SystemIds {
    fn next(&self, now: Timestamp) -> i64 {
        // `last` holds milliseconds and counter together: more than 4,096 ids a millisecond borrow from the next one.
        let floor = (now.0 - EPOCH_MS).max(1) << 12;
        let step = |last: i64| Some(last.max(floor - 1) + 1);
        let next =
            self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or(0).max(floor - 1)
                + 1;
        ((next >> 12) << 22) | (self.instance << 12) | (next & 0xfff)
    }

    fn fill(&self, bytes: &mut [u8]) {
        random(bytes);
    }
}

/// Ids that count from one and bytes that follow a seed, for tests.
#[derive(Debug, Default)]
pub struct MockIds(AtomicI64);

impl Ids for MockIds {
    fn next(&self, _now: Timestamp) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut seed = self.0.fetch_add(1, Ordering::SeqCst).cast_unsigned();
        for byte in bytes {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (seed >> 56) as u8;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the one home of randomness; without it no key is safe"
)]
fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

/// A monotonic instant for measuring how long something took; never stored.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the one home of the real clock")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
