//! Cookies of the staff's pages.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{Console, viewer};

/// Cookie with the token of the login form, which has no session yet.
const fn form_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-safar-staff-form" } else { "safar-staff-form" }
}

/// A `Set-Cookie` value. `age_s`: none for as long as the browser is open; 0 takes the cookie away.
pub(super) fn set(secure: bool, name: &str, value: &str, age_s: Option<i64>) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let age = age_s.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")).ok()
}

/// Adds a cookie to an answer.
pub(super) fn with(mut answer: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// A redirect that sets the session's cookie.
pub(super) fn enter(console: &Console, token: &str, to: &str) -> Response {
    let cookie = set(console.secure, viewer::cookie_name(console.secure), token, None);
    with(Redirect::to(to).into_response(), cookie)
}

/// A redirect that takes the session's cookie away.
pub(super) fn leave(console: &Console, to: &str) -> Response {
    let cookie = set(console.secure, viewer::cookie_name(console.secure), "", Some(0));
    with(Redirect::to(to).into_response(), cookie)
}

/// The session's token, or nothing.
pub(super) fn token<'a>(console: &Console, headers: &'a HeaderMap) -> &'a str {
    viewer::cookie(headers, viewer::cookie_name(console.secure)).unwrap_or_default()
}

/// The token of the login form: that of the browser's cookie.
pub(super) fn form_token<'a>(console: &Console, headers: &'a HeaderMap) -> Option<&'a str> {
    viewer::cookie(headers, form_cookie_name(console.secure))
}

pub(super) fn set_form_token(console: &Console, token: &str) -> Option<HeaderValue> {
    set(console.secure, form_cookie_name(console.secure), token, None)
}

/// A path of ours to go back to; `/staff` for everything else, so that no link leads a login elsewhere.
pub(super) fn own_path(back: &str) -> &str {
    let rest = back.strip_prefix("/staff");
    let ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let plain = back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') && !back.contains("//");
    if ours && plain && back.len() <= 1000 { back } else { "/staff" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_only_to_our_own_pages() {
        for (back, to) in [
            ("/staff/case/1?a=b", "/staff/case/1?a=b"),
            ("/staff", "/staff"),
            ("/staff?x=1", "/staff?x=1"),
            ("/staffx", "/staff"),
            ("//evil.example/staff", "/staff"),
            ("/staff//evil.example", "/staff"),
            ("https://evil.example", "/staff"),
            ("/staff\\evil", "/staff"),
            ("/staff\r\nSet-Cookie: a", "/staff"),
            ("", "/staff"),
        ] {
            assert_eq!(own_path(back), to, "{back:?}");
        }
    }

    #[test]
    fn cookies_are_hidden_from_scripts_and_other_sites() {
        assert_eq!(
            set(true, viewer::cookie_name(true), "t", None).unwrap(),
            "__Host-safar-staff=t; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(
            set(false, viewer::cookie_name(false), "", Some(0)).unwrap(),
            "safar-staff=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
        );
    }
}
