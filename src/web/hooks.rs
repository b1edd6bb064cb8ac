//! Webhooks: the secret, the body, the commit, the answer.
//!
//! The hot path: no middleware, no span, no copy of the body.

use std::sync::Arc;

use axum::{
    body::{self, Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{error::RETRY_AFTER_S, limits::HOOK_BODY_MAX_BYTES, state::TelegramHook};
use crate::{
    channels::telegram::{self, Received, Unreadable},
    clock::{Clock, Ids},
    domain::ChannelKind,
    intake::{Intake, IntakeError},
};

pub(super) struct Hook {
    pub intake: Intake,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub telegram: Arc<TelegramHook>,
}

/// `POST /telegram/webhook`. 200 only after what the update means is committed or its bytes are parked.
///
/// 401 on a wrong secret (before the body is read), 413 on a body over 1 MiB, 503 when Telegram must deliver it again.
pub(super) async fn telegram(State(hook): State<Arc<Hook>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let given = head.headers.get(telegram::SECRET_HEADER).map(HeaderValue::as_bytes);
    if !telegram::secret_matches(&hook.telegram.secret, given) {
        return bare(StatusCode::UNAUTHORIZED);
    }
    let raw = match read(&head.headers, body).await {
        Ok(raw) => raw,
        Err(status) => return bare(status),
    };
    let now = hook.clock.now();
    let taken = match telegram::receive(hook.telegram.bot_id, &raw, now) {
        Ok(Received::Inbound { inbound, callback }) => hook.intake.take(inbound).await.map(|()| callback),
        Ok(Received::Ignored { why, .. }) => {
            tracing::debug!(why, "an update was ignored");
            Ok(None)
        }
        Err(unreadable) => park(&hook, unreadable, raw).await.map(|()| None),
    };
    match taken {
        Ok(None) => bare(StatusCode::OK),
        Ok(Some(callback)) => call(telegram::render::answer_callback(&callback)),
        Err(IntakeError::Stopping | IntakeError::Unavailable) => later(),
    }
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, StatusCode> {
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > HOOK_BODY_MAX_BYTES) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match body::to_bytes(body, HOOK_BODY_MAX_BYTES).await {
        Ok(raw) => Ok(raw),
        // A body without a length that grew too long; with one, the connection broke.
        Err(_) if length.is_none() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::BAD_REQUEST),
    }
}

async fn park(hook: &Hook, unreadable: Unreadable, raw: Bytes) -> Result<(), IntakeError> {
    let bot = hook.telegram.bot_id;
    let key = match unreadable.update_id {
        Some(update) => format!("tg:{bot}:{update}"),
        None => format!("tg:{bot}:x{}", hook.ids.next(hook.clock.now())),
    };
    tracing::warn!(update = %key, why = unreadable.why, "an update cannot be read; it is parked");
    hook.intake.park(key.into(), ChannelKind::Telegram, unreadable.why, raw).await
}

fn bare(status: StatusCode) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    answer
}

/// The answer carries a call of the Bot API: only ever `answerCallbackQuery` (issue 3, item 8).
fn call(json: Vec<u8>) -> Response {
    let mut answer = Response::new(Body::from(json));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

fn later() -> Response {
    let mut answer = bare(StatusCode::SERVICE_UNAVAILABLE);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
    answer
}
