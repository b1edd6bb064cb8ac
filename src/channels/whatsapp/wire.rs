//! The fields of the API's JSON that we read. All optional; messages and statuses stay raw until their turn, so that
//! a broken one costs no neighbour. Unknown fields are skipped without being parsed.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::value::RawValue;

/// A string that borrows from the body where no escape forces a copy.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Str<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl AsRef<str> for Str<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

type Raws<'a> = Vec<&'a RawValue>;
type Text<'a> = Option<Str<'a>>;
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
    #[serde(borrow)]
    pub field: Text<'a>,
    #[serde(borrow)]
    pub value: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub struct Value<'a> {
    #[serde(borrow)]
    pub metadata: Option<Metadata<'a>>,
    #[serde(borrow)]
    pub contacts: Option<&'a RawValue>,
    #[serde(borrow)]
    pub messages: Option<Raws<'a>>,
    #[serde(borrow)]
    pub statuses: Option<Raws<'a>>,
    #[serde(borrow)]
    pub errors: Option<Raws<'a>>,
    #[serde(borrow)]
    pub user_preferences: Option<Raws<'a>>,
}

#[derive(Deserialize)]
pub struct Metadata<'a> {
    #[serde(borrow)]
    pub phone_number_id: Text<'a>,
}

/// A person beside the messages.
#[derive(Deserialize)]
pub struct Contact<'a> {
    #[serde(borrow)]
    pub wa_id: Text<'a>,
    #[serde(borrow)]
    pub user_id: Text<'a>,
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

#[derive(Deserialize)]
pub struct Message<'a> {
    #[serde(borrow)]
    pub from: Text<'a>,
    #[serde(borrow)]
    pub from_user_id: Text<'a>,
    #[serde(borrow)]
    pub id: Text<'a>,
    pub timestamp: Option<Seconds>,
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub text: Option<TextBody<'a>>,
    #[serde(borrow)]
    pub interactive: Option<Interactive<'a>>,
    #[serde(borrow)]
    pub button: Option<TemplateButton<'a>>,
    #[serde(borrow)]
    pub system: Option<System<'a>>,
    #[serde(borrow)]
    pub referral: Option<Referral<'a>>,
    pub group_id: Present,
}

/// Only the id: what is left to read in a message of a strange shape.
#[derive(Deserialize)]
pub struct IdOnly<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
}

#[derive(Deserialize)]
pub struct TextBody<'a> {
    #[serde(borrow)]
    pub body: Text<'a>,
}

#[derive(Deserialize)]
pub struct Interactive<'a> {
    #[serde(borrow, rename = "button_reply")]
    pub button: Option<Reply<'a>>,
    #[serde(borrow, rename = "list_reply")]
    pub row: Option<Reply<'a>>,
    #[serde(rename = "nfm_reply")]
    pub form: Present,
}

#[derive(Deserialize)]
pub struct Reply<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
}

#[derive(Deserialize)]
pub struct TemplateButton<'a> {
    #[serde(borrow)]
    pub payload: Text<'a>,
    #[serde(borrow)]
    pub text: Text<'a>,
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
    #[serde(borrow)]
    pub source_id: Text<'a>,
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
