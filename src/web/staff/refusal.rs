//! What a page of the staff answers when it does not do what was asked.
//!
//! A handler names the refusal; [`dress`] makes a page of it, in the language of who looks.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use super::{Console, Frame, frame, viewer};
use crate::{desk::staff::StaffError, outreach::OutreachError, web::headers::POLICY_STAFF};

/// A refusal. Nothing of the request or of the inside is shown, but the way back after logging in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("not logged in")]
    LogIn { back: String },
    #[error("the second step is to come")]
    Code { back: String },
    #[error("a second step must be set up first")]
    Enrol,
    #[error("not allowed with these roles")]
    Role,
    #[error("the form's token is missing or of another session")]
    Csrf,
    #[error("the form cannot be read")]
    Bad,
    #[error("the form is too large")]
    TooLarge,
    #[error("not there")]
    NotFound,
    /// Somebody else changed it since the page was shown.
    #[error("changed meanwhile")]
    Changed,
    #[error("wrong method")]
    Method,
    #[error("not now")]
    Unavailable,
}

impl Refusal {
    const fn status(&self) -> StatusCode {
        match self {
            Self::LogIn { .. } | Self::Code { .. } | Self::Enrol => StatusCode::SEE_OTHER,
            Self::Role | Self::Csrf => StatusCode::FORBIDDEN,
            Self::Bad => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Changed => StatusCode::CONFLICT,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The page says `refusal-<key>` and `refusal-<key>-text`.
    const fn key(&self) -> &'static str {
        match self {
            Self::LogIn { .. } | Self::Code { .. } | Self::Enrol | Self::Role => "role",
            Self::Csrf => "csrf",
            Self::Bad | Self::Method => "bad",
            Self::TooLarge => "too-large",
            Self::NotFound => "not-found",
            Self::Changed => "changed",
            Self::Unavailable => "unavailable",
        }
    }

    /// Where to go instead.
    fn way(&self) -> Option<String> {
        let with = |page: &str, back: &str| format!("{page}?back={}", escape(back));
        match self {
            Self::LogIn { back } => Some(with("/staff/login", back)),
            Self::Code { back } => Some(with("/staff/code", back)),
            Self::Enrol => Some("/staff/second-step".to_owned()),
            _ => None,
        }
    }
}

/// Percent-encodes all but letters, digits and what a path is made of.
pub(super) fn escape(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

impl From<StaffError> for Refusal {
    fn from(error: StaffError) -> Self {
        tracing::warn!(%error, "a page of the staff could not be served");
        Self::Unavailable
    }
}

impl From<OutreachError> for Refusal {
    fn from(error: OutreachError) -> Self {
        tracing::warn!(%error, "a page of the campaigns could not be served");
        Self::Unavailable
    }
}

#[derive(Template)]
#[template(path = "staff/refusal.html")]
struct Page<'a> {
    frame: Frame<'a>,
    key: &'static str,
}

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// Around all pages of the staff: refusals become pages or ways, and nothing is kept by a browser or proxy.
pub(super) async fn dress(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let mut answer = next.run(request).await;
    let refused = answer.extensions_mut().remove::<Refusal>().or_else(|| unread(&answer));
    if let Some(refusal) = refused {
        answer = shown(&console, &headers, &refusal).await;
    }
    answer.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY_STAFF);
    answer.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// What axum itself could not read of an address.
fn unread(answer: &Response) -> Option<Refusal> {
    let kind = answer.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    (answer.status().is_client_error() && kind.starts_with("text/plain")).then_some(Refusal::NotFound)
}

async fn shown(console: &Console, headers: &HeaderMap, refusal: &Refusal) -> Response {
    if let Some(way) = refusal.way().and_then(|way| HeaderValue::from_str(&way).ok()) {
        if headers.contains_key(HX_REQUEST) {
            return (StatusCode::UNAUTHORIZED, [(HX_REDIRECT, way)]).into_response();
        }
        if viewer::is_stream(headers) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        return (StatusCode::SEE_OTHER, [(header::LOCATION, way)]).into_response();
    }
    let viewer = viewer::look(console, headers).await;
    let locale = frame::locale(viewer.as_ref(), headers);
    let page = Page { frame: Frame::new(console, viewer.as_ref(), locale, ""), key: refusal.key() };
    match page.render() {
        Ok(html) => (refusal.status(), Html(html)).into_response(),
        Err(_) => refusal.status().into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_one_value() {
        let refusal = Refusal::LogIn { back: "/staff/case/1?a=b&c=d\r\nx".to_owned() };
        assert_eq!(refusal.way().unwrap(), "/staff/login?back=/staff/case/1%3Fa%3Db%26c%3Dd%0D%0Ax");
        assert_eq!(Refusal::Role.way(), None);
    }
}
