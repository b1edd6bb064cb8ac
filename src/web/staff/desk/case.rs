//! A case's page: what was said, what the person told, and what may be done.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    After,
    again::Again,
    case_of,
    file::{File, file_of},
    pages, path_of,
    queue::{Names, day, names},
    replies::{Reply, replies},
    who, words,
};
use crate::{
    content::{Kind, Release},
    desk::{
        ANSWER_MAX_CHARS, Author, CaseRow, CaseState, Delivery, DeskError, Entry, NOTE_MAX_CHARS, Refused,
        Shown,
    },
    domain::{AUDIENCE, CITIZENSHIP, CaseId, DESTINATION, FILE_MAX_BYTES, StaffId, Timestamp},
    web::staff::{Console, Frame, Refusal, Say, Viewer, page, viewer::LIVE_HEADER},
};

/// Something said, ready to be shown.
struct Line {
    id: i64,
    /// `contact`, `staff`, `bot`, `note`: the look of it.
    kind: &'static str,
    who: String,
    time: String,
    iso: String,
    text: String,
    /// The language of the text, where it is the person's.
    lang: String,
    page: Option<String>,
    file: Option<File>,
    place: Option<Place>,
    delivery: Option<String>,
    failed: bool,
}

/// Coordinates, and a map of them that opens when somebody wants it.
struct Place {
    text: String,
    href: Option<String>,
}

struct OtherLine {
    href: Option<String>,
    topic: String,
    time: String,
    state: String,
    help: String,
}

/// What the person said of themselves.
struct Known {
    question: String,
    answer: String,
    /// The language of both, where the viewer's is another.
    lang: Option<&'static str>,
}

/// A page that the person saw before they asked.
struct Step {
    /// For those who do not read the content's languages: what the page is about.
    topic: String,
    title: String,
}

#[derive(Template)]
#[template(path = "staff/desk/case.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    path: String,
    case: &'a Shown,
    id: CaseId,
    state: String,
    is_waiting: bool,
    may_hand: bool,
    may_note: bool,
    topic: String,
    language: String,
    country: String,
    channel: String,
    holder: String,
    opened: String,
    /// Since when the person waits for a word, if they do: how long that is.
    waits: Option<String>,
    /// How long the case was or is open.
    lasts: String,
    follow_up: Option<String>,
    lines: Vec<Line>,
    trail: Vec<Step>,
    answers: Vec<Known>,
    /// The language in which the viewer gets the content.
    content_lang: &'static str,
    others: Vec<OtherLine>,
    lookers: Vec<String>,
    window: Option<Say>,
    replies: Vec<Reply>,
    pages: Vec<pages::Sendable>,
    colleagues: Vec<words::Choice>,
    skills: Vec<words::Choice>,
    draft: String,
    /// What somebody wrote who may not send it any more.
    kept: Option<String>,
    /// A note, and a hand-over, that were refused: their fields stand open with what was written.
    note: Option<String>,
    hand_note: Option<String>,
    /// The case will soon be taken from its holder, who looks.
    is_warned: bool,
    answer_max: usize,
    /// Bytes of the longest file.
    file_max: usize,
    note_max: usize,
}

/// `GET /staff/case/{id}`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(after): Query<After>,
    Query(earlier): Query<Earlier>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    // A refresh of the page's own script is no look of its own.
    let first_look = !headers.contains_key(LIVE_HEADER);
    let case = case_of(&id)?;
    let say = after.say(&Frame::of(&console, &viewer, "queue"));
    let before = earlier.before.parse().unwrap_or(i64::MAX);
    page_of(&console, &viewer, case, first_look, before, say, Again::default()).await
}

/// `?before=…`: what was said before an entry.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Earlier {
    before: String,
}

/// The page with what could not be done, so that what was written is not lost.
pub(super) async fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    id: CaseId,
    before: i64,
    say: Option<Say>,
    again: Again,
) -> Result<Response, Refusal> {
    page_of(console, viewer, id, false, before, say, again).await
}

