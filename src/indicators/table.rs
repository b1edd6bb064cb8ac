//! Cells of the figures, and how many units stand in each.

use std::collections::{BTreeMap, HashMap, btree_map};

use rustc_hash::FxHashMap;

use super::{Dimension, Indicator, Measure, Window};

/// A cell: one value of one dimension of a measure of an indicator in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell<'a> {
    pub indicator: Indicator,
    pub measure: Measure,
    pub window: Window,
    pub dimension: Dimension,
    pub value: &'a str,
}

type Key = (Indicator, Measure, Window, Dimension);

/// Numbers by cell; a cell that is not there is zero.
#[derive(Clone, Debug, Default)]
pub struct Table {
    // Values are few and repeat: kept once each.
    values: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
    /// The last value of each dimension: a person has the same in every window.
    recent: [u32; DIMENSIONS],
    /// A recount adds some hundred cells for each person: the hasher of the standard library took a third of its time. Nobody
    /// outside has a say in these keys; values, which people type, are hashed by the standard one.
    counts: FxHashMap<(Key, u32), i64>,
}

/// More than there are dimensions.
const DIMENSIONS: usize = 32;

/// The same cells with the same numbers.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.difference(other).is_empty()
    }
}

impl Eq for Table {}

impl Table {
    fn value(&mut self, dimension: Dimension, value: &str) -> u32 {
        let place = dimension as usize % DIMENSIONS;
        let recent = self.recent.get(place).copied().unwrap_or_default();
        if self.names.get(recent as usize).is_some_and(|name| **name == *value) {
            return recent;
        }
        let found = match self.values.get(value) {
            Some(found) => *found,
            None => {
                let found = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
                self.names.push(value.into());
                self.values.insert(value.into(), found);
                found
            }
        };
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = found;
        }
        found
    }

    pub fn add(&mut self, cell: Cell<'_>, n: i64) {
        let value = self.value(cell.dimension, cell.value);
        let key = (cell.indicator, cell.measure, cell.window, cell.dimension);
        *self.counts.entry((key, value)).or_default() += n;
    }

    /// Cells that are not zero, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (Cell<'_>, i64)> {
        self.counts.iter().filter(|(_, n)| **n != 0).filter_map(
            |(((indicator, measure, window, dimension), value), n)| {
                let value = self.names.get(*value as usize)?;
                let cell = Cell {
                    indicator: *indicator,
                    measure: *measure,
                    window: *window,
                    dimension: *dimension,
                    value,
                };
                Some((cell, *n))
            },
        )
    }

    /// Cells that are not zero, in order.
    pub fn sorted(&self) -> BTreeMap<Cell<'_>, i64> {
        self.iter().collect()
    }

    /// Cells in which two tables differ, with both numbers.
    pub fn difference<'a>(&'a self, other: &'a Self) -> Vec<(Cell<'a>, i64, i64)> {
        let mut all: BTreeMap<Cell<'a>, (i64, i64)> = self.iter().map(|(cell, n)| (cell, (n, 0))).collect();
        for (cell, n) in other.iter() {
            match all.entry(cell) {
                btree_map::Entry::Occupied(mut entry) => entry.get_mut().1 = n,
                btree_map::Entry::Vacant(entry) => {
                    entry.insert((0, n));
                }
            }
        }
        all.into_iter().filter(|(_, (a, b))| a != b).map(|(cell, (a, b))| (cell, a, b)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_tell_where_they_differ() {
        let cell = |value| Cell {
            indicator: Indicator::R1,
            measure: Measure::New,
            window: Window::Programme,
            dimension: Dimension::Sex,
            value,
        };
        let (mut one, mut other) = (Table::default(), Table::default());
        one.add(cell("F"), 2);
        one.add(cell("M"), 1);
        one.add(cell("M"), -1);
        other.add(cell("U"), 4);
        other.add(cell("F"), 2);
        assert_eq!(one.difference(&other), [(cell("U"), 0, 4)]);
        assert_eq!(one.sorted().into_iter().collect::<Vec<_>>(), [(cell("F"), 2)]);
    }
}
