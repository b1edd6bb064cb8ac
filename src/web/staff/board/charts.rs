//! Charts as SVG of our own: plain shapes in a template, coloured by the style sheet.
//!
//! The chart crates were looked at. `charming` needs a JavaScript engine to draw; `poloto` and `plotters` write style
//! elements, which the pages' policy refuses, and text that neither grows with the page nor is told to a screen reader.
//! What is shown here are bars, columns and ranges: some arithmetic.

use super::words;

/// Units of a drawing's width: about a phone's pixels, so that letters are read there and grow on a wide page.
pub const WIDTH: u32 = 360;
/// Units of a bar with a label of one line, and of each more.
const ROW: u32 = 36;
const LINE: u32 = 14;
/// Letters of a line of a label: the number beside the first finds room on a phone, where letters do not shrink below ten
/// pixels.
const LABEL_MAX: usize = 38;
const LABEL_LINES: usize = 4;
/// Of columns: where they may reach, and where they stand. Months stand below.
const TOP: f64 = 18.0;
const BOTTOM: f64 = 150.0;
/// Labels of months that find room beside each other.
const LABELS_MAX: usize = 8;

/// Bars, one below the other.
pub struct Bars {
    pub id: String,
    pub title: String,
    pub desc: String,
    pub height: u32,
    pub rows: Vec<Bar>,
}

pub struct Bar {
    /// Each with its height.
    pub lines: Vec<(u32, String)>,
    pub number: String,
    pub label_y: u32,
    pub y: u32,
    pub width: String,
    /// The value that somebody chose.
    pub marked: bool,
}

/// What a bar shows: label, number as it is written, length (`None`: hidden), whether it is marked.
pub type Data = (String, String, Option<u64>, bool);

pub fn bars(id: &str, title: String, desc: String, most: Option<u64>, data: Vec<Data>) -> Bars {
    let longest = data.iter().filter_map(|(_, _, length, _)| *length).max().unwrap_or(0);
    let most = most.unwrap_or(longest).max(1);
    let mut height = 0;
    let mut rows = Vec::with_capacity(data.len());
    for (label, number, length, marked) in data {
        let label_y = height + 13;
        let lines: Vec<(u32, String)> = words::wrapped(&label, LABEL_MAX, LABEL_LINES)
            .into_iter()
            .zip(0_u32..)
            .map(|(line, place)| (label_y + place * LINE, line))
            .collect();
        let more = u32::try_from(lines.len()).unwrap_or(1).saturating_sub(1) * LINE;
        let width = units(long(length.unwrap_or(0), most));
        rows.push(Bar { lines, number, label_y, y: height + 19 + more, width, marked });
        height += ROW + more;
    }
    Bars { id: id.to_owned(), title, desc, height: height.max(ROW), rows }
}

/// Columns or ranges, one for each month.
pub struct Columns {
    pub id: String,
    pub title: String,
    pub desc: String,
    pub months: Vec<Column>,
    /// The largest number, at the top.
    pub most: String,
    /// Height of the line of a target, and what it says.
    pub target: Option<(String, String)>,
}

pub struct Column {
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    /// Middle, for the label; empty where there is no room for one.
    pub middle: String,
    pub label: String,
    /// A mark across: the known share within its bounds.
    pub mark: Option<String>,
}

/// Bounds of a column, the first zero for a plain one, and a mark. `None`: hidden.
pub type Reach = Option<(u64, u64, Option<u64>)>;

pub fn columns(
    id: &str,
    (title, desc): (String, String),
    (most, written): (u64, String),
    target: Option<(u64, String)>,
    data: Vec<(String, Reach)>,
) -> Columns {
    let most = most.max(1);
    let level = |n: u64| BOTTOM - part(n.min(most), most) * (BOTTOM - TOP);
    let count = data.len().max(1);
    let step = f64::from(WIDTH) / as_units(count);
    let every = count.div_ceil(LABELS_MAX);
    let months = data
        .into_iter()
        .enumerate()
        .map(|(place, (label, reach))| {
            let (low, high, mark) = reach.unwrap_or((0, 0, None));
            let left = as_units(place) * step;
            // A range of nothing is still to be seen.
            let height = (level(low) - level(high)).max(if high > 0 { 1.5 } else { 0.0 });
            Column {
                x: units(left + step * 0.15),
                y: units(level(high)),
                width: units(step * 0.7),
                height: units(height),
                middle: units(left + step / 2.0),
                label: if place.is_multiple_of(every) { label } else { String::new() },
                mark: mark.map(|mark| units(level(mark))),
            }
        })
        .collect();
    let target = target.filter(|(n, _)| *n <= most).map(|(n, text)| (units(level(n)), text));
    Columns { id: id.to_owned(), title, desc, months, most: written, target }
}

fn part(n: u64, of: u64) -> f64 {
    // Drawn, not counted: what a float loses is far below a pixel.
    n as f64 / of as f64
}

/// What is more than nothing is to be seen.
fn long(n: u64, most: u64) -> f64 {
    let least = if n > 0 { 1.5 } else { 0.0 };
    (part(n.min(most), most) * f64::from(WIDTH)).max(least)
}

fn as_units(n: usize) -> f64 {
    n as f64
}

fn units(n: f64) -> String {
    format!("{n:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_numbers() {
        let data = vec![
            ("a".to_owned(), "10".to_owned(), Some(10), false),
            ("b".to_owned(), "<5".to_owned(), None, true),
            ("c".to_owned(), "5".to_owned(), Some(5), false),
        ];
        let chart = bars("x", String::new(), String::new(), None, data);
        let widths: Vec<&str> = chart.rows.iter().map(|bar| bar.width.as_str()).collect();
        assert_eq!((widths, chart.height), (vec!["360.0", "0.0", "180.0"], 108));
        assert!(chart.rows[1].marked);
        // A long label takes more lines, and moves what comes below.
        let long =
            "Люди, работодатели и мигранты, которых кампания охватила и которым дала знания".to_owned();
        let data = vec![
            (long.clone(), "1".to_owned(), Some(1), false),
            ("b".to_owned(), "1".to_owned(), Some(1), false),
        ];
        let chart = bars("x", String::new(), String::new(), None, data);
        let lines: Vec<&str> = chart.rows[0].lines.iter().map(|(_, line)| line.as_str()).collect();
        assert!(lines.len() == 3 && lines.join(" ") == long, "{lines:?}");
        assert_eq!((chart.rows[0].y, chart.rows[1].label_y, chart.height), (47, 77, 100));
    }

    #[test]
    fn ranges_stand_between_their_bounds() {
        let data = vec![("2026-01".to_owned(), Some((250, 750, Some(500)))), ("2026-02".to_owned(), None)];
        let chart = columns(
            "x",
            (String::new(), String::new()),
            (1_000, "100".into()),
            Some((300, "30 %".into())),
            data,
        );
        let of = |place: usize| {
            let column: &Column = &chart.months[place];
            (column.y.clone(), column.height.clone(), column.mark.clone())
        };
        assert_eq!(of(0), ("51.0".into(), "66.0".into(), Some("84.0".into())));
        assert_eq!(of(1), ("150.0".into(), "0.0".into(), None));
        assert_eq!(chart.target.unwrap().0, "110.4");
    }
}
