//! What the sender does when the API says "later", "perhaps" or nothing (channels.md §3.7, §3.9, §8).

use std::time::Duration;

use serde_json::{Value, json};

use safar::clock::Clock as _;

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        app::Options,
        fake_whatsapp::{Answer, Call, Kind},
        sql::{run, scalar, texts, wait_count},
        time::pass,
        whatsapp::{Wa, Who, status},
    },
};

store_contract!(
    too_many_messages_to_one_person_slow_down_that_person_only,
    too_many_messages_of_the_number_slow_down_everybody,
    a_time_that_the_api_names_is_kept,
    too_many_complaints_rest_notices_and_no_answers,
    notices_keep_to_one_in_six_seconds_a_person,
    a_wrong_token_is_not_hammered_on,
    an_api_that_is_away_is_asked_again,
    a_receipt_settles_a_send_whose_answer_never_came,
    what_a_dead_process_had_in_hand_waits_for_its_status,
    a_call_that_hangs_is_in_doubt,
    each_message_is_marked_read_with_typing,
    an_account_without_buttons_gets_numbered_lines,
);

const SECOND: Duration = Duration::from_secs(1);
/// The sender looks for rows that are due so often.
const SWEEP: Duration = Duration::from_secs(6);

fn since(first: &Call, later: &Call) -> Duration {
    later.at.duration_since(first.at)
}

/// Time for the answer to the last call to be read: a few requests go to and fro.
async fn answer_is_read(wa: &Wa) {
    for _ in 0..10 {
        let answer = wa.app.client.get(wa.app.url("/whatsapp/webhook")).send().await.unwrap();
        assert_eq!(answer.status(), 403);
    }
}

async fn too_many_messages_to_one_person_slow_down_that_person_only(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (fast, other) = (Who::nth(1), Who::nth(2));
    wa.api.script(Kind::Message, vec![Answer::Error(400, 131_056), Answer::Error(400, 131_056)]);
    assert_eq!(wa.messages(&[wa.text(&fast, "Салом"), wa.row(&fast, "a.lang.ru")]).await, 200);
    for calls in 1..=2 {
        wa.api.wait_for(Kind::Message, calls).await;
        answer_is_read(&wa).await;
        if calls == 1 {
            pass(SECOND).await;
        }
    }
    // Now they wait for four seconds; somebody else does not.
    wa.talk(wa.text(&other, "Салом")).await;
    assert_eq!(wa.api.said_to(fast.address()).len(), 2);
    pass(4 * SECOND).await;
    wa.api.wait_for(Kind::Message, 5).await;
    let said = wa.api.said_to(fast.address());
    assert!(since(&said[0], &said[1]) >= SECOND && since(&said[1], &said[2]) >= 4 * SECOND);
    let rows: Vec<_> = said.iter().map(Call::outbox).collect();
    assert!(rows[0] == rows[1] && rows[1] == rows[2] && rows[2] < rows[3], "in order: {rows:?}");
    wait_count(wa.store(), "outbox where state = 'sent'", 3).await;
    wa.stop().await;
}

async fn too_many_messages_of_the_number_slow_down_everybody(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (first, other) = (Who::nth(1), Who::nth(2));
    wa.api.script(Kind::Message, vec![Answer::Error(400, 130_429)]);
    assert_eq!(wa.says(&first, "Салом").await, 200);
    let refused = wa.api.wait_for(Kind::Message, 1).await.remove(0);
    answer_is_read(&wa).await;
    assert_eq!(wa.says(&other, "Салом").await, 200);
    answer_is_read(&wa).await;
    assert_eq!(wa.api.count(Kind::Message), 1, "nobody is written to meanwhile");
    pass(SECOND).await;
    let said = wa.api.wait_for(Kind::Message, 3).await;
    assert!(said[1..].iter().all(|call| since(&refused, call) >= SECOND));
    assert_eq!(said.iter().filter(|call| call.outbox() == refused.outbox()).count(), 2);
    wait_count(wa.store(), "outbox where state = 'sent'", 2).await;
    wa.stop().await;
}

