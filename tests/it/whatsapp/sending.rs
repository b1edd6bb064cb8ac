//! What becomes of answers that the API does not simply take.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    store::backend::{Fresh, on_postgres, store_contract},
    support::{
        fake_whatsapp::{Answer, Call, Kind},
        sql::{count, scalar, texts, wait_count},
        time::pass,
        whatsapp::{Wa, Who, failed, status},
    },
};

store_contract!(
    a_message_that_nobody_answered_for_is_repeated_once,
    a_receipt_settles_what_nobody_answered_for,
    a_receipt_may_come_before_the_answer,
    one_message_refused_for_its_country_stops_no_other,
    a_wrong_token_is_probed_with_another_message_each_minute,
    what_went_too_late_goes_again_as_the_template,
    a_template_that_is_refused_later_goes_in_russian,
    what_the_api_could_not_bring_is_sent_again,
    the_farewell_after_an_erasure_waits_too,
    the_templates_button_brings_the_result,
);

/// Time for the sender to look for rows.
const SWEEP: Duration = Duration::from_secs(6);

/// The id that the fake gave to its `n`-th message that it took.
fn wamid(to: &str, n: usize) -> String {
    format!("wamid.{to}.{}", 9 + n)
}

/// A receipt for the `n`-th message that the fake took.
fn of(mut receipt: Value, to: &str, n: usize) -> Value {
    receipt["id"] = wamid(to, n).into();
    receipt
}

async fn state(wa: &Wa, row: i64) -> String {
    texts(wa.store(), &format!("select state from outbox where id = {row}")).await.remove(0)
}

async fn wait_state(wa: &Wa, row: i64, state: &str) {
    wait_count(wa.store(), &format!("outbox where id = {row} and state = '{state}'"), 1).await;
}

fn template(call: &Call) -> (&str, &str) {
    let template = &call.body["template"];
    let token = &template["components"][0]["parameters"][0]["payload"];
    (template["language"]["code"].as_str().unwrap_or_default(), token.as_str().unwrap_or_default())
}

async fn a_message_that_nobody_answered_for_is_repeated_once(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    wa.api.script(Kind::Message, vec![Answer::Reset]);
    assert_eq!(wa.says(&who, "Салом").await, 200);
    wait_count(wa.store(), "outbox where state = 'queued' and leased_by is null and uncertain", 1).await;
    // Not before a receipt could have come.
    wa.app.clock.advance_ms(29_000);
    pass(SWEEP).await;
    wa.talk(wa.text(&Who::nth(2), "Салом")).await;
    assert_eq!(wa.api.said_to(who.address()).len(), 1);
    wa.api.script(Kind::Message, vec![Answer::Reset]);
    wa.app.clock.advance_ms(2_000);
    pass(SWEEP).await;
    wait_count(wa.store(), "outbox where state = 'failed' and error = 'ambiguous'", 1).await;
    for person in 3..6 {
        wa.app.clock.advance_ms(300_000);
        pass(SWEEP).await;
        wa.talk(wa.text(&Who::nth(person), "Салом")).await;
    }
    assert_eq!(wa.api.said_to(who.address()).len(), 2);
    wa.stop().await;
}

async fn a_receipt_settles_what_nobody_answered_for(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    wa.api.script(Kind::Message, vec![Answer::Reset]);
    assert_eq!(wa.says(&who, "Салом").await, 200);
    wait_count(wa.store(), "outbox where state = 'queued' and leased_by is null and uncertain", 1).await;
    let row = scalar(wa.store(), "select id from outbox").await;
    assert_eq!(wa.statuses(&[status(row, "delivered")]).await, 200);
    assert_eq!(state(&wa, row).await, "delivered");
    wa.app.clock.advance_ms(31_000);
    pass(SWEEP).await;
    wa.talk(wa.text(&who, "Салом")).await;
    assert_eq!(wa.api.said_to(who.address()).len(), 2, "one for each message");
    wa.stop().await;
}

async fn a_receipt_may_come_before_the_answer(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    wa.api.script(Kind::Message, vec![Answer::Late(Duration::from_secs(10))]);
    assert_eq!(wa.says(&who, "Салом").await, 200);
    wa.api.wait_for(Kind::Message, 1).await;
    let row = scalar(wa.store(), "select id from outbox").await;
    assert_eq!(state(&wa, row).await, "queued");
    assert_eq!(wa.statuses(&[of(status(row, "read"), who.address(), 1)]).await, 200);
    assert_eq!(state(&wa, row).await, "read");
    pass(Duration::from_secs(10)).await;
    // The next one goes only after that call.
    wa.talk(wa.text(&who, "Салом")).await;
    wait_count(wa.store(), "outbox where state = 'sent'", 1).await;
    assert_eq!(state(&wa, row).await, "read");
    assert_eq!(count(wa.store(), "outbox where external is not null").await, 2);
    wa.stop().await;
}

