//! What becomes of messages that went out: fates in a storm, receipts that come early, wishes, prices counted once
//! (channels.md §3.3, §3.7).

use std::{collections::BTreeMap, time::Duration};

use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::{Answer, Kind},
        sql::{count, texts, wait_count},
        whatsapp::{Wa, Who, delivery, failed, status},
    },
};

store_contract!(
    a_storm_after_a_thousand_answers_counts_each_price_once,
    a_receipt_may_come_before_the_send_returns,
    whoever_cannot_be_reached_is_marked_until_they_write,
    a_wish_for_no_marketing_is_noted_once,
    receipts_that_are_not_ours_change_nothing,
    a_broken_receipt_costs_no_neighbour,
);

const MESSAGES: usize = 1_000;
const RECEIPTS_EACH: usize = 10;
/// Messages, and receipts, of one delivery.
const BATCH: usize = 50;
const RECEIPTS_BATCH: usize = 500;

/// What comes of the `n`-th message, in the order in which it happens; state and error that its row ends with.
fn fate(n: usize) -> (&'static [&'static str], &'static str) {
    match n % 7 {
        0 => (&["sent"], "sent -"),
        1 => (&["sent", "delivered"], "delivered -"),
        2 => (&["sent", "delivered", "read"], "read -"),
        // Read at once: delivered is skipped.
        3 => (&["sent", "read"], "read -"),
        4 => (&["sent", "delivered", "read", "played"], "read -"),
        5 => (&["sent", "131049"], "failed capped"),
        _ => (&["sent", "131026"], "failed blocked"),
    }
}

/// Class, category and type of a price.
const PRICES: [(&str, &str, &str); 4] = [
    ("free_entry", "service", "free_entry_point"),
    ("service", "service", "regular"),
    ("utility", "utility", "regular"),
    ("marketing", "marketing", "regular"),
];

/// Ten receipts for the message of row `outbox`: its fate, over and over.
fn receipts(n: usize, outbox: i64) -> Vec<Value> {
    let (states, _) = fate(n);
    let (_, category, kind) = PRICES[n % PRICES.len()];
    let receipt = |at: usize| {
        let state = states[at % states.len()];
        match state.parse() {
            Ok(code) => failed(outbox, code),
            Err(_) => {
                let mut receipt = status(outbox, state);
                receipt["pricing"] = json!({"billable": true, "type": kind, "category": category});
                receipt
            }
        }
    };
    (0..RECEIPTS_EACH).map(receipt).collect()
}

/// Gives a receipt the id under which the API took its message.
fn name(wa: &Wa, receipt: &mut Value) {
    let row = receipt["biz_opaque_callback_data"].as_str().unwrap().parse().unwrap();
    receipt["id"] = wa.api.wamid_of(row).into();
}

/// The same disorder each time.
fn shuffle<T>(items: &mut [T]) {
    let mut seed = 0x5afa_u64;
    for last in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(last, (seed >> 33) as usize % (last + 1));
    }
}

/// State, error and price of each row.
async fn rows(wa: &Wa) -> BTreeMap<i64, String> {
    let sql = "select cast(id as text) || ' ' || state || ' ' || coalesce(error, '-') || ' ' || coalesce(cost, '-') \
               from outbox";
    let parted = |row: String| row.split_once(' ').map(|(id, rest)| (id.parse().unwrap(), rest.to_owned()));
    texts(wa.store(), sql).await.into_iter().filter_map(parted).collect()
}

fn costs(metrics: &str) -> Vec<&str> {
    metrics.lines().filter(|line| line.starts_with("safar_message_costs_total{")).collect()
}

