//! The command line. Each command is a file; all use the services that the server uses.

mod ask;
mod audit;
mod chat;
mod check;
mod codes;
mod content;
mod doctor;
mod field;
mod folder;
mod indicators;
mod parked;
mod questions;
mod record;
mod report;
mod serve;
mod staff;
mod templates;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Parser, Subcommand};

use crate::{
    clock::{Clock, SystemClock},
    config::{self, Config},
    domain::{Day, Locale, StaffLocale, parse_day},
    engine::HOME_OFFSET_MINUTES,
};

/// Information bot for labour migrants and their families.
#[derive(Parser)]
#[command(name = "safar", version, about)]
struct Cli {
    /// Settings file; without it `safar.toml` of the working folder, if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the bot (also without a command): web chat, Telegram, WhatsApp, health.
    Serve {
        /// Publish this folder (with content/ and locales/ inside) if it differs and passes the check.
        #[arg(long, value_name = "DIR")]
        content: Option<PathBuf>,
    },
    /// Talk to the bot in the terminal. Nothing is stored and nothing counted.
    Chat {
        /// Language to begin with; without it the bot asks.
        #[arg(long, value_parser = locale)]
        locale: Option<Locale>,
        /// Write the conversation as a case file for the tests.
        #[arg(long, value_name = "FILE")]
        record: Option<PathBuf>,
        /// Content folder; else the working folder's, else the embedded content.
        #[arg(long, value_name = "DIR")]
        content: Option<PathBuf>,
        /// The day to pretend, YYYY-MM-DD.
        #[arg(long, value_parser = day)]
        today: Option<Day>,
    },
    /// Show what a question in people's own words would bring, and why.
    Ask {
        /// The question.
        text: Option<String>,
        /// Language in which pages are named; else that of the question.
        #[arg(long, value_parser = locale)]
        locale: Option<Locale>,
        /// What is known of the person: citizenship=KG. May be repeated.
        #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
        profile: Vec<(String, String)>,
        /// Answer each line of a file with tab-separated columns, the first of which is the text; the first line is a
        /// header.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "evaluate"])]
        batch: Option<PathBuf>,
        /// Judge a file with the columns text, lang, topic, variant.
        #[arg(long, value_name = "FILE", conflicts_with = "text")]
        evaluate: Option<PathBuf>,
        /// Content folder; else the working folder's, else the embedded content.
        #[arg(long, value_name = "DIR")]
        content: Option<PathBuf>,
    },
    /// Check content: exit status 1 on an error.
    Check {
        /// Folder with content/ and locales/; else the working folder's, else the embedded content.
        dir: Option<PathBuf>,
        #[arg(long, value_enum, default_value = "text")]
        format: check::Format,
        /// Language of the sentences; other than en, they name fields as the studio does.
        #[arg(long, value_parser = staff_locale, default_value = "en")]
        locale: StaffLocale,
        /// The day against which dates are judged, YYYY-MM-DD.
        #[arg(long, value_parser = day)]
        today: Option<Day>,
    },
    /// Publish, export and confirm content.
    Content {
        #[command(subcommand)]
        command: content::Command,
    },
    /// Inbound that could not be handled.
    Parked {
        #[command(subcommand)]
        command: parked::Command,
    },
    /// Questions that people asked and the content did not answer well, masked.
    Questions {
        /// Days to look back.
        #[arg(long, default_value_t = 30)]
        days: u32,
        /// Only how many there were near each topic.
        #[arg(long)]
        topics: bool,
    },
    /// Message templates of WhatsApp.
    Templates {
        #[command(subcommand)]
        command: templates::Command,
    },
    /// The register of campaign codes.
    Codes {
        #[command(subcommand)]
        command: codes::Command,
    },
    /// Accounts of those who work with Safar.
    Staff {
        #[command(subcommand)]
        command: staff::Command,
    },
    /// The trail of what staff looked at and did.
    Audit {
        #[command(subcommand)]
        command: audit::Command,
    },
    /// What field staff and registers report.
    Field {
        #[command(subcommand)]
        command: field::Command,
    },
    /// The figures for the donors: how they are counted, and their proof.
    Indicators {
        #[command(subcommand)]
        command: indicators::Command,
    },
    /// Make a file of a period's figures for the donors.
    ///
    /// The counts must agree with a recount: if they were not compared within a day, that is done first.
    Report(report::Options),
    /// Test database, key, token, webhook, clock and disk.
    Doctor,
}

fn locale(text: &str) -> Result<Locale, String> {
    Locale::parse(text).ok_or_else(|| "one of ru, tg, ky".to_owned())
}

fn staff_locale(text: &str) -> Result<StaffLocale, String> {
    StaffLocale::parse(text).ok_or_else(|| "one of ru, tg, ky, en".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| "KEY=VALUE, such as citizenship=KG".to_owned())?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

fn day(text: &str) -> Result<Day, String> {
    parse_day(text).ok_or_else(|| "a day like 2026-11-24".to_owned())
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        None => serve::run(cli.config.as_deref(), None),
        Some(Command::Serve { content }) => serve::run(cli.config.as_deref(), content.as_deref()),
        Some(Command::Chat { locale, record, content, today }) => {
            chat::run(locale, record.as_deref(), content.as_deref(), today)
        }
        Some(Command::Ask { text, locale, profile, batch, evaluate, content }) => ask::run(&ask::Options {
            text: text.as_deref(),
            locale,
            profile: &profile,
            batch: batch.as_deref(),
            evaluate: evaluate.as_deref(),
            content: content.as_deref(),
        }),
        Some(Command::Check { dir, format, locale, today }) => {
            check::run(dir.as_deref(), format, locale, today)
        }
        Some(Command::Content { command }) => content::run(cli.config.as_deref(), command),
        Some(Command::Parked { command }) => parked::run(cli.config.as_deref(), command),
        Some(Command::Questions { days, topics }) => questions::run(cli.config.as_deref(), days, topics),
        Some(Command::Templates { command }) => templates::run(cli.config.as_deref(), &command),
        Some(Command::Codes { command }) => codes::run(cli.config.as_deref(), command),
        Some(Command::Staff { command }) => staff::run(cli.config.as_deref(), command),
        Some(Command::Audit { command }) => audit::run(cli.config.as_deref(), command),
        Some(Command::Field { command }) => field::run(cli.config.as_deref(), command),
        Some(Command::Indicators { command }) => indicators::run(cli.config.as_deref(), command),
        Some(Command::Report(options)) => report::run(cli.config.as_deref(), &options),
        Some(Command::Doctor) => doctor::run(cli.config.as_deref()),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("safar: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Settings from the file and the environment.
fn settings(file: Option<&Path>) -> anyhow::Result<Config> {
    use anyhow::Context;
    let path = match file {
        Some(path) => Some(path.to_owned()),
        None => Some(PathBuf::from(config::FILE_NAME)).filter(|path| path.exists()),
    };
    let text = match &path {
        Some(path) => {
            Some(std::fs::read_to_string(path).with_context(|| format!("settings file {}", path.display()))?)
        }
        None => None,
    };
    let file = path.as_deref().zip(text.as_deref());
    Ok(Config::load(file, |name| std::env::var(name).ok())?)
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn today_or(given: Option<Day>) -> Day {
    given.unwrap_or_else(|| clock().now().day(HOME_OFFSET_MINUTES))
}

/// A runtime that fits the machine: one core needs no second thread to switch to.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut builder = if cores == 1 {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    builder.enable_all().build()
}
