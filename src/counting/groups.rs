//! Persons with several identities, and whole persons counted anew.

use std::collections::{BTreeMap, BTreeSet};

use super::{read, uses};
use crate::{
    domain::ContactId,
    indicators::{Event, Kind, Rules, fold},
    store::{
        StoreError, Tx,
        indicators::{
            log,
            people::{self, PersonRow},
            units,
        },
    },
};

/// A person with all that counting knows of them, locked.
pub(super) struct Group {
    pub head: ContactId,
    /// All identities, the head among them.
    pub members: Vec<ContactId>,
    /// Their rows, as far as there are any.
    pub rows: Vec<PersonRow>,
    pub events: Vec<Event>,
}

/// The persons of these identities, locked, with their events.
pub(super) async fn gather(tx: &mut Tx, ids: &BTreeSet<ContactId>) -> Result<Vec<Group>, StoreError> {
    let members = members(tx, ids).await?;
    let all: Vec<ContactId> = members.keys().copied().collect();
    let mut groups: BTreeMap<ContactId, Group> = BTreeMap::new();
    for (id, (head, row)) in members {
        let group = groups.entry(head).or_insert_with(|| Group {
            head,
            members: Vec::new(),
            rows: Vec::new(),
            events: Vec::new(),
        });
        group.members.push(id);
        group.rows.extend(row);
    }
    let head_of: BTreeMap<ContactId, ContactId> =
        groups.values().flat_map(|group| group.members.iter().map(|member| (*member, group.head))).collect();
    for stored in log::of_people(tx, &all).await? {
        let head = stored.contact.and_then(|contact| head_of.get(&contact));
        if let (Some(group), Some(event)) =
            (head.and_then(|head| groups.get_mut(head)), read::of_stored(&stored))
        {
            group.events.push(event);
        }
    }
    Ok(groups.into_values().collect())
}

type Members = BTreeMap<ContactId, (ContactId, Option<PersonRow>)>;

/// All identities of the persons of these identities: each with its person, and its row if it has one.
async fn members(tx: &mut Tx, ids: &BTreeSet<ContactId>) -> Result<Members, StoreError> {
    let ids: Vec<ContactId> = ids.iter().copied().collect();
    let found = people::find(tx, &ids).await?;
    let heads: BTreeSet<ContactId> = found.iter().filter_map(|row| row.joined).collect();
    // Whoever is alone is its own head.
    let wanted: BTreeSet<ContactId> = ids.iter().copied().chain(heads.iter().copied()).collect();
    let wanted: Vec<ContactId> = wanted.into_iter().collect();
    let locked = people::lock(tx, &wanted).await?;
    let joined_now = |id| locked.iter().find(|row| row.id == id).and_then(|row| row.joined);
    if found.iter().any(|row| joined_now(row.id) != row.joined) {
        // Joined or parted by somebody else while the lock was waited for.
        return Err(StoreError::Changed);
    }
    let heads: Vec<ContactId> = heads.into_iter().collect();
    let mut members: Members = ids.iter().map(|id| (*id, (*id, None))).collect();
    for row in locked.into_iter().chain(people::members(tx, &heads).await?) {
        members.insert(row.id, (row.joined.unwrap_or(row.id), Some(row)));
    }
    Ok(members)
}

/// Counts the persons of these identities anew, from their events.
pub(super) async fn rebuild(tx: &mut Tx, rules: &Rules, ids: &BTreeSet<ContactId>) -> Result<(), StoreError> {
    let mut saves = Vec::new();
    let mut rows = Vec::new();
    let mut all = Vec::new();
    let groups = gather(tx, ids).await?;
    uses::move_out(tx, rules, &groups).await?;
    for group in groups {
        let (facts, units) = fold(group.events, rules);
        saves.push((group.head, facts.to_json()));
        rows.extend(
            units.iter().map(|((indicator, key), unit)| read::unit_row(group.head, *indicator, key, unit)),
        );
        all.extend(group.members);
    }
    people::save(tx, &saves).await?;
    units::replace(tx, &all, &rows).await
}

/// Works out anew which of these identities, and of those joined with them, are one person: the links decide.
/// Returns all of them.
pub(super) async fn regroup(
    tx: &mut Tx,
    ids: &BTreeSet<ContactId>,
) -> Result<BTreeSet<ContactId>, StoreError> {
    let groups = gather(tx, ids).await?;
    let members: BTreeSet<ContactId> =
        groups.iter().flat_map(|group| group.members.iter().copied()).collect();
    let events = groups.iter().flat_map(|group| &group.events);
    let heads = components(&members, events);
    let mut sizes: BTreeMap<ContactId, usize> = BTreeMap::new();
    for head in heads.values() {
        *sizes.entry(*head).or_default() += 1;
    }
    let rows: Vec<(ContactId, Option<ContactId>)> = heads
        .iter()
        .map(|(id, head)| (*id, sizes.get(head).is_some_and(|size| *size > 1).then_some(*head)))
        .collect();
    people::join(tx, &rows).await?;
    Ok(members)
}

/// The identity that a link names.
pub(super) fn other_of(event: &Event) -> Option<ContactId> {
    match &event.kind {
        Kind::Link(other) => other.parse().ok().map(ContactId),
        _ => None,
    }
}

/// Each identity's person: the first of those that links connect.
pub(super) fn components<'a>(
    members: &BTreeSet<ContactId>,
    events: impl Iterator<Item = &'a Event>,
) -> BTreeMap<ContactId, ContactId> {
    let mut head: BTreeMap<ContactId, ContactId> = members.iter().map(|id| (*id, *id)).collect();
    for event in events {
        let (Some(one), Some(other)) = (event.alias.map(ContactId), other_of(event)) else { continue };
        let (Some(one), Some(other)) = (root(&head, one), root(&head, other)) else { continue };
        head.insert(one.max(other), one.min(other));
    }
    members.iter().filter_map(|id| Some((*id, root(&head, *id)?))).collect()
}

fn root(head: &BTreeMap<ContactId, ContactId>, id: ContactId) -> Option<ContactId> {
    let mut at = id;
    loop {
        let next = *head.get(&at)?;
        if next == at {
            return Some(at);
        }
        at = next;
    }
}
