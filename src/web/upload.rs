//! Files that a visitor sends to consultants.
//!
//! The body is the file. It is taken only in a conversation with people, and sealed with the turn: nothing of it is kept
//! when the bot is in front.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    chat::{Chat, NO_STORE, id_fits, inbound},
    error::WebError,
    peer::Peer,
};
use crate::{
    desk,
    dialog::Room,
    domain::{Attached, Content, FILE_MAX_BYTES},
};

/// The id that the page gave its file, as `id` in a message.
const ID_HEADER: &str = "x-safar-id";

/// `POST /chat/file`: 202 once the file is committed to the case.
pub(super) async fn take(
    State(chat): State<Arc<Chat>>,
    Peer(peer): Peer,
    request: Request,
) -> Result<Response, WebError> {
    let (head, body) = request.into_parts();
    let token = chat.visitor(&head.headers)?;
    let id = head.headers.get(ID_HEADER).and_then(|id| id.to_str().ok()).filter(|id| id_fits(id));
    let id = id.ok_or(WebError::Bad)?;
    if says_too_long(&head.headers) {
        return Err(WebError::FileTooLong);
    }
    match chat.web.chat.room(token).await? {
        Room::Yes => {}
        Room::NoTalk => return Err(WebError::FileUnwanted),
        Room::Full => return Err(WebError::FilesFull),
    }
    let from = chat.web.chat.origin_of(&peer);
    // Held until the file is committed.
    let mut place = chat.inflow.enter(token, &from)?;
    let raw = place.read(body).await?;
    let (content, attached) = content(raw.clone())?;
    let mut inbound = inbound(&chat, token, &head.headers, id, content, raw);
    inbound.from = Some(from);
    inbound.attached = Some(attached);
    chat.web.intake.take(inbound).await?;
    Ok((StatusCode::ACCEPTED, [NO_STORE]).into_response())
}

fn says_too_long(headers: &HeaderMap) -> bool {
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    length.is_some_and(|length| length > FILE_MAX_BYTES)
}

/// A file is what it holds, whatever the page calls it.
pub(super) fn content(bytes: Bytes) -> Result<(Content, Box<Attached>), WebError> {
    if bytes.is_empty() {
        return Err(WebError::Bad);
    }
    if desk::is_program(&bytes) {
        return Err(WebError::FileKind);
    }
    let content = Content::Media(desk::kind_of(&bytes));
    Ok((content, Box::new(Attached { bytes: Some(bytes), ..Attached::default() })))
}
