//! Questions in people's own words: the page that answers, a choice of pages, or an honest "not found".

use crate::{
    content::{Answer, Ask, KAZAKHSTAN, Kind, Matched, Node, is_of_kazakhstan},
    domain::{DESTINATION, Locale, NodeId},
    lang::{Foreign, SUGGEST_MARGIN, SWITCH_MARGIN, SWITCH_WORDS, date_words, skeleton, words},
};

use super::{Event, Handoff, Lesson, Note, QUESTION, Say, Screen, System, Why, answer, walk::Walk};

/// Longest question kept for the rest of the conversation, in characters; of a longer one beginning and end.
const KEPT_MAX: usize = 1000;

/// How far above the score that free search needs a page must be to be shown while an ask is open, and how many words
/// must say something else than an answer.
const BESIDE: f32 = 1.2;
const BESIDE_WORDS: usize = 2;

/// Letters in which a word and an answer's word are alike.
const ANSWER_LETTERS: usize = 4;

/// Offers of another language after which they come no rarer: each 16 messages.
const OFFERS_APART: u8 = 4;

/// Questions in a row that found nothing, after which people are named instead of the menu.
const UNANSWERED_MAX: u8 = 2;

/// Longest time between them: after it another visit begins.
const IN_A_ROW_MS: i64 = super::LATER_FRESH_MS;

