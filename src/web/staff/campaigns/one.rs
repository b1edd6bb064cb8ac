//! One code: its links, QR codes and posters; changed, ended.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    super::{
        Console, Frame, Posted, Refusal, Viewer,
        frame::{Done, Say, page},
    },
    Choice, Form, allowed, countries, kinds, poster, state,
};
use crate::{
    domain::{Day, Locale},
    outreach::{self, Campaign, Links, Wrong},
    web::leaflet,
};

/// A link, or that its channel is not set up.
struct Way {
    target: &'static str,
    label: String,
    link: Option<String>,
    /// What the QR code shows to whoever cannot see it.
    alt: String,
}

#[derive(Template)]
#[template(path = "staff/campaigns/one.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    campaign: &'a Campaign,
    state: &'static str,
    created: String,
    opens: i64,
    ways: Vec<Way>,
    has_link: bool,
    sizes: [&'static str; 2],
    languages: [Locale; 3],
    kinds: Vec<Choice>,
    countries: Vec<Choice>,
    form: &'a Form,
}

pub(super) async fn known(console: &Console, code: &str) -> Result<Campaign, Refusal> {
    console.outreach.get(code).await?.ok_or(Refusal::NotFound)
}

/// The links of a code; the greeting on WhatsApp is in this language.
pub(super) fn links(console: &Console, code: &str, locale: Locale) -> Links {
    let greeting = leaflet::text(&console.interface, locale, "leaflet-greeting");
    console.outreach.reach().links(Some(code), &greeting)
}

/// `GET /staff/campaigns/{code}`.
pub async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(code): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Refusal> {
    allowed(&viewer)?;
    let campaign = known(&console, &code).await?;
    let say = done.say(&Frame::of(&console, &viewer, ""));
    shown(&console, &viewer, &campaign, &Form::of(&campaign), say).await
}

async fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    campaign: &Campaign,
    form: &Form,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let path = format!("/staff/campaigns/{}", campaign.code);
    let frame = Frame::of(console, viewer, "campaigns").at(&path);
    let links = links(console, &campaign.code, frame.content_locale());
    let way = |target: &'static str| {
        let link = links.get(target).map(str::to_owned);
        let alt = frame.with("campaign-qr-alt", "link", link.as_deref().unwrap_or_default());
        Way { target, label: frame.word("campaign-link-", target), link, alt }
    };
    let today = console.outreach.today();
    let opens = console.outreach.link_opens(&(Day::default()..=today)).await?;
    let bad = say.as_ref().is_some_and(|say| say.bad);
    let answer = page(&Page {
        ways: Links::TARGETS.map(way).into_iter().collect(),
        has_link: links.best().is_some(),
        state: state(campaign, today),
        created: viewer.time(campaign.created_at),
        opens: opens.get(&campaign.code).copied().unwrap_or(0),
        sizes: poster::SIZES,
        languages: Locale::ALL,
        kinds: kinds(&frame, &form.kind),
        countries: countries(&frame, &form.country),
        campaign,
        frame,
        say,
        form,
    })?;
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

/// `POST /staff/campaigns/{code}`.
pub async fn change(
    State(console): State<Arc<Console>>,
    Path(code): Path<String>,
    Posted { viewer, form, .. }: Posted<Form>,
) -> Result<Response, Refusal> {
    allowed(&viewer)?;
    let campaign = known(&console, &code).await?;
    let form = Form { code: campaign.code.clone(), ..form };
    let changed = match form.read() {
        Ok(new) => console.outreach.change(Some(viewer.id), &new).await?,
        Err(wrong) => Err(wrong),
    };
    match changed {
        Ok(()) => Ok(Done::to(&format!("/staff/campaigns/{}", campaign.code), "saved")),
        Err(wrong) => refused(&console, &viewer, &campaign, form, wrong).await,
    }
}

async fn refused(
    console: &Arc<Console>,
    viewer: &Viewer,
    campaign: &Campaign,
    form: Form,
    wrong: Wrong,
) -> Result<Response, Refusal> {
    let say = Say::bad(Frame::of(console, viewer, "").word("campaign-wrong-", wrong.as_str()));
    // Somebody else's change is shown; one's own, with a mistake in it, is not lost.
    let form = if wrong == Wrong::Changed { Form::of(campaign) } else { form };
    shown(console, viewer, campaign, &form, Some(say)).await
}

#[derive(Deserialize)]
pub struct Ending {
    version: i64,
}

/// `POST /staff/campaigns/{code}/end`.
pub async fn end(
    State(console): State<Arc<Console>>,
    Path(code): Path<String>,
    Posted { viewer, form, .. }: Posted<Ending>,
) -> Result<Response, Refusal> {
    allowed(&viewer)?;
    let campaign = known(&console, &code).await?;
    match console.outreach.end(Some(viewer.id), &campaign.code, Some(form.version)).await? {
        Ok(()) => Ok(Done::to(&format!("/staff/campaigns/{}", campaign.code), "campaign-ended")),
        Err(wrong) => refused(&console, &viewer, &campaign, Form::of(&campaign), wrong).await,
    }
}

/// `GET /staff/campaigns/{code}/qr/{target}.{svg,png}`.
pub async fn qr(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path((code, file)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    allowed(&viewer)?;
    let campaign = known(&console, &code).await?;
    let (target, kind) = file.split_once('.').ok_or(Refusal::NotFound)?;
    let links = links(&console, &campaign.code, Frame::of(&console, &viewer, "").content_locale());
    let link = links.get(target).ok_or(Refusal::NotFound)?;
    let drawn = match kind {
        "svg" => outreach::svg(link).map(|svg| ("image/svg+xml", svg.into_bytes())),
        "png" => outreach::png(link).map(|png| ("image/png", png)),
        _ => return Err(Refusal::NotFound),
    };
    let (kind, bytes) = drawn.map_err(|error| {
        tracing::error!(%error, "a QR code could not be drawn");
        Refusal::Unavailable
    })?;
    let name = format!("inline; filename=\"{}-{file}\"", campaign.code);
    let name = HeaderValue::from_str(&name).map_err(|_| Refusal::NotFound)?;
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
