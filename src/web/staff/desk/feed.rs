//! Signals of the bus in one order, with numbers: a page that was away asks for what it missed.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::broadcast::{self, error::RecvError};

use crate::bus::Signal;

/// Signals kept for pages that come back. At ten a second that is some minutes; older ones: `resync`.
const KEPT: usize = 4_096;
/// Signals that a slow page may fall behind before it is told to load anew.
const CAPACITY: usize = 1_024;

/// A numbered signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    pub number: u64,
    pub signal: Signal,
}

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    /// Nothing before this number is known.
    known_from: u64,
    signals: VecDeque<Numbered>,
}

/// The feed of one process. Clones share it.
#[derive(Clone, Debug)]
pub struct Feed {
    /// Names this run of the program: numbers of another run say nothing.
    run: Arc<str>,
    kept: Arc<Mutex<Kept>>,
    out: broadcast::Sender<Numbered>,
}

/// What a page gets that comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    These(Vec<Numbered>),
    /// Too long away, or of another run: it loads anew.
    All,
}

impl Feed {
    /// Numbers what the bus tells until the bus ends.
    pub fn start(run: String, mut bus: broadcast::Receiver<Signal>) -> Self {
        let feed = Self { run: run.into(), kept: Arc::default(), out: broadcast::channel(CAPACITY).0 };
        let own = feed.clone();
        tokio::spawn(async move {
            loop {
                match bus.recv().await {
                    Ok(signal) => own.add(signal),
                    Err(RecvError::Lagged(_)) => own.forget(),
                    Err(RecvError::Closed) => return,
                }
            }
        });
        feed
    }

    fn add(&self, signal: Signal) {
        if !matches!(signal, Signal::Queue | Signal::Case(_) | Signal::Look { .. } | Signal::Desk) {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last += 1;
        let numbered = Numbered { number: kept.last, signal };
        if kept.signals.len() >= KEPT
            && let Some(oldest) = kept.signals.pop_front()
        {
            kept.known_from = oldest.number;
        }
        kept.signals.push_back(numbered);
        // Under the lock, so that the order of numbers is the order of sending. No page listening is no error.
        let _ = self.out.send(numbered);
    }

    /// Signals were lost: every page loads anew.
    fn forget(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last += 1;
        kept.known_from = kept.last;
        kept.signals.clear();
        drop(kept);
        self.add(Signal::Queue);
    }

    /// Listens, and gives what came after `last` (`<run>-<number>`), with the number up to which nothing of it is left to
    /// be heard. A page that names none may have missed what came since it was made.
    pub fn open(&self, last: Option<&str>) -> (broadcast::Receiver<Numbered>, Missed, u64) {
        // Under the lock: nothing falls between the two.
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.out.subscribe();
        let number = last.and_then(|last| last.rsplit_once('-')).filter(|(run, _)| *run == &*self.run);
        let missed = match number.and_then(|(_, number)| number.parse::<u64>().ok()) {
            Some(number) if number >= kept.known_from && number <= kept.last => {
                Missed::These(kept.signals.iter().filter(|one| one.number > number).copied().collect())
            }
            _ => Missed::All,
        };
        (receiver, missed, kept.last)
    }

    /// The id of a signal, as pages give it back.
    pub fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.run)
    }

    pub fn last(&self) -> u64 {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bus::Bus, domain::CaseId};

    #[tokio::test]
    async fn a_page_that_comes_back_gets_what_it_missed() {
        let bus = Bus::new();
        let feed = Feed::start("run".into(), bus.listen());
        let (mut heard, missed, last) = feed.open(None);
        assert_eq!((missed, last), (Missed::All, 0), "something may have come since the page was made");
        bus.send(Signal::Queue);
        bus.send(Signal::Outbox);
        bus.send(Signal::Case(CaseId(7)));
        assert_eq!(heard.recv().await.unwrap(), Numbered { number: 1, signal: Signal::Queue });
        assert_eq!(heard.recv().await.unwrap().number, 2);
        let (_, missed, last) = feed.open(Some("run-1"));
        assert_eq!(missed, Missed::These(vec![Numbered { number: 2, signal: Signal::Case(CaseId(7)) }]));
        assert_eq!(last, 2);
        assert_eq!(feed.open(Some("run-2")).1, Missed::These(vec![]));
        for strange in ["run-3", "other-1", "x", "", "run-", "run-99999999999999999999"] {
            assert_eq!(feed.open(Some(strange)).1, Missed::All, "{strange}");
        }
    }

    #[tokio::test]
    async fn who_was_away_too_long_loads_anew() {
        let bus = Bus::new();
        let feed = Feed::start("run".into(), bus.listen());
        for _ in 0..KEPT + 2 {
            feed.add(Signal::Queue);
        }
        assert_eq!(feed.open(Some("run-1")).1, Missed::All);
        assert!(matches!(feed.open(Some("run-2")).1, Missed::These(rest) if rest.len() == KEPT));
        feed.forget();
        assert_eq!(feed.open(Some(&feed.id(100))).1, Missed::All);
    }
}