impl Walk<'_> {
    /// Immediate danger: the emergency numbers and people first; what else fits the words stands with them.
    pub(super) fn danger(&mut self, text: &str) -> Say {
        self.events.push(Event::Questioned);
        self.keep(text);
        self.note_trouble();
        if self.state.locale.is_none() {
            self.suggest_by_text(text);
        }
        let found = match self.release.answer(text, &self.state.profile) {
            Matched::One(id) => vec![id],
            Matched::Several(ids) => ids,
            Matched::Nothing => Vec::new(),
        };
        let emergency = self.release.settings.emergency.clone();
        let is_inside = self.danger_in_case(text);
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
        if greeting.is_none() && !self.release.words.is_talk(text) && is_question(text) {
            self.events.push(Event::Questioned);
            self.keep(text);
        }
        if let Some(foreign) = self.release.words.foreign(text) {
            self.note_told(foreign);
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
        match self.foreign_untold(text) {
            Some(foreign) => self.tell_foreign(foreign),
            None => self.found_for(text),
        }
    }

    /// A question while an ask is open. `None`: rather a mistyped answer.
    pub(super) fn question_beside(&mut self, text: &str, ask: &NodeId, answer: &Answer) -> Option<Say> {
        let foreign = self.foreign_untold(text);
        let is_found = || {
            self.is_no_answer(text, ask, answer)
                && self.release.answer_from(text, &self.state.profile, BESIDE) != Matched::Nothing
        };
        if foreign.is_none() && !is_found() {
            return None;
        }
        self.events.push(Event::Questioned);
        self.keep(text);
        self.state.misses = 0;
        Some(match foreign {
            Some(foreign) => self.tell_foreign(foreign),
            None => self.found_for(text),
        })
    }

    /// Whether a text that is no valid answer says so much else that it is not a mistyped one either.
    fn is_no_answer(&self, text: &str, ask: &NodeId, answer: &Answer) -> bool {
        let asked = self.release.search().asked(text);
        match answer {
            Answer::OneOf(options) => {
                if self.answers_another(text, ask) {
                    return false;
                }
                // A word that is known may be all that is asked; but not one of the answers'.
                let beyond = asked.matter.saturating_sub(self.words_of_answers(text, ask, options));
                beyond >= BESIDE_WORDS || (beyond == 1 && asked.words == 1 && asked.unknown == 0)
            }
            // Dates and numbers are told in words, too.
            Answer::Date { .. } => {
                let digits = usize::from(text.chars().any(char::is_numeric));
                asked.matter >= BESIDE_WORDS + digits + date_words(text)
            }
            Answer::Number { .. } => {
                let digits = usize::from(text.chars().any(char::is_numeric));
                asked.matter >= BESIDE_WORDS + digits
            }
            Answer::Text => false,
        }
    }

    /// Whether a text answers another question about the person: it is said of oneself.
    fn answers_another(&self, text: &str, ask: &NodeId) -> bool {
        let mut others = self.release.nodes().filter(|node| node.id != *ask);
        others.any(|node| match &node.kind {
            Kind::Ask(Ask { profile: true, answer: Answer::OneOf(options), .. }) => {
                answer::meant(self.release, &node.id, options, text).is_some()
            }
            _ => false,
        })
    }

    /// Words of a text that begin like words of an ask's answers, in any language, or name a country: that is said of
    /// oneself.
    fn words_of_answers(&self, text: &str, ask: &NodeId, options: &[Box<str>]) -> usize {
        let attributes: Vec<String> = options.iter().map(|option| format!("opt-{option}")).collect();
        let labels = Locale::ALL.into_iter().flat_map(|locale| {
            attributes.iter().filter_map(move |attribute| {
                self.release.texts.format(locale, ask.as_str(), Some(attribute), None)
            })
        });
        let answers: Vec<String> = labels
            .flat_map(|label| skeleton(&label).split(' ').map(beginning).collect::<Vec<_>>())
            .filter(|word| word.len() >= ANSWER_LETTERS)
            .collect();
        let is_answer =
            |word: &&str| answers.contains(&beginning(word)) || self.release.words.names_country(word);
        skeleton(text).split(' ').filter(is_answer).count()
    }

    /// What fits a question; beside an open ask, if there is one.
    pub(super) fn found_for(&mut self, text: &str) -> Say {
        let matched = self.of_their_country(text, self.release.answer(text, &self.state.profile));
        let switch = self.drift(text);
        if matched != Matched::Nothing {
            self.state.misses = 0;
            self.state.unanswered = 0;
        }
        if switch.is_some() {
            self.note(Note::SWITCH);
        }
        let is_open = self.state.pending.is_some();
        let mut say = match matched {
            Matched::One(id) => {
                self.note(Note::FOUND_ONE);
                let say = if is_open { self.beside(&id, 0) } else { self.go(&id) };
                self.state.alone = Some(id);
                say
            }
            Matched::Several(ids) => {
                self.leave_found();
                self.state.page = 0;
                self.state.found = ids;
                if is_open {
                    self.note(Note::ASK_WAITS);
                }
                self.found_again()
            }
            Matched::Nothing => self.not_found(text),
        };
        if switch.is_some() {
            say.suggest = switch;
        }
        say
    }

    /// Without the pages of Kazakhstan for who goes elsewhere and did not name it, where there are others.
    fn of_their_country(&self, text: &str, matched: Matched) -> Matched {
        let is_elsewhere = self.state.profile.get(DESTINATION).is_some_and(|there| there != KAZAKHSTAN);
        let Matched::Several(ids) = matched else { return matched };
        if !is_elsewhere || self.release.words.names_kazakhstan(text) {
            return Matched::Several(ids);
        }
        let is_there = |id: &NodeId| self.release.node(id.as_str()).is_some_and(is_of_kazakhstan);
        let rest: Vec<NodeId> = ids.iter().filter(|id| !is_there(id)).cloned().collect();
        Matched::Several(if rest.is_empty() { ids } else { rest })
    }

    /// The language of theirs that the bot does not speak, where they were not told yet.
    fn foreign_untold(&self, text: &str) -> Option<Foreign> {
        self.release.words.foreign(text).filter(|foreign| !self.state.drift.told.contains(foreign))
    }

    /// The languages in words that they understand; the question waits for the choice.
    fn tell_foreign(&mut self, foreign: Foreign) -> Say {
        self.state.waiting = true;
        self.note_told(foreign);
        self.system(System::Language)
    }

    fn note_told(&mut self, foreign: Foreign) {
        if !self.state.drift.told.contains(&foreign) {
            self.state.drift.told.push(foreign);
        }
        self.note(foreign_note(foreign));
    }

    /// A question that came with an answer, which brought `say`.
    pub(super) fn question_after(&mut self, question: &str, say: Say) -> Say {
        self.events.push(Event::Questioned);
        self.keep(question);
        if matches!(say.screen, Screen::Outcome(..)) {
            // What the answer was asked for comes first.
            return say;
        }
        if self.release.answer(question, &self.state.profile) == Matched::Nothing {
            self.learn(question.into(), Why::NotFound, None);
            let mut say = say;
            let [not_found, ..] = Note::NOT_FOUND;
            say.notes.push(not_found.into());
            return say;
        }
        self.found_for(question)
    }

    fn not_found(&mut self, text: &str) -> Say {
        let nearest = self.release.nearest(text, &self.state.profile);
        self.learn(text.into(), Why::NotFound, nearest);
        if self.state.pending.is_some() {
            self.note_in_turn(&Note::NOT_FOUND);
            return self.again();
        }
        let is_row = self.state.unanswered_at.is_some_and(|at| self.now.ms_since(at) < IN_A_ROW_MS);
        self.state.unanswered = if is_row { self.state.unanswered.saturating_add(1) } else { 1 };
        self.state.unanswered_at = Some(self.now);
        if self.state.unanswered >= UNANSWERED_MAX {
            self.state.unanswered = 0;
            self.note(Note::NOT_FOUND_TWICE);
            return self.ask_consultant(true);
        }
        self.note_in_turn(&Note::NOT_FOUND);
        self.home()
    }

    /// "No" to what was offered.
    pub(super) fn none_of_these(&mut self) -> Say {
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
        let here = self.state.aside.as_ref().or(self.state.node.as_ref());
        let is_taken = here.is_some_and(|here| {
            offered.iter().any(|id| self.release.living(id.as_str()).is_some_and(|node| node.id == *here))
        });
        // Who goes to the emergency numbers called for help: that teaches nobody.
        let was_call = here == Some(&self.release.settings.emergency);
        if !stays && !is_taken && !was_call {
            self.learn(asked, Why::Ignored, Some(nearest.clone()));
        }
    }

    /// One page was shown as the answer, and it was none: they say so, ask anew, or want people. `asked`: their question.
    pub(super) fn learn_from_unhelpful(&mut self, alone: NodeId, asked: Option<Box<str>>) {
        let is_no = |event: &Event| matches!(event, Event::Rated { helped: false, .. });
        let help = &self.release.settings.help;
        let wants_people =
            matches!(self.state.handoff, Some(Handoff::Consent | Handoff::Known | Handoff::Wanted))
                || self.state.node.as_ref() == Some(help) && alone != *help;
        let asks_anew = || {
            let is_asked = self.events.contains(&Event::Questioned);
            let now = self.state.private.get(QUESTION).filter(|_| is_asked);
            asked.as_deref().zip(now).is_some_and(|(before, now)| self.is_same_matter(before, now))
        };
        if self.events.iter().any(is_no) || wants_people || asks_anew() {
            if let Some(asked) = asked {
                self.learn(asked, Why::Unhelpful, Some(alone));
            }
            return;
        }
        // Still in front, or they are being asked whether it helped.
        let here = self.state.aside.as_ref().or(self.state.node.as_ref());
        let is_open = self.state.found.is_empty()
            && here.is_some_and(|here| {
                let is_feedback = |node: &Node| matches!(node.kind, Kind::Feedback);
                *here == alone || self.release.node(here.as_str()).is_some_and(is_feedback)
            });
        if is_open && self.state.alone.is_none() {
            self.state.alone = Some(alone);
        }
    }

    /// Whether two questions share a word of the matter: the second says it in other words.
    fn is_same_matter(&self, one: &str, other: &str) -> bool {
        let vocabulary = self.release.search().vocabulary();
        let words = |text: &str| -> Vec<String> {
            let key = skeleton(text);
            let says = |word: &&str| word.len() >= ANSWER_LETTERS && !vocabulary.is_function(word);
            key.split(' ').filter(says).map(beginning).collect()
        };
        let one = words(one);
        words(other).iter().any(|word| one.contains(word))
    }

    fn learn(&mut self, text: Box<str>, why: Why, nearest: Option<NodeId>) {
        if self.state.consent.is_some() {
            self.lessons.push(Lesson { text, locale: self.state.locale, why, nearest });
        }
    }

    /// Keeps the question for the rest of the conversation.
    pub(super) fn keep(&mut self, text: &str) {
        let count = text.chars().count();
        let half = KEPT_MAX / 2;
        let kept: String = if count > KEPT_MAX {
            text.chars().take(half).chain(['…']).chain(text.chars().skip(count - half)).collect()
        } else {
            text.into()
        };
        self.state.private.insert(QUESTION.into(), kept.into());
    }

    /// Another of our languages, where it is time to offer it: at the first message that is clearly in it, and again
    /// after two, four, eight … such messages in a row.
    fn drift(&mut self, text: &str) -> Option<Locale> {
        if words(text) < SWITCH_WORDS {
            return None;
        }
        let guess = self.release.search().language(text, None)?;
        if guess.margin < SWITCH_MARGIN {
            return None;
        }
        let drift = &mut self.state.drift;
        if Some(guess.locale) == self.state.locale {
            drift.row = 0;
            return None;
        }
        if drift.to.replace(guess.locale) != Some(guess.locale) {
            drift.row = 0;
        }
        drift.row = drift.row.saturating_add(1);
        if drift.row < 1 << drift.offers.min(OFFERS_APART) {
            return None;
        }
        drift.row = 0;
        drift.offers = drift.offers.saturating_add(1);
        Some(guess.locale)
    }
}

/// The letters of a word by which a mistyped answer is known.
fn beginning(word: &str) -> String {
    word.chars().take(ANSWER_LETTERS).collect()
}

const fn foreign_note(language: Foreign) -> &'static str {
    let [uz, kk, en] = Note::FOREIGN;
    match language {
        Foreign::Uz => uz,
        Foreign::Kk => kk,
        Foreign::En => en,
    }
}

/// Has a word of at least three letters in a script that our texts are written in: a sign, a number or "ок" asks nothing,
/// and what is written in another script nobody here can read.
pub(super) fn is_question(text: &str) -> bool {
    let is_ours = |word: &str| skeleton(word).bytes().any(|letter| letter.is_ascii_alphabetic());
    text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() >= 3 && is_ours(word))
}
