//! Arguments of findings in the words of the studio: keys of files as labels of fields, ids of lists as their names.
//! What an editor typed stays as it was typed.

use crate::{
    domain::{AGE, AUDIENCE, CITIZENSHIP, DESTINATION, SEX, StaffLocale},
    text::{Args, StaffTexts},
};

/// The argument `name` of a finding as its sentence says it.
pub fn worded(texts: &StaffTexts, locale: StaffLocale, code: &str, name: &str, value: &str) -> String {
    let words = Words { texts, locale };
    match (code, name) {
        // What a parser said, in its own English.
        ("file-broken" | "text-broken", _) => value.to_owned(),
        ("when-value-unknown", "what") => words.label("profile-", value),
        (_, "what") => words.label("studio-field-", value),
        (_, "attribute") => words.part(value),
        (_, "locale") | ("template-locale-missing" | "template-locale-twice", "value") => {
            words.label("in-", value)
        }
        (_, "kind") => words.label("kind-", value),
        ("input-unfit", "wanted") => words.label("answer-", value),
        ("input-missing" | "input-unfit", "value") => words.label("tool-input-", value),
        ("places-none", "value") if value == "-" => words.label("place-kind-", "none"),
        ("places-none", "value") => words.label("place-kind-", value),
        ("figure-overlap", "key") if value == "-" => words.label("studio-key-", "none"),
        (_, "channel") => words.label("desk-channel-", channel(value)),
        (_, "who") => words.people(value),
        (_, "missing" | "extra") if value.is_empty() => words.label("check-", "nothing"),
        _ => value.to_owned(),
    }
}

/// The short name of a channel, as the desk's texts have it.
fn channel(name: &str) -> &str {
    match name {
        "telegram" => "tg",
        "whatsapp" => "wa",
        other => other,
    }
}

struct Words<'a> {
    texts: &'a StaffTexts,
    locale: StaffLocale,
}

impl Words<'_> {
    /// The message of a word; the word itself where it has none.
    fn label(&self, family: &str, word: &str) -> String {
        let id = format!("{family}{word}");
        if self.texts.has(self.locale, &id) {
            self.texts.get(self.locale, &id, None)
        } else {
            word.to_owned()
        }
    }

    /// A part of a text: its title, an attribute, an option or an outcome.
    fn part(&self, attribute: &str) -> String {
        let of_value = [("opt-", "part-opt"), ("out-", "part-out")]
            .into_iter()
            .find_map(|(prefix, id)| Some((id, attribute.strip_prefix(prefix)?)));
        match of_value {
            Some((id, value)) => {
                let mut args = Args::new();
                args.set("value", value);
                self.texts.get(self.locale, id, Some(&args))
            }
            None => self.label("part-", attribute),
        }
    }

    /// `citizenship=TJ, sex=F`, as the check names a kind of people.
    fn people(&self, who: &str) -> String {
        let answers: Vec<_> = who
            .split(", ")
            .map(|answer| match answer.split_once('=') {
                Some((key, value)) => format!("{}: {}", self.label("profile-", key), self.answer(key, value)),
                None => answer.to_owned(),
            })
            .collect();
        answers.join(", ")
    }

    fn answer(&self, key: &str, value: &str) -> String {
        match key {
            CITIZENSHIP | DESTINATION => self.label("country-", value),
            AUDIENCE => self.label("audience-", value),
            SEX => self.label("sex-", value),
            AGE => self.label("age-", value),
            _ => value.to_owned(),
        }
    }
}
