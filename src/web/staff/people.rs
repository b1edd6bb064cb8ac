//! Accounts, for administrators.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Console, Frame, Posted, Refusal, Viewer,
    account::Nothing,
    frame::{Done, Say, page},
    zones,
};
use crate::{
    desk::{
        Role, Roles,
        staff::{Account, Change, NewAccount, PASSWORD_LINK_HOURS},
    },
    domain::{StaffId, StaffLocale},
};

/// A role as a form offers it.
struct RoleChoice {
    word: &'static str,
    label: String,
    hint: String,
    chosen: bool,
}

fn role_choices(frame: &Frame<'_>, chosen: Roles) -> Vec<RoleChoice> {
    Role::ALL
        .into_iter()
        .map(|role| RoleChoice {
            word: role.as_str(),
            label: frame.word("role-", role),
            hint: frame.word("role-hint-", role),
            chosen: chosen.has(role),
        })
        .collect()
}

fn roles_of(words: &[String]) -> Result<Roles, Refusal> {
    words.iter().map(|word| Role::parse(word).ok_or(Refusal::Bad)).collect()
}

#[derive(Template)]
#[template(path = "staff/people.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    people: &'a [Account],
    roles: Vec<RoleChoice>,
    zones: Vec<zones::Choice>,
    form: &'a NewForm,
}

/// `GET /staff/people`.
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(done): Query<Done>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Admin)?;
    let say = done.say(&Frame::of(&console, &viewer, ""));
    let form = NewForm { locale: viewer.locale.as_str().to_owned(), zone: viewer.zone, ..NewForm::default() };
    listed(&console, &viewer, &form, say).await
}

async fn listed(
    console: &Arc<Console>,
    viewer: &Viewer,
    form: &NewForm,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let people = console.staff.list().await?;
    let frame = Frame::of(console, viewer, "people").at("/staff/people");
    let chosen: Roles = form.role.iter().filter_map(|word| Role::parse(word)).collect();
    let bad = say.as_ref().is_some_and(|say| say.bad);
    let answer = page(&ListPage {
        roles: role_choices(&frame, chosen),
        zones: zones::choices(&frame, form.zone),
        frame,
        say,
        people: &people,
        form,
    })?;
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

#[derive(Deserialize, Default)]
pub(super) struct NewForm {
    login: String,
    name: String,
    #[serde(default)]
    role: Vec<String>,
    locale: String,
    zone: i32,
}

/// `POST /staff/people`: a new account, and its first link.
pub(super) async fn add(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<NewForm>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Admin)?;
    let new = NewAccount {
        login: form.login.clone(),
        name: form.name.clone(),
        roles: roles_of(&form.role)?,
        locale: StaffLocale::parse(&form.locale).ok_or(Refusal::Bad)?,
        zone: form.zone,
    };
    match console.staff.add(Some(viewer.id), &new).await? {
        Ok(id) => linked(&console, &viewer, id).await,
        Err(wrong) => {
            let say = Say::bad(Frame::of(&console, &viewer, "").word("wrong-", wrong.as_str()));
            listed(&console, &viewer, &form, Some(say)).await
        }
    }
}

#[derive(Template)]
#[template(path = "staff/linked.html")]
struct LinkPage<'a> {
    frame: Frame<'a>,
    account: &'a Account,
    link: String,
    hours: i64,
}

/// Makes a link and shows it, once.
async fn linked(console: &Arc<Console>, viewer: &Viewer, id: StaffId) -> Result<Response, Refusal> {
    let account = console.staff.get(id).await?.ok_or(Refusal::NotFound)?;
    let token = console.staff.password_link(Some(viewer.id), id).await?;
    page(&LinkPage {
        frame: Frame::of(console, viewer, "people").at("/staff/people"),
        account: &account,
        link: console.link(&format!("/staff/link/{token}")),
        hours: PASSWORD_LINK_HOURS,
    })
}