async fn a_storm_after_a_thousand_answers_counts_each_price_once(fresh: Fresh) {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let wa = Wa::start(&fresh).await;
    let people: Vec<Who> = (0..MESSAGES).map(Who::nth).collect();
    for people in people.chunks(BATCH) {
        let messages: Vec<Value> = people.iter().map(|who| wa.text(who, "Салом")).collect();
        assert_eq!(wa.messages(&messages).await, 200);
    }
    let said: Vec<i64> =
        wa.api.wait_for(Kind::Message, MESSAGES).await.iter().map(|call| call.outbox().unwrap()).collect();
    // A receipt names the message that it is for: its id must have been given.
    wait_count(wa.store(), "outbox where state = 'sent'", MESSAGES as i64).await;
    let mut storm: Vec<Value> = said.iter().enumerate().flat_map(|(n, row)| receipts(n, *row)).collect();
    for receipt in &mut storm {
        name(&wa, receipt);
    }
    assert_eq!(storm.len(), MESSAGES * RECEIPTS_EACH);
    shuffle(&mut storm);
    let posts: Vec<Vec<u8>> =
        storm.chunks(RECEIPTS_BATCH).map(|part| delivery(&json!({ "statuses": part }))).collect();
    for posts in posts.chunks(4) {
        let sent = posts.iter().map(|post| wa.deliver(post.clone()));
        assert_eq!(futures_util::future::join_all(sent).await, [200; 4]);
    }
    let settled = rows(&wa).await;
    assert_eq!(settled.len(), MESSAGES);
    for (n, row) in said.iter().enumerate() {
        assert_eq!(settled[row], format!("{} {}", fate(n).1, PRICES[n % PRICES.len()].0), "message {n}");
    }
    assert_eq!(
        count(wa.store(), "outbox where payload is not null and state <> 'sent'").await,
        0,
        "emptied on the last receipt"
    );
    let unreachable = (0..MESSAGES).filter(|n| n % 7 == 6).count();
    assert_eq!(count(wa.store(), "sessions where not reachable").await, unreachable as i64);
    let counted = recorder.handle().render();
    let mut expected: Vec<String> = PRICES
        .iter()
        .map(|(class, ..)| {
            format!("safar_message_costs_total{{class=\"{class}\"}} {}", MESSAGES / PRICES.len())
        })
        .collect();
    expected.sort();
    let mut told = costs(&counted);
    told.sort_unstable();
    assert_eq!(told, expected);
    // The whole storm once more changes nothing.
    for post in &posts {
        assert_eq!(wa.deliver(post.clone()).await, 200);
    }
    assert_eq!(rows(&wa).await, settled);
    let again = recorder.handle().render();
    let mut again = costs(&again);
    again.sort_unstable();
    assert_eq!(again, expected);
    assert_eq!(wa.api.said().len(), MESSAGES);
    wa.stop().await;
}

async fn a_receipt_may_come_before_the_send_returns(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.api.script(Kind::Message, vec![Answer::Late(Duration::from_millis(200))]);
    assert_eq!(wa.says(&Who::nth(1), "Салом").await, 200);
    let row = wa.api.wait_for(Kind::Message, 1).await[0].outbox().unwrap();
    assert_eq!(wa.statuses(&[status(row, "read"), status(row, "delivered")]).await, 200);
    assert_eq!(texts(wa.store(), "select state from outbox").await, ["read"]);
    // The next answer goes after the first has returned, which takes nothing back.
    wa.talk(wa.row(&Who::nth(1), "a.lang.ru")).await;
    wait_count(wa.store(), "outbox where state = 'sent'", 1).await;
    assert_eq!(texts(wa.store(), "select state from outbox order by id").await, ["read", "sent"]);
    wa.stop().await;
}

