//! One turn applied to the batch's work, and the work written.

mod events;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use super::{Dialog, DialogError, LEASE_MS, Outgoing};
use crate::{
    content::Release,
    domain::{Address, CampaignCode, ChannelKind, ContactId, Content, Inbound, OutboxId, Reach, Timestamp},
    engine::{self, Event, Input, State},
    privacy::{Keys, LOOKUP_BYTES},
    store::{
        self, Tx,
        contacts::NewContact,
        events::EventRow,
        outbox::OutboxNew,
        sessions::{SessionRow, SessionSave},
    },
};

type Lookup = [u8; LOOKUP_BYTES];

/// Seals what belongs to one purpose only.
pub(super) const SEAL_ADDRESS: &str = "address";
const SEAL_PRIVATE: &str = "private answers";

/// Bot messages that `/hide` takes away: Telegram deletes only younger ones.
const HIDE_WINDOW_MS: i64 = 47 * 3_600_000;

/// A contact in the batch.
struct Standing {
    contact: ContactId,
    address: Option<Address>,
    state: State,
    last_message: Option<i64>,
    last_inbound_at: Timestamp,
    erased: bool,
    touched: bool,
}

/// The batch in the making.
pub(super) struct Work {
    by_lookup: HashMap<Lookup, Standing>,
    /// Lookups of the batch's inbound, in order, taken one a turn.
    of_inbound: std::vec::IntoIter<Lookup>,
    created: Vec<NewContact>,
    events: Vec<EventRow>,
    outgoing: Vec<Outgoing>,
    erased: Vec<ContactId>,
    hide: Vec<(ContactId, usize)>,
}

impl Work {
    pub fn new(keys: &Keys, rows: Vec<SessionRow>, of_inbound: Vec<Lookup>) -> Self {
        let by_lookup = rows
            .into_iter()
            .map(|row| {
                let state = read_state(keys, &row);
                let standing = Standing {
                    contact: row.contact,
                    address: None,
                    state,
                    last_message: row.last_message,
                    last_inbound_at: row.last_inbound_at,
                    erased: false,
                    touched: false,
                };
                (row.lookup, standing)
            })
            .collect();
        Self {
            by_lookup,
            of_inbound: of_inbound.into_iter(),
            created: Vec::new(),
            events: Vec::new(),
            outgoing: Vec::new(),
            erased: Vec::new(),
            hide: Vec::new(),
        }
    }
}

/// A state that cannot be read begins anew: better than a person without an answer.
fn read_state(keys: &Keys, row: &SessionRow) -> State {
    let mut state = State::from_json(&row.state).unwrap_or_else(|error| {
        tracing::error!(contact.id = row.contact.0, %error, "a stored session cannot be read; it begins anew");
        State::default()
    });
    state.blocked = !row.reachable;
    if let Some(sealed) = &row.private {
        let opened = keys.open(SEAL_PRIVATE, sealed).ok();
        state.private = opened.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    }
    state
}

impl Dialog {
    /// Advances one inbound within the batch.
    pub(super) fn turn(&self, release: &Release, inbound: &Inbound, work: &mut Work, now: Timestamp) {
        let Some(lookup) = work.of_inbound.next() else { return };
        let created = &mut work.created;
        let standing = work.by_lookup.entry(lookup).or_insert_with(|| {
            let standing = self.new_standing(now);
            created.push(self.new_contact(inbound, &standing, lookup, now));
            standing
        });
        if standing.erased {
            // Wrote again in the batch that erased them: a new person.
            *standing = self.new_standing(now);
            created.push(self.new_contact(inbound, standing, lookup, now));
        }
        let input = match &inbound.content {
            Content::Text(text) => Input::Text(text),
            Content::Tap(token) => Input::Tap(token),
            Content::Command(word) => Input::Command(word),
            Content::Start { .. } => Input::Start,
            Content::Media(_) => Input::Media,
            Content::Reach(Reach::Blocked) => Input::Blocked,
            Content::Reach(Reach::Unblocked) => Input::Unblocked,
            Content::Reach(Reach::Silent) => Input::Silent,
        };
        let turn = engine::advance(release, std::mem::take(&mut standing.state), &input, now);
        standing.state = turn.state;
        standing.touched = true;
        standing.address.get_or_insert_with(|| inbound.address.clone());
        if !matches!(inbound.content, Content::Reach(_)) {
            standing.last_inbound_at = now;
        }
        let erase = turn.events.contains(&Event::EraseConfirmed);
        let code: Option<&CampaignCode> = match &inbound.content {
            Content::Start { code } => code.as_ref(),
            _ => None,
        };
        let origin = events::Origin { inbound, contact: standing.contact, code, now };
        if erase {
            standing.erased = true;
            work.erased.push(standing.contact);
            work.created.retain(|new| new.id != standing.contact);
            work.events.retain(|row| row.contact != Some(standing.contact));
            work.outgoing.retain(|out| out.contact != standing.contact);
            work.events.push(origin.erasure(self.ids.next(now)));
        } else {
            origin.rows(&turn.events, &standing.state, &mut work.events);
        }
        if turn.events.contains(&Event::HideAsked) {
            work.hide.push((standing.contact, work.outgoing.len()));
        }
        if let Some(say) = turn.say {
            let edit = match (inbound.tapped_message, standing.last_message) {
                // Only the bot's last message is edited: an edit further up would not be seen.
                (Some(tapped), last) if last.is_none_or(|last| tapped >= last) => Some(tapped),
                _ => None,
            };
            work.outgoing.push(Outgoing {
                id: (!erase).then(|| OutboxId(self.ids.next(now))),
                contact: standing.contact,
                address: inbound.address.clone(),
                say,
                edit,
                attempts: 0,
                doubts: 0,
                hide: Vec::new(),
            });
            if edit.is_none() && inbound.address.channel == ChannelKind::Telegram {
                // A new message is on its way: no older one is the last any more within this batch.
                standing.last_message = standing.last_message.or(inbound.tapped_message).map(|last| last + 1);
            }
        }
        for event in &turn.events {
            if let Event::Stuck(why) = event {
                tracing::warn!(why, "the content led nowhere; the person was brought home");
                metrics::counter!("safar_stuck_total").increment(1);
            }
        }
    }

