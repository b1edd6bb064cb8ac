//! A consultant's browser: a session, pages, forms, and a line that stays open.

use std::sync::Arc;

use reqwest::{Client, header, redirect};
use safar::clock::Stopwatch;
use tokio::sync::mpsc;

use crate::seed::{PASSWORD, login};

/// Something that a console heard: which one, the event and its data, and when.
pub struct Heard {
    pub console: usize,
    pub event: String,
    pub data: String,
    pub at: f64,
}

#[derive(Clone)]
pub struct Console {
    number: usize,
    client: Client,
    base: Arc<str>,
    cookie: String,
    pub csrf: String,
}

/// The value of a form's field.
pub fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let rest = page.split_once(&format!("name=\"{name}\"")).expect("the field is there").1;
    rest.split_once("value=\"").and_then(|(_, rest)| rest.split_once('"')).expect("it has a value").0
}

impl Console {
    pub async fn log_in(base: &Arc<str>, number: usize) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
        let mut console =
            Self { number, client, base: base.clone(), cookie: String::new(), csrf: String::new() };
        let page = console.client.get(console.url("/staff/login")).send().await.expect("the login page");
        console.cookie = cookies(&page);
        let csrf = field(&page.text().await.expect("text"), "csrf").to_owned();
        let login = login(number);
        let form = [("login", login.as_str()), ("password", PASSWORD), ("csrf", &csrf)];
        let done = console.post("/staff/login", &form).await;
        assert_eq!(done.status(), 303, "logged in");
        console.cookie = cookies(&done);
        let (page, _) = console.get("/staff/queue").await;
        field(&page, "csrf").clone_into(&mut console.csrf);
        console
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A page, and how long it took in seconds.
    pub async fn get(&self, path: &str) -> (String, f64) {
        let watch = Stopwatch::start();
        let request = self.client.get(self.url(path)).header(header::COOKIE, &self.cookie);
        let answer = request.header("x-safar-live", "1").send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        let text = answer.text().await.expect("a text");
        (text, watch.seconds())
    }

    /// Posts a form as it is; the answer.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
        let body = serde_html_form::to_string(form).expect("a form");
        let request = self.client.post(self.url(path)).header(header::COOKIE, &self.cookie);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        request.send().await.expect("an answer")
    }

    /// Listens until the program ends; the first event has come when this returns.
    pub async fn listen(&self, began: Stopwatch, heard: mpsc::UnboundedSender<Heard>) {
        let request = self.client.get(self.url("/staff/stream")).header(header::COOKIE, &self.cookie);
        let mut answer = request.header(header::ACCEPT, "text/event-stream").send().await.expect("a line");
        assert_eq!(answer.status(), 200, "the stream");
        let mut text = String::new();
        let number = self.number;
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        let mut ready = Some(ready);
        tokio::spawn(async move {
            while let Ok(Some(bytes)) = answer.chunk().await {
                let at = began.seconds();
                text.push_str(&String::from_utf8_lossy(&bytes));
                while let Some(end) = text.find("\n\n") {
                    let block: String = text.drain(..end + 2).collect();
                    let field = |name| {
                        let line = block.lines().find_map(|line| line.strip_prefix(name));
                        line.unwrap_or_default().trim().to_owned()
                    };
                    if let Some(ready) = ready.take() {
                        let _ = ready.send(());
                    }
                    let told = Heard { console: number, event: field("event:"), data: field("data:"), at };
                    if heard.send(told).is_err() {
                        return;
                    }
                }
            }
        });
        is_ready.await.expect("the line says hello");
    }
}

fn cookies(answer: &reqwest::Response) -> String {
    let all = answer.headers().get_all(header::SET_COOKIE).iter();
    let pairs = all.filter_map(|cookie| cookie.to_str().ok()?.split(';').next().map(str::to_owned));
    pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
}
