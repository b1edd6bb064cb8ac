//! Forms that change something.

use std::sync::Arc;

use axum::{
    body,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header},
};
use serde::de::DeserializeOwned;

use super::{Console, Refusal, Viewer, cookies, viewer::CSRF_HEADER};
use crate::{
    privacy,
    web::{limits::BODY_WAIT, peer::Peer},
};

/// Longest form: 100,000 characters of Cyrillic, percent-encoded, with room to spare.
pub(super) const FORM_MAX_BYTES: usize = 1024 * 1024;

/// A form of somebody logged in, its token checked. A field may stand several times (`Vec`).
///
/// The body is read by this, so it must be the handler's last argument.
pub struct Posted<T> {
    pub viewer: Viewer,
    pub form: T,
    /// The session's own token.
    pub token: String,
    /// Where the request came from, for counting failed confirmations.
    pub address: String,
}

impl<T: DeserializeOwned> FromRequest<Arc<Console>> for Posted<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let viewer = Viewer::from_request_parts(&mut parts, console).await?;
        let fields = fields(&parts.headers, body).await?;
        check(&parts.headers, &fields, &viewer.csrf)?;
        let Peer(address) =
            Peer::from_request_parts(&mut parts, console).await.unwrap_or(Peer(String::new()));
        let token = cookies::token(console, &parts.headers).to_owned();
        Ok(Self { viewer, form: read(&fields)?, token, address })
    }
}

/// The fields of a form as they were sent.
pub(super) async fn fields(headers: &HeaderMap, body: body::Body) -> Result<String, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
        return Err(Refusal::Bad);
    }
    let read = tokio::time::timeout(BODY_WAIT, body::to_bytes(body, FORM_MAX_BYTES)).await;
    let bytes = read.map_err(|_| Refusal::Unavailable)?.map_err(|_| Refusal::TooLarge)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::Bad)
}

pub(super) fn read<T: DeserializeOwned>(fields: &str) -> Result<T, Refusal> {
    serde_html_form::from_str(fields).map_err(|_| Refusal::Bad)
}

/// The form's token must be `expected`: in the field `csrf`, or in the header.
pub(super) fn check(headers: &HeaderMap, fields: &str, expected: &str) -> Result<(), Refusal> {
    #[derive(serde::Deserialize)]
    struct Token {
        #[serde(default)]
        csrf: Option<String>,
    }
    let header = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let sent = match header {
        Some(token) => Some(token),
        None => read::<Token>(fields)?.csrf,
    };
    compare(sent.as_deref(), expected)
}

/// A token as it was sent, and as it should be.
pub(super) fn compare(sent: Option<&str>, expected: &str) -> Result<(), Refusal> {
    let right =
        !expected.is_empty() && sent.is_some_and(|sent| privacy::same(sent.as_bytes(), expected.as_bytes()));
    if right { Ok(()) } else { Err(Refusal::Csrf) }
}
