//! Events are counted.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    groups::{other_of, rebuild, regroup},
    read, uses,
};
use crate::{
    domain::ContactId,
    indicators::{Applied, Event, Facts, Kind, Rules},
    store::{
        StoreError, Tx,
        events::EventRow,
        indicators::{
            log::{self, NewEvent},
            people::{self, PersonRow},
        },
    },
};

/// Counts rows that this transaction has stored.
pub async fn take_rows(tx: &mut Tx, rules: &Rules, rows: &[EventRow]) -> Result<(), StoreError> {
    let events: Vec<Event> = rows.iter().filter_map(read::of_row).collect();
    take(tx, rules, &events).await
}

/// Stores rows of the field or of a register, and counts them.
///
/// # Errors
/// As [`take`]; [`StoreError::Conflict`] if an id is there already.
pub async fn append(tx: &mut Tx, rules: &Rules, rows: &[NewEvent]) -> Result<(), StoreError> {
    log::append(tx, rows).await?;
    let events: Vec<Event> = rows.iter().filter_map(read::of_new).collect();
    take(tx, rules, &events).await
}

/// Counts events that this transaction has stored: two statements, and some more where history changes.
///
/// The caller holds the sessions of the contacts that it names. `erase` rows do nothing here: [`super::erase`] does.
///
/// # Errors
/// [`StoreError::Changed`] when one of the persons was joined with another meanwhile: a new transaction sees it.
pub async fn take(tx: &mut Tx, rules: &Rules, events: &[Event]) -> Result<(), StoreError> {
    // As it stood before: who comes in or goes out below takes these events along.
    let out = uses::out_of(tx, events).await?;
    let mut by_contact: BTreeMap<ContactId, Vec<&Event>> = BTreeMap::new();
    let mut anew: BTreeSet<ContactId> = BTreeSet::new();
    let mut linked: BTreeSet<ContactId> = BTreeSet::new();
    let mut voids = Vec::new();
    for event in events {
        let Some(contact) = event.alias.map(ContactId) else {
            if matches!(event.kind, Kind::Void(_)) {
                voids.push(event);
            }
            continue;
        };
        match event.kind {
            Kind::Link(_) => {
                linked.insert(contact);
                linked.extend(other_of(event));
            }
            // Unit records and exclusion need all events.
            Kind::Flag | Kind::Service { .. } | Kind::Referred(_) | Kind::Confirmed(_) => {
                anew.insert(contact);
            }
            Kind::Erase | Kind::Entry | Kind::Void(_) => {}
            Kind::Quiet if event.traits.is_empty() => {}
            _ => by_contact.entry(contact).or_default().push(event),
        }
    }
    if !voids.is_empty() {
        for target in take_out(tx, rules, &voids).await? {
            anew.extend(target.alias.map(ContactId));
            if let Some(other) = other_of(&target) {
                linked.extend(target.alias.map(ContactId));
                linked.insert(other);
            }
        }
    }
    if !linked.is_empty() {
        anew.extend(regroup(tx, &linked).await?);
    }
    let wanted: Vec<ContactId> =
        by_contact.keys().filter(|contact| !anew.contains(contact)).copied().collect();
    let known: BTreeMap<ContactId, PersonRow> =
        people::find(tx, &wanted).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut saves = Vec::new();
    for contact in wanted {
        let events = by_contact.get(&contact).map(Vec::as_slice).unwrap_or_default();
        match add(known.get(&contact), events, rules) {
            Added::Nothing => {}
            Added::Counts(facts) => saves.push((contact, facts.to_json())),
            Added::Unsure => {
                anew.insert(contact);
            }
        }
    }
    people::save(tx, &saves).await?;
    uses::note_events(tx, rules, events.iter(), &out, 1).await?;
    if anew.is_empty() { Ok(()) } else { rebuild(tx, rules, &anew).await }
}

enum Added {
    Nothing,
    Counts(Box<Facts>),
    /// Only all events together can tell.
    Unsure,
}

fn add(row: Option<&PersonRow>, events: &[&Event], rules: &Rules) -> Added {
    let mut facts = match row {
        None => Facts::default(),
        Some(PersonRow { joined: Some(_), .. }) => return Added::Unsure,
        Some(row) => match row.facts.as_deref().map(Facts::from_json) {
            None => Facts::default(),
            Some(Some(facts)) => facts,
            Some(None) => return Added::Unsure,
        },
    };
    let mut changed = facts.has_employer();
    if changed {
        return Added::Unsure;
    }
    for event in events {
        match facts.apply(event, rules) {
            Applied::Same => {}
            Applied::Changed => changed = true,
            Applied::OutOfOrder => return Added::Unsure,
        }
    }
    match changed {
        false => Added::Nothing,
        true if facts.has_employer() => Added::Unsure,
        true => Added::Counts(Box::new(facts)),
    }
}

/// Takes out what these rows name, and returns it: what was recorded before them, and is itself no void and no erasure.
async fn take_out(tx: &mut Tx, rules: &Rules, voids: &[&Event]) -> Result<Vec<Event>, StoreError> {
    let mut ids: Vec<&str> = voids.iter().map(|event| &*event.id).collect();
    ids.extend(voids.iter().filter_map(|event| target_of(event)));
    let rows = log::named(tx, &ids).await?;
    let found: BTreeMap<&str, Event> =
        rows.iter().filter_map(|row| Some((row.event_id.as_str(), read::of_stored(row)?))).collect();
    let mut targets = Vec::new();
    for void in voids.iter().filter_map(|void| found.get(&*void.id)) {
        targets.extend(target_of(void).and_then(|id| found.get(id)).filter(|target| may_void(void, target)));
    }
    let ids: Vec<String> = targets.iter().map(|target| target.id.to_string()).collect();
    // What was void before has left the uses already.
    let before: HashSet<String> = log::voided(tx, &ids).await?.into_iter().collect();
    let mut gone: BTreeMap<&str, Event> = BTreeMap::new();
    for target in targets.iter().filter(|target| !before.contains(&*target.id)) {
        gone.insert(&target.id, (*target).clone());
    }
    let gone: Vec<Event> = gone.into_values().collect();
    let out = uses::out_of(tx, &gone).await?;
    uses::note_events(tx, rules, gone.iter(), &out, -1).await?;
    log::add_voids(tx, &ids).await?;
    Ok(targets.into_iter().cloned().collect())
}

pub(super) fn target_of(event: &Event) -> Option<&str> {
    match &event.kind {
        Kind::Void(target) => Some(target),
        _ => None,
    }
}

/// Whether a row can take another out (indicators.md §1.4).
pub(super) fn may_void(void: &Event, target: &Event) -> bool {
    let is_recorded = (target.recorded, target.seq) < (void.recorded, void.seq);
    is_recorded && !matches!(target.kind, Kind::Void(_) | Kind::Erase)
}