async fn a_time_that_the_api_names_is_kept(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let headers = vec![("retry-after".to_owned(), "7".to_owned())];
    wa.api.script(Kind::Message, vec![Answer::Raw { status: 429, headers, body: b"slow down".to_vec() }]);
    assert_eq!(wa.says(&Who::nth(1), "Салом").await, 200);
    wa.api.wait_for(Kind::Message, 1).await;
    answer_is_read(&wa).await;
    pass(5 * SECOND).await;
    answer_is_read(&wa).await;
    assert_eq!(wa.api.count(Kind::Message), 1, "not before its time");
    pass(2 * SECOND).await;
    let said = wa.api.wait_for(Kind::Message, 2).await;
    assert!(since(&said[0], &said[1]) >= 7 * SECOND);
    wait_count(wa.store(), "outbox where state = 'sent'", 1).await;
    wa.stop().await;
}

/// A message that was written a day and an hour ago: its answer is a notice, in a template.
fn late(wa: &Wa, who: &Who) -> Value {
    let mut message = wa.text(who, "/menu");
    message["timestamp"] = (wa.seconds() - 25 * 3600).to_string().into();
    message
}

async fn known_for_long(wa: &Wa, who: &Who) {
    wa.talk(wa.text(who, "Салом")).await;
    wait_count(wa.store(), "outbox where state = 'sent'", 1).await;
    wa.app.clock.advance_ms(72 * 3_600_000);
}

async fn too_many_complaints_rest_notices_and_no_answers(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (silent, first, other) = (Who::nth(1), Who::nth(2), Who::nth(3));
    known_for_long(&wa, &silent).await;
    wa.api.script(Kind::Message, vec![Answer::Error(400, 131_048)]);
    assert_eq!(wa.says(&first, "Салом").await, 200);
    wait_count(wa.store(), "outbox where state = 'queued' and leased_by is null", 1).await;
    let refused = wa.api.said().pop().unwrap();
    let again_at = scalar(wa.store(), "select not_before from outbox where state = 'queued'").await;
    assert_eq!(again_at, wa.seconds() * 1000 + 60_000);
    // A notice waits, an answer does not; the answer that met the limit goes in a minute.
    assert_eq!(wa.messages(&[late(&wa, &silent)]).await, 200);
    wa.talk(wa.text(&other, "Салом")).await;
    wait_count(wa.store(), "outbox where state = 'sent'", 2).await;
    wa.app.clock.advance_ms(61_000);
    pass(SWEEP).await;
    let said = wa.api.wait_for(Kind::Message, 4).await;
    assert_eq!((said[3].to(), said[3].outbox()), (first.address(), refused.outbox()));
    wait_count(wa.store(), "outbox where state = 'sent'", 3).await;
    assert_eq!(wa.api.said_to(silent.address()).len(), 1);
    pass(3600 * SECOND).await;
    let said = wa.api.wait_for(Kind::Message, 5).await;
    assert_eq!((said[4].to(), said[4].body["type"].as_str()), (silent.address(), Some("template")));
    assert!(since(&refused, &said[4]) >= 3600 * SECOND);
    wa.stop().await;
}

async fn notices_keep_to_one_in_six_seconds_a_person(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (who, other) = (Who::nth(1), Who::nth(2));
    known_for_long(&wa, &who).await;
    let four: Vec<Value> = (0..4).map(|_| late(&wa, &who)).collect();
    assert_eq!(wa.messages(&four).await, 200);
    // Three at once, and an answer to somebody else in between.
    wa.api.wait_for(Kind::Message, 4).await;
    answer_is_read(&wa).await;
    wa.talk(wa.text(&other, "Салом")).await;
    assert_eq!(wa.api.said_to(who.address()).len(), 4);
    pass(SWEEP).await;
    wa.api.wait_for(Kind::Message, 6).await;
    let said = wa.api.said_to(who.address());
    assert!(said[1..].iter().all(|call| call.body["type"] == "template"));
    assert!(since(&said[1], &said[4]) >= 6 * SECOND);
    wa.stop().await;
}

async fn a_wrong_token_is_not_hammered_on(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.api.script(Kind::Message, vec![Answer::Raw { status: 401, headers: vec![], body: b"no".to_vec() }]);
    assert_eq!(wa.says(&Who::nth(1), "Салом").await, 200);
    let refused = wa.api.wait_for(Kind::Message, 1).await.remove(0);
    answer_is_read(&wa).await;
    assert_eq!(wa.says(&Who::nth(2), "Салом").await, 200);
    pass(50 * SECOND).await;
    answer_is_read(&wa).await;
    assert_eq!(wa.api.count(Kind::Message), 1);
    pass(10 * SECOND).await;
    let said = wa.api.wait_for(Kind::Message, 3).await;
    assert!(said[1..].iter().all(|call| since(&refused, call) >= 60 * SECOND));
    wait_count(wa.store(), "outbox where state = 'sent'", 2).await;
    wa.stop().await;
}

