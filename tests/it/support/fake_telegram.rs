//! A fake Bot API on 127.0.0.1: records every request, answers as scripted, else as Telegram would.
//! Methods are matched without regard to case, as the real server does.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, DefaultBodyLimit, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::any,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{
    files::{File, Tells},
    forms,
};

/// The token that tests give to the bot; its number is the bot's id in `getMe`.
pub const TOKEN: &str = "8:TEST-token_1";

/// Longest wait for a call.
const SOON: Duration = Duration::from_secs(10);

/// One scripted answer; each is used once, in order, before the fake's own answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// 200 with this result.
    Result(Value),
    /// `ok: false` with this code and description.
    Error(u16, String),
    /// 429; with the seconds both in the parameters and in the header.
    Throttled(Option<u64>),
    /// 403: blocked by the user.
    Blocked,
    /// Any status, headers and body.
    Raw { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// The fake's own answer, but later.
    Late(Duration),
    /// No answer, ever.
    Hang,
    /// The request is taken, then the connection breaks.
    Reset,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Call {
    /// As spelled by the caller.
    pub method: String,
    pub token: String,
    /// `Value::Null` if it was no JSON; a form as [`forms::read`] notes it.
    pub body: Value,
    /// The connection it came on.
    pub peer: SocketAddr,
}

/// The server; it stops when the last handle is dropped.
#[derive(Clone)]
pub struct FakeTelegram {
    shared: Arc<Shared>,
    url: String,
    _server: Arc<Server>,
}

struct Server(tokio::task::JoinHandle<()>);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Default)]
struct Shared {
    state: Mutex<Inner>,
    /// Wakes long polls.
    updates: Notify,
    /// Wakes tests that wait for calls.
    called: Notify,
}

#[derive(Default)]
struct Inner {
    calls: Vec<Call>,
    /// By lower-cased method.
    scripts: HashMap<String, VecDeque<Answer>>,
    updates: BTreeMap<i64, Vec<u8>>,
    last_update_id: i64,
    last_message_id: i64,
    webhook: String,
    /// By id.
    files: HashMap<String, File>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl FakeTelegram {
    /// Starts on a free port. The first message sent gets the id 10.
    pub async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        shared.lock().last_message_id = 9;
        let router = Router::new()
            .route("/{bot}/{method}", any(handle))
            .route("/file/{bot}/files/{id}", any(download))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { shared, url, _server: Arc::new(Server(server)) }
    }

    /// The API's base URL, for `SAFAR_TELEGRAM_API_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All requests so far, in the order of their arrival.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.lock().calls.clone()
    }

    /// Requests of one method, in any spelling.
    pub fn calls_to(&self, method: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method.eq_ignore_ascii_case(method)).collect()
    }

    /// Takes the requests so far away.
    pub fn forget(&self) {
        self.shared.lock().calls.clear();
    }

    /// The messages, sent or edited.
    pub fn said(&self) -> Vec<Call> {
        let is_said = |call: &Call| {
            ["sendMessage", "editMessageText"].iter().any(|said| call.method.eq_ignore_ascii_case(said))
        };
        self.shared.lock().calls.iter().filter(|call| is_said(call)).cloned().collect()
    }

    /// Files sent so far, of whatever shape, in the order of their arrival.
    pub fn files_sent(&self) -> Vec<Call> {
        let of = ["sendPhoto", "sendVoice", "sendAudio", "sendVideo", "sendDocument"];
        self.calls().into_iter().filter(|call| of.contains(&call.method.as_str())).collect()
    }

    /// Waits until `count` files have been sent and returns them; panics after a minute: 20 MB take a busy machine long.
    pub async fn wait_files(&self, count: usize) -> Vec<Call> {
        self.wait("files", || self.files_sent(), count, 6 * SOON).await
    }

    /// Waits until `count` requests of `method` have come and returns them; panics after ten seconds.
    pub async fn wait_for(&self, method: &str, count: usize) -> Vec<Call> {
        self.wait(method, || self.calls_to(method), count, SOON).await
    }

    /// Waits until `count` messages have been sent or edited and returns them; panics after ten seconds.
    pub async fn wait_said(&self, count: usize) -> Vec<Call> {
        self.wait("messages", || self.said(), count, SOON).await
    }

    async fn wait(
        &self,
        what: &str,
        calls: impl Fn() -> Vec<Call>,
        count: usize,
        limit: Duration,
    ) -> Vec<Call> {
        let wait = async {
            loop {
                let called = self.shared.called.notified();
                tokio::pin!(called);
                called.as_mut().enable();
                let calls = calls();
                if calls.len() >= count {
                    return calls;
                }
                called.await;
            }
        };
        let waited = tokio::time::timeout(limit, wait).await;
        waited.unwrap_or_else(|_| panic!("{what}: {} calls, not {count}", calls().len()))
    }

    /// Answers the next calls of `method` with these, after those scripted before.
    pub fn script(&self, method: &str, answers: Vec<Answer>) {
        self.shared.lock().scripts.entry(method.to_ascii_lowercase()).or_default().extend(answers);
    }

    /// Scripted answers that no call has used, as `method: count`. A test with some left has not tested them.
    pub fn unused(&self) -> Vec<String> {
        let inner = self.shared.lock();
        let left = inner.scripts.iter().filter(|(_, answers)| !answers.is_empty());
        let mut left: Vec<_> = left.map(|(method, answers)| format!("{method}: {}", answers.len())).collect();
        left.sort();
        left
    }

    /// Makes an update wait for `getUpdates`; without an `update_id` it gets the next. Returns the id.
    pub fn push_update(&self, mut update: Value) -> i64 {
        let mut inner = self.shared.lock();
        let next = inner.last_update_id + 1;
        let id = update.get("update_id").and_then(Value::as_i64).unwrap_or(next);
        if let Some(fields) = update.as_object_mut() {
            fields.insert("update_id".into(), id.into());
        }
        inner.last_update_id = inner.last_update_id.max(id);
        inner.updates.insert(id, update.to_string().into_bytes());
        drop(inner);
        self.shared.updates.notify_waiters();
        id
    }

    /// Makes bytes wait for `getUpdates` under an id, whatever they are.
    pub fn push_raw_update(&self, id: i64, raw: &[u8]) {
        let mut inner = self.shared.lock();
        inner.last_update_id = inner.last_update_id.max(id);
        inner.updates.insert(id, raw.to_vec());
        drop(inner);
        self.shared.updates.notify_waiters();
    }

    /// Holds a file.
    pub fn put_file(&self, id: &str, bytes: &[u8], tells: Tells) {
        let file = File { bytes: Bytes::copy_from_slice(bytes), tells };
        self.shared.lock().files.insert(id.to_owned(), file);
    }

    /// Updates that no `getUpdates` has confirmed yet.
    pub fn unconfirmed(&self) -> Vec<i64> {
        self.shared.lock().updates.keys().copied().collect()
    }

    /// The URL of the webhook that is set; empty: none.
    pub fn webhook(&self) -> String {
        self.shared.lock().webhook.clone()
    }
}

