//! Pages of the staff, under `/staff`. Plain forms first; scripts only add to them.
//!
//! A handler asks for a [`Viewer`], which no request without a whole session gets, and for a role with
//! [`Viewer::require`]. What changes something is a POST whose form is read by [`Posted`], which checks its token.

mod form;
mod frame;
mod refusal;
mod start;
mod viewer;

use std::sync::Arc;

use axum::{Router, middleware, routing::get};

use crate::{
    clock::Clock,
    desk::{Desk, staff::Staff},
    text::StaffTexts,
};

pub use form::Posted;
pub use frame::{Frame, page};
pub use refusal::Refusal;
pub use viewer::Viewer;

/// What the pages of the staff stand on.
pub struct Console {
    pub staff: Staff,
    pub desk: Desk,
    pub clock: Arc<dyn Clock>,
    pub texts: Arc<StaffTexts>,
    /// The outside reaches us by https: cookies are then bound to it.
    pub secure: bool,
}

/// All pages under `/staff`.
pub(super) fn router(console: Arc<Console>) -> Router {
    Router::new()
        .route("/staff", get(start::show))
        .route("/staff/{*rest}", get(not_found).post(not_found))
        .layer(middleware::from_fn_with_state(console.clone(), refusal::dress))
        .with_state(console)
}

async fn not_found() -> Refusal {
    Refusal::NotFound
}
