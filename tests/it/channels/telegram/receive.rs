//! `receive`: case files, redelivery, and anything at all as input.

use bytes::Bytes;
use proptest::prelude::*;
use safar::{
    channels::telegram::{self, Received, receive::find_update_id, render::answer_callback},
    domain::{ChannelKind, Content, Source},
};
use toml::{Table, Value};

use crate::channels::{
    cases,
    inbound::{self, Fill, now},
};

const BOT: i64 = 8;
const EXPECTED: [&str; 3] = ["inbound", "ignored", "unreadable"];

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

#[test]
fn telegram_updates_are_read_as_the_cases_say() {
    let folder = cases::folder("telegram");
    let path = folder.join("receive.toml");
    let list: Vec<Case> = cases::load(&path);
    let payload = |case: &Case| inbound::payload(&folder, &case.payload, &case.fill);
    let actual: Vec<_> = list.iter().map(|case| outcome(&payload(case))).collect();
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

fn outcome(raw: &Bytes) -> Table {
    let (key, table) = match telegram::receive(BOT, raw, now()) {
        Ok(Received::Inbound { inbound, callback }) => {
            assert_eq!(&inbound.raw, raw, "the raw bytes go along unchanged");
            assert_eq!((inbound.address.channel, inbound.source), (ChannelKind::Telegram, Source::Bot));
            let mut table = inbound::content(&inbound.content);
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
        Content::Text(text) | Content::Tap(text) | Content::Edited(text) => {
            assert!(text.chars().count() <= 4096);
        }
        Content::Command(name) => {
            assert!((1..=32).contains(&name.len()));
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
        }
        Content::Reach(_) | Content::Moved { .. } | Content::Start { .. } | Content::Media(_) => {}
    }
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
        edits in inbound::edits(),
    ) {
        holds(&inbound::mutated(which.get::<Vec<u8>>(&inbound::payloads("telegram")), edits));
    }
}
