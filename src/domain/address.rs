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
}

/// Where an event comes from: a person's chat (`bot`), a centre's work with them (`centre`), or a simulation that no
/// figure may count (`sim`). A session is never a centre's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Bot,
    Centre,
    Sim,
}

impl Source {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Centre => "centre",
            Self::Sim => "sim",
        }
    }
}

/// One address on one channel. `Debug` hides the external id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    pub channel: ChannelKind,
    /// Telegram: the chat id in digits. Web: the visitor token. WhatsApp: the phone number in E.164 with its `+`,
    /// or the business-scoped user id.
    pub external: Box<str>,
}

impl Address {
    pub fn new(channel: ChannelKind, external: impl Into<Box<str>>) -> Self {
        Self { channel, external: external.into() }
    }

    /// A WhatsApp address that is a phone number. Of a number and a user id the API prefers the number.
    pub fn is_phone(&self) -> bool {
        self.channel == ChannelKind::WhatsApp && self.external.starts_with('+')
    }

    /// Domain of the keyed hash of the external id (indicators.md §1.3).
    pub fn hmac_domain(&self) -> &'static str {
        match self.channel {
            ChannelKind::Telegram => "tg-user",
            ChannelKind::WhatsApp if self.is_phone() => "phone-e164",
            ChannelKind::WhatsApp => "wa-bsuid",
            ChannelKind::Web => "web-visitor",
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}:…)", self.channel.as_str())
    }
}
