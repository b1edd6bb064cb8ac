//! What supervisors set.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{After, done, refused, who, words};
use crate::{
    desk::{
        Role,
        hours::{Hours, Span},
        outcome::COUNTRIES,
        settings::{Centre, Limits, MOST_CASES, Reply, Setting, Settings, YEAR},
    },
    domain::parse_day,
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page, zones},
};

const PATH: &str = "/staff/supervisor/settings";
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A weekday of the form.
struct DayLine {
    field: &'static str,
    label: String,
    spans: String,
}

/// A limit of the form.
struct LimitLine {
    field: &'static str,
    label: String,
    value: u32,
    /// What [`Limits::is_sound`] takes at least and at most.
    min: u32,
    max: u32,
}

#[derive(Template)]
#[template(path = "staff/desk/settings.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    settings: &'a Settings,
    week: Vec<DayLine>,
    holidays: String,
    zones: Vec<zones::Choice>,
    limits: Vec<LimitLine>,
    countries: Vec<words::Choice>,
    replies: Vec<Reply>,
}

/// `GET /staff/supervisor/settings`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(after): Query<After>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Supervisor)?;
    console.desk.refresh_settings().await?;
    let settings = console.desk.settings();
    let frame = Frame::of(&console, &viewer, "supervisor").at(PATH);
    let hours = &settings.hours.value;
    let week = DAYS.into_iter().zip(&hours.week).map(|(field, spans)| DayLine {
        field,
        label: frame.word("weekday-", field),
        spans: written(spans),
    });
    let holidays: Vec<String> = hours.holidays.iter().map(ToString::to_string).collect();
    let limits = &settings.limits.value;
    let mut countries = vec![words::Choice {
        value: String::new(),
        label: frame.t("not-said"),
        chosen: settings.centre.value.country.is_empty(),
    }];
    countries.extend(words::choices(&frame, "country-", &COUNTRIES, &settings.centre.value.country));
    let mut replies = settings.replies.value.clone();
    // An empty one for what is to be added.
    replies.push(Reply { name: String::new(), ru: String::new(), tg: String::new(), ky: String::new() });
    page(&Page {
        say: after.say(&frame),
        week: week.collect(),
        holidays: holidays.join("\n"),
        zones: zones::choices(&frame, hours.zone),
        limits: [
            ("max_cases", limits.max_cases),
            ("warn_after", limits.warn_after),
            ("return_after", limits.return_after),
            ("warn_after_urgent", limits.warn_after_urgent),
            ("return_after_urgent", limits.return_after_urgent),
            ("alarm_after", limits.alarm_after),
            ("alarm_again", limits.alarm_again),
            ("first_answer_urgent", limits.first_answer_urgent),
            ("first_answer", limits.first_answer),
            ("close_urgent", limits.close_urgent),
            ("close", limits.close),
        ]
        .into_iter()
        .map(|(field, value)| LimitLine {
            field,
            label: frame.word("limit-", field.replace('_', "-")),
            value,
            min: u32::from(field != "alarm_again"),
            max: if field == "max_cases" { MOST_CASES } else { YEAR },
        })
        .collect(),
        countries,
        replies,
        settings: &settings,
        frame,
    })
}

/// `9:00-13:00 14:00-18:00`.
fn written(spans: &[Span]) -> String {
    let time = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
    let spans: Vec<String> =
        spans.iter().map(|(from, until)| format!("{}-{}", time(*from), time(*until))).collect();
    spans.join(" ")
}

/// Reads what [`written`] writes; a person may write `9-13, 14-18`, too.
fn read(text: &str) -> Option<Vec<Span>> {
    let time = |text: &str| -> Option<u16> {
        let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "0"));
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
    };
    text.replace(['–', '—'], "-")
        .split([' ', ',', ';'])
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (from, until) = part.split_once('-')?;
            Some((time(from)?, time(until)?))
        })
        .collect()
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct HoursForm {
    version: i64,
    zone: i32,
    mon: String,
    tue: String,
    wed: String,
    thu: String,
    fri: String,
    sat: String,
    sun: String,
    holidays: String,
}

