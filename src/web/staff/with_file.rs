//! Forms that may bring a file: read as they come, with their token checked before the file.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, Request, multipart::Field},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use super::{
    Console, Refusal, Viewer,
    form::{self, FORM_MAX_BYTES},
    viewer::CSRF_HEADER,
};
use crate::{
    desk::NewFile,
    domain::{FILE_MAX_BYTES, StaffId},
    web::inflow::{Pace, Place},
};

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
    /// Too many files are on their way, in bytes. Thrown away as it came.
    Busy,
}

/// A form of somebody logged in, its token checked, perhaps with a file. A form without one may be a plain one.
pub struct PostedFile<T> {
    pub viewer: Viewer,
    pub form: T,
    pub file: Brought,
    /// Keeps the file's memory counted until the handler is done with it.
    pub place: Option<Place>,
}

impl<T: DeserializeOwned> FromRequest<Arc<Console>> for PostedFile<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Refusal> {
        if !is_multipart(request.headers()) {
            let form::Posted { viewer, form, .. } = form::Posted::from_request(request, console).await?;
            return Ok(Self { viewer, form, file: Brought::Nothing, place: None });
        }
        let (mut parts, body) = request.into_parts();
        let viewer = Viewer::from_request_parts(&mut parts, console).await?;
        let header = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let request = Request::from_parts(parts, body);
        let multipart = Multipart::from_request(request, console).await.map_err(|_| Refusal::Bad)?;
        let known = Known { console, staff: viewer.id, expected: &viewer.csrf };
        let reader = Reader::of(Some(known), header);
        let Read { fields, file, place, .. } = reader.read(multipart).await?;
        let text = serde_html_form::to_string(&fields).map_err(|_| Refusal::Bad)?;
        Ok(Self { viewer, form: form::read(&text)?, file, place })
    }
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().map(str::trim) == Some("multipart/form-data")
}

/// The words of a form, as [`form::fields`] gives them, the token with them: of somebody whose session may have ended.
/// No file is kept; true if there was one.
pub async fn words(request: Request) -> Result<(String, bool), Refusal> {
    if !is_multipart(request.headers()) {
        let (parts, body) = request.into_parts();
        return Ok((form::fields(&parts.headers, body).await?, false));
    }
    let multipart = Multipart::from_request(request, &()).await.map_err(|_| Refusal::Bad)?;
    let Read { mut fields, file, token, .. } = Reader::of(None, None).read(multipart).await?;
    fields.extend(token.map(|token| (CSRF.to_owned(), token)));
    let text = serde_html_form::to_string(&fields).map_err(|_| Refusal::Bad)?;
    Ok((text, !matches!(file, Brought::Nothing)))
}

/// Whose form it is.
struct Known<'a> {
    console: &'a Console,
    staff: StaffId,
    /// The session's token.
    expected: &'a str,
}

struct Reader<'a> {
    /// `None`: nobody who is logged in, so no file is kept.
    known: Option<Known<'a>>,
    /// As it was sent.
    token: Option<String>,
    fields: Vec<(String, String)>,
    place: Option<Place>,
    pace: Pace,
}

struct Read {
    fields: Vec<(String, String)>,
    file: Brought,
    place: Option<Place>,
    token: Option<String>,
}

impl<'a> Reader<'a> {
    fn of(known: Option<Known<'a>>, token: Option<String>) -> Self {
        Self { known, token, fields: Vec::new(), place: None, pace: Pace::from(Instant::now()) }
    }

    fn check(&self) -> Result<(), Refusal> {
        match &self.known {
            Some(known) => form::compare(self.token.as_deref(), known.expected),
            None => Ok(()),
        }
    }

    async fn read(mut self, mut form: Multipart) -> Result<Read, Refusal> {
        let mut file = Brought::Nothing;
        let mut length = 0;
        while let Some(field) = timeout_at(self.pace.until(), form.next_field())
            .await
            .map_err(|_| Refusal::Unavailable)?
            .map_err(refused)?
        {
            let name = field.name().unwrap_or_default().to_owned();
            if name == FILE {
                // No file is read for a form of somebody else's page; and there is one.
                self.check()?;
                if !matches!(file, Brought::Nothing) {
                    return Err(Refusal::Bad);
                }
                file = self.file(field).await?;
                continue;
            }
            let value = self.text(field, FORM_MAX_BYTES.saturating_sub(length)).await?;
            length += name.len() + value.len();
            if name == CSRF {
                self.token.get_or_insert(value);
            } else {
                self.fields.push((name, value));
            }
        }
        self.check()?;
        Ok(Read { fields: self.fields, file, place: self.place, token: self.token })
    }

    /// The next piece, if it comes fast enough.
    async fn piece(&mut self, field: &mut Field<'_>) -> Result<Option<Bytes>, Refusal> {
        let piece = timeout_at(self.pace.until(), field.chunk()).await;
        let piece = piece.map_err(|_| Refusal::Unavailable)?.map_err(refused)?;
        if let Some(piece) = &piece {
            self.pace.came(piece.len(), Instant::now());
        }
        Ok(piece)
    }

    async fn file(&mut self, mut field: Field<'_>) -> Result<Brought, Refusal> {
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut next = self.piece(&mut field).await?;
        if name.is_empty() && next.as_ref().is_none_or(Bytes::is_empty) {
            return Ok(Brought::Nothing);
        }
        self.place = self.known.as_ref().map(|known| known.console.uploads.enter_staff(known.staff));
        let mut brought = if self.place.is_some() {
            Brought::File(NewFile { name, bytes: Vec::new() })
        } else {
            Brought::Busy
        };
        while let Some(piece) = next {
            if let (Brought::File(file), Some(place)) = (&mut brought, &mut self.place) {
                if file.bytes.len() + piece.len() > FILE_MAX_BYTES {
                    brought = Brought::TooLarge;
                } else if place.grow(piece.len()).is_err() {
                    brought = Brought::Busy;
                } else {
                    file.bytes.extend_from_slice(&piece);
                }
            }
            if !matches!(brought, Brought::File(_)) {
                // Read on without it, so that the browser comes to the end and shows the answer.
                self.place = None;
            }
            next = self.piece(&mut field).await?;
        }
        Ok(brought)
    }

    /// A field of words.
    async fn text(&mut self, mut field: Field<'_>, max: usize) -> Result<String, Refusal> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.piece(&mut field).await? {
            if bytes.len() + piece.len() > max {
                return Err(Refusal::TooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).map_err(|_| Refusal::Bad)
    }
}

fn refused(error: axum::extract::multipart::MultipartError) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Refusal::TooLarge } else { Refusal::Bad }
}
