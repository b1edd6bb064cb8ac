//! CSV: every figure of the report in one long table.

use super::{Export, Said};
use crate::{
    indicators::{Dimension, Indicator, Measure, Shown, percent},
    report::ReportError,
};

pub const EXPORT: Export = Export {
    name: "csv",
    ending: "csv",
    mime: "text/csv; charset=utf-8",
    is_published: false,
    is_by_month: false,
    is_by_country: false,
    write,
};

const HEADER: &str = "period,as_of,state,indicator,name,measure,adds_up,dimension,value,label,total,persons,\
    head_counts,erased,baseline,target,percent_of_target,before,restated";

/// So that Excel reads the letters.
const MARK: &str = "\u{feff}";

#[expect(clippy::unnecessary_wraps, reason = "as each export")]
fn write(said: &Said<'_>) -> Result<Vec<u8>, ReportError> {
    let (view, words) = (&said.view, &said.words);
    let report = view.report;
    let mut out = format!("{MARK}{HEADER}\r\n");
    let state = match (report.frozen, view.public) {
        (true, false) => "frozen",
        (false, false) => "provisional",
        (true, true) => "frozen public",
        (false, true) => "provisional public",
    };
    let dimensions =
        [Dimension::All].into_iter().chain(Dimension::OF_PERSONS).chain([Dimension::Centre, Dimension::Site]);
    for indicator in Indicator::ALL {
        for dimension in dimensions.clone().filter(|dimension| indicator.is_split_by(*dimension)) {
            let values = match dimension {
                Dimension::All => vec![String::new()],
                _ => view.values(*indicator, dimension),
            };
            for value in values {
                let line = view.line(*indicator, dimension, &value);
                for (measure, shown) in
                    [(Measure::New, line.new), (Measure::Active, line.active), (Measure::Cum, line.cum)]
                {
                    let is_cum = measure == Measure::Cum;
                    if shown == Shown::Hidden && view.public && measure != Measure::New {
                        continue;
                    }
                    let key = (*indicator, measure, dimension, value.clone());
                    let count = report.cells.get(&key).copied().unwrap_or_default();
                    let grade = |n: u64| if view.public { String::new() } else { n.to_string() };
                    let only = |told: Option<String>| told.filter(|_| is_cum).unwrap_or_default();
                    let before = only(match line.before {
                        Shown::Number(n) => Some(n.to_string()),
                        Shown::Below(_) | Shown::Hidden => None,
                    });
                    let label = match dimension {
                        Dimension::All => String::new(),
                        _ => words.value(dimension, &value),
                    };
                    let fields = [
                        report.period.to_string(),
                        report.as_of.to_iso(),
                        state.to_owned(),
                        indicator.as_str().to_owned(),
                        typed(&words.indicator(view.settings(), *indicator)),
                        measure.as_str().to_owned(),
                        if measure == Measure::New { "yes" } else { "no" }.to_owned(),
                        dimension.as_str().to_owned(),
                        typed(&value),
                        typed(&label),
                        shown.to_string(),
                        grade(count.persons),
                        grade(count.tally),
                        grade(count.erased),
                        only(line.baseline.map(|n| n.to_string())),
                        only(line.target.map(|n| n.to_string())),
                        only(line.share.map(percent)),
                        before,
                        only(line.restated.map(|n| n.to_string())),
                    ];
                    put(&mut out, &fields);
                }
            }
        }
    }
    Ok(out.into_bytes())
}

/// Adds a record (RFC 4180).
pub(super) fn put(out: &mut String, fields: &[String]) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) || field.starts_with(' ') || field.ends_with(' ') {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

/// Text of people as a field: what a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV
/// injection). Numbers do not come through here: a negative one stays a number.
pub(super) fn typed(text: &str) -> String {
    // Full-width forms are read as the plain ones by some.
    const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    if first.is_some_and(|first| SIGNS.contains(&first)) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_reckon_is_text() {
        for bad in ["=1+1", "+7", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\u{a0}=1"] {
            assert_eq!(typed(bad), format!("'{bad}"));
        }
        for good in ["", "fb1", "18-24", "a=b", "<18"] {
            assert_eq!(typed(good), good);
        }
        let mut out = String::new();
        put(&mut out, &[typed("=HYPERLINK(\"http://x\",\"y\")"), "a\nb".into(), " c".into()]);
        assert_eq!(out, "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",\"a\nb\",\" c\"\r\n");
    }
}
