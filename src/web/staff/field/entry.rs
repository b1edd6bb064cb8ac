//! One entry: what it says, its evidence, who did what with it, and what may be done.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    After, back,
    form::{label, said},
    key, login, logins, look_of,
    posted::PostedFiles,
    who,
};
use crate::{
    domain::{EntryId, EvidenceId},
    field::{Evidence, FieldError, Kind, NOTE_MAX, Refused},
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, desk::file::saved, page, viewer::local},
};

/// A file of evidence in a list.
pub(super) struct FileLine {
    pub id: EvidenceId,
    pub label: String,
    pub sha256: String,
}

impl FileLine {
    pub fn of(frame: &Frame<'_>, viewer: &Viewer, file: &Evidence) -> Self {
        let size = frame.n("desk-kilobytes", (file.size + 1_023) / 1_024);
        let label = format!("{} · {size} · {}", file.mime, viewer.time(file.added_at));
        Self { id: file.id, label, sha256: file.sha256.clone() }
    }
}

#[derive(Template)]
#[template(path = "staff/field/entry.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    id: EntryId,
    path: String,
    kind: &'a str,
    title: String,
    look: &'static str,
    state_label: String,
    /// Label and value.
    values: Vec<(String, String)>,
    files: Vec<FileLine>,
    /// What was done: label, when, by whom.
    history: Vec<(String, String, String)>,
    reason: Option<&'a str>,
    indicators: String,
    unregistered: bool,
    approved_there: bool,
    lacks_evidence: bool,
    waits: bool,
    may_decide: bool,
    may_void: bool,
    again: bool,
    reason_max: usize,
}

/// `GET /staff/field/entry/{id}`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(after): Query<After>,
) -> Result<Response, Refusal> {
    let who = who(&viewer)?;
    let id = entry_of(&id)?;
    let (shown, files) = console.field.get(id).await?;
    let people = logins(&console).await?;
    let path = format!("/staff/field/entry/{id}");
    let frame = Frame::of(&console, &viewer, "field").at(&path);
    let zone = console.field.rules().offset_minutes;
    let row = &shown.row;
    let mut values = vec![(frame.t("field-label-occurred-at"), local(row.occurred_at, zone, "%d.%m.%Y"))];
    if let Some(kind) = shown.kind {
        for spec in kind.specs() {
            let value = said(&frame, spec, shown.value(spec.name));
            // A number that a person or household is known by is gone once the entry is decided.
            if !value.is_empty() {
                values.push((label(&frame, kind, spec.name), value));
            }
        }
    }
    let by = |id| login(&frame, &people, id);
    let mut history = vec![(frame.t("field-did-entered"), viewer.time(row.entered_at), by(row.entered_by))];
    if let Some(submitter) = &row.submitter {
        history.insert(0, (frame.t("field-did-sent"), String::new(), submitter.clone()));
    }
    if let Some(at) = row.decided_at {
        let did = if row.state == "returned" { "field-did-returned" } else { "field-did-approved" };
        history.push((frame.t(did), viewer.time(at), by(row.decided_by)));
    }
    if let Some(at) = row.voided_at {
        let did = if shown.reason.is_some() { "field-did-voided" } else { "field-did-replaced" };
        history.push((frame.t(did), viewer.time(at), by(row.voided_by)));
    }
    let unregistered = match &row.code {
        Some(code) => !console.field.codes().await?.contains(code),
        None => false,
    };
    let indicators: Vec<&str> = shown
        .kind
        .map_or(&[][..], |kind| kind.indicators())
        .iter()
        .map(|indicator| indicator.as_str())
        .collect();
    let waits = row.state == "waiting";
    page(&Page {
        say: after.say(&frame),
        id,
        path,
        kind: &row.kind,
        title: frame.word("field-kind-", key(&row.kind)),
        look: look_of(&row.state),
        state_label: frame.word("field-state-", &row.state),
        values,
        lacks_evidence: waits && files.is_empty() && shown.kind.is_some_and(Kind::needs_evidence),
        files: files.iter().map(|file| FileLine::of(&frame, &viewer, file)).collect(),
        history,
        reason: shown.reason.as_deref(),
        indicators: indicators.join(", "),
        unregistered,
        approved_there: row.approved_there,
        waits,
        may_decide: shown.may_decide(&who),
        may_void: matches!(row.state.as_str(), "waiting" | "approved"),
        again: matches!(row.state.as_str(), "returned" | "voided"),
        reason_max: NOTE_MAX,
        frame,
    })
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Reason {
    reason: String,
}

/// `POST /staff/field/entry/{id}/approve`.
pub(super) async fn approve(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, .. }: Posted<Nothing>,
) -> Result<Response, Refusal> {
    let (who, id) = (who(&viewer)?, entry_of(&id)?);
    back(&format!("/staff/field/entry/{id}"), "approved", console.field.approve(&who, id).await)
}

/// `POST /staff/field/entry/{id}/return`.
pub(super) async fn send_back(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Reason>,
) -> Result<Response, Refusal> {
    let (who, id) = (who(&viewer)?, entry_of(&id)?);
    let done = console.field.send_back(&who, id, &form.reason).await;
    back(&format!("/staff/field/entry/{id}"), "returned", done)
}

/// `POST /staff/field/entry/{id}/void`.
pub(super) async fn void(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Reason>,
) -> Result<Response, Refusal> {
    let (who, id) = (who(&viewer)?, entry_of(&id)?);
    let done = console.field.void(&who, id, &form.reason).await;
    back(&format!("/staff/field/entry/{id}"), "voided", done)
}

/// `POST /staff/field/entry/{id}/file`.
pub(super) async fn add_file(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    posted: PostedFiles,
) -> Result<Response, Refusal> {
    let (who, id) = (who(&posted.viewer)?, entry_of(&id)?);
    let done = match posted.files.first() {
        Some(bytes) => console.field.add_file(&who, id, bytes).await,
        None => Err(FieldError::Refused(Refused::FileEmpty)),
    };
    back(&format!("/staff/field/entry/{id}"), "file-added", done)
}

/// `GET /staff/field/file/{id}`: to be saved, never opened in the page.
pub(super) async fn download(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let who = who(&viewer)?;
    let id = id.parse().map(EvidenceId).map_err(|_| Refusal::NotFound)?;
    let (row, bytes) = console.field.file(&who, id).await?;
    saved(&format!("evidence-{id}"), &row.mime, bytes)
}

/// An id of an address; what is none leads nowhere.
fn entry_of(text: &str) -> Result<EntryId, Refusal> {
    text.parse().map(EntryId).map_err(|_| Refusal::NotFound)
}
