//! Variables, figures and selectors of texts: known ones only, alike in the three languages, with each language's
//! plural forms (language.md §1).

use std::collections::BTreeSet;

use super::subject::{PROFILE_KEYS, Subject, Text};
use crate::{
    content::{Finding, Kind},
    domain::Locale,
    engine::tool,
    text::Shape,
};

/// Plural categories beside `other`.
const CATEGORIES: [&str; 5] = ["zero", "one", "two", "few", "many"];
/// What Russian selectors carry; `other` is for fractions.
const RUSSIAN: [&str; 4] = ["one", "few", "many", "other"];

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for locale in Locale::ALL {
        for text in subject.texts(locale) {
            for (attribute, shape) in &text.entry.parts {
                let part = Part { text, attribute: attribute.as_deref() };
                known(subject, &part, shape, out);
                plurals(locale, &part, shape, out);
                let reference = subject.text(Locale::REFERENCE, &text.entry.id);
                if locale != Locale::REFERENCE
                    && let Some(reference) = reference.and_then(|text| text.shape(part.attribute))
                {
                    alike(&part, reference, shape, out);
                }
            }
        }
    }
}

/// One value or attribute.
pub struct Part<'a> {
    pub text: &'a Text<'a>,
    pub attribute: Option<&'a str>,
}

impl Part<'_> {
    pub fn error(&self, code: &'static str) -> Finding {
        let (line, id) = (self.text.line(self.attribute), self.text.entry.id.as_str());
        Finding::error(code, self.text.file, line, id).with("attribute", self.attribute.unwrap_or("title"))
    }

    pub fn warning(&self, code: &'static str) -> Finding {
        Finding { severity: crate::content::Severity::Warning, ..self.error(code) }
    }

    /// Words that people use: other languages' letters belong there, and nobody is shown them.
    pub fn is_keywords(&self) -> bool {
        self.attribute.is_some_and(super::texts::is_peoples)
    }
}

/// Names of the variables that a part is given when it is composed.
fn given(subject: &Subject<'_>, part: &Part<'_>) -> BTreeSet<String> {
    let profile = || PROFILE_KEYS.iter().map(|key| (*key).to_owned());
    match part.attribute {
        Some("text") => profile().collect(),
        Some(attribute) if attribute.starts_with("out-") => {
            let outcome = attribute.trim_start_matches("out-");
            let node = subject.release.node(&part.text.entry.id);
            let tool = node.and_then(|node| match &node.kind {
                Kind::Tool(tool_use) => tool::find(&tool_use.tool),
                _ => None,
            });
            let vars = tool.map(|tool| tool.sample(outcome)).unwrap_or_default();
            profile().chain(vars.into_keys().map(std::borrow::Cow::into_owned)).collect()
        }
        // Titles and labels stand on other screens, too: they say the same to everyone.
        _ => BTreeSet::new(),
    }
}

fn known(subject: &Subject<'_>, part: &Part<'_>, shape: &Shape, out: &mut Vec<Finding>) {
    let given = given(subject, part);
    for name in &shape.variables {
        if !given.contains(name) {
            let known: Vec<_> = given.iter().map(String::as_str).collect();
            out.push(part.error("variable-unknown").with("value", name).with("known", known.join(", ")));
        } else if PROFILE_KEYS.contains(&name.as_str()) && !shape.selectors.iter().any(|(on, ..)| on == name)
        {
            out.push(part.error("variable-printed").with("value", name));
        }
    }
    let is_body = matches!(part.attribute, Some("text" | "note"))
        || part.attribute.is_some_and(|a| a.starts_with("out-"));
    if !is_body && let Some((figure, _)) = shape.figures.first() {
        out.push(part.error("figure-misplaced").with("value", figure));
    }
}

fn plurals(locale: Locale, part: &Part<'_>, shape: &Shape, out: &mut Vec<Finding>) {
    for (variable, keys, default) in &shape.selectors {
        if !is_number(keys) || !keys.iter().any(|key| CATEGORIES.contains(&key.as_str())) {
            continue;
        }
        let complete = RUSSIAN.iter().all(|form| keys.iter().any(|key| key == form)) && default == "other";
        if locale != Locale::Ru || !complete {
            let wanted = if locale == Locale::Ru { "one, few, many, *other" } else { "*other" };
            let finding = part.error("plural-forms").with("value", variable).with("locale", locale);
            out.push(finding.with("found", keys.join(", ")).with("wanted", wanted));
        }
    }
}

/// Whether a selector chooses by a number: each language has its own forms of these.
fn is_number(keys: &[String]) -> bool {
    keys.iter().all(|key| key == "other" || CATEGORIES.contains(&key.as_str()) || key.parse::<f64>().is_ok())
}

fn alike(part: &Part<'_>, reference: &Shape, shape: &Shape, out: &mut Vec<Finding>) {
    let differ = |code: &'static str, reference: &BTreeSet<String>, own: &BTreeSet<String>| {
        let list =
            |set: BTreeSet<&String>| set.into_iter().map(String::as_str).collect::<Vec<_>>().join("; ");
        (reference != own).then(|| {
            let missing = list(reference.difference(own).collect());
            part.error(code).with("missing", missing).with("extra", list(own.difference(reference).collect()))
        })
    };
    out.extend(differ("variables-differ", &reference.variables, &shape.variables));
    out.extend(differ("figures-differ", &figures(reference), &figures(shape)));
    out.extend(differ("selectors-differ", &selectors(reference), &selectors(shape)));
}

fn figures(shape: &Shape) -> BTreeSet<String> {
    let one = |(id, key): &(String, Option<String>)| match key {
        Some(key) => format!("{id} ({key})"),
        None => id.clone(),
    };
    shape.figures.iter().map(one).collect()
}

fn selectors(shape: &Shape) -> BTreeSet<String> {
    let one = |(variable, keys, _): &(String, Vec<String>, String)| {
        let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        format!("${variable}: {}", keys.into_iter().collect::<Vec<_>>().join(" "))
    };
    shape.selectors.iter().filter(|(_, keys, _)| !is_number(keys)).map(one).collect()
}
