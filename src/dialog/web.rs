//! The web chat's side: what waits for a visitor's page, and what it has shown.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::sync::{Mutex, broadcast, mpsc};

use super::{Delivery, Dialog, DialogError, SentFile, Settled};
use crate::{
    bus::{Bus, Signal},
    clock::Clock,
    compose::{self, Composed},
    domain::{Address, AttachmentId, CaseId, ChannelKind, ContactId, Limits, Locale, OutboxId},
    engine::{HOME_OFFSET_MINUTES, Say, Screen, State, System, case},
    store,
};

/// Messages of a page that left no row: after an erasure. Small: each goes when it is fetched.
const TRANSIENT_MAX: usize = 256;

/// A message for a visitor's page.
#[derive(Clone, Debug)]
pub struct WebMessage {
    /// The outbox row; 0 for a screen composed anew.
    pub id: i64,
    pub locale: Locale,
    pub composed: Composed,
    /// The page should clear itself: everything was erased or hidden.
    pub leave: bool,
    /// What is written under it goes to people, who answer when they can.
    pub talk: bool,
    /// Files may be sent under it.
    pub files: bool,
    /// A consultant's file that comes with it.
    pub file: Option<SentFile>,
}

/// Bytes of files that one web visitor's case may hold: anybody can open a page, and the disk is one.
pub const FILES_MAX_BYTES: i64 = 200 << 20;

/// Whether a visitor may send a file now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    Yes,
    /// Nobody would see it: they do not talk to consultants.
    NoTalk,
    /// Their case holds [`FILES_MAX_BYTES`] already.
    Full,
}

/// A visitor whose page listens: what the stream has learnt of them.
#[derive(Debug)]
pub struct Visitor {
    pub(super) lookup: [u8; 16],
    /// As the rows last said; `None` for one whom we do not know, or no more.
    contact: Option<ContactId>,
}

/// A message without a row: whose, under which look-up, what.
type Transient = (ContactId, [u8; 16], Say);

/// Service of the web chat. Cheap to clone.
#[derive(Clone)]
pub struct WebChat {
    pub(super) dialog: Dialog,
    bus: Bus,
    limits: &'static Limits,
    pub(super) clock: Arc<dyn Clock>,
    /// Weak, so that a page never keeps the lanes from ending.
    settled: mpsc::WeakUnboundedSender<Settled>,
    transient: Arc<Mutex<Vec<Transient>>>,
}

impl WebChat {
    pub fn new(
        dialog: Dialog,
        bus: Bus,
        limits: &'static Limits,
        clock: Arc<dyn Clock>,
        settled: mpsc::WeakUnboundedSender<Settled>,
    ) -> Self {
        Self { dialog, bus, limits, clock, settled, transient: Arc::default() }
    }

    /// 256 random bits that name a visitor.
    pub fn new_token(&self) -> String {
        let mut bytes = [0; 32];
        self.dialog.ids.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub fn valid_token(token: &str) -> bool {
        token.len() == 43 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    }

    /// The key of a visitor's inbound: its id is the page's own, so it counts for this visitor only.
    pub fn key_of(&self, token: &str, id: &str) -> String {
        let lookup = self.lookup(token);
        format!("web:{}:{id}", crate::domain::hex(lookup.get(..6).unwrap_or_default()))
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.bus.listen()
    }

    /// What a network address counts under, in memory: it cannot be read back.
    pub fn origin_of(&self, address: &str) -> Box<[u8]> {
        self.dialog.keys.digest("chat-origin", address.as_bytes()).into()
    }

    fn lookup(&self, token: &str) -> [u8; 16] {
        self.dialog.keys.lookup(&Address::new(ChannelKind::Web, token))
    }

    /// For one open page.
    pub fn visitor(&self, token: &str) -> Visitor {
        Visitor { lookup: self.lookup(token), contact: None }
    }

    /// Whether a signal announces something for this visitor. Once their contact is known, what is said to
    /// others costs no query.
    pub async fn is_mine(&self, visitor: &mut Visitor, signal: &Signal) -> bool {
        let Signal::WebMessage(contact) = signal else { return false };
        if visitor.contact == Some(*contact) {
            return true;
        }
        let transient = self.transient.lock().await;
        if transient.iter().any(|(id, whose, _)| id == contact && *whose == visitor.lookup) {
            return true;
        }
        drop(transient);
        if visitor.contact.is_none() {
            // A failed look-up counts as "not mine": the stream looks at the rows again by and by.
            visitor.contact = self.contact(visitor).await.ok().flatten();
        }
        visitor.contact == Some(*contact)
    }

    /// Whether a signal tells that the visitor's consultant has read their words or, `Some(true)`, writes.
    pub fn attended(visitor: &Visitor, signal: &Signal) -> Option<bool> {
        match signal {
            Signal::Attends { contact, writes } if visitor.contact == Some(*contact) => Some(*writes),
            _ => None,
        }
    }

    async fn contact(&self, visitor: &Visitor) -> Result<Option<ContactId>, DialogError> {
        let mut tx = self.dialog.store.read().await?;
        Ok(store::contacts::find_by_lookup(&mut tx, &visitor.lookup).await?)
    }

    /// Messages that the page has not acknowledged, oldest first.
    ///
    /// Learns the visitor's contact anew: an erasure announces itself to the contact that it ends, so the one
    /// who writes again after it is heard.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pending(
        &self,
        visitor: &mut Visitor,
        after: Option<i64>,
    ) -> Result<Vec<WebMessage>, DialogError> {
        let mut out = Vec::new();
        let mut tx = self.dialog.store.read().await?;
        visitor.contact = store::contacts::find_by_lookup(&mut tx, &visitor.lookup).await?;
        if let Some(contact) = visitor.contact {
            let after = OutboxId(after.unwrap_or(0));
            for row in store::outbox::unsettled_for(&mut tx, contact, after).await? {
                let say = self.dialog.say(row.id, row.payload.as_deref(), row.sealed.as_deref());
                let Some(say) = say else { continue };
                let mut message = self.message(row.id.0, &say);
                if let Some(id) = say.file {
                    let file = store::cases::sent_file_for(&mut tx, id, contact).await?;
                    message.file = file.and_then(|file| self.dialog.opened_file(file));
                }
                out.push(message);
            }
        }
        drop(tx);
        let mut transient = self.transient.lock().await;
        transient.retain(|(_, whose, say)| {
            if *whose == visitor.lookup {
                out.push(self.message(0, say));
            }
            *whose != visitor.lookup
        });
        Ok(out)
    }

