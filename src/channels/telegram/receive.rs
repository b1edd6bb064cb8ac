//! An update's bytes become an [`Inbound`]. Pure: no network, no clock.
//!
//! What a person wrote is never lost: an update that cannot be read is [`Unreadable`], and the caller parks its bytes.

use bytes::Bytes;
use serde_json::Value;

use super::wire;
use crate::domain::{Address, Attached, ChannelKind, Content, Inbound, MediaKind, Reach, Source, Timestamp};

/// What an update means to us.
#[derive(Debug)]
pub enum Received {
    /// Something that a person did. `callback`: a tap, to be answered so that the button stops spinning.
    Inbound { inbound: Inbound, callback: Option<CallbackId> },
    /// Nothing that concerns us. `why` is one of: `group`, `migrated`, `bot`, `service message`,
    /// `member status`, `unknown kind`.
    Ignored {
        update_id: i64,
        why: &'static str,
        /// A group or channel that the bot is in: leave it, unless it is the staff's own.
        leave: Option<i64>,
    },
}

/// The id by which a tap is answered; valid for seconds to minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackId(pub Box<str>);

/// An update that cannot be read: park its bytes, acknowledge it, go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("update not readable: {why}")]
pub struct Unreadable {
    /// `None`: not even the id could be found.
    pub update_id: Option<i64>,
    /// `not utf-8`, `not json`, `truncated`, `unexpected shape`, `no update_id`, `no chat`, `no sender`.
    pub why: &'static str,
}

/// Reads one update. `bot_id` makes the key, `now` stands in where the update has no time of its own.
///
/// # Errors
/// [`Unreadable`] when the bytes are no JSON object in UTF-8, when a field that we use has an unexpected type,
/// or when there is nobody to answer. The caller refuses bodies over 1 MB before.
pub fn receive(bot_id: i64, raw: &Bytes, now: Timestamp) -> Result<Received, Unreadable> {
    let update = parse(raw)?;
    let update_id = update.id.ok_or(Unreadable { update_id: None, why: "no update_id" })?;
    let reader = Reader { bot_id, update_id, raw, now };
    if let Some(query) = update.callback_query {
        reader.tap(query)
    } else if let Some(message) = update.message {
        reader.message(*message)
    } else if let Some(touched) = update.edited_message.or(update.message_reaction) {
        reader.touched(touched)
    } else if let Some(change) = update.my_chat_member {
        reader.member_change(change)
    } else {
        Ok(reader.ignored("unknown kind"))
    }
}

fn parse(raw: &[u8]) -> Result<wire::Update<'_>, Unreadable> {
    let unreadable = |why| Unreadable { update_id: find_update_id(raw), why };
    let text = std::str::from_utf8(raw).map_err(|_| unreadable("not utf-8"))?;
    // serde would also read an array, field by field.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(unreadable("not json"));
    }
    serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => unreadable("unexpected shape"),
        serde_json::error::Category::Eof => unreadable("truncated"),
        _ => unreadable("not json"),
    })
}

/// The update's id, also of an update that is otherwise broken: Telegram writes it first.
pub fn find_update_id(raw: &[u8]) -> Option<i64> {
    leading_update_id(raw)
        .or_else(|| serde_json::from_slice::<wire::UpdateIdOnly>(raw).ok().and_then(|update| update.id))
}

fn leading_update_id(raw: &[u8]) -> Option<i64> {
    let rest = raw.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"update_id\"")?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // Digits at the very end may be the beginning of a longer number.
    let (number, after) = rest.split_at_checked(digits)?;
    matches!(after.first(), Some(b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n'))
        .then(|| std::str::from_utf8(number).ok()?.parse().ok())
        .flatten()
}

struct Reader<'a> {
    bot_id: i64,
    update_id: i64,
    raw: &'a Bytes,
    now: Timestamp,
}

/// What every inbound needs beside its content.
struct Origin<'a> {
    chat: i64,
    from: Option<wire::User<'a>>,
    date: Option<i64>,
}

