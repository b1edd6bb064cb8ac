//! Files of a case. Nothing that a stranger sent is ever shown as a page.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderValue,
    response::Response,
};

use super::who;
use crate::{
    desk::{self, ending_of},
    domain::AttachmentId,
    web::{
        download::guarded,
        staff::{Console, Frame, Refusal, Viewer},
    },
};

/// Files that are shown as pictures, by their content.
const PICTURES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// Files that browsers play, by their content, and the type they are served as.
const SOUNDS: [(&str, &str); 5] = [
    ("audio/ogg", "audio/ogg"),
    ("audio/opus", "audio/ogg"),
    ("audio/mpeg", "audio/mpeg"),
    ("audio/mp4", "audio/mp4"),
    ("audio/m4a", "audio/mp4"),
];

/// A file as a line of its case shows it.
pub(super) struct File {
    pub id: i64,
    pub name: String,
    pub picture: bool,
    pub sound: bool,
    /// Why it cannot be opened, or that it is on its way.
    pub state: Option<String>,
}

/// Kinds that are told by name, though nothing is served as them.
const NAMES: [(&str, &str); 9] = [
    ("text/html", "html"),
    ("application/java-archive", "jar"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.ms-excel", "xls"),
    ("application/rtf", "rtf"),
    ("application/gzip", "gz"),
    ("application/vnd.rar", "rar"),
    ("application/x-7z-compressed", "7z"),
];

/// What a stored file is by its content, in the letters that its kind is known by: `PDF`, `HTML`, `ZIP`. A kind without a
/// short name is told as it is; `None`: the content tells nothing.
fn type_name(mime: &str) -> Option<String> {
    if mime.is_empty() || mime == "application/octet-stream" {
        return None;
    }
    let known = ending_of(mime).or_else(|| NAMES.into_iter().find(|(kind, _)| *kind == mime));
    Some(known.map_or_else(|| mime.to_owned(), |(_, ending)| ending.to_uppercase()))
}

pub(super) fn file_of(frame: &Frame<'_>, file: &desk::File, name: Option<&str>) -> File {
    let is_stored = file.state == "stored";
    let mime = file.mime.as_deref().unwrap_or_default();
    let kind = match name {
        // Cleaned when it came, and its ending tells the content.
        Some(name) => name.to_owned(),
        None => kind_of(frame, file, mime, is_stored),
    };
    let size = file.size.map(|size| frame.n("desk-kilobytes", (size + 1_023) / 1_024));
    File {
        id: file.id.0,
        name: size.map_or_else(|| kind.clone(), |size| format!("{kind}, {size}")),
        picture: is_stored && PICTURES.contains(&mime),
        sound: is_stored && SOUNDS.iter().any(|(known, _)| *known == mime),
        state: match (file.state.as_str(), file.reason.as_deref()) {
            ("stored", _) => None,
            ("refused", Some("kind")) => Some(frame.t("desk-file-kind")),
            ("refused", Some("unreachable")) => Some(frame.t("desk-file-unreachable")),
            ("refused", Some("too-large")) => Some(frame.t("desk-file-too-big")),
            ("refused", Some("gone")) => Some(frame.t("desk-file-gone")),
            ("refused", _) => Some(frame.t("desk-file-refused")),
            _ => Some(frame.t("desk-file-coming")),
        },
    }
}

/// What a file is by its content: its sender may have called it anything, and no name of theirs is kept.
fn kind_of(frame: &Frame<'_>, file: &desk::File, mime: &str, is_stored: bool) -> String {
    let kind = frame.word("desk-file-", &file.kind);
    match type_name(mime).filter(|_| is_stored) {
        Some(name) => format!("{kind} ({name})"),
        None if is_stored => format!("{kind} ({})", frame.t("desk-file-unknown")),
        None => kind,
    }
}

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

#[cfg(test)]
mod tests {
    use super::type_name;

    #[test]
    fn a_file_is_named_by_what_it_is() {
        for (mime, name) in [
            ("application/pdf", "PDF"),
            ("text/html", "HTML"),
            ("application/zip", "ZIP"),
            ("application/java-archive", "JAR"),
            ("text/plain", "TXT"),
            ("application/x-odd", "application/x-odd"),
        ] {
            assert_eq!(type_name(mime).as_deref(), Some(name), "{mime}");
        }
        assert_eq!(type_name("application/octet-stream"), None);
    }
}
