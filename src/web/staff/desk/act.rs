//! What is done on a case's page. Each ends with a redirect, so that a reload repeats nothing.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{case::shown, case_of, done, path_of, queue::names, refused, who, word, words};
use crate::{
    desk::{ANSWER_MAX_CHARS, Claimed, DeskError, Offer, Refused, Sent, To},
    domain::{StaffId, Timestamp},
    web::staff::{Brought, Console, Frame, Posted, PostedFile, Refusal, Say, Viewer, page},
};

#[derive(Deserialize)]
pub(super) struct Nothing {}

#[derive(Template)]
#[template(path = "staff/desk/lost.html")]
struct LostPage<'a> {
    frame: Frame<'a>,
    title: String,
    say: Option<Say>,
    /// What somebody wrote and could not be sent.
    kept: Option<String>,
}

/// What was written for a case that is gone meanwhile: its writer gets the words back, and learns no more of the case
/// than anybody would.
fn kept(console: &Arc<Console>, viewer: &Viewer, text: &str) -> Result<Response, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::NotFound);
    }
    let frame = Frame::of(console, viewer, "queue").at("/staff/queue");
    let answer = page(&LostPage {
        title: frame.t("gone-title"),
        say: Some(Say::bad(frame.t("desk-refused-gone"))),
        kept: Some(shown_again(text)),
        frame,
    })?;
    Ok((StatusCode::NOT_FOUND, answer).into_response())
}

/// What was far too long is cut in the field: the page must stay one that can be shown.
fn shown_again(text: &str) -> String {
    text.chars().take(ANSWER_MAX_CHARS * 4).collect()
}

#[derive(Template)]
#[template(path = "staff/desk/offer.html")]
struct OfferPage<'a> {
    frame: Frame<'a>,
    path: String,
    urgent: bool,
    topic: String,
    /// Labels and values.
    facts: Vec<(String, String)>,
}

/// `GET /staff/case/{id}/claim`: where the alarm leads. It offers the case, says who was quicker, or leads to its page.
pub(super) async fn offer(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let path = path_of(case);
    let frame = Frame::of(&console, &viewer, "queue").at(&format!("{path}/claim"));
    let offered = match console.desk.offer(&who, case).await? {
        Offer::Readable => return Ok(Redirect::to(&path).into_response()),
        Offer::Gone { holder, at, .. } => return gone(&console, frame, holder, at).await,
        Offer::Waiting(offered) => offered,
    };
    let topic = offered.topic.as_deref();
    let mut facts = vec![
        (frame.t("queue-language"), words::language(&offered.locale)),
        (frame.t("queue-country"), frame.word("country-", &offered.country)),
        (frame.t("queue-channel"), frame.word("desk-channel-", &offered.channel)),
        (frame.t("case-waited"), words::since(&frame, offered.waiting_since, console.desk.now())),
    ];
    facts.extend(offered.skill.map(|skill| (frame.t("desk-for"), skill)));
    page(&OfferPage {
        urgent: offered.urgent,
        topic: topic.map_or_else(|| frame.t("desk-topic-none"), |id| words::topic(&frame, id)),
        facts,
        path,
        frame,
    })
}

/// Who was quicker, and when.
async fn gone(
    console: &Arc<Console>,
    frame: Frame<'_>,
    holder: Option<StaffId>,
    at: Option<Timestamp>,
) -> Result<Response, Refusal> {
    let names = names(console).await?;
    let (title, text) = match (holder.and_then(|id| names.get(&id)), at) {
        (Some(name), Some(at)) => {
            ("lost-title", frame.with2("desk-lost", "name", name, "time", frame.time(&at)))
        }
        _ => ("lost-ended-title", frame.t("desk-lost-ended")),
    };
    let answer = page(&LostPage { title: frame.t(title), frame, say: Some(Say::bad(text)), kept: None })?;
    Ok((StatusCode::CONFLICT, answer).into_response())
}

/// `POST /staff/case/{id}/claim`. Who comes too late learns who has it, and since when.
pub(super) async fn claim(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, .. }: Posted<Nothing>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let frame = Frame::of(&console, &viewer, "queue").at("/staff/queue");
    let (title, text) = match console.desk.claim(&who, case).await? {
        Claimed::Won => return Ok(done(&path_of(case), "claimed")),
        Claimed::Lost { holder: Some(holder), .. } if holder == who.id => {
            return Ok(Redirect::to(&path_of(case)).into_response());
        }
        Claimed::Lost { holder, at, .. } => return gone(&console, frame, holder, at).await,
        Claimed::Full { open } => {
            ("full-title", frame.n("desk-full", i64::try_from(open).unwrap_or(i64::MAX)))
        }
    };
    let answer = page(&LostPage { title: frame.t(title), frame, say: Some(Say::bad(text)), kept: None })?;
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

/// `POST /staff/case/{id}/answer`, perhaps with a file. A text that could not be sent comes back in its field; a file has
/// to be chosen again, for no page may fill that field.
pub(super) async fn answer(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    PostedFile { viewer, form, file, .. }: PostedFile<Answer>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let brought = !matches!(file, Brought::Nothing);
    let desk = &console.desk;
    let sent = match file {
        Brought::Nothing => desk.answer(&who, case, &form.text, form.after).await,
        Brought::File(file) => desk.send_file(&who, case, &form.text, file, form.after).await,
        Brought::TooLarge => Err(Refused::FileTooLarge.into()),
        Brought::Busy => {
            let say = Say::bad(Frame::of(&console, &viewer, "queue").t("desk-refused-busy"));
            let kept = shown_again(&form.text);
            return shown(&console, &viewer, case, false, i64::MAX, Some(say), Some(kept)).await;
        }
    };
    match sent {
        Ok(Sent::Queued) => Ok(done(&path_of(case), "sent")),
        Ok(Sent::Held) => Ok(done(&path_of(case), "held")),
        Err(DeskError::Refused(Refused::Unknown | Refused::Waits)) => kept(&console, &viewer, &form.text),
        Err(DeskError::Refused(refused)) => {
            let frame = Frame::of(&console, &viewer, "queue");
            let mut text = match &refused {
                Refused::TooLong { chars, max } => frame.with2("desk-too-long", "chars", chars, "max", max),
                other => frame.word("desk-refused-", word(other)),
            };
            if brought {
                text = format!("{text} {}", frame.t("desk-file-again"));
            }
            let kept = shown_again(&form.text);
            shown(&console, &viewer, case, false, i64::MAX, Some(Say::bad(text)), Some(kept)).await
        }
        Err(error) => Err(error.into()),
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
        Err(DeskError::Refused(Refused::Unknown | Refused::Waits | Refused::Ended)) => {
            kept(&console, &viewer, &form.text)
        }
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
pub(super) struct Urgency {
    urgent: bool,
}

/// `POST /staff/case/{id}/urgency`: whoever has the case, or a supervisor, says how urgent it is.
pub(super) async fn urgency(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Urgency>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    match console.desk.set_urgency(&who, case, form.urgent).await {
        Ok(()) => Ok(done(&path_of(case), if form.urgent { "raised" } else { "lowered" })),
        Err(error) => refused(&path_of(case), error),
    }
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
        Err(DeskError::Refused(Refused::Unknown | Refused::Waits)) => kept(&console, &viewer, &form.note),
        Err(error) => refused(&path_of(case), error),
    }
}
