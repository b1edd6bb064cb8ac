//! Debian's chromium over its DevTools socket: no driver, no node.

use std::{process::Stdio, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
    process::{Child, Command},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

/// Longest wait for a condition or an answer: long, for a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(30);

/// A browser of its own profile; ends with the test.
pub struct Chromium {
    child: Child,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u64,
    /// What each tab complained of: exceptions, refused scripts, failed requests.
    complaints: Vec<(Tab, String)>,
    /// Where each tab keeps cookies and storage.
    contexts: Vec<(Tab, Value)>,
    _profile: TempDir,
}

/// One tab with its own cookies and storage.
#[derive(Clone, PartialEq)]
pub struct Tab(String);

impl Chromium {
    /// `None` without a chromium: skipped loudly, a failure when `SAFAR_CI=1`.
    pub async fn start() -> Option<Self> {
        let profile = TempDir::new().unwrap();
        let spawned = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-port=0"])
            // Quick exit goes to a real site: no test may.
            .arg("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => {
                assert!(
                    std::env::var("SAFAR_CI").as_deref() != Ok("1"),
                    "SAFAR_CI=1 needs chromium: {error}"
                );
                eprintln!("SKIPPED, NOT TESTED: the chat page in a browser (install chromium): {error}");
                return None;
            }
        };
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = async {
            let mut said = String::new();
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some(at) = line.find("ws://") {
                    return line[at..].trim().to_owned();
                }
                said.push_str(&line);
            }
            panic!("chromium ended: {said}");
        };
        let address = tokio::time::timeout(SOON, address).await.expect("chromium tells its port");
        // A full pipe would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let (socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
        Some(Self {
            child,
            socket,
            next_id: 0,
            complaints: Vec::new(),
            contexts: Vec::new(),
            _profile: profile,
        })
    }

    async fn call(&mut self, tab: Option<&Tab>, method: &str, params: Value) -> Result<Value, String> {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(Tab(session)) = tab {
            message["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(message.to_string())).await.unwrap();
        let answer = async {
            loop {
                let Message::Text(text) = self.socket.next().await.unwrap().unwrap() else { continue };
                let said: Value = serde_json::from_str(&text).unwrap();
                if said["id"] == id {
                    return said;
                }
                if said["method"] == "Log.entryAdded" || said["method"] == "Runtime.exceptionThrown" {
                    let tab = Tab(said["sessionId"].as_str().unwrap_or_default().to_owned());
                    self.complaints.push((tab, said["params"].to_string()));
                }
            }
        };
        let answer =
            tokio::time::timeout(SOON, answer).await.unwrap_or_else(|_| panic!("{method}: no answer"));
        match answer.get("error") {
            Some(error) => Err(error.to_string()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// A command that must succeed.
    pub async fn tell(&mut self, tab: &Tab, method: &str, params: Value) -> Value {
        self.call(Some(tab), method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A new tab that shares nothing with the others, without motion.
    pub async fn tab(&mut self, width: u32, height: u32) -> Tab {
        let context = self.call(None, "Target.createBrowserContext", json!({})).await.unwrap();
        self.tab_in(context["browserContextId"].clone(), width, height).await
    }

    /// A new tab with the cookies and storage of another.
    pub async fn tab_beside(&mut self, tab: &Tab, width: u32, height: u32) -> Tab {
        let known = self.contexts.iter().find(|(of, _)| of == tab);
        let context = known.map(|(_, context)| context.clone()).unwrap();
        self.tab_in(context, width, height).await
    }

    async fn tab_in(&mut self, context: Value, width: u32, height: u32) -> Tab {
        let target = json!({ "url": "about:blank", "browserContextId": context });
        let target = self.call(None, "Target.createTarget", target).await.unwrap();
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call(None, "Target.attachToTarget", attach).await.unwrap();
        let tab = Tab(session["sessionId"].as_str().unwrap().to_owned());
        self.contexts.push((tab.clone(), context));
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            self.tell(&tab, domain, json!({})).await;
        }
        let still = json!({ "features": [
            { "name": "prefers-reduced-motion", "value": "reduce" },
            { "name": "prefers-color-scheme", "value": "light" },
        ] });
        self.tell(&tab, "Emulation.setEmulatedMedia", still).await;
        self.resize(&tab, width, height).await;
        tab
    }

    pub async fn resize(&mut self, tab: &Tab, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": true });
        self.tell(tab, "Emulation.setDeviceMetricsOverride", size).await;
    }

    /// The value of a script's expression; an error while the page changes or when it throws.
    async fn try_eval(&mut self, tab: &Tab, script: &str) -> Result<Value, String> {
        let params = json!({ "expression": script, "returnByValue": true });
        let answer = self.call(Some(tab), "Runtime.evaluate", params).await?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(details.to_string()),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    pub async fn eval(&mut self, tab: &Tab, script: &str) -> Value {
        self.try_eval(tab, script).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Asks until the expression is truthy; its value.
    pub async fn until(&mut self, tab: &Tab, script: &str) -> Value {
        let mut last = Err(String::new());
        let wait = async {
            loop {
                last = self.try_eval(tab, script).await;
                if let Ok(value) = &last
                    && !matches!(value, Value::Null | Value::Bool(false))
                    && value != ""
                    && value != 0
                {
                    return value.clone();
                }
            }
        };
        match tokio::time::timeout(SOON, wait).await {
            Ok(value) => value,
            Err(_) => {
                let body = self.try_eval(tab, "location.href + ' ' + document.body.innerText").await;
                panic!("never: {script}: {last:?}; the page: {body:?}")
            }
        }
    }

    /// What this tab has complained of since it was opened.
    pub fn complaints(&self, tab: &Tab) -> Vec<&str> {
        self.complaints.iter().filter(|(of, _)| of == tab).map(|(_, text)| text.as_str()).collect()
    }

    pub async fn open(&mut self, tab: &Tab, url: &str) {
        self.tell(tab, "Page.navigate", json!({ "url": url })).await;
    }

    /// Presses the middle of an element with the mouse, once it can be hit there.
    ///
    /// `element` is an expression; it must not change between asking and pressing.
    pub async fn press(&mut self, tab: &Tab, element: &str) {
        let point = self
            .until(
                tab,
                &format!(
                    "(() => {{ const e = {element}; if (!e) return ''; e.scrollIntoView({{ block: 'center' }});
                    const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
                    return e.contains(document.elementFromPoint(x, y)) ? [x, y] : '' }})()"
                ),
            )
            .await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event =
                json!({ "type": kind, "x": point[0], "y": point[1], "button": "left", "clickCount": 1 });
            self.tell(tab, "Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types into the element that has the focus.
    pub async fn type_text(&mut self, tab: &Tab, text: &str) {
        self.tell(tab, "Input.insertText", json!({ "text": text })).await;
    }

    pub async fn press_enter(&mut self, tab: &Tab) {
        for kind in ["keyDown", "keyUp"] {
            let mut key =
                json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13 });
            if kind == "keyDown" {
                key["text"] = json!("\r");
            }
            self.tell(tab, "Input.dispatchKeyEvent", key).await;
        }
    }

    /// The PNG of what the tab shows.
    pub async fn shot(&mut self, tab: &Tab) -> Vec<u8> {
        use base64::Engine as _;
        let shot = self.tell(tab, "Page.captureScreenshot", json!({ "format": "png" })).await;
        base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap()
    }

    pub async fn close(mut self) {
        // It may end before it answers.
        let close = json!({ "id": 0, "method": "Browser.close" }).to_string();
        let _ = self.socket.send(Message::text(close)).await;
        if tokio::time::timeout(SOON, self.child.wait()).await.is_err() {
            self.child.kill().await.unwrap();
        }
    }
}
