//! The configuration of a replay.

use serde::Deserialize;

use crate::{
    domain::{Day, Timestamp, parse_day},
    indicators::{Equipped, Rules, RulesError, Window},
};

/// What `config.json` of indicators.md §4.1 says.
#[derive(Clone, Debug)]
pub struct Config {
    pub rules: Rules,
    /// Threshold of published cells.
    pub k: u64,
    /// In the order of their instants.
    pub snapshots: Vec<Snapshot>,
    pub windows: Vec<(String, Window)>,
    pub dim_window: (String, Window),
}

/// An instant at which figures are taken, and how the file writes it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub at: Timestamp,
    pub name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration is no JSON of the known form: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{key}: {found:?} is no {wanted}")]
    Value { key: &'static str, found: String, wanted: &'static str },
    #[error(transparent)]
    Rules(#[from] RulesError),
}

#[derive(Deserialize)]
struct Raw {
    programme_start: String,
    programme_end: String,
    utc_offset_minutes: i32,
    #[serde(default)]
    campaigns: Vec<String>,
    #[serde(default = "thirty")]
    lookback_days: u32,
    #[serde(default = "seven")]
    overlap_days: u32,
    #[serde(default = "five")]
    k: u64,
    #[serde(default)]
    equipped: Option<String>,
    as_of: Vec<String>,
    windows: Vec<String>,
    dim_window: String,
}

const fn thirty() -> u32 {
    30
}

const fn seven() -> u32 {
    7
}

const fn five() -> u64 {
    5
}

impl Config {
    /// Reads the JSON of a configuration.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key.
    pub fn read(json: &str) -> Result<Self, ConfigError> {
        let raw: Raw = serde_json::from_str(json)?;
        let value = |key, found: &str, wanted| ConfigError::Value { key, found: found.to_owned(), wanted };
        let day = |key, text: &str| -> Result<Day, ConfigError> {
            parse_day(text).ok_or_else(|| value(key, text, "day"))
        };
        let window = |key, text: String| -> Result<(String, Window), ConfigError> {
            let found =
                Window::parse(&text).filter(|window| !matches!(window, Window::Day(_) | Window::Span(..)));
            let found = found.ok_or_else(|| value(key, &text, "month, quarter or \"programme\""))?;
            Ok((text, found))
        };
        let rules = Rules {
            start: day("programme_start", &raw.programme_start)?,
            end: day("programme_end", &raw.programme_end)?,
            offset_minutes: raw.utc_offset_minutes,
            lookback_days: raw.lookback_days,
            overlap_days: raw.overlap_days,
            equipped: match raw.equipped.as_deref() {
                None | Some("both") => Equipped::Both,
                Some("either") => Equipped::Either,
                Some(other) => return Err(value("equipped", other, "\"both\" or \"either\"")),
            },
            campaigns: raw.campaigns.iter().map(|code| code.to_ascii_lowercase().into()).collect(),
        };
        rules.check()?;
        let instant = |text: &String| match instant(text) {
            Some(at) => Ok(Snapshot { at, name: text.clone() }),
            None => Err(value("as_of", text, "instant with its zone")),
        };
        let mut snapshots = raw.as_of.iter().map(instant).collect::<Result<Vec<_>, _>>()?;
        snapshots.sort_by_key(|snapshot| snapshot.at);
        let windows = raw.windows.into_iter().map(|text| window("windows", text));
        Ok(Self {
            rules,
            k: raw.k,
            snapshots,
            windows: windows.collect::<Result<_, _>>()?,
            dim_window: window("dim_window", raw.dim_window)?,
        })
    }
}

/// An instant with its zone, as RFC 3339 has it.
pub fn instant(text: &str) -> Option<Timestamp> {
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(Timestamp(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"programme_start": "2026-01-01", "programme_end": "2027-03-31", "utc_offset_minutes": 300,
        "campaigns": ["FB1"], "as_of": ["2026-07-10T23:59:59+05:00", "2026-04-10T23:59:59+05:00"],
        "windows": ["2026-Q1", "programme"], "dim_window": "2026-Q2"}"#;

    #[test]
    fn a_configuration_is_read_or_the_key_is_named() {
        let config = Config::read(GOOD).unwrap();
        assert_eq!(config.snapshots[0].name, "2026-04-10T23:59:59+05:00");
        assert_eq!((config.k, config.rules.lookback_days, config.rules.label("fb1")), (5, 30, "fb1"));
        for (from, to, named) in [
            ("2026-01-01", "2026-13-01", "programme_start"),
            ("2027-03-31", "2025-03-31", "ends before"),
            ("2026-Q1", "2026-Q7", "windows"),
            ("2026-Q2", "2026-02-01", "dim_window"),
            ("59+05:00", "59", "as_of"),
            ("300", "\"x\"", "JSON"),
        ] {
            let error = Config::read(&GOOD.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
