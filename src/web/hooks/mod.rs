//! Webhooks: is it from the channel, the body, the commit, the answer.
//!
//! The hot path: no middleware, no span, no copy of the body.

pub(super) mod telegram;
pub(super) mod whatsapp;

use axum::{
    body::{self, Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::error::RETRY_AFTER_S;

/// The whole body. 413 when its length, told or counted, is above `max`.
async fn read(headers: &HeaderMap, body: Body, max: usize) -> Result<Bytes, StatusCode> {
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > max) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match body::to_bytes(body, max).await {
        Ok(raw) => Ok(raw),
        // A body without a length that grew too long; with one, the connection broke.
        Err(_) if length.is_none() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::BAD_REQUEST),
    }
}

fn bare(status: StatusCode) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    answer
}

fn later() -> Response {
    let mut answer = bare(StatusCode::SERVICE_UNAVAILABLE);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
    answer
}
