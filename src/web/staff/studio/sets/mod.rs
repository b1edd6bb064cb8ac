//! Change sets and releases: review, publication, history, going back.

mod act;
mod bar;
mod clash;
mod findings;
mod history;
mod labels;
mod list;
mod one;
mod past;
mod resolve;
mod shown;
mod standing;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::{Console, Frame, Refusal, SECTION, Viewer, reader, refused, writer};
use crate::{
    content::Finding,
    domain::{ChangeSetId, StaffId},
    studio::SetView,
    web::staff::{Say, refusal::escape},
};

pub(in crate::web::staff::studio) use bar::Bar;

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .route("/staff/content/sets", get(list::show).post(list::open))
        .route("/staff/content/sets/{id}", get(one::show))
        .route("/staff/content/sets/{id}/state", get(bar::state))
        .route("/staff/content/sets/{id}/findings", get(findings::show))
        .route("/staff/content/sets/{id}/standing", get(standing::of_set))
        .route("/staff/content/sets/{id}/resolve", post(resolve::resolve))
        .route("/staff/content/sets/{id}/{action}", post(act::act))
        .route("/staff/content/releases", get(past::list))
        .route("/staff/content/releases/{publication}", get(past::one))
        .route("/staff/content/releases/{publication}/revert", get(past::ask).post(past::revert))
        .route("/staff/content/releases/{publication}/standing", get(standing::of_release))
        .route("/staff/content/compare", get(past::compare))
        .route("/staff/content/item/{key}/history", get(history::show).post(history::restore))
}

/// The names of all who work here, by id.
struct Names(BTreeMap<StaffId, String>);

impl Names {
    async fn of(console: &Console) -> Result<Self, Refusal> {
        let accounts = console.staff.list().await?;
        Ok(Self(accounts.into_iter().map(|account| (account.id, account.name)).collect()))
    }

    /// The number of an account that is no more.
    fn get(&self, id: StaffId) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| format!("№ {id}"))
    }
}

/// A set that the address names.
async fn set(console: &Console, id: &str) -> Result<SetView, Refusal> {
    let id = id.parse().map(ChangeSetId).map_err(|_| Refusal::NotFound)?;
    Ok(console.studio.set(id).await?)
}

fn path_of(id: ChangeSetId) -> String {
    format!("/staff/content/sets/{id}")
}

/// `?did=word`: what was just done; the page says `sets-did-<word>`.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Did {
    did: String,
}

impl Did {
    /// Words that an address may make a page say.
    const WORDS: [&'static str; 13] = [
        "open",
        "send",
        "take-back",
        "send-back",
        "approve",
        "published",
        "withdraw",
        "remark",
        "settle",
        "reason",
        "describe",
        "resolve",
        "drop",
    ];

    fn to(path: &str, word: &str, anchor: &str) -> Response {
        let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
        Redirect::to(&format!("{path}?did={word}{anchor}")).into_response()
    }

    fn say(&self, frame: &Frame<'_>) -> Option<Say> {
        let word = Self::WORDS.iter().find(|word| **word == self.did)?;
        Some(Say::good(frame.word("sets-did-", word)))
    }
}

/// A finding as a sentence in the viewer's language.
fn sentence(frame: &Frame<'_>, finding: &Finding) -> String {
    frame.finding(finding)
}

/// Whether a script of the page asks for a piece of it.
fn is_piece(headers: &axum::http::HeaderMap) -> bool {
    headers.contains_key("hx-request")
}
