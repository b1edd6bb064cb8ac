//! A person asks for a person: consent, what it is about, the conversation with a consultant, and its end.
//!
//! What is said inside stays out of the engine: an event tells that this inbound is for the consultants.

use serde::{Deserialize, Serialize};

use super::{CaseMark, Note, Say, Screen, State, System, Value};
use crate::domain::{AttachmentId, DeskView, Locale, NodeId, Timestamp, Zone};

/// A closed case opens again by a message within seven days (issue of the shared queue, item 3).
pub const REOPEN_MS: i64 = 7 * 86_400_000;

/// While nobody has taken a case, how it stands is told again after this silence: not with each photo.
pub const TOLD_MS: i64 = 10 * 60_000;

/// Words of somebody who waits are receipted, but not each of several in a row.
pub const RECEIPT_MS: i64 = 30_000;

/// So long after "it helped" the next words are the sentence about it; later they are a new plea.
pub const REMARK_MS: i64 = 60 * 60_000;

/// Waits from here on are told in hours.
const HOURS_FROM_MINUTES: u32 = 90;

/// The person's last conversation with consultants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// As `dialog` named it; 0: not yet.
    #[serde(rename = "i")]
    pub id: i64,
    #[serde(rename = "o")]
    pub open: bool,
    /// What the person writes goes to the consultants.
    #[serde(rename = "n")]
    pub inside: bool,
    #[serde(rename = "u", default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Who answers.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Box<str>>,
    /// Open: when we last told how it stands. Closed: since when.
    #[serde(rename = "t")]
    pub at: Timestamp,
    /// Open: when we last said that their words arrived. Closed: when they said whether it helped.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Timestamp>,
    /// How it stands changed, and no word of it could be sent: it is told with their next one.
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    pub untold: bool,
}

impl Case {
    /// An open case that nobody has taken yet, with its person in the conversation. `id` 0: not named yet.
    pub const fn new(id: i64, urgent: bool, at: Timestamp) -> Self {
        Self { id, open: true, inside: true, urgent, by: None, at, said: None, untold: false }
    }

    /// Whether a word of its person opens it again.
    pub const fn may_reopen(&self, now: Timestamp) -> bool {
        !self.open && now.ms_since(self.at) < REOPEN_MS
    }

    /// It waits again.
    pub(super) fn reopen(&mut self, now: Timestamp) {
        (self.open, self.by, self.at, self.said, self.untold) = (true, None, now, None, false);
    }
}

/// A step on the way to a consultant that is in front of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handoff {
    /// A person was asked for before the language was chosen.
    Wanted,
    /// The consent; then what it is about.
    Consent,
    /// The consent; what it is about was just written.
    Known,
    /// The consent of one in danger: one tap.
    Pressing,
    /// The emergency numbers, with the offer beside them.
    Urgent,
    /// What is it about?
    About,
    /// It helped. One sentence about how it was.
    Remark,
    /// It did not help. What is still open?
    More,
}

impl Handoff {
    /// Whether this step is still in front of the person when `screen` is shown.
    pub(super) fn stands_on(self, screen: &Screen, emergency: &NodeId) -> bool {
        match self {
            Self::Wanted => true,
            Self::Urgent => matches!(screen, Screen::Node(id) if id == emergency),
            _ => self.screen().is_some_and(|own| *screen == Screen::System(own)),
        }
    }

    pub(super) const fn screen(self) -> Option<System> {
        match self {
            Self::Consent | Self::Known | Self::Pressing => Some(System::CaseAsk),
            Self::About => Some(System::CaseAbout),
            Self::Remark => Some(System::CaseRemark),
            Self::More => Some(System::CaseMore),
            Self::Wanted | Self::Urgent => None,
        }
    }
}

impl State {
    /// The open case, if there is one.
    pub fn open_case(&self) -> Option<&Case> {
        self.case.as_ref().filter(|case| case.open)
    }

    /// Whether what they say is for consultants, not for the bot: the conversation is in front, and open or of the last
    /// days.
    pub fn is_talking(&self, now: Timestamp) -> bool {
        self.inside().is_some_and(|case| case.open || case.may_reopen(now))
            && !self.deleting
            && !self.choosing
    }

    /// Whether what comes without words is for consultants.
    pub fn gives_files(&self, now: Timestamp) -> bool {
        match self.handoff {
            Some(Handoff::About) => true,
            // The numbers, or "did it help?", stand within the conversation.
            None | Some(Handoff::Urgent | Handoff::Remark | Handoff::More) => self.is_talking(now),
            Some(Handoff::Wanted | Handoff::Consent | Handoff::Known | Handoff::Pressing) => false,
        }
    }

