//! A batch of inbound becomes turns: sessions loaded, advanced, saved, answers queued, events appended, in one
//! durable transaction. Nothing is sent in here; what must be sent comes back to the caller after the commit.

mod apply;
mod error;
mod files;
mod leave;
mod lessons;
mod openings;
mod park;
mod recover;
mod settle;
mod web;

use std::{collections::HashSet, sync::Arc};

use tokio::sync::watch;

use crate::{
    bus::Bus,
    clock::Ids,
    content::Release,
    domain::{Address, ContactId, DeskView, Inbound, OutboxId, Timestamp},
    engine::{Say, State},
    indicators::Rules,
    privacy::Keys,
    store::{self, Lookup, Store},
};

pub use error::DialogError;
pub use files::SentFile;
pub use lessons::{Question, QuestionCounts, topic_of};
pub use park::{Parked, Parking};
pub use settle::{Delivery, Settled};
pub use web::{FILES_MAX_BYTES, Room, Visitor, WebChat, WebMessage};

/// How long a row stays with the instance that made it before another may take it over.
pub const LEASE_MS: i64 = 60_000;

/// The conversation service. Cheap to clone.
#[derive(Clone)]
pub struct Dialog {
    store: Store,
    keys: Keys,
    ids: Arc<dyn Ids>,
    release: watch::Receiver<Arc<Release>>,
    /// How the consultants' desk stands; refreshed apart from the turns.
    desk: watch::Receiver<DeskView>,
    /// Whom to tell of cases; nobody in tools and tests.
    bus: Option<Bus>,
    /// By which turns are counted.
    rules: Arc<Rules>,
    /// Cases that were opened of late, by where they came from.
    openings: openings::Openings,
    /// Names this process in leases.
    instance: i64,
}

/// A message that is committed and waits to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// `None`: the contact was erased with this turn; the message is sent from memory, without a row.
    pub id: Option<OutboxId>,
    pub contact: ContactId,
    pub address: Address,
    pub say: Say,
    /// 0: an answer; higher ones are notices and wait their turn.
    pub lane: i16,
    /// When the person wrote last: some channels take messages only for a day after it.
    pub last_inbound_at: Timestamp,
    /// The message to edit in place; `None`: a new message.
    pub edit: Option<i64>,
    pub attempts: i32,
    /// Tries whose answer never came: the message may have arrived.
    pub doubts: i32,
    pub form: Form,
    /// Messages of the bot to take away first (`/hide`).
    pub hide: Vec<i64>,
}

/// In which form a message goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As the channel takes it now.
    #[default]
    Own,
    /// The channel gave it back, because it takes approved templates only by now.
    Template,
    /// It gave that back, too: the template in the reference language.
    Fallback,
}

/// What a committed batch leaves to do.
#[derive(Debug, Default)]
pub struct Committed {
    pub outgoing: Vec<Outgoing>,
    /// Inbound that had been seen before.
    pub duplicates: usize,
    pub turns: usize,
    /// Cost classes that became known, one a message.
    pub costs: Vec<String>,
}

impl Dialog {
    pub fn new(
        store: Store,
        keys: Keys,
        ids: Arc<dyn Ids>,
        release: watch::Receiver<Arc<Release>>,
        instance: i64,
    ) -> Self {
        // Without a desk nobody works here; a closed channel keeps its last value.
        let desk = watch::channel(DeskView::default()).1;
        Self {
            store,
            keys,
            ids,
            release,
            desk,
            bus: None,
            rules: Arc::default(),
            openings: openings::Openings::default(),
            instance,
        }
    }

    /// The same conversations, counted by other rules than the defaults.
    #[must_use]
    pub fn with_rules(mut self, rules: Arc<Rules>) -> Self {
        self.rules = rules;
        self
    }

    /// The rules by which turns are counted.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The same conversations, with consultants: `desk` tells how their desk stands, `bus` what reaches them.
    #[must_use]
    pub fn with_desk(mut self, desk: watch::Receiver<DeskView>, bus: Bus) -> Self {
        self.desk = desk;
        self.bus = Some(bus);
        self
    }

    /// How the desk stands, as last looked up.
    pub fn desk(&self) -> DeskView {
        *self.desk.borrow()
    }

