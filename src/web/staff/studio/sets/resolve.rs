//! A clash ends: mine, what is published, or something of both.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    Console, Did, Frame, Refusal, Viewer,
    clash::{mark, written},
    one, path_of, refused, set, writer,
};
use crate::{
    content::items::ItemKey,
    studio::{Edit, SetView, StudioError, Wrong},
    web::staff::{Posted, Say},
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Form {
    item: String,
    /// The draft's version.
    version: i64,
    /// What was published, as the page showed it.
    seen: String,
    /// `mine`, `published`, `both`.
    choose: String,
    /// Names and texts of the parts, one beside the other.
    name: Vec<String>,
    text: Vec<String>,
}

/// `POST /staff/content/sets/{id}/resolve`.
pub(super) async fn resolve(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Form>,
) -> Result<Response, Refusal> {
    writer(&viewer)?;
    let view = set(&console, &id).await?;
    match resolved(&console, &viewer, &view, &form).await {
        Ok(()) => Ok(Did::to(&path_of(view.set.id), "resolve", "")),
        Err(error) => {
            let say = refused(&Frame::of(&console, &viewer, ""), error)?;
            let view = set(&console, &id).await?;
            one::shown(&console, &viewer, &view, &one::Typed::default(), Some(Say::bad(say))).await
        }
    }
}

async fn resolved(
    console: &Console,
    viewer: &Viewer,
    view: &SetView,
    form: &Form,
) -> Result<(), StudioError> {
    let key = ItemKey::parse(&form.item).ok_or(Wrong::NotFound)?;
    let draft = view.draft(&key).ok_or(Wrong::NotFound)?;
    let clashes = console.studio.clashes(view).await?;
    let clash = clashes.into_iter().find(|clash| clash.key == key).ok_or(Wrong::Changed)?;
    if mark(clash.now.as_deref()) != form.seen {
        // Yet another text was published since the page was shown.
        return Err(Wrong::Changed.into());
    }
    let source = match form.choose.as_str() {
        "mine" => clash.new.clone(),
        "published" => clash.now.clone(),
        "both" => {
            let parts: Vec<(&str, &str)> =
                form.name.iter().map(String::as_str).zip(form.text.iter().map(String::as_str)).collect();
            let own = clash.new.as_deref().or(clash.now.as_deref()).ok_or(Wrong::NotFound)?;
            Some(written(&key, own, &parts))
        }
        _ => return Err(Wrong::Changed.into()),
    };
    let edit = Edit {
        key,
        path: draft.change.path.clone(),
        after: draft.change.after.clone(),
        base: clash.old,
        source,
        seen: Some(form.version),
    };
    console.studio.resolve(viewer.id, view.set.id, edit, clash.now.as_deref()).await
}
