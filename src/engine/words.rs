//! Written input: danger, commands, choices, questions.

use crate::{
    content::Token,
    lang::{Alarm, Command},
};

use super::{Event, Note, Say, State, System, choices::language_order, walk::Walk};

const PERSON_MARK: &str = "*";

impl Walk<'_> {
    /// `None`: it went to the consultants, and nothing needs to be said.
    pub(super) fn text(&mut self, text: &str) -> Option<Say> {
        // Danger first: before language, notice and any open question; but the words of a choice or an answer are that
        // choice or answer.
        let alarm =
            self.alarm(text).filter(|_| self.choice_named(text).is_none() && !self.answers_in_words(text));
        if alarm == Some(Alarm::Sure) {
            return Some(self.danger(text));
        }
        if !self.state.deleting
            && self.state.locale.is_some()
            && let Ok(said) = self.text_in_case(text)
        {
            return said;
        }
        Some(match alarm {
            Some(Alarm::Doubtful) => self.in_doubt(text),
            _ => self.text_to_bot(text),
        })
    }

    pub(super) fn text_to_bot(&mut self, text: &str) -> Say {
        if self.state.deleting {
            return match self.release.words.command(text) {
                Some(Command::Yes) => self.delete(true),
                Some(Command::No) => self.delete(false),
                Some(command) => self.command(command),
                None => match self.choice_named(text) {
                    Some(token) => self.follow(&token),
                    None => {
                        self.note(Note::NOTHING_TO_DELETE);
                        self.system(System::DeleteAsk)
                    }
                },
            };
        }
        if self.state.locale.is_none() {
            return self.text_before_language(text);
        }
        // The list of languages is in front, perhaps before an open question.
        if self.state.choosing {
            if let Some(named) = self.release.words.language(text) {
                return self.choose_locale(named.locale);
            }
            if let Some(token) = self.choice_named(text) {
                return self.follow(&token);
            }
        }
        let command = self.release.words.command(text);
        if self.state.stopping
            && let Some(command @ (Command::Yes | Command::No | Command::Stop)) = command
        {
            let token = if command == Command::No { Token::Here } else { Token::Stop };
            return self.follow(&token);
        }
        if let Some(pending) = self.state.pending.clone() {
            return self.text_to_question(text, command, pending);
        }
        match command {
            Some(Command::Yes | Command::No | Command::Skip) | None => {}
            // "That is enough, thank you" ends nothing.
            Some(Command::Stop) if self.release.words.is_talk(text) => return self.courtesy(),
            Some(command) => return self.command(command),
        }
        if let Some(token) = self.choice_meant(text) {
            self.state.misses = 0;
            self.state.unanswered = 0;
            return self.follow(&token);
        }
        if let Some(named) = self.release.words.language(text) {
            if named.is_sure {
                return self.choose_locale(named.locale);
            }
            // People, a country, an exam: searched for, and offered.
            let mut say = self.question(text);
            self.offer_language(&mut say, named.locale);
            return say;
        }
        if self.release.words.is_unhelped(text) {
            if !self.state.found.is_empty() && !self.state.alarmed {
                return self.none_of_these();
            }
            let [_, no] = Note::THANKS;
            self.note(no);
            return self.person();
        }
        if command == Some(Command::No) && !self.state.found.is_empty() {
            return self.none_of_these();
        }
        // With no question of ours open, a yes is thanks.
        if matches!(command, Some(Command::Yes | Command::No)) || self.release.words.is_talk(text) {
            return self.courtesy();
        }
        self.question(text)
    }

    fn text_before_language(&mut self, text: &str) -> Say {
        let words = &self.release.words;
        let place = words.choice_number(text).and_then(|number| number.checked_sub(1));
        let by_number = place.and_then(|place| language_order(self.state.suggested).get(place).copied());
        if let Some(locale) = by_number.or_else(|| words.language(text).map(|named| named.locale)) {
            return self.choose_locale(locale);
        }
        if self.state.node.is_some()
            && let Some(token) = self.choice_named(text)
        {
            return match token {
                Token::Person => self.person(),
                token => self.before_language(&token),
            };
        }
        let words = &self.release.words;
        match words.command(text) {
            Some(command @ (Command::Delete | Command::MyData | Command::Hide | Command::Person)) => {
                self.command(command)
            }
            _ if text.trim() == PERSON_MARK => self.person(),
            Some(_) => self.not_understood(),
            None => self.question_before_language(text),
        }
    }

    pub(super) fn command(&mut self, command: Command) -> Say {
        self.state.misses = 0;
        self.state.unanswered = 0;
        if self.state.locale.is_none()
            && !matches!(command, Command::Delete | Command::MyData | Command::Hide | Command::Person)
        {
            return self.system(System::Welcome);
        }
        match command {
            Command::Menu => {
                // Whoever said "stop" before is not asked at once.
                let later = self.later();
                self.opt_in();
                match later {
                    Some(ask) => {
                        let here = self.resting_place();
                        self.ask_later(ask, here)
                    }
                    None => self.home(),
                }
            }
            Command::Back => self.back(),
            Command::Language => self.system(System::Language),
            Command::Person => self.person(),
            Command::Stop => self.stop(),
            Command::Unsubscribe => self.unsubscribe(),
            Command::Delete => self.system(System::DeleteAsk),
            Command::MyData => self.system(System::MyData),
            Command::Hide => {
                self.events.push(Event::HideAsked);
                self.system(System::Hidden)
            }
            Command::Yes | Command::No | Command::Skip => self.not_understood(),
        }
    }

    pub(super) fn person(&mut self) -> Say {
        self.ask_consultant(false)
    }

    /// "Stop" ends an open question or what was found for one; with nothing open it may mean our mailings, which is asked.
    fn stop(&mut self) -> Say {
        if self.state.pending.take().is_some() || !self.state.found.is_empty() {
            return self.home_plain();
        }
        if self.state.opted_out { self.unsubscribe() } else { self.system(System::StopAsk) }
    }

    pub(super) fn unsubscribe(&mut self) -> Say {
        if !std::mem::replace(&mut self.state.opted_out, true) {
            self.events.push(Event::OptedOut);
        }
        self.system(System::Stopped)
    }

    pub(super) fn delete(&mut self, yes: bool) -> Say {
        if !yes {
            return self.system(System::Kept);
        }
        let say = self.system(System::Deleted);
        self.state = State::default();
        self.events.push(Event::EraseConfirmed);
        say
    }
}
