//! Closed cases that somebody wants to look at again.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    After, case_of,
    close::{instant, why},
    done,
    queue::{Before, Names, names},
    refused, who, words,
};
use crate::{
    desk::{DeskError, Ended, FollowUp, NOTE_MAX_CHARS, Refused, Who, outcome::Fault},
    domain::{CaseId, Timestamp},
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page},
};

/// The page's address.
const PATH: &str = "/staff/follow-ups";
/// The hour of a follow-up's day at which it is due.
const HOUR: i64 = 9;

/// A case of the list.
struct Line {
    id: CaseId,
    urgent: bool,
    topic: String,
    language: String,
    lang: String,
    country: String,
    day: String,
    /// As a field of a form has it.
    iso_day: String,
    overdue: bool,
    today: bool,
    /// Whose follow-up it is.
    by: String,
    /// Whether its page opens for the viewer.
    readable: bool,
    version: i64,
    /// What was written and refused: its form stands open.
    note: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/desk/follow_ups.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    lines: Vec<Line>,
    next: Option<String>,
    first: bool,
    due: usize,
    /// Whose follow-ups they are is told.
    all: bool,
    note_max: usize,
}

/// `GET /staff/follow-ups?after=…`: the viewer's own, or all for a supervisor; what is overdue first.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(after): Query<After>,
    Query(before): Query<Before>,
) -> Result<Response, Refusal> {
    let say = after.say(&Frame::of(&console, &viewer, "follow-ups"));
    shown(&console, &viewer, before.place_or(FIRST), say, None).await
}

/// Before all: the earliest day comes first.
const FIRST: Ended = Ended { at: Timestamp(i64::MIN), id: CaseId(i64::MIN) };

async fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    after: Ended,
    say: Option<Say>,
    again: Option<(CaseId, String)>,
) -> Result<Response, Refusal> {
    let who = who(viewer)?;
    let (list, next) = console.desk.follow_ups(&who, after).await?;
    let names = names(console).await?;
    let frame = Frame::of(console, viewer, "follow-ups").at(PATH);
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let answer = page(&Page {
        say,
        lines: list
            .iter()
            .map(|case| line(console, &frame, viewer, &who, &names, case, again.as_ref()))
            .collect(),
        next: next.map(|place| format!("{PATH}?before={}.{}", place.at.0, place.id)),
        first: after == FIRST,
        due: frame.follow_ups_due(),
        all: who.supervisor,
        note_max: NOTE_MAX_CHARS,
        frame,
    })?;
    Ok((status, answer).into_response())
}

fn line(
    console: &Console,
    frame: &Frame<'_>,
    viewer: &Viewer,
    who: &Who,
    names: &Names,
    case: &FollowUp,
    again: Option<&(CaseId, String)>,
) -> Line {
    let (day, today) = (case.at.day(viewer.zone), console.desk.now().day(viewer.zone));
    Line {
        id: case.id,
        urgent: case.urgent,
        topic: case.topic.as_ref().map_or_else(|| frame.t("desk-topic-none"), |id| words::topic(frame, id)),
        language: words::language(&case.locale),
        lang: case.locale.clone(),
        country: frame.word("country-", &case.country),
        day: super::queue::day(frame, case.at),
        iso_day: day.to_string(),
        overdue: day < today,
        today: day == today,
        by: case.by.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        readable: who.supervisor || case.holder == Some(who.id),
        version: case.version,
        note: again.filter(|(id, _)| *id == case.id).map(|(_, note)| note.clone()),
    }
}

/// What came of it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Done {
    version: i64,
    note: String,
}

/// `POST /staff/case/{id}/follow-up/done`. A note that was refused comes back in its field.
pub(super) async fn followed_up(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Done>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    match console.desk.followed_up(&who, case, form.version, &form.note).await {
        Ok(()) => Ok(done(PATH, "followed-up")),
        Err(DeskError::Refused(refused)) if refused != Refused::Unknown && !form.note.trim().is_empty() => {
            let text = {
                let frame = Frame::of(&console, &viewer, "follow-ups");
                match &refused {
                    Refused::TooLong { chars, max } => {
                        frame.with2("desk-too-long", "chars", chars, "max", max)
                    }
                    other => why(&frame, other),
                }
            };
            let kept = form.note.chars().take(NOTE_MAX_CHARS * 4).collect();
            shown(&console, &viewer, FIRST, Some(Say::bad(text)), Some((case, kept))).await
        }
        Err(error) => refused(PATH, error),
    }
}

/// Another day.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Moved {
    version: i64,
    /// `2026-12-01`
    day: String,
}

/// `POST /staff/case/{id}/follow-up/move`.
pub(super) async fn moved(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Moved>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let day = instant(&form.day, HOUR * 60, viewer.zone).map(Some).ok_or(Fault::FollowUp);
    match console.desk.move_follow_up(&who, case, form.version, day).await {
        Ok(()) => Ok(done(PATH, "follow-up-moved")),
        Err(DeskError::Refused(Refused::Outcome(_))) => {
            Ok(Redirect::to(&format!("{PATH}?why=day")).into_response())
        }
        Err(error) => refused(PATH, error),
    }
}
