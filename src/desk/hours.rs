//! When the desk is open: hours of each weekday in the office's zone, and holidays. Pure.

use serde::{Deserialize, Serialize};

use crate::domain::{Day, Timestamp};

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 1_440;
/// How far ahead an opening is looked for: longer than any run of holidays.
const LOOK_DAYS: i64 = 60;

/// A part of a day, in minutes since midnight: from, until.
pub type Span = (u16, u16);

/// Working hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The office's zone: minutes east of UTC.
    pub zone: i32,
    /// From Monday to Sunday; an empty day is a day off.
    pub week: [Vec<Span>; 7],
    /// Days off.
    pub holidays: Vec<Day>,
}

/// Until a supervisor says otherwise: Monday to Friday, 9 to 18, Dushanbe (the programme's zone, indicators.md §1.2).
impl Default for Hours {
    fn default() -> Self {
        let day = || vec![(540, 1_080)];
        Self {
            zone: 300,
            week: [day(), day(), day(), day(), day(), Vec::new(), Vec::new()],
            holidays: Vec::new(),
        }
    }
}

impl Hours {
    /// The clock: night and day, each day.
    pub fn always() -> Self {
        Self { zone: 0, week: std::array::from_fn(|_| vec![(0, 1_440)]), holidays: Vec::new() }
    }

    /// The spans of a day since 1970 in the office's zone.
    fn spans(&self, day: i64) -> &[Span] {
        let is_holiday = self.holidays.iter().any(|holiday| days_since_epoch(*holiday) == day);
        // 1 January 1970 was a Thursday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        if is_holiday { &[] } else { self.week.get(weekday).map_or(&[], Vec::as_slice) }
    }

    /// Day since 1970 and minute of it, in the office's zone.
    fn local(&self, at: Timestamp) -> (i64, i64) {
        let minutes = at.0.div_euclid(MINUTE_MS) + i64::from(self.zone);
        (minutes.div_euclid(DAY_MINUTES), minutes.rem_euclid(DAY_MINUTES))
    }

    fn instant(&self, day: i64, minute: u16) -> Timestamp {
        Timestamp((day * DAY_MINUTES + i64::from(minute) - i64::from(self.zone)) * MINUTE_MS)
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        let (day, minute) = self.local(at);
        self.spans(day).iter().any(|(from, until)| (i64::from(*from)..i64::from(*until)).contains(&minute))
    }

    /// When it opens next; `None` while it is open, or if it does not within 60 days.
    pub fn opens_at(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) {
            return None;
        }
        let (today, _) = self.local(at);
        (today..today + LOOK_DAYS)
            .flat_map(|day| self.spans(day).iter().map(move |(from, _)| (day, *from)))
            .map(|(day, from)| self.instant(day, from))
            .filter(|opening| *opening > at)
            .min()
    }

    /// Working time between two instants, in milliseconds.
    pub fn worked_ms(&self, from: Timestamp, until: Timestamp) -> i64 {
        let (first, last) = (self.local(from).0, self.local(until).0);
        // What is older than a year is late by any measure.
        (first.max(last - 366)..=last)
            .flat_map(|day| self.spans(day).iter().map(move |span| (day, *span)))
            .map(|(day, (opens, closes))| {
                let opens = self.instant(day, opens).max(from);
                self.instant(day, closes).min(until).ms_since(opens).max(0)
            })
            .sum()
    }

    /// When so much working time has passed; `None` if it does not within 60 days.
    pub fn after(&self, from: Timestamp, ms: i64) -> Option<Timestamp> {
        let mut left = ms;
        let (today, _) = self.local(from);
        for day in today..today + LOOK_DAYS {
            for (opens, closes) in self.spans(day) {
                let opens = self.instant(day, *opens).max(from);
                let open = self.instant(day, *closes).ms_since(opens).max(0);
                if left <= open && open > 0 {
                    return Some(opens.plus_ms(left));
                }
                left -= open;
            }
        }
        None
    }

    /// The hour of the day in the office, for what depends on it.
    pub fn hour(&self, at: Timestamp) -> i64 {
        self.local(at).1 / 60
    }

    /// Whether the spans make sense: in order, within the day, not overlapping.
    pub fn is_sound(&self) -> bool {
        let in_order = |day: &Vec<Span>| {
            day.iter().all(|(from, until)| from < until && i64::from(*until) <= DAY_MINUTES)
                && day.windows(2).all(|pair| matches!(pair, [(_, until), (from, _)] if until <= from))
        };
        self.week.iter().all(in_order) && (-720..=840).contains(&self.zone)
    }
}

