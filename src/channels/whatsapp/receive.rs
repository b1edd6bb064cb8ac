//! A delivery's bytes become items: what people did, what became of our messages, what is for staff. Pure.
//!
//! A delivery is a batch: each item is read by itself, and what cannot be read is handed on raw, to be parked.

use std::fmt;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::{
    content::{Odd, attached, content, edited},
    error,
    kept::{self, List},
    wire::{self, Loose},
};
use crate::{
    channels::{SendError, error::refusal::UNKNOWN},
    domain::{Address, ChannelKind, Content, Inbound, MediaKind, OutboxId, Reach, Source, Timestamp},
};

/// Longest user id: country, dot, 128 characters, `.ENT.` for the parent's (channels.md §3.8).
const USER_ID_MAX: usize = 140;

/// Why an item is parked whose fields are not as we know them.
const ODD: &str = "unexpected shape";
/// Longest advert id kept: Meta's have up to 20 digits today.
const ADVERT_MAX: usize = 64;

/// Hex digits of a message's hash in its key.
const HASH_CHARS: usize = 24;

/// One thing of a delivery.
pub enum Item {
    /// Something that a person did.
    Inbound(Inbound),
    /// What became of a message of ours.
    Status(Status),
    /// It cannot be read: park it under this key. `raw`: this item alone, as a delivery. Where id and sender of a
    /// message could be read, an inbound that asks for words follows.
    Unreadable { key: Box<str>, why: &'static str, address: Option<Address>, raw: Bytes },
    /// News for staff (a template's state, an account's quality): kept, not acted on. `field` names it.
    Notice { key: Box<str>, field: Box<str>, raw: Bytes },
    /// Nothing that concerns us. `why` is one of: `other number`, `group`, `order`, `status`, `service`.
    Ignored { why: &'static str },
}

/// Shows no bytes of what was sent.
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inbound(inbound) => inbound.fmt(f),
            Self::Status(status) => status.fmt(f),
            Self::Unreadable { key, why, .. } => write!(f, "Unreadable({key}, {why})"),
            Self::Notice { key, field, .. } => write!(f, "Notice({key}, {field})"),
            Self::Ignored { why } => write!(f, "Ignored({why})"),
        }
    }
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Our own key, which we gave the message on its way; `None` if it is not ours.
    pub outbox: Option<OutboxId>,
    /// WhatsApp's id of the message, hidden: of several tries it says which is meant.
    pub reference: Option<String>,
    pub state: StatusState,
    /// `free_entry`, `free_service`, `service`, `utility`, `marketing`, `authentication`, `other`; none for a message
    /// that failed: only what arrives is charged for (channels.md §3.7).
    pub cost: Option<&'static str>,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusState {
    Sent,
    Delivered,
    Read,
    /// What the error table says of it.
    Failed(SendError),
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
    let mut reader = Reader { phone_number_id, hide, now, items: Vec::with_capacity(1) };
    for entry in envelope.entry {
        match serde_json::from_str::<wire::Entry<'_>>(entry.get()) {
            Ok(entry) => entry.changes.into_iter().for_each(|change| reader.change(change)),
            Err(_) => reader.unreadable(entry, "unexpected shape", kept::entry(entry)),
        }
    }
    Ok(reader.items)
}

struct Reader<'a, H> {
    phone_number_id: &'a str,
    hide: H,
    now: Timestamp,
    items: Vec<Item>,
}

