//! A delivery's bytes become items: what people did, what became of our messages, what is for staff. Pure.
//!
//! A delivery is a batch: each item is read by itself, and what cannot be read is handed on raw, to be parked.

use bytes::Bytes;
use serde_json::value::RawValue;

use super::{error, wire};
use crate::domain::{Address, ChannelKind, Content, Inbound, MediaKind, OutboxId, Reach, Source, Timestamp};

/// Longest user id: country, dot, 128 characters, `.ENT.` for the parent's (channels.md §3.8).
const USER_ID_MAX: usize = 140;

/// Longest advert id kept: Meta's have up to 20 digits today.
const ADVERT_MAX: usize = 64;

/// Hex digits of a message's hash in its key.
const HASH_CHARS: usize = 24;

/// One thing of a delivery.
#[derive(Debug)]
pub enum Item {
    /// Something that a person did.
    Inbound(Inbound),
    /// What became of a message of ours.
    Status(Status),
    /// It cannot be read: park it under this key.
    Unreadable { key: Box<str>, why: &'static str },
    /// News for staff (a template's state, an account's quality): kept, not acted on. `field` names it.
    Notice { key: Box<str>, field: Box<str> },
    /// Nothing that concerns us. `why` is one of: `other number`, `group`, `order`, `status`, `service`.
    Ignored { why: &'static str },
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Our own key, which we gave the message on its way; `None` if it is not ours.
    pub outbox: Option<OutboxId>,
    pub state: StatusState,
    /// `free_entry`, `service`, `utility`, `marketing`, `authentication`, `other`.
    pub cost: Option<&'static str>,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusState {
    Sent,
    Delivered,
    Read,
    /// With the word of the error table.
    Failed(&'static str),
    /// It cannot reach this person: failed, and nothing more is sent.
    Unreachable,
}

/// The whole body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("delivery not readable: {why}")]
pub struct Unreadable {
    /// `not utf-8`, `not json`, `truncated`, `unexpected shape`.
    pub why: &'static str,
}

/// Reads a delivery for our phone number. `hide` makes keys of message ids, which contain phone numbers;
/// `now` stands in where an item has no time of its own.
///
/// # Errors
/// [`Unreadable`] when the bytes are no JSON object in UTF-8 of the shape of a delivery.
pub fn receive(
    phone_number_id: &str,
    raw: &Bytes,
    hide: impl Fn(&str) -> String,
    now: Timestamp,
) -> Result<Vec<Item>, Unreadable> {
    let unreadable = |why| Unreadable { why };
    let text = std::str::from_utf8(raw).map_err(|_| unreadable("not utf-8"))?;
    // serde would also read an array, field by field.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(unreadable("not json"));
    }
    let envelope: wire::Envelope<'_> =
        serde_json::from_str(text).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => unreadable("unexpected shape"),
            serde_json::error::Category::Eof => unreadable("truncated"),
            _ => unreadable("not json"),
        })?;
    let mut reader = Reader { phone_number_id, raw, hide, now, items: Vec::with_capacity(1) };
    for entry in envelope.entry {
        match serde_json::from_str::<wire::Entry<'_>>(entry.get()) {
            Ok(entry) => entry.changes.into_iter().for_each(|change| reader.change(change)),
            Err(_) => reader.unreadable(entry, "unexpected shape"),
        }
    }
    Ok(reader.items)
}

struct Reader<'a, H> {
    phone_number_id: &'a str,
    raw: &'a Bytes,
    hide: H,
    now: Timestamp,
    items: Vec<Item>,
}

