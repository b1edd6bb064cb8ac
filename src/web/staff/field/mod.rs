//! Pages of what field staff and registers report: list, form, entry, import. Plain forms.

mod entry;
mod form;
mod import;
mod list;
mod posted;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::{Console, Frame, Refusal, Say, Viewer};
use crate::{
    desk::Role,
    domain::{FILE_MAX_BYTES, StaffId},
    field::{FieldError, Refused, Who},
};

/// Who enters and decides.
const ROLES: [Role; 2] = [Role::Campaigner, Role::Admin];
/// Room for the fields of a form beside its file.
const FORM_BYTES: usize = 512 * 1024;
/// Files that one form may bring.
const FILES_A_FORM: usize = 1;

/// Its routes, among those of the staff.
pub(super) fn routes() -> Router<Arc<Console>> {
    let limit = DefaultBodyLimit::max(FILES_A_FORM * FILE_MAX_BYTES + FORM_BYTES);
    Router::new()
        .route("/staff/field", get(list::show))
        .route("/staff/field/new", get(form::choose))
        .route("/staff/field/new/{kind}", get(form::show).post(form::add))
        .route("/staff/field/import", get(import::show).post(import::take))
        .route("/staff/field/import/{id}/approve", post(import::approve))
        .route("/staff/field/import/{id}/file", post(import::add_file))
        .route("/staff/field/file/{id}", get(entry::download))
        .route("/staff/field/entry/{id}", get(entry::show))
        .route("/staff/field/entry/{id}/approve", post(entry::approve))
        .route("/staff/field/entry/{id}/return", post(entry::send_back))
        .route("/staff/field/entry/{id}/void", post(entry::void))
        .route("/staff/field/entry/{id}/file", post(entry::add_file))
        .layer(limit)
}

/// Somebody who may enter and decide.
///
/// # Errors
/// [`Refusal::Role`] for who may not.
fn who(viewer: &Viewer) -> Result<Who, Refusal> {
    viewer.require_any(&ROLES)?;
    Ok(Who { id: Some(viewer.id), login: viewer.account.login.clone() })
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        match error {
            FieldError::Refused(Refused::Unknown) => Self::NotFound,
            FieldError::Refused(Refused::SamePerson) => Self::Role,
            FieldError::Refused(Refused::Decided | Refused::Known(_)) => Self::Changed,
            FieldError::Refused(Refused::TooLong | Refused::FileTooLong) => Self::TooLarge,
            FieldError::Refused(_) | FieldError::Rows(_) => Self::Bad,
            FieldError::Store(_) | FieldError::Sealed(_) => {
                tracing::warn!(%error, "a page of the field could not be served");
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
}

impl After {
    const DONE: [&'static str; 6] =
        ["entered", "approved", "returned", "voided", "file-added", "all-approved"];
    /// Keys of [`Refused`] that an address may make a page say.
    const WHY: [&'static str; 11] = [
        "same-person",
        "no-evidence",
        "decided",
        "twice",
        "known",
        "no-reason",
        "too-long",
        "file-empty",
        "file-too-long",
        "file-kind",
        "files-full",
    ];

    fn say(&self, frame: &Frame<'_>) -> Option<Say> {
        if let Some(word) = Self::DONE.iter().find(|word| **word == self.done) {
            return Some(Say::good(frame.word("field-done-", word)));
        }
        let word = Self::WHY.iter().find(|word| **word == self.why)?;
        Some(Say::bad(frame.word("field-refused-", word)))
    }
}

/// Back to a page that says what was done, or why it was not; what nobody may know of stays a page that is not there.
fn back(path: &str, word: &str, done: Result<(), FieldError>) -> Result<Response, Refusal> {
    let sign = if path.contains('?') { '&' } else { '?' };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{path}{sign}done={word}")).into_response()),
        Err(FieldError::Refused(refused)) if After::WHY.contains(&refused.key()) => {
            Ok(Redirect::to(&format!("{path}{sign}why={}", refused.key())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Logins by account.
async fn logins(console: &Console) -> Result<BTreeMap<StaffId, String>, Refusal> {
    Ok(console.staff.list().await?.into_iter().map(|account| (account.id, account.login)).collect())
}

/// Who did something, as a page names them.
fn login(frame: &Frame<'_>, people: &BTreeMap<StaffId, String>, id: Option<StaffId>) -> String {
    match id {
        None => frame.t("field-by-command"),
        Some(id) => people.get(&id).cloned().unwrap_or_else(|| id.to_string()),
    }
}

/// A kind as the end of a text's id: Fluent's ids have hyphens here.
fn key(word: &str) -> String {
    word.replace('_', "-").replace('<', "under-").replace('+', "-up")
}

/// How a state looks.
fn look_of(state: &str) -> &'static str {
    match state {
        "approved" => " good",
        "returned" | "voided" => " bad",
        _ => "",
    }
}
