//! HTML: the quarterly table as one page without anything beside it, to be printed or made a PDF of.

use askama::Template;

use super::{Export, Said};
use crate::report::{
    ReportError, Words,
    sheets::{Row, Sheet, Table, Value, quarterly},
};

pub const EXPORT: Export = Export {
    name: "html",
    ending: "html",
    mime: "text/html; charset=utf-8",
    is_published: false,
    is_by_month: false,
    is_by_country: false,
    write,
};

#[derive(Template)]
#[template(path = "report/quarterly.html")]
struct Page<'a> {
    said: &'a Said<'a>,
    title: String,
    head: String,
    sheets: Vec<Sheet>,
}

impl Page<'_> {
    /// The cells of a row whose columns are printed.
    fn printed<'b>(&self, table: &Table, row: &'b Row) -> Vec<&'b Value> {
        let pairs = row.cells.iter().zip(&table.columns);
        pairs.filter(|(_, column)| !column.is_check).map(|(value, _)| value).collect()
    }

    /// What a cell shows.
    fn text(&self, value: &Value) -> String {
        let words = &self.said.words;
        match value {
            Value::Empty => String::new(),
            Value::Text(text) => text.clone(),
            Value::Number(number) | Value::Formula(_, number) => words.number(*number),
            Value::Percent(tenths) => words.percent(*tenths),
            Value::Day(day) => day.to_string(),
            Value::Instant(at) => Words::instant(*at, self.said.view.settings().rules.offset_minutes),
        }
    }

    /// Numbers stand on the right; so do the signs that stand for hidden ones.
    fn is_number(&self, value: &Value) -> bool {
        match value {
            Value::Number(_) | Value::Percent(_) | Value::Formula(..) => true,
            Value::Text(text) => {
                text == "*" || (text.starts_with('<') && text.chars().skip(1).all(|c| c.is_ascii_digit()))
            }
            Value::Empty | Value::Day(_) | Value::Instant(_) => false,
        }
    }
}

fn write(said: &Said<'_>) -> Result<Vec<u8>, ReportError> {
    let title = said.words.with("report-title", &[("period", &said.words.period(said.view.report.period))]);
    let page = Page { said, title, head: said.head(), sheets: quarterly(said) };
    page.render().map(String::into_bytes).map_err(|error| ReportError::Write(error.to_string()))
}
