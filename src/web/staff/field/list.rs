//! All entries, by state, kind, country, month.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{After, entry::FileLine, key, login, logins, look_of, who};
use crate::{
    desk::outcome::COUNTRIES,
    domain::{EntryId, ImportId, Timestamp, parse_day},
    field::{Filter, Kind, STATES, Shown},
    web::staff::{
        Console, Frame, Refusal, Say, Viewer,
        desk::words::{self, Choice},
        page,
        refusal::escape,
        viewer::local,
    },
};

/// Rows of a page.
const ROWS: u32 = 50;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    state: String,
    cc: String,
    /// `2026-04`.
    month: String,
    import: String,
    /// Rows before this entry.
    before: String,
    done: String,
    why: String,
}

/// An entry of the list.
struct Line {
    id: EntryId,
    day: String,
    kind: String,
    what: String,
    number: i64,
    country: String,
    look: &'static str,
    state_label: String,
    by: String,
}

/// An import whose entries are looked at.
struct Import {
    id: ImportId,
    said: String,
    files: Vec<FileLine>,
    waits: bool,
    /// Somebody else than who looks imported it.
    may_approve: bool,
}

#[derive(Template)]
#[template(path = "staff/field/list.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    waiting: String,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    countries: Vec<Choice>,
    asked: &'a Asked,
    lines: Vec<Line>,
    import: Option<Import>,
    older: Option<String>,
}

/// `GET /staff/field`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let who = who(&viewer)?;
    let zone = console.field.rules().offset_minutes;
    let frame = Frame::of(&console, &viewer, "field").at("/staff/field");
    let after = After { done: asked.done.clone(), why: asked.why.clone() };
    let filter = filter(&asked, zone);
    let before = asked.before.parse().map_or(EntryId(i64::MAX), EntryId);
    let found = console.field.list(&filter, before, ROWS).await?;
    let people = logins(&console).await?;
    let older = found.last().filter(|_| found.len() == ROWS as usize).map(|last| older(&asked, last.row.id));
    let import = match filter.import {
        None => None,
        Some(id) => {
            let row = console.field.get_import(id).await?;
            let by = login(&frame, &people, row.by);
            let files = console.field.files_of_import(id).await?;
            Some(Import {
                id,
                said: frame.with2("field-import-said", "at", viewer.time(row.at), "by", by),
                files: files.iter().map(|file| FileLine::of(&frame, &viewer, file)).collect(),
                waits: console.field.import_waits(id).await?,
                may_approve: row.by != who.id,
            })
        }
    };
    let (entries, number) = console.field.waiting().await?;
    let lines = found
        .iter()
        .map(|shown| Line {
            id: shown.row.id,
            day: local(shown.row.occurred_at, zone, "%d.%m.%Y"),
            kind: frame.word("field-kind-", key(&shown.row.kind)),
            what: what(shown),
            number: shown.row.number,
            country: if shown.row.country.is_empty() {
                String::new()
            } else {
                frame.word("country-", &shown.row.country)
            },
            look: look_of(&shown.row.state),
            state_label: frame.word("field-state-", &shown.row.state),
            by: shown.row.submitter.clone().unwrap_or_else(|| login(&frame, &people, shown.row.entered_by)),
        })
        .collect();
    let any = |list: Vec<Choice>, chosen: &str| {
        let first = Choice { value: String::new(), label: frame.t("desk-any"), chosen: chosen.is_empty() };
        std::iter::once(first).chain(list).collect::<Vec<_>>()
    };
    page(&Page {
        say: after.say(&frame),
        waiting: frame.with2("field-waiting", "n", entries, "number", number),
        kinds: any(kinds(&frame, &asked.kind), &asked.kind),
        states: any(words::choices(&frame, "field-state-", &STATES, &asked.state), &asked.state),
        countries: any(words::choices(&frame, "country-", &COUNTRIES, &asked.cc), &asked.cc),
        asked: &asked,
        lines,
        import,
        older,
        frame,
    })
}

/// All kinds, labelled.
pub(super) fn kinds(frame: &Frame<'_>, chosen: &str) -> Vec<Choice> {
    let of = |kind: Kind| Choice {
        value: kind.as_str().to_owned(),
        label: frame.word("field-kind-", key(kind.as_str())),
        chosen: kind.as_str() == chosen,
    };
    Kind::ALL.into_iter().map(of).collect()
}

/// What tells an entry from others, in a few words.
fn what(shown: &Shown) -> String {
    let names = ["place", "centre", "outlet", "course", "title", "topics"];
    names.iter().map(|name| shown.value(name)).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}

fn filter(asked: &Asked, zone: i32) -> Filter {
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let mut filter = Filter {
        kind: some(&asked.kind),
        state: some(&asked.state),
        country: some(&asked.cc),
        import: asked.import.parse().ok().map(ImportId),
        ..Filter::default()
    };
    if let Some(first) = parse_day(&format!("{}-01", asked.month))
        && let Some(next) = first.checked_add_months(chrono::Months::new(1))
    {
        let start = |day: crate::domain::Day| {
            let midnight = day.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc().timestamp_millis();
            Timestamp(midnight - i64::from(zone) * 60_000)
        };
        (filter.from, filter.until) = (start(first), start(next));
    }
    filter
}

fn older(asked: &Asked, last: EntryId) -> String {
    let pairs = [
        ("kind", &asked.kind),
        ("state", &asked.state),
        ("cc", &asked.cc),
        ("month", &asked.month),
        ("import", &asked.import),
    ];
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    let rest: Vec<String> = given.map(|(name, value)| format!("&{name}={}", escape(value))).collect();
    format!("/staff/field?before={last}{}", rest.concat())
}
