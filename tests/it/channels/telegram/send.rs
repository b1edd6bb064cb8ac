//! `render` and `send`: case files against the fake Bot API, and the markup's properties.

use std::{path::Path, time::Duration};

use proptest::prelude::*;
use safar::{
    channels::{
        SendError, http,
        telegram::{
            Bot, CallbackId, Sent, Shape, TelegramCall,
            render::{answer_callback_call, delete_messages, leave_chat, render, render_plain},
            upload,
        },
    },
    compose::Composed,
};
use toml::{Table, Value};

use crate::{
    channels::{
        cases,
        sending::{FileCase, Reply, Scripted, buttons, describe},
    },
    support::fake_telegram::{Answer, FakeTelegram, TOKEN},
};

const CHAT: &str = "7000000001";
const EXPECTED: [&str; 2] = ["sent", "error"];
/// How long the client waits here for an answer; hung calls take as long.
const PATIENCE: Duration = Duration::from_millis(300);

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    label: String,
    // What is sent: a message (edited in place with `edit`, without markup with `plain`) …
    #[serde(default)]
    text: String,
    #[serde(default)]
    choices: Vec<[String; 2]>,
    #[serde(default)]
    system: Vec<[String; 2]>,
    edit: Option<i64>,
    #[serde(default)]
    plain: bool,
    /// … beside this file …
    file: Option<FileCase>,
    // … or another call.
    answer: Option<String>,
    delete: Option<[i64; 2]>,
    leave: Option<i64>,
    /// Scripted answers; none: the fake's own.
    #[serde(default)]
    replies: Vec<Reply>,
    /// No server listens.
    #[serde(default)]
    unreachable: bool,
    /// Payload files that the requests equal, as JSON. `UPDATE_CASES=1` writes them.
    requests: Option<Vec<String>>,
    sent: Option<Table>,
    error: Option<Table>,
}

fn answer(reply: &Reply) -> Answer {
    match reply.scripted() {
        Scripted::Hang => Answer::Hang,
        Scripted::Reset => Answer::Reset,
        Scripted::Late => Answer::Late(PATIENCE / 3),
        Scripted::Raw { status, headers, body } => Answer::Raw { status, headers, body },
    }
}

fn calls(case: &Case) -> Vec<TelegramCall> {
    if let Some(id) = &case.answer {
        return vec![answer_callback_call(&CallbackId(id.as_str().into()))];
    }
    if let Some([first, last]) = case.delete {
        return delete_messages(CHAT, &(first..=last).collect::<Vec<_>>());
    }
    if let Some(chat) = case.leave {
        return vec![leave_chat(chat)];
    }
    let composed = Composed {
        text: case.text.clone(),
        choices: buttons(&case.choices),
        system: buttons(&case.system),
        ..Composed::default()
    };
    let render = if case.plain { render_plain } else { render };
    vec![render(CHAT, &composed, case.edit)]
}

#[tokio::test]
async fn telegram_calls_go_as_the_cases_say() {
    let folder = cases::folder("telegram");
    let path = folder.join("send.toml");
    let list: Vec<Case> = cases::load(&path);
    let mut actual = Vec::new();
    for case in &list {
        actual.push(run(&folder, case).await);
    }
    let expected: Vec<_> = list
        .iter()
        .map(|case| {
            let parts = [("sent", &case.sent), ("error", &case.error)];
            parts
                .into_iter()
                .filter_map(|(key, part)| Some((key.into(), Value::Table(part.clone()?))))
                .collect()
        })
        .collect();
    let labels: Vec<_> = list.iter().map(|case| case.label.clone()).collect();
    cases::settle(&path, &EXPECTED, &labels, &expected, &actual);
}

