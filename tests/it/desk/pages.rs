//! The desk's pages over HTTP: what is shown to whom, and what a form does.

use safar::{
    clock::{Clock as _, Ids as _, SystemIds},
    desk::Role,
    domain::{CaseId, ContactId, Locale},
    engine::{Case, State},
    privacy::{Keys, case_context},
    store::{cases, sessions},
};

use crate::{
    staff::visitor::{Visitor, account},
    support::app::{Options, TestApp},
};

/// The keys of the running program.
fn keys(app: &TestApp) -> Keys {
    Keys::read(&app.folder.path().join("safar.key")).unwrap()
}

/// Somebody on Telegram whose case waits.
pub async fn waiting(app: &TestApp, chat: i64, urgent: bool) -> CaseId {
    app.text(chat, "/start").await;
    case_of_newest(app, "tg", urgent).await
}

/// A case that waits, of the person who came last; they are in the conversation.
pub async fn case_of_newest(app: &TestApp, channel: &'static str, urgent: bool) -> CaseId {
    let now = app.clock.now();
    let case = CaseId(SystemIds::new().next(now));
    let store = &app.app.store;
    let mut tx = store.write().await.unwrap();
    let all = sessions::list_silent(&mut tx, now.plus_ms(1), 100).await.unwrap();
    let contact: ContactId = all.into_iter().max().unwrap();
    let mut state = State::default();
    state.locale = Some(Locale::Ru);
    state.case = Some(Case::new(case.0, urgent, now));
    sessions::put_state(&mut tx, contact, &state.to_json(), now).await.unwrap();
    let told = serde_json::json!({ "question": "<script>alert(1)</script> \u{202E}" });
    let new = cases::NewCase {
        id: case,
        contact: Some(contact),
        channel,
        urgent,
        topic: Some("unpaid-wages".to_owned()),
        node: None,
        locale: "ru".to_owned(),
        country: "RU".to_owned(),
        skill: None,
        holder: None,
        at: now,
        key_id: 1,
        sealed: keys(app).seal(&case_context(case), told.to_string().as_bytes(), &SystemIds::new()),
    };
    cases::open(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    case
}

#[tokio::test]
async fn a_case_goes_from_the_queue_to_its_outcome_by_plain_forms() {
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    account(&app, "bek", &[Role::Consultant]).await;
    let case = waiting(&app, 77, true).await;
    let (mut ann, mut bek) = (Visitor::of(&app), Visitor::of(&app));
    ann.log_in("ann").await;
    bek.log_in("bek").await;
    let page = ann.get("/staff/queue").await;
    assert!(page.status == 200 && page.text.contains("1 case waits") && page.text.contains("Unpaid wages"));
    assert!(page.text.contains("class=\"tag urgent\""), "{}", page.text);
    // One wins, the other learns who and when.
    let path = format!("/staff/case/{case}");
    let claim = format!("{path}/claim");
    let page = ann.post("/staff/queue", &claim, &[]).await;
    assert_eq!((page.status, page.location), (303, format!("{path}?done=claimed")));
    let page = bek.post("/staff/account", &claim, &[]).await;
    assert!(page.status == 409 && page.text.contains("Name of ann took this case at"), "{}", page.text);
    // Quick replies of the content that fit the topic, in the person's language.
    let page = ann.get(&path).await;
    assert!(page.text.contains("Ваш вопрос у меня") && page.text.contains("Ничего не удаляйте"));
    assert!(!page.text.contains("В каком вы отделе"), "a reply of another topic");
    // Whoever has not the case sees nothing of it.
    for other in
        [path.clone(), format!("{path}/close"), format!("{path}/page?node=x"), "/staff/case/x".into()]
    {
        assert_eq!(bek.get(&other).await.status, 404, "{other}");
    }
    assert_eq!(bek.post("/staff/account", &format!("{path}/answer"), &[("text", "x")]).await.status, 404);
    let page = ann.get(&path).await;
    assert!(page.text.contains("&#60;script&#62;alert(1)"), "{}", page.text);
    assert!(
        !page.text.contains("<script>alert") && !page.text.contains("chat_id") && !page.text.contains(">77<")
    );
    // Forged, replayed without a token, empty, far too long.
    let answer = format!("{path}/answer");
    assert_eq!(ann.post_raw(&answer, &[("text", "x"), ("csrf", "forged")]).await.status, 403);
    assert_eq!(ann.post_raw(&answer, &[("text", "x")]).await.status, 403);
    assert_eq!(ann.post(&path, &answer, &[("text", " ")]).await.status, 422);
    let long = "ж".repeat(100_000);
    let page = ann.post(&path, &answer, &[("text", &long)]).await;
    assert!(page.status == 422 && page.text.contains("Too long: 100000 characters"));
    assert!(page.text.len() < 400_000 && page.text.contains("жжж"), "the text comes back in its field");
    // The words arrive on the phone, as they are.
    app.fake.forget();
    let page = ann.post(&path, &answer, &[("text", "Здравствуйте! <b>*Имя*</b>")]).await;
    assert_eq!((page.status, page.location), (303, format!("{path}?done=sent")));
    let said = app.fake.wait_said(1).await;
    assert!(said.iter().any(|call| call.body.to_string().contains("Здравствуйте!")), "{said:?}");
    let page = ann.get(&path).await;
    assert!(page.text.contains("&#60;b&#62;*Имя*"), "{}", page.text);
    // A note, a draft, a look.
    assert_eq!(ann.post(&path, &format!("{path}/note"), &[("text", "ask about papers")]).await.status, 303);
    assert_eq!(ann.post(&path, &format!("{path}/draft"), &[("text", "half of it")]).await.status, 204);
    assert_eq!(ann.post(&path, &format!("{path}/look"), &[]).await.status, 204);
    assert!(ann.get(&path).await.text.contains("half of it</textarea>"));
    // Closing needs its words.
    let close = format!("{path}/close");
    let page = ann.post(&close, &close, &[("help", "money")]).await;
    assert!(page.status == 422 && page.text.contains("Choose the kind of help."), "{}", page.text);
    let version = ann.get(&close).await.field("version");
    let form = [
        ("help", "advice"),
        ("topic", "unpaid-wages"),
        ("sex", "F"),
        ("age", "<18"),
        ("origin", "TJ"),
        ("stay", "RU"),
        ("audience", "migrant"),
        ("family", "U"),
        ("vulnerable", "U"),
        ("version", version.as_str()),
    ];
    let page = ann.post(&close, &close, &form).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/queue?done=closed"), "{}", page.text);
    assert_eq!(ann.get(&close).await.status, 409, "it is closed");
    let page = ann.get("/staff/queue/ended").await;
    assert!(page.text.contains("Individual legal advice"), "{}", page.text);
    app.stop().await;
}

#[tokio::test]
async fn roles_keep_to_their_pages() {
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    account(&app, "eve", &[Role::Editor]).await;
    account(&app, "boss", &[Role::Supervisor]).await;
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    for (path, status) in [
        ("/staff/queue", 200),
        ("/staff/queue?after=x&locale=%3Cb%3E", 200),
        ("/staff/register", 200),
        ("/staff/supervisor", 403),
        ("/staff/supervisor/settings", 403),
        ("/staff/file/1", 404),
        ("/staff/file/1/image", 404),
    ] {
        assert_eq!(ann.get(path).await.status, status, "{path}");
    }
    let form = [("version", "0"), ("code", "a"), ("country", "TJ")];
    assert_eq!(ann.post("/staff/account", "/staff/supervisor/centre", &form).await.status, 403);
    let mut eve = Visitor::of(&app);
    eve.log_in("eve").await;
    for path in ["/staff/queue", "/staff/register", "/staff/stream", "/staff/case/1"] {
        assert_eq!(eve.get(path).await.status, 403, "{path}");
    }
    let mut boss = Visitor::of(&app);
    boss.log_in("boss").await;
    boss.enrol().await;
    assert_eq!(boss.get("/staff/supervisor?days=30").await.status, 200);
    let settings = "/staff/supervisor/settings";
    assert_eq!(boss.get(settings).await.status, 200);
    let page = boss.post(settings, "/staff/supervisor/centre", &form).await;
    assert_eq!(page.location, format!("{settings}?done=saved"));
    let page = boss.post(settings, "/staff/supervisor/centre", &form).await;
    assert!(page.status == 422 && page.text.contains("Somebody else changed this"), "{}", page.text);
    let hours = [("version", "0"), ("zone", "300"), ("mon", "25-26"), ("holidays", "")];
    let page = boss.post(settings, "/staff/supervisor/hours", &hours).await;
    assert!(page.status == 422 && page.text.contains("Check: Monday."), "{}", page.text);
    app.stop().await;
}

#[tokio::test]
async fn words_for_a_case_that_is_gone_come_back_to_their_writer() {
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let case = waiting(&app, 77, false).await;
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    // As of one that was taken away, or that never was: the answer tells nothing of the case.
    for path in [format!("/staff/case/{case}"), "/staff/case/1".to_owned()] {
        for what in ["answer", "note"] {
            let page = ann.post("/staff/account", &format!("{path}/{what}"), &[("text", "a <b> word")]).await;
            assert!(
                page.status == 404 && page.text.contains("a &#60;b&#62; word</textarea>"),
                "{}",
                page.text
            );
            assert!(!page.text.contains("Unpaid wages"));
        }
        let page = ann.post("/staff/account", &format!("{path}/answer"), &[("text", " ")]).await;
        assert!(page.status == 404 && !page.text.contains("<textarea"), "{}", page.text);
    }
    app.stop().await;
}

#[tokio::test]
async fn a_page_is_found_by_typing_and_shown_as_the_channel_shows_it() {
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let case = waiting(&app, 77, false).await;
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    let path = format!("/staff/case/{case}");
    ann.post("/staff/queue", &format!("{path}/claim"), &[]).await;
    let release = app.app.desk.release();
    let title = |node: &str| release.texts.format(Locale::Ru, node, None, None).unwrap().into_owned();
    let links = |text: &str| text.matches("/page?node=").count();
    let all = links(&ann.get(&format!("{path}/page")).await.text);
    assert!(all > 100, "{all}");
    let find = |text: &str| format!("{path}/page?{}", serde_html_form::to_string([("find", text)]).unwrap());
    // By a word of the title, by a question, by the whole title, by what is nowhere.
    let page = ann.get(&find("ПАТЕНТ")).await;
    assert!((3..all).contains(&links(&page.text)), "{}", links(&page.text));
    assert!(links(&ann.get(&find("хозяин не платит мне деньги")).await.text) > 0);
    let page = ann.get(&find(&title("status-military"))).await;
    assert_eq!((page.status, page.location), (303, format!("{path}/page?node=status-military")));
    let page = ann.get(&find("<b>qqqqq")).await;
    assert!(page.text.contains("There is no such page") && !page.text.contains("<b>qqqqq"), "{}", page.text);
    // Bold is bold, and the buttons stand as on Telegram.
    let page = ann.get(&format!("{path}/page?node=status-military")).await;
    let text = page.text.split("class=\"words\"").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(text.contains("<strong>") && !text.contains('*'), "{text}");
    assert!(page.text.contains("<ul class=\"buttons\""), "{}", page.text);
    // Whoever has not the case finds nothing through it.
    account(&app, "bek", &[Role::Consultant]).await;
    let mut bek = Visitor::of(&app);
    bek.log_in("bek").await;
    assert_eq!(bek.get(&find("патент")).await.status, 404);
    app.stop().await;
}

#[tokio::test]
async fn a_supervisor_sets_skills_duty_and_limits_and_sees_whose_answer_is_due() {
    let app = TestApp::start(Options::default()).await;
    let ann = account(&app, "ann", &[Role::Consultant]).await;
    let eve = account(&app, "eve", &[Role::Editor]).await;
    account(&app, "boss", &[Role::Supervisor]).await;
    let case = waiting(&app, 77, false).await;
    let (mut own, mut boss) = (Visitor::of(&app), Visitor::of(&app));
    own.log_in("ann").await;
    own.post("/staff/queue", &format!("/staff/case/{case}/claim"), &[]).await;
    boss.log_in("boss").await;
    boss.enrol().await;
    let person = format!("/staff/supervisor/people/{ann}");
    assert_eq!(own.get(&person).await.status, 403);
    assert_eq!(own.post("/staff/account", &person, &[("version", "1"), ("duty", "on")]).await.status, 403);
    assert_eq!(boss.get(&format!("/staff/supervisor/people/{eve}")).await.status, 404, "no one of the desk");
    let version = boss.get(&person).await.field("version");
    let form =
        [("version", version.as_str()), ("skills", "wages, court"), ("max_cases", "7"), ("duty", "on")];
    let page = boss.post(&person, &person, &form).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/supervisor?done=saved"), "{}", page.text);
    let account = app.app.staff.get(ann).await.unwrap().unwrap();
    assert_eq!(
        (account.on_duty, account.max_cases, account.skills),
        (true, Some(7), vec!["wages".into(), "court".into()])
    );
    assert!(account.roles.has(Role::Consultant) && account.name == "Name of ann");
    let page = boss.post(&person, &person, &form).await;
    assert!(page.status == 422 && page.text.contains("wages, court"), "somebody changed it meanwhile");
    // Somebody else's answer is not the supervisor's own.
    let page = boss.get("/staff/supervisor").await;
    assert!(page.text.contains("Waits for an answer") && !page.text.contains("Waits for your answer"));
    assert!(page.text.contains("first answer within 30 min") && page.text.contains("No centre is set"));
    assert!(own.get("/staff/queue").await.text.contains("Waits for your answer"));
    // What the form shows can be saved as it is.
    let page = boss.get("/staff/supervisor/settings").await;
    let again = page.text.split("name=\"alarm_again\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(again.contains("min=\"0\"") && again.contains("value=\"15\""), "{again}");
    app.stop().await;
}
