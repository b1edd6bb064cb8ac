//! All counts anew, from the events alone.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    groups::{components, other_of},
    read, shares,
    take::{may_void, target_of},
    uses,
};
use crate::{
    domain::ContactId,
    indicators::{Event, Facts, Rules, Table, Units, Uses, fold},
    store::{
        StoreError, Tx,
        events::StoredEvent,
        indicators::{cells, log, people, units},
        meta,
    },
};

/// By which rules the stored counts were made.
pub(super) const COUNTED_BY: &str = "counted_by";

/// Events read at once: some megabytes.
const PAGE: u32 = 16_384;
/// Joined persons folded at once.
const JOINED_AT_ONCE: usize = 1_024;
/// Persons of a write.
const WRITE_AT_ONCE: usize = 4_096;

/// What a recount found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Persons and events that were looked at.
    pub persons: u64,
    pub events: u64,
    /// What is stored otherwise than it comes out, a line each.
    pub differences: Vec<String>,
}

/// Compares what is counted with a recount, cell by cell. Reads only; `tx` is one snapshot.
///
/// # Errors
/// When the database refuses.
pub async fn compare(tx: &mut Tx, rules: &Rules) -> Result<Compared, StoreError> {
    let mut walk = Walk::begin(tx).await?;
    let (mut live, mut records) = (Table::default(), BTreeSet::new());
    while let Some(persons) = walk.next(tx, rules).await? {
        for (person, facts, units) in &persons {
            facts.cells(rules, |cell| live.add(cell, 1));
            records.extend(units.iter().map(|((of, key), unit)| read::unit_row(*person, *of, key, unit)));
        }
    }
    let mut found = Vec::new();
    let stored = shares(tx, rules).await?;
    for (cell, stored, counted) in stored.live.difference(&live) {
        let dimension = cell.dimension.as_str();
        let by = if dimension.is_empty() { String::new() } else { format!(" {dimension}={}", cell.value) };
        let (indicator, measure) = (cell.indicator.as_str(), cell.measure.as_str());
        found
            .push(format!("{indicator} {measure} {}{by}: stored {stored}, recounted {counted}", cell.window));
    }
    for unit in units::all(tx).await?.iter().filter(|unit| unit.person != ERASED) {
        if !records.remove(unit) {
            found.push(format!(
                "{} from {}: a record is stored, not recounted",
                unit.indicator, unit.first_day
            ));
        }
    }
    for unit in &records {
        found.push(format!("{} from {}: a record is recounted, not stored", unit.indicator, unit.first_day));
    }
    let stored: HashSet<String> = log::voids(tx).await?.into_iter().collect();
    for event in stored.symmetric_difference(&walk.voids) {
        found.push(format!("event {event}: taken out in one of the two only"));
    }
    let stored = people::joined(tx).await?;
    if stored != walk.joined {
        let differ = |(id, head): &(&ContactId, &ContactId)| walk.joined.get(id) != Some(head);
        let missing = walk.joined.keys().filter(|id| !stored.contains_key(id)).count();
        let others = stored.iter().filter(differ).count();
        found.push(format!("identities of one person: {missing} are missing, {others} are others"));
    }
    let (stored, out) = uses::stored(tx).await?;
    for (key, stored, counted) in stored.difference(&walk.uses) {
        let (month, node) = (key.month, key.node);
        found.push(format!("uses of {node} in {month}: stored {stored:?}, recounted {counted:?}"));
    }
    let differ = out.symmetric_difference(&walk.out).count();
    if differ > 0 {
        found.push(format!("uses: {differ} contacts are left out in one of the two only"));
    }
    Ok(Compared { persons: walk.persons, events: walk.events, differences: found })
}

/// Counts all anew and stores it. Turns wait meanwhile; what is kept of erased people stays.
///
/// # Errors
/// When the database refuses; nothing changes then.
pub async fn recount(tx: &mut Tx, rules: &Rules) -> Result<Compared, StoreError> {
    people::lock_all(tx).await?;
    people::clear(tx).await?;
    units::clear_live(tx).await?;
    cells::clear_live(tx).await?;
    log::clear_voids(tx).await?;
    let mut walk = Walk::begin(tx).await?;
    let voids: Vec<String> = walk.voids.iter().cloned().collect();
    log::add_voids(tx, &voids).await?;
    let members: Vec<_> = walk.joined.iter().map(|(id, head)| (*id, Some(*head), None)).collect();
    let members: Vec<_> = members.into_iter().filter(|(id, head, _)| Some(*id) != *head).collect();
    people::load(tx, &members).await?;
    let mut live = Table::default();
    while let Some(persons) = walk.next(tx, rules).await? {
        for persons in persons.chunks(WRITE_AT_ONCE) {
            let (mut rows, mut records) = (Vec::with_capacity(persons.len()), Vec::new());
            for (person, facts, units) in persons {
                facts.cells(rules, |cell| live.add(cell, 1));
                let joined = walk.joined.get(person).copied();
                if joined.is_some() || *facts != Facts::default() {
                    rows.push((*person, joined, Some(facts.to_json())));
                }
                records.extend(units.iter().map(|((of, key), unit)| read::unit_row(*person, *of, key, unit)));
            }
            people::load(tx, &rows).await?;
            units::add(tx, &records).await?;
        }
    }
    cells::add(tx, &read::cell_rows(&live, false)).await?;
    uses::load(tx, &walk.uses, &walk.out).await?;
    meta::set(tx, COUNTED_BY, &rules.of_counts()).await?;
    Ok(Compared { persons: walk.persons, events: walk.events, differences: Vec::new() })
}

