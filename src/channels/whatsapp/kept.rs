//! One item of a delivery, in the form of a delivery of its own: what is parked of it, and what `receive` reads again.
//!
//! It holds nothing of its neighbours, and of the person only what names them: no profile name.

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use super::wire;

/// The list of a change's value in which an item stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Messages,
    Statuses,
    Errors,
    Preferences,
}

#[derive(Serialize)]
struct Envelope<T> {
    entry: [T; 1],
}

#[derive(Serialize)]
struct Entry<T> {
    changes: [T; 1],
}

#[derive(Serialize)]
struct Change<'a> {
    field: &'static str,
    value: Value<'a>,
}

#[derive(Default, Serialize)]
struct Value<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<[Contact<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Items<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<Items<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Items<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_preferences: Option<Items<'a>>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    phone_number_id: &'a str,
}

#[derive(Serialize)]
struct Contact<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    wa_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Items<'a> {
    One([&'a RawValue; 1]),
    /// The list itself could not be read.
    All(&'a RawValue),
}

fn bytes(envelope: &impl Serialize) -> Bytes {
    // Text keys and values that are JSON already: writing them into memory cannot fail.
    serde_json::to_vec(envelope).unwrap_or_default().into()
}

/// An entry that cannot be read.
pub(super) fn entry(raw: &RawValue) -> Bytes {
    bytes(&Envelope { entry: [raw] })
}

/// A change that cannot be read, or news for staff.
pub(super) fn change(raw: &RawValue) -> Bytes {
    bytes(&Envelope { entry: [Entry { changes: [raw] }] })
}

/// One item of a list, with the number it came to and whom the delivery named as its sender.
pub(super) fn item(
    list: List,
    raw: &RawValue,
    number: Option<&str>,
    contact: Option<&wire::Contact<'_>>,
) -> Bytes {
    value(list, Items::One([raw]), number, contact)
}

/// A whole list that cannot be read.
pub(super) fn all(list: List, raw: &RawValue, number: Option<&str>) -> Bytes {
    value(list, Items::All(raw), number, None)
}

fn value(list: List, items: Items<'_>, number: Option<&str>, contact: Option<&wire::Contact<'_>>) -> Bytes {
    let mut value = Value {
        metadata: number.map(|phone_number_id| Metadata { phone_number_id }),
        contacts: contact.map(|contact| {
            let [wa_id, user_id] =
                [&contact.wa_id, &contact.user_id].map(|text| text.as_ref().map(AsRef::as_ref));
            [Contact { wa_id, user_id }]
        }),
        ..Value::default()
    };
    match list {
        List::Messages => value.messages = Some(items),
        List::Statuses => value.statuses = Some(items),
        List::Errors => value.errors = Some(items),
        List::Preferences => value.user_preferences = Some(items),
    }
    let field = if list == List::Preferences { "user_preferences" } else { "messages" };
    bytes(&Envelope { entry: [Entry { changes: [Change { field, value }] }] })
}
