//! `GET /staff/dashboard`.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    ROLES, is_outside, read_only,
    sections::{Funnel, Monthly, Questions, Shares, Split, Targets, Used, Way},
    words,
};
use crate::{
    counting::board::{Period, View, Wanted},
    domain::Timestamp,
    indicators::{Dimension, Indicator},
    web::staff::{Console, Frame, Refusal, Viewer, desk::words::Choice, page, viewer::local},
};

const DAY_MS: i64 = 86_400_000;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    indicator: String,
    period: String,
    /// `stay:TJ`.
    only: String,
}

/// Choices under a heading.
struct Group {
    label: String,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "staff/board/show.html")]
struct Page<'a> {
    frame: Frame<'a>,
    programme: String,
    /// What is shown, in a line: for print, where there is no form.
    what: String,
    as_of: String,
    basis: String,
    /// Which periods are frozen, which provisional.
    standing: Vec<String>,
    outside: Option<String>,
    nothing: bool,
    indicators: Vec<Choice>,
    periods: Vec<Group>,
    everybody: bool,
    only: Vec<Group>,
    targets: Targets,
    monthly: Vec<Monthly>,
    shares: Option<Shares>,
    splits: Vec<Split>,
    funnel: Option<Funnel>,
    used: Option<Used>,
    ways: Option<Way>,
    questions: Option<Questions>,
}

/// The page: targets, months, splits, funnel, content, questions.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    viewer.require_any(ROLES)?;
    let wanted = Wanted {
        indicator: Indicator::parse(&asked.indicator)
            .filter(|indicator| indicator.is_of_persons() && *indicator != Indicator::Asked),
        period: asked.period.clone(),
        only: read_only(&asked.only)
            .filter(|(dimension, _)| *dimension != Dimension::All && Indicator::R1.is_split_by(*dimension)),
        outside: is_outside(&viewer),
    };
    let view = console.board.view(&wanted).await?;
    let campaigns = console.board.campaigns().await.map_err(crate::counting::CountingError::from)?;
    let frame = Frame::of(&console, &viewer, "board").at("/staff/dashboard");
    let questions = match view.days {
        None => None,
        Some((first, last)) => {
            let start = |day: crate::domain::Day| {
                Timestamp(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis())
            };
            let counts =
                console.dialog.question_counts_between(start(first), start(last).plus_ms(DAY_MS)).await?;
            Some(Questions::new(&frame, &view, counts))
        }
    };
    let release = console.dialog.release();
    let offset = view.in_force.settings.rules.offset_minutes;
    let label = |dimension: Dimension, value: &str| words::value(&frame, &campaigns, dimension, value);
    let has = view.window.is_some();
    page(&Page {
        programme: view.in_force.settings.title.get(frame.locale).to_owned(),
        what: what(&frame, &view, &label),
        as_of: frame.with2(
            "board-as-of",
            "time",
            local(view.at, offset, "%d.%m.%Y %H:%M"),
            "seq",
            words::grouped(view.last_seq),
        ),
        basis: frame.with2(
            "board-basis",
            "version",
            view.in_force.settings.version,
            "hash",
            view.in_force.hash.get(..12).unwrap_or_default(),
        ),
        standing: standing(&frame, &view, offset),
        outside: view.outside.then(|| frame.n("board-outside", view.in_force.settings.k.cast_signed())),
        nothing: !has,
        indicators: indicators(&frame, &view),
        periods: periods(&frame, &view),
        everybody: view.only.is_none(),
        only: only(&frame, &view, &label),
        targets: Targets::new(&frame, &view),
        monthly: Monthly::all(&frame, &view),
        shares: Shares::new(&frame, &view),
        splits: Split::all(&frame, &view, &label),
        funnel: has.then(|| Funnel::new(&frame, &view)),
        used: has.then(|| Used::new(&frame, &view, &release)),
        ways: has.then(|| Way::new(&frame, &view, &release)),
        questions,
        frame,
    })
}

/// Which reporting periods of the view are frozen and which provisional, and what that means here.
fn standing(frame: &Frame<'_>, view: &View, offset_minutes: i32) -> Vec<String> {
    let (mut frozen, mut provisional) = (Vec::new(), Vec::new());
    for (window, at) in &view.reports {
        match at {
            Some(at) => frozen.push(format!("{window} ({})", local(*at, offset_minutes, "%d.%m.%Y"))),
            None => provisional.push(window.to_string()),
        }
    }
    let mut lines = Vec::new();
    for (id, periods) in [("board-frozen", &frozen), ("board-provisional", &provisional)] {
        if !periods.is_empty() {
            lines.push(frame.with(id, "periods", periods.join(", ")));
        }
    }
    if !frozen.is_empty() {
        lines.push(frame.t(if view.outside { "board-frozen-outside" } else { "board-frozen-inside" }));
    }
    lines
}

fn what(frame: &Frame<'_>, view: &View, label: &dyn Fn(Dimension, &str) -> String) -> String {
    let window = view.window.map_or_else(|| "—".to_owned(), |window| words::window(frame, window));
    match &view.only {
        None => window,
        Some((dimension, value)) => {
            format!("{window} · {}: {}", words::dimension(frame, *dimension), label(*dimension, value))
        }
    }
}

fn indicators(frame: &Frame<'_>, view: &View) -> Vec<Choice> {
    let settings = &view.in_force.settings;
    let of = settings.indicators.iter().filter(|(indicator, _)| indicator.is_of_persons());
    of.map(|(indicator, line)| Choice {
        value: indicator.as_str().to_owned(),
        label: format!("{} {}", indicator.as_str(), words::short(line.wording.get(frame.locale), 70)),
        chosen: *indicator == view.indicator,
    })
    .collect()
}

fn periods(frame: &Frame<'_>, view: &View) -> Vec<Group> {
    let group = |id: &str, fits: fn(&Period) -> bool| Group {
        label: frame.t(id),
        choices: view
            .periods
            .iter()
            .filter(|period| fits(period))
            .map(|period| Choice {
                value: period.to_string(),
                label: words::period(frame, *period),
                chosen: *period == view.period,
            })
            .collect(),
    };
    let groups = [
        group("board-periods-whole", |period| matches!(period, Period::Whole | Period::Campaign)),
        group("board-periods-year", |period| matches!(period, Period::Year(_))),
        group("board-periods-quarter", |period| matches!(period, Period::Quarter(_))),
        group("board-periods-month", |period| matches!(period, Period::Month(_))),
    ];
    groups.into_iter().filter(|group| !group.choices.is_empty()).collect()
}

fn only(frame: &Frame<'_>, view: &View, label: &dyn Fn(Dimension, &str) -> String) -> Vec<Group> {
    let group = |(dimension, values): &(Dimension, Vec<String>)| {
        let mut choices: Vec<Choice> = values
            .iter()
            .map(|value| Choice {
                value: format!("{}:{value}", dimension.as_str()),
                label: label(*dimension, value),
                chosen: view.only.as_ref().is_some_and(|(of, chosen)| of == dimension && chosen == value),
            })
            .collect();
        choices.sort_by(|a, b| a.label.cmp(&b.label));
        Group { label: words::dimension(frame, *dimension), choices }
    };
    view.values.iter().map(group).filter(|group| !group.choices.is_empty()).collect()
}
