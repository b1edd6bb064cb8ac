//! A poster to print: one sheet of A4 or A5, with the QR code of the leaflet's page.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::{
    super::{Console, Frame, Refusal, Viewer, frame::page},
    allowed, one,
};
use crate::{domain::Locale, outreach, text::Texts, web::leaflet};

/// Sizes of paper, as the address and the style sheet call them.
pub const SIZES: [&str; 2] = ["a4", "a5"];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    lang: String,
}

/// What stands on the sheet.
struct Sheet {
    /// The QR code inside the page: whoever saves the page has it all.
    qr: String,
    /// The address without its scheme, to be typed.
    address: String,
    channels: String,
}

#[derive(Template)]
#[template(path = "staff/campaigns/poster.html")]
struct Page<'a> {
    frame: Frame<'a>,
    code: &'a str,
    size: &'static str,
    sizes: [&'static str; 2],
    hint: String,
    /// The poster's language, which need not be that of who prints it.
    language: Locale,
    languages: [Locale; 3],
    texts: &'a Texts,
    sheet: Option<Sheet>,
}

impl Page<'_> {
    fn p(&self, id: &str) -> String {
        leaflet::text(self.texts, self.language, id)
    }
}

/// `GET /staff/campaigns/{code}/poster/{a4,a5}?lang=tg`.
pub async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path((code, size)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    allowed(&viewer)?;
    let size = SIZES.into_iter().find(|known| *known == size).ok_or(Refusal::NotFound)?;
    let campaign = one::known(&console, &code).await?;
    let frame = Frame::of(&console, &viewer, "campaigns");
    let language = Locale::parse(&asked.lang).unwrap_or_else(|| frame.content_locale());
    let links = one::links(&console, &campaign.code, language);
    let sheet = match links.best() {
        None => None,
        Some(link) => {
            let svg = outreach::svg(link).map_err(|error| {
                tracing::error!(%error, "a QR code could not be drawn");
                Refusal::Unavailable
            })?;
            let bare = link.split_once("://").map_or(link, |(_, rest)| rest);
            let set = [("Telegram", &links.telegram), ("WhatsApp", &links.whatsapp), ("Web", &links.web)];
            let names: Vec<&str> =
                set.into_iter().filter(|(_, link)| link.is_some()).map(|(name, _)| name).collect();
            Some(Sheet {
                qr: format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg)),
                // What WhatsApp's greeting adds nobody types.
                address: bare.split('?').next().unwrap_or(bare).to_owned(),
                channels: names.join(" · "),
            })
        }
    };
    let status = if sheet.is_some() { StatusCode::OK } else { StatusCode::CONFLICT };
    let answer = page(&Page {
        hint: frame.with("campaign-poster-print", "size", size.to_ascii_uppercase()),
        frame,
        code: &campaign.code,
        size,
        sizes: SIZES,
        language,
        languages: Locale::ALL,
        texts: &console.interface,
        sheet,
    })?;
    Ok((status, answer).into_response())
}
