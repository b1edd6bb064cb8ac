//! `receive`: case files, and anything at all as input.

use std::collections::HashSet;

use bytes::Bytes;
use proptest::prelude::*;
use safar::{
    channels::whatsapp::{self, Item, Status, StatusState},
    domain::{ChannelKind, Content, Inbound, Source},
    privacy::Keys,
};
use toml::{Table, Value};

use super::NUMBER;
use crate::channels::{
    cases,
    inbound::{self, Fill, now},
};

const EXPECTED: [&str; 2] = ["items", "unreadable"];
/// Longer things that are hidden are shown by their length.
const SHOWN_BYTES: usize = 40;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    label: String,
    payload: String,
    #[serde(default)]
    fill: Vec<Fill>,
    items: Option<Vec<Table>>,
    unreadable: Option<Table>,
}

#[test]
fn whatsapp_deliveries_are_read_as_the_cases_say() {
    let folder = cases::folder("whatsapp");
    let path = folder.join("receive.toml");
    let list: Vec<Case> = cases::load(&path);
    assert!(list.len() >= 150, "{} cases", list.len());
    let payload = |case: &Case| inbound::payload(&folder, &case.payload, &case.fill);
    let actual: Vec<_> = list.iter().map(|case| outcome(&payload(case))).collect();
    let expected: Vec<_> = list
        .iter()
        .map(|case| {
            let items =
                case.items.clone().map(|items| Value::Array(items.into_iter().map(Value::Table).collect()));
            let parts = [("items", items), ("unreadable", case.unreadable.clone().map(Value::Table))];
            parts.into_iter().filter_map(|(key, part)| Some((key.into(), part?))).collect()
        })
        .collect();
    let labels: Vec<_> = list.iter().map(|case| case.label.clone()).collect();
    cases::settle(&path, &EXPECTED, &labels, &expected, &actual);
}

#[test]
fn a_receipt_names_the_try_that_it_is_about() {
    let folder = cases::folder("whatsapp");
    let reference =
        |file| match &whatsapp::receive(NUMBER, &inbound::payload(&folder, file, &[]), shown, now()).unwrap()
            [..]
        {
            [Item::Status(status)] => status.reference.clone(),
            other => panic!("{other:?}"),
        };
    assert_eq!(reference("status_sent.json").as_deref(), Some("<wamid.O1>"));
    assert_eq!(reference("status_bare.json"), None);
}

/// Shows what would be hidden, so that a case tells which part of a payload makes the key.
fn shown(hidden: &str) -> String {
    if hidden.len() > SHOWN_BYTES { format!("<{} bytes>", hidden.len()) } else { format!("<{hidden}>") }
}

fn outcome(raw: &Bytes) -> Table {
    let (key, value) = match whatsapp::receive(NUMBER, raw, shown, now()) {
        Ok(items) => ("items", Value::Array(items.iter().map(|item| Value::Table(of_item(item))).collect())),
        Err(unreadable) => {
            ("unreadable", Value::Table(Table::from_iter([("why".into(), unreadable.why.into())])))
        }
    };
    Table::from_iter([(key.into(), value)])
}

fn of_item(item: &Item) -> Table {
    let text = |text: &str| Value::from(text);
    let (name, table) = match item {
        Item::Inbound(inbound) => ("inbound", of_inbound(inbound)),
        Item::Status(status) => ("status", of_status(status)),
        Item::Unreadable { key, why, address, .. } => {
            let from = address.as_ref().map(|address| ("from".into(), text(&address.external)));
            let parts = [Some(("key".into(), text(key))), Some(("why".into(), text(why))), from];
            ("unreadable", parts.into_iter().flatten().collect())
        }
        Item::Notice { key, field, .. } => {
            ("notice", Table::from_iter([("key".into(), text(key)), ("field".into(), text(field))]))
        }
        Item::Ignored { why } => ("ignored", Table::from_iter([("why".into(), text(why))])),
    };
    Table::from_iter([(name.into(), Value::Table(table))])
}

fn of_inbound(inbound: &Inbound) -> Table {
    assert_eq!((inbound.address.channel, inbound.source), (ChannelKind::WhatsApp, Source::Bot));
    assert_eq!((inbound.language_hint.as_deref(), inbound.tapped_message), (None, None));
    let mut table = inbound::content(&inbound.content);
    let mut put = |key: &str, value: Option<Value>| value.and_then(|value| table.insert(key.into(), value));
    put("from", Some(inbound.address.external.as_ref().into()));
    let also = inbound.also.iter().map(|address| Value::from(address.external.as_ref()));
    put("also", (!inbound.also.is_empty()).then(|| Value::Array(also.collect())));
    put("key", Some(inbound.key.as_ref().into()));
    put("at", Some(inbound.at.to_iso().into()));
    put("advert", inbound.advert.as_deref().map(Into::into));
    put("seen", inbound.mark_read.as_deref().map(|id| shown(id).into()));
    table
}

