//! The program with WhatsApp, and people who write to it: signed deliveries of our own making.

use std::sync::atomic::{AtomicU64, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use safar::domain::hex;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{
    app::{Options, TestApp},
    fake_whatsapp::{FakeWhatsApp, Kind, NUMBER},
};
use crate::store::backend::Fresh;

pub const APP_SECRET: &str = "app-secret-of-the-tests";
pub const VERIFY_TOKEN: &str = "verify-token_1";

/// The signature header of a body.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

/// Somebody, as a delivery names them: number without its plus, user id, or both.
#[derive(Clone, Debug)]
pub struct Who {
    pub number: Option<String>,
    pub user: Option<String>,
}

impl Who {
    pub fn number(number: &str) -> Self {
        Self { number: Some(number.into()), user: None }
    }

    pub fn user(user: &str) -> Self {
        Self { number: None, user: Some(user.into()) }
    }

    pub fn both(number: &str, user: &str) -> Self {
        Self { number: Some(number.into()), user: Some(user.into()) }
    }

    /// One of many: the same number for the same `n`.
    pub fn nth(n: usize) -> Self {
        Self::both(&format!("99290{n:07}"), &format!("TJ.9{n:07}"))
    }

    /// Where an answer to their message goes.
    pub fn address(&self) -> &str {
        self.number.as_deref().or(self.user.as_deref()).unwrap()
    }
}

/// The running program with its fake API.
pub struct Wa {
    pub app: TestApp,
    pub api: FakeWhatsApp,
    next: AtomicU64,
}

impl Wa {
    pub async fn start(fresh: &Fresh) -> Self {
        Self::start_with(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await
    }

    pub async fn start_with(options: Options) -> Self {
        let api = match &options.whatsapp {
            Some(api) => api.clone(),
            None => FakeWhatsApp::start().await,
        };
        let app = TestApp::start(Options { whatsapp: Some(api.clone()), ..options }).await;
        Self { app, api, next: 1.into() }
    }

    /// Stops in order and starts again on the same database, at another time.
    pub async fn restart(self, fresh: &Fresh, now: &'static str) -> Self {
        let options = Options {
            database_url: Some(fresh.url.clone()),
            folder: Some(self.app.folder.clone()),
            fake: Some(self.app.fake.clone()),
            whatsapp: Some(self.api.clone()),
            now,
            ..Options::default()
        };
        let next = self.next.load(Ordering::SeqCst);
        self.stop().await;
        let again = Self::start_with(options).await;
        again.next.store(next, Ordering::SeqCst);
        again
    }

    pub fn store(&self) -> &safar::store::Store {
        &self.app.app.store
    }

    /// Seconds of the clock, as WhatsApp writes them.
    pub fn seconds(&self) -> i64 {
        use safar::clock::Clock as _;
        self.app.clock.now().0 / 1000
    }

    /// A new message of somebody, sent now.
    pub fn message(&self, who: &Who, kind: &str, fields: Value) -> Value {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        // As a real one does, the id contains the number.
        let id = format!("wamid.{}.IN{number}", who.address());
        let mut message = json!({"id": id, "timestamp": self.seconds().to_string(), "type": kind});
        if let Some(number) = &who.number {
            message["from"] = number.clone().into();
        }
        if let Some(user) = &who.user {
            message["from_user_id"] = user.clone().into();
        }
        if !fields.is_null() {
            message[kind] = fields;
        }
        message
    }

    pub fn text(&self, who: &Who, text: &str) -> Value {
        self.message(who, "text", json!({ "body": text }))
    }

    pub fn row(&self, who: &Who, token: &str) -> Value {
        self.message(
            who,
            "interactive",
            json!({"type": "list_reply", "list_reply": {"id": token, "title": "?"}}),
        )
    }

    /// Posts bytes with this signature header; status, body and headers of the answer.
    pub async fn post(
        &self,
        body: Vec<u8>,
        signature: Option<&str>,
    ) -> (u16, Vec<u8>, reqwest::header::HeaderMap) {
        let mut request = self.app.client.post(self.app.url("/whatsapp/webhook"));
        request = request.header("content-type", "application/json");
        if let Some(signature) = signature {
            request = request.header("x-hub-signature-256", signature);
        }
        let answer = request.body(body).send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, answer.bytes().await.unwrap().to_vec(), headers)
    }

    /// Posts bytes, rightly signed; the status of the answer.
    pub async fn deliver(&self, body: Vec<u8>) -> u16 {
        let signature = signature(APP_SECRET, &body);
        self.post(body, Some(&signature)).await.0
    }

    pub async fn messages(&self, messages: &[Value]) -> u16 {
        self.deliver(delivery(&json!({ "messages": messages }))).await
    }

    pub async fn statuses(&self, statuses: &[Value]) -> u16 {
        self.deliver(delivery(&json!({ "statuses": statuses }))).await
    }

    pub async fn says(&self, who: &Who, text: &str) -> u16 {
        self.messages(&[self.text(who, text)]).await
    }

    pub async fn taps(&self, who: &Who, token: &str) -> u16 {
        self.messages(&[self.row(who, token)]).await
    }

    /// Somebody writes and is answered; the answer.
    pub async fn talk(&self, message: Value) -> Value {
        let before = self.api.said().len();
        assert_eq!(self.messages(&[message]).await, 200);
        self.api.wait_for(Kind::Message, before + 1).await.swap_remove(before).body
    }

    pub async fn stop(self) {
        assert_eq!(self.api.refused(), Vec::<String>::new(), "the API's limits hold");
        self.app.stop().await;
    }
}

/// A delivery of one change with the number's metadata.
pub fn delivery(value: &Value) -> Vec<u8> {
    let mut value = value.clone();
    value["messaging_product"] = "whatsapp".into();
    value["metadata"] = json!({"display_phone_number": "77010000000", "phone_number_id": NUMBER});
    let changes = json!([{ "field": "messages", "value": value }]);
    json!({"object": "whatsapp_business_account", "entry": [{ "id": "222", "changes": changes }]})
        .to_string()
        .into_bytes()
}

/// The tokens that an answer offers, whatever its form.
pub fn tokens(answer: &Value) -> Vec<String> {
    let action = &answer["interactive"]["action"];
    let of = |items: &Value| items.as_array().cloned().unwrap_or_default();
    let buttons = of(&action["buttons"]).into_iter().map(|button| button["reply"]["id"].clone());
    let rows = of(&action["sections"])
        .into_iter()
        .flat_map(|section| of(&section["rows"]))
        .map(|row| row["id"].clone());
    buttons.chain(rows).map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// A receipt for an outbox row.
pub fn status(outbox: i64, state: &str) -> Value {
    json!({"id": format!("wamid.992900000001.{outbox}"), "status": state, "timestamp": "1795000000",
        "recipient_id": "992900000001", "biz_opaque_callback_data": outbox.to_string()})
}

/// A receipt that says why a message failed.
pub fn failed(outbox: i64, code: i64) -> Value {
    let mut status = status(outbox, "failed");
    status["errors"] = json!([{"code": code, "title": "planted words"}]);
    status
}
