//! `safar parked replay`: what was parked is handled again, or refused with a word on what to do.

use std::process::Command;

use bytes::Bytes;
use safar::{
    clock::Clock as _,
    dialog::Parking,
    domain::{Address, ChannelKind},
};
use serde_json::{Value, json};

use crate::{
    cli::out,
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::{BUSINESS, NUMBER, TOKEN},
        sql::count,
        whatsapp::{APP_SECRET, VERIFY_TOKEN, Wa, Who, delivery},
    },
};

store_contract!(
    a_whole_delivery_is_replayed_once,
    a_message_that_could_not_be_handled_is_replayed,
    what_cannot_be_replayed_says_what_to_do,
);

async fn park(wa: &Wa, key: &str, reason: &'static str, raw: impl Into<Bytes>) {
    let address = Some(Address::new(ChannelKind::WhatsApp, "+992900000001"));
    let item = Parking { key: key.into(), reason, address, raw: raw.into() };
    wa.app.app.dialog.park(ChannelKind::WhatsApp, &[item], wa.app.clock.now()).await.unwrap();
}

/// Runs the command on the newest parked row, beside the running server.
async fn replay(wa: &Wa, fresh: &Fresh) -> (bool, String) {
    let id = wa.app.app.dialog.list_parked(1).await.unwrap()[0].id.to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_safar"));
    command.args(["parked", "replay", &id]).current_dir(wa.app.folder.path()).env_clear();
    command.env("SAFAR_DATA_DIR", wa.app.folder.path().join("data")).env("SAFAR_DATABASE_URL", &fresh.url);
    for (name, value) in [
        ("API_URL", wa.api.url()),
        ("PHONE_NUMBER_ID", NUMBER),
        ("BUSINESS_ACCOUNT_ID", BUSINESS),
        ("ACCESS_TOKEN", TOKEN),
        ("APP_SECRET", APP_SECRET),
        ("VERIFY_TOKEN", VERIFY_TOKEN),
    ] {
        command.env(format!("SAFAR_WHATSAPP_{name}"), value);
    }
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (output.status.success(), out(&output))
}

async fn turns(wa: &Wa) -> i64 {
    count(wa.store(), "events where type = 'contact'").await
}

async fn a_whole_delivery_is_replayed_once(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let texts: Vec<Value> = (1..=2).map(|n| wa.text(&Who::nth(n), "Салом")).collect();
    // As if an older version had not known its shape.
    park(&wa, "wa:b1", "not json", delivery(&json!({ "messages": texts }))).await;
    let (is_done, said) = replay(&wa, &fresh).await;
    assert!(is_done && said.contains("replayed: 2 turn(s)"), "{said}");
    assert_eq!((turns(&wa).await, count(wa.store(), "outbox").await), (2, 2));
    let (is_done, said) = replay(&wa, &fresh).await;
    assert!(is_done && said.contains("replayed: 0 turn(s)\nhandled before and left alone: 2"), "{said}");
    assert_eq!(turns(&wa).await, 2);
    wa.stop().await;
}

async fn a_message_that_could_not_be_handled_is_replayed(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let message = wa.text(&Who::nth(1), "Салом");
    let hidden = wa.app.app.dialog.hide(message["id"].as_str().unwrap());
    let key = format!("wa:{:08x}{}", wa.seconds(), &hidden[..24]);
    park(&wa, &key, "handling", delivery(&json!({ "messages": [message.clone()] }))).await;
    // Its key counts as seen: a redelivery changes nothing.
    assert_eq!(wa.messages(&[message]).await, 200);
    assert_eq!(turns(&wa).await, 0);
    let (is_done, said) = replay(&wa, &fresh).await;
    assert!(is_done && said.contains("replayed: 1 turn(s)"), "{said}");
    assert_eq!(turns(&wa).await, 1);
    wa.stop().await;
}

async fn what_cannot_be_replayed_says_what_to_do(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (mut odd, news) = (wa.text(&Who::nth(1), "?"), json!({"field": "account_alerts", "value": {}}));
    odd["text"] = json!({"body": 7});
    let entry = |changes: Value| json!({"entry": [{ "changes": changes }]}).to_string().into_bytes();
    for (body, expected) in [
        (b"salom".to_vec(), "after an upgrade that mends it"),
        (entry(json!([7])), "after an upgrade that mends it"),
        (delivery(&json!({ "messages": [odd] })), "after an upgrade that mends it"),
        (entry(json!([news])), "read it in WhatsApp Manager"),
    ] {
        assert_eq!(wa.deliver(body).await, 200);
        let before = turns(&wa).await;
        let (is_done, said) = replay(&wa, &fresh).await;
        assert!(!is_done && said.contains(expected), "{said}");
        assert_eq!(turns(&wa).await, before);
    }
    assert_eq!(count(wa.store(), "parked where replayed_at is not null").await, 0);
    park(&wa, "wa:b2", "not json", entry(json!([]))).await;
    let (is_done, said) = replay(&wa, &fresh).await;
    assert!(!is_done && said.contains("nothing to answer"), "{said}");
    wa.stop().await;
}
