//! Committed messages become messages on a phone.
//!
//! One task a channel; many calls in flight, one a contact, so that a person reads answers in order. Answers go at
//! once and slow down only when the API says so. What cannot go now waits here for seconds, longer in its row.

mod files;
mod pace;
mod port;
mod read_marks;
mod rest;
mod retry;
mod telegram;
mod typing;
mod web;
mod whatsapp;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
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
use tokio_util::sync::CancellationToken;

use self::{
    pace::Buckets,
    rest::Rest,
    retry::{ANSWER_AGAIN, Decision},
};
use crate::{
    bus::Signal,
    channels::{SendError, error::refusal},
    clock::Clock,
    dialog::{Delivery, Dialog, Outgoing, Settled},
    domain::{ContactId, OutboxId},
};

pub use files::FilePlaces;
pub use port::{Accepted, Port};
pub use read_marks::ReadMarks;
pub use retry::{Patience, failed_later};
pub use telegram::TelegramPort;
pub use typing::show_typing;
pub use web::{Announcer, Routes, route};
pub use whatsapp::WhatsAppPort;

/// Calls in flight at once.
const IN_FLIGHT_MAX: usize = 128;
/// Waits longer than this go into the row, so that a stop or crash does not forget them.
const MEMORY_WAIT_MAX: Duration = Duration::from_secs(20);
/// How often rows are looked for that no sender has in hand, and leases of those in hand are renewed.
const SWEEP_EVERY: Duration = Duration::from_secs(5);
/// Rows of one sweep.
const SWEEP_ROWS: u32 = 256;
/// How long an orderly stop waits for calls in flight.
const DRAIN_MAX: Duration = Duration::from_secs(20);

