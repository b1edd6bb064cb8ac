//! From a figure back to events (indicators.md §1.14).

use super::{read, shares};
use crate::{
    domain::{ContactId, Day},
    indicators::{Count, Dimension, Figures, Indicator, Measure, Rules, Sex, Window},
    store::{
        StoreError, Tx,
        indicators::{people, units},
    },
};

/// Persons read at once.
const PAGE: u32 = 4_096;

/// A cell that is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub indicator: Indicator,
    pub measure: Measure,
    pub window: Window,
    /// Dimension and value; none: the total.
    pub cell: Option<(Dimension, String)>,
}

/// Who a unit is: never told as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Person(ContactId),
    Record(String),
}

/// A unit behind a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contributor {
    pub unit: Unit,
    /// The qualifying event; empty for what only erased people did.
    pub event: String,
    /// Empty for records that name nobody.
    pub channel: &'static str,
    pub day: Day,
}

/// A head-count behind a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadCount {
    pub entry: String,
    pub day: Day,
    /// In this cell, before and after those whom the bot counted were taken away.
    pub gross: u64,
    pub net: u64,
}

/// What stands behind a cell.
#[derive(Clone, Debug, Default)]
pub struct Traced {
    pub units: Vec<Contributor>,
    pub heads: Vec<HeadCount>,
    /// The cell itself. Its erased people cannot be listed.
    pub cell: Count,
}

impl Traced {
    /// Whether the list is as long as the cell says.
    pub fn is_whole(&self) -> bool {
        self.units.len() as u64 == self.cell.persons
            && self.heads.iter().map(|head| head.net).sum::<u64>() == self.cell.tally
    }
}

/// Lists what stands behind a cell. `rules` with the register in force; `tx` is one snapshot.
///
/// # Errors
/// When the database refuses.
pub async fn trace(tx: &mut Tx, rules: &Rules, asked: &Asked) -> Result<Traced, StoreError> {
    let Asked { indicator, measure, window, cell } = asked;
    let mut traced = Traced::default();
    let shares = shares(tx, rules).await?;
    let figures = Figures::new(&shares, rules);
    let (dimension, value) = cell.as_ref().map_or((Dimension::All, ""), |(of, value)| (*of, value.as_str()));
    traced.cell = figures.by(*indicator, *window, *measure, dimension).remove(value).unwrap_or_default();
    if !indicator.is_split_by(dimension) {
        return Ok(traced);
    }
    let mut after = ContactId(i64::MIN);
    loop {
        let rows = people::page(tx, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            let facts = read::facts(row.id, row.facts.as_deref());
            let Some((mark, day)) = facts.standing(rules, *indicator, *measure, *window) else { continue };
            let found = facts.value(dimension, mark);
            let found = match dimension {
                Dimension::FirstTouch | Dimension::LastTouch => rules.label(found),
                _ => found,
            };
            if found == value {
                traced.units.push(Contributor {
                    unit: Unit::Person(row.id),
                    event: mark.event.to_string(),
                    channel: mark.channel.as_str(),
                    day,
                });
            }
        }
    }
    if dimension == Dimension::All && indicator.is_of_units() {
        let mut rows = units::all(tx).await?;
        rows.sort_unstable_by(|one, other| {
            (&one.unit, &one.first_day, &one.event_id).cmp(&(&other.unit, &other.first_day, &other.event_id))
        });
        for (key, day) in figures.unit_keys(*indicator, *window, *measure) {
            let of = rows.iter().filter(|row| row.indicator == indicator.as_str() && row.unit == key);
            let event = of.map(|row| row.event_id.clone()).next().unwrap_or_default();
            traced.units.push(Contributor { unit: Unit::Record(key.to_owned()), event, channel: "", day });
        }
    }
    for net in figures.nets(*indicator, *window, *measure) {
        let (gross, left) = match (dimension, Sex::parse(value)) {
            (Dimension::Sex, Some(sex)) => (net.gross.of(sex), net.net.of(sex)),
            (Dimension::All, _) => (net.gross.total() + net.number, net.total()),
            _ if net.value(dimension, rules) == value => (net.gross.total() + net.number, net.total()),
            _ => continue,
        };
        let entry = net.entry.id.to_string();
        traced.heads.push(HeadCount { entry, day: net.day, gross: gross.into(), net: left.into() });
    }
    Ok(traced)
}
