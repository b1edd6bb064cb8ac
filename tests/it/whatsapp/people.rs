//! What happens to people whose addresses change hands (channels.md §3.8), and to those who never wrote.

use serde_json::{Value, json};

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::{Answer, Kind},
        sql::{count, scalar, texts, wait_count},
        whatsapp::{Wa, Who, delivery, status},
    },
};

store_contract!(
    a_deletion_that_also_joins_is_done,
    who_writes_again_after_a_deletion_in_one_delivery_is_new,
    a_newcomer_keeps_the_number_when_its_old_owner_is_erased,
    a_number_moves_away_from_somebody_with_another_user_id,
    an_old_number_is_let_go,
    an_old_user_id_is_let_go,
    an_old_notice_does_not_touch_the_next_owner,
    the_window_opens_when_the_person_wrote,
    whoever_never_wrote_is_no_contact,
    an_opt_out_before_the_first_word_holds,
    an_answer_in_its_row_goes_where_the_person_wrote_last,
    an_answer_in_memory_does_not_go_to_the_next_owner,
    two_owners_in_one_delivery_get_an_answer_each,
);

const NUMBER: &str = "992900000001";
const USER: &str = "TJ.1349120865";
const OTHER: &str = "TJ.555";

async fn people(wa: &Wa) -> i64 {
    count(wa.store(), "contacts where merged_into is null").await
}

/// A contact of each of these, in the order in which they came.
async fn talked(wa: &Wa, who: &Who) {
    wa.talk(wa.text(who, "Салом")).await;
    wa.talk(wa.row(who, "a.lang.ru")).await;
    wa.app.clock.advance_ms(60_000);
}

fn moved_number(wa: &Wa, from: &Who, to: &str, user: Option<&str>) -> Value {
    let mut system = json!({"type": "user_changed_number", "wa_id": to});
    if let Some(user) = user {
        system["user_id"] = user.into();
    }
    wa.message(from, "system", system)
}

fn is_greeting(answer: &Value) -> bool {
    answer["interactive"]["action"]["buttons"][0]["reply"]["id"] == "a.lang.tg"
}

async fn nothing_is_left(wa: &Wa) {
    for rows in
        ["contacts", "addresses", "sessions", "outbox", "events where contact_id is not null", "parked"]
    {
        assert_eq!(count(wa.store(), rows).await, 0, "{rows}");
    }
}

async fn a_deletion_that_also_joins_is_done(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    talked(&wa, &Who::user(USER)).await;
    talked(&wa, &Who::number(NUMBER)).await;
    wa.talk(wa.text(&Who::number(NUMBER), "/delete")).await;
    // What shows that they are one person is the very tap that confirms.
    assert_eq!(wa.messages(&[wa.row(&Who::both(NUMBER, USER), "a.delete.yes")]).await, 200);
    nothing_is_left(&wa).await;
    assert_eq!(texts(wa.store(), "select type from events").await, ["erase"]);
    // All of it in one delivery.
    let (number, user) = (Who::number("992900000002"), Who::user("TJ.2"));
    talked(&wa, &user).await;
    talked(&wa, &number).await;
    let both = Who::both("992900000002", "TJ.2");
    let messages = [wa.row(&user, "s.home"), wa.text(&both, "/delete"), wa.row(&both, "a.delete.yes")];
    assert_eq!(wa.messages(&messages).await, 200);
    nothing_is_left(&wa).await;
    wa.stop().await;
}

async fn who_writes_again_after_a_deletion_in_one_delivery_is_new(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::both(NUMBER, USER);
    talked(&wa, &who).await;
    let messages = [wa.text(&who, "/delete"), wa.row(&who, "a.delete.yes"), wa.text(&who, "Салом")];
    assert_eq!(wa.messages(&messages).await, 200);
    // The question of the first goes with its contact; the last two are answered.
    let said = wa.api.wait_for(Kind::Message, 4).await;
    assert_eq!(said.iter().filter(|call| is_greeting(&call.body)).count(), 2, "greeted anew");
    assert_eq!((count(wa.store(), "contacts").await, count(wa.store(), "addresses").await), (1, 2));
    assert_eq!(count(wa.store(), "parked").await, 0);
    wa.stop().await;
}

async fn a_newcomer_keeps_the_number_when_its_old_owner_is_erased(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    talked(&wa, &Who::both(NUMBER, USER)).await;
    wa.talk(wa.text(&Who::user(USER), "/delete")).await;
    wa.app.clock.advance_ms(60_000);
    let messages = [wa.text(&Who::both(NUMBER, OTHER), "Салом"), wa.row(&Who::user(USER), "a.delete.yes")];
    assert_eq!(wa.messages(&messages).await, 200);
    assert_eq!((people(&wa).await, count(wa.store(), "addresses").await), (1, 2));
    // Still theirs, by either name.
    wa.talk(wa.text(&Who::number(NUMBER), "Салом")).await;
    wa.talk(wa.text(&Who::user(OTHER), "Салом")).await;
    assert_eq!(people(&wa).await, 1);
    wa.stop().await;
}

