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
    /// `09:30` by a clock with this offset.
    pub fn clock(self, offset_minutes: i32) -> String {
        let minutes = (self.0.div_euclid(60_000) + i64::from(offset_minutes)).rem_euclid(1_440);
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

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

/// The date of a source, as exactly as the source itself gives it: `2024-05-17`, `2024-05`, `2024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoughDay {
    Day(Day),
    /// Year and month, 1 to 12.
    Month(i32, u32),
    Year(i32),
}

impl RoughDay {
    /// Nothing else is read: neither `2024-5` nor `24`.
    pub fn parse(text: &str) -> Option<Self> {
        let first = match text.len() {
            4 => parse_day(&format!("{text}-01-01"))?,
            7 => parse_day(&format!("{text}-01"))?,
            10 => return parse_day(text).map(Self::Day),
            _ => return None,
        };
        let (year, month) = (chrono::Datelike::year(&first), chrono::Datelike::month(&first));
        Some(if text.len() == 4 { Self::Year(year) } else { Self::Month(year, month) })
    }

    /// The first day that it may mean: what is said on its ground is never taken for newer than it is.
    pub fn earliest(self) -> Day {
        let (year, month) = match self {
            Self::Day(day) => return day,
            Self::Month(year, month) => (year, month),
            Self::Year(year) => (year, 1),
        };
        Day::from_ymd_opt(year, month, 1).unwrap_or(Day::MIN)
    }
}

/// As it stands in the files.
impl std::fmt::Display for RoughDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RoughDay;

    #[test]
    fn a_date_is_as_exact_as_it_is_written() {
        for (text, earliest) in [
            ("2024-05-17", "2024-05-17"),
            ("2024-05", "2024-05-01"),
            ("2024-12", "2024-12-01"),
            ("2024", "2024-01-01"),
        ] {
            let date = RoughDay::parse(text).unwrap();
            assert_eq!(date.to_string(), text);
            assert_eq!(date.earliest().to_string(), earliest);
        }
        for text in ["", "24", "2024-5", "2024-13", "2024-00", "2024-02-30", "2024-05-1", "май 24", "2024 05"]
        {
            assert_eq!(RoughDay::parse(text), None, "{text}");
        }
    }
}
