//! Reports that never change, and what was learnt since (indicators.md §1.8).

use std::collections::BTreeMap;

use super::{InForce, in_force, shares};
use crate::{
    domain::{Day, Timestamp},
    indicators::{Count, Dimension, Figures, Indicator, Measure, Settings, Window},
    store::{
        StoreError, Tx,
        indicators::{
            chain, log,
            reports::{self, ReportCell, ReportRow, RestatedRow},
        },
    },
};

/// A cell of a report.
pub type Key = (Indicator, Measure, Dimension, String);

/// The cells of a period's report, those that are zero left out.
pub fn cells(figures: &Figures<'_>, period: Window) -> BTreeMap<Key, Count> {
    let mut found = BTreeMap::new();
    let dimensions =
        [Dimension::All, Dimension::Centre, Dimension::Site].into_iter().chain(Dimension::OF_PERSONS);
    for dimension in dimensions {
        for indicator in Indicator::ALL {
            for measure in [Measure::New, Measure::Active, Measure::Cum] {
                for (value, count) in figures.by(*indicator, period, measure, dimension) {
                    found.insert((*indicator, measure, dimension, value), count);
                }
            }
        }
    }
    found
}

/// Freezes the reports of all periods whose day has come and that are not frozen yet. Returns them.
///
/// A period whose day came before anything was recorded was never reported: it has no frozen figures, and what is
/// entered for it later is no restatement.
///
/// # Errors
/// When the database refuses, or another instance froze one of them just now.
pub async fn freeze(
    tx: &mut Tx,
    in_force: &InForce,
    now: Timestamp,
    mut id: impl FnMut() -> i64,
) -> Result<Vec<Window>, StoreError> {
    let settings = &in_force.settings;
    let today = now.day(settings.rules.offset_minutes);
    let frozen: Vec<String> = reports::reports(tx).await?.into_iter().map(|report| report.period).collect();
    let Some(begun) = log::begun(tx).await? else { return Ok(Vec::new()) };
    let begun = begun.day(settings.rules.offset_minutes);
    let is_due = |period: &Window| {
        let from: Option<Day> = settings.frozen_from(*period);
        from.is_some_and(|from| begun <= from && from <= today) && !frozen.contains(&period.to_string())
    };
    let due: Vec<Window> = settings.periods().into_iter().filter(is_due).collect();
    if due.is_empty() {
        return Ok(due);
    }
    let rules = in_force_rules(tx, in_force).await?;
    let shares = shares(tx, &rules).await?;
    let figures = Figures::new(&shares, &rules);
    let last_seq = i64::try_from(log::last_seq(tx).await?).unwrap_or(i64::MAX);
    let head = chain::head(tx).await?;
    for period in &due {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let cells: Vec<ReportCell> = cells(&figures, *period)
            .into_iter()
            .map(|((indicator, measure, dimension, value), count)| ReportCell {
                indicator: indicator.as_str().to_owned(),
                measure: measure.as_str().to_owned(),
                dimension: dimension.as_str().to_owned(),
                value,
                persons: number(count.persons),
                erased: number(count.erased),
                tally: number(count.tally),
            })
            .collect();
        let report = ReportRow {
            id: id(),
            period: period.to_string(),
            as_of: now,
            settings: in_force.hash.clone(),
            version: version(settings),
            last_seq,
            chain: Some(head.to_string()),
        };
        // Before this one is kept: those that are frozen together have nothing to restate.
        let told = restated_before(tx, &figures, settings, *period).await?;
        reports::freeze(tx, &report, &cells).await?;
        reports::put_restated(tx, report.id, &told).await?;
    }
    Ok(due)
}

/// Of the program and of the definitions, as reports store it.
pub fn version(settings: &Settings) -> String {
    format!("{} {}", env!("CARGO_PKG_VERSION"), settings.version)
}

/// What was learnt since of all frozen periods before one: their cells of `new` that a recount has otherwise now, less
/// what was frozen.
///
/// # Errors
/// As [`restated`].
pub async fn restated_before(
    tx: &mut Tx,
    figures: &Figures<'_>,
    settings: &Settings,
    period: Window,
) -> Result<Vec<RestatedRow>, StoreError> {
    let mut told = Vec::new();
    for earlier in settings.periods().into_iter().filter(|window| *window < period) {
        for ((indicator, measure, dimension, value), n) in
            restated(tx, figures, earlier).await?.unwrap_or_default()
        {
            if measure == Measure::New {
                told.push(RestatedRow {
                    period: earlier.to_string(),
                    indicator: indicator.as_str().to_owned(),
                    dimension: dimension.as_str().to_owned(),
                    value,
                    n,
                });
            }
        }
    }
    Ok(told)
}

/// The cells of a frozen report.
///
/// # Errors
/// When the database refuses, or a newer program froze it.
pub async fn frozen_cells(tx: &mut Tx, report: &ReportRow) -> Result<BTreeMap<Key, Count>, StoreError> {
    let mut found = BTreeMap::new();
    for cell in reports::cells(tx, report.id).await? {
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        let count =
            Count { persons: number(cell.persons), erased: number(cell.erased), tally: number(cell.tally) };
        found.insert(key_of(&cell, report.id)?, count);
    }
    Ok(found)
}

fn key_of(cell: &ReportCell, report: i64) -> Result<Key, StoreError> {
    let key = || {
        Some((
            Indicator::parse(&cell.indicator)?,
            Measure::parse(&cell.measure)?,
            Dimension::parse(&cell.dimension)?,
            cell.value.clone(),
        ))
    };
    key().ok_or_else(|| StoreError::Inconsistent {
        table: "count_report_cells",
        column: "indicator".to_owned(),
        row: report.to_string(),
    })
}

async fn in_force_rules(tx: &mut Tx, settings: &InForce) -> Result<crate::indicators::Rules, StoreError> {
    in_force(tx, &settings.settings.rules).await
}

/// What a recount of a frozen period gives now, less what was frozen, where the two differ; `None`: not frozen.
///
/// # Errors
/// When the database refuses, or a newer program froze it.
pub async fn restated(
    tx: &mut Tx,
    figures: &Figures<'_>,
    period: Window,
) -> Result<Option<BTreeMap<Key, i64>>, StoreError> {
    let Some(report) = reports::report(tx, &period.to_string()).await? else { return Ok(None) };
    let mut found: BTreeMap<Key, i64> = BTreeMap::new();
    for (key, count) in cells(figures, period) {
        found.insert(key, i64::try_from(count.total()).unwrap_or(i64::MAX));
    }
    for cell in reports::cells(tx, report.id).await? {
        let key = key_of(&cell, report.id)?;
        *found.entry(key).or_default() -= cell.persons + cell.erased + cell.tally;
    }
    found.retain(|_, n| *n != 0);
    Ok(Some(found))
}
