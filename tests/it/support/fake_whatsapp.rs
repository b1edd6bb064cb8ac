//! A fake Cloud API on 127.0.0.1: records every request, answers as scripted, else as the API would. It refuses what
//! the API's limits refuse (`whatsapp_limits`), and takes no call without our token.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use safar::domain::hex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{sync::Notify, time::Instant};

use super::{
    files::{File, Tells},
    forms, whatsapp_limits,
};

pub const NUMBER: &str = "111";
pub const BUSINESS: &str = "222";
pub const TOKEN: &str = "TEST-access-token";
const VERSION: &str = "v25.0";

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A message is sent.
    Message,
    /// A message is marked read.
    Read,
    /// The templates are listed.
    List,
    Create,
    /// A template is changed.
    Edit,
    /// The number's settings are read.
    Settings,
    /// A file is uploaded.
    Upload,
    /// Where a file is.
    Media,
    /// The file itself.
    Download,
    /// None of these.
    Unknown,
}

/// One scripted answer; each is used once, in order, before the fake's own answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// This status and an error with this code.
    Error(u16, i64),
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
    pub kind: Kind,
    /// With the query.
    pub path: String,
    pub headers: HeaderMap,
    /// `Value::Null` if it was no JSON; a form as [`forms::read`] notes it.
    pub body: Value,
    pub at: Instant,
}

impl Call {
    /// The outbox row that the message carries.
    pub fn outbox(&self) -> Option<i64> {
        self.body["biz_opaque_callback_data"].as_str()?.parse().ok()
    }

    /// Whom the message goes to, by number or user id.
    pub fn to(&self) -> &str {
        self.body["to"].as_str().or_else(|| self.body["recipient"].as_str()).unwrap_or_default()
    }
}

/// The server; it stops when the last handle is dropped.
#[derive(Clone)]
pub struct FakeWhatsApp {
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
    /// Wakes tests that wait for calls.
    called: Notify,
}

#[derive(Default)]
struct Inner {
    calls: Vec<Call>,
    scripts: HashMap<Kind, VecDeque<Answer>>,
    templates: Vec<Value>,
    last_id: u64,
    /// Ids given to messages, by outbox row.
    wamids: HashMap<i64, String>,
    /// What the API's limits refused.
    refused: Vec<String>,
    /// By id, which begins with `M`; and where it is said to be, if not here.
    files: HashMap<String, (File, Option<String>)>,
}

/// Templates on one page of the list, so that a few make several pages.
const PAGE: usize = 2;