    /// The screen on which the visitor stands, composed anew; `None` for one whom we do not know.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn current(&self, visitor: &Visitor) -> Result<Option<WebMessage>, DialogError> {
        let mut tx = self.dialog.store.read().await?;
        let state = store::sessions::peek(&mut tx, &visitor.lookup).await?;
        let Some(state) = state else { return Ok(None) };
        let Ok(state) = State::from_json(&state) else { return Ok(None) };
        let release = self.dialog.release();
        let say = crate::engine::standing_with(&release, state, &self.dialog.desk(), self.clock.now());
        Ok(Some(self.message(0, &say)))
    }

    /// Whether consultants would get a file that this visitor sends.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn room(&self, token: &str) -> Result<Room, DialogError> {
        let mut tx = self.dialog.store.read().await?;
        let state = store::sessions::peek(&mut tx, &self.lookup(token)).await?;
        let state = state.and_then(|json| State::from_json(&json).ok());
        let Some(state) = state.filter(|state| state.gives_files(self.clock.now())) else {
            return Ok(Room::NoTalk);
        };
        let Some(case) = state.case.filter(|case| case.id != 0) else { return Ok(Room::Yes) };
        let files = store::cases::attachments_of(&mut tx, CaseId(case.id)).await?;
        let held: i64 = files.iter().filter(|file| !file.outgoing).filter_map(|file| file.size).sum();
        Ok(if held < FILES_MAX_BYTES { Room::Yes } else { Room::Full })
    }

    /// A consultant's file, for the visitor to whom it was sent and nobody else.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn file(&self, token: &str, id: AttachmentId) -> Result<Option<SentFile>, DialogError> {
        let mut tx = self.dialog.store.read().await?;
        let Some(contact) = store::contacts::find_by_lookup(&mut tx, &self.lookup(token)).await? else {
            return Ok(None);
        };
        let row = store::cases::sent_file_for(&mut tx, id, contact).await?;
        Ok(row.and_then(|row| self.dialog.opened_file(row)))
    }

    /// The `n`-th piece of such a file, from 0 on; `None` behind the last, or when it went meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn file_piece(&self, file: &SentFile, n: i32) -> Result<Option<Vec<u8>>, DialogError> {
        self.dialog.file_piece(file, n).await
    }

    /// The page has shown everything up to this row.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn acknowledge(&self, token: &str, up_to: i64) -> Result<(), DialogError> {
        let mut tx = self.dialog.store.read().await?;
        let Some(contact) = store::contacts::find_by_lookup(&mut tx, &self.lookup(token)).await? else {
            return Ok(());
        };
        let at = self.clock.now();
        for row in store::outbox::unsettled_for(&mut tx, contact, OutboxId(0)).await? {
            if row.id.0 <= up_to {
                let settled = Settled::new(row.id, contact, Delivery::Delivered, at);
                // The lane writes it with its next batch; a stop in between only shows the message once more.
                match self.settled.upgrade() {
                    Some(lane) => drop(lane.send(settled)),
                    None => tracing::debug!("the lanes have ended; the message is shown once more later"),
                }
            }
        }
        Ok(())
    }

    /// Announces a committed message to the page; one without a row is kept until the page fetches it.
    pub async fn announce(&self, outgoing: &super::Outgoing) {
        if outgoing.id.is_none() {
            let mut transient = self.transient.lock().await;
            if transient.len() >= TRANSIENT_MAX {
                transient.remove(0);
            }
            transient.push((
                outgoing.contact,
                self.dialog.keys.lookup(&outgoing.address),
                outgoing.say.clone(),
            ));
        }
        self.bus.send(Signal::WebMessage(outgoing.contact));
    }

    fn message(&self, id: i64, say: &Say) -> WebMessage {
        let release = self.dialog.release();
        let today = self.clock.now().day(HOME_OFFSET_MINUTES);
        let composed = compose::compose(&release, say, self.limits, today);
        let leave = matches!(say.screen, Screen::System(System::Deleted | System::Hidden));
        let (talk, files) = (case::is_talk(say), case::takes_files(say));
        let locale = say.locale.unwrap_or(Locale::REFERENCE);
        WebMessage { id, locale, composed, leave, talk, files, file: None }
    }
}
