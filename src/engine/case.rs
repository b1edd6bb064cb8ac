//! A person asks for a person: consent, what it is about, the conversation with a consultant, and its end.
//!
//! What is said inside stays out of the engine: an event tells that this inbound is for the consultants.

use serde::{Deserialize, Serialize};

use super::{CaseMark, Event, Note, QUESTION, Say, Screen, State, System, Value, walk::Walk};
use crate::{
    content::CaseTap,
    domain::{DeskView, NodeId, Timestamp, Zone},
    lang::{Command, fold},
};

/// A closed case opens again by a message within seven days (issue of the shared queue, item 3).
pub const REOPEN_MS: i64 = 7 * 86_400_000;

/// While nobody has taken a case, how it stands is told again after this silence: not with each photo.
pub const TOLD_MS: i64 = 10 * 60_000;

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
    /// One sentence about how it was.
    Remark,
}

impl Handoff {
    /// Whether this step is still in front of the person when `screen` is shown.
    fn stands_on(self, screen: &Screen, emergency: &NodeId) -> bool {
        match self {
            Self::Wanted => true,
            Self::Urgent => matches!(screen, Screen::Node(id) if id == emergency),
            _ => self.screen().is_some_and(|own| *screen == Screen::System(own)),
        }
    }

    const fn screen(self) -> Option<System> {
        match self {
            Self::Consent | Self::Known | Self::Pressing => Some(System::CaseAsk),
            Self::About => Some(System::CaseAbout),
            Self::Remark => Some(System::CaseRemark),
            Self::Wanted | Self::Urgent => None,
        }
    }
}

impl State {
    /// The open case, if there is one.
    pub fn open_case(&self) -> Option<&Case> {
        self.case.as_ref().filter(|case| case.open)
    }

    fn inside(&self) -> Option<&Case> {
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
    case.by = Some(name.into());
    let mut say = notice(state, System::CaseClaimed);
    set_name(&mut say, name);
    Some(say)
}

/// A consultant wrote: the person is in the conversation again, whatever they were reading.
pub fn answered(state: &mut State, name: &str, text: &str) -> Say {
    if let Some(case) = &mut state.case {
        case.inside = true;
        case.by = Some(name.into());
    }
    leave_questions(state);
    let mut say = notice(state, System::CaseAnswer);
    set_name(&mut say, name);
    say.vars.insert("text".into(), Value::Text(text.into()));
    say
}

/// The case waits for somebody else. Said only where the person knew who had it.
pub fn requeued(state: &mut State) -> Option<Say> {
    let case = state.case.as_mut().filter(|case| case.open)?;
    case.by.take()?;
    Some(notice(state, System::CaseRequeued))
}

/// A consultant closed the case: did it help? The next words open it again.
pub fn closed(state: &mut State, now: Timestamp) -> Option<Say> {
    let case = state.case.as_mut().filter(|case| case.open)?;
    (case.open, case.inside, case.at) = (false, true, now);
    leave_questions(state);
    Some(notice(state, System::CaseClosed))
}

/// The case opened again from the consultants' side.
pub fn reopened(state: &mut State, now: Timestamp) {
    if let Some(case) = &mut state.case {
        (case.open, case.by, case.at) = (true, None, now);
    }
}

/// A file of theirs did not reach the consultants; `reason`: `too-large`, `gone`, `kind`.
pub fn refused(state: &State, reason: &str) -> Say {
    let mut say = notice(state, System::CaseRefused);
    say.vars.insert("reason".into(), Value::Id(reason.into()));
    say
}

fn notice(state: &State, system: System) -> Say {
    let mut say = Say::new(Screen::System(system), state.locale);
    say.profile = state.profile.clone();
    say.case = state.case_mark();
    say
}

fn set_name(say: &mut Say, name: &str) {
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
    let (unit, number) = match desk.wait_minutes {
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
        kept_days: Some(365),
        ..DeskView::default()
    };
    match system {
        System::CaseAsk => tell_terms(&mut say, &desk),
        System::CaseReceived | System::CaseReceivedClosed | System::CaseWaiting => {
            tell_desk(&mut say, &desk, false);
        }
        System::CaseInside | System::CaseClaimed | System::CaseAnswer => {
            set_name(&mut say, "Мадина Абдурахмонова");
            say.vars.insert("text".into(), Value::Text("…".into()));
        }
        System::CaseRefused => {
            say.vars.insert("reason".into(), Value::Id("too-large".into()));
        }
        _ => {}
    }
    say
}

fn tell_terms(say: &mut Say, desk: &DeskView) {
    let days = desk.kept_days.map_or(365, i64::from);
    say.vars.insert("days".into(), Value::Number(days));
}

impl Walk<'_> {
    /// The steps that stop being in front with `screen`, and leaving the conversation by going elsewhere.
    pub(super) fn note_case(&mut self, screen: &Screen) {
        let emergency = &self.release.settings.emergency;
        self.state.handoff = self.state.handoff.filter(|step| step.stands_on(screen, emergency));
        let has_left = matches!(screen, Screen::Node(_) | Screen::Outcome(..));
        if has_left
            && let Some(case) = &mut self.state.case
            && std::mem::take(&mut case.inside)
            && case.open
        {
            self.notes.insert(0, Note::CASE_LEFT.into());
        }
        if self.is_offered() {
            self.notes.push(Note::CASE_TERMS.into());
        }
    }

