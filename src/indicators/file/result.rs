//! The result of a replay.

use std::collections::BTreeMap;

use super::{Config, csv::quoted};
use crate::indicators::{
    Count, Dimension, Figures, Indicator, Measure, Window,
    figures::{percent, women},
    suppressed,
};

/// Columns of `result.csv`.
pub const HEADER: &str =
    "as_of,table,indicator,window,measure,dimension,value,total,persons,erased,tally,F,M,U";

/// Tables by a dimension, at the window of dimensions.
const DIMENSIONS: [(Indicator, &[Dimension]); 4] = [
    (Indicator::R1, &[Dimension::Channel, Dimension::FirstTouch, Dimension::Stay]),
    (
        Indicator::R2,
        &[
            Dimension::Channel,
            Dimension::FirstTouch,
            Dimension::LastTouch,
            Dimension::Stay,
            Dimension::Audience,
        ],
    ),
    (Indicator::S1, &[Dimension::Centre]),
    (Indicator::S2, &[Dimension::Centre]),
];
const SHARES: [&str; 4] = ["women_share_known", "sex_coverage", "women_share_low", "women_share_high"];
const PUBLIC: [(Indicator, Dimension); 4] = [
    (Indicator::R2, Dimension::Sex),
    (Indicator::R2, Dimension::Stay),
    (Indicator::R1, Dimension::Channel),
    (Indicator::S1, Dimension::Sex),
];
/// Those of the first table, in its order.
const TOTALS: [Indicator; 13] = [
    Indicator::R1,
    Indicator::R2,
    Indicator::R3,
    Indicator::S1,
    Indicator::S2,
    Indicator::O1,
    Indicator::O2,
    Indicator::O3,
    Indicator::E1,
    Indicator::S3,
    Indicator::F1,
    Indicator::F2,
    Indicator::Est,
];
/// Of the registers: left out where nothing was entered.
const REGISTERS: [Indicator; 4] = [Indicator::H1, Indicator::T1, Indicator::P1, Indicator::A1];

/// The rows of one snapshot, each with its line end; rows that are all zero are left out.
pub fn result_rows(config: &Config, as_of: &str, figures: &Figures<'_>) -> String {
    let mut out = String::new();
    let mut row = |fields: &[&str]| {
        let fields: Vec<_> = std::iter::once(as_of).chain(fields.iter().copied()).map(quoted).collect();
        out.push_str(&fields.join(","));
        out.push('\n');
    };
    let number = |count: Count| {
        [count.total(), count.persons, count.erased, count.tally].map(|number| number.to_string())
    };
    for indicator in TOTALS.into_iter().chain(REGISTERS) {
        for (name, window) in &config.windows {
            for measure in [Measure::New, Measure::Active, Measure::Cum] {
                let count = figures.total(indicator, *window, measure);
                if count.total() == 0 {
                    continue;
                }
                let [total, persons, erased, tally] = number(count);
                let sexes = indicator
                    .is_of_persons()
                    .then(|| figures.sexes(indicator, *window, measure).map(|n| n.to_string()));
                let [f, m, u] = sexes.unwrap_or_default();
                let (code, measure) = (indicator.as_str(), measure.as_str());
                row(&["total", code, name, measure, "", "", &total, &persons, &erased, &tally, &f, &m, &u]);
            }
        }
    }
    let (name, window) = &config.dim_window;
    let cum = Measure::Cum.as_str();
    for (indicator, dimensions) in DIMENSIONS {
        for dimension in dimensions {
            for (value, count) in figures.by(indicator, *window, Measure::Cum, *dimension) {
                let [total, persons, erased, tally] = number(count);
                let (code, dimension) = (indicator.as_str(), dimension.as_str());
                let fields = [
                    "dimension",
                    code,
                    name,
                    cum,
                    dimension,
                    &value,
                    &total,
                    &persons,
                    &erased,
                    &tally,
                    "",
                    "",
                    "",
                ];
                row(&fields);
            }
        }
    }
    for indicator in [Indicator::R2, Indicator::S1] {
        let shares = women(figures.sexes(indicator, *window, Measure::Cum));
        for (share, tenths) in SHARES.iter().zip(shares) {
            let printed = tenths.map(percent).unwrap_or_default();
            row(&["percent", indicator.as_str(), name, cum, share, "", &printed, "", "", "", "", "", ""]);
        }
    }
    for (indicator, dimension) in PUBLIC {
        let (total, cells) = public(figures, indicator, *window, dimension, config.k);
        let (code, dimension) = (indicator.as_str(), dimension.as_str());
        let all = std::iter::once(("(total)".to_owned(), total)).chain(cells);
        for (value, shown) in all {
            row(&["public", code, name, cum, dimension, &value, &shown, "", "", "", "", "", ""]);
        }
    }
    out
}

fn public(
    figures: &Figures<'_>,
    indicator: Indicator,
    window: Window,
    dimension: Dimension,
    k: u64,
) -> (String, Vec<(String, String)>) {
    let by = figures.by(indicator, window, Measure::Cum, dimension);
    let cells: BTreeMap<String, u64> = by.into_iter().map(|(value, count)| (value, count.total())).collect();
    let (total, shown) = suppressed(&cells, k);
    (
        total.to_string(),
        shown.into_iter().map(|(value, shown)| (value.to_owned(), shown.to_string())).collect(),
    )
}
