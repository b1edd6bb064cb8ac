//! Forms that bring a file.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, Request, multipart::MultipartError},
    http::StatusCode,
};
use tokio::time::{Instant, timeout_at};

use super::{Console, ROLES, Refusal, Viewer};
use crate::{
    privacy,
    web::inflow::{Pace, Place},
};

/// Most parts of a form.
const PARTS_MAX: usize = 64;
/// Longest field, in bytes.
const FIELD_MAX: usize = 64 * 1024;

/// A form of somebody who may send one, its token checked.
///
/// The body is read by this, so it must be the handler's last argument.
pub struct PostedFiles {
    pub viewer: Viewer,
    pub fields: BTreeMap<String, String>,
    /// Files that hold something, and one that was chosen but is empty.
    pub files: Vec<Bytes>,
    /// What it holds of the memory for files, until the handler is done with it.
    _place: Place,
}

impl PostedFiles {
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

impl FromRequest<Arc<Console>> for PostedFiles {
    type Rejection = Refusal;

    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let viewer = Viewer::from_request_parts(&mut parts, console).await?;
        viewer.require_any(&ROLES)?;
        let mut place = console.uploads.enter_staff(viewer.id);
        let request = Request::from_parts(parts, body);
        let form = Multipart::from_request(request, console).await.map_err(|_| Refusal::Bad)?;
        let (fields, files) = read(form, &mut place).await?;
        let sent = fields.get("csrf").map_or("", String::as_str);
        if viewer.csrf.is_empty() || !privacy::same(sent.as_bytes(), viewer.csrf.as_bytes()) {
            return Err(Refusal::Csrf);
        }
        Ok(Self { viewer, fields, files, _place: place })
    }
}

async fn read(
    mut form: Multipart,
    place: &mut Place,
) -> Result<(BTreeMap<String, String>, Vec<Bytes>), Refusal> {
    let mut pace = Pace::from(Instant::now());
    let (mut fields, mut files) = (BTreeMap::new(), Vec::new());
    let mut parts = 0;
    while let Some(mut part) = timeout_at(pace.until(), form.next_field())
        .await
        .map_err(|_| Refusal::Unavailable)?
        .map_err(refused)?
    {
        parts += 1;
        if parts > PARTS_MAX {
            return Err(Refusal::Bad);
        }
        let name = part.name().unwrap_or_default().to_owned();
        // Without a file a browser sends an empty one without a name.
        let named = part.file_name().map(|file| !file.is_empty());
        let mut bytes = Vec::new();
        while let Some(piece) = timeout_at(pace.until(), part.chunk())
            .await
            .map_err(|_| Refusal::Unavailable)?
            .map_err(refused)?
        {
            place.grow(piece.len()).map_err(|_| Refusal::Unavailable)?;
            bytes.extend_from_slice(&piece);
            pace.came(piece.len(), Instant::now());
        }
        match named {
            Some(true) => files.push(bytes.into()),
            Some(false) if !bytes.is_empty() => files.push(bytes.into()),
            Some(false) => {}
            None if bytes.len() > FIELD_MAX => return Err(Refusal::TooLarge),
            None => {
                let text = String::from_utf8(bytes).map_err(|_| Refusal::Bad)?;
                fields.insert(name, text);
            }
        }
    }
    Ok((fields, files))
}

fn refused(error: MultipartError) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Refusal::TooLarge } else { Refusal::Bad }
}