/// Waits until rows are added that no sender has in memory: a consultant's words.
async fn woken(signals: &mut broadcast::Receiver<Signal>) {
    loop {
        match signals.recv().await {
            Ok(Signal::Outbox) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            // The bus lives as long as the program; the sweep goes on without it.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// The sender of one channel.
pub struct Sender<P> {
    port: Arc<P>,
    dialog: Dialog,
    clock: Arc<dyn Clock>,
    receipts: mpsc::UnboundedSender<Settled>,
    /// Messages of a contact, in order; the first may be in flight.
    queues: HashMap<ContactId, VecDeque<Outgoing>>,
    /// Contacts whose first message may go now.
    ready: VecDeque<ContactId>,
    /// Contacts whose first message waits.
    waiting: Vec<(Instant, ContactId)>,
    rest: Rest,
    /// The API told notices to wait.
    notices_paused_until: Option<Instant>,
    /// A chat was told to wait, until then: a second one means that all calls are too many.
    throttled: Option<(ContactId, Instant)>,
    buckets: Buckets,
    in_hand: HashSet<OutboxId>,
}

impl<P: Port> Sender<P> {
    pub fn new(
        port: Arc<P>,
        dialog: Dialog,
        clock: Arc<dyn Clock>,
        receipts: mpsc::UnboundedSender<Settled>,
    ) -> Self {
        let buckets = Buckets::new(port.pace());
        Self {
            port,
            buckets,
            notices_paused_until: None,
            throttled: None,
            dialog,
            clock,
            receipts,
            queues: HashMap::new(),
            ready: VecDeque::new(),
            waiting: Vec::new(),
            rest: Rest::default(),
            in_hand: HashSet::new(),
        }
    }

    /// Sends until `incoming` ends, then waits for what is in flight. `stop` makes it give waiting rows back.
    pub async fn run(
        mut self,
        mut incoming: mpsc::UnboundedReceiver<Vec<Outgoing>>,
        mut signals: broadcast::Receiver<Signal>,
        stop: CancellationToken,
    ) {
        let mut flights = FuturesUnordered::new();
        let mut sweep = tokio::time::interval(SWEEP_EVERY);
        sweep.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            while flights.len() < IN_FLIGHT_MAX
                && let Some(outgoing) = self.next(flights.len())
            {
                let port = self.port.clone();
                flights.push(async move {
                    let result = port.send(&outgoing).await;
                    (outgoing, result)
                });
            }
            // With all hands full nothing could go: the next landing looks again.
            let wake = self.next_wake(flights.len()).filter(|_| flights.len() < IN_FLIGHT_MAX);
            tokio::select! {
                batch = incoming.recv() => match batch {
                    Some(batch) => batch.into_iter().for_each(|outgoing| self.enqueue(outgoing)),
                    None => break,
                },
                Some((outgoing, result)) = flights.next(), if !flights.is_empty() => self.landed(outgoing, result),
                _ = sweep.tick(), if !stop.is_cancelled() => self.sweep().await,
                () = woken(&mut signals), if !stop.is_cancelled() => self.sweep().await,
                () = tokio::time::sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
            }
        }
        // An orderly stop: calls in flight may end, the rest goes back to its rows.
        let drain = async {
            while let Some((outgoing, result)) = flights.next().await {
                self.landed(outgoing, result);
            }
        };
        if tokio::time::timeout(DRAIN_MAX, drain).await.is_err() {
            tracing::warn!(channel = self.port.kind().as_str(), "calls in flight did not end in time");
            return;
        }
        // What may have arrived goes back so marked.
        let doubted = |queue: &VecDeque<Outgoing>| queue.front().is_some_and(|head| head.doubts > 0);
        let doubted: Vec<ContactId> =
            self.queues.iter().filter(|(_, queue)| doubted(queue)).map(|(contact, _)| *contact).collect();
        for contact in doubted {
            self.postpone(contact, Duration::ZERO, SendError::Ambiguous.kind());
        }
        if let Err(error) = self.dialog.give_back(self.port.kind()).await {
            tracing::warn!(%error, "waiting rows could not be given back; they come marked uncertain");
        }
    }

    fn enqueue(&mut self, outgoing: Outgoing) {
        if let Some(id) = outgoing.id
            && !self.in_hand.insert(id)
        {
            return;
        }
        let contact = outgoing.contact;
        let queue = self.queues.entry(contact).or_default();
        queue.push_back(outgoing);
        if queue.len() == 1 {
            self.ready.push_back(contact);
        }
    }

    /// The next message that may go, left at the head of its contact's queue as a mark that one is in flight.
    fn next(&mut self, in_flight: usize) -> Option<Outgoing> {
        let now = Instant::now();
        if !self.rest.lets_go(now, in_flight) {
            return None;
        }
        if !self.waiting.is_empty() {
            let ready = &mut self.ready;
            self.waiting.retain(|(at, contact)| {
                let due = *at <= now;
                if due {
                    ready.push_back(*contact);
                }
                !due
            });
        }
        while let Some(contact) = self.ready.pop_front() {
            let Some(outgoing) = self.queues.get(&contact).and_then(VecDeque::front) else { continue };
            if self.port.is_notice(outgoing) {
                let rest = self.notices_paused_until.filter(|until| now < *until).map(|until| until - now);
                let wait = rest.map_or_else(|| self.buckets.take(contact, now), Err);
                if let Err(wait) = wait {
                    self.waiting.push((now + wait, contact));
                    continue;
                }
            }
            return Some(outgoing.clone());
        }
        None
    }

    fn next_wake(&self, in_flight: usize) -> Option<Instant> {
        let now = Instant::now();
        if self.rest.lets_go(now, in_flight) {
            self.waiting.iter().map(|(at, _)| *at).min()
        } else {
            // A probe in flight wakes by itself when it lands.
            self.rest.end(now)
        }
    }

    /// A call ended.
    fn landed(&mut self, outgoing: Outgoing, result: Result<Accepted, SendError>) {
        let channel = self.port.kind().as_str();
        let now = Instant::now();
        let decision = match result {
            Ok(accepted) => {
                self.rest.answered(now);
                metrics::counter!("safar_sent_total", "channel" => channel).increment(1);
                let Accepted { message, reference, edited } = accepted;
                self.finish(&outgoing, Delivery::Sent { message, reference, edited });
                return;
            }
            Err(error) => {
                metrics::counter!("safar_send_errors_total", "channel" => channel, "kind" => error.kind())
                    .increment(1);
                if !error.is_retryable() && !matches!(error, SendError::Misconfigured { .. }) {
                    self.rest.answered(now);
                }
                let decision = retry::decide(error, outgoing.attempts, outgoing.doubts, self.port.patience());
                self.widened(decision, outgoing.contact)
            }
        };
        match decision {
            Decision::Blocked => self.finish(&outgoing, Delivery::Blocked),
            Decision::GiveUp { code } => {
                let row = outgoing.id.map(|id| id.0);
                tracing::warn!(channel, code, outbox.id = row, "a message was refused");
                if refusal::is_alarm(code) {
                    retry::alarm(self.port.kind(), code);
                }
                self.finish(&outgoing, Delivery::Failed { code: code.to_owned() });
            }
            Decision::Pause(named) => {
                self.rest.throttled(named, now);
                self.tried(outgoing.contact, false);
                self.ready.push_front(outgoing.contact);
            }
            Decision::Probe { key } => {
                retry::alarm(self.port.kind(), key);
                self.rest.misconfigured(now);
                self.tried(outgoing.contact, false);
                // Should it be this message's fault after all, the others pass it by.
                self.ready.push_back(outgoing.contact);
            }
            Decision::PauseNotices(wait) => {
                tracing::warn!(
                    channel,
                    seconds = wait.as_secs(),
                    "the API wants fewer messages: notices rest"
                );
                self.notices_paused_until = Some(now + wait);
                let after = if self.port.is_notice(&outgoing) { wait } else { ANSWER_AGAIN };
                self.tried(outgoing.contact, false);
                self.postpone(outgoing.contact, after, "throttled");
            }
            Decision::Wait { after, code } => {
                self.tried(outgoing.contact, code == SendError::Ambiguous.kind());
                if after > MEMORY_WAIT_MAX {
                    self.postpone(outgoing.contact, after, code);
                } else {
                    self.waiting.push((now + after, outgoing.contact));
                }
            }
        }
    }

    /// The head of a contact's queue was tried in vain; `unheard`: it may have arrived all the same.
    fn tried(&mut self, contact: ContactId, unheard: bool) {
        if let Some(head) = self.queues.get_mut(&contact).and_then(VecDeque::front_mut) {
            head.attempts = head.attempts.saturating_add(1);
            head.doubts += i32::from(unheard);
        }
    }

    /// A second chat that is told to wait while a first one does: it is not the chats, it is all of us.
    fn widened(&mut self, decision: Decision, contact: ContactId) -> Decision {
        let Decision::Wait { after, code: "throttled" } = decision else { return decision };
        let now = Instant::now();
        let is_second = self.throttled.is_some_and(|(first, until)| first != contact && now < until);
        self.throttled = Some((contact, now + after));
        // WhatsApp tells pair and number apart by itself.
        if is_second && self.port.is_vague() { Decision::Pause(Some(after)) } else { decision }
    }

    /// Settles the head of a contact's queue and lets the next one go.
    fn finish(&mut self, outgoing: &Outgoing, delivery: Delivery) {
        if let Some(id) = outgoing.id {
            self.in_hand.remove(&id);
            let at = self.clock.now();
            // The lane that writes receipts ends after this task.
            let _ = self.receipts.send(Settled::new(id, outgoing.contact, delivery, at));
        }
        if let Some(queue) = self.queues.get_mut(&outgoing.contact) {
            queue.pop_front();
            if queue.is_empty() {
                self.queues.remove(&outgoing.contact);
            } else {
                self.ready.push_back(outgoing.contact);
            }
        }
    }

    /// Puts all messages of a contact back into their rows, to be tried from `after` on, in order. Those without a row
    /// wait here: nothing else knows of them.
    fn postpone(&mut self, contact: ContactId, after: Duration, code: &'static str) {
        let now = self.clock.now();
        let not_before = now.plus_ms(i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        let mut rowless = VecDeque::new();
        for outgoing in self.queues.remove(&contact).unwrap_or_default() {
            let Some(id) = outgoing.id else {
                rowless.push_back(outgoing);
                continue;
            };
            self.in_hand.remove(&id);
            let (attempts, uncertain) = (outgoing.attempts, outgoing.doubts > 0);
            let delivery = Delivery::Postponed { not_before, attempts, code: code.to_owned(), uncertain };
            let _ = self.receipts.send(Settled::new(id, contact, delivery, now));
        }
        if !rowless.is_empty() {
            self.queues.insert(contact, rowless);
            self.waiting.push((Instant::now() + after, contact));
        }
    }

    /// Renews what is in hand and takes what nobody has.
    async fn sweep(&mut self) {
        let now = self.clock.now();
        let held: Vec<OutboxId> = self.in_hand.iter().copied().collect();
        if let Err(error) = self.dialog.renew(&held, now).await {
            tracing::warn!(%error, "leases could not be renewed");
            return;
        }
        if held.len() > IN_FLIGHT_MAX * 4 {
            return;
        }
        let patience = i64::try_from(self.port.patience().wait.as_millis()).unwrap_or(i64::MAX);
        match self.dialog.take_due(self.port.kind(), now, patience, SWEEP_ROWS).await {
            Ok(due) => due.into_iter().for_each(|outgoing| self.enqueue(outgoing)),
            Err(error) => tracing::warn!(%error, "due rows could not be taken"),
        }
    }
}
