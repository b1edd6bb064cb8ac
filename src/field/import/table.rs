//! A file of entries as a table: its text, its columns, its rows. Pure.

use crate::{
    field::{Fault, Kind, RowError},
    indicators::file::{CsvError, Record, read_text, records_by},
};

/// Most columns: Kobo's forms have some hundreds.
const COLUMNS_MAX: usize = 1_000;
/// Most rows of one import.
pub const ROWS_MAX: usize = 20_000;
/// What a program that opens tables takes for a formula.
const FORMULA: [char; 4] = ['=', '@', '\t', '\r'];
/// Characters of a cell that an error shows.
const SHOWN: usize = 40;

/// Columns that are read beside the values of entries.
const META: [&str; 10] = [
    "type",
    "activity",
    "occurred_at",
    "date",
    "rootUuid",
    "_uuid",
    "_id",
    "_submitted_by",
    "_validation_status",
    "today",
];

/// A file whose form is sound.
#[derive(Debug)]
pub struct Table {
    /// Name, place and the header itself of each column that is read.
    columns: Vec<(&'static str, usize, String)>,
    /// Headers of questions that nothing asks for.
    pub ignored: Vec<String>,
    pub rows: Vec<Record>,
}

impl Table {
    /// Reads a file. At most `most` errors are told.
    ///
    /// # Errors
    /// Each with its row and column.
    pub fn read(bytes: &[u8], most: usize) -> Result<Self, Vec<RowError>> {
        let text = read_text(bytes).map_err(|error| vec![of_row(error.row, Fault::NotText)])?;
        if text.contains('\0') {
            return Err(vec![of_row(0, Fault::NotText)]);
        }
        let head = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
        let count = |sign| head.matches(sign).count();
        let between = if count(';') > count(',') { ';' } else { ',' };
        if count(between) >= COLUMNS_MAX {
            return Err(vec![of_row(1, Fault::TooWide(COLUMNS_MAX))]);
        }
        let mut records = records_by(text, between);
        let header = match records.next() {
            Some(Ok(header)) => header,
            Some(Err(error)) => return Err(vec![of_csv(&error)]),
            None => return Err(vec![of_row(0, Fault::NoRows)]),
        };
        let mut table = Self { columns: Vec::new(), ignored: Vec::new(), rows: Vec::new() };
        let mut errors = table.take_header(&header.fields);
        for record in records {
            match record {
                Err(error) => errors.push(of_csv(&error)),
                Ok(record) if record.fields.len() != header.fields.len() => {
                    let fault = Fault::Cells { found: record.fields.len(), wanted: header.fields.len() };
                    errors.push(of_row(record.line, fault));
                }
                Ok(record) => {
                    for (place, cell) in record.fields.iter().enumerate() {
                        if let Some(fault) = unfit(cell) {
                            let column = header.fields.get(place).cloned().unwrap_or_default();
                            errors.push(RowError { row: record.line, column, value: short(cell), fault });
                        }
                    }
                    table.rows.push(record);
                }
            }
            if errors.len() >= most {
                break;
            }
            if table.rows.len() > ROWS_MAX {
                return Err(vec![of_row(0, Fault::TooTall(ROWS_MAX))]);
            }
        }
        if errors.is_empty() && table.rows.is_empty() {
            errors.push(of_row(0, Fault::NoRows));
        }
        if errors.is_empty() { Ok(table) } else { Err(errors) }
    }

    /// Finds the columns. A question in a group is named `group/question`.
    fn take_header(&mut self, header: &[String]) -> Vec<RowError> {
        let mut errors = Vec::new();
        for (place, whole) in header.iter().enumerate() {
            let name = whole.rsplit('/').next().unwrap_or_default().trim();
            let Some(known) = known(name) else {
                if !whole.starts_with('_') && !OF_KOBO.contains(&name) && !whole.contains("meta/") {
                    self.ignored.push(short(whole));
                }
                continue;
            };
            if self.columns.iter().any(|(other, ..)| *other == known) {
                let fault = Fault::TwiceColumn;
                errors.push(RowError { row: 1, column: short(whole), value: String::new(), fault });
            }
            self.columns.push((known, place, whole.trim().to_owned()));
        }
        let has = |names: &[&str]| self.columns.iter().any(|(known, ..)| names.contains(known));
        for (names, column) in [
            (&["_uuid", "_id"][..], "_uuid"),
            (&["type", "activity"][..], "activity"),
            (&["occurred_at", "date", "today"][..], "occurred_at"),
        ] {
            if !has(names) {
                let column = column.to_owned();
                errors.push(RowError { row: 1, column, value: String::new(), fault: Fault::NoColumn });
            }
        }
        errors
    }

    /// A cell of a row; empty if there is no such column.
    pub fn cell<'a>(&self, record: &'a Record, name: &str) -> &'a str {
        let column = self.columns.iter().find(|(known, ..)| *known == name);
        column.and_then(|(_, place, _)| record.fields.get(*place)).map_or("", |cell| cell.trim())
    }

    /// The first of these columns in which the row holds something, and what.
    pub fn first<'a>(&self, record: &'a Record, names: &[&'static str]) -> (&'static str, &'a str) {
        let filled =
            names.iter().map(|name| (*name, self.cell(record, name))).find(|(_, cell)| !cell.is_empty());
        let there = || names.iter().find(|name| self.columns.iter().any(|(known, ..)| known == *name));
        filled.unwrap_or_else(|| (there().or(names.first()).copied().unwrap_or_default(), ""))
    }

    /// An error of a cell.
    pub fn error(&self, record: &Record, name: &str, fault: Fault) -> RowError {
        let column = self.columns.iter().find(|(known, ..)| *known == name);
        RowError {
            row: record.line,
            column: column.map_or_else(|| name.to_owned(), |(.., whole)| whole.clone()),
            value: short(self.cell(record, name)),
            fault,
        }
    }
}