async fn page_of(
    console: &Arc<Console>,
    viewer: &Viewer,
    id: CaseId,
    first_look: bool,
    before: i64,
    say: Option<Say>,
    again: Again,
) -> Result<Response, Refusal> {
    let who = who(viewer)?;
    let case = match console.desk.read_before(&who, id, first_look, before).await {
        // The link of an alarm, or one that was kept: the case can be taken.
        Err(DeskError::Refused(Refused::Waits)) if first_look => {
            return Ok(Redirect::to(&format!("{}/claim", path_of(id))).into_response());
        }
        other => other?,
    };
    console.desk.look(&who, id, false).await?;
    let status = if again.is_any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let Again { answer: draft, note, hand } = again;
    let (to, hand_note) = hand.unzip();
    let to = to.unwrap_or_default();
    let path = path_of(id);
    let frame = Frame::of(console, viewer, "queue").at(&path);
    let release = console.desk.release();
    let names = names(console).await?;
    let colleagues = console.desk.colleagues().await?;
    let row = &case.row;
    let now = console.desk.now();
    let topic =
        |topic: Option<&str>| topic.map_or_else(|| frame.t("desk-topic-none"), |id| words::topic(&frame, id));
    let lookers = console.desk.others(id, viewer.id).into_iter().filter_map(|(staff, writes)| {
        let name = names.get(&staff)?;
        Some(frame.with(if writes { "desk-writes" } else { "desk-looks" }, "name", name))
    });
    let may_hand = row.state.is_open() && (case.mine || who.supervisor);
    let answer = page(&Page {
        say,
        state: frame.word("desk-state-", row.state.as_str()),
        is_waiting: row.state == CaseState::Waiting,
        may_hand,
        // Nothing is kept of somebody who is gone.
        may_note: row.state != CaseState::Erased,
        topic: topic(row.topic.as_deref()),
        language: words::language(&row.locale),
        country: frame.word("country-", &row.country),
        channel: frame.word("desk-channel-", &row.channel),
        holder: row.holder.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        opened: frame.time(&row.opened_at),
        waits: waits_since(row).map(|since| words::since(&frame, since, now)),
        lasts: words::since(&frame, row.opened_at, row.closed_at.unwrap_or(now)),
        follow_up: row.follow_up_at.map(|at| day(&frame, at)),
        lines: lines(console, &frame, &names, &case),
        trail: case.told.path.iter().map(|node| step(&frame, &release, node)).collect(),
        content_lang: frame.content_locale().as_str(),
        answers: answers(&frame, &release, &case),
        others: others(&frame, &case, topic),
        lookers: lookers.collect(),
        window: window(&frame, &case, now),
        replies: replies(console, &frame, case.row.topic.as_deref(), case.locale),
        pages: pages::titles(&release, case.locale, frame.content_locale()),
        colleagues: chosen(people(&frame, &colleagues, viewer.id, row.holder), &to),
        skills: chosen(skills(&colleagues), &to),
        // What no form of the page takes any more.
        kept: draft.clone().filter(|_| !case.mine).or_else(|| hand_note.clone().filter(|_| !may_hand)),
        note,
        hand_note,
        is_warned: case.mine && row.warned_at.is_some(),
        draft: draft.unwrap_or_else(|| case.draft.clone()),
        answer_max: ANSWER_MAX_CHARS,
        file_max: FILE_MAX_BYTES,
        note_max: NOTE_MAX_CHARS,
        path,
        id,
        case: &case,
        frame,
    })?;
    Ok((status, answer).into_response())
}

/// Since when the person waits: since the first of their words that has no answer, whoever has the case; in the queue, if
/// all were answered, since it went there.
fn waits_since(row: &CaseRow) -> Option<Timestamp> {
    match row.state {
        CaseState::Waiting => Some(row.owed_since.unwrap_or(row.waiting_since)),
        CaseState::Claimed => row.owed_since.filter(|_| row.contact.is_some()),
        CaseState::Closed | CaseState::Erased => None,
    }
}

