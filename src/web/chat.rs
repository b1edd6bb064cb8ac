//! What the chat page sends: a session, messages and taps, acknowledgements.
//!
//! The visitor's token travels only in the Authorization header, so a foreign page can send nothing in its name.

use std::sync::Arc;

use axum::{
    Json,
    body::{self, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{
    WebState,
    error::WebError,
    inflow::Inflow,
    limits::{BODY_WAIT, CHAT_BODY_MAX_BYTES, SESSION_RATE, Throttle, VISITOR_RATE},
    peer::Peer,
    state::TEXT_MAX_CHARS,
};
use crate::{
    dialog::WebChat,
    domain::{Address, Attached, CampaignCode, ChannelKind, Content, Inbound, Source},
};

/// Longest id that a page may give its message.
const ID_MAX_BYTES: usize = 64;
/// Longest tap token (design §5).
const TAP_MAX_BYTES: usize = 64;
/// Longest command, as on Telegram.
const COMMAND_MAX_BYTES: usize = 32;

/// What the chat's handlers share.
pub(super) struct Chat {
    pub web: WebState,
    pub throttle: Throttle,
    /// By network address.
    pub sessions: Throttle,
    /// Files on their way.
    pub inflow: Arc<Inflow>,
}

impl Chat {
    pub fn new(web: WebState) -> Self {
        Self {
            web,
            throttle: Throttle::new(VISITOR_RATE),
            sessions: Throttle::new(SESSION_RATE),
            inflow: Arc::default(),
        }
    }

    /// The visitor's token, after its bucket gave way.
    pub fn visitor<'a>(&self, headers: &'a HeaderMap) -> Result<&'a str, WebError> {
        let token = bearer(headers)?;
        let taken = self.throttle.take(token.as_bytes(), self.web.clock.now());
        taken.map_err(|retry_after_s| WebError::Busy { retry_after_s })?;
        Ok(token)
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, WebError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.strip_prefix("Bearer "))
        .filter(|token| WebChat::valid_token(token))
        .ok_or(WebError::Session)
}

/// The languages of the browser, best first: only their first part, lower-cased.
pub(super) fn languages(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let sent = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sent.split(',').filter_map(|one| {
        let tag = one.split([';', '-', '_']).next().unwrap_or_default().trim();
        let fits = (2..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphabetic());
        fits.then(|| tag.to_ascii_lowercase())
    })
}

pub(super) const NO_STORE: (header::HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

#[derive(Serialize)]
struct Session {
    token: String,
}

/// `POST /chat/session`: a new visitor's token. Nothing is stored before the first message.
///
/// # Errors
/// [`WebError::Busy`]: very many begin from this network address.
pub(super) async fn session(State(chat): State<Arc<Chat>>, Peer(peer): Peer) -> Result<Response, WebError> {
    let taken = chat.sessions.take(&chat.web.chat.origin_of(&peer), chat.web.clock.now());
    taken.map_err(|retry_after_s| WebError::Busy { retry_after_s })?;
    Ok(([NO_STORE], Json(Session { token: chat.web.chat.new_token() })).into_response())
}

/// `POST /chat/leave`: quick exit. The page has forgotten its token, so whoever answers is told that nobody reads it.
pub(super) async fn leave(State(chat): State<Arc<Chat>>, headers: HeaderMap) -> Result<Response, WebError> {
    // Not held back by the visitor's bucket: a page says it once, and gives it no second try.
    chat.web.chat.leave(bearer(&headers)?).await?;
    Ok((StatusCode::NO_CONTENT, [NO_STORE]).into_response())
}

/// The body of `/chat/send`: one of `text`, `tap`, `start`, and with it or alone `ack`.
#[derive(Deserialize)]
struct Sent {
    /// Made by the page from 128 random bits; a message sent again has the same.
    id: String,
    text: Option<String>,
    tap: Option<String>,
    start: Option<Start>,
    /// All messages up to this id were shown.
    #[serde(default, deserialize_with = "row_id")]
    ack: Option<i64>,
}

#[derive(Deserialize)]
struct Start {
    code: Option<String>,
}

/// A row's id as text or number: a script's numbers have only 53 bits.
fn row_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(i64),
        Text(String),
    }
    match Option::<Id>::deserialize(from)? {
        None => Ok(None),
        Some(Id::Number(id)) => Ok(Some(id)),
        Some(Id::Text(text)) => text.parse().map(Some).map_err(de::Error::custom),
    }
}

