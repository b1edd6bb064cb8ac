//! Events of a file, row by row, checked before any is counted.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{config::instant, csv::records};
use crate::{domain::Timestamp, indicators::Channel};

const COLUMNS: [&str; 8] =
    ["seq", "event_id", "occurred_at", "recorded_at", "source", "ident", "type", "attrs"];
/// Types of indicators.md §1.4, and of the registers (§1.5).
const TYPES: [&str; 22] = [
    "contact",
    "content_view",
    "question",
    "quiz_done",
    "form_done",
    "or_lead",
    "or_enrolled",
    "vt_sent",
    "service",
    "referral_made",
    "referral_confirmed",
    "broadcast_delivered",
    "optout",
    "profile",
    "link",
    "flag",
    "erase",
    "tally",
    "approve",
    "void",
    "trainee",
    "survey",
];
/// Types that belong to no identity.
const NOBODY: [&str; 5] = ["tally", "approve", "void", "trainee", "survey"];
/// What a program that opens tables takes for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
const SIMULATED: &str = "sim";
const TEXT_MAX_CHARS: usize = 128;

/// A made-up identity of a file: `tg:101`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity(Box<str>);

impl Identity {
    /// `tg:`, `wa:`, `web:` or `reg:` and a name.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        let fits = !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+'));
        (["tg", "wa", "web", "reg"].contains(&kind) && fits).then(|| Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn channel(&self) -> Channel {
        match self.0.split_once(':') {
            Some(("tg", _)) => Channel::Telegram,
            Some(("wa", _)) => Channel::WhatsApp,
            Some(("web", _)) => Channel::Web,
            _ => Channel::Centre,
        }
    }
}

/// A row that may be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub seq: i64,
    pub event_id: String,
    pub at: Timestamp,
    pub recorded: Timestamp,
    pub source: String,
    pub ident: Option<Identity>,
    pub kind: String,
    pub code: Option<String>,
    /// One JSON object, its values texts.
    pub attrs: String,
    /// The other identity of a `link`.
    pub other: Option<Identity>,
}

/// Why a row cannot be counted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}: {what}")]
pub struct RowError {
    /// Line of the file on which it begins, the header being 1.
    pub row: usize,
    pub what: String,
}

/// What is counted as the rules say, but should be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    /// The same event id again, with other content: the first row wins.
    Differs { row: usize, first: usize },
}

/// Reads a whole file. The rows come in the order of the record, (`recorded_at`, `seq`); what a simulator made and ids
/// that came before are left out.
///
/// # Errors
/// Every row that cannot be counted, at most `most` of them: then nothing of the file may be.
pub fn read_events(text: &str, most: usize) -> Result<(Vec<Row>, Vec<Alert>), Vec<RowError>> {
    let mut errors = Vec::new();
    let mut rows: Vec<(usize, Row)> = Vec::new();
    let mut seqs = HashSet::new();
    let mut lines = records(text);
    match lines.next() {
        Some(Ok(header)) if header.fields == COLUMNS => {}
        Some(Err(error)) => errors.push(csv_error(&error)),
        _ => errors.push(RowError { row: 1, what: format!("the columns must be {}", COLUMNS.join(",")) }),
    }
    if errors.is_empty() {
        for found in lines {
            let read = found.map_err(|error| csv_error(&error)).and_then(|record| {
                let row = record.line;
                let read = read_row(&record.fields).map_err(|what| RowError { row, what })?;
                if !seqs.insert(read.seq) {
                    return Err(RowError { row, what: format!("seq {} was there before", read.seq) });
                }
                Ok((row, read))
            });
            match read {
                Ok(read) => rows.push(read),
                Err(error) => errors.push(error),
            }
            if errors.len() >= most {
                break;
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    rows.retain(|(_, row)| row.source != SIMULATED);
    rows.sort_by_key(|(_, row)| (row.recorded, row.seq));
    Ok(once(rows))
}

/// The text of a file.
///
/// # Errors
/// The row at which it is no text.
pub fn read_text(bytes: &[u8]) -> Result<&str, RowError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let row = before.split(|byte| *byte == b'\n').count();
        RowError { row, what: "no UTF-8 text".to_owned() }
    })
}

