//! The consultants' pages: queue, case, register, supervisor. Plain forms; a script only refreshes what is shown.

mod act;
mod again;
mod case;
mod close;
mod feed;
pub(super) mod file;
mod follow_ups;
mod pages;
mod people;
mod queue;
mod register;
mod replies;
mod settings;
mod stream;
mod supervisor;
pub(super) mod words;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::{Console, Frame, Refusal, Say, Viewer};
use crate::{
    desk::{DeskError, Refused, Role, Who},
    domain::CaseId,
    web::limits::UPLOAD_READ_MAX_BYTES,
};

pub use feed::Feed;

/// Its routes, among those of the staff.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .route("/staff/queue", get(queue::show))
        .route("/staff/queue/ended", get(queue::ended))
        .route("/staff/queue/sweep", post(queue::sweep))
        .route("/staff/news", get(queue::news))
        .route("/staff/follow-ups", get(follow_ups::show))
        .route("/staff/case/{id}/follow-up/done", post(follow_ups::followed_up))
        .route("/staff/case/{id}/follow-up/move", post(follow_ups::moved))
        .route("/staff/case/{id}", get(case::show))
        .route("/staff/case/{id}/claim", get(act::offer).post(act::claim))
        .route(
            "/staff/case/{id}/answer",
            post(act::answer).layer(DefaultBodyLimit::max(UPLOAD_READ_MAX_BYTES)),
        )
        .route("/staff/case/{id}/page", get(pages::show).post(pages::send))
        .route("/staff/case/{id}/note", post(act::note))
        .route("/staff/case/{id}/draft", post(act::draft))
        .route("/staff/case/{id}/insert", post(act::insert))
        .route("/staff/case/{id}/hand", post(act::hand))
        .route("/staff/case/{id}/urgency", post(act::urgency))
        .route("/staff/case/{id}/look", post(act::look))
        .route("/staff/case/{id}/close", get(close::show).post(close::close))
        .route("/staff/file/{id}", get(file::download))
        .route("/staff/file/{id}/image", get(file::image))
        .route("/staff/file/{id}/sound", get(file::sound))
        .route("/staff/register", get(register::show).post(register::add))
        .route("/staff/supervisor", get(supervisor::show))
        .route("/staff/supervisor/people/{id}", get(people::show).post(people::change))
        .route("/staff/supervisor/settings", get(settings::show))
        .route("/staff/supervisor/hours", post(settings::hours))
        .route("/staff/supervisor/limits", post(settings::limits))
        .route("/staff/supervisor/centre", post(settings::centre))
        .route("/staff/supervisor/replies", post(settings::replies))
        .route("/staff/stream", get(stream::open))
}

/// Somebody of the desk.
///
/// # Errors
/// [`Refusal::Role`] for who is neither consultant nor supervisor.
fn who(viewer: &Viewer) -> Result<Who, Refusal> {
    viewer.require_any(&[Role::Consultant, Role::Supervisor])?;
    Ok(Who {
        id: viewer.id,
        name: viewer.name.clone(),
        supervisor: viewer.has(Role::Supervisor),
        max_cases: viewer.account.max_cases,
    })
}

/// What a refusal is called in addresses and texts (`desk-refused-<word>`).
const fn word(refused: &Refused) -> &'static str {
    match refused {
        Refused::Unknown => "unknown",
        Refused::Waits => "waits",
        Refused::NotYours => "not-yours",
        Refused::Ended => "ended",
        Refused::Changed => "changed",
        Refused::Twice => "twice",
        Refused::Full { .. } => "full",
        Refused::Empty => "empty",
        Refused::TooLong { .. } => "too-long",
        Refused::FileEmpty => "file-empty",
        Refused::FileTooLarge => "file-too-large",
        Refused::FileKind => "file-kind",
        Refused::NoPage => "no-page",
        Refused::NoColleague => "no-colleague",
        Refused::NoSkill => "no-skill",
        Refused::Outcome(_) => "outcome",
        Refused::Nonsense => "nonsense",
    }
}

/// Words of an address: `gone` is what the page's script says when a case was taken from somebody, `kept` and
/// `kept-file` what stands above a draft that was an answer when the session had ended.
const REFUSED: [&str; 22] = [
    "day",
    "none-chosen",
    "gone",
    "kept",
    "kept-file",
    "unknown",
    "waits",
    "not-yours",
    "ended",
    "changed",
    "twice",
    "full",
    "empty",
    "too-long",
    "file-empty",
    "file-too-large",
    "file-kind",
    "no-page",
    "no-colleague",
    "no-skill",
    "outcome",
    "nonsense",
];

impl From<DeskError> for Refusal {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Refused(Refused::Unknown | Refused::Waits) => Self::NotFound,
            DeskError::Refused(Refused::NotYours) => Self::Role,
            DeskError::Refused(Refused::Changed | Refused::Ended) => Self::Changed,
            DeskError::Refused(Refused::TooLong { .. } | Refused::FileTooLarge) => Self::TooLarge,
            DeskError::Refused(_) => Self::Bad,
            DeskError::Store(_) | DeskError::Sealed(_) => {
                tracing::warn!(%error, "a page of the desk could not be served");
                Self::Unavailable
            }
        }
    }
}

/// What was just done or refused, after the redirect that followed it.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct After {
    done: String,
    why: String,
    /// Of what was done to several: how many.
    n: Option<i64>,
}

impl After {
    const DONE: [&'static str; 13] = [
        "followed-up",
        "follow-up-moved",
        "claimed",
        "sent",
        "held",
        "noted",
        "handed",
        "closed",
        "registered",
        "saved",
        "opened",
        "raised",
        "lowered",
    ];

    fn say(&self, frame: &Frame<'_>) -> Option<Say> {
        if let ("swept", Some(n)) = (self.done.as_str(), self.n) {
            return Some(Say::good(frame.n("desk-done-swept", n)));
        }
        if let Some(word) = Self::DONE.iter().find(|word| **word == self.done) {
            return Some(Say::good(frame.word("desk-done-", word)));
        }
        let word = REFUSED.iter().find(|word| **word == self.why)?;
        Some(Say::bad(frame.word("desk-refused-", word)))
    }
}

fn done(path: &str, word: &str) -> Response {
    Redirect::to(&format!("{path}?done={word}")).into_response()
}

/// Back to a page that says why it was not done; what nobody may know of stays a page that is not there.
fn refused(path: &str, error: DeskError) -> Result<Response, Refusal> {
    match error {
        DeskError::Refused(refused) if refused != Refused::Unknown => {
            Ok(Redirect::to(&format!("{path}?why={}", word(&refused))).into_response())
        }
        other => Err(other.into()),
    }
}

fn path_of(case: CaseId) -> String {
    format!("/staff/case/{case}")
}

/// An id of an address; what is none leads nowhere.
fn case_of(text: &str) -> Result<CaseId, Refusal> {
    text.parse().map(CaseId).map_err(|_| Refusal::NotFound)
}
