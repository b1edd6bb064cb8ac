//! Webhooks: is it from the channel, the body, the commit, the answer.
//!
//! The hot path: no middleware, no span, no copy of a body that arrived in one piece.

mod body;
mod recent;
pub(super) mod telegram;
pub(super) mod whatsapp;

pub(super) use body::Bodies;
pub(super) use recent::Recent;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::error::RETRY_AFTER_S;

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