fn of_status(status: &Status) -> Table {
    let Status { outbox, state, cost, at, .. } = status;
    let state = match state {
        StatusState::Sent => "sent",
        StatusState::Delivered => "delivered",
        StatusState::Read => "read",
        StatusState::Unreachable => "unreachable",
        StatusState::Failed(error) => &format!("failed: {}", whatsapp::error::word(*error)),
    };
    let parts = [
        ("outbox", outbox.map(|id| id.0.into())),
        ("state", Some(state.into())),
        ("cost", cost.map(Value::from)),
        ("at", Some(at.to_iso().into())),
    ];
    parts.into_iter().filter_map(|(key, part)| Some((key.into(), part?))).collect()
}

/// Both deliveries of the same message, and nothing but their order of fields differs: one key.
#[test]
fn a_redelivery_has_the_keys_of_the_first() {
    let read = |raw: &'static str| {
        let items = whatsapp::receive(NUMBER, &Bytes::from_static(raw.as_bytes()), shown, now()).unwrap();
        match &items[..] {
            [Item::Inbound(inbound)] => inbound.key.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let one = r#"{"entry":[{"changes":[{"field":"messages","value":{"messages":[{"id":"wamid.Z","from":"992900000001","type":"text","text":{"body":"a"}}]}}]}]}"#;
    let other = r#"{"entry":[{"changes":[{"value":{"messages":[{"text":{"body":"\u0061"},"type":"text","from":"992900000001","id":"wamid.Z"}]},"field":"messages"}]}],"object":"x"}"#;
    assert_eq!(read(one), read(other));
}

#[test]
fn debug_shows_neither_text_nor_address_nor_id() {
    let raw = Bytes::from_static(
        r#"{"entry":[{"changes":[{"field":"messages","value":{
            "contacts":[{"wa_id":"992907654321","user_id":"TJ.7654321"}],
            "messages":[{"id":"wamid.7654321","from":"992907654321","type":"text","text":{"body":"planted words"}},
                {"id":"wamid.7654322","from":"planted"}],
            "statuses":[{"id":"wamid.7654323","status":"failed","recipient_id":"992907654321",
                "errors":[{"code":131050,"title":"planted"}]}]}},
            {"field":"planted 7654321","value":{}}]}]}"#
            .as_bytes(),
    );
    let keys = Keys::from_secret(&[7; 32]);
    let items = whatsapp::receive(NUMBER, &raw, |id| keys.message_lookup(id.as_bytes()), now()).unwrap();
    assert_eq!(items.len(), 5);
    let debug = format!("{items:?}");
    for secret in ["planted", "7654321", "7654322", "7654323", "wamid"] {
        assert!(!debug.contains(secret), "{debug}");
    }
}

