//! What was learnt since of periods whose reports are frozen (indicators.md §1.8).

use super::{Row, Said, Sheet, Table, Value};
use crate::indicators::{Dimension, Indicator, Measure};

pub fn sheet(said: &Said<'_>) -> Sheet {
    let (view, words) = (&said.view, &said.words);
    let mut sheet = said.sheet("report-sheet-restatements");
    sheet.notes.push(words.t("report-note-restatements"));
    let mut rows = Vec::new();
    for earlier in &view.report.earlier {
        let Some(frozen) = earlier.frozen else { continue };
        for indicator in Indicator::ALL {
            let Some(n) = earlier.restated.get(&(*indicator, Dimension::All, String::new())) else {
                continue;
            };
            let key = (*indicator, Measure::New, Dimension::All, String::new());
            let reported = earlier.cells.get(&key).map_or(0, |count| count.total());
            let reported = i64::try_from(reported).unwrap_or(i64::MAX);
            let k = i64::try_from(view.settings().threshold(*indicator)).unwrap_or(i64::MAX);
            let is_small = |n: i64| (1..k).contains(&n);
            if view.public && (*indicator == Indicator::Est || is_small(reported) || is_small(reported + n)) {
                // A period that was too small to be published has nothing to restate.
                continue;
            }
            let name = format!("{} · {}", indicator.as_str(), words.indicator(view.settings(), *indicator));
            let cells = vec![
                Value::Text(words.period(earlier.window)),
                Value::Text(name),
                Value::Instant(frozen),
                Value::Number(reported),
                Value::Number(reported + n),
                Value::Number(*n),
            ];
            rows.push(Row { cells, ..Row::default() });
        }
    }
    if rows.is_empty() {
        sheet.notes.push(words.t("report-no-restatements"));
    }
    let columns = said.columns(&[
        ("report-period", 22),
        ("report-indicator", 46),
        ("report-frozen-at", 18),
        ("report-reported", 14),
        ("report-now", 14),
        ("report-difference", 14),
    ]);
    sheet.tables.push(Table { heading: String::new(), columns, rows });
    if !view.public {
        sheet.tables.push(causes(said));
    }
    sheet
}

/// How the differences came about: what was recorded since.
fn causes(said: &Said<'_>) -> Table {
    let words = &said.words;
    let frozen = said.view.report.earlier.iter().filter(|earlier| earlier.frozen.is_some());
    let rows = frozen.map(|earlier| {
        let causes = &earlier.causes;
        let mut cells = vec![Value::Text(words.period(earlier.window))];
        let numbers = [
            causes.entries,
            causes.heads,
            causes.late,
            causes.merged,
            causes.undone,
            causes.flags,
            causes.voids,
        ];
        cells.extend(numbers.map(Value::number));
        Row { cells, ..Row::default() }
    });
    Table {
        heading: words.t("report-causes"),
        rows: rows.collect(),
        columns: said.columns(&[
            ("report-period", 22),
            ("report-cause-entries", 46),
            ("report-cause-heads", 18),
            ("report-cause-late", 14),
            ("report-cause-merged", 14),
            ("report-cause-undone", 14),
            ("report-cause-flags", 14),
            ("report-cause-voids", 14),
        ]),
    }
}
