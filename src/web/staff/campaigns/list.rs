//! The register: all codes, a new one, all of it as CSV.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    super::{
        Console, Frame, Posted, Refusal, Viewer,
        frame::{Done, Say, page},
    },
    Choice, Form, allowed, countries, kinds, state,
};
use crate::{domain::Day, outreach};

struct Row {
    code: String,
    label: String,
    kind: String,
    country: String,
    days: String,
    partner: String,
    owner: String,
    state: &'static str,
    state_label: String,
    opens: i64,
}

#[derive(Template)]
#[template(path = "staff/campaigns/list.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    rows: Vec<Row>,
    /// Opens without a code.
    bare: String,
    kinds: Vec<Choice>,
    countries: Vec<Choice>,
    form: &'a Form,
}

/// `GET /staff/campaigns`.
pub async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(done): Query<Done>,
) -> Result<Response, Refusal> {
    allowed(&viewer)?;
    let say = done.say(&Frame::of(&console, &viewer, ""));
    let form = Form { kind: "poster".to_owned(), ..Form::default() };
    listed(&console, &viewer, &form, say).await
}

/// All opens so far, by code.
async fn opens(console: &Console) -> Result<BTreeMap<String, i64>, Refusal> {
    Ok(console.outreach.link_opens(&(Day::default()..=console.outreach.today())).await?)
}

async fn listed(
    console: &Arc<Console>,
    viewer: &Viewer,
    form: &Form,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let frame = Frame::of(console, viewer, "campaigns").at("/staff/campaigns");
    let (today, opens) = (console.outreach.today(), opens(console).await?);
    let row = |campaign: outreach::Campaign| {
        let state = state(&campaign, today);
        let day = |day: Option<Day>| day.map(|day| day.format("%d.%m.%Y").to_string()).unwrap_or_default();
        Row {
            kind: frame.word("campaign-kind-", &campaign.kind),
            country: match campaign.country.as_str() {
                "" => String::new(),
                country => frame.word("campaign-country-", country),
            },
            days: match (campaign.from, campaign.until) {
                (None, None) => String::new(),
                (from, until) => format!("{} – {}", day(from), day(until)),
            },
            state_label: frame.word("campaign-state-", state),
            opens: opens.get(&campaign.code).copied().unwrap_or(0),
            code: campaign.code,
            label: campaign.label,
            partner: campaign.partner,
            owner: campaign.owner,
            state,
        }
    };
    let rows = console.outreach.list().await?.into_iter().map(row).collect();
    let bad = say.as_ref().is_some_and(|say| say.bad);
    let answer = page(&Page {
        rows,
        bare: frame.n("campaigns-opens-none", opens.get("").copied().unwrap_or(0)),
        kinds: kinds(&frame, &form.kind),
        countries: countries(&frame, &form.country),
        frame,
        say,
        form,
    })?;
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

/// `POST /staff/campaigns`: a new code. What was typed is not lost where something is wrong with it.
pub async fn add(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<Form>,
) -> Result<Response, Refusal> {
    allowed(&viewer)?;
    let added = match form.read() {
        Ok(campaign) => console.outreach.add(Some(viewer.id), &campaign).await?,
        Err(wrong) => Err(wrong),
    };
    match added {
        Ok(campaign) => Ok(Done::to(&format!("/staff/campaigns/{}", campaign.code), "saved")),
        Err(wrong) => {
            let say = Frame::of(&console, &viewer, "").word("campaign-wrong-", wrong.as_str());
            listed(&console, &viewer, &form, Some(Say::bad(say))).await
        }
    }
}

/// `GET /staff/campaigns.csv`.
pub async fn csv(State(console): State<Arc<Console>>, viewer: Viewer) -> Result<Response, Refusal> {
    allowed(&viewer)?;
    let outreach = &console.outreach;
    let page = |code: &str| outreach.reach().links(Some(code), "").page;
    let text = outreach::csv(&outreach.list().await?, &opens(&console).await?, outreach.today(), page);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"campaign-codes.csv\""),
        ),
    ];
    Ok((headers, text).into_response())
}
