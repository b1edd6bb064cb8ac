//! What is kept, and what is left after `/delete`: no text, no raw message id, no number or user id but sealed; in no
//! table, file, log line or metric.

use std::path::Path;

use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::{Answer, Call, Kind},
        remains::{self, Logged, found_in},
        sql::{count, texts, wait_count},
        whatsapp::{Wa, Who, delivery, failed, status},
    },
};

store_contract!(nothing_is_kept_in_the_clear, deleting_leaves_nothing);

const NUMBER: &str = "992907654321";
const USER: &str = "TJ.1349120865";
const NEW_NUMBER: &str = "996707654321";
const NEW_USER: &str = "KG.7654321";
/// A message id as it really is: base64, with the number inside.
const WAMID: &str = "wamid.HBgMOTkyOTA3NjU0MzIxFQIAEhgUM0EwQQ==";
/// Pieces of all that is said below about a person; none may be found again.
const SECRETS: [&str; 7] =
    ["planted", "7654321", "1349120865", "wamid", "HBgMOTkyOTA3NjU0MzIx", "0700123456", "Салом"];

async fn someone_says_much(wa: &Wa, who: &Who) {
    for text in ["Салом planted-words", "русский", "planted-words 0700123456", "меня задержали planted-words"]
    {
        wa.talk(wa.text(who, text)).await;
    }
    let mut real = wa.text(who, "/menu");
    real["id"] = WAMID.into();
    wa.talk(real).await;
    wa.talk(wa.message(who, "image", json!({"id": "planted-media", "caption": "planted-words"}))).await;
    let place = json!({"latitude": 43.2, "longitude": 76.9, "name": "planted", "address": "planted"});
    wa.talk(wa.message(who, "location", place)).await;
    let shared = json!([{"name": {"formatted_name": "planted"}, "phones": [{"phone": "+0700123456"}]}]);
    wa.talk(wa.message(who, "contacts", shared)).await;
}

