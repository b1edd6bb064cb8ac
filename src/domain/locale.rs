//! Languages of the people we talk with.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language of the chat. Russian is the reference: a text missing elsewhere falls back to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    Ru,
    Tg,
    Ky,
}

impl Locale {
    pub const ALL: [Self; 3] = [Self::Ru, Self::Tg, Self::Ky];
    pub const REFERENCE: Self = Self::Ru;

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::Tg => "tg",
            Self::Ky => "ky",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.as_str() == text)
    }

    /// Place in [`Locale::ALL`], for tables by language.
    pub const fn index(self) -> usize {
        match self {
            Self::Ru => 0,
            Self::Tg => 1,
            Self::Ky => 2,
        }
    }

    /// The language's own name, as its speakers write it (a name, not a text to translate).
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Ru => "Русский",
            Self::Tg => "Тоҷикӣ",
            Self::Ky => "Кыргызча",
        }
    }
}

/// A language of the staff's pages: those of the chat, and English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StaffLocale {
    Ru,
    Tg,
    Ky,
    En,
}

impl StaffLocale {
    pub const ALL: [Self; 4] = [Self::Ru, Self::Tg, Self::Ky, Self::En];

    pub const fn as_str(self) -> &'static str {
        match self.chat() {
            Some(locale) => locale.as_str(),
            None => "en",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.as_str() == text)
    }

    /// The language of the chat that it is; none for English.
    pub const fn chat(self) -> Option<Locale> {
        match self {
            Self::Ru => Some(Locale::Ru),
            Self::Tg => Some(Locale::Tg),
            Self::Ky => Some(Locale::Ky),
            Self::En => None,
        }
    }

    /// Place in [`StaffLocale::ALL`], for tables by language.
    pub const fn index(self) -> usize {
        match self {
            Self::Ru => 0,
            Self::Tg => 1,
            Self::Ky => 2,
            Self::En => 3,
        }
    }

    /// The language's own name.
    pub const fn own_name(self) -> &'static str {
        match self.chat() {
            Some(locale) => locale.own_name(),
            None => "English",
        }
    }
}

impl fmt::Display for StaffLocale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
