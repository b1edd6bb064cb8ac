//! `safar audit`: the trail.

use std::{path::Path, process::ExitCode};

use clap::Subcommand;

use super::{runtime, settings};
use crate::{
    desk::audit::{Verdict, verify},
    domain::ChainHead,
    store::Store,
};

#[derive(Subcommand)]
pub enum Command {
    /// Reckon each hash anew: exit status 1 when a row was changed, put in or taken out.
    Verify {
        /// What this command printed earlier and you noted elsewhere, SEQ:HASH. Without it a trail that was written
        /// anew from its beginning by somebody with the database in hand looks whole.
        #[arg(long, value_name = "SEQ:HASH", value_parser = noted)]
        noted: Option<String>,
    },
}

/// Reads a head that somebody noted.
pub(super) fn noted(text: &str) -> Result<String, String> {
    let is_noted = ChainHead::is_noted(text);
    if is_noted { Ok(text.to_ascii_lowercase()) } else { Err("a number, a colon, 64 hex digits".to_owned()) }
}

pub fn run(config: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    let Command::Verify { noted } = command;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let verdict = verify(&store, noted.as_deref()).await;
        store.close().await;
        Ok(match verdict? {
            Verdict::Whole { rows, head } => {
                println!("the trail is whole: {rows} rows\n{head}");
                ExitCode::SUCCESS
            }
            Verdict::Broken { seq } => {
                println!("row {seq} was changed, or a row before it was put in or taken out");
                ExitCode::from(1)
            }
            Verdict::Cut { last, written } => {
                println!("rows are missing at the end: the last is {last}, written were {written}");
                ExitCode::from(1)
            }
            Verdict::Rewritten { seq } => {
                println!("row {seq} is not the one that was noted: the trail was written anew");
                ExitCode::from(1)
            }
        })
    })
}
