//! Reports for the donors: choose a period and a file, see what was made before.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{Console, Frame, Posted, Refusal, Say, Viewer, page};
use crate::{
    desk::Role,
    domain::{StaffId, StaffLocale},
    indicators::Window,
    report::{EXPORTS, Export, Order, ReportError},
};

/// Who may read reports.
const READERS: [Role; 2] = [Role::Campaigner, Role::Viewer];
/// Languages of the files.
const LOCALES: [StaffLocale; 2] = [StaffLocale::Ru, StaffLocale::En];
/// Longest name of who prepared or approved a report.
const NAME_MAX_CHARS: usize = 120;

/// What is asked for; as it was sent, so that the form comes back filled.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    period: String,
    format: String,
    lang: String,
    /// `1`: for publication.
    public: String,
    country: String,
    prepared: String,
    approved: String,
}

impl Default for Asked {
    fn default() -> Self {
        let [empty, country, approved] = std::array::from_fn(|_| String::new());
        Self {
            period: empty.clone(),
            format: "xlsx".to_owned(),
            lang: String::new(),
            public: empty,
            country,
            prepared: String::new(),
            approved,
        }
    }
}

struct Period {
    value: String,
    label: String,
}

struct Row {
    at: String,
    who: String,
    period: String,
    what: String,
    public: bool,
    frozen: bool,
    sha256: String,
}

#[derive(Template)]
#[template(path = "staff/reports.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    asked: Asked,
    periods: Vec<Period>,
    exports: &'static [Export],
    locales: [StaffLocale; 2],
    countries: Vec<String>,
    compared: Option<String>,
    past: Vec<Row>,
}

/// `GET /staff/reports`.
pub(super) async fn show(State(console): State<Arc<Console>>, viewer: Viewer) -> Result<Response, Refusal> {
    viewer.require_any(&READERS)?;
    let asked = Asked { prepared: viewer.name.clone(), ..Asked::default() };
    form(&console, &viewer, asked, None, StatusCode::OK).await
}

/// `POST /staff/reports/file`: the file; or the form again, with the reason.
pub(super) async fn make(
    State(console): State<Arc<Console>>,
    Posted { viewer, form: asked, .. }: Posted<Asked>,
) -> Result<Response, Refusal> {
    viewer.require_any(&READERS)?;
    let order = order(&asked).ok_or(Refusal::Bad)?;
    match console.reports.make(&order, Some(viewer.id)).await {
        Ok(made) => {
            let name = format!("attachment; filename=\"{}\"", made.name);
            let name = HeaderValue::from_str(&name).map_err(|_| Refusal::Bad)?;
            let kind = HeaderValue::from_static(order.export.mime);
            let mut answer = made.bytes.into_response();
            answer.headers_mut().insert(header::CONTENT_TYPE, kind);
            answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
            Ok(answer)
        }
        Err(error) => {
            let status = match &error {
                ReportError::Store(_) | ReportError::Counting(_) | ReportError::Write(_) => {
                    tracing::warn!(%error, "a report could not be made");
                    StatusCode::SERVICE_UNAVAILABLE
                }
                ReportError::Differs { .. } | ReportError::NotCompared => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let say = {
                let frame = Frame::of(&console, &viewer, "reports");
                Say::bad(refused(&frame, &error))
            };
            form(&console, &viewer, asked, Some(say), status).await
        }
    }
}

fn order(asked: &Asked) -> Option<Order> {
    let name = |text: &str| text.trim().chars().filter(|c| !c.is_control()).take(NAME_MAX_CHARS).collect();
    let unit = asked.country.trim();
    // It stands in the file's name.
    let is_plain = unit.len() <= 40 && unit.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let export = Export::find(&asked.format)?;
    Some(Order {
        period: Window::parse(&asked.period)?,
        export,
        locale: StaffLocale::parse(&asked.lang).filter(|locale| LOCALES.contains(locale))?,
        public: asked.public == "1",
        unit: Some(unit.to_owned()).filter(|text| !text.is_empty() && is_plain),
        prepared: name(&asked.prepared),
        approved: name(&asked.approved),
    })
}

/// Why not, and what to do.
fn refused(frame: &Frame<'_>, error: &ReportError) -> String {
    let id = format!("reports-refused-{}", error.word());
    match error {
        ReportError::Differs { at, differences, .. } => {
            frame.with2(&id, "n", differences, "at", frame.time(at))
        }
        ReportError::Section(section) => frame.with(&id, "section", section),
        ReportError::Setting { key, what } => frame.with2(&id, "key", key, "what", what),
        _ => frame.t(&id),
    }
}

async fn form(
    console: &Arc<Console>,
    viewer: &Viewer,
    mut asked: Asked,
    say: Option<Say>,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let standing = console.reports.standing().await.map_err(|error| {
        tracing::warn!(%error, "the reports' page could not be served");
        Refusal::Unavailable
    })?;
    let people: BTreeMap<StaffId, String> =
        console.staff.list().await?.into_iter().map(|account| (account.id, account.name)).collect();
    let frame = Frame::of(console, viewer, "reports").at("/staff/reports");
    if asked.lang.is_empty() {
        let lang = if viewer.locale == StaffLocale::En { "en" } else { "ru" };
        lang.clone_into(&mut asked.lang);
    }
    let say = say.or_else(|| {
        let word = standing.refused?;
        let (n, at) = standing
            .compared
            .as_ref()
            .map_or((0, String::new()), |compared| (compared.differences, frame.time(&compared.at())));
        Some(Say::bad(frame.with2(&format!("reports-refused-{word}"), "n", n, "at", at)))
    });
    let periods = standing.periods.iter().map(|(period, frozen)| {
        let state = match frozen {
            Some(at) => frame.with("reports-frozen-at", "at", frame.time(at)),
            None => frame.t("reports-provisional"),
        };
        Period { value: period.to_string(), label: format!("{period} · {state}") }
    });
    let past = standing.past.iter().map(|past| Row {
        at: frame.time(&past.at),
        who: past.by.map_or_else(
            || frame.t("reports-by-command"),
            |by| people.get(&by).cloned().unwrap_or_else(|| by.to_string()),
        ),
        period: past.period.clone(),
        what: format!("{}, {}", past.format, past.locale),
        public: past.public,
        frozen: past.frozen,
        sha256: past.sha256.clone(),
    });
    let template = Page {
        say,
        periods: periods.collect(),
        exports: EXPORTS,
        locales: LOCALES,
        countries: standing.units.clone(),
        compared: standing.compared.as_ref().map(|compared| frame.time(&compared.at())),
        past: past.collect(),
        asked,
        frame,
    };
    if status == StatusCode::OK {
        return page(&template);
    }
    let html = template.render().map_err(|_| Refusal::Unavailable)?;
    Ok((status, Html(html)).into_response())
}
