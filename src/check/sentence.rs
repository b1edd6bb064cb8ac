//! Findings as sentences for people. They stand in `locales/en/check.ftl`, one message a code.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::content::{Finding, Severity};

/// The sentences as they stand in their file.
pub const SENTENCES: &str = include_str!("../../locales/en/check.ftl");

static BUNDLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let mut bundle =
        FluentBundle::new_concurrent(vec!["en".parse::<LanguageIdentifier>().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    // A test reads each sentence; a broken one is left out here and shows as its code.
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(SENTENCES.to_owned());
    bundle.add_resource_overriding(resource);
    bundle
});

/// What is wrong, in one sentence; the code with its arguments where there is no sentence.
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

/// `file:line: error[code] key: sentence`, as compilers print it.
pub fn line(finding: &Finding) -> String {
    let Finding { code, file, line, key, .. } = finding;
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Due => "due",
    };
    let place = if *line == 0 { file.clone() } else { format!("{file}:{line}") };
    let key = if key.is_empty() { String::new() } else { format!(" {key}") };
    format!("{place}: {severity}[{code}]{key}: {}", sentence(finding))
}
