//! Where a person can be reached. An address is personal data: it never shows in a log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A way to talk with us; the names are the values of `events.channel` (indicators.md §1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ChannelKind {
    #[serde(rename = "tg")]
    Telegram,
    #[serde(rename = "wa")]
    WhatsApp,
    #[serde(rename = "web")]
    Web,
}

impl ChannelKind {
    pub const ALL: [Self; 3] = [Self::Telegram, Self::WhatsApp, Self::Web];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Telegram => "tg",
            Self::WhatsApp => "wa",
            Self::Web => "web",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Domain of the keyed hash of an external id (indicators.md §1.3).
    pub const fn hmac_domain(self) -> &'static str {
        match self {
            Self::Telegram => "tg-user",
            Self::WhatsApp => "wa-bsuid",
            Self::Web => "web-visitor",
        }
    }
}

/// Who spoke: a person (`bot`), or a simulation that no figure may count (`sim`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Bot,
    Sim,
}

impl Source {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Sim => "sim",
        }
    }
}

/// One address on one channel. `Debug` hides the external id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    pub channel: ChannelKind,
    /// Telegram: the chat id in digits. Web: the visitor token.
    pub external: Box<str>,
}

impl Address {
    pub fn new(channel: ChannelKind, external: impl Into<Box<str>>) -> Self {
        Self { channel, external: external.into() }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}:…)", self.channel.as_str())
    }
}
