//! What is done with a set.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::{Console, Did, Frame, Refusal, Viewer, labels::anchor, one, path_of, refused, set, writer};
use crate::{
    content::items::ItemKey,
    desk::Role,
    domain::{ChangeSetId, RemarkId, Timestamp},
    studio::{StudioError, Wrong},
    web::staff::{Posted, Say},
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Form {
    title: String,
    summary: String,
    /// Why it goes back; what a remark or a reason says.
    text: String,
    /// The item of a remark; empty: the set.
    item: String,
    /// The remark that is settled.
    remark: String,
    /// The warning that is let stand.
    finding: String,
    /// `2026-12-01T09:30` in the viewer's zone; empty: now.
    at: String,
    /// `at` is meant, even if it is empty.
    timed: bool,
    /// The draft's version that the page showed.
    version: i64,
}

/// `POST /staff/content/sets/{id}/{action}`.
pub(super) async fn act(
    State(console): State<Arc<Console>>,
    Path((id, action)): Path<(String, String)>,
    Posted { viewer, form, .. }: Posted<Form>,
) -> Result<Response, Refusal> {
    writer(&viewer)?;
    if matches!(action.as_str(), "approve" | "send-back") {
        viewer.require(Role::Publisher)?;
    }
    let view = set(&console, &id).await?;
    let id = view.set.id;
    match done(&console, &viewer, id, &action, &form).await {
        Ok(Some((word, anchor))) => Ok(Did::to(&path_of(id), word, &anchor)),
        Ok(None) => Err(Refusal::NotFound),
        Err(error) => {
            let say = refused(&Frame::of(&console, &viewer, ""), error)?;
            let view = set(&console, &id.to_string()).await?;
            one::shown(&console, &viewer, &view, &typed(&action, form), Some(Say::bad(say))).await
        }
    }
}

/// What was typed stays.
fn typed(action: &str, form: Form) -> one::Typed {
    let mut typed = one::Typed::default();
    match action {
        "describe" => (typed.title, typed.summary) = (Some(form.title), Some(form.summary)),
        "send-back" => typed.why = form.text,
        "remark" if form.item.is_empty() => typed.remark = form.text,
        "approve" => typed.at = form.at,
        _ => {}
    }
    typed
}

/// Does it. The word of what was done and where the page shows it; `None`: there is no such action.
async fn done(
    console: &Console,
    viewer: &Viewer,
    id: ChangeSetId,
    action: &str,
    form: &Form,
) -> Result<Option<(&'static str, String)>, StudioError> {
    let (studio, by) = (&console.studio, viewer.id);
    let item = || match form.item.as_str() {
        "" => Ok(None),
        key => ItemKey::parse(key).map(Some).ok_or(Wrong::NotFound),
    };
    let nowhere = String::new;
    Ok(Some(match action {
        "send" => {
            studio.send(by, id).await?;
            ("send", nowhere())
        }
        "take-back" => {
            studio.take_back(by, id).await?;
            ("take-back", nowhere())
        }
        "send-back" => {
            studio.send_back(by, id, &form.text).await?;
            ("send-back", nowhere())
        }
        "approve" => {
            let at = if form.timed { Some(instant(&form.at, viewer.zone).ok_or(Wrong::Past)?) } else { None };
            let published = studio.approve(by, id, at).await?;
            (if published.is_some() { "published" } else { "approve" }, nowhere())
        }
        "withdraw" => {
            studio.withdraw(by, id).await?;
            ("withdraw", nowhere())
        }
        "remark" => {
            let item = item()?;
            studio.remark(by, id, item.as_ref(), &form.text).await?;
            ("remark", item.as_ref().map_or_else(|| "remarks".to_owned(), anchor))
        }
        "settle" => {
            let remark = form.remark.parse().map(RemarkId).map_err(|_| Wrong::NotFound)?;
            studio.settle(by, id, remark).await?;
            ("settle", "remarks".to_owned())
        }
        "reason" => {
            studio.give_reason(by, id, &form.finding, &form.text).await?;
            ("reason", "findings".to_owned())
        }
        "describe" => {
            studio.describe(id, &form.title, &form.summary).await?;
            ("describe", nowhere())
        }
        "drop" => {
            let key = item()?.ok_or(Wrong::NotFound)?;
            studio.drop_draft(by, id, &key, form.version).await?;
            ("drop", nowhere())
        }
        _ => return Ok(None),
    }))
}

/// A local time of a form as an instant.
fn instant(text: &str, zone: i32) -> Option<Timestamp> {
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .into_iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    Some(Timestamp(local.and_utc().timestamp_millis()).plus_ms(-i64::from(zone) * 60_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_the_viewers() {
        let at = |text| instant(text, 300).map(Timestamp::to_iso);
        assert_eq!(at("2026-12-01T09:30").as_deref(), Some("2026-12-01T04:30:00Z"));
        assert_eq!(at("2026-12-01T09:30:15").as_deref(), Some("2026-12-01T04:30:15Z"));
        for wrong in ["", "2026-12-01", "2026-02-30T10:00", "tomorrow"] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }
}
