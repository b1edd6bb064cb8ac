//! `receive`: case files, redelivery, and anything at all as input.

use std::{fs, path::Path};

use bytes::Bytes;
use proptest::prelude::*;
use safar::{
    channels::telegram::{self, Received, receive::find_update_id, render::answer_callback},
    domain::{ChannelKind, Content, MediaKind, Source, Timestamp},
};
use toml::{Table, Value};

use super::cases;

const BOT: i64 = 8;
const EXPECTED: [&str; 3] = ["inbound", "ignored", "unreadable"];
/// Longer texts are compared by their length.
const SHOWN_CHARS: usize = 200;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    label: String,
    payload: String,
    #[serde(default)]
    fill: Vec<Fill>,
    inbound: Option<Table>,
    ignored: Option<Table>,
    unreadable: Option<Table>,
}

/// Puts a text many times where a mark stands in the payload.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fill {
    mark: String,
    text: String,
    times: usize,
}

fn now() -> Timestamp {
    Timestamp::from_iso("2026-11-24T09:00:00Z").unwrap()
}

fn payload(folder: &Path, case: &Case) -> Bytes {
    let path = folder.join("payloads").join(&case.payload);
    let raw = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if case.fill.is_empty() {
        return raw.into();
    }
    let fill = |text: String, fill: &Fill| text.replace(&fill.mark, &fill.text.repeat(fill.times));
    case.fill.iter().fold(String::from_utf8(raw).unwrap(), fill).into()
}

#[test]
fn telegram_updates_are_read_as_the_cases_say() {
    let folder = cases::folders().into_iter().find(|folder| folder.ends_with("telegram")).unwrap();
    let path = folder.join("receive.toml");
    let list: Vec<Case> = cases::load(&path);
    let actual: Vec<_> = list.iter().map(|case| outcome(&payload(&folder, case))).collect();
    let expected: Vec<_> = list
        .iter()
        .map(|case| {
            let parts =
                [("inbound", &case.inbound), ("ignored", &case.ignored), ("unreadable", &case.unreadable)];
            parts
                .into_iter()
                .filter_map(|(key, part)| Some((key.into(), Value::Table(part.clone()?))))
                .collect()
        })
        .collect();
    let labels: Vec<_> = list.iter().map(|case| case.label.clone()).collect();
    cases::settle(&path, &EXPECTED, &labels, &expected, &actual);
}

#[test]
fn every_payload_has_a_case() {
    for folder in cases::folders() {
        let files = ["receive.toml", "send.toml"].map(|file| fs::read_to_string(folder.join(file)).unwrap());
        for entry in fs::read_dir(folder.join("payloads")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(files.iter().any(|text| text.contains(&format!("\"{name}\""))), "{name} is in no case");
        }
    }
}

fn outcome(raw: &Bytes) -> Table {
    let (key, table) = match telegram::receive(BOT, raw, now()) {
        Ok(Received::Inbound { inbound, callback }) => {
            assert_eq!(&inbound.raw, raw, "the raw bytes go along unchanged");
            assert_eq!((inbound.address.channel, inbound.source), (ChannelKind::Telegram, Source::Bot));
            let mut table = content(&inbound.content);
            let mut put =
                |key: &str, value: Option<Value>| value.and_then(|value| table.insert(key.into(), value));
            put("chat", Some(inbound.address.external.as_ref().into()));
            put("key", Some(inbound.key.as_ref().into()));
            put("at", Some(inbound.at.to_iso().into()));
            put("language", inbound.language_hint.as_deref().map(Value::from));
            put("tapped", inbound.tapped_message.map(Value::from));
            put("callback", callback.map(|id| Value::from(id.0.as_ref())));
            ("inbound", table)
        }
        Ok(Received::Ignored { update_id, why, leave }) => {
            let mut table =
                Table::from_iter([("update_id".into(), update_id.into()), ("why".into(), why.into())]);
            leave.and_then(|chat| table.insert("leave".into(), chat.into()));
            ("ignored", table)
        }
        Err(error) => {
            let mut table = Table::from_iter([("why".into(), error.why.into())]);
            error.update_id.and_then(|id| table.insert("update_id".into(), id.into()));
            ("unreadable", table)
        }
    };
    Table::from_iter([(key.into(), Value::Table(table))])
}

