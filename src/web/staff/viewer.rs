//! Who looks at a page.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};

use super::{Console, Refusal};
use crate::{
    desk::{
        Role, Roles,
        staff::{Account, Seen, Step},
    },
    domain::{StaffId, StaffLocale, Timestamp},
};

/// Set by the page's own script on requests that it makes by itself (live updates): they do not keep a session alive.
pub const LIVE_HEADER: &str = "x-safar-live";
/// Carries the session's token where there is no form field.
pub const CSRF_HEADER: &str = "x-csrf";

/// Somebody who is logged in, with all steps done.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub id: StaffId,
    /// As migrants see it.
    pub name: String,
    pub roles: Roles,
    pub locale: StaffLocale,
    /// Minutes east of UTC, in which times are shown.
    pub zone: i32,
    /// For the hidden field of each form.
    pub csrf: String,
    pub account: Account,
    /// The page that is looked at.
    pub path: String,
}

impl Viewer {
    fn of(seen: Seen, path: String) -> Self {
        let Seen { account, csrf, .. } = seen;
        Self {
            id: account.id,
            name: account.name.clone(),
            roles: account.roles,
            locale: account.locale,
            zone: account.zone,
            csrf,
            account,
            path,
        }
    }

    pub fn has(&self, role: Role) -> bool {
        self.roles.has(role)
    }

    /// # Errors
    /// [`Refusal::Role`] for who has not the role.
    pub fn require(&self, role: Role) -> Result<(), Refusal> {
        self.require_any(&[role])
    }

    /// # Errors
    /// [`Refusal::Role`] for who has none of the roles.
    pub fn require_any(&self, roles: &[Role]) -> Result<(), Refusal> {
        if self.roles.has_any(roles) { Ok(()) } else { Err(Refusal::Role) }
    }

    /// An instant in the viewer's zone: `26.11.2026 14:05`.
    pub fn time(&self, at: Timestamp) -> String {
        local(at, self.zone, "%d.%m.%Y %H:%M")
    }
}

/// An instant at an offset from UTC, in minutes.
pub fn local(at: Timestamp, zone: i32, format: &str) -> String {
    let shifted = at.0.saturating_add(i64::from(zone) * 60_000);
    chrono::DateTime::from_timestamp_millis(shifted)
        .map(|at| at.format(format).to_string())
        .unwrap_or_default()
}

/// Name of the session's cookie. With https the browser itself keeps it to this host and path.
pub(super) const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-safar-staff" } else { "safar-staff" }
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .filter(|value| !value.is_empty())
}

/// Who has the session of these headers, whatever step it is at.
pub(super) async fn seen(console: &Console, headers: &HeaderMap) -> Result<Option<Seen>, Refusal> {
    let Some(token) = cookie(headers, cookie_name(console.secure)) else { return Ok(None) };
    Ok(console.staff.seen(token, is_stream(headers) || headers.contains_key(LIVE_HEADER)).await?)
}

/// Whether a stream of events is asked for.
pub(super) fn is_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|value| value.contains("text/event-stream"))
}

/// Who is logged in, for a page that is shown to anybody. No failure: then it is nobody.
pub(super) async fn look(console: &Console, headers: &HeaderMap) -> Option<Viewer> {
    let seen = seen(console, headers).await.ok()??;
    (seen.step == Step::Done).then(|| Viewer::of(seen, String::new()))
}

/// Where somebody goes on who posted something after the end of their session: what was posted is gone by the time one has
/// logged in, and its address may show nothing; the case that it was about does.
fn back_of(path: &str) -> String {
    let case = path.strip_prefix("/staff/case/").and_then(|rest| rest.split('/').next());
    match case {
        Some(id) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("/staff/case/{id}")
        }
        _ => "/staff".to_owned(),
    }
}

impl FromRequestParts<Arc<Console>> for Viewer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Refusal> {
        let back = || match (&parts.method, parts.uri.path_and_query()) {
            (&Method::GET, Some(path)) => path.to_string(),
            _ => back_of(parts.uri.path()),
        };
        match seen(console, &parts.headers).await? {
            None => Err(Refusal::LogIn { back: back() }),
            Some(Seen { step: Step::Code, .. }) => Err(Refusal::Code { back: back() }),
            Some(Seen { step: Step::Enrol, .. }) => Err(Refusal::Enrol),
            Some(seen) => Ok(Self::of(seen, parts.uri.path().to_owned())),
        }
    }
}
