//! Written input while a question of ours is open: its answer, an answer with a question after it, something else.

use crate::{
    content::{Answer, Ask, Kind, Matched},
    domain::{Locale, NodeId},
    lang::Command,
};

use super::{
    Note, Pending, Say, Screen,
    answer::{self, Read},
    question::is_question,
    walk::Walk,
};

/// Tries of one question after which the bot stops repeating it and shows the way out.
const TRIES_MAX: u8 = 3;

const PERSON_MARK: &str = "*";

/// Longest message that may be an answer with a question after it, in bytes.
const BYTES_MAX: usize = 500;

impl Walk<'_> {
    pub(super) fn text_to_question(&mut self, text: &str, command: Option<Command>, pending: Pending) -> Say {
        let Some(Kind::Ask(ask)) = self.release.node(pending.ask.as_str()).map(|node| &node.kind) else {
            self.note(Note::MOVED);
            return self.home_plain();
        };
        let ask = ask.clone();
        match command {
            Some(Command::Skip) if ask.optional => return self.skip(ask, &pending),
            Some(Command::Skip) if ask.answer != Answer::Text => {
                // "I do not know": asking once more in other words would not help.
                self.note(Note::NEEDED);
                return self.say(Screen::Node(pending.ask), self.state.page);
            }
            Some(Command::No) if pending.later => return self.skip(ask, &pending),
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
        let language = self.release.words.language(text);
        match answer::read(self.release, &pending.ask, &ask, text, self.today()) {
            Read::Value(value) => {
                self.state.misses = 0;
                let mut say = self.answered(&ask, &pending, &value);
                // An answer that is the name of a language, too.
                if let Some(named) = language.filter(|named| named.is_sure) {
                    self.offer_language(&mut say, named.locale);
                }
                say
            }
            Read::Again(wordings) => {
                // No answer; perhaps a label, or a sign of the menus before.
                if let Some(token) = self.choice_meant(text) {
                    return self.follow(&token);
                }
                match language {
                    Some(named) if named.is_sure => return self.choose_locale(named.locale),
                    Some(named) if Some(named.locale) != self.state.locale => {
                        let mut say = self.again();
                        self.offer_language(&mut say, named.locale);
                        return say;
                    }
                    _ => {}
                }
                self.no_answer(text, &ask, pending, wordings)
            }
        }
    }

    /// Whether the whole text is an answer to the open question, by its labels and the names that people use.
    pub(super) fn answers_in_words(&self, text: &str) -> bool {
        let Some(pending) = &self.state.pending else { return false };
        match self.release.node(pending.ask.as_str()).map(|node| &node.kind) {
            Some(Kind::Ask(Ask { answer: Answer::OneOf(options), .. })) => {
                answer::meant(self.release, &pending.ask, options, text).is_some()
            }
            _ => false,
        }
    }

    fn no_answer(&mut self, text: &str, ask: &Ask, pending: Pending, wordings: &[&'static str]) -> Say {
        if let Some((value, question)) = self.answer_and_question(text, &pending.ask, ask) {
            self.state.misses = 0;
            let say = self.answered(ask, &pending, &value);
            return self.question_after(&question, say);
        }
        let is_talk = self.release.words.is_talk(text);
        if pending.later && (is_talk || is_question(text)) {
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

    /// An answer and a question of their own with a sign between: "Таджикистан, а что с патентом?", or the other way
    /// round.
    fn answer_and_question(&self, text: &str, id: &NodeId, ask: &Ask) -> Option<(Box<str>, String)> {
        if text.len() > BYTES_MAX || ask.answer == Answer::Text {
            return None;
        }
        let read = |part: &str| match answer::read(self.release, id, ask, part, self.today()) {
            Read::Value(value) => Some(value),
            Read::Again(_) => None,
        };
        let is_asked = |part: &str| {
            is_question(part)
                && self.release.words.opens_question(part)
                && (part.contains('?') || self.release.answer(part, &self.state.profile) != Matched::Nothing)
        };
        text.match_indices([',', '.', ';', '!', '?', '\n', '—']).find_map(|(at, sign)| {
            let (head, tail) = text.split_at_checked(at + sign.len())?;
            let pair = |answer: &str, question: &str| {
                // A date has points and commas of its own.
                let value = is_asked(question).then(|| read(answer.trim_end_matches(',')))??;
                Some((value, question.trim().to_owned()))
            };
            pair(head, tail).or_else(|| pair(tail, head))
        })
    }

    /// `say` shows another of our languages as one more choice, and says so in it.
    pub(super) fn offer_language(&self, say: &mut Say, locale: Locale) {
        if self.state.locale != Some(locale) && !self.state.deleting {
            say.suggest = Some(locale);
            say.notes.retain(|note| note.0 != Note::SWITCH);
            say.notes.push(Note::SWITCH.into());
        }
    }
}
