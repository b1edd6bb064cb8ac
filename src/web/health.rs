//! Alive, ready, metrics.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::WebState;

/// The process lives.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// The program takes messages and the database answers.
pub(super) async fn ready(State(state): State<WebState>) -> (StatusCode, &'static str) {
    if !*state.ready.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready");
    }
    if (state.probe)().await {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
    }
}

/// Prometheus text.
pub(super) async fn metrics(State(state): State<WebState>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (state.metrics)()).into_response()
}
