//! `safar indicators replay`: any file of events through the same counting.

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;

use crate::{
    cli::runtime,
    clock::{Ids as _, SystemIds},
    config,
    counting::replay,
    indicators::file::{Alert, Config, RowError, read_events, read_text},
    store::Scratch,
};

/// Bad rows that are told before the rest is left unread.
const TOLD_MAX: usize = 100;

pub fn run(config: &Path, events: &Path, out: &Path) -> anyhow::Result<ExitCode> {
    let shown = || config.display().to_string();
    let config = Config::read(&std::fs::read_to_string(config).with_context(shown)?).with_context(shown)?;
    let bytes = std::fs::read(events).with_context(|| events.display().to_string())?;
    let read = read_text(&bytes).map_err(|error| vec![error]).and_then(|text| read_events(text, TOLD_MAX));
    let (rows, alerts) = match read {
        Ok(read) => read,
        Err(errors) => return Ok(refused(events, &errors)),
    };
    drop(bytes);
    for Alert::Differs { row, first } in alerts {
        eprintln!("{}: row {row}: left out, its event_id came first in row {first}", events.display());
    }
    let settings = config::Config::load(None, |name| std::env::var(name).ok())?;
    let mut name = [0; 8];
    SystemIds::new().fill(&mut name);
    let name = format!("safar_scratch_{:016x}", u64::from_le_bytes(name));
    let result = runtime()?.block_on(async {
        let scratch = Scratch::open(settings.database_url.reveal(), &name).await?;
        let result = replay(scratch.store(), &config, &rows).await;
        scratch.close().await?;
        anyhow::Ok(result?)
    })?;
    std::fs::write(out, result).with_context(|| out.display().to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn refused(file: &Path, errors: &[RowError]) -> ExitCode {
    for error in errors {
        eprintln!("{}: {error}", file.display());
    }
    if errors.len() >= TOLD_MAX {
        eprintln!("{}: the rest was not read", file.display());
    }
    eprintln!("nothing was counted");
    ExitCode::from(1)
}