impl<H: Fn(&str) -> String> Reader<'_, H> {
    fn change(&mut self, raw: &RawValue) {
        let Ok(change) = serde_json::from_str::<wire::Change<'_>>(raw.get()) else {
            return self.unreadable(raw, "unexpected shape");
        };
        let field = change.field.as_ref().map_or("", AsRef::as_ref);
        if !matches!(field, "messages" | "user_preferences") {
            let key = self.key_of(raw);
            // The name is shown to staff: letters only, and not a long one.
            let fits = field.len() <= 60 && field.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let field = if fits { field } else { "unknown" };
            return self.items.push(Item::Notice { key, field: field.into() });
        }
        let value = change.value.and_then(|value| serde_json::from_str::<wire::Value<'_>>(value.get()).ok());
        let Some(value) = value else { return self.unreadable(raw, "unexpected shape") };
        let number = value.metadata.as_ref().and_then(|metadata| metadata.phone_number_id.as_ref());
        if number.is_some_and(|number| number.as_ref() != self.phone_number_id) {
            return self.items.push(Item::Ignored { why: "other number" });
        }
        let contacts: Vec<wire::Contact<'_>> =
            value.contacts.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        for message in value.messages.unwrap_or_default() {
            self.message(message, &contacts);
        }
        for status in value.statuses.unwrap_or_default() {
            self.status(status);
        }
        for preference in value.user_preferences.unwrap_or_default() {
            self.preference(preference);
        }
        for error in value.errors.unwrap_or_default() {
            let key = self.key_of(error);
            self.items.push(Item::Notice { key, field: "errors".into() });
        }
    }

    fn message(&mut self, raw: &RawValue, contacts: &[wire::Contact<'_>]) {
        let Ok(message) = serde_json::from_str::<wire::Message<'_>>(raw.get()) else {
            return self.unreadable(raw, "unexpected shape");
        };
        if message.group_id.is_some() {
            return self.items.push(Item::Ignored { why: "group" });
        }
        let Some(id) = message.id.as_ref().filter(|id| !id.as_ref().is_empty()) else {
            return self.unreadable(raw, "no id");
        };
        let Some((address, also)) = sender(&message, contacts) else {
            return self.unreadable(raw, "no sender");
        };
        let kind = message.kind.as_ref().map_or("", AsRef::as_ref);
        let content = match kind {
            "order" => return self.items.push(Item::Ignored { why: "order" }),
            "system" => {
                let Some(system) = &message.system else { return self.unreadable(raw, "unexpected shape") };
                match moved(system, &address, &also) {
                    Moved::To(moved) => moved,
                    Moved::Nowhere => return self.unreadable(raw, "no new address"),
                    Moved::Not => return self.items.push(Item::Ignored { why: "service" }),
                }
            }
            _ => content(kind, &message),
        };
        let key = self.key(id.as_ref(), message.timestamp);
        let answers = content.speaks();
        let advert = message.referral.as_ref().and_then(|referral| referral.source_id.as_ref());
        self.items.push(Item::Inbound(Inbound {
            address,
            also,
            source: Source::Bot,
            key,
            content,
            at: self.at(message.timestamp),
            language_hint: None,
            tapped_message: None,
            advert: advert.map(AsRef::as_ref).filter(|id| is_advert(id)).map(Into::into),
            mark_read: answers.then(|| id.as_ref().into()),
            raw: self.raw.clone(),
        }));
    }

    fn status(&mut self, raw: &RawValue) {
        let Ok(status) = serde_json::from_str::<wire::Status<'_>>(raw.get()) else {
            return self.unreadable(raw, "unexpected shape");
        };
        let code = status.errors.iter().find_map(|error| error.code);
        let state = match status.state.as_ref().map_or("", AsRef::as_ref) {
            "sent" => StatusState::Sent,
            "delivered" => StatusState::Delivered,
            "read" | "played" => StatusState::Read,
            "failed" => match code.map(error::of_code) {
                Some(crate::channels::SendError::Blocked) => StatusState::Unreachable,
                Some(error) => StatusState::Failed(error::word(error)),
                None => StatusState::Failed("unknown"),
            },
            _ => return self.items.push(Item::Ignored { why: "status" }),
        };
        let at = self.at(status.timestamp);
        if code == Some(error::STOPPED_MARKETING) {
            let key = status.id.as_ref().map_or_else(|| raw.get().to_owned(), |id| id.as_ref().to_owned());
            let person = addresses(status.recipient_id.as_ref(), status.recipient_user_id.as_ref());
            self.opted_out(&format!("{key} stopped"), person, at);
        }
        let outbox = status.biz_opaque_callback_data.as_ref();
        self.items.push(Item::Status(Status {
            outbox: outbox.and_then(|id| id.as_ref().parse().ok()).map(OutboxId),
            state,
            cost: status.pricing.as_ref().map(cost),
            at,
        }));
    }

    /// A person said to WhatsApp whether they want marketing from us.
    fn preference(&mut self, raw: &RawValue) {
        let Ok(preference) = serde_json::from_str::<wire::Preference<'_>>(raw.get()) else {
            return self.unreadable(raw, "unexpected shape");
        };
        let is = |text: &Option<wire::Str<'_>>, word| text.as_ref().is_some_and(|text| text.as_ref() == word);
        if !is(&preference.category, "marketing_messages") || !is(&preference.value, "stop") {
            return self.items.push(Item::Ignored { why: "service" });
        }
        let person = addresses(preference.wa_id.as_ref(), preference.user_id.as_ref());
        let at = self.at(preference.timestamp);
        self.opted_out(raw.get(), person, at);
    }

    fn opted_out(&mut self, key: &str, person: Option<(Address, Vec<Address>)>, at: Timestamp) {
        let Some((address, also)) = person else { return };
        self.items.push(Item::Inbound(Inbound {
            address,
            also,
            source: Source::Bot,
            key: self.key(key, None),
            content: Content::Reach(Reach::OptedOut),
            at,
            language_hint: None,
            tapped_message: None,
            advert: None,
            mark_read: None,
            raw: self.raw.clone(),
        }));
    }

    /// Key of an item by its id: the second that it names, then the id's hash, 16 bytes together. Hashes alone would
    /// spread new rows over the whole of an index; so they stand beside each other. A redelivery names the same second.
    fn key(&self, id: &str, at: Option<wire::Seconds>) -> Box<str> {
        let second = at.and_then(|wire::Seconds(seconds)| u32::try_from(seconds).ok()).unwrap_or(0);
        let hidden = (self.hide)(id);
        format!("wa:{second:08x}{}", hidden.get(..HASH_CHARS).unwrap_or(&hidden)).into()
    }

    fn at(&self, seconds: Option<wire::Seconds>) -> Timestamp {
        match seconds {
            Some(wire::Seconds(seconds)) if seconds > 0 => Timestamp::from_seconds(seconds),
            _ => self.now,
        }
    }

    /// The key of an item without an id: the same bytes, the same key.
    fn key_of(&self, raw: &RawValue) -> Box<str> {
        let id = serde_json::from_str::<wire::IdOnly<'_>>(raw.get()).ok().and_then(|item| item.id);
        match id {
            Some(id) if !id.as_ref().is_empty() => format!("wa:{}", (self.hide)(id.as_ref())).into(),
            _ => format!("wa:x{}", (self.hide)(raw.get())).into(),
        }
    }

    fn unreadable(&mut self, raw: &RawValue, why: &'static str) {
        let key = self.key_of(raw);
        self.items.push(Item::Unreadable { key, why });
    }
}

