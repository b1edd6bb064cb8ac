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
/// Signals of so long are told together: in a rush pages ask some times a second for what they show, not for each of it.
const GATHER: Duration = Duration::from_millis(200);
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
    let (signals, missed, newest) = console.feed.open(last);
    let feed = console.feed.clone();
    let ready = greeting(&feed, missed, newest);
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
                Ok(one) => self.gather(one).await,
                Err(RecvError::Lagged(_)) => self.ready.push_back(resync(&self.feed, self.feed.last())),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

impl Reader {
    /// Takes in what comes within a moment and tells each thing once: a page that hears that something changed asks for
    /// all of it anyway. Only the last one has an id: who loses the line in between hears all of them again.
    async fn gather(&mut self, first: Numbered) {
        tokio::time::sleep(GATHER).await;
        let mut heard = vec![first];
        while let Ok(one) = self.signals.try_recv() {
            heard.push(one);
        }
        for one in &heard {
            if let Signal::Look { case, staff, writes } = one.signal {
                // Of another instance perhaps: known here from now on.
                self.desk.see(case, staff, writes);
            }
        }
        self.ready.extend(events(&self.feed, &heard));
    }
}

/// What a page hears first: that the line stands, then what it missed. Only the last of it has an id: the line may break
/// in between, and then nothing of it was heard.
fn greeting(feed: &Feed, missed: Missed, newest: u64) -> VecDeque<Event> {
    let hello = Event::default().event("hello").data("{}");
    match missed {
        Missed::These(missed) => {
            let missed = events(feed, &missed);
            let hello = if missed.is_empty() { hello.id(feed.id(newest)) } else { hello };
            std::iter::once(hello).chain(missed).collect()
        }
        Missed::All => VecDeque::from([hello, resync(feed, newest)]),
    }
}

/// Each thing that pages are told of once, the last with the id of the last signal.
fn events(feed: &Feed, heard: &[Numbered]) -> Vec<Event> {
    let mut told: Vec<(&'static str, String)> = Vec::new();
    for one in heard {
        let thing = match one.signal {
            Signal::Queue => ("queue", "{}".to_owned()),
            Signal::Case(case) => ("case", case.to_string()),
            Signal::Look { case, .. } => ("look", case.to_string()),
            _ => continue,
        };
        if !told.contains(&thing) {
            told.push(thing);
        }
    }
    let last = told.len();
    let id = heard.last().map(|one| feed.id(one.number)).unwrap_or_default();
    told.into_iter()
        .enumerate()
        .map(|(place, (name, data))| {
            let event = Event::default().event(name).data(data);
            if place + 1 == last { event.id(id.clone()) } else { event }
        })
        .collect()
}

fn resync(feed: &Feed, newest: u64) -> Event {
    Event::default().event("resync").id(feed.id(newest)).data("{}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bus::Bus, domain::CaseId};

    fn lines(events: impl IntoIterator<Item = Event>) -> Vec<String> {
        // What goes over the line is told by no public method.
        events.into_iter().map(|event| format!("{event:?}")).collect()
    }

    #[tokio::test]
    async fn a_line_that_breaks_during_the_replay_loses_nothing() {
        let feed = Feed::start("run".into(), Bus::new().listen());
        let case = |number| Numbered { number, signal: Signal::Case(CaseId(7)) };
        let queue = Numbered { number: 3, signal: Signal::Queue };
        let told = lines(greeting(&feed, Missed::These(vec![case(2), queue, case(4)]), 9));
        assert_eq!(told.len(), 3, "{told:#?}");
        let with_id: Vec<bool> = told.iter().map(|line| line.contains("run-")).collect();
        assert_eq!(with_id, [false, false, true], "{told:#?}");
        assert!(told[2].contains("run-4"), "{told:#?}");
        let told = lines(greeting(&feed, Missed::These(vec![]), 9));
        assert!(told.len() == 1 && told[0].contains("run-9"), "{told:#?}");
        let told = lines(greeting(&feed, Missed::All, 9));
        assert!(told.len() == 2 && !told[0].contains("run-") && told[1].contains("resync"), "{told:#?}");
    }
}
