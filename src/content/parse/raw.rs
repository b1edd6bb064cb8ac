//! The files as they are written. Unknown keys are errors.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSettings {
    pub format: u32,
    pub home: String,
    pub first: Option<String>,
    pub later: Option<String>,
    pub help: String,
    pub emergency: String,
    #[serde(default)]
    pub risk: Vec<String>,
    pub topics: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSources {
    #[serde(default)]
    pub source: BTreeMap<String, RawSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSource {
    pub title: String,
    pub date: Option<String>,
    pub url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRetired {
    #[serde(default)]
    pub retired: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawGlossary {
    #[serde(default)]
    pub term: Vec<Spanned<RawTerm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTerm {
    pub ru: String,
    pub tg: String,
    pub ky: String,
    #[serde(default)]
    pub avoid_tg: Vec<String>,
    #[serde(default)]
    pub avoid_ky: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFigures {
    #[serde(default)]
    pub figure: Vec<Spanned<RawFigure>>,
    #[serde(default)]
    pub region: Vec<RawRegion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRegion {
    pub id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFigure {
    pub id: String,
    pub key: Option<String>,
    pub value: String,
    pub unit: String,
    pub from: String,
    pub to: Option<String>,
    pub source: String,
    pub reviewed: Option<String>,
    /// The source has no date.
    #[serde(default)]
    pub undated: bool,
    pub review_by: Option<String>,
    pub grade: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPlaces {
    #[serde(default)]
    pub place: Vec<Spanned<RawPlace>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPlace {
    pub id: String,
    pub country: String,
    pub citizens: Option<String>,
    pub city: Option<String>,
    pub city_id: Option<String>,
    #[serde(default)]
    pub languages: Vec<String>,
    pub kind: String,
    #[serde(default)]
    pub phones: Vec<String>,
    pub site: Option<String>,
    pub address: Option<String>,
    pub confirmed: Option<String>,
    #[serde(default)]
    pub certain: bool,
    pub source: String,
    pub reviewed: Option<String>,
    /// The source has no date.
    #[serde(default)]
    pub undated: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTree {
    #[serde(default)]
    pub node: Vec<Spanned<RawNode>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawNode {
    pub id: String,
    pub kind: String,
    #[serde(default)]
    pub topics: Vec<String>,
    #[serde(default)]
    pub when: BTreeMap<String, Vec<String>>,
    pub otherwise: Option<String>,
    #[serde(default)]
    pub sources: Vec<String>,
    pub reviewed: Option<String>,
    /// None of the sources has a date.
    #[serde(default)]
    pub undated: bool,
    pub review_by: Option<String>,
    pub caution: Option<String>,
    pub check_at: Option<String>,
    pub k: Option<String>,
    #[serde(default)]
    pub choices: Vec<String>,
    // ask
    pub var: Option<String>,
    pub answer: Option<String>,
    #[serde(default)]
    pub options: Vec<String>,
    #[serde(default)]
    pub profile: bool,
    #[serde(default)]
    pub optional: bool,
    pub min: Option<i64>,
    pub max: Option<i64>,
    /// What a date is asked of has happened.
    #[serde(default)]
    pub past: bool,
    pub next: Option<String>,
    // tool
    pub tool: Option<String>,
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    // places
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub by: Vec<String>,
}
