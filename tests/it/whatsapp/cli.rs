//! `safar templates`, `safar codes`, `safar doctor`, and what the program says of WhatsApp's settings.

use std::{path::Path, process::Output};

use serde_json::json;
use tempfile::TempDir;

use crate::{
    cli::{out, safar},
    support::fake_whatsapp::{Answer, BUSINESS, FakeWhatsApp, Kind, NUMBER, TOKEN},
};

/// A settings file for the API at `url`.
fn settings(folder: &Path, url: &str, more: &str) {
    let text = format!(
        "[whatsapp]\napi_url = \"{url}\"\nphone_number_id = \"{NUMBER}\"\naccess_token = \"{TOKEN}\"\n\
         app_secret = \"s\"\nverify_token = \"v\"\n{more}\n"
    );
    std::fs::write(folder.join("safar.toml"), text).unwrap();
}

const TEMPLATES: &str = "content/templates.toml";

/// A few nodes stand for the whole content, whose check takes this build seconds; `templates` are the templates.
fn few_nodes(folder: &Path, templates: &str) {
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/content-small");
    let mut open = vec![small.clone()];
    while let Some(from) = open.pop() {
        if from.is_dir() {
            open.extend(std::fs::read_dir(&from).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let to = folder.join(from.strip_prefix(&small).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
    std::fs::write(folder.join(TEMPLATES), templates).unwrap();
}

async fn set_up() -> (TempDir, FakeWhatsApp) {
    let (folder, fake) = (TempDir::new().unwrap(), FakeWhatsApp::start().await);
    few_nodes(folder.path(), &safar::content::embedded().0[TEMPLATES]);
    settings(folder.path(), fake.url(), &format!("business_account_id = \"{BUSINESS}\""));
    (folder, fake)
}

/// Runs the command beside the fake's own task.
async fn run(folder: &TempDir, arguments: &'static [&'static str]) -> (Option<i32>, String) {
    let path = folder.path().to_owned();
    let output: Output = tokio::task::spawn_blocking(move || safar(&path, arguments, "")).await.unwrap();
    (output.status.code(), out(&output))
}

const PUSH: &[&str] = &["templates", "push"];
const STATUS: &[&str] = &["templates", "status"];

#[tokio::test]
async fn templates_are_sent_for_review_once_and_their_state_is_told() {
    let (folder, fake) = set_up().await;
    // Others' templates fill the first pages of the list.
    for n in 0..5 {
        let name = format!("other_{n}");
        fake.add_template(
            json!({"id": format!("T{n}"), "name": name, "language": "ru", "status": "APPROVED"}),
        );
    }
    let (code, text) = run(&folder, STATUS).await;
    assert_eq!(code, Some(1), "{text}");
    for language in ["ru", "ky_KG"] {
        assert!(text.contains(&format!("answer_ready {language}: not sent yet")), "{text}");
    }
    assert!(
        text.contains("other_4 ru: APPROVED, not in content/templates.toml"),
        "all pages are read: {text}"
    );
    let (code, text) = run(&folder, PUSH).await;
    assert_eq!(code, Some(0), "{text}");
    let made = fake.calls_to(Kind::Create);
    let named = |at: usize| ["name", "language", "category"].map(|key| made[at].body[key].as_str().unwrap());
    assert_eq!(
        (named(0), named(1)),
        (["answer_ready", "ky_KG", "UTILITY"], ["answer_ready", "ru", "UTILITY"])
    );
    let button = &made[1].body["components"][1]["buttons"][0];
    assert_eq!(*button, json!({"type": "QUICK_REPLY", "text": "Прочитать ответ"}));
    assert_eq!(
        (made.len(), &made[0].headers["authorization"]),
        (2, &format!("Bearer {TOKEN}").parse().unwrap())
    );
    for language in ["ru", "ky_KG"] {
        assert!(text.contains(&format!("answer_ready {language}: new, sent for review")), "{text}");
    }
    // Sent already: nothing is sent again.
    let (code, text) = run(&folder, PUSH).await;
    assert!(code == Some(0) && text.contains("answer_ready ru: unchanged, PENDING"), "{text}");
    assert_eq!((fake.calls_to(Kind::Create).len(), fake.calls_to(Kind::Edit).len()), (2, 0));
    let (code, text) = run(&folder, STATUS).await;
    assert!(code == Some(1) && text.contains("answer_ready ru: PENDING"), "{text}");
    for language in ["ru", "ky_KG"] {
        fake.review(language, &json!({"status": "APPROVED"}));
    }
    assert_eq!(run(&folder, STATUS).await.0, Some(0));
    // Taken for advertising: it costs more, and people can shut it out.
    fake.review("ky_KG", &json!({"category": "MARKETING"}));
    let (code, text) = run(&folder, STATUS).await;
    assert!(
        code == Some(1) && text.contains("ky_KG: APPROVED, moved by WhatsApp to category MARKETING"),
        "{text}"
    );
}

#[tokio::test]
async fn a_changed_template_is_changed_where_it_stands() {
    let (folder, fake) = set_up().await;
    assert_eq!(run(&folder, PUSH).await.0, Some(0));
    let old = json!([{"type": "BODY", "text": "Старый текст"}]);
    fake.review("ru", &json!({"status": "APPROVED", "components": old}));
    let (code, text) = run(&folder, STATUS).await;
    assert!(code == Some(1) && text.contains("ru: APPROVED, but with another text"), "{text}");
    let (code, text) = run(&folder, PUSH).await;
    assert!(
        code == Some(0) && text.contains("ru: changed, sent") && text.contains("ky_KG: unchanged"),
        "{text}"
    );
    let edits = fake.calls_to(Kind::Edit);
    assert_eq!(edits.len(), 1);
    assert!(
        edits[0].body.get("name").is_none() && edits[0].body["components"].is_array(),
        "{}",
        edits[0].body
    );
    assert!(run(&folder, STATUS).await.1.contains("answer_ready ru: PENDING"));
}

#[tokio::test]
async fn what_the_api_refuses_is_told_and_the_others_go_on() {
    let (folder, fake) = set_up().await;
    fake.script(Kind::Create, vec![Answer::Error(400, 100)]);
    let (code, text) = run(&folder, PUSH).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("ky_KG: new, not taken") && text.contains("ru: new, sent for review"), "{text}");
    assert!(!text.contains("planted"), "{text}");
    fake.script(Kind::List, vec![Answer::Error(401, 190)]);
    let (code, text) = run(&folder, STATUS).await;
    assert!(code == Some(2) && text.contains("whatsapp.access_token"), "{text}");
    assert!(!text.contains(TOKEN), "{text}");
}

#[tokio::test]
async fn a_template_that_whatsapp_would_refuse_is_not_sent() {
    let (folder, fake) = set_up().await;
    let own = folder.path().join("own");
    few_nodes(&own, &safar::content::embedded().0[TEMPLATES].replace("ky_KG", "ky"));
    let (code, text) = run(&folder, &["templates", "push", "--dir", "own"]).await;
    assert!(code == Some(2) && text.contains("content/templates.toml:"), "{text}");
    assert!(fake.calls().is_empty(), "refused before any call");
}

#[test]
fn templates_need_the_account() {
    let folder = TempDir::new().unwrap();
    let text = |arguments| {
        let output = safar(folder.path(), arguments, "");
        assert_eq!(output.status.code(), Some(2), "{}", out(&output));
        out(&output)
    };
    assert!(text(PUSH).contains("SAFAR_WHATSAPP_PHONE_NUMBER_ID"));
    settings(folder.path(), "http://127.0.0.1:1/v25.0", "");
    assert!(text(STATUS).contains("SAFAR_WHATSAPP_BUSINESS_ACCOUNT_ID"));
}

#[test]
fn codes_are_added_listed_and_removed() {
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let output = safar(folder.path(), arguments, "");
        (output.status.code(), out(&output))
    };
    assert_eq!(run(&["codes", "list"]), (Some(0), String::new()));
    let (code, text) = run(&["codes", "add", "Osh_Bus-2", "--kind", "advert", "--label", "Ош, автовокзал"]);
    assert!(code == Some(0) && text.contains("?start=osh-bus-2") && text.contains("#osh-bus-2"), "{text}");
    assert_eq!(run(&["codes", "add", "dushanbe1"]).0, Some(0));
    let (_, list) = run(&["codes", "list"]);
    assert_eq!(list, "dushanbe1  poster  \nosh-bus-2  advert  Ош, автовокзал\n");
    // Known already: another label, no second row.
    assert_eq!(run(&["codes", "add", "dushanbe1", "--kind", "session", "--label", "Встреча"]).0, Some(0));
    assert_eq!(run(&["codes", "remove", "OSH-bus-2"]), (Some(0), String::new()));
    assert_eq!(run(&["codes", "list"]).1, "dushanbe1  session  Встреча\n");
    let (code, text) = run(&["codes", "remove", "osh-bus-2"]);
    assert!(code == Some(1) && text.contains("osh-bus-2 is not in the register"), "{text}");
    for wrong in ["ab", "ош1", "a b c", &"x".repeat(33), "#osh1"] {
        let (code, text) = run(&["codes", "add", wrong]);
        assert!(code == Some(2) && text.contains("3 to 32"), "{wrong}: {text}");
    }
    assert_eq!(run(&["codes", "add", "abc", "--kind", "flyer"]).0, Some(2));
}

#[test]
fn the_register_of_codes_is_kept_from_the_command_line() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("safar.toml"), "[server]\npublic_url = \"https://bot.example.org\"\n")
        .unwrap();
    let run = |arguments: &[&str]| {
        let output = safar(folder.path(), arguments, "");
        (output.status.code(), out(&output))
    };
    let all = ["codes", "add", "osh-bus", "--country", "KG", "--from", "2020-05-01", "--until", "2020-05-31"];
    let (code, text) =
        run(&[&all[..], &["--partner", "=1+1", "--budget-line", "B2", "--owner", "Анна"]].concat());
    assert!(code == Some(0) && text.contains("https://bot.example.org/l/osh-bus"), "{text}");
    // Only what is named changes; what contradicts itself changes nothing.
    assert_eq!(run(&["codes", "add", "osh-bus", "--until", "2099-12-31"]).0, Some(0));
    let (code, text) = run(&["codes", "add", "osh-bus", "--from", "2100-01-01"]);
    assert!(code == Some(2) && text.contains("before the first"), "{text}");
    let csv = || run(&["codes", "list", "--csv"]).1.lines().nth(1).unwrap().to_owned();
    assert!(
        csv().starts_with("osh-bus,poster,,KG,2020-05-01,2099-12-31,'=1+1,B2,Анна,running,"),
        "{}",
        csv()
    );
    for file in ["qr.svg", "qr.png"] {
        let path = folder.path().join(file);
        let (code, text) = run(&["codes", "qr", "osh-bus", "--out", path.to_str().unwrap()]);
        assert_eq!((code, text.as_str()), (Some(0), "https://bot.example.org/l/osh-bus\n"));
        assert!(std::fs::metadata(&path).unwrap().len() > 500);
    }
    let (code, text) = run(&["codes", "qr", "osh-bus", "--to", "whatsapp", "--out", "x.svg"]);
    assert!(code == Some(2) && text.contains("SAFAR_WHATSAPP_NUMBER"), "{text}");
    assert_eq!(run(&["codes", "end", "osh-bus"]), (Some(0), String::new()));
    assert!(csv().contains(",ended,"), "{}", csv());
    assert_eq!(run(&["codes", "list"]).1, "osh-bus  poster    ended\n");
    assert_eq!(run(&["codes", "end", "other"]).0, Some(1));
}

