//! How many cases one network address opens: whoever fills the queue from one place takes the consultants from all.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::{Buckets, Rate, Timestamp};

/// New cases of the web chat from one network address. Far more than a hostel has in its worst hour, far less than one
/// machine opens in a second.
const RATE: Rate = Rate { burst: 30, window_ms: 3_600_000 };

/// In memory, by the keyed hash of the address; each instance counts for itself.
#[derive(Clone, Debug)]
pub(super) struct Openings(Arc<Mutex<Buckets>>);

impl Default for Openings {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Buckets::new(RATE))))
    }
}

impl Openings {
    /// Whether no more cases are opened from there now.
    pub fn are_many(&self, from: &[u8], now: Timestamp) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wait_ms(from, now) > 0
    }

    /// A case was opened from there.
    pub fn count(&self, from: &[u8], now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).spend(from, now);
    }
}
