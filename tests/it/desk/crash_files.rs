//! kill -9 between a consultant's "send" of a file and the receipt: no file is lost, none comes in half, and one that
//! arrived twice says so.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use safar::clock::{Clock as _, SystemClock};
use serde_json::json;

use super::crash::{DOUBT, WORDS, claim_all, deliver, lines, page, post, soon, start, taken_over};
use crate::{
    crash::rounds,
    staff::visitor::Visitor,
    store::backend::{Fresh, on_postgres, on_sqlite, random},
    support::{
        app::{SECRET, message},
        fake_telegram::{self, FakeTelegram},
        fake_whatsapp::{Answer, FakeWhatsApp, Kind},
        forms::sum,
        sql,
        whatsapp::status,
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_outlive_kills_on_sqlite() {
    on_sqlite(files_outlive_kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_outlive_kills_on_postgres() {
    on_postgres(files_outlive_kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_outlives_a_kill_on_sqlite() {
    on_sqlite(an_upload_outlives_a_kill).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_outlives_a_kill_on_postgres() {
    on_postgres(an_upload_outlives_a_kill).await;
}

/// Persons, each in a conversation of their own.
const PEOPLE: usize = 3;
/// Files to each between two kills.
const FILES: usize = 4;

/// Words of a file that no other has.
fn words_of(round: u64, person: usize, n: usize) -> String {
    format!("Файл {round}.{person}.{n}.")
}

/// Its content: two pieces.
fn content_of(words: &str) -> Vec<u8> {
    words.repeat(300_000 / words.len()).into_bytes()
}

/// Presses "send", again and again with the same form, until the program says that it has the file.
async fn send(ann: &mut Visitor<'_>, path: &str, words: &str) {
    let shown = page(ann, path).await;
    let (csrf, after) = (shown.field("csrf"), shown.field("after"));
    let fields = [("csrf", csrf.as_str()), ("after", &after), ("text", words)];
    let content = content_of(words);
    loop {
        match ann.try_post_file(&format!("{path}/answer"), &fields, Some(("файл.txt", &content))).await {
            Ok(done) if done.status == 303 => return,
            Ok(done) => assert!(done.status >= 500, "{words}: {}: {}", done.status, done.text),
            Err(_) => {}
        }
        soon().await;
    }
}

async fn files_outlive_kills(fresh: Fresh) {
    let fake = FakeTelegram::start().await;
    let mut program = start(&fresh.store, &fresh.url, &fake, None).await;
    let mut update = 0;
    for person in 0..PEOPLE {
        for text in WORDS {
            update += 1;
            let body = message(update, 1_000 + person as i64, &json!({ "text": text }));
            let header = ("x-telegram-bot-api-secret-token", SECRET.to_owned());
            post(&program, "/telegram/webhook", header, body.to_string().into_bytes()).await;
        }
    }
    let mut ann = Visitor::at(program.url(""));
    ann.log_in("ann").await;
    let paths = claim_all(&mut ann, &fresh.store).await;
    assert_eq!(paths.len(), PEOPLE);
    // Time between the API's acceptance and its answer, in which a kill may fall.
    let late = fake_telegram::Answer::Late(Duration::from_millis(15));
    fake.script("sendDocument", vec![late; PEOPLE * FILES * 100]);
    for round in 0..rounds() {
        let accepted = Arc::new(AtomicUsize::new(0));
        let work = |(person, path): (usize, &String)| {
            let (accepted, path) = (accepted.clone(), path.clone());
            let mut worker = Visitor::at(program.url(""));
            worker.cookies.clone_from(&ann.cookies);
            tokio::spawn(async move {
                for n in 0..FILES {
                    send(&mut worker, &path, &words_of(round, person, n)).await;
                    accepted.fetch_add(1, Ordering::SeqCst);
                }
            })
        };
        let workers: Vec<_> = paths.iter().enumerate().map(work).collect();
        // At a moment that nobody chose.
        let enough = random() as usize % (PEOPLE * FILES * 3 / 4);
        while accepted.load(Ordering::SeqCst) < enough {
            soon().await;
        }
        tokio::time::sleep(Duration::from_millis(random() % 30)).await;
        program.kill().await;
        program.start_again();
        for worker in workers {
            worker.await.unwrap();
        }
    }
    // On PostgreSQL rows of a killed process come free when their lease ends.
    let settled = async {
        while sql::count(&fresh.store, "outbox where state = 'queued'").await > 0 {
            soon().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(100), settled).await.expect("every file goes out");
    assert_eq!(sql::count(&fresh.store, "outbox where state = 'failed'").await, 0);
    let sent = fake.files_sent();
    let (mut files, mut doubled, mut doubtful) = (0, 0, 0);
    for (person, path) in paths.iter().enumerate() {
        let lines = lines(&page(&mut ann, path).await);
        for (round, n) in (0..rounds()).flat_map(|round| (0..FILES).map(move |n| (round, n))) {
            let words = words_of(round, person, n);
            let whole = sum(&content_of(&words));
            let mine: Vec<_> =
                sent.iter().filter(|call| call.body["caption"].as_str().unwrap().contains(&words)).collect();
            let shown: Vec<&String> = lines.iter().filter(|line| line.contains(&words)).collect();
            assert_eq!(shown.len(), 1, "{words} stands in the case once");
            let is_doubtful = shown[0].contains(DOUBT);
            assert!(!mine.is_empty(), "{words} was lost");
            assert!(mine.iter().all(|call| call.body["document"]["sha256"] == whole), "{words} came in half");
            assert!(mine.len() == 1 || is_doubtful, "{words} went {} times, untold", mine.len());
            files += 1;
            doubled += mine.len() - 1;
            doubtful += usize::from(is_doubtful);
        }
    }
    assert_eq!(sql::count(&fresh.store, "attachments").await, files, "one a form");
    println!(
        "{}, {} kills: {files} files, {doubled} doubled, {doubtful} marked as perhaps doubled",
        fresh.store.backend().as_str(),
        rounds()
    );
    program.kill().await;
    for secret in ["Файл", "файл.txt"] {
        assert!(!program.log().contains(secret), "the log holds words or a name");
    }
}

/// The process dies while the API has the message and has not said so: the file is not uploaded again.
async fn an_upload_outlives_a_kill(fresh: Fresh) {
    const NUMBER: &str = "992900000001";
    let (telegram, api) = (FakeTelegram::start().await, FakeWhatsApp::start().await);
    let mut program = start(&fresh.store, &fresh.url, &telegram, Some(&api)).await;
    let now = SystemClock.now().0 / 1_000;
    for (n, text) in WORDS.into_iter().enumerate() {
        let said = json!({ "from": NUMBER, "id": format!("wamid.{NUMBER}.IN{n}"), "timestamp": now.to_string(),
            "type": "text", "text": { "body": text } });
        deliver(&program, &json!({ "messages": [said] })).await;
    }
    let mut ann = Visitor::at(program.url(""));
    ann.log_in("ann").await;
    let path = claim_all(&mut ann, &fresh.store).await.remove(0);
    sql::wait_count(&fresh.store, "outbox where state = 'queued'", 0).await;
    api.forget();
    api.script(Kind::Message, vec![Answer::Hang]);
    send(&mut ann, &path, "Приходите завтра").await;
    let first = api.wait_for(Kind::Message, 1).await.remove(0);
    let row = first.outbox().unwrap();
    program.kill().await;
    program.start_again();
    page(&mut ann, &path).await;
    taken_over(&fresh).await;
    // Half a minute without a status: it goes again. Here it is over at once.
    sql::run(
        &fresh.store,
        &format!("update outbox set not_before = 0, leased_by = null, lease_until = 0 where id = {row}"),
    )
    .await;
    let second = api.wait_for(Kind::Message, 2).await.remove(1);
    assert_eq!(second.body["document"]["id"], first.body["document"]["id"]);
    sql::wait_count(&fresh.store, &format!("outbox where state = 'sent' and id = {row}"), 1).await;
    // WhatsApp's status names the row.
    deliver(&program, &json!({ "statuses": [status(row, "delivered")] })).await;
    sql::wait_count(&fresh.store, &format!("outbox where state = 'delivered' and id = {row}"), 1).await;
    assert!(lines(&page(&mut ann, &path).await)[0].contains("delivered"));
    assert_eq!((api.count(Kind::Upload), api.said().len()), (1, 2));
    program.kill().await;
}
