//! `safar templates`.

use std::{path::Path, process::ExitCode};

use clap::Subcommand;

use super::{clock, folder, runtime, settings};
use crate::{
    app,
    channels::{
        self,
        whatsapp::{
            Account,
            templates::{self, Standing},
        },
    },
    check,
    content::{Files, Template},
    engine::HOME_OFFSET_MINUTES,
};

#[derive(Subcommand)]
pub enum Command {
    /// Send new and changed templates to WhatsApp for review.
    Push {
        /// Folder with content/ and locales/; else the working folder's, else the embedded content.
        #[arg(long, value_name = "DIR")]
        dir: Option<std::path::PathBuf>,
    },
    /// Show what became of each template.
    Status {
        #[arg(long, value_name = "DIR")]
        dir: Option<std::path::PathBuf>,
    },
}

/// Pages of the list that are read at most: 100 templates each.
const PAGES_MAX: usize = 60;

pub fn run(config: Option<&Path>, command: &Command) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    let Some(settings) = &config.whatsapp else {
        anyhow::bail!(
            "WhatsApp is not set up: SAFAR_WHATSAPP_PHONE_NUMBER_ID and the other settings are missing"
        )
    };
    let Some(business) = &settings.business_account_id else {
        anyhow::bail!("templates need SAFAR_WHATSAPP_BUSINESS_ACCOUNT_ID")
    };
    let (Command::Push { dir } | Command::Status { dir }) = command;
    let ours = of(&folder::choose(dir.as_deref())?)?;
    runtime()?.block_on(async {
        let account = app::whatsapp_account(settings)?;
        let known = known(&account, business).await?;
        match command {
            Command::Push { .. } => push(&account, business, &ours, &known).await,
            Command::Status { .. } => Ok(status(&ours, &known)),
        }
    })
}

fn of(files: &Files) -> anyhow::Result<Vec<Template>> {
    let (interface, words) = app::interface()?;
    let today = clock().now().day(HOME_OFFSET_MINUTES);
    let outcome = check::check(files, &interface, &words, channels::ALL_LIMITS, today);
    let wrong = |finding: &&crate::content::Finding| {
        finding.file == crate::content::templates::PATH && finding.severity == crate::content::Severity::Error
    };
    if let Some(finding) = outcome.findings.iter().find(wrong) {
        anyhow::bail!("{}", check::line(finding));
    }
    let Some(release) = outcome.release else { anyhow::bail!("the content is broken: see `safar check`") };
    Ok(release.templates)
}

async fn known(account: &Account, business: &str) -> anyhow::Result<Vec<templates::Known>> {
    let mut known = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let path = templates::list_path(business, after.as_deref());
        let answer =
            account.manage(&path, None).await.map_err(|error| anyhow::anyhow!("the list failed: {error}"))?;
        let (page, next) = templates::read_list(&answer);
        known.extend(page);
        match next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    Ok(known)
}

async fn push(
    account: &Account,
    business: &str,
    ours: &[Template],
    known: &[templates::Known],
) -> anyhow::Result<ExitCode> {
    let mut failed = 0;
    for template in ours {
        for text in &template.texts {
            let there =
                known.iter().find(|known| known.name == *template.name && known.language == *text.code);
            let (path, what) = match there {
                Some(known) => match templates::standing(known, template, text) {
                    Standing::Same => {
                        println!("{} {}: unchanged, {}", template.name, text.code, known.status);
                        continue;
                    }
                    Standing::Moved => {
                        println!("{} {}: unchanged, {}", template.name, text.code, moved(known));
                        continue;
                    }
                    Standing::OtherText | Standing::OtherCategory => (known.id.clone(), "changed"),
                },
                None => (templates::create_path(business), "new"),
            };
            let body = templates::to_review(template, text, there);
            match account.manage(&path, Some(body)).await {
                Ok(_) => println!("{} {}: {what}, sent for review", template.name, text.code),
                Err(error) => {
                    failed += 1;
                    println!("{} {}: {what}, not taken: {error}", template.name, text.code);
                }
            }
        }
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn moved(known: &templates::Known) -> String {
    format!(
        "{}, moved by WhatsApp to category {}, which may cost more: only a template with another name changes that",
        known.status, known.category
    )
}

/// Exit status 1 unless all are approved as they stand.
fn status(ours: &[Template], known: &[templates::Known]) -> ExitCode {
    let mut all_well = true;
    for template in ours {
        for text in &template.texts {
            let there =
                known.iter().find(|known| known.name == *template.name && known.language == *text.code);
            let line = match there {
                None => "not sent yet: `safar templates push`".to_owned(),
                Some(known) => match templates::standing(known, template, text) {
                    Standing::Same => known.status.clone(),
                    Standing::Moved => moved(known),
                    Standing::OtherText if known.category != *template.category => {
                        format!(
                            "{}, but with another text and in category {}: `safar templates push`",
                            known.status, known.category
                        )
                    }
                    Standing::OtherText => {
                        format!("{}, but with another text: `safar templates push`", known.status)
                    }
                    Standing::OtherCategory => {
                        format!(
                            "{}, but in category {}: `safar templates push`",
                            known.status, known.category
                        )
                    }
                },
            };
            all_well &= line == "APPROVED";
            println!("{} {}: {line}", template.name, text.code);
        }
    }
    for known in known {
        if !ours.iter().any(|template| *template.name == known.name) {
            println!("{} {}: {}, not in content/templates.toml", known.name, known.language, known.status);
        }
    }
    if all_well { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