    /// What a message tells about the case.
    pub(super) fn mark_case(&self, say: &mut Say) {
        say.case = self.state.case_mark();
        say.offer = self.is_offered();
        if say.offer || say.screen == Screen::System(System::CaseAsk) {
            tell_terms(say, self.desk);
        }
    }

    fn is_offered(&self) -> bool {
        self.state.handoff == Some(Handoff::Urgent)
            && self.desk.staffed
            && self.state.locale.is_some()
            && self.state.open_case().is_none()
    }

    /// The step, or the conversation, that is in front of the person.
    pub(super) fn case_again(&mut self) -> Option<Say> {
        if let Some(system) = self.state.handoff.and_then(Handoff::screen) {
            return Some(self.system(system));
        }
        let case = self.state.inside()?.clone();
        Some(self.inside(&case))
    }

    fn inside(&mut self, case: &Case) -> Say {
        match (case.open, &case.by) {
            (false, _) => self.system(System::CaseAgain),
            (true, Some(name)) => {
                let mut say = self.system(System::CaseInside);
                set_name(&mut say, name);
                say
            }
            (true, None) => self.told(System::CaseWaiting),
        }
    }

    /// A screen that tells place, wait and hours.
    fn told(&mut self, system: System) -> Say {
        let system = match system {
            _ if self.desk.open_now || self.state.case.as_ref().is_some_and(|case| case.by.is_some()) => system,
            System::CaseReceived | System::CaseWaiting => System::CaseReceivedClosed,
            other => other,
        };
        let urgent = self.state.open_case().is_some_and(|case| case.urgent);
        if let Some(case) = &mut self.state.case {
            case.at = self.now;
        }
        let mut say = self.system(system);
        tell_desk(&mut say, self.desk, urgent);
        if system == System::CaseWaiting {
            // The case itself is one of those that wait.
            let waiting = if urgent { self.desk.waiting_urgent } else { self.desk.waiting };
            set_place(&mut say, i64::from(waiting.max(1)));
        }
        say
    }

    /// A person is asked for. `known`: what it is about was just written.
    pub(super) fn ask_consultant(&mut self, known: bool) -> Say {
        if let Some(case) = &mut self.state.case
            && (case.open || self.now.ms_since(case.at) < REOPEN_MS)
        {
            case.inside = true;
            let case = case.clone();
            self.state.handoff = None;
            return self.inside(&case);
        }
        if !self.desk.staffed {
            let help = self.release.settings.help.clone();
            self.note(Note::NO_HUMAN);
            return self.go(&help);
        }
        if self.state.locale.is_none() {
            self.state.handoff = Some(Handoff::Wanted);
            self.note(Note::CASE_LANGUAGE);
            return self.system(System::Welcome);
        }
        let emergency = self.release.settings.emergency.clone();
        let is_at_risk = self.topic().is_some_and(|topic| self.release.settings.risk.contains(&topic));
        if is_at_risk && self.state.node.as_ref() != Some(&emergency) {
            // The numbers first.
            let _ = self.go(&emergency);
            self.state.handoff = Some(Handoff::Urgent);
            return self.say(Screen::Node(emergency), 0);
        }
        self.state.pending = None;
        self.state.handoff = Some(match (is_at_risk, known) {
            (true, _) => Handoff::Pressing,
            (_, true) => Handoff::Known,
            _ => Handoff::Consent,
        });
        self.system(System::CaseAsk)
    }

