//! Periods that somebody may choose.

use std::fmt;

use crate::{
    domain::{Day, parse_day},
    indicators::{Dimension, Rules, Window, month_of},
    store::codes::CodeRow,
};

/// A period of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    Whole,
    Year(i32),
    Quarter(Window),
    Month(Window),
    /// The months of the chosen campaign.
    Campaign,
}

impl Period {
    /// As the form has it: `whole`, `campaign`, `2026`, `2026-Q1`, `2026-03`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "whole" => return Some(Self::Whole),
            "campaign" => return Some(Self::Campaign),
            _ => {}
        }
        if text.len() == 4 {
            return text.parse().ok().filter(|year| (1_000..=9_999).contains(year)).map(Self::Year);
        }
        match Window::parse(text)? {
            window @ Window::Quarter(_) => Some(Self::Quarter(window)),
            window @ Window::Month(_) => Some(Self::Month(window)),
            _ => None,
        }
    }

    /// The window of a period; `None` of a campaign, which has its own.
    pub(super) const fn window(self) -> Option<Window> {
        match self {
            Self::Whole => Some(Window::Programme),
            Self::Year(year) => Some(Window::Span(year * 12, year * 12 + 11)),
            Self::Quarter(window) | Self::Month(window) => Some(window),
            Self::Campaign => None,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("whole"),
            Self::Campaign => f.write_str("campaign"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Quarter(window) | Self::Month(window) => window.fmt(f),
        }
    }
}

/// First and last month of a window inside the programme.
pub fn months_of(window: Window, rules: &Rules) -> (i32, i32) {
    let (start, end) = (month_of(rules.start), month_of(rules.end));
    let (first, last) = window.months().unwrap_or((start, end));
    (first.max(start), last.min(end))
}

/// The quarters of the programme that are over, with their months.
pub(super) fn over(rules: &Rules, today: Day) -> Vec<(Window, i32, i32)> {
    let (start, end) = months_of(Window::Programme, rules);
    let mut found: Vec<(Window, i32, i32)> = Vec::new();
    for month in start..=end {
        let quarter = Window::quarter_of(month);
        if found.last().is_some_and(|(last, ..)| *last == quarter) {
            continue;
        }
        if quarter.end().is_some_and(|end| end <= today) {
            let (first, last) = quarter.months().unwrap_or((month, month));
            found.push((quarter, first, last));
        }
    }
    found
}

/// Periods that may be chosen, and what the chosen one is: years, quarters and months that have begun; outside quarters that
/// are over, and the years of which one is.
pub(super) fn choices(
    rules: &Rules,
    today: Day,
    outside: bool,
    only: Option<&(Dimension, String)>,
) -> Vec<Period> {
    let (start, end) = months_of(Window::Programme, rules);
    let mut found = vec![Period::Whole];
    if only.is_some_and(|(of, _)| matches!(of, Dimension::FirstTouch | Dimension::LastTouch)) {
        found.push(Period::Campaign);
    }
    if outside {
        let quarters = over(rules, today);
        let years = quarters.iter().map(|(_, first, _)| Period::Year(first.div_euclid(12)));
        found.extend(years);
        found.extend(quarters.iter().map(|(quarter, ..)| Period::Quarter(*quarter)));
    } else {
        let months = || start..=end.min(month_of(today));
        found.extend(months().map(|month| Period::Year(month.div_euclid(12))));
        found.extend(months().map(|month| Period::Quarter(Window::quarter_of(month))));
        found.extend(months().map(|month| Period::Month(Window::Month(month))));
    }
    found.dedup();
    found
}

/// The whole quarters of a window that are over; `None`: none is.
pub(super) fn whole_quarters(window: Window, rules: &Rules, today: Day) -> Option<Window> {
    let quarters = over(rules, today);
    let (from, to) = months_of(window, rules);
    let inside: Vec<_> = quarters.iter().filter(|(_, first, last)| *last >= from && *first <= to).collect();
    let (first, last) = (inside.first()?.1, inside.last()?.2);
    Some(if matches!(window, Window::Quarter(_)) { window } else { Window::Span(first, last) })
}

/// The months of a campaign as the register has them, inside the programme: one that has no end goes on until today.
/// `None`: the register has no dates, or they lie outside of the programme.
pub(super) fn of_campaign(row: &CodeRow, rules: &Rules, today: Day) -> Option<(i32, i32)> {
    let month = |day: &Option<String>| day.as_deref().and_then(parse_day).map(month_of);
    let (from, until) = (month(&row.from_day), month(&row.until_day));
    from.or(until)?;
    let (start, end) = months_of(Window::Programme, rules);
    let last = until.unwrap_or_else(|| month_of(today)).min(end);
    let first = from.unwrap_or(start).max(start);
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_they_are_written() {
        for text in ["whole", "campaign", "2026", "2026-Q1", "2026-03"] {
            assert_eq!(Period::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "20", "2026-Q5", "2026-03-01", "2026-01..2026-02", "all"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn outside_only_what_is_over_may_be_chosen() {
        let rules = Rules::default();
        let day = |text| crate::domain::parse_day(text).unwrap();
        let of = |today, outside| {
            choices(&rules, day(today), outside, None).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(of("2026-03-31", true), ["whole"]);
        assert_eq!(of("2026-04-01", true), ["whole", "2026", "2026-Q1"]);
        assert_eq!(of("2026-02-10", false), ["whole", "2026", "2026-Q1", "2026-01", "2026-02"]);
        let of = |period, today| {
            let window = Period::parse(period).unwrap().window().unwrap();
            whole_quarters(window, &rules, day(today)).map(|window| window.to_string())
        };
        assert_eq!(of("whole", "2026-03-31"), None);
        assert_eq!(of("whole", "2026-08-01").as_deref(), Some("2026-01..2026-06"));
        assert_eq!(of("2026-02", "2026-08-01").as_deref(), Some("2026-01..2026-03"), "quarters only");
        assert_eq!(of("2026-Q3", "2026-08-01"), None);
    }

    #[test]
    fn a_campaign_lasts_as_long_as_the_register_says() {
        let rules = Rules::default();
        let day = |text| parse_day(text).unwrap();
        let of = |from: Option<&str>, until: Option<&str>| {
            let row = CodeRow {
                from_day: from.map(str::to_owned),
                until_day: until.map(str::to_owned),
                ..CodeRow::default()
            };
            let months = of_campaign(&row, &rules, day("2026-08-15"));
            months.map(|(first, last)| Window::Span(first, last).to_string())
        };
        assert_eq!(of(None, None), None);
        assert_eq!(of(Some("2026-02-20"), Some("2026-04-02")).as_deref(), Some("2026-02..2026-04"));
        assert_eq!(of(Some("2026-05-01"), None).as_deref(), Some("2026-05..2026-08"), "until today");
        assert_eq!(of(None, Some("2026-03-31")).as_deref(), Some("2026-01..2026-03"));
        assert_eq!(of(Some("2025-10-01"), Some("2030-01-01")).as_deref(), Some("2026-01..2027-03"));
        assert_eq!(of(Some("2027-06-01"), None), None, "after the programme");
    }
}