impl<H: Fn(&str) -> String> Reader<'_, H> {
    fn change(&mut self, raw: &RawValue) {
        let Ok(change) = serde_json::from_str::<wire::Change<'_>>(raw.get()) else {
            return self.unreadable(raw, ODD, kept::change(raw));
        };
        let value = change.value.and_then(|value| serde_json::from_str::<wire::Value<'_>>(value.get()).ok());
        let field = change.field.as_ref().map_or("", AsRef::as_ref);
        // Messages are messages, also where the field's name is lost.
        let is_ours = matches!(field, "messages" | "user_preferences")
            || (field.is_empty() && value.as_ref().is_some_and(|value| value.messages.is_some()));
        if !is_ours {
            let key = self.key_of(raw);
            // The name is shown to staff: letters only, and not a long one.
            let fits = field.len() <= 60 && field.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let field = if fits { field } else { "unknown" };
            return self.items.push(Item::Notice { key, field: field.into(), raw: kept::change(raw) });
        }
        let Some(value) = value else { return self.unreadable(raw, ODD, kept::change(raw)) };
        let number = value.metadata.as_ref().and_then(|metadata| metadata.phone_number_id.as_ref());
        if number.is_some_and(|number| number.as_ref() != self.phone_number_id) {
            return self.items.push(Item::Ignored { why: "other number" });
        }
        let number = number.map(AsRef::as_ref);
        let contacts: Vec<&wire::Contact<'_>> =
            value.contacts.as_ref().into_iter().flatten().filter_map(Loose::as_ref).collect();
        for message in self.list(List::Messages, value.messages, number) {
            self.message(message, number, &contacts);
        }
        for status in self.list(List::Statuses, value.statuses, number) {
            self.status(status, number);
        }
        for preference in self.list(List::Preferences, value.user_preferences, number) {
            self.preference(preference, number);
        }
        for error in self.list(List::Errors, value.errors, number) {
            let (key, raw) = (self.key_of(error), kept::item(List::Errors, error, number, None));
            self.items.push(Item::Notice { key, field: "errors".into(), raw });
        }
    }

    /// The items of a list; one of another shape is kept whole.
    fn list<'r>(&mut self, list: List, raw: Option<&'r RawValue>, number: Option<&str>) -> Vec<&'r RawValue> {
        let Some(raw) = raw.filter(|raw| raw.get() != "null") else { return Vec::new() };
        wire::list(raw).unwrap_or_else(|| {
            self.unreadable(raw, ODD, kept::all(list, raw, number));
            Vec::new()
        })
    }

    fn message(&mut self, raw: &RawValue, number: Option<&str>, contacts: &[&wire::Contact<'_>]) {
        let (message, why) = match serde_json::from_str::<wire::Message<'_>>(raw.get()) {
            Ok(message) => (message, "no sender"),
            Err(_) => (wire::Whose::of(raw).message(), ODD),
        };
        if message.group_id.is_some() {
            return self.items.push(Item::Ignored { why: "group" });
        }
        let contact = contact_of(&message, contacts);
        let raw_item = kept::item(List::Messages, raw, number, contact);
        let Some((address, also)) = sender(&message, contact) else {
            return self.unreadable(raw, why, raw_item);
        };
        let kind = message.kind.as_ref().map_or("", AsRef::as_ref);
        let content = match kind {
            "order" => return self.items.push(Item::Ignored { why: "order" }),
            "system" => {
                let Some(system) = message.system.as_ref() else {
                    return self.unreadable(raw, ODD, raw_item);
                };
                match moved(system, &address, &also) {
                    Moved::To(moved) => moved,
                    Moved::Nowhere => return self.unreadable(raw, "no new address", raw_item),
                    Moved::Not => return self.items.push(Item::Ignored { why: "service" }),
                }
            }
            "edit" => edited(raw.get()).unwrap_or(Content::Reach(Reach::Silent)),
            _ => content(kind, &message).unwrap_or_else(|Odd| {
                // Nobody waits in silence: they are asked for words, and the message is kept for those who mend us.
                let (key, address) = (self.key_of(raw), Some(address.clone()));
                self.items.push(Item::Unreadable { key, why: ODD, address, raw: raw_item.clone() });
                Content::Media(MediaKind::Other)
            }),
        };
        let is_media = matches!(content, Content::Media(_));
        let attached = if is_media { attached(kind, raw.get()) } else { None };
        let seconds = message.timestamp.as_ref().copied();
        let id = message.id.as_ref().map(AsRef::as_ref).filter(|id: &&str| !id.is_empty());
        // Without an id, the same bytes are the same message.
        let key = id.map_or_else(|| self.key_of(raw), |id| self.key(id, seconds));
        let answers = content.speaks();
        let advert = message.referral.as_ref().and_then(|referral| referral.source_id.as_ref());
        self.items.push(Item::Inbound(Inbound {
            address,
            also,
            source: Source::Bot,
            key,
            content,
            at: self.at(seconds),
            language_hint: None,
            tapped_message: None,
            advert: advert.map(AsRef::as_ref).filter(|id| is_advert(id)).map(Into::into),
            attached,
            mark_read: id.filter(|_| answers).map(Into::into),
            from: None,
            raw: raw_item,
        }));
    }

    fn status(&mut self, raw: &RawValue, number: Option<&str>) {
        let raw_item = || kept::item(List::Statuses, raw, number, None);
        let Ok(status) = serde_json::from_str::<wire::Status<'_>>(raw.get()) else {
            return self.unreadable(raw, ODD, raw_item());
        };
        let code = status.errors.iter().flatten().find_map(|error| error.code);
        let state = match status.state.as_ref().map_or("", AsRef::as_ref) {
            "sent" => StatusState::Sent,
            "delivered" => StatusState::Delivered,
            "read" | "played" => StatusState::Read,
            "failed" => match code.map(error::of_code) {
                Some(SendError::Blocked) => StatusState::Unreachable,
                Some(error) => StatusState::Failed(error),
                None => StatusState::Failed(SendError::Refused { code: UNKNOWN }),
            },
            _ => return self.items.push(Item::Ignored { why: "status" }),
        };
        let at = self.at(status.timestamp);
        if code == Some(error::STOPPED_MARKETING) {
            let key = status.id.as_ref().map_or_else(|| raw.get().to_owned(), |id| id.as_ref().to_owned());
            let person = addresses(status.recipient_id.as_ref(), status.recipient_user_id.as_ref());
            self.opted_out(&format!("{key} stopped"), person, at, raw_item());
        }
        let outbox = status.biz_opaque_callback_data.as_ref();
        let id = status.id.as_ref().map(AsRef::as_ref).filter(|id: &&str| !id.is_empty());
        let failed = matches!(state, StatusState::Failed(_) | StatusState::Unreachable);
        self.items.push(Item::Status(Status {
            outbox: outbox.and_then(|id| id.as_ref().parse().ok()).map(OutboxId),
            reference: id.map(&self.hide),
            state,
            cost: status.pricing.as_ref().filter(|_| !failed).map(cost),
            at,
        }));
    }

    /// A person said to WhatsApp whether they want marketing from us.
    fn preference(&mut self, raw: &RawValue, number: Option<&str>) {
        let raw_item = kept::item(List::Preferences, raw, number, None);
        let Ok(preference) = serde_json::from_str::<wire::Preference<'_>>(raw.get()) else {
            return self.unreadable(raw, ODD, raw_item);
        };
        let is = |text: &Option<wire::Str<'_>>, word| text.as_ref().is_some_and(|text| text.as_ref() == word);
        if !is(&preference.category, "marketing_messages") || !is(&preference.value, "stop") {
            return self.items.push(Item::Ignored { why: "service" });
        }
        let person = addresses(preference.wa_id.as_ref(), preference.user_id.as_ref());
        let at = self.at(preference.timestamp);
        self.opted_out(raw.get(), person, at, raw_item);
    }

    fn opted_out(&mut self, key: &str, person: Option<(Address, Vec<Address>)>, at: Timestamp, raw: Bytes) {
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
            attached: None,
            mark_read: None,
            from: None,
            raw,
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

    /// The key of an item that is parked, or has no id: the same bytes, the same key.
    fn key_of(&self, raw: &RawValue) -> Box<str> {
        let item = serde_json::from_str::<wire::IdOnly<'_>>(raw.get()).ok();
        match item.as_ref().and_then(|item| item.id.as_ref()) {
            Some(id) if !id.as_ref().is_empty() => format!("wa:{}", (self.hide)(id.as_ref())).into(),
            _ => format!("wa:x{}", (self.hide)(raw.get())).into(),
        }
    }

    /// `kept`: what is parked of it.
    fn unreadable(&mut self, raw: &RawValue, why: &'static str, kept: Bytes) {
        let key = self.key_of(raw);
        let whose = wire::Whose::of(raw);
        let numbers = [&whose.from, &whose.recipient_id, &whose.wa_id];
        let ids = [&whose.from_user_id, &whose.recipient_user_id, &whose.user_id];
        let said = || numbers.into_iter().chain(ids).filter_map(Loose::as_ref).map(AsRef::as_ref);
        let address = said().find_map(phone).or_else(|| said().find_map(user_id));
        self.items.push(Item::Unreadable { key, why, address, raw: kept });
    }
}

