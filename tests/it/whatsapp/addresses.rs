//! Numbers and user ids: who is who, and where answers go (channels.md §3.8).

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::{Answer, Kind},
        sql::{count, scalar, texts, wait_count},
        time::pass,
        whatsapp::{Wa, Who, tokens},
    },
};

store_contract!(
    number_then_both_then_user_id_are_one_person,
    all_three_in_one_delivery_are_one_person,
    two_contacts_that_turn_out_to_be_one_are_merged,
    a_merged_person_is_erased_whole,
    a_waiting_answer_goes_along_when_contacts_are_merged,
    a_changed_number_takes_waiting_answers_along,
    a_changed_user_id_is_the_same_person,
    a_number_with_another_user_id_went_to_somebody_else,
    the_notice_of_a_change_is_not_answered,
);

const NUMBER: &str = "992900000001";
const USER: &str = "TJ.1349120865";

/// Contacts that are somebody.
async fn people(wa: &Wa) -> i64 {
    count(wa.store(), "contacts where merged_into is null").await
}

async fn owner(wa: &Wa, nth: i64) -> i64 {
    scalar(
        wa.store(),
        &format!("select contact_id from addresses order by contact_id, since limit 1 offset {nth}"),
    )
    .await
}

fn asks_destination(answer: &Value) -> bool {
    tokens(answer).iter().any(|token| token.starts_with("a.ask-destination."))
}

async fn number_then_both_then_user_id_are_one_person(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let first = wa.talk(wa.text(&Who::number(NUMBER), "Салом")).await;
    assert_eq!((&first["to"], &first["recipient"]), (&json!(NUMBER), &Value::Null));
    let second = wa.talk(wa.row(&Who::both(NUMBER, USER), "a.lang.ru")).await;
    assert_eq!((&second["to"], &second["recipient"]), (&json!(NUMBER), &Value::Null), "the number wins");
    let third = wa.talk(wa.row(&Who::user(USER), "a.ask-citizenship.TJ")).await;
    assert_eq!((&third["to"], &third["recipient"]), (&Value::Null, &json!(USER)));
    assert!(asks_destination(&third), "the conversation goes on: {third}");
    assert_eq!((people(&wa).await, count(wa.store(), "contacts").await), (1, 1));
    assert_eq!((count(wa.store(), "addresses").await, count(wa.store(), "sessions").await), (2, 1));
    assert_eq!(scalar(wa.store(), "select cast(count(distinct contact_id) as bigint) from events").await, 1);
    wa.stop().await;
}

async fn all_three_in_one_delivery_are_one_person(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (number, both, user) = (Who::number(NUMBER), Who::both(NUMBER, USER), Who::user(USER));
    let messages =
        [wa.text(&number, "Салом"), wa.row(&both, "a.lang.ru"), wa.row(&user, "a.ask-citizenship.TJ")];
    assert_eq!(wa.messages(&messages).await, 200);
    wa.api.wait_for(Kind::Message, 3).await;
    assert!(asks_destination(&wa.talk(wa.row(&both, "s.back")).await) || people(&wa).await == 1);
    assert_eq!(people(&wa).await, 1);
    assert_eq!((count(wa.store(), "addresses").await, count(wa.store(), "sessions").await), (2, 1));
    wa.stop().await;
}

/// Two contacts, known apart: by number in Tajik, later by user id in Russian; then one message shows both.
async fn met_apart(wa: &Wa) -> Value {
    wa.talk(wa.text(&Who::number(NUMBER), "Салом")).await;
    wa.talk(wa.row(&Who::number(NUMBER), "a.lang.tg")).await;
    wa.app.clock.advance_ms(60_000);
    wa.talk(wa.text(&Who::user(USER), "Салом")).await;
    wa.talk(wa.row(&Who::user(USER), "a.lang.ru")).await;
    assert_eq!((people(wa).await, count(wa.store(), "sessions").await), (2, 2));
    wa.app.clock.advance_ms(60_000);
    wa.talk(wa.row(&Who::both(NUMBER, USER), "a.ask-citizenship.TJ")).await
}

