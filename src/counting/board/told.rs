//! Figures as who looks is told them: from outside a period whose report is frozen as it was reported, all else as of now
//! (indicators.md §1.8: a frozen figure never changes; what was learnt since is told as restated).

use std::collections::BTreeMap;

use super::windows::months_of;
use crate::{
    counting::{Key, frozen_cells},
    domain::Timestamp,
    indicators::{Count, Dimension, Figures, Indicator, Measure, Rules, Sex, Window},
    store::{StoreError, Tx, indicators::reports},
};

/// The periods whose reports are frozen, by their first month.
#[derive(Debug, Default)]
pub(super) struct Reported(BTreeMap<i32, Period>);

#[derive(Debug)]
struct Period {
    last: i32,
    cells: BTreeMap<Key, Count>,
}

impl Reported {
    /// Reads all that was reported.
    ///
    /// # Errors
    /// When the database refuses, or a newer program froze it.
    pub async fn read(tx: &mut Tx, rules: &Rules) -> Result<Self, StoreError> {
        let mut found = BTreeMap::new();
        for report in reports::reports(tx).await? {
            let Some(window) = Window::parse(&report.period) else { continue };
            let (first, last) = months_of(window, rules);
            found.insert(first, Period { last, cells: frozen_cells(tx, &report).await? });
        }
        Ok(Self(found))
    }

    fn from(&self, month: i32) -> Option<&Period> {
        self.0.get(&month)
    }

    fn until(&self, month: i32) -> Option<&Period> {
        self.0.values().find(|period| period.last == month)
    }
}

impl Period {
    fn by(&self, indicator: Indicator, measure: Measure, dimension: Dimension) -> BTreeMap<String, Count> {
        let first: Key = (indicator, measure, dimension, String::new());
        let of = |(i, m, d, _): &Key| (*i, *m, *d) == (indicator, measure, dimension);
        let cells = self.cells.range(first..).take_while(|(key, _)| of(key));
        cells.map(|((.., value), count)| (value.clone(), *count)).collect()
    }
}

/// The figures at hand.
pub(super) struct Told<'a> {
    figures: Figures<'a>,
    rules: &'a Rules,
    /// `None`: all as of now.
    reported: Option<&'a Reported>,
}

impl<'a> Told<'a> {
    pub const fn new(figures: Figures<'a>, rules: &'a Rules, reported: Option<&'a Reported>) -> Self {
        Self { figures, rules, reported }
    }

    /// As [`Figures::total`].
    pub fn total(&self, indicator: Indicator, window: Window, measure: Measure) -> Count {
        self.by(indicator, window, measure, Dimension::All).remove("").unwrap_or_default()
    }

    /// As [`Figures::sexes`].
    pub fn sexes(&self, indicator: Indicator, window: Window, measure: Measure) -> [u64; 3] {
        let by = self.by(indicator, window, measure, Dimension::Sex);
        [Sex::F, Sex::M, Sex::U].map(|sex| by.get(sex.as_str()).map_or(0, |count| count.total()))
    }

    /// As [`Figures::by`].
    pub fn by(
        &self,
        indicator: Indicator,
        window: Window,
        measure: Measure,
        dimension: Dimension,
    ) -> BTreeMap<String, Count> {
        let now = |window| self.figures.by(indicator, window, measure, dimension);
        // A step of the funnel stands in no report.
        let Some(reported) = self.reported.filter(|_| indicator != Indicator::Asked) else {
            return now(window);
        };
        let (first, last) = months_of(window, self.rules);
        match measure {
            Measure::Cum => match reported.until(last) {
                Some(period) => period.by(indicator, measure, dimension),
                None => now(window),
            },
            // The latest answers of the households do not add up over periods: those by the end stand in for those of
            // a window that begins with the programme.
            Measure::New
                if indicator == Indicator::H1 && reported.from(first).is_none_or(|one| one.last < last) =>
            {
                match reported.until(last).filter(|_| first == months_of(Window::Programme, self.rules).0) {
                    Some(period) => period.by(indicator, Measure::Cum, dimension),
                    None => now(window),
                }
            }
            Measure::New => self.pieces(reported, indicator, (first, last), dimension),
            Measure::Active | Measure::Touch => now(window),
        }
    }

    /// `new` adds up: what was reported, and the months between as of now.
    fn pieces(
        &self,
        reported: &Reported,
        indicator: Indicator,
        (first, last): (i32, i32),
        dimension: Dimension,
    ) -> BTreeMap<String, Count> {
        let mut found: BTreeMap<String, Count> = BTreeMap::new();
        let mut month = first;
        while month <= last {
            let (cells, next) = match reported.from(month).filter(|period| period.last <= last) {
                Some(period) => (period.by(indicator, Measure::New, dimension), period.last + 1),
                None => {
                    let until =
                        (month..last).find(|month| reported.from(month + 1).is_some()).unwrap_or(last);
                    let window = Window::Span(month, until);
                    (self.figures.by(indicator, window, Measure::New, dimension), until + 1)
                }
            };
            for (value, count) in cells {
                let sum = found.entry(value).or_default();
                sum.persons += count.persons;
                sum.erased += count.erased;
                sum.tally += count.tally;
            }
            month = next;
        }
        found
    }
}

/// The reporting periods that touch the months of a view and have begun, each with the instant when it was frozen.
///
/// # Errors
/// When the database refuses.
pub(super) async fn standing(
    tx: &mut Tx,
    periods: Vec<Window>,
    rules: &Rules,
    (first, last): (i32, i32),
    now: i32,
) -> Result<Vec<(Window, Option<Timestamp>)>, StoreError> {
    let frozen: BTreeMap<String, Timestamp> =
        reports::reports(tx).await?.into_iter().map(|row| (row.period, row.as_of)).collect();
    let touches = |window: &Window| {
        let (from, to) = months_of(*window, rules);
        from <= last && to >= first && from <= now
    };
    let of = |window: Window| (window, frozen.get(&window.to_string()).copied());
    Ok(periods.into_iter().filter(touches).map(of).collect())
}
