//! Whose inbound it is: addresses become contacts, and two contacts one person.
//!
//! A person on WhatsApp has a user id, a phone number or both, and both can change. The user id decides; a number
//! that comes with another user id than before went to somebody else (channels.md §3.8). An account has one of each:
//! an address that was replaced is let go, because its next owner is a stranger.

use std::collections::BTreeMap;

use super::{Lookup, SEAL_ADDRESS, Standing, Work, join::join};
use crate::{
    dialog::{Dialog, DialogError},
    domain::{Address, ChannelKind, ContactId, Content, Inbound, Reach, Timestamp},
    engine::State,
    privacy::Keys,
    store::{
        self, Tx,
        contacts::{NewAddress, NewContact},
    },
};

/// Channels name the second, we the millisecond: so much earlier is surely earlier.
const SECOND_MS: i64 = 1_000;

/// An address of a contact in the batch.
pub(super) struct Known {
    pub lookup: Lookup,
    pub is_phone: bool,
    /// Since when the contact uses it, as its messages say.
    pub since: Timestamp,
}

/// An address as it came with its session.
pub(super) struct Found {
    pub contact: ContactId,
    pub lookup: Lookup,
    pub since: Timestamp,
    /// Addresses that the contact has in all.
    pub addresses: usize,
}

/// A change of addresses, to be written in the order in which they came.
pub(super) enum Change {
    /// An address that has a row is this contact's, in use since then.
    Own(Lookup, ContactId, Timestamp),
    /// Two contacts are one person: the second goes on.
    Merge(ContactId, ContactId),
}

/// What the batch does to addresses.
#[derive(Default)]
pub(super) struct People {
    created: Vec<NewContact>,
    addresses: Vec<NewAddress>,
    pub changes: Vec<Change>,
    /// Addresses that were let go, each with one that its contact kept.
    dropped: Vec<(Lookup, Option<Lookup>)>,
}

impl People {
    /// Writes all of it. Erasures come after it: what a contact gave away before is not erased with it, and what it
    /// was joined with is.
    pub async fn write(&self, tx: &mut Tx) -> Result<(), DialogError> {
        if !self.created.is_empty() {
            store::contacts::create(tx, &self.created).await?;
        }
        if !self.addresses.is_empty() {
            store::contacts::add_addresses(tx, &self.addresses).await?;
        }
        for change in &self.changes {
            match change {
                Change::Own(lookup, contact, since) => {
                    store::contacts::assign_address(tx, lookup, *contact, *since).await?;
                }
                Change::Merge(from, into) => store::contacts::merge(tx, *from, *into).await?,
            }
        }
        for (lookup, heir) in &self.dropped {
            store::contacts::drop_address(tx, lookup, heir.as_ref()).await?;
        }
        Ok(())
    }

    /// Whether an address was let go and is nobody's.
    pub fn is_dropped(&self, lookup: &Lookup) -> bool {
        self.dropped.iter().any(|(dropped, _)| dropped == lookup)
    }

    pub const fn is_changed(&self) -> bool {
        !self.changes.is_empty() || !self.dropped.is_empty()
    }
}

/// An address of an inbound.
#[derive(Clone, Copy)]
struct Shown<'a> {
    address: &'a Address,
    lookup: Lookup,
}

impl Shown<'_> {
    fn is_phone(&self) -> bool {
        self.address.is_phone()
    }
}

/// All addresses of an inbound: those it came from, the one to answer to first, then those that it moves to.
pub(super) fn addresses(inbound: &Inbound) -> impl Iterator<Item = &Address> {
    let to: &[Address] = match &inbound.content {
        Content::Moved { to, .. } => to,
        _ => &[],
    };
    std::iter::once(&inbound.address).chain(&inbound.also).chain(to)
}

impl Dialog {
    /// Learns all addresses of the batch's contacts, where a contact may have several. Those that the batch names came
    /// with their sessions: nothing is asked for a contact that has no others.
    pub(super) async fn know_addresses(
        &self,
        tx: &mut Tx,
        batch: &[&Inbound],
        found: &[Found],
        work: &mut Work,
    ) -> Result<(), DialogError> {
        let mut kinds: BTreeMap<Lookup, bool> = BTreeMap::new();
        let named = batch.iter().zip(&work.of_inbound);
        for (inbound, range) in named.filter(|(inbound, _)| inbound.address.channel == ChannelKind::WhatsApp)
        {
            let lookups = work.lookups.get(range.clone()).unwrap_or_default();
            kinds.extend(lookups.iter().copied().zip(addresses(inbound).map(Address::is_phone)));
        }
        if kinds.is_empty() {
            return Ok(());
        }
        let mut others = Vec::new();
        for (standing, found) in work.standings.iter_mut().zip(found.chunk_by(|a, b| a.contact == b.contact))
        {
            let known = found.iter().filter_map(|one| {
                let is_phone = *kinds.get(&one.lookup)?;
                Some(Known { lookup: one.lookup, is_phone, since: one.since })
            });
            standing.known.extend(known);
            if found.first().is_some_and(|first| standing.known.len() < first.addresses) {
                standing.known.clear();
                others.push(standing.contact);
            }
        }
        if others.is_empty() {
            return Ok(());
        }
        // In contact order, as the rows came.
        let contacts: Vec<ContactId> = work.standings.iter().map(|standing| standing.contact).collect();
        for row in store::contacts::addresses_of(tx, &others).await? {
            let Ok(index) = contacts.binary_search(&row.contact) else { continue };
            let Some(standing) = work.standings.get_mut(index) else { continue };
            let opened = self.keys.open(SEAL_ADDRESS, &row.sealed).unwrap_or_default();
            let is_phone = std::str::from_utf8(&opened)
                .is_ok_and(|external| Address::new(ChannelKind::WhatsApp, external).is_phone());
            standing.known.push(Known { lookup: row.lookup, is_phone, since: row.since });
        }
        Ok(())
    }

