//! Calls go out; answers become a receipt or a [`SendError`].

use std::{fmt, time::Duration};

use bytes::Bytes;
use reqwest::{StatusCode, Url, header};

use super::{
    error::{self, API_URL, TOKEN},
    render::WhatsAppCall,
    wire,
};
use crate::channels::{
    Scope, SendError,
    error::refusal::{BAD_REQUEST, TOO_LARGE},
};

/// Who we are on WhatsApp, and the HTTP client. Clones share the client's connections.
#[derive(Clone)]
pub struct Account {
    messages: Url,
    /// Where files are uploaded.
    pub(super) media: Url,
    pub(super) base: Url,
    /// `Bearer …`: a secret.
    pub(super) bearer: header::HeaderValue,
    pub(super) client: reqwest::Client,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account(…)")
    }
}

/// The API accepted the message. It may still fail: a receipt tells.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    /// The message's id. It contains the phone number: hide it before it is kept.
    pub wamid: Option<String>,
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sent(…)")
    }
}

impl Account {
    /// `api_url` with its version, `…/v25.0`.
    ///
    /// # Errors
    /// [`SendError::Misconfigured`] if a part has not the right form.
    pub fn new(
        api_url: &str,
        phone_number_id: &str,
        access_token: &str,
        client: reqwest::Client,
    ) -> Result<Self, SendError> {
        let wrong = SendError::Misconfigured { key: API_URL };
        let base = Url::parse(&format!("{}/", api_url.trim_end_matches('/'))).map_err(|_| wrong)?;
        if !matches!(base.scheme(), "http" | "https") || base.query().is_some() || base.fragment().is_some() {
            return Err(wrong);
        }
        let below = |what: &str| base.join(&format!("{phone_number_id}/{what}")).map_err(|_| wrong);
        let (messages, media) = (below("messages")?, below("media")?);
        let mut bearer = header::HeaderValue::from_str(&format!("Bearer {}", access_token.trim()))
            .map_err(|_| SendError::Misconfigured { key: TOKEN })?;
        bearer.set_sensitive(true);
        Ok(Self { messages, media, base, bearer, client })
    }

    /// Sends one message, or marks one read.
    ///
    /// # Errors
    /// As [`SendError`] says.
    pub async fn call(&self, call: &WhatsAppCall) -> Result<Sent, SendError> {
        let request = json(self.client.post(self.messages.clone())).body(call.body.clone());
        let body = self.exchange(request).await?;
        match serde_json::from_slice::<wire::Accepted<'_>>(&body) {
            Ok(accepted) => {
                let id = accepted.messages.into_iter().find_map(|message| message.id.read());
                Ok(Sent { wamid: id.map(|id| id.0.into_owned()) })
            }
            Err(_) => Err(SendError::Ambiguous),
        }
    }

    /// A management call below the API's address: `GET` without a body, `POST` with one. Returns the answer's JSON.
    ///
    /// # Errors
    /// As [`SendError`] says.
    pub async fn manage(&self, path: &str, body: Option<Vec<u8>>) -> Result<serde_json::Value, SendError> {
        let url = self.base.join(path).map_err(|_| SendError::Misconfigured { key: API_URL })?;
        let request = match body {
            Some(body) => json(self.client.post(url)).body(body),
            None => json(self.client.get(url)),
        };
        let body = self.exchange(request).await?;
        serde_json::from_slice(&body).map_err(|_| SendError::Ambiguous)
    }

    /// The body of an answer that tells of success.
    pub(super) async fn exchange(&self, request: reqwest::RequestBuilder) -> Result<Bytes, SendError> {
        let request = request.header(header::AUTHORIZATION, self.bearer.clone());
        let response = request.send().await.map_err(|error| from_client(&error))?;
        let status = response.status();
        let named = retry_after(response.headers());
        let body = response.bytes().await.map_err(|_| SendError::Ambiguous)?;
        if status.is_success() {
            return Ok(body);
        }
        Err(match failure(status, &body) {
            SendError::Throttled { retry_after: None, scope } => {
                SendError::Throttled { retry_after: named, scope }
            }
            error => error,
        })
    }
}

fn json(request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
    request.header(header::CONTENT_TYPE, "application/json")
}

fn from_client(error: &reqwest::Error) -> SendError {
    if error.is_connect() {
        SendError::Unreachable
    } else if error.is_builder() {
        SendError::Misconfigured { key: API_URL }
    } else {
        SendError::Ambiguous
    }
}

/// Seconds of `Retry-After`; a date, which is allowed too, is not read.
fn retry_after(headers: &header::HeaderMap) -> Option<Duration> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

fn failure(status: StatusCode, body: &[u8]) -> SendError {
    let code = serde_json::from_slice::<wire::Failed>(body).ok().and_then(|failed| failed.error.code);
    match (code, status.as_u16()) {
        (Some(code), _) => error::of_code(code),
        (None, 300..=399 | 404) => SendError::Misconfigured { key: API_URL },
        (None, 401 | 403) => SendError::Misconfigured { key: TOKEN },
        (None, 413) => SendError::Refused { code: TOO_LARGE },
        (None, 429) => SendError::Throttled { retry_after: None, scope: Scope::Bot },
        (None, 400..=499) => SendError::Refused { code: BAD_REQUEST },
        (None, 502 | 503) => SendError::Unreachable,
        // 500, 504: it may have been carried out.
        (None, _) => SendError::Ambiguous,
    }
}
