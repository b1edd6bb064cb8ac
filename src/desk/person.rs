//! The person at the other end: where they stand, and messages to them.

use super::Desk;
use crate::{
    bus::Signal,
    content::Kind,
    domain::{ChannelKind, ContactId, NodeId, OutboxId, Timestamp},
    engine::{self, Say, Screen, State},
    privacy::message_context,
    store::{
        StoreError, Tx,
        outbox::{self, LEFT, OutboxNew, Receipt, ReceiptState},
        sessions::{self, HeldSession},
    },
};

/// WhatsApp takes free messages for a day after the person's last word (channels.md §3.6). A message at the last moment
/// could come too late, and would then be lost to a template.
const WINDOW_MS: i64 = 24 * 3_600_000 - 10 * 60_000;

/// Somebody whose session this transaction has locked.
pub(super) struct Person {
    pub contact: ContactId,
    pub channel: ChannelKind,
    pub reachable: bool,
    pub last_inbound_at: Timestamp,
    pub state: State,
}

impl Person {
    /// `None`: nobody is there any more.
    pub async fn hold(tx: &mut Tx, contact: Option<ContactId>) -> Result<Option<Self>, StoreError> {
        let Some(contact) = contact else { return Ok(None) };
        Ok(sessions::hold(tx, contact).await?.map(|held| Self::of(&held)))
    }

    pub fn of(held: &HeldSession) -> Self {
        let state = State::from_json(&held.state).unwrap_or_else(|error| {
            tracing::error!(contact.id = held.contact.0, %error, "a stored session cannot be read; it begins anew");
            State::default()
        });
        Self {
            contact: held.contact,
            channel: held.channel,
            reachable: held.reachable,
            last_inbound_at: held.last_inbound_at,
            state,
        }
    }

    /// Until when the channel takes messages in the consultant's own words; `None`: always.
    pub fn window_ends(&self) -> Option<Timestamp> {
        (self.channel == ChannelKind::WhatsApp).then(|| self.last_inbound_at.plus_ms(WINDOW_MS))
    }

    pub fn is_late(&self, now: Timestamp) -> bool {
        self.window_ends().is_some_and(|end| end <= now)
    }

    /// They left the web chat by its quick exit, and their browser forgot who they are.
    pub fn has_left(&self) -> bool {
        self.channel == ChannelKind::Web && !self.reachable
    }

    /// Keeps where they stand now.
    pub async fn save(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
        sessions::put_state(tx, self.contact, &self.state.to_json(), now).await
    }

    /// Whom to wake, so that a message goes now.
    pub const fn wake(&self) -> Signal {
        match self.channel {
            ChannelKind::Web => Signal::WebMessage(self.contact),
            ChannelKind::Telegram | ChannelKind::WhatsApp => Signal::Outbox,
        }
    }
}

impl Desk {
    /// Queues a message, sealed: a consultant's words stand in it. Any sender may take it at once.
    pub(super) async fn queue(
        &self,
        tx: &mut Tx,
        person: &Person,
        say: &Say,
        now: Timestamp,
    ) -> Result<OutboxId, StoreError> {
        let id = OutboxId(self.ids.next(now));
        let bytes = serde_json::to_vec(say).unwrap_or_default();
        let row = OutboxNew {
            id,
            contact: person.contact,
            channel: person.channel,
            lane: 0,
            payload: None,
            sealed: Some(self.keys.seal(&message_context(id), &bytes, &*self.ids)),
            edit_of: None,
            not_before: now,
            leased_by: None,
            lease_until: Timestamp(0),
            created_at: now,
        };
        outbox::add(tx, &[row]).await?;
        if person.has_left() {
            // Nobody will open that page again: not on its way, but failed, and the case says why.
            let (state, error) = (ReceiptState::Failed, Some(LEFT.to_owned()));
            outbox::settle(tx, &[Receipt { id, state, external: None, error, at: now }]).await?;
        }
        Ok(id)
    }

    /// A page of the content as this person would see it; `None` for one that is no page to be sent.
    pub(super) fn page_for(&self, state: &State, node: &str) -> Option<Say> {
        let release = self.release();
        let found = release.node(node)?;
        let is_page = matches!(found.kind, Kind::Page | Kind::Menu | Kind::Places(_));
        let id = NodeId::parse(node)?;
        is_page.then(|| {
            let mut say = Say::new(Screen::Node(id), state.locale);
            say.profile = state.profile.clone();
            say
        })
    }

    /// What the person's screen shows now, as a message.
    pub(super) fn standing(&self, state: &State, now: Timestamp) -> Say {
        engine::standing(&self.release(), state.clone(), now)
    }
}