    /// How the desk stands for whoever sent this: closed to a network address that has opened very many cases of late.
    fn desk_for(&self, inbound: &Inbound, now: Timestamp) -> DeskView {
        let mut desk = self.desk();
        if inbound.from.as_deref().is_some_and(|from| self.openings.are_many(from, now)) {
            // The person is shown whom to call, as where nobody works: a case that is open stays open.
            desk.staffed = false;
            metrics::counter!("safar_crowded_turns_total").increment(1);
        }
        desk
    }

    /// Takes a batch and what was sent meanwhile, in one transaction. Inbound of one contact keep their order.
    ///
    /// # Errors
    /// [`DialogError`]: nothing of the batch was kept.
    pub async fn handle(
        &self,
        batch: &[Inbound],
        settled: &[Settled],
        now: Timestamp,
    ) -> Result<Committed, DialogError> {
        let release = self.release.borrow().clone();
        let mut tx = self.store.write().await?;
        let mut committed = Committed::default();
        let keys: Vec<&str> = batch.iter().map(|inbound| &*inbound.key).collect();
        let fresh = store::dedup::insert_new(&mut tx, &keys, now).await?;
        let fresh: Vec<&Inbound> =
            batch.iter().zip(fresh).filter_map(|(inbound, fresh)| fresh.then_some(inbound)).collect();
        committed.duplicates = batch.len() - fresh.len();
        committed.turns = fresh.len();
        // All locks at once and in one order, then all writing: two instances never wait for each other.
        let lookups = self.lookups(&fresh);
        let (contacts, messages) = settle::concerned(settled);
        let locked = store::sessions::lock(&mut tx, &lookups, &contacts, &messages).await?;
        if !settled.is_empty() {
            committed.costs = settle::write(&mut tx, settled).await?;
        }
        let mut signals = Vec::new();
        if !fresh.is_empty() {
            let mut work = self.load(&mut tx, &fresh, &lookups, &locked, now).await?;
            for (place, inbound) in fresh.into_iter().enumerate() {
                self.turn(&release, inbound, place, &mut work, now);
            }
            (committed.outgoing, signals) = self.save(&mut tx, work, now).await?;
        }
        tx.commit().await?;
        self.tell_all(&signals);
        Ok(committed)
    }

    /// Which of these keys were taken in before: a hint for courtesies, [`Dialog::handle`] decides.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn seen(&self, keys: &[&str]) -> Result<HashSet<String>, DialogError> {
        let mut tx = self.store.read().await?;
        Ok(store::dedup::seen(&mut tx, keys).await?)
    }

    /// Which of these addresses are of people who talk to consultants, in the order of `addresses`: nobody has read
    /// what they send yet. A hint for courtesies, too. One query; none where nobody works or no address is given.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn talking(&self, addresses: &[&Address], now: Timestamp) -> Result<Vec<bool>, DialogError> {
        if addresses.is_empty() || !self.desk().staffed {
            return Ok(vec![false; addresses.len()]);
        }
        let lookups: Vec<Lookup> = addresses.iter().map(|address| self.keys.lookup(address)).collect();
        let mut tx = self.store.read().await?;
        let states = store::sessions::peek_all(&mut tx, &lookups).await?;
        tx.rollback().await?;
        let talks = |json: &str| State::from_json(json).is_ok_and(|state| state.is_talking(now));
        let talking: HashSet<Lookup> =
            states.into_iter().filter_map(|(lookup, json)| talks(&json).then_some(lookup)).collect();
        Ok(lookups.iter().map(|lookup| talking.contains(lookup)).collect())
    }

    /// A channel's message id in a form that may be kept: WhatsApp's contains the phone number.
    pub fn hide(&self, id: &str) -> String {
        self.keys.message_lookup(id.as_bytes())
    }

    /// The same of a whole body that has no id.
    pub fn hide_bytes(&self, bytes: &[u8]) -> String {
        self.keys.message_lookup(bytes)
    }

    /// The release in force.
    pub fn release(&self) -> Arc<Release> {
        self.release.borrow().clone()
    }

    pub const fn instance(&self) -> i64 {
        self.instance
    }
}
