//! The queue: what waits, what the viewer has, what ended.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{After, case_of, refused, who, words};
use crate::{
    desk::{
        CaseState, DeskError, Ended, Filter, Place, Queued, Refused, Role, fresh, help_of,
        outcome::COUNTRIES, owes,
    },
    domain::{CaseId, Locale, StaffId, Timestamp},
    web::staff::{Console, Frame, Posted, Refusal, Say, Viewer, page},
};

/// A case as a line of a list.
pub struct Line {
    pub id: CaseId,
    pub urgent: bool,
    pub topic: String,
    pub language: String,
    /// Its code, for screen readers.
    pub lang: String,
    pub country: String,
    pub channel: String,
    pub skill: String,
    pub waited: String,
    pub holder: String,
    /// The person waits for a word.
    pub owes: bool,
    /// When it goes back to the queue, of a case whose holder was warned.
    pub returns: String,
    /// What its holder, who looks, has not seen: texts `desk-new-<word>`.
    pub fresh: Vec<&'static str>,
    /// The viewer has the case.
    pub mine: bool,
    pub reopened: bool,
    pub ended: String,
    pub erased: bool,
    pub help: String,
    pub helped: Option<bool>,
    pub follow_up: String,
    /// Whether its page opens for the viewer.
    pub readable: bool,
}

/// Names of staff by id.
pub type Names = HashMap<StaffId, String>;

/// Reads the names of all who work here.
pub async fn names(console: &Console) -> Result<Names, Refusal> {
    let colleagues = console.desk.colleagues().await?;
    Ok(colleagues.into_iter().map(|colleague| (colleague.id, colleague.name)).collect())
}

/// Lines of a list.
pub fn lines(
    console: &Console,
    frame: &Frame<'_>,
    names: &Names,
    viewer: &Viewer,
    list: &[Queued],
) -> Vec<Line> {
    let now = console.desk.now();
    let is_supervisor = viewer.has(Role::Supervisor);
    list.iter()
        .map(|case| {
            let waits_since = match case.state {
                CaseState::Waiting => Some(case.waiting_since),
                // The first of their words that had no answer.
                _ if owes(case) => Some(case.owed_since.or(case.contact_at).unwrap_or(case.opened_at)),
                _ => None,
            };
            // Who was answered does not wait: then it is told how long ago that was.
            let answered = |at| frame.with("desk-answered", "time", words::since(frame, at, now));
            let waited = match (waits_since, case.staff_at) {
                (Some(since), _) => words::since(frame, since, now),
                (None, Some(at)) => answered(at),
                (None, None) => String::new(),
            };
            let topic = |id: &String| words::topic(frame, id);
            Line {
                id: case.id,
                urgent: case.urgent,
                topic: case.topic.as_ref().map_or_else(|| frame.t("desk-topic-none"), topic),
                language: words::language(&case.locale),
                lang: case.locale.clone(),
                country: frame.word("country-", &case.country),
                channel: frame.word("desk-channel-", &case.channel),
                skill: case.skill.clone().unwrap_or_default(),
                waited,
                holder: case.holder.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
                owes: case.state == CaseState::Claimed && owes(case),
                returns: console
                    .desk
                    .returns_at(case)
                    .map(|at| frame.with("desk-returns", "time", frame.time(&at)))
                    .unwrap_or_default(),
                fresh: match case.holder {
                    Some(holder) if holder == viewer.id => {
                        fresh(case).into_iter().map(|(noise, _)| noise.as_str()).collect()
                    }
                    _ => Vec::new(),
                },
                mine: case.holder == Some(viewer.id),
                reopened: case.reopened > 0,
                ended: case.closed_at.map(|at| frame.time(&at)).unwrap_or_default(),
                erased: case.state == CaseState::Erased,
                help: help_of(case.outcome.as_deref())
                    .map(|help| frame.word("help-", help))
                    .unwrap_or_default(),
                helped: case.rating.map(|rating| rating == 1),
                follow_up: case.follow_up_at.map(|at| day(frame, at)).unwrap_or_default(),
                readable: is_supervisor || case.holder == Some(viewer.id),
            }
        })
        .collect()
}

/// An instant's day in the viewer's zone.
pub(super) fn day(frame: &Frame<'_>, at: Timestamp) -> String {
    frame.time(&at).split(' ').next().unwrap_or_default().to_owned()
}

