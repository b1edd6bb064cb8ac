//! The content as an outline.

use std::sync::Arc;

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use super::{Console, Frame, Refusal, SECTION, Viewer, reader};
use crate::web::staff::page;

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/staff/content", get(show))
}

#[derive(Template)]
#[template(path = "staff/studio/outline.html")]
struct Page<'a> {
    frame: Frame<'a>,
    /// Id and title of each node.
    nodes: Vec<(String, String)>,
}

/// `GET /staff/content`.
async fn show(State(console): State<Arc<Console>>, viewer: Viewer) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let frame = Frame::of(&console, &viewer, SECTION);
    let release = console.studio.releases().current();
    let locale = frame.content_locale();
    let title = |id: &str| release.texts.format(locale, id, None, None).unwrap_or_default().into_owned();
    let nodes = release.nodes().map(|node| (node.id.to_string(), title(node.id.as_str()))).collect();
    page(&Page { frame, nodes })
}
