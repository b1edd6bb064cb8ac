//! `safar field`: what field staff and registers report.

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::{clock, runtime, settings};
use crate::{
    app::{open_key, rules},
    clock::SystemIds,
    counting,
    desk::{Role, staff::Staff},
    field::{Field, FieldError, IMPORT_MAX_BYTES, Imported, Who},
    store::Store,
};

#[derive(Subcommand)]
pub enum Command {
    /// Import entries from an export of KoboToolbox (CSV, "XML values and headers"). All rows or none; a file may come
    /// again. Each entry then waits for its approval on the page.
    ///
    /// Exit status 1 when a cell cannot be taken: each is told with row, column and what to mend.
    Import {
        #[arg(long, value_name = "F.csv")]
        file: std::path::PathBuf,
        /// Only look at the file.
        #[arg(long)]
        dry_run: bool,
        /// Account of whoever imports: it may not approve these entries.
        #[arg(long, value_name = "LOGIN")]
        by: Option<String>,
    },
}

pub fn run(config: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Import { file, dry_run, by } = command;
    let shown = file.display().to_string();
    let size = std::fs::metadata(&file).with_context(|| shown.clone())?.len();
    // Read no further than the fault needs.
    let bytes = if size > IMPORT_MAX_BYTES as u64 {
        vec![0; IMPORT_MAX_BYTES + 1]
    } else {
        std::fs::read(&file).with_context(|| shown.clone())?
    };
    let config = settings(config)?;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let ids = Arc::new(SystemIds::new());
        let keys = open_key(&store, &config.secret_key_file, &*ids).await?;
        let counted_by = Arc::new(counting::ready(&store).await?.settings.rules);
        let who = match by {
            None => Who { id: None, login: String::new() },
            Some(login) => {
                let staff = Staff::new(store.clone(), keys.clone(), clock(), ids.clone(), rules(&config));
                let account = staff.get_by_login(&login).await?;
                match account {
                    Some(account) if account.roles.has_any(&[Role::Campaigner, Role::Admin]) => {
                        Who { id: Some(account.id), login: account.login }
                    }
                    Some(_) => bail!("{login} is neither campaigner nor admin"),
                    None => bail!("there is no account with the login {login}"),
                }
            }
        };
        let field = Field::new(store.clone(), keys, clock(), ids, counted_by);
        let done = field.import(&who, &bytes, dry_run).await;
        store.close().await;
        match done {
            Ok(done) => {
                tell(&done, dry_run);
                Ok(ExitCode::SUCCESS)
            }
            Err(FieldError::Rows(errors)) => {
                for error in &errors {
                    eprintln!("{shown}: {error}");
                }
                eprintln!("nothing was imported");
                Ok(ExitCode::from(1))
            }
            Err(error) => Err(error.into()),
        }
    })
}

fn tell(done: &Imported, dry_run: bool) {
    let would = if dry_run { "would be " } else { "" };
    println!("{} rows: {} {would}added", done.rows, done.added);
    for (number, what) in [
        (done.replaced, "of them newer versions; the earlier ones are voided"),
        (done.known, "known already"),
        (done.left_out, "left out: not approved or on hold in KoboToolbox"),
    ] {
        if number > 0 {
            println!("{number} {what}");
        }
    }
    if !done.ignored.is_empty() {
        println!("columns not read: {}", done.ignored.join(", "));
    }
    if !done.unregistered.is_empty() {
        println!("codes not in the register, they count as unregistered: {}", done.unregistered.join(", "));
    }
    if let Some(import) = done.import {
        println!("import {import}: its entries wait for the approval of somebody else");
    }
}
