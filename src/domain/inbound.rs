//! What a channel took in, in the words of no channel.

use std::fmt;

use bytes::Bytes;

use super::{Address, CampaignCode, Source, Timestamp};

/// One thing that a person did, as a channel read it. `Debug` shows no text and no address.
#[derive(Clone)]
pub struct Inbound {
    pub address: Address,
    /// Other addresses of the same person that this inbound shows: all become addresses of one contact.
    pub also: Vec<Address>,
    pub source: Source,
    /// Deduplicates redeliveries and starts the turn's event ids: `tg:<bot>:<update_id>`, `wa:<HMAC of the
    /// message's id>`, `web:<uuid>`.
    pub key: Box<str>,
    pub content: Content,
    /// When the person did it, as the channel says; else when we took it in.
    pub at: Timestamp,
    /// Language of the person's app: a weak hint.
    pub language_hint: Option<Box<str>>,
    /// Telegram: message that carried the tapped button. Decides on editing in place.
    pub tapped_message: Option<i64>,
    /// The channel's own id of the advert that the person tapped on. A campaign code only if it is registered as one.
    pub advert: Option<Box<str>>,
    /// What came with [`Content::Media`]: kept only in a case.
    pub attached: Option<Box<Attached>>,
    /// The channel's id of the message, to be marked read; never stored.
    pub mark_read: Option<Box<str>>,
    /// Keyed hash of the network address that it came from, where anybody may come: in memory only, never stored.
    pub from: Option<Box<[u8]>>,
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
    /// An earlier message, as it reads now: for a conversation with people; else it is noted, not answered.
    Edited(Box<str>),
    /// The person blocked or unblocked us, or reacted: no answer is due.
    Reach(Reach),
    /// The person's address changed: from those that the inbound shows to these, of which some may be the same.
    Moved {
        to: Box<[Address]>,
        /// The phone number changed, and any user id with it (channels.md §3.8); else the user id alone.
        is_number: bool,
    },
}

impl Inbound {
    /// The most lasting of the addresses: a user id, where one is shown. What one person does goes one way by it.
    pub fn identity(&self) -> &Address {
        std::iter::once(&self.address)
            .chain(&self.also)
            .find(|shown| !shown.is_phone())
            .unwrap_or(&self.address)
    }
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inbound({}, {})", self.key, self.content.kind())
    }
}

/// Longest text handed on, in characters. Both messengers send at most 4,096.
const TEXT_MAX_CHARS: usize = 4096;

/// Longest command, without its slash (channels.md §2.9).
const COMMAND_MAX: usize = 32;

/// `/name@bot rest` into name and rest; `None`: not a command, but a text that begins with a slash.
fn split_command(text: &str) -> Option<(&str, &str)> {
    let body = text.strip_prefix('/')?;
    let (head, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let name = head.split_once('@').map_or(head, |(name, _)| name);
    let fits = (1..=COMMAND_MAX).contains(&name.len());
    (fits && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')).then_some((name, rest))
}

impl Content {
    /// What a person typed: a command, `/start` with its code, or a text.
    pub fn written(text: &str) -> Self {
        match split_command(text) {
            Some((name, payload)) if name.eq_ignore_ascii_case("start") => {
                Self::Start { code: CampaignCode::started(payload) }
            }
            Some((name, _)) => Self::Command(name.to_ascii_lowercase().into()),
            None => Self::Text(Self::cut(text).into()),
        }
    }

    /// The text up to the longest that is handed on.
    pub fn cut(text: &str) -> &str {
        if text.len() <= TEXT_MAX_CHARS {
            return text;
        }
        let end = text.char_indices().nth(TEXT_MAX_CHARS).map_or(text.len(), |(at, _)| at);
        text.get(..end).unwrap_or(text)
    }

    /// Something said or tapped: it is answered, and counts as heard from.
    pub const fn speaks(&self) -> bool {
        !matches!(self, Self::Reach(_) | Self::Moved { .. } | Self::Edited(_))
    }

    /// A word for logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Tap(_) => "tap",
            Self::Command(_) => "command",
            Self::Start { .. } => "start",
            Self::Media(_) => "media",
            Self::Edited(_) => "edited",
            Self::Reach(_) => "reach",
            Self::Moved { .. } => "moved",
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

impl MediaKind {
    /// A word for attachments.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Document => "document",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Contact => "contact",
            Self::Other => "other",
        }
    }
}

/// What a channel tells of something that is no text.
#[derive(Clone, Default, PartialEq)]
pub struct Attached {
    /// The channel's own id of the file, by which it is fetched.
    pub file: Option<Box<str>>,
    /// What the person wrote under it; else what it says in words: a poll's question, the name of a place, the sign of a
    /// sticker.
    pub caption: Option<Box<str>>,
    /// Latitude and longitude.
    pub place: Option<(f64, f64)>,
    /// The file itself, where the channel brings it at once.
    pub bytes: Option<Bytes>,
}

impl Attached {
    /// Longest id of a file that is believed, in bytes: both messengers' are far shorter.
    const ID_MAX: usize = 512;

    /// As a channel read it; what is no use is left out. `None`: nothing is left.
    pub fn of(file: Option<&str>, caption: Option<&str>, place: Option<(f64, f64)>) -> Option<Box<Self>> {
        let fits = |id: &&str| {
            !id.is_empty() && id.len() <= Self::ID_MAX && id.bytes().all(|b| b.is_ascii_graphic())
        };
        let is_on_earth =
            |(latitude, longitude): &(f64, f64)| latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        let attached = Self {
            file: file.filter(fits).map(Into::into),
            caption: caption.filter(|text| !text.trim().is_empty()).map(|text| Content::cut(text).into()),
            place: place.filter(is_on_earth),
            bytes: None,
        };
        (attached != Self::default()).then(|| Box::new(attached))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Blocked,
    Unblocked,
    /// A reaction, an edit without words: noted, not answered.
    Silent,
    /// The person told the channel that they want no notices.
    OptedOut,
}