/// All that can go wrong around somebody, each with their name in it.
async fn much_goes_wrong(wa: &Wa, who: &Who) {
    let mut broken = wa.text(who, "planted-words");
    broken["text"] = json!({"body": ["planted-words"]});
    let mut nobodys = wa.text(who, "planted-words");
    nobodys.as_object_mut().unwrap().retain(|key, _| !key.starts_with("from"));
    let contact = json!({"wa_id": NUMBER, "user_id": USER, "profile": {"name": "planted-name"}});
    let other = json!({"wa_id": NEW_NUMBER, "profile": {"name": "planted-name"}});
    let whole = json!({"messages": [broken, nobodys], "contacts": [contact, other],
        "errors": [{"code": 1, "title": format!("planted {NUMBER}")}]});
    assert_eq!(wa.deliver(delivery(&whole)).await, 200);
    assert_eq!(wa.deliver(format!("planted {NUMBER} {WAMID}").into_bytes()).await, 200);
    let news = json!({"entry": [{"changes": [{"field": "account_alerts", "value": {"alert": format!("planted {NUMBER}")}}]}]});
    assert_eq!(wa.deliver(news.to_string().into_bytes()).await, 200);
    // Sends that fail, each in another way; the API's errors quote.
    let quoting = format!(r#"{{"error":{{"message":"planted {NUMBER} {WAMID}","code":131026}}}}"#);
    let refused = [
        Answer::Error(400, 131_009),
        Answer::Raw { status: 400, headers: vec![], body: quoting.into_bytes() },
        Answer::Raw { status: 400, headers: vec![], body: format!("planted {NUMBER}").into_bytes() },
    ];
    for (place, answer) in refused.into_iter().enumerate() {
        wa.api.script(Kind::Message, vec![answer]);
        assert_eq!(wa.says(who, "/menu").await, 200);
        wait_count(wa.store(), "outbox where state = 'failed'", place as i64 + 1).await;
    }
    wa.api.script(Kind::Read, vec![Answer::Error(400, 100), Answer::Reset]);
    wa.talk(wa.text(who, "/menu")).await;
    wa.talk(wa.text(who, "/menu")).await;
    let rows: Vec<i64> = wa.api.said().iter().filter_map(Call::outbox).collect();
    let mut receipts = vec![status(rows[0], "read"), failed(rows[1], 131_049), failed(rows[2], 131_050)];
    for receipt in &mut receipts {
        receipt["id"] = WAMID.into();
        receipt["recipient_id"] = NUMBER.into();
    }
    receipts.push(json!({"id": WAMID, "status": [NUMBER]}));
    assert_eq!(wa.statuses(&receipts).await, 200);
    let moved =
        json!({"type": "user_changed_number", "body": "planted", "wa_id": NEW_NUMBER, "user_id": NEW_USER});
    assert_eq!(wa.messages(&[wa.message(&Who::number(NUMBER), "system", moved)]).await, 200);
}

/// The folder of an SQLite database.
fn folder(fresh: &Fresh) -> Option<&Path> {
    Path::new(fresh.url.strip_prefix("sqlite:")?).parent()
}

async fn nothing_is_kept_in_the_clear(fresh: Fresh) {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let (logged, _logging) = Logged::start();
    let wa = Wa::start(&fresh).await;
    let who = Who::both(NUMBER, USER);
    someone_says_much(&wa, &who).await;
    much_goes_wrong(&wa, &who).await;
    wait_count(wa.store(), "outbox where state = 'queued'", 0).await;
    let tables = remains::tables(wa.store()).await;
    for table in ["addresses", "contacts", "dedup", "events", "outbox", "parked", "sessions"] {
        assert!(!tables[table].is_empty(), "{table}: nothing was looked at");
    }
    assert_eq!(tables["addresses"].len(), 2, "the new number and user id; the old ones were let go");
    assert!(tables["parked"].len() >= 5, "{:?}", texts(wa.store(), "select reason from parked").await);
    for (table, rows) in &tables {
        for row in rows {
            assert_eq!(found_in(row, &SECRETS), Vec::<&str>::new(), "{table}: {row}");
        }
    }
    // What came and went did name the person: the search would have found it.
    assert!(wa.api.calls_to(Kind::Message).iter().all(|call| call.to().contains("7654321")));
    let marks = wa.api.wait_for(Kind::Read, 1).await;
    assert!(marks.iter().all(|call| call.body["message_id"].as_str().unwrap().contains("7654321")));
    let app = wa.app.folder.clone();
    wa.stop().await;
    for folder in [Some(app.path()), folder(&fresh)].into_iter().flatten() {
        let (found, files) = remains::files(folder, &SECRETS[..6]);
        assert!(found.is_empty() && files > 0, "{files} files: {found:?}");
    }
    let text = logged.text();
    assert!(text.contains("a message was refused") && text.contains("it is parked"), "{text}");
    for line in text.lines() {
        assert_eq!(found_in(line, &SECRETS), Vec::<&str>::new(), "{line}");
    }
    let counted = recorder.handle().render();
    assert!(counted.contains("safar_send_errors_total"), "{counted}");
    assert_eq!(found_in(&counted, &SECRETS), Vec::<&str>::new(), "{counted}");
}

async fn deleting_leaves_nothing(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::both(NUMBER, USER);
    someone_says_much(&wa, &who).await;
    // Another person, whom it does not concern.
    wa.talk(wa.text(&Who::nth(1), "Салом")).await;
    let mut broken = wa.text(&who, "planted-words");
    broken["text"] = json!({"body": ["planted-words"]});
    assert_eq!(wa.messages(&[broken]).await, 200);
    let contacts =
        texts(wa.store(), "select cast(contact_id as text) from addresses order by contact_id").await;
    let (contact, other) = (contacts[0].clone(), contacts[2].clone());
    assert!(contacts[1] == contact && other != contact, "{contacts:?}");
    wa.talk(wa.text(&who, "/delete")).await;
    let goodbye = wa.talk(wa.row(&who, "a.delete.yes")).await;
    assert_eq!(goodbye["to"], NUMBER);
    let left = remains::tables(wa.store()).await;
    for (table, rows) in &left {
        for row in rows {
            assert!(!row.contains(&contact), "{table}: {row}");
            assert_eq!(found_in(row, &SECRETS), Vec::<&str>::new(), "{table}: {row}");
        }
    }
    for table in ["contacts", "sessions", "addresses", "outbox"] {
        let of_other = left[table].iter().filter(|row| row.contains(&other)).count();
        assert_eq!(left[table].len(), of_other, "{table}");
    }
    assert_eq!(count(wa.store(), "events where contact_id is null and type <> 'erase'").await, 0);
    assert_eq!(count(wa.store(), "events where type = 'erase'").await, 1);
    // Late receipts for what was erased bring nothing back.
    let rows: Vec<Value> =
        wa.api.said().iter().map(|call| status(call.outbox().unwrap_or(1), "read")).collect();
    assert_eq!(wa.statuses(&rows).await, 200);
    assert!(remains::tables(wa.store()).await.values().flatten().all(|row| !row.contains(&contact)));
    // Writing again is a new person.
    wa.talk(wa.text(&who, "Салом")).await;
    assert_eq!(count(wa.store(), "contacts").await, 2);
    wa.stop().await;
}
