//! The line of an open page is cut: what it missed comes when it is back, whole.

use std::{sync::Arc, time::Duration};

use safar::{
    desk::{Claimed, Role, To, Who},
    domain::CaseId,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::pages::waiting;
use crate::{
    staff::{
        visitor::{PASSWORD, Visitor, account},
        walk::{WIDTHS, Walk},
    },
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        chromium::Chromium,
    },
};

store_contract!(a_line_that_was_cut_brings_what_was_missed);

/// Longer than anything here takes.
const SOON: Duration = Duration::from_secs(10);

/// A page's line, as bytes on a socket.
struct Line {
    socket: TcpStream,
    text: String,
    /// The last id that came: the browser asks for what came after it.
    id: String,
}

/// `event`, `id`, `data`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Event {
    name: String,
    id: String,
    data: String,
}

impl Line {
    async fn open(app: &TestApp, visitor: &Visitor<'_>, last: Option<&str>) -> Self {
        let mut socket = TcpStream::connect(app.app.chat_address).await.unwrap();
        let cookies: Vec<String> =
            visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let last = last.map_or_else(String::new, |last| format!("last-event-id: {last}\r\n"));
        let request = format!(
            "GET /staff/stream HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncookie: {}\r\n{last}\r\n",
            cookies.join("; ")
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut line = Self { socket, text: String::new(), id: String::new() };
        let hello = line.next().await;
        assert_eq!(hello.name, "hello");
        line
    }

    /// The next event; heads, chunk sizes and comments are passed over.
    async fn next(&mut self) -> Event {
        let read = async {
            loop {
                if let Some(end) = self.text.find("\n\n") {
                    let block: String = self.text.drain(..end + 2).collect();
                    let field = |name: &str| {
                        block
                            .lines()
                            .find_map(|line| line.strip_prefix(name))
                            .unwrap_or_default()
                            .trim()
                            .to_owned()
                    };
                    let event = Event { name: field("event:"), id: field("id:"), data: field("data:") };
                    if !event.name.is_empty() {
                        if !event.id.is_empty() {
                            self.id.clone_from(&event.id);
                        }
                        return event;
                    }
                    continue;
                }
                let mut bytes = [0; 4_096];
                let read = self.socket.read(&mut bytes).await.unwrap();
                assert!(read > 0, "the line ended: {}", self.text);
                // Ends of lines of the transfer itself would part events.
                self.text.push_str(&String::from_utf8_lossy(&bytes[..read]).replace('\r', ""));
            }
        };
        tokio::time::timeout(SOON, read).await.expect("an event comes")
    }

    /// Reads until something of this name and data, and what came with it.
    async fn until(&mut self, name: &str, data: &str) {
        loop {
            let event = self.next().await;
            if event.name == name && event.data == data && !event.id.is_empty() {
                return;
            }
        }
    }
}

async fn a_line_that_was_cut_brings_what_was_missed(fresh: Fresh) {
    let app = TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let id = account(&app, "bek", &[Role::Consultant]).await;
    let bek = Who { id, name: "Bek".to_owned(), supervisor: false, max_cases: None };
    let mut cases: Vec<CaseId> = Vec::new();
    for chat in 71..75 {
        cases.push(waiting(&app, chat, false).await);
    }
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    let mut line = Line::open(&app, &ann, None).await;
    let desk = &app.app.desk;
    assert_eq!(desk.claim(&bek, cases[0]).await.unwrap(), Claimed::Won);
    line.until("case", &cases[0].to_string()).await;
    let last = line.id.clone();
    // The line is cut, and things happen.
    drop(line);
    for case in &cases[1..] {
        assert_eq!(desk.claim(&bek, *case).await.unwrap(), Claimed::Won);
    }
    desk.hand(&bek, cases[1], &To::Queue, "").await.unwrap();
    let mut expected: Vec<String> = cases[1..].iter().map(ToString::to_string).collect();
    expected.push("{}".to_owned());
    expected.sort_unstable();
    // A line that breaks while it tells what was missed has told nothing: the browser asks for all of it again.
    for _ in 0..2 {
        let mut cut = Line::open(&app, &ann, Some(&last)).await;
        cut.next().await;
        assert_eq!(cut.id, "");
    }
    let mut back = Line::open(&app, &ann, Some(&last)).await;
    let mut told = Vec::new();
    while back.id.is_empty() {
        let event = back.next().await;
        assert!(event.name == "case" || (event.name == "queue" && event.data == "{}"), "{event:?}");
        told.push(event.data);
    }
    told.sort_unstable();
    assert_eq!(told, expected, "what changed is told once: the queue and each case");
    let number = |id: &str| id.rsplit_once('-').unwrap().1.parse::<u64>().unwrap();
    assert_eq!(number(&back.id), number(&last) + 8, "two signals a claim, two of the case that went back");
    // With that nothing is missing.
    assert_eq!(Line::open(&app, &ann, Some(&back.id)).await.id, back.id);
    // It goes on with what happens now.
    assert_eq!(desk.claim(&bek, cases[1]).await.unwrap(), Claimed::Won);
    back.until("case", &cases[1].to_string()).await;
    // An id of an earlier run, or none at all, says nothing of what was missed: the page loads anew.
    for strange in ["0-1", "nonsense", "%00"] {
        let mut line = Line::open(&app, &ann, Some(strange)).await;
        assert_eq!(line.next().await.name, "resync", "{strange}");
    }
    app.stop().await;
}

/// Between browser and program: lets all through, or cuts every line and lets none in.
struct Proxy {
    address: std::net::SocketAddr,
    open: watch::Sender<bool>,
    _accepting: Arc<tokio::task::JoinHandle<()>>,
}

impl Proxy {
    async fn start(to: std::net::SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (open, is_open) = watch::channel(true);
        let accepting = tokio::spawn(async move {
            loop {
                let (mut from, _) = listener.accept().await.unwrap();
                let mut is_open = is_open.clone();
                tokio::spawn(async move {
                    if !*is_open.borrow() {
                        return;
                    }
                    let Ok(mut to) = TcpStream::connect(to).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut from, &mut to) => {}
                        _ = is_open.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { address, open, _accepting: Arc::new(accepting) }
    }
}

#[tokio::test]
async fn a_page_whose_line_is_cut_catches_up_without_a_reload() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let id = account(&app, "bek", &[Role::Consultant]).await;
    let bek = Who { id, name: "Bek".to_owned(), supervisor: false, max_cases: None };
    let case = waiting(&app, 71, true).await;
    let proxy = Proxy::start(app.app.chat_address).await;
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    browser.open(&tab, &format!("http://{}/staff/login", proxy.address)).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.at("/staff/login").await;
    walk.fill("login", "ann").await;
    walk.fill("password", PASSWORD).await;
    walk.submit("/staff/login").await;
    walk.at("/staff/queue").await;
    let row = format!("document.querySelector('form[action=\"/staff/case/{case}/claim\"]')");
    walk.browser.until(&walk.tab, &format!("{row} && document.querySelector('[data-stream]').hidden")).await;
    walk.browser.eval(&walk.tab, "window.stayed = true").await;
    proxy.open.send(false).unwrap();
    walk.browser.until(&walk.tab, "!document.querySelector('[data-stream]').hidden").await;
    assert!(
        walk.text().await.contains("No connection to the server"),
        "the page tells that it is cut off: {}",
        walk.text().await
    );
    app.app.desk.claim(&bek, case).await.unwrap();
    proxy.open.send(true).unwrap();
    walk.browser.until(&walk.tab, &format!("!{row} && document.querySelector('[data-stream]').hidden")).await;
    walk.browser.until(&walk.tab, "window.stayed").await;
    walk.browser.close().await;
    app.stop().await;
}