async fn one_message_refused_for_its_country_stops_no_other(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let table =
        [(130_497, "country"), (3, "permission"), (10, "permission"), (250, "permission"), (368, "policy")];
    for (place, (code, word)) in table.into_iter().enumerate() {
        wa.api.script(Kind::Message, vec![Answer::Error(400, code)]);
        assert_eq!(wa.says(&Who::nth(2 * place), "Салом").await, 200);
        wait_count(wa.store(), "outbox where state = 'failed'", i64::try_from(place).unwrap() + 1).await;
        let error =
            texts(wa.store(), "select error from outbox where state = 'failed' order by id desc").await;
        assert_eq!(error[0], word, "{code}");
        wa.talk(wa.text(&Who::nth(2 * place + 1), "Салом")).await;
    }
    wa.stop().await;
}

async fn a_wrong_token_is_probed_with_another_message_each_minute(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let minute = Duration::from_secs(61);
    wa.api.script(Kind::Message, vec![Answer::Error(401, 190), Answer::Error(401, 190)]);
    assert_eq!(wa.says(&Who::nth(1), "Салом").await, 200);
    wa.api.wait_for(Kind::Message, 1).await;
    for person in 2..5 {
        assert_eq!(wa.says(&Who::nth(person), "Салом").await, 200);
    }
    assert_eq!(wa.api.said().len(), 1, "the channel rests");
    pass(minute).await;
    wa.api.wait_for(Kind::Message, 2).await;
    assert_eq!(wa.says(&Who::nth(5), "Салом").await, 200);
    assert_eq!(wa.api.said().len(), 2, "one probe, not all that wait");
    pass(minute).await;
    let said = wa.api.wait_for(Kind::Message, 7).await;
    let people: Vec<_> = said.iter().map(Call::to).collect();
    assert_eq!(people[2], Who::nth(2).address(), "not the first again: {people:?}");
    wait_count(wa.store(), "outbox where state = 'sent'", 5).await;
    wa.stop().await;
}

async fn what_went_too_late_goes_again_as_the_template(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    wa.talk(wa.text(&who, "Салом")).await;
    let row = scalar(wa.store(), "select id from outbox").await;
    wait_state(&wa, row, "sent").await;
    let too_late = || of(failed(row, 131_047), who.address(), 1);
    assert_eq!(wa.statuses(&[too_late(), too_late()]).await, 200);
    assert_eq!(state(&wa, row).await, "queued");
    // Told in any order and again: of the first try, nothing counts any more.
    assert_eq!(wa.statuses(&[of(status(row, "sent"), who.address(), 1), too_late()]).await, 200);
    assert_eq!(state(&wa, row).await, "queued");
    pass(SWEEP).await;
    let said = wa.api.wait_for(Kind::Message, 2).await;
    assert_eq!((said[1].outbox(), said[1].body["type"].as_str()), (Some(row), Some("template")));
    wait_state(&wa, row, "sent").await;
    assert_eq!(wa.statuses(&[too_late()]).await, 200);
    assert_eq!(state(&wa, row).await, "sent");
    assert_eq!(wa.statuses(&[of(status(row, "delivered"), who.address(), 2)]).await, 200);
    assert_eq!(state(&wa, row).await, "delivered");
    assert_eq!(count(wa.store(), "outbox where payload is not null").await, 0);
    wa.stop().await;
}

async fn a_template_that_is_refused_later_goes_in_russian(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    wa.talk(wa.text(&who, "Салом")).await;
    wa.talk(wa.row(&who, "a.lang.ky")).await;
    let row = scalar(wa.store(), "select max(id) from outbox").await;
    wait_state(&wa, row, "sent").await;
    for (n, code, language) in [(2, 131_047, "ky_KG"), (3, 132_001, "ru")] {
        assert_eq!(wa.statuses(&[of(failed(row, code), who.address(), n)]).await, 200);
        pass(SWEEP).await;
        let said = wa.api.wait_for(Kind::Message, n + 1).await;
        assert_eq!((said[n].outbox(), template(&said[n]).0), (Some(row), language));
        wait_state(&wa, row, "sent").await;
    }
    // There is no third form.
    assert_eq!(wa.statuses(&[of(failed(row, 132_001), who.address(), 4)]).await, 200);
    assert_eq!(state(&wa, row).await, "failed");
    wa.stop().await;
}

