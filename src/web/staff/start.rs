//! The start of the staff's pages.

use axum::response::Redirect;

use super::{Viewer, frame};

/// `GET /staff`: where the viewer's work is.
pub(super) async fn show(viewer: Viewer) -> Redirect {
    Redirect::to(frame::first_place(&viewer))
}

/// `GET /staff/`: people type it so.
pub(super) async fn slash() -> Redirect {
    Redirect::permanent("/staff")
}