impl Reader<'_> {
    fn message(&self, message: wire::Message<'_>) -> Result<Received, Unreadable> {
        let chat = message.chat.as_ref().ok_or_else(|| self.unreadable("no chat"))?;
        if message.migrate_to_chat_id.is_some() || message.migrate_from_chat_id.is_some() {
            return Ok(self.ignored("migrated"));
        }
        if !chat.is_private() {
            return Ok(self.group(chat.id));
        }
        if is_bot(message.from.as_ref()) {
            return Ok(self.ignored("bot"));
        }
        let content = match &message.text {
            Some(text) => Content::written(&text.0),
            None => match media(&message) {
                Some(kind) => Content::Media(kind),
                None if is_service(&message) => return Ok(self.ignored("service message")),
                None => Content::Media(MediaKind::Other),
            },
        };
        let attached = if matches!(content, Content::Media(_)) { attached(self.raw) } else { None };
        let origin = Origin { chat: chat.id, from: message.from, date: message.date };
        Ok(inbound(Inbound { attached, ..self.build(&origin, content) }))
    }

    fn tap(&self, query: wire::CallbackQuery<'_>) -> Result<Received, Unreadable> {
        if is_bot(query.from.as_ref()) {
            return Ok(self.ignored("bot"));
        }
        // A tap on a message that was carried into a group is answered in the person's own chat.
        let message = query.message.filter(|m| m.chat.as_ref().is_some_and(wire::Chat::is_private));
        let chat = message.as_ref().and_then(|m| m.chat.as_ref()).map(|chat| chat.id);
        let chat =
            chat.or(query.from.as_ref().map(|user| user.id)).ok_or_else(|| self.unreadable("no sender"))?;
        let tapped = message.filter(|m| m.date.is_some_and(|date| date > 0)).and_then(|m| m.message_id);
        // Without data (a game's button, which we never send) the tap is still answered, as an unknown token.
        let token = query.data.map_or_else(Box::default, |data| Content::cut(&data.0).into());
        let origin = Origin { chat, from: query.from, date: None };
        let built = Inbound { tapped_message: tapped, ..self.build(&origin, Content::Tap(token)) };
        let callback = query.id.map(|id| CallbackId(id.0.into()));
        Ok(Received::Inbound { inbound: built, callback })
    }

    /// An edit or a reaction: the person is there, but waits for no answer. What was edited is for people, if they talk
    /// to some.
    fn touched(&self, touched: wire::Touched<'_>) -> Result<Received, Unreadable> {
        let chat = touched.chat.ok_or_else(|| self.unreadable("no chat"))?;
        if !chat.is_private() {
            return Ok(self.group(chat.id));
        }
        let from = touched.from.or(touched.user);
        if is_bot(from.as_ref()) {
            return Ok(self.ignored("bot"));
        }
        let origin = Origin { chat: chat.id, from, date: touched.edit_date.or(touched.date) };
        let content = edited(self.raw).unwrap_or(Content::Reach(Reach::Silent));
        Ok(inbound(self.build(&origin, content)))
    }

    fn member_change(&self, change: wire::MemberChange<'_>) -> Result<Received, Unreadable> {
        let chat = change.chat.ok_or_else(|| self.unreadable("no chat"))?;
        let status = change.new_chat_member.and_then(|member| member.status);
        let status = status.as_ref().map(AsRef::as_ref);
        if !chat.is_private() {
            let is_out = matches!(status, Some("left" | "kicked"));
            return Ok(if is_out { self.ignored("group") } else { self.group(chat.id) });
        }
        let reach = match status {
            Some("kicked") => Reach::Blocked,
            Some("member") => Reach::Unblocked,
            _ => return Ok(self.ignored("member status")),
        };
        let origin = Origin { chat: chat.id, from: change.from, date: change.date };
        Ok(inbound(self.build(&origin, Content::Reach(reach))))
    }

    fn build(&self, origin: &Origin<'_>, content: Content) -> Inbound {
        let hint = origin.from.as_ref().and_then(|user| user.language_code.as_ref());
        Inbound {
            address: Address::new(ChannelKind::Telegram, origin.chat.to_string()),
            source: Source::Bot,
            key: format!("tg:{}:{}", self.bot_id, self.update_id).into(),
            content,
            at: origin.date.map_or(self.now, Timestamp::from_seconds),
            language_hint: hint.map(|code| code.0.as_ref().into()),
            tapped_message: None,
            also: Vec::new(),
            advert: None,
            attached: None,
            mark_read: None,
            from: None,
            raw: self.raw.clone(),
        }
    }

    const fn ignored(&self, why: &'static str) -> Received {
        Received::Ignored { update_id: self.update_id, why, leave: None }
    }

    const fn group(&self, chat: i64) -> Received {
        Received::Ignored { update_id: self.update_id, why: "group", leave: Some(chat) }
    }

    const fn unreadable(&self, why: &'static str) -> Unreadable {
        Unreadable { update_id: Some(self.update_id), why }
    }
}

