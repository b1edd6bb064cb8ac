//! XLSX: the workbook of indicators.md §2.6.
//!
//! All text is written as strings, so nothing that people typed can become a formula; the one formula is our own check.

use chrono::Datelike as _;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
    XlsxError,
};

use super::{Export, Said};
use crate::{
    domain::{Day, Timestamp},
    report::{
        ReportError,
        sheets::{Row, Sheet, Table, Value, workbook},
    },
};

pub const EXPORT: Export = Export {
    name: "xlsx",
    ending: "xlsx",
    mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    is_published: false,
    is_by_month: false,
    is_by_country: false,
    write,
};

/// A4 in the numbers of the format.
const A4: u8 = 9;
/// Has the letters of Tajik and Kyrgyz.
const FONT: &str = "Arial";
const HEAD_COLOUR: u32 = 0x0E_5F58;
const STRONG_COLOUR: u32 = 0xE4_F1EE;
const LINE_COLOUR: u32 = 0xD9_D4CA;
const DAY_FORMAT: &str = "yyyy-mm-dd";
const INSTANT_FORMAT: &str = "yyyy-mm-dd hh:mm";

fn write(said: &Said<'_>) -> Result<Vec<u8>, ReportError> {
    book(said).map_err(|error| ReportError::Write(error.to_string()))
}

fn book(said: &Said<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let report = said.view.report;
    // The file says when its figures were made, not when the writer ran.
    let properties = DocProperties::new()
        .set_title(said.head())
        .set_author(&said.order.prepared)
        .set_creation_datetime(&instant(report.made_at, 0)?);
    book.set_properties(&properties);
    let page = said.words.with("report-page", &[("page", &"&P"), ("pages", &"&N")]);
    for sheet in workbook(said) {
        let worksheet = book.add_worksheet();
        Writer { said, worksheet, row: 0 }.sheet(&sheet, &page)?;
    }
    book.save_to_buffer()
}

struct Writer<'a> {
    said: &'a Said<'a>,
    worksheet: &'a mut Worksheet,
    row: u32,
}

impl Writer<'_> {
    fn sheet(mut self, sheet: &Sheet, page: &str) -> Result<(), XlsxError> {
        self.worksheet.set_name(&sheet.name)?;
        let title = plain().set_bold().set_font_size(14);
        self.line(&sheet.name, &title)?;
        self.line(&self.said.head(), &plain())?;
        for note in &sheet.notes {
            self.line(note, &plain().set_italic())?;
        }
        self.row += 1;
        let widest = sheet.tables.iter().map(|table| table.columns.len()).max().unwrap_or(1);
        for place in 0..widest {
            let widths = sheet.tables.iter().filter_map(|table| table.columns.get(place));
            let width = widths.map(|column| column.width).max().unwrap_or(10);
            self.worksheet.set_column_width(column(place), f64::from(width))?;
        }
        let mut header = None;
        for table in &sheet.tables {
            if !table.heading.is_empty() {
                self.line(&table.heading, &plain().set_bold().set_font_size(12))?;
            }
            header.get_or_insert(self.row);
            self.table(table)?;
            self.row += 1;
        }
        if let Some(header) = header {
            // Names stay in sight on the table that is wide.
            self.worksheet.set_freeze_panes(header + 1, 1)?;
            self.worksheet.set_repeat_rows(header, header)?;
        }
        let last = self.row.saturating_sub(1);
        self.worksheet.set_print_area(0, 0, last, column(widest.saturating_sub(1)))?;
        self.worksheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        self.worksheet.set_header(format!("&L{}", escaped(&self.said.head())));
        self.worksheet.set_footer(format!("&L{}&R{page}", escaped(&sheet.name)));
        Ok(())
    }

    fn line(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.worksheet.write_string_with_format(self.row, 0, text, format)?;
        self.row += 1;
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), XlsxError> {
        let header = bordered()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(HEAD_COLOUR))
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        for (place, of) in table.columns.iter().enumerate() {
            self.worksheet.write_string_with_format(self.row, column(place), &of.title, &header)?;
        }
        self.row += 1;
        for row in &table.rows {
            for (place, value) in row.cells.iter().enumerate() {
                self.cell(column(place), value, row)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    fn cell(&mut self, at: u16, value: &Value, row: &Row) -> Result<(), XlsxError> {
        let mut format = bordered().set_align(FormatAlign::Top);
        if row.strong {
            format = format.set_bold().set_background_color(Color::RGB(STRONG_COLOUR));
        }
        let (line, sheet) = (self.row, &mut *self.worksheet);
        match value {
            Value::Empty => sheet.write_blank(line, at, &format)?,
            Value::Text(text) => {
                format = format.set_text_wrap();
                if at == 0 && row.level > 0 {
                    format = format.set_indent(row.level);
                }
                sheet.write_string_with_format(line, at, text, &format)?
            }
            Value::Number(number) => {
                // Figures are far below 2^53.
                sheet.write_number_with_format(line, at, *number as f64, &format.set_num_format("#,##0"))?
            }
            Value::Percent(tenths) => {
                let percent = *tenths as f64 / 10.0;
                sheet.write_number_with_format(line, at, percent, &format.set_num_format("0.0"))?
            }
            Value::Day(found) => {
                let format = format.set_num_format(DAY_FORMAT);
                sheet.write_datetime_with_format(line, at, day(*found)?, &format)?
            }
            Value::Instant(found) => {
                let offset = self.said.view.settings().rules.offset_minutes;
                let format = format.set_num_format(INSTANT_FORMAT);
                sheet.write_datetime_with_format(line, at, instant(*found, offset)?, &format)?
            }
            Value::Formula(text, result) => {
                let text = text.replace("{row}", &(line + 1).to_string());
                let formula = Formula::new(text).set_result(result.to_string());
                sheet.write_formula_with_format(line, at, formula, &format.set_num_format("#,##0"))?
            }
        };
        Ok(())
    }
}

fn plain() -> Format {
    Format::new().set_font_name(FONT).set_font_size(10)
}

fn bordered() -> Format {
    plain().set_border(FormatBorder::Thin).set_border_color(Color::RGB(LINE_COLOUR))
}

fn column(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// In headers and footers `&` begins a code; both hold at most 255 characters.
fn escaped(text: &str) -> String {
    text.replace('&', "&&").chars().take(180).collect()
}

fn day(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let number = |n: u32| u8::try_from(n).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), number(day.month()), number(day.day()))
}

fn instant(at: Timestamp, offset_minutes: i32) -> Result<ExcelDateTime, XlsxError> {
    let minutes = (at.0.div_euclid(60_000) + i64::from(offset_minutes)).rem_euclid(1_440);
    let (hour, minute) = (minutes / 60, minutes % 60);
    let second = u16::try_from(at.0.div_euclid(1_000).rem_euclid(60)).unwrap_or(0);
    day(at.day(offset_minutes))?.and_hms(
        u16::try_from(hour).unwrap_or(0),
        u8::try_from(minute).unwrap_or(0),
        f64::from(second),
    )
}