/// Who wrote: the number first, because the API takes it wherever it takes a user id.
fn sender(message: &wire::Message<'_>, contacts: &[wire::Contact<'_>]) -> Option<(Address, Vec<Address>)> {
    let (from, user) = (message.from.as_ref(), message.from_user_id.as_ref());
    let is_same = |known: &Option<wire::Str<'_>>, given: Option<&wire::Str<'_>>| matches!((known, given), (Some(known), Some(given)) if known.as_ref() == given.as_ref());
    let contact = contacts
        .iter()
        .find(|contact| {
            is_same(&contact.user_id, user)
                || is_same(&contact.wa_id, from)
                || is_same(&contact.user_id, from)
        })
        .or_else(|| match contacts {
            // A batch names several people; one alone is the sender.
            [only] if from.is_none() && user.is_none() => Some(only),
            _ => None,
        });
    let said = [from, user, contact.and_then(|c| c.wa_id.as_ref()), contact.and_then(|c| c.user_id.as_ref())];
    let said = said.into_iter().flatten();
    let (mut number, mut id) = (None, None);
    for text in said {
        // A user id has been seen in the number's field (channels.md §3.8).
        number = number.or_else(|| phone(text.as_ref()));
        id = id.or_else(|| user_id(text.as_ref()));
    }
    ordered(number, id)
}

fn addresses(number: Option<&wire::Str<'_>>, id: Option<&wire::Str<'_>>) -> Option<(Address, Vec<Address>)> {
    let said = || [number, id].into_iter().flatten().map(AsRef::as_ref);
    ordered(said().find_map(phone), said().find_map(user_id))
}

fn ordered(number: Option<Address>, id: Option<Address>) -> Option<(Address, Vec<Address>)> {
    match (number, id) {
        (Some(number), id) => Some((number, id.into_iter().collect())),
        (None, Some(id)) => Some((id, Vec::new())),
        (None, None) => None,
    }
}

/// A phone number, with or without its plus: ITU-T E.164 has at most 15 digits.
fn phone(text: &str) -> Option<Address> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| Address::new(ChannelKind::WhatsApp, format!("+{digits}")))
}