/// Whose unit records are those of people who were erased.
const ERASED: ContactId = ContactId(0);

/// A walk over all persons, in pieces.
struct Walk {
    /// Events that were taken out.
    voids: HashSet<String>,
    /// Identities of persons that have several, each with its person.
    joined: BTreeMap<ContactId, ContactId>,
    after: ContactId,
    /// Persons with several identities come last.
    left: Vec<(ContactId, Vec<ContactId>)>,
    persons: u64,
    events: u64,
    /// How the content was used by all but those who are left out.
    uses: Uses,
    out: BTreeSet<ContactId>,
}

type Person = (ContactId, Facts, Units);

impl Walk {
    async fn begin(tx: &mut Tx) -> Result<Self, StoreError> {
        let said: Vec<Event> = log::said(tx).await?.iter().filter_map(read::of_stored).collect();
        let targets: Vec<&str> = said.iter().filter_map(target_of).collect();
        let rows = log::named(tx, &targets).await?;
        let named: BTreeMap<&str, Event> =
            rows.iter().filter_map(|row| Some((row.event_id.as_str(), read::of_stored(row)?))).collect();
        let voids: HashSet<String> = said
            .iter()
            .filter_map(|void| named.get(target_of(void)?).filter(|target| may_void(void, target)))
            .map(|target| target.id.to_string())
            .collect();
        let links: Vec<&Event> =
            said.iter().filter(|event| other_of(event).is_some() && !voids.contains(&*event.id)).collect();
        let ends = links.iter().flat_map(|link| link.alias.map(ContactId).into_iter().chain(other_of(link)));
        let mut joined = components(&ends.collect::<BTreeSet<_>>(), links.iter().copied());
        let mut groups: BTreeMap<ContactId, Vec<ContactId>> = BTreeMap::new();
        for (id, head) in &joined {
            groups.entry(*head).or_default().push(*id);
        }
        // A link to oneself joins nobody.
        groups.retain(|_, members| members.len() > 1);
        joined.retain(|_, head| groups.contains_key(head));
        let left = groups.into_iter().rev().collect();
        Ok(Self {
            voids,
            joined,
            after: ContactId(i64::MIN),
            left,
            persons: 0,
            events: 0,
            uses: Uses::default(),
            out: BTreeSet::new(),
        })
    }

    /// The next persons; `None` at the end.
    async fn next(&mut self, tx: &mut Tx, rules: &Rules) -> Result<Option<Vec<Person>>, StoreError> {
        let page = log::page(tx, self.after, PAGE).await?;
        if let Some(last) = page.last().and_then(|row| row.contact) {
            self.after = last;
            return Ok(Some(self.fold(page, rules)));
        }
        let from = self.left.len().saturating_sub(JOINED_AT_ONCE);
        let groups = self.left.split_off(from);
        if groups.is_empty() {
            return Ok(None);
        }
        let members: Vec<ContactId> = groups.iter().flat_map(|(_, members)| members).copied().collect();
        let mut events: BTreeMap<ContactId, Vec<Event>> =
            groups.iter().map(|(head, _)| (*head, Vec::new())).collect();
        for row in log::all_of_people(tx, &members).await? {
            let head = row.contact.and_then(|contact| self.joined.get(&contact)).copied();
            self.events += 1;
            if let (Some(event), Some(head)) = (self.event(&row), head) {
                events.entry(head).or_default().push(event);
            }
        }
        self.persons += events.len() as u64;
        for (head, members) in &groups {
            self.use_by(members, events.get(head).map(Vec::as_slice).unwrap_or_default(), rules);
        }
        let persons = events.into_iter().map(|(head, events)| {
            let (facts, units) = fold(events, rules);
            (head, facts, units)
        });
        Ok(Some(persons.collect()))
    }

    /// The rows of a page, which come person by person.
    fn fold(&mut self, page: Vec<StoredEvent>, rules: &Rules) -> Vec<Person> {
        let mut persons = Vec::new();
        for rows in page.chunk_by(|one, other| one.contact == other.contact) {
            let Some(contact) = rows.first().and_then(|row| row.contact) else { continue };
            if self.joined.contains_key(&contact) {
                continue;
            }
            self.persons += 1;
            self.events += rows.len() as u64;
            let events: Vec<Event> = rows.iter().filter_map(|row| self.event(row)).collect();
            self.use_by(&[contact], &events, rules);
            let (facts, units) = fold(events, rules);
            persons.push((contact, facts, units));
        }
        persons
    }

    /// Adds what a person did to the uses, unless they are left out.
    fn use_by(&mut self, members: &[ContactId], events: &[Event], rules: &Rules) {
        if uses::is_out(events) {
            self.out.extend(members);
            return;
        }
        for event in events {
            self.uses.add_event(event, rules, 1);
        }
    }

    fn event(&self, row: &StoredEvent) -> Option<Event> {
        read::of_stored(row).filter(|_| !self.voids.contains(&row.event_id))
    }
}
