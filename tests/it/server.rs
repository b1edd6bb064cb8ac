//! The running program, by its webhook and the calls it makes, on both databases.

use std::sync::Arc;

use safar::{
    channels::{self, telegram::render},
    compose,
    domain::{ChannelKind, Timestamp},
    engine::{self, HOME_OFFSET_MINUTES, Input, State},
    store::{self, Store, Tx},
};
use serde_json::{Value, json};

use crate::{
    dialogs::{CaseTurn, case_files, embedded_release, read_case},
    store::backend::{Fresh, on_postgres, on_sqlite},
    support::{
        app::{BOT, Options, TestApp, message, tap},
        fake_telegram::Answer,
        time::pass,
    },
};

/// Runs a test of the whole program on each database.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::on_sqlite(super::$test).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                super::on_postgres(super::$test).await;
            })*
        }
    };
}

on_both![
    dialogs_run_through_the_server_as_through_the_engine,
    a_redelivered_update_is_answered_once,
    one_bad_update_does_not_lose_its_neighbours,
    a_tap_on_the_last_message_edits_and_on_an_older_one_sends,
    a_throttled_bot_waits_and_answers,
    a_blocked_contact_is_marked_and_the_others_are_served,
    unsent_answers_are_sent_after_a_restart,
    deleting_leaves_nothing_but_a_tick,
    hiding_deletes_the_bots_messages,
    nothing_typed_is_kept_and_addresses_are_sealed,
    a_start_code_is_kept_on_the_touch,
];

fn options(fresh: &Fresh) -> Options {
    Options { database_url: Some(fresh.url.clone()), ..Options::default() }
}

async fn scalar(store: &Store, sql: &'static str) -> i64 {
    let mut tx = store.read().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
    }
}

async fn texts(store: &Store, sql: &'static str) -> Vec<String> {
    let mut tx = store.read().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_all(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_all(&mut **tx).await.unwrap(),
    }
}

/// The messages that the API got, sent or edited.
fn said(app: &TestApp) -> Vec<Value> {
    app.fake.said().into_iter().map(|call| call.body).collect()
}

/// Waits until so many messages have been said.
async fn wait_said(app: &TestApp, count: usize) -> Vec<Value> {
    app.fake.wait_said(count).await.into_iter().map(|call| call.body).collect()
}

fn update_of(turn: &CaseTurn, id: i64, chat: i64) -> Value {
    match (&turn.says, &turn.taps, &turn.command) {
        (Some(text), ..) => message(id, chat, &json!({ "text": text })),
        (_, Some(token), _) => tap(id, chat, 1, token),
        (.., Some(word)) => message(id, chat, &json!({ "text": format!("/{word}") })),
        _ if turn.start => message(id, chat, &json!({ "text": "/start" })),
        _ if turn.sticker => message(
            id,
            chat,
            &json!({ "sticker": { "file_id": "F", "file_unique_id": "U", "type": "regular", "width": 1, "height": 1, "is_animated": false, "is_video": false } }),
        ),
        _ => message(
            id,
            chat,
            &json!({ "photo": [{ "file_id": "F", "file_unique_id": "U", "width": 1, "height": 1 }] }),
        ),
    }
}

