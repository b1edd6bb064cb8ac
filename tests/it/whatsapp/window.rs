//! A day after a person's last message only an approved template may go (channels.md §3.6).

use safar::clock::Clock as _;
use serde_json::{Value, json};

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::{Answer, Kind},
        sql::{scalar, texts, wait_count},
        whatsapp::{Wa, Who},
    },
};

store_contract!(
    an_answer_that_waited_out_the_window_goes_as_a_template,
    a_window_that_the_api_finds_closed_is_opened_by_a_template,
    a_template_not_approved_in_kyrgyz_goes_in_russian,
    without_any_approved_template_the_answer_fails,
    the_window_counts_from_the_persons_own_time,
    a_first_message_that_comes_a_day_late_is_answered_by_a_template,
    a_message_from_the_future_opens_nothing_longer,
);

const HOUR_MS: i64 = 3_600_000;

/// Somebody who has chosen a language.
async fn speaks(wa: &Wa, who: &Who, locale: &str) {
    wa.talk(wa.text(who, "Салом")).await;
    wa.talk(wa.row(who, &format!("a.lang.{locale}"))).await;
    wait_count(wa.store(), "outbox where state = 'sent'", 2).await;
}

/// Code of the language, and payload of the button.
fn template(body: &Value) -> (&str, &str) {
    assert_eq!(
        (&body["type"], &body["template"]["name"]),
        (&json!("template"), &json!("answer_ready")),
        "{body}"
    );
    let button = &body["template"]["components"][0];
    let kind = (&button["type"], &button["sub_type"], &button["index"]);
    assert_eq!(kind, (&json!("button"), &json!("quick_reply"), &json!("0")));
    let payload = &button["parameters"][0]["payload"];
    (body["template"]["language"]["code"].as_str().unwrap(), payload.as_str().unwrap())
}

async fn an_answer_that_waited_out_the_window_goes_as_a_template(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    speaks(&wa, &who, "tg").await;
    // The token has run out; somebody puts a new one in a day and an hour later.
    wa.api.script(Kind::Message, vec![Answer::Error(401, 190)]);
    assert_eq!(wa.taps(&who, "a.ask-citizenship.TJ").await, 200);
    let row = wa.api.wait_for(Kind::Message, 3).await[2].outbox();
    let wa = wa.restart(&fresh, "2026-11-25T07:00:00Z").await;
    let said = wa.api.wait_for(Kind::Message, 4).await;
    // WhatsApp has no Tajik.
    assert_eq!(template(&said[3].body), ("ru", "n.ask-destination"));
    assert_eq!((said[3].to(), said[3].outbox()), (who.address(), row));
    wait_count(wa.store(), "outbox where state = 'sent'", 3).await;
    // The tap opens the window and brings the answer, in Tajik.
    let tap = json!({"payload": "n.ask-destination", "text": "Прочитать ответ"});
    let answer = wa.talk(wa.message(&who, "button", tap)).await;
    assert_eq!(answer["type"], "interactive", "{answer}");
    let text = answer["interactive"]["body"]["text"].as_str().unwrap();
    assert!(text.contains(['ӣ', 'ӯ', 'ҷ', 'ҳ', 'қ', 'ғ']), "{text}");
    assert_eq!(wa.api.said().len(), 5);
    wa.stop().await;
}

async fn a_window_that_the_api_finds_closed_is_opened_by_a_template(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::user("TJ.1349120865");
    speaks(&wa, &who, "ru").await;
    wa.api.script(Kind::Message, vec![Answer::Error(400, 131_047)]);
    assert_eq!(wa.taps(&who, "a.ask-citizenship.TJ").await, 200);
    let said = wa.api.wait_for(Kind::Message, 4).await;
    assert_eq!(template(&said[3].body), ("ru", "n.ask-destination"));
    let (refused, sent) = (&said[2], &said[3]);
    assert_eq!(
        (sent.to(), sent.outbox()),
        (who.address(), refused.outbox()),
        "the same row, the same person"
    );
    wait_count(wa.store(), "outbox where state = 'sent'", 3).await;
    wa.stop().await;
}

async fn a_template_not_approved_in_kyrgyz_goes_in_russian(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    speaks(&wa, &who, "ky").await;
    wa.api.script(Kind::Message, vec![Answer::Error(400, 131_047), Answer::Error(404, 132_001)]);
    assert_eq!(wa.taps(&who, "s.home").await, 200);
    let said = wa.api.wait_for(Kind::Message, 5).await;
    assert_eq!([template(&said[3].body).0, template(&said[4].body).0], ["ky_KG", "ru"]);
    wait_count(wa.store(), "outbox where state = 'sent'", 3).await;
    wa.stop().await;
}

async fn without_any_approved_template_the_answer_fails(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    speaks(&wa, &who, "ky").await;
    let (closed, none) = (Answer::Error(400, 131_047), Answer::Error(404, 132_001));
    wa.api.script(Kind::Message, vec![closed, none.clone(), none]);
    assert_eq!(wa.taps(&who, "s.home").await, 200);
    wait_count(wa.store(), "outbox where state = 'failed'", 1).await;
    assert_eq!(texts(wa.store(), "select error from outbox where state = 'failed'").await, ["no_template"]);
    assert!(wa.api.unused().is_empty());
    // The next message is answered all the same.
    wa.talk(wa.text(&who, "/menu")).await;
    wa.stop().await;
}

/// A message that was written so many minutes ago.
fn written(wa: &Wa, who: &Who, minutes: i64) -> Value {
    let mut message = wa.text(who, "/menu");
    message["timestamp"] = (wa.seconds() - minutes * 60).to_string().into();
    message
}

async fn the_window_counts_from_the_persons_own_time(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    speaks(&wa, &who, "ru").await;
    // Three days without us: what came meanwhile comes now, late. Five minutes are kept in hand.
    wa.app.clock.advance_ms(72 * HOUR_MS);
    let day = 24 * 60;
    for (minutes, expected) in
        [(2 * day, "template"), (day - 4, "template"), (day - 6, "interactive"), (0, "interactive")]
    {
        let answer = wa.talk(written(&wa, &who, minutes)).await;
        assert_eq!(answer["type"], expected, "{minutes} minutes ago");
    }
    // An old one after a new one takes nothing back.
    assert_eq!(wa.talk(written(&wa, &who, 2 * day)).await["type"], "interactive");
    wa.stop().await;
}

async fn a_first_message_that_comes_a_day_late_is_answered_by_a_template(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let answer = wa.talk(written(&wa, &Who::nth(1), 25 * 60)).await;
    assert_eq!(template(&answer), ("ru", "s.home"));
    let noted = scalar(wa.store(), "select last_inbound_at from sessions").await;
    assert_eq!(noted, (wa.seconds() - 25 * 3600) * 1000);
    wa.stop().await;
}

async fn a_message_from_the_future_opens_nothing_longer(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.talk(written(&wa, &Who::nth(1), -10 * 24 * 60)).await;
    let now = wa.app.clock.now();
    assert_eq!(scalar(wa.store(), "select last_inbound_at from sessions").await, now.0);
    wa.stop().await;
}
