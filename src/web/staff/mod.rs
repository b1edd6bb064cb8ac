//! Pages of the staff, under `/staff`. Plain forms first; scripts only add to them.
//!
//! A handler asks for a [`Viewer`], which no request without a whole session gets, and for a role with
//! [`Viewer::require`]. What changes something is a POST whose form is read by [`Posted`], which checks its token.

mod access;
mod account;
mod board;
mod campaigns;
mod cookies;
mod desk;
mod field;
mod form;
mod frame;
mod people;
mod refusal;
mod reports;
mod second;
mod start;
mod studio;
mod trail;
mod viewer;
mod with_file;
mod zones;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{get, post},
};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    counting::board::Board,
    desk::{Desk, staff::Staff},
    dialog::Dialog,
    field::Field,
    outreach::Outreach,
    report::Reports,
    studio::Studio,
    text::{StaffTexts, Texts},
    web::Inflow,
};

pub use desk::Feed;
pub use form::Posted;
pub use frame::{Done, Frame, Say, page};
pub use refusal::Refusal;
pub use viewer::Viewer;
pub use with_file::{Brought, PostedFile};

/// What the pages of the staff stand on.
pub struct Console {
    pub staff: Staff,
    pub desk: Desk,
    /// The content's drafts, review and history.
    pub studio: Studio,
    pub field: Field,
    pub reports: Reports,
    /// The dashboard's figures.
    pub board: Board,
    /// Questions without an answer, and the content that runs.
    pub dialog: Dialog,
    pub clock: Arc<dyn Clock>,
    pub texts: Arc<StaffTexts>,
    /// The outside reaches us by https: cookies are then bound to it.
    pub secure: bool,
    /// The address by which the outside reaches us.
    pub public_url: Option<String>,
    /// The bot's name on Telegram.
    pub bot: Option<Box<str>>,
    /// The register of campaign codes.
    pub outreach: Outreach,
    /// Texts that migrants see: on posters.
    pub interface: Arc<Texts>,
    /// What open pages hear.
    pub feed: Feed,
    /// Files of staff on their way.
    pub uploads: Arc<Inflow>,
    /// Streams end by it.
    pub shutdown: CancellationToken,
}

impl Console {
    /// A path as it is given to people: with the outside address, if that is known.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_deref().unwrap_or_default())
    }
}

/// All pages under `/staff`.
pub(super) fn router(console: Arc<Console>) -> Router {
    Router::new()
        .route("/staff", get(start::show))
        .route("/staff/", get(start::slash))
        .route("/staff/login", get(access::login).post(access::log_in))
        .route("/staff/code", get(access::code).post(access::pass))
        .route("/staff/logout", post(access::log_out))
        .route("/staff/language", post(access::language))
        .route("/staff/link/{token}", get(access::link).post(access::set_password))
        .route("/staff/second-step", get(second::show).post(second::set))
        .route("/staff/account", get(account::show).post(account::change))
        .route("/staff/account/password", post(account::password))
        .route("/staff/account/codes", post(account::codes))
        .route("/staff/account/telegram", post(account::telegram))
        .route("/staff/account/untie", post(account::untie))
        .route("/staff/account/duty", post(account::duty))
        .route("/staff/people", get(people::list).post(people::add))
        .route("/staff/people/{id}", get(people::one).post(people::change))
        .route("/staff/people/{id}/{what}", post(people::act))
        .route("/staff/trail", get(trail::show))
        .merge(campaigns::routes())
        .route("/staff/reports", get(reports::show))
        .route("/staff/reports/file", post(reports::make))
        .merge(board::routes())
        .merge(studio::routes())
        .merge(desk::routes())
        .merge(field::routes())
        .route("/staff/{*rest}", get(not_found).post(not_found))
        .method_not_allowed_fallback(|| async { Refusal::Method })
        .layer(middleware::from_fn_with_state(console.clone(), refusal::dress))
        .with_state(console)
}

async fn not_found() -> Refusal {
    Refusal::NotFound
}
