//! What supervisors set: hours, targets, limits, the centre, quick replies.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::hours::Hours;
use crate::{
    domain::Locale,
    store::{StoreError, Tx, cases},
};

const HOURS: &str = "hours";
const LIMITS: &str = "limits";
const CENTRE: &str = "centre";
const REPLIES: &str = "replies";

/// Longest quick reply, in characters: as a consultant's message.
pub const REPLY_MAX_CHARS: usize = crate::content::replies::MAX_CHARS;
/// Most quick replies of the desk's own.
pub const REPLIES_MAX: usize = 60;

/// Longest time of a limit, in minutes.
pub const YEAR: u32 = 525_600;
/// Most open cases that a consultant may be allowed.
pub const MOST_CASES: u32 = 500;

/// Times in minutes of working time, unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Most open cases of a consultant, if their account says nothing else.
    pub max_cases: u32,
    /// A person waits so long for a word of whoever has their case: that one is warned.
    pub warn_after: u32,
    /// So long: the case goes back to the queue.
    pub return_after: u32,
    /// The same of an urgent case; minutes of the clock, night or day.
    pub warn_after_urgent: u32,
    pub return_after_urgent: u32,
    /// An urgent case that nobody takes raises the alarm; minutes of the clock, night or day.
    pub alarm_after: u32,
    /// It rings again after so many minutes while nobody takes the case; 0: once only.
    pub alarm_again: u32,
    /// Target for the first answer.
    pub first_answer: u32,
    pub first_answer_urgent: u32,
    /// Target for closing.
    pub close: u32,
    pub close_urgent: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_cases: 12,
            warn_after: 120,
            return_after: 240,
            warn_after_urgent: 30,
            return_after_urgent: 60,
            alarm_after: 10,
            alarm_again: 15,
            first_answer: 240,
            first_answer_urgent: 30,
            close: 2_400,
            close_urgent: 480,
        }
    }
}

impl Limits {
    /// Whether the numbers make sense together.
    pub const fn is_sound(&self) -> bool {
        self.fault().is_none()
    }

    /// The first number that makes no sense with those before it, by its name.
    pub const fn fault(&self) -> Option<&'static str> {
        const fn fits(number: u32, least: u32, most: u32) -> bool {
            number >= least && number <= most
        }
        if !fits(self.max_cases, 1, MOST_CASES) {
            return Some("max_cases");
        }
        if !fits(self.warn_after, 1, YEAR) {
            return Some("warn_after");
        }
        if !fits(self.return_after, self.warn_after + 1, YEAR) {
            return Some("return_after");
        }
        if !fits(self.warn_after_urgent, 1, YEAR) {
            return Some("warn_after_urgent");
        }
        if !fits(self.return_after_urgent, self.warn_after_urgent + 1, YEAR) {
            return Some("return_after_urgent");
        }
        if !fits(self.alarm_after, 1, YEAR) {
            return Some("alarm_after");
        }
        if self.alarm_again > YEAR {
            return Some("alarm_again");
        }
        if !fits(self.first_answer, 1, YEAR) {
            return Some("first_answer");
        }
        if !fits(self.first_answer_urgent, 1, self.first_answer) {
            return Some("first_answer_urgent");
        }
        if !fits(self.close, 1, YEAR) {
            return Some("close");
        }
        if !fits(self.close_urgent, 1, self.close) {
            return Some("close_urgent");
        }
        None
    }
}

/// The centre whose services these are (indicators.md §1.4: `centre`, `cc`); without one a service counts no person of
/// S1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Centre {
    /// A short word: `dushanbe-1`.
    pub code: String,
    /// `TJ`, `KG`, `RU`, `KZ`.
    pub country: String,
}

impl Centre {
    pub fn is_sound(&self) -> bool {
        let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let code = self.code.len() <= 32 && self.code.bytes().all(word);
        code && (self.country.is_empty() || super::outcome::COUNTRIES.contains(&self.country.as_str()))
            && self.code.is_empty() == self.country.is_empty()
    }
}

/// A quick reply of the desk's own, beside those of the content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What the consultants call it.
    pub name: String,
    /// In the languages that it has: Russian is the reference.
    pub ru: String,
    #[serde(default)]
    pub tg: String,
    #[serde(default)]
    pub ky: String,
}

