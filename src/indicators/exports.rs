//! Sections of `indicators.toml` that other systems' files need: identifiers and codes that only the programme knows.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Indicator, Measure, SettingsError, Sex, settings::wrong};

/// What the files for other systems need; a section that is missing makes its file impossible, and nothing else.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    pub iati: Option<Iati>,
    pub dhis2: Option<Dhis2>,
    pub activityinfo: Option<ActivityInfo>,
}

impl Exports {
    pub(super) fn check(self) -> Result<Self, SettingsError> {
        if let Some(iati) = &self.iati {
            iati.check()?;
        }
        if let Some(dhis2) = &self.dhis2 {
            dhis2.check()?;
        }
        if let Some(form) = &self.activityinfo {
            form.check()?;
        }
        Ok(self)
    }
}

/// `[iati]` (indicators.md §2.1).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Iati {
    /// The activity's identifier: begins with the reporting organisation's.
    pub identifier: String,
    pub default_currency: String,
    /// ActivityScope: 2 regional, 3 multi-national.
    pub scope: u32,
    /// DAC 5-digit code.
    #[serde(default = "migration")]
    pub sector: String,
    /// SDG targets, such as 10.7.
    #[serde(default)]
    pub sdg_targets: Vec<String>,
    /// Where the definitions stand; `#R2` is added.
    pub indicator_uri: String,
    pub reporting_org: Organisation,
    #[serde(default)]
    pub participating_orgs: Vec<Participant>,
    /// Shares of the countries, in percent.
    pub countries: BTreeMap<String, u32>,
}

fn migration() -> String {
    "15190".to_owned()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    #[serde(rename = "ref")]
    pub reference: String,
    /// OrganisationType: 10 government, 22 national NGO, 40 multilateral.
    #[serde(rename = "type")]
    pub kind: u32,
    pub name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    #[serde(rename = "ref")]
    pub reference: String,
    #[serde(rename = "type")]
    pub kind: u32,
    /// OrganisationRole: 1 funding, 2 accountable, 3 extending, 4 implementing.
    pub role: u32,
    pub name: String,
}

/// OrganisationType, ActivityScope and OrganisationRole of IATI 2.03: the schema does not check codes.
const ORGANISATION_TYPES: [u32; 16] = [10, 11, 15, 21, 22, 23, 24, 30, 40, 60, 70, 71, 72, 73, 80, 90];
const SCOPES: std::ops::RangeInclusive<u32> = 1..=8;
const ROLES: std::ops::RangeInclusive<u32> = 1..=4;
const PERCENT: u32 = 100;

impl Iati {
    fn check(&self) -> Result<(), SettingsError> {
        let identifiers = [
            ("iati.identifier", &self.identifier),
            ("iati.reporting_org.ref", &self.reporting_org.reference),
        ];
        let others = self.participating_orgs.iter().map(|one| ("iati.participating_orgs", &one.reference));
        for (key, found) in identifiers.into_iter().chain(others) {
            // IATI ruleset 1.x: no / & | ? in an identifier.
            if found.is_empty() || found.contains(['/', '&', '|', '?']) || found.contains(char::is_whitespace)
            {
                return Err(wrong(key, format!("{found:?} is no IATI identifier")));
            }
        }
        if !self.identifier.starts_with(&self.reporting_org.reference) {
            return Err(wrong("iati.identifier", "must begin with iati.reporting_org.ref"));
        }
        let kinds = self.participating_orgs.iter().map(|one| one.kind).chain([self.reporting_org.kind]);
        if let Some(kind) = kinds.into_iter().find(|kind| !ORGANISATION_TYPES.contains(kind)) {
            return Err(wrong("iati: type", format!("{kind} is not on IATI's list OrganisationType")));
        }
        if let Some(one) = self.participating_orgs.iter().find(|one| !ROLES.contains(&one.role)) {
            return Err(wrong(
                "iati.participating_orgs: role",
                format!("{} must lie in {ROLES:?}", one.role),
            ));
        }
        if !SCOPES.contains(&self.scope) {
            return Err(wrong("iati.scope", format!("{} must lie in {SCOPES:?}", self.scope)));
        }
        if self.sector.len() != 5 || !self.sector.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("iati.sector", format!("{:?} is no DAC code of 5 digits", self.sector)));
        }
        if self.default_currency.len() != 3
            || !self.default_currency.bytes().all(|byte| byte.is_ascii_uppercase())
        {
            return Err(wrong(
                "iati.default_currency",
                format!("{:?} is no currency", self.default_currency),
            ));
        }
        if !self.indicator_uri.starts_with("https://") || self.indicator_uri.contains(char::is_whitespace) {
            return Err(wrong("iati.indicator_uri", "must be an https address"));
        }
        check_countries("iati.countries", self.countries.keys())?;
        let sum: u32 = self.countries.values().copied().fold(0, u32::saturating_add);
        if sum != PERCENT {
            return Err(wrong("iati.countries", format!("the shares add up to {sum}, not to 100")));
        }
        Ok(())
    }
}

/// `[dhis2]` (indicators.md §2.2): codes, or uids if the import is told so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dhis2 {
    pub data_set: String,
    /// The organisation unit of all countries together.
    pub region: String,
    /// Organisation units by country, and that of `U`, not stated.
    #[serde(default)]
    pub countries: BTreeMap<String, String>,
    /// Organisation units of the centres, by the programme's own codes of them.
    #[serde(default)]
    pub centres: BTreeMap<String, String>,
    /// Category option combinations by sex.
    #[serde(default = "sexes")]
    pub sexes: BTreeMap<String, String>,
    #[serde(default = "default_combo")]
    pub default_combo: String,
    /// Data elements that are not named `R2_NEW` and the like.
    #[serde(default)]
    pub elements: BTreeMap<String, String>,
}

