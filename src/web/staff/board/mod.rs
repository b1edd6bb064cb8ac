//! The dashboard for campaign staff and donors, and the traces of its figures.

mod charts;
mod sections;
mod show;
mod trace;
mod words;

use std::sync::Arc;

use axum::{Router, routing::get};

use super::{Console, Refusal, Viewer};
use crate::{counting::CountingError, desk::Role, dialog::DialogError, indicators::Dimension};

/// Who sees the dashboard.
pub(super) const ROLES: &[Role] = &[Role::Campaigner, Role::Supervisor, Role::Admin, Role::Viewer];
/// Who sees every number. To all others only what may be published is shown (indicators.md §1.12).
const INSIDE: &[Role] = &[Role::Campaigner, Role::Supervisor, Role::Admin];

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/staff/dashboard", get(show::show)).route("/staff/dashboard/trace", get(trace::show))
}

/// Whether what somebody sees must be fit to be published.
fn is_outside(viewer: &Viewer) -> bool {
    !viewer.roles.has_any(INSIDE)
}

/// `stay:TJ`, as forms and addresses have it.
fn read_only(text: &str) -> Option<(Dimension, String)> {
    let (dimension, value) = text.split_once(':')?;
    let dimension = Dimension::parse(dimension)?;
    (!value.is_empty() && value.len() <= VALUE_MAX).then(|| (dimension, value.to_owned()))
}

/// Longest value of a dimension: a campaign code.
const VALUE_MAX: usize = 64;

impl From<CountingError> for Refusal {
    fn from(error: CountingError) -> Self {
        tracing::warn!(%error, "the dashboard could not be served");
        Self::Unavailable
    }
}

impl From<DialogError> for Refusal {
    fn from(error: DialogError) -> Self {
        tracing::warn!(%error, "the dashboard could not be served");
        Self::Unavailable
    }
}