fn lines(console: &Console, frame: &Frame<'_>, names: &Names, case: &Shown) -> Vec<Line> {
    let release = console.desk.release();
    let name = |id: Option<StaffId>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    case.entries
        .iter()
        .map(|entry| {
            let mut line = Line {
                id: entry.id,
                kind: entry.author.as_str(),
                who: match entry.author {
                    Author::Contact => frame.t("desk-person"),
                    Author::Bot => String::new(),
                    Author::Staff | Author::Note => name(entry.staff),
                },
                time: frame.time(&entry.at),
                iso: entry.at.to_iso(),
                text: entry.text.clone(),
                lang: case.row.locale.clone(),
                page: None,
                file: entry.attachment.as_ref().map(|file| file_of(frame, file, entry.file_name.as_deref())),
                place: None,
                delivery: entry.delivery.as_ref().map(|delivery| delivered(frame, delivery)),
                failed: entry.delivery.as_ref().is_some_and(|delivery| delivery.state == "failed"),
            };
            match entry.kind.as_str() {
                "mark" => line.text = marked(frame, entry, &name),
                "page" => {
                    line.page = Some(words::page_title(&release, frame.locale, &entry.text));
                    line.text = String::new();
                }
                "edited" => line.text = format!("{}\n{}", frame.t("desk-edited"), line.text),
                "location" => {
                    // Coordinates only: nothing of it is looked up by us.
                    line.place = Some(place_of(std::mem::take(&mut line.text)));
                }
                _ => {}
            }
            line
        })
        .collect()
}

/// A place of `latitude,longitude`, with the address of a map.
fn place_of(text: String) -> Place {
    let numbers = text.split_once(',').and_then(|(latitude, longitude)| {
        Some((latitude.parse::<f64>().ok()?, longitude.parse::<f64>().ok()?))
    });
    let href = numbers.map(|(latitude, longitude)| {
        let at = format!("{latitude:.6}/{longitude:.6}");
        format!("https://www.openstreetmap.org/?mlat={latitude:.6}&mlon={longitude:.6}#map=16/{at}")
    });
    Place { text, href }
}

/// What may happen to a case: texts `desk-mark-<word>`.
const MARKS: [&str; 17] = [
    "followed-up",
    "follow-up-moved",
    "unseen",
    "claimed",
    "transferred",
    "assigned",
    "released",
    "returned",
    "warned",
    "closed",
    "reopened",
    "alarmed",
    "urgent",
    "raised",
    "lowered",
    "left",
    "away",
];

fn marked(frame: &Frame<'_>, entry: &Entry, name: &dyn Fn(Option<StaffId>) -> String) -> String {
    let Some(mark) = &entry.mark else { return String::new() };
    let Some(what) = MARKS.iter().find(|known| **known == mark.what) else { return String::new() };
    let text = frame.with2(&format!("desk-mark-{what}"), "by", name(entry.staff), "to", name(mark.to));
    if mark.note.is_empty() { text } else { format!("{text}\n{}", mark.note) }
}

/// Codes of failures that have a text `delivery-why-<word>`.
const CODES: [&str; 13] = [
    "blocked",
    "left",
    "window_closed",
    "no_template",
    "expired",
    "nobody",
    "unreadable",
    "ambiguous",
    "throttled",
    "file",
    "file_gone",
    "file_lost",
    "too_large",
];

/// State of a message, with the reason of a failure and the doubt, if there is one.
fn delivered(frame: &Frame<'_>, delivery: &Delivery) -> String {
    let mut text = frame.word("delivery-", &delivery.state);
    if delivery.state == "failed" {
        let code = delivery.error.as_deref().unwrap_or_default();
        let known = CODES.iter().find(|known| **known == code).map(|known| known.replace('_', "-"));
        text.push_str(": ");
        text.push_str(&known.map_or_else(
            || frame.with("delivery-why-other", "code", code),
            |known| frame.word("delivery-why-", known),
        ));
    }
    if delivery.uncertain {
        text.push_str(" · ");
        text.push_str(&frame.t("delivery-uncertain"));
    }
    text
}

fn step(frame: &Frame<'_>, release: &Release, node: &str) -> Step {
    let topic = release.living(node).and_then(|node| node.topics.first());
    Step {
        topic: topic
            .filter(|_| frame.locale.chat().is_none())
            .map(|id| words::topic(frame, id))
            .unwrap_or_default(),
        title: words::page_title(release, frame.locale, node),
    }
}

