//! Whole messages that ask for a person in several words, or only thank and agree. The lists stand in `words.toml`.

use std::collections::HashSet;

use serde::Deserialize;

use super::words::{TYPO_LETTERS_MIN, is_one_edit_away, key};

/// Longest message that may ask for a person or only thank, in bytes and in words.
const BYTES_MAX: usize = 300;
const WORDS_MAX: usize = 10;

/// Words after "about" that say what a person is wanted for.
const ABOUT_WORDS: usize = 2;

/// Lines of words, each with a blank between.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPerson {
    who: Vec<String>,
    wants: Vec<String>,
    around: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTalk {
    any: Vec<String>,
    around: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// Words for a person who helps, and what is said around them by one who wants one.
    people: HashSet<String>,
    wants: HashSet<String>,
    around: HashSet<String>,
    /// Words before and after what a person is wanted for.
    before: HashSet<String>,
    after: HashSet<String>,
    /// Words of thanks, consent and farewell, and what is said around them.
    talk: HashSet<String>,
    around_talk: HashSet<String>,
}

impl Phrases {
    pub fn new(person: &RawPerson, talk: &RawTalk, polite: &HashSet<String>) -> Self {
        let mut around = keys(&person.around);
        around.extend(polite.iter().cloned());
        Self {
            people: keys(&person.who),
            wants: keys(&person.wants),
            around,
            before: keys(&person.before),
            after: keys(&person.after),
            talk: keys(&talk.any),
            around_talk: keys(&talk.around),
        }
    }

    /// Whether the whole message asks for a person in several words: «хочу поговорить с юристом», «одам лозим», «нужен
    /// консультант по патенту».
    pub fn wants_person(&self, text: &str) -> bool {
        let Some(whole) = phrase(text) else { return false };
        let words: Vec<&str> = whole.split(' ').collect();
        let (mut people, mut wants) = (0, 0);
        // Words left of what a person is wanted for.
        let mut about = 0_usize;
        for (place, word) in words.iter().enumerate() {
            let is_person = self.is_person(word);
            let is_known = is_person || self.wants.contains(*word) || self.around.contains(*word);
            let is_about = (!is_known && about > 0) || self.after.contains(*word);
            about = if is_about || is_known { about.saturating_sub(1) } else { 0 };
            if self.before.contains(*word) {
                about = ABOUT_WORDS;
            } else if self.wants.contains(*word) {
                wants += 1;
            } else if is_person {
                people += 1;
            } else if !is_known && !is_about {
                let is_before = words.get(place + 1).is_some_and(|next| self.after.contains(*next));
                if !is_before {
                    return false;
                }
            }
        }
        people > 0 && wants > 0
    }

    /// A word for a person who helps, as it stands in the list or with one letter wrong, not its first.
    fn is_person(&self, word: &str) -> bool {
        let is_near = |known: &String| {
            known.len() >= TYPO_LETTERS_MIN
                && known.chars().next() == word.chars().next()
                && is_one_edit_away(known, word)
        };
        self.people.contains(word) || (word.len() >= TYPO_LETTERS_MIN && self.people.iter().any(is_near))
    }

    /// Whether the whole message is thanks, consent or a farewell, in words or signs: it asks nothing.
    pub fn is_talk(&self, text: &str) -> bool {
        if text.chars().any(char::is_alphanumeric) {
            let Some(whole) = phrase(text) else { return false };
            let is_talk = |word: &str| {
                self.talk.contains(word)
                    || word.len() >= TYPO_LETTERS_MIN
                        && self
                            .talk
                            .iter()
                            .any(|talk| talk.len() >= TYPO_LETTERS_MIN && is_one_edit_away(talk, word))
            };
            let is_known = |word: &str| is_talk(word) || self.around_talk.contains(word);
            return whole.split(' ').all(is_known) && whole.split(' ').any(is_talk);
        }
        // Signs: a heart, a thumb; a question mark alone is none.
        text.len() <= BYTES_MAX && text.chars().any(|c| c >= '\u{2190}')
    }
}

/// The keys of all words of some lines.
fn keys(lines: &[String]) -> HashSet<String> {
    lines.iter().flat_map(|line| line.split_whitespace()).map(key).collect()
}