/// A file's bytes; noted as a call of the method `download`.
async fn download(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path((bot, id)): Path<(String, String)>,
) -> Response {
    let token = bot.strip_prefix("bot").unwrap_or_default().to_owned();
    let (scripted, file) = {
        let mut inner = shared.lock();
        let body = json!({ "id": id });
        inner.calls.push(Call { method: "download".to_owned(), token: token.clone(), body, peer });
        (inner.scripts.get_mut("download").and_then(VecDeque::pop_front), inner.files.get(&id).cloned())
    };
    shared.called.notify_waiters();
    match (scripted, file) {
        (Some(Answer::Error(code, description)), _) => error(code, &description),
        (None, Some(file)) if token == TOKEN => file.download(),
        _ => error(404, "Not Found"),
    }
}

async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path((bot, method)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(token) = bot.strip_prefix("bot") else { return error(404, "Not Found") };
    let body = forms::read(&headers, body).await;
    let key = method.to_ascii_lowercase();
    let scripted = {
        let mut inner = shared.lock();
        inner.calls.push(Call { method, token: token.to_owned(), body: body.clone(), peer });
        inner.scripts.get_mut(&key).and_then(VecDeque::pop_front)
    };
    shared.called.notify_waiters();
    match scripted {
        None => own_answer(&shared, &key, &body).await,
        Some(Answer::Late(wait)) => {
            tokio::time::sleep(wait).await;
            own_answer(&shared, &key, &body).await
        }
        Some(Answer::Result(result)) => result_of(&result),
        Some(Answer::Error(code, description)) => error(code, &description),
        Some(Answer::Blocked) => error(403, "Forbidden: bot was blocked by the user"),
        Some(Answer::Throttled(seconds)) => throttled(seconds),
        Some(Answer::Raw { status, headers, body }) => {
            let mut response = respond(status, body);
            for (name, value) in headers {
                let name = header::HeaderName::try_from(name).unwrap();
                response.headers_mut().insert(name, value.try_into().unwrap());
            }
            response
        }
        Some(Answer::Hang) => std::future::pending().await,
        Some(Answer::Reset) => {
            let broken =
                futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("scripted reset"))]);
            Response::new(Body::from_stream(broken))
        }
    }
}

