//! The chat page.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

use super::{
    assets,
    chat::{self, Chat},
    error::WebError,
    headers::POLICY_EMBEDDED,
    state::ChatStrings,
};
use crate::domain::Locale;

#[derive(Template)]
#[template(path = "chat.html")]
struct Page<'a> {
    locale: Locale,
    embed: bool,
    strings: InLocale<'a>,
    json: &'a str,
    /// Language and text: without scripts we cannot know which one is read.
    noscript: [(Locale, &'a str); 3],
    js: &'static str,
    css: &'static str,
    icon: &'static str,
}

struct InLocale<'a>(&'a ChatStrings, Locale);

impl InLocale<'_> {
    fn get(&self, key: &str) -> &str {
        self.0.get(self.1, key)
    }
}

/// `GET /`. `?s=code` is read by the script; `?embed=1` allows any site to frame the page.
pub(super) async fn show(
    State(chat): State<Arc<Chat>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let embed = query.is_some_and(|query| query.split('&').any(|pair| pair == "embed=1"));
    let locale = preferred(&headers);
    let strings: &ChatStrings = &chat.web.strings;
    let page = Page {
        locale,
        embed,
        strings: InLocale(strings, locale),
        json: strings.json(),
        noscript: Locale::ALL.map(|locale| (locale, strings.get(locale, "noscript"))),
        js: assets::version("chat.js"),
        css: assets::version("chat.css"),
        icon: assets::version("icon.svg"),
    };
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "the chat page could not be rendered");
        WebError::Unavailable
    })?;
    let mut answer = Html(html).into_response();
    let out = answer.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(header::VARY, HeaderValue::from_static("accept-language"));
    if embed {
        out.insert(header::CONTENT_SECURITY_POLICY, POLICY_EMBEDDED);
    }
    Ok(answer)
}

/// The first language of the browser that we speak; else Russian.
fn preferred(headers: &HeaderMap) -> Locale {
    chat::languages(headers).find_map(|tag| Locale::parse(&tag)).unwrap_or(Locale::REFERENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_speaks_the_first_language_that_we_know() {
        for (sent, locale) in [
            ("ky-KG,ky;q=0.9,ru;q=0.8", Locale::Ky),
            ("de, TG;q=0.5", Locale::Tg),
            ("de", Locale::Ru),
            ("", Locale::Ru),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(sent).unwrap());
            assert_eq!(preferred(&headers), locale, "{sent}");
        }
    }

    #[test]
    fn no_script_or_style_stands_inline() {
        let strings = ChatStrings::embedded();
        let page = Page {
            locale: Locale::Tg,
            embed: true,
            strings: InLocale(&strings, Locale::Tg),
            json: strings.json(),
            noscript: Locale::ALL.map(|locale| (locale, strings.get(locale, "noscript"))),
            js: "1",
            css: "2",
            icon: "3",
        };
        let html = page.render().unwrap();
        assert!(html.contains("<html lang=\"tg\" class=\"embed\">"));
        assert!(html.contains("Паём нависед"));
        assert_eq!(
            html.matches("<script").count(),
            html.matches("<script type=\"application/json\"").count() + 1
        );
        assert!(!html.contains("style=") && !html.contains("<style") && !html.contains(" on"), "inline");
    }
}