fn inbound(inbound: Inbound) -> Received {
    Received::Inbound { inbound, callback: None }
}

fn is_bot(user: Option<&wire::User<'_>>) -> bool {
    user.is_some_and(|user| user.is_bot)
}

fn media(message: &wire::Message<'_>) -> Option<MediaKind> {
    // An animation also comes with `document`, a venue with `location`: the more telling field first.
    let kinds = [
        (message.photo.is_some() || message.live_photo.is_some(), MediaKind::Photo),
        (message.voice.is_some() || message.audio.is_some(), MediaKind::Voice),
        (
            message.video.is_some() || message.video_note.is_some() || message.animation.is_some(),
            MediaKind::Video,
        ),
        (message.document.is_some(), MediaKind::Document),
        (message.sticker.is_some(), MediaKind::Sticker),
        (message.location.is_some() || message.venue.is_some(), MediaKind::Location),
        (message.contact.is_some(), MediaKind::Contact),
    ];
    kinds.into_iter().find_map(|(is_there, kind)| is_there.then_some(kind))
}

/// The words of an edited message, or what stands under its picture.
fn edited(raw: &[u8]) -> Option<Content> {
    let update: Value = serde_json::from_slice(raw).ok()?;
    let message = update.get("edited_message")?;
    let words = ["text", "caption"].into_iter().find_map(|key| message.get(key)?.as_str())?;
    (!words.trim().is_empty()).then(|| Content::Edited(Content::cut(words).into()))
}

/// The file, caption or place of a message without text. Read apart and loosely: whatever is strange about them must
/// not cost the message.
fn attached(raw: &[u8]) -> Option<Box<Attached>> {
    let update: Value = serde_json::from_slice(raw).ok()?;
    let message = update.get("message")?;
    let id = |file: &Value| Some(file.get("file_id")?.as_str()?.to_owned());
    // Of a photo's sizes the last is the biggest.
    let photo = message.get("photo").and_then(|sizes| id(sizes.as_array()?.last()?));
    let file = photo.or_else(|| {
        ["voice", "audio", "video", "video_note", "animation", "document"]
            .into_iter()
            .find_map(|kind| id(message.get(kind)?))
    });
    let place = message
        .get("location")
        .and_then(|place| Some((place.get("latitude")?.as_f64()?, place.get("longitude")?.as_f64()?)));
    let caption = message.get("caption").and_then(Value::as_str).map(str::to_owned);
    Attached::of(file.as_deref(), caption.or_else(|| in_words(message)).as_deref(), place)
}

/// What a message without text says all the same: a place's name, a poll, a sticker's or die's sign. Not a shared
/// contact: a third person's number is not kept unless it was written to us.
fn in_words(message: &Value) -> Option<String> {
    let lines = |kind: &str, keys: &[&str], between: &str| {
        let part = message.get(kind)?;
        let words: Vec<&str> = keys.iter().filter_map(|key| part.get(key)?.as_str()).collect();
        (!words.is_empty()).then(|| words.join(between))
    };
    let poll = || {
        let question = lines("poll", &["question"], "")?;
        let options = message.get("poll")?.get("options").and_then(Value::as_array).into_iter().flatten();
        let options = options.filter_map(|option| option.get("text")?.as_str());
        Some(options.fold(question, |all, option| format!("{all}\n- {option}")))
    };
    lines("venue", &["title", "address"], "\n")
        .or_else(poll)
        .or_else(|| lines("sticker", &["emoji"], ""))
        .or_else(|| lines("dice", &["emoji"], ""))
}

fn is_service(message: &wire::Message<'_>) -> bool {
    message.pinned.is_some()
        || message.auto_delete_timer.is_some()
        || message.write_access_allowed.is_some()
        || message.chat_background_set.is_some()
        || message.forum_topic_created.is_some()
        || message.forum_topic_edited.is_some()
        || message.forum_topic_closed.is_some()
        || message.forum_topic_reopened.is_some()
}
