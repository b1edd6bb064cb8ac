//! Messages that a channel approves before they may be sent outside of its window (channels.md §3.6).

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Files, Finding};
use crate::{domain::Locale, text::line_of};

pub const PATH: &str = "content/templates.toml";

/// A template, the same in all its languages.
#[derive(Clone, Debug)]
pub struct Template {
    pub line: usize,
    /// As the channel knows it.
    pub name: Box<str>,
    /// What the program uses it for.
    pub purpose: Purpose,
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
    pub category: Box<str>,
    /// What stands for `{{1}}`, `{{2}}` …, each with a sample for the reviewer.
    pub variables: Vec<(Variable, Box<str>)>,
    pub texts: Vec<TemplateText>,
}

/// A template in one language of the channel.
#[derive(Clone, Debug)]
pub struct TemplateText {
    /// The channel's code: `ru`, `ky_KG`.
    pub code: Box<str>,
    /// People of which languages get it.
    pub locales: Vec<Locale>,
    pub body: Box<str>,
    /// Label of the quick reply that brings the answer.
    pub button: Option<Box<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An answer waits and may not go freely any more.
    Answer,
}

impl Purpose {
    pub const ALL: [(&'static str, Self); 1] = [("answer", Self::Answer)];
}

/// What the program can put into a template. Nothing that tells onlookers what the person asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// The day on which the person wrote last.
    Date,
}

impl Variable {
    pub const ALL: [(&'static str, Self); 1] = [("date", Self::Date)];
}

impl TemplateText {
    /// The language in which it is written, for values within it; the reference language for one that we do not speak.
    pub fn language(&self) -> Locale {
        let code = self.code.split('_').next().unwrap_or_default();
        Locale::parse(code).unwrap_or(Locale::REFERENCE)
    }
}

impl Template {
    /// The text for people of this language.
    pub fn text_for(&self, locale: Locale) -> Option<&TemplateText> {
        self.texts.iter().find(|text| text.locales.contains(&locale))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplates {
    #[serde(default)]
    template: Vec<Spanned<RawTemplate>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplate {
    name: String,
    purpose: String,
    category: String,
    #[serde(default)]
    variables: Vec<RawVariable>,
    language: BTreeMap<String, RawText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVariable {
    name: String,
    sample: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawText {
    #[serde(rename = "for")]
    locales: Vec<String>,
    body: String,
    button: Option<String>,
}

/// Reads the templates of a folder; none if it has no file for them.
pub(super) fn parse(files: &Files, findings: &mut Vec<Finding>) -> Vec<Template> {
    let Some(text) = files.0.get(PATH) else { return Vec::new() };
    let raw: RawTemplates = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let line = error.span().map_or(0, |span| line_of(text, span.start));
            findings.push(Finding::error("file-broken", PATH, line, "").with("what", error.message()));
            return Vec::new();
        }
    };
    let mut templates = Vec::new();
    for raw in raw.template {
        let line = line_of(text, raw.span().start);
        let raw = raw.into_inner();
        let error = |code, value: &str| Finding::error(code, PATH, line, &*raw.name).with("value", value);
        let purpose = Purpose::ALL.iter().find(|(name, _)| *name == raw.purpose).map(|(_, purpose)| *purpose);
        let Some(purpose) = purpose else {
            findings.push(error("template-purpose", &raw.purpose));
            continue;
        };
        let mut texts = Vec::new();
        for (code, text) in &raw.language {
            let mut locales = Vec::new();
            for name in &text.locales {
                match Locale::parse(name) {
                    Some(locale) => locales.push(locale),
                    None => findings.push(error("template-locale", name)),
                }
            }
            texts.push(TemplateText {
                code: code.as_str().into(),
                locales,
                body: text.body.trim().into(),
                button: text.button.as_deref().map(Into::into),
            });
        }
        let mut variables = Vec::new();
        for RawVariable { name, sample } in raw.variables {
            match Variable::ALL.iter().find(|(known, _)| *known == name) {
                Some((_, variable)) => variables.push((*variable, sample.into())),
                None => findings.push(error("template-variable-unknown", &name)),
            }
        }
        templates.push(Template {
            line,
            name: raw.name.as_str().into(),
            purpose,
            category: raw.category.as_str().into(),
            variables,
            texts,
        });
    }
    for (name, purpose) in Purpose::ALL {
        if !templates.iter().any(|template| template.purpose == purpose) {
            findings.push(Finding::error("template-purpose-missing", PATH, 0, "").with("value", name));
        }
    }
    templates
}
