//! kill -9 under load, again and again: every accepted update is answered, none is counted twice.
//!
//! `SAFAR_CRASH_ROUNDS` sets the rounds (default 3, 20 for a release).

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use safar::store::{Store, Tx};
use serde_json::json;

use crate::{
    store::backend::{Fresh, on_postgres, on_sqlite, random},
    support::{
        app::{SECRET, message, tap},
        fake_telegram::{FakeTelegram, TOKEN},
        program::Program,
    },
};

const PEOPLE: i64 = 40;
const WORKERS: i64 = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_load_on_sqlite() {
    on_sqlite(kill_and_restart).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_load_on_postgres() {
    on_postgres(kill_and_restart).await;
}

pub fn rounds() -> u64 {
    std::env::var("SAFAR_CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

async fn scalar(store: &Store, sql: &'static str) -> i64 {
    let mut tx = store.read().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
    }
}

async fn kill_and_restart(fresh: Fresh) {
    let fake = FakeTelegram::start().await;
    let mut program = Program::start(&fresh.url, &fake, None);
    let webhook = program.url("/telegram/webhook");
    let next = Arc::new(AtomicI64::new(1));
    let ended = Arc::new(AtomicBool::new(false));
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (next, ended, client, webhook) =
                (next.clone(), ended.clone(), client.clone(), webhook.clone());
            tokio::spawn(async move {
                let mut accepted = Vec::new();
                while !ended.load(Ordering::SeqCst) {
                    let id = next.fetch_add(1, Ordering::SeqCst);
                    let chat = 1000 + id % PEOPLE;
                    let update = match id / PEOPLE {
                        0 => message(id, chat, &json!({ "text": "/start" })),
                        1 => tap(id, chat, 1, "a.lang.tg"),
                        turn if turn % 3 == 0 => message(id, chat, &json!({ "text": "салом" })),
                        turn if turn % 3 == 1 => tap(id, chat, 1, "n.patent"),
                        _ => tap(id, chat, 1, "n.patent-steps"),
                    };
                    // As Telegram does: again until it is taken.
                    loop {
                        let request = client
                            .post(&webhook)
                            .header("x-telegram-bot-api-secret-token", SECRET)
                            .body(update.to_string());
                        match request.send().await {
                            Ok(answer) if answer.status() == 200 => break,
                            _ => tokio::time::sleep(Duration::from_millis(20)).await,
                        }
                    }
                    accepted.push((id, chat));
                }
                accepted
            })
        })
        .collect();
    let mut answered = 0;
    for _ in 0..rounds() {
        // Wait for real work, then kill at a moment that nobody chose.
        answered = wait_more(&fake, answered + 100).await;
        tokio::time::sleep(Duration::from_millis(random() % 60)).await;
        program.kill().await;
        program.start_again();
    }
    wait_more(&fake, answered + 100).await;
    ended.store(true, Ordering::SeqCst);
    let mut accepted: Vec<(i64, i64)> = Vec::new();
    for worker in workers {
        accepted.extend(worker.await.unwrap());
    }
    let store = &fresh.store;
    let settled = async {
        // On PostgreSQL rows of a killed process come free when their lease ends.
        while scalar(store, "select cast(count(*) as bigint) from outbox where state = 'queued'").await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(100), settled).await.expect("every accepted update is answered");
    let distinct: HashSet<i64> = accepted.iter().map(|(id, _)| *id).collect();
    assert_eq!(scalar(store, "select cast(count(*) as bigint) from dedup").await, distinct.len() as i64);
    let events = scalar(store, "select cast(count(*) as bigint) from events").await;
    assert_eq!(events, scalar(store, "select cast(count(distinct event_id) as bigint) from events").await);
    let touches = scalar(store, "select cast(count(*) as bigint) from events where type = 'contact'").await;
    assert_eq!(touches, distinct.len() as i64, "one touch an update");
    let failed = scalar(store, "select cast(count(*) as bigint) from outbox where state = 'failed'").await;
    assert_eq!(failed, 0);
    let rows = scalar(store, "select cast(count(*) as bigint) from outbox").await;
    let sent = said(&fake) as i64;
    let uncertain = scalar(store, "select cast(count(*) as bigint) from outbox where uncertain").await;
    assert!(sent >= rows, "{sent} messages for {rows} rows");
    assert!(sent - rows <= uncertain, "{sent} messages for {rows} rows, {uncertain} marked uncertain");
    println!(
        "{} kills: {} updates accepted, {rows} answers, {} doubled of {uncertain} uncertain",
        rounds(),
        distinct.len(),
        sent - rows
    );
    program.kill().await;
    let log = program.log();
    for planted in ["Planted-Name", "салом", TOKEN, SECRET] {
        assert!(!log.contains(planted), "the log holds {planted}");
    }
    for (_, chat) in &accepted {
        assert!(
            !log.contains(&format!("chat_id={chat}")) && !log.contains(&format!("\"{chat}\"")),
            "the log holds an address"
        );
    }
}

fn said(fake: &FakeTelegram) -> usize {
    fake.calls_to("sendMessage").len() + fake.calls_to("editMessageText").len()
}

async fn wait_more(fake: &FakeTelegram, count: usize) -> usize {
    let wait = async {
        loop {
            let said = said(fake);
            if said >= count {
                return said;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), wait).await.expect("the bot goes on answering")
}
