//! The studio's pages, under `/staff/content`: each part is a module with its own routes, texts and templates.

mod browse;
mod edit;
mod feedback;
mod lists;
mod sets;
mod sheets;
mod try_out;

use std::sync::Arc;

use axum::Router;

use super::{Console, Frame, Refusal, Viewer};
use crate::{
    desk::Role,
    studio::{StudioError, Wrong},
};

/// Whoever works on the content. Editors write, publishers approve, administrators look on.
pub(super) const ROLES: &[Role] = &[Role::Editor, Role::Publisher, Role::Admin];
/// The part of the navigation.
const SECTION: &str = "studio";

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .merge(browse::routes())
        .merge(edit::routes())
        .merge(feedback::routes())
        .merge(lists::routes())
        .merge(sets::routes())
        .merge(sheets::routes())
        .merge(try_out::routes())
}

/// Whoever may read.
fn reader(viewer: &Viewer) -> Result<(), Refusal> {
    viewer.require_any(ROLES)
}

/// Whoever may change drafts.
fn writer(viewer: &Viewer) -> Result<(), Refusal> {
    viewer.require_any(&[Role::Editor, Role::Publisher])
}

/// What was refused in the viewer's language; other failures are the page's.
fn refused(frame: &Frame<'_>, error: StudioError) -> Result<String, Refusal> {
    match error {
        StudioError::Wrong(Wrong::NotFound) => Err(Refusal::NotFound),
        StudioError::Wrong(wrong) => Ok(frame.word("studio-wrong-", wrong.as_str())),
        error => {
            tracing::warn!(%error, "a page of the studio failed");
            Err(Refusal::Unavailable)
        }
    }
}

impl From<StudioError> for Refusal {
    fn from(error: StudioError) -> Self {
        match error {
            StudioError::Wrong(Wrong::NotFound) => Self::NotFound,
            StudioError::Wrong(_) => Self::Bad,
            error => {
                tracing::warn!(%error, "a page of the studio failed");
                Self::Unavailable
            }
        }
    }
}
