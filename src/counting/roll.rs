//! Counts of persons become cells of the figures.

use super::read;
use crate::{
    domain::ContactId,
    indicators::{Rules, Shares, Table},
    store::{
        StoreError, Tx,
        indicators::{
            cells, log,
            people::{self, PersonRow},
            units,
        },
    },
};

/// Brings the cells up to the counts of at most `limit` persons. Returns how many there were.
///
/// # Errors
/// When the database refuses.
pub async fn roll(tx: &mut Tx, rules: &Rules, limit: u32) -> Result<usize, StoreError> {
    let rows = people::take_dirty(tx, limit).await?;
    let mut delta = Table::default();
    for row in &rows {
        add_change(&mut delta, rules, row);
    }
    cells::add(tx, &read::cell_rows(&delta, false)).await?;
    let ids: Vec<ContactId> = rows.iter().map(|row| row.id).collect();
    people::set_rolled(tx, &ids).await?;
    Ok(rows.len())
}

pub(super) fn add_change(delta: &mut Table, rules: &Rules, row: &PersonRow) {
    if row.facts == row.rolled {
        return;
    }
    read::facts(row.id, row.rolled.as_deref()).cells(rules, |cell| delta.add(cell, -1));
    read::facts(row.id, row.facts.as_deref()).cells(rules, |cell| delta.add(cell, 1));
}

/// What the figures are made of at this moment, with the counts that the cells do not hold yet.
///
/// # Errors
/// When the database refuses, or a newer version wrote what is read.
pub async fn shares(tx: &mut Tx, rules: &Rules) -> Result<Shares, StoreError> {
    let mut shares = Shares::default();
    for row in cells::all(tx).await? {
        let table = if row.erased { &mut shares.erased } else { &mut shares.live };
        read::add_cell(table, &row)?;
    }
    for row in people::dirty(tx).await? {
        add_change(&mut shares.live, rules, &row);
    }
    for row in units::all(tx).await? {
        shares.units.push(read::unit_part(row)?);
    }
    shares.entries = log::field(tx).await?.into_iter().filter_map(read::entry).collect();
    Ok(shares)
}