#[derive(Template)]
#[template(path = "staff/person.html")]
struct OnePage<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    account: &'a Account,
    roles: Vec<RoleChoice>,
    skills: String,
    own: bool,
    zone: String,
}

/// `GET /staff/people/{id}`.
pub(super) async fn one(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<i64>,
    Query(done): Query<Done>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Admin)?;
    let say = done.say(&Frame::of(&console, &viewer, ""));
    let account = console.staff.get(StaffId(id)).await?.ok_or(Refusal::NotFound)?;
    person(&console, &viewer, &account, say)
}

fn person(
    console: &Arc<Console>,
    viewer: &Viewer,
    account: &Account,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let frame = Frame::of(console, viewer, "people");
    let bad = say.as_ref().is_some_and(|say| say.bad);
    let answer = page(&OnePage {
        roles: role_choices(&frame, account.roles),
        frame,
        say,
        account,
        skills: account.skills.join(", "),
        own: account.id == viewer.id,
        zone: zones::utc(account.zone),
    })?;
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

#[derive(Deserialize)]
pub(super) struct ChangeForm {
    name: String,
    #[serde(default)]
    role: Vec<String>,
    #[serde(default)]
    skills: String,
    #[serde(default)]
    max_cases: String,
    version: i64,
}

/// `POST /staff/people/{id}`.
pub(super) async fn change(
    State(console): State<Arc<Console>>,
    Path(id): Path<i64>,
    Posted { viewer, form, .. }: Posted<ChangeForm>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Admin)?;
    let max_cases = match form.max_cases.trim() {
        "" => None,
        number => Some(number.parse().unwrap_or(0)),
    };
    let skills = form.skills.split([',', '\n']).map(str::trim).filter(|skill| !skill.is_empty());
    let change = Change {
        name: form.name.clone(),
        roles: roles_of(&form.role)?,
        skills: skills.map(str::to_owned).collect(),
        max_cases,
        version: form.version,
    };
    match console.staff.change(Some(viewer.id), StaffId(id), &change).await? {
        Ok(()) => Ok(Done::to(&format!("/staff/people/{id}"), "saved")),
        Err(wrong) => {
            let mut account = console.staff.get(StaffId(id)).await?.ok_or(Refusal::NotFound)?;
            // What was typed is not lost.
            account.name.clone_from(&change.name);
            account.roles = change.roles;
            account.skills.clone_from(&change.skills);
            let say = Say::bad(Frame::of(&console, &viewer, "").word("wrong-", wrong.as_str()));
            person(&console, &viewer, &account, Some(say))
        }
    }
}

/// `POST /staff/people/{id}/{what}`: lock, unlock, link, second-step, sessions, on-duty, off-duty.
pub(super) async fn act(
    State(console): State<Arc<Console>>,
    Path((id, what)): Path<(i64, String)>,
    Posted { viewer, .. }: Posted<Nothing>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Admin)?;
    let account = console.staff.get(StaffId(id)).await?.ok_or(Refusal::NotFound)?;
    let (staff, by) = (&console.staff, Some(viewer.id));
    let wrong = match what.as_str() {
        "lock" => staff.set_locked(by, account.id, true).await?.err(),
        "unlock" => staff.set_locked(by, account.id, false).await?.err(),
        "link" => return linked(&console, &viewer, account.id).await,
        "second-step" => {
            staff.remove_second_step(by, account.id).await?;
            None
        }
        "sessions" => {
            staff.end_sessions(by, account.id).await?;
            None
        }
        "on-duty" | "off-duty" => {
            staff.set_duty(viewer.id, account.id, what == "on-duty").await?;
            None
        }
        _ => return Err(Refusal::NotFound),
    };
    match wrong {
        None => Ok(Done::to(&format!("/staff/people/{id}"), "saved")),
        Some(wrong) => {
            let say = Say::bad(Frame::of(&console, &viewer, "").word("wrong-", wrong.as_str()));
            person(&console, &viewer, &account, Some(say))
        }
    }
}
