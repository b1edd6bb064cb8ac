//! Calls go out; answers become a receipt or a [`SendError`].

use std::{fmt, time::Duration};

use bytes::Bytes;
use reqwest::{StatusCode, Url, header};
use serde::Deserialize;

use super::{
    render::TelegramCall,
    wire::{Answer, MessageId, Parameters},
};
use crate::channels::{
    Scope, SendError,
    error::refusal::{
        BAD_REQUEST, BUTTONS, CHAT_NOT_FOUND, FILE, FORBIDDEN, KICKED, QUERY_TOO_OLD, TEXT_EMPTY,
        TEXT_TOO_LONG, THREAD_NOT_FOUND, TOO_LARGE, TOPIC_CLOSED, TWO_POLLERS, WEBHOOK_ACTIVE,
    },
};

/// Setting names in [`SendError::Misconfigured`].
pub(super) const TOKEN: &str = "telegram.token";
pub(super) const API_URL: &str = "telegram.api_url";
pub(super) const WEBHOOK_SECRET: &str = "telegram.webhook_secret";
pub(super) const PUBLIC_URL: &str = "public_url";

/// The public Bot API.
pub const DEFAULT_API_URL: &str = "https://api.telegram.org";

/// One bot: its token, the API's address and the HTTP client. Clones share the client's connections.
#[derive(Clone)]
pub struct Bot {
    id: i64,
    /// `{api}/bot{token}/`: a secret.
    base: Url,
    /// `{api}/file/bot{token}/`: a secret, too.
    pub(super) files: Url,
    pub(super) client: reqwest::Client,
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bot({})", self.id)
    }
}

/// The API carried the call out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message that was sent or edited; `None` where the answer names none (also: it was as wanted already).
    pub message_id: Option<i64>,
}

impl Bot {
    /// `token` as BotFather gives it, `<digits>:<letters, digits, _ and ->`; `api_url` may have a path.
    ///
    /// # Errors
    /// [`SendError::Misconfigured`] with `telegram.token` or `telegram.api_url` if one has not the right form.
    pub fn new(api_url: &str, token: &str, client: reqwest::Client) -> Result<Self, SendError> {
        let wrong_token = SendError::Misconfigured { key: TOKEN };
        let wrong_url = SendError::Misconfigured { key: API_URL };
        let token = token.trim();
        let (id, secret) = token.split_once(':').ok_or(wrong_token)?;
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if secret.is_empty() || !secret.bytes().all(is_plain) || !id.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong_token);
        }
        let id = id.parse().map_err(|_| wrong_token)?;
        let below = |path: &str| Url::parse(&format!("{}/{path}", api_url.trim_end_matches('/')));
        let base = below(&format!("bot{token}/")).map_err(|_| wrong_url)?;
        let files = below(&format!("file/bot{token}/")).map_err(|_| wrong_url)?;
        if !matches!(base.scheme(), "http" | "https") || base.query().is_some() || base.fragment().is_some() {
            return Err(wrong_url);
        }
        Ok(Self { id, base, files, client })
    }

    /// The bot's user id: the number before the colon of its token.
    pub const fn id(&self) -> i64 {
        self.id
    }

    /// Carries out one call.
    ///
    /// # Errors
    /// As [`SendError`] says. An edit that changes nothing is a success.
    pub async fn call(&self, call: &TelegramCall) -> Result<Sent, SendError> {
        let scope = if call.is_to_a_chat() { Scope::Chat } else { Scope::Bot };
        Self::sent(&self.exchange(call.method, call.body.clone(), None).await?, scope)
    }

    /// What an answer tells of a message.
    pub(super) fn sent(answer: &Exchanged, scope: Scope) -> Result<Sent, SendError> {
        match answer.read::<MessageId>(scope) {
            Ok(result) => Ok(Sent { message_id: result.and_then(|id| id.0) }),
            Err(Failure::NotModified) => Ok(Sent { message_id: None }),
            Err(Failure::Send(error)) => Err(error),
        }
    }

    /// Sends the body and reads the whole answer, whatever it says. `timeout` replaces the client's.
    pub(super) async fn exchange(
        &self,
        method: &str,
        body: Vec<u8>,
        timeout: Option<Duration>,
    ) -> Result<Exchanged, SendError> {
        let mut request = self.post(method)?.header(header::CONTENT_TYPE, "application/json").body(body);
        if let Some(timeout) = timeout {
            request = request.timeout(timeout);
        }
        Self::exchanged(request).await
    }

    pub(super) fn post(&self, method: &str) -> Result<reqwest::RequestBuilder, SendError> {
        let url = self.base.join(method).map_err(|_| SendError::Misconfigured { key: API_URL })?;
        Ok(self.client.post(url))
    }

    /// Sends a request and reads the whole answer, whatever it says.
    pub(super) async fn exchanged(request: reqwest::RequestBuilder) -> Result<Exchanged, SendError> {
        // An error of the client names the URL, which holds the token: it must go no further than here.
        let response = request.send().await.map_err(|error| from_client(&error))?;
        let status = response.status();
        let retry_after = response.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let body = response.bytes().await.map_err(|_| SendError::Ambiguous)?;
        Ok(Exchanged { status, retry_after, body })
    }
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

/// An answer, not yet understood.
pub(super) struct Exchanged {
    pub status: StatusCode,
    /// Seconds, from the header.
    pub retry_after: Option<u64>,
    pub body: Bytes,
}

