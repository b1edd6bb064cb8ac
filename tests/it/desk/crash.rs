//! kill -9 between a consultant's "send" and the receipt: no answer is lost, and one that arrived twice says so.
//!
//! `SAFAR_CRASH_ROUNDS` sets the kills, as in `crash`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use safar::{
    clock::{Clock as _, SystemClock, SystemIds},
    desk::{
        Role,
        staff::{Rules, Staff},
    },
    privacy::Keys,
    store::{Backend, Store},
};
use serde_json::json;

use crate::{
    crash::rounds,
    staff::visitor::{Page, Visitor, account_in},
    store::backend::{Fresh, on_postgres, on_sqlite, random},
    support::{
        app::{SECRET, message},
        fake_telegram::{self, FakeTelegram},
        fake_whatsapp::{Answer, FakeWhatsApp, Kind},
        program::Program,
        sql,
        whatsapp::{APP_SECRET, delivery, signature, status},
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_outlive_kills_on_sqlite() {
    on_sqlite(answers_outlive_kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_outlive_kills_on_postgres() {
    on_postgres(answers_outlive_kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatsapp_tells_what_became_of_an_answer_on_sqlite() {
    on_sqlite(whatsapp_tells).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatsapp_tells_what_became_of_an_answer_on_postgres() {
    on_postgres(whatsapp_tells).await;
}

/// Persons, each in a conversation of their own.
const PEOPLE: usize = 6;
/// Answers to each between two kills.
const ANSWERS: usize = 12;
/// What a person says until a case is open.
pub(super) const WORDS: [&str; 4] = ["русский", "консультант", "да", "Мне не платят"];
/// The page's words for a message that may have been sent twice.
pub(super) const DOUBT: &str = "may have arrived twice";

/// A little later: the other side is another process.
pub(super) async fn soon() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

/// Posts until it is taken, as the channels do.
pub(super) async fn post(program: &Program, path: &str, header: (&'static str, String), body: Vec<u8>) {
    let client = reqwest::Client::new();
    let taken = async {
        loop {
            let request = client.post(program.url(path)).header(header.0, &header.1).body(body.clone());
            if request.send().await.is_ok_and(|answer| answer.status() == 200) {
                break;
            }
            soon().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), taken).await.expect("the program is there");
}

/// Starts the program with a consultant: it looks for them as it starts, and without any nobody is asked to wait.
pub(super) async fn start(
    store: &Store,
    url: &str,
    telegram: &FakeTelegram,
    whatsapp: Option<&FakeWhatsApp>,
) -> Program {
    let mut program = Program::start(url, telegram, whatsapp);
    page(&mut Visitor::at(program.url("")), "/staff/login").await;
    let keys = Keys::read(&program.key_file()).unwrap();
    let staff =
        Staff::new(store.clone(), keys, Arc::new(SystemClock), Arc::new(SystemIds::new()), Rules::default());
    account_in(&staff, "ann", &[Role::Consultant]).await;
    program.kill().await;
    program.start_again();
    program
}

/// The case's page, as soon as the program shows it.
pub(super) async fn page(ann: &mut Visitor<'_>, path: &str) -> Page {
    loop {
        match ann.try_get(path).await {
            Some(page) if page.status == 200 => return page,
            _ => soon().await,
        }
    }
}

/// Presses "send", again and again with the same form, until the program says that it has it.
async fn answer(ann: &mut Visitor<'_>, path: &str, text: &str) {
    let shown = page(ann, path).await;
    let (csrf, after) = (shown.field("csrf"), shown.field("after"));
    let form = [("csrf", csrf.as_str()), ("after", &after), ("text", text)];
    loop {
        match ann.try_post_raw(&format!("{path}/answer"), &form).await {
            Some(done) if done.status == 303 => return,
            Some(done) => assert!(done.status >= 500, "{text}: {}: {}", done.status, done.text),
            None => {}
        }
        soon().await;
    }
}

/// Claims all that waits; the paths of the cases.
pub(super) async fn claim_all(ann: &mut Visitor<'_>, store: &Store) -> Vec<String> {
    let mut paths = Vec::new();
    for case in sql::texts(store, "select cast(id as text) from cases order by id").await {
        let path = format!("/staff/case/{case}");
        let claimed = ann.post("/staff/queue", &format!("{path}/claim"), &[]).await;
        assert_eq!(claimed.status, 303, "{}", claimed.text);
        paths.push(path);
    }
    paths
}

/// The words of a page, line by line of its conversation.
pub(super) fn lines(page: &Page) -> Vec<String> {
    page.text
        .split("<li class=\"bubble staff")
        .skip(1)
        .map(|rest| rest.split("</li>").next().unwrap().to_owned())
        .collect()
}

async fn answers_outlive_kills(fresh: Fresh) {
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
    fake.script("sendMessage", vec![late; PEOPLE * ANSWERS * 100]);
    for round in 0..rounds() {
        let accepted = Arc::new(AtomicUsize::new(0));
        let work = |(person, path): (usize, &String)| {
            let (accepted, path) = (accepted.clone(), path.clone());
            let mut worker = Visitor::at(program.url(""));
            worker.cookies.clone_from(&ann.cookies);
            tokio::spawn(async move {
                for n in 0..ANSWERS {
                    answer(&mut worker, &path, &text_of(round, person, n)).await;
                    accepted.fetch_add(1, Ordering::SeqCst);
                }
            })
        };
        let workers: Vec<_> = paths.iter().enumerate().map(work).collect();
        // At a moment that nobody chose.
        let enough = random() as usize % (PEOPLE * ANSWERS * 3 / 4);
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
    tokio::time::timeout(Duration::from_secs(100), settled).await.expect("every answer goes out");
    assert_eq!(sql::count(&fresh.store, "outbox where state = 'failed'").await, 0);
    let said: Vec<String> = fake.said().into_iter().map(|call| call.body.to_string()).collect();
    let (mut answers, mut doubled, mut doubtful) = (0, 0, 0);
    for (person, path) in paths.iter().enumerate() {
        let lines = lines(&page(&mut ann, path).await);
        for (round, n) in (0..rounds()).flat_map(|round| (0..ANSWERS).map(move |n| (round, n))) {
            let text = text_of(round, person, n);
            let sent = said.iter().filter(|body| body.contains(&text)).count();
            let shown: Vec<&String> = lines.iter().filter(|line| line.contains(&text)).collect();
            assert_eq!(shown.len(), 1, "{text} stands in the case once");
            let is_doubtful = shown[0].contains(DOUBT);
            assert!(sent >= 1, "{text} was lost");
            assert!(sent == 1 || is_doubtful, "{text} went out {sent} times, and the page does not tell");
            answers += 1;
            doubled += sent - 1;
            doubtful += usize::from(is_doubtful);
        }
    }
    println!(
        "{}, {} kills: {answers} answers, {doubled} doubled, {doubtful} marked as perhaps doubled",
        fresh.store.backend().as_str(),
        rounds()
    );
    program.kill().await;
    assert!(!program.log().contains("Ответ"), "the log holds an answer");
}

fn text_of(round: u64, person: usize, n: usize) -> String {
    format!("Ответ {round}.{person}.{n}.")
}

/// The process dies while the API has the answer and has not said so.
async fn whatsapp_tells(fresh: Fresh) {
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
    answer(&mut ann, &path, "Приходите завтра").await;
    let row = api.wait_for(Kind::Message, 1).await[0].outbox().unwrap();
    program.kill().await;
    program.start_again();
    let shown = page(&mut ann, &path).await;
    assert!(lines(&shown)[0].contains("on its way"), "{}", shown.text);
    taken_over(&fresh).await;
    // WhatsApp's status names the row.
    deliver(&program, &json!({ "statuses": [status(row, "delivered")] })).await;
    sql::wait_count(&fresh.store, &format!("outbox where state = 'delivered' and id = {row}"), 1).await;
    let shown = page(&mut ann, &path).await;
    assert_eq!(lines(&shown).len(), 1);
    assert!(lines(&shown)[0].contains("delivered"), "{}", shown.text);
    // It was sent once, and nothing is in doubt.
    assert!(!lines(&shown)[0].contains(DOUBT), "{}", shown.text);
    assert_eq!(api.said().len(), 1);
    program.kill().await;
}

/// The message that a dead process had in hand waits for its status before it goes again: on SQLite from the start on,
/// for nobody else can have it; on PostgreSQL its lease has to end first, within a minute.
pub(super) async fn taken_over(fresh: &Fresh) {
    if fresh.store.backend() == Backend::Sqlite {
        let waits = "outbox where state = 'queued' and leased_by is null and uncertain and attempts = 1";
        sql::wait_count(&fresh.store, waits, 1).await;
    }
}

pub(super) async fn deliver(program: &Program, value: &serde_json::Value) {
    let body = delivery(value);
    post(program, "/whatsapp/webhook", ("x-hub-signature-256", signature(APP_SECRET, &body)), body).await;
}