impl FakeWhatsApp {
    /// Starts on a free port. The first message sent gets the number 10.
    pub async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        shared.lock().last_id = 9;
        let router = Router::new().fallback(handle).with_state(Arc::clone(&shared));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/{VERSION}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { shared, url, _server: Arc::new(Server(server)) }
    }

    /// The API's base URL with its version, for `SAFAR_WHATSAPP_API_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All requests so far, in the order of their arrival.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.lock().calls.clone()
    }

    pub fn calls_to(&self, kind: Kind) -> Vec<Call> {
        self.shared.lock().calls.iter().filter(|call| call.kind == kind).cloned().collect()
    }

    /// The messages so far.
    pub fn said(&self) -> Vec<Call> {
        self.calls_to(Kind::Message)
    }

    /// The messages to one number or user id so far.
    pub fn said_to(&self, to: &str) -> Vec<Call> {
        self.said().into_iter().filter(|call| call.to() == to).collect()
    }

    /// Waits until `count` requests of a kind have come and returns them; panics after ten seconds.
    pub async fn wait_for(&self, kind: Kind, count: usize) -> Vec<Call> {
        let wait = async {
            loop {
                let called = self.shared.called.notified();
                tokio::pin!(called);
                called.as_mut().enable();
                if self.count(kind) >= count {
                    return self.calls_to(kind);
                }
                called.await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), wait).await;
        waited.unwrap_or_else(|_| {
            panic!("{kind:?}: {} calls, not {count}; refused: {:?}", self.count(kind), self.refused())
        })
    }

    /// The id that the last message of an outbox row got.
    pub fn wamid_of(&self, row: i64) -> String {
        self.shared.lock().wamids.get(&row).cloned().unwrap_or_default()
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.shared.lock().calls.iter().filter(|call| call.kind == kind).count()
    }

    /// Takes the requests so far away.
    pub fn forget(&self) {
        self.shared.lock().calls.clear();
    }

    /// Answers the next calls of a kind with these, after those scripted before.
    pub fn script(&self, kind: Kind, answers: Vec<Answer>) {
        self.shared.lock().scripts.entry(kind).or_default().extend(answers);
    }

    /// Scripted answers that no call has used. A test with some left has not tested them.
    pub fn unused(&self) -> Vec<(Kind, usize)> {
        let inner = self.shared.lock();
        let left = inner.scripts.iter().filter(|(_, answers)| !answers.is_empty());
        let mut left: Vec<_> = left.map(|(kind, answers)| (*kind, answers.len())).collect();
        left.sort_unstable();
        left
    }

    /// What the API's limits refused so far.
    pub fn refused(&self) -> Vec<String> {
        self.shared.lock().refused.clone()
    }

    /// Changes fields of the templates of a language, as a review does.
    pub fn review(&self, language: &str, fields: &Value) {
        let mut inner = self.shared.lock();
        for template in inner.templates.iter_mut().filter(|template| template["language"] == language) {
            for (key, value) in fields.as_object().unwrap() {
                template[key] = value.clone();
            }
        }
    }

    /// Holds a file, whose id begins with `M`; `url`: what is said of its place, if not the truth.
    pub fn put_file(&self, id: &str, bytes: &[u8], tells: Tells, url: Option<&str>) {
        let file = File { bytes: Bytes::copy_from_slice(bytes), tells };
        self.shared.lock().files.insert(id.to_owned(), (file, url.map(str::to_owned)));
    }

    /// A template that was made elsewhere.
    pub fn add_template(&self, template: Value) {
        self.shared.lock().templates.push(template);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What a request below the version asks for.
fn kind(method: &Method, path: &str, body: &Value) -> Kind {
    let is_post = *method == Method::POST;
    match (is_post, path) {
        (true, path) if path == format!("{NUMBER}/messages") => {
            if body["status"] == "read" {
                Kind::Read
            } else {
                Kind::Message
            }
        }
        (true, path) if path == format!("{NUMBER}/media") => Kind::Upload,
        (true, path) if path == format!("{BUSINESS}/message_templates") => Kind::Create,
        (false, path) if path == format!("{BUSINESS}/message_templates") => Kind::List,
        (true, path) if path.starts_with('T') => Kind::Edit,
        (false, NUMBER) => Kind::Settings,
        (false, path) if path.starts_with('M') => Kind::Media,
        (false, path) if path.starts_with("/file/") => Kind::Download,
        _ => Kind::Unknown,
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let raw = axum::body::to_bytes(body, 32 << 20).await.unwrap_or_default();
    let body = forms::read(&head.headers, raw).await;
    let path = head.uri.path();
    let below = path.strip_prefix(&format!("/{VERSION}/")).unwrap_or(path).to_owned();
    let host =
        head.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let kind = kind(&head.method, &below, &body);
    let path = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let query = head.uri.query().unwrap_or_default().to_owned();
    let bearer = HeaderValue::try_from(format!("Bearer {TOKEN}")).unwrap();
    let is_ours = head.headers.get(header::AUTHORIZATION) == Some(&bearer);
    let scripted = {
        let mut inner = shared.lock();
        let (headers, body) = (head.headers, body.clone());
        inner.calls.push(Call { kind, path, headers, body, at: Instant::now() });
        inner.scripts.get_mut(&kind).and_then(VecDeque::pop_front)
    };
    shared.called.notify_waiters();
    if !is_ours {
        return error(401, 190);
    }
    match scripted {
        None => own_answer(&shared, kind, &below, &query, &body, &host),
        Some(Answer::Late(wait)) => {
            tokio::time::sleep(wait).await;
            own_answer(&shared, kind, &below, &query, &body, &host)
        }
        Some(Answer::Error(status, code)) => error(status, code),
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

fn own_answer(shared: &Shared, kind: Kind, below: &str, query: &str, body: &Value, host: &str) -> Response {
    let mut inner = shared.lock();
    match kind {
        Kind::Message => {
            if let Some(why) = whatsapp_limits::refusal(body) {
                inner.refused.push(why);
                return error(400, 131_009);
            }
            inner.last_id += 1;
            let to = body["to"].as_str().or_else(|| body["recipient"].as_str()).unwrap_or_default();
            // As a real one does, the id contains the number.
            let id = format!("wamid.{to}.{}", inner.last_id);
            if let Some(row) = body["biz_opaque_callback_data"].as_str().and_then(|row| row.parse().ok()) {
                inner.wamids.insert(row, id.clone());
            }
            ok(&json!({"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": id, "message_status": "accepted"}]}))
        }
        Kind::Upload => {
            if let Some(why) = whatsapp_limits::refused_upload(body) {
                inner.refused.push(why);
                return error(400, 100);
            }
            inner.last_id += 1;
            ok(&json!({"id": format!("M{}", inner.last_id)}))
        }
        Kind::Read => ok(&json!({"success": true})),
        Kind::List => {
            let from: usize =
                query.split('&').find_map(|part| part.strip_prefix("after=")?.parse().ok()).unwrap_or(0);
            let page: Vec<_> = inner.templates.iter().skip(from).take(PAGE).cloned().collect();
            let mut paging =
                json!({"cursors": {"before": from.to_string(), "after": (from + PAGE).to_string()}});
            if from + PAGE < inner.templates.len() {
                paging["next"] = "https://graph.facebook.example/next".into();
            }
            ok(&json!({"data": page, "paging": paging}))
        }
        Kind::Create => {
            let is_same =
                |other: &Value| other["name"] == body["name"] && other["language"] == body["language"];
            if inner.templates.iter().any(is_same) {
                return error(400, 100);
            }
            inner.last_id += 1;
            let id = format!("T{}", inner.last_id);
            let mut template = body.clone();
            template["id"] = id.clone().into();
            template["status"] = "PENDING".into();
            inner.templates.push(template);
            ok(&json!({"id": id, "status": "PENDING", "category": body["category"]}))
        }
        Kind::Edit => match inner.templates.iter_mut().find(|template| template["id"] == below) {
            Some(template) => {
                if let Some(category) = body.get("category") {
                    // As the real one: not for what was approved.
                    if template["status"] == "APPROVED" {
                        return error(400, 100);
                    }
                    template["category"] = category.clone();
                }
                template["components"] = body["components"].clone();
                template["status"] = "PENDING".into();
                ok(&json!({"success": true}))
            }
            None => error(400, 100),
        },
        Kind::Settings => ok(&json!({"verified_name": "Safar", "quality_rating": "GREEN", "id": NUMBER})),
        Kind::Media => match inner.files.get(below) {
            Some((file, url)) => {
                let url = url.clone().unwrap_or_else(|| format!("http://{host}/file/{below}?ext=1"));
                let mut found = json!({"messaging_product": "whatsapp", "url": url, "id": below,
                    "mime_type": "image/jpeg", "sha256": hex(&Sha256::digest(&file.bytes))});
                if let Some(size) = file.size() {
                    found["file_size"] = size.into();
                }
                ok(&found)
            }
            None => error(400, 100),
        },
        Kind::Download => match inner.files.get(below.trim_start_matches("/file/")) {
            Some((file, _)) => file.download(),
            None => error(404, 100),
        },
        Kind::Unknown => error(404, 100),
    }
}

fn ok(body: &Value) -> Response {
    respond(200, body.to_string().into_bytes())
}

fn error(status: u16, code: i64) -> Response {
    let body = json!({"error": {"message": "(#1) planted words", "type": "OAuthException", "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": "planted words"}, "fbtrace_id": "A"}});
    respond(status, body.to_string().into_bytes())
}

fn respond(status: u16, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