async fn dialogs_run_through_the_server_as_through_the_engine(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    let release = embedded_release();
    for (number, path) in case_files("dialogs").into_iter().enumerate() {
        let chat = 1000 + number as i64;
        let case = read_case(&path);
        let mut state = State::default();
        let mut now = Timestamp::from_iso(&case.now).unwrap();
        for (place, turn) in case.turn.iter().enumerate() {
            now = now.plus_ms(turn.after_minutes * 60_000 + 1_000);
            app.clock.set(now);
            let expected = engine::advance(&release, state, &turn.input(), now);
            state = expected.state;
            let id = app.next_update();
            assert_eq!(app.update(&update_of(turn, id, chat)).await.0, 200);
            let Some(say) = expected.say else { continue };
            let got = wait_said(&app, 1).await.pop().unwrap();
            app.fake.forget();
            let composed =
                compose::compose(&release, &say, &channels::telegram::LIMITS, now.day(HOME_OFFSET_MINUTES));
            let body = render::render(&chat.to_string(), &composed, None).body;
            let body: Value = serde_json::from_slice(&body).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy();
            assert_eq!(got["text"], body["text"], "{name}, turn {}", place + 1);
            assert_eq!(got["reply_markup"], body["reply_markup"], "{name}, turn {}", place + 1);
        }
    }
    let kinds = texts(&app.app.store, "select distinct type from events order by type").await;
    assert_eq!(kinds, ["contact", "content_view", "erase", "optout", "profile", "question"]);
    let distinct =
        scalar(&app.app.store, "select cast(count(distinct event_id) as bigint) from events").await;
    assert_eq!(scalar(&app.app.store, "select cast(count(*) as bigint) from events").await, distinct);
    app.stop().await;
}

async fn a_redelivered_update_is_answered_once(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    let update = message(5, 77, &json!({ "text": "/start" }));
    let both = tokio::join!(app.update(&update), app.update(&update));
    assert_eq!((both.0.0, both.1.0), (200, 200));
    app.update(&update).await;
    app.text(78, "/start").await;
    wait_said(&app, 2).await;
    app.app.store.ping().await.unwrap();
    assert_eq!(said(&app).iter().filter(|body| body["chat_id"] == 77 || body["chat_id"] == "77").count(), 1);
    app.stop().await;
}

async fn one_bad_update_does_not_lose_its_neighbours(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    let deep = format!("{{\"update_id\":901,\"message\":{}1{}}}", "[".repeat(9_000), "]".repeat(9_000));
    let bad: Vec<Vec<u8>> = vec![
        b"{\"update_id\":900,\"mess".to_vec(),
        vec![0xff, 0xfe, 0x00],
        deep.into_bytes(),
        br#"{"update_id":902,"surprise":{}}"#.to_vec(),
        b"null".to_vec(),
    ];
    let posts = bad.into_iter().map(|body| app.post(body));
    let good = (0..20).map(|chat| app.text(500 + chat, "/start"));
    let (bad, good) =
        tokio::join!(futures_util::future::join_all(posts), futures_util::future::join_all(good));
    assert!(bad.iter().chain(&good).all(|(status, _)| *status == 200), "{bad:?} {good:?}");
    wait_said(&app, 20).await;
    let parked = app.app.dialog.list_parked(100).await.unwrap();
    assert_eq!(parked.len(), 4, "{parked:?}");
    let huge = app.post(vec![b'x'; 3 << 20]).await;
    assert_eq!(huge.0, 413);
    let wrong = app
        .client
        .post(app.url("/telegram/webhook"))
        .header("x-telegram-bot-api-secret-token", "hook-secreT")
        .body("{}");
    assert_eq!(wrong.send().await.unwrap().status(), 401);
    let long = app.text(700, &"ё".repeat(100_000)).await;
    assert_eq!(long.0, 200);
    wait_said(&app, 21).await;
    app.stop().await;
}

async fn a_tap_on_the_last_message_edits_and_on_an_older_one_sends(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    app.text(42, "/start").await;
    wait_said(&app, 1).await;
    let answer = app.tap(42, 10, "a.lang.ru").await;
    let answer: Value = serde_json::from_str(&answer.1).unwrap();
    assert_eq!(answer["method"], "answerCallbackQuery", "the tap is answered in the webhook's own answer");
    let edits = app.fake.wait_for("editMessageText", 1).await;
    assert_eq!(edits[0].body["message_id"], 10);
    app.text(42, "привет").await;
    app.fake.wait_for("sendMessage", 2).await;
    // The receipt of message 11 is written with the next batch; the tap after it sees it.
    app.text(43, "/start").await;
    app.fake.wait_for("sendMessage", 3).await;
    wait_last(&app, 42, 11).await;
    app.tap(42, 10, "a.ask-audience.migrant").await;
    let sends = app.fake.wait_for("sendMessage", 4).await;
    assert_eq!(app.fake.calls_to("editMessageText").len(), 1);
    assert!(sends[3].body["text"].as_str().unwrap().contains('?'));
    app.stop().await;
}

