//! `safar indicators trace`: from a figure back to events (indicators.md §1.14).

use std::{path::Path, process::ExitCode};

use clap::Args;

use crate::{
    cli::{runtime, settings},
    clock::{Ids as _, SystemIds},
    counting::{self, Asked, Traced, Unit},
    domain::hex,
    indicators::{Dimension, Indicator, Measure, Window},
    privacy::Keys,
    store::Store,
};

/// Bytes of a pseudonym.
const PSEUDONYM_BYTES: usize = 8;

#[derive(Args)]
pub struct Options {
    /// R1, R2, S1 and so on.
    #[arg(value_parser = indicator)]
    indicator: Indicator,
    /// A month, a quarter, some months or "programme": 2026-02, 2026-Q1, 2026-01..2026-12.
    #[arg(long, value_parser = period)]
    period: Window,
    /// new, active or cum.
    #[arg(long, default_value = "cum", value_parser = measure)]
    measure: Measure,
    #[command(flatten)]
    cell: Cell,
}

/// At most one: figures are split one way at a time.
#[derive(Args)]
#[group(multiple = false)]
struct Cell {
    /// F, M or U.
    #[arg(long)]
    sex: Option<String>,
    #[arg(long)]
    age: Option<String>,
    /// Country of origin; U: not known.
    #[arg(long)]
    origin: Option<String>,
    /// Country of stay.
    #[arg(long)]
    stay: Option<String>,
    #[arg(long)]
    audience: Option<String>,
    #[arg(long)]
    lang: Option<String>,
    /// tg, wa, web, centre or field.
    #[arg(long)]
    channel: Option<String>,
    /// A code, "direct" or "unregistered".
    #[arg(long)]
    first_touch: Option<String>,
    #[arg(long)]
    last_touch: Option<String>,
    /// Country of the centre: S1 and S2.
    #[arg(long)]
    cc: Option<String>,
}

impl Cell {
    fn asked(&self) -> Option<(Dimension, String)> {
        let all = [
            (Dimension::Sex, &self.sex),
            (Dimension::Age, &self.age),
            (Dimension::Origin, &self.origin),
            (Dimension::Stay, &self.stay),
            (Dimension::Audience, &self.audience),
            (Dimension::Language, &self.lang),
            (Dimension::Channel, &self.channel),
            (Dimension::FirstTouch, &self.first_touch),
            (Dimension::LastTouch, &self.last_touch),
            (Dimension::Centre, &self.cc),
        ];
        all.into_iter().find_map(|(dimension, value)| Some((dimension, value.clone()?)))
    }
}

fn indicator(text: &str) -> Result<Indicator, String> {
    Indicator::parse(&text.to_uppercase()).ok_or_else(|| "an indicator such as R2".to_owned())
}

fn period(text: &str) -> Result<Window, String> {
    let window = Window::parse(text).filter(|window| !matches!(window, Window::Day(_)));
    window.ok_or_else(|| "2026-02, 2026-Q1, 2026-01..2026-12 or programme".to_owned())
}

fn measure(text: &str) -> Result<Measure, String> {
    let measure = Measure::parse(text).filter(|measure| *measure != Measure::Touch);
    measure.ok_or_else(|| "new, active or cum".to_owned())
}

pub fn run(config: Option<&Path>, options: &Options) -> anyhow::Result<ExitCode> {
    if matches!((options.measure, options.period), (Measure::Active, Window::Span(..))) {
        anyhow::bail!("activity is kept by month, by quarter and for the whole programme");
    }
    let config = settings(config)?;
    let asked = Asked {
        indicator: options.indicator,
        measure: options.measure,
        window: options.period,
        cell: options.cell.asked(),
    };
    let traced = runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let mut tx = store.read().await?;
        let rules = counting::settings(&mut tx).await?.settings.rules;
        let rules = counting::in_force(&mut tx, &rules).await?;
        let traced = counting::trace(&mut tx, &rules, &asked).await?;
        tx.rollback().await?;
        store.close().await;
        anyhow::Ok(traced)
    })?;
    print(&traced);
    Ok(if traced.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn print(traced: &Traced) {
    // Known to this run only: two lists cannot be laid side by side.
    let mut secret = [0; 32];
    SystemIds::new().fill(&mut secret);
    let keys = Keys::from_secret(&secret);
    let pseudonym = |unit: &Unit| {
        let digest = match unit {
            Unit::Person(id) => keys.digest("report", &id.0.to_be_bytes()),
            Unit::Record(key) => keys.digest("report record", key.as_bytes()),
        };
        hex(digest.get(..PSEUDONYM_BYTES).unwrap_or_default())
    };
    println!("unit,event,channel,day,number,evidence");
    for unit in &traced.units {
        let (name, evidence) = (pseudonym(&unit.unit), &unit.evidence);
        println!("{name},{},{},{},1,{evidence}", unit.event, unit.channel, unit.day);
    }
    for head in &traced.heads {
        println!("head-count,{},field,{},{},{}", head.entry, head.day, head.net, head.evidence);
    }
    if traced.cell.erased > 0 {
        println!("erased,,,,{},", traced.cell.erased);
    }
    let heads: u64 = traced.heads.iter().map(|head| head.net).sum();
    let overlap: u64 = traced.heads.iter().map(|head| head.gross.saturating_sub(head.net)).sum();
    eprintln!(
        "cell {}: persons {}, erased {}, head-counts {}; listed {} and {heads} (overlap {overlap} taken away)",
        traced.cell.total(),
        traced.cell.persons,
        traced.cell.erased,
        traced.cell.tally,
        traced.units.len()
    );
}
