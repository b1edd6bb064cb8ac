//! The fields of the API's JSON that we read. All optional; messages and statuses stay raw until their turn, so that
//! a broken one costs no neighbour, and what a person's message is made of is [`Loose`], so that a broken field costs
//! itself only. Unknown fields are skipped without being parsed.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, Visitor},
};
use serde_json::value::RawValue;

/// A string that borrows from the body where no escape forces a copy. Half of an escaped pair becomes U+FFFD: the
/// rest of what a person wrote is worth more than an error.
pub struct Str<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Str<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_bytes<E: de::Error>(self, text: &'de [u8]) -> Result<Str<'de>, E> {
                Ok(Str(String::from_utf8_lossy(text)))
            }

            fn visit_bytes<E: de::Error>(self, text: &[u8]) -> Result<Str<'de>, E> {
                Ok(Str(String::from_utf8_lossy(text).into_owned().into()))
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Str<'de>, E> {
                Ok(Str(text.into()))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Str<'de>, E> {
                Ok(Str(text.to_owned().into()))
            }
        }

        // As bytes: serde_json then hands on halves of pairs instead of failing.
        from.deserialize_bytes(Reader)
    }
}

impl AsRef<str> for Str<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A field that may have another type than we know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loose<T> {
    #[default]
    Absent,
    /// There is something, of another type.
    Odd,
    Read(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(from)?;
        Ok(match serde_json::from_str(raw.get()) {
            Ok(Some(value)) => Self::Read(value),
            Ok(None) => Self::Absent,
            Err(_) => Self::Odd,
        })
    }
}

impl<T> Loose<T> {
    pub const fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Absent | Self::Odd => None,
        }
    }

    pub fn read(self) -> Option<T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Absent | Self::Odd => None,
        }
    }

    pub const fn is_odd(&self) -> bool {
        matches!(self, Self::Odd)
    }
}

type Raws<'a> = Vec<&'a RawValue>;
type Text<'a> = Option<Str<'a>>;
type LooseText<'a> = Loose<Str<'a>>;
/// Present or not; the content is not looked at.
type Present = Option<IgnoredAny>;

#[derive(Deserialize)]
pub struct Envelope<'a> {
    #[serde(borrow, default)]
    pub entry: Raws<'a>,
}

#[derive(Deserialize)]
pub struct Entry<'a> {
    #[serde(borrow, default)]
    pub changes: Raws<'a>,
}

#[derive(Deserialize)]
pub struct Change<'a> {
    #[serde(borrow, default)]
    pub field: LooseText<'a>,
    #[serde(borrow)]
    pub value: Option<&'a RawValue>,
}

/// The lists stay raw: one of another shape costs no other.
#[derive(Deserialize)]
pub struct Value<'a> {
    #[serde(borrow, default)]
    pub metadata: Loose<Metadata<'a>>,
    #[serde(borrow, default)]
    pub contacts: Loose<Vec<Loose<Contact<'a>>>>,
    #[serde(borrow)]
    pub messages: Option<&'a RawValue>,
    #[serde(borrow)]
    pub statuses: Option<&'a RawValue>,
    #[serde(borrow)]
    pub errors: Option<&'a RawValue>,
    #[serde(borrow)]
    pub user_preferences: Option<&'a RawValue>,
}

/// One of the lists of a [`Value`].
pub fn list(raw: &RawValue) -> Option<Raws<'_>> {
    serde_json::from_str(raw.get()).ok()
}

#[derive(Deserialize)]
pub struct Metadata<'a> {
    #[serde(borrow, default)]
    pub phone_number_id: LooseText<'a>,
}

/// A person beside the messages.
#[derive(Deserialize)]
pub struct Contact<'a> {
    #[serde(borrow, default)]
    pub wa_id: LooseText<'a>,
    #[serde(borrow, default)]
    pub user_id: LooseText<'a>,
}

#[derive(Deserialize)]
pub struct Preference<'a> {
    #[serde(borrow)]
    pub wa_id: Text<'a>,
    #[serde(borrow)]
    pub user_id: Text<'a>,
    #[serde(borrow)]
    pub category: Text<'a>,
    #[serde(borrow)]
    pub value: Text<'a>,
    pub timestamp: Option<Seconds>,
}

#[derive(Default, Deserialize)]
pub struct Message<'a> {
    #[serde(borrow, default)]
    pub from: LooseText<'a>,
    #[serde(borrow, default)]
    pub from_user_id: LooseText<'a>,
    #[serde(borrow, default)]
    pub id: LooseText<'a>,
    #[serde(default)]
    pub timestamp: Loose<Seconds>,
    #[serde(borrow, default, rename = "type")]
    pub kind: LooseText<'a>,
    #[serde(borrow, default)]
    pub text: Loose<TextBody<'a>>,
    #[serde(borrow, default)]
    pub interactive: Loose<Interactive<'a>>,
    #[serde(borrow, default)]
    pub button: Loose<TemplateButton<'a>>,
    #[serde(borrow, default)]
    pub system: Loose<System<'a>>,
    #[serde(borrow, default)]
    pub referral: Loose<Referral<'a>>,
    pub group_id: Present,
}

