//! Lanes that gather inbound and commit it.
//!
//! Same contact, same lane: so order is kept. A lane drains what has gathered, up to a batch, into one transaction;
//! while one commits, the next gathers. A batch that fails is tried again member by member; a member that still
//! fails is parked, so one bad inbound never holds up its neighbours.

mod leader;
mod telegram_poll;

pub use leader::Leader;
pub use telegram_poll::Poller;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::{Clock, Stopwatch},
    dialog::{Dialog, DialogError, Outgoing, Parking, Settled},
    domain::{ChannelKind, Inbound},
};

/// Most inbound in one transaction: the rows of one multi-row statement.
pub const BATCH_MAX: usize = 64;
/// Inbound that may wait for a lane before the channel is told to slow down.
const WAITING_MAX: usize = 4096;
/// Commits of a lane begin this far apart while batches are small: a flush costs as much for one inbound as for thirty,
/// and a busy lane that flushes for each has no time left. Somebody who writes into a quiet lane waits for nothing.
const COMMIT_PACE: Duration = Duration::from_millis(2);
/// A batch of this size does not wait.
const BATCH_FAIR: usize = BATCH_MAX / 2;
/// How long receipts wait for an inbound to share its commit with.
const RECEIPTS_WAIT: Duration = Duration::from_millis(20);
/// Reason of a parked inbound that was read and could not be handled.
const PARKED_HANDLING: &str = "handling";
/// Tries of a member that fails for a passing reason.
const TRIES: usize = 3;

/// The inbound was not taken; the channel should deliver it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    #[error("the program is stopping")]
    Stopping,
    #[error("the database does not answer")]
    Unavailable,
}

/// What waits for a lane's next commit.
enum Work {
    Inbound(Inbound),
    /// What a channel says of sent messages.
    Receipts(Vec<Settled>),
}

struct Waiting {
    work: Work,
    done: oneshot::Sender<Result<(), IntakeError>>,
}

type Committing = oneshot::Receiver<Result<(), IntakeError>>;

async fn committed(wait: Committing) -> Result<(), IntakeError> {
    wait.await.unwrap_or(Err(IntakeError::Stopping))
}

/// Hands inbound to the lanes. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    lanes: Arc<[mpsc::Sender<Waiting>]>,
    dialog: Dialog,
    clock: Arc<dyn Clock>,
}

/// What the lanes need and give.
pub struct Wiring {
    pub dialog: Dialog,
    pub clock: Arc<dyn Clock>,
    /// Committed messages go here at once.
    pub outgoing: mpsc::UnboundedSender<Vec<Outgoing>>,
    /// What became of sent messages comes from here, into the first lane.
    pub settled: mpsc::UnboundedReceiver<Settled>,
    /// One on SQLite, which has one writer; a few on PostgreSQL, where commits overlap.
    pub lanes: usize,
    pub stop: CancellationToken,
}

impl Intake {
    /// Starts the lanes; they end when `stop` is cancelled and what had gathered is committed.
    pub fn start(wiring: Wiring) -> (Self, Vec<tokio::task::JoinHandle<()>>) {
        let Wiring { dialog, clock, outgoing, settled, lanes, stop } = wiring;
        let mut settled = Some(settled);
        let mut senders = Vec::new();
        let mut tasks = Vec::new();
        for _ in 0..lanes.max(1) {
            let (sender, inbound) = mpsc::channel(WAITING_MAX);
            senders.push(sender);
            let lane = Lane {
                dialog: dialog.clone(),
                clock: clock.clone(),
                outgoing: Some(outgoing.clone()),
                inbound,
                settled: settled.take(),
                stop: stop.clone(),
            };
            tasks.push(tokio::spawn(lane.run()));
        }
        (Self { lanes: senders.into(), dialog, clock }, tasks)
    }

    /// Hands one inbound over and waits for its durable commit (or until it was parked).
    ///
    /// # Errors
    /// [`IntakeError`]: it was not kept; the channel must deliver it again.
    pub async fn take(&self, inbound: Inbound) -> Result<(), IntakeError> {
        committed(self.queue(inbound).await?).await
    }

    /// Hands over what came in one delivery, in its order, and waits until all of it is committed or parked.
    ///
    /// # Errors
    /// [`IntakeError`]: some of it was not kept; the channel must deliver it again.
    pub async fn take_all(&self, inbounds: Vec<Inbound>) -> Result<(), IntakeError> {
        let mut waits = Vec::with_capacity(inbounds.len());
        // One after the other: a lane keeps the order in which it is handed things, and only that.
        for inbound in inbounds {
            waits.push(self.queue(inbound).await?);
        }
        let mut all = Ok(());
        for wait in waits {
            all = all.and(committed(wait).await);
        }
        all
    }

    /// Hands over what a channel says of sent messages, and waits for its durable commit.
    ///
    /// # Errors
    /// [`IntakeError`]: it was not kept; the channel must tell it again.
    pub async fn settle(&self, receipts: Vec<Settled>) -> Result<(), IntakeError> {
        if receipts.is_empty() {
            return Ok(());
        }
        committed(self.hand_over(0, Work::Receipts(receipts)).await?).await
    }