    pub(super) fn inside(&self) -> Option<&Case> {
        self.case.as_ref().filter(|case| case.inside)
    }

    pub(super) fn case_mark(&self) -> Option<CaseMark> {
        self.case.as_ref().map(|case| if case.open { CaseMark::Open } else { CaseMark::Closed })
    }
}

// What the consultants' side does to a person's state. Each gives the message to send, where one is due.

/// A consultant took the case.
pub fn claimed(state: &mut State, name: &str) -> Option<Say> {
    let case = state.case.as_mut().filter(|case| case.open)?;
    (case.by, case.untold) = (Some(name.into()), false);
    let mut say = notice(state, System::CaseClaimed);
    set_name(&mut say, name);
    Some(say)
}

/// A consultant wrote: the person is in the conversation again, whatever they were reading.
pub fn answered(state: &mut State, name: &str, text: &str) -> Say {
    if let Some(case) = &mut state.case {
        (case.inside, case.by, case.untold) = (true, Some(name.into()), false);
    }
    leave_questions(state);
    let mut say = notice(state, System::CaseAnswer);
    set_name(&mut say, name);
    say.vars.insert("text".into(), Value::Text(text.into()));
    say
}

/// A consultant sent a file, perhaps with a few words.
pub fn answered_with_file(state: &mut State, name: &str, text: &str, file: AttachmentId) -> Say {
    let mut say = answered(state, name, text);
    say.file = Some(file);
    say
}

/// The case waits for somebody else. Said only where the person knew who had it.
pub fn requeued(state: &mut State) -> Option<Say> {
    let case = state.case.as_mut().filter(|case| case.open)?;
    case.by.take()?;
    case.untold = false;
    Some(notice(state, System::CaseRequeued))
}

/// A consultant closed the case: did it help? The next words open it again.
pub fn closed(state: &mut State, now: Timestamp) -> Option<Say> {
    let case = state.case.as_mut().filter(|case| case.open)?;
    (case.open, case.inside, case.at, case.said, case.untold) = (false, true, now, None, false);
    leave_questions(state);
    Some(notice(state, System::CaseClosed))
}

/// Staff say how urgent the case is; words of danger that come later count anew.
pub fn set_urgent(state: &mut State, urgent: bool) {
    if let Some(case) = state.case.as_mut().filter(|case| case.open) {
        case.urgent = urgent;
    }
}

/// The case opened again from the consultants' side.
pub fn reopened(state: &mut State, now: Timestamp) {
    if let Some(case) = &mut state.case {
        case.reopen(now);
    }
}

/// The word about how the case stands now could not be sent (WhatsApp's window is over, or we are blocked).
pub fn untold(state: &mut State) {
    if let Some(case) = &mut state.case {
        case.untold = true;
    }
}

/// Whether what is written under this message goes to people, not to the bot.
pub fn is_talk(say: &Say) -> bool {
    let is_open = say.case == Some(CaseMark::Open);
    let is_kept = || say.notes.iter().any(|note| note.0 == Note::CASE_KEPT);
    is_open
        && match &say.screen {
            Screen::System(system) => system.takes_words(),
            Screen::Node(_) => is_kept(),
            Screen::Outcome(..) => false,
        }
}

/// Whether a file that is sent under this message goes to people.
pub fn takes_files(say: &Say) -> bool {
    let is_screen = |system: System| system.takes_words() || system == System::CaseClosed;
    is_talk(say) || matches!(say.screen, Screen::System(system) if is_screen(system))
}

/// A file of theirs did not reach the consultants; `reason`: `too-large`, `gone`, `kind`, `unread`.
pub fn refused(state: &State, reason: &str) -> Say {
    let mut say = notice(state, System::CaseRefused);
    say.vars.insert("reason".into(), Value::Id(reason.into()));
    say
}

/// The alarm of urgent cases that nobody takes, for staff on duty. `url`: the case, or the queue where there are
/// several; none where no public address is set. Nothing of the person stands in it.
pub fn alarm(locale: Option<Locale>, count: usize, url: Option<&str>) -> Say {
    let mut say = Say::new(Screen::System(System::StaffAlarm), locale);
    say.vars.insert("count".into(), Value::Number(i64::try_from(count).unwrap_or(i64::MAX)));
    say.vars.insert("link".into(), Value::Id(if url.is_some() { "known" } else { "none" }.into()));
    say.vars.insert("url".into(), Value::Text(url.unwrap_or_default().into()));
    say
}