async fn own_answer(shared: &Shared, method: &str, body: &Value) -> Response {
    match method {
        "getupdates" => get_updates(shared, body).await,
        "getme" => result_of(&json!({
            "id": 8, "is_bot": true, "first_name": "B", "username": "b_bot", "can_join_groups": true,
            "can_read_all_group_messages": false, "supports_inline_queries": false,
            "can_connect_to_business": false, "has_main_web_app": false,
        })),
        "getfile" => {
            let id = body["file_id"].as_str().unwrap_or_default();
            match shared.lock().files.get(id) {
                Some(file) => {
                    let mut found = json!({
                        "file_id": id, "file_unique_id": "U", "file_path": format!("files/{id}"),
                    });
                    if let Some(size) = file.size() {
                        found["file_size"] = size.into();
                    }
                    result_of(&found)
                }
                None => error(400, "Bad Request: invalid file_id"),
            }
        }
        "sendmessage" => {
            let mut inner = shared.lock();
            inner.last_message_id += 1;
            result_of(&message(inner.last_message_id, body))
        }
        "sendphoto" | "sendvoice" | "sendaudio" | "sendvideo" | "senddocument" => {
            let part = method.trim_start_matches("send");
            if let Some(why) = refused_file(part, body) {
                return error(400, &format!("Bad Request: {why}"));
            }
            let mut inner = shared.lock();
            inner.last_message_id += 1;
            result_of(&message(inner.last_message_id, body))
        }
        "editmessagetext" => result_of(&message(body["message_id"].as_i64().unwrap_or_default(), body)),
        "setwebhook" => {
            body["url"].as_str().unwrap_or_default().clone_into(&mut shared.lock().webhook);
            result_of(&Value::Bool(true))
        }
        "deletewebhook" => {
            shared.lock().webhook.clear();
            result_of(&Value::Bool(true))
        }
        "getwebhookinfo" => {
            let url = shared.lock().webhook.clone();
            result_of(&json!({"url": url, "has_custom_certificate": false, "pending_update_count": 0}))
        }
        "answercallbackquery"
        | "deletemessages"
        | "leavechat"
        | "setmycommands"
        | "setmydescription"
        | "setmyshortdescription"
        | "sendchataction" => result_of(&Value::Bool(true)),
        _ => error(404, "Not Found: method not found"),
    }
}

/// Why the real one would refuse a file (channels.md §2.3, §2.8).
fn refused_file(part: &str, body: &Value) -> Option<&'static str> {
    let file = &body[part];
    let caption = body["caption"].as_str().unwrap_or_default();
    // Counted after the markup is read.
    let caption = ["<b>", "</b>"].iter().fold(caption.to_owned(), |text, tag| text.replace(tag, ""));
    let caption = caption.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    if file["file"].as_str().is_none_or(str::is_empty) {
        Some("there is no file in the request")
    } else if file["bytes"] == 0 {
        Some("file must be non-empty")
    } else if caption.encode_utf16().count() > 1024 {
        Some("message caption is too long")
    } else if part == "photo" && file["bytes"].as_u64() > Some(10 << 20) {
        Some("file is too big")
    } else {
        None
    }
}

async fn get_updates(shared: &Shared, body: &Value) -> Response {
    if !shared.lock().webhook.is_empty() {
        return error(409, "Conflict: can't use getUpdates method while webhook is active");
    }
    let offset = body["offset"].as_i64().unwrap_or(0);
    let limit = usize::try_from(body["limit"].as_u64().unwrap_or(100)).unwrap_or(100);
    let end = tokio::time::Instant::now() + Duration::from_secs(body["timeout"].as_u64().unwrap_or(0));
    loop {
        let pushed = shared.updates.notified();
        tokio::pin!(pushed);
        // Enabled before the look, so that no push in between goes unseen.
        pushed.as_mut().enable();
        let waiting: Vec<Vec<u8>> = {
            let mut inner = shared.lock();
            inner.updates = inner.updates.split_off(&offset);
            inner.updates.values().take(limit).cloned().collect()
        };
        if !waiting.is_empty() || tokio::time::timeout_at(end, pushed).await.is_err() {
            let mut answer = b"{\"ok\":true,\"result\":[".to_vec();
            answer.extend(waiting.join(&b','));
            answer.extend(b"]}");
            return respond(200, answer);
        }
    }
}

/// A whole message, with non-ASCII characters escaped as Telegram does.
fn message(id: i64, body: &Value) -> Value {
    let chat = &body["chat_id"];
    let chat = chat.as_i64().or_else(|| chat.as_str()?.parse().ok()).unwrap_or_default();
    json!({
        "message_id": id,
        "from": {"id": 8, "is_bot": true, "first_name": "B", "username": "b_bot"},
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "date": 1_700_000_000,
        "text": body["text"],
    })
}

fn result_of(result: &Value) -> Response {
    let text = json!({"ok": true, "result": result}).to_string();
    let mut escaped = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        if c.is_ascii() {
            escaped.push(c);
        } else {
            escaped.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    respond(200, escaped.into_bytes())
}

fn error(code: u16, description: &str) -> Response {
    respond(
        code,
        json!({"ok": false, "error_code": code, "description": description}).to_string().into_bytes(),
    )
}

fn throttled(seconds: Option<u64>) -> Response {
    let mut body = json!({"ok": false, "error_code": 429, "description": "Too Many Requests"});
    if let Some(seconds) = seconds {
        body["description"] = format!("Too Many Requests: retry after {seconds}").into();
        body["parameters"] = json!({"retry_after": seconds});
    }
    let mut response = respond(429, body.to_string().into_bytes());
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn respond(status: u16, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}
