//! What the programme may choose (indicators.md §1.2, §1.15), and what follows from it for one event.

use std::collections::BTreeSet;

use super::window::month_of;
use crate::domain::{Day, Timestamp};

/// Not known, in every dimension.
pub const UNKNOWN: &str = "U";
/// No campaign code (indicators.md §1.11).
pub const DIRECT: &str = "direct";
/// A campaign code that is not in the register.
pub const UNREGISTERED: &str = "unregistered";

/// Longest programme in months: activity is a bit a month.
const MONTHS_MAX: i32 = 64;
const DAY_MS: i64 = 86_400_000;
const MINUTES_A_DAY: i32 = 1_440;
/// Longest look-back and overlap, in days.
const DAYS_MAX: u32 = 366;

/// What makes a person equipped (choice D1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equipped {
    /// How to migrate legally, and where to get help.
    Both,
    /// One of the two.
    Either,
}

/// The rules of counting: a change of any asks for a recount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// First and last local day, both included.
    pub start: Day,
    pub end: Day,
    /// The programme's zone, in minutes from UTC.
    pub offset_minutes: i32,
    /// How long before the qualifying event a code counts as the last touch, in days of 24 hours.
    pub lookback_days: u32,
    /// Local days after a session on which who scans its code leaves its head-count.
    pub overlap_days: u32,
    pub equipped: Equipped,
    /// The register of campaign codes.
    pub campaigns: BTreeSet<Box<str>>,
}

/// The defaults of indicators.md §1.2 and §1.15; no code is registered.
impl Default for Rules {
    fn default() -> Self {
        Self {
            start: Day::from_ymd_opt(2026, 1, 1).unwrap_or_default(),
            end: Day::from_ymd_opt(2027, 3, 31).unwrap_or_default(),
            offset_minutes: 300,
            lookback_days: 30,
            overlap_days: 7,
            equipped: Equipped::Both,
            campaigns: BTreeSet::new(),
        }
    }
}

/// Rules that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    #[error("the programme ends before it starts")]
    Backwards,
    #[error("the programme lasts longer than {MONTHS_MAX} months")]
    TooLong,
    #[error("the zone lies more than a day from UTC")]
    Zone,
    #[error("look-back and overlap are at most {DAYS_MAX} days")]
    Days,
}

impl Rules {
    /// # Errors
    /// [`RulesError`]: the rules contradict themselves.
    pub fn check(&self) -> Result<(), RulesError> {
        if self.end < self.start {
            return Err(RulesError::Backwards);
        }
        if month_of(self.end) - month_of(self.start) >= MONTHS_MAX {
            return Err(RulesError::TooLong);
        }
        if self.offset_minutes.unsigned_abs() > MINUTES_A_DAY.unsigned_abs() {
            return Err(RulesError::Zone);
        }
        if self.lookback_days > DAYS_MAX || self.overlap_days > DAYS_MAX {
            return Err(RulesError::Days);
        }
        Ok(())
    }

    /// What stored counts depend on, in words: counts made by other rules are made anew. The register of codes and the
    /// overlap are looked at with the figures only.
    pub fn of_counts(&self) -> String {
        let Self { start, end, offset_minutes, lookback_days, equipped, .. } = self;
        // 2: with who asked, and the uses of the content. 3: with the centre, and country and sex together.
        format!("3 {start} {end} {offset_minutes} {lookback_days} {equipped:?}")
    }

    /// The local day, if it lies inside the programme.
    pub fn day(&self, at: Timestamp) -> Option<Day> {
        let day = at.day(self.offset_minutes);
        (self.start..=self.end).contains(&day).then_some(day)
    }

    /// The bit of a day's month. Days outside of the programme have none.
    pub fn bit(&self, day: Day) -> u64 {
        let months = month_of(day) - month_of(self.start);
        u32::try_from(months).ok().and_then(|months| 1_u64.checked_shl(months)).unwrap_or(0)
    }

    /// The months of a mask, by their numbers.
    pub fn months(&self, mask: u64) -> impl Iterator<Item = i32> + use<> {
        let first = month_of(self.start);
        (0..MONTHS_MAX).filter(move |place| mask >> place & 1 == 1).map(move |place| first + place)
    }

    pub fn lookback_ms(&self) -> i64 {
        i64::from(self.lookback_days) * DAY_MS
    }

    /// How a code is named in a figure.
    pub fn label<'a>(&self, code: &'a str) -> &'a str {
        if code == DIRECT || self.campaigns.contains(code) { code } else { UNREGISTERED }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn rules() -> Rules {
        Rules { campaigns: ["fb1".into(), "ev12".into()].into(), ..Rules::default() }
    }

    #[test]
    fn rules_that_cannot_be_are_refused() {
        let with = |change: fn(&mut Rules)| {
            let mut rules = rules();
            change(&mut rules);
            rules.check()
        };
        assert_eq!(with(|_| ()), Ok(()));
        assert_eq!(with(|rules| rules.end = rules.start), Ok(()));
        assert_eq!(
            with(|rules| std::mem::swap(&mut rules.start, &mut rules.end)),
            Err(RulesError::Backwards)
        );
        assert_eq!(
            with(|rules| rules.end = rules.start + chrono::Days::new(3_000)),
            Err(RulesError::TooLong)
        );
        assert_eq!(with(|rules| rules.offset_minutes = 2_000), Err(RulesError::Zone));
        assert_eq!(with(|rules| rules.overlap_days = 400), Err(RulesError::Days));
    }

    #[test]
    fn a_day_is_the_programmes_own() {
        let rules = rules();
        let day = |at: &str| rules.day(Timestamp::from_iso(at).unwrap()).map(|day| day.to_string());
        assert_eq!(day("2026-03-31T18:59:59Z").as_deref(), Some("2026-03-31"));
        assert_eq!(day("2026-03-31T19:00:00Z").as_deref(), Some("2026-04-01"));
        assert_eq!(day("2025-12-31T18:59:59Z"), None);
        assert_eq!(day("2027-03-31T19:00:00Z"), None);
        let march = Day::from_ymd_opt(2026, 3, 5).unwrap();
        assert_eq!(rules.months(rules.bit(march)).collect::<Vec<_>>(), [month_of(march)]);
    }
}
