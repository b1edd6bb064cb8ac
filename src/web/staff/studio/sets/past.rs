//! What was published: the list, one publication, two compared, and going back to one.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Console, Frame, Names, Refusal, SECTION, Viewer,
    labels::Labels,
    reader, refused,
    shown::{self, Group, Made, groups},
};
use crate::{
    content::items::{Change, ItemKey},
    desk::Role,
    domain::Locale,
    studio::{Published, StudioError, Wrong},
    web::staff::{Posted, Say, page},
};

/// Publications of a page.
const ROWS: usize = 50;
/// Changed items that a page shows word by word.
const SHOWN_MAX: usize = 300;

struct Row {
    id: i64,
    at: String,
    origin: String,
    note: String,
    set: Option<String>,
    by: Option<String>,
    authors: String,
    items: String,
    is_now: bool,
    /// The one before: what it changed is the difference to it.
    before: Option<i64>,
}

fn row(
    frame: &Frame<'_>,
    viewer: &Viewer,
    names: &Names,
    one: &Published,
    before: Option<i64>,
    is_now: bool,
) -> Row {
    let authors: Vec<String> = one.authors.iter().map(|author| names.get(*author)).collect();
    Row {
        id: one.id,
        at: viewer.time(one.at),
        origin: frame.word("sets-origin-", origin(&one.origin)),
        note: one.note.clone().unwrap_or_default(),
        set: one.set.map(|set| set.to_string()),
        by: one.by.map(|by| names.get(by)),
        authors: authors.join(", "),
        items: frame.n("sets-items", one.items),
        is_now,
        before,
    }
}

/// A word that has a text.
fn origin(word: &str) -> &str {
    if ["embedded", "folder", "studio", "revert"].contains(&word) { word } else { "other" }
}

#[derive(Template)]
#[template(path = "staff/studio/releases.html")]
struct List<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    rows: Vec<Row>,
    can_revert: bool,
    older: Option<usize>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    /// How many newer ones are left out.
    from: usize,
    did: String,
}

/// `GET /staff/content/releases`.
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let frame = Frame::of(&console, &viewer, SECTION).at("/staff/content/releases");
    let from = asked.from.min(100_000);
    let most = u32::try_from(from + ROWS + 1).unwrap_or(u32::MAX);
    let found = console.studio.published(most).await?;
    let names = Names::of(&console).await?;
    let rows = found.iter().enumerate().skip(from).take(ROWS).map(|(place, one)| {
        let before = found.get(place + 1).map(|before| before.id);
        row(&frame, &viewer, &names, one, before, place == 0)
    });
    let rows = rows.collect();
    let older = (found.len() > from + ROWS).then_some(from + ROWS);
    let say = (asked.did == "reverted").then(|| Say::good(frame.t("sets-did-reverted")));
    page(&List { frame, say, rows, can_revert: viewer.has(Role::Publisher), older })
}

#[derive(Template)]
#[template(path = "staff/studio/release.html")]
struct One<'a> {
    frame: Frame<'a>,
    row: Row,
    groups: Vec<Group>,
    hand: Option<String>,
    can_edit: bool,
    can_say: bool,
    /// Items that are too many to show.
    left_out: usize,
    can_revert: bool,
}

/// `GET /staff/content/releases/{publication}`.
pub(super) async fn one(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<i64>,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let frame = Frame::of(&console, &viewer, SECTION).at(&format!("/staff/content/releases/{id}"));
    let (step, before) = console.studio.one_published(id).await?;
    let newest = console.studio.published(1).await?.first().map(|one| one.id);
    let names = Names::of(&console).await?;
    let release = shown::release(&console);
    let labels = Labels { console: &console, frame: &frame, release: &release };
    let made = step.told.iter().take(SHOWN_MAX).map(|told| Made::told(told, &names)).collect();
    let groups = groups(&labels, made);
    let row = row(&frame, &viewer, &names, &step.published, before, newest == Some(id));
    page(&One {
        row,
        groups,
        hand: None,
        can_edit: false,
        can_say: false,
        left_out: step.told.len().saturating_sub(SHOWN_MAX),
        can_revert: viewer.has(Role::Publisher),
        frame,
    })
}

/// One kind of items, or one language of texts.
struct Filter {
    word: &'static str,
    label: String,
    is_chosen: bool,
    count: usize,
}

#[derive(Template)]
#[template(path = "staff/studio/compare.html")]
struct Compare<'a> {
    frame: Frame<'a>,
    old: Row,
    new: Row,
    filters: Vec<Filter>,
    groups: Vec<Group>,
    hand: Option<String>,
    can_edit: bool,
    can_say: bool,
    left_out: usize,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Pair {
    old: String,
    new: String,
    /// `ru`, `tg`, `ky`, `rest`; empty: all.
    of: String,
}