async fn what_the_api_could_not_bring_is_sent_again(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    let first = wa.talk(wa.text(&who, "Салом")).await;
    let row = scalar(wa.store(), "select id from outbox").await;
    for (n, code) in [(1, 131_000), (2, 130_429), (3, 131_056), (4, 131_048)] {
        wait_state(&wa, row, "sent").await;
        assert_eq!(wa.statuses(&[of(failed(row, code), who.address(), n)]).await, 200);
        assert_eq!(state(&wa, row).await, "queued", "{code}");
        pass(SWEEP).await;
        assert_eq!(wa.api.wait_for(Kind::Message, n + 1).await[n].body, first, "{code}");
    }
    wait_state(&wa, row, "sent").await;
    assert_eq!(wa.statuses(&[of(failed(row, 131_049), who.address(), 5)]).await, 200);
    assert_eq!(state(&wa, row).await, "failed", "the cap does not pass soon");
    wa.stop().await;
}

async fn the_farewell_after_an_erasure_waits_too(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    wa.talk(wa.text(&who, "Салом")).await;
    wa.talk(wa.text(&who, "/delete")).await;
    wa.api.script(Kind::Message, vec![Answer::Error(400, 131_048)]);
    assert_eq!(wa.messages(&[wa.row(&who, "a.delete.yes")]).await, 200);
    let said = wa.api.wait_for(Kind::Message, 3).await;
    wa.talk(wa.text(&Who::nth(2), "Салом")).await;
    assert_eq!(count(wa.store(), "outbox").await, 1, "it has no row");
    pass(Duration::from_secs(61)).await;
    assert_eq!(wa.api.wait_for(Kind::Message, 5).await[4].body, said[2].body);
    wa.stop().await;
}

async fn the_templates_button_brings_the_result(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (prompt, late) = (Who::nth(1), Who::nth(2));
    let way = [
        "a.lang.ru",
        "a.ask-audience.migrant",
        "a.ask-citizenship.TJ",
        "a.ask-destination.RU",
        "n.patent-cost-tool",
        "a.ask-month.this",
        "a.ask-region.moscow",
    ];
    // What they write from now on reaches us a day late.
    wa.talk(wa.text(&late, "Салом")).await;
    let yesterday = wa.seconds();
    wa.app.clock.advance_ms(25 * 3_600_000);
    let (mut result, mut told) = (Value::Null, Vec::new());
    for token in way {
        result = wa.talk(wa.row(&prompt, token)).await;
        // Templates are notices: one in six seconds to a person.
        pass(SWEEP).await;
        let mut message = wa.row(&late, token);
        message["timestamp"] = yesterday.to_string().into();
        let call = wa.talk(message).await;
        told.push(call["template"]["components"][0]["parameters"][0]["payload"].clone());
        wa.app.clock.advance_ms(1_000);
    }
    assert_eq!(told[4..], [json!("s.here"), json!("s.here"), json!("s.here")], "{told:?}");
    let tap = wa.message(&late, "button", json!({"payload": told[6], "text": "Прочитать ответ"}));
    assert_eq!(wa.talk(tap).await["interactive"], result["interactive"]);
    wa.stop().await;
}

/// The channel tells its receipts again; what our own calls told us is told once.
#[tokio::test]
async fn a_flood_of_told_receipts_takes_none_of_our_own_along() {
    on_postgres(async |fresh: Fresh| {
        let wa = Wa::start(&fresh).await;
        wa.api.script(Kind::Message, vec![Answer::Late(Duration::from_secs(10))]);
        assert_eq!(wa.says(&Who::nth(1), "Салом").await, 200);
        wa.api.wait_for(Kind::Message, 1).await;
        // A database that is busy for everything that changes a message.
        fresh
            .raw(
                "create function busy() returns trigger language plpgsql as
                    $$ begin raise exception 'busy' using errcode = '55P03'; end $$;
                create trigger busy before update on outbox for each statement execute function busy()",
            )
            .await;
        for part in 0..15 {
            let told: Vec<_> = (1..=700).map(|id| status(part * 700 + id, "delivered")).collect();
            assert_eq!(wa.statuses(&told).await, 503);
        }
        pass(Duration::from_secs(10)).await;
        // By now the answer has landed, and its receipt was tried in vain with these.
        for _ in 0..2 {
            assert_eq!(wa.statuses(&[status(1, "delivered")]).await, 503);
        }
        fresh.raw("drop trigger busy on outbox").await;
        assert_eq!(wa.statuses(&[status(1, "delivered")]).await, 200);
        wait_count(wa.store(), "outbox where state = 'sent'", 1).await;
        wa.stop().await;
    })
    .await;
}