    /// The place in `work` of the contact that this inbound belongs to; `None` when it needs none: what concerns
    /// somebody whom we do not know makes no contact, but for an opt-out, which must hold when they come. Contacts
    /// that turned out to be the same person are told in `absorbed`.
    pub(super) fn whose(
        &self,
        inbound: &Inbound,
        lookups: &[Lookup],
        work: &mut Work,
        absorbed: &mut Vec<ContactId>,
        now: Timestamp,
    ) -> Option<usize> {
        let all: Vec<Shown<'_>> = addresses(inbound)
            .zip(lookups.iter().copied())
            .map(|(address, lookup)| Shown { address, lookup })
            .collect();
        let (shown, to) = all.split_at_checked(1 + inbound.also.len())?;
        // A person's own time counts, but never the future.
        let at = inbound.at.min(now);
        let holder = holder(work, shown);
        match (&inbound.content, holder) {
            (Content::Moved { is_number, .. }, holder) => {
                self.moved(work, holder?, shown, to, *is_number, at, absorbed)
            }
            // Told by the channel, perhaps of a message to an address that is no longer theirs: teaches nothing.
            (Content::Reach(Reach::OptedOut), Some(index)) => Some(index),
            (Content::Reach(reach), None) if *reach != Reach::OptedOut => None,
            (content, holder) => {
                let index = holder.unwrap_or_else(|| self.meet(inbound, work, now));
                let index = self.shows(work, index, shown, at, absorbed);
                if content.speaks() {
                    touch(work, index, shown, at);
                }
                Some(index)
            }
        }
    }

