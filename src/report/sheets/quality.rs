//! The quality of the data, and where people may be counted twice or not at all (indicators.md §1.13, §2.6).

use super::{Row, Said, Sheet, Table, Value, pair};
use crate::indicators::{Dimension, Indicator, Measure, tenths};

/// The rows of indicators.md §1.13, by their texts, and whether they count too many.
const TWICE: [(&str, bool); 9] = [
    ("channels", true),
    ("sessions", true),
    ("unscanned", true),
    ("erased", true),
    ("account", true),
    ("phone", false),
    ("partners", true),
    ("indicators", true),
    ("periods", true),
];

pub fn sheet(said: &Said<'_>) -> Sheet {
    let mut sheet = said.sheet("report-sheet-quality");
    if !said.view.public {
        sheet.tables.push(numbers(said));
    }
    sheet.tables.push(twice(said));
    sheet
}

fn numbers(said: &Said<'_>) -> Table {
    let (words, report) = (&said.words, said.view.report);
    let quality = &report.quality;
    let number = |id: &str, n: u64| pair(words.t(id), Value::number(n));
    let line = said.view.line(Indicator::R2, Dimension::All, "");
    let cum = report.cells.get(&(Indicator::R2, Measure::Cum, Dimension::All, String::new()));
    let heads = cum.and_then(|count| tenths(count.tally, count.total()));
    let [_, coverage, ..] = line.women;
    Table {
        heading: String::new(),
        columns: said.columns(&[("report-what", 70), ("report-value", 20)]),
        rows: vec![
            pair(words.t("report-quality-coverage"), Value::percent(coverage)),
            pair(words.t("report-quality-heads"), Value::percent(heads)),
            number("report-quality-quarantined", quality.quarantined),
            number("report-quality-simulated", quality.simulated),
            pair(words.t("report-quality-duplicates"), Value::Text(words.t("report-quality-refused"))),
            number("report-quality-excluded", quality.excluded),
            number("report-quality-erasures", quality.erasures),
            number("report-quality-links", quality.links),
            number("report-quality-undone", quality.links_undone),
            number("report-quality-waiting", quality.waiting),
            number("report-quality-waiting-size", quality.waiting_size),
        ],
    }
}

fn twice(said: &Said<'_>) -> Table {
    let words = &said.words;
    let rows = TWICE.iter().map(|(id, over)| {
        let direction = words.t(if *over { "report-twice-over" } else { "report-twice-under" });
        let cells = vec![
            Value::Text(words.t(&format!("report-twice-{id}"))),
            Value::Text(direction),
            Value::Text(words.t(&format!("report-twice-{id}-done"))),
        ];
        Row { cells, ..Row::default() }
    });
    Table {
        heading: words.t("report-twice"),
        columns: said.columns(&[
            ("report-twice-where", 70),
            ("report-twice-direction", 20),
            ("report-twice-do", 70),
        ]),
        rows: rows.collect(),
    }
}
