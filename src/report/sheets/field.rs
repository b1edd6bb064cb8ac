//! Head-counts of the field: gross, those whom the bot counted already, net (indicators.md §1.10).

use super::{Row, Said, Sheet, Table, Value};

pub fn sheet(said: &Said<'_>) -> Sheet {
    let words = &said.words;
    let mut sheet = said.sheet("report-sheet-field");
    sheet.notes.push(words.t("report-note-field"));
    let number = |n: u32| Value::Number(n.into());
    let rows = said.view.report.field.iter().map(|entry| {
        let cells = vec![
            Value::Day(entry.day),
            Value::text(&entry.id),
            Value::Text(words.t(&format!("report-activity-{}", entry.activity))),
            Value::text(entry.indicator.as_str()),
            Value::text(&entry.typed),
            Value::text(&entry.cc),
            Value::text(&entry.code),
            number(entry.gross.f),
            number(entry.gross.m),
            number(entry.gross.u),
            number(entry.overlap()),
            number(entry.net.f),
            number(entry.net.m),
            number(entry.net.u),
            number(entry.total()),
            Value::text(&entry.by),
        ];
        Row { cells, ..Row::default() }
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        sheet.notes.push(words.t("report-no-field"));
    }
    let columns = said.columns(&[
        ("report-day", 12),
        ("report-entry", 24),
        ("report-activity", 18),
        ("report-code", 10),
        ("report-place", 40),
        ("report-by-cc", 10),
        ("report-campaign", 16),
        ("report-gross-f", 10),
        ("report-gross-m", 10),
        ("report-gross-u", 10),
        ("report-overlap", 10),
        ("report-net-f", 10),
        ("report-net-m", 10),
        ("report-net-u", 10),
        ("report-net", 10),
        ("report-entered-by", 16),
    ]);
    sheet.tables.push(Table { heading: String::new(), columns, rows });
    sheet
}
