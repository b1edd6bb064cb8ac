//! Forms that may bring a file: read as they come, with their token checked before the file.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, Request, multipart::Field},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;

use super::{
    Console, Refusal, Viewer,
    form::{self, FORM_MAX_BYTES},
    viewer::CSRF_HEADER,
};
use crate::{desk::NewFile, domain::FILE_MAX_BYTES, web::limits::FILE_WAIT};

/// The field of the file. It comes after the others.
const FILE: &str = "file";
/// The field of the form's token.
const CSRF: &str = "csrf";

/// What came in the field of the file.
#[derive(Debug)]
pub enum Brought {
    /// Nothing was chosen.
    Nothing,
    File(NewFile),
    /// Over [`FILE_MAX_BYTES`]: thrown away as it came.
    TooLarge,
    /// Too many files are on their way.
    Busy,
}

/// A form of somebody logged in, its token checked, perhaps with a file. A form without one may be a plain one.
pub struct PostedFile<T> {
    pub viewer: Viewer,
    pub form: T,
    pub file: Brought,
    /// Keeps the file's place until the handler is done with it.
    _place: Option<OwnedSemaphorePermit>,
}

impl<T: DeserializeOwned> FromRequest<Arc<Console>> for PostedFile<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Refusal> {
        if !is_multipart(request.headers()) {
            let form::Posted { viewer, form, .. } = form::Posted::from_request(request, console).await?;
            return Ok(Self { viewer, form, file: Brought::Nothing, _place: None });
        }
        let (mut parts, body) = request.into_parts();
        let viewer = Viewer::from_request_parts(&mut parts, console).await?;
        let header = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let request = Request::from_parts(parts, body);
        let multipart = Multipart::from_request(request, console).await.map_err(|_| Refusal::Bad)?;
        let reader =
            Reader { console, expected: &viewer.csrf, token: header, fields: Vec::new(), place: None };
        let read = tokio::time::timeout(FILE_WAIT, reader.read(multipart)).await;
        let (fields, file, place) = read.map_err(|_| Refusal::Unavailable)??;
        let text = serde_html_form::to_string(&fields).map_err(|_| Refusal::Bad)?;
        Ok(Self { viewer, form: form::read(&text)?, file, _place: place })
    }
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().map(str::trim) == Some("multipart/form-data")
}

struct Reader<'a> {
    console: &'a Console,
    /// The session's token.
    expected: &'a str,
    /// As it was sent.
    token: Option<String>,
    fields: Vec<(String, String)>,
    place: Option<OwnedSemaphorePermit>,
}

type Read = (Vec<(String, String)>, Brought, Option<OwnedSemaphorePermit>);

impl Reader<'_> {
    async fn read(mut self, mut form: Multipart) -> Result<Read, Refusal> {
        let mut file = Brought::Nothing;
        let mut length = 0;
        while let Some(field) = form.next_field().await.map_err(refused)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == FILE {
                // No file is read for a form of somebody else's page; and there is one.
                form::compare(self.token.as_deref(), self.expected)?;
                if !matches!(file, Brought::Nothing) {
                    return Err(Refusal::Bad);
                }
                file = self.file(field).await?;
                continue;
            }
            let value = text(field, FORM_MAX_BYTES.saturating_sub(length)).await?;
            length += name.len() + value.len();
            if name == CSRF {
                self.token.get_or_insert(value);
            } else {
                self.fields.push((name, value));
            }
        }
        form::compare(self.token.as_deref(), self.expected)?;
        Ok((self.fields, file, self.place))
    }

    async fn file(&mut self, mut field: Field<'_>) -> Result<Brought, Refusal> {
        let name = field.file_name().unwrap_or_default().to_owned();
        let first = field.chunk().await.map_err(refused)?;
        if name.is_empty() && first.as_ref().is_none_or(Bytes::is_empty) {
            return Ok(Brought::Nothing);
        }
        let Ok(place) = self.console.uploads.clone().try_acquire_owned() else {
            while field.chunk().await.map_err(refused)?.is_some() {}
            return Ok(Brought::Busy);
        };
        self.place = Some(place);
        let mut bytes = first.map(|first| first.to_vec()).unwrap_or_default();
        let mut is_too_large = bytes.len() > FILE_MAX_BYTES;
        while let Some(chunk) = field.chunk().await.map_err(refused)? {
            is_too_large = is_too_large || bytes.len() + chunk.len() > FILE_MAX_BYTES;
            if is_too_large {
                // Read on, so that the browser comes to the end and shows the answer.
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(&chunk);
            }
        }
        Ok(if is_too_large { Brought::TooLarge } else { Brought::File(NewFile { name, bytes }) })
    }
}

/// A field of words.
async fn text(mut field: Field<'_>, max: usize) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(refused)? {
        if bytes.len() + chunk.len() > max {
            return Err(Refusal::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Refusal::Bad)
}

fn refused(error: axum::extract::multipart::MultipartError) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Refusal::TooLarge } else { Refusal::Bad }
}
