//! One's own account.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Console, Frame, Posted, Refusal, Viewer,
    access::{minutes, refused_password},
    frame::{Done, Say, page},
    second::CodesPage,
    zones,
};
use crate::{
    desk::staff::{Confirmed, OwnChange, PASSWORD_MIN_CHARS, PasswordSet, TELEGRAM_CODE_MINUTES},
    domain::StaffLocale,
};

#[derive(Template)]
#[template(path = "staff/account.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    viewer: &'a Viewer,
    zones: Vec<zones::Choice>,
    email: String,
    codes_left: u64,
    min: usize,
    /// A fresh /start code, and its link if the bot's name is known.
    telegram: Option<(String, Option<String>)>,
    telegram_minutes: i64,
    now: String,
}

/// What stands on the page beside the account itself.
#[derive(Default)]
struct More {
    say: Option<Say>,
    telegram: Option<String>,
}

async fn shown(console: &Arc<Console>, viewer: &Viewer, more: More) -> Result<Response, Refusal> {
    let frame = Frame::of(console, viewer, "account").at("/staff/account");
    let status = if more.say.as_ref().is_some_and(|say| say.bad) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let link = |code: &str| console.bot.as_ref().map(|bot| format!("https://t.me/{bot}?start={code}"));
    let answer = page(&Page {
        zones: zones::choices(&frame, viewer.zone),
        frame,
        say: more.say,
        viewer,
        email: console.staff.email(viewer.id).await?.unwrap_or_default(),
        codes_left: console.staff.codes_left(viewer.id).await?,
        min: PASSWORD_MIN_CHARS,
        telegram: more.telegram.map(|code| {
            let link = link(&code);
            (code, link)
        }),
        telegram_minutes: TELEGRAM_CODE_MINUTES,
        now: viewer.time(console.clock.now()),
    })?;
    Ok((status, answer).into_response())
}

/// `GET /staff/account`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(done): Query<Done>,
) -> Result<Response, Refusal> {
    let say = done.say(&Frame::of(&console, &viewer, "account"));
    shown(&console, &viewer, More { say, ..More::default() }).await
}

#[derive(Deserialize)]
pub(super) struct OwnForm {
    locale: String,
    zone: i32,
    #[serde(default)]
    email: String,
}

/// `POST /staff/account`: language, zone, e-mail.
pub(super) async fn change(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<OwnForm>,
) -> Result<Response, Refusal> {
    let locale = StaffLocale::parse(&form.locale).ok_or(Refusal::Bad)?;
    let change = OwnChange { locale, zone: form.zone, email: form.email };
    match console.staff.change_own(viewer.id, &change).await? {
        Ok(()) => Ok(Done::to("/staff/account", "saved")),
        Err(wrong) => {
            let say = Say::bad(Frame::of(&console, &viewer, "").word("wrong-", wrong.as_str()));
            shown(&console, &viewer, More { say: Some(say), ..More::default() }).await
        }
    }
}

/// `None`: the password was right.
async fn confirmed(
    console: &Arc<Console>,
    viewer: &Viewer,
    password: &str,
    address: &str,
) -> Result<Option<Say>, Refusal> {
    let frame = Frame::of(console, viewer, "");
    Ok(match console.staff.confirm(viewer.id, password, address).await? {
        Confirmed::Yes => None,
        Confirmed::No => Some(Say::bad(frame.t("password-wrong"))),
        Confirmed::Wait { seconds } => Some(Say::bad(frame.n("login-wait", minutes(seconds)))),
    })
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    old: String,
    password: String,
    again: String,
}

/// `POST /staff/account/password`.
pub(super) async fn password(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, token, address }: Posted<PasswordForm>,
) -> Result<Response, Refusal> {
    let frame = Frame::of(&console, &viewer, "");
    let say = if form.password == form.again {
        match confirmed(&console, &viewer, &form.old, &address).await? {
            Some(say) => say,
            None => match console.staff.set_own_password(&token, &viewer.account, &form.password).await? {
                PasswordSet::Done => return Ok(Done::to("/staff/account", "password-set")),
                why => refused_password(&frame, why),
            },
        }
    } else {
        Say::bad(frame.t("password-differs"))
    };
    shown(&console, &viewer, More { say: Some(say), ..More::default() }).await
}

#[derive(Deserialize)]
pub(super) struct Confirm {
    password: String,
}

/// `POST /staff/account/codes`: new codes of recovery.
pub(super) async fn codes(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, address, .. }: Posted<Confirm>,
) -> Result<Response, Refusal> {
    if !viewer.account.has_second_step {
        return Ok(Redirect::to("/staff/account").into_response());
    }
    if let Some(say) = confirmed(&console, &viewer, &form.password, &address).await? {
        return shown(&console, &viewer, More { say: Some(say), ..More::default() }).await;
    }
    let codes = console.staff.renew_codes(viewer.id).await?;
    let frame = Frame::of(&console, &viewer, "account").at("/staff/account");
    page(&CodesPage { frame, codes: &codes, to: "/staff/account" })
}

/// A form with nothing but its token.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /staff/account/telegram`: a /start code.
pub(super) async fn telegram(
    State(console): State<Arc<Console>>,
    Posted { viewer, .. }: Posted<Nothing>,
) -> Result<Response, Refusal> {
    let code = console.staff.telegram_code(viewer.id).await?;
    shown(&console, &viewer, More { telegram: Some(code), ..More::default() }).await
}

/// `POST /staff/account/untie`.
pub(super) async fn untie(
    State(console): State<Arc<Console>>,
    Posted { viewer, .. }: Posted<Nothing>,
) -> Result<Response, Refusal> {
    console.staff.untie_telegram(viewer.id).await?;
    Ok(Done::to("/staff/account", "saved"))
}

#[derive(Deserialize)]
pub(super) struct DutyForm {
    on: bool,
}

/// `POST /staff/account/duty`.
pub(super) async fn duty(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<DutyForm>,
) -> Result<Response, Refusal> {
    console.staff.set_duty(viewer.id, viewer.id, form.on).await?;
    Ok(Done::to("/staff/account", "saved"))
}
