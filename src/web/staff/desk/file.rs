//! Files of a case. Nothing that a stranger sent is ever shown as a page.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderValue,
    response::Response,
};

use super::{
    case::{PICTURES, SOUNDS},
    who,
};
use crate::{
    desk::ending_of,
    domain::AttachmentId,
    web::{
        download::guarded,
        staff::{Console, Refusal, Viewer},
    },
};

/// `GET /staff/file/{id}`: to be saved, never opened in the page.
pub(super) async fn download(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (bytes, mime) = fetched(&console, &viewer, &id).await?;
    saved(&id, &mime, bytes)
}

/// A file to be saved as `safar-<id>`, never opened in the page; what is of no known kind goes as plain bytes.
pub fn saved(id: &str, mime: &str, bytes: Vec<u8>) -> Result<Response, Refusal> {
    let (kind, ending) = ending_of(mime).unwrap_or(("application/octet-stream", "bin"));
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
