//! Findings as sentences for people, one message a code in `locales/<locale>/check.ftl`. The command line says them in
//! English with the keys of the files; the studio in each language of the staff with the words of its forms.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use super::wording::worded;
use crate::{
    content::{Finding, Severity},
    domain::StaffLocale,
    text::StaffTexts,
};

/// The English sentences as they stand in their file.
const SENTENCES: &str = include_str!("../../locales/en/check.ftl");

static BUNDLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let mut bundle =
        FluentBundle::new_concurrent(vec!["en".parse::<LanguageIdentifier>().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    // A test reads each sentence; a broken one is left out here and shows as its code.
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(SENTENCES.to_owned());
    bundle.add_resource_overriding(resource);
    bundle
});

/// What is wrong and what to do, in English, with the keys of the files; the code with its arguments where there is no
/// sentence.
pub fn sentence(finding: &Finding) -> String {
    let pattern = BUNDLE.get_message(finding.code).and_then(|message| message.value());
    let mut args = FluentArgs::new();
    for (name, value) in &finding.args {
        args.set(*name, value.as_str());
    }
    let mut errors = Vec::new();
    match pattern.map(|pattern| BUNDLE.format_pattern(pattern, Some(&args), &mut errors).into_owned()) {
        Some(text) if errors.is_empty() => text,
        _ => {
            let args: Vec<_> = finding.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{} {}", finding.code, args.join(" "))
        }
    }
}

/// What is wrong and what to do, in a language of the staff and with the words of the studio's forms.
///
/// `texts`: those of the staff's pages ([`crate::content::console_files`]), which hold the sentences and the words.
pub fn sentence_in(texts: &StaffTexts, locale: StaffLocale, finding: &Finding) -> String {
    let mut args = FluentArgs::new();
    for (name, value) in &finding.args {
        args.set(*name, worded(texts, locale, finding.code, name, value));
    }
    texts.get(locale, finding.code, Some(&args))
}

/// How grave a finding is, in a language of the staff.
pub fn severity_in(texts: &StaffTexts, locale: StaffLocale, severity: Severity) -> String {
    texts.get(locale, &format!("severity-{}", name_of(severity)), None)
}

/// `file:line: error[code] key: sentence`, as compilers print it.
pub fn line(finding: &Finding) -> String {
    assembled(finding, name_of(finding.severity), &sentence(finding))
}

/// [`line`] with severity and sentence in a language of the staff.
pub fn line_in(texts: &StaffTexts, locale: StaffLocale, finding: &Finding) -> String {
    let severity = severity_in(texts, locale, finding.severity).to_lowercase();
    assembled(finding, &severity, &sentence_in(texts, locale, finding))
}

fn assembled(finding: &Finding, severity: &str, sentence: &str) -> String {
    let Finding { code, file, line, key, .. } = finding;
    let place = if *line == 0 { file.clone() } else { format!("{file}:{line}") };
    let key = if key.is_empty() { String::new() } else { format!(" {key}") };
    format!("{place}: {severity}[{code}]{key}: {sentence}")
}

const fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Due => "due",
    }
}
