//! How many people have nodes in front that change or go, and where they will land.

use std::{borrow::Cow, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    Console, Frame, Refusal, SECTION, Viewer, is_piece, path_of, reader, refused, sentence, set, shown,
};
use crate::{
    content::Release,
    studio::{Standing, StudioError, Wrong},
    web::staff::page,
};

struct Row {
    title: String,
    node: String,
    people: String,
    /// `None`: it stays where it is.
    lands: Option<String>,
    /// Nobody knows where.
    is_lost: bool,
}

#[derive(Template)]
#[template(path = "staff/studio/standing.html")]
struct Piece<'a> {
    frame: Frame<'a>,
    rows: Vec<Row>,
    /// Why it cannot be said.
    wrong: Option<String>,
    /// What keeps it from being published.
    errors: Vec<String>,
}

#[derive(Template)]
#[template(path = "staff/studio/standing-page.html")]
struct Page<'a> {
    frame: Frame<'a>,
    back: String,
    rows: Vec<Row>,
    wrong: Option<String>,
    errors: Vec<String>,
}

fn rows(frame: &Frame<'_>, release: &Release, standing: Vec<Standing>) -> Vec<Row> {
    let title = |id: &str| {
        let known = release.texts.format(frame.content_locale(), id, None, None);
        known.map_or_else(|| id.to_owned(), Cow::into_owned)
    };
    let row = |standing: Standing| Row {
        title: title(standing.node.as_str()),
        people: frame.n("sets-people", standing.people),
        lands: standing.lands.as_ref().filter(|to| **to != standing.node).map(|to| title(to.as_str())),
        is_lost: standing.lands.is_none(),
        node: standing.node.to_string(),
    };
    standing.into_iter().map(row).collect()
}

/// `GET /staff/content/sets/{id}/standing`.
pub(super) async fn of_set(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let view = set(&console, &id).await?;
    let back = path_of(view.set.id);
    let frame = Frame::of(&console, &viewer, SECTION).at(&format!("{back}/standing"));
    let found = console.studio.standing(view.set.id).await.map(|standing| (standing, Vec::new()));
    answer(&console, frame, &headers, back, found)
}

/// `GET /staff/content/releases/{publication}/standing`: if it came back.
pub(super) async fn of_release(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let back = format!("/staff/content/releases/{id}/revert");
    let frame = Frame::of(&console, &viewer, SECTION).at(&format!("/staff/content/releases/{id}/standing"));
    let found = console.studio.standing_if_reverted(id).await.map(|(standing, errors)| {
        let errors = errors.iter().map(|finding| sentence(&frame, finding)).collect();
        (standing, errors)
    });
    answer(&console, frame, &headers, back, found)
}

fn answer(
    console: &Console,
    frame: Frame<'_>,
    headers: &HeaderMap,
    back: String,
    found: Result<(Vec<Standing>, Vec<String>), StudioError>,
) -> Result<Response, Refusal> {
    let (rows, wrong, errors) = match found {
        Ok((standing, errors)) => (rows(&frame, &shown::release(console), standing), None, errors),
        Err(StudioError::Wrong(Wrong::NotFound)) => return Err(Refusal::NotFound),
        Err(error) => (Vec::new(), Some(refused(&frame, error)?), Vec::new()),
    };
    if is_piece(headers) {
        page(&Piece { frame, rows, wrong, errors })
    } else {
        page(&Page { frame, back, rows, wrong, errors })
    }
}