    /// The first topic of the page in front.
    fn topic(&self) -> Option<Box<str>> {
        let node = self.release.node(self.state.node.as_ref()?.as_str())?;
        node.topics.first().cloned()
    }

    pub(super) fn case_tapped(&mut self, tap: CaseTap) -> Say {
        match tap {
            CaseTap::Yes => self.agreed(),
            CaseTap::Urgent => self.opened(true, true),
            CaseTap::No => {
                self.state.handoff = None;
                self.note(Note::CASE_NO);
                self.again()
            }
            CaseTap::Skip => match self.state.handoff {
                Some(Handoff::About) => self.opened(false, true),
                Some(Handoff::Remark) => self.system(System::CaseThanks),
                _ => self.again(),
            },
            CaseTap::Helped | CaseTap::Unhelped => self.rated(tap == CaseTap::Helped),
        }
    }

    /// The person saw the terms and said yes.
    fn agreed(&mut self) -> Say {
        match self.state.handoff {
            Some(Handoff::Known) => self.opened(false, true),
            Some(Handoff::Pressing | Handoff::Urgent) => self.opened(true, true),
            _ if self.state.open_case().is_some() => self.ask_consultant(false),
            // Everybody may have gone since the question was put.
            _ if !self.desk.staffed => self.ask_consultant(false),
            _ => {
                self.state.handoff = Some(Handoff::About);
                self.system(System::CaseAbout)
            }
        }
    }

    /// Opens the case. `asked`: the person's last question goes with it.
    fn opened(&mut self, urgent: bool, asked: bool) -> Say {
        if self.state.open_case().is_some() || !self.desk.staffed {
            return self.ask_consultant(false);
        }
        let asked = asked && self.state.private.contains_key(QUESTION);
        self.events.push(Event::CaseOpened {
            topic: self.topic(),
            node: self.state.node.clone(),
            urgent,
            asked,
        });
        self.state.case =
            Some(Case { id: 0, open: true, inside: true, urgent, by: None, at: self.now });
        self.state.handoff = None;
        self.state.pending = None;
        self.state.found.clear();
        self.state.alarmed = false;
        self.told(System::CaseReceived)
    }

    fn rated(&mut self, helped: bool) -> Say {
        if self.state.case.as_ref().is_none_or(|case| case.open) {
            // An old button: it is being talked about again.
            return self.again();
        }
        self.events.push(Event::CaseRated { helped });
        self.state.handoff = Some(Handoff::Remark);
        self.system(System::CaseRemark)
    }

    /// Whether what comes without words is for the consultants.
    pub(super) fn is_for_consultants(&self) -> bool {
        matches!(self.state.handoff, Some(Handoff::About))
            || (self.state.inside().is_some()
                && self.state.handoff.is_none()
                && !self.state.deleting
                && !self.state.choosing)
    }