/// `POST /chat/send`: 202 once what the person did is committed.
pub(super) async fn send(
    State(chat): State<Arc<Chat>>,
    Peer(peer): Peer,
    request: Request,
) -> Result<Response, WebError> {
    let (head, body) = request.into_parts();
    let token = chat.visitor(&head.headers)?;
    if !is_json(&head.headers) {
        return Err(WebError::MediaType);
    }
    let read = tokio::time::timeout(BODY_WAIT, body::to_bytes(body, CHAT_BODY_MAX_BYTES)).await;
    let raw = read.map_err(|_| WebError::Slow)?.map_err(|_| WebError::TooLong)?;
    let sent: Sent = serde_json::from_slice(&raw).map_err(|_| WebError::Bad)?;
    let ack = sent.ack;
    let content = content(&sent)?;
    let only_ack = content.is_none();
    if let Some(content) = content {
        let mut inbound = inbound(&chat, token, &head.headers, &sent.id, content, raw);
        inbound.from = Some(chat.web.chat.origin_of(&peer));
        chat.web.intake.take(inbound).await?;
    }
    if let Some(up_to) = ack {
        let done = chat.web.chat.acknowledge(token, up_to).await.map_err(WebError::from);
        // The message is taken: a lost acknowledgement only shows an old message once more.
        if only_ack {
            done?;
        }
    }
    Ok((StatusCode::ACCEPTED, [NO_STORE]).into_response())
}

