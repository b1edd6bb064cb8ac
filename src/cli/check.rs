//! `safar check`.

use std::{path::Path, process::ExitCode};

use super::{folder, today_or};
use crate::{
    app, channels, check,
    content::Severity,
    domain::{Day, StaffLocale},
    text::{Args, StaffTexts},
};

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Format {
    Text,
    Json,
}

pub fn run(
    dir: Option<&Path>,
    format: Format,
    locale: StaffLocale,
    today: Option<Day>,
) -> anyhow::Result<ExitCode> {
    let files = folder::choose(dir)?;
    let (interface, words) = app::interface()?;
    let outcome = check::check(&files, &interface, &words, channels::ALL_LIMITS, today_or(today));
    match (format, locale) {
        (Format::Json, _) => println!("{}", serde_json::to_string_pretty(&outcome.findings)?),
        (Format::Text, StaffLocale::En) => print(&outcome),
        (Format::Text, _) => {
            let texts = app::console_texts()?;
            print_in(&texts, locale, &outcome);
        }
    }
    Ok(if check::has_errors(&outcome.findings) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// In English, with the keys of the files.
fn print(outcome: &check::Outcome) {
    for finding in &outcome.findings {
        println!("{}", check::line(finding));
    }
    let [nodes, errors, warnings, due] = counts(outcome);
    println!("{nodes} nodes: {errors} errors, {warnings} warnings, {due} due");
}

/// In a language of the staff, with the words of the studio.
fn print_in(texts: &StaffTexts, locale: StaffLocale, outcome: &check::Outcome) {
    for finding in &outcome.findings {
        println!("{}", check::line_in(texts, locale, finding));
    }
    let mut args = Args::new();
    for (name, count) in ["nodes", "errors", "warnings", "due"].into_iter().zip(counts(outcome)) {
        args.set(name, count);
    }
    println!("{}", texts.get(locale, "check-sum", Some(&args)));
}

/// Nodes, errors, warnings, what is due.
fn counts(outcome: &check::Outcome) -> [usize; 4] {
    let of = |severity| outcome.findings.iter().filter(|finding| finding.severity == severity).count();
    let nodes = outcome.release.as_ref().map_or(0, |release| release.order.len());
    [nodes, of(Severity::Error), of(Severity::Warning), of(Severity::Due)]
}
