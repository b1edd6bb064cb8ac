//! Entries from a file: looked at first, or taken as a whole.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{back, entry::Nothing, key, posted::PostedFiles, who};
use crate::{
    domain::ImportId,
    field::{FieldError, IMPORT_MAX_BYTES, Imported, Kind, Refused, RowError},
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page},
};

/// A fault of the file, as the page shows it.
struct Line {
    row: String,
    column: String,
    value: String,
    mend: String,
}

/// What a file for a kind has: its word, its name, columns that must hold something, columns that may.
struct Columns {
    word: &'static str,
    kind: String,
    must: String,
    may: String,
}

#[derive(Template)]
#[template(path = "staff/field/import.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    lines: Vec<Line>,
    done: Option<Imported>,
    columns: Vec<Columns>,
    file_hint: String,
}

/// `GET /staff/field/import`.
pub(super) async fn show(State(console): State<Arc<Console>>, viewer: Viewer) -> Result<Response, Refusal> {
    who(&viewer)?;
    shown(&console, &viewer, None, Vec::new(), None)
}

fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    say: Option<Say>,
    errors: Vec<RowError>,
    done: Option<Imported>,
) -> Result<Response, Refusal> {
    let frame = Frame::of(console, viewer, "field").at("/staff/field/import");
    let is_bad = say.as_ref().is_some_and(|say| say.bad);
    let lines = errors.into_iter().map(|error| {
        let (is, wanted) = error.fault.told();
        let id = format!("field-fault-{}", error.fault.key());
        Line {
            row: if error.row == 0 { frame.t("field-import-file") } else { error.row.to_string() },
            mend: frame.with2(&id, "is", is, "wanted", wanted),
            column: error.column,
            value: error.value,
        }
    });
    let columns = Kind::ALL.into_iter().map(|kind| {
        let names = |required: bool| {
            let named = kind.specs().iter().filter(|spec| spec.required == required).map(|spec| spec.name);
            named.collect::<Vec<_>>().join(", ")
        };
        Columns {
            word: kind.as_str(),
            kind: frame.word("field-kind-", key(kind.as_str())),
            must: names(true),
            may: names(false),
        }
    });
    let answer = page(&Page {
        say,
        lines: lines.collect(),
        done,
        columns: columns.collect(),
        file_hint: frame.n("field-import-file-hint", IMPORT_MAX_BYTES >> 20),
        frame,
    })?;
    let status = if is_bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

/// `POST /staff/field/import`: `what` is `check` or `import`.
pub(super) async fn take(
    State(console): State<Arc<Console>>,
    posted: PostedFiles,
) -> Result<Response, Refusal> {
    let who = who(&posted.viewer)?;
    let frame = Frame::of(&console, &posted.viewer, "field");
    let dry = posted.field("what") != "import";
    let Some(bytes) = posted.files.first() else {
        let say = Say::bad(frame.t("field-refused-file-empty"));
        return shown(&console, &posted.viewer, Some(say), Vec::new(), None);
    };
    match console.field.import(&who, bytes, dry).await {
        Ok(done) => {
            let said = if dry { "field-import-would" } else { "field-import-did" };
            let say = Say::good(frame.n(said, i64::try_from(done.added).unwrap_or(i64::MAX)));
            shown(&console, &posted.viewer, Some(say), Vec::new(), Some(done))
        }
        Err(FieldError::Rows(errors)) => {
            let say = Say::bad(frame.t("field-import-refused"));
            shown(&console, &posted.viewer, Some(say), errors, None)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/field/import/{id}/approve`.
pub(super) async fn approve(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, .. }: Posted<Nothing>,
) -> Result<Response, Refusal> {
    let (who, id) = (who(&viewer)?, import_of(&id)?);
    let done = console.field.approve_import(&who, id).await.map(|_| ());
    back(&format!("/staff/field?import={id}"), "all-approved", done)
}

/// `POST /staff/field/import/{id}/file`.
pub(super) async fn add_file(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    posted: PostedFiles,
) -> Result<Response, Refusal> {
    let (who, id) = (who(&posted.viewer)?, import_of(&id)?);
    let done = match posted.files.first() {
        Some(bytes) => console.field.add_file_to_import(&who, id, bytes).await,
        None => Err(FieldError::Refused(Refused::FileEmpty)),
    };
    back(&format!("/staff/field?import={id}"), "file-added", done)
}

fn import_of(text: &str) -> Result<ImportId, Refusal> {
    text.parse().map(ImportId).map_err(|_| Refusal::NotFound)
}
