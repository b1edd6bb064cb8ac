//! What a page is told when something cannot be done: a key that it shows in the person's language.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{dialog::DialogError, intake::IntakeError};

/// Seconds after which a client should try again when we are stopping or the database is busy.
pub const RETRY_AFTER_S: u64 = 5;

/// A refusal. Its text is constant: nothing of the request or of the inside is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    #[error("no valid visitor token")]
    Session,
    #[error("the message is too long")]
    TooLong,
    #[error("too many messages; wait {retry_after_s} s")]
    Busy { retry_after_s: u64 },
    #[error("not a message of the chat page")]
    Bad,
    #[error("the file is too long")]
    FileTooLong,
    #[error("a file that nobody should open")]
    FileKind,
    #[error("the line is too slow for the file")]
    FileSlow,
    #[error("nobody would see the file")]
    FileUnwanted,
    #[error("enough files for one case")]
    FilesFull,
    #[error("not JSON by its content type")]
    MediaType,
    #[error("the body did not arrive in time")]
    Slow,
    #[error("not taken; try again")]
    Unavailable,
    #[error("not found")]
    NotFound,
    #[error("method not allowed")]
    Method,
}

#[derive(Serialize)]
struct Told {
    error: &'static str,
}

impl WebError {
    const fn status(self) -> StatusCode {
        match self {
            Self::Session => StatusCode::UNAUTHORIZED,
            Self::TooLong | Self::FileTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::FileUnwanted | Self::FilesFull => StatusCode::CONFLICT,
            Self::Busy { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Bad => StatusCode::BAD_REQUEST,
            Self::MediaType | Self::FileKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Slow | Self::FileSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// The page looks up `chat-error-<key>`.
    const fn key(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::TooLong => "too-long",
            Self::FileTooLong => "file-too-long",
            Self::FileKind => "file-kind",
            Self::FileSlow => "file-slow",
            Self::FileUnwanted => "file-unwanted",
            Self::FilesFull => "files-full",
            Self::Busy { .. } => "busy",
            Self::Bad | Self::MediaType => "bad",
            Self::Slow | Self::Unavailable => "unavailable",
            Self::NotFound => "not-found",
            Self::Method => "method",
        }
    }

    const fn retry_after_s(self) -> Option<u64> {
        match self {
            Self::Busy { retry_after_s } => Some(retry_after_s),
            Self::Unavailable => Some(RETRY_AFTER_S),
            _ => None,
        }
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut answer = (self.status(), Json(Told { error: self.key() })).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}

impl From<IntakeError> for WebError {
    fn from(_: IntakeError) -> Self {
        Self::Unavailable
    }
}

impl From<DialogError> for WebError {
    fn from(error: DialogError) -> Self {
        tracing::warn!(%error, "the web chat could not be served");
        Self::Unavailable
    }
}

pub(super) async fn not_found() -> WebError {
    WebError::NotFound
}

pub(super) async fn not_allowed() -> WebError {
    WebError::Method
}
