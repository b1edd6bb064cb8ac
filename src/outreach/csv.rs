//! The register as CSV (RFC 4180), for a spreadsheet.

use std::collections::BTreeMap;

use super::Campaign;
use crate::domain::Day;

/// Tells a spreadsheet that the file is UTF-8.
const MARK: char = '\u{FEFF}';
const HEAD: [&str; 13] = [
    "code",
    "kind",
    "label",
    "country",
    "from",
    "until",
    "partner",
    "budget_line",
    "owner",
    "state",
    "created",
    "page_opens",
    "page",
];

/// The register with the opens of each code's page. `page`: the address of a code's page, where one is known.
pub fn csv(
    campaigns: &[Campaign],
    opens: &BTreeMap<String, i64>,
    today: Day,
    page: impl Fn(&str) -> Option<String>,
) -> String {
    let mut out = String::from(MARK);
    let mut line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    };
    line(&HEAD.map(str::to_owned));
    for campaign in campaigns {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let state = match () {
            () if campaign.is_over(today) => "ended",
            () if campaign.is_ahead(today) => "planned",
            () => "running",
        };
        line(&[
            campaign.code.clone(),
            campaign.kind.clone(),
            campaign.label.clone(),
            campaign.country.clone(),
            day(campaign.from),
            day(campaign.until),
            campaign.partner.clone(),
            campaign.budget_line.clone(),
            campaign.owner.clone(),
            state.to_owned(),
            campaign.created_at.to_iso(),
            opens.get(&campaign.code).copied().unwrap_or(0).to_string(),
            page(&campaign.code).unwrap_or_default(),
        ]);
    }
    out
}

/// A cell. What people typed never becomes a formula: a spreadsheet takes an apostrophe for "this is text".
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', ';', '"', '\n', '\r']) || cell != cell.trim() {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_day;

    #[test]
    fn what_people_typed_is_text() {
        let campaign = Campaign {
            code: "osh-1".into(),
            kind: "poster".into(),
            label: "=HYPERLINK(\"http://x\")".into(),
            partner: "Ош, базар".into(),
            until: parse_day("2026-04-30"),
            ..Campaign::default()
        };
        let opens = [("osh-1".to_owned(), 7)].into();
        let text =
            csv(&[campaign], &opens, parse_day("2026-05-01").unwrap(), |code| Some(format!("/l/{code}")));
        let line = text.lines().nth(1).unwrap();
        assert_eq!(
            line,
            "osh-1,poster,\"'=HYPERLINK(\"\"http://x\"\")\",,,2026-04-30,\"Ош, базар\",,,ended,1970-01-01T00:00:00Z,7,/l/osh-1"
        );
    }
}
