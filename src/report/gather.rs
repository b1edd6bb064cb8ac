//! The figures of a report, from one snapshot of the database.

use std::collections::BTreeMap;

use super::{Causes, FieldEntry, Quality, ReportError, causes::Since, field, quality};
use crate::{
    counting::{self, Comparison, InForce, Key},
    domain::Timestamp,
    indicators::{Count, Dimension, Figures, Indicator, Measure, Rules, Settings, Window},
    store::{
        StoreError, Tx,
        indicators::{
            log,
            reports::{self, ReportRow, RestatedRow},
        },
    },
};

/// By how much cells of `new` of an earlier period have changed since it was frozen.
pub type Restated = BTreeMap<(Indicator, Dimension, String), i64>;

/// A reporting period before the report's own.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub window: Window,
    /// When it was frozen; none: it is not yet.
    pub frozen: Option<Timestamp>,
    /// Its cells as they were reported; of one that is not frozen, as they are.
    pub cells: BTreeMap<Key, Count>,
    /// What this report tells of it.
    pub restated: Restated,
    /// How that came about.
    pub causes: Causes,
}

/// A month of the window, as it is counted now.
#[derive(Clone, Debug)]
pub struct Month {
    pub window: Window,
    pub cells: BTreeMap<Key, Count>,
    /// Women, men, unknown and the erased people among these, by indicator, measure and country of stay.
    pub by_stay_and_sex: BTreeMap<(Indicator, Measure, String), [u64; 4]>,
}

impl Month {
    fn new(figures: &Figures<'_>, window: Window) -> Self {
        let mut crossed = BTreeMap::new();
        for indicator in Indicator::ALL {
            // Activity is not kept by both together.
            for measure in [Measure::New, Measure::Cum] {
                for (stay, numbers) in figures.by_stay_and_sex(*indicator, window, measure) {
                    crossed.insert((*indicator, measure, stay), numbers);
                }
            }
        }
        Self { window, cells: counting::cells(figures, window), by_stay_and_sex: crossed }
    }
}

/// What a report says, before it is put into words.
#[derive(Clone, Debug)]
pub struct Report {
    pub period: Window,
    /// Of this instant the figures are.
    pub as_of: Timestamp,
    /// When the file is made. Field entries, quality and months are of this instant.
    pub made_at: Timestamp,
    /// A frozen report never changes; else it is provisional.
    pub frozen: bool,
    /// The version in force when it was frozen; the identifiers for other systems are those of today.
    pub in_force: InForce,
    /// With the register of campaign codes.
    pub rules: Rules,
    /// Of the program and of the definitions.
    pub version: String,
    /// The highest number of an event at that instant.
    pub last_seq: i64,
    pub cells: BTreeMap<Key, Count>,
    /// The reporting periods before this one, in order. None for a window that is no reporting period.
    pub earlier: Vec<Earlier>,
    /// Cells of `cum` at the end of the window before: of [`Report::earlier`]'s last, or counted now.
    pub before: BTreeMap<(Indicator, Dimension, String), u64>,
    /// The months of the window, as they are counted now.
    pub months: Vec<Month>,
    pub field: Vec<FieldEntry>,
    pub quality: Quality,
    /// Households that were asked by the end of the window (H1).
    pub asked: u64,
    pub compared: Comparison,
}

