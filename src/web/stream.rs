//! What the chat page hears: server-sent events over a fetch with the visitor's token.
//!
//! Rows are the truth: a signal only says when to read them again, so a lost or late signal loses no message.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use serde::Serialize;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Interval, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use super::{chat::Chat, error::WebError};
use crate::{
    bus::Signal,
    compose::Button,
    dialog::{DialogError, Visitor, WebChat, WebMessage},
};

/// Silence after which a comment is sent, so that proxies and the page know that the line lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often a stream looks at the rows unasked: for a signal that was lost between instances, and for a
/// contact that was erased for its silence, which no signal tells.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// `GET /chat/stream`: first what the page has not acknowledged, else the screen where the visitor stands;
/// then each message as it comes. With `Last-Event-ID`: what came after that message.
pub(super) async fn open(State(chat): State<Arc<Chat>>, headers: HeaderMap) -> Result<Response, WebError> {
    let service = chat.web.chat.clone();
    let visitor = service.visitor(chat.visitor(&headers)?);
    let last = last_event_id(&headers);
    // Listen before the first look: what is committed in between is then heard.
    let signals = service.subscribe();
    let mut look_again = tokio::time::interval(LOOK_AGAIN);
    // The first tick would come at once, and the first look is made below.
    look_again.reset();
    look_again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reader = Reader {
        service,
        visitor,
        last,
        signals,
        look_again,
        ready: VecDeque::new(),
        shutdown: chat.web.shutdown.clone(),
    };
    reader.refill().await?;
    let mut empty = false;
    if reader.ready.is_empty() && last.is_none() {
        match reader.service.current(&reader.visitor).await? {
            Some(message) => reader.ready.push_back(event(&message, true)),
            None => empty = true,
        }
    }
    reader.ready.push_front(hello(empty));
    let events = stream::unfold(reader, |mut reader| async move {
        reader.next().await.map(|event| (Ok::<_, Infallible>(event), reader))
    });
    let mut answer = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let out = answer.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(answer)
}

fn last_event_id(headers: &HeaderMap) -> Option<i64> {
    let id: i64 = headers.get("last-event-id")?.to_str().ok()?.trim().parse().ok()?;
    (id > 0).then_some(id)
}

/// One open page.
struct Reader {
    service: WebChat,
    visitor: Visitor,
    /// Newest row that this stream has sent.
    last: Option<i64>,
    signals: Receiver<Signal>,
    look_again: Interval,
    ready: VecDeque<Event>,
    shutdown: CancellationToken,
}

impl Reader {
    async fn refill(&mut self) -> Result<(), DialogError> {
        for message in self.service.pending(&mut self.visitor, self.last).await? {
            // Id 0: a message without a row, given out once.
            if message.id > 0 {
                if self.last.is_some_and(|last| message.id <= last) {
                    continue;
                }
                self.last = Some(message.id);
            }
            self.ready.push_back(event(&message, false));
        }
        Ok(())
    }

    /// The next event; `None` ends the stream, and the page connects again.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let heard = tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return None,
                heard = self.signals.recv() => Some(heard),
                _ = self.look_again.tick() => None,
            };
            if let Some(Ok(signal)) = &heard
                && let Some(writes) = WebChat::attended(&self.visitor, signal)
            {
                return Some(attends(writes));
            }
            let due = match heard {
                Some(Ok(signal)) => self.service.is_mine(&mut self.visitor, &signal).await,
                None | Some(Err(RecvError::Lagged(_))) => true,
                Some(Err(RecvError::Closed)) => return None,
            };
            if due && let Err(error) = self.refill().await {
                tracing::warn!(%error, "a chat stream could not be read on; the page connects again");
                return None;
            }
        }
    }
}

/// What the page gets of a message. The id is text: a script's numbers have only 53 bits.
#[derive(Serialize)]
struct Shown<'a> {
    id: String,
    locale: &'static str,
    text: &'a str,
    choices: Vec<Choice<'a>>,
    system: Vec<Choice<'a>>,
    /// The page should clear itself.
    leave: bool,
    /// What is written next goes to people: nobody is writing an answer at once.
    talk: bool,
    /// Files may be sent now.
    files: bool,
    /// Nothing new: the screen where the visitor stands.
    standing: bool,
    /// To be fetched from `/chat/file/{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<ShownFile<'a>>,
}

#[derive(Serialize)]
struct ShownFile<'a> {
    id: String,
    name: &'a str,
    /// Bytes.
    size: usize,
}

#[derive(Serialize)]
struct Choice<'a> {
    token: &'a str,
    label: &'a str,
    description: &'a str,
}

fn choices(buttons: &[Button]) -> Vec<Choice<'_>> {
    buttons
        .iter()
        .map(|Button { token, label, description, .. }| Choice { token, label, description })
        .collect()
}

fn event(message: &WebMessage, standing: bool) -> Event {
    let shown = Shown {
        id: message.id.to_string(),
        locale: message.locale.as_str(),
        text: &message.composed.text,
        choices: choices(&message.composed.choices),
        system: choices(&message.composed.system),
        leave: message.leave,
        talk: message.talk,
        files: message.files,
        standing,
        file: message.file.as_ref().map(|file| ShownFile {
            id: file.id.to_string(),
            name: &file.name,
            size: file.size,
        }),
    };
    // A row's id is what the page sends back as Last-Event-ID; without a row there is none.
    let event = if message.id > 0 { Event::default().id(&shown.id) } else { Event::default() };
    event.event("message").data(serde_json::to_string(&shown).unwrap_or_default())
}

/// The visitor's consultant has read what they wrote, or writes.
fn attends(writes: bool) -> Event {
    Event::default().event(if writes { "typing" } else { "read" }).data("{}")
}

/// The first event. `empty`: we know nothing of this visitor; the page should begin.
fn hello(empty: bool) -> Event {
    Event::default().event("hello").data(if empty { r#"{"empty":true}"# } else { r#"{"empty":false}"# })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_rows_id_is_a_last_event_id() {
        for (sent, id) in
            [("900000000000000101", Some(900_000_000_000_000_101)), ("0", None), ("-4", None), ("x", None)]
        {
            let mut headers = HeaderMap::new();
            headers.insert("last-event-id", HeaderValue::from_static(sent));
            assert_eq!(last_event_id(&headers), id, "{sent}");
        }
    }
}
