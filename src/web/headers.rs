//! Headers that keep the page to itself: nothing inline, nothing foreign, no frame but our own.
//!
//! A handler that needs another value sets it itself; only what is missing is added.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};

macro_rules! policy {
    ($ancestors:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; ",
            "form-action 'self'; base-uri 'none'; frame-ancestors ",
            $ancestors
        )
    };
}

/// For everything but the embedded page.
const POLICY: &str = policy!("'self'");
/// For the staff's pages: no frame at all; they play voice messages.
pub(super) const POLICY_STAFF: HeaderValue = HeaderValue::from_static(policy!("'none'; media-src 'self'"));
/// For `/?embed=1`: any site may put the chat into a frame.
pub(super) const POLICY_EMBEDDED: HeaderValue = HeaderValue::from_static(policy!("*"));

const ALL: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
];

pub(super) async fn add(mut answer: Response) -> Response {
    put(answer.headers_mut());
    answer
}

fn put(headers: &mut HeaderMap) {
    for (name, value) in ALL {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