/// The first row of each event id.
fn once(rows: Vec<(usize, Row)>) -> (Vec<Row>, Vec<Alert>) {
    let mut first: HashMap<String, usize> = HashMap::with_capacity(rows.len());
    let mut kept: Vec<(usize, Row)> = Vec::with_capacity(rows.len());
    let mut alerts = Vec::new();
    for (line, row) in rows {
        let Some(place) = first.get(&row.event_id) else {
            first.insert(row.event_id.clone(), kept.len());
            kept.push((line, row));
            continue;
        };
        if let Some((at, earlier)) = kept.get(*place)
            && (earlier.at, &earlier.kind, &earlier.ident, &earlier.attrs)
                != (row.at, &row.kind, &row.ident, &row.attrs)
        {
            alerts.push(Alert::Differs { row: line, first: *at });
        }
    }
    (kept.into_iter().map(|(_, row)| row).collect(), alerts)
}

fn csv_error(error: &super::csv::CsvError) -> RowError {
    let text = error.to_string();
    let what = text.split_once(": ").map_or(text.as_str(), |(_, what)| what).to_owned();
    RowError { row: error.line(), what }
}

fn read_row(fields: &[String]) -> Result<Row, String> {
    let [seq, event_id, occurred, recorded, source, ident, kind, attrs] = fields else {
        return Err(format!("{} columns in place of {}", fields.len(), COLUMNS.len()));
    };
    for (name, value) in COLUMNS.iter().zip(fields) {
        if value.starts_with(FORMULA) {
            return Err(format!("{name} begins like a formula"));
        }
        if value.chars().any(char::is_control) {
            return Err(format!("{name} holds a control character"));
        }
    }
    let seq = seq.parse::<i64>().map_err(|_| format!("seq {} is no number", short(seq)))?;
    text("event_id", event_id)?;
    let at = instant(occurred).ok_or_else(|| not_instant("occurred_at", occurred))?;
    let recorded = match recorded.as_str() {
        "" => at,
        text => instant(text).ok_or_else(|| not_instant("recorded_at", text))?,
    };
    if source.is_empty() || !source.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
        return Err(format!("source {} is no word", short(source)));
    }
    if !TYPES.contains(&kind.as_str()) && !["policy_item", "report_item"].contains(&kind.as_str()) {
        return Err(format!("unknown type {}", short(kind)));
    }
    let is_nobodys = NOBODY.contains(&kind.as_str()) || kind.ends_with("_item");
    let ident = match ident.as_str() {
        "" if is_nobodys => None,
        "" => return Err(format!("{kind} needs an ident")),
        text => Some(Identity::parse(text).ok_or_else(|| format!("ident {} is none", short(text)))?),
    };
    let mut pairs = read_attrs(attrs)?;
    check(kind, &pairs)?;
    let other = match kind.as_str() {
        "link" => {
            let other = pairs.get("other").and_then(Value::as_str).unwrap_or_default();
            Some(Identity::parse(other).ok_or_else(|| format!("other {} is no ident", short(other)))?)
        }
        _ => None,
    };
    let code = match pairs.remove("c") {
        Some(Value::String(code)) => Some(code.to_ascii_lowercase()).filter(|code| !code.is_empty()),
        _ => None,
    };
    Ok(Row {
        seq,
        event_id: event_id.clone(),
        at,
        recorded,
        source: source.clone(),
        ident: ident.filter(|_| !is_nobodys),
        kind: kind.clone(),
        code,
        attrs: Value::Object(pairs).to_string(),
        other,
    })
}

fn read_attrs(text: &str) -> Result<Map<String, Value>, String> {
    let mut pairs = Map::new();
    for pair in text.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(format!("attribute {} is no key=value", short(pair)));
        };
        let is_key =
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit());
        if !is_key {
            return Err(format!("attribute {} has no name", short(pair)));
        }
        if value.starts_with(FORMULA) {
            return Err(format!("attribute {key} begins like a formula"));
        }
        text_within(key, value)?;
        if pairs.insert(key.to_owned(), value.into()).is_some() {
            return Err(format!("attribute {key} is there twice"));
        }
    }
    Ok(pairs)
}