    /// Text that a step, or the conversation, in front of the person takes. `Err`: it is for the bot.
    pub(super) fn text_in_case(&mut self, text: &str) -> Result<Option<Say>, ()> {
        let command = self.release.words.command(text);
        match self.state.handoff {
            Some(Handoff::Consent | Handoff::Known | Handoff::Pressing) => {
                return self.text_to_consent(text, command).map(Some);
            }
            Some(Handoff::About) => {
                return match command {
                    Some(Command::Skip) => Ok(Some(self.opened(false, true))),
                    Some(command) if leaves(command) => Err(()),
                    _ => Ok(self.to_consultants()),
                };
            }
            Some(Handoff::Remark) => {
                return match command {
                    Some(Command::Skip | Command::No) => Ok(Some(self.system(System::CaseThanks))),
                    Some(_) => Err(()),
                    None => {
                        self.events.push(Event::CaseRemark);
                        Ok(Some(self.system(System::CaseThanks)))
                    }
                };
            }
            Some(Handoff::Urgent) if command == Some(Command::Yes) && self.is_offered() => {
                return Ok(Some(self.opened(true, true)));
            }
            Some(Handoff::Urgent | Handoff::Wanted) | None => {}
        }
        let Some(case) = self.state.inside().cloned() else { return Err(()) };
        if self.state.choosing {
            return Err(());
        }
        if case.open {
            // What may be part of a talk is one: only ways out are words of command here.
            return match command {
                Some(command) if leaves(command) => Err(()),
                _ => Ok(self.to_consultants()),
            };
        }
        match command {
            Some(Command::Yes) => return Ok(Some(self.rated(true))),
            Some(Command::No) => return Ok(Some(self.rated(false))),
            Some(_) => return Err(()),
            None => {}
        }
        if let Some(helped) = self.rating_named(text) {
            return Ok(Some(self.rated(helped)));
        }
        let is_thanks = self.release.words.greeting(text).is_some();
        if is_thanks {
            return Ok(Some(self.system(System::CaseThanks)));
        }
        if self.now.ms_since(case.at) >= REOPEN_MS {
            if let Some(case) = &mut self.state.case {
                case.inside = false;
            }
            return Err(());
        }
        Ok(self.to_consultants())
    }

    /// The choices under "it is closed" by number or label.
    fn rating_named(&self, text: &str) -> Option<bool> {
        let folded = fold(text);
        match &*folded {
            "1" => return Some(true),
            "2" => return Some(false),
            _ => {}
        }
        [("case-helped", true), ("case-unhelped", false)].into_iter().find_map(|(id, helped)| {
            crate::domain::Locale::ALL
                .into_iter()
                .any(|locale| {
                    let label = self.release.interface.format(locale, id, None, None);
                    label.is_some_and(|label| fold(&label) == folded)
                })
                .then_some(helped)
        })
    }

    fn text_to_consent(&mut self, text: &str, command: Option<Command>) -> Result<Say, ()> {
        match command {
            Some(Command::Yes) => return Ok(self.agreed()),
            Some(Command::No | Command::Skip) => return Ok(self.case_tapped(CaseTap::No)),
            Some(_) => return Err(()),
            None => {}
        }
        if let Some(token) = self.choice_named(text) {
            return Ok(self.follow(&token));
        }
        if super::question::is_question(text) {
            // They write to the consultant already: their words go with the yes.
            self.keep(text);
            if self.state.handoff == Some(Handoff::Consent) {
                self.state.handoff = Some(Handoff::Known);
            }
        }
        self.note(Note::CASE_FIRST);
        Ok(self.system(System::CaseAsk))
    }

    /// This inbound is for the consultants; `None`: nothing needs to be said.
    pub(super) fn to_consultants(&mut self) -> Option<Say> {
        if self.state.handoff == Some(Handoff::About) {
            let say = self.opened(false, false);
            if self.state.open_case().is_some() {
                self.events.push(Event::CaseMessage);
            }
            return Some(say);
        }
        let now = self.now;
        let case = self.state.case.as_mut()?;
        case.inside = true;
        if !case.open {
            (case.open, case.by, case.at) = (true, None, now);
            self.events.push(Event::CaseReopened);
            self.events.push(Event::CaseMessage);
            self.note(Note::CASE_REOPENED);
            return Some(self.told(System::CaseWaiting));
        }
        let is_due = case.by.is_none() && now.ms_since(case.at) >= TOLD_MS;
        self.events.push(Event::CaseMessage);
        is_due.then(|| {
            self.note(Note::CASE_SENT);
            self.told(System::CaseWaiting)
        })
    }

    /// Words of danger while a case is open: it comes before others now. Inside the conversation they go to the
    /// consultants too, which is what the answer tells.
    pub(super) fn danger_in_case(&mut self) -> bool {
        let Some(case) = self.state.case.as_mut().filter(|case| case.open) else { return false };
        let is_inside = case.inside;
        if !std::mem::replace(&mut case.urgent, true) {
            self.events.push(Event::CaseUrgent);
        }
        if is_inside {
            self.events.push(Event::CaseMessage);
        }
        is_inside
    }
}

/// Words of command that mean the bot, also in a conversation with a consultant.
const fn leaves(command: Command) -> bool {
    matches!(command, Command::Menu | Command::Delete | Command::MyData | Command::Hide)
}