async fn wait_last(app: &TestApp, _chat: i64, message: i64) {
    let wait = async {
        while scalar(&app.app.store, "select coalesce(max(last_message), 0) from sessions").await < message {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), wait).await.expect("the receipt is written");
}

async fn a_throttled_bot_waits_and_answers(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    app.fake.script(
        "sendMessage",
        vec![Answer::Throttled(Some(1)), Answer::Error(502, "Bad Gateway".into()), Answer::Reset],
    );
    app.text(42, "/start").await;
    for (calls, seconds) in [(1, 1), (2, 2), (3, 4)] {
        app.fake.wait_for("sendMessage", calls).await;
        // Time for the answer to be read.
        for _ in 0..10 {
            app.client.get(app.url("/")).send().await.unwrap();
        }
        pass(std::time::Duration::from_secs(seconds)).await;
    }
    app.fake.wait_for("sendMessage", 4).await;
    app.stop().await;
}

async fn a_blocked_contact_is_marked_and_the_others_are_served(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    app.fake.script("sendMessage", vec![Answer::Blocked]);
    app.text(42, "/start").await;
    app.fake.wait_for("sendMessage", 1).await;
    app.text(43, "/start").await;
    app.fake.wait_for("sendMessage", 2).await;
    let store = app.app.store.clone();
    let wait = async {
        while scalar(&store, "select cast(count(*) as bigint) from sessions where reachable").await != 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), wait).await.expect("marked unreachable");
    assert_eq!(texts(&store, "select error from outbox where state = 'failed'").await, ["blocked"]);
    app.stop().await;
}

async fn unsent_answers_are_sent_after_a_restart(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    let (folder, fake) = (app.folder.clone(), app.fake.clone());
    // The API is away for long: the row keeps the answer over an orderly stop.
    app.fake.script("sendMessage", vec![Answer::Error(429, "Too Many Requests: retry after 3000".into())]);
    app.text(42, "/start").await;
    app.fake.wait_for("sendMessage", 1).await;
    app.stop().await;
    let again = TestApp::start(Options {
        folder: Some(folder),
        fake: Some(fake),
        now: "2026-11-24T08:00:00Z",
        ..options(&fresh)
    })
    .await;
    let calls = again.fake.wait_for("sendMessage", 2).await;
    assert_eq!(calls[0].body["text"], calls[1].body["text"]);
    again.stop().await;
}

async fn deleting_leaves_nothing_but_a_tick(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    for (text, is_tap) in [
        ("/start", false),
        ("a.lang.ky", true),
        ("a.ask-audience.migrant", true),
        ("/delete", false),
        ("a.delete.yes", true),
    ] {
        if is_tap {
            app.tap(42, 10, text).await;
        } else {
            app.text(42, text).await;
        }
        app.clock.advance_ms(3_000);
    }
    wait_said(&app, 5).await;
    for table in [
        "select cast(count(*) as bigint) from contacts",
        "select cast(count(*) as bigint) from addresses",
        "select cast(count(*) as bigint) from sessions",
        "select cast(count(*) as bigint) from outbox",
        "select cast(count(*) as bigint) from events where type <> 'erase'",
        "select cast(count(*) as bigint) from events where contact_id is not null",
    ] {
        assert_eq!(scalar(&app.app.store, table).await, 0, "{table}");
    }
    assert_eq!(scalar(&app.app.store, "select cast(count(*) as bigint) from events").await, 1);
    // Writing again is a new person.
    app.text(42, "/start").await;
    wait_said(&app, 6).await;
    assert_eq!(scalar(&app.app.store, "select cast(count(*) as bigint) from contacts").await, 1);
    app.stop().await;
}

