//! Figures, places, sources, glossary, quick replies, templates and keywords: a page each.

use std::sync::Arc;

use axum::Router;

use super::Console;

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new()
}
