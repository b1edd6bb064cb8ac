//! `safar check`.

use std::{path::Path, process::ExitCode};

use super::{folder, today_or};
use crate::{app, channels, check, content::Severity, domain::Day};

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Format {
    Text,
    Json,
}

pub fn run(dir: Option<&Path>, format: Format, today: Option<Day>) -> anyhow::Result<ExitCode> {
    let files = folder::choose(dir)?;
    let (interface, words) = app::interface()?;
    let outcome = check::check(&files, &interface, &words, channels::ALL_LIMITS, today_or(today));
    let findings = &outcome.findings;
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(findings)?),
        Format::Text => {
            for finding in findings {
                println!("{}", check::line(finding));
            }
            let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
            let nodes = outcome.release.as_ref().map_or(0, |release| release.order.len());
            println!(
                "{nodes} nodes: {} errors, {} warnings, {} due",
                count(Severity::Error),
                count(Severity::Warning),
                count(Severity::Due)
            );
        }
    }
    Ok(if check::has_errors(findings) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
