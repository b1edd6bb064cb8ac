//! `indicators.toml`: programme, choices, targets, wording (indicators.md §1.15).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    ActivityInfo, Dhis2, Equipped, Exports, Iati, Indicator, Rules, RulesError, Window, window::month_of,
};
use crate::domain::{Day, StaffLocale, parse_day};

/// The version that is in force until another is stored.
pub const EMBEDDED: &str = include_str!("../../indicators.toml");

/// Days after a period within which its report may be frozen.
const FREEZE_DAYS: std::ops::RangeInclusive<u32> = 1..=28;
const K: std::ops::RangeInclusive<u64> = 3..=20;

/// Settings that cannot be used: which key, and why.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("indicators.toml: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("indicators.toml: {key}: {what}")]
    Value { key: String, what: String },
    #[error("indicators.toml: {0}")]
    Rules(#[from] RulesError),
}

/// What the programme has chosen.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Version of the definitions.
    pub version: u32,
    /// Without the register of campaigns, which lives in the database.
    pub rules: Rules,
    /// Whether reports are by quarter; else by month.
    pub quarters: bool,
    pub title: Wording,
    /// The indicator that is held against the large target, and whether head-counts are in it.
    pub headline: Indicator,
    pub with_head_counts: bool,
    /// Day after a period at whose end its report is frozen.
    pub freeze_day: u32,
    /// Whether women's share is met by its lower bound; else by the known share.
    pub by_lower_bound: bool,
    pub women_share_target: u32,
    /// Threshold of published cells, and that of some indicators.
    pub k: u64,
    pub k_small: u64,
    pub k_small_for: BTreeSet<Indicator>,
    /// Counts of things, not of people or households: published as they are.
    pub k_not_for: BTreeSet<Indicator>,
    /// The programme's zone as it is called.
    pub zone: String,
    pub exports: Exports,
    pub indicators: BTreeMap<Indicator, Line>,
}

/// An indicator's target and words.
#[derive(Clone, Debug)]
pub struct Line {
    pub baseline: u64,
    pub target: Option<u64>,
    pub wording: Wording,
}

/// The same in the four languages of reports.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    ru: String,
    tg: String,
    ky: String,
    en: String,
}