async fn hiding_deletes_the_bots_messages(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    app.text(42, "/start").await;
    app.fake.wait_for("sendMessage", 1).await;
    app.text(42, "русский").await;
    app.fake.wait_for("sendMessage", 2).await;
    wait_last(&app, 42, 11).await;
    app.text(42, "/hide").await;
    let calls = app.fake.wait_for("deleteMessages", 1).await;
    let mut ids: Vec<i64> = serde_json::from_value(calls[0].body["message_ids"].clone()).unwrap();
    ids.sort_unstable();
    assert_eq!(ids, [10, 11]);
    app.fake.wait_for("sendMessage", 3).await;
    app.stop().await;
}

async fn nothing_typed_is_kept_and_addresses_are_sealed(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    let chat = 998_877_665_544;
    for text in
        ["/start", "русский", "Таджикистан", "planted-words 0700123456", "меня задержали planted-words"]
    {
        app.text(chat, text).await;
    }
    wait_said(&app, 5).await;
    let store = &app.app.store;
    for sql in [
        "select coalesce(attrs, '') || ' ' || event_id from events",
        "select state from sessions",
        "select coalesce(payload, '') || ' ' || coalesce(error, '') from outbox",
        "select key from dedup",
    ] {
        for row in texts(store, sql).await {
            assert!(
                !row.contains("planted") && !row.contains("998877665544") && !row.contains("0700123456"),
                "{row}"
            );
        }
    }
    let mut tx = store.read().await.unwrap();
    let ids = match &mut tx {
        Tx::Sqlite(tx) => {
            sqlx::query_scalar::<_, i64>("select id from contacts").fetch_all(&mut **tx).await.unwrap()
        }
        Tx::Postgres(tx) => {
            sqlx::query_scalar::<_, i64>("select id from contacts").fetch_all(&mut **tx).await.unwrap()
        }
    };
    let address =
        store::contacts::addresses(&mut tx, safar::domain::ContactId(ids[0])).await.unwrap().remove(0);
    assert_eq!(address.channel, ChannelKind::Telegram);
    let sealed = String::from_utf8_lossy(&address.sealed).into_owned();
    assert!(!sealed.contains("998877665544"));
    drop(tx);
    app.stop().await;
}

async fn a_start_code_is_kept_on_the_touch(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    app.text(42, "/start Osh_Poster-7").await;
    app.text(43, "/start <script>").await;
    wait_said(&app, 2).await;
    let codes = texts(&app.app.store, "select code from events where code is not null").await;
    assert_eq!(codes, ["osh-poster-7"]);
    let id = texts(&app.app.store, "select event_id from events order by seq limit 1").await;
    assert!(id[0].starts_with(&format!("tg:{BOT}:")) && id[0].ends_with(":0"), "{id:?}");
    app.stop().await;
}

