//! What supervisors set.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{After, done, who, words};
use crate::{
    desk::{
        DeskError, Refused, Role,
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
    /// As it was typed, or as it is set.
    value: String,
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
    centre: Centre,
}

/// A form that was not taken: it is shown again as it was typed, and says what is wrong with it.
enum Typed<'a> {
    Nothing,
    Hours(&'a HoursForm),
    Limits(&'a LimitsForm),
    Centre(&'a Centre),
    Replies(&'a [Reply]),
}

/// `GET /staff/supervisor/settings`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(after): Query<After>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Supervisor)?;
    let say = after.say(&Frame::of(&console, &viewer, "supervisor"));
    shown(&console, &viewer, say, &Typed::Nothing).await
}

async fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    say: Option<Say>,
    typed: &Typed<'_>,
) -> Result<Response, Refusal> {
    console.desk.refresh_settings().await?;
    let settings = console.desk.settings();
    let frame = Frame::of(console, viewer, "supervisor").at(PATH);
    let hours = &settings.hours.value;
    let mut spans = hours.week.each_ref().map(|spans| written(spans));
    let holidays: Vec<String> = hours.holidays.iter().map(ToString::to_string).collect();
    let (mut holidays, mut zone) = (holidays.join("\n"), hours.zone);
    if let Typed::Hours(form) = typed {
        spans = form.week().map(ToOwned::to_owned);
        (holidays, zone) = (form.holidays.clone(), form.zone);
    }
    let week = DAYS.into_iter().zip(spans).map(|(field, spans)| DayLine {
        field,
        label: frame.word("weekday-", field),
        spans,
    });
    let limits = LimitsForm::of(&settings.limits.value);
    let limits = if let Typed::Limits(form) = typed { form } else { &limits };
    let centre =
        if let Typed::Centre(centre) = typed { (*centre).clone() } else { settings.centre.value.clone() };
    let mut countries = vec![words::Choice {
        value: String::new(),
        label: frame.t("not-said"),
        chosen: centre.country.is_empty(),
    }];
    countries.extend(words::choices(&frame, "country-", &COUNTRIES, &centre.country));
    let mut replies =
        if let Typed::Replies(list) = typed { list.to_vec() } else { settings.replies.value.clone() };
    // An empty one for what is to be added.
    replies.push(Reply { name: String::new(), ru: String::new(), tg: String::new(), ky: String::new() });
    let status =
        if matches!(typed, Typed::Nothing) { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let answer = page(&Page {
        say,
        week: week.collect(),
        holidays,
        zones: zones::choices(&frame, zone),
        limits: limits.lines(&frame),
        countries,
        replies,
        centre,
        settings: &settings,
        frame,
    })?;
    Ok((status, answer).into_response())
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

impl HoursForm {
    fn week(&self) -> [&str; 7] {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun].map(String::as_str)
    }

    /// The hours, or the text of the label whose field cannot be read.
    fn read(&self) -> Result<Hours, String> {
        let none = || -> [Vec<Span>; 7] { Default::default() };
        let mut week = none();
        for ((day, name), text) in week.iter_mut().zip(DAYS).zip(self.week()) {
            let fault = || format!("weekday-{name}");
            let spans = read(text).ok_or_else(fault)?;
            // Alone in an empty week: what is wrong is wrong with this day.
            let mut alone = none();
            alone[0].clone_from(&spans);
            if !(Hours { zone: 0, week: alone, holidays: Vec::new() }).is_sound() {
                return Err(fault());
            }
            *day = spans;
        }
        let holidays = self.holidays.split_whitespace().map(parse_day).collect::<Option<Vec<_>>>();
        let mut holidays = holidays.ok_or_else(|| "settings-holidays".to_owned())?;
        holidays.sort_unstable();
        holidays.dedup();
        let hours = Hours { zone: self.zone, week, holidays };
        if !(Hours { holidays: Vec::new(), ..hours.clone() }).is_sound() {
            return Err("settings-zone".to_owned());
        }
        if Setting::Hours(hours.clone()).is_sound() { Ok(hours) } else { Err("settings-holidays".to_owned()) }
    }
}

/// `POST /staff/supervisor/hours`.
pub(super) async fn hours(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<HoursForm>,
) -> Result<Response, Refusal> {
    let typed = Typed::Hours(&form);
    match form.read() {
        Ok(hours) => set(&console, &viewer, &Setting::Hours(hours), form.version, &typed).await,
        Err(label) => wrong(&console, &viewer, &label, &typed).await,
    }
}

/// Numbers as they were typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LimitsForm {
    version: i64,
    max_cases: String,
    warn_after: String,
    return_after: String,
    warn_after_urgent: String,
    return_after_urgent: String,
    alarm_after: String,
    alarm_again: String,
    first_answer: String,
    first_answer_urgent: String,
    close: String,
    close_urgent: String,
}

impl LimitsForm {
    fn of(limits: &Limits) -> Self {
        Self {
            version: 0,
            max_cases: limits.max_cases.to_string(),
            warn_after: limits.warn_after.to_string(),
            return_after: limits.return_after.to_string(),
            warn_after_urgent: limits.warn_after_urgent.to_string(),
            return_after_urgent: limits.return_after_urgent.to_string(),
            alarm_after: limits.alarm_after.to_string(),
            alarm_again: limits.alarm_again.to_string(),
            first_answer: limits.first_answer.to_string(),
            first_answer_urgent: limits.first_answer_urgent.to_string(),
            close: limits.close.to_string(),
            close_urgent: limits.close_urgent.to_string(),
        }
    }

    fn fields(&self) -> [(&'static str, &str); 11] {
        [
            ("max_cases", &self.max_cases),
            ("warn_after", &self.warn_after),
            ("return_after", &self.return_after),
            ("warn_after_urgent", &self.warn_after_urgent),
            ("return_after_urgent", &self.return_after_urgent),
            ("alarm_after", &self.alarm_after),
            ("alarm_again", &self.alarm_again),
            ("first_answer_urgent", &self.first_answer_urgent),
            ("first_answer", &self.first_answer),
            ("close_urgent", &self.close_urgent),
            ("close", &self.close),
        ]
    }

    fn lines(&self, frame: &Frame<'_>) -> Vec<LimitLine> {
        let line = |(field, value): (&'static str, &str)| LimitLine {
            field,
            label: frame.t(&limit_label(field)),
            value: value.to_owned(),
            min: u32::from(field != "alarm_again"),
            max: if field == "max_cases" { MOST_CASES } else { YEAR },
        };
        self.fields().into_iter().map(line).collect()
    }

    /// The limits, or the name of the field that makes no sense.
    fn read(&self) -> Result<Limits, &'static str> {
        let number = |field: &'static str, text: &str| text.trim().parse::<u32>().map_err(|_| field);
        let limits = Limits {
            max_cases: number("max_cases", &self.max_cases)?,
            warn_after: number("warn_after", &self.warn_after)?,
            return_after: number("return_after", &self.return_after)?,
            warn_after_urgent: number("warn_after_urgent", &self.warn_after_urgent)?,
            return_after_urgent: number("return_after_urgent", &self.return_after_urgent)?,
            alarm_after: number("alarm_after", &self.alarm_after)?,
            alarm_again: number("alarm_again", &self.alarm_again)?,
            first_answer: number("first_answer", &self.first_answer)?,
            first_answer_urgent: number("first_answer_urgent", &self.first_answer_urgent)?,
            close: number("close", &self.close)?,
            close_urgent: number("close_urgent", &self.close_urgent)?,
        };
        limits.fault().map_or(Ok(limits), Err)
    }
}

fn limit_label(field: &str) -> String {
    format!("limit-{}", field.replace('_', "-"))
}

/// `POST /staff/supervisor/limits`.
pub(super) async fn limits(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<LimitsForm>,
) -> Result<Response, Refusal> {
    let typed = Typed::Limits(&form);
    match form.read() {
        Ok(limits) => set(&console, &viewer, &Setting::Limits(limits), form.version, &typed).await,
        Err(field) => wrong(&console, &viewer, &limit_label(field), &typed).await,
    }
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
    let typed = Typed::Centre(&centre);
    if !centre.is_sound() {
        return wrong(&console, &viewer, "settings-centre", &typed).await;
    }
    set(&console, &viewer, &Setting::Centre(centre.clone()), form.version, &typed).await
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
    let replies: Vec<Reply> = (0..form.name.len())
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
    let typed = Typed::Replies(&replies);
    let setting = Setting::Replies(replies.clone());
    if !setting.is_sound() {
        // The one that is wrong, by its name; without one, or where there are too many, the whole form.
        let broken = replies.iter().find(|reply| !reply.is_sound()).map(|reply| reply.name.as_str());
        let frame = Frame::of(&console, &viewer, "supervisor");
        let field = match broken {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => frame.t("settings-replies"),
        };
        return wrong_field(&console, &viewer, &frame, &field, &typed).await;
    }
    set(&console, &viewer, &setting, form.version, &typed).await
}

/// The form again, as it was typed; `label`: the text of what is wrong in it.
async fn wrong(
    console: &Arc<Console>,
    viewer: &Viewer,
    label: &str,
    typed: &Typed<'_>,
) -> Result<Response, Refusal> {
    let frame = Frame::of(console, viewer, "supervisor");
    let field = frame.t(label);
    wrong_field(console, viewer, &frame, &field, typed).await
}

async fn wrong_field(
    console: &Arc<Console>,
    viewer: &Viewer,
    frame: &Frame<'_>,
    field: &str,
    typed: &Typed<'_>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Supervisor)?;
    let say = Say::bad(frame.with("settings-fault", "field", field));
    shown(console, viewer, Some(say), typed).await
}

async fn set(
    console: &Arc<Console>,
    viewer: &Viewer,
    setting: &Setting,
    version: i64,
    typed: &Typed<'_>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Supervisor)?;
    let word = match console.desk.set(&who(viewer)?, setting, version).await {
        Ok(()) => return Ok(done(PATH, "saved")),
        // With the version of now: saved once more it replaces what somebody else set.
        Err(DeskError::Refused(Refused::Changed)) => "settings-changed",
        Err(DeskError::Refused(Refused::Nonsense)) => "desk-refused-nonsense",
        Err(error) => return Err(error.into()),
    };
    let say = Say::bad(Frame::of(console, viewer, "supervisor").t(word));
    shown(console, viewer, Some(say), typed).await
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
