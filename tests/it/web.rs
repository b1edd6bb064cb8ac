//! The web chat by its HTTP surface: a page's session, what it sends, what its stream tells it.

use std::time::Duration;

use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    store::backend::{Fresh, on_postgres, on_sqlite},
    support::app::{Options, TestApp},
};

/// Longest wait for anything that is on its way.
const SOON: Duration = Duration::from_secs(15);

fn options(fresh: &Fresh) -> Options {
    Options { database_url: Some(fresh.url.clone()), ..Options::default() }
}

/// A visitor as the page makes one.
pub struct Visitor<'a> {
    pub app: &'a TestApp,
    pub token: String,
}

impl<'a> Visitor<'a> {
    pub async fn new(app: &'a TestApp) -> Self {
        let answer = app.client.post(app.url("/chat/session")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let token = body["token"].as_str().unwrap().to_owned();
        assert_eq!(token.len(), 43);
        Self { app, token }
    }

    pub async fn send(&self, body: &Value) -> StatusCode {
        // The clock stands still: time for the throttle and for the double-tap guard.
        self.app.clock.advance_ms(3_000);
        post(self.app, Some(&self.token), "application/json", body.to_string()).await.0
    }

    pub async fn stream(&self, last: Option<&str>) -> Stream {
        let mut request = self.app.client.get(self.app.url("/chat/stream")).bearer_auth(&self.token);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        Stream { answer, rest: Vec::new() }
    }
}

async fn post(app: &TestApp, token: Option<&str>, kind: &str, body: String) -> (StatusCode, Value) {
    let mut request = app.client.post(app.url("/chat/send")).header(header::CONTENT_TYPE, kind).body(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

/// An open stream of events.
pub struct Stream {
    answer: Response,
    rest: Vec<u8>,
}

#[derive(Debug)]
pub struct Event {
    pub kind: String,
    pub id: Option<String>,
    pub data: Value,
}

impl Stream {
    pub async fn next(&mut self) -> Event {
        tokio::time::timeout(SOON, self.read()).await.expect("an event comes")
    }

    async fn read(&mut self) -> Event {
        loop {
            while let Some(end) = self.rest.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.rest.drain(..end + 2).collect();
                let block = String::from_utf8(block).unwrap();
                let field = |name: &str| {
                    block
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(|value| value.trim().to_owned())
                };
                // A block without data is a comment that keeps the line alive.
                if let Some(data) = field("data:") {
                    return Event {
                        kind: field("event:").unwrap(),
                        id: field("id:"),
                        data: serde_json::from_str(&data).unwrap(),
                    };
                }
            }
            let chunk = self.answer.chunk().await.unwrap().expect("the stream stays open");
            self.rest.extend_from_slice(&chunk);
        }
    }

    pub async fn hello(&mut self) -> bool {
        let event = self.next().await;
        assert_eq!(event.kind, "hello");
        event.data["empty"].as_bool().unwrap()
    }

    pub async fn message(&mut self) -> Event {
        let event = self.next().await;
        assert_eq!(event.kind, "message", "{event:?}");
        event
    }
}

fn tokens(event: &Event) -> Vec<&str> {
    let choices = event.data["choices"].as_array().unwrap();
    choices.iter().map(|choice| choice["token"].as_str().unwrap()).collect()
}

async fn a_visitor_is_welcomed_answered_and_told_nothing_twice(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    let visitor = Visitor::new(&app).await;
    let mut stream = visitor.stream(None).await;
    assert!(stream.hello().await, "nobody is known by this token");
    assert_eq!(visitor.send(&json!({ "id": "a1", "start": { "code": "kiosk-7" } })).await, 202);
    let welcome = stream.message().await;
    assert_eq!(tokens(&welcome), ["a.lang.tg", "a.lang.ky", "a.lang.ru"]);
    assert_eq!(welcome.id.as_deref(), welcome.data["id"].as_str());
    assert_eq!(visitor.send(&json!({ "id": "a2", "tap": "a.lang.tg" })).await, 202);
    let question = stream.message().await;
    assert_eq!(question.data["locale"], "tg");
    assert!(tokens(&question).contains(&"a.ask-audience.migrant"), "{question:?}");
    drop(stream);

    // Nothing was acknowledged: a page that begins anew gets both, one that goes on gets the second.
    let mut again = visitor.stream(None).await;
    assert!(!again.hello().await);
    assert_eq!(again.message().await.id, welcome.id);
    assert_eq!(again.message().await.id, question.id);
    let mut again = visitor.stream(welcome.id.as_deref()).await;
    again.hello().await;
    assert_eq!(again.message().await.id, question.id);

    assert_eq!(visitor.send(&json!({ "id": "a3", "ack": question.id })).await, 202);
    let standing = async {
        loop {
            let mut again = visitor.stream(None).await;
            app.clock.advance_ms(3_000);
            again.hello().await;
            let first = again.message().await;
            if first.data["standing"] == true {
                return first;
            }
        }
    };
    let standing = tokio::time::timeout(SOON, standing).await.expect("the acknowledgement is written");
    assert_eq!((standing.id.as_deref(), &standing.data["id"]), (None, &json!("0")));
    assert_eq!(standing.data["text"], question.data["text"], "where the visitor stands");
    app.stop().await;
}

async fn the_same_id_twice_is_one_turn(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    let visitor = Visitor::new(&app).await;
    let mut stream = visitor.stream(None).await;
    stream.hello().await;
    let start = json!({ "id": "same", "start": {} });
    let both = tokio::join!(visitor.send(&start), visitor.send(&start));
    assert_eq!(both, (StatusCode::ACCEPTED, StatusCode::ACCEPTED));
    let tap = json!({ "id": "tap", "tap": "a.lang.ky" });
    for _ in 0..3 {
        assert_eq!(visitor.send(&tap).await, 202);
    }
    assert_eq!(visitor.send(&json!({ "id": "last", "tap": "a.ask-audience.going" })).await, 202);
    let mut said = Vec::new();
    for _ in 0..3 {
        said.push(stream.message().await);
    }
    assert_eq!(tokens(&said[0])[0], "a.lang.tg");
    assert_eq!(tokens(&said[1])[0], "a.ask-audience.migrant");
    assert_eq!(tokens(&said[2])[0], "a.ask-citizenship.TJ");
    app.stop().await;
}

async fn streams_hear_their_own_visitor_also_after_an_erasure(fresh: Fresh) {
    let app = TestApp::start(options(&fresh)).await;
    let (one, other) = (Visitor::new(&app).await, Visitor::new(&app).await);
    let (mut to_one, mut to_other) = (one.stream(None).await, other.stream(None).await);
    to_one.hello().await;
    to_other.hello().await;
    for (n, tap) in ["a.lang.ru", "a.ask-audience.migrant"].into_iter().enumerate() {
        if n == 0 {
            one.send(&json!({ "id": "o0", "start": {} })).await;
            other.send(&json!({ "id": "p0", "start": {} })).await;
            to_one.message().await;
            to_other.message().await;
        }
        one.send(&json!({ "id": format!("o{}", n + 1), "tap": tap })).await;
        to_one.message().await;
    }
    one.send(&json!({ "id": "o7", "text": "/delete" })).await;
    let ask = to_one.message().await;
    assert!(tokens(&ask).contains(&"a.delete.yes"), "{ask:?}");
    one.send(&json!({ "id": "o8", "tap": "a.delete.yes" })).await;
    let last = to_one.message().await;
    assert_eq!((&last.data["leave"], last.id), (&json!(true), None));
    // The same token is another person now, whom the same stream hears.
    one.send(&json!({ "id": "o9", "start": {} })).await;
    assert_eq!(tokens(&to_one.message().await)[0], "a.lang.tg");
    // Through all that the other heard nothing but their own.
    other.send(&json!({ "id": "p1", "tap": "a.lang.ky" })).await;
    let heard = to_other.message().await;
    assert_eq!((&heard.data["locale"], tokens(&heard)[0]), (&json!("ky"), "a.ask-audience.migrant"));
    app.stop().await;
}

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
    a_visitor_is_welcomed_answered_and_told_nothing_twice,
    the_same_id_twice_is_one_turn,
    streams_hear_their_own_visitor_also_after_an_erasure,
];

#[tokio::test]
async fn what_is_no_message_of_a_visitor_is_refused_by_a_key() {
    let app = TestApp::start(Options::default()).await;
    let visitor = Visitor::new(&app).await;
    let json = "application/json";
    let start = json!({ "id": "a", "start": {} }).to_string();
    let long = |count| json!({ "id": "b", "text": "ӯ".repeat(count) }).to_string();
    let good = Some(visitor.token.as_str());
    for (token, kind, body, status, key) in [
        (None, json, start.clone(), 401, "session"),
        (Some("AAAA"), json, start.clone(), 401, "session"),
        (good, "text/plain", start.clone(), 415, "bad"),
        (good, "application/x-www-form-urlencoded", start, 415, "bad"),
        (good, json, long(4_097), 413, "too-long"),
        (good, json, long(100_000), 413, "too-long"),
        (good, json, "{\"id\":".to_owned(), 400, "bad"),
        (good, json, json!({ "id": "c d", "text": "x" }).to_string(), 400, "bad"),
    ] {
        let case = format!("{token:?} {kind} {}", body.len());
        let (got, told) = post(&app, token, kind, body).await;
        assert_eq!((got.as_u16(), told["error"].as_str()), (status, Some(key)), "{case}");
    }
    let stream = app.client.get(app.url("/chat/stream")).send().await.unwrap();
    assert_eq!(stream.status(), 401);
    // All that left nobody behind; the longest text that fits is taken.
    assert!(visitor.stream(None).await.hello().await);
    assert_eq!(post(&app, good, json, long(4_096)).await.0, 202);
    app.stop().await;
}

#[tokio::test]
async fn a_visitor_who_sends_too_fast_is_told_when_to_go_on() {
    let app = TestApp::start(Options::default()).await;
    let visitor = Visitor::new(&app).await;
    let ack = json!({ "id": "a", "ack": "1" }).to_string();
    let mut statuses = Vec::new();
    for _ in 0..31 {
        statuses.push(post(&app, Some(&visitor.token), "application/json", ack.clone()).await.0.as_u16());
    }
    assert_eq!(statuses, [vec![202; 30], vec![429]].concat());
    let other = Visitor::new(&app).await;
    assert_eq!(other.send(&json!({ "id": "b", "start": {} })).await, 202);
    app.stop().await;
}

#[tokio::test]
async fn the_page_is_closed_to_foreign_scripts_and_frames() {
    let app = TestApp::start(Options::default()).await;
    for (path, ancestors) in [("/", "frame-ancestors 'self'"), ("/?embed=1", "frame-ancestors *")] {
        let answer = app.client.get(app.url(path)).header("accept-language", "tg").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let headers = answer.headers().clone();
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let parts: Vec<&str> = policy.split(';').map(str::trim).collect();
        for part in
            ["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", ancestors]
        {
            assert!(parts.contains(&part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        assert!(answer.text().await.unwrap().contains("<html lang=\"tg\""));
    }
    app.stop().await;
}

#[tokio::test]
async fn health_is_on_both_addresses_and_metrics_on_one() {
    let app = TestApp::start(Options::default()).await;
    let operators = |path: &str| format!("http://{}{path}", app.app.metrics_address);
    for (url, status) in [
        (app.url("/healthz"), 200),
        (app.url("/readyz"), 200),
        (app.url("/metrics"), 404),
        (operators("/healthz"), 200),
        (operators("/readyz"), 200),
        (operators("/metrics"), 200),
        (operators("/"), 404),
        (operators("/chat/stream"), 404),
    ] {
        let answer = app.client.get(&url).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{url}");
    }
    let metrics = app.client.get(operators("/metrics")).send().await.unwrap();
    assert!(metrics.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/plain"));
    app.stop().await;
}