    fn new_standing(&self, now: Timestamp) -> Standing {
        Standing {
            contact: ContactId(self.ids.next(now)),
            address: None,
            state: State::default(),
            last_message: None,
            last_inbound_at: now,
            erased: false,
            touched: true,
        }
    }

    fn new_contact(
        &self,
        inbound: &Inbound,
        standing: &Standing,
        lookup: Lookup,
        now: Timestamp,
    ) -> NewContact {
        NewContact {
            id: standing.contact,
            channel: inbound.address.channel,
            source: inbound.source,
            lookup,
            key_id: Keys::ID,
            sealed: self.keys.seal(SEAL_ADDRESS, inbound.address.external.as_bytes(), &*self.ids),
            at: now,
        }
    }

    /// Writes the batch's work: one statement a table.
    pub(super) async fn save(
        &self,
        tx: &mut Tx,
        mut work: Work,
        now: Timestamp,
    ) -> Result<Vec<Outgoing>, DialogError> {
        for contact in &work.erased {
            store::erase::contact(tx, *contact).await?;
        }
        if !work.created.is_empty() {
            store::contacts::create(tx, &work.created).await?;
        }
        let saves: Vec<SessionSave> = work
            .by_lookup
            .values()
            .filter(|standing| standing.touched && !standing.erased)
            .map(|standing| SessionSave {
                contact: standing.contact,
                state: standing.state.to_json(),
                private: self.seal_private(&standing.state.private),
                reachable: !standing.state.blocked,
                last_inbound_at: standing.last_inbound_at,
                updated_at: now,
            })
            .collect();
        store::sessions::save(tx, &saves).await?;
        store::events::append(tx, &work.events).await?;
        for (contact, place) in std::mem::take(&mut work.hide) {
            let since = now.plus_ms(-HIDE_WINDOW_MS);
            let ids = store::outbox::recent_external(tx, contact, since).await?;
            if let Some(out) = work.outgoing.get_mut(place) {
                out.hide = ids.iter().filter_map(|id| id.parse().ok()).collect();
                // What is taken away cannot be edited.
                out.edit = None;
            }
        }
        let rows: Vec<OutboxNew> = work
            .outgoing
            .iter()
            .filter_map(|out| {
                Some(OutboxNew {
                    id: out.id?,
                    contact: out.contact,
                    channel: out.address.channel,
                    lane: 0,
                    payload: Some(serde_json::to_string(&out.say).unwrap_or_default()),
                    sealed: None,
                    edit_of: out.edit,
                    not_before: now,
                    leased_by: Some(self.instance),
                    lease_until: now.plus_ms(LEASE_MS),
                    created_at: now,
                })
            })
            .collect();
        store::outbox::add(tx, &rows).await?;
        Ok(work.outgoing)
    }

    fn seal_private(&self, private: &BTreeMap<Box<str>, Box<str>>) -> Option<Vec<u8>> {
        if private.is_empty() {
            return None;
        }
        let bytes = serde_json::to_vec(private).unwrap_or_default();
        Some(self.keys.seal(SEAL_PRIVATE, &bytes, &*self.ids))
    }
}

/// A row's attributes as JSON.
pub(super) fn attrs(pairs: &[(&str, &str)]) -> Cow<'static, str> {
    if pairs.is_empty() {
        return Cow::Borrowed("{}");
    }
    let map: serde_json::Map<String, serde_json::Value> =
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
    Cow::Owned(serde_json::Value::Object(map).to_string())
}
