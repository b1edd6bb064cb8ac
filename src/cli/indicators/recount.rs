//! `safar indicators recount`: all counts anew, or compared with what is stored.

use std::{path::Path, process::ExitCode};

use crate::{
    cli::{clock, runtime, settings},
    clock::Stopwatch,
    counting,
    store::Store,
};

pub fn run(config: Option<&Path>, compare: bool) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let watch = Stopwatch::start();
        let mut tx = if compare { store.read().await? } else { store.write().await? };
        let rules = counting::settings(&mut tx).await?.settings.rules;
        let found = if compare {
            counting::compare(&mut tx, &rules).await?
        } else {
            counting::recount(&mut tx, &rules).await?
        };
        tx.commit().await?;
        // What is found allows or blocks the making of reports.
        let mut tx = store.write().await?;
        counting::note_compared(&mut tx, &found, clock().now()).await?;
        tx.commit().await?;
        store.close().await;
        for line in &found.differences {
            println!("{line}");
        }
        eprintln!(
            "{} persons, {} events in {:.1} s: {} difference(s)",
            found.persons,
            found.events,
            watch.seconds(),
            found.differences.len()
        );
        Ok(if found.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })
}
