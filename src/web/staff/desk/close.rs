//! The form that closes a case; the register uses its fields too.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{case_of, done, path_of, who, word, words};
use crate::{
    desk::{
        CloseForm, DeskError, Refused,
        outcome::{AGES, AUDIENCES, COUNTRIES, Fault, HELPS, MARKS, Outcome, PLACES, SEXES, TARGETS, UNSAID},
        settings::Centre,
    },
    domain::{CaseId, Timestamp, Told, parse_day},
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page},
};

/// The form as it was sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Filled {
    pub help: String,
    pub target: String,
    pub topic: String,
    pub sex: String,
    pub age: String,
    pub origin: String,
    pub stay: String,
    pub audience: String,
    pub family: String,
    pub vulnerable: String,
    /// `2026-12-01` or nothing.
    pub follow_up: String,
    /// Number of the household.
    pub household: String,
    /// Code and country of the centre; both empty: that of the settings.
    pub centre: String,
    pub centre_cc: String,
    pub version: i64,
}

impl Filled {
    /// What is known already: nothing that the person said is asked of the consultant again.
    pub fn of(told: &Told, topic: Option<&str>, version: i64) -> Self {
        let said =
            |key: &str| told.profile.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str());
        let place = |key| said(key).filter(|word| PLACES.contains(word)).unwrap_or(UNSAID).to_owned();
        let audience = match said(crate::domain::AUDIENCE) {
            Some("going") => "migrant",
            Some(word) if AUDIENCES.contains(&word) => word,
            _ => UNSAID,
        };
        Self {
            topic: topic.unwrap_or(UNSAID).to_owned(),
            sex: UNSAID.to_owned(),
            age: UNSAID.to_owned(),
            origin: place(crate::domain::CITIZENSHIP),
            stay: place(crate::domain::DESTINATION),
            audience: audience.to_owned(),
            family: UNSAID.to_owned(),
            vulnerable: UNSAID.to_owned(),
            version,
            ..Self::default()
        }
    }

    pub fn outcome(&self) -> Outcome {
        Outcome {
            help: self.help.clone(),
            target: (!self.target.is_empty()).then(|| self.target.clone()),
            topic: self.topic.clone(),
            sex: self.sex.clone(),
            age: self.age.clone(),
            origin: self.origin.clone(),
            stay: self.stay.clone(),
            audience: self.audience.clone(),
            family: self.family.clone(),
            vulnerable: self.vulnerable.clone(),
        }
    }

    /// The centre that the form names.
    pub fn centre(&self) -> Option<Centre> {
        let code = self.centre.trim().to_lowercase();
        let named = Centre { code, country: self.centre_cc.clone() };
        (named != Centre::default()).then_some(named)
    }

    /// # Errors
    /// A day that is none.
    pub fn follow_up(&self, zone: i32) -> Result<Option<Timestamp>, Fault> {
        if self.follow_up.is_empty() {
            return Ok(None);
        }
        instant(&self.follow_up, 9 * 60, zone).map(Some).ok_or(Fault::FollowUp)
    }
}

/// A minute of a day, `2026-12-01`, in a zone.
pub fn instant(day: &str, minute: i64, zone: i32) -> Option<Timestamp> {
    let midnight = parse_day(day)?.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis();
    Some(Timestamp(midnight.checked_add((minute - i64::from(zone)) * 60_000)?))
}

/// The lists of the form.
pub struct Lists {
    pub helps: Vec<words::Choice>,
    pub targets: Vec<words::Choice>,
    pub topics: Vec<words::Choice>,
    pub sexes: Vec<words::Choice>,
    pub ages: Vec<words::Choice>,
    pub origins: Vec<words::Choice>,
    pub stays: Vec<words::Choice>,
    pub audiences: Vec<words::Choice>,
    pub families: Vec<words::Choice>,
    pub vulnerables: Vec<words::Choice>,
    pub centres: Vec<words::Choice>,
    /// The code of the settings' centre; empty: none is set.
    pub centre: String,
}

impl Lists {
    pub fn of(console: &Console, frame: &Frame<'_>, form: &Filled) -> Self {
        let list = |prefix, list: &[&str], chosen: &str| words::choices(frame, prefix, list, chosen);
        Self {
            helps: list("help-", &HELPS, &form.help),
            targets: list("target-", &TARGETS, &form.target),
            topics: words::topics(frame, &console.desk.release(), (UNSAID, "not-said"), &form.topic),
            sexes: list("sex-", &SEXES, &form.sex),
            ages: list("age-", &AGES, &form.age),
            origins: list("country-", &PLACES, &form.origin),
            stays: list("country-", &PLACES, &form.stay),
            audiences: list("audience-", &AUDIENCES, &form.audience),
            families: list("mark-", &MARKS, &form.family),
            vulnerables: list("mark-", &MARKS, &form.vulnerable),
            centres: {
                let first = words::Choice {
                    value: String::new(),
                    label: frame.t("not-said"),
                    chosen: form.centre_cc.is_empty(),
                };
                std::iter::once(first).chain(list("country-", &COUNTRIES, &form.centre_cc)).collect()
            },
            centre: console.desk.settings().centre.value.code.clone(),
        }
    }
}

/// What a refusal of the form says.
pub fn why(frame: &Frame<'_>, refused: &Refused) -> String {
    match refused {
        Refused::Outcome(Fault::Help) => frame.t("close-fault-help"),
        Refused::Outcome(Fault::Target) => frame.t("close-fault-target"),
        Refused::Outcome(Fault::Topic) => frame.t("close-fault-topic"),
        Refused::Outcome(Fault::Word) => frame.t("close-fault-word"),
        Refused::Outcome(Fault::Centre) => frame.t("close-fault-centre"),
        Refused::Outcome(Fault::FollowUp) => frame.t("close-fault-follow-up"),
        other => frame.word("desk-refused-", word(other)),
    }
}

#[derive(Template)]
#[template(path = "staff/desk/close.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    path: String,
    form: &'a Filled,
    lists: Lists,
}

/// `GET /staff/case/{id}/close`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let read = console.desk.read(&who, case, false).await?;
    if !read.row.state.is_open() || !(read.mine || who.supervisor) {
        return Err(Refusal::Changed);
    }
    let form = Filled::of(&read.told, read.row.topic.as_deref(), read.row.version);
    shown(&console, &viewer, case, &form, None)
}

fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    case: CaseId,
    form: &Filled,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let path = path_of(case);
    let frame = Frame::of(console, viewer, "queue").at(&format!("{path}/close"));
    let status = if say.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let answer = page(&Page { lists: Lists::of(console, &frame, form), frame, say, path, form })?;
    Ok((status, answer).into_response())
}

/// `POST /staff/case/{id}/close`.
pub(super) async fn close(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Filled>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let frame = Frame::of(&console, &viewer, "queue");
    let again =
        |refused: &Refused| shown(&console, &viewer, case, &form, Some(Say::bad(why(&frame, refused))));
    let closing = CloseForm {
        outcome: form.outcome(),
        follow_up: form.follow_up(viewer.zone),
        household: form.household.clone(),
        centre: form.centre(),
        version: form.version,
    };
    match console.desk.close(&who, case, &closing).await {
        Ok(()) => Ok(done("/staff/queue", "closed")),
        // The person wrote meanwhile: their words are to be read before the case is closed.
        Err(DeskError::Refused(Refused::Changed)) => super::refused(&path_of(case), Refused::Changed.into()),
        Err(DeskError::Refused(refused)) if refused != Refused::Unknown => again(&refused),
        Err(error) => Err(error.into()),
    }
}
