//! What a channel took in, in the words of no channel.

use std::fmt;

use bytes::Bytes;

use super::{Address, Source, Timestamp};

/// One thing that a person did, as a channel read it. `Debug` shows no text and no address.
#[derive(Clone)]
pub struct Inbound {
    pub address: Address,
    pub source: Source,
    /// Deduplicates redeliveries and starts the turn's event ids: `tg:<bot>:<update_id>`, `web:<uuid>`.
    pub key: Box<str>,
    pub content: Content,
    /// When the person did it, as the channel says; else when we took it in.
    pub at: Timestamp,
    /// Language of the person's app: a weak hint.
    pub language_hint: Option<Box<str>>,
    /// Telegram: message that carried the tapped button. Decides on editing in place.
    pub tapped_message: Option<i64>,
    /// The body as it arrived; kept sealed only if this inbound has to be parked.
    pub raw: Bytes,
}

/// What the person sent.
#[derive(Clone)]
pub enum Content {
    Text(Box<str>),
    /// A tap token of design §5, not yet trusted.
    Tap(Box<str>),
    /// A bot command without its slash: `menu`, `delete`. `start` is [`Content::Start`].
    Command(Box<str>),
    /// Opened the bot, perhaps by a link with a campaign code.
    Start {
        code: Option<CampaignCode>,
    },
    /// Something that we cannot read.
    Media(MediaKind),
    /// The person blocked or unblocked us, edited or reacted: no answer is due.
    Reach(Reach),
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inbound({}, {})", self.key, self.content.kind())
    }
}

impl Content {
    /// A word for logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Tap(_) => "tap",
            Self::Command(_) => "command",
            Self::Start { .. } => "start",
            Self::Media(_) => "media",
            Self::Reach(_) => "reach",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    Photo,
    Voice,
    Video,
    Document,
    Sticker,
    Location,
    Contact,
    /// Newer than what we know.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Blocked,
    Unblocked,
    /// An edit of an earlier message, a reaction: noted, not answered.
    Silent,
}

/// A campaign code: `[a-z0-9-]{3,32}`, lower-cased (design §4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CampaignCode(Box<str>);

impl CampaignCode {
    /// `None` unless the text, lower-cased and with `_` read as `-`, has the form of a code.
    pub fn parse(text: &str) -> Option<Self> {
        let code: String =
            text.trim().chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
        let fits = (3..=32).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| Self(code.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