fn sexes() -> BTreeMap<String, String> {
    Sex::ALL.iter().map(|sex| (sex.as_str().to_owned(), format!("SEX_{}", sex.as_str()))).collect()
}

fn default_combo() -> String {
    "default".to_owned()
}

/// Whether a centre's code can stand in the name of a file.
fn is_plain(code: &str) -> bool {
    (1..=40).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

impl Dhis2 {
    fn check(&self) -> Result<(), SettingsError> {
        for (key, found) in [("dhis2.data_set", &self.data_set), ("dhis2.region", &self.region)] {
            if found.is_empty() {
                return Err(wrong(key, "is empty"));
            }
        }
        check_countries(
            "dhis2.countries",
            self.countries.keys().filter(|country| *country != super::UNKNOWN),
        )?;
        if let Some(both) = self.centres.keys().find(|centre| self.countries.contains_key(*centre)) {
            return Err(wrong("dhis2.centres", format!("{both:?} is a country, too")));
        }
        if let Some(odd) = self.centres.keys().find(|centre| !is_plain(centre)) {
            return Err(wrong(
                "dhis2.centres",
                format!("{odd:?}: letters, digits, \"-\", \"_\" and \".\" only"),
            ));
        }
        if let Some(missing) = Sex::ALL.iter().find(|sex| !self.sexes.contains_key(sex.as_str())) {
            return Err(wrong("dhis2.sexes", format!("{} is missing", missing.as_str())));
        }
        for name in self.elements.keys() {
            let known = name.rsplit_once('_').is_some_and(|(indicator, measure)| {
                Indicator::parse(indicator).is_some() && Measure::parse(&measure.to_lowercase()).is_some()
            });
            if !known {
                return Err(wrong("dhis2.elements", format!("{name:?} is not of the form R2_NEW")));
            }
        }
        Ok(())
    }

    /// The data element of a measure of an indicator.
    pub fn element(&self, indicator: Indicator, measure: Measure) -> String {
        let name = format!("{}_{}", indicator.as_str(), measure.as_str().to_uppercase());
        self.elements.get(&name).cloned().unwrap_or(name)
    }
}

/// `[activityinfo]` (indicators.md §2.3).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityInfo {
    /// What the form's field `Country` has for all countries together.
    pub region: String,
    /// Options of the form that are not named as our labels are, by dimension and value: `sex.U = "Not disclosed"`.
    #[serde(default)]
    pub options: BTreeMap<String, BTreeMap<String, String>>,
}

impl ActivityInfo {
    fn check(&self) -> Result<(), SettingsError> {
        if self.region.is_empty() {
            return Err(wrong("activityinfo.region", "is empty"));
        }
        let unknown =
            |name: &&String| super::Dimension::parse(name).is_none_or(|of| of == super::Dimension::All);
        match self.options.keys().find(unknown) {
            Some(name) => Err(wrong("activityinfo.options", format!("{name:?} is no dimension"))),
            None => Ok(()),
        }
    }
}

fn check_countries<'a>(key: &str, codes: impl Iterator<Item = &'a String>) -> Result<(), SettingsError> {
    for code in codes {
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(wrong(key, format!("{code:?} is no country code")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{EMBEDDED, Settings};

    const SECTIONS: &str = r#"
        [iati]
        identifier = "XX-EXAMPLE-0001-MIGINFO"
        default_currency = "USD"
        scope = 2
        indicator_uri = "https://example.org/indicators"
        reporting_org = { ref = "XX-EXAMPLE-0001", type = 40, name = "Example" }
        participating_orgs = [{ ref = "XX-EXAMPLE-0001", type = 40, role = 4, name = "Example" }]
        countries = { TJ = 40, KG = 30, RU = 20, KZ = 10 }
        [dhis2]
        data_set = "MIGINFO_Q"
        region = "REGION"
        [activityinfo]
        region = "REGION"
        options.sex.U = "Not disclosed"
    "#;

    #[test]
    fn sections_are_read_and_what_cannot_be_is_named() {
        let text = format!("{EMBEDDED}\n{SECTIONS}");
        let exports = Settings::read(&text).unwrap().exports;
        assert_eq!(exports.iati.unwrap().sector, "15190");
        assert_eq!(exports.dhis2.unwrap().sexes["U"], "SEX_U");
        assert_eq!(exports.activityinfo.unwrap().options["sex"]["U"], "Not disclosed");
        for (from, to, named) in [
            ("TJ = 40", "TJ = 50", "add up to 110"),
            ("type = 40, name", "type = 41, name", "OrganisationType"),
            ("role = 4", "role = 5", "role"),
            ("0001-MIGINFO", "0001/MIGINFO", "iati.identifier"),
            ("\"XX-EXAMPLE-0001-MIGINFO\"", "\"ZZ-1\"", "must begin"),
            ("scope = 2", "scope = 9", "iati.scope"),
            ("KG = 30", "Kyrgyzstan = 30", "country code"),
            ("identifier = ", "identifiers = ", "identifier"),
            ("data_set = \"MIGINFO_Q\"", "", "data_set"),
            ("region = \"REGION\"\n        options", "region = \"\"\n        options", "activityinfo.region"),
            ("options.sex", "options.gender", "no dimension"),
        ] {
            let error = Settings::read(&text.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(named), "{from}: {error}");
        }
    }
}