/// Several instances on one PostgreSQL.
#[tokio::test]
async fn two_instances_share_a_database() {
    on_postgres(|fresh| async move {
        let first = TestApp::start(options(&fresh)).await;
        let (folder, fake) = (first.folder.clone(), first.fake.clone());
        let second =
            TestApp::start(Options { folder: Some(folder), fake: Some(fake), ..options(&fresh) }).await;
        // The same people, the same updates, on both at once.
        let mut posts = Vec::new();
        for id in 1..=60 {
            let update = message(id, 42 + id % 7, &json!({ "text": "/start" }));
            posts.push((update.clone(), true));
            posts.push((update, false));
        }
        let sent =
            posts.iter().map(|(update, one)| if *one { first.update(update) } else { second.update(update) });
        let answers = futures_util::future::join_all(sent).await;
        assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
        wait_said(&first, 60).await;
        let store = &first.app.store;
        assert_eq!(scalar(store, "select cast(count(*) as bigint) from dedup").await, 60);
        assert_eq!(scalar(store, "select cast(count(*) as bigint) from contacts").await, 7);
        assert_eq!(
            scalar(store, "select cast(count(*) as bigint) from events where type = 'contact'").await,
            60
        );
        assert_eq!(said(&first).len(), 60);
        // A release published on one runs on the other within two seconds.
        let mut files = safar::content::embedded();
        let text = files.0.get_mut("locales/ru/content/start.ftl").unwrap();
        *text = text.replacen("home = ", "home = Новое: ", 1);
        let now = Timestamp::from_iso("2026-11-24T06:00:00Z").unwrap();
        first
            .app
            .releases
            .publish(&files, safar::release::Origin::of("test"), (now, now.day(180)))
            .await
            .unwrap();
        let mut watch = second.app.releases.watch();
        let hash = files.hash();
        let swapped = watch.wait_for(|release| *release.hash == *hash);
        tokio::time::timeout(std::time::Duration::from_secs(2), swapped)
            .await
            .expect("swapped in time")
            .unwrap();
        first.stop().await;
        second.stop().await;
    })
    .await;
}

/// Without an id of its own: the fake gives the next.
fn polled(mut update: Value) -> Value {
    update.as_object_mut().unwrap().remove("update_id");
    update
}

#[tokio::test]
async fn one_instance_polls_and_each_update_is_handled_once() {
    on_postgres(|fresh| async move {
        let polling = || Options { mode: "polling", ..options(&fresh) };
        let first = TestApp::start(polling()).await;
        let (folder, fake) = (first.folder.clone(), first.fake.clone());
        let second =
            TestApp::start(Options { folder: Some(folder), fake: Some(fake.clone()), ..polling() }).await;
        for chat in 0..30 {
            fake.push_update(polled(message(0, 100 + chat % 5, &json!({ "text": "/start" }))));
        }
        fake.push_raw_update(9_000, br#"{"update_id":9000,"message":"not an object"}"#);
        fake.push_update(polled(tap(0, 100, 10, "a.lang.tg")));
        fake.wait_for("answerCallbackQuery", 1).await;
        wait_said(&first, 31).await;
        assert_eq!(said(&first).len(), 31);
        assert_eq!(first.app.dialog.list_parked(10).await.unwrap().len(), 1);
        first.stop().await;
        // The second takes over.
        second.clock.advance_ms(60_000);
        fake.push_update(polled(message(0, 200, &json!({ "text": "/start" }))));
        wait_said(&second, 32).await;
        second.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_or_missing_key_refuses_to_start() {
    let app = TestApp::start(Options::default()).await;
    let (folder, fake) = (app.folder.clone(), app.fake.clone());
    app.stop().await;
    let key = folder.path().join("safar.key");
    let right = std::fs::read_to_string(&key).unwrap();
    let start = || {
        let config = crate::support::app::config(folder.path(), &fake, &Options::default());
        safar::app::App::start(safar::app::Start {
            config,
            clock: Arc::new(safar::clock::SystemClock),
            ids: Arc::new(safar::clock::SystemIds::new()),
            files: safar::content::embedded(),
            replace: false,
            metrics: Arc::new(String::new),
        })
    };
    std::fs::remove_file(&key).unwrap();
    let error = start().await.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("restore it"), "{error}");
    assert!(!key.exists(), "no new key is made for an old database");
    std::fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").unwrap();
    let error = start().await.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("not the one of this database"), "{error}");
    std::fs::write(&key, "not a key").unwrap();
    assert!(start().await.map(|_| ()).unwrap_err().to_string().contains("32 bytes"));
    std::fs::write(&key, right).unwrap();
    start().await.unwrap().stop().await;
}

#[test]
fn inputs_of_cases_stand_for_themselves() {
    let turn = CaseTurn { says: Some("да".into()), ..CaseTurn::default() };
    assert!(matches!(turn.input(), Input::Text("да")));
}
