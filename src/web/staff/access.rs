//! Coming in and going out: login, second step, one-time link, language.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Console, Frame, Refusal, cookies, form,
    frame::{self, Say, page},
    viewer,
};
use crate::{
    desk::staff::{Entry, PASSWORD_MIN_CHARS, PasswordSet, Seen, Step},
    domain::StaffLocale,
    web::peer::Peer,
};

/// Where somebody wanted to go.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Back {
    back: String,
}

#[derive(Template)]
#[template(path = "staff/login.html")]
struct LoginPage<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    token: &'a str,
    back: &'a str,
    login: &'a str,
    /// There is no account yet: how to make the first one.
    empty: bool,
}

#[derive(Template)]
#[template(path = "staff/forward.html")]
struct ForwardPage<'a> {
    frame: Frame<'a>,
    to: String,
}

/// `GET /staff/login`.
pub(super) async fn login(
    State(console): State<Arc<Console>>,
    Query(query): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let back = cookies::own_path(&query.back);
    let locale = frame::locale(None, &headers);
    if cookies::token(&console, &headers).is_empty() && from_elsewhere(&headers) {
        // A strict cookie does not come with a link of an e-mail or a chat: the page asks once more by itself.
        let to = format!("/staff/login?back={}", super::refusal::escape(back));
        return page(&ForwardPage { frame: Frame::new(&console, None, locale, ""), to });
    }
    match viewer::seen(&console, &headers).await? {
        Some(Seen { step: Step::Done, .. }) => return Ok(Redirect::to(back).into_response()),
        Some(Seen { step: Step::Code, .. }) => {
            return Ok(
                Redirect::to(&format!("/staff/code?back={}", super::refusal::escape(back))).into_response()
            );
        }
        _ => {}
    }
    login_page(&console, &headers, back, "", None).await
}

fn from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|value| value == "cross-site")
}

async fn login_page(
    console: &Console,
    headers: &HeaderMap,
    back: &str,
    login: &str,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let known = cookies::form_token(console, headers);
    let token = known.map_or_else(|| console.staff.form_token(), str::to_owned);
    let frame = Frame::new(console, None, frame::locale(None, headers), "").at("/staff/login");
    let empty = console.staff.is_empty().await?;
    let status = if say.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let answer = page(&LoginPage { frame, say, token: &token, back, login, empty })?;
    let cookie = known.is_none().then(|| cookies::set_form_token(console, &token)).flatten();
    Ok(cookies::with((status, answer).into_response(), cookie))
}

#[derive(Deserialize)]
struct LoginForm {
    login: String,
    password: String,
    #[serde(default)]
    back: String,
}

/// `POST /staff/login`. The form's token is compared with a cookie: there is no session yet.
pub(super) async fn log_in(
    State(console): State<Arc<Console>>,
    Peer(address): Peer,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let fields = form::fields(&headers, body).await?;
    form::check(&headers, &fields, cookies::form_token(&console, &headers).unwrap_or_default())?;
    let form: LoginForm = form::read(&fields)?;
    let back = cookies::own_path(&form.back);
    let frame = Frame::new(&console, None, frame::locale(None, &headers), "");
    let say = match console.staff.log_in(&form.login, &form.password, &address).await? {
        // The pages themselves ask for what is still missing.
        Entry::In { token } => return Ok(cookies::enter(&console, &token, back)),
        Entry::Refused => Say::bad(frame.t("login-refused")),
        Entry::Wait { seconds } => Say::bad(frame.n("login-wait", minutes(seconds))),
    };
    login_page(&console, &headers, back, &form.login, Some(say)).await
}

/// Seconds as minutes, upwards.
pub(super) const fn minutes(seconds: i64) -> i64 {
    (seconds + 59) / 60
}

#[derive(Template)]
#[template(path = "staff/code.html")]
struct CodePage<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    csrf: &'a str,
    back: &'a str,
}

/// Who is at the second step; everybody else is sent where they belong.
async fn at_code(console: &Console, headers: &HeaderMap, back: &str) -> Result<Seen, Response> {
    match viewer::seen(console, headers).await.map_err(IntoResponse::into_response)? {
        Some(seen) if seen.step == Step::Code => Ok(seen),
        Some(_) => Err(Redirect::to(back).into_response()),
        None => Err(Redirect::to("/staff/login").into_response()),
    }
}

/// `GET /staff/code`: the second step.
pub(super) async fn code(
    State(console): State<Arc<Console>>,
    Query(query): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let back = cookies::own_path(&query.back);
    match at_code(&console, &headers, back).await {
        Ok(seen) => code_page(&console, &seen, back, None),
        Err(elsewhere) => Ok(elsewhere),
    }
}

fn code_page(console: &Console, seen: &Seen, back: &str, say: Option<Say>) -> Result<Response, Refusal> {
    let status = if say.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = Frame::new(console, None, seen.account.locale, "").with_csrf(&seen.csrf).at("/staff/code");
    Ok((status, page(&CodePage { frame, say, csrf: &seen.csrf, back })?).into_response())
}

