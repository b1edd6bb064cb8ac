//! The closed lexicon of commands, languages and danger. The lists stand in `words.toml`.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{
    Trainer,
    danger::{self, Alarm, Hearing},
    fold,
    languages::LanguageNamed,
    phrases::{self, Phrases},
    skeleton,
};
use crate::domain::Locale;

/// Languages in which people write to us and which the bot does not speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Foreign {
    Uz,
    Kk,
    En,
}

/// Fewest words of a text that is called foreign.
const FOREIGN_WORDS_MIN: usize = 2;

/// Letters of a word that may be a beginning.
const STEM_MIN: usize = 4;

/// A word that means the same at any place of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    Menu,
    Back,
    Language,
    Stop,
    /// No mailings, whatever is open.
    Unsubscribe,
    Person,
    Delete,
    MyData,
    Hide,
    Skip,
    Yes,
    No,
}

impl Command {
    /// The command of a bot's slash word, without the slash.
    pub fn of_slash(word: &str) -> Option<Self> {
        Some(match word {
            "start" | "menu" | "home" => Self::Menu,
            "back" => Self::Back,
            "lang" | "language" => Self::Language,
            // Said to the bot by its menu: "send no mailings".
            "stop" => Self::Unsubscribe,
            "help" | "person" => Self::Person,
            "delete" => Self::Delete,
            "mydata" => Self::MyData,
            "hide" => Self::Hide,
            _ => return None,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    command: HashMap<Command, Vec<String>>,
    polite: Polite,
    person: phrases::RawPerson,
    talk: phrases::RawTalk,
    language: HashMap<Locale, Vec<String>>,
    #[serde(rename = "language-or-people")]
    people: HashMap<Locale, Vec<String>>,
    answer: RawAnswer,
    number: Plain,
    unhelped: Plain,
    danger: danger::Raw,
    greeting: HashMap<Locale, Vec<String>>,
    plea: Plain,
    clear: Plain,
    everyday: HashMap<Locale, Vec<String>>,
    function: HashMap<Locale, Vec<String>>,
    place: Places,
    foreign: HashMap<Foreign, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    kazakhstan: Vec<String>,
    countries: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Polite {
    any: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAnswer {
    around: Vec<String>,
    opens: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    any: Vec<String>,
}

/// The lexicon, ready to ask.
#[derive(Debug, Default)]
pub struct Words {
    commands: HashMap<String, Command>,
    /// Words that a command may stand between.
    pub(super) polite: HashSet<String>,
    phrases: Phrases,
    pub(super) languages: HashMap<String, LanguageNamed>,
    /// Small words around an answer, and words that open a question after one.
    around_answers: Vec<String>,
    opens: HashSet<String>,
    pub(super) around_numbers: HashSet<String>,
    unhelped: HashSet<String>,
    pub(super) danger: Hearing,
    greetings: HashMap<String, Locale>,
    plea: HashSet<String>,
    /// Beginnings of clear words of danger, as skeletons, each after a space.
    clear: Vec<String>,
    foreign: Vec<(Foreign, HashSet<String>)>,
    everyday: Vec<(Locale, String)>,
    function: Vec<String>,
    /// Beginnings, as skeletons.
    kazakhstan: Vec<String>,
    countries: Vec<String>,
}

/// How often an everyday word counts beside the words of a page.
const EVERYDAY_WEIGHT: f32 = 24.0;

/// Longest message that can be a command, in words, once words of politeness are gone.
const COMMAND_WORDS_MAX: usize = 3;

/// Longest message that is looked at, in words.
const LOOKED_AT_WORDS_MAX: usize = 6;

/// Fewest letters of a message that may speak of danger: `sos`.
const DANGER_LETTERS_MIN: usize = 3;

/// Fewest letters of a command in which one letter may be wrong.
pub(super) const TYPO_LETTERS_MIN: usize = 5;

impl Words {
    /// The lexicon of the binary.
    ///
    /// # Errors
    /// When `words.toml` is broken: a test loads it, so only a build with a broken file sees it.
    pub fn embedded() -> Result<Self, toml::de::Error> {
        let raw: Raw = toml::from_str(include_str!("words.toml"))?;
        let mut words = Self::default();
        for (command, spellings) in raw.command {
            for spelling in spellings {
                words.commands.insert(key(&spelling), command);
            }
        }
        words.polite = raw.polite.any.iter().map(|word| key(word)).collect();
        words.phrases = Phrases::new(&raw.person, &raw.talk, &words.polite);
        for (names, is_sure) in [(raw.people, false), (raw.language, true)] {
            for (locale, spellings) in names {
                for spelling in spellings {
                    words.languages.insert(key(&spelling), LanguageNamed { locale, is_sure });
                }
            }
        }
        words.around_answers = raw.answer.around;
        words.opens = raw.answer.opens.iter().flat_map(|line| line.split_whitespace()).map(key).collect();
        words.around_numbers =
            raw.number.any.iter().flat_map(|line| line.split_whitespace()).map(skeleton).collect();
        words.unhelped = raw.unhelped.any.iter().map(|text| key(text)).collect();
        words.danger = Hearing::new(&raw.danger);
        for (locale, spellings) in raw.greeting {
            for spelling in spellings {
                words.greetings.insert(key(&spelling), locale);
            }
        }
        words.plea = raw.plea.any.iter().map(|word| key(word)).collect();
        words.clear = raw.clear.any.iter().map(|word| format!(" {}", skeleton(word))).collect();
        words.kazakhstan = raw.place.kazakhstan.iter().map(|word| skeleton(word)).collect();
        words.countries = raw.place.countries.iter().map(|word| skeleton(word)).collect();
        for (language, list) in raw.foreign {
            let list = list.iter().map(|word| fold(word)).filter(|word| !word.is_empty()).collect();
            words.foreign.push((language, list));
        }
        words.foreign.sort_by_key(|(language, _)| *language);
        for locale in Locale::ALL {
            let list = raw.everyday.get(&locale).into_iter().flatten();
            words.everyday.extend(list.map(|words| (locale, words.clone())));
            words.function.extend(raw.function.get(&locale).into_iter().flatten().cloned());
        }
        Ok(words)
    }

    /// The command that the whole message is, words of politeness aside: as it stands in the list, as several words of
    /// one command («да конечно»), or with one letter wrong.
    pub fn command(&self, text: &str) -> Option<Command> {
        if self.phrases.wants_person(text) {
            return Some(Command::Person);
        }
        if text.len() > 100 || text.split_whitespace().count() > LOOKED_AT_WORDS_MAX {
            return None;
        }
        if let Some(word) = text.trim().strip_prefix('/') {
            return Command::of_slash(&word.to_ascii_lowercase());
        }
        let whole = key(text);
        if let Some(command) = self.commands.get(&whole) {
            return Some(*command);
        }
        let words: Vec<&str> = whole.split(' ').filter(|word| !self.polite.contains(*word)).collect();
        if words.is_empty() || words.len() > COMMAND_WORDS_MAX {
            return None;
        }
        let rest = words.join(" ");
        if let Some(command) = self.commands.get(&rest) {
            return Some(*command);
        }
        if words.len() > 1 {
            let mut each = words.iter().map(|word| self.commands.get(*word).copied());
            let first = each.next().flatten();
            if first.is_some() && each.all(|one| one == first) {
                return first;
            }
        }
        // As it was written: a Latin spelling may be longer.
        let is_long = fold(text).chars().filter(|c| c.is_alphabetic()).count() >= TYPO_LETTERS_MIN;
        is_long.then(|| self.misspelt(&rest)).flatten()
    }

    /// The command that differs from `key` by one letter, not its first; none if two commands do.
    fn misspelt(&self, key: &str) -> Option<Command> {
        let first = key.chars().next();
        let is_near = |known: &str| {
            let is_long = known.chars().count() >= TYPO_LETTERS_MIN;
            is_long && known.chars().next() == first && is_one_edit_away(known, key)
        };
        let mut near = self.commands.iter().filter(|(known, _)| is_near(known));
        let (_, command) = near.next()?;
        near.all(|(_, other)| other == command).then_some(*command)
    }

    /// Whether the whole message is thanks, consent or a farewell, in words or signs: it asks nothing.
    pub fn is_talk(&self, text: &str) -> bool {
        self.phrases.is_talk(text)
    }

    /// Lists of small words that may stand around an answer.
    pub fn around_answers(&self) -> impl Iterator<Item = &str> {
        self.around_answers.iter().map(String::as_str)
    }

    /// Whether a text that stands after an answer opens a question of its own.
    pub fn opens_question(&self, text: &str) -> bool {
        text.contains('?')
            || skeleton(text)
                .split(' ')
                .find(|word| !word.is_empty())
                .is_some_and(|word| self.opens.contains(word))
    }

    /// Whether the whole message says that an answer did not help.
    pub fn is_unhelped(&self, text: &str) -> bool {
        text.len() <= 100 && self.unhelped.contains(&key(text))
    }

    /// The language of a greeting that the whole message is: short words say more by themselves than by their letters.
    pub fn greeting(&self, text: &str) -> Option<Locale> {
        (text.len() <= 100).then(|| self.greetings.get(&key(text)).copied()).flatten()
    }

    /// The language of a text that is in none of ours, by its most frequent words; only where they are clear.
    pub fn foreign(&self, text: &str) -> Option<Foreign> {
        let head: String = text.chars().take(300).collect();
        let folded = fold(&head);
        let words: Vec<&str> = folded.split(' ').collect();
        if words.len() < FOREIGN_WORDS_MIN {
            return None;
        }
        // Kazakh letters that none of our languages has.
        let own_letters = head.chars().filter(|c| matches!(c, 'і' | 'І' | 'ә' | 'Ә' | 'ұ' | 'Ұ')).count();
        self.foreign
            .iter()
            .map(|(language, list)| {
                // A list's longer words are beginnings: endings follow in Uzbek and Kazakh.
                let is_known = |word: &&&str| {
                    list.contains(**word)
                        || list
                            .iter()
                            .any(|known| known.chars().count() >= STEM_MIN && word.starts_with(known))
                };
                let known = words.iter().filter(is_known).count();
                let letters = if *language == Foreign::Kk && own_letters > 0 { 2 } else { 0 };
                (known + letters, *language)
            })
            .filter(|(known, _)| *known >= 2 && known * 3 >= words.len())
            .max_by_key(|(known, _)| *known)
            .map(|(_, language)| language)
    }

    /// Everyday words for the language model: people write shorter and plainer than pages do.
    pub fn teach(&self, trainer: &mut Trainer) {
        for (locale, words) in &self.everyday {
            trainer.learn(*locale, words, EVERYDAY_WEIGHT);
        }
    }

    /// Whether a word, as its skeleton, names a country, its people or its capital.
    pub fn names_country(&self, word: &str) -> bool {
        self.countries.iter().any(|name| word.starts_with(name.as_str()))
    }

    /// Lists of plain words as people write them.
    pub fn everyday(&self) -> impl Iterator<Item = &str> {
        self.everyday.iter().map(|(_, words)| words.as_str())
    }

    /// Lists of words that say nothing of the matter of a question.
    pub fn function(&self) -> impl Iterator<Item = &str> {
        self.function.iter().map(String::as_str)
    }

    /// Whether a word of the message names Kazakhstan, its cities or its money.
    pub fn names_kazakhstan(&self, text: &str) -> bool {
        skeleton(text)
            .split(' ')
            .any(|word| self.kazakhstan.iter().any(|name| word.starts_with(name.as_str())))
    }

    /// How sure it is that the message speaks of immediate danger: detention, violence, being locked in, fire, an injury.
    ///
    /// Signs, numbers, and words of command or thanks never do, whatever the weights say of so little.
    pub fn alarm(&self, text: &str) -> Option<Alarm> {
        let speaks = text.chars().filter(|c| c.is_alphabetic()).nth(DANGER_LETTERS_MIN - 1).is_some();
        (speaks && self.command(text).is_none() && !self.is_talk(text)).then(|| self.danger.alarm(text))?
    }

    /// Whether it speaks of danger for sure.
    pub fn is_danger(&self, text: &str) -> bool {
        self.alarm(text) == Some(Alarm::Sure)
    }

    /// Whether it may: for consultants, who look for themselves.
    pub fn may_be_danger(&self, text: &str) -> bool {
        self.alarm(text).is_some()
    }

    /// Whether it does so in clear words: for a conversation with a consultant, where people tell of police, work and
    /// coming by all day.
    pub fn is_clear_danger(&self, text: &str) -> bool {
        let has_clear_words = || {
            let key = format!(" {}", skeleton(text));
            self.clear.iter().any(|beginning| key.contains(beginning.as_str()))
        };
        self.may_be_danger(text) && has_clear_words()
    }

    /// Whether the message asks for something, by its sign or by a word of lack.
    pub fn is_plea(&self, text: &str) -> bool {
        text.contains('?') || key(text).split(' ').any(|word| self.plea.contains(word))
    }
}

/// Whether one letter was changed, added, left out, or changed places with its neighbour.
pub(super) fn is_one_edit_away(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let head = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (short.get(head..).unwrap_or_default(), long.get(head..).unwrap_or_default());
    match (short, long) {
        ([], []) => false,
        (short, [_, rest @ ..]) if rest == short => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, one @ ..], [c, d, other @ ..]) => a == d && b == c && one == other,
        _ => false,
    }
}

/// The skeleton; signs that have none (`+`, `⬅️`) stay themselves.
pub(super) fn key(text: &str) -> String {
    let key = skeleton(&fold(text));
    if key.is_empty() { text.trim().to_owned() } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_known_in_each_language_and_script() {
        let words = Words::embedded().unwrap();
        for (text, command) in [
            ("Меню", Command::Menu),
            ("ба қафо", Command::Back),
            ("ба кафо", Command::Back),
            ("artka", Command::Back),
            ("КЕҢЕШЧИ", Command::Person),
            ("/delete", Command::Delete),
            ("+", Command::Yes),
            ("👍", Command::Yes),
            ("да конечно", Command::Yes),
            ("главное меню пожалуйста", Command::Menu),
            ("менюи асоси илтимос", Command::Menu),
            ("сураныч, кеңешчи", Command::Person),
            ("консультнт", Command::Person),
            ("обртано", Command::Back),
            ("konsultnat", Command::Person),
            ("отпишите меня, пожалуйста", Command::Unsubscribe),
        ] {
            assert_eq!(words.command(text), Some(command), "{text}");
        }
        // Two commands in one message, a short word with a slip, another first letter, a question.
        for text in ["да нет", "меня", "оператору звонить боюсь", "перация", "как получить патент", "спасибо"]
        {
            assert_eq!(words.command(text), None, "{text}");
        }
    }

    #[test]
    fn danger_is_heard_in_each_language_and_not_in_plain_questions() {
        let words = Words::embedded().unwrap();
        for text in [
            "меня задержали на вокзале",
            "мени полиция кармап кетти",
            "маро полис дастгир кард",
            "polis maro dastgir kard",
            "хозяин забрал мой паспорт",
            "паспорти маро гирифтанд",
        ] {
            assert!(words.may_be_danger(text), "{text}");
        }
        for text in ["сколько стоит патент", "паспорт иваз кардан", "как платить за патент", "рабочий день"]
        {
            assert!(!words.is_danger(text), "{text}");
        }
    }

    #[test]
    fn function_words_stand_under_their_language() {
        let raw: Raw = toml::from_str(include_str!("words.toml")).unwrap();
        let mut trainer = Trainer::default();
        Words::embedded().unwrap().teach(&mut trainer);
        let identifier = trainer.finish();
        for (locale, lines) in &raw.function {
            for line in lines {
                assert_eq!(identifier.guess(line, None).map(|guess| guess.locale), Some(*locale), "{line}");
            }
        }
    }
}
