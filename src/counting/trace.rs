//! From a figure back to events (indicators.md §1.14).

use std::collections::BTreeMap;

use super::{evidence, part, read, shares};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{ContactId, Day},
    indicators::{
        Count, Dimension, EntryKind, Facts, Figures, Indicator, Measure, Rules, Sex, Shares, Window, counted,
    },
    store::{
        StoreError, Tx,
        indicators::{
            people,
            units::{self, UnitRow},
        },
    },
};

/// Persons read at once.
const PAGE: u32 = 4_096;
/// Persons looked at for one page of a list: more would make somebody wait.
const LOOKED_AT: u32 = 50_000;

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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// SHA-256 of the files that prove it, parted by spaces; empty for what the bot counted.
    pub evidence: String,
}

/// A head-count behind a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadCount {
    pub entry: String,
    pub day: Day,
    /// In this cell, before and after those whom the bot counted were taken away.
    pub gross: u64,
    pub net: u64,
    /// As of a [`Contributor`].
    pub evidence: String,
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
    let (mut traced, mut after) = (Traced::default(), None);
    loop {
        let (page, next) = trace_page(tx, rules, asked, after.as_ref(), PAGE).await?;
        traced.units.extend(page.units);
        if after.is_none() {
            (traced.heads, traced.cell) = (page.heads, page.cell);
        }
        match next {
            Some(place) => after = Some(place),
            None => return Ok(traced),
        }
    }
}

/// A piece of the same list, each unit of the field with its evidence: at most `limit` units after a place, and the place where the next piece begins. Of a cell in
/// which few stand a piece may hold fewer, even none: nobody is to wait until all persons were looked at. The head-counts
/// come with the first piece.
///
/// # Errors
/// When the database refuses.
pub async fn trace_page(
    tx: &mut Tx,
    rules: &Rules,
    asked: &Asked,
    after: Option<&Unit>,
    limit: u32,
) -> Result<(Traced, Option<Unit>), StoreError> {
    let (mut traced, next) = listed(tx, rules, asked, after, limit).await?;
    evidence::add(tx, &mut traced).await?;
    Ok((traced, next))
}

async fn listed(
    tx: &mut Tx,
    rules: &Rules,
    asked: &Asked,
    after: Option<&Unit>,
    limit: u32,
) -> Result<(Traced, Option<Unit>), StoreError> {
    let Asked { indicator, measure, window, cell } = asked;
    let (dimension, value) = cell.as_ref().map_or((Dimension::All, ""), |(of, value)| (*of, value.as_str()));
    let mut traced = Traced::default();
    if !indicator.is_split_by(dimension) {
        return Ok((traced, None));
    }
    let (shares, records) = behind(tx, rules, asked, dimension).await?;
    let figures = Figures::new(&shares, rules);
    traced.cell = figures.by(*indicator, *window, *measure, dimension).remove(value).unwrap_or_default();
    if after.is_none() {
        heads(&mut traced, &figures, rules, asked, (dimension, value));
    }
    let lists_records = dimension == Dimension::All && indicator.is_of_units();
    let next = match after {
        Some(Unit::Record(_)) => None,
        _ if !indicator.is_of_persons() && *indicator != Indicator::E1 => None,
        after => {
            let from = match after {
                Some(Unit::Person(id)) => *id,
                _ => ContactId(i64::MIN),
            };
            persons(tx, rules, asked, &mut traced, from, limit).await?
        }
    };
    if let Some(next) = next {
        return Ok((traced, Some(Unit::Person(next))));
    }
    if !lists_records {
        return Ok((traced, None));
    }
    let left = (limit as usize).saturating_sub(traced.units.len());
    let last = match after {
        Some(Unit::Record(key)) => key.as_str(),
        _ => "",
    };
    let first = earned(&shares, &records, rules, *indicator);
    let mut keys = figures.unit_keys(*indicator, *window, *measure).into_iter();
    for (key, day) in keys.by_ref().skip_while(|(key, _)| *key <= last && !last.is_empty()).take(left) {
        let event = first.get(key).map(|(_, event)| (*event).to_owned()).unwrap_or_default();
        let unit = Unit::Record(key.to_owned());
        traced.units.push(Contributor { unit, event, channel: "", day, evidence: String::new() });
    }
    let next = keys.next().map(|_| match traced.units.last() {
        Some(Contributor { unit: Unit::Record(key), .. }) => Unit::Record(key.clone()),
        // A full page of persons: the records begin on the next.
        _ => Unit::Record(String::new()),
    });
    Ok((traced, next))
}

