//! `safar codes`: the register of campaign codes.

use std::{path::Path, process::ExitCode};

use clap::Subcommand;

use super::{clock, runtime, settings};
use crate::{
    domain::CampaignCode,
    store::{Store, codes},
};

/// Kinds of codes (indicators.md §1.11).
const KINDS: [&str; 5] = ["advert", "poster", "session", "partner", "referral"];

#[derive(Subcommand)]
pub enum Command {
    /// Add a code, or change a known one.
    Add {
        /// 3 to 32 of a-z, 0-9 and hyphens.
        #[arg(value_parser = code)]
        code: CampaignCode,
        #[arg(long, default_value = "poster", value_parser = KINDS)]
        kind: String,
        /// What staff call it.
        #[arg(long, default_value = "")]
        label: String,
    },
    /// List all codes.
    List,
    /// Take a code out of the register. What it has brought stays counted.
    Remove {
        #[arg(value_parser = code)]
        code: CampaignCode,
    },
}

fn code(text: &str) -> Result<CampaignCode, String> {
    CampaignCode::parse(text).ok_or_else(|| "3 to 32 of a-z, 0-9 and hyphens".to_owned())
}

pub fn run(config: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let mut tx = store.write().await?;
        let mut done = ExitCode::SUCCESS;
        match command {
            Command::Add { code, kind, label } => {
                let row =
                    codes::CodeRow { code: code.as_str().to_owned(), kind, label, created_at: clock().now() };
                codes::put(&mut tx, &row).await?;
                println!(
                    "{code}: Telegram ?start={code}, WhatsApp #{code}, web ?s={code}",
                    code = code.as_str()
                );
            }
            Command::List => {
                for row in codes::list(&mut tx).await? {
                    println!("{}  {}  {}", row.code, row.kind, row.label);
                }
            }
            Command::Remove { code } => {
                if !codes::remove(&mut tx, code.as_str()).await? {
                    println!("{} is not in the register", code.as_str());
                    done = ExitCode::from(1);
                }
            }
        }
        tx.commit().await?;
        store.close().await;
        Ok(done)
    })
}
