//! The closed lexicon of commands, languages and danger. The lists stand in `words.toml`.

use std::collections::HashMap;

use serde::Deserialize;

use super::{fold, skeleton};
use crate::domain::Locale;

/// A word that means the same at any place of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    Menu,
    Back,
    Language,
    Stop,
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
            "stop" => Self::Stop,
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
    language: HashMap<Locale, Vec<String>>,
    danger: Danger,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Danger {
    any: Vec<String>,
}

/// The lexicon, ready to ask.
#[derive(Debug, Default)]
pub struct Words {
    commands: HashMap<String, Command>,
    languages: HashMap<String, Locale>,
    danger: Vec<Vec<String>>,
}

/// Longest message that can be a command, in words.
const COMMAND_WORDS_MAX: usize = 4;

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
        for (locale, spellings) in raw.language {
            for spelling in spellings {
                words.languages.insert(key(&spelling), locale);
            }
        }
        for entry in raw.danger.any {
            words.danger.push(skeleton(&entry).split(' ').map(str::to_owned).collect());
        }
        Ok(words)
    }

    /// The command that the whole message is.
    pub fn command(&self, text: &str) -> Option<Command> {
        if text.len() > 100 || text.split_whitespace().count() > COMMAND_WORDS_MAX {
            return None;
        }
        if let Some(word) = text.trim().strip_prefix('/') {
            return Command::of_slash(&word.to_ascii_lowercase());
        }
        self.commands.get(&key(text)).copied()
    }

    /// The language that the whole message names.
    pub fn language(&self, text: &str) -> Option<Locale> {
        (text.len() <= 100).then(|| self.languages.get(&key(text)).copied()).flatten()
    }

    /// Whether the message speaks of immediate danger: detention, violence, being locked in.
    pub fn is_danger(&self, text: &str) -> bool {
        let text: String = text.chars().take(1000).collect();
        let key = skeleton(&text);
        let words: Vec<&str> = key.split(' ').collect();
        self.danger.iter().any(|entry| {
            entry.iter().all(|prefix| words.iter().any(|word| word.starts_with(prefix.as_str())))
        })
    }
}

/// The skeleton; signs that have none (`+`, `⬅️`) stay themselves.
fn key(text: &str) -> String {
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
        ] {
            assert_eq!(words.command(text), Some(command), "{text}");
        }
        assert_eq!(words.command("как получить патент"), None);
        assert_eq!(words.language("тоҷикӣ"), Some(Locale::Tg));
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
            assert!(words.is_danger(text), "{text}");
        }
        for text in ["сколько стоит патент", "паспорт иваз кардан", "как платить за патент", "рабочий день"]
        {
            assert!(!words.is_danger(text), "{text}");
        }
    }
}
