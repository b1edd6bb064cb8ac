//! Campaigns: the register of codes, a code with its links, QR codes and posters.

mod list;
mod one;
mod poster;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use serde::Deserialize;

use super::{Console, Frame, Refusal, Viewer};
use crate::{
    desk::Role,
    outreach::{COUNTRIES, Campaign, KINDS, Wrong, known_or},
};

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .route("/staff/campaigns", get(list::show).post(list::add))
        .route("/staff/campaigns.csv", get(list::csv))
        .route("/staff/campaigns/{code}", get(one::show).post(one::change))
        .route("/staff/campaigns/{code}/end", post(one::end))
        .route("/staff/campaigns/{code}/qr/{file}", get(one::qr))
        .route("/staff/campaigns/{code}/poster/{size}", get(poster::show))
}

/// Whoever makes campaigns.
fn allowed(viewer: &Viewer) -> Result<(), Refusal> {
    viewer.require_any(&[Role::Campaigner, Role::Admin])
}

/// An option of a list.
struct Choice {
    value: &'static str,
    label: String,
    chosen: bool,
}

fn choices(frame: &Frame<'_>, prefix: &str, values: &[&'static str], chosen: &str) -> Vec<Choice> {
    let choice =
        |value: &&'static str| Choice { value, label: frame.word(prefix, value), chosen: *value == chosen };
    values.iter().map(choice).collect()
}

fn kinds(frame: &Frame<'_>, chosen: &str) -> Vec<Choice> {
    choices(frame, "campaign-kind-", &KINDS, chosen)
}

fn countries(frame: &Frame<'_>, chosen: &str) -> Vec<Choice> {
    choices(frame, "campaign-country-", &COUNTRIES, chosen)
}

/// The form of a code, as it was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    code: String,
    kind: String,
    label: String,
    country: String,
    from: String,
    until: String,
    partner: String,
    budget_line: String,
    owner: String,
    version: i64,
}

impl Form {
    fn of(campaign: &Campaign) -> Self {
        let day = |day: Option<crate::domain::Day>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            code: campaign.code.clone(),
            kind: campaign.kind.clone(),
            label: campaign.label.clone(),
            country: campaign.country.clone(),
            from: day(campaign.from),
            until: day(campaign.until),
            partner: campaign.partner.clone(),
            budget_line: campaign.budget_line.clone(),
            owner: campaign.owner.clone(),
            version: campaign.version,
        }
    }

    fn read(&self) -> Result<Campaign, Wrong> {
        Ok(Campaign {
            code: self.code.clone(),
            kind: self.kind.clone(),
            label: self.label.clone(),
            country: self.country.clone(),
            from: known_or(&self.from)?,
            until: known_or(&self.until)?,
            partner: self.partner.clone(),
            budget_line: self.budget_line.clone(),
            owner: self.owner.clone(),
            version: self.version,
            ..Campaign::default()
        })
    }
}

/// How a code stands today: `campaign-state-<word>`.
fn state(campaign: &Campaign, today: crate::domain::Day) -> &'static str {
    match () {
        () if campaign.is_over(today) => "ended",
        () if campaign.is_ahead(today) => "planned",
        () => "running",
    }
}