/// Whether a change is of this kind.
fn is_of(word: &str, change: &Change) -> bool {
    match (word, change.key.locale()) {
        ("", _) => true,
        ("rest", None) => true,
        (word, Some(locale)) => Locale::parse(word) == Some(locale),
        _ => false,
    }
}

/// `GET /staff/content/compare?old=&new=`.
pub(super) async fn compare(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(pair): Query<Pair>,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| Refusal::NotFound);
    let (old, new) = (number(&pair.old)?, number(&pair.new)?);
    let changes = console.studio.compare(old, new).await?;
    let frame = Frame::of(&console, &viewer, SECTION).at("/staff/content/releases");
    let names = Names::of(&console).await?;
    let (old, _) = console.studio.one_published(old).await?;
    let (new, _) = console.studio.one_published(new).await?;
    let told = |one: &Published| row(&frame, &viewer, &names, one, None, false);
    let (old, new) = (told(&old.published), told(&new.published));
    let filter = |word: &'static str| Filter {
        word,
        label: match Locale::parse(word) {
            Some(locale) => locale.own_name().to_owned(),
            None => frame.word("sets-compare-", if word.is_empty() { "all" } else { word }),
        },
        is_chosen: pair.of == word,
        count: changes.iter().filter(|change| is_of(word, change)).count(),
    };
    let filters = ["", "ru", "tg", "ky", "rest"].map(filter).into_iter().collect();
    let release = shown::release(&console);
    let labels = Labels { console: &console, frame: &frame, release: &release };
    let wanted: Vec<&Change> = changes.iter().filter(|change| is_of(&pair.of, change)).collect();
    let left_out = wanted.len().saturating_sub(SHOWN_MAX);
    let made = wanted.into_iter().take(SHOWN_MAX).map(|change| Made::of(change, None)).collect();
    let groups = groups(&labels, made);
    page(&Compare { old, new, filters, groups, hand: None, can_edit: false, can_say: false, left_out, frame })
}

#[derive(Template)]
#[template(path = "staff/studio/revert.html")]
struct Ask<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    row: Row,
    /// The publication in force, as the page saw it.
    now: i64,
    groups: Vec<Group>,
    hand: Option<String>,
    can_edit: bool,
    can_say: bool,
    left_out: usize,
    /// Nodes that came since and go again: who is on them lands elsewhere.
    heirs: usize,
    is_same: bool,
}

/// `GET /staff/content/releases/{publication}/revert`: what it would change.
pub(super) async fn ask(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<i64>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Publisher)?;
    asked(&console, &viewer, id, None).await
}

async fn asked(
    console: &Arc<Console>,
    viewer: &Viewer,
    id: i64,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let path = format!("/staff/content/releases/{id}/revert");
    let frame = Frame::of(console, viewer, SECTION).at(&path);
    let back = console.studio.would_revert(id).await?;
    let (step, _) = console.studio.one_published(id).await?;
    let names = Names::of(console).await?;
    let release = shown::release(console);
    let labels = Labels { console, frame: &frame, release: &release };
    let is_heir = |change: &&Change| matches!(change.key, ItemKey::Retired(_));
    let heirs = back.changes.iter().filter(is_heir).count();
    let made = back.changes.iter().take(SHOWN_MAX).map(|change| Made::of(change, None)).collect();
    let groups = groups(&labels, made);
    let row = row(&frame, viewer, &names, &step.published, None, back.now == id);
    let bad = say.as_ref().is_some_and(|say| say.bad);
    let answer = page(&Ask {
        say,
        row,
        now: back.now,
        groups,
        hand: None,
        can_edit: false,
        can_say: false,
        left_out: back.changes.len().saturating_sub(SHOWN_MAX),
        heirs,
        is_same: back.changes.is_empty(),
        frame,
    })?;
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

#[derive(Deserialize)]
pub(super) struct Reverting {
    now: i64,
}

/// `POST /staff/content/releases/{publication}/revert`.
pub(super) async fn revert(
    State(console): State<Arc<Console>>,
    Path(id): Path<i64>,
    Posted { viewer, form, .. }: Posted<Reverting>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Publisher)?;
    match console.studio.revert_seen(viewer.id, id, form.now).await {
        Ok(_) => Ok(Redirect::to("/staff/content/releases?did=reverted").into_response()),
        Err(StudioError::Wrong(Wrong::NotFound)) => Err(Refusal::NotFound),
        Err(error) => {
            let say = refused(&Frame::of(&console, &viewer, ""), error)?;
            asked(&console, &viewer, id, Some(Say::bad(say))).await
        }
    }
}