#[derive(Deserialize)]
struct CodeForm {
    code: String,
    #[serde(default)]
    back: String,
}

/// `POST /staff/code`.
pub(super) async fn pass(
    State(console): State<Arc<Console>>,
    Peer(address): Peer,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let fields = form::fields(&headers, body).await?;
    let seen = match at_code(&console, &headers, "/staff").await {
        Ok(seen) => seen,
        Err(elsewhere) => return Ok(elsewhere),
    };
    form::check(&headers, &fields, &seen.csrf)?;
    let form: CodeForm = form::read(&fields)?;
    let back = cookies::own_path(&form.back);
    let frame = Frame::new(&console, None, seen.account.locale, "");
    let token = cookies::token(&console, &headers);
    let say = match console.staff.pass(token, &form.code, &address).await? {
        Entry::In { token } => return Ok(cookies::enter(&console, &token, back)),
        Entry::Refused => Say::bad(frame.t("code-refused")),
        Entry::Wait { seconds } => Say::bad(frame.n("login-wait", minutes(seconds))),
    };
    code_page(&console, &seen, back, Some(say))
}

/// `POST /staff/logout`. Also from half-way in.
pub(super) async fn log_out(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let fields = form::fields(&headers, body).await?;
    if let Some(seen) = viewer::seen(&console, &headers).await? {
        form::check(&headers, &fields, &seen.csrf)?;
        console.staff.log_out(cookies::token(&console, &headers)).await?;
    }
    Ok(cookies::leave(&console, "/staff/login"))
}

#[derive(Deserialize)]
struct LanguageForm {
    locale: String,
    #[serde(default)]
    back: String,
}

/// How long a browser keeps the language that was chosen.
const YEAR_S: i64 = 365 * 24 * 3600;

/// `POST /staff/language`: of the account, or of this browser for who is not logged in.
pub(super) async fn language(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let fields = form::fields(&headers, body).await?;
    let form: LanguageForm = form::read(&fields)?;
    let locale = StaffLocale::parse(&form.locale).ok_or(Refusal::Bad)?;
    if let Some(seen) = viewer::seen(&console, &headers).await? {
        form::check(&headers, &fields, &seen.csrf)?;
        console.staff.set_locale(seen.account.id, locale).await?;
    }
    let to = Redirect::to(cookies::own_path(&form.back)).into_response();
    Ok(cookies::with(to, cookies::set(console.secure, frame::LOCALE_COOKIE, locale.as_str(), Some(YEAR_S))))
}

#[derive(Template)]
#[template(path = "staff/link.html")]
struct LinkPage<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    /// The form's token, the login, and the link's own token; none: the link is not good any more.
    open: Option<(&'a str, &'a str, &'a str)>,
    min: usize,
}

/// `GET /staff/link/{token}`: sets a password, once.
pub(super) async fn link(
    State(console): State<Arc<Console>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    link_page(&console, &headers, &token, None).await
}

async fn link_page(
    console: &Console,
    headers: &HeaderMap,
    token: &str,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let owner = console.staff.link_owner(token).await?;
    let known = cookies::form_token(console, headers);
    let form_token = known.map_or_else(|| console.staff.form_token(), str::to_owned);
    let frame = Frame::new(console, None, frame::locale(None, headers), "").at("/staff/link/").and(token);
    let open = owner.as_ref().map(|owner| (form_token.as_str(), owner.login.as_str(), token));
    let status = match (&owner, &say) {
        (None, _) => StatusCode::GONE,
        (_, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let answer = page(&LinkPage { frame, say, open, min: PASSWORD_MIN_CHARS })?;
    let cookie = known.is_none().then(|| cookies::set_form_token(console, &form_token)).flatten();
    Ok(cookies::with((status, answer).into_response(), cookie))
}

#[derive(Deserialize)]
struct LinkForm {
    password: String,
    again: String,
}

#[derive(Template)]
#[template(path = "staff/done.html")]
struct DonePage<'a> {
    frame: Frame<'a>,
}

/// `POST /staff/link/{token}`.
pub(super) async fn set_password(
    State(console): State<Arc<Console>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let fields = form::fields(&headers, body).await?;
    form::check(&headers, &fields, cookies::form_token(&console, &headers).unwrap_or_default())?;
    let form: LinkForm = form::read(&fields)?;
    let frame = Frame::new(&console, None, frame::locale(None, &headers), "");
    let say = if form.password == form.again {
        match console.staff.set_by_link(&token, &form.password).await? {
            PasswordSet::Done => return page(&DonePage { frame }),
            PasswordSet::Gone => None,
            other => Some(refused_password(&frame, other)),
        }
    } else {
        Some(Say::bad(frame.t("password-differs")))
    };
    link_page(&console, &headers, &token, say).await
}

/// Why a new password was not taken.
pub(super) fn refused_password(frame: &Frame<'_>, why: PasswordSet) -> Say {
    Say::bad(match why {
        PasswordSet::Length => frame.n("password-length", PASSWORD_MIN_CHARS as i64),
        PasswordSet::Weak | PasswordSet::Done | PasswordSet::Gone => frame.t("password-weak"),
    })
}
