//! `safar indicators configure`: versions of `indicators.toml`.

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;

use crate::{
    cli::{clock, runtime, settings},
    counting,
    store::{Store, indicators::reports},
};

pub fn run(config: Option<&Path>, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    let text = file
        .map(|file| std::fs::read_to_string(file).with_context(|| file.display().to_string()))
        .transpose()?;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let mut tx = store.write().await?;
        match text {
            Some(text) => {
                let in_force = counting::configure(&mut tx, &text, clock().now()).await?;
                println!("in force: version {} {}", in_force.settings.version, in_force.hash);
            }
            None => {
                for row in reports::history(&mut tx).await? {
                    println!("{}  {}", row.at.to_iso(), row.hash);
                }
                let in_force = counting::settings(&mut tx).await?;
                println!("in force: version {} {}", in_force.settings.version, in_force.hash);
            }
        }
        tx.commit().await?;
        store.close().await;
        Ok(ExitCode::SUCCESS)
    })
}
