//! Pages of the content in a case: found by typing, shown as the person would see them, sent.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{case_of, done, path_of, refused, who, words};
use crate::{
    channels::{self, telegram, whatsapp},
    compose::{self, Composed},
    content::{Kind, Matched, Release},
    desk::{Preview, Sent},
    domain::{ChannelKind, Locale, Profile},
    engine::HOME_OFFSET_MINUTES,
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page},
};

/// A page that may be sent.
pub(super) struct Sendable {
    pub node: String,
    /// In the person's language.
    pub title: String,
    /// In the viewer's, where it is another.
    pub own: String,
}

/// Pages that may be sent, by their titles in the person's language.
pub(super) fn titles(release: &Release, locale: Locale, own: Locale) -> Vec<Sendable> {
    let mut titles: Vec<Sendable> = release
        .nodes()
        .filter(|node| matches!(node.kind, Kind::Page | Kind::Places(_)))
        .filter_map(|node| {
            let own = (own != locale).then(|| words::title(release, own, node.id.as_str())).flatten();
            Some(Sendable {
                title: words::title(release, locale, node.id.as_str())?,
                own: own.unwrap_or_default(),
                node: node.id.to_string(),
            })
        })
        .collect();
    titles.sort_by(|a, b| a.title.cmp(&b.title));
    titles
}

/// Those whose title has all that was typed, in either language; then those that answer it as a question.
fn found(release: &Release, mut all: Vec<Sendable>, typed: &str) -> Vec<Sendable> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return all;
    }
    let has = |title: &mut Sendable| {
        let texts = [title.title.to_lowercase(), title.own.to_lowercase()];
        texts.iter().any(|text| typed.split_whitespace().all(|word| text.contains(word)))
    };
    let mut found: Vec<Sendable> = all.extract_if(.., has).collect();
    let answers = match release.answer(&typed, &Profile::default()) {
        Matched::One(node) => vec![node],
        Matched::Several(nodes) => nodes,
        Matched::Nothing => Vec::new(),
    };
    for node in answers {
        if let Some(at) = all.iter().position(|title| *title.node == *node.as_str()) {
            found.push(all.remove(at));
        }
    }
    found
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    node: String,
    find: String,
}

#[derive(Template)]
#[template(path = "staff/desk/pages.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    path: String,
    find: String,
    titles: Vec<Sendable>,
    lang: &'static str,
    own_lang: &'static str,
}

#[derive(Template)]
#[template(path = "staff/desk/preview.html")]
struct PreviewPage<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    path: String,
    title: String,
    node: String,
    /// As in the case: what the page comes after.
    after: i64,
    /// The text in pieces, with whether each is bold.
    text: Vec<(String, bool)>,
    rows: Vec<Vec<String>>,
    /// What the channel folds away behind the button above.
    folded: Vec<String>,
    lang: &'static str,
}

/// `GET /staff/case/{id}/page?find=…`: pages by what was typed; `?node=…`: one of them as the person would see it.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    let path = path_of(case);
    let release = console.desk.release();
    let frame = Frame::of(&console, &viewer, "queue").at(&path);
    if wanted.node.is_empty() {
        let locale = console.desk.locale_of(&who, case).await?;
        let own = frame.content_locale();
        let all = titles(&release, locale, own);
        let mut exact = all.iter().filter(|title| title.title == wanted.find.trim());
        if let (Some(one), None) = (exact.next(), exact.next()) {
            return Ok(Redirect::to(&format!("{path}/page?node={}", one.node)).into_response());
        }
        return page(&ListPage {
            titles: found(&release, all, &wanted.find),
            find: wanted.find,
            lang: locale.as_str(),
            own_lang: own.as_str(),
            path,
            frame,
        });
    }
    let Preview { say, channel, after } = match console.desk.preview(&who, case, &wanted.node).await {
        Ok(found) => found,
        Err(error) => return refused(&path, error),
    };
    let limits = match channel {
        ChannelKind::Telegram => &telegram::LIMITS,
        ChannelKind::WhatsApp => &whatsapp::LIMITS,
        ChannelKind::Web => &channels::web::LIMITS,
    };
    let today = console.desk.now().day(HOME_OFFSET_MINUTES);
    let composed = compose::compose(&release, &say, limits, today);
    let locale = say.locale.unwrap_or(Locale::REFERENCE);
    let (rows, folded) = drawn(&composed, channel);
    // The three channels draw the same markup; Telegram's way of reading it is WhatsApp's own.
    let text = telegram::render::pieces(&composed.text).map(|(text, bold)| (text.to_owned(), bold));
    page(&PreviewPage {
        say: None,
        title: words::title(&release, locale, &wanted.node).unwrap_or_default(),
        node: wanted.node,
        after,
        text: text.collect(),
        rows,
        folded,
        lang: locale.as_str(),
        path,
        frame,
    })
}

/// The buttons in rows as the channel puts them, and what it folds away behind them.
fn drawn(composed: &Composed, channel: ChannelKind) -> (Vec<Vec<String>>, Vec<String>) {
    let all = || composed.choices.iter().chain(&composed.system).map(|button| button.label.clone());
    match channel {
        ChannelKind::Telegram => {
            let rows = telegram::render::keyboard(&composed.choices, &composed.system);
            let row =
                |row: Vec<&compose::Button>| row.into_iter().map(|button| button.label.clone()).collect();
            (rows.into_iter().map(row).collect(), Vec::new())
        }
        ChannelKind::WhatsApp if whatsapp::render::is_folded(composed) => {
            (vec![vec![composed.list.button.clone()]], all().collect())
        }
        ChannelKind::WhatsApp | ChannelKind::Web => (all().map(|label| vec![label]).collect(), Vec::new()),
    }
}

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    node: String,
    #[serde(default)]
    after: i64,
}

/// `POST /staff/case/{id}/page`: sends a page of the content.
pub(super) async fn send(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Posted { viewer, form, .. }: Posted<Page>,
) -> Result<Response, Refusal> {
    let (case, who) = (case_of(&id)?, who(&viewer)?);
    match console.desk.send_page(&who, case, &form.node, form.after).await {
        Ok(Sent::Queued) => Ok(done(&path_of(case), "sent")),
        Ok(Sent::Held) => Ok(done(&path_of(case), "held")),
        Err(error) => refused(&path_of(case), error),
    }
}