/// `?locale=tg&country=RU&topic=…&after=1.1790000000000.42`
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    locale: String,
    country: String,
    topic: String,
    /// A skill, or [`MINE`].
    skill: String,
    after: String,
}

/// Cases for what the viewer knows. No skill is called so: there is a star in it.
const MINE: &str = "*mine";

impl Wanted {
    fn filter(&self, own: &[String]) -> Filter {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        Filter {
            locale: some(&self.locale),
            country: some(&self.country),
            topic: some(&self.topic),
            holder: None,
            skills: match self.skill.as_str() {
                "" => Vec::new(),
                MINE => own.to_vec(),
                skill => vec![skill.to_owned()],
            },
        }
    }

    fn is_narrow(&self) -> bool {
        [&self.locale, &self.country, &self.topic, &self.skill].iter().any(|word| !word.is_empty())
    }

    fn place(&self) -> Place {
        place_of(&self.after)
    }

    /// The address of the page that goes on after `place`.
    fn next(&self, place: Place) -> String {
        let after = word_of(place);
        let pairs = [
            ("locale", &self.locale),
            ("country", &self.country),
            ("topic", &self.topic),
            ("skill", &self.skill),
            ("after", &after),
        ];
        serde_html_form::to_string(pairs).map(|query| format!("/staff/queue?{query}")).unwrap_or_default()
    }
}

/// A place of a list as an address names it; what names none is the start.
pub fn place_of(word: &str) -> Place {
    let mut parts = word.splitn(3, '.').map(str::parse::<i64>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(urgent)), Some(Ok(since)), Some(Ok(id))) => {
            Place { urgent: urgent != 0, since: Timestamp(since), id: CaseId(id) }
        }
        _ => Place::START,
    }
}

/// What [`place_of`] reads.
pub fn word_of(Place { urgent, since, id }: Place) -> String {
    format!("{}.{}.{id}", i64::from(urgent), since.0)
}

#[derive(Template)]
#[template(path = "staff/desk/queue.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    mine: Vec<Line>,
    /// Urgent cases whose holders do not look: the viewer may take them.
    unseen: Vec<Line>,
    waiting: Vec<Line>,
    /// Follow-ups of the viewer that are due, or all of a supervisor.
    due: usize,
    next: Option<String>,
    first: bool,
    locales: Vec<words::Choice>,
    countries: Vec<words::Choice>,
    topics: Vec<words::Choice>,
    skills: Vec<words::Choice>,
    /// The list is narrowed down.
    is_narrow: bool,
    /// May close several at once.
    may_sweep: bool,
    total: u64,
    urgent: u64,
    claimed: u64,
    open: String,
}

/// `GET /staff/queue`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
    Query(after): Query<After>,
) -> Result<Response, Refusal> {
    let who = who(&viewer)?;
    let queue = console.desk.queue_page(&who, &wanted.filter(&viewer.account.skills), wanted.place()).await?;
    let (board, names) = (&queue.board, &queue.board.names);
    let frame = Frame::of(&console, &viewer, "queue").at("/staff/queue");
    let any = || words::Choice { value: String::new(), label: frame.t("desk-any"), chosen: false };
    let mut locales = vec![any()];
    locales.extend(Locale::ALL.into_iter().map(|locale| words::Choice {
        value: locale.as_str().to_owned(),
        label: locale.own_name().to_owned(),
        chosen: locale.as_str() == wanted.locale,
    }));
    let mut countries = vec![any()];
    countries.extend(words::choices(&frame, "country-", &COUNTRIES, &wanted.country));
    countries.extend(words::choices(&frame, "country-", &["U"], &wanted.country));
    let mut topics = vec![any()];
    topics.extend(board.topics.iter().map(|id| words::Choice {
        value: id.clone(),
        label: words::topic(&frame, id),
        chosen: *id == wanted.topic,
    }));
    let mut skills = vec![any()];
    if !viewer.account.skills.is_empty() {
        let (value, label) = (MINE.to_owned(), frame.t("queue-skill-mine"));
        skills.push(words::Choice { value, label, chosen: wanted.skill == MINE });
    }
    skills.extend(board.skills.iter().map(|skill| words::Choice {
        value: skill.clone(),
        label: skill.clone(),
        chosen: *skill == wanted.skill,
    }));
    let not_mine = |case: &&Queued| case.holder != Some(viewer.id);
    let unseen: Vec<Queued> = board.unseen.iter().filter(not_mine).cloned().collect();
    let now = console.desk.now();
    let hours = console.desk.hours();
    let open = match hours.opens_at(now) {
        _ if hours.is_open(now) => frame.t("desk-open-now"),
        Some(at) => frame.with("desk-opens-at", "time", frame.time(&at)),
        None => frame.t("desk-closed"),
    };
    page(&Page {
        say: after.say(&frame),
        mine: lines(&console, &frame, names, &viewer, &queue.mine),
        unseen: lines(&console, &frame, names, &viewer, &unseen),
        due: frame.follow_ups_due(),
        waiting: lines(&console, &frame, names, &viewer, &queue.waiting),
        next: queue.next.map(|place| wanted.next(place)),
        first: wanted.place() == Place::START,
        locales,
        countries,
        topics,
        skills,
        is_narrow: wanted.is_narrow(),
        may_sweep: who.supervisor,
        total: board.tally.waiting,
        urgent: board.tally.waiting_urgent,
        claimed: board.tally.claimed,
        open,
        frame,
    })
}

