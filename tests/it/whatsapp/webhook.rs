//! Who may deliver, how much, and what becomes of it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::Kind,
        sql::{count, texts},
        time::pass,
        whatsapp::{APP_SECRET, VERIFY_TOKEN, Wa, Who, delivery, signature, status},
    },
};

store_contract!(
    the_webhook_proves_itself_to_those_who_know_the_token,
    only_the_whole_body_under_our_secret_is_taken,
    signed_rubbish_is_kept_once_and_answered,
    four_mebibytes_are_taken_and_one_byte_more_is_not,
    a_body_without_a_length_is_counted,
    slow_strangers_hold_little_and_keep_nobody_out,
    one_broken_message_costs_no_neighbour,
    what_is_parked_holds_no_neighbour_and_goes_with_its_person,
    hundreds_of_messages_of_one_delivery_keep_their_order,
    a_redelivery_is_answered_once,
    only_what_is_new_is_marked_read,
    messages_of_one_delivery_are_answered_in_their_order,
    a_tap_may_come_before_everything_else,
    news_for_staff_are_kept_and_other_numbers_are_not,
);

const PERSON: &str = "992900000001";

async fn ask(wa: &Wa, query: &str) -> (u16, String) {
    let answer = wa.app.client.get(wa.app.url(&format!("/whatsapp/webhook{query}"))).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn the_webhook_proves_itself_to_those_who_know_the_token(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let right = format!("?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={VERIFY_TOKEN}");
    assert_eq!(ask(&wa, &right).await, (200, "1158201444".into()));
    let long =
        format!("?hub.mode=subscribe&hub.challenge={}&hub.verify_token={VERIFY_TOKEN}", "1".repeat(257));
    for wrong in [
        "",
        "?",
        "?hub.mode=subscribe&hub.challenge=1",
        "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
        "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify-token_2",
        "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify-token_",
        "?hub.challenge=1&hub.verify_token=verify-token_1",
        "?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=verify-token_1",
        "?hub.mode=subscribe&hub.verify_token=verify-token_1",
        "?hub.mode=subscribe&hub.challenge=&hub.verify_token=verify-token_1",
        // It is sent back: never as markup.
        "?hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=verify-token_1",
        &long,
    ] {
        assert_eq!(ask(&wa, wrong).await, (403, String::new()), "{wrong}");
    }
    let answer = wa.app.client.get(wa.app.url(&format!("/whatsapp/webhook{right}"))).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain");
    wa.stop().await;
}

async fn only_the_whole_body_under_our_secret_is_taken(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let escaped = br#"{"entry":[{"changes":[{"field":"messages","value":{"messages":[{"from":"992900000001","id":"wamid.A","type":"text","text":{"body":"\u0421\u0430\u043b\u043e\u043c"}}]}}]}]}"#;
    let again: Value = serde_json::from_slice(escaped).unwrap();
    let hex = |text: &str| text.trim_start_matches("sha256=").to_owned();
    let right = signature(APP_SECRET, escaped);
    let wrong = [
        None,
        Some(String::new()),
        Some("sha256=".into()),
        Some(hex(&right)),
        Some(right.replace("sha256", "sha1")),
        Some(right[..right.len() - 1].into()),
        Some(format!("{right}0")),
        Some(format!("sha256={}", "g".repeat(64))),
        Some(format!("sha256={}", "0".repeat(64))),
        Some(format!("sha256={}", "9".repeat(5_000))),
        Some(signature("another-secret", escaped)),
        Some(signature("", escaped)),
        // Of the same JSON, written in another way.
        Some(signature(APP_SECRET, again.to_string().as_bytes())),
        Some(signature(APP_SECRET, &escaped[..escaped.len() - 1])),
    ];
    let mut answers = Vec::new();
    for wrong in &wrong {
        let (status, body, mut headers) = wa.post(escaped.to_vec(), wrong.as_deref()).await;
        headers.remove("date");
        assert_eq!((status, body.len()), (401, 0), "{wrong:?}");
        answers.push(headers);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "one answer for all: {answers:?}");
    for table in ["dedup", "parked", "contacts", "addresses", "events", "outbox"] {
        assert_eq!(count(wa.store(), table).await, 0, "{table}");
    }
    assert!(wa.api.calls().is_empty());
    let upper = format!("sha256={}", hex(&right).to_uppercase());
    assert_eq!(wa.post(escaped.to_vec(), Some(&upper)).await.0, 200);
    wa.api.wait_for(Kind::Message, 1).await;
    wa.stop().await;
}

async fn signed_rubbish_is_kept_once_and_answered(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let deep = |from: &str, to: &str| format!("{}1{}", from.repeat(10_000), to.repeat(10_000)).into_bytes();
    let message = |body: &str| {
        format!(
            r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"messages":[{{"id":"wamid.{PERSON}.D","from":"{PERSON}","type":"text","text":{{"body":{body}}}}}]}}}}]}}]}}"#
        )
    };
    let deep_text = message(&String::from_utf8(deep("[", "]")).unwrap());
    let rubbish: [(Vec<u8>, &str); 8] = [
        (b"".to_vec(), "not json"),
        (b"salom".to_vec(), "not json"),
        (b"[]".to_vec(), "not json"),
        (vec![b'{', 0xff, 0xfe, b'}'], "not utf-8"),
        (delivery(&json!({"messages": [{"id": "x"}]}))[..40].to_vec(), "truncated"),
        (deep("[", "]"), "not json"),
        (deep_text.into_bytes(), "unexpected shape"),
        (br#"{"entry":{}}"#.to_vec(), "unexpected shape"),
    ];
    for _ in 0..2 {
        for (body, _) in &rubbish {
            assert_eq!(wa.deliver(body.clone()).await, 200);
        }
    }
    let reasons = texts(wa.store(), "select reason from parked order by id").await;
    assert_eq!(reasons, rubbish.each_ref().map(|(_, why)| *why));
    // Where nobody looks it costs nothing.
    let skipped = format!(r#"{{"a":{},"entry":[]}}"#, String::from_utf8(deep("{\"a\":", "}")).unwrap());
    assert_eq!(wa.deliver(skipped.into_bytes()).await, 200);
    // What was kept can be opened again.
    let parked = wa.app.app.dialog.list_parked(100).await.unwrap();
    let opened = wa.app.app.dialog.parked(parked.last().unwrap().id).await.unwrap().unwrap();
    assert_eq!((opened.raw.len(), opened.address), (0, None));
    let opened = wa.app.app.dialog.parked(parked[0].id).await.unwrap().unwrap();
    assert_eq!(&opened.raw[..], br#"{"entry":{}}"#);
    wa.app.app.store.ping().await.unwrap();
    assert_eq!(count(wa.store(), "parked").await, 8);
    // Of one of them the sender could be read: asked for words, once.
    let said = wa.api.wait_for(Kind::Message, 1).await;
    assert_eq!(said.iter().map(crate::support::fake_whatsapp::Call::to).collect::<Vec<_>>(), [PERSON]);
    wa.stop().await;
}

/// A delivery of a text with a field that fills it up to `length` bytes.
fn of_length(wa: &Wa, who: &Who, length: usize) -> Vec<u8> {
    let body = |filler: &str| {
        let mut message = wa.text(who, "Салом");
        message["id"] = "wamid.BIG".into();
        delivery(&json!({"filler": filler, "messages": [message]}))
    };
    let whole = body(&"x".repeat(length - body("").len()));
    assert_eq!(whole.len(), length);
    whole
}

const MOST: usize = 4 << 20;

async fn four_mebibytes_are_taken_and_one_byte_more_is_not(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::number(PERSON);
    let more = of_length(&wa, &who, MOST + 1);
    assert_eq!(wa.deliver(more).await, 413);
    assert_eq!(count(wa.store(), "dedup").await, 0);
    // By its length alone: nothing of the body has been sent.
    let head = "content-length: 5000000\r\nx-hub-signature-256: ".to_owned() + &signature("", b"");
    assert_eq!(by_hand(&wa, &head, &[]).await, 413);
    // The signature's form is looked at before the body.
    assert_eq!(by_hand(&wa, "content-length: 5000000", &[]).await, 401);
    assert_eq!(wa.deliver(of_length(&wa, &who, MOST)).await, 200);
    assert_eq!(wa.api.wait_for(Kind::Message, 1).await[0].to(), PERSON);
    wa.stop().await;
}

async fn a_body_without_a_length_is_counted(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::number(PERSON);
    for (length, expected) in [(MOST, 200), (MOST + 1, 413)] {
        let body = of_length(&wa, &who, length);
        let head =
            format!("transfer-encoding: chunked\r\nx-hub-signature-256: {}", signature(APP_SECRET, &body));
        let mut chunks: Vec<Vec<u8>> = Vec::new();
        for piece in body.chunks(64 * 1024) {
            chunks.push([format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat());
        }
        chunks.push(b"0\r\n\r\n".to_vec());
        assert_eq!(by_hand(&wa, &head, &chunks).await, expected, "{length} bytes");
    }
    wa.api.wait_for(Kind::Message, 1).await;
    wa.stop().await;
}

/// A request written byte by byte; the status of its answer.
async fn by_hand(wa: &Wa, head: &str, pieces: &[Vec<u8>]) -> u16 {
    let mut stream = TcpStream::connect(wa.app.app.chat_address).await.unwrap();
    let start = format!("POST /whatsapp/webhook HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{head}\r\n\r\n");
    stream.write_all(start.as_bytes()).await.unwrap();
    for piece in pieces {
        // The answer may come before the end of the request.
        if stream.write_all(piece).await.is_err() {
            break;
        }
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    std::str::from_utf8(&answer[9..]).unwrap().parse().unwrap()
}

async fn slow_strangers_hold_little_and_keep_nobody_out(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let head = format!("content-length: {MOST}\r\nx-hub-signature-256: sha256={}", "0".repeat(64));
    let start = format!("POST /whatsapp/webhook HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n");
    let (mut open, mut refused) = (Vec::new(), 0);
    // Each takes its whole length but the last bytes; more than eight of them do not fit.
    while refused == 0 {
        assert!(open.len() <= 12, "nobody is refused");
        let stream = TcpStream::connect(wa.app.app.chat_address).await.unwrap();
        let (mut from, mut to) = stream.into_split();
        to.write_all(start.as_bytes()).await.unwrap();
        let piece = vec![b'a'; 64 * 1024];
        let mut answer = [0; 12];
        for _ in 0..63 {
            tokio::select! {
                biased;
                read = from.read(&mut answer) => {
                    assert!(read.is_err() || answer.starts_with(b"HTTP/1.1 503"), "{answer:?}");
                    refused += 1;
                }
                sent = to.write_all(&piece) => refused += usize::from(sent.is_err()),
            }
            if refused > 0 {
                break;
            }
        }
        open.push((from, to));
    }
    assert!(open.len() > 4, "{} were let in", open.len());
    // People's messages are small: they go on.
    wa.talk(wa.text(&Who::number(PERSON), "Салом")).await;
    drop(open);
    wa.stop().await;
}

async fn one_broken_message_costs_no_neighbour(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (one, other) = (Who::nth(1), Who::nth(2));
    let mut broken = wa.text(&one, "?");
    broken["text"] = json!({"body": ["planted"]});
    assert_eq!(wa.messages(&[wa.text(&one, "Салом"), broken, wa.text(&other, "Салом")]).await, 200);
    // Whose message could not be read is told so.
    let said = wa.api.wait_for(Kind::Message, 3).await;
    let mut to: Vec<&str> = said.iter().map(crate::support::fake_whatsapp::Call::to).collect();
    to.sort_unstable();
    assert_eq!(to, [one.address(), one.address(), other.address()]);
    let parked = wa.app.app.dialog.list_parked(10).await.unwrap();
    assert_eq!(parked.iter().map(|row| row.reason.as_str()).collect::<Vec<_>>(), ["unexpected shape"]);
    let opened = wa.app.app.dialog.parked(parked[0].id).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&opened.raw).contains("planted"));
    assert_eq!(wa.api.said().len(), 3);
    wa.stop().await;
}

async fn what_is_parked_holds_no_neighbour_and_goes_with_its_person(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let (one, other) = (Who::nth(1), Who::nth(2));
    wa.talk(wa.text(&one, "Салом")).await;
    let mut messages: Vec<Value> = (0..500)
        .map(|n| {
            let mut broken = wa.text(if n == 499 { &other } else { &one }, "?");
            broken["text"] = json!({ "body": [n] });
            // Not to be answered either: only parked.
            broken["type"] = "system".into();
            broken
        })
        .collect();
    messages.push(wa.text(&other, &format!("planted {}", "я".repeat(4_000))));
    let contacts = json!([{"profile": {"name": "Planted"}, "wa_id": one.number, "user_id": one.user}]);
    assert_eq!(wa.deliver(delivery(&json!({"contacts": contacts, "messages": messages}))).await, 200);
    wa.api.wait_for(Kind::Message, 2).await;
    assert_eq!(count(wa.store(), "parked").await, 500);
    for row in wa.app.app.dialog.list_parked(500).await.unwrap() {
        let opened = wa.app.app.dialog.parked(row.id).await.unwrap().unwrap();
        let raw = String::from_utf8(opened.raw.to_vec()).unwrap();
        assert!(raw.len() < 500 && !raw.to_lowercase().contains("planted"), "{raw}");
        assert!(opened.address.is_some());
    }
    for message in [wa.text(&one, "/delete"), wa.row(&one, "a.delete.yes")] {
        wa.talk(message).await;
    }
    assert_eq!(count(wa.store(), "parked").await, 1, "the other's stays");
    wa.stop().await;
}

async fn hundreds_of_messages_of_one_delivery_keep_their_order(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    let mut taps = vec!["a.lang.ru".to_owned()];
    taps.extend((0..299).map(|n| if n % 2 == 0 { "s.home".to_owned() } else { "s.person".to_owned() }));
    let messages: Vec<Value> = taps.iter().map(|token| wa.row(&who, token)).collect();
    assert_eq!(wa.messages(&messages).await, 200);
    let keys = texts(wa.store(), "select event_id from events where type = 'contact' order by seq").await;
    let expected: Vec<String> = messages
        .iter()
        .map(|message| {
            let hidden = wa.app.app.dialog.hide(message["id"].as_str().unwrap());
            hidden[..20].to_owned()
        })
        .collect();
    // `wa:`, the commit's instant in 12 digits, the key's hash, the place in the turn.
    let told: Vec<&str> =
        keys.iter().filter_map(|key| key.rsplit_once(':')?.0.get("wa:".len() + 12..)).collect();
    assert_eq!(told, expected);
    wa.stop().await;
}

async fn a_redelivery_is_answered_once(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    let message = wa.text(&who, "Салом");
    let alone = || wa.messages(std::slice::from_ref(&message));
    let both = tokio::join!(alone(), alone());
    assert_eq!(both, (200, 200));
    // Again, in a batch with itself and with another.
    assert_eq!(wa.messages(&[message.clone(), message.clone(), wa.text(&Who::nth(2), "Салом")]).await, 200);
    wa.api.wait_for(Kind::Message, 2).await;
    assert_eq!(alone().await, 200);
    wa.talk(wa.text(&Who::nth(3), "Салом")).await;
    assert_eq!(wa.api.said_to(who.address()).len(), 1);
    assert_eq!(count(wa.store(), "events where type = 'contact'").await, 3);
    wa.stop().await;
}

async fn only_what_is_new_is_marked_read(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let message = wa.text(&Who::nth(1), "Салом");
    wa.talk(message.clone()).await;
    wa.api.wait_for(Kind::Read, 1).await;
    for _ in 0..2 {
        // Marks of one chat are apart.
        pass(Duration::from_secs(3)).await;
        assert_eq!(wa.messages(std::slice::from_ref(&message)).await, 200);
    }
    wa.talk(wa.text(&Who::nth(2), "Салом")).await;
    let marks = wa.api.wait_for(Kind::Read, 2).await;
    assert_eq!(marks[0].body["message_id"], message["id"]);
    assert_ne!(marks[1].body["message_id"], message["id"]);
    assert_eq!(marks.len(), 2);
    wa.stop().await;
}

async fn messages_of_one_delivery_are_answered_in_their_order(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    let messages = [
        wa.text(&who, "Салом"),
        wa.row(&who, "a.lang.ru"),
        wa.row(&who, "a.ask-citizenship.TJ"),
        wa.row(&who, "s.home"),
    ];
    assert_eq!(wa.messages(&messages).await, 200);
    let together = wa.api.wait_for(Kind::Message, 4).await;
    let other = Who::nth(2);
    for (message, answer) in [
        wa.text(&other, "Салом"),
        wa.row(&other, "a.lang.ru"),
        wa.row(&other, "a.ask-citizenship.TJ"),
        wa.row(&other, "s.home"),
    ]
    .into_iter()
    .zip(together)
    {
        assert_eq!(wa.talk(message).await["interactive"], answer.body["interactive"]);
    }
    wa.stop().await;
}

/// channels.md §3.3: nothing says that deliveries come in order.
async fn a_tap_may_come_before_everything_else(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = Who::nth(1);
    let (first, tap) = (wa.text(&who, "Салом"), wa.row(&who, "a.lang.ky"));
    // A receipt for a message that is none yet, a tap on a screen that nobody has shown.
    assert_eq!(wa.statuses(&[status(1, "read"), status(1, "delivered")]).await, 200);
    let chosen = wa.talk(tap.clone()).await;
    assert_eq!(
        texts(wa.store(), "select attrs from events where type = 'profile'").await,
        [r#"{"lang":"ky"}"#]
    );
    // What was written before it is answered in that language, and the tap's redelivery is not.
    let answer = wa.talk(first).await;
    assert_eq!(answer["interactive"]["type"], chosen["interactive"]["type"]);
    assert_eq!(wa.messages(&[tap]).await, 200);
    wa.talk(wa.text(&Who::nth(2), "Салом")).await;
    assert_eq!(wa.api.said_to(who.address()).len(), 2);
    assert_eq!(count(wa.store(), "events where type = 'profile'").await, 1);
    wa.stop().await;
}

async fn news_for_staff_are_kept_and_other_numbers_are_not(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let template = json!({"event": "REJECTED", "message_template_name": "answer_ready", "message_template_language": "ru"});
    let whole = json!({"entry": [{"changes": [
        {"field": "message_template_status_update", "value": template},
        {"field": "account_alerts", "value": {}},
        {"field": "messages", "value": {"metadata": {"phone_number_id": "999"}, "messages": [wa.text(&Who::nth(1), "Салом")]}},
        {"field": "messages", "value": {"errors": [{"code": 130_429, "title": "?"}]}},
        {"field": "messages", "value": {"messages": [wa.text(&Who::nth(2), "Салом")]}},
    ]}]});
    for _ in 0..2 {
        assert_eq!(wa.deliver(whole.to_string().into_bytes()).await, 200);
    }
    assert_eq!(wa.api.wait_for(Kind::Message, 1).await[0].to(), Who::nth(2).address());
    assert_eq!(texts(wa.store(), "select reason from parked order by id").await, ["notice"; 3]);
    wa.talk(wa.text(&Who::nth(3), "Салом")).await;
    assert!(wa.api.said_to(Who::nth(1).address()).is_empty(), "a message to another number is not ours");
    wa.stop().await;
}
