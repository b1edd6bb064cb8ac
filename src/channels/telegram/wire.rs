//! The fields of the Bot API's JSON that we read. All optional: what is missing, new or strange elsewhere
//! in an update must not cost the text. Unknown fields are skipped without being parsed.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// A string that borrows from the body where no escape forces a copy.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Str<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl AsRef<str> for Str<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[derive(Deserialize)]
pub struct Update<'a> {
    #[serde(rename = "update_id")]
    pub id: Option<i64>,
    #[serde(borrow)]
    pub message: Option<Box<Message<'a>>>,
    #[serde(borrow)]
    pub edited_message: Option<Touched<'a>>,
    #[serde(borrow)]
    pub callback_query: Option<CallbackQuery<'a>>,
    #[serde(borrow)]
    pub my_chat_member: Option<MemberChange<'a>>,
    #[serde(borrow)]
    pub message_reaction: Option<Touched<'a>>,
}

/// Only the id: what is left to read in an update of a strange shape.
#[derive(Deserialize)]
pub struct UpdateIdOnly {
    #[serde(rename = "update_id")]
    pub id: Option<i64>,
}

#[derive(Deserialize)]
pub struct User<'a> {
    pub id: i64,
    #[serde(default)]
    pub is_bot: bool,
    #[serde(borrow)]
    pub language_code: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub struct Chat<'a> {
    pub id: i64,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Str<'a>>,
}

impl Chat<'_> {
    /// An unknown or missing type is judged by the id's sign: groups and channels have negative ones.
    pub fn is_private(&self) -> bool {
        match self.kind.as_ref().map(AsRef::as_ref) {
            Some("private") => true,
            Some("group" | "supergroup" | "channel") => false,
            _ => self.id > 0,
        }
    }
}

/// Present or not; the content is not looked at.
type Present = Option<IgnoredAny>;

#[derive(Deserialize)]
pub struct Message<'a> {
    #[serde(borrow)]
    pub from: Option<User<'a>>,
    #[serde(borrow)]
    pub chat: Option<Chat<'a>>,
    pub date: Option<i64>,
    #[serde(borrow)]
    pub text: Option<Str<'a>>,
    pub photo: Present,
    pub live_photo: Present,
    pub voice: Present,
    pub audio: Present,
    pub video: Present,
    pub video_note: Present,
    pub animation: Present,
    pub document: Present,
    pub sticker: Present,
    pub location: Present,
    pub venue: Present,
    pub contact: Present,
    pub migrate_to_chat_id: Present,
    pub migrate_from_chat_id: Present,
    // Things that Telegram itself writes into a private chat; nobody said anything.
    #[serde(rename = "pinned_message")]
    pub pinned: Present,
    #[serde(rename = "message_auto_delete_timer_changed")]
    pub auto_delete_timer: Present,
    pub write_access_allowed: Present,
    pub chat_background_set: Present,
    pub forum_topic_created: Present,
    pub forum_topic_edited: Present,
    pub forum_topic_closed: Present,
    pub forum_topic_reopened: Present,
}

/// An edited message or a reaction: only where and when it happened.
#[derive(Deserialize)]
pub struct Touched<'a> {
    #[serde(borrow)]
    pub from: Option<User<'a>>,
    #[serde(borrow)]
    pub user: Option<User<'a>>,
    #[serde(borrow)]
    pub chat: Option<Chat<'a>>,
    /// When a reaction was given.
    pub date: Option<i64>,
    /// When a message was edited.
    pub edit_date: Option<i64>,
}

#[derive(Deserialize)]
pub struct CallbackQuery<'a> {
    #[serde(borrow)]
    pub id: Option<Str<'a>>,
    #[serde(borrow)]
    pub from: Option<User<'a>>,
    #[serde(borrow)]
    pub message: Option<TappedMessage<'a>>,
    #[serde(borrow)]
    pub data: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub struct TappedMessage<'a> {
    pub message_id: Option<i64>,
    #[serde(borrow)]
    pub chat: Option<Chat<'a>>,
    /// 0: the message is inaccessible (too old, or deleted).
    pub date: Option<i64>,
}

#[derive(Deserialize)]
pub struct MemberChange<'a> {
    #[serde(borrow)]
    pub chat: Option<Chat<'a>>,
    #[serde(borrow)]
    pub from: Option<User<'a>>,
    pub date: Option<i64>,
    #[serde(borrow)]
    pub new_chat_member: Option<Member<'a>>,
}

#[derive(Deserialize)]
pub struct Member<'a> {
    #[serde(borrow)]
    pub status: Option<Str<'a>>,
}

/// An API answer; `T` is what is read of its result.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct Answer<'a, T> {
    pub ok: bool,
    pub result: Option<T>,
    pub error_code: Option<u16>,
    #[serde(borrow)]
    pub description: Option<Str<'a>>,
    pub parameters: Option<Parameters>,
}

#[derive(Clone, Copy, Deserialize)]
pub struct Parameters {
    /// Seconds.
    pub retry_after: Option<u64>,
    pub migrate_to_chat_id: Option<i64>,
}

/// The message id in a result of any shape: a message has one, `true` has none.
pub struct MessageId(pub Option<i64>);

impl<'de> Deserialize<'de> for MessageId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MessageIdVisitor)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    MessageId,
    #[serde(other)]
    Other,
}

struct MessageIdVisitor;

impl<'de> Visitor<'de> for MessageIdVisitor {
    type Value = MessageId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a result")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MessageId, A::Error> {
        let mut id = None;
        while let Some(key) = map.next_key()? {
            match key {
                Key::MessageId => id = Some(map.next_value()?),
                Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(MessageId(id))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<MessageId, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(MessageId(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<MessageId, E> {
        Ok(MessageId(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<MessageId, E> {
        Ok(MessageId(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<MessageId, E> {
        Ok(MessageId(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<MessageId, E> {
        Ok(MessageId(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<MessageId, E> {
        Ok(MessageId(None))
    }

    fn visit_unit<E>(self) -> Result<MessageId, E> {
        Ok(MessageId(None))
    }
}