/// Checks what would be counted wrongly, or not at all, without anybody seeing it.
fn check(kind: &str, pairs: &Map<String, Value>) -> Result<(), String> {
    let value = |key: &str| pairs.get(key).and_then(Value::as_str);
    let one_of = |key: &str, words: &[&str]| match value(key) {
        Some(word) if !words.contains(&word) => {
            Err(format!("{key} {} is none of {}", short(word), words.join(", ")))
        }
        _ => Ok(()),
    };
    let needs = |key: &str| match value(key) {
        None | Some("") => Err(format!("{kind} needs {key}")),
        Some(_) => Ok(()),
    };
    let number = |key: &str| match value(key) {
        Some(text) if text.parse::<u32>().is_err() => Err(format!("{key} {} is no number", short(text))),
        _ => Ok(()),
    };
    one_of("sex", &["F", "M", "U"])?;
    one_of("aud", &["migrant", "employer", "family", "other", "U"])?;
    if let Some(code) = value("c")
        && !code.is_empty()
        && !is_code(code)
    {
        return Err(format!("c {} has not the form of a code", short(code)));
    }
    if let Some(age) = value("age")
        && !["<18", "18-24", "25-29", "30-34", "35-49", "50-59", "60+", "U"].contains(&age)
        && !age.parse::<u32>().is_ok_and(|years| years <= 120)
    {
        return Err(format!("age {} is neither years nor a group", short(age)));
    }
    match kind {
        "content_view" => one_of("k", &["how", "help", "both", "other"]),
        "service" => {
            one_of("kind", &["legal", "social", "employment", "access", "other"])?;
            one_of("result", &["delivered", "no_show", "open"])?;
            one_of("vuln", &["0", "1"])
        }
        "referral_made" | "referral_confirmed" => needs("ref"),
        "link" => needs("other"),
        "flag" => {
            needs("kind")?;
            one_of("kind", &["test", "staff", "bot"])
        }
        // One that does not say by whom approves nothing.
        "approve" | "void" => needs("target"),
        "tally" => {
            needs("activity")?;
            one_of("activity", &["session", "centre_new_clients", "leaflet", "media"])?;
            ["n_f", "n_m", "n_u", "employers", "quantity", "n"].iter().try_for_each(|key| number(key))
        }
        "trainee" => needs("key").and_then(|()| one_of("role", &["civil_servant", "non_state", "other"])),
        "policy_item" | "report_item" => needs("key"),
        "survey" => needs("key").and_then(|()| one_of("answer", &["up", "same", "down", "none"])),
        _ => Ok(()),
    }
}

/// The form of a code in a link (indicators.md §1.11): wider than that of this bot's register.
fn is_code(text: &str) -> bool {
    const CODE_MAX_BYTES: usize = 64;
    text.len() <= CODE_MAX_BYTES
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn text(name: &str, value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Err(format!("{name} is empty"));
    }
    text_within(name, value)
}

fn text_within(name: &str, value: &str) -> Result<(), String> {
    let chars = value.chars().count();
    if chars > TEXT_MAX_CHARS {
        return Err(format!("{name} has {chars} characters, at most {TEXT_MAX_CHARS}"));
    }
    Ok(())
}

fn not_instant(name: &str, value: &str) -> String {
    format!("{name} {} is no instant like 2026-02-03T09:00:00+05:00", short(value))
}