/// The event that earned each record: its first; of a household's answers the latest.
fn earned<'a>(
    shares: &'a Shares,
    records: &'a [UnitRow],
    rules: &Rules,
    indicator: Indicator,
) -> BTreeMap<&'a str, (String, &'a str)> {
    let mut found: BTreeMap<&str, (String, &str)> = BTreeMap::new();
    let mut put = |key: &'a str, day: String, event: &'a str, is_latest: bool| {
        let known = found.entry(key).or_insert_with(|| (day.clone(), event));
        let is_later = (&*day, event) > (&*known.0, known.1);
        if is_later == is_latest {
            *known = (day, event);
        }
    };
    for row in records {
        put(&row.unit, row.first_day.clone(), &row.event_id, false);
    }
    for (entry, day) in counted(&shares.entries, rules) {
        if let EntryKind::Register { indicator: of, key, counts: true } = &entry.kind
            && *of == indicator
        {
            put(key, day.to_string(), &entry.id, indicator == Indicator::H1);
        }
    }
    found
}

/// What the cell is made of, and the unit records of its indicator.
async fn behind(
    tx: &mut Tx,
    rules: &Rules,
    asked: &Asked,
    dimension: Dimension,
) -> Result<(Shares, Vec<UnitRow>), StoreError> {
    let indicator = asked.indicator;
    if asked.measure == Measure::Active {
        let records = units::of(tx, &[indicator.as_str()]).await?;
        return Ok((shares(tx, rules).await?, records));
    }
    let mut shares = part::of_persons(tx, rules, &[(dimension, &[indicator])]).await?;
    if !indicator.is_of_units() {
        return Ok((shares, Vec::new()));
    }
    let mut names = vec![indicator.as_str()];
    if indicator == Indicator::F2 {
        names.push(Indicator::F1.as_str());
    }
    let records = units::of(tx, &names).await?;
    for row in &records {
        shares.units.push(read::unit_part(row.clone())?);
    }
    let records = records.into_iter().filter(|row| row.indicator == indicator.as_str()).collect();
    Ok((shares, records))
}

/// Adds the next persons of the cell; gives where to go on.
async fn persons(
    tx: &mut Tx,
    rules: &Rules,
    asked: &Asked,
    traced: &mut Traced,
    after: ContactId,
    limit: u32,
) -> Result<Option<ContactId>, StoreError> {
    let Asked { indicator, measure, window, cell } = asked;
    let (dimension, value) = cell.as_ref().map_or((Dimension::All, ""), |(of, value)| (*of, value.as_str()));
    let Some(bound) = people::bound(tx, after, LOOKED_AT).await? else { return Ok(None) };
    let looks = Facts::looks(*indicator, dimension, value);
    let mut from = after;
    loop {
        let left = limit.saturating_sub(u32::try_from(traced.units.len()).unwrap_or(u32::MAX));
        if left == 0 {
            return Ok(Some(from));
        }
        let rows = people::like(tx, (from, bound), &looks, left).await?;
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
                    evidence: String::new(),
                });
            }
        }
        match rows.last() {
            Some(last) if rows.len() == left as usize => from = last.id,
            // All up to the bound were looked at.
            _ => break,
        }
    }
    Ok(people::bound(tx, bound, 1).await?.map(|_| bound))
}

fn heads(
    traced: &mut Traced,
    figures: &Figures<'_>,
    rules: &Rules,
    asked: &Asked,
    (dimension, value): (Dimension, &str),
) {
    for net in figures.nets(asked.indicator, asked.window, asked.measure) {
        let (gross, left) = match (dimension, Sex::parse(value)) {
            (Dimension::Sex, Some(sex)) => (net.gross.of(sex), net.net.of(sex)),
            (Dimension::All, _) => (net.gross.total() + net.number, net.total()),
            _ if net.value(dimension, rules) == value => (net.gross.total() + net.number, net.total()),
            _ => continue,
        };
        let entry = net.entry.id.to_string();
        let evidence = String::new();
        traced.heads.push(HeadCount { entry, day: net.day, gross: gross.into(), net: left.into(), evidence });
    }
}
