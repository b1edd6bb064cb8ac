//! Rows of the store as the types of the rules, and back.

use crate::{
    domain::ContactId,
    indicators::{
        Cell, Channel, Dimension, Entry, Event, Facts, Indicator, Measure, Table, Unit, UnitRow as Part,
        Window, is_quarantined,
    },
    store::{
        StoreError,
        events::{EventRow, StoredEvent},
        indicators::{cells::CellRow, log::NewEvent, units::UnitRow},
    },
};

const BOT: &str = "bot";
const SIMULATED: &str = "sim";

/// A row about to be stored; `None`: what no figure may count.
pub(super) fn of_row(row: &EventRow) -> Option<Event> {
    if row.source.as_str() == SIMULATED || is_quarantined(row.occurred_at, row.recorded_at) {
        return None;
    }
    let (kind, traits, steps) = Event::parts_of(row.kind, &row.attrs);
    // The channel of a row without a contact of its own means nothing.
    let is_visitor = row.contact.is_some_and(|contact| contact.0 < 0);
    Some(Event {
        seq: 0,
        id: row.event_id.as_str().into(),
        at: row.occurred_at,
        recorded: row.recorded_at,
        is_bot: row.source.as_str() == BOT && !is_visitor,
        alias: row.contact.map(|contact| contact.0),
        channel: if is_visitor { Some(Channel::Centre) } else { Channel::parse(row.channel.as_str()) },
        kind,
        code: row.code.as_deref().map(Into::into),
        traits,
        steps,
    })
}

/// A stored row; `None`: what no figure may count.
pub(super) fn of_stored(row: &StoredEvent) -> Option<Event> {
    if row.source == SIMULATED || is_quarantined(row.occurred_at, row.recorded_at) {
        return None;
    }
    let (kind, traits, steps) = Event::parts_of(&row.kind, &row.attrs);
    Some(Event {
        seq: row.seq,
        id: row.event_id.as_str().into(),
        at: row.occurred_at,
        recorded: row.recorded_at,
        is_bot: row.source == BOT,
        alias: row.contact.map(|contact| contact.0),
        channel: Channel::parse(&row.channel),
        kind,
        code: row.code.as_deref().map(Into::into),
        traits,
        steps,
    })
}

/// A row of the field's record.
pub(super) fn entry(row: StoredEvent) -> Option<Entry> {
    if row.source == SIMULATED {
        return None;
    }
    let (kind, rest) = Entry::kind_of(&row.kind, &row.attrs);
    Some(Entry {
        seq: row.seq,
        id: row.event_id.into(),
        at: row.occurred_at,
        recorded: row.recorded_at,
        kind,
        by: rest.by,
        code: row.code.map(Into::into),
        cc: rest.cc,
        centre: rest.centre,
        aud: rest.aud,
    })
}

/// Counts as they were stored; those of a newer version are none, and are told.
pub(super) fn facts(person: ContactId, json: Option<&str>) -> Facts {
    let Some(json) = json else { return Facts::default() };
    Facts::from_json(json).unwrap_or_else(|| {
        tracing::error!(person.id = person.0, "stored counts cannot be read; count anew");
        Facts::default()
    })
}

/// Cells of a table as rows, in order.
pub(super) fn cell_rows(table: &Table, erased: bool) -> Vec<CellRow> {
    let row = |(cell, n): (Cell<'_>, i64)| CellRow {
        erased,
        indicator: cell.indicator.as_str().to_owned(),
        measure: cell.measure.as_str().to_owned(),
        period: cell.window.to_string(),
        dimension: cell.dimension.as_str().to_owned(),
        value: cell.value.to_owned(),
        n,
    };
    let mut rows: Vec<CellRow> = table.iter().map(row).collect();
    rows.sort_unstable();
    rows
}

/// Adds a stored cell to a table.
pub(super) fn add_cell(table: &mut Table, row: &CellRow) -> Result<(), StoreError> {
    let cell = || {
        Some(Cell {
            indicator: Indicator::parse(&row.indicator)?,
            measure: Measure::parse(&row.measure)?,
            window: Window::parse(&row.period)?,
            dimension: Dimension::parse(&row.dimension)?,
            value: &row.value,
        })
    };
    let cell = cell().ok_or_else(|| unreadable("count_cells", "indicator"))?;
    table.add(cell, row.n);
    Ok(())
}

pub(super) fn unit_row(person: ContactId, indicator: Indicator, key: &str, unit: &Unit) -> UnitRow {
    UnitRow {
        indicator: indicator.as_str().to_owned(),
        unit: key.to_owned(),
        person,
        first_day: unit.first.to_string(),
        event_id: unit.event.to_string(),
        months: unit.months.cast_signed(),
    }
}

pub(super) fn unit_part(row: UnitRow) -> Result<Part, StoreError> {
    let indicator = Indicator::parse(&row.indicator).ok_or_else(|| unreadable("count_units", "indicator"))?;
    let first =
        crate::domain::parse_day(&row.first_day).ok_or_else(|| unreadable("count_units", "first_day"))?;
    let unit = Unit { first, event: row.event_id.into(), months: row.months.cast_unsigned() };
    Ok(Part { indicator, key: row.unit.into(), unit })
}

fn unreadable(table: &'static str, column: &str) -> StoreError {
    StoreError::Inconsistent { table, column: column.to_owned(), row: "?".to_owned() }
}

/// A row of a file about to be stored; `None`: what no figure may count.
pub(super) fn of_new(row: &NewEvent) -> Option<Event> {
    if row.source == SIMULATED || is_quarantined(row.occurred_at, row.recorded_at) {
        return None;
    }
    let (kind, traits, steps) = Event::parts_of(&row.kind, &row.attrs);
    Some(Event {
        seq: 0,
        id: row.event_id.as_str().into(),
        at: row.occurred_at,
        recorded: row.recorded_at,
        is_bot: row.source == BOT,
        alias: row.contact.map(|contact| contact.0),
        channel: Channel::parse(row.channel),
        kind,
        code: row.code.as_deref().map(Into::into),
        traits,
        steps,
    })
}
