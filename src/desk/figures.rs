//! What a supervisor looks at: who is on duty, how long persons wait, what came of it.

use std::collections::BTreeMap;

use super::{
    Desk, DeskError, close::help_of, hours::Hours, read::Colleague, settings::Limits, wait::quantile,
};
use crate::{
    domain::{StaffId, Timestamp},
    store::cases::{self, Figure, Tally},
};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// Times of one urgency, in minutes: of urgent cases by the clock, night or day, of the others in working time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    pub opened: u64,
    pub first_median: Option<i64>,
    pub first_p90: Option<i64>,
    /// Answered later than the target, or not yet and past it.
    pub first_late: u64,
    pub close_median: Option<i64>,
    pub close_p90: Option<i64>,
    pub close_late: u64,
}

/// The supervisor's figures of some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub days: i64,
    pub urgent: Times,
    pub other: Times,
    /// Of those two: open, closed, erased, together as many.
    pub open: u64,
    pub closed: u64,
    pub erased: u64,
    /// Entered by staff, of who came or phoned.
    pub visits: u64,
    pub reopened: u64,
    pub helped: u64,
    pub not_helped: u64,
    /// How often each kind of help, by its word: together the closed cases and the visits.
    pub outcomes: Vec<(String, u64)>,
}

/// The desk at this moment.
#[derive(Clone, Debug)]
pub struct Overview {
    pub tally: Tally,
    /// Those who take cases, and how many each has open.
    pub consultants: Vec<(Colleague, u64)>,
    pub figures: Figures,
}

impl Desk {
    /// The supervisor's page.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn overview(&self, days: i64) -> Result<Overview, DeskError> {
        let now = self.now();
        let colleagues = self.colleagues().await?;
        let mut tx = self.store.read().await?;
        let tally = cases::snapshot(&mut tx).await?;
        let held: BTreeMap<StaffId, u64> = cases::holders(&mut tx).await?.into_iter().collect();
        let rows = cases::figures(&mut tx, now.plus_ms(-days * DAY_MS), now.plus_ms(1)).await?;
        tx.rollback().await?;
        let consultants = colleagues
            .into_iter()
            .map(|colleague| (held.get(&colleague.id).copied().unwrap_or(0), colleague))
            .filter(|(open, colleague)| colleague.consults || *open > 0)
            .map(|(open, colleague)| (colleague, open))
            .collect();
        let settings = self.settings();
        let figures = reckon(&rows, &settings.hours.value, &settings.limits.value, now);
        Ok(Overview { tally, consultants, figures: Figures { days, ..figures } })
    }
}

/// The figures of these cases. Pure.
fn reckon(rows: &[Figure], hours: &Hours, limits: &Limits, now: Timestamp) -> Figures {
    // What staff entered was never in the queue: it has no waiting time.
    let (urgent, other): (Vec<&Figure>, Vec<&Figure>) =
        rows.iter().filter(|row| row.queued).partition(|row| row.urgent);
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    // One that was opened again has its next outcome to come.
    let ended = rows.iter().filter(|row| row.state == "closed");
    for help in ended.filter_map(|row| help_of(row.outcome.as_deref())) {
        *outcomes.entry(help).or_default() += 1;
    }
    let mut outcomes: Vec<(String, u64)> = outcomes.into_iter().collect();
    outcomes.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let number = |keep: fn(&Figure) -> bool| rows.iter().filter(|row| keep(row)).count() as u64;
    Figures {
        days: 0,
        urgent: times(&urgent, &Hours::always(), limits.first_answer_urgent, limits.close_urgent, now),
        other: times(&other, hours, limits.first_answer, limits.close, now),
        open: number(|row| row.queued && !matches!(row.state.as_str(), "closed" | "erased")),
        closed: number(|row| row.queued && row.state == "closed"),
        erased: number(|row| row.queued && row.state == "erased"),
        visits: number(|row| !row.queued),
        reopened: number(|row| row.reopened > 0),
        helped: number(|row| row.rating == Some(1)),
        not_helped: number(|row| row.rating == Some(0)),
        outcomes,
    }
}

