//! Settings of the account, and its templates as the API tells of them.

use safar::{
    channels::{
        SendError, http,
        whatsapp::{
            Account,
            templates::{self, Known, Standing},
        },
    },
    content::{Purpose, Variable},
};
use serde_json::json;

use super::NUMBER;
use crate::support::fake_whatsapp::{Answer, BUSINESS, FakeWhatsApp, Kind, TOKEN};

fn account(fake: &FakeWhatsApp) -> Account {
    Account::new(fake.url(), NUMBER, TOKEN, http::client(http::TOTAL).unwrap()).unwrap()
}

#[test]
fn settings_of_a_wrong_form_are_refused_before_any_call() {
    let client = http::client(http::TOTAL).unwrap();
    for url in
        ["", "graph.facebook.com/v25.0", "ftp://x/v25.0", "http://x/v25.0?y=", "http://x/v25.0#y", "http://"]
    {
        let error = Account::new(url, NUMBER, TOKEN, client.clone()).unwrap_err();
        assert_eq!(error, SendError::Misconfigured { key: "whatsapp.api_url" }, "{url:?}");
    }
    for token in ["a\nb", "a\u{7f}b", "ключ\0"] {
        let error = Account::new("http://x/v25.0", NUMBER, token, client.clone()).unwrap_err();
        assert_eq!(error, SendError::Misconfigured { key: "whatsapp.access_token" }, "{token:?}");
    }
    assert!(Account::new("https://graph.facebook.com/v25.0/", NUMBER, " t \n", client).is_ok());
}

#[tokio::test]
async fn the_version_of_the_address_stays_in_every_path() {
    let fake = FakeWhatsApp::start().await;
    let slashed = format!("{}/", fake.url());
    let account = Account::new(&slashed, NUMBER, TOKEN, http::client(http::TOTAL).unwrap()).unwrap();
    account.manage(&format!("{NUMBER}?fields=verified_name"), None).await.unwrap();
    account.manage(&templates::list_path(BUSINESS, None), None).await.unwrap();
    let paths: Vec<_> = fake.calls().into_iter().map(|call| call.path).collect();
    let fields = "id,name,language,status,category,components";
    let expected = [
        "/v25.0/111?fields=verified_name".to_owned(),
        format!("/v25.0/222/message_templates?fields={fields}&limit=100"),
    ];
    assert_eq!(paths, expected);
}

#[test]
fn a_cursor_is_opaque() {
    let path = templates::list_path(BUSINESS, Some("QVFI+/a=&limit=1#x"));
    assert!(path.ends_with("&limit=100&after=QVFI%2B%2Fa%3D%26limit%3D1%23x"), "{path}");
}

#[tokio::test]
async fn errors_of_management_calls_are_told_apart() {
    let fake = FakeWhatsApp::start().await;
    let raw = |status, body: &str| Answer::Raw { status, headers: vec![], body: body.as_bytes().to_vec() };
    let table = [
        (Answer::Error(401, 190), SendError::Misconfigured { key: "whatsapp.access_token" }),
        (Answer::Error(400, 100), SendError::Refused { code: "bad_request" }),
        (raw(404, "gone"), SendError::Misconfigured { key: "whatsapp.api_url" }),
        (raw(200, "<html>"), SendError::Ambiguous),
        (raw(502, ""), SendError::Unreachable),
    ];
    for (answer, expected) in table {
        fake.script(Kind::List, vec![answer.clone()]);
        let path = templates::list_path(BUSINESS, None);
        assert_eq!(account(&fake).manage(&path, None).await, Err(expected), "{answer:?}");
    }
    let wrong = Account::new(fake.url(), NUMBER, "other", http::client(http::TOTAL).unwrap()).unwrap();
    let refused = wrong.manage(&templates::list_path(BUSINESS, None), None).await;
    assert_eq!(refused, Err(SendError::Misconfigured { key: "whatsapp.access_token" }));
}

#[test]
fn a_page_of_templates_is_read_and_names_the_next() {
    let page = json!({
        "data": [
            {"id": "5", "name": "answer_ready", "language": "ru", "status": "APPROVED", "category": "UTILITY",
                "components": [{"type": "HEADER", "format": "TEXT", "text": "?"}, {"type": "BODY", "text": "Ответ"},
                    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Читать"}]}]},
            {"id": "6", "name": "other"},
            "rubbish",
        ],
        "paging": {"cursors": {"before": "a", "after": "b"}, "next": "https://…"},
    });
    let (known, next) = templates::read_list(&page);
    assert_eq!(next.as_deref(), Some("b"));
    assert_eq!(known.len(), 3);
    let first = &known[0];
    let texts = [&first.id, &first.name, &first.language, &first.status, &first.category, &first.body];
    assert_eq!(texts, ["5", "answer_ready", "ru", "APPROVED", "UTILITY", "Ответ"]);
    assert_eq!((first.button.as_deref(), known[1].button.as_deref()), (Some("Читать"), None));
    // The last page has cursors, too, but no next.
    let last = json!({"data": [], "paging": {"cursors": {"before": "a", "after": "b"}}});
    assert_eq!(templates::read_list(&last), (vec![], None));
    for rubbish in [json!(null), json!([]), json!({"data": {}}), json!({"paging": 1})] {
        assert_eq!(templates::read_list(&rubbish), (vec![], None));
    }
}

#[test]
fn our_templates_are_sent_for_review_whole_and_changed_in_parts() {
    let release = crate::dialogs::embedded_release();
    let template = release.template(Purpose::Answer).unwrap();
    let text = template.texts.iter().find(|text| &*text.code == "ru").unwrap();
    let review = |known: Option<&Known>| {
        serde_json::from_slice::<serde_json::Value>(&templates::to_review(template, text, known)).unwrap()
    };
    let known = |status: &str, category: &str, body: &str| Known {
        id: "T1".into(),
        name: template.name.to_string(),
        language: "ru".into(),
        status: status.into(),
        category: category.into(),
        body: body.into(),
        button: text.button.as_deref().map(Into::into),
    };
    let components = json!([
        {"type": "BODY", "text": text.body},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": text.button}]},
    ]);
    let whole =
        json!({"name": "answer_ready", "language": "ru", "category": "UTILITY", "components": components});
    assert_eq!(review(None), whole);
    let parts = json!({"components": components});
    let with_category = json!({"category": "UTILITY", "components": components});
    // WhatsApp takes another category only for what it has not approved.
    let table = [
        (known("APPROVED", "UTILITY", &text.body), Standing::Same, &parts),
        (known("APPROVED", "UTILITY", "?"), Standing::OtherText, &parts),
        (known("APPROVED", "MARKETING", &text.body), Standing::Moved, &parts),
        (known("REJECTED", "MARKETING", &text.body), Standing::OtherCategory, &with_category),
        (known("REJECTED", "MARKETING", "?"), Standing::OtherText, &with_category),
    ];
    for (known, standing, body) in table {
        assert_eq!(templates::standing(&known, template, text), standing, "{known:?}");
        assert_eq!(review(Some(&known)), *body, "{known:?}");
    }
    let mut with_name = template.clone();
    with_name.variables = vec![(Variable::Date, "24 ноября".into())];
    let body: serde_json::Value =
        serde_json::from_slice(&templates::to_review(&with_name, text, None)).unwrap();
    assert_eq!(body["components"][0]["example"], json!({"body_text": [["24 ноября"]]}));
}