/// What a supervisor marked in the list.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Sweep {
    case: Vec<String>,
}

/// `POST /staff/queue/sweep`: closes several waiting cases as outside of our scope.
pub(super) async fn sweep(
    State(console): State<Arc<Console>>,
    Posted { viewer, form, .. }: Posted<Sweep>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Supervisor)?;
    let chosen = form.case.iter().map(|id| case_of(id)).collect::<Result<Vec<_>, _>>()?;
    match console.desk.sweep(&who(&viewer)?, &chosen).await {
        Ok(closed) => Ok(Redirect::to(&format!("/staff/queue?done=swept&n={closed}")).into_response()),
        Err(DeskError::Refused(Refused::Empty)) => {
            Ok(Redirect::to("/staff/queue?why=none-chosen").into_response())
        }
        Err(error) => refused("/staff/queue", error),
    }
}

/// What [`news`] tells. Ids as text: they are wider than a number of a script.
#[derive(serde::Serialize)]
pub(super) struct News {
    urgent: Vec<String>,
    mine: Vec<String>,
    fresh: Vec<String>,
}

/// `GET /staff/news`: what the page's script rings for: urgent cases to which nobody attends, and what is new in the
/// viewer's own, with the ids of these. Nothing is said of what it is about.
pub(super) async fn news(State(console): State<Arc<Console>>, viewer: Viewer) -> Result<Json<News>, Refusal> {
    let news = console.desk.news(&who(&viewer)?).await?;
    let texts = |ids: Vec<CaseId>| ids.into_iter().map(|id| id.to_string()).collect();
    Ok(Json(News { urgent: texts(news.urgent), mine: texts(news.mine), fresh: news.fresh }))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Before {
    /// `<milliseconds>.<id>`
    before: String,
}

impl Before {
    /// The place that is named, or `first`.
    pub(super) fn place_or(&self, first: Ended) -> Ended {
        let parts = self.before.split_once('.');
        let parts = parts.and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
        parts.map_or(first, |(at, id)| Ended { at: Timestamp(at), id: CaseId(id) })
    }
}

#[derive(Template)]
#[template(path = "staff/desk/ended.html")]
struct EndedPage<'a> {
    frame: Frame<'a>,
    cases: Vec<Line>,
    next: Option<String>,
}

/// `GET /staff/queue/ended`: the viewer's own cases that ended; all of them for a supervisor.
pub(super) async fn ended(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(before): Query<Before>,
) -> Result<Response, Refusal> {
    let who = who(&viewer)?;
    let holder = (!who.supervisor).then_some(who.id);
    let list = console.desk.ended(holder, before.place_or(Ended::START)).await?;
    let names = names(&console).await?;
    let frame = Frame::of(&console, &viewer, "queue").at("/staff/queue/ended");
    let is_full = list.len() >= crate::desk::PAGE as usize;
    let next = list.last().and_then(|last| Some((last.closed_at?, last.id))).filter(|_| is_full);
    page(&EndedPage {
        cases: lines(&console, &frame, &names, &viewer, &list),
        next: next.map(|(at, id)| format!("/staff/queue/ended?before={}.{id}", at.0)),
        frame,
    })
}
