//! What is done on a case's page. Each ends with a redirect, so that a reload repeats nothing.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{FromRequest as _, FromRequestParts as _, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{again::Again, case::shown, case_of, done, path_of, queue::names, refused, who, word, words};
use crate::{
    desk::{ANSWER_MAX_CHARS, CaseState, Claimed, DeskError, Offer, Refused, Role, Sent, To, Who},
    domain::{CaseId, StaffId, Timestamp},
    web::staff::{
        Brought, Console, Frame, Posted, PostedFile, Refusal, Say, Viewer, cookies, form, frame, page,
        with_file,
    },
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
        Offer::Gone { holder, at, state } => return gone(&console, frame, state, holder, at).await,
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

/// Who was quicker, and when; or that the case has ended meanwhile, whoever had it.
async fn gone(
    console: &Arc<Console>,
    frame: Frame<'_>,
    state: CaseState,
    holder: Option<StaffId>,
    at: Option<Timestamp>,
) -> Result<Response, Refusal> {
    let names = names(console).await?;
    let (title, text) = match (holder.and_then(|id| names.get(&id)), at) {
        (Some(name), Some(at)) if state.is_open() => {
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
        Claimed::Lost { holder: Some(holder), state: CaseState::Claimed, .. } if holder == who.id => {
            return Ok(Redirect::to(&path_of(case)).into_response());
        }
        Claimed::Lost { holder, at, state } => return gone(&console, frame, state, holder, at).await,
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
    request: Request,
) -> Result<Response, Refusal> {
    let (mut parts, body) = request.into_parts();
    if let Err(refusal) = Viewer::from_request_parts(&mut parts, &console).await {
        return late(&console, Request::from_parts(parts, body), case_of(&id)?, refusal).await;
    }
    let request = Request::from_parts(parts, body);
    // Its place is held until the file is committed.
    let PostedFile { viewer, form, file, place: _place } =
        PostedFile::<Answer>::from_request(request, &console).await?;
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
            return shown(&console, &viewer, case, i64::MAX, Some(say), Again::answer(kept)).await;
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
            shown(&console, &viewer, case, i64::MAX, Some(Say::bad(text)), Again::answer(kept)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// An answer that came after the end of its session: sealed as the draft of who wrote it, it stands in its field when they
/// have logged in again; a file has to be chosen again. Where it cannot be kept, whoever sent it gets the words back.
async fn late(
    console: &Arc<Console>,
    request: Request,
    case: CaseId,
    refusal: Refusal,
) -> Result<Response, Refusal> {
    let headers = &request.headers().clone();
    let token = cookies::token(console, headers);
    // Without a cookie it may be a form of another site: nothing of that is shown here.
    if token.is_empty() || !matches!(refusal, Refusal::LogIn { .. }) {
        return Err(refusal);
    }
    let Ok((fields, brought)) = with_file::words(request).await else { return Err(refusal) };
    let Ok(Answer { text, .. }) = form::read::<Answer>(&fields) else { return Err(refusal) };
    if text.trim().is_empty() {
        return Err(refusal);
    }
    if let Some((account, csrf)) = console.staff.ended(token).await? {
        form::check(headers, &fields, &csrf)?;
        let who = Who {
            id: account.id,
            name: account.name.clone(),
            supervisor: account.roles.has(Role::Supervisor),
            max_cases: account.max_cases,
        };
        if console.desk.keep_draft(&who, case, &text).await.is_ok() {
            let why = if brought { "kept-file" } else { "kept" };
            return Err(Refusal::LogIn { back: format!("{}?why={why}", path_of(case)) });
        }
    }
    let frame = Frame::new(console, None, frame::locale(None, headers), "").at("/staff/queue");
    let mut told = frame.t("out-text");
    if brought {
        told = format!("{told} {}", frame.t("desk-file-again"));
    }
    let answer = page(&LostPage {
        title: frame.t("out-title"),
        say: Some(Say::bad(told)),
        kept: Some(shown_again(&text)),
        frame,
    })?;
    Ok((StatusCode::UNAUTHORIZED, answer).into_response())
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
        Err(DeskError::Refused(refused)) => {
            let frame = Frame::of(&console, &viewer, "queue");
            let say = Some(Say::bad(frame.word("desk-refused-", word(&refused))));
            shown(&console, &viewer, case, i64::MAX, say, Again::note(shown_again(&form.text))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/case/{id}/draft`: the page's script keeps what is being written.
pub(super) async fn draft(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, token, .. }: Posted<Text>,
) -> Result<StatusCode, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    if console.desk.keep_draft(&who, case, &form.text).await? {
        // The script sends it, but a text that changes was typed by somebody.
        console.staff.seen(&token, false).await?;
    }
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
pub(super) struct Insert {
    #[serde(default)]
    text: String,
    /// The name of a quick reply, as the page calls it.
    #[serde(default)]
    reply: String,
}

/// `POST /staff/case/{id}/insert`: what was written with a quick reply under it, as the draft. For pages without a
/// script; with one it goes into the field at once.
pub(super) async fn insert(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Insert>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let frame = Frame::of(&console, &viewer, "queue");
    let reply = super::replies::reply(&console, &frame, &who, case, &form.reply).await?;
    let text = match form.text.trim_end() {
        "" => reply,
        written => format!("{written}\n{reply}"),
    };
    match console.desk.keep_draft(&who, case, &text).await {
        Ok(_) => Ok(Redirect::to(&format!("{}#answer", path_of(case))).into_response()),
        Err(DeskError::Refused(Refused::Unknown | Refused::Waits)) => kept(&console, &viewer, &form.text),
        Err(error) => refused(&path_of(case), error),
    }
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
    let handed = match &to {
        To::Skill(skill) => console.desk.may_seek(skill).await,
        To::Staff(_) | To::Queue => Ok(()),
    };
    let handed = match handed {
        Ok(()) => console.desk.hand(&who, case, &to, &form.note).await,
        refused => refused,
    };
    match handed {
        // A supervisor still reads it; others look at the queue.
        Ok(()) if who.supervisor => Ok(done(&path_of(case), "handed")),
        Ok(()) => Ok(done("/staff/queue", "handed")),
        Err(DeskError::Refused(Refused::Unknown | Refused::Waits)) => kept(&console, &viewer, &form.note),
        Err(error) if form.note.trim().is_empty() => refused(&path_of(case), error),
        // The note comes back in its field.
        Err(DeskError::Refused(refused)) => {
            let frame = Frame::of(&console, &viewer, "queue");
            let say = Some(Say::bad(frame.word("desk-refused-", word(&refused))));
            let again = Again::hand(form.to, shown_again(&form.note));
            shown(&console, &viewer, case, i64::MAX, say, again).await
        }
        Err(error) => Err(error.into()),
    }
}
