//! Telegram's webhook.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::{Bodies, bare, later};
use crate::{
    channels::telegram::{self, Received, Unreadable},
    clock::Clock,
    dialog::{Dialog, Parking},
    domain::ChannelKind,
    intake::{Intake, IntakeError},
    web::state::TelegramHook,
};

pub(in crate::web) struct Hook {
    pub intake: Intake,
    pub dialog: Dialog,
    pub clock: Arc<dyn Clock>,
    pub telegram: Arc<TelegramHook>,
    pub bodies: Bodies,
}

/// `POST /telegram/webhook`. 200 only after what the update means is committed or its bytes are parked.
///
/// 401 on a wrong secret (before the body is read), 413 on a body over 1 MiB, 408 on one
/// that does not arrive in time, 503 when Telegram must deliver it again.
pub(in crate::web) async fn deliver(State(hook): State<Arc<Hook>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let given = head.headers.get(telegram::SECRET_HEADER).map(HeaderValue::as_bytes);
    if !telegram::secret_matches(&hook.telegram.secret, given) {
        return bare(StatusCode::UNAUTHORIZED);
    }
    let raw = match hook.bodies.read(&head.headers, body, |_| {}).await {
        Ok(raw) => raw,
        Err(refused) => return refused.answer(ChannelKind::Telegram.as_str()),
    };
    let now = hook.clock.now();
    let taken = match telegram::receive(hook.telegram.bot.id(), &raw, now) {
        Ok(Received::Inbound { inbound, callback }) => hook.intake.take(inbound).await.map(|()| callback),
        Ok(Received::Ignored { why, leave, .. }) => {
            tracing::debug!(why, "an update was ignored");
            if let Some(group) = leave {
                leave_group(&hook, group);
            }
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

/// The bot talks to people, not to groups. Not waited for: the next update from the group tries again.
fn leave_group(hook: &Hook, group: i64) {
    let bot = hook.telegram.bot.clone();
    tokio::spawn(async move {
        if let Err(error) = bot.call(&telegram::render::leave_chat(group)).await {
            tracing::info!(kind = error.kind(), "a group could not be left");
        }
    });
}

async fn park(hook: &Hook, unreadable: Unreadable, raw: Bytes) -> Result<(), IntakeError> {
    let bot = hook.telegram.bot.id();
    let key = match unreadable.update_id {
        Some(update) => format!("tg:{bot}:{update}"),
        None => format!("tg:{bot}:b{}", hook.dialog.hide_bytes(&raw)),
    };
    tracing::warn!(update = %key, why = unreadable.why, "an update cannot be read; it is parked");
    let item = Parking { key: key.into(), reason: unreadable.why, address: None, raw };
    hook.intake.park(ChannelKind::Telegram, &[item]).await
}

/// The answer carries a call of the Bot API: only ever `answerCallbackQuery` (issue 3, item 8).
fn call(json: Vec<u8>) -> Response {
    let mut answer = Response::new(Body::from(json));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
