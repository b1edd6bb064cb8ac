//! Persons go, the figures stay (indicators.md §1.8).

use std::collections::{BTreeMap, BTreeSet};

use super::{chain::leave, groups::gather, read, uses};
use crate::{
    domain::ContactId,
    indicators::{Cell, Dimension, Indicator, Rules, Table, Unit, fold},
    store::{
        StoreError, Tx, codes,
        indicators::{cells, log, people, units},
    },
};

/// Nobody: who was erased.
const ERASED: ContactId = ContactId(0);

/// Forgets the persons of these contacts, as [`erase()`] does, by the register of codes in force.
///
/// # Errors
/// As [`super::take`].
pub async fn forget(tx: &mut Tx, rules: &Rules, contacts: &[ContactId]) -> Result<(), StoreError> {
    if contacts.is_empty() {
        return Ok(());
    }
    let rules = in_force(tx, rules).await?;
    erase(tx, &rules, contacts).await?;
    Ok(())
}

/// The rules with the register of campaign codes.
///
/// # Errors
/// When the database refuses.
pub async fn in_force(tx: &mut Tx, rules: &Rules) -> Result<Rules, StoreError> {
    let codes = codes::list(tx).await?;
    Ok(Rules { campaigns: codes.into_iter().map(|row| row.code.into()).collect(), ..rules.clone() })
}

/// Erases the persons of these contacts from all that counting keeps, their events too, and adds them to the anonymous
/// counters. Returns all identities that were theirs.
///
/// The register of `rules` must be the one in force: a code that is not in it is not kept.
///
/// # Errors
/// As [`super::take`].
pub async fn erase(tx: &mut Tx, rules: &Rules, contacts: &[ContactId]) -> Result<Vec<ContactId>, StoreError> {
    let ids: BTreeSet<ContactId> = contacts.iter().copied().collect();
    let (mut live, mut erased) = (Table::default(), Table::default());
    let mut records: BTreeMap<(Indicator, Box<str>), Unit> = BTreeMap::new();
    let mut members = Vec::new();
    let groups = gather(tx, &ids).await?;
    uses::erase(tx, rules, &groups).await?;
    for group in groups {
        for row in &group.rows {
            let rolled = read::facts(row.id, row.rolled.as_deref());
            rolled.cells(rules, |cell| live.add(cell, -1));
        }
        let (facts, units) = fold(group.events, rules);
        facts.cells(rules, |cell| {
            // Two attributes of one person: not of those who are to be nobody.
            if matches!(cell.dimension, Dimension::StayF | Dimension::StayM | Dimension::StayU) {
                return;
            }
            let value = match cell.dimension {
                Dimension::FirstTouch | Dimension::LastTouch => rules.label(cell.value),
                _ => cell.value,
            };
            erased.add(Cell { value, ..cell }, 1);
        });
        for (key, unit) in units {
            let record = records.entry(key).or_insert_with(|| Unit { event: "".into(), ..unit.clone() });
            record.first = record.first.min(unit.first);
            record.months |= unit.months;
        }
        members.extend(group.members);
    }
    let mut rows = read::cell_rows(&live, false);
    rows.extend(read::cell_rows(&erased, true));
    cells::add(tx, &rows).await?;
    let records: Vec<_> = records
        .iter()
        .map(|((indicator, key), unit)| read::unit_row(ERASED, *indicator, key, unit))
        .collect();
    units::replace(tx, &members, &records).await?;
    leave(tx, &members).await?;
    log::erase(tx, &members).await?;
    people::delete(tx, &members).await?;
    Ok(members)
}