    async fn queue(&self, inbound: Inbound) -> Result<Committing, IntakeError> {
        let lane = self.lane(&inbound);
        metrics::counter!("safar_inbound_total", "channel" => inbound.address.channel.as_str(), "kind" => inbound.content.kind()).increment(1);
        self.hand_over(lane, Work::Inbound(inbound)).await
    }

    /// Waits for room in the lane only; what it gives back waits for the commit.
    async fn hand_over(&self, lane: usize, work: Work) -> Result<Committing, IntakeError> {
        let (done, wait) = oneshot::channel();
        let sender = self.lanes.get(lane).ok_or(IntakeError::Stopping)?;
        sender.send(Waiting { work, done }).await.map_err(|_| IntakeError::Stopping)?;
        Ok(wait)
    }

    /// Keeps what a channel could not read, all of it or nothing.
    ///
    /// # Errors
    /// [`IntakeError::Unavailable`] when it could not be kept.
    pub async fn park(&self, channel: ChannelKind, items: &[Parking]) -> Result<(), IntakeError> {
        for item in items {
            metrics::counter!("safar_parked_total", "channel" => channel.as_str(), "reason" => item.reason)
                .increment(1);
        }
        self.dialog.park(channel, items, self.clock.now()).await.map_err(|error| {
            tracing::error!(%error, items = items.len(), "what could not be read could not be parked either");
            IntakeError::Unavailable
        })
    }

    fn lane(&self, inbound: &Inbound) -> usize {
        if self.lanes.len() == 1 {
            return 0;
        }
        let mut hasher = DefaultHasher::new();
        // A number and a user id may come apart: the one that lasts leads. Where they fall apart, rows are locked.
        inbound.identity().hash(&mut hasher);
        (hasher.finish() % self.lanes.len() as u64) as usize
    }
}

struct Lane {
    dialog: Dialog,
    clock: Arc<dyn Clock>,
    /// Given up when the last inbound is committed, so that the sender can end.
    outgoing: Option<mpsc::UnboundedSender<Vec<Outgoing>>>,
    inbound: mpsc::Receiver<Waiting>,
    settled: Option<mpsc::UnboundedReceiver<Settled>>,
    stop: CancellationToken,
}

impl Lane {
    async fn run(mut self) {
        let mut batch: Vec<Waiting> = Vec::with_capacity(BATCH_MAX);
        let mut settled: Vec<Settled> = Vec::with_capacity(BATCH_MAX);
        let mut last = Instant::now();
        loop {
            if !self.gather(&mut batch, &mut settled).await {
                return;
            }
            self.pace(last, &mut batch).await;
            self.commit(&mut batch, &mut settled).await;
            last = Instant::now();
        }
    }

    /// Lets a small batch grow when the last commit was a moment ago.
    async fn pace(&mut self, last: Instant, batch: &mut Vec<Waiting>) {
        if batch.len() >= BATCH_FAIR || last.elapsed() >= COMMIT_PACE {
            return;
        }
        tokio::time::sleep_until(last + COMMIT_PACE).await;
        while batch.len() < BATCH_MAX
            && let Ok(more) = self.inbound.try_recv()
        {
            batch.push(more);
        }
    }

    /// Waits for work; false when there is none left and the program stops.
    async fn gather(&mut self, batch: &mut Vec<Waiting>, settled: &mut Vec<Settled>) -> bool {
        loop {
            let stopping = self.stop.is_cancelled();
            if stopping {
                // What had gathered is still committed; nothing new is let in.
                self.inbound.close();
            }
            tokio::select! {
                biased;
                taken = self.inbound.recv_many(batch, BATCH_MAX) => if taken == 0 {
                    // All senders are gone or the door is closed: the last receipts, then the end.
                    self.outgoing = None;
                    if let Some(receipts) = self.settled.as_mut() {
                        receipts.recv_many(settled, 4 * BATCH_MAX).await;
                        return !settled.is_empty();
                    }
                    return false;
                },
                some = next_settled(self.settled.as_mut()), if !stopping => match some {
                    Some(first) => {
                        settled.push(first);
                        // Receipts may wait a moment: sharing a commit halves the flushes.
                        let wait = tokio::time::timeout(RECEIPTS_WAIT, self.inbound.recv_many(batch, BATCH_MAX));
                        let _ = wait.await;
                    }
                    None => self.settled = None,
                },
                () = self.stop.cancelled(), if !stopping => continue,
            }
            if let Some(receipts) = self.settled.as_mut() {
                while settled.len() < 4 * BATCH_MAX
                    && let Ok(more) = receipts.try_recv()
                {
                    settled.push(more);
                }
            }
            if !batch.is_empty() || !settled.is_empty() {
                return true;
            }
        }
    }

