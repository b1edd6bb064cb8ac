//! Setting up the second step. Whoever has none yet and needs one comes here first.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use qrcode::{EcLevel, QrCode, render::svg};
use serde::Deserialize;

use super::{
    Console, Frame, Refusal,
    access::minutes,
    cookies, form,
    frame::{Say, page},
    viewer,
};
use crate::{
    desk::staff::{Confirmed, Enrolled, Offer, Seen, Step},
    web::peer::Peer,
};

#[derive(Template)]
#[template(path = "staff/second.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    offer: &'a Offer,
    /// As an image inside the page: nothing of the secret is fetched by an address.
    qr: String,
    /// Whoever is in already types the password once more.
    ask_password: bool,
    login: &'a str,
    renew: bool,
}

#[derive(Template)]
#[template(path = "staff/codes.html")]
pub(super) struct CodesPage<'a> {
    pub frame: Frame<'a>,
    pub codes: &'a [String],
    pub to: &'a str,
}

/// Who may set up a second step now.
async fn who(console: &Console, headers: &HeaderMap) -> Result<Seen, Refusal> {
    match viewer::seen(console, headers).await? {
        Some(seen) if seen.step != Step::Code => Ok(seen),
        Some(_) => Err(Refusal::Code { back: "/staff/second-step".to_owned() }),
        None => Err(Refusal::LogIn { back: "/staff/second-step".to_owned() }),
    }
}

fn frame<'a>(console: &'a Console, seen: &Seen) -> Frame<'a> {
    Frame::new(console, None, seen.account.locale, "").with_csrf(&seen.csrf).at("/staff/second-step")
}

/// `GET /staff/second-step`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let seen = who(&console, &headers).await?;
    let offer = console.staff.offer(seen.account.id, &seen.account.login);
    offered(&console, &seen, &offer, None)
}

fn offered(console: &Console, seen: &Seen, offer: &Offer, say: Option<Say>) -> Result<Response, Refusal> {
    let status = if say.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let answer = page(&Page {
        frame: frame(console, seen),
        say,
        offer,
        qr: drawn(&offer.uri).ok_or(Refusal::Unavailable)?,
        ask_password: seen.step == Step::Done,
        login: &seen.account.login,
        renew: seen.account.has_second_step,
    })?;
    Ok((status, answer).into_response())
}

/// A QR code as an SVG element.
fn drawn(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(208, 208).build();
    // The element alone: an XML declaration has no place in a page.
    image.find("<svg").and_then(|at| image.get(at..)).map(str::to_owned)
}

#[derive(Deserialize)]
struct Form {
    sealed: String,
    code: String,
    #[serde(default)]
    password: String,
}

/// `POST /staff/second-step`.
pub(super) async fn set(
    State(console): State<Arc<Console>>,
    Peer(address): Peer,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let fields = form::fields(&headers, body).await?;
    let seen = who(&console, &headers).await?;
    form::check(&headers, &fields, &seen.csrf)?;
    let form: Form = form::read(&fields)?;
    let (id, login) = (seen.account.id, &seen.account.login);
    let Some(offer) = console.staff.offer_again(id, login, &form.sealed) else {
        return Ok(Redirect::to("/staff/second-step").into_response());
    };
    let frame = frame(&console, &seen);
    if seen.step == Step::Done {
        let say = match console.staff.confirm(id, &form.password, &address).await? {
            Confirmed::Yes => None,
            Confirmed::No => Some(Say::bad(frame.t("password-wrong"))),
            Confirmed::Wait { seconds } => Some(Say::bad(frame.n("login-wait", minutes(seconds)))),
        };
        if say.is_some() {
            return offered(&console, &seen, &offer, say);
        }
    }
    let token = cookies::token(&console, &headers);
    let say = match console.staff.enrol(token, id, &form.sealed, &form.code, &address).await? {
        Enrolled::Done { token, codes } => {
            let cookie = cookies::set(console.secure, viewer::cookie_name(console.secure), &token, None);
            let answer = page(&CodesPage { frame, codes: &codes, to: "/staff" })?;
            return Ok(cookies::with(answer, cookie));
        }
        Enrolled::Wrong => Say::bad(frame.t("code-refused")),
        Enrolled::Wait { seconds } => Say::bad(frame.n("login-wait", minutes(seconds))),
    };
    offered(&console, &seen, &offer, Some(say))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_an_element_without_a_declaration() {
        let svg = drawn("otpauth://totp/Safar:gulnara?secret=ABCDEFGH&issuer=Safar").unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("style="), "a strict policy forbids it");
    }
}
