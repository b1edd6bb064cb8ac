//! One set: how far it has come, what it changes, what is said of it, and what may be done.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    Bar, Console, Did, Frame, Names, Refusal, SECTION, Viewer,
    clash::{Meeting, meetings},
    findings::Findings,
    labels::Labels,
    path_of, reader, set,
    shown::{self, Group, Made, Said, groups},
    writer,
};
use crate::{
    desk::Role,
    studio::{ChangeSet, Remark, SetState, SetView},
    web::staff::{Say, page},
};

/// What was typed and not taken: it stays in its field.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub title: Option<String>,
    pub summary: Option<String>,
    pub why: String,
    pub at: String,
    pub remark: String,
}

/// A step on the way.
struct Step {
    label: String,
    /// When and by whom.
    note: String,
    is_now: bool,
    is_past: bool,
}

/// What the viewer may do.
#[derive(Clone, Copy)]
struct May {
    /// Somebody who writes, while the set is on its way.
    say: bool,
    edit: bool,
    send: bool,
    take_back: bool,
    withdraw: bool,
    /// A publisher, while it is in review.
    decide: bool,
    /// They worked on it themselves.
    is_own: bool,
}

impl May {
    fn of(viewer: &Viewer, view: &SetView) -> Self {
        let writes = writer(viewer).is_ok();
        let state = view.set.state;
        let in_review = state == SetState::Review;
        Self {
            say: writes && state.is_open(),
            edit: writes && state == SetState::Draft,
            send: writes && state == SetState::Draft && !view.drafts.is_empty(),
            take_back: writes && matches!(state, SetState::Review | SetState::Approved),
            withdraw: writes && state.is_open(),
            decide: viewer.has(Role::Publisher) && in_review,
            is_own: view.is_work_of(viewer.id),
        }
    }
}

#[derive(Template)]
#[template(path = "staff/studio/set.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    bar: Option<Bar>,
    id: String,
    title: String,
    summary: String,
    state: &'static str,
    is_open: bool,
    is_withdrawn: bool,
    steps: Vec<Step>,
    /// Why it could not be published at its time.
    problem: Option<String>,
    publication: Option<i64>,
    publish_at: Option<String>,
    groups: Vec<Group>,
    /// The set of the forms beside each item.
    hand: Option<String>,
    can_edit: bool,
    can_say: bool,
    remarks: Vec<Said>,
    clashes: Vec<Meeting>,
    findings: Option<Findings>,
    may: May,
    typed: &'a Typed,
    zone: String,
}

/// `GET /staff/content/sets/{id}`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(did): Query<Did>,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let view = set(&console, &id).await?;
    let say = did.say(&Frame::of(&console, &viewer, ""));
    shown(&console, &viewer, &view, &Typed::default(), say).await
}

fn steps(frame: &Frame<'_>, names: &Names, viewer: &Viewer, set: &ChangeSet) -> Vec<Step> {
    const WAY: [SetState; 4] = [SetState::Draft, SetState::Review, SetState::Approved, SetState::Published];
    let here = WAY.iter().position(|state| *state == set.state);
    let note = |by: Option<_>, at: Option<_>| match (by, at) {
        (Some(by), Some(at)) => format!("{}, {}", names.get(by), viewer.time(at)),
        _ => String::new(),
    };
    let step = |(place, state): (usize, &SetState)| Step {
        label: frame.word("sets-state-", state.as_str()),
        note: match state {
            SetState::Draft => note(Some(set.made_by), Some(set.made_at)),
            SetState::Review if here.is_none_or(|here| here >= place) => note(set.sent_by, set.sent_at),
            SetState::Approved if here.is_none_or(|here| here >= place) => {
                note(set.decided_by, set.decided_at)
            }
            _ => String::new(),
        },
        is_now: here == Some(place),
        is_past: here.is_some_and(|here| here > place),
    };
    WAY.iter().enumerate().map(step).collect()
}

fn said(viewer: &Viewer, names: &Names, remark: &Remark) -> Said {
    Said {
        id: remark.id.to_string(),
        by: names.get(remark.by),
        at: viewer.time(remark.at),
        text: remark.text.clone(),
        settled: remark.settled_by.map(|by| names.get(by)),
    }
}

/// The page of a set.
pub(super) async fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    view: &SetView,
    typed: &Typed,
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let set = &view.set;
    let frame = Frame::of(console, viewer, SECTION).at(&path_of(set.id));
    let names = Names::of(console).await?;
    let release = shown::release(console);
    let labels = Labels { console, frame: &frame, release: &release };
    let may = May::of(viewer, view);
    let made = view.drafts.iter().map(|draft| {
        let own = view.remarks.iter().filter(|remark| remark.item.as_ref() == Some(&draft.change.key));
        Made {
            change: &draft.change,
            by: Some(names.get(draft.by)),
            at: Some(viewer.time(draft.at)),
            version: draft.version,
            remarks: own.map(|remark| said(viewer, &names, remark)).collect(),
        }
    });
    let groups = groups(&labels, made.collect());
    // Of the set as a whole, and of items that are out of it by now.
    let of_set = view
        .remarks
        .iter()
        .filter(|remark| remark.item.as_ref().is_none_or(|item| view.draft(item).is_none()));
    let remarks = of_set.map(|remark| said(viewer, &names, remark)).collect();
    let clashes = meetings(console, &labels, view).await?;
    let findings = match console.studio.checked_already(set).filter(|_| set.state.is_open()) {
        Some(checked) => Some(Findings::checked(console, &frame, viewer, view, &checked).await?),
        None => None,
    };
    let bad = say.as_ref().is_some_and(|say| say.bad);
    let answer = page(&Page {
        say,
        bar: Some(Bar::of(&frame, view)),
        id: set.id.to_string(),
        title: typed.title.clone().unwrap_or_else(|| set.title.clone()),
        summary: typed.summary.clone().unwrap_or_else(|| set.summary.clone()),
        state: set.state.as_str(),
        is_open: set.state.is_open(),
        is_withdrawn: set.state == SetState::Withdrawn,
        steps: steps(&frame, &names, viewer, set),
        problem: set.problem.as_ref().map(|word| frame.word("studio-wrong-", word)),
        publication: set.publication,
        publish_at: set.publish_at.filter(|_| set.state == SetState::Approved).map(|at| viewer.time(at)),
        groups,
        hand: set.state.is_open().then(|| set.id.to_string()),
        can_edit: may.edit,
        can_say: may.say,
        remarks,
        clashes,
        findings,
        may,
        typed,
        zone: crate::web::staff::zones::utc(viewer.zone),
        frame,
    })?;
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, answer).into_response())
}