/// The key of a message that is short enough to be a phrase of ours.
fn phrase(text: &str) -> Option<String> {
    (text.len() <= BYTES_MAX && text.split_whitespace().count() <= WORDS_MAX)
        .then(|| key(text))
        .filter(|whole| !whole.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::lang::{Command, Words};

    #[test]
    fn a_person_is_asked_for_in_any_words_and_not_where_people_are_told_of() {
        let words = Words::embedded().unwrap();
        for text in [
            "нужен человек",
            "Мне нужен живой человек!",
            "позовите человека пожалуйста",
            "хочу поговорить с юристом",
            "нужна консультация",
            "Здравствуйте, можно мне поговорить с консультантом?",
            "есть тут живые люди?",
            "нужен кансультант",
            "nujen chelovek",
            "hochu pogovorit s yuristom",
            "pozovite operatora",
            "одам лозим",
            "ба ман машваратчӣ лозим",
            "ман бо одам гап занам",
            "илтимос, мутахассисро ҷеғ занед",
            "odam lozim",
            "бо ҳуқуқшинос гап задан мехоҳам",
            "кеңешчи керек",
            "кенешчи керек",
            "юрист керек",
            "мага адам керек, сураныч",
            "тирүү адам менен сүйлөшкүм келет",
            "операторду чакырып бериңизчи",
            "keneshchi kerek",
            "адам менен суйлошсом болобу",
            "консультант нужен по патенту",
            "нужен юрист по депортации",
            "Человек у вас есть там?",
            "позовите кого-нибудь",
            "машваратчӣ лозим оиди патент",
            "дар бораи маош одам лозим",
            "патент боюнча кеңешчи керек",
            "odam kani",
            "одам канӣ?",
            "operatorga ulang",
        ] {
            assert_eq!(words.command(text), Some(Command::Person), "{text}");
        }
        for text in [
            "как стать юристом",
            "человек умер",
            "юрист обманул меня",
            "я человек",
            "не нужен человек",
            "ман одамро дидам",
            "нужен человек на стройку",
            "одам мурд",
            "адам өлдү",
            "юрист алдап кетти",
            "кор лозим",
            "сколько людей можно в комнате",
            "где найти юриста по депортации",
            "кто умер",
            "где кого искать после рейда",
            "патент боюнча",
        ] {
            assert_eq!(words.command(text), None, "{text}");
        }
    }

    #[test]
    fn words_that_end_are_no_wish_to_hear_nothing_more() {
        let words = Words::embedded().unwrap();
        for text in ["болду рахмат", "жетишет рахмат", "бас, рахмат", "хватит, спасибо", "болду"]
        {
            assert_eq!((words.command(text), words.is_talk(text)), (Some(Command::Stop), true), "{text}");
        }
        for text in ["стоп", "отмена", "хватит", "токто", "бас"] {
            assert_eq!((words.command(text), words.is_talk(text)), (Some(Command::Stop), false), "{text}");
        }
        for text in [
            "хватит мне писать",
            "хватит писать",
            "больше не пишите",
            "не присылайте мне",
            "дигар нанависед",
            "мага мындан ары жазбагыла",
            "/stop",
        ] {
            assert_eq!(words.command(text), Some(Command::Unsubscribe), "{text}");
        }
        assert!(words.is_unhelped("Не помогло!") && words.is_unhelped("кумак накард"));
    }

    #[test]
    fn thanks_and_consent_ask_nothing() {
        let words = Words::embedded().unwrap();
        for text in [
            "рахмат",
            "Спасибо большое!",
            "ок, понятно",
            "майлаш",
            "хоп рахмат",
            "чоң рахмат сизге",
            "түшүндүм, рахмат",
            "спасибо вам за помощь",
            "👍",
            "❤️🙏",
            "rahmat",
            "ok ponyatno",
            "спосибо",
            "ты кто",
            "а вы вообще кто такие",
        ] {
            assert!(words.is_talk(text), "{text}");
        }
        for text in [
            "",
            "?",
            "...",
            "5",
            "патент",
            "помощь",
            "мне помощь",
            "зинда",
            "кош бойлуумун",
            "спасибо, а сколько стоит патент",
        ] {
            assert!(!words.is_talk(text), "{text}");
        }
    }
}
