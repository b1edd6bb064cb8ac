//! Windows: sets of local days (indicators.md §1.2).

use std::fmt;

use chrono::Datelike as _;

use crate::domain::Day;

/// A window. Months are counted from year 0: `12 * year + month - 1`, quarters likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    Month(i32),
    Quarter(i32),
    /// From one month to another, both included: a year, the time of a campaign. Its activity is not kept.
    Span(i32, i32),
    /// The whole programme.
    Programme,
    /// Not a window of figures: the day of a first touch with a code.
    Day(Day),
}

/// What the whole programme is called; the first one is written.
const PROGRAMME: [&str; 3] = ["programme", "all", "whole"];

impl Window {
    /// `2026-03`, `2026-Q1`, `2026-01..2026-12`, `programme`, or a day.
    pub fn parse(text: &str) -> Option<Self> {
        if PROGRAMME.contains(&text) {
            return Some(Self::Programme);
        }
        if let Some((first, last)) = text.split_once("..") {
            return match (Self::parse(first)?, Self::parse(last)?) {
                (Self::Month(first), Self::Month(last)) if first <= last => Some(Self::Span(first, last)),
                _ => None,
            };
        }
        if text.len() == 10 {
            return crate::domain::parse_day(text).map(Self::Day);
        }
        let (year, part) = text.split_once('-')?;
        let year: i32 = (year.len() == 4).then(|| year.parse().ok())??;
        if let Some(quarter) = part.strip_prefix('Q') {
            let quarter: i32 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
            return (part.len() == 2).then_some(Self::Quarter(year * 4 + quarter - 1));
        }
        let month: i32 = part.parse().ok().filter(|month| (1..=12).contains(month))?;
        (part.len() == 2).then_some(Self::Month(year * 12 + month - 1))
    }

    /// Its months, the first and the last; `None` for the programme and for days.
    pub const fn months(self) -> Option<(i32, i32)> {
        match self {
            Self::Month(month) => Some((month, month)),
            Self::Quarter(quarter) => Some((quarter * 3, quarter * 3 + 2)),
            Self::Span(first, last) => Some((first, last)),
            Self::Programme | Self::Day(_) => None,
        }
    }

    /// The day after its last one; `None` for the programme and for days.
    pub fn end(self) -> Option<Day> {
        let next = self.months()?.1 + 1;
        Day::from_ymd_opt(next.div_euclid(12), next.rem_euclid(12).unsigned_abs() + 1, 1)
    }

    /// The quarter of a month.
    pub const fn quarter_of(month: i32) -> Self {
        Self::Quarter(month.div_euclid(3))
    }
}

/// The number of a day's month.
pub fn month_of(day: Day) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => write!(f, "{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1),
            Self::Quarter(quarter) => {
                write!(f, "{:04}-Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1)
            }
            Self::Span(first, last) => write!(f, "{}..{}", Self::Month(*first), Self::Month(*last)),
            Self::Programme => f.write_str("programme"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_as_they_are_written() {
        for text in
            ["2026-01", "2026-12", "2026-Q1", "2026-Q4", "2026-01..2026-12", "programme", "2026-02-28"]
        {
            assert_eq!(Window::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Window::parse("all"), Some(Window::Programme));
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-0",
            "2026-1",
            "2026-Q5",
            "2026-Q01",
            "26-Q1",
            "2026-02-30",
            "2026-02..2026-01",
            "2026-Q1..2026-Q2",
            "..",
            "2026-01..",
        ] {
            assert_eq!(Window::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_quarter_has_its_three_months() {
        let quarter = Window::parse("2026-Q2").unwrap();
        let month = |text| Window::parse(text).unwrap().months().unwrap().0;
        assert_eq!(quarter.months(), Some((month("2026-04"), month("2026-06"))));
        assert_eq!(Window::quarter_of(month("2026-06")), quarter);
        assert_eq!(quarter.end().unwrap().to_string(), "2026-07-01");
        assert_eq!(Window::parse("2026-12").unwrap().end().unwrap().to_string(), "2027-01-01");
    }
}