fn content(content: &Content) -> Table {
    let mut table = Table::from_iter([("kind".into(), content.kind().into())]);
    match content {
        Content::Text(text) | Content::Tap(text) | Content::Command(text) => match text.chars().count() {
            0..=SHOWN_CHARS => table.insert("value".into(), text.as_ref().into()),
            chars => table.insert("chars".into(), i64::try_from(chars).unwrap().into()),
        },
        Content::Start { code } => {
            code.as_ref().and_then(|code| table.insert("code".into(), code.as_str().into()))
        }
        Content::Media(kind) => table.insert("value".into(), media(*kind).into()),
        Content::Reach(reach) => table.insert("value".into(), format!("{reach:?}").to_lowercase().into()),
    };
    table
}

fn media(kind: MediaKind) -> String {
    format!("{kind:?}").to_lowercase()
}

#[test]
fn debug_shows_neither_text_nor_address() {
    let raw = Bytes::from_static(
        br#"{"update_id":3,"message":{"chat":{"id":7654321,"type":"private"},"date":1,"text":"planted words"}}"#,
    );
    let shown = format!("{:?}", telegram::receive(BOT, &raw, now()).unwrap());
    assert!(shown.contains("tg:8:3") && !shown.contains("planted") && !shown.contains("7654321"), "{shown}");
}

#[test]
fn the_webhooks_own_answer_names_the_tap_and_no_text() {
    let raw = Bytes::from_static(
        br#"{"update_id":3,"callback_query":{"id":"9\"0","from":{"id":7},"data":"s.home"}}"#,
    );
    let Ok(Received::Inbound { callback: Some(id), .. }) = telegram::receive(BOT, &raw, now()) else {
        panic!("a tap has an id to answer")
    };
    let answer: serde_json::Value = serde_json::from_slice(&answer_callback(&id)).unwrap();
    assert_eq!(answer, serde_json::json!({"method": "answerCallbackQuery", "callback_query_id": "9\"0"}));
}

/// What holds for any input: read or refused, but never more than we promise.
fn holds(raw: &Bytes) {
    find_update_id(raw);
    let Ok(received) = telegram::receive(BOT, raw, now()) else { return };
    let Received::Inbound { inbound, .. } = received else { return };
    assert!(inbound.key.starts_with("tg:8:"));
    assert!(inbound.address.external.parse::<i64>().is_ok());
    match &inbound.content {
        Content::Text(text) | Content::Tap(text) => assert!(text.chars().count() <= 4096),
        Content::Command(name) => {
            assert!((1..=32).contains(&name.len()));
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
        }
        Content::Reach(_) | Content::Start { .. } | Content::Media(_) => {}
    }
}

fn payloads() -> Vec<Vec<u8>> {
    let folder = cases::folders().into_iter().find(|folder| folder.ends_with("telegram")).unwrap();
    let files = fs::read_dir(folder.join("payloads")).unwrap();
    let mut paths: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).filter(|raw| !raw.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
        holds(&raw.into());
    }

    #[test]
    fn any_text_after_a_slash_is_read(text in "/\\PC{0,40}") {
        let update = serde_json::json!({"update_id": 1, "message": {"chat": {"id": 7}, "text": text}});
        let raw = Bytes::from(update.to_string());
        holds(&raw);
        prop_assert!(telegram::receive(BOT, &raw, now()).is_ok());
    }

    #[test]
    fn mutated_payloads_are_read_or_refused(
        which in any::<proptest::sample::Index>(),
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), 0_u8..4, any::<u8>(), 1_usize..40), 1..6),
    ) {
        let payloads = payloads();
        let mut raw = which.get(&payloads).clone();
        for (place, what, byte, length) in edits {
            if raw.is_empty() {
                break;
            }
            let at = place.index(raw.len());
            let end = (at + length).min(raw.len());
            match what {
                0 => raw[at] = byte,
                1 => drop(raw.drain(at..end)),
                2 => {
                    let again = raw[at..end].to_vec();
                    raw.splice(at..at, again);
                }
                _ => raw.truncate(at),
            }
        }
        holds(&raw.into());
    }
}
