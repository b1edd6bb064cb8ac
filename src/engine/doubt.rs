//! Words that may tell of danger: the number for it stands above the answer that they get anyway.
//!
//! What is surely a call for help brings the emergency numbers first (`Walk::danger`). Between such and everyday talk lie
//! words of which nobody can be sure: they get their page, and lose nothing if they were a call.

use super::{Event, Handoff, Note, Say, Screen, System, walk::Walk};
use crate::lang::Alarm;

impl Walk<'_> {
    /// How sure it is that the text tells of danger. People who talk to a consultant tell of police, work and coming by:
    /// there only what is clear interrupts.
    pub(super) fn alarm(&self, text: &str) -> Option<Alarm> {
        let words = &self.release.words;
        let is_to_people = self.is_talking() || self.state.handoff == Some(Handoff::About);
        if is_to_people { words.is_clear_danger(text).then_some(Alarm::Sure) } else { words.alarm(text) }
    }

    /// Takes a text that may tell of danger as any other; if it was no answer to what was asked, it is warned.
    pub(super) fn in_doubt(&mut self, text: &str) -> Say {
        let events = self.events.len();
        let asked = self.state.pending.as_ref().map(|pending| pending.ask.clone());
        let say = self.text_to_bot(text);
        let is_question = self.events.iter().skip(events).any(|event| *event == Event::Questioned);
        let is_open =
            asked.is_some() && asked == self.state.pending.as_ref().map(|pending| pending.ask.clone());
        let is_given_up = say.notes.iter().any(|note| note.0 == Note::GIVEN_UP);
        if is_question || is_open || is_given_up { self.warn(say) } else { say }
    }

    /// The answer to a question of before, with what was to be said above it.
    pub(super) fn warned_by(&mut self, question: &str, say: Say) -> Say {
        if self.release.words.may_be_danger(question) { self.warn(say) } else { say }
    }

    /// Puts the number for danger above a message, and the emergency page among its choices.
    fn warn(&mut self, mut say: Say) -> Say {
        let is_first = say.screen == Screen::System(System::Welcome);
        if say.node() == Some(&self.release.settings.emergency) {
            return say;
        }
        self.note_trouble();
        self.state.warned = !is_first;
        say.warn = !is_first;
        let note = if is_first { Note::MAY_BE_DANGER_FIRST } else { Note::MAY_BE_DANGER };
        say.notes.insert(0, note.into());
        say
    }
}