    /// Somebody new. That they wrote is noted by their turn.
    fn meet(&self, inbound: &Inbound, work: &mut Work, now: Timestamp) -> usize {
        let standing = Standing {
            contact: ContactId(self.ids.next(now)),
            created_at: now,
            state: State::default(),
            last_message: None,
            last_inbound_at: Timestamp(0),
            erased: false,
            touched: true,
            known: Vec::new(),
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

    /// The addresses of one inbound are one person's. Returns the place of the contact that goes on.
    fn shows(
        &self,
        work: &mut Work,
        index: usize,
        shown: &[Shown<'_>],
        at: Timestamp,
        absorbed: &mut Vec<ContactId>,
    ) -> usize {
        let has_both = shown.iter().any(Shown::is_phone) && shown.iter().any(|one| !one.is_phone());
        let mut index = index;
        let mut ours = Vec::with_capacity(shown.len());
        for one in shown {
            let owner = work.owner(&one.lookup);
            if let Some(other) = owner.filter(|other| *other != index) {
                if one.is_phone() && has_both && has_user_id(work, other) {
                    // The number went from one to the other: the later message knows to whom.
                    if is_later(work, other, at, |known| known.lookup == one.lookup) {
                        continue;
                    }
                } else {
                    index = join(work, index, other, absorbed);
                }
            } else if owner.is_none() && one.is_phone() && is_later(work, index, at, |known| known.is_phone) {
                // A delayed message: its person has another number by now.
                continue;
            }
            ours.push(*one);
        }
        self.attach(work, index, &ours, at);
        if has_both && ours.len() == shown.len() {
            drop_others(work, index, &ours, |_| true);
        }
        index
    }

    /// The contact's addresses changed: to those of `to`, and no others of their kind.
    #[expect(clippy::too_many_arguments, reason = "a notice has two lists, a time and a kind")]
    fn moved(
        &self,
        work: &mut Work,
        index: usize,
        from: &[Shown<'_>],
        to: &[Shown<'_>],
        is_number: bool,
        at: Timestamp,
        absorbed: &mut Vec<ContactId>,
    ) -> Option<usize> {
        let mut index = index;
        let is_from = |known: &Known| known.is_phone && from.iter().any(|old| old.lookup == known.lookup);
        if is_later(work, index, at, is_from) {
            // An old notice come late: the number has its next owner.
            return None;
        }
        let (numbers, ids): (Vec<_>, Vec<_>) = to.iter().copied().partition(Shown::is_phone);
        for id in &ids {
            // Whoever has the new user id is the person: they wrote before the notice came.
            if let Some(other) = work.owner(&id.lookup).filter(|other| *other != index) {
                index = join(work, index, other, absorbed);
            }
        }
        for number in &numbers {
            if let Some(other) = work.owner(&number.lookup).filter(|other| *other != index)
                && !has_user_id(work, other)
                && is_met_after(work, other, index)
            {
                index = join(work, index, other, absorbed);
            }
            // Else somebody had the number before: it is theirs no more.
        }
        self.attach(work, index, to, at);
        let has_number = !numbers.is_empty();
        drop_others(work, index, to, |known| is_number || !known.is_phone || has_number);
        touch(work, index, to, at);
        Some(index)
    }

    /// Makes addresses those of a contact, whosever they were.
    fn attach(&self, work: &mut Work, index: usize, ours: &[Shown<'_>], at: Timestamp) {
        let Some(contact) = work.standings.get(index).map(|standing| standing.contact) else { return };
        for one in ours {
            if work.owner(&one.lookup) == Some(index) {
                continue;
            }
            if let Some(before) = work.by_lookup.insert(one.lookup, index) {
                // It has a row: another's, one that was let go, or one of somebody erased a moment ago.
                work.people.dropped.retain(|(lookup, _)| *lookup != one.lookup);
                work.people.changes.push(Change::Own(one.lookup, contact, at));
                if let Some(other) = work.standings.get_mut(before) {
                    other.known.retain(|known| known.lookup != one.lookup);
                }
            } else {
                work.people.addresses.push(NewAddress {
                    contact,
                    lookup: one.lookup,
                    key_id: Keys::ID,
                    sealed: self.keys.seal(SEAL_ADDRESS, one.address.external.as_bytes(), &*self.ids),
                    since: at,
                });
            }
            if let Some(standing) = work.standings.get_mut(index) {
                standing.known.push(Known { lookup: one.lookup, is_phone: one.is_phone(), since: at });
            }
        }
    }
}

/// Who has these addresses: the user id decides. A number whose contact has another user id than shown is not theirs.
fn holder(work: &Work, shown: &[Shown<'_>]) -> Option<usize> {
    let (numbers, ids): (Vec<Shown<'_>>, Vec<_>) = shown.iter().copied().partition(Shown::is_phone);
    let by_id = ids.iter().find_map(|one| work.owner(&one.lookup));
    by_id.or_else(|| {
        let owners = numbers.iter().filter_map(|one| work.owner(&one.lookup));
        owners.into_iter().find(|index| ids.is_empty() || !has_user_id(work, *index))
    })
}

fn has_user_id(work: &Work, index: usize) -> bool {
    work.standings.get(index).is_some_and(|standing| standing.known.iter().any(|known| !known.is_phone))
}

/// Whether the contact took one of these addresses surely after `at`.
fn is_later(work: &Work, index: usize, at: Timestamp, which: impl Fn(&Known) -> bool) -> bool {
    let known = work.standings.get(index).map(|standing| standing.known.iter()).into_iter().flatten();
    known.filter(|known| which(known)).any(|known| known.since > at.plus_ms(SECOND_MS))
}

/// Whether the one was met only after the other had written last: else both wrote at one time, and are two people.
fn is_met_after(work: &Work, one: usize, other: usize) -> bool {
    let (Some(one), Some(other)) = (work.standings.get(one), work.standings.get(other)) else { return false };
    one.created_at > other.last_inbound_at
}

/// The addresses that a person used just now are the newest, all alike: answers from rows go there.
fn touch(work: &mut Work, index: usize, shown: &[Shown<'_>], at: Timestamp) {
    let Some(standing) = work.standings.get_mut(index) else { return };
    let is_shown = |known: &Known| shown.iter().any(|one| one.lookup == known.lookup);
    let since = |shown| {
        let of = standing.known.iter().filter(move |known| is_shown(known) == shown);
        of.map(|known| known.since)
    };
    let (Some(oldest), Some(newest)) = (since(true).min(), since(true).max()) else { return };
    let of_others = since(false).max();
    if oldest == newest && of_others.is_none_or(|other| newest > other) {
        return;
    }
    let since = of_others.map_or(at, |other| at.max(other.plus_ms(1))).max(newest);
    for known in &mut standing.known {
        if shown.iter().any(|one| one.lookup == known.lookup) && known.since != since {
            known.since = since;
            work.people.changes.push(Change::Own(known.lookup, standing.contact, since));
        }
    }
}

/// Lets go of a contact's other addresses.
fn drop_others(work: &mut Work, index: usize, kept: &[Shown<'_>], which: impl Fn(&Known) -> bool) {
    let Some(standing) = work.standings.get_mut(index) else { return };
    let heir = kept.first().map(|one| one.lookup);
    let dropped = &mut work.people.dropped;
    standing.known.retain(|known| {
        let stays = kept.iter().any(|one| one.lookup == known.lookup) || !which(known);
        if !stays {
            dropped.push((known.lookup, heir));
        }
        stays
    });
}
