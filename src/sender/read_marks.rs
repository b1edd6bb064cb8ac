//! Tells people that their message was seen and an answer is being written (WhatsApp): at once where the bot answers;
//! in a conversation with consultants when theirs reads it, and while they write.
//!
//! Apart from the sender: the mark goes out while the answer is still being committed, so that it comes first and
//! costs the answer no time. A mark covers all earlier messages of its chat: somebody who taps fast gets one at once
//! and one for the rest. It is a courtesy: too many at once, or a failed one, are dropped. What a consultant has not
//! read yet is known to the process that took it in, in memory: message ids hold phone numbers and are never stored.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        mpsc,
    },
    time::Instant,
};

use crate::{
    bus::Signal,
    channels::{
        SendError,
        whatsapp::{self, Account, WhatsAppCall},
    },
    dialog::Dialog,
    domain::{Address, ContactId},
};

/// Marks in flight at once, and waiting for it.
const IN_FLIGHT_MAX: usize = 64;
const WAITING_MAX: usize = 1024;
/// Marks of one chat are at least so far apart.
const APART: Duration = Duration::from_secs(2);
/// Chats whose newest message waits for a consultant's eyes; the one that was last written in longest ago is forgotten.
const HELD_MAX: usize = 4096;

struct Seen {
    by: Address,
    message: Box<str>,
    /// Whether people, not the bot, are to read it.
    is_to_people: bool,
}

/// Hands message ids to the task that marks them. Cheap to clone; the ids are never stored.
#[derive(Clone)]
pub struct ReadMarks(mpsc::Sender<Seen>);

impl ReadMarks {
    /// Starts the task; it ends when all clones are gone. `signals` tell what consultants do.
    pub fn start(
        account: Account,
        dialog: Dialog,
        signals: broadcast::Receiver<Signal>,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (sender, waiting) = mpsc::channel(WAITING_MAX);
        (Self(sender), tokio::spawn(run(account, dialog, waiting, signals)))
    }

    /// The bot reads it and answers.
    pub fn mark(&self, by: &Address, message: Box<str>) {
        self.send(by, message, false);
    }

    /// A consultant is to read it: it is marked when they do.
    pub fn hold(&self, by: &Address, message: Box<str>) {
        self.send(by, message, true);
    }

    fn send(&self, by: &Address, message: Box<str>, is_to_people: bool) {
        if self.0.try_send(Seen { by: by.clone(), message, is_to_people }).is_err() {
            failed("too_many");
        }
    }
}

/// Messages that consultants are to read, the newest of each chat. Pure.
#[derive(Default)]
struct Held {
    /// With the count at which it came.
    newest: HashMap<Address, (u64, Box<str>)>,
    order: VecDeque<(u64, Address)>,
    count: u64,
}

impl Held {
    fn keep(&mut self, by: Address, message: Box<str>) {
        self.count += 1;
        self.order.push_back((self.count, by.clone()));
        self.newest.insert(by, (self.count, message));
        while self.order.len() > HELD_MAX
            && let Some((count, oldest)) = self.order.pop_front()
        {
            if self.newest.get(&oldest).is_some_and(|(newest, _)| *newest == count) {
                self.newest.remove(&oldest);
            }
        }
    }

    /// The call that tells it to somebody who is known by these addresses; none where nothing of theirs came here.
    fn attended(&self, addresses: &[Address], writes: bool) -> Option<WhatsAppCall> {
        let (_, message) =
            addresses.iter().filter_map(|one| self.newest.get(one)).max_by_key(|(count, _)| *count)?;
        Some(whatsapp::mark_read(message, writes))
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

async fn run(
    account: Account,
    dialog: Dialog,
    mut waiting: mpsc::Receiver<Seen>,
    mut signals: broadcast::Receiver<Signal>,
) {
    let mut flights = FuturesUnordered::new();
    let mut looks = FuturesUnordered::new();
    let (mut chats, mut held) = (Chats::default(), Held::default());
    let account = &account;
    loop {
        let is_free = flights.len() < IN_FLIGHT_MAX;
        let due = chats.next_due();
        let call = tokio::select! {
            seen = waiting.recv(), if is_free => match seen {
                Some(Seen { by, message, is_to_people: true }) => {
                    held.keep(by, message);
                    None
                }
                Some(seen) => chats.seen(seen, Instant::now()),
                None => return,
            },
            () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if is_free && due.is_some() => {
                chats.due(Instant::now())
            }
            signal = signals.recv(), if is_free => {
                match signal {
                    // Nobody's message waits here: nothing is looked up.
                    Ok(Signal::Attends { contact, writes }) if !held.newest.is_empty() && looks.len() < IN_FLIGHT_MAX => {
                        looks.push(who(&dialog, contact, writes));
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    // The bus lives as long as the program.
                    Err(RecvError::Closed) => return,
                }
                None
            }
            Some((addresses, writes)) = looks.next(), if is_free && !looks.is_empty() => {
                held.attended(&addresses, writes)
            }
            Some(called) = flights.next(), if !flights.is_empty() => {
                if let Err(error) = called {
                    let error: SendError = error;
                    failed(error.kind());
                }
                None
            }
        };
        if let Some(call) = call {
            flights.push(async move { account.call(&call).await.map(drop) });
        }
    }
}

async fn who(dialog: &Dialog, contact: ContactId, writes: bool) -> (Vec<Address>, bool) {
    // A database that does not answer costs the mark, nothing else.
    (dialog.addresses(contact).await.unwrap_or_default(), writes)
}

fn failed(kind: &'static str) {
    metrics::counter!("safar_mark_read_errors_total", "kind" => kind).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ChannelKind;

    fn seen(by: &str, message: &str) -> Seen {
        Seen { by: Address::new(ChannelKind::WhatsApp, by), message: message.into(), is_to_people: false }
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

    #[test]
    fn what_waits_for_a_consultant_is_marked_by_any_address_of_its_person() {
        let mut held = Held::default();
        let of = |external: &str| Address::new(ChannelKind::WhatsApp, external);
        held.keep(of("+1"), "a".into());
        held.keep(of("TJ.1"), "b".into());
        held.keep(of("+2"), "c".into());
        let both = [of("+1"), of("TJ.1")];
        assert_eq!(held.attended(&both, false), Some(whatsapp::mark_read("b", false)), "the newest");
        assert_eq!(held.attended(&both, true), Some(whatsapp::mark_read("b", true)), "they write now");
        assert_eq!(held.attended(&[of("+3")], true), None);
        // As many as chats, however many messages.
        for n in 0..2 * HELD_MAX {
            held.keep(of("+4"), n.to_string().into());
        }
        assert_eq!(held.attended(&both, true), None, "forgotten");
        assert_eq!((held.newest.len(), held.order.len()), (1, HELD_MAX));
    }
}
