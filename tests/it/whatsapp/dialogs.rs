//! The same conversations on Telegram and on WhatsApp: the same events, the same words.

use safar::{
    domain::Timestamp,
    engine::{self, Input, State},
};
use serde_json::{Value, json};

use crate::{
    dialogs::{CaseTurn, case_files, embedded_release, read_case},
    store::backend::{Fresh, store_contract},
    support::{
        app::{message, tap},
        fake_whatsapp::Kind,
        sql::{count, scalar, texts},
        whatsapp::{Wa, Who},
    },
};

store_contract!(conversations_are_the_same_on_both_channels);

fn on_telegram(turn: &CaseTurn, update: i64, chat: i64) -> Value {
    match turn.input() {
        Input::Text(text) => message(update, chat, &json!({ "text": text })),
        Input::Tap(token) => tap(update, chat, 1, token),
        Input::Command(word) => message(update, chat, &json!({ "text": format!("/{word}") })),
        Input::Start => message(update, chat, &json!({ "text": "/start" })),
        _ => {
            let photo = json!([{ "file_id": "F", "file_unique_id": "U", "width": 1, "height": 1 }]);
            message(update, chat, &json!({ "photo": photo }))
        }
    }
}

/// Taps come in turn from rows, buttons and templates: to the conversation they are one.
fn on_whatsapp(wa: &Wa, turn: &CaseTurn, place: usize, who: &Who) -> Value {
    match turn.input() {
        Input::Text(text) => wa.text(who, text),
        Input::Tap(token) => match place % 3 {
            0 => wa.row(who, token),
            1 => {
                let reply = json!({"type": "button_reply", "button_reply": {"id": token, "title": "?"}});
                wa.message(who, "interactive", reply)
            }
            _ => wa.message(who, "button", json!({"payload": token, "text": "?"})),
        },
        Input::Command(word) => wa.text(who, &format!("/{word}")),
        Input::Start => wa.message(who, "request_welcome", json!(null)),
        _ => wa.message(who, "image", json!({"id": "M", "mime_type": "image/jpeg"})),
    }
}

/// The text of a message of either channel, without markup.
fn words(body: &Value) -> String {
    let places = [&body["text"], &body["text"]["body"], &body["interactive"]["body"]["text"]];
    let text = places.into_iter().find_map(Value::as_str).unwrap_or_else(|| panic!("no text: {body}"));
    let marks = [("<b>", "*"), ("</b>", "*"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (mark, plain)| text.replace(mark, plain))
}

async fn events(wa: &Wa, after: i64, channel: &str) -> Vec<String> {
    let sql = format!(
        "select type || ' ' || attrs || ' ' || coalesce(code, '') from events \
         where seq > {after} and channel = '{channel}' order by seq"
    );
    texts(wa.store(), &sql).await
}

async fn conversations_are_the_same_on_both_channels(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let release = embedded_release();
    let (mut compared, mut different, mut refused) = (0, Vec::new(), Vec::new());
    for (number, path) in case_files("dialogs").into_iter().enumerate() {
        let (chat, who) = (1000 + number as i64, Who::nth(number + 1));
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let case = read_case(&path);
        let mut state = State::default();
        let mut now = Timestamp::from_iso(&case.now).unwrap();
        let before = scalar(wa.store(), "select coalesce(max(seq), 0) from events").await;
        for (place, turn) in case.turn.iter().enumerate() {
            now = now.plus_ms(turn.after_minutes * 60_000 + 1_000);
            wa.app.clock.set(now);
            let turned = engine::advance(&release, state, &turn.input(), now);
            state = turned.state;
            let update = wa.app.next_update();
            let mut update = on_telegram(turn, update, chat);
            if let Some(message) = update.get_mut("message") {
                message["date"] = (now.0 / 1_000).into();
            }
            assert_eq!(wa.app.update(&update).await.0, 200);
            assert_eq!(wa.messages(&[on_whatsapp(&wa, turn, place, &who)]).await, 200);
            let answers = usize::from(turned.say.is_some());
            let telegram = wa.app.fake.wait_said(answers).await;
            let whatsapp = wa.api.wait_for(Kind::Message, answers).await;
            assert_eq!((telegram.len(), whatsapp.len()), (answers, answers), "{name}, turn {}", place + 1);
            for (telegram, whatsapp) in telegram.iter().zip(&whatsapp) {
                assert_eq!(words(&whatsapp.body), words(&telegram.body), "{name}, turn {}", place + 1);
            }
            wa.app.fake.forget();
            wa.api.forget();
        }
        let (telegram, whatsapp) = (events(&wa, before, "tg").await, events(&wa, before, "wa").await);
        assert!(!telegram.is_empty(), "{name}");
        compared += telegram.len();
        refused.extend(wa.api.refused().into_iter().skip(refused.len()).map(|why| format!("{name}: {why}")));
        if telegram != whatsapp {
            different.push(format!("{name}:\n  Telegram {telegram:?}\n  WhatsApp {whatsapp:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert_eq!(refused, Vec::<String>::new(), "the API's limits hold");
    assert!(compared > 100, "only {compared} events");
    assert_eq!(count(wa.store(), "parked").await, 0);
    wa.stop().await;
}
