//! The alarm in the whole program: a chat tied by a code, a letter, on both databases.

use safar::{
    clock::{Clock as _, Ids as _, SystemIds},
    desk::{Role, staff::OwnChange},
    domain::{CaseId, StaffLocale},
    jobs,
    store::cases::{self, NewCase},
};

use crate::{
    staff::visitor::account,
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        smtp::FakeSmtp,
        sql,
    },
};

store_contract!(
    those_on_duty_hear_by_chat_and_by_letter,
    a_code_ties_a_chat_once_and_its_person_is_not_counted,
);

/// Chats of staff and of others.
const GULNARA: i64 = 501;
const ELSEWHERE: i64 = 502;

async fn start(fresh: &Fresh, smtp: Option<String>) -> TestApp {
    TestApp::start(Options { database_url: Some(fresh.url.clone()), smtp, ..Options::default() }).await
}

async fn urgent(app: &TestApp) -> CaseId {
    let now = app.clock.now();
    let case = CaseId(SystemIds::new().next(now));
    let new = NewCase {
        id: case,
        contact: None,
        channel: "tg",
        urgent: true,
        topic: Some("passport-taken".to_owned()),
        node: None,
        locale: "tg".to_owned(),
        country: "RU".to_owned(),
        skill: None,
        holder: None,
        at: now,
        key_id: 1,
        sealed: b"sealed".to_vec(),
    };
    let mut tx = app.app.store.write().await.unwrap();
    cases::open(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    case
}

/// What the bot said in a chat that holds these words.
pub(super) fn said(app: &TestApp, chat: i64, words: &str) -> Vec<String> {
    let calls = app.fake.said().into_iter().map(|call| call.body.to_string());
    calls.filter(|body| body.contains(&chat.to_string()) && body.contains(words)).collect()
}

async fn those_on_duty_hear_by_chat_and_by_letter(fresh: Fresh) {
    // The first try is put off by the mail server.
    let smtp = FakeSmtp::start(1).await;
    let app = start(&fresh, Some(smtp.url.clone())).await;
    let staff = &app.app.staff;
    for (login, on_duty) in [("gulnara", true), ("bek", false)] {
        let id = account(&app, login, &[Role::Consultant]).await;
        let own =
            OwnChange { locale: StaffLocale::En, zone: 300, email: format!("{login}@staff.example.org") };
        staff.change_own(id, &own).await.unwrap().unwrap();
        staff.set_duty(id, id, on_duty).await.unwrap();
        let code = staff.telegram_code(id).await.unwrap();
        let chat = if on_duty { GULNARA } else { ELSEWHERE };
        app.text(chat, &format!("/start {code}")).await;
    }
    let case = urgent(&app).await;
    app.clock.advance_ms(9 * 60_000);
    assert!(jobs::raise(&app.app.jobs).await.unwrap().is_empty());
    assert!(said(&app, GULNARA, "/staff/").is_empty());
    app.clock.advance_ms(60_000);
    // The job itself may have been faster.
    jobs::raise(&app.app.jobs).await.unwrap();
    let link = format!("http://bot.example.org/staff/case/{case}/claim");
    assert!(sql::until(async || said(&app, GULNARA, &link).len() == 1).await, "{:?}", app.fake.said());
    let letter = sql::until(async || {
        jobs::raise(&app.app.jobs).await.unwrap();
        smtp.letters().len() == 1
    });
    assert!(letter.await);
    // It rings again after a quarter of an hour, not before.
    app.clock.advance_ms(14 * 60_000);
    assert!(jobs::raise(&app.app.jobs).await.unwrap().is_empty());
    let letters = smtp.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(letters[0].contains("gulnara@staff.example.org") && letters[0].contains(&link), "{}", letters[0]);
    for text in [said(&app, GULNARA, &link)[0].clone(), letters[0].clone()] {
        assert!(!text.contains("passport") && !text.contains("sealed"), "{text}");
    }
    assert!(said(&app, ELSEWHERE, "/staff/").is_empty());
    app.stop().await;
}

async fn a_code_ties_a_chat_once_and_its_person_is_not_counted(fresh: Fresh) {
    let app = start(&fresh, None).await;
    let id = account(&app, "gulnara", &[Role::Consultant]).await;
    let tied = async || app.app.staff.get(id).await.unwrap().unwrap().has_telegram;
    app.text(ELSEWHERE, "/start staff-forged").await;
    assert!(!tied().await);
    let code = app.app.staff.telegram_code(id).await.unwrap();
    app.text(GULNARA, &format!("/start {code}")).await;
    assert!(tied().await);
    let store = &app.app.store;
    let flags = "events where type = 'flag'";
    assert_eq!(sql::count(store, flags).await, 1);
    assert_eq!(
        sql::texts(store, "select attrs from events where type = 'flag'").await,
        [r#"{"kind":"staff"}"#]
    );
    // The code is used up, and stands in no event.
    app.text(ELSEWHERE, &format!("/start {code}")).await;
    assert_eq!(sql::count(store, "events where type <> 'flag'").await, 0);
    assert_eq!(sql::count(store, flags).await, 1);
    assert_eq!(sql::count(store, "audit where verb = 'telegram-tied'").await, 1);
    // Forgotten is untied.
    for text in ["/start", "русский", "/delete", "да"] {
        app.text(GULNARA, text).await;
    }
    assert!(!tied().await);
    app.stop().await;
}
