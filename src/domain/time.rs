//! Instants and days.

use serde::{Deserialize, Serialize};

/// A calendar day, without a zone.
pub type Day = chrono::NaiveDate;

/// An instant: milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later.
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The local day at a fixed offset from UTC, in minutes.
    pub fn day(self, offset_minutes: i32) -> Day {
        let shifted = self.0.saturating_add(i64::from(offset_minutes) * 60_000);
        chrono::DateTime::from_timestamp_millis(shifted).map_or(Day::MIN, |at| at.date_naive())
    }

    /// `2026-11-24T09:00:00Z`, for logs, exports and case files.
    pub fn to_iso(self) -> String {
        chrono::DateTime::from_timestamp_millis(self.0)
            .map_or_else(|| self.0.to_string(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// Reads what [`Timestamp::to_iso`] writes.
    pub fn from_iso(text: &str) -> Option<Self> {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ")
            .ok()
            .map(|at| Self(at.and_utc().timestamp_millis()))
    }
}

/// Reads `YYYY-MM-DD`.
pub fn parse_day(text: &str) -> Option<Day> {
    Day::parse_from_str(text, "%Y-%m-%d").ok()
}
