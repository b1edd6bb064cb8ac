//! What became of one item: each change with who wrote, who approved, when and from where; an old text as a draft again.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Bar, Console, Did, Frame, Names, Refusal, SECTION, Viewer,
    labels::{Labels, address, anchor, family, members},
    path_of, reader, refused, set,
    shown::{self, Group, Made, groups},
    writer,
};
use crate::{
    content::items::{self, ItemKey},
    domain::ChangeSetId,
    studio::{Edit, SetState, Step, StudioError, Wrong},
    web::staff::{Posted, Say, page},
};

/// Publications of a page.
const STEPS: usize = 10;
/// Most that one can ask for: each is read from its release.
const STEPS_MAX: usize = 60;

/// A publication that changed it.
struct Row {
    publication: i64,
    at: String,
    origin: String,
    note: String,
    set: Option<String>,
    by: Option<String>,
    authors: String,
    sources: String,
    groups: Vec<Group>,
}

/// A draft of a set on its way.
struct Draft {
    set: String,
    title: String,
    by: String,
    at: String,
}

#[derive(Template)]
#[template(path = "staff/studio/history.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    bar: Option<Bar>,
    title: String,
    kind: String,
    address: String,
    node: Option<String>,
    in_set: String,
    rows: Vec<Row>,
    has_more: bool,
    drafts: Vec<Draft>,
    hand: Option<String>,
    can_edit: bool,
    can_say: bool,
    /// Sets that an old text may go into; none: the viewer does not write.
    sets: Vec<(String, String, bool)>,
    can_restore: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    /// The set in hand.
    set: String,
    /// How many steps to show.
    most: usize,
}

/// `GET /staff/content/item/{key}/history`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let key = ItemKey::parse(&key).ok_or(Refusal::NotFound)?;
    shown(&console, &viewer, &key, &asked, None).await
}

async fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    key: &ItemKey,
    asked: &Asked,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let own = family(key);
    let path = format!("/staff/content/item/{}/history", address(&own));
    let frame = Frame::of(console, viewer, SECTION).at(&path);
    let keys = members(&own);
    let most = asked.most.clamp(STEPS, STEPS_MAX);
    let mut story = console.studio.story(&keys, most + 1).await?;
    let (_, files) = console.studio.releases().files().await.map_err(StudioError::from)?;
    if story.is_empty() && !keys.iter().any(|key| items::item(&files, key).is_some()) {
        return Err(Refusal::NotFound);
    }
    let has_more = story.len() > most;
    story.truncate(most);
    let names = Names::of(console).await?;
    let release = shown::release(console);
    let labels = Labels { console, frame: &frame, release: &release };
    let rows = story.iter().map(|step| row(&labels, viewer, &names, step)).collect();
    let (open, _) = console.studio.sets().await?;
    let mut drafts = Vec::new();
    for member in &keys {
        for (id, draft) in console.studio.drafts_of(member).await? {
            let title = open.iter().find(|(set, _)| set.id == id).map(|(set, _)| set.title.clone());
            drafts.push(Draft {
                set: id.to_string(),
                title: title.unwrap_or_default(),
                by: names.get(draft.by),
                at: viewer.time(draft.at),
            });
        }
    }
    drafts.dedup_by(|one, other| one.set == other.set && one.by == other.by);
    let can_restore = writer(viewer).is_ok();
    let drafting = open.iter().filter(|(set, _)| can_restore && set.state == SetState::Draft);
    let sets = drafting
        .map(|(set, _)| (set.id.to_string(), set.title.clone(), set.id.to_string() == asked.set))
        .collect();
    let bar = match asked.set.as_str() {
        "" => None,
        id => Some(Bar::of(&frame, &set(console, id).await?)),
    };
    let changes: Vec<_> = story.iter().flat_map(|step| &step.told).map(|told| &told.change).collect();
    let bad = say.as_ref().is_some_and(|say| say.bad);
    let answer = page(&Page {
        say,
        bar,
        title: labels.title(&own, &changes),
        kind: labels.kind(&own),
        address: address(&own),
        node: matches!(own, ItemKey::Node(_)).then(|| own.name().to_owned()),
        in_set: asked.set.clone(),
        rows,
        has_more,
        drafts,
        hand: None,
        can_edit: false,
        can_say: false,
        sets,
        can_restore,
        frame,
    })?;
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}

fn row(labels: &Labels<'_>, viewer: &Viewer, names: &Names, step: &Step) -> Row {
    let one = &step.published;
    let mut authors: Vec<String> =
        step.told.iter().filter_map(|told| told.by).map(|by| names.get(by)).collect();
    authors.sort();
    authors.dedup();
    let origin = if ["embedded", "folder", "studio", "revert"].contains(&one.origin.as_str()) {
        one.origin.as_str()
    } else {
        "other"
    };
    Row {
        publication: one.id,
        at: viewer.time(one.at),
        origin: labels.frame.word("sets-origin-", origin),
        note: one.note.clone().unwrap_or_default(),
        set: one.set.map(|set| set.to_string()),
        by: one.by.map(|by| names.get(by)),
        authors: authors.join(", "),
        sources: step.sources.join(", "),
        groups: groups(labels, step.told.iter().map(|told| Made::told(told, names)).collect()),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Restoring {
    publication: i64,
    item: String,
    /// The set's number, or `new`.
    set: String,
}

/// `POST /staff/content/item/{key}/history`: the text of that publication becomes a draft.
pub(super) async fn restore(
    State(console): State<Arc<Console>>,
    Path(key): Path<String>,
    Posted { viewer, form, .. }: Posted<Restoring>,
) -> Result<Response, Refusal> {
    writer(&viewer)?;
    let page_key = ItemKey::parse(&key).ok_or(Refusal::NotFound)?;
    let key = ItemKey::parse(&form.item).ok_or(Refusal::NotFound)?;
    match restored(&console, &viewer, &key, &form).await {
        Ok(id) => Ok(Did::to(&path_of(id), "open", &anchor(&key))),
        Err(error) => {
            let frame = Frame::of(&console, &viewer, "");
            let say = match error {
                StudioError::Wrong(Wrong::Overtaken(_)) => frame.t("sets-restore-drafted"),
                error => refused(&frame, error)?,
            };
            let asked =
                Asked { set: form.set.parse::<i64>().map(|id| id.to_string()).unwrap_or_default(), most: 0 };
            shown(&console, &viewer, &page_key, &asked, Some(Say::bad(say))).await
        }
    }
}

async fn restored(
    console: &Console,
    viewer: &Viewer,
    key: &ItemKey,
    form: &Restoring,
) -> Result<ChangeSetId, StudioError> {
    let studio = &console.studio;
    let (path, after, source) = studio.as_it_was(form.publication, key).await?;
    let (_, files) = studio.releases().files().await?;
    let base = items::item(&files, key).map(|item| item.source.to_owned());
    if base == source {
        // It is as it was: nothing to restore.
        return Err(Wrong::Empty.into());
    }
    let set = match form.set.as_str() {
        "new" => {
            let frame = Frame::new(console, Some(viewer), viewer.locale, "");
            let name = family(key).name().chars().take(60).collect::<String>();
            studio.open(viewer.id, &frame.with("sets-restore-title", "name", name)).await?
        }
        id => id.parse().map(ChangeSetId).map_err(|_| Wrong::NotFound)?,
    };
    let edit = Edit { key: key.clone(), path, after, base, source, seen: None };
    studio.save(viewer.id, set, vec![edit]).await?;
    Ok(set)
}