/// Whom the delivery names as a message's sender beside it.
fn contact_of<'c, 'a>(
    message: &wire::Message<'_>,
    contacts: &[&'c wire::Contact<'a>],
) -> Option<&'c wire::Contact<'a>> {
    let (from, user) = (message.from.as_ref(), message.from_user_id.as_ref());
    let is_same = |known: &Loose<wire::Str<'_>>, given: Option<&wire::Str<'_>>| matches!((known.as_ref(), given), (Some(known), Some(given)) if known.as_ref() == given.as_ref());
    let named = contacts.iter().find(|contact| {
        is_same(&contact.user_id, user) || is_same(&contact.wa_id, from) || is_same(&contact.user_id, from)
    });
    match contacts {
        // A batch names several people; one alone is the sender.
        [only] if from.is_none() && user.is_none() => Some(*only),
        _ => named.copied(),
    }
}

/// Who wrote: the number first, because the API takes it wherever it takes a user id.
fn sender(
    message: &wire::Message<'_>,
    contact: Option<&wire::Contact<'_>>,
) -> Option<(Address, Vec<Address>)> {
    let (from, user) = (message.from.as_ref(), message.from_user_id.as_ref());
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

/// The class of what a message costs (channels.md §3.4, §3.7): the type says whether it is free, the category what it is.
fn cost(pricing: &wire::Pricing<'_>) -> &'static str {
    let is = |text: &Option<wire::Str<'_>>, word| text.as_ref().is_some_and(|text| text.as_ref() == word);
    if is(&pricing.kind, "free_entry_point") || is(&pricing.category, "referral_conversion") {
        return "free_entry";
    }
    if is(&pricing.kind, "free_customer_service") {
        return "free_service";
    }
    match pricing.category.as_ref().map_or("", AsRef::as_ref) {
        "service" => "service",
        "utility" => "utility",
        "marketing" | "marketing_lite" => "marketing",
        category if category.starts_with("authentication") => "authentication",
        _ => "other",
    }
}
