//! Webhooks, the web chat, health. Handlers call services, never the store.
//!
//! Two routers: the public one (page, chat, webhook, health) and one for operators (metrics, health).
//! The webhook's route stands apart from the page's headers and limits: it is the hot path.

mod assets;
mod chat;
mod download;
mod error;
mod headers;
mod health;
mod hooks;
mod inflow;
mod leaflet;
mod limits;
mod page;
mod peer;
mod staff;
mod state;
mod stream;
mod upload;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router, middleware,
    routing::{get, post},
    serve::ListenerExt as _,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use chat::read_sent;
pub use error::WebError;
pub use inflow::Inflow;
pub use staff::{Console, Done, Feed, Frame, Posted, Refusal, Say, Viewer, page as staff_page};
pub use state::{ChatStrings, Metrics, Probe, TelegramHook, WebState, WhatsAppHook};

/// How long open requests may take to end once the program stops.
const GRACE: Duration = Duration::from_secs(10);

/// Everything that the outside may reach.
pub fn public_router(state: WebState) -> Router {
    let mut webhooks = Router::new();
    if let Some(telegram) = state.telegram.clone() {
        let hook = hooks::telegram::Hook {
            intake: state.intake.clone(),
            dialog: state.dialog.clone(),
            clock: state.clock.clone(),
            telegram,
            bodies: hooks::Bodies::new(limits::HOOK_BODY_MAX_BYTES),
        };
        let route = Router::new().route("/telegram/webhook", post(hooks::telegram::deliver));
        webhooks = webhooks.merge(route.with_state(Arc::new(hook)));
    }
    if let Some((whatsapp, marks)) = state.whatsapp.clone() {
        let hook = hooks::whatsapp::Hook {
            intake: state.intake.clone(),
            dialog: state.dialog.clone(),
            clock: state.clock.clone(),
            whatsapp,
            marks,
            bodies: hooks::Bodies::new(limits::WHATSAPP_BODY_MAX_BYTES),
            recent: hooks::Recent::default(),
        };
        let both = get(hooks::whatsapp::verify).post(hooks::whatsapp::deliver);
        webhooks = webhooks.merge(Router::new().route("/whatsapp/webhook", both).with_state(Arc::new(hook)));
    }
    let health = health_routes(state.clone());
    let staff = staff::router(state.console.clone());
    let pages = Router::new()
        .route("/", get(page::show))
        .route("/assets/{name}", get(assets::show))
        .route("/chat/session", post(chat::session))
        .route("/chat/send", post(chat::send))
        .route("/chat/file", post(upload::take))
        .route("/chat/file/{id}", get(download::for_visitor))
        .route("/chat/stream", get(stream::open))
        .route("/chat/leave", post(chat::leave))
        .route("/l", get(leaflet::bare))
        .route("/l/", get(leaflet::bare))
        .route("/l/{code}", get(leaflet::show))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::not_allowed)
        .with_state(Arc::new(chat::Chat::new(state)))
        .merge(health)
        .merge(staff)
        .layer(middleware::map_response(headers::add));
    pages.merge(webhooks)
}

/// For operators: metrics and health. Never open to the outside.
pub fn metrics_router(state: WebState) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .with_state(state.clone())
        .merge(health_routes(state))
        .fallback(error::not_found)
}

fn health_routes(state: WebState) -> Router {
    Router::new().route("/healthz", get(health::live)).route("/readyz", get(health::ready)).with_state(state)
}

/// Serves until `shutdown` is cancelled; then open requests get ten seconds to end.
///
/// Streams end by themselves when [`WebState::shutdown`] is cancelled: give both the same token.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) -> io::Result<()> {
    // An answer is one small write: waiting for more only delays it.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let stop = shutdown.clone().cancelled_owned();
    let late = async move {
        shutdown.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(stop) => served,
        () = late => {
            tracing::warn!("some requests did not end in time");
            Ok(())
        }
    }
}