/// Settings that are right, each as a line of the file.
fn right() -> Vec<(&'static str, String)> {
    [
        ("api_url", "https://graph.facebook.com/v25.0"),
        ("phone_number_id", NUMBER),
        ("business_account_id", BUSINESS),
        ("access_token", TOKEN),
        ("app_secret", "s"),
        ("verify_token", "v"),
    ]
    .map(|(key, value)| (key, value.to_owned()))
    .to_vec()
}

/// What the program says of these settings.
fn refusal(lines: &[(&str, String)]) -> String {
    let folder = TempDir::new().unwrap();
    let lines: Vec<_> = lines.iter().map(|(key, value)| format!("{key} = {value:?}")).collect();
    std::fs::write(folder.path().join("safar.toml"), format!("[whatsapp]\n{}\n", lines.join("\n"))).unwrap();
    let output = safar(folder.path(), &["doctor"], "");
    assert_eq!(output.status.code(), Some(2), "{lines:?}: {}", out(&output));
    assert!(!out(&output).contains(TOKEN), "{}", out(&output));
    out(&output)
}

#[test]
fn settings_with_a_mistake_are_named_with_their_line() {
    let version = "like https://graph.facebook.com/v25.0";
    for (key, value, what) in [
        ("api_url", "graph.facebook.com/v25.0", version),
        ("api_url", "https://graph.facebook.com", version),
        ("api_url", "https://graph.facebook.com/v25.0/111", version),
        ("phone_number_id", "+992900000001", "digits only"),
        ("phone_number_id", "", "digits only"),
        ("business_account_id", "waba-222", "digits only"),
    ] {
        let mut lines = right();
        let line = lines.iter().position(|(name, _)| *name == key).unwrap();
        lines[line].1 = value.to_owned();
        let text = refusal(&lines);
        let place = format!("safar.toml:{}: whatsapp.{key}: ", line + 2);
        assert!(text.contains(&place) && text.contains(what), "{key} = {value}: {text}");
    }
    let text = refusal(&[("phone_number", "111".into())]);
    assert!(text.contains("safar.toml:2") && text.contains("phone_number_id"), "{text}");
}