/// What the content asks of everybody: in words of the console for those who do not read the content's languages.
const PROFILE: [(&str, &str, &str); 3] = [
    (AUDIENCE, "close-audience", "audience-"),
    (CITIZENSHIP, "close-origin", "country-"),
    (DESTINATION, "close-stay", "country-"),
];

/// What they told about themselves: question and answer as the content puts them.
fn answers(frame: &Frame<'_>, release: &Release, case: &Shown) -> Vec<Known> {
    let told = case.told.profile.iter().filter_map(|(key, value)| {
        if frame.locale.chat().is_none()
            && let Some((_, question, prefix)) = PROFILE.iter().find(|(known, _, _)| known == key)
        {
            return Some(Known {
                question: frame.t(question),
                answer: frame.word(prefix, value),
                lang: None,
            });
        }
        let locale = frame.content_locale();
        let ask = release.nodes().find(|node| matches!(&node.kind, Kind::Ask(ask) if *ask.var == **key))?;
        let question = words::title(release, locale, ask.id.as_str())?;
        let attribute = format!("opt-{value}");
        let answer = release.texts.format(locale, ask.id.as_str(), Some(&attribute), None);
        Some(Known {
            question,
            answer: answer.map_or_else(|| value.clone(), std::borrow::Cow::into_owned),
            lang: frame.locale.chat().is_none().then(|| locale.as_str()),
        })
    });
    told.collect()
}

fn others(frame: &Frame<'_>, case: &Shown, topic: impl Fn(Option<&str>) -> String) -> Vec<OtherLine> {
    case.others
        .iter()
        .map(|other| OtherLine {
            href: other.readable.then(|| path_of(other.id)),
            topic: topic(other.topic.as_deref()),
            time: frame.time(&other.opened_at),
            state: frame.word("desk-state-", other.state.as_str()),
            help: other.help.as_ref().map(|help| frame.word("help-", help)).unwrap_or_default(),
        })
        .collect()
}

/// WhatsApp's window, and whether anything arrives at all.
fn window(frame: &Frame<'_>, case: &Shown, now: Timestamp) -> Option<Say> {
    case.row.contact?;
    if case.unreachable && case.row.channel == "web" {
        return Some(Say::bad(frame.t("desk-away")));
    }
    if case.unreachable {
        return Some(Say::bad(frame.t("desk-unreachable")));
    }
    let end = case.window_ends?;
    Some(if end > now {
        Say::good(frame.with("desk-window-open", "time", frame.time(&end)))
    } else {
        Say::bad(frame.t("desk-window-closed"))
    })
}

fn chosen(mut list: Vec<words::Choice>, value: &str) -> Vec<words::Choice> {
    for one in &mut list {
        one.chosen = one.value == value;
    }
    list
}

/// To whom a case may go: those who take cases, those on duty first.
fn people(
    frame: &Frame<'_>,
    all: &[crate::desk::Colleague],
    me: StaffId,
    holder: Option<StaffId>,
) -> Vec<words::Choice> {
    let may = |colleague: &&crate::desk::Colleague| colleague.consults && Some(colleague.id) != holder;
    let mut list: Vec<&crate::desk::Colleague> = all.iter().filter(may).collect();
    list.sort_by_key(|colleague| (!colleague.on_duty, colleague.id == me));
    list.into_iter()
        .map(|colleague| words::Choice {
            value: format!("staff.{}", colleague.id),
            label: if colleague.on_duty {
                colleague.name.clone()
            } else {
                frame.with("case-hand-off-duty", "name", &colleague.name)
            },
            chosen: false,
        })
        .collect()
}

fn skills(all: &[crate::desk::Colleague]) -> Vec<words::Choice> {
    let mut words: Vec<&String> =
        all.iter().filter(|colleague| colleague.consults).flat_map(|colleague| &colleague.skills).collect();
    words.sort_unstable();
    words.dedup();
    words
        .into_iter()
        .map(|skill| words::Choice { value: format!("skill.{skill}"), label: skill.clone(), chosen: false })
        .collect()
}
