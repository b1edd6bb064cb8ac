//! Whose inbound it is: addresses become contacts, and two contacts one person.
//!
//! A person on WhatsApp has a user id, a phone number or both, and both can change. The user id decides; a number
//! that comes with another user id than before went to somebody else (channels.md §3.8).

use super::{Lookup, SEAL_ADDRESS, Standing, Work};
use crate::{
    dialog::{Dialog, DialogError},
    domain::{Address, ContactId, Content, Inbound, Reach, Timestamp},
    engine::State,
    privacy::Keys,
    store::{
        self, Tx,
        contacts::{NewAddress, NewContact},
    },
};

/// What the batch does to addresses.
#[derive(Default)]
pub(super) struct People {
    pub created: Vec<NewContact>,
    pub addresses: Vec<NewAddress>,
    /// Known addresses that are another contact's from now on.
    pub reassigned: Vec<(Lookup, ContactId)>,
    /// Addresses that a contact uses anew.
    pub touched: Vec<(ContactId, Lookup)>,
    /// Two contacts that are one person: the second goes on.
    pub merged: Vec<(ContactId, ContactId)>,
}

impl People {
    /// Forgets what the batch made for a contact that it erased.
    pub fn forget(&mut self, contact: ContactId) {
        self.created.retain(|new| new.id != contact);
        self.addresses.retain(|new| new.contact != contact);
        self.reassigned.retain(|(_, to)| *to != contact);
        self.touched.retain(|(of, _)| *of != contact);
    }

    pub async fn write(&self, tx: &mut Tx, now: Timestamp) -> Result<(), DialogError> {
        if !self.created.is_empty() {
            store::contacts::create(tx, &self.created).await?;
        }
        if !self.addresses.is_empty() {
            store::contacts::add_addresses(tx, &self.addresses).await?;
        }
        for (lookup, contact) in &self.reassigned {
            store::contacts::assign_address(tx, lookup, *contact, now).await?;
        }
        for (from, into) in &self.merged {
            store::contacts::merge(tx, *from, *into).await?;
        }
        for (contact, lookup) in &self.touched {
            store::contacts::touch_addresses(tx, *contact, std::slice::from_ref(lookup), now).await?;
        }
        Ok(())
    }
}

/// An inbound's addresses with their look-ups, the one it came from first.
fn pairs<'a>(inbound: &'a Inbound, lookups: &'a [Lookup]) -> impl Iterator<Item = (&'a Address, Lookup)> {
    std::iter::once(&inbound.address).chain(&inbound.also).zip(lookups.iter().copied())
}

impl Dialog {
    /// Finds out which of the batch's contacts have a user id, where addresses of one inbound are not one contact's.
    pub(super) async fn know_user_ids(
        &self,
        tx: &mut Tx,
        batch: &[&Inbound],
        work: &mut Work,
    ) -> Result<(), DialogError> {
        for (inbound, range) in batch.iter().zip(&work.of_inbound) {
            if inbound.also.is_empty() {
                continue;
            }
            let lookups = work.lookups.get(range.clone()).unwrap_or_default();
            let mut known: Vec<Option<usize>> =
                lookups.iter().map(|lookup| work.by_lookup.get(lookup).copied()).collect();
            known.dedup();
            if known.len() < 2 {
                continue;
            }
            for index in known.into_iter().flatten() {
                let Some(standing) = work.standings.get_mut(index) else { continue };
                let addresses = store::contacts::addresses(tx, standing.contact).await?;
                standing.has_user_id = addresses.iter().any(|address| {
                    let opened = self.keys.open(SEAL_ADDRESS, &address.sealed).unwrap_or_default();
                    std::str::from_utf8(&opened)
                        .is_ok_and(|external| !Address::new(address.channel, external).is_phone())
                });
            }
        }
        Ok(())
    }

