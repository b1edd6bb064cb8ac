//! Terms that run from a day: their last day, and what is left.
//!
//! The first day (of entry, of arrival) is day one of each term: counted so, nobody is a day late.

use chrono::{Datelike, Days, Weekday};

use crate::domain::Day;

/// Last day of a term of calendar days.
pub(super) fn last_day(first: Day, days: u64) -> Day {
    first.checked_add_days(Days::new(days.saturating_sub(1))).unwrap_or(first)
}

/// Last day of a term of working days, Monday to Friday. Holidays are not known here: with one in between the law
/// gives more time than we say, never less.
pub(super) fn last_working_day(first: Day, days: u64) -> Day {
    let is_working = |day: &Day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let nth = usize::try_from(days.saturating_sub(1)).unwrap_or(usize::MAX);
    // The longest such term of a law has some months.
    first.iter_days().take(1000).filter(is_working).nth(nth).unwrap_or(first)
}

/// Days from today to a last day; -1: it has passed, and the texts say so and what to do now.
pub(super) fn days_left(last: Day, today: Day) -> i64 {
    (last - today).num_days().max(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        crate::domain::parse_day(text).unwrap()
    }

    #[test]
    fn the_first_day_is_day_one() {
        for (first, days, last) in [
            ("2026-11-10", 1, "2026-11-10"),
            ("2026-11-10", 30, "2026-12-09"),
            ("2026-12-15", 90, "2027-03-14"),
            ("2028-02-20", 15, "2028-03-05"),
            ("2026-11-10", 0, "2026-11-10"),
        ] {
            assert_eq!(last_day(day(first), days), day(last), "{first} + {days}");
        }
    }

    #[test]
    fn weekends_are_no_working_days() {
        // 2026-11-23 is a Monday.
        for (first, last) in [
            ("2026-11-23", "2026-11-25"),
            ("2026-11-25", "2026-11-27"),
            ("2026-11-26", "2026-11-30"),
            ("2026-11-27", "2026-12-01"),
            ("2026-11-28", "2026-12-02"),
            ("2026-11-29", "2026-12-02"),
        ] {
            assert_eq!(last_working_day(day(first), 3), day(last), "{first}");
        }
        assert_eq!(last_working_day(day("2026-11-27"), 1), day("2026-11-27"));
        assert_eq!(last_working_day(day("2026-11-28"), 1), day("2026-11-30"));
    }

    #[test]
    fn what_is_left_stops_at_minus_one() {
        let last = day("2026-12-09");
        for (today, left) in [("2026-12-08", 1), ("2026-12-09", 0), ("2026-12-10", -1), ("2027-02-01", -1)] {
            assert_eq!(days_left(last, day(today)), left, "{today}");
        }
    }
}
