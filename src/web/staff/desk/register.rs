//! Consultations in person and by phone: the same register, the same form.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    After,
    close::{Filled, Lists, instant, why},
    done, who, words,
};
use crate::{
    desk::{ANSWER_MAX_CHARS, DeskError, NUMBER_MAX_CHARS, Refused, Visit, outcome::Fault},
    domain::{Locale, Told},
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page, viewer::local},
};

const CHANNELS: [&str; 2] = ["centre", "phone"];

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Form {
    /// Names the case that it becomes.
    visit: String,
    channel: String,
    locale: String,
    day: String,
    number: String,
    household: String,
    note: String,
    // Flattening would make numbers texts: the outcome's fields stand here once more.
    help: String,
    target: String,
    topic: String,
    sex: String,
    age: String,
    origin: String,
    stay: String,
    audience: String,
    family: String,
    vulnerable: String,
    follow_up: String,
    centre: String,
    centre_cc: String,
}

impl Form {
    fn filled(&self) -> Filled {
        Filled {
            help: self.help.clone(),
            target: self.target.clone(),
            topic: self.topic.clone(),
            sex: self.sex.clone(),
            age: self.age.clone(),
            origin: self.origin.clone(),
            stay: self.stay.clone(),
            audience: self.audience.clone(),
            family: self.family.clone(),
            vulnerable: self.vulnerable.clone(),
            follow_up: self.follow_up.clone(),
            household: self.household.clone(),
            centre: self.centre.clone(),
            centre_cc: self.centre_cc.clone(),
            version: 1,
        }
    }
}

#[derive(Template)]
#[template(path = "staff/desk/register.html")]
struct Page<'a> {
    frame: Frame<'a>,
    visit: String,
    say: Option<Say>,
    entry: &'a Form,
    form: &'a Filled,
    lists: Lists,
    channels: Vec<words::Choice>,
    locales: Vec<words::Choice>,
    today: String,
    number_max: usize,
    note_max: usize,
}

/// `GET /staff/register`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(after): Query<After>,
) -> Result<Response, Refusal> {
    who(&viewer)?;
    let say = after.say(&Frame::of(&console, &viewer, ""));
    let entry = Form { channel: "centre".to_owned(), locale: "ru".to_owned(), ..Form::default() };
    let form = Filled::of(&Told::default(), None, 1);
    shown(&console, &viewer, &entry, &form, say)
}

fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    entry: &Form,
    form: &Filled,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let frame = Frame::of(console, viewer, "register").at("/staff/register");
    let is_bad = say.as_ref().is_some_and(|say| say.bad);
    let locales = Locale::ALL.into_iter().map(|locale| words::Choice {
        value: locale.as_str().to_owned(),
        label: locale.own_name().to_owned(),
        chosen: locale.as_str() == entry.locale,
    });
    let answer = page(&Page {
        visit: console.desk.offer_visit(&who(viewer)?),
        say,
        entry,
        form,
        lists: Lists::of(console, &frame, form),
        channels: words::choices(&frame, "desk-channel-", &CHANNELS, &entry.channel),
        locales: locales.collect(),
        today: local(console.desk.now(), viewer.zone, "%Y-%m-%d"),
        number_max: NUMBER_MAX_CHARS,
        note_max: ANSWER_MAX_CHARS,
        frame,
    })?;
    let status = if is_bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

/// `POST /staff/register`.
pub(super) async fn add(
    State(console): State<Arc<Console>>,
    Posted { viewer, form: entry, .. }: Posted<Form>,
) -> Result<Response, Refusal> {
    let who = who(&viewer)?;
    let form = entry.filled();
    let frame = Frame::of(&console, &viewer, "register");
    let again =
        |refused: &Refused| shown(&console, &viewer, &entry, &form, Some(Say::bad(why(&frame, refused))));
    let channel = CHANNELS.into_iter().find(|word| *word == entry.channel).ok_or(Refusal::Bad)?;
    let locale = Locale::parse(&entry.locale).ok_or(Refusal::Bad)?;
    let now = console.desk.now();
    // Of today: this moment; of an earlier day: its noon.
    let day = if entry.day.is_empty() { local(now, viewer.zone, "%Y-%m-%d") } else { entry.day.clone() };
    let Some(noon) = instant(&day, 12 * 60, viewer.zone) else {
        return again(&Refused::Outcome(Fault::FollowUp));
    };
    let at = if local(now, viewer.zone, "%Y-%m-%d") == day { now } else { noon };
    let follow_up = match form.follow_up(viewer.zone) {
        Ok(follow_up) => follow_up,
        Err(fault) => return again(&Refused::Outcome(fault)),
    };
    let visit = Visit {
        case: console.desk.offered_visit(&who, &entry.visit).ok_or(Refusal::Bad)?,
        channel,
        locale,
        number: entry.number.clone(),
        household: entry.household.clone(),
        centre: form.centre(),
        note: entry.note.clone(),
        at,
        outcome: form.outcome(),
        follow_up,
    };
    match console.desk.register(&who, &visit).await {
        Ok(_) => Ok(done("/staff/register", "registered")),
        Err(DeskError::Refused(refused)) => again(&refused),
        Err(error) => Err(error.into()),
    }
}
