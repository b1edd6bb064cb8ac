//! What may be told outside of the programme (indicators.md §1.12): quarters that are over; small cells hidden; a quarter
//! with few new ones together with the next.

use std::collections::BTreeMap;

use super::{told::Told, windows};
use crate::{
    domain::Day,
    indicators::{Dimension, Indicator, Measure, Rules, Shown, Window, suppressed},
};

/// The windows of an indicator that may be told, in order: first and last month each. What comes after the last waits for
/// more.
pub(super) fn blocks(
    figures: &Told<'_>,
    rules: &Rules,
    today: Day,
    indicator: Indicator,
    k: u64,
) -> Vec<(i32, i32)> {
    let mut found = Vec::new();
    let mut open: Option<(i32, u64)> = None;
    for (quarter, first, last) in windows::over(rules, today) {
        let new = figures.total(indicator, quarter, Measure::New).total();
        let (first, sum) = open.take().map_or((first, new), |(first, sum)| (first, sum + new));
        if sum > 0 && sum < k {
            open = Some((first, sum));
        } else {
            found.push((first, last));
        }
    }
    found
}

/// The window that stands for the one asked for; `None`: it may not be told yet.
pub(super) fn window(blocks: &[(i32, i32)], rules: &Rules, asked: Window) -> Option<Window> {
    let (from, to) = windows::months_of(asked, rules);
    // One that ends inside of a block would show what the block hides.
    let (_, end) = *blocks.iter().find(|(_, last)| *last == to)?;
    let (start, _) = *blocks.iter().find(|(first, last)| (*first..=*last).contains(&from))?;
    let is_same = asked.months() == Some((start, end));
    Some(if is_same { asked } else { Window::Span(start, end) })
}

/// A one-way table: the total and its cells, small ones hidden.
pub(super) fn table(
    figures: &Told<'_>,
    indicator: Indicator,
    window: Window,
    measure: Measure,
    dimension: Dimension,
    k: u64,
) -> (Shown, BTreeMap<String, Shown>) {
    let cells: BTreeMap<String, u64> = figures
        .by(indicator, window, measure, dimension)
        .into_iter()
        .map(|(value, count)| (value, count.total()))
        .collect();
    if dimension == Dimension::All {
        let total = cells.values().sum::<u64>();
        let shown = if total > 0 && total < k { Shown::Below(k) } else { Shown::Number(total) };
        return (shown, [(String::new(), shown)].into());
    }
    let (total, shown) = suppressed(&cells, k);
    (total, shown.into_iter().map(|(value, shown)| (value.to_owned(), shown)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::{Cell, Figures, Shares};

    #[test]
    fn a_quarter_with_few_is_told_with_the_next() {
        let rules = Rules::default();
        let mut shares = Shares::default();
        for (month, n) in [("2026-02", 3), ("2026-05", 9), ("2026-11", 2)] {
            let cell = Cell {
                indicator: Indicator::R2,
                measure: Measure::New,
                window: Window::parse(month).unwrap(),
                dimension: Dimension::All,
                value: "",
            };
            shares.live.add(cell, n);
        }
        let figures = Told::new(Figures::new(&shares, &rules), &rules, None);
        let today = crate::domain::parse_day("2027-02-01").unwrap();
        let blocks = blocks(&figures, &rules, today, Indicator::R2, 5);
        let shown: Vec<String> =
            blocks.iter().map(|(first, last)| Window::Span(*first, *last).to_string()).collect();
        assert_eq!(shown, ["2026-01..2026-06", "2026-07..2026-09"], "three and nine; none; two wait");
        let of =
            |text| window(&blocks, &rules, Window::parse(text).unwrap()).map(|window| window.to_string());
        assert_eq!(of("2026-Q1"), None, "with the next");
        assert_eq!(of("2026-Q2").as_deref(), Some("2026-01..2026-06"));
        assert_eq!(of("2026-Q3").as_deref(), Some("2026-Q3"));
        assert_eq!(of("2026-Q4"), None);
        assert_eq!(of("2026-01..2026-12"), None);
        assert_eq!(of("2026-01..2026-09").as_deref(), Some("2026-01..2026-09"));
        assert_eq!(
            of("2026-04..2026-09").as_deref(),
            Some("2026-01..2026-09"),
            "no smaller piece of a block"
        );
    }
}
