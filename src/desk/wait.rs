//! How long a person will wait, honestly: as long as others have waited of late. Pure.

use crate::{domain::Timestamp, store::cases::Wait};

use super::hours::Hours;

/// From how many claims on one is told something: fewer are chance.
const ENOUGH: usize = 5;
/// Claims of the last days that count.
pub const WAIT_DAYS: i64 = 7;

/// From when on the wait of whoever stands first tells something where too few were claimed.
const HEAD_MS: i64 = 30 * 60_000;

/// The expected wait in milliseconds of who comes now: as long as others waited of late, but no shorter than whoever
/// stands at the head of the queue has waited already (Ibrahim and Whitt 2009, the head-of-line estimate: it sees at
/// once when nobody answers). `head`: that wait, in the time in which the desk works. `None`: nobody can tell.
pub fn expected(waits: &[Wait], head: Option<i64>, hours: &Hours, now: Timestamp) -> Option<i64> {
    match (of_late(waits, hours, now), head) {
        (Some(usual), head) => Some(usual.max(head.unwrap_or(0))),
        (None, head) => head.filter(|head| *head >= HEAD_MS),
    }
}

/// The median of those who came at this hour of the day, else of all; `None` when too few were claimed to tell.
fn of_late(waits: &[Wait], hours: &Hours, now: Timestamp) -> Option<i64> {
    let hour = hours.hour(now);
    let came_now = |wait: &&Wait| {
        let came = hours.hour(wait.claimed_at.plus_ms(-wait.ms));
        // The hour before and the one after count too; midnight lies between 23 and 0.
        matches!((came - hour).rem_euclid(24), 0 | 1 | 23)
    };
    let near: Vec<i64> = waits.iter().filter(came_now).map(|wait| wait.ms).collect();
    if near.len() >= ENOUGH {
        return median(near);
    }
    let all: Vec<i64> = waits.iter().map(|wait| wait.ms).collect();
    (all.len() >= ENOUGH).then(|| median(all)).flatten()
}

/// The value in the middle; of two the longer one, so that we promise no less than it took.
pub fn median(values: Vec<i64>) -> Option<i64> {
    quantile(values, 50)
}

/// The value that so many percent of all do not exceed.
pub fn quantile(mut values: Vec<i64>, percent: usize) -> Option<i64> {
    values.sort_unstable();
    let place = (values.len() * percent / 100).min(values.len().checked_sub(1)?);
    values.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn came(hour_utc: i64, minutes: i64) -> Wait {
        let ms = minutes * 60_000;
        Wait { claimed_at: Timestamp(20_000 * 24 * HOUR + hour_utc * HOUR + ms), ms, urgent: false }
    }

    #[test]
    fn the_hour_counts_before_the_day() {
        let hours = Hours { zone: 0, ..Hours::default() };
        let now = Timestamp(20_001 * 24 * HOUR + 10 * HOUR + 1);
        let day: Vec<Wait> = (0..5).map(|n| came(10, 5 + n)).collect();
        let night: Vec<Wait> = (0..9).map(|_| came(22, 600)).collect();
        let all: Vec<Wait> = day.iter().chain(&night).copied().collect();
        assert_eq!(of_late(&all, &hours, now), Some(7 * 60_000));
        // Four of this hour are too few: all of them.
        let all: Vec<Wait> = day.iter().take(4).chain(&night).copied().collect();
        assert_eq!(of_late(&all, &hours, now), Some(600 * 60_000));
        assert_eq!(of_late(&day[..4], &hours, now), None);
        let midnight: Vec<Wait> = (0..5).map(|_| came(23, 3)).collect();
        let now = Timestamp(20_001 * 24 * HOUR + 5);
        assert_eq!(of_late(&midnight, &hours, now), Some(3 * 60_000));
    }

    #[test]
    fn nobody_is_promised_less_than_the_first_has_waited() {
        let hours = Hours { zone: 0, ..Hours::default() };
        let now = Timestamp(20_001 * 24 * HOUR + 10 * HOUR + 1);
        let day: Vec<Wait> = (0..5).map(|_| came(10, 5)).collect();
        assert_eq!(expected(&day, None, &hours, now), Some(5 * 60_000));
        assert_eq!(expected(&day, Some(60_000), &hours, now), Some(5 * 60_000));
        assert_eq!(expected(&day, Some(7 * HOUR), &hours, now), Some(7 * HOUR));
        assert_eq!(expected(&[], Some(7 * HOUR), &hours, now), Some(7 * HOUR));
        assert_eq!(expected(&[], Some(60_000), &hours, now), None);
    }

    #[test]
    fn quantiles_promise_no_less_than_it_took() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3]), Some(3));
        assert_eq!(median(vec![4, 1]), Some(4));
        assert_eq!(median(vec![9, 1, 5]), Some(5));
        assert_eq!(quantile((1..=10).collect(), 90), Some(10));
        assert_eq!(quantile((1..=100).collect(), 90), Some(91));
    }
}
