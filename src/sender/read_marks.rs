//! Tells people that their message was seen and an answer is being written (WhatsApp).
//!
//! Apart from the sender: the mark goes out while the answer is still being committed, so that it comes first and
//! costs the answer no time. A mark covers all earlier messages of its chat: somebody who taps fast gets one at once
//! and one for the rest. It is a courtesy: too many at once, or a failed one, are dropped.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{sync::mpsc, time::Instant};

use crate::{
    channels::whatsapp::{self, Account, WhatsAppCall},
    domain::Address,
};

/// Marks in flight at once, and waiting for it.
const IN_FLIGHT_MAX: usize = 64;
const WAITING_MAX: usize = 1024;
/// Marks of one chat are at least so far apart.
const APART: Duration = Duration::from_secs(2);

struct Seen {
    by: Address,
    message: Box<str>,
}

/// Hands message ids to the task that marks them. Cheap to clone; the ids are never stored.
#[derive(Clone)]
pub struct ReadMarks(mpsc::Sender<Seen>);

impl ReadMarks {
    /// Starts the task; it ends when all clones are gone.
    pub fn start(account: Account) -> (Self, tokio::task::JoinHandle<()>) {
        let (sender, waiting) = mpsc::channel(WAITING_MAX);
        (Self(sender), tokio::spawn(run(account, waiting)))
    }

    pub fn mark(&self, by: &Address, message: Box<str>) {
        if self.0.try_send(Seen { by: by.clone(), message }).is_err() {
            failed("too_many");
        }
    }
}

/// Chats marked a moment ago, with the newest message since. Pure: the time comes in.
#[derive(Default)]
struct Chats {
    newest: HashMap<Address, Option<Box<str>>>,
    /// When each chat may be marked again, soonest first.
    due: VecDeque<(Instant, Address)>,
}

impl Chats {
    /// The call to make now, if any.
    fn seen(&mut self, seen: Seen, now: Instant) -> Option<WhatsAppCall> {
        if let Some(newest) = self.newest.get_mut(&seen.by) {
            *newest = Some(seen.message);
            return None;
        }
        let call = whatsapp::mark_read(&seen.message, true);
        self.newest.insert(seen.by.clone(), None);
        self.due.push_back((now + APART, seen.by));
        Some(call)
    }

    fn next_due(&self) -> Option<Instant> {
        self.due.front().map(|(at, _)| *at)
    }

    /// The call for the chat whose time has come. Its answer went out long ago: nobody writes any more.
    fn due(&mut self, now: Instant) -> Option<WhatsAppCall> {
        let (_, chat) = self.due.pop_front()?;
        let Some(message) = self.newest.get_mut(&chat).and_then(Option::take) else {
            self.newest.remove(&chat);
            return None;
        };
        self.due.push_back((now + APART, chat));
        Some(whatsapp::mark_read(&message, false))
    }
}

async fn run(account: Account, mut waiting: mpsc::Receiver<Seen>) {
    let mut flights = FuturesUnordered::new();
    let mut chats = Chats::default();
    let account = &account;
    loop {
        let is_free = flights.len() < IN_FLIGHT_MAX;
        let due = chats.next_due();
        let call = tokio::select! {
            seen = waiting.recv(), if is_free => match seen {
                Some(seen) => chats.seen(seen, Instant::now()),
                None => return,
            },
            () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if is_free && due.is_some() => {
                chats.due(Instant::now())
            }
            Some(marked) = flights.next(), if !flights.is_empty() => {
                if let Err(error) = marked {
                    let error: crate::channels::SendError = error;
                    failed(error.kind());
                }
                None
            }
        };
        if let Some(call) = call {
            flights.push(async move { account.call(&call).await });
        }
    }
}

fn failed(kind: &'static str) {
    metrics::counter!("safar_mark_read_errors_total", "kind" => kind).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ChannelKind;

    fn seen(by: &str, message: &str) -> Seen {
        Seen { by: Address::new(ChannelKind::WhatsApp, by), message: message.into() }
    }

    #[test]
    fn fast_taps_get_one_mark_at_once_and_one_for_the_newest() {
        let (mut chats, start) = (Chats::default(), Instant::now());
        assert_eq!(chats.seen(seen("+1", "a"), start), Some(whatsapp::mark_read("a", true)));
        assert_eq!(chats.seen(seen("+1", "b"), start), None);
        assert_eq!(chats.seen(seen("+1", "c"), start), None);
        assert_eq!(chats.seen(seen("+2", "d"), start), Some(whatsapp::mark_read("d", true)));
        assert_eq!(chats.next_due(), Some(start + APART));
        assert_eq!(chats.due(start + APART), Some(whatsapp::mark_read("c", false)));
        assert_eq!(chats.due(start + APART), None, "nothing new in the second chat: forgotten");
        assert_eq!(chats.seen(seen("+2", "e"), start + APART), Some(whatsapp::mark_read("e", true)));
        assert_eq!(chats.due(start + 2 * APART), None);
        assert_eq!((chats.newest.len(), chats.due.len()), (1, 1));
    }
}