/// A reminder of closed cases that are to be looked at again, for whose they are: no word of them. `url`: the list.
pub fn follow_ups(locale: Option<Locale>, count: usize, url: Option<&str>) -> Say {
    Say { screen: Screen::System(System::StaffFollowUps), ..alarm(locale, count, url) }
}

/// News of a change set for staff. `what`: `waits`, `returned` or `failed`; `url`: its page, none where no public address
/// is set.
pub fn sets(locale: Option<Locale>, what: &'static str, url: Option<&str>) -> Say {
    let mut say = Say::new(Screen::System(System::StaffSets), locale);
    say.vars.insert("what".into(), Value::Id(what.into()));
    say.vars.insert("link".into(), Value::Id(if url.is_some() { "known" } else { "none" }.into()));
    say.vars.insert("url".into(), Value::Text(url.unwrap_or_default().into()));
    say
}

fn notice(state: &State, system: System) -> Say {
    let mut say = Say::new(Screen::System(system), state.locale);
    say.profile = state.profile.clone();
    say.case = state.case_mark();
    say
}

pub(super) fn set_name(say: &mut Say, name: &str) {
    say.vars.insert("name".into(), Value::Text(name.into()));
}

/// What was being asked is not in front any more: what is written next is for the consultant.
fn leave_questions(state: &mut State) {
    state.pending = None;
    state.deleting = false;
    state.choosing = false;
    state.handoff = None;
}

/// Place in the queue, expected wait, and when the desk opens, for the texts that tell them.
pub fn tell_desk(say: &mut Say, desk: &DeskView, urgent: bool) {
    let waiting = if urgent { desk.waiting_urgent } else { desk.waiting };
    set_place(say, i64::from(waiting) + 1);
    let (unit, number) = match if urgent { desk.wait_minutes_urgent } else { desk.wait_minutes } {
        None => ("unknown", 0),
        Some(minutes) if minutes < HOURS_FROM_MINUTES => ("minutes", minutes.max(1)),
        Some(minutes) => ("hours", minutes.div_ceil(60)),
    };
    say.vars.insert("unit".into(), Value::Id(unit.into()));
    say.vars.insert("wait".into(), Value::Number(number.into()));
    let zone = Zone::of(&say.profile);
    let opens = desk.opens_at.map(|at| (at, at.day(zone.offset_minutes())));
    say.vars.insert("opens".into(), Value::Id(if opens.is_some() { "known" } else { "unknown" }.into()));
    let (time, day) = opens.map_or_else(
        || (Box::default(), Timestamp(0).day(0)),
        |(at, day)| (at.clock(zone.offset_minutes()).into(), day),
    );
    say.vars.insert("time".into(), Value::Text(time));
    say.vars.insert("day".into(), Value::Day(day));
    say.vars.insert("zone".into(), Value::Id(zone.as_str().into()));
}

/// The exact place, where it is known better than by the snapshot.
pub fn set_place(say: &mut Say, place: i64) {
    say.vars.insert("place".into(), Value::Number(place));
}

/// Variables as a screen may have them, for the check.
pub fn sample(system: System) -> Say {
    let mut say = Say::new(Screen::System(system), None);
    let desk = DeskView {
        staffed: true,
        opens_at: Some(Timestamp::from_seconds(1_795_000_000)),
        waiting: 120,
        waiting_urgent: 20,
        wait_minutes: Some(85),
        wait_minutes_urgent: Some(85),
        kept_days: Some(365),
        ..DeskView::default()
    };
    match system {
        System::CaseAsk => tell_terms(&mut say, &desk),
        System::CaseReceived | System::CaseReceivedClosed | System::CaseWaiting => {
            tell_desk(&mut say, &desk, false);
        }
        System::CaseInside | System::CaseClaimed | System::CaseAnswer => {
            set_name(&mut say, "Abdurahmonova Munira");
            say.vars.insert("text".into(), Value::Text("…".into()));
        }
        System::CaseRefused => {
            say.vars.insert("reason".into(), Value::Id("too-large".into()));
        }
        System::StaffAlarm => {
            return alarm(None, 12, Some("https://bot.example.org/staff/case/1234567890123456789"));
        }
        System::StaffFollowUps => {
            return follow_ups(None, 12, Some("https://bot.example.org/staff/follow-ups"));
        }
        System::StaffSets => {
            let url = "https://bot.example.org/staff/content/sets/1234567890123456789";
            return sets(None, "failed", Some(url));
        }
        _ => {}
    }
    say
}

pub(super) fn tell_terms(say: &mut Say, desk: &DeskView) {
    let days = desk.kept_days.map_or(365, i64::from);
    say.vars.insert("days".into(), Value::Number(days));
}
