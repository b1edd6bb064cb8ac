//! Sets on their way and those of late; a new one.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{Console, Did, Frame, Names, Refusal, SECTION, Viewer, path_of, reader, refused, writer};
use crate::{
    desk::Role,
    studio::{ChangeSet, SetState},
    web::staff::{Posted, Say, page},
};

struct Row {
    id: String,
    title: String,
    items: Option<String>,
    who: String,
    when: String,
    is_mine: bool,
    state: &'static str,
    state_label: String,
    /// It is approved for a time.
    at: Option<String>,
    problem: bool,
}

struct Part {
    heading: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "staff/studio/sets.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    parts: Vec<Part>,
    closed: Vec<Row>,
    can_write: bool,
    title: &'a str,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Form {
    title: String,
}

/// `GET /staff/content/sets`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(did): Query<Did>,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let say = did.say(&Frame::of(&console, &viewer, ""));
    listed(&console, &viewer, "", say).await
}

fn row(frame: &Frame<'_>, viewer: &Viewer, names: &Names, set: ChangeSet, items: Option<i64>) -> Row {
    let (by, at) = match set.state {
        SetState::Draft => (set.made_by, set.made_at),
        SetState::Review => (set.sent_by.unwrap_or(set.made_by), set.sent_at.unwrap_or(set.made_at)),
        _ => (set.decided_by.unwrap_or(set.made_by), set.decided_at.unwrap_or(set.made_at)),
    };
    Row {
        id: set.id.to_string(),
        items: items.map(|items| frame.n("sets-items", items)),
        who: names.get(by),
        when: viewer.time(at),
        is_mine: set.made_by == viewer.id,
        state: set.state.as_str(),
        state_label: frame.word("sets-state-", set.state.as_str()),
        at: set.publish_at.filter(|_| set.state == SetState::Approved).map(|at| viewer.time(at)),
        problem: set.problem.is_some(),
        title: set.title,
    }
}

async fn listed(
    console: &Arc<Console>,
    viewer: &Viewer,
    title: &str,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let frame = Frame::of(console, viewer, SECTION).at("/staff/content/sets");
    let (open, closed) = console.studio.sets().await?;
    let names = Names::of(console).await?;
    // What waits for a publisher stands first.
    let order = if viewer.has(Role::Publisher) {
        [SetState::Review, SetState::Draft, SetState::Approved]
    } else {
        [SetState::Draft, SetState::Review, SetState::Approved]
    };
    let mut parts = Vec::new();
    for state in order {
        let of_state = open.iter().filter(|(set, _)| set.state == state).cloned();
        let mut rows: Vec<Row> =
            of_state.map(|(set, items)| row(&frame, viewer, &names, set, Some(items))).collect();
        rows.sort_by_key(|row| !row.is_mine);
        if !rows.is_empty() {
            parts.push(Part { heading: frame.word("sets-part-", state.as_str()), rows });
        }
    }
    let closed = closed.into_iter().map(|set| row(&frame, viewer, &names, set, None)).collect();
    let bad = say.as_ref().is_some_and(|say| say.bad);
    let can_write = writer(viewer).is_ok();
    let answer = page(&Page { frame, say, parts, closed, can_write, title })?;
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

/// `POST /staff/content/sets`: a new set.
pub(super) async fn open(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<Form>,
) -> Result<Response, Refusal> {
    writer(&viewer)?;
    match console.studio.open(viewer.id, &form.title).await {
        Ok(id) => Ok(Did::to(&path_of(id), "open", "")),
        Err(error) => {
            let say = refused(&Frame::of(&console, &viewer, ""), error)?;
            listed(&console, &viewer, &form.title, Some(Say::bad(say))).await
        }
    }
}
