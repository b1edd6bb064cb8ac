//! The report as sheets of tables, in words (indicators.md §2.6). What a sheet is made of does not know how it will be
//! written.

mod definitions;
mod field;
mod indicators;
mod quality;
mod restatements;
mod splits;
mod summary;

use super::{Said, View, Words};
use crate::{
    domain::{Day, Timestamp},
    indicators::Shown,
};

/// Longest name of a sheet that spreadsheets take.
pub const NAME_MAX: usize = 31;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Empty,
    /// Always text, whatever it begins with.
    Text(String),
    Number(i64),
    /// Tenths of a percent.
    Percent(u64),
    Day(Day),
    Instant(Timestamp),
    /// A formula of ours, `{row}` for the number of its row, and what it comes to.
    Formula(&'static str, i64),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn number(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn shown(shown: Shown) -> Self {
        match shown {
            Shown::Number(number) => Self::number(number),
            hidden => Self::Text(hidden.to_string()),
        }
    }

    fn percent(tenths: Option<u64>) -> Self {
        tenths.map_or(Self::Empty, Self::Percent)
    }

    fn some(number: Option<u64>) -> Self {
        number.map_or(Self::Empty, Self::number)
    }
}

#[derive(Clone, Debug)]
pub struct Column {
    pub title: String,
    /// In characters.
    pub width: u16,
    /// Only in the spreadsheet, for whoever checks.
    pub is_check: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Row {
    pub cells: Vec<Value>,
    /// How far the name is set in.
    pub level: u8,
    pub strong: bool,
}

#[derive(Clone, Debug)]
pub struct Table {
    /// Above the table; empty: the sheet's title says enough.
    pub heading: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub struct Sheet {
    pub name: String,
    pub notes: Vec<String>,
    pub tables: Vec<Table>,
}

/// Sheets of a workbook, all of them that this reader may see.
pub fn workbook(said: &Said<'_>) -> Vec<Sheet> {
    let mut sheets = vec![
        summary::sheet(said),
        indicators::sheet(said),
        splits::by_sex_and_age(said),
        splits::by_country(said),
        splits::by_campaign(said),
        restatements::sheet(said),
    ];
    if !said.view.public {
        // Single sessions and rare mishaps are small cells.
        sheets.push(field::sheet(said));
    }
    sheets.push(quality::sheet(said));
    sheets.push(definitions::sheet(said));
    sheets
}

/// The quarterly table, to be printed.
pub fn quarterly(said: &Said<'_>) -> Vec<Sheet> {
    vec![
        summary::sheet(said),
        indicators::sheet(said),
        restatements::sheet(said),
        quality::sheet(said),
        definitions::sheet(said),
    ]
}

impl Said<'_> {
    fn sheet(&self, id: &str) -> Sheet {
        let name: String = self.words.t(id).chars().take(NAME_MAX).collect();
        Sheet { name, notes: Vec::new(), tables: Vec::new() }
    }

    /// Columns by text ids and widths.
    fn columns(&self, of: &[(&str, u16)]) -> Vec<Column> {
        of.iter()
            .map(|(id, width)| Column { title: self.words.t(id), width: *width, is_check: false })
            .collect()
    }

    /// What stands under the title of each sheet and on each page.
    pub fn head(&self) -> String {
        let Self { view: View { report, .. }, words, .. } = self;
        let settings = self.view.settings();
        let state = match (report.frozen, self.view.public) {
            (true, false) => "report-state-frozen",
            (false, false) => "report-state-provisional",
            (true, true) => "report-state-frozen-public",
            (false, true) => "report-state-provisional-public",
        };
        words.with(
            "report-head",
            &[
                ("programme", &settings.title.get(words.locale)),
                ("period", &words.period(report.period)),
                ("instant", &Words::instant(report.as_of, settings.rules.offset_minutes)),
                ("zone", &settings.zone),
                ("state", &words.t(state)),
            ],
        )
    }
}

/// A row of a name and a value.
fn pair(name: String, value: Value) -> Row {
    Row { cells: vec![Value::Text(name), value], ..Row::default() }
}