async fn whoever_cannot_be_reached_is_marked_until_they_write(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (gone, other) = (Who::nth(1), Who::nth(2));
    wa.talk(wa.text(&other, "Салом")).await;
    wa.talk(wa.text(&gone, "Салом")).await;
    wait_count(wa.store(), "outbox where state = 'sent'", 2).await;
    let row = wa.api.said()[1].outbox().unwrap();
    let mut receipts = [failed(row, 131_026), status(row, "sent"), failed(row, 131_026)];
    for receipt in &mut receipts {
        name(&wa, receipt);
    }
    assert_eq!(wa.statuses(&receipts).await, 200);
    assert_eq!(rows(&wa).await[&row], "failed blocked -");
    assert_eq!(count(wa.store(), "sessions where reachable").await, 1);
    // Told at once, by the answer to the call, it is the same.
    wa.api.script(Kind::Message, vec![Answer::Error(400, 131_026)]);
    assert_eq!(wa.says(&other, "/menu").await, 200);
    wait_count(wa.store(), "sessions where reachable", 0).await;
    for who in [&gone, &other] {
        wa.talk(wa.text(who, "/menu")).await;
    }
    assert_eq!(count(wa.store(), "sessions where reachable").await, 2);
    wa.stop().await;
}

async fn a_wish_for_no_marketing_is_noted_once(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (by_receipt, by_wish) = (Who::number("992900000001"), Who::both("992900000002", "TJ.2"));
    wa.talk(wa.text(&by_receipt, "Салом")).await;
    wa.talk(wa.text(&by_wish, "Салом")).await;
    let row = wa.api.said()[0].outbox().unwrap();
    for _ in 0..2 {
        assert_eq!(wa.statuses(&[failed(row, 131_050), failed(row, 131_050)]).await, 200);
    }
    assert_eq!(count(wa.store(), "events where type = 'optout'").await, 1);
    let wish = json!({"wa_id": "992900000002", "user_id": "TJ.2", "category": "marketing_messages", "value": "stop",
        "timestamp": "1795000000"});
    let whole = json!({"entry": [{"changes": [{"field": "user_preferences", "value": {"user_preferences": [wish]}}]}]});
    for _ in 0..2 {
        assert_eq!(wa.deliver(whole.to_string().into_bytes()).await, 200);
    }
    let contacts =
        texts(wa.store(), "select cast(contact_id as text) from events where type = 'optout'").await;
    assert!(contacts.len() == 2 && contacts[0] != contacts[1], "{contacts:?}");
    // They wrote nothing, so nothing is said; and answers go on.
    wa.talk(wa.text(&by_wish, "Салом")).await;
    assert_eq!(wa.api.said().len(), 3);
    wa.stop().await;
}

async fn receipts_that_are_not_ours_change_nothing(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.talk(wa.text(&Who::nth(1), "Салом")).await;
    wait_count(wa.store(), "outbox where state = 'sent'", 1).await;
    let row = wa.api.said()[0].outbox().unwrap();
    let mut nobodys = failed(row, 131_026);
    nobodys.as_object_mut().unwrap().remove("biz_opaque_callback_data");
    let mut strange = failed(row, 131_026);
    strange["biz_opaque_callback_data"] = format!("outbox-{row}").into();
    let none =
        [failed(row + 1, 131_026), status(-1, "read"), status(row, "deleted"), status(row, "teleported")];
    assert_eq!(wa.statuses(&[nobodys, strange]).await, 200);
    assert_eq!(wa.statuses(&none).await, 200);
    assert_eq!(rows(&wa).await.into_values().collect::<Vec<_>>(), ["sent - -"]);
    assert_eq!(
        (count(wa.store(), "sessions where reachable").await, count(wa.store(), "parked").await),
        (1, 0)
    );
    wa.stop().await;
}

async fn a_broken_receipt_costs_no_neighbour(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.talk(wa.text(&Who::nth(1), "Салом")).await;
    let row = wa.api.said()[0].outbox().unwrap();
    let mut broken = status(row, "read");
    broken["errors"] = "planted".into();
    let message = wa.text(&Who::nth(2), "Салом");
    let whole = json!({"statuses": [broken, 7, status(row, "delivered")], "messages": [message]});
    for _ in 0..2 {
        assert_eq!(wa.deliver(delivery(&whole)).await, 200);
    }
    wa.api.wait_for(Kind::Message, 2).await;
    assert_eq!(rows(&wa).await[&row], "delivered - -");
    assert_eq!(texts(wa.store(), "select reason from parked").await, ["unexpected shape"; 2]);
    wa.stop().await;
}