async fn a_number_moves_away_from_somebody_with_another_user_id(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (new, stranger) = ("996700000009", "KG.5");
    talked(&wa, &Who::both(new, stranger)).await;
    talked(&wa, &Who::both(NUMBER, USER)).await;
    assert_eq!(wa.messages(&[moved_number(&wa, &Who::number(NUMBER), new, Some("KG.77"))]).await, 200);
    assert_eq!((people(&wa).await, count(wa.store(), "events where type = 'link'").await), (2, 0));
    let answer = wa.talk(wa.row(&Who::both(new, "KG.77"), "a.ask-citizenship.TJ")).await;
    assert!(!is_greeting(&answer), "the same person: {answer}");
    wa.talk(wa.text(&Who::user(stranger), "Салом")).await;
    assert_eq!((people(&wa).await, count(wa.store(), "addresses").await), (2, 3));
    // Somebody known by the number alone, who wrote while the other still had the old one, is a stranger, too.
    talked(&wa, &Who::number("996700000010")).await;
    talked(&wa, &Who::both(new, "KG.77")).await;
    wa.talk(wa.row(&Who::both(new, "KG.77"), "s.home")).await;
    let moved = moved_number(&wa, &Who::number(new), "996700000010", Some("KG.78"));
    assert_eq!(wa.messages(&[moved]).await, 200);
    assert_eq!((people(&wa).await, count(wa.store(), "events where type = 'link'").await), (3, 0));
    wa.stop().await;
}

async fn an_old_number_is_let_go(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    talked(&wa, &Who::both(NUMBER, USER)).await;
    let row = scalar(wa.store(), "select max(id) from outbox").await;
    let moved = moved_number(&wa, &Who::number(NUMBER), "996700000009", None);
    assert_eq!(wa.messages(&[moved]).await, 200);
    // What was sent to the old number is still told.
    assert_eq!(wa.statuses(&[status(row, "read")]).await, 200);
    assert_eq!(count(wa.store(), "outbox where state = 'read'").await, 1);
    wa.app.clock.advance_ms(60_000);
    let greeting = wa.talk(wa.text(&Who::number(NUMBER), "Салом")).await;
    assert!(is_greeting(&greeting), "the number's next owner is a stranger: {greeting}");
    let answer = wa.talk(wa.row(&Who::both("996700000009", "KG.77"), "a.ask-citizenship.TJ")).await;
    assert!(!is_greeting(&answer), "{answer}");
    assert_eq!(people(&wa).await, 2);
    // The same without a notice: the user id shows another number.
    wa.app.clock.advance_ms(60_000);
    wa.talk(wa.row(&Who::both("996700000011", "KG.77"), "s.home")).await;
    let greeting = wa.talk(wa.text(&Who::number("996700000009"), "Салом")).await;
    assert!(is_greeting(&greeting), "{greeting}");
    assert_eq!(people(&wa).await, 3);
    wa.stop().await;
}

async fn an_old_user_id_is_let_go(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    talked(&wa, &Who::both(NUMBER, USER)).await;
    let moved = json!({"type": "user_changed_user_id", "user_id": "TJ.99"});
    assert_eq!(wa.messages(&[wa.message(&Who::user(USER), "system", moved)]).await, 200);
    assert_eq!(count(wa.store(), "addresses").await, 2);
    let answer = wa.talk(wa.row(&Who::both(NUMBER, "TJ.99"), "a.ask-citizenship.TJ")).await;
    assert!(!is_greeting(&answer), "{answer}");
    assert!(is_greeting(&wa.talk(wa.text(&Who::user(USER), "Салом")).await));
    assert_eq!(people(&wa).await, 2);
    wa.stop().await;
}

async fn an_old_notice_does_not_touch_the_next_owner(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let new = Who::both("996700000009", "KG.77");
    talked(&wa, &Who::both(NUMBER, USER)).await;
    // The same news twice, under two ids; in between the number got its next owner.
    let news = || moved_number(&wa, &Who::number(NUMBER), "996700000009", Some("KG.77"));
    let (first, second) = (news(), news());
    assert_eq!(wa.messages(&[first]).await, 200);
    wa.app.clock.advance_ms(60_000);
    talked(&wa, &Who::both(NUMBER, OTHER)).await;
    assert_eq!(wa.messages(&[second]).await, 200);
    assert_eq!((people(&wa).await, count(wa.store(), "addresses").await), (2, 4));
    assert_eq!(count(wa.store(), "events where type = 'link'").await, 0);
    for who in [new, Who::both(NUMBER, OTHER)] {
        assert!(!is_greeting(&wa.talk(wa.row(&who, "s.home")).await));
    }
    wa.stop().await;
}