    /// The place in `work` of the contact that this inbound belongs to. Contacts that turned out to be the same
    /// person are told in `absorbed`.
    pub(super) fn whose(
        &self,
        inbound: &Inbound,
        lookups: &[Lookup],
        work: &mut Work,
        absorbed: &mut Vec<ContactId>,
        now: Timestamp,
    ) -> usize {
        let standing_of = |work: &Work, lookup: &Lookup| {
            let index = work.by_lookup.get(lookup).copied()?;
            work.standings.get(index).is_some_and(|standing| !standing.erased).then_some(index)
        };
        if let ([lookup], Some(index)) = (lookups, lookups.first().and_then(|first| standing_of(work, first)))
        {
            debug_assert!(work.by_lookup.contains_key(lookup));
            return index;
        }
        let is_moved = matches!(inbound.content, Content::Reach(Reach::Moved));
        let known: Vec<(usize, bool)> = pairs(inbound, lookups)
            .filter_map(|(address, lookup)| Some((standing_of(work, &lookup)?, address.is_phone())))
            .collect();
        let shows_user_id = pairs(inbound, lookups).any(|(address, _)| !address.is_phone());
        let has_user_id =
            |work: &Work, index: usize| work.standings.get(index).is_some_and(|s| s.has_user_id);
        let by_user_id = known.iter().find(|(_, is_phone)| !is_phone).map(|(index, _)| *index);
        // A number whose contact has another user id went to somebody else.
        let by_number = known
            .iter()
            .map(|(index, _)| *index)
            .find(|index| is_moved || !shows_user_id || !has_user_id(work, *index));
        let primary = match by_user_id.or(by_number) {
            Some(index) => index,
            None => self.meet(inbound, work, now),
        };
        let mut primary = primary;
        for (address, lookup) in pairs(inbound, lookups) {
            // Looked up anew: joining changes whose an address is.
            let Some(index) = standing_of(work, &lookup) else { continue };
            let is_stranger = !is_moved && address.is_phone() && shows_user_id && has_user_id(work, index);
            if index != primary && !is_stranger {
                primary = join(work, primary, index, absorbed);
            }
        }
        self.attach(inbound, lookups, work, primary, !absorbed.is_empty(), now);
        primary
    }

    /// Somebody new.
    fn meet(&self, inbound: &Inbound, work: &mut Work, now: Timestamp) -> usize {
        let standing = Standing {
            contact: ContactId(self.ids.next(now)),
            state: State::default(),
            last_message: None,
            // A first message may come a day late: then its answer's window has closed.
            last_inbound_at: inbound.at.min(now),
            erased: false,
            touched: true,
            has_user_id: false,
        };
        work.people.created.push(NewContact {
            id: standing.contact,
            channel: inbound.address.channel,
            source: inbound.source,
            at: now,
        });
        work.standings.push(standing);
        work.standings.len() - 1
    }

    /// Makes all addresses of the inbound those of `primary`; `joined`: some of them were another contact's before.
    fn attach(
        &self,
        inbound: &Inbound,
        lookups: &[Lookup],
        work: &mut Work,
        primary: usize,
        joined: bool,
        now: Timestamp,
    ) {
        let Some(contact) = work.standings.get(primary).map(|standing| standing.contact) else { return };
        let is_moved = matches!(inbound.content, Content::Reach(Reach::Moved));
        let mut changed = Vec::new();
        for (place, (address, lookup)) in pairs(inbound, lookups).enumerate() {
            let is_current = !(is_moved && place == 0);
            match work.by_lookup.insert(lookup, primary) {
                Some(index) if index == primary => {
                    if is_current {
                        changed.push(lookup);
                    }
                }
                Some(index) if work.standings.get(index).is_some_and(|other| !other.erased) => {
                    work.people.reassigned.push((lookup, contact));
                }
                _ => work.people.addresses.push(NewAddress {
                    contact,
                    lookup,
                    key_id: Keys::ID,
                    sealed: self.keys.seal(SEAL_ADDRESS, address.external.as_bytes(), &*self.ids),
                    since: now,
                }),
            }
            if let (false, Some(standing)) = (address.is_phone(), work.standings.get_mut(primary)) {
                standing.has_user_id = true;
            }
        }
        // An address came or went: those that the inbound shows are the ones in use.
        if is_moved || joined || changed.len() < lookups.len() {
            work.people.touched.extend(changed.into_iter().map(|lookup| (contact, lookup)));
        }
    }
}

/// Makes one contact of two: the earlier one goes on, where the person stood last. Returns its place.
fn join(work: &mut Work, one: usize, other: usize, absorbed: &mut Vec<ContactId>) -> usize {
    let id = |index: usize| work.standings.get(index).map(|standing| standing.contact);
    let (Some(first), Some(second)) = (id(one), id(other)) else { return one };
    let (into, from, kept, gone) =
        if first < second { (one, other, first, second) } else { (other, one, second, first) };
    for index in work.by_lookup.values_mut().filter(|index| **index == from) {
        *index = into;
    }
    let left = work.standings.get_mut(from).map(|standing| {
        // Its session ends; nothing of it is saved.
        standing.touched = false;
        (std::mem::take(&mut standing.state), standing.last_inbound_at, standing.has_user_id)
    });
    if let (Some((state, at, has_user_id)), Some(standing)) = (left, work.standings.get_mut(into)) {
        let opted_out = state.opted_out || standing.state.opted_out;
        if at > standing.last_inbound_at {
            standing.state = state;
            standing.last_inbound_at = at;
        }
        standing.state.opted_out = opted_out;
        standing.has_user_id |= has_user_id;
        standing.touched = true;
    }
    for outgoing in work.outgoing.iter_mut().filter(|outgoing| outgoing.contact == gone) {
        outgoing.contact = kept;
    }
    work.people.merged.push((gone, kept));
    absorbed.push(gone);
    into
}