/// A business-scoped user id: two letters of the country, a dot, letters and digits.
fn user_id(text: &str) -> Option<Address> {
    let (country, rest) = text.split_once('.')?;
    let fits = text.len() <= USER_ID_MAX
        && country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && !rest.is_empty()
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    fits.then(|| Address::new(ChannelKind::WhatsApp, text))
}

/// An advert's id goes into the events: digits as a rule (channels.md §3.4), and never anything long.
fn is_advert(id: &str) -> bool {
    (1..=ADVERT_MAX).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

enum Moved {
    To(Content),
    Nowhere,
    /// Another kind of service message.
    Not,
}

fn moved(system: &wire::System<'_>, from: &Address, also: &[Address]) -> Moved {
    let kind = system.kind.as_ref().map_or("", AsRef::as_ref);
    let is_number = matches!(kind, "user_changed_number" | "customer_changed_number");
    if !is_number && kind != "user_changed_user_id" {
        return Moved::Not;
    }
    let said = [&system.wa_id, &system.new_wa_id, &system.user_id];
    let said = || said.into_iter().flatten().map(AsRef::as_ref);
    let to: Box<[Address]> =
        [said().find_map(phone), said().find_map(user_id)].into_iter().flatten().collect();
    if to.iter().all(|new| new == from || also.contains(new)) {
        return Moved::Nowhere;
    }
    Moved::To(Content::Moved { to, is_number })
}

fn content(kind: &str, message: &wire::Message<'_>) -> Content {
    match kind {
        "text" => match message.text.as_ref().and_then(|text| text.body.as_ref()) {
            Some(body) => Content::written(body.as_ref()),
            None => Content::Media(MediaKind::Other),
        },
        "interactive" => interactive(message.interactive.as_ref()),
        "button" => {
            let button = message.button.as_ref();
            let payload =
                button.and_then(|button| button.payload.as_ref()).filter(|text| !text.as_ref().is_empty());
            match (payload, button.and_then(|button| button.text.as_ref())) {
                (Some(payload), _) => Content::Tap(Content::cut(payload.as_ref()).into()),
                (None, Some(text)) => Content::written(text.as_ref()),
                (None, None) => Content::Media(MediaKind::Other),
            }
        }
        "image" => Content::Media(MediaKind::Photo),
        "audio" | "voice" => Content::Media(MediaKind::Voice),
        "video" => Content::Media(MediaKind::Video),
        "document" => Content::Media(MediaKind::Document),
        "sticker" => Content::Media(MediaKind::Sticker),
        "location" => Content::Media(MediaKind::Location),
        "contacts" => Content::Media(MediaKind::Contact),
        "reaction" | "edit" | "revoke" => Content::Reach(Reach::Silent),
        "request_welcome" => Content::Start { code: None },
        // Also `unsupported`, and a first message that WhatsApp could not bring: the answer asks for words.
        _ => Content::Media(MediaKind::Other),
    }
}

fn interactive(interactive: Option<&wire::Interactive<'_>>) -> Content {
    let Some(interactive) = interactive else { return Content::Media(MediaKind::Other) };
    let reply = interactive.button.as_ref().or(interactive.row.as_ref());
    match (reply.and_then(|reply| reply.id.as_ref()), reply.and_then(|reply| reply.title.as_ref())) {
        (Some(id), _) if !id.as_ref().is_empty() => Content::Tap(Content::cut(id.as_ref()).into()),
        // The label is as good: the engine knows choices by their names.
        (_, Some(title)) => Content::written(title.as_ref()),
        // A form that we never send.
        _ if interactive.form.is_some() => Content::Reach(Reach::Silent),
        _ => Content::Media(MediaKind::Other),
    }
}

/// What a message costs, in four words (channels.md §3.7).
fn cost(pricing: &wire::Pricing<'_>) -> &'static str {
    let is = |text: &Option<wire::Str<'_>>, word| text.as_ref().is_some_and(|text| text.as_ref() == word);
    if is(&pricing.kind, "free_entry_point") || is(&pricing.category, "referral_conversion") {
        return "free_entry";
    }
    match pricing.category.as_ref().map_or("", AsRef::as_ref) {
        "service" => "service",
        "utility" => "utility",
        "marketing" | "marketing_lite" => "marketing",
        category if category.starts_with("authentication") => "authentication",
        _ => "other",
    }
}
