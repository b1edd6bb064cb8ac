//! A leaflet's short page: `/l/<code>` offers the channels that are set up, in three languages, without scripts.
//!
//! Opens are counted by day and code, and nothing else is kept: no address, no cookie.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Method, header},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    assets,
    chat::{Chat, languages},
    error::WebError,
};
use crate::{domain::Locale, outreach, outreach::Links, text::Texts};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    /// A language that was chosen on the page: not a new open.
    lang: String,
}

#[derive(Template)]
#[template(path = "leaflet.html")]
struct Page<'a> {
    locale: Locale,
    locales: [Locale; 3],
    /// The page's own path, for the choice of languages.
    path: String,
    links: Links,
    has_code: bool,
    texts: &'a Texts,
    css: &'static str,
    icon: &'static str,
}

impl Page<'_> {
    fn t(&self, id: &str) -> String {
        text(self.texts, self.locale, id)
    }
}

/// A text of `leaflet.ftl`; empty where there is none (a test finds it).
pub(super) fn text(texts: &Texts, locale: Locale, id: &str) -> String {
    texts.format(locale, id, None, None).unwrap_or_default().into_owned()
}

/// `GET /l`: the channels, without a code.
pub(super) async fn bare(
    state: State<Arc<Chat>>,
    method: Method,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    show(state, method, Path(String::new()), asked, headers).await
}

/// `GET /l/{code}`. With a code that is unknown or over the channels are offered all the same, without it.
pub(super) async fn show(
    State(chat): State<Arc<Chat>>,
    method: Method,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (outreach, texts) = (&chat.web.console.outreach, &*chat.web.console.interface);
    let known = outreach.get(&code).await.unwrap_or_else(|error| {
        // Whoever stands before a poster gets the channels, whatever the database does.
        tracing::warn!(%error, "a code could not be looked up");
        None
    });
    let live = known.filter(|campaign| !campaign.is_over(outreach.today())).map(|campaign| campaign.code);
    let chosen = Locale::parse(&asked.lang);
    if chosen.is_none() && method == Method::GET && !is_robot(&headers) {
        outreach.opened(live.as_deref());
    }
    let locale = chosen
        .or_else(|| languages(&headers).find_map(|tag| Locale::parse(&tag)))
        .unwrap_or(Locale::REFERENCE);
    let mut links = outreach.reach().links(live.as_deref(), &text(texts, locale, "leaflet-greeting"));
    // The web chat is where this page came from.
    links.web = Some(live.as_deref().map_or_else(|| "/".to_owned(), |code| format!("/?s={code}")));
    let page = Page {
        locale,
        locales: [Locale::Tg, Locale::Ky, Locale::Ru],
        path: live.as_deref().map_or_else(|| "/l".to_owned(), |code| format!("/l/{code}")),
        has_code: live.is_some(),
        links,
        texts,
        css: assets::version("leaflet.css"),
        icon: assets::version("icon.svg"),
    };
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "a leaflet's page could not be rendered");
        WebError::Unavailable
    })?;
    let mut answer = Html(html).into_response();
    let out = answer.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(header::VARY, HeaderValue::from_static("accept-language"));
    Ok(answer)
}

fn is_robot(headers: &HeaderMap) -> bool {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let purposes: Vec<&str> =
        ["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().filter_map(value).collect();
    outreach::is_robot(value("user-agent"), &purposes)
}