fn days_since_epoch(day: Day) -> i64 {
    day.signed_duration_since(Day::default()).num_days()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_day;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_iso(text).unwrap()
    }

    /// Monday to Friday 9 to 13 and 14 to 18, Saturday 10 to 12, in Dushanbe; Navruz is free.
    fn hours() -> Hours {
        let mut hours = Hours { holidays: vec![parse_day("2027-03-22").unwrap()], ..Hours::default() };
        for day in hours.week.iter_mut().take(5) {
            *day = vec![(540, 780), (840, 1_080)];
        }
        hours.week[5] = vec![(600, 720)];
        hours
    }

    #[test]
    fn it_is_open_in_its_own_zone() {
        // 2026-11-26 is a Thursday; 9:00 in Dushanbe is 4:00 UTC.
        for (time, open) in [
            ("2026-11-26T03:59:59Z", false),
            ("2026-11-26T04:00:00Z", true),
            ("2026-11-26T07:59:00Z", true),
            ("2026-11-26T08:00:00Z", false),
            ("2026-11-26T09:00:00Z", true),
            ("2026-11-26T13:00:00Z", false),
            ("2026-11-28T05:30:00Z", true),
            ("2026-11-29T05:30:00Z", false),
            ("2027-03-22T05:00:00Z", false),
        ] {
            assert_eq!(hours().is_open(at(time)), open, "{time}");
        }
    }

    #[test]
    fn the_next_opening_passes_over_nights_weekends_and_holidays() {
        for (time, opens) in [
            ("2026-11-26T03:00:00Z", Some("2026-11-26T04:00:00Z")),
            ("2026-11-26T08:30:00Z", Some("2026-11-26T09:00:00Z")),
            ("2026-11-26T14:00:00Z", Some("2026-11-27T04:00:00Z")),
            // Saturday noon: Monday.
            ("2026-11-28T07:00:00Z", Some("2026-11-30T04:00:00Z")),
            // Sunday before a Monday that is free.
            ("2027-03-21T07:00:00Z", Some("2027-03-23T04:00:00Z")),
            // Late in the evening here it is tomorrow there.
            ("2026-11-26T20:00:00Z", Some("2026-11-27T04:00:00Z")),
            ("2026-11-26T05:00:00Z", None),
        ] {
            assert_eq!(hours().opens_at(at(time)), opens.map(at), "{time}");
        }
        let never = Hours { week: Default::default(), ..hours() };
        assert_eq!(never.opens_at(at("2026-11-26T05:00:00Z")), None);
    }

    #[test]
    fn only_working_time_counts() {
        let minutes = |from, until| hours().worked_ms(at(from), at(until)) / MINUTE_MS;
        assert_eq!(minutes("2026-11-26T04:10:00Z", "2026-11-26T04:40:00Z"), 30);
        assert_eq!(minutes("2026-11-26T07:50:00Z", "2026-11-26T09:10:00Z"), 20, "lunch does not");
        assert_eq!(minutes("2026-11-27T12:50:00Z", "2026-11-28T05:10:00Z"), 20, "over a night");
        assert_eq!(minutes("2026-11-28T08:00:00Z", "2026-11-29T20:00:00Z"), 0);
        assert_eq!(minutes("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"), 5 * 480 + 120);
    }

    #[test]
    fn working_time_ends_where_it_was_worked() {
        for (from, minutes, until) in [
            ("2026-11-26T04:10:00Z", 30, "2026-11-26T04:40:00Z"),
            ("2026-11-26T07:50:00Z", 20, "2026-11-26T09:10:00Z"),
            ("2026-11-26T07:50:00Z", 10, "2026-11-26T08:00:00Z"),
            ("2026-11-27T12:50:00Z", 20, "2026-11-28T05:10:00Z"),
            ("2026-11-28T08:00:00Z", 0, "2026-11-30T04:00:00Z"),
        ] {
            assert_eq!(hours().after(at(from), minutes * MINUTE_MS), Some(at(until)), "{from} {minutes}");
            assert_eq!(hours().worked_ms(at(from), at(until)), minutes * MINUTE_MS);
        }
        let never = Hours { week: Default::default(), ..hours() };
        assert_eq!(never.after(at("2026-11-26T05:00:00Z"), 1), None);
    }

    #[test]
    fn nonsense_is_seen() {
        assert!(hours().is_sound() && Hours::default().is_sound());
        for day in [vec![(600, 600)], vec![(700, 600)], vec![(0, 1_441)], vec![(540, 700), (690, 800)]] {
            let mut broken = hours();
            broken.week[2] = day;
            assert!(!broken.is_sound(), "{broken:?}");
        }
        assert!(!Hours { zone: 900, ..hours() }.is_sound());
    }
}