/// What is left to read in an item of a strange shape: whose it is.
#[derive(Default, Deserialize)]
pub struct Whose<'a> {
    #[serde(borrow, default)]
    pub from: LooseText<'a>,
    #[serde(borrow, default)]
    pub from_user_id: LooseText<'a>,
    #[serde(borrow, default)]
    pub recipient_id: LooseText<'a>,
    #[serde(borrow, default)]
    pub recipient_user_id: LooseText<'a>,
    #[serde(borrow, default)]
    pub wa_id: LooseText<'a>,
    #[serde(borrow, default)]
    pub user_id: LooseText<'a>,
    #[serde(borrow, default)]
    pub id: LooseText<'a>,
    #[serde(default)]
    pub timestamp: Loose<Seconds>,
    pub group_id: Present,
}

impl<'a> Whose<'a> {
    pub fn of(raw: &'a RawValue) -> Self {
        serde_json::from_str(raw.get()).unwrap_or_default()
    }

    /// A message of this person that says nothing we know.
    pub fn message(self) -> Message<'a> {
        let Self { from, from_user_id, id, timestamp, group_id, .. } = self;
        Message { from, from_user_id, id, timestamp, group_id, kind: Loose::Odd, ..Message::default() }
    }
}

/// Only the id: what is left to read in a message of a strange shape.
#[derive(Deserialize)]
pub struct IdOnly<'a> {
    #[serde(borrow, default)]
    pub id: LooseText<'a>,
}

#[derive(Deserialize)]
pub struct TextBody<'a> {
    #[serde(borrow, default)]
    pub body: LooseText<'a>,
}

#[derive(Deserialize)]
pub struct Interactive<'a> {
    #[serde(borrow, default, rename = "button_reply")]
    pub button: Loose<Reply<'a>>,
    #[serde(borrow, default, rename = "list_reply")]
    pub row: Loose<Reply<'a>>,
    #[serde(rename = "nfm_reply")]
    pub form: Present,
}

#[derive(Deserialize)]
pub struct Reply<'a> {
    #[serde(borrow, default)]
    pub id: LooseText<'a>,
    #[serde(borrow, default)]
    pub title: LooseText<'a>,
}

#[derive(Deserialize)]
pub struct TemplateButton<'a> {
    #[serde(borrow, default)]
    pub payload: LooseText<'a>,
    #[serde(borrow, default)]
    pub text: LooseText<'a>,
}

#[derive(Deserialize)]
pub struct System<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub wa_id: Text<'a>,
    /// The number's name in older payloads.
    #[serde(borrow)]
    pub new_wa_id: Text<'a>,
    #[serde(borrow)]
    pub user_id: Text<'a>,
}

#[derive(Deserialize)]
pub struct Referral<'a> {
    #[serde(borrow, default)]
    pub source_id: LooseText<'a>,
}

#[derive(Deserialize)]
pub struct Status<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow, rename = "status")]
    pub state: Text<'a>,
    pub timestamp: Option<Seconds>,
    #[serde(borrow)]
    pub recipient_id: Text<'a>,
    #[serde(borrow)]
    pub recipient_user_id: Text<'a>,
    #[serde(borrow)]
    pub biz_opaque_callback_data: Text<'a>,
    #[serde(borrow)]
    pub pricing: Option<Pricing<'a>>,
    pub errors: Option<Vec<CodeOnly>>,
}

#[derive(Deserialize)]
pub struct Pricing<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub category: Text<'a>,
}

#[derive(Deserialize)]
pub struct CodeOnly {
    pub code: Option<i64>,
}

/// An instant: seconds in a string, as documented; a number or milliseconds, as seen (channels.md §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub i64);

/// Above it a number is milliseconds.
const MILLISECONDS_FROM: i64 = 1_000_000_000_000;

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(i64),
            Text(String),
            // A time of a strange form must not cost the message.
            Other(IgnoredAny),
        }
        let number = match Either::deserialize(from)? {
            Either::Number(number) => number,
            Either::Text(text) => text.trim().parse().unwrap_or(0),
            Either::Other(IgnoredAny) => 0,
        };
        Ok(Self(if number >= MILLISECONDS_FROM { number / 1000 } else { number }))
    }
}

/// The answer to a message: accepted.
#[derive(Deserialize)]
pub struct Accepted<'a> {
    #[serde(borrow, default)]
    pub messages: Vec<IdOnly<'a>>,
}

/// The answer to a call that failed.
#[derive(Deserialize)]
pub struct Failed {
    pub error: CodeOnly,
}
