//! Skills and duty of those who take cases, for supervisors. Accounts themselves are the administrators'.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::done;
use crate::{
    desk::{
        Role,
        staff::{Account, Change},
    },
    domain::StaffId,
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page},
};

/// The form as it is shown and sent.
#[derive(Deserialize)]
pub(super) struct Form {
    #[serde(default)]
    skills: String,
    #[serde(default)]
    max_cases: String,
    /// Checked: on duty.
    #[serde(default)]
    duty: Option<String>,
    version: i64,
}

#[derive(Template)]
#[template(path = "staff/desk/person.html")]
struct PersonPage<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    account: &'a Account,
    form: &'a Form,
}

/// An account that works with cases; others are none of a supervisor's.
async fn of_the_desk(console: &Console, viewer: &Viewer, id: i64) -> Result<Account, Refusal> {
    viewer.require(Role::Supervisor)?;
    let account = console.staff.get(StaffId(id)).await?;
    let works = |account: &Account| account.roles.has_any(&[Role::Consultant, Role::Supervisor]);
    account.filter(works).ok_or(Refusal::NotFound)
}

/// `GET /staff/supervisor/people/{id}`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<i64>,
) -> Result<Response, Refusal> {
    let account = of_the_desk(&console, &viewer, id).await?;
    let form = Form {
        skills: account.skills.join(", "),
        max_cases: account.max_cases.map(|most| most.to_string()).unwrap_or_default(),
        duty: account.on_duty.then(String::new),
        version: account.version,
    };
    let frame = Frame::of(&console, &viewer, "supervisor");
    page(&PersonPage { frame, say: None, account: &account, form: &form })
}

/// `POST /staff/supervisor/people/{id}`: name and roles stay what they are.
pub(super) async fn change(
    State(console): State<Arc<Console>>,
    Path(id): Path<i64>,
    Posted { viewer, form, .. }: Posted<Form>,
) -> Result<Response, Refusal> {
    let account = of_the_desk(&console, &viewer, id).await?;
    let max_cases = match form.max_cases.trim() {
        "" => None,
        number => Some(number.parse().unwrap_or(0)),
    };
    let skills = form.skills.split([',', '\n']).map(str::trim).filter(|skill| !skill.is_empty());
    let change = Change {
        name: account.name.clone(),
        roles: account.roles,
        skills: skills.map(str::to_owned).collect(),
        max_cases,
        version: form.version,
    };
    if let Err(wrong) = console.staff.change(Some(viewer.id), account.id, &change).await? {
        let frame = Frame::of(&console, &viewer, "supervisor");
        let say = Some(Say::bad(frame.word("wrong-", wrong.as_str())));
        let answer = page(&PersonPage { frame, say, account: &account, form: &form })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, answer).into_response());
    }
    let on_duty = form.duty.is_some();
    if on_duty != account.on_duty && !account.is_locked() {
        console.staff.set_duty(viewer.id, account.id, on_duty).await?;
    }
    Ok(done("/staff/supervisor", "saved"))
}
