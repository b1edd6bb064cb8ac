//! `GET /staff/dashboard/trace`: what stands behind a figure (indicators.md §1.14).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{ROLES, is_outside, read_only, words};
use crate::{
    counting::{
        Asked,
        board::{TraceAnswer, TracePage},
    },
    indicators::{Indicator, Measure, Window},
    web::staff::{Console, Frame, Refusal, Viewer, page, refusal::escape, viewer::local},
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    indicator: String,
    measure: String,
    period: String,
    only: String,
    /// Where the page begins, as the one before gave it.
    after: String,
}

struct Row {
    unit: String,
    event: String,
    channel: String,
    day: String,
    number: String,
    evidence: String,
}

#[derive(Template)]
#[template(path = "staff/board/trace.html")]
struct Page<'a> {
    frame: Frame<'a>,
    code: &'static str,
    name: String,
    what: String,
    as_of: String,
    basis: String,
    total: String,
    persons: String,
    tally: String,
    erased: String,
    /// What was reported, where more or less is known now.
    reported: Option<String>,
    rows: Vec<Row>,
    outside: bool,
    /// Whether any row has evidence.
    proved: bool,
    /// Why no list is shown.
    hidden: Option<String>,
    first: Option<String>,
    next: Option<String>,
}

/// The units of a cell, a page of them.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(query): Query<Wanted>,
) -> Result<Response, Refusal> {
    viewer.require_any(ROLES)?;
    let asked = read(&query).ok_or(Refusal::NotFound)?;
    let outside = is_outside(&viewer);
    let place = Some(query.after.as_str()).filter(|place| !place.is_empty());
    let (found, why) = match console.board.trace(&asked, place, outside).await? {
        TraceAnswer::Unknown => return Err(Refusal::NotFound),
        TraceAnswer::Hidden => (None, Some("board-trace-hidden")),
        TraceAnswer::Changed => (None, Some("board-trace-changed")),
        TraceAnswer::Page(page) => (Some(page), None),
    };
    if found.is_some() && place.is_none() {
        console.staff.note_trace(viewer.id).await?;
    }
    let campaigns = console.board.campaigns().await.map_err(crate::counting::CountingError::from)?;
    let frame = Frame::of(&console, &viewer, "board").at("/staff/dashboard");
    let mut what =
        format!("{} · {}", words::window(&frame, asked.window), words::measure(&frame, asked.measure));
    if let Some((dimension, value)) = &asked.cell {
        let value = words::value(&frame, &campaigns, *dimension, value);
        what = format!("{what} · {}: {value}", words::dimension(&frame, *dimension));
    }
    let address = address(&query);
    let of = |n: fn(&TracePage) -> u64| {
        found.as_deref().map_or_else(|| "—".to_owned(), |page| words::grouped(n(page)))
    };
    let row = |unit: &crate::counting::board::Listed| Row {
        unit: if unit.is_head_count { frame.t("board-trace-head-count") } else { unit.pseudonym.clone() },
        event: unit.event.clone(),
        channel: if unit.channel.is_empty() {
            String::new()
        } else {
            words::value(&frame, &campaigns, crate::indicators::Dimension::Channel, unit.channel)
        },
        day: unit.day.clone(),
        number: words::grouped(unit.number),
        evidence: unit.evidence.clone(),
    };
    page(&Page {
        code: asked.indicator.as_str(),
        name: found
            .as_deref()
            .and_then(|page| page.settings.settings.indicators.get(&asked.indicator))
            .map_or_else(
                || match asked.indicator {
                    Indicator::Asked => frame.t("board-step-ASK"),
                    _ => String::new(),
                },
                |line| line.wording.get(frame.locale).to_owned(),
            ),
        what,
        as_of: found.as_deref().map_or_else(String::new, |page| {
            let offset = page.settings.settings.rules.offset_minutes;
            let seq = words::grouped(page.last_seq);
            frame.with2("board-as-of", "time", local(page.at, offset, "%d.%m.%Y %H:%M"), "seq", seq)
        }),
        basis: found.as_deref().map_or_else(String::new, |page| {
            let hash = page.settings.hash.get(..12).unwrap_or_default();
            frame.with2("board-basis", "version", page.settings.settings.version, "hash", hash)
        }),
        total: of(|page| page.cell.total()),
        persons: of(|page| page.cell.persons),
        tally: of(|page| page.cell.tally),
        erased: of(|page| page.cell.erased),
        reported: found
            .as_deref()
            .and_then(|page| Some(frame.with("board-trace-reported", "n", words::grouped(page.reported?)))),
        proved: found.as_deref().is_some_and(|page| page.units.iter().any(|unit| !unit.evidence.is_empty())),
        rows: found.as_deref().map(|page| page.units.iter().map(row).collect()).unwrap_or_default(),
        outside,
        hidden: why.map(|why| frame.t(why)),
        first: place.map(|_| address.clone()),
        next: found.as_deref().and_then(|page| Some(format!("{address}&after={}", page.next.as_ref()?))),
        frame,
    })
}

fn read(query: &Wanted) -> Option<Asked> {
    let cell = match query.only.as_str() {
        "" => None,
        only => Some(read_only(only)?),
    };
    let measure = if query.measure.is_empty() { Measure::Cum } else { Measure::parse(&query.measure)? };
    Some(Asked {
        indicator: Indicator::parse(&query.indicator)?,
        measure,
        window: Window::parse(&query.period)?,
        cell,
    })
}

/// Of the first page.
fn address(query: &Wanted) -> String {
    let only = match query.only.as_str() {
        "" => String::new(),
        only => format!("&only={}", escape(only)),
    };
    format!(
        "/staff/dashboard/trace?indicator={}&measure={}&period={}{only}",
        escape(&query.indicator),
        escape(&query.measure),
        escape(&query.period)
    )
}
