//! Written input: danger, commands, answers, choices by their names.

use crate::{
    content::{Answer, Kind, Token},
    domain::Locale,
    lang::{Alarm, Command, fold},
};

use super::{
    Event, Label, Note, Pending, Say, Screen, Sign, State, System,
    answer::{self, Read},
    choices::{choices, language_order},
    walk::Walk,
};

/// Tries of one question after which the bot stops repeating it and shows the way out.
const TRIES_MAX: u8 = 3;

const PERSON_MARK: &str = "*";
const LANGUAGE_MARK: &str = "#";

/// The number that a folded text is: `3`, `3.`, `№3`, `n 3`.
fn number(folded: &str) -> Option<usize> {
    folded.strip_prefix("n ").unwrap_or(folded).parse().ok()
}

impl Walk<'_> {
    /// `None`: it went to the consultants, and nothing needs to be said.
    pub(super) fn text(&mut self, text: &str) -> Option<Say> {
        // Danger first: before language, notice and any open question; but the words of a choice are that choice.
        let alarm = self.alarm(text).filter(|_| self.choice_named(text).is_none());
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
        if let Some(locale) = self.release.words.language(text) {
            return self.choose_locale(locale);
        }
        // The list of languages is in front, perhaps before an open question.
        if self.state.choosing
            && let Some(token) = self.choice_named(text)
        {
            return self.follow(&token);
        }
        let command = self.release.words.command(text);
        if let Some(pending) = self.state.pending.clone() {
            return self.text_to_question(text, command, pending);
        }
        match command {
            Some(Command::Yes | Command::No | Command::Skip) | None => {}
            Some(command) => return self.command(command),
        }
        if let Some(token) = self.choice_named(text) {
            self.state.misses = 0;
            return self.follow(&token);
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
        let place = number(&fold(text)).and_then(|number| number.checked_sub(1));
        let by_number = place.and_then(|place| language_order(self.state.suggested).get(place).copied());
        if let Some(locale) = by_number.or_else(|| words.language(text)) {
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

    fn text_to_question(&mut self, text: &str, command: Option<Command>, pending: Pending) -> Say {
        let Some(Kind::Ask(ask)) = self.release.node(pending.ask.as_str()).map(|node| &node.kind) else {
            self.note(Note::MOVED);
            return self.home_plain();
        };
        match command {
            Some(Command::Skip) if ask.optional => return self.skip(ask.clone(), &pending),
            Some(Command::No) if pending.later => return self.skip(ask.clone(), &pending),
            // A number or free text may look like a word of command only by these.
            Some(Command::Yes | Command::No | Command::Skip) | None => {}
            Some(command) => return self.command(command),
        }
        let is_by_choice = matches!(ask.answer, Answer::OneOf(_)) || self.is_beside();
        if (is_by_choice || text.trim() == PERSON_MARK)
            && let Some(token) = self.choice_named(text)
        {
            return self.follow(&token);
        }
        match answer::read(self.release, &pending.ask, ask, text, self.today()) {
            Read::Value(value) => {
                self.state.misses = 0;
                self.answered(&ask.clone(), &pending, &value)
            }
            Read::Again(wordings) => {
                // No answer; perhaps a label, or a sign of the menus before.
                if let Some(token) = self.choice_named(text) {
                    return self.follow(&token);
                }
                let is_talk = self.release.words.is_talk(text);
                if pending.later && (is_talk || super::question::is_question(text)) {
                    // They speak of something else: our question was by the way.
                    self.state.pending = None;
                    return self.text_to_bot(text);
                }
                if wordings != Note::DATE_IMPOSSIBLE
                    && let Some(say) = self.question_beside(text, &pending.ask, &ask.answer)
                {
                    return say;
                }
                self.leave_found();
                if is_talk || self.release.words.greeting(text).is_some() {
                    return self.again();
                }
                let tries = pending.tries.saturating_add(1);
                self.state.pending = Some(Pending { tries, ..pending.clone() });
                self.note_in_turn(wordings);
                if tries >= TRIES_MAX {
                    self.note(Note::GIVEN_UP);
                    self.state.pending = None;
                    return self.home_plain();
                }
                self.say(Screen::Node(pending.ask), self.state.page)
            }
        }
    }

    /// A choice of the screen in front by its sign or its words.
    pub(super) fn choice_named(&mut self, text: &str) -> Option<Token> {
        if text.len() > 200 {
            return None;
        }
        let say = self.in_front();
        let page = choices(self.release, &say);
        let folded = fold(text);
        let number = number(&folded);
        let mut all = page.choices.into_iter().chain(page.system);
        // Marks mean the same on each screen, shown or not; but a number asked for is never one.
        let mark = match (text.trim(), number) {
            (PERSON_MARK, _) => Some(Token::Person),
            (LANGUAGE_MARK, _) => Some(Token::Language),
            (_, Some(0 | 9)) if self.wants_number() => None,
            (_, Some(0)) => Some(Token::Home),
            (_, Some(9)) if say.node().is_some() && !all.clone().any(|c| c.sign == Sign::Number(9)) => {
                Some(Token::Back)
            }
            _ => None,
        };
        if mark.is_some() {
            return mark;
        }
        if let Some(number) = number {
            return all.find(|choice| choice.sign == Sign::Number(number)).map(|choice| choice.token);
        }
        if folded.is_empty() {
            return None;
        }
        all.find(|choice| self.is_called(&choice.label, &folded)).map(|choice| choice.token)
    }

    fn wants_number(&self) -> bool {
        let ask = self.state.pending.as_ref().and_then(|pending| self.release.node(pending.ask.as_str()));
        let is_number = matches!(ask.map(|node| &node.kind),
            Some(Kind::Ask(ask)) if matches!(ask.answer, Answer::Number { .. }));
        is_number && !self.state.deleting && !self.state.choosing
    }

    fn is_called(&self, label: &Label, folded: &str) -> bool {
        let texts = &self.release.texts;
        Locale::ALL.into_iter().any(|locale| {
            let matches =
                |text: Option<std::borrow::Cow<'_, str>>| text.is_some_and(|text| fold(&text) == *folded);
            match label {
                Label::Node(id) => {
                    matches(texts.format(locale, id.as_str(), Some("button"), None))
                        || matches(texts.format(locale, id.as_str(), None, None))
                }
                // Its short name means another choice as well.
                Label::Within(id, _) => matches(texts.format(locale, id.as_str(), None, None)),
                Label::Option(id, value) => {
                    matches(texts.format(locale, id.as_str(), Some(&format!("opt-{value}")), None))
                }
                Label::Interface(id) => matches(self.release.interface.format(locale, id, None, None)),
                Label::OwnName(own) => fold(own.own_name()) == *folded,
                Label::Resume(_) => false,
            }
        })
    }

    pub(super) fn command(&mut self, command: Command) -> Say {
        self.state.misses = 0;
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

    /// "Stop" ends an open question or what was found for one; with nothing open it stops the mailings.
    fn stop(&mut self) -> Say {
        if self.state.pending.take().is_some() || !self.state.found.is_empty() {
            return self.home_plain();
        }
        self.unsubscribe()
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
