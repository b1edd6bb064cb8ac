//! The set in hand, on each page where one works in it: its name, and what the check says of it by now.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{Console, Frame, Refusal, Viewer, reader, set};
use crate::{
    studio::{SetView, StudioError, Wrong},
    web::staff::page,
};

/// What `staff/studio/set-bar.html` shows. The page's template has a field `bar: Option<Bar>` beside its `frame`, and
/// names `staff/studio/set-head.html` in its head.
pub(in crate::web::staff::studio) struct Bar {
    pub id: String,
    pub title: String,
    pub state: &'static str,
    pub state_label: String,
    pub items: String,
}

impl Bar {
    pub(in crate::web::staff::studio) fn of(frame: &Frame<'_>, view: &SetView) -> Self {
        let state = view.set.state.as_str();
        Self {
            id: view.set.id.to_string(),
            title: view.set.title.clone(),
            state,
            state_label: frame.word("sets-state-", state),
            items: frame.n("sets-items", view.drafts.len() as u64),
        }
    }
}

#[derive(Template)]
#[template(path = "staff/studio/set-state.html")]
struct Piece<'a> {
    frame: Frame<'a>,
    id: String,
    errors: usize,
    /// Warnings without a reason.
    warnings: usize,
    /// Texts that were published meanwhile.
    clashes: usize,
}

/// `GET /staff/content/sets/{id}/state`: the badge, for the page's script.
pub(super) async fn state(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let view = set(&console, &id).await?;
    let frame = Frame::of(&console, &viewer, "");
    let mut piece = Piece { frame, id: view.set.id.to_string(), errors: 0, warnings: 0, clashes: 0 };
    if view.set.state.is_open() {
        match console.studio.check(view.set.id).await {
            Ok(checked) => {
                piece.errors = checked.errors().count();
                let open = checked.warnings().filter(|found| !view.reasons.contains_key(&found.hash));
                piece.warnings = open.count();
            }
            Err(StudioError::Wrong(Wrong::Clash(clashes))) => piece.clashes = clashes.len(),
            Err(error) => return Err(error.into()),
        }
    }
    page(&piece)
}
