//! Templates of WhatsApp: what its review would refuse (channels.md §3.6).

use std::collections::HashSet;

use super::subject::Subject;
use crate::{
    content::{Finding, Purpose, Template, TemplateText, templates::PATH},
    domain::Locale,
};

/// Languages that WhatsApp takes and that we may need. Exact, case and underscore; there is no Tajik.
const CODES: [&str; 8] = ["en", "fa", "kk", "ky_KG", "prs_AF", "ru", "tr", "uz"];
const CATEGORIES: [&str; 3] = ["AUTHENTICATION", "MARKETING", "UTILITY"];
const NAME_MAX: usize = 512;
const BODY_MAX: usize = 1024;
/// More than a template of 1,024 characters could hold in sense.
const VARIABLES_MAX: usize = 20;
/// Quick replies: 25 documented; 20 shows whole on small phones, as for other buttons.
const BUTTON_MAX: usize = 20;

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    let mut purposes = Vec::new();
    for template in &subject.release.templates {
        let error = |code, value: &str| at(template, code).with("value", value);
        let name = &*template.name;
        let fits = (1..=NAME_MAX).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !fits {
            out.push(error("template-name", name));
        }
        if !seen.insert(name) {
            out.push(error("template-twice", name));
        }
        if purposes.contains(&template.purpose) {
            out.push(error("template-purpose-twice", name));
        }
        purposes.push(template.purpose);
        if !CATEGORIES.contains(&&*template.category) {
            out.push(error("template-category", &template.category));
        }
        for locale in Locale::ALL {
            let getting = |text: &TemplateText| text.locales.iter().filter(|other| **other == locale).count();
            match template.texts.iter().map(getting).sum::<usize>() {
                0 => out.push(error("template-locale-missing", locale.as_str())),
                1 => {}
                _ => out.push(error("template-locale-twice", locale.as_str())),
            }
        }
        for text in &template.texts {
            one(template, text, out);
        }
    }
}

fn one(template: &Template, text: &TemplateText, out: &mut Vec<Finding>) {
    let mut error = |code, value: String| out.push(at(template, code).with("value", value));
    if !CODES.contains(&&*text.code) {
        error("template-code", text.code.to_string());
    }
    let length = text.body.chars().count();
    if length == 0 || length > BODY_MAX {
        error("template-body", format!("{}: {length}", text.code));
    }
    if text.button.is_none() && template.purpose == Purpose::Answer {
        // Without it nothing brings the answer.
        error("template-button-missing", text.code.to_string());
    }
    let button = text.button.as_deref().map_or(1, |button| button.chars().count());
    if button == 0 || button > BUTTON_MAX {
        error("template-button", format!("{}: {button}", text.code));
    }
    let used = (1..=VARIABLES_MAX).take_while(|n| text.body.contains(&format!("{{{{{n}}}}}"))).count();
    if used != template.variables.len() || text.body.matches("{{").count() != used {
        error("template-variables", text.code.to_string());
    }
}

fn at(template: &Template, code: &'static str) -> Finding {
    Finding::error(code, PATH, template.line, &*template.name)
}