    async fn commit(&mut self, batch: &mut Vec<Waiting>, settled: &mut Vec<Settled>) {
        let watch = Stopwatch::start();
        let mut inbounds = Vec::with_capacity(batch.len());
        let mut dones = Vec::with_capacity(batch.len());
        // Receipts that the channel told stay apart: it tells them again when they are not taken, the sender does not.
        let mut told = Vec::new();
        let own = settled.len();
        for Waiting { work, done } in batch.drain(..) {
            match work {
                Work::Inbound(inbound) => {
                    inbounds.push(inbound);
                    dones.push(done);
                }
                Work::Receipts(receipts) => {
                    settled.extend(receipts);
                    told.push(done);
                }
            }
        }
        let now = self.clock.now();
        let result = self.dialog.handle(&inbounds, settled, now).await;
        metrics::histogram!("safar_commit_seconds").record(watch.seconds());
        match result {
            Ok(committed) => {
                metrics::counter!("safar_turns_total").increment(committed.turns as u64);
                metrics::counter!("safar_duplicates_total").increment(committed.duplicates as u64);
                count_costs(committed.costs);
                self.send(committed.outgoing);
                for done in dones.into_iter().chain(told) {
                    let _ = done.send(Ok(()));
                }
                settled.clear();
            }
            Err(error) => {
                tracing::warn!(%error, members = inbounds.len(), "a batch failed; its members are tried one by one");
                let others = settled.split_off(own);
                let left = self.settle_apart(std::mem::take(settled)).await;
                let kept = self.settle_apart(others).await.is_empty();
                // The sender's own go with the next commit.
                settled.extend(left);
                for done in told {
                    let _ = done.send(if kept { Ok(()) } else { Err(IntakeError::Unavailable) });
                }
                for (inbound, done) in inbounds.into_iter().zip(dones) {
                    let _ = done.send(self.alone(&inbound).await);
                }
            }
        }
    }

    fn send(&self, outgoing: Vec<Outgoing>) {
        if let Some(sender) = self.outgoing.as_ref().filter(|_| !outgoing.is_empty()) {
            // The receiver ends after the lanes.
            let _ = sender.send(outgoing);
        }
    }

    /// Writes receipts without the batch that failed; returns those that the database will take later. One that it will
    /// never take is dropped, so that it cannot keep all others from being written.
    async fn settle_apart(&self, receipts: Vec<Settled>) -> Vec<Settled> {
        if receipts.is_empty() {
            return receipts;
        }
        for _ in 0..TRIES {
            match self.settle_now(&receipts).await {
                Ok(()) => return Vec::new(),
                Err(error) => {
                    tracing::error!(%error, receipts = receipts.len(), "receipts could not be written");
                    if !error.retryable() && !error.is_conflict() {
                        return self.settle_each(receipts).await;
                    }
                }
            }
        }
        receipts
    }

    async fn settle_each(&self, receipts: Vec<Settled>) -> Vec<Settled> {
        let mut left = Vec::new();
        for receipt in receipts {
            match self.settle_now(std::slice::from_ref(&receipt)).await {
                Ok(()) => {}
                Err(error) if error.retryable() || error.is_conflict() => left.push(receipt),
                Err(error) => {
                    tracing::error!(%error, outbox.id = receipt.id.0, "a receipt cannot be written; it is dropped");
                }
            }
        }
        left
    }

    async fn settle_now(&self, receipts: &[Settled]) -> Result<(), DialogError> {
        count_costs(self.dialog.handle(&[], receipts, self.clock.now()).await?.costs);
        Ok(())
    }

    /// One inbound by itself; parked when it cannot be handled.
    async fn alone(&self, inbound: &Inbound) -> Result<(), IntakeError> {
        let mut last: Option<DialogError> = None;
        for _ in 0..TRIES {
            let now = self.clock.now();
            match self.dialog.handle(std::slice::from_ref(inbound), &[], now).await {
                Ok(committed) => {
                    self.send(committed.outgoing);
                    return Ok(());
                }
                Err(error) => {
                    let again = error.retryable() || error.is_conflict();
                    last = Some(error);
                    if !again {
                        break;
                    }
                }
            }
        }
        if last.as_ref().is_some_and(DialogError::retryable) {
            // The database is busy or gone: let the channel deliver it again.
            return Err(IntakeError::Unavailable);
        }
        tracing::error!(inbound = %inbound.key, error = last.map(|e| e.to_string()), "an inbound cannot be handled; it is parked");
        metrics::counter!("safar_parked_total", "channel" => inbound.address.channel.as_str(), "reason" => PARKED_HANDLING).increment(1);
        let items = [Parking {
            key: inbound.key.clone(),
            reason: PARKED_HANDLING,
            address: Some(inbound.address.clone()),
            raw: inbound.raw.clone(),
        }];
        let parked = self.dialog.park(inbound.address.channel, &items, self.clock.now());
        parked.await.map_err(|_| IntakeError::Unavailable)
    }
}

/// Each message's cost class, told once by the commit that learnt it.
fn count_costs(costs: Vec<String>) {
    for cost in costs {
        metrics::counter!("safar_message_costs_total", "class" => cost).increment(1);
    }
}

/// The next receipt; never, for a lane that takes none.
async fn next_settled(receipts: Option<&mut mpsc::UnboundedReceiver<Settled>>) -> Option<Settled> {
    match receipts {
        Some(receipts) => receipts.recv().await,
        None => std::future::pending().await,
    }
}