async fn two_contacts_that_turn_out_to_be_one_are_merged(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let answer = met_apart(&wa).await;
    assert!(asks_destination(&answer), "where they stood last: {answer}");
    assert_eq!((people(&wa).await, count(wa.store(), "contacts").await), (1, 2));
    assert_eq!((count(wa.store(), "addresses").await, count(wa.store(), "sessions").await), (2, 1));
    let kept = scalar(wa.store(), "select min(id) from contacts").await;
    let gone = scalar(wa.store(), "select max(id) from contacts").await;
    assert_eq!(
        (owner(&wa, 0).await, owner(&wa, 1).await),
        (kept, kept),
        "both addresses are the first one's"
    );
    assert_eq!(
        scalar(wa.store(), "select merged_into from contacts where merged_into is not null").await,
        kept
    );
    let links =
        texts(wa.store(), "select cast(contact_id as text) || ' ' || attrs from events where type = 'link'")
            .await;
    assert_eq!(links, [format!(r#"{kept} {{"other":"{gone}"}}"#)]);
    // From now on they are one, however they come.
    let events = count(wa.store(), &format!("events where contact_id = {kept} and type = 'contact'")).await;
    wa.talk(wa.text(&Who::user(USER), "/menu")).await;
    wa.talk(wa.text(&Who::number(NUMBER), "/menu")).await;
    assert_eq!(
        count(wa.store(), &format!("events where contact_id = {kept} and type = 'contact'")).await,
        events + 2
    );
    assert_eq!(count(wa.store(), "events where type = 'link'").await, 1, "told once");
    wa.stop().await;
}

async fn a_merged_person_is_erased_whole(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    met_apart(&wa).await;
    wa.talk(wa.text(&Who::user(USER), "/delete")).await;
    wa.talk(wa.row(&Who::user(USER), "a.delete.yes")).await;
    for rows in ["contacts", "addresses", "sessions", "outbox", "events where contact_id is not null"] {
        assert_eq!(count(wa.store(), rows).await, 0, "{rows}");
    }
    assert_eq!(texts(wa.store(), "select type from events").await, ["erase"]);
    wa.stop().await;
}

/// The API takes nothing now; the answer waits in its row for a minute.
async fn waits_in_its_row(wa: &Wa, message: Value) {
    let before = wa.api.said().len();
    wa.api.script(Kind::Message, vec![Answer::Error(400, 131_048)]);
    assert_eq!(wa.messages(&[message]).await, 200);
    wa.api.wait_for(Kind::Message, before + 1).await;
    wait_count(wa.store(), "outbox where state = 'queued' and leased_by is null", 1).await;
}

/// A minute passes for rows and for the sender.
async fn a_minute_passes(wa: &Wa) {
    wa.app.clock.advance_ms(61_000);
    pass(Duration::from_secs(6)).await;
}

async fn a_waiting_answer_goes_along_when_contacts_are_merged(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.talk(wa.text(&Who::number(NUMBER), "Салом")).await;
    wa.app.clock.advance_ms(1_000);
    waits_in_its_row(&wa, wa.text(&Who::user(USER), "Салом")).await;
    let waiting = wa.api.said().last().unwrap().clone();
    assert_eq!(waiting.to(), USER);
    // The later contact's answer waits; the message that shows both makes it the earlier one's.
    wa.app.clock.advance_ms(1_000);
    assert_eq!(wa.says(&Who::both(NUMBER, USER), "/menu").await, 200);
    wa.api.wait_for(Kind::Message, 3).await;
    a_minute_passes(&wa).await;
    let said = wa.api.wait_for(Kind::Message, 4).await;
    assert_eq!((said[3].outbox(), said[3].to()), (waiting.outbox(), NUMBER));
    wait_count(wa.store(), "outbox where state = 'sent'", 3).await;
    assert_eq!(scalar(wa.store(), "select cast(count(distinct contact_id) as bigint) from outbox").await, 1);
    wa.stop().await;
}

async fn a_changed_number_takes_waiting_answers_along(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (old, new) = (Who::both(NUMBER, USER), Who::both("996700000009", "KG.77"));
    wa.talk(wa.text(&old, "Салом")).await;
    waits_in_its_row(&wa, wa.row(&old, "a.lang.ru")).await;
    wa.app.clock.advance_ms(1_000);
    let moved = json!({"type": "user_changed_number", "body": "planted words", "wa_id": "996700000009", "user_id": "KG.77"});
    assert_eq!(wa.messages(&[wa.message(&Who::number(NUMBER), "system", moved)]).await, 200);
    a_minute_passes(&wa).await;
    let said = wa.api.wait_for(Kind::Message, 3).await;
    assert_eq!((said[2].to(), said[2].outbox()), ("996700000009", said[1].outbox()));
    let answer = wa.talk(wa.row(&new, "a.ask-citizenship.TJ")).await;
    assert!(asks_destination(&answer) && answer["to"] == "996700000009", "{answer}");
    assert_eq!((people(&wa).await, count(wa.store(), "sessions").await), (1, 1));
    wa.stop().await;
}

async fn a_changed_user_id_is_the_same_person(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.talk(wa.text(&Who::user(USER), "Салом")).await;
    wa.talk(wa.row(&Who::user(USER), "a.lang.ru")).await;
    wa.app.clock.advance_ms(1_000);
    let moved = json!({"type": "user_changed_user_id", "user_id": "TJ.99"});
    assert_eq!(wa.messages(&[wa.message(&Who::user(USER), "system", moved)]).await, 200);
    let answer = wa.talk(wa.row(&Who::user("TJ.99"), "a.ask-citizenship.TJ")).await;
    assert!(asks_destination(&answer) && answer["recipient"] == "TJ.99", "{answer}");
    assert_eq!(people(&wa).await, 1);
    wa.stop().await;
}

async fn a_number_with_another_user_id_went_to_somebody_else(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.talk(wa.text(&Who::both(NUMBER, USER), "Салом")).await;
    wa.talk(wa.row(&Who::both(NUMBER, USER), "a.lang.ru")).await;
    wa.app.clock.advance_ms(1_000);
    let greeting = wa.talk(wa.text(&Who::both(NUMBER, "TJ.555"), "Салом")).await;
    assert!(tokens(&greeting).contains(&"a.lang.tg".to_owned()), "a stranger is greeted: {greeting}");
    assert_eq!((people(&wa).await, count(wa.store(), "events where type = 'link'").await), (2, 0));
    // The first is known by the user id, and stands where they stood.
    let answer = wa.talk(wa.row(&Who::user(USER), "a.ask-citizenship.TJ")).await;
    assert!(asks_destination(&answer) && answer["recipient"] == USER, "{answer}");
    // The number is the other's now, also alone.
    let second = scalar(wa.store(), "select max(id) from contacts").await;
    wa.talk(wa.text(&Who::number(NUMBER), "Салом")).await;
    assert_eq!(scalar(wa.store(), "select contact_id from events order by seq desc limit 1").await, second);
    assert_eq!((people(&wa).await, count(wa.store(), "addresses").await), (2, 3));
    wa.stop().await;
}

async fn the_notice_of_a_change_is_not_answered(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let moved = |who: &Who| {
        wa.message(
            who,
            "system",
            json!({"type": "user_changed_number", "wa_id": "996700000009", "user_id": "KG.77"}),
        )
    };
    // Nobody we know, then somebody we know, twice.
    assert_eq!(wa.messages(&[moved(&Who::number("992900000555"))]).await, 200);
    wa.talk(wa.text(&Who::number(NUMBER), "Салом")).await;
    for _ in 0..2 {
        assert_eq!(wa.messages(&[moved(&Who::number(NUMBER))]).await, 200);
    }
    wa.talk(wa.text(&Who::nth(7), "Салом")).await;
    assert_eq!(wa.api.said().len(), 2);
    assert!(wa.api.calls_to(Kind::Read).iter().all(|call| {
        let id = call.body["message_id"].as_str().unwrap();
        id.contains(NUMBER) || id.contains(Who::nth(7).address())
    }));
    assert_eq!(count(wa.store(), "parked").await, 0);
    wa.stop().await;
}
