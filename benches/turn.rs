//! What counting adds to the cost of a turn: the same walks by people who count, and by a simulator, whose events are
//! stored and dropped at the door of counting (indicators.md §1.4).
//!
//! `SAFAR_BENCH_DATABASE` names a database, best a large one; without it a new SQLite file is used. It is written to.
#![expect(
    clippy::expect_used,
    clippy::cast_precision_loss,
    reason = "a benchmark that cannot go on should stop"
)]

use std::sync::Arc;

use bytes::Bytes;
use safar::{
    app,
    clock::{Stopwatch, SystemIds},
    content::{Release, embedded},
    counting,
    dialog::Dialog,
    domain::{Address, CampaignCode, ChannelKind, Content, Inbound, Source, Timestamp},
    indicators::Rules,
    privacy::Keys,
    store::Store,
};
use tokio::sync::watch;

/// Persons of a batch: as many as a lane drains at once.
const BATCH: u64 = 64;
const ROUNDS: u64 = 40;
const STEPS: [&str; 12] = [
    "",
    "a.lang.ru",
    "a.ask-audience.migrant",
    "a.ask-citizenship.TJ",
    "a.ask-destination.RU",
    "n.patent",
    "n.patent-steps",
    "n.hotlines",
    "s.home",
    "n.emergency",
    "n.before-steps",
    "n.patent",
];
/// Highest share of the cost of a turn that counting may add (issue 8).
const SHARE_MAX: f64 = 0.25;

fn release() -> Arc<Release> {
    let (interface, words) = app::interface().expect("interface texts");
    Arc::new(Release::parse(&embedded(), interface, words).expect("embedded content").0)
}

fn inbound(person: u64, step: u64, source: Source, now: Timestamp) -> Inbound {
    let token = STEPS.get(usize::try_from(step).unwrap_or(0)).copied().unwrap_or_default();
    let content = match token {
        "" => Content::Start { code: CampaignCode::parse(&format!("code-{:03}", person % 40)) },
        token => Content::Tap(token.into()),
    };
    Inbound {
        address: Address::new(ChannelKind::Telegram, format!("{}", 7_000_000_000 + person)),
        also: Vec::new(),
        source,
        key: format!("tg:1:{}", person * 100 + step).into(),
        content,
        at: now,
        language_hint: None,
        tapped_message: None,
        advert: None,
        attached: None,
        mark_read: None,
        from: None,
        raw: Bytes::new(),
    }
}

/// Processor time of this process in seconds; zero where it is not told.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<u64> = text
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace().filter_map(|field| field.parse().ok()).collect())
        .unwrap_or_default();
    // User and system time in hundredths; the letter of the state is no number, so they are one place earlier.
    let ticks: u64 = fields.iter().skip(10).take(2).sum();
    ticks as f64 / 100.0
}

#[derive(Default)]
struct Cost {
    seconds: Vec<f64>,
    processor: f64,
}

impl Cost {
    fn median(&self) -> f64 {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }
}

async fn walk(dialog: &Dialog, first: u64, source: Source, from: Timestamp, cost: &mut Cost) {
    let before = processor();
    let watch = Stopwatch::start();
    for step in 0..STEPS.len() as u64 {
        let now = from.plus_ms(i64::try_from(step).unwrap_or(0) * 20_000);
        let batch: Vec<Inbound> =
            (0..BATCH).map(|person| inbound(first + person, step, source, now)).collect();
        dialog.handle(&batch, &[], now).await.expect("a turn");
    }
    cost.seconds.push(watch.seconds());
    cost.processor += processor() - before;
}

async fn run() -> bool {
    let folder = tempfile::TempDir::new().expect("a folder");
    let url = std::env::var("SAFAR_BENCH_DATABASE")
        .unwrap_or_else(|_| format!("sqlite:{}", folder.path().join("safar.db").display()));
    let store = Store::connect(&url).await.expect("a database");
    store.migrate().await.expect("migrated");
    let release = watch::channel(release()).1;
    let keys = Keys::from_secret(&[7; 32]);
    let dialog = Dialog::new(store.clone(), keys, Arc::new(SystemIds::new()), release, 1);
    let rules = Rules::default();
    let (mut counted, mut dropped, mut later) = (Cost::default(), Cost::default(), Cost::default());
    let start = Timestamp::from_iso("2026-06-15T06:00:00Z").expect("an instant");
    for round in 0..=ROUNDS {
        let first = round * BATCH * 2;
        let from = start.plus_ms(i64::try_from(round).unwrap_or(0) * 600_000);
        // The first round only warms up.
        let (mut warm, mut warm_too) = (Cost::default(), Cost::default());
        let is_warm = round == 0;
        // Who comes first takes turns.
        for which in [round % 2, (round + 1) % 2] {
            if which == 0 {
                let cost = if is_warm { &mut warm } else { &mut counted };
                walk(&dialog, first, Source::Bot, from, cost).await;
            } else {
                let cost = if is_warm { &mut warm_too } else { &mut dropped };
                walk(&dialog, first + BATCH, Source::Sim, from, cost).await;
            }
        }
        let before = processor();
        let watch = Stopwatch::start();
        let mut tx = store.write().await.expect("a transaction");
        counting::roll(&mut tx, &rules, 1_000).await.expect("rolled up");
        counting::squash(&mut tx, 10_000).await.expect("squashed");
        tx.commit().await.expect("committed");
        if !is_warm {
            later.seconds.push(watch.seconds());
            later.processor += processor() - before;
        }
        store.checkpoint().await.expect("a checkpoint");
    }
    let turns = (BATCH * STEPS.len() as u64) as f64;
    let all = turns * ROUNDS as f64;
    for (name, cost) in [("counted", &counted), ("not counted", &dropped), ("rolled up later", &later)] {
        let (wall, processor) = (cost.median() * 1e6 / turns, cost.processor * 1e6 / all);
        println!("{name:<16} {wall:7.1} µs a turn (median of {ROUNDS}), {processor:7.1} µs of processor");
    }
    let wall = counted.median() / dropped.median() - 1.0;
    let processor = counted.processor / dropped.processor - 1.0;
    println!("counting adds {:.1} % of time, {:.1} % of processor", wall * 100.0, processor * 100.0);
    store.close().await;
    wall <= SHARE_MAX
}

fn main() -> std::process::ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if runtime.block_on(run()) { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