/// Columns that Kobo adds by itself, beside those with `_` and `meta/`.
const OF_KOBO: [&str; 12] = [
    "start",
    "end",
    "username",
    "deviceid",
    "phonenumber",
    "simserial",
    "subscriberid",
    "audit",
    "uuid",
    "instanceID",
    "instanceName",
    "__version__",
];

fn known(name: &str) -> Option<&'static str> {
    let of_entries = Kind::ALL.into_iter().flat_map(Kind::specs).map(|spec| spec.name);
    META.into_iter().chain(of_entries).find(|known| *known == name)
}

/// What must not stand in any cell, read or not.
fn unfit(cell: &str) -> Option<Fault> {
    let text = cell.trim_start_matches(' ');
    let signed = text.strip_prefix(['+', '-']);
    // Numbers have signs, and so have places on a map.
    let is_number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || ". -+()".contains(c));
    if text.starts_with(FORMULA) || signed.is_some_and(|rest| !rest.is_empty() && !is_number(rest)) {
        return Some(Fault::Formula);
    }
    cell.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).then_some(Fault::Control)
}

fn of_row(row: usize, fault: Fault) -> RowError {
    RowError { row, column: String::new(), value: String::new(), fault }
}

fn of_csv(error: &CsvError) -> RowError {
    let fault = match error {
        CsvError::TooLong { .. } => Fault::RowTooLong,
        CsvError::Unended { .. } | CsvError::Beside { .. } => Fault::Quotes,
    };
    of_row(error.line(), fault)
}

/// The cell as an error shows it: not all of a long one.
fn short(cell: &str) -> String {
    let shown: String = cell.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if cell.chars().count() > SHOWN { shown + "…" } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &[u8]) -> Vec<String> {
        Table::read(text, 10).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_table_is_read_as_kobo_writes_it() {
        let text = "\u{feff}\"start\";\"g/activity\";\"g/occurred_at\";\"photo\";\"meta/rootUuid\";\"_uuid\";\"_index\"\r\n\
            \"x\";\"session\";\"2026-04-14\";\"a;b.jpg\";\"\";\"u1\";\"1\"\r\n";
        let table = Table::read(text.as_bytes(), 10).unwrap();
        assert_eq!(table.ignored, ["photo"]);
        let row = &table.rows[0];
        assert_eq!((row.line, table.cell(row, "activity"), table.cell(row, "_uuid")), (2, "session", "u1"));
        assert_eq!(table.first(row, &["rootUuid", "_uuid"]), ("_uuid", "u1"));
        let error = table.error(row, "occurred_at", Fault::NotDay).to_string();
        assert!(error.starts_with("row 2, column g/occurred_at: \"2026-04-14\" is no date"), "{error}");
    }

    #[test]
    fn what_is_no_table_is_refused_plainly() {
        let head = "activity,occurred_at,_uuid,place\n";
        let with = |row: &str| errors(format!("{head}{row}\n").as_bytes());
        assert!(errors(",".repeat(1_000_000).as_bytes())[0].contains("more than 1000 columns"));
        assert!(with(&",".repeat(1_000_000))[0].starts_with("row 2 is longer than 16 KB"));
        assert!(with(&format!("session,2026-04-14,u,{}", "x".repeat(20_000)))[0].contains("long cells"));
        assert_eq!(
            with("session,2026-04-14,u,=cmd()|x")[0],
            "row 2, column place: \"=cmd()|x\" begins like a formula: take the first sign away"
        );
        assert!(with("session,2026-04-14,u,+1+A1")[0].contains("formula"));
        assert!(with("session,2026-04-14,u,@SUM(A1)")[0].contains("formula"));
        assert!(with("session,2026-04-14,u,a\u{7}b")[0].contains("control"));
        assert!(with("session,2026-04-14,u")[0].contains("has 3 cells, the header has 4"));
        assert!(with("session,2026-04-14,\"u,x")[0].contains("quotation mark"));
        assert!(
            errors(b"activity,occurred_at,_uuid\nsession,\xff\xfe,u\n")[0].starts_with("row 2 is no UTF-8")
        );
        assert!(
            errors(
                "activity,occurred_at,_uuid\n"
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<_>>()
                    .as_slice()
            )[0]
            .contains("UTF-8")
        );
        assert_eq!(errors(b"")[0], "the file has no rows");
        assert_eq!(errors(head.as_bytes())[0], "the file has no rows");
        let missing = errors(b"a,b\n1,2\n");
        assert_eq!(missing.len(), 3, "{missing:?}");
        assert!(errors(b"a/_uuid,_uuid,activity,date\n1,2,3,4\n")[0].contains("is there twice"));
        assert!(Table::read(format!("{head}session,2026-04-14,u,-12.5 7\n").as_bytes(), 9).is_ok());
    }
}