impl Reply {
    /// The text in a language, and the language that it is in: Russian where it has no other.
    pub fn text(&self, locale: Locale) -> (&str, Locale) {
        let own = match locale {
            Locale::Ru => &self.ru,
            Locale::Tg => &self.tg,
            Locale::Ky => &self.ky,
        };
        if own.is_empty() { (&self.ru, Locale::Ru) } else { (own, locale) }
    }

    pub fn is_sound(&self) -> bool {
        let fits = |text: &str, max| text.chars().count() <= max;
        !self.name.trim().is_empty()
            && fits(&self.name, 80)
            && !self.ru.trim().is_empty()
            && [&self.ru, &self.tg, &self.ky].into_iter().all(|text| fits(text, REPLY_MAX_CHARS))
    }
}

/// A value with the version that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versioned<T> {
    pub value: T,
    /// 0: nobody has set it yet.
    pub version: i64,
}

/// All settings of the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub hours: Versioned<Hours>,
    pub limits: Versioned<Limits>,
    pub centre: Versioned<Centre>,
    pub replies: Versioned<Vec<Reply>>,
}

/// One of them to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    Hours(Hours),
    Limits(Limits),
    Centre(Centre),
    Replies(Vec<Reply>),
}

impl Setting {
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Hours(hours) => hours.is_sound() && hours.holidays.len() <= 366,
            Self::Limits(limits) => limits.is_sound(),
            Self::Centre(centre) => centre.is_sound(),
            Self::Replies(replies) => replies.len() <= REPLIES_MAX && replies.iter().all(Reply::is_sound),
        }
    }

    fn stored(&self) -> (&'static str, String) {
        let (key, text) = match self {
            Self::Hours(value) => (HOURS, serde_json::to_string(value)),
            Self::Limits(value) => (LIMITS, serde_json::to_string(value)),
            Self::Centre(value) => (CENTRE, serde_json::to_string(value)),
            Self::Replies(value) => (REPLIES, serde_json::to_string(value)),
        };
        (key, text.unwrap_or_default())
    }
}

/// Reads all. One that cannot be read counts as not set, and is logged.
pub async fn read(tx: &mut Tx) -> Result<Settings, StoreError> {
    let mut settings = Settings::default();
    for row in cases::settings(tx).await? {
        match row.key.as_str() {
            HOURS => take(&row, &mut settings.hours),
            LIMITS => take(&row, &mut settings.limits),
            CENTRE => take(&row, &mut settings.centre),
            REPLIES => take(&row, &mut settings.replies),
            _ => {}
        }
    }
    Ok(settings)
}

fn take<T: DeserializeOwned>(row: &cases::SettingRow, into: &mut Versioned<T>) {
    into.version = row.version;
    match serde_json::from_str(&row.value) {
        Ok(value) => into.value = value,
        Err(error) => tracing::error!(key = row.key, %error, "a setting of the desk cannot be read"),
    }
}

/// Sets one; false if somebody else did since `version` was read.
pub async fn write(tx: &mut Tx, setting: &Setting, version: i64) -> Result<bool, StoreError> {
    let (key, value) = setting.stored();
    cases::put_setting(tx, key, &value, version).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_contradict_each_other_are_refused() {
        let good = Limits::default();
        assert!(good.is_sound());
        for broken in [
            Limits { max_cases: 0, ..good.clone() },
            Limits { warn_after: 240, ..good.clone() },
            Limits { warn_after_urgent: 60, ..good.clone() },
            Limits { first_answer_urgent: 241, ..good.clone() },
            Limits { close_urgent: 2_401, ..good.clone() },
            Limits { alarm_after: 0, ..good },
        ] {
            assert!(!broken.is_sound(), "{broken:?}");
        }
    }

    #[test]
    fn a_centre_has_a_code_and_a_country_or_neither() {
        let centre = |code: &str, country: &str| Centre { code: code.into(), country: country.into() };
        assert!(centre("", "").is_sound() && centre("dushanbe-1", "TJ").is_sound());
        for (code, country) in [("dushanbe", ""), ("", "TJ"), ("Душанбе", "TJ"), ("a b", "TJ"), ("a", "XX")]
        {
            assert!(!centre(code, country).is_sound(), "{code} {country}");
        }
    }

    #[test]
    fn a_reply_without_a_language_is_told_in_russian() {
        let reply = Reply { name: "x".into(), ru: "да".into(), tg: String::new(), ky: "ооба".into() };
        assert_eq!(reply.text(Locale::Ky), ("ооба", Locale::Ky));
        assert_eq!(reply.text(Locale::Tg), ("да", Locale::Ru));
    }
}