/// Makes the case's calls, up to the first that fails.
async fn run(folder: &Path, case: &Case) -> Table {
    let fake = FakeTelegram::start().await;
    let url = if case.unreachable { "http://127.0.0.1:1" } else { fake.url() };
    let bot = Bot::new(url, TOKEN, http::client(PATIENCE).unwrap()).unwrap();
    if let Some(file) = &case.file {
        let (file, composed) = (file.file(), Composed { text: case.text.clone(), ..Composed::default() });
        let call = upload(CHAT, &composed, &file, Shape::of(&file), !case.plain);
        fake.script(call.method, case.replies.iter().map(answer).collect());
        let outcome = bot.upload(&call).await;
        check_requests(folder, case, &[call.method], &fake);
        return outcome_of(outcome);
    }
    let calls = calls(case);
    fake.script(calls[0].method, case.replies.iter().map(answer).collect());
    let mut outcome = Err(SendError::Unreachable);
    for call in &calls {
        outcome = bot.call(call).await;
        if outcome.is_err() {
            break;
        }
    }
    check_requests(folder, case, &calls.iter().map(|call| call.method).collect::<Vec<_>>(), &fake);
    outcome_of(outcome)
}

fn outcome_of(outcome: Result<Sent, SendError>) -> Table {
    let (key, table) = match outcome {
        Ok(Sent { message_id }) => {
            ("sent", message_id.map(|id| ("message_id".into(), id.into())).into_iter().collect())
        }
        Err(error) => ("error", describe(error)),
    };
    Table::from_iter([(key.into(), Value::Table(table))])
}

fn check_requests(folder: &Path, case: &Case, calls: &[&str], fake: &FakeTelegram) {
    assert!(fake.unused().is_empty(), "{}: unused replies: {:?}", case.label, fake.unused());
    let made = fake.calls();
    let due = if case.unreachable { 0 } else { calls.len() };
    assert_eq!(made.len(), due, "{}: one request a call, no retries of our own", case.label);
    for (call, made) in calls.iter().zip(&made) {
        assert_eq!(*call, made.method, "{}", case.label);
    }
    let bodies: Vec<_> = made.into_iter().map(|made| made.body).collect();
    cases::settle_requests(folder, &case.label, case.requests.as_deref(), &bodies);
}

fn text_of(call: &TelegramCall) -> (String, bool) {
    let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap();
    (body["text"].as_str().unwrap().to_owned(), body["parse_mode"] == "HTML")
}

#[test]
fn stars_are_markup_only_where_they_hug_words() {
    let table = [
        ("*Патент*", "<b>Патент</b>"),
        ("1. *Куда:* МФЦ", "1. <b>Куда:</b> МФЦ"),
        ("*a* и *b c*", "<b>a</b> и <b>b c</b>"),
        ("(*a*)", "(<b>a</b>)"),
        ("*a < b & c > d*", "<b>a &lt; b &amp; c &gt; d</b>"),
        ("*a* https://x.ru/?a=1&b=2", "<b>a</b> https://x.ru/?a=1&amp;b=2"),
    ];
    for (text, html) in table {
        let composed = Composed { text: text.into(), ..Composed::default() };
        assert_eq!(text_of(&render(CHAT, &composed, None)), (html.to_owned(), true), "{text}");
    }
    for text in [
        "2*3*4",
        "2*3* 4",
        "* item\n* item",
        "5 * 3 * 2",
        "*a\nb*",
        "**",
        "*",
        "* a*",
        "*a *",
        "a & b < c",
        "*a*b",
    ] {
        let composed = Composed { text: text.into(), ..Composed::default() };
        assert_eq!(text_of(&render(CHAT, &composed, None)), (text.to_owned(), false), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Taking the tags out and the escapes back gives the plain rendering, whatever the text.
    #[test]
    fn markup_never_loses_or_invents_a_letter(text in "[a-zа-я0-9*<>&; \\n\u{202e}👍]{0,60}") {
        let composed = Composed { text: text.clone(), ..Composed::default() };
        let (html, is_html) = text_of(&render(CHAT, &composed, None));
        let (plain, _) = text_of(&render_plain(CHAT, &composed, None));
        if is_html {
            prop_assert_eq!(html.matches("<b>").count(), html.matches("</b>").count());
            let bare = html.replace("<b>", "").replace("</b>", "");
            prop_assert!(!bare.contains(['<', '>']));
            prop_assert_eq!(bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), plain);
        } else {
            prop_assert_eq!(&html, &text);
            prop_assert_eq!(plain, text);
        }
    }
}