pub(super) enum Failure {
    NotModified,
    Send(SendError),
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        match failure {
            // Only an edit can be told this, and `Bot::call` takes it as a success.
            Failure::NotModified => Self::Refused { code: BAD_REQUEST },
            Failure::Send(error) => error,
        }
    }
}

impl Exchanged {
    /// The result, if the call was carried out; `None` if the answer has none of the shape `T` needs.
    pub fn read<'a, T: Deserialize<'a>>(&'a self, scope: Scope) -> Result<Option<T>, Failure> {
        match serde_json::from_slice::<Answer<'a, T>>(&self.body) {
            Ok(answer) if answer.ok => Ok(answer.result),
            Ok(answer) => {
                let code = answer.error_code.unwrap_or(self.status.as_u16());
                let description = answer.description.as_ref().map_or("", AsRef::as_ref);
                Err(self.failure(code, description, answer.parameters, scope))
            }
            // Not the API's own answer, but perhaps a proxy's: its status says whether the call can have arrived.
            Err(_) => Err(Failure::Send(self.without_json(scope))),
        }
    }

    fn without_json(&self, scope: Scope) -> SendError {
        match self.status.as_u16() {
            300..=399 => SendError::Misconfigured { key: API_URL },
            401 | 404 => SendError::Misconfigured { key: TOKEN },
            413 => SendError::Refused { code: TOO_LARGE },
            429 => self.throttled(None, scope),
            400..=499 => SendError::Refused { code: BAD_REQUEST },
            502 | 503 => SendError::Unreachable,
            // 2xx with an unreadable body, 500, 504: it may have been carried out.
            _ => SendError::Ambiguous,
        }
    }

    /// The error table of channels.md §2.5: the one place that looks into descriptions.
    fn failure(&self, code: u16, description: &str, parameters: Option<Parameters>, scope: Scope) -> Failure {
        let says = |needle: &str| contains(description, needle);
        let migrated = parameters.and_then(|parameters| parameters.migrate_to_chat_id);
        Failure::Send(match code {
            _ if migrated.is_some() => SendError::Migrated { to: migrated.unwrap_or_default() },
            400 if says("message is not modified") => return Failure::NotModified,
            400 => bad_request(description),
            401 | 404 => SendError::Misconfigured { key: TOKEN },
            403 if says("bot was blocked")
                || says("user is deactivated")
                || says("can't initiate conversation") =>
            {
                SendError::Blocked
            }
            403 if says("bot was kicked") => SendError::Refused { code: KICKED },
            403 => SendError::Refused { code: FORBIDDEN },
            409 if says("webhook is active") => SendError::Refused { code: WEBHOOK_ACTIVE },
            409 => SendError::Refused { code: TWO_POLLERS },
            413 => SendError::Refused { code: TOO_LARGE },
            429 => self.throttled(parameters.and_then(|parameters| parameters.retry_after), scope),
            500.. => SendError::Unreachable,
            _ => SendError::Refused { code: BAD_REQUEST },
        })
    }

    fn throttled(&self, retry_after: Option<u64>, scope: Scope) -> SendError {
        SendError::Throttled { retry_after: retry_after.or(self.retry_after).map(Duration::from_secs), scope }
    }
}

fn bad_request(description: &str) -> SendError {
    const GONE: [&str; 3] = ["message to edit not found", "can't be edited", "MESSAGE_ID_INVALID"];
    const REFUSED: [(&str, &str); 17] = [
        ("query is too old", QUERY_TOO_OLD),
        ("query ID is invalid", QUERY_TOO_OLD),
        ("chat not found", CHAT_NOT_FOUND),
        ("message thread not found", THREAD_NOT_FOUND),
        ("TOPIC_CLOSED", TOPIC_CLOSED),
        ("BUTTON_", BUTTONS),
        ("reply markup is too long", BUTTONS),
        ("message is too long", TEXT_TOO_LONG),
        ("MESSAGE_TOO_LONG", TEXT_TOO_LONG),
        ("message text is empty", TEXT_EMPTY),
        ("file is too big", TOO_LARGE),
        ("wrong file_id", FILE),
        ("wrong file identifier", FILE),
        // What was to be a photo or voice message is none, or the person takes no voice messages.
        ("PHOTO_", FILE),
        ("IMAGE_PROCESS_FAILED", FILE),
        ("VOICE_MESSAGES_FORBIDDEN", FILE),
        ("file must be non-empty", FILE),
    ];
    let says = |needle: &str| contains(description, needle);
    if GONE.into_iter().any(says) {
        SendError::Gone
    } else if says("can't parse entities") {
        SendError::BadMarkup
    } else if says("temporarily unavailable") {
        // Telegram says the same of a file that is away for a while and of one that never was.
        SendError::Unreachable
    } else if says("bad webhook") {
        SendError::Misconfigured { key: PUBLIC_URL }
    } else {
        let known = REFUSED.into_iter().find(|(needle, _)| says(needle));
        SendError::Refused { code: known.map_or(BAD_REQUEST, |(_, code)| code) }
    }
}

/// Telegram changes the case of its descriptions from time to time.
fn contains(text: &str, needle: &str) -> bool {
    let needle = needle.as_bytes();
    text.as_bytes().windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}