/// What a page sent, from its raw form: for a parked one. What is no message of the page is a file.
pub fn read_sent(raw: &Bytes) -> Option<(Content, Option<Box<Attached>>)> {
    match serde_json::from_slice::<Sent>(raw) {
        Ok(sent) => Some((content(&sent).ok().flatten()?, None)),
        Err(_) => {
            let (content, attached) = super::upload::content(raw.clone()).ok()?;
            Some((content, Some(attached)))
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

pub(super) fn id_fits(id: &str) -> bool {
    (1..=ID_MAX_BYTES).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// What the person did; `None` when the page only acknowledges.
fn content(sent: &Sent) -> Result<Option<Content>, WebError> {
    if !id_fits(&sent.id) {
        return Err(WebError::Bad);
    }
    match (&sent.text, &sent.tap, &sent.start) {
        (Some(text), None, None) => typed(text).map(Some),
        (None, Some(tap), None) if !tap.is_empty() && tap.len() <= TAP_MAX_BYTES => {
            Ok(Some(Content::Tap(tap.as_str().into())))
        }
        (None, None, Some(start)) => {
            // A code that is none counts as no code: the person is welcome all the same.
            Ok(Some(Content::Start { code: start.code.as_deref().and_then(CampaignCode::started) }))
        }
        (None, None, None) if sent.ack.is_some() => Ok(None),
        _ => Err(WebError::Bad),
    }
}

/// A typed text; `/word` is a command, as on Telegram.
fn typed(text: &str) -> Result<Content, WebError> {
    if text.chars().count() > TEXT_MAX_CHARS {
        return Err(WebError::TooLong);
    }
    if text.trim().is_empty() {
        return Err(WebError::Bad);
    }
    let Some(rest) = text.trim().strip_prefix('/') else { return Ok(Content::Text(text.into())) };
    let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let word = word.to_ascii_lowercase();
    let is_command = (1..=COMMAND_MAX_BYTES).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    Ok(match word.as_str() {
        "start" => Content::Start { code: CampaignCode::started(argument) },
        _ if is_command => Content::Command(word.into()),
        _ => Content::Text(text.into()),
    })
}

pub(super) fn inbound(
    chat: &Chat,
    token: &str,
    headers: &HeaderMap,
    id: &str,
    content: Content,
    raw: Bytes,
) -> Inbound {
    Inbound {
        address: Address::new(ChannelKind::Web, token),
        source: Source::Bot,
        key: chat.web.chat.key_of(token, id).into(),
        content,
        at: chat.web.clock.now(),
        language_hint: languages(headers).next().map(Into::into),
        tapped_message: None,
        also: Vec::new(),
        advert: None,
        attached: None,
        mark_read: None,
        from: None,
        raw,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::MediaKind;

    fn read(json: &str) -> Result<Option<Content>, WebError> {
        content(&serde_json::from_str::<Sent>(json).map_err(|_| WebError::Bad)?)
    }

    #[test]
    fn each_kind_of_message_is_read() {
        let kind = |json: &str| read(json).map(|content| content.map_or("ack", |content| content.kind()));
        for (json, expected) in [
            (r#"{"id":"a-1","text":"салом"}"#, Ok("text")),
            (r#"{"id":"a","text":"\u0000"}"#, Ok("text")),
            (r#"{"id":"a","text":" /Delete "}"#, Ok("command")),
            (r#"{"id":"a","text":"/ что"}"#, Ok("text")),
            (r#"{"id":"a","text":"/помощь"}"#, Ok("text")),
            (r#"{"id":"a","text":"/start kiosk-7"}"#, Ok("start")),
            (r#"{"id":"a","tap":"n.patent"}"#, Ok("tap")),
            (r#"{"id":"a","start":{}}"#, Ok("start")),
            (r#"{"id":"a","ack":"900000000000000101"}"#, Ok("ack")),
            (r#"{"id":"a","ack":7}"#, Ok("ack")),
            (r#"{"id":"a","text":"x","ack":"7"}"#, Ok("text")),
            (r#"{"id":"a"}"#, Err(WebError::Bad)),
            (r#"{"id":"a","ack":"x"}"#, Err(WebError::Bad)),
            (r#"{"id":"","text":"x"}"#, Err(WebError::Bad)),
            (r#"{"id":"a b","text":"x"}"#, Err(WebError::Bad)),
            (r#"{"text":"x"}"#, Err(WebError::Bad)),
            (r#"{"id":"a","text":"  \n"}"#, Err(WebError::Bad)),
            (r#"{"id":"a","text":"x","tap":"n.y"}"#, Err(WebError::Bad)),
        ] {
            assert_eq!(kind(json), expected, "{json}");
        }
        let tap = "x".repeat(TAP_MAX_BYTES + 1);
        assert_eq!(kind(&format!(r#"{{"id":"a","tap":"{tap}"}}"#)), Err(WebError::Bad));
        let id = "x".repeat(ID_MAX_BYTES + 1);
        assert_eq!(kind(&format!(r#"{{"id":"{id}","text":"x"}}"#)), Err(WebError::Bad));
    }

    #[test]
    fn a_parked_message_is_read_again_a_file_too() {
        let text = Bytes::from_static(br#"{"id":"a","text":"x"}"#);
        assert!(matches!(read_sent(&text), Some((Content::Text(_), None))));
        let picture = Bytes::from_static(b"\xFF\xD8\xFF\xE0");
        let Some((Content::Media(MediaKind::Photo), Some(file))) = read_sent(&picture) else {
            panic!("no file")
        };
        assert_eq!(file.bytes, Some(picture));
        assert!(read_sent(&Bytes::new()).is_none());
    }

    #[test]
    fn a_text_is_measured_in_characters() {
        assert!(matches!(typed(&"ӯ".repeat(TEXT_MAX_CHARS)), Ok(Content::Text(_))));
        assert_eq!(typed(&"ӯ".repeat(TEXT_MAX_CHARS + 1)).err(), Some(WebError::TooLong));
    }

    #[test]
    fn a_code_that_is_none_is_no_code() {
        for (json, code) in [
            (r#"{"id":"a","start":{"code":"Kiosk_7"}}"#, Some("kiosk-7")),
            (r#"{"id":"a","start":{"code":"<script>"}}"#, None),
            (r#"{"id":"a","start":{"code":null}}"#, None),
        ] {
            let Ok(Some(Content::Start { code: read })) = read(json) else { panic!("{json}") };
            assert_eq!(read.as_ref().map(CampaignCode::as_str), code, "{json}");
        }
    }

    #[test]
    fn only_a_well_formed_token_is_a_session() {
        let token = "A".repeat(43);
        for (sent, good) in [
            (format!("Bearer {token}"), true),
            (format!("bearer {token}"), false),
            (format!("Bearer {token}A"), false),
            ("Bearer".to_owned(), false),
            (String::new(), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&sent).unwrap());
            assert_eq!(bearer(&headers).is_ok(), good, "{sent}");
        }
        assert_eq!(bearer(&HeaderMap::new()), Err(WebError::Session));
    }
}