async fn an_api_that_is_away_is_asked_again(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let away = |status| Answer::Raw { status, headers: vec![], body: b"<html>".to_vec() };
    wa.api.script(Kind::Message, vec![away(502), Answer::Error(500, 131_000), away(503)]);
    assert_eq!(wa.says(&Who::nth(1), "Салом").await, 200);
    for (calls, wait) in [(1, 1), (2, 2), (3, 4)] {
        wa.api.wait_for(Kind::Message, calls).await;
        answer_is_read(&wa).await;
        pass(wait * SECOND).await;
    }
    let said = wa.api.wait_for(Kind::Message, 4).await;
    assert!(said.iter().all(|call| call.outbox() == said[0].outbox()));
    wait_count(wa.store(), "outbox where state = 'sent'", 1).await;
    wa.stop().await;
}

/// A message whose answer never came stands in its row, for half a minute at least.
async fn doubted(wa: &Wa, who: &Who, answer: Answer) -> i64 {
    let before = wa.api.said().len();
    wa.api.script(Kind::Message, vec![answer]);
    assert_eq!(wa.says(who, "Салом").await, 200);
    let row = wa.api.wait_for(Kind::Message, before + 1).await[before].outbox().unwrap();
    wait_count(wa.store(), &format!("outbox where id = {row} and leased_by is null"), 1).await;
    let sql = format!("select not_before - created_at from outbox where id = {row}");
    assert!(scalar(wa.store(), &sql).await >= 30_000, "a receipt has half a minute");
    row
}

async fn a_receipt_settles_a_send_whose_answer_never_came(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let arrived = doubted(&wa, &Who::nth(1), Answer::Reset).await;
    let lost = doubted(&wa, &Who::nth(2), Answer::Reset).await;
    assert_eq!(wa.statuses(&[status(arrived, "delivered")]).await, 200);
    wa.app.clock.advance_ms(31_000);
    pass(SWEEP).await;
    // The look that finds the one would have found the other.
    let said = wa.api.wait_for(Kind::Message, 3).await;
    assert_eq!(said.iter().map(|call| call.outbox().unwrap()).collect::<Vec<_>>(), [arrived, lost, lost]);
    wa.talk(wa.text(&Who::nth(3), "Салом")).await;
    assert_eq!(wa.api.said().len(), 4);
    assert_eq!(
        texts(wa.store(), &format!("select state from outbox where id = {arrived}")).await,
        ["delivered"]
    );
    wa.stop().await;
}

/// Makes the row of a message that hangs one of a process that died with it in hand.
async fn orphaned(wa: &Wa, who: &Who, after: usize) -> i64 {
    wa.api.script(Kind::Message, vec![Answer::Reset]);
    assert_eq!(wa.says(who, "Салом").await, 200);
    let row = wa.api.wait_for(Kind::Message, after + 1).await[after].outbox().unwrap();
    wait_count(wa.store(), &format!("outbox where id = {row} and leased_by is null"), 1).await;
    run(
        wa.store(),
        &format!(
            "update outbox set leased_by = 7, lease_until = 1, not_before = 0, attempts = 0, uncertain = {},
                error = null where id = {row}",
            if wa.store().backend() == safar::store::Backend::Sqlite { "0" } else { "false" }
        ),
    )
    .await;
    row
}

