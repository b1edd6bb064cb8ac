//! The whole program in the test's process: own database, own fake Telegram, a clock that stands still.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use safar::{
    app::{App, Start},
    clock::{Clock as _, Ids as _, MockClock, SystemIds},
    config::Config,
    content::embedded,
    domain::{ReleaseId, Timestamp},
    store::{Store, releases},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dialogs::embedded_release;

use super::{
    fake_telegram::{FakeTelegram, TOKEN},
    fake_whatsapp::{self, FakeWhatsApp},
    whatsapp,
};

pub const SECRET: &str = "hook-secret";
pub const BOT: i64 = 8;

pub struct TestApp {
    pub app: App,
    pub fake: FakeTelegram,
    pub clock: Arc<MockClock>,
    pub client: reqwest::Client,
    pub folder: Arc<TempDir>,
    update: std::sync::atomic::AtomicI64,
}

pub struct Options {
    pub database_url: Option<String>,
    pub mode: &'static str,
    pub now: &'static str,
    pub folder: Option<Arc<TempDir>>,
    pub fake: Option<FakeTelegram>,
    /// WhatsApp too, on this fake.
    pub whatsapp: Option<FakeWhatsApp>,
    /// Whether the WhatsApp account may send buttons and lists.
    pub interactive: bool,
    /// A mail server; the program then has a public address, too.
    pub smtp: Option<String>,
    /// The address by which people reach the program.
    pub public_url: Option<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            database_url: None,
            mode: "webhook",
            now: "2026-11-24T06:00:00Z",
            folder: None,
            fake: None,
            whatsapp: None,
            interactive: true,
            smtp: None,
            public_url: None,
        }
    }
}

pub fn config(folder: &Path, fake: &FakeTelegram, options: &Options) -> Config {
    let data: PathBuf = folder.join("data");
    let file = format!("[whatsapp]\ninteractive = {}\n", options.interactive);
    Config::load(Some((Path::new("safar.toml"), file.as_str())), |name| {
        if let Some(name) = name.strip_prefix("SAFAR_WHATSAPP_") {
            let fake = options.whatsapp.as_ref()?;
            return Some(match name {
                "API_URL" => fake.url().to_owned(),
                "PHONE_NUMBER_ID" => fake_whatsapp::NUMBER.to_owned(),
                "NUMBER" => "+992 900 000 000".to_owned(),
                "BUSINESS_ACCOUNT_ID" => fake_whatsapp::BUSINESS.to_owned(),
                "ACCESS_TOKEN" => fake_whatsapp::TOKEN.to_owned(),
                "APP_SECRET" => whatsapp::APP_SECRET.to_owned(),
                "VERIFY_TOKEN" => whatsapp::VERIFY_TOKEN.to_owned(),
                _ => return None,
            });
        }
        Some(match name {
            "SAFAR_LISTEN" | "SAFAR_METRICS_LISTEN" => "127.0.0.1:0".to_owned(),
            "SAFAR_DATA_DIR" => data.display().to_string(),
            "SAFAR_DATABASE_URL" => return options.database_url.clone(),
            "SAFAR_TELEGRAM_TOKEN" => TOKEN.to_owned(),
            "SAFAR_TELEGRAM_API_URL" => fake.url().to_owned(),
            "SAFAR_SMTP_URL" => return options.smtp.clone(),
            "SAFAR_MAIL_FROM" => {
                return options.smtp.as_ref().map(|_| "Safar <safar@example.org>".to_owned());
            }
            "SAFAR_PUBLIC_URL" => {
                let by_mail = options.smtp.as_ref().map(|_| "http://bot.example.org");
                return options.public_url.or(by_mail).map(str::to_owned);
            }
            "SAFAR_TELEGRAM_MODE" => options.mode.to_owned(),
            "SAFAR_TELEGRAM_WEBHOOK_SECRET" => SECRET.to_owned(),
            _ => return None,
        })
    })
    .expect("settings")
}