/// What holds for any input: read or refused, but never more than we promise, and no raw id or number in a key.
fn holds(raw: &Bytes) {
    let keys = Keys::from_secret(&[7; 32]);
    let Ok(items) = whatsapp::receive(NUMBER, raw, |id| keys.message_lookup(id.as_bytes()), now()) else {
        return;
    };
    for item in &items {
        is_read_again(item);
        match item {
            Item::Inbound(inbound) => {
                is_key(&inbound.key);
                for address in std::iter::once(&inbound.address).chain(&inbound.also) {
                    is_address(&address.external);
                }
                let distinct: HashSet<_> = std::iter::once(&inbound.address).chain(&inbound.also).collect();
                assert_eq!(distinct.len(), 1 + inbound.also.len(), "each address once");
                match &inbound.content {
                    Content::Text(text) | Content::Tap(text) => assert!(text.chars().count() <= 4096),
                    Content::Command(name) => assert!((1..=32).contains(&name.len())),
                    Content::Reach(_) => assert!(inbound.mark_read.is_none()),
                    Content::Edited(text) => {
                        assert!(inbound.mark_read.is_none() && text.chars().count() <= 4096);
                    }
                    Content::Moved { to, .. } => {
                        assert!(inbound.mark_read.is_none() && !to.is_empty());
                        to.iter().for_each(|address| is_address(&address.external));
                    }
                    Content::Start { .. } | Content::Media(_) => {}
                }
            }
            Item::Unreadable { key, .. } => is_key(key),
            Item::Notice { key, field, .. } => {
                is_key(key);
                assert!(field.len() <= 60 && field.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            }
            Item::Status(_) | Item::Ignored { .. } => {}
        }
    }
}

/// What would be parked of an item holds that item, so that a later version can read it, and no other.
fn is_read_again(item: &Item) {
    let raw = match item {
        Item::Inbound(Inbound { raw, .. }) | Item::Unreadable { raw, .. } | Item::Notice { raw, .. } => raw,
        Item::Status(_) | Item::Ignored { .. } => return,
    };
    let keys = Keys::from_secret(&[7; 32]);
    let again = whatsapp::receive(NUMBER, raw, |id| keys.message_lookup(id.as_bytes()), now()).unwrap();
    assert!(again.len() <= 2, "{again:?}");
    let of_its_kind =
        again.iter().filter(|other| std::mem::discriminant(*other) == std::mem::discriminant(item));
    let same: Vec<Table> = of_its_kind.map(of_item).collect();
    assert_eq!(same, [of_item(item)], "of {}", String::from_utf8_lossy(raw));
}

/// `wa:`, perhaps the mark of a key made of bytes, and a keyed hash in hex: there is no room for an id or a number.
fn is_key(key: &str) {
    let hash = key.strip_prefix("wa:").unwrap_or_else(|| panic!("{key}"));
    let hash = hash.strip_prefix('x').unwrap_or(hash);
    assert!(hash.len() == 32 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
}

/// A number in E.164, or a user id.
fn is_address(external: &str) {
    let is_fine = match external.strip_prefix('+') {
        Some(digits) => (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()),
        None => {
            let (country, rest) = external.split_once('.').unwrap_or_default();
            country.len() == 2
                && (1..=137).contains(&rest.len())
                && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        }
    };
    assert!(is_fine, "{external}");
}

/// A value of JSON of any shape, in place of one that we know.
fn any_value() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,30}".prop_map(Value::from),
        "[+]?[0-9]{0,20}".prop_map(Value::from),
        "[A-Z]{2}[.][A-Za-z0-9.]{0,150}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"id": 1}, "x", null])),
        Just(json!({"id": [], "type": {}, "body": 3, "code": "131026"})),
    ]
}

/// Puts `value` in the place of the `nth` node of the tree.
fn replace(tree: &mut serde_json::Value, nth: &mut usize, value: &serde_json::Value) {
    if *nth == 0 {
        *tree = value.clone();
        *nth = usize::MAX;
        return;
    }
    *nth -= 1;
    match tree {
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| replace(item, nth, value)),
        serde_json::Value::Object(fields) => {
            fields.iter_mut().for_each(|(_, field)| replace(field, nth, value));
        }
        _ => {}
    }
}

fn nodes(tree: &serde_json::Value) -> usize {
    1 + match tree {
        serde_json::Value::Array(items) => items.iter().map(nodes).sum(),
        serde_json::Value::Object(fields) => fields.values().map(nodes).sum(),
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
        holds(&raw.into());
    }

    #[test]
    fn mutated_payloads_are_read_or_refused(
        which in any::<proptest::sample::Index>(),
        edits in inbound::edits(),
    ) {
        holds(&inbound::mutated(which.get::<Vec<u8>>(&inbound::payloads("whatsapp")), edits));
    }

    /// Whatever stands in the place of any field: the delivery is read, and its other messages are.
    #[test]
    fn a_field_of_any_shape_costs_no_neighbour(
        which in any::<proptest::sample::Index>(),
        place in any::<proptest::sample::Index>(),
        value in any_value(),
    ) {
        let payloads = inbound::payloads("whatsapp");
        let deliveries: Vec<serde_json::Value> = payloads.iter()
            .filter_map(|raw| serde_json::from_slice(raw).ok())
            .filter(|tree: &serde_json::Value| tree["entry"].is_array())
            .collect();
        let mut entries = which.get(&deliveries)["entry"].clone();
        let mut nth = 1 + place.index(nodes(&entries));
        replace(&mut entries, &mut nth, &value);
        let neighbour: serde_json::Value = serde_json::json!({"changes": [{"field": "messages", "value": {
            "messages": [{"id": "wamid.NEIGHBOUR", "from": "996700000003", "type": "text", "text": {"body": "?"}}]}}]});
        entries.as_array_mut().unwrap().push(neighbour);
        let raw = Bytes::from(serde_json::json!({"entry": entries}).to_string());
        holds(&raw);
        let items = whatsapp::receive(NUMBER, &raw, shown, now()).unwrap();
        let is_there = matches!(items.last(), Some(Item::Inbound(inbound)) if &*inbound.key == "wa:00000000<wamid.NEIGHBOUR>");
        prop_assert!(is_there, "{items:?}");
    }
}