async fn what_a_dead_process_had_in_hand_waits_for_its_status(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let arrived = orphaned(&wa, &Who::nth(1), 0).await;
    let lost = orphaned(&wa, &Who::nth(2), 1).await;
    pass(SWEEP).await;
    let waits = format!(
        "outbox where id in ({arrived}, {lost}) and leased_by is null and uncertain and attempts = 1"
    );
    wait_count(wa.store(), &waits, 2).await;
    let soonest = scalar(wa.store(), "select min(not_before) from outbox where state = 'queued'").await;
    assert!(soonest - wa.app.clock.now().0 > 20_000, "a status has half a minute");
    assert_eq!(wa.statuses(&[status(arrived, "delivered")]).await, 200);
    wa.app.clock.advance_ms(31_000);
    pass(SWEEP).await;
    let said = wa.api.wait_for(Kind::Message, 3).await;
    assert_eq!(said.iter().map(|call| call.outbox().unwrap()).collect::<Vec<_>>(), [arrived, lost, lost]);
    wait_count(wa.store(), &format!("outbox where id = {lost} and state = 'sent' and uncertain"), 1).await;
    // What its status settled was sent once: no doubt is left.
    let settled = format!("outbox where id = {arrived} and state = 'delivered' and not uncertain");
    wait_count(wa.store(), &settled, 1).await;
    wa.stop().await;
}

async fn a_call_that_hangs_is_in_doubt(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.api.script(Kind::Message, vec![Answer::Hang]);
    let who = Who::nth(1);
    assert_eq!(wa.messages(&[wa.text(&who, "Салом"), wa.row(&who, "a.lang.ru")]).await, 200);
    wa.api.wait_for(Kind::Message, 1).await;
    // Others are served meanwhile.
    wa.talk(wa.text(&Who::nth(2), "Салом")).await;
    pass(18 * SECOND).await;
    wait_count(wa.store(), "outbox where state = 'queued' and leased_by is null", 2).await;
    let errors = texts(wa.store(), "select distinct error from outbox where state = 'queued'").await;
    assert_eq!(errors, ["ambiguous"]);
    assert_eq!(wa.api.said().len(), 2);
    wa.app.clock.advance_ms(31_000);
    pass(SWEEP).await;
    wa.api.wait_for(Kind::Message, 4).await;
    let rows: Vec<_> = wa.api.said_to(who.address()).iter().map(Call::outbox).collect();
    assert!(rows.len() == 3 && rows[0] == rows[1] && rows[1] < rows[2], "in order: {rows:?}");
    wa.stop().await;
}

async fn each_message_is_marked_read_with_typing(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (one, other, third) = (Who::nth(1), Who::nth(2), Who::nth(3));
    // A mark that fails costs no answer.
    wa.api.script(Kind::Read, vec![Answer::Error(500, 131_000), Answer::Reset]);
    let mut messages = Vec::new();
    for who in [&one, &other] {
        messages.push(wa.text(who, "Салом"));
        wa.talk(messages[messages.len() - 1].clone()).await;
        wa.api.wait_for(Kind::Read, messages.len()).await;
    }
    // What is not answered is not marked.
    let reaction = wa.message(&one, "reaction", json!({"message_id": "wamid.Q", "emoji": "👍"}));
    let system = wa.message(&one, "system", json!({"type": "customer_identity_changed"}));
    assert_eq!(wa.messages(&[reaction, system]).await, 200);
    pass(3 * SECOND).await;
    messages.push(wa.text(&third, "Салом"));
    wa.talk(messages[2].clone()).await;
    let marks: Vec<Value> = wa.api.wait_for(Kind::Read, 3).await.into_iter().map(|call| call.body).collect();
    let mark = |message: &Value| {
        json!({"messaging_product": "whatsapp", "status": "read", "message_id": message["id"],
            "typing_indicator": {"type": "text"}})
    };
    assert_eq!(marks, messages.iter().map(mark).collect::<Vec<_>>());
    wa.stop().await;
}

async fn an_account_without_buttons_gets_numbered_lines(fresh: Fresh) {
    let options = Options { database_url: Some(fresh.url.clone()), interactive: false, ..Options::default() };
    let wa = Wa::start_with(options).await;
    let who = Who::nth(1);
    let greeting = wa.talk(wa.text(&who, "Салом")).await;
    let text = greeting["text"]["body"].as_str().unwrap();
    assert!(greeting["type"] == "text" && text.contains("\n1. ") && text.contains("\n3. "), "{text}");
    // The numbers are those of the last message.
    wa.talk(wa.text(&who, "3")).await;
    let chosen = texts(wa.store(), "select attrs from events where type = 'profile'").await;
    assert_eq!(chosen, [r#"{"lang":"ru"}"#]);
    for typed in ["№1", "1️⃣", "0"] {
        assert_eq!(wa.talk(wa.text(&who, typed)).await["type"], "text", "{typed}");
    }
    wa.stop().await;
}
