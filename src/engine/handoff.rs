//! The way to a consultant and the conversation with one, from the person's side.

use super::{
    Event, Note, QUESTION, Say, Screen, System,
    case::{Case, Handoff, RECEIPT_MS, TOLD_MS, set_name, set_place, tell_desk, tell_terms},
    walk::Walk,
};
use crate::{
    content::{CaseTap, Matched},
    lang::Command,
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
        if self.state.open_case().is_some() {
            match screen {
                Screen::System(System::DeleteAsk) => self.note(Note::DELETE_CASE),
                Screen::System(System::Deleted) => self.note(Note::DELETED_CASE),
                _ => {}
            }
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

    pub(super) fn is_offered(&self) -> bool {
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
        let case = self.state.inside().filter(|case| case.open || case.may_reopen(self.now))?.clone();
        Some(self.inside(&case))
    }

    fn inside(&mut self, case: &Case) -> Say {
        if let Some(case) = &mut self.state.case {
            case.untold = false;
        }
        match (case.open, &case.by) {
            // They have not heard yet that it was closed, nor been asked.
            (false, _) if case.untold => self.system(System::CaseClosed),
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
    pub(super) fn told(&mut self, system: System) -> Say {
        let system = match system {
            _ if self.desk.open_now || self.state.case.as_ref().is_some_and(|case| case.by.is_some()) => {
                system
            }
            System::CaseReceived | System::CaseWaiting => System::CaseReceivedClosed,
            other => other,
        };
        let urgent = self.state.open_case().is_some_and(|case| case.urgent);
        if let Some(case) = &mut self.state.case {
            (case.at, case.untold) = (self.now, false);
        }
        if urgent && !self.notes.iter().any(|note| note.0 == Note::CASE_CALL) {
            // Whoever waits in danger reads the number beside it.
            self.note(Note::CASE_CALL);
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
        let emergency = self.release.settings.emergency.clone();
        let is_at_risk = self.topic().is_some_and(|topic| self.release.settings.risk.contains(&topic));
        if is_at_risk {
            self.note_trouble();
        } else {
            self.note_people();
        }
        if let Some(case) = &mut self.state.case
            && (case.open || (case.may_reopen(self.now) && !is_at_risk))
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
        if is_at_risk && self.state.node.as_ref() != Some(&emergency) {
            // The numbers first.
            let _ = self.go(&emergency);
            self.state.handoff = Some(Handoff::Urgent);
            return self.say(Screen::Node(emergency), 0);
        }
        if is_at_risk && self.may_reopen() {
            // What they agreed to holds for this case.
            return self.opened(true, true);
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

    /// What somebody's words are about: the first topic of the page that fits them best.
    fn topic_of(&self, words: &str) -> Option<Box<str>> {
        let id = match self.release.answer(words, &self.state.profile) {
            Matched::One(id) => id,
            Matched::Several(ids) => ids.into_iter().next()?,
            Matched::Nothing => return None,
        };
        self.release.node(id.as_str())?.topics.first().cloned()
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
                Some(Handoff::Remark | Handoff::More) => self.system(System::CaseThanks),
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

    /// Opens the case, or the one of the last days again. `asked`: the person's last question goes with it.
    pub(super) fn opened(&mut self, urgent: bool, asked: bool) -> Say {
        if self.state.open_case().is_some() || !self.desk.staffed {
            return self.ask_consultant(false);
        }
        if urgent {
            self.note_trouble();
        }
        let asked = asked && self.state.private.contains_key(QUESTION);
        if self.may_reopen() {
            return self.reopened(urgent, asked);
        }
        let words = self.about.take().or_else(|| self.state.private.get(QUESTION).filter(|_| asked).cloned());
        let topic = words.and_then(|words| self.topic_of(&words)).or_else(|| self.topic());
        self.events.push(Event::CaseOpened { topic, node: self.state.node.clone(), urgent, asked });
        self.state.case = Some(Case::new(0, urgent, self.now));
        self.state.handoff = None;
        self.state.pending = None;
        self.state.found.clear();
        self.state.alarmed = false;
        self.told(System::CaseReceived)
    }

    /// Whether what comes without words is for the consultants.
    pub(super) fn is_for_consultants(&self) -> bool {
        self.state.gives_files(self.now)
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
                    _ => {
                        self.about = Some(text.into());
                        Ok(self.pass_on(self.release.words.may_be_danger(text)))
                    }
                };
            }
            Some(Handoff::Remark | Handoff::More) => return self.text_after(text, command),
            Some(Handoff::Urgent) if command == Some(Command::Yes) && self.is_offered() => {
                return Ok(Some(self.opened(true, true)));
            }
            Some(Handoff::Urgent) if self.is_offered() => {
                if self.is_more_of_it(text, command) {
                    let before = self.state.private.get(QUESTION).map(|words| format!("{words}\n"));
                    self.keep(&(before.unwrap_or_default() + text));
                    self.note(Note::CASE_FIRST);
                    return Ok(Some(self.pressed()));
                }
            }
            Some(Handoff::Urgent | Handoff::Wanted) | None => {}
        }
        let Some(case) = self.state.inside().cloned() else { return Err(()) };
        if self.state.choosing {
            return Err(());
        }
        if !case.open {
            return self.text_after(text, command);
        }
        // What may be part of a talk is one: only ways out are words of command here.
        match command {
            Some(command) if leaves(command) => Err(()),
            _ => Ok(self.pass_on(self.release.words.may_be_danger(text))),
        }
    }

    /// Whether text under the emergency numbers goes on telling, where they are, who did it: that is no question to search
    /// for.
    fn is_more_of_it(&mut self, text: &str, command: Option<Command>) -> bool {
        command.is_none()
            && super::question::is_question(text)
            && !self.release.words.is_talk(text)
            && self.release.words.greeting(text).is_none()
            && self.release.words.language(text).is_none()
            && self.choice_named(text).is_none()
    }

    /// Who goes on after the emergency numbers is asked for the one yes.
    pub(super) fn pressed(&mut self) -> Say {
        self.state.handoff = Some(Handoff::Pressing);
        self.system(System::CaseAsk)
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

    /// This inbound is for the consultants; `None`: nothing needs to be said. `uneasy`: it may speak of danger.
    pub(super) fn pass_on(&mut self, uneasy: bool) -> Option<Say> {
        if uneasy {
            self.note(Note::CASE_CALL);
        }
        if self.state.handoff == Some(Handoff::About) {
            let say = self.opened(false, false);
            if self.state.open_case().is_some() {
                self.events.push(Event::CaseMessage);
            }
            return Some(say);
        }
        if self.may_reopen() {
            let say = self.reopened(false, false);
            self.events.push(Event::CaseMessage);
            return Some(say);
        }
        let now = self.now;
        let case = self.state.case.as_mut()?;
        case.inside = true;
        let is_untold = std::mem::take(&mut case.untold);
        self.events.push(Event::CaseMessage);
        if let Some(name) = case.by.clone() {
            // Somebody reads it: what may be danger is theirs to judge.
            self.notes.clear();
            return is_untold.then(|| {
                let mut say = self.system(System::CaseClaimed);
                set_name(&mut say, &name);
                say
            });
        }
        if uneasy || is_untold || now.ms_since(case.at) >= TOLD_MS {
            self.notes.insert(0, Note::CASE_SENT.into());
            return Some(self.told(System::CaseWaiting));
        }
        let last = case.said.map_or(case.at, |said| said.max(case.at));
        if now.ms_since(last) < RECEIPT_MS {
            return None;
        }
        case.said = Some(now);
        Some(self.system(System::CaseSent))
    }

    /// Words of danger of somebody whose conversation is open, also if they left it for the menu, or closed of late and in
    /// front: it waits before others now, and they are said in it, which is what the answer tells. So are those of who
    /// agreed and was just asked what it is about.
    pub(super) fn danger_in_case(&mut self, text: &str) -> bool {
        let now = self.now;
        if self.state.handoff == Some(Handoff::About) && self.state.open_case().is_none() && self.desk.staffed
        {
            self.about = Some(text.into());
            let _ = self.opened(true, false);
            self.notes.clear();
            self.events.push(Event::CaseMessage);
            return true;
        }
        let Some(case) = self.state.case.as_mut() else { return false };
        if case.inside && case.may_reopen(now) {
            case.reopen(now);
            self.events.push(Event::CaseReopened { asked: false });
        }
        if !case.open {
            return false;
        }
        // Each time: staff may have found meanwhile that it was none.
        case.urgent = true;
        self.events.push(Event::CaseUrgent);
        self.events.push(Event::CaseMessage);
        true
    }

    /// An earlier message reads otherwise now. In a conversation that is open the consultants read it, too; it is answered
    /// only where it speaks of danger.
    pub(super) fn edited(&mut self, text: &str) -> Option<Say> {
        if self.state.open_case().is_none() || !self.is_for_consultants() {
            return None;
        }
        if self.release.words.is_clear_danger(text) {
            return Some(self.danger(text));
        }
        self.events.push(Event::CaseMessage);
        None
    }
}

/// Words of command that mean the bot, also in a conversation with a consultant.
pub(super) const fn leaves(command: Command) -> bool {
    matches!(command, Command::Menu | Command::Delete | Command::MyData | Command::Hide)
}
