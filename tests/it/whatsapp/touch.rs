//! How people came: codes in their first message, adverts, the opened chat.

use safar::{
    domain::Timestamp,
    store::{Store, codes},
};
use serde_json::json;

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        sql::texts,
        whatsapp::{Wa, Who},
    },
};

store_contract!(
    a_code_of_the_register_is_taken_out_of_the_text,
    an_unknown_code_stays_in_the_text,
    an_advert_keeps_a_field_of_its_own,
    a_typed_answer_is_no_code,
    whoever_opens_the_chat_is_greeted,
);

async fn register(store: &Store, code: &str) {
    let mut tx = store.write().await.unwrap();
    let row = codes::CodeRow {
        code: code.into(),
        kind: "poster".into(),
        label: "Ош, автовокзал".into(),
        created_at: Timestamp(0),
        ..codes::CodeRow::default()
    };
    codes::add(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
}

/// Codes of the events, in order; `-` for none.
async fn touches(store: &Store) -> Vec<String> {
    texts(store, "select type || ' ' || coalesce(code, '-') from events where type = 'contact' order by seq")
        .await
}

async fn a_code_of_the_register_is_taken_out_of_the_text(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    register(wa.store(), "osh-1").await;
    let (coded, plain) = (Who::nth(1), Who::nth(2));
    for (with, without) in
        [("Салом #OSH-1", "Салом"), ("#osh_1 Русский", "Русский"), ("Тажикстан,#Osh-1", "Тажикстан,")]
    {
        let answer = wa.talk(wa.text(&coded, with)).await;
        assert_eq!(answer["interactive"], wa.talk(wa.text(&plain, without)).await["interactive"], "{with}");
    }
    // Nothing else was said: as if the chat had been opened.
    let home = wa.talk(wa.text(&plain, "/start")).await;
    assert_eq!(wa.talk(wa.text(&coded, "  #OSH-1 ")).await["interactive"], home["interactive"]);
    let expected =
        ["osh-1", "-", "osh-1", "-", "osh-1", "-", "-", "osh-1"].map(|code| format!("contact {code}"));
    assert_eq!(touches(wa.store()).await, expected);
    wa.stop().await;
}

async fn an_unknown_code_stays_in_the_text(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    register(wa.store(), "osh-1").await;
    let who = Who::nth(1);
    wa.talk(wa.text(&who, "Салом #osh-2")).await;
    wa.talk(wa.text(&who, "русский")).await;
    let home = wa.talk(wa.text(&who, "/start")).await;
    // Part of another word is no code; and one that nobody registered is a word that nobody understands.
    for text in ["#osh-2", "x#osh-1", "#osh-1x"] {
        assert_ne!(wa.talk(wa.text(&who, text)).await["interactive"], home["interactive"], "{text}");
    }
    assert_eq!(touches(wa.store()).await, ["contact -"; 6]);
    wa.stop().await;
}

async fn an_advert_keeps_a_field_of_its_own(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    register(wa.store(), "osh-1").await;
    register(wa.store(), "osh-ad-7").await;
    let from_advert = async |who: usize, text: &str, advert: &str| {
        let mut message = wa.text(&Who::nth(who), text);
        message["referral"] = json!({"source_type": "ad", "source_id": advert, "headline": "planted"});
        wa.talk(message).await
    };
    from_advert(1, "Салом", "120210000000000000").await;
    // What the person wrote says more than what they tapped on; an advert may be registered, too.
    from_advert(2, "Салом #osh-1", "120210000000000000").await;
    from_advert(3, "Салом", "Osh_Ad-7").await;
    assert_eq!(touches(wa.store()).await, ["contact -", "contact osh-1", "contact osh-ad-7"]);
    let told = texts(wa.store(), "select attrs from events where type = 'contact' order by seq").await;
    let ad = |id: &str| format!(r#"{{"ad":"{id}","node":"start"}}"#);
    assert_eq!(told, [ad("120210000000000000"), ad("120210000000000000"), ad("Osh_Ad-7")]);
    wa.stop().await;
}

async fn a_typed_answer_is_no_code(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    register(wa.store(), "2026").await;
    let who = Who::nth(1);
    // In the first message, however a keyboard writes it.
    wa.talk(wa.text(&who, "Салом \u{200E}＃2026\u{200E}")).await;
    for token in ["a.lang.ru", "a.ask-citizenship.TJ", "a.ask-destination.RU", "a.ask-audience.migrant"] {
        wa.talk(wa.row(&who, token)).await;
    }
    wa.talk(wa.row(&who, "n.ask-entry-date")).await;
    let (open, pending) = ("select state from sessions", r#""q":{"#);
    assert!(texts(wa.store(), open).await[0].contains(pending), "a date is asked for");
    wa.talk(wa.text(&who, "сегодня #2026")).await;
    wa.talk(wa.text(&who, "/start #2026")).await;
    let codes: Vec<_> = touches(wa.store()).await;
    assert_eq!((codes[0].as_str(), codes[codes.len() - 1].as_str()), ("contact 2026", "contact 2026"));
    assert!(codes[1..codes.len() - 1].iter().all(|code| code == "contact -"), "{codes:?}");
    wa.stop().await;
}

async fn whoever_opens_the_chat_is_greeted(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let greeting = wa.talk(wa.message(&Who::nth(1), "request_welcome", json!(null))).await;
    assert_eq!(greeting["interactive"], wa.talk(wa.text(&Who::nth(2), "/start")).await["interactive"]);
    let buttons = &greeting["interactive"]["action"]["buttons"];
    let tokens: Vec<_> =
        buttons.as_array().unwrap().iter().map(|button| button["reply"]["id"].clone()).collect();
    assert_eq!(tokens, ["a.lang.tg", "a.lang.ky", "a.lang.ru"]);
    wa.stop().await;
}
