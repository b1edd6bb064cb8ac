//! `safar report`: a file of a period's figures for the donors.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;
use clap::Args;

use super::{clock, runtime, settings};
use crate::{
    app::console_texts,
    clock::{Stopwatch, SystemIds},
    counting,
    domain::{StaffLocale, Timestamp},
    indicators::Window,
    report::{EXPORTS, Export, Order, Reports},
    store::Store,
};

/// A comparison that is older is made anew before a report.
const COMPARED_FOR_MS: i64 = 86_400_000;

#[derive(Args)]
pub struct Options {
    /// A quarter or a month: 2026-Q2, 2026-05.
    #[arg(long, value_parser = period)]
    period: Window,
    /// xlsx, csv, html, iati, dhis2 or activityinfo.
    #[arg(long, value_parser = export)]
    format: &'static Export,
    /// Where to write it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// For publication: small cells are hidden. A file for IATI always is.
    #[arg(long)]
    public: bool,
    /// ru or en.
    #[arg(long, default_value = "ru", value_parser = locale)]
    lang: StaffLocale,
    /// Who prepared it, as it is to be printed.
    #[arg(long, default_value = "")]
    prepared_by: String,
    /// Who approved it, as it is to be printed.
    #[arg(long, default_value = "")]
    approved_by: String,
    /// DHIS2: the organisation unit of this country, or U; without it that of all together.
    #[arg(long)]
    country: Option<String>,
    /// DHIS2: the organisation unit of this centre, as `dhis2.centres` has it.
    #[arg(long, value_name = "CODE", conflicts_with = "country")]
    centre: Option<String>,
}

fn period(text: &str) -> Result<Window, String> {
    let window = Window::parse(text).filter(|window| window.months().is_some());
    window.ok_or_else(|| "2026-Q2 or 2026-05".to_owned())
}

fn export(text: &str) -> Result<&'static Export, String> {
    let names = || EXPORTS.iter().map(|export| export.name).collect::<Vec<_>>().join(", ");
    Export::find(text).ok_or_else(|| format!("one of {}", names()))
}

fn locale(text: &str) -> Result<StaffLocale, String> {
    let known = StaffLocale::parse(text).filter(|locale| matches!(locale, StaffLocale::Ru | StaffLocale::En));
    known.ok_or_else(|| "ru or en".to_owned())
}

pub fn run(config: Option<&Path>, options: &Options) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    let order = Order {
        period: options.period,
        export: options.format,
        locale: options.lang,
        public: options.public,
        unit: options.country.clone().or_else(|| options.centre.clone()),
        prepared: options.prepared_by.clone(),
        approved: options.approved_by.clone(),
    };
    let texts = console_texts()?;
    let made = runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        compare_if_old(&store, clock().now()).await?;
        let reports = Reports::new(store.clone(), clock(), Arc::new(SystemIds::new()), texts);
        let watch = Stopwatch::start();
        let made = reports.make(&order, None).await?;
        store.close().await;
        eprintln!("made in {:.1} s", watch.seconds());
        anyhow::Ok(made)
    })?;
    write(&options.out, &made.bytes).with_context(|| options.out.display().to_string())?;
    let state = if made.frozen { "frozen" } else { "provisional" };
    println!("{}: {}, {state}, sha256 {}", options.out.display(), order.period, made.sha256);
    Ok(ExitCode::SUCCESS)
}

/// Compares the counts with a recount, if no night did. What is found is kept; a difference then refuses the report.
async fn compare_if_old(store: &Store, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = store.read().await?;
    let last = counting::last_compared(&mut tx).await?;
    if last.is_some_and(|last| now.0 - last.at().0 < COMPARED_FOR_MS) {
        tx.rollback().await?;
        return Ok(());
    }
    let watch = Stopwatch::start();
    let rules = counting::settings(&mut tx).await?.settings.rules;
    let found = counting::compare(&mut tx, &rules).await?;
    tx.rollback().await?;
    let mut tx = store.write().await?;
    counting::note_compared(&mut tx, &found, now).await?;
    tx.commit().await?;
    eprintln!(
        "counts compared with a recount in {:.1} s: {} difference(s)",
        watch.seconds(),
        found.differences.len()
    );
    Ok(())
}

/// Whole or not at all: beside it first.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    fs::write(&part, bytes)?;
    fs::rename(&part, path).inspect_err(|_| {
        // What is left of it is of no use.
        let _ = fs::remove_file(&part);
    })
}