#[test]
fn half_of_the_settings_names_the_other_half() {
    for missing in ["PHONE_NUMBER_ID", "ACCESS_TOKEN", "APP_SECRET", "VERIFY_TOKEN"] {
        let lines: Vec<_> =
            right().into_iter().filter(|(key, _)| !key.eq_ignore_ascii_case(missing)).collect();
        let text = refusal(&lines);
        assert!(text.contains(&format!("SAFAR_WHATSAPP_{missing}")), "{missing}: {text}");
    }
}

/// An empty secret would let anybody sign, or nobody.
#[test]
fn an_empty_secret_in_the_file_is_a_mistake() {
    for key in ["app_secret", "verify_token", "access_token"] {
        let mut lines = right();
        let line = lines.iter().position(|(name, _)| *name == key).unwrap();
        lines[line].1 = String::new();
        let text = refusal(&lines);
        assert!(text.contains(&format!("whatsapp.{key}")), "{key}: {text}");
    }
}

#[tokio::test]
async fn the_doctor_asks_the_number_how_it_is() {
    let (folder, fake) = set_up().await;
    let (code, text) = run(&folder, &["doctor"]).await;
    assert!(code == Some(0) && text.contains("ok    whatsapp: Safar answers, quality GREEN"), "{text}");
    assert!(text.contains("note  whatsapp: SAFAR_PUBLIC_URL is not set"), "{text}");
    fake.script(Kind::Settings, vec![Answer::Error(401, 190)]);
    let (code, text) = run(&folder, &["doctor"]).await;
    assert!(
        code == Some(1) && text.contains("FAIL  whatsapp: the number's settings cannot be read"),
        "{text}"
    );
    assert!(!text.contains(TOKEN), "{text}");
}
