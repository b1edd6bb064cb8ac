//! `safar content`.

mod example;
mod print;
mod table;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Subcommand;

use super::{clock, day, folder, locale, runtime, settings, today_or};
use crate::{
    app,
    bus::Bus,
    channels, check,
    clock::{Ids, SystemIds},
    content::{Files, Finding, Release, embedded},
    domain::{Day, Locale},
    engine::HOME_OFFSET_MINUTES,
    release::{ORIGIN_EMBEDDED, ORIGIN_FOLDER, Parts, ReleaseError, Releases, Taken},
    store::Store,
};

#[derive(Subcommand)]
pub enum Command {
    /// Publish a folder, or the content of this program, if it passes the check; running instances swap at once.
    Import {
        /// Folder with content/ and locales/ inside.
        #[arg(required_unless_present = "embedded", conflicts_with = "embedded")]
        dir: Option<PathBuf>,
        /// The content of this program.
        #[arg(long)]
        embedded: bool,
    },
    /// Write the release in force into a folder.
    Export { dir: PathBuf },
    /// Say that translations were read again after the Russian changed: one message, or all.
    Confirm {
        /// Message id; without it all.
        id: Option<String>,
        #[arg(long, value_name = "DIR", default_value = ".")]
        dir: PathBuf,
    },
    /// Print each tree as people see it, for reading on paper.
    Print {
        #[arg(long, value_parser = locale)]
        locale: Locale,
        /// One tree; without it all.
        #[arg(long, value_name = "NAME")]
        tree: Option<String>,
        /// Folder with content/ and locales/; else the working folder's, else the embedded content.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// The day whose figures are shown, YYYY-MM-DD.
        #[arg(long, value_parser = day)]
        today: Option<Day>,
    },
    /// Print a table of nodes, their languages and their sources, in Markdown.
    Table {
        /// Folder with content/ and locales/; else the working folder's, else the embedded content.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// The day against which dates are judged, YYYY-MM-DD.
        #[arg(long, value_parser = day)]
        today: Option<Day>,
    },
}

pub fn run(config: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Import { dir, .. } => {
            let (files, origin) = match &dir {
                Some(dir) => (folder::read(dir)?, ORIGIN_FOLDER),
                None => (embedded(), ORIGIN_EMBEDDED),
            };
            runtime()?.block_on(import(config, &files, origin))
        }
        Command::Export { dir } => runtime()?.block_on(async {
            let files = releases(config, &embedded(), false, ORIGIN_EMBEDDED).await?.0.files().await?.1;
            let written = folder::write(&dir, &files)?;
            println!("{} files, {written} written to {}", files.0.len(), dir.display());
            Ok(ExitCode::SUCCESS)
        }),
        Command::Confirm { id, dir } => {
            let files = folder::read(&dir)?;
            let confirmed = check::confirm(&files, id.as_deref());
            let written = folder::write(&dir, &confirmed)?;
            println!("{written} files changed");
            Ok(ExitCode::SUCCESS)
        }
        Command::Print { locale, tree, dir, today } => {
            let (release, _) = checked(dir.as_deref(), today)?;
            write_out(&print::walk(&release, locale, tree.as_deref(), today_or(today))?)
        }
        Command::Table { dir, today } => {
            let (release, findings) = checked(dir.as_deref(), today)?;
            write_out(&table::nodes(&release, &findings))
        }
    }
}

/// A folder's release with what the check found. Errors in texts do not stop a print-out; a folder of which no
/// release can be made does.
fn checked(dir: Option<&Path>, today: Option<Day>) -> anyhow::Result<(Release, Vec<Finding>)> {
    let files = folder::choose(dir)?;
    let (interface, words) = app::interface()?;
    let outcome = check::check(&files, &interface, &words, channels::ALL_LIMITS, today_or(today));
    let Some(release) = outcome.release else {
        for finding in &outcome.findings {
            eprintln!("{}", check::line(finding));
        }
        anyhow::bail!("the content has errors");
    };
    Ok((release, outcome.findings))
}

/// A reader that closes the pipe has read enough.
fn write_out(text: &str) -> anyhow::Result<ExitCode> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

async fn releases(
    config: Option<&Path>,
    files: &Files,
    replace: bool,
    origin: &str,
) -> Result<(Releases, Taken), anyhow::Error> {
    let config = settings(config)?;
    let store = Store::connect(config.database_url.reveal()).await?;
    store.migrate().await?;
    let (interface, words) = app::interface()?;
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new());
    let parts = Parts { store, bus: Bus::new(), ids, interface, words, limits: channels::ALL_LIMITS };
    let now = clock().now();
    let opened = Releases::open(parts, files, replace, origin, (now, now.day(HOME_OFFSET_MINUTES))).await;
    if let Err(ReleaseError::Broken(findings)) = &opened {
        for finding in findings {
            eprintln!("{}", check::line(finding));
        }
    }
    Ok(opened?)
}

async fn import(config: Option<&Path>, files: &Files, origin: &str) -> anyhow::Result<ExitCode> {
    match releases(config, files, true, origin).await?.1 {
        Taken::Published(id) => println!("published as release {id}"),
        Taken::Kept => println!("this content is in force already"),
    }
    Ok(ExitCode::SUCCESS)
}