fn times(rows: &[&Figure], hours: &Hours, first: u32, close: u32, now: Timestamp) -> Times {
    type At = fn(&Figure) -> Option<Timestamp>;
    let worked = |from: At, row: &Figure, until| {
        hours.worked_ms(from(row).unwrap_or(row.opened_at), until) / MINUTE_MS
    };
    let measured = |from: At, end: At| -> Vec<i64> {
        rows.iter().filter_map(|row| end(row).map(|until| worked(from, row, until))).collect()
    };
    let late = |from: At, end: At, target: u32| {
        // One whose person deleted it can be late for nothing any more.
        let is_late = |row: &&&Figure| {
            row.state != "erased" && worked(from, row, end(row).unwrap_or(now)) > i64::from(target)
        };
        rows.iter().filter(is_late).count() as u64
    };
    let answered = |row: &Figure| row.round_answer_at.or(row.closed_at);
    let opened: At = |row| Some(row.opened_at);
    let first_round: At = |row| row.first_answer_at;
    // Each opening waits for an answer of its own.
    let again: At = |row| row.round_answer_at.filter(|_| row.reopened_at.is_some());
    // The days between two openings are nobody's delay.
    let begun: At = |row| row.reopened_at;
    let mut firsts = measured(opened, first_round);
    firsts.extend(measured(begun, again));
    let closes = measured(begun, |row| row.closed_at.filter(|_| row.state == "closed"));
    Times {
        opened: rows.len() as u64,
        first_median: quantile(firsts.clone(), 50),
        first_p90: quantile(firsts, 90),
        first_late: late(begun, answered, first),
        close_median: quantile(closes.clone(), 50),
        close_p90: quantile(closes, 90),
        close_late: late(begun, |row| row.closed_at, close),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(opened: i64, first: Option<i64>, closed: Option<i64>) -> Figure {
        let at = |minutes: i64| Timestamp(minutes * MINUTE_MS);
        Figure {
            urgent: false,
            queued: true,
            state: if closed.is_some() { "closed" } else { "claimed" }.to_owned(),
            opened_at: at(opened),
            reopened_at: None,
            first_answer_at: first.map(|minutes| at(opened + minutes)),
            round_answer_at: first.map(|minutes| at(opened + minutes)),
            closed_at: closed.map(|minutes| at(opened + minutes)),
            reopened: 0,
            rating: None,
            outcome: closed.map(|_| r#"{"help":"advice","topic":"U","sex":"U","age":"U","origin":"U","stay":"U","audience":"U","family":"U","vulnerable":"U"}"#.to_owned()),
        }
    }

    #[test]
    fn late_is_what_passed_its_target_answered_or_not() {
        // Always open, so that minutes are minutes.
        let hours = Hours { zone: 0, week: std::array::from_fn(|_| vec![(0, 1_440)]), holidays: vec![] };
        let limits = Limits { first_answer: 60, close: 600, ..Limits::default() };
        let day = 20_000 * 1_440;
        let rows = [
            case(day, Some(10), Some(100)),
            case(day, Some(90), Some(700)),
            case(day, None, None),
            case(day + 950, None, None),
            Figure { queued: false, ..case(day, None, Some(0)) },
            Figure { state: "erased".into(), ..case(day, None, None) },
            // Closed after ten minutes, opened again much later, closed after twenty.
            Figure {
                reopened: 1,
                reopened_at: Some(Timestamp((day + 900) * MINUTE_MS)),
                round_answer_at: Some(Timestamp((day + 915) * MINUTE_MS)),
                ..case(day, Some(5), Some(920))
            },
            // Opened again, and not closed yet: its outcome is that of the first end.
            Figure {
                reopened: 1,
                reopened_at: Some(Timestamp((day + 890) * MINUTE_MS)),
                round_answer_at: None,
                state: "waiting".into(),
                closed_at: None,
                ..case(day, Some(5), Some(10))
            },
        ];
        let figures = reckon(&rows, &hours, &limits, Timestamp((day + 1_000) * MINUTE_MS));
        assert_eq!(figures.other.opened, 7);
        assert_eq!(figures.other.opened, figures.open + figures.closed + figures.erased);
        assert_eq!((figures.other.first_median, figures.other.first_p90), (Some(10), Some(90)));
        assert_eq!(figures.other.close_median, Some(100), "20, 100, 700");
        assert_eq!(
            figures.other.first_late, 3,
            "one answered late, one not for long, one not since it was opened again"
        );
        assert_eq!(figures.other.close_late, 2);
        assert_eq!(figures.urgent, Times::default());
        assert_eq!((figures.open, figures.closed, figures.erased, figures.visits), (3, 3, 1, 1));
        assert_eq!(figures.outcomes, [("advice".to_owned(), 4)], "closed and visits");
    }
}
