//! The supervisor's overview.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    After,
    queue::{Line, lines, names, place_of, word_of},
    who, words,
};
use crate::{
    desk::{Overview, Place, Role, Times},
    domain::StaffId,
    web::staff::{Console, Frame, Refusal, Say, Viewer, page},
};

/// Days that figures may be of.
const RANGES: [i64; 4] = [1, 7, 30, 90];

/// Times as words.
struct TimesLine {
    label: String,
    /// What the times are measured by.
    targets: String,
    opened: u64,
    first_median: String,
    first_p90: String,
    first_late: u64,
    close_median: String,
    close_p90: String,
    close_late: u64,
}

struct Person {
    id: StaffId,
    name: String,
    on_duty: bool,
    open: u64,
    skills: String,
}

#[derive(Template)]
#[template(path = "staff/desk/supervisor.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    overview: &'a Overview,
    oldest: String,
    times: Vec<TimesLine>,
    people: Vec<Person>,
    outcomes: Vec<(String, u64)>,
    claimed: Vec<Line>,
    next: Option<String>,
    first: bool,
    has_centre: bool,
    days: i64,
    ranges: Vec<words::Choice>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    days: Option<i64>,
    after: String,
}

/// `GET /staff/supervisor?days=7`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
    Query(after): Query<After>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Supervisor)?;
    who(&viewer)?;
    let days = wanted.days.filter(|days| RANGES.contains(days)).unwrap_or(7);
    let overview = console.desk.overview(days).await?;
    let place = place_of(&wanted.after);
    let (claimed, next) = console.desk.claimed(place).await?;
    let settings = console.desk.settings();
    let limits = &settings.limits.value;
    let names = names(&console).await?;
    let frame = Frame::of(&console, &viewer, "supervisor").at("/staff/supervisor");
    let now = console.desk.now();
    let line = |label: &str, times: &Times, first: u32, close: u32| {
        let target = |minutes: u32| words::minutes(&frame, i64::from(minutes));
        let time = |minutes: Option<i64>| {
            minutes.map_or_else(|| "—".to_owned(), |minutes| words::minutes(&frame, minutes))
        };
        TimesLine {
            label: frame.t(label),
            targets: frame.with2("supervisor-targets", "first", target(first), "close", target(close)),
            opened: times.opened,
            first_median: time(times.first_median),
            first_p90: time(times.first_p90),
            first_late: times.first_late,
            close_median: time(times.close_median),
            close_p90: time(times.close_p90),
            close_late: times.close_late,
        }
    };
    let figures = &overview.figures;
    let times = vec![
        line("desk-urgent", &figures.urgent, limits.first_answer_urgent, limits.close_urgent),
        line("desk-ordinary", &figures.other, limits.first_answer, limits.close),
    ];
    let people = overview.consultants.iter().map(|(colleague, open)| Person {
        id: colleague.id,
        name: colleague.name.clone(),
        on_duty: colleague.on_duty,
        open: *open,
        skills: colleague.skills.join(", "),
    });
    let outcomes = overview.figures.outcomes.iter();
    let ranges = RANGES.into_iter().map(|range| words::Choice {
        value: range.to_string(),
        label: frame.n("desk-days", range),
        chosen: range == days,
    });
    page(&Page {
        say: after.say(&frame),
        oldest: overview.tally.oldest.map_or_else(|| "—".to_owned(), |at| words::since(&frame, at, now)),
        times,
        people: people.collect(),
        outcomes: outcomes.map(|(word, number)| (frame.word("help-", word), *number)).collect(),
        claimed: lines(&console, &frame, &names, &viewer, &claimed),
        next: next.map(|place| format!("/staff/supervisor?days={days}&after={}", word_of(place))),
        first: place == Place::START,
        has_centre: !settings.centre.value.code.is_empty(),
        overview: &overview,
        days,
        ranges: ranges.collect(),
        frame,
    })
}