async fn the_window_opens_when_the_person_wrote(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let heard = "select last_inbound_at from sessions";
    let now = wa.seconds();
    let at = |seconds: i64, who: &Who| {
        let mut message = wa.text(who, "Салом");
        message["timestamp"] = seconds.to_string().into();
        message
    };
    // Delivered an hour late.
    wa.talk(at(now - 3_600, &Who::nth(1))).await;
    assert_eq!(scalar(wa.store(), heard).await, (now - 3_600) * 1_000);
    // A clock that runs ahead opens no longer window, and no event lies in the future.
    wa.talk(at(now + 86_400, &Who::nth(1))).await;
    assert_eq!(scalar(wa.store(), heard).await, now * 1_000);
    assert_eq!(scalar(wa.store(), "select max(occurred_at) from events").await, now * 1_000);
    wa.stop().await;
}

async fn whoever_never_wrote_is_no_contact(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::both(NUMBER, USER);
    let silent = [
        wa.message(&who, "reaction", json!({"message_id": "wamid.Q", "emoji": "👍"})),
        wa.message(&who, "edit", json!({"original_message_id": "wamid.Q"})),
        wa.message(&who, "revoke", json!({"original_message_id": "wamid.Q"})),
        moved_number(&wa, &who, "996700000009", Some("KG.77")),
    ];
    assert_eq!(wa.messages(&silent).await, 200);
    for rows in ["contacts", "addresses", "sessions", "events", "outbox", "parked"] {
        assert_eq!(count(wa.store(), rows).await, 0, "{rows}");
    }
    // Nothing keeps them from coming.
    assert!(is_greeting(&wa.talk(wa.text(&who, "Салом")).await));
    assert_eq!(wa.messages(&silent[..1]).await, 200);
    wa.stop().await;
}

async fn an_opt_out_before_the_first_word_holds(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::both(NUMBER, USER);
    let stop = json!({"user_preferences": [{"wa_id": NUMBER, "user_id": USER, "category": "marketing_messages",
        "value": "stop", "timestamp": wa.seconds()}]});
    assert_eq!(wa.deliver(delivery(&stop)).await, 200);
    assert_eq!(texts(wa.store(), "select type from events").await, ["optout"]);
    assert_eq!(scalar(wa.store(), "select last_inbound_at from sessions").await, 0, "no window is open");
    // They come as somebody new, and the word holds.
    assert!(is_greeting(&wa.talk(wa.text(&who, "Салом")).await));
    let opted_out = async || {
        texts(wa.store(), "select state from sessions")
            .await
            .iter()
            .all(|state| state.contains(r#""o":true"#))
    };
    assert!(opted_out().await);
    wa.talk(wa.row(&who, "a.lang.ru")).await;
    assert!(opted_out().await && people(&wa).await == 1);
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

async fn an_answer_in_its_row_goes_where_the_person_wrote_last(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let address = async || {
        let due = wa.app.app.dialog.take_due(safar::domain::ChannelKind::WhatsApp, soon(&wa), 0, 9).await;
        due.unwrap().remove(0).address.external
    };
    talked(&wa, &Who::both(NUMBER, USER)).await;
    // Both are known alike; they write by the one alone, at the same instant even.
    waits_in_its_row(&wa, wa.row(&Who::user(USER), "a.ask-citizenship.TJ")).await;
    assert_eq!(&*address().await, USER);
    wa.app.stop().await;
}

/// When rows that wait are due.
fn soon(wa: &Wa) -> safar::domain::Timestamp {
    safar::domain::Timestamp(wa.seconds() * 1_000 + 120_000)
}

async fn an_answer_in_memory_does_not_go_to_the_next_owner(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    talked(&wa, &Who::both(NUMBER, USER)).await;
    // Told to wait a second; meanwhile the number goes to somebody else.
    wa.api.script(Kind::Message, vec![Answer::Error(400, 131_056)]);
    let before = wa.api.said().len();
    assert_eq!(wa.messages(&[wa.row(&Who::both(NUMBER, USER), "a.ask-citizenship.TJ")]).await, 200);
    let first = wa.api.wait_for(Kind::Message, before + 1).await.swap_remove(before);
    wa.app.clock.advance_ms(2_000);
    assert_eq!(wa.messages(&[wa.text(&Who::both(NUMBER, OTHER), "Салом")]).await, 200);
    let said = wa.api.wait_for(Kind::Message, before + 3).await;
    let again = said[before + 1..].iter().find(|call| call.outbox() == first.outbox()).expect("sent again");
    assert_eq!((first.to(), again.to()), (NUMBER, USER));
    wa.stop().await;
}

async fn two_owners_in_one_delivery_get_an_answer_each(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    talked(&wa, &Who::both(NUMBER, USER)).await;
    let before = wa.api.said().len();
    let messages = [
        wa.row(&Who::both(NUMBER, USER), "a.ask-citizenship.TJ"),
        wa.text(&Who::both(NUMBER, OTHER), "Салом"),
    ];
    assert_eq!(wa.messages(&messages).await, 200);
    crate::support::time::pass(std::time::Duration::from_secs(6)).await;
    let said = wa.api.wait_for(Kind::Message, before + 2).await;
    let to: Vec<(&str, bool)> =
        said[before..].iter().map(|call| (call.to(), is_greeting(&call.body))).collect();
    assert!(to.contains(&(NUMBER, true)) && to.contains(&(USER, false)), "{to:?}");
    wa.stop().await;
}
