//! `render` and `call`: case files against the fake Cloud API.

use std::{path::Path, time::Duration};

use safar::{
    channels::{
        SendError, http,
        whatsapp::{Account, Shape, WhatsAppCall, mark_read, render, render_file, render_template},
    },
    compose::{Composed, ListTexts},
    content::Purpose,
    domain::{Address, ChannelKind, Locale, OutboxId},
};
use toml::{Table, Value};

use super::NUMBER;
use crate::{
    channels::{
        cases,
        inbound::Fill,
        sending::{FileCase, Reply, Scripted, buttons, describe},
    },
    support::{
        fake_whatsapp::{Answer, FakeWhatsApp, Kind, TOKEN},
        whatsapp_limits,
    },
};

const EXPECTED: [&str; 2] = ["sent", "error"];
/// How long the client waits here for an answer; hung calls take as long.
const PATIENCE: Duration = Duration::from_millis(300);

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    label: String,
    /// A number with its plus, or a user id.
    #[serde(default = "somebody")]
    to: String,
    // What is sent: a message …
    #[serde(default)]
    text: String,
    #[serde(default)]
    fill: Vec<Fill>,
    /// Token, label and perhaps description.
    #[serde(default)]
    choices: Vec<Vec<String>>,
    #[serde(default)]
    system: Vec<Vec<String>>,
    outbox: Option<i64>,
    /// The account may send no buttons and lists.
    #[serde(default)]
    numbered: bool,
    /// … beside a file that was uploaded …
    media: Option<Media>,
    // … or another call.
    template: Option<Template>,
    read: Option<Read>,
    /// A file is uploaded; `sent` then holds its id.
    upload: Option<FileCase>,
    /// The API's error code, in its own form with status 400; else `replies`; else the fake's own answer.
    code: Option<i64>,
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

fn somebody() -> String {
    "+992900000001".to_owned()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    locale: Locale,
    #[serde(default)]
    values: Vec<String>,
    token: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Media {
    id: String,
    name: String,
    mime: String,
    bytes: usize,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    message: String,
    typing: bool,
}

fn answer(reply: &Reply) -> Answer {
    match reply.scripted() {
        Scripted::Hang => Answer::Hang,
        Scripted::Reset => Answer::Reset,
        Scripted::Late => Answer::Late(PATIENCE / 3),
        Scripted::Raw { status, headers, body } => Answer::Raw { status, headers, body },
    }
}

fn call(case: &Case) -> WhatsAppCall {
    if let Some(read) = &case.read {
        return mark_read(&read.message, read.typing);
    }
    let to = Address::new(ChannelKind::WhatsApp, case.to.as_str());
    let outbox = case.outbox.map(OutboxId);
    if let Some(template) = &case.template {
        let release = crate::dialogs::embedded_release();
        let ours = release.template(Purpose::Answer).unwrap();
        let text = ours.text_for(template.locale).unwrap();
        return render_template(&to, &ours.name, text, &template.values, &template.token, outbox);
    }
    let composed = Composed {
        text: case.fill.iter().fold(case.text.clone(), |text, fill| fill.into(&text)),
        choices: buttons(&case.choices),
        system: buttons(&case.system),
        list: ListTexts {
            button: "Интихоб".into(), topics: "Мавзӯъҳо".into(), more: "Боз".into()
        },
    };
    if let Some(Media { id, name, mime, bytes }) = &case.media {
        return render_file(&to, Shape::of(mime, *bytes), id, &composed.text, name, outbox);
    }
    render(&to, &composed, outbox, !case.numbered)
}

#[tokio::test]
async fn whatsapp_calls_go_as_the_cases_say() {
    let folder = cases::folder("whatsapp");
    let path = folder.join("send.toml");
    let list: Vec<Case> = cases::load(&path);
    assert!(list.len() >= 100, "{} cases", list.len());
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

async fn run(folder: &Path, case: &Case) -> Table {
    let fake = FakeWhatsApp::start().await;
    let url = if case.unreachable { "http://127.0.0.1:1/v25.0" } else { fake.url() };
    let account = Account::new(url, NUMBER, TOKEN, http::client(PATIENCE).unwrap()).unwrap();
    let kind = match (&case.read, &case.upload) {
        (Some(_), _) => Kind::Read,
        (_, Some(_)) => Kind::Upload,
        _ => Kind::Message,
    };
    fake.script(kind, case.code.map(|code| Answer::Error(400, code)).into_iter().collect());
    fake.script(kind, case.replies.iter().map(answer).collect());
    let outcome = match &case.upload {
        Some(file) => account.upload(&file.file()).await.map(|id| ("id", Some(id))),
        None => account.call(&call(case)).await.map(|sent| ("wamid", sent.wamid)),
    };
    assert!(fake.unused().is_empty(), "{}: unused replies: {:?}", case.label, fake.unused());
    check_request(folder, case, kind, &fake);
    let (key, table) = match outcome {
        Ok((key, id)) => ("sent", id.map(|id| (key.into(), id.into())).into_iter().collect()),
        Err(error) => ("error", describe(error)),
    };
    Table::from_iter([(key.into(), Value::Table(table))])
}

fn check_request(folder: &Path, case: &Case, kind: Kind, fake: &FakeWhatsApp) {
    let made = fake.calls();
    assert_eq!(
        made.len(),
        usize::from(!case.unreachable),
        "{}: one request, no retry of our own",
        case.label
    );
    for made in &made {
        let (path, form) = match kind {
            Kind::Upload => ("/v25.0/111/media", "multipart/form-data"),
            _ => ("/v25.0/111/messages", "application/json"),
        };
        assert_eq!((made.kind, made.path.as_str()), (kind, path), "{}", case.label);
        assert_eq!(made.headers["authorization"], format!("Bearer {TOKEN}"), "{}", case.label);
        assert!(made.headers["content-type"].to_str().unwrap().starts_with(form), "{}", case.label);
        if kind == Kind::Message {
            assert_eq!(whatsapp_limits::refusal(&made.body), None, "{}", case.label);
        }
    }
    let bodies: Vec<_> = made.into_iter().map(|made| made.body).collect();
    cases::settle_requests(folder, &case.label, case.requests.as_deref(), &bodies);
}

#[tokio::test]
async fn calls_one_after_another_share_a_connection_and_a_client() {
    let fake = FakeWhatsApp::start().await;
    let account = Account::new(fake.url(), NUMBER, TOKEN, http::client(PATIENCE).unwrap()).unwrap();
    for _ in 0..3 {
        account.call(&mark_read("wamid.A", false)).await.unwrap();
    }
    assert_eq!(fake.calls_to(Kind::Read).len(), 3);
}

#[tokio::test]
async fn no_secret_shows_in_debug_or_errors() {
    let fake = FakeWhatsApp::start().await;
    let account = Account::new(fake.url(), NUMBER, TOKEN, http::client(http::TOTAL).unwrap()).unwrap();
    fake.script(Kind::Message, vec![Answer::Error(400, 100)]);
    let to = Address::new(ChannelKind::WhatsApp, "+992907654321");
    let composed = Composed { text: "planted words".into(), ..Composed::default() };
    let call = render(&to, &composed, Some(OutboxId(1)), true);
    let error = account.call(&call).await.unwrap_err();
    assert_eq!(error, SendError::Refused { code: "bad_request" });
    let shown = format!("{account:?} {call:?} {to:?} {error:?} {error}");
    for secret in [TOKEN, "planted", "7654321"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