/// `POST /staff/supervisor/hours`.
pub(super) async fn hours(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<HoursForm>,
) -> Result<Response, Refusal> {
    let week = [&form.mon, &form.tue, &form.wed, &form.thu, &form.fri, &form.sat, &form.sun];
    let week: Option<Vec<Vec<Span>>> = week.into_iter().map(|day| read(day)).collect();
    let holidays = form.holidays.split_whitespace().map(parse_day).collect::<Option<Vec<_>>>();
    let hours = match (week.and_then(|week| <[Vec<Span>; 7]>::try_from(week).ok()), holidays) {
        (Some(week), Some(mut holidays)) => {
            holidays.sort_unstable();
            holidays.dedup();
            Hours { zone: form.zone, week, holidays }
        }
        _ => return refused(PATH, crate::desk::Refused::Nonsense.into()),
    };
    set(&console, &viewer, &Setting::Hours(hours), form.version).await
}

#[derive(Deserialize)]
pub(super) struct LimitsForm {
    version: i64,
    max_cases: u32,
    warn_after: u32,
    return_after: u32,
    warn_after_urgent: u32,
    return_after_urgent: u32,
    alarm_after: u32,
    #[serde(default)]
    alarm_again: u32,
    first_answer: u32,
    first_answer_urgent: u32,
    close: u32,
    close_urgent: u32,
}

/// `POST /staff/supervisor/limits`.
pub(super) async fn limits(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<LimitsForm>,
) -> Result<Response, Refusal> {
    let limits = Limits {
        max_cases: form.max_cases,
        warn_after: form.warn_after,
        return_after: form.return_after,
        warn_after_urgent: form.warn_after_urgent,
        return_after_urgent: form.return_after_urgent,
        alarm_after: form.alarm_after,
        alarm_again: form.alarm_again,
        first_answer: form.first_answer,
        first_answer_urgent: form.first_answer_urgent,
        close: form.close,
        close_urgent: form.close_urgent,
    };
    set(&console, &viewer, &Setting::Limits(limits), form.version).await
}

#[derive(Deserialize)]
pub(super) struct CentreForm {
    version: i64,
    code: String,
    country: String,
}

/// `POST /staff/supervisor/centre`.
pub(super) async fn centre(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<CentreForm>,
) -> Result<Response, Refusal> {
    let centre = Centre { code: form.code.trim().to_lowercase(), country: form.country };
    set(&console, &viewer, &Setting::Centre(centre), form.version).await
}

#[derive(Deserialize)]
pub(super) struct RepliesForm {
    version: i64,
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    ru: Vec<String>,
    #[serde(default)]
    tg: Vec<String>,
    #[serde(default)]
    ky: Vec<String>,
}

/// `POST /staff/supervisor/replies`: all of them at once; one without a name and text goes.
pub(super) async fn replies(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<RepliesForm>,
) -> Result<Response, Refusal> {
    let text = |list: &[String], place: usize| {
        list.get(place).map(|text| crate::desk::clean(text)).unwrap_or_default()
    };
    let replies = (0..form.name.len())
        .map(|place| Reply {
            name: text(&form.name, place),
            ru: text(&form.ru, place),
            tg: text(&form.tg, place),
            ky: text(&form.ky, place),
        })
        .filter(|reply| {
            !(reply.name.is_empty() && reply.ru.is_empty() && reply.tg.is_empty() && reply.ky.is_empty())
        })
        .collect();
    set(&console, &viewer, &Setting::Replies(replies), form.version).await
}

async fn set(
    console: &Console,
    viewer: &Viewer,
    setting: &Setting,
    version: i64,
) -> Result<Response, Refusal> {
    viewer.require(Role::Supervisor)?;
    match console.desk.set(&who(viewer)?, setting, version).await {
        Ok(()) => Ok(done(PATH, "saved")),
        Err(error) => refused(PATH, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_as_people_write_them() {
        for (text, spans) in [
            ("9:00-18:00", Some(vec![(540, 1_080)])),
            ("9-13, 14-18", Some(vec![(540, 780), (840, 1_080)])),
            ("9.30–18.00", Some(vec![(570, 1_080)])),
            ("", Some(vec![])),
            ("0-24", Some(vec![(0, 1_440)])),
            ("9", None),
            ("9-25", None),
            ("9:60-10", None),
            ("<script>", None),
        ] {
            assert_eq!(read(text), spans, "{text}");
        }
        assert_eq!(written(&[(540, 780), (845, 1_080)]), "9:00-13:00 14:05-18:00");
        assert_eq!(read(&written(&[(540, 780), (845, 1_080)])), Some(vec![(540, 780), (845, 1_080)]));
    }
}
