//! The way to a consultant and the conversation with one, from the person's side.

use super::{
    Event, Note, QUESTION, Say, Screen, System,
    case::{Case, Handoff, REOPEN_MS, TOLD_MS, set_name, set_place, tell_desk, tell_terms},
    walk::Walk,
};
use crate::{
    content::CaseTap,
    lang::{Command, fold},
};

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
            _ if self.desk.open_now || self.state.case.as_ref().is_some_and(|case| case.by.is_some()) => {
                system
            }
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
        self.state.case = Some(Case { id: 0, open: true, inside: true, urgent, by: None, at: self.now });
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
                    _ => Ok(self.pass_on()),
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
                _ => Ok(self.pass_on()),
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
        let is_thanks = self.release.words.greeting(text).is_some() || self.release.words.is_talk(text);
        if is_thanks {
            return Ok(Some(self.system(System::CaseThanks)));
        }
        if self.now.ms_since(case.at) >= REOPEN_MS {
            if let Some(case) = &mut self.state.case {
                case.inside = false;
            }
            return Err(());
        }
        Ok(self.pass_on())
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
    pub(super) fn pass_on(&mut self) -> Option<Say> {
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