/// Gathers what a report of a window says. `tx` is one snapshot.
///
/// # Errors
/// [`ReportError::Period`] and its kin; when the database refuses.
pub async fn gather(
    tx: &mut Tx,
    period: Window,
    now: Timestamp,
    compared: Comparison,
) -> Result<Report, ReportError> {
    let today = counting::settings(tx).await?;
    check(period, &today.settings, now)?;
    let row = reports::report(tx, &period.to_string()).await?;
    let in_force = match &row {
        Some(row) => as_frozen(tx, row, &today).await?,
        None => today,
    };
    let settings = &in_force.settings;
    let rules = counting::in_force(tx, &settings.rules).await?;
    let shares = counting::shares(tx, &rules).await?;
    let figures = Figures::new(&shares, &rules);
    let cells = match &row {
        Some(row) => counting::frozen_cells(tx, row).await?,
        None => counting::cells(&figures, period),
    };
    let told = match &row {
        Some(row) => reports::restated(tx, row.id).await?,
        None => counting::restated_before(tx, &figures, settings, period).await?,
    };
    let newest = i64::try_from(log::last_seq(tx).await?).unwrap_or(i64::MAX);
    let last_seq = row.as_ref().map_or(newest, |row| row.last_seq);
    let since = Since::read(tx, &figures, &shares.entries, &rules, last_seq).await?;
    let mut earlier = Vec::new();
    let periods = settings.periods();
    if periods.contains(&period) {
        for window in periods.into_iter().filter(|window| *window < period) {
            let row = reports::report(tx, &window.to_string()).await?;
            let cells = match &row {
                Some(row) => counting::frozen_cells(tx, row).await?,
                None => counting::cells(&figures, window),
            };
            let restated = restated_of(&told, window)?;
            let causes = match &row {
                Some(row) => since.causes(tx, window, row).await?,
                None => Causes::default(),
            };
            earlier.push(Earlier { window, frozen: row.map(|row| row.as_of), cells, restated, causes });
        }
    }
    let before = match (earlier.last(), previous(period)) {
        (Some(last), _) => cum(&last.cells),
        (None, Some(window)) => cum(&counting::cells(&figures, window)),
        (None, None) => BTreeMap::new(),
    };
    let months = months(period).into_iter().map(|month| Month::new(&figures, month)).collect();
    let version = counting::version(settings);
    Ok(Report {
        period,
        as_of: row.as_ref().map_or(now, |row| row.as_of),
        made_at: now,
        frozen: row.is_some(),
        version: row.as_ref().map_or(version, |row| row.version.clone()),
        last_seq,
        cells,
        earlier,
        before,
        months,
        field: field::entries(tx, &figures, &shares.entries, &rules, period).await?,
        quality: quality::look(tx, &shares.entries, &rules).await?,
        asked: figures.asked(period),
        compared,
        rules: rules.clone(),
        in_force,
    })
}

/// A report is of a month or a quarter of the programme that has begun.
fn check(period: Window, settings: &Settings, now: Timestamp) -> Result<(), ReportError> {
    let periods = settings.periods();
    let known = || periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let wrong = || ReportError::Period { period: period.to_string(), periods: known() };
    let (first, last) = period.months().ok_or_else(wrong)?;
    let end = periods.iter().filter_map(|period| period.months()).map(|(_, last)| last).max();
    let start = periods.iter().filter_map(|period| period.months()).map(|(first, _)| first).min();
    if end.is_none_or(|end| first > end) || start.is_none_or(|start| last < start) {
        return Err(wrong());
    }
    match previous(period).and_then(Window::end) {
        Some(begins) if begins > now.day(settings.rules.offset_minutes) => {
            Err(ReportError::Future(period.to_string()))
        }
        _ => Ok(()),
    }
}

/// The window of the same kind before it.
const fn previous(period: Window) -> Option<Window> {
    match period {
        Window::Month(month) => Some(Window::Month(month - 1)),
        Window::Quarter(quarter) => Some(Window::Quarter(quarter - 1)),
        Window::Span(..) | Window::Programme | Window::Day(_) => None,
    }
}

fn months(period: Window) -> Vec<Window> {
    period.months().map_or_else(Vec::new, |(first, last)| (first..=last).map(Window::Month).collect())
}

/// The version of the settings by which a report was frozen, with today's identifiers for other systems.
async fn as_frozen(tx: &mut Tx, row: &ReportRow, today: &InForce) -> Result<InForce, ReportError> {
    if row.settings == today.hash {
        return Ok(today.clone());
    }
    let mut found = counting::settings_of(tx, &row.settings).await?.unwrap_or_else(|| today.clone());
    found.settings.exports = today.settings.exports.clone();
    Ok(found)
}

fn restated_of(told: &[RestatedRow], window: Window) -> Result<Restated, StoreError> {
    let mut found = Restated::new();
    let name = window.to_string();
    for row in told.iter().filter(|row| row.period == name) {
        let key = Indicator::parse(&row.indicator).zip(Dimension::parse(&row.dimension));
        let (indicator, dimension) = key.ok_or_else(|| StoreError::Inconsistent {
            table: "count_restatements",
            column: "indicator".to_owned(),
            row: name.clone(),
        })?;
        found.insert((indicator, dimension, row.value.clone()), row.n);
    }
    Ok(found)
}

fn cum(cells: &BTreeMap<Key, Count>) -> BTreeMap<(Indicator, Dimension, String), u64> {
    let of = cells.iter().filter(|((_, measure, ..), _)| *measure == Measure::Cum);
    of.map(|((indicator, _, dimension, value), count)| {
        ((*indicator, *dimension, value.clone()), count.total())
    })
    .collect()
}