/// The value as an error shows it: not all of a long one.
fn short(value: &str) -> String {
    const SHOWN_CHARS: usize = 40;
    let shown: String = value.chars().take(SHOWN_CHARS).collect();
    let dots = if value.chars().count() > SHOWN_CHARS { "…" } else { "" };
    format!("{shown:?}{dots}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(body: &str) -> Vec<String> {
        let text = format!("{}\n{body}", COLUMNS.join(","));
        read_events(&text, 10)
            .map_or_else(|found| found.iter().map(ToString::to_string).collect(), |_| Vec::new())
    }

    #[test]
    fn each_bad_row_is_named_and_nothing_is_read() {
        let good = "1,e1,2026-02-03T09:00:00+05:00,,bot,tg:1,contact,c=fb1";
        assert_eq!(errors(good), [""; 0]);
        for (row, what) in [
            ("2,e2,2026-02-03T09:00:00+05:00,,bot,tg:1,dance,", "unknown type \"dance\""),
            ("2,e2,2026-02-30T09:00:00+05:00,,bot,tg:1,contact,", "occurred_at"),
            ("2,e2,2026-02-03T09:00:00,,bot,tg:1,contact,", "occurred_at"),
            ("2,e2,2026-02-03T09:00:00Z,soon,bot,tg:1,contact,", "recorded_at"),
            ("1,e2,2026-02-03T09:00:00Z,,bot,tg:1,contact,", "seq 1 was there before"),
            ("x,e2,2026-02-03T09:00:00Z,,bot,tg:1,contact,", "seq"),
            ("2,,2026-02-03T09:00:00Z,,bot,tg:1,contact,", "event_id is empty"),
            ("2,=1+1,2026-02-03T09:00:00Z,,bot,tg:1,contact,", "formula"),
            ("2,e2,2026-02-03T09:00:00Z,,bot,tg:1,contact,sex==cmd()", "formula"),
            ("2,e2,2026-02-03T09:00:00Z,,bot,tg:1,contact,sex=X", "sex \"X\""),
            ("2,e2,2026-02-03T09:00:00Z,,bot,,contact,", "needs an ident"),
            ("2,e2,2026-02-03T09:00:00Z,,bot,+99290,contact,", "formula"),
            ("2,e2,2026-02-03T09:00:00Z,,bot,x:1,contact,", "ident \"x:1\""),
            ("2,e2,2026-02-03T09:00:00Z,,bot,tg:1,link,other=5", "other \"5\""),
            ("2,e2,2026-02-03T09:00:00Z,,field,,tally,activity=session;n_f=many", "n_f"),
            ("2,e2,2026-02-03T09:00:00Z,,bot,tg:1,content_view,k=all", "k \"all\""),
            ("2,e2,2026-02-03T09:00:00Z,,bot,tg:1,contact,c=a b", "c \"a b\""),
            ("2,e2,2026-02-03T09:00:00Z,,bot,tg:1,contact", "7 columns in place of 8"),
        ] {
            let found = errors(&format!("{good}\n{row}"));
            assert_eq!(found.len(), 1, "{row}: {found:?}");
            assert!(found[0].starts_with("row 3: ") && found[0].contains(what), "{row}: {found:?}");
        }
        let wide = ",".repeat(1_000_000);
        assert!(errors(&format!("{good}\n{wide}"))[0].starts_with("row 3: longer than"));
        assert!(read_events(&wide, 10).unwrap_err()[0].to_string().starts_with("row 1: "));
    }

    #[test]
    fn what_is_no_text_is_told_with_its_row() {
        assert_eq!(read_text(b"a\nb"), Ok("a\nb"));
        assert_eq!(read_text(b"a\nb\n\xff\nc").unwrap_err().row, 3);
    }

    #[test]
    fn an_id_that_comes_again_is_dropped_and_told_if_it_differs() {
        let text = format!(
            "{}\n3,e1,2026-02-03T09:00:00Z,2026-02-05T09:00:00Z,bot,tg:1,question,\n\
             2,e1,2026-02-03T09:00:00Z,,bot,tg:1,contact,\n\
             5,e1,2026-02-03T09:00:00Z,2026-02-06T09:00:00Z,bot,tg:1,contact,\n\
             4,e2,2026-02-03T09:00:00Z,,sim,tg:1,contact,\n",
            COLUMNS.join(",")
        );
        let (rows, alerts) = read_events(&text, 10).unwrap();
        assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [2]);
        assert_eq!(alerts, [Alert::Differs { row: 2, first: 3 }]);
    }
}
