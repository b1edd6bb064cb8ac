//! `safar indicators`: the figures for the donors.

mod configure;
mod generate;
mod recount;
mod replay;
mod trace;
mod verify;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Count a file of events in a scratch database, and write the figures.
    ///
    /// Works in a temporary SQLite file; with SAFAR_DATABASE_URL naming a PostgreSQL database, in a schema of its own
    /// there, which is dropped at the end. Exit status 1 when a row cannot be counted: then none is.
    Replay {
        /// Programme, register of codes, snapshots and windows, JSON.
        #[arg(long, value_name = "C.json")]
        config: PathBuf,
        /// Events, CSV.
        #[arg(long, value_name = "E.csv")]
        events: PathBuf,
        /// Where to write the figures, CSV.
        #[arg(long, value_name = "R.csv")]
        out: PathBuf,
    },
    /// Put a version of indicators.toml in force, and count anew if its rules differ; old versions are kept.
    ///
    /// Stop all instances first: a running one goes on counting by the rules it began with.
    Configure {
        /// The version; without it all versions are listed.
        file: Option<PathBuf>,
    },
    /// Count all anew from the events. Turns wait meanwhile.
    Recount {
        /// Only compare, cell by cell: exit status 1 on a difference. Nothing waits.
        #[arg(long)]
        compare: bool,
    },
    /// List what stands behind a figure, as CSV: persons by a pseudonym that is new each time.
    Trace(trace::Options),
    /// Reckon the chain over the record of events anew: exit status 1 when a row was changed, put in or taken out.
    Verify {
        /// What this command printed earlier and you noted elsewhere, SEQ:HASH. Without it a chain that was written
        /// anew from its beginning by somebody with the database in hand looks whole.
        #[arg(long, value_name = "SEQ:HASH", value_parser = crate::cli::audit::noted)]
        noted: Option<String>,
    },
    /// Fill an empty database with made-up persons and events, for measuring.
    Generate {
        #[arg(long)]
        persons: u32,
        /// Events a person, about.
        #[arg(long, default_value_t = 10)]
        events: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

pub fn run(config: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Replay { config, events, out } => replay::run(&config, &events, &out),
        Command::Configure { file } => configure::run(config, file.as_deref()),
        Command::Recount { compare } => recount::run(config, compare),
        Command::Trace(options) => trace::run(config, &options),
        Command::Verify { noted } => verify::run(config, noted.as_deref()),
        Command::Generate { persons, events, seed } => generate::run(config, persons, events, seed),
    }
}
