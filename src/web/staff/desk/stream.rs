//! What an open page hears: that the queue or a case changed. Ids only; the page asks for what it shows itself.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{
    feed::{Feed, Missed, Numbered},
    who,
};
use crate::{
    bus::Signal,
    desk::Desk,
    web::staff::{Console, Refusal, Viewer},
};

/// Silence after which a comment is sent, so that proxies and the page know that the line lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A stream ends after so long, and the page connects again: then its session is looked at anew.
const LIFE: Duration = Duration::from_secs(10 * 60);

/// `GET /staff/stream`. With `Last-Event-ID`: what came after it, or `resync`.
pub(super) async fn open(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    who(&viewer)?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let (signals, missed) = console.feed.open(last);
    let feed = console.feed.clone();
    let mut ready = VecDeque::new();
    match missed {
        Missed::These(missed) => ready.extend(missed.into_iter().filter_map(|one| event(&feed, one))),
        Missed::All => ready.push_back(resync(&feed)),
    }
    ready.push_front(Event::default().event("hello").id(feed.id(feed.last())).data("{}"));
    let reader = Reader {
        desk: console.desk.clone(),
        feed,
        signals,
        ready,
        shutdown: console.shutdown.clone(),
        end: tokio::time::Instant::now() + LIFE,
    };
    let events = stream::unfold(reader, |mut reader| async move {
        reader.next().await.map(|event| (Ok::<_, Infallible>(event), reader))
    });
    let mut answer = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    answer.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(answer)
}

struct Reader {
    desk: Desk,
    feed: Feed,
    signals: Receiver<Numbered>,
    ready: VecDeque<Event>,
    shutdown: tokio_util::sync::CancellationToken,
    end: tokio::time::Instant,
}

impl Reader {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let heard = tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return None,
                () = tokio::time::sleep_until(self.end) => return None,
                heard = self.signals.recv() => heard,
            };
            match heard {
                Ok(one) => {
                    if let Signal::Look { case, staff, writes } = one.signal {
                        // Of another instance perhaps: known here from now on.
                        self.desk.see(case, staff, writes);
                    }
                    self.ready.extend(event(&self.feed, one));
                }
                Err(RecvError::Lagged(_)) => self.ready.push_back(resync(&self.feed)),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn event(feed: &Feed, one: Numbered) -> Option<Event> {
    let event = Event::default().id(feed.id(one.number));
    Some(match one.signal {
        Signal::Queue => event.event("queue").data("{}"),
        Signal::Case(case) => event.event("case").data(case.to_string()),
        Signal::Look { case, .. } => event.event("look").data(case.to_string()),
        _ => return None,
    })
}

fn resync(feed: &Feed) -> Event {
    Event::default().event("resync").id(feed.id(feed.last())).data("{}")
}
