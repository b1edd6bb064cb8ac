//! Some figures, without reading all that the others are made of.

use std::collections::BTreeSet;

use super::{read, roll};
use crate::{
    indicators::{Cell, Dimension, EntryKind, Indicator, Measure, Rules, Shares, Window},
    store::{
        StoreError, Tx,
        indicators::{cells, log, people, units},
    },
};

/// Which figures: a dimension, and the indicators that are wanted in it.
pub type Wanted<'a> = (Dimension, &'a [Indicator]);

/// What the wanted figures are made of at this moment: their `new` and `cum` come out as from [`super::shares`]; `active`
/// and the keys of unit records are not there.
///
/// # Errors
/// When the database refuses, or a newer version wrote what is read.
pub async fn part(tx: &mut Tx, rules: &Rules, wanted: &[Wanted<'_>]) -> Result<Shares, StoreError> {
    let mut shares = of_persons(tx, rules, wanted).await?;
    for row in units::by_month(tx).await? {
        let found = Indicator::parse(&row.indicator).zip(Window::parse(&row.month));
        let Some((indicator, window)) = found else {
            return Err(StoreError::Inconsistent {
                table: "count_units",
                column: "indicator".to_owned(),
                row: row.indicator,
            });
        };
        let (measure, dimension) = (Measure::New, Dimension::All);
        shares.live.add(Cell { indicator, measure, window, dimension, value: "" }, row.units);
    }
    Ok(shares)
}

/// The same without unit records.
pub(super) async fn of_persons(
    tx: &mut Tx,
    rules: &Rules,
    wanted: &[Wanted<'_>],
) -> Result<Shares, StoreError> {
    let mut shares = Shares {
        entries: log::field(tx).await?.into_iter().filter_map(read::entry).collect(),
        ..Shares::default()
    };
    let mut rows = Vec::new();
    for (dimension, indicators) in wanted {
        let of = indicators.iter().filter(|indicator| indicator.is_split_by(*dimension));
        let names: Vec<&str> = of.map(|indicator| indicator.as_str()).collect();
        if !names.is_empty() {
            rows.extend(cells::new_of(tx, dimension.as_str(), &names).await?);
        }
    }
    // Who scanned a session's code leaves its head-count.
    let codes: BTreeSet<&str> = shares
        .entries
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::Session { .. }))
        .filter_map(|entry| entry.code.as_deref())
        .collect();
    if !codes.is_empty() {
        let codes: Vec<&str> = codes.into_iter().collect();
        rows.extend(cells::touches_of(tx, &codes).await?);
    }
    for row in rows {
        let table = if row.erased { &mut shares.erased } else { &mut shares.live };
        read::add_cell(table, &row)?;
    }
    for row in people::dirty(tx).await? {
        roll::add_change(&mut shares.live, rules, &row);
    }
    Ok(shares)
}
