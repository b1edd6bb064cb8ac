//! One place that takes all: uploads that trickle, a queue that somebody fills, and how it is emptied again.

use safar::{
    desk::Role,
    domain::{CaseId, DeskView},
    store::cases,
};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::pages::{case_of_newest, waiting};
use crate::{
    staff::visitor::{Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        sql::{count, texts, wait_count},
    },
    web,
};

store_contract!(
    an_upload_that_trickles_takes_no_place_of_others,
    one_address_opens_only_so_many_cases,
    a_supervisor_closes_several_cases_at_once,
);

async fn start(fresh: &Fresh) -> TestApp {
    TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await
}

/// Posts as from an address behind a proxy of ours.
async fn post(app: &TestApp, path: &str, token: &str, from: &str, body: Vec<u8>) -> (u16, Value) {
    app.clock.advance_ms(400);
    let request = app.client.post(app.url(path)).header("x-forwarded-for", from).header("x-safar-id", "f");
    let request = request.bearer_auth(token).header("content-type", "application/json").body(body);
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

async fn an_upload_that_trickles_takes_no_place_of_others(fresh: Fresh) {
    let app = start(&fresh).await;
    let slow = web::Visitor::new(&app).await;
    slow.send(&json!({ "id": "a", "start": {} })).await;
    case_of_newest(&app, "web", false).await;
    let mut lines = Vec::new();
    for _ in 0..6 {
        let mut line = TcpStream::connect(app.app.chat_address).await.unwrap();
        let head = format!(
            "POST /chat/file HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nx-safar-id: s\r\ncontent-length: 1000000\r\n\r\nx",
            slow.token
        );
        line.write_all(head.as_bytes()).await.unwrap();
        lines.push(line);
    }
    // The first of them holds the visitor's own place: they get no second one.
    let picture = b"\xFF\xD8\xFF\xE0\x00\x10JFIF".to_vec();
    let mut own = (0, Value::Null);
    for _ in 0..200 {
        own = post(&app, "/chat/file", &slow.token, "203.0.113.7", picture.clone()).await;
        if own.0 == 429 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(own, (429, json!({ "error": "busy" })));
    let other = web::Visitor::new(&app).await;
    other.send(&json!({ "id": "a", "start": {} })).await;
    case_of_newest(&app, "web", false).await;
    let sent = post(&app, "/chat/file", &other.token, "127.0.0.1", picture).await;
    assert_eq!(sent.0, 202, "{sent:?}");
    drop(lines);
    app.stop().await;
}

/// A visitor who asks for a consultant, in danger.
async fn pleads(app: &TestApp, from: &str) -> u16 {
    let answer =
        app.client.post(app.url("/chat/session")).header("x-forwarded-for", from).send().await.unwrap();
    if answer.status() != 200 {
        return answer.status().as_u16();
    }
    let told: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let token = told["token"].as_str().unwrap();
    for body in [
        json!({ "id": "a", "text": "русский" }),
        json!({ "id": "b", "text": "меня избивают и держат взаперти" }),
        json!({ "id": "c", "tap": "a.case.urgent" }),
    ] {
        assert_eq!(post(app, "/chat/send", token, from, body.to_string().into_bytes()).await.0, 202);
    }
    200
}

async fn one_address_opens_only_so_many_cases(fresh: Fresh) {
    let app = start(&fresh).await;
    account(&app, "ann", &[Role::Consultant]).await;
    app.app.jobs.view.send_replace(DeskView { staffed: true, open_now: true, ..DeskView::default() });
    for _ in 0..33 {
        assert_eq!(pleads(&app, "203.0.113.7").await, 200);
    }
    let store = &app.app.store;
    let opened = count(store, "cases where state = 'waiting'").await;
    assert!((30..=31).contains(&opened), "{opened}: thirty, and what an hour's pace gave meanwhile");
    // Whoever comes from elsewhere is heard, and so is the first again after a while.
    assert_eq!(pleads(&app, "198.51.100.4").await, 200);
    assert_eq!(count(store, "cases where state = 'waiting'").await, opened + 1);
    app.clock.advance_ms(180_000);
    assert_eq!(pleads(&app, "203.0.113.7").await, 200);
    assert_eq!(count(store, "cases where state = 'waiting'").await, opened + 2);
    // Conversations have a limit of their own, with the time to wait.
    let mut last = None;
    for _ in 0..200 {
        let request = app.client.post(app.url("/chat/session")).header("x-forwarded-for", "203.0.113.9");
        let answer = request.send().await.unwrap();
        if answer.status() == 429 {
            last = answer.headers().get("retry-after").cloned();
            break;
        }
    }
    assert_eq!(last.expect("some are refused").to_str().unwrap(), "1");
    // Nothing of the address is kept.
    assert_eq!(count(store, "cases where country like '%203%' or channel like '%203%'").await, 0);
    app.stop().await;
}

async fn a_supervisor_closes_several_cases_at_once(fresh: Fresh) {
    let app = start(&fresh).await;
    account(&app, "ann", &[Role::Consultant]).await;
    account(&app, "eve", &[Role::Supervisor]).await;
    let mut ids: Vec<CaseId> = Vec::new();
    for chat in 71..76 {
        ids.push(waiting(&app, chat, true).await);
    }
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    let page = ann.get("/staff/queue").await;
    assert!(!page.text.contains("data-pick") && !page.text.contains("/staff/queue/sweep"), "{}", page.text);
    let chosen: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let form = [("case", chosen[0].as_str())];
    assert_eq!(ann.post("/staff/queue", "/staff/queue/sweep", &form).await.status, 403);
    let mut eve = Visitor::of(&app);
    eve.log_in("eve").await;
    eve.enrol().await;
    let page = eve.get("/staff/queue").await;
    assert_eq!(page.text.matches("form=\"sweep\"").count(), 5, "{}", page.text);
    assert_eq!(
        eve.post("/staff/queue", "/staff/queue/sweep", &[]).await.location,
        "/staff/queue?why=none-chosen"
    );
    // One is taken while the supervisor reads the list.
    assert_eq!(ann.post("/staff/queue", &format!("/staff/case/{}/claim", ids[1]), &[]).await.status, 303);
    let form: Vec<(&str, &str)> = chosen.iter().take(4).map(|id| ("case", id.as_str())).collect();
    let page = eve.post("/staff/queue", "/staff/queue/sweep", &form).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/queue?done=swept&n=3"));
    assert!(eve.get(&page.location).await.text.contains("Cases closed: 3"));
    let store = &app.app.store;
    assert_eq!(count(store, "cases where state = 'closed'").await, 3);
    assert_eq!(count(store, "cases where state = 'claimed'").await, 1);
    assert_eq!(count(store, "cases where state = 'waiting'").await, 1);
    // A row of the trail each, no service, and each person learns it.
    assert_eq!(count(store, "audit where verb = 'case-closed'").await, 3);
    assert_eq!(count(store, "events where type in ('service', 'referral_made', 'profile')").await, 0);
    assert!(
        texts(store, "select outcome from cases where state = 'closed'")
            .await
            .iter()
            .all(|outcome| outcome.contains("\"outside\"") && outcome.contains("unpaid-wages"))
    );
    wait_count(store, "outbox where state = 'queued'", 0).await;
    let said = app.fake.said();
    let closed = |chat: i64| said.iter().filter(|call| call.body["chat_id"] == json!(chat)).count();
    assert!(closed(71) > closed(75), "told of the end");
    // The same form once more closes nothing.
    let page = eve.post("/staff/queue", "/staff/queue/sweep", &form).await;
    assert_eq!(page.location, "/staff/queue?done=swept&n=0");
    let mut tx = store.read().await.unwrap();
    assert!(cases::find(&mut tx, ids[4]).await.unwrap().unwrap().state.is_open());
    drop(tx);
    app.stop().await;
}