/// Lays the content into a database that has none. The first start would check it, which has tests of its own and
/// takes this build seconds.
async fn stock(config: &Config, now: Timestamp) {
    let store = Store::connect(config.database_url.reveal()).await.unwrap();
    store.migrate().await.unwrap();
    let mut tx = store.write().await.unwrap();
    if releases::current_id(&mut tx).await.unwrap().is_none() {
        let (files, ids) = (embedded(), SystemIds::new());
        let text = serde_json::to_string(&files).unwrap();
        let id = ReleaseId(ids.next(now));
        releases::add(&mut tx, id, &files.hash(), &text, "embedded", now).await.unwrap();
        releases::publish(&mut tx, ids.next(now), id, &releases::NewPublication::of("embedded"), now)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    store.close().await;
}

impl TestApp {
    pub async fn start(options: Options) -> Self {
        if std::env::var("SAFAR_LOG").is_ok() {
            safar::telemetry::start_logs(safar::config::LogFormat::Text);
        }
        // Held for all tests: a release's language model takes this build seconds to learn.
        embedded_release().search();
        let folder = options.folder.clone().unwrap_or_else(|| Arc::new(TempDir::new().unwrap()));
        let fake = match &options.fake {
            Some(fake) => fake.clone(),
            None => FakeTelegram::start().await,
        };
        let clock = Arc::new(MockClock::at(Timestamp::from_iso(options.now).unwrap()));
        let config = config(folder.path(), &fake, &options);
        // Earlier than anything that the test publishes.
        stock(&config, clock.now().plus_ms(-1_000)).await;
        let start = Start {
            config,
            clock: clock.clone(),
            ids: Arc::new(SystemIds::new()),
            files: embedded(),
            replace: false,
            metrics: Arc::new(String::new),
        };
        let app = Box::pin(App::start(start)).await.unwrap_or_else(|error| panic!("{error}"));
        Self {
            app,
            fake,
            clock,
            client: reqwest::Client::builder().build().unwrap(),
            folder,
            update: 1.into(),
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.app.chat_address)
    }

    pub fn next_update(&self) -> i64 {
        self.update.fetch_add(1, std::sync::atomic::Ordering::SeqCst)
    }

    /// Posts raw bytes to the webhook; the status and body of the answer.
    pub async fn post(&self, body: Vec<u8>) -> (u16, String) {
        let request =
            self.client.post(self.url("/telegram/webhook")).header("x-telegram-bot-api-secret-token", SECRET);
        let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub async fn update(&self, update: &Value) -> (u16, String) {
        self.post(update.to_string().into_bytes()).await
    }

    pub async fn text(&self, chat: i64, text: &str) -> (u16, String) {
        self.update(&message(self.next_update(), chat, &json!({ "text": text }))).await
    }

    pub async fn tap(&self, chat: i64, message_id: i64, data: &str) -> (u16, String) {
        self.update(&tap(self.next_update(), chat, message_id, data)).await
    }

    pub async fn stop(self) {
        self.app.stop().await;
    }
}

pub fn message(update: i64, chat: i64, fields: &Value) -> Value {
    let mut message = json!({
        "message_id": 1_000_000 + update, "date": 1_795_000_000,
        "from": { "id": chat, "is_bot": false, "first_name": "Planted-Name", "language_code": "ru" },
        "chat": { "id": chat, "type": "private", "first_name": "Planted-Name" },
    });
    for (key, value) in fields.as_object().unwrap() {
        message[key] = value.clone();
    }
    json!({ "update_id": update, "message": message })
}

pub fn tap(update: i64, chat: i64, message_id: i64, data: &str) -> Value {
    json!({ "update_id": update, "callback_query": {
        "id": format!("q{update}"), "chat_instance": "1", "data": data,
        "from": { "id": chat, "is_bot": false, "first_name": "Planted-Name" },
        "message": { "message_id": message_id, "date": 1_795_000_000, "text": "?", "chat": { "id": chat, "type": "private" } },
    } })
}
