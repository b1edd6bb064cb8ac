//! The quarterly table: a row for each indicator, its cells set in below it.

use super::{Column, Row, Said, Sheet, Table, Value};
use crate::{
    indicators::{Dimension, Indicator, Measure},
    report::Line,
};

/// What an indicator is split by below its row.
const BELOW: [Dimension; 6] = [
    Dimension::Sex,
    Dimension::Stay,
    Dimension::Channel,
    Dimension::Audience,
    Dimension::Language,
    Dimension::Centre,
];

/// Text ids and widths. The columns are those of indicators.md §2.6, then three for whoever checks.
const COLUMNS: [(&str, u16); 15] = [
    ("report-indicator", 46),
    ("report-baseline", 10),
    ("report-target", 12),
    ("report-new", 12),
    ("report-restated", 12),
    ("report-cum", 13),
    ("report-share", 10),
    ("report-persons", 12),
    ("report-head-counts", 12),
    ("report-erased", 10),
    ("report-women-known", 10),
    ("report-women-coverage", 10),
    ("report-women-low", 10),
    ("report-women-high", 10),
    ("report-comments", 46),
];
const CHECKS: [(&str, u16); 3] = [("report-before", 14), ("report-check-column", 12), ("report-active", 12)];

/// P: the report before, E: restated, D: this period, F: cumulative.
const CHECK: &str = "=P{row}+E{row}+D{row}-F{row}";

pub fn sheet(said: &Said<'_>) -> Sheet {
    let mut sheet = said.sheet("report-sheet-indicators");
    sheet.notes.push(said.words.t("report-note-check"));
    let mut columns = said.columns(&COLUMNS);
    let checks = said.columns(&CHECKS).into_iter().map(|column| Column { is_check: true, ..column });
    columns.extend(checks);
    let mut rows = Vec::new();
    let settings = said.view.settings();
    for indicator in Indicator::ALL.iter().filter(|indicator| settings.indicators.contains_key(indicator)) {
        let line = said.view.line(*indicator, Dimension::All, "");
        let name = format!("{} · {}", indicator.as_str(), said.words.indicator(settings, *indicator));
        rows.push(row(name, &line, comments(said, &line), 0));
        for dimension in BELOW.into_iter().filter(|dimension| indicator.is_split_by(*dimension)) {
            for value in said.view.values(*indicator, dimension) {
                let line = said.view.line(*indicator, dimension, &value);
                let name =
                    format!("{}: {}", said.words.dimension(dimension), said.words.value(dimension, &value));
                rows.push(row(name, &line, String::new(), 1));
            }
        }
    }
    sheet.tables.push(Table { heading: String::new(), columns, rows });
    sheet
}

fn row(name: String, line: &Line, comments: String, level: u8) -> Row {
    let grade = |pick: fn(&crate::indicators::Count) -> u64| {
        line.grades.as_ref().map_or(Value::Empty, |count| Value::number(pick(count)))
    };
    let [known, coverage, low, high] = line.women.map(Value::percent);
    let is_whole = level == 0;
    // Of a public report only whole indicators have cumulative figures.
    let open = |value: Value| if line.grades.is_some() || is_whole { value } else { Value::Empty };
    let cells = vec![
        Value::Text(name),
        Value::some(line.baseline),
        Value::some(line.target),
        Value::shown(line.new),
        line.restated.map_or(Value::Empty, Value::Number),
        open(Value::shown(line.cum)),
        Value::percent(line.share),
        grade(|count| count.persons),
        grade(|count| count.tally),
        grade(|count| count.erased),
        known,
        coverage,
        low,
        high,
        Value::Text(comments),
        open(Value::shown(line.before)),
        // What it comes to is nothing, by how `restated` is made.
        line.restated.map_or(Value::Empty, |_| Value::Formula(CHECK, 0)),
        if line.grades.is_some() { Value::shown(line.active) } else { Value::Empty },
    ];
    Row { cells, level, strong: is_whole }
}

/// Who supplies the figure, and what must be known of it.
fn comments(said: &Said<'_>, line: &Line) -> String {
    let (words, report) = (&said.words, said.view.report);
    let mut told = vec![words.t(&format!("report-source-{}", line.indicator.as_str()))];
    if line.held {
        told.push(words.t("report-comment-held"));
    }
    if let Some(first) = line.together {
        told.push(words.with("report-comment-together", &[("period", &words.period(first))]));
    }
    match line.indicator {
        Indicator::R1 if !said.view.public => {
            let key = (Indicator::Est, Measure::New, Dimension::All, String::new());
            let estimate = report.cells.get(&key).map_or(0, |count| count.total());
            if estimate > 0 {
                let n = words.number(i64::try_from(estimate).unwrap_or(i64::MAX));
                told.push(words.with("report-comment-estimate", &[("n", &n)]));
            }
        }
        Indicator::H1 if !said.view.public => {
            told.push(words.with("report-comment-asked", &[("n", &report.asked)]));
        }
        indicator if indicator == said.view.settings().headline && !said.view.settings().with_head_counts => {
            told.push(words.t("report-comment-grade-a"));
        }
        _ => {}
    }
    told.join(" ")
}