impl Wording {
    pub fn get(&self, locale: StaffLocale) -> &str {
        match locale {
            StaffLocale::Ru => &self.ru,
            StaffLocale::Tg => &self.tg,
            StaffLocale::Ky => &self.ky,
            StaffLocale::En => &self.en,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: u32,
    programme: RawProgramme,
    choices: RawChoices,
    indicator: BTreeMap<String, RawLine>,
    iati: Option<Iati>,
    dhis2: Option<Dhis2>,
    activityinfo: Option<ActivityInfo>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProgramme {
    start: String,
    end: String,
    zone: String,
    utc_offset_minutes: i32,
    period: String,
    title: Wording,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoices {
    equipped: String,
    headline: String,
    grades: String,
    automatic_support: String,
    freeze_day: u32,
    women_met_by: String,
    women_share_target: u32,
    overlap_days: u32,
    lookback_days: u32,
    k: u64,
    k_small: u64,
    k_small_for: Vec<String>,
    #[serde(default)]
    k_not_for: Vec<String>,
    returning: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    #[serde(default)]
    baseline: u64,
    target: Option<u64>,
    ru: String,
    tg: String,
    ky: String,
    en: String,
}

pub(super) fn wrong(key: &str, what: impl Into<String>) -> SettingsError {
    SettingsError::Value { key: key.to_owned(), what: what.into() }
}

/// The first of two words, or the second.
fn is_first(key: &str, found: &str, words: [&str; 2]) -> Result<bool, SettingsError> {
    match words.iter().position(|word| *word == found) {
        Some(place) => Ok(place == 0),
        None => Err(wrong(key, format!("{found:?} is neither {:?} nor {:?}", words[0], words[1]))),
    }
}

fn indicator(key: &str, code: &str) -> Result<Indicator, SettingsError> {
    let found = Indicator::parse(code).filter(|indicator| *indicator != Indicator::Est);
    found.ok_or_else(|| wrong(key, format!("{code:?} is no indicator")))
}

/// Only things may be published as they are: a count of people never.
fn things(of: BTreeSet<Indicator>) -> Result<BTreeSet<Indicator>, SettingsError> {
    let is_thing = |indicator: &Indicator| matches!(indicator, Indicator::P1 | Indicator::A1);
    match of.iter().find(|indicator| !is_thing(indicator)) {
        Some(people) => Err(wrong("choices.k_not_for", format!("{} counts people", people.as_str()))),
        None => Ok(of),
    }
}

impl Settings {
    /// Reads the text of a version.
    ///
    /// # Errors
    /// [`SettingsError`]: the first key that cannot be used.
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        let Raw { version, programme, choices, indicator: lines, iati, dhis2, activityinfo } =
            toml::from_str(text)?;
        let exports = Exports { iati, dhis2, activityinfo }.check()?;
        let day = |key, text: &str| -> Result<Day, SettingsError> {
            parse_day(text).ok_or_else(|| wrong(key, format!("{text:?} is no day")))
        };
        let both = is_first("choices.equipped", &choices.equipped, ["both", "either"])?;
        let rules = Rules {
            start: day("programme.start", &programme.start)?,
            end: day("programme.end", &programme.end)?,
            offset_minutes: programme.utc_offset_minutes,
            lookback_days: choices.lookback_days,
            overlap_days: choices.overlap_days,
            equipped: if both { Equipped::Both } else { Equipped::Either },
            campaigns: BTreeSet::new(),
        };
        rules.check()?;
        if choices.automatic_support != "never" {
            return Err(wrong(
                "choices.automatic_support",
                "must be \"never\": a line S1b needs a new version",
            ));
        }
        if choices.returning != "new" {
            return Err(wrong("choices.returning", "must be \"new\": any other choice keeps personal data"));
        }
        if !FREEZE_DAYS.contains(&choices.freeze_day) {
            return Err(wrong("choices.freeze_day", format!("must lie in {FREEZE_DAYS:?}")));
        }
        if !K.contains(&choices.k) || !K.contains(&choices.k_small) {
            return Err(wrong("choices.k", format!("must lie in {K:?}")));
        }
        let mut indicators = BTreeMap::new();
        for (code, line) in lines {
            let RawLine { baseline, target, ru, tg, ky, en } = line;
            let wording = Wording { ru, tg, ky, en };
            indicators.insert(indicator("indicator", &code)?, Line { baseline, target, wording });
        }
        let wanted = Indicator::ALL.iter().filter(|indicator| **indicator != Indicator::Est);
        if let Some(missing) = wanted.clone().find(|indicator| !indicators.contains_key(indicator)) {
            return Err(wrong("indicator", format!("{} is missing", missing.as_str())));
        }
        let small = choices.k_small_for.iter().map(|code| indicator("choices.k_small_for", code));
        let open = choices.k_not_for.iter().map(|code| indicator("choices.k_not_for", code));
        Ok(Self {
            version,
            rules,
            quarters: is_first("programme.period", &programme.period, ["quarter", "month"])?,
            title: programme.title,
            headline: indicator("choices.headline", &choices.headline)?,
            with_head_counts: is_first("choices.grades", &choices.grades, ["AB", "A"])?,
            freeze_day: choices.freeze_day,
            by_lower_bound: is_first("choices.women_met_by", &choices.women_met_by, ["lower", "known"])?,
            women_share_target: choices.women_share_target,
            k: choices.k,
            k_small: choices.k_small,
            k_small_for: small.collect::<Result<_, _>>()?,
            k_not_for: things(open.collect::<Result<_, _>>()?)?,
            zone: programme.zone,
            exports,
            indicators,
        })
    }

    /// Threshold of an indicator's published cells; 0: nothing is hidden.
    pub fn threshold(&self, indicator: Indicator) -> u64 {
        if self.k_not_for.contains(&indicator) {
            return 0;
        }
        if self.k_small_for.contains(&indicator) { self.k_small } else { self.k }
    }

    /// The reporting periods of the programme, in order.
    pub fn periods(&self) -> Vec<Window> {
        let months = month_of(self.rules.start)..=month_of(self.rules.end);
        let of = |month| if self.quarters { Window::quarter_of(month) } else { Window::Month(month) };
        let mut periods: Vec<Window> = months.map(of).collect();
        periods.dedup();
        periods
    }

    /// The first day on which a period's report is frozen: the day after the freeze day. `None` for other windows.
    pub fn frozen_from(&self, period: Window) -> Option<Day> {
        period.end()?.checked_add_days(chrono::Days::new(u64::from(self.freeze_day)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_version_has_all_that_reports_need() {
        let settings = Settings::read(EMBEDDED).unwrap();
        assert_eq!(settings.rules, Rules::default());
        assert_eq!((settings.headline, settings.threshold(Indicator::S2)), (Indicator::R2, 10));
        assert_eq!(settings.indicators[&Indicator::S1].target, Some(200_000));
        let periods: Vec<String> = settings.periods().iter().map(ToString::to_string).collect();
        assert_eq!(periods, ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"]);
        let first = settings.periods()[0];
        assert_eq!(settings.frozen_from(first).unwrap().to_string(), "2026-04-11");
        for line in settings.indicators.values() {
            for locale in StaffLocale::ALL {
                assert!(!line.wording.get(locale).is_empty());
            }
        }
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (from, to, named) in [
            ("equipped = \"both\"", "equipped = \"all\"", "choices.equipped"),
            ("end = \"2027-03-31\"", "end = \"2025-03-31\"", "ends before"),
            ("freeze_day = 10", "freeze_day = 40", "freeze_day"),
            ("k_not_for = [\"P1\", \"A1\"]", "k_not_for = [\"S2\"]", "counts people"),
            ("returning = \"new\"", "returning = \"same\"", "personal data"),
            ("k = 5", "k = 1", "choices.k"),
            ("[indicator.A1]", "[indicator.A9]", "A9"),
            ("period = \"quarter\"", "period = \"week\"", "programme.period"),
            ("headline = \"R2\"", "headline = \"R2\"\nmore = 1", "more"),
        ] {
            let error = Settings::read(&EMBEDDED.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
