//! What is done on a case's page. Each ends with a redirect, so that a reload repeats nothing.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{case::shown, case_of, done, path_of, queue::names, refused, who, word, words};
use crate::{
    channels, compose,
    desk::{ANSWER_MAX_CHARS, Claimed, DeskError, Preview, Refused, Sent, To},
    domain::{ChannelKind, Locale, StaffId},
    engine::HOME_OFFSET_MINUTES,
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page},
};

#[derive(Deserialize)]
pub(super) struct Nothing {}

#[derive(Template)]
#[template(path = "staff/desk/lost.html")]
struct LostPage<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
}

/// `POST /staff/case/{id}/claim`. Who comes too late learns who has it, and since when.
pub(super) async fn claim(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, .. }: Posted<Nothing>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let frame = Frame::of(&console, &viewer, "queue").at("/staff/queue");
    let text = match console.desk.claim(&who, case).await? {
        Claimed::Won => return Ok(done(&path_of(case), "claimed")),
        Claimed::Lost { holder: Some(holder), .. } if holder == who.id => {
            return Ok(Redirect::to(&path_of(case)).into_response());
        }
        Claimed::Lost { holder, at, .. } => {
            let names = names(&console).await?;
            match (holder.and_then(|id| names.get(&id)), at) {
                (Some(name), Some(at)) => frame.with2("desk-lost", "name", name, "time", frame.time(&at)),
                _ => frame.t("desk-lost-ended"),
            }
        }
        Claimed::Full { open } => frame.n("desk-full", i64::try_from(open).unwrap_or(i64::MAX)),
    };
    let answer = page(&LostPage { frame, say: Some(Say::bad(text)) })?;
    Ok((StatusCode::CONFLICT, answer).into_response())
}

#[derive(Deserialize)]
pub(super) struct Text {
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    text: String,
    /// The last entry of staff that the page showed.
    #[serde(default)]
    after: i64,
}

/// `POST /staff/case/{id}/answer`. A text that could not be sent comes back in its field.
pub(super) async fn answer(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Answer>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    match console.desk.answer(&who, case, &form.text, form.after).await {
        Ok(Sent::Queued) => Ok(done(&path_of(case), "sent")),
        Ok(Sent::Held) => Ok(done(&path_of(case), "held")),
        Err(DeskError::Refused(refused)) if refused != Refused::Unknown => {
            let frame = Frame::of(&console, &viewer, "queue");
            let text = match &refused {
                Refused::TooLong { chars, max } => frame.with2("desk-too-long", "chars", chars, "max", max),
                other => frame.word("desk-refused-", word(other)),
            };
            // What was far too long is cut in the field: the page must stay one that can be shown.
            let kept: String = form.text.chars().take(ANSWER_MAX_CHARS * 4).collect();
            shown(&console, &viewer, case, false, Some(Say::bad(text)), Some(kept)).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    node: String,
    #[serde(default)]
    after: i64,
}

#[derive(Template)]
#[template(path = "staff/desk/preview.html")]
struct PreviewPage<'a> {
    frame: Frame<'a>,
    path: String,
    title: String,
    node: String,
    after: i64,
    text: String,
    buttons: Vec<String>,
    lang: &'static str,
}

/// `GET /staff/case/{id}/page?node=…`: the page as the person would see it, before it is sent.
pub(super) async fn preview(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(wanted): Query<Page>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let Preview { say, channel, after } = match console.desk.preview(&who, case, &wanted.node).await {
        Ok(found) => found,
        Err(error) => return refused(&path_of(case), error),
    };
    let limits = match channel {
        ChannelKind::Telegram => &channels::telegram::LIMITS,
        ChannelKind::WhatsApp => &channels::whatsapp::LIMITS,
        ChannelKind::Web => &channels::web::LIMITS,
    };
    let path = path_of(case);
    let release = console.desk.release();
    let today = console.desk.now().day(HOME_OFFSET_MINUTES);
    let composed = compose::compose(&release, &say, limits, today);
    let locale = say.locale.unwrap_or(Locale::REFERENCE);
    page(&PreviewPage {
        frame: Frame::of(&console, &viewer, "queue").at(&path),
        title: words::title(&release, locale, &wanted.node).unwrap_or_default(),
        node: wanted.node,
        after,
        text: composed.text,
        buttons: composed.choices.into_iter().chain(composed.system).map(|button| button.label).collect(),
        lang: locale.as_str(),
        path,
    })
}

/// `POST /staff/case/{id}/page`: sends a page of the content.
pub(super) async fn send_page(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Page>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    match console.desk.send_page(&who, case, &form.node, form.after).await {
        Ok(Sent::Queued) => Ok(done(&path_of(case), "sent")),
        Ok(Sent::Held) => Ok(done(&path_of(case), "held")),
        Err(error) => refused(&path_of(case), error),
    }
}

/// `POST /staff/case/{id}/note`: for staff only.
pub(super) async fn note(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Text>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    match console.desk.add_note(&who, case, &form.text).await {
        Ok(()) => Ok(done(&path_of(case), "noted")),
        Err(error) => refused(&path_of(case), error),
    }
}

/// `POST /staff/case/{id}/draft`: the page's script keeps what is being written.
pub(super) async fn draft(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Text>,
) -> Result<StatusCode, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    console.desk.keep_draft(&who, case, &form.text).await?;
    console.desk.look(&who, case, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /staff/case/{id}/look`: the page is still in front of somebody.
pub(super) async fn look(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, .. }: Posted<Nothing>,
) -> Result<StatusCode, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    console.desk.look(&who, case, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(super) struct Hand {
    /// `queue`, `staff.<id>`, `skill.<word>`.
    #[serde(default)]
    to: String,
    #[serde(default)]
    note: String,
}

/// `POST /staff/case/{id}/hand`: back to the queue, or to somebody else.
pub(super) async fn hand(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Hand>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let to = match form.to.split_once('.') {
        None if form.to == "queue" => To::Queue,
        Some(("staff", id)) => To::Staff(StaffId(id.parse().map_err(|_| Refusal::Bad)?)),
        Some(("skill", skill)) if !skill.is_empty() && skill.chars().count() <= 80 => {
            To::Skill(skill.to_owned())
        }
        _ => return Err(Refusal::Bad),
    };
    match console.desk.hand(&who, case, &to, &form.note).await {
        // A supervisor still reads it; others look at the queue.
        Ok(()) if who.supervisor => Ok(done(&path_of(case), "handed")),
        Ok(()) => Ok(done("/staff/queue", "handed")),
        Err(error) => refused(&path_of(case), error),
    }
}
