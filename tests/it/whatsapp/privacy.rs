//! What is kept: no text, no raw message id, no number or user id but sealed.

use safar::{domain::hex, store::Backend};
use serde_json::json;

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::Kind,
        sql::{texts, wait_count},
        whatsapp::{Wa, Who, delivery, failed, status},
    },
};

store_contract!(nothing_typed_and_no_name_is_kept_in_the_clear);

async fn nothing_typed_and_no_name_is_kept_in_the_clear(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (number, user) = ("992907654321", "TJ.1349120865");
    let who = Who::both(number, user);
    let texts_typed =
        ["Салом planted-words", "русский", "planted-words 0700123456", "меня задержали planted-words"];
    for text in texts_typed {
        wa.talk(wa.text(&who, text)).await;
    }
    wa.talk(wa.message(&who, "image", json!({"id": "planted-media", "caption": "planted-words"}))).await;
    let mut broken = wa.text(&who, "planted-words");
    broken["text"] = json!({"body": ["planted-words"]});
    let contact = json!({"wa_id": number, "user_id": user, "profile": {"name": "planted-words"}});
    let whole =
        json!({"messages": [broken], "contacts": [contact], "errors": [{"code": 1, "title": "planted"}]});
    assert_eq!(wa.deliver(delivery(&whole)).await, 200);
    let rows: Vec<i64> = wa.api.said().iter().map(|call| call.outbox().unwrap()).collect();
    let receipts = [status(rows[0], "read"), failed(rows[1], 131_049), failed(rows[2], 131_050)];
    assert_eq!(wa.statuses(&receipts).await, 200);
    let moved = json!({"type": "user_changed_number", "body": "planted", "wa_id": "996707654321", "user_id": "KG.7654321"});
    assert_eq!(wa.messages(&[wa.message(&Who::number(number), "system", moved)]).await, 200);
    wait_count(wa.store(), "outbox where state = 'queued'", 0).await;
    for sql in [
        "select event_id || ' ' || attrs || ' ' || coalesce(code, '') from events",
        "select state from sessions",
        "select coalesce(payload, '') || ' ' || coalesce(error, '') || ' ' || coalesce(external, '') from outbox",
        "select key from dedup",
        "select key || ' ' || reason from parked",
    ] {
        let rows = texts(wa.store(), sql).await;
        assert!(!rows.is_empty(), "{sql}");
        for row in rows {
            for secret in ["planted", "7654321", "1349120865", "wamid", "0700123456"] {
                assert!(!row.contains(secret), "{sql}: {row}");
            }
        }
    }
    // Sealed bytes: nothing of a name in them either.
    let sealed = match wa.store().backend() {
        Backend::Sqlite => "select hex(sealed) from addresses union all select hex(sealed) from parked",
        Backend::Postgres => {
            "select encode(sealed, 'hex') from addresses union all select encode(sealed, 'hex') from parked"
        }
    };
    let rows = texts(wa.store(), sealed).await;
    assert!(rows.len() >= 6, "two numbers, two user ids, a message, an error: {}", rows.len());
    for row in rows {
        let row = row.to_lowercase();
        let secrets = ["7654321", "1349120865", "planted"];
        assert!(!secrets.iter().any(|secret| row.contains(&hex(secret.as_bytes()))));
    }
    // What went out did name the person: the search would have found it.
    assert!(wa.api.calls_to(Kind::Message).iter().all(|call| call.to() == number));
    wa.stop().await;
}
