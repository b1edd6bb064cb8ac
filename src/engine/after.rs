//! After a conversation with a consultant: did it help, a sentence about it, and the same conversation opened again.

use super::{Event, Handoff, Note, Say, System, case::REMARK_MS, walk::Walk};
use crate::{
    domain::Locale,
    lang::{Command, fold},
};

impl Walk<'_> {
    /// Whether the last case is closed, and their next word opens it again.
    pub(super) fn may_reopen(&self) -> bool {
        self.state.case.as_ref().is_some_and(|case| case.may_reopen(self.now))
    }

    /// Whether what they say is for the consultants: the conversation is in front, and open or of the last days.
    pub(super) fn is_talking(&self) -> bool {
        self.state.is_talking(self.now)
    }

    /// The closed case waits again. `asked`: their last question is what it opens with.
    pub(super) fn reopened(&mut self, urgent: bool, asked: bool) -> Say {
        let is_untold = self.state.case.as_ref().is_some_and(|case| case.untold);
        super::case::reopened(&mut self.state, self.now);
        if let Some(case) = &mut self.state.case {
            case.inside = true;
            case.urgent |= urgent;
        }
        self.state.handoff = None;
        self.state.pending = None;
        self.state.found.clear();
        self.state.alarmed = false;
        self.events.push(Event::CaseReopened { asked });
        if urgent {
            self.events.push(Event::CaseUrgent);
        }
        let note = if is_untold { Note::CASE_REOPENED_LATE } else { Note::CASE_REOPENED };
        self.notes.insert(0, note.into());
        self.told(System::CaseWaiting)
    }

    pub(super) fn rated(&mut self, helped: bool) -> Say {
        let now = self.now;
        let Some(case) = self.state.case.as_mut().filter(|case| !case.open) else {
            // An old button: it is being talked about again.
            return self.again();
        };
        self.events.push(Event::CaseRated { helped });
        if !case.may_reopen(now) {
            // An old button: what they write now is for the bot.
            return self.system(System::CaseThanks);
        }
        (case.inside, case.said) = (true, Some(now));
        let step = if helped { Handoff::Remark } else { Handoff::More };
        self.state.handoff = Some(step);
        self.system(if helped { System::CaseRemark } else { System::CaseMore })
    }

    /// Text under a closed conversation. `Err`: it is for the bot.
    pub(super) fn text_after(&mut self, text: &str, command: Option<Command>) -> Result<Option<Say>, ()> {
        let step = self.state.handoff.filter(|step| matches!(step, Handoff::Remark | Handoff::More));
        let Some(case) = self.state.case.clone().filter(|case| case.may_reopen(self.now)) else {
            // Too late for this one: the bot is in front again.
            self.state.handoff = None;
            if let Some(case) = &mut self.state.case {
                case.inside = false;
            }
            return Err(());
        };
        if case.untold && !command.is_some_and(super::handoff::leaves) {
            // They go on with the conversation that they think open; nobody asked them anything.
            return Ok(self.pass_on(self.release.words.may_be_danger(text)));
        }
        match (command, step) {
            (Some(Command::Skip | Command::No), Some(_)) => return Ok(Some(self.system(System::CaseThanks))),
            (Some(Command::Yes), None) => return Ok(Some(self.rated(true))),
            (Some(Command::No), None) => return Ok(Some(self.rated(false))),
            (Some(Command::Yes), Some(_)) | (None, _) => {}
            (Some(_), _) => return Err(()),
        }
        if step.is_none()
            && let Some(helped) = self.rating_named(text)
        {
            return Ok(Some(self.rated(helped)));
        }
        if self.release.words.is_talk(text) {
            return Ok(Some(self.system(System::CaseThanks)));
        }
        if self.release.words.greeting(text).is_some() {
            // They begin to speak: what they say next opens it.
            return Ok(Some(self.system(System::CaseAgain)));
        }
        let is_fresh = case.said.is_some_and(|said| self.now.ms_since(said) < REMARK_MS);
        // Rather one conversation too many is opened than a plea taken for praise.
        let is_plea = self.release.words.is_plea(text) || self.release.words.may_be_danger(text);
        if step == Some(Handoff::Remark) && is_fresh && !is_plea {
            self.events.push(Event::CaseRemark);
            return Ok(Some(self.system(System::CaseThanks)));
        }
        Ok(self.pass_on(self.release.words.may_be_danger(text)))
    }

    /// The choices under "it is closed" by number or label.
    fn rating_named(&self, text: &str) -> Option<bool> {
        match self.release.words.choice_number(text) {
            Some(1) => return Some(true),
            Some(2) => return Some(false),
            _ => {}
        }
        let folded = fold(text);
        [("case-helped", true), ("case-unhelped", false)].into_iter().find_map(|(id, helped)| {
            Locale::ALL
                .into_iter()
                .any(|locale| {
                    let label = self.release.interface.format(locale, id, None, None);
                    label.is_some_and(|label| fold(&label) == folded)
                })
                .then_some(helped)
        })
    }
}
