//! Questions in people's own words: the page that answers, a choice of pages, or an honest "not found".

use crate::{
    content::Matched,
    domain::{Locale, NodeId},
    lang::{Foreign, SUGGEST_MARGIN, SWITCH_MARGIN, SWITCH_WORDS, words},
};

use super::{Event, Handoff, Lesson, Note, QUESTION, Say, Screen, System, Why, walk::Walk};

/// Longest question kept for the rest of the conversation, in characters.
const KEPT_MAX: usize = 1000;

/// Questions in a row that found nothing, after which people are named instead of the menu.
const UNANSWERED_MAX: u8 = 2;

impl Walk<'_> {
    /// Immediate danger: the emergency numbers and people first; what else fits the words stands with them.
    pub(super) fn danger(&mut self, text: &str) -> Say {
        self.events.push(Event::Questioned);
        self.keep(text);
        if self.state.locale.is_none() {
            self.suggest_by_text(text);
        }
        let found = match self.release.answer(text, &self.state.profile) {
            Matched::One(id) => vec![id],
            Matched::Several(ids) => ids,
            Matched::Nothing => Vec::new(),
        };
        let emergency = self.release.settings.emergency.clone();
        let is_inside = self.danger_in_case();
        if is_inside {
            self.note(Note::CASE_KEPT);
        } else if !self.desk.staffed {
            self.note(Note::NO_HUMAN);
        }
        self.state.handoff = Some(Handoff::Urgent);
        if let Some(case) = &mut self.state.case {
            // The numbers are shown within the conversation: it is not left.
            case.inside = false;
        }
        let mut say = self.go(&emergency);
        if let Some(case) = &mut self.state.case {
            case.inside = is_inside;
        }
        if say.node() == Some(&emergency) && self.state.locale.is_some() {
            let found: Vec<NodeId> = found.into_iter().filter(|id| *id != emergency).take(2).collect();
            self.state.found.clone_from(&found);
            self.state.alarmed = true;
            say.found = found;
        }
        say
    }

    /// A question before the language was chosen: it is kept, and answered with the choice.
    pub(super) fn question_before_language(&mut self, text: &str) -> Say {
        let greeting = self.release.words.greeting(text);
        if greeting.is_none() && is_question(text) {
            self.events.push(Event::Questioned);
            self.keep(text);
        }
        if let Some(foreign) = self.release.words.foreign(text) {
            self.note(foreign_note(foreign));
        } else {
            self.suggest_by_text(text);
            self.note_in_turn(&Note::WELCOME_AGAIN);
        }
        self.system(System::Welcome)
    }

    /// The language of what they wrote, where it is clear.
    fn suggest_by_text(&mut self, text: &str) {
        let guess = self.release.search().language(text, self.state.hint.as_deref());
        let greeting = self.release.words.greeting(text);
        self.state.suggested = greeting
            .or_else(|| guess.filter(|guess| guess.margin >= SUGGEST_MARGIN).map(|guess| guess.locale))
            .or(self.state.suggested);
    }

    /// The language of the person's app, where it is one that says something.
    pub(super) fn suggest_by_hint(&mut self) {
        let hint = self.state.hint.as_deref().unwrap_or_default();
        let suggested = [Locale::Tg, Locale::Ky].into_iter().find(|locale| hint.starts_with(locale.as_str()));
        self.state.suggested = suggested.or(self.state.suggested);
    }

    /// A question in the person's own words.
    pub(super) fn question(&mut self, text: &str) -> Say {
        self.events.push(Event::Questioned);
        if self.release.words.greeting(text).is_some() {
            return self.home();
        }
        if !is_question(text) {
            return self.not_understood();
        }
        self.keep(text);
        let matched = self.release.answer(text, &self.state.profile);
        if let Some(foreign) = self.release.words.foreign(text)
            && (matched == Matched::Nothing || !self.state.offered)
        {
            self.state.offered = true;
            self.note(foreign_note(foreign));
            return self.system(System::Language);
        }
        let switch = self.other_language(text);
        if matched != Matched::Nothing {
            self.state.misses = 0;
            self.state.unanswered = 0;
        }
        if switch.is_some() {
            self.state.offered = true;
            self.note(Note::SWITCH);
        }
        let mut say = match matched {
            Matched::One(id) => {
                self.note(Note::FOUND_ONE);
                self.go(&id)
            }
            Matched::Several(ids) => {
                self.state.page = 0;
                self.state.found = ids;
                self.state.alarmed = false;
                self.found_again()
            }
            Matched::Nothing => self.not_found(text),
        };
        if switch.is_some() {
            say.suggest = switch;
        }
        say
    }

    fn not_found(&mut self, text: &str) -> Say {
        let nearest = self.release.find(text, &self.state.profile).next().map(|found| found.node.id.clone());
        self.learn(text.into(), Why::NotFound, nearest);
        self.state.unanswered = self.state.unanswered.saturating_add(1);
        if self.state.unanswered >= UNANSWERED_MAX {
            self.state.unanswered = 0;
            self.note(Note::NOT_FOUND_TWICE);
            return self.ask_consultant(true);
        }
        self.note_in_turn(&Note::NOT_FOUND);
        self.home()
    }

    /// The offered pages once more.
    pub(super) fn found_again(&mut self) -> Say {
        let found = self.state.found.clone();
        let emergency = self.release.settings.emergency.clone();
        let mut say = if self.state.alarmed {
            self.say(Screen::Node(emergency), 0)
        } else {
            self.system(System::Found)
        };
        say.found = found;
        say
    }

    /// Pages were offered and the person went elsewhere. `asked`: the question to which they were offered.
    pub(super) fn learn_from_ignored(&mut self, offered: &[NodeId], asked: Option<Box<str>>) {
        let (Some(nearest), Some(asked)) = (offered.first(), asked) else { return };
        let stays = *self.state.found == *offered;
        let is_taken = self.state.node.as_ref().is_some_and(|here| {
            offered.iter().any(|id| self.release.living(id.as_str()).is_some_and(|node| node.id == *here))
        });
        if !stays && !is_taken {
            self.learn(asked, Why::Ignored, Some(nearest.clone()));
        }
    }

    fn learn(&mut self, text: Box<str>, why: Why, nearest: Option<NodeId>) {
        if self.state.consent.is_some() {
            self.lessons.push(Lesson { text, locale: self.state.locale, why, nearest });
        }
    }

    /// Keeps the question for the rest of the conversation.
    pub(super) fn keep(&mut self, text: &str) {
        let kept: String = text.chars().take(KEPT_MAX).collect();
        self.state.private.insert(QUESTION.into(), kept.into());
    }

    /// Another of our languages, when the text is clearly in it and it was not offered before.
    fn other_language(&self, text: &str) -> Option<Locale> {
        if self.state.offered || words(text) < SWITCH_WORDS {
            return None;
        }
        let guess = self.release.search().language(text, None)?;
        (guess.margin >= SWITCH_MARGIN && Some(guess.locale) != self.state.locale).then_some(guess.locale)
    }
}

const fn foreign_note(language: Foreign) -> &'static str {
    let [uz, kk, en] = Note::FOREIGN;
    match language {
        Foreign::Uz => uz,
        Foreign::Kk => kk,
        Foreign::En => en,
    }
}

/// Has a word of at least three letters: a sign, a number or "ок" asks nothing.
pub(super) fn is_question(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() >= 3)
}
