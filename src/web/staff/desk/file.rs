//! Files of a case. Nothing that a stranger sent is ever shown as a page.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    case::{PICTURES, SOUNDS},
    who,
};
use crate::{
    domain::AttachmentId,
    web::staff::{Console, Refusal, Viewer},
};

/// Even if a browser opened it: no script, no form, no origin.
const SANDBOX: &str = "default-src 'none'; sandbox";

/// Endings by what a file is; what is not named goes as plain bytes.
const ENDINGS: [(&str, &str); 15] = [
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/webp", "webp"),
    ("application/pdf", "pdf"),
    ("audio/ogg", "ogg"),
    ("audio/opus", "ogg"),
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/m4a", "m4a"),
    ("video/mp4", "mp4"),
    ("application/zip", "zip"),
    ("application/msword", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("text/plain", "txt"),
];

/// `GET /staff/file/{id}`: to be saved, never opened in the page.
pub(super) async fn download(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (bytes, mime) = fetched(&console, &viewer, &id).await?;
    let known = ENDINGS.iter().find(|(kind, _)| *kind == mime);
    let (kind, ending) = known.copied().unwrap_or(("application/octet-stream", "bin"));
    let name = format!("attachment; filename=\"safar-{id}.{ending}\"");
    let kind = HeaderValue::from_static(kind);
    Ok(guarded(bytes, kind, HeaderValue::from_str(&name).map_err(|_| Refusal::NotFound)?))
}

/// `GET /staff/file/{id}/image`: a picture of a kind that browsers only draw.
pub(super) async fn image(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (bytes, mime) = fetched(&console, &viewer, &id).await?;
    // Looked at once more: what the row says is not enough.
    let found = infer::get(&bytes).map(|kind| kind.mime_type());
    let kind = PICTURES.into_iter().find(|kind| *kind == mime && Some(*kind) == found);
    let kind = kind.ok_or(Refusal::NotFound)?;
    Ok(guarded(bytes, HeaderValue::from_static(kind), HeaderValue::from_static("inline")))
}

/// `GET /staff/file/{id}/sound`: a voice message of a kind that browsers only play.
pub(super) async fn sound(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (bytes, mime) = fetched(&console, &viewer, &id).await?;
    let found = infer::get(&bytes).map(|kind| kind.mime_type());
    let kind = SOUNDS.into_iter().find(|(kind, _)| *kind == mime && Some(*kind) == found);
    let (_, kind) = kind.ok_or(Refusal::NotFound)?;
    Ok(guarded(bytes, HeaderValue::from_static(kind), HeaderValue::from_static("inline")))
}

async fn fetched(console: &Console, viewer: &Viewer, id: &str) -> Result<(Vec<u8>, String), Refusal> {
    let id = id.parse().map(AttachmentId).map_err(|_| Refusal::NotFound)?;
    let (row, bytes) = console.desk.file(&who(viewer)?, id).await?;
    Ok((bytes, row.mime.unwrap_or_default()))
}

fn guarded(bytes: Vec<u8>, kind: HeaderValue, disposition: HeaderValue) -> Response {
    let mut answer = bytes.into_response();
    let out = answer.headers_mut();
    out.insert(header::CONTENT_TYPE, kind);
    out.insert(header::CONTENT_DISPOSITION, disposition);
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    answer
}
