//! What somebody wrote is not lost: at the end of a session, with a form that was refused, without a script.

use safar::{
    clock::Clock as _,
    desk::{Role, staff::Change},
    domain::{CaseId, StaffId},
    store::staff_sessions,
};
use serde_json::json;

use super::pages::{case_of_newest, waiting};
use crate::{
    staff::visitor::{Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        sql::{count, scalar, texts, wait_count},
    },
    web,
};

store_contract!(
    who_types_stays_and_an_answer_after_the_end_is_a_draft,
    what_is_refused_comes_back_in_its_field,
    who_leaves_the_web_chat_is_not_waited_for,
    a_case_goes_to_those_who_know,
    lists_tell_who_waits_and_what_ended_last,
);

const MINUTE: i64 = 60_000;

async fn start(fresh: &Fresh) -> TestApp {
    TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await
}

/// Ann, who has taken the case; its path.
async fn holds(app: &TestApp, case: CaseId) -> (Visitor<'_>, String) {
    let mut ann = Visitor::of(app);
    ann.log_in("ann").await;
    let path = format!("/staff/case/{case}");
    assert_eq!(ann.post("/staff/queue", &format!("{path}/claim"), &[]).await.status, 303);
    (ann, path)
}

/// As the page's script does: the token in a header, and the mark of a request that it makes by itself.
async fn drafts(ann: &mut Visitor<'_>, path: &str, csrf: &str, text: &str) -> u16 {
    ann.headers.insert("x-safar-live", "1".to_owned());
    ann.headers.insert("x-csrf", csrf.to_owned());
    let page = ann.post_raw(&format!("{path}/draft"), &[("text", text)]).await;
    ann.headers.clear();
    page.status
}

async fn who_types_stays_and_an_answer_after_the_end_is_a_draft(fresh: Fresh) {
    let app = start(&fresh).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let case = waiting(&app, 77, false).await;
    let (mut ann, path) = holds(&app, case).await;
    let csrf = ann.get(&path).await.field("csrf");
    // Forty minutes of writing, a save every twenty: no end.
    for text in ["Здравствуйте", "Здравствуйте! По закону"] {
        app.clock.advance_ms(20 * MINUTE);
        assert_eq!(drafts(&mut ann, &path, &csrf, text).await, 204);
    }
    app.clock.advance_ms(20 * MINUTE);
    // The same text once more is no typing.
    assert_eq!(drafts(&mut ann, &path, &csrf, "Здравствуйте! По закону").await, 204);
    app.clock.advance_ms(11 * MINUTE);
    assert_eq!(drafts(&mut ann, &path, &csrf, "Здравствуйте! По закону").await, 303, "it has ended");
    // The whole answer, sent too late.
    let whole = "Здравствуйте! По закону зарплату платят дважды в месяц.";
    let forged = ann.post_raw(&format!("{path}/answer"), &[("text", whole), ("csrf", "forged")]).await;
    assert_eq!(forged.status, 403);
    // As the page's own form comes, with a file: that has to be chosen again.
    let (answer, file) = (format!("{path}/answer"), Some(("договор.pdf", b"%PDF-1.7\n".as_slice())));
    let form = [("csrf", "forged"), ("text", whole)];
    assert_eq!(ann.try_post_file(&answer, &form, file).await.unwrap().status, 403);
    let form = [("csrf", csrf.as_str()), ("text", whole)];
    let page = ann.try_post_file(&answer, &form, file).await.unwrap();
    assert_eq!(page.location, format!("/staff/login?back={path}%3Fwhy%3Dkept-file"));
    assert_eq!(count(&app.app.store, "attachments").await, 0);
    let page = ann.post_raw(&answer, &[("text", whole), ("csrf", &csrf)]).await;
    let back = format!("/staff/login?back={path}%3Fwhy%3Dkept");
    assert_eq!((page.status, page.location.as_str()), (303, back.as_str()));
    assert_eq!(count(&app.app.store, "case_entries where author = 'staff'").await, 0);
    let (text, password) = (whole, crate::staff::visitor::PASSWORD);
    let form = [("login", "ann"), ("password", password), ("back", &format!("{path}?why=kept"))];
    let page = ann.post("/staff/login", "/staff/login", &form).await;
    assert_eq!(page.location, format!("{path}?why=kept"));
    let page = ann.get(&page.location).await;
    assert!(page.text.contains(&format!("{text}</textarea>")), "{}", page.text);
    assert!(page.text.contains("Your session ended before the answer was sent."));
    // Other forms of a case lead back to it.
    let csrf = page.field("csrf");
    app.clock.advance_ms(31 * MINUTE);
    let page = ann.post_raw(&format!("{path}/note"), &[("text", "x"), ("csrf", &csrf)]).await;
    assert_eq!(page.location, format!("/staff/login?back={path}"));
    // Where the session is forgotten, the words come back to who sent them.
    app.clock.advance_ms(2 * 24 * 60 * MINUTE);
    let now = app.clock.now();
    let mut tx = app.app.store.write().await.unwrap();
    staff_sessions::purge(&mut tx, now, now).await.unwrap();
    tx.commit().await.unwrap();
    let form = [("text", "Ещё один <b>"), ("csrf", csrf.as_str())];
    let page = ann.post_raw(&format!("{path}/answer"), &form).await;
    assert!(page.status == 401 && page.text.contains("Ещё один &#60;b&#62;</textarea>"), "{}", page.text);
    ann.cookies.clear();
    let page = ann.post_raw(&format!("{path}/answer"), &form).await;
    assert_eq!(page.status, 303, "nothing of another site's form is shown");
    app.stop().await;
}

async fn skilled(app: &TestApp, id: StaffId, skills: &[&str]) {
    let account = app.app.staff.get(id).await.unwrap().unwrap();
    let change = Change {
        name: account.name.clone(),
        roles: account.roles,
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
        max_cases: account.max_cases,
        version: account.version,
    };
    app.app.staff.change(Some(id), id, &change).await.unwrap().unwrap();
}

async fn what_is_refused_comes_back_in_its_field(fresh: Fresh) {
    let app = start(&fresh).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let bek = account(&app, "bek", &[Role::Consultant]).await;
    account(&app, "eve", &[Role::Supervisor]).await;
    let case = waiting(&app, 77, false).await;
    let (mut ann, path) = holds(&app, case).await;
    app.app.staff.set_duty(bek, bek, true).await.unwrap();
    let full = app.app.staff.get(bek).await.unwrap().unwrap();
    let change = Change {
        name: full.name.clone(),
        roles: full.roles,
        skills: Vec::new(),
        max_cases: Some(1),
        version: full.version,
    };
    app.app.staff.change(Some(bek), bek, &change).await.unwrap().unwrap();
    let mut other = Visitor::of(&app);
    other.log_in("bek").await;
    let second = waiting(&app, 78, false).await;
    assert_eq!(other.post("/staff/queue", &format!("/staff/case/{second}/claim"), &[]).await.status, 303);
    // The colleague is full: the note stays, and so does to whom.
    let to = format!("staff.{bek}");
    let form = [("to", to.as_str()), ("note", "Паспорт у хозяина, звонить после шести")];
    let page = ann.post(&path, &format!("{path}/hand"), &form).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("Паспорт у хозяина, звонить после шести</textarea>"), "{}", page.text);
    assert!(page.text.contains(&format!("<option value=\"{to}\" selected>")));
    // A note that is too long.
    let long = "ж".repeat(3_001);
    let page = ann.post(&path, &format!("{path}/note"), &[("text", &long)]).await;
    assert!(page.status == 422 && page.text.contains(&format!("{long}</textarea>")));
    // A quick reply without a script goes under what was written.
    let page = ann.get(&path).await;
    let key = page.text.split_once("data-reply").unwrap().0.rsplit_once("value=\"").unwrap().1;
    let key = key.split_once('"').unwrap().0.to_owned();
    let form = [("text", "Здравствуйте!"), ("reply", key.as_str())];
    let page = ann.post(&path, &format!("{path}/insert"), &form).await;
    assert_eq!((page.status, page.location.as_str()), (303, format!("{path}#answer").as_str()));
    let page = ann.get(&path).await;
    let draft =
        page.text.split_once("id=\"answer\"").unwrap().1.split_once("</textarea>").unwrap().0.to_owned();
    assert!(draft.contains("Здравствуйте!\n") && draft.lines().count() > 1, "{draft}");
    let form = [("text", "x"), ("reply", "no-such")];
    assert_eq!(ann.post(&path, &format!("{path}/insert"), &form).await.status, 409);
    assert_eq!(other.post("/staff/queue", &format!("{path}/insert"), &form).await.status, 404);
    // The form of another's case is refused whatever it holds, and the trail says who tried.
    let before = count(&app.app.store, "audit where verb = 'case-refused'").await;
    for form in [vec![], vec![("follow_up", "never")], vec![("help", "money")]] {
        assert_eq!(other.post("/staff/queue", &format!("{path}/close"), &form).await.status, 404);
    }
    assert_eq!(count(&app.app.store, "audit where verb = 'case-refused'").await, before + 3);
    assert_eq!(ann.post(&path, &format!("{path}/close"), &[("follow_up", "never")]).await.status, 422);
    // Advice, and where to turn to.
    let form = [
        ("help", "advice"),
        ("target", "lawyer"),
        ("topic", "U"),
        ("sex", "U"),
        ("age", "U"),
        ("origin", "U"),
        ("stay", "U"),
        ("audience", "U"),
        ("family", "U"),
        ("vulnerable", "U"),
    ];
    let version = ann.get(&format!("{path}/close")).await.field("version");
    let mut form = form.to_vec();
    form.push(("version", &version));
    let page = ann.post(&format!("{path}/close"), &format!("{path}/close"), &form).await;
    assert_eq!(page.location, "/staff/queue?done=closed", "{}", page.text);
    let store = &app.app.store;
    assert_eq!(count(store, "events where type = 'service'").await, 1);
    assert_eq!(count(store, "events where type = 'referral_made'").await, 1);
    // A closed case was not taken by anybody: it is closed.
    let page = other.post("/staff/queue", &format!("{path}/claim"), &[]).await;
    assert!(page.status == 409 && page.text.contains("This case is closed already."), "{}", page.text);
    // Settings: the field that is wrong is named, and all that was typed stands in the form.
    let mut eve = Visitor::of(&app);
    eve.log_in("eve").await;
    eve.enrol().await;
    let settings = "/staff/supervisor/settings";
    let hours = [
        ("version", "0"),
        ("zone", "300"),
        ("mon", "8:00-12:00"),
        ("tue", "9-25"),
        ("holidays", "2027-03-21"),
    ];
    let page = eve.post(settings, "/staff/supervisor/hours", &hours).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("Check: Tuesday."), "{}", page.text);
    for typed in ["value=\"8:00-12:00\"", "value=\"9-25\"", ">2027-03-21</textarea>"] {
        assert!(page.text.contains(typed), "{typed}");
    }
    let limits = [("version", "0"), ("max_cases", "7"), ("warn_after", "90"), ("return_after", "60")];
    let page = eve.post(settings, "/staff/supervisor/limits", &limits).await;
    assert!(page.status == 422 && page.text.contains("value=\"90\""), "{}", page.text);
    let replies = [("version", "0"), ("name", "Приём"), ("ru", ""), ("tg", "Салом"), ("ky", "")];
    let page = eve.post(settings, "/staff/supervisor/replies", &replies).await;
    assert!(
        page.status == 422 && page.text.contains("Салом</textarea>") && page.text.contains("Check: Приём.")
    );
    // Somebody else was quicker: one's own values stand there, to be saved once more.
    let hours =
        |mon: &'static str, version: &'static str| [("version", version), ("zone", "300"), ("mon", mon)];
    assert_eq!(eve.post(settings, "/staff/supervisor/hours", &hours("9-18", "0")).await.status, 303);
    let page = eve.post(settings, "/staff/supervisor/hours", &hours("10-16", "0")).await;
    assert!(page.status == 422 && page.text.contains("value=\"10-16\""), "{}", page.text);
    assert!(page.text.contains("Somebody else changed this"));
    assert_eq!(eve.post(settings, "/staff/supervisor/hours", &hours("10-16", "1")).await.status, 303);
    app.stop().await;
}

async fn who_leaves_the_web_chat_is_not_waited_for(fresh: Fresh) {
    let app = start(&fresh).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let guest = web::Visitor::new(&app).await;
    guest.send(&json!({ "id": "a", "start": {} })).await;
    let case = case_of_newest(&app, "web", false).await;
    let (mut ann, path) = holds(&app, case).await;
    let answer = format!("{path}/answer");
    assert_eq!(ann.post(&path, &answer, &[("text", "Первый ответ")]).await.status, 303);
    assert!(ann.get(&path).await.text.contains("on its way"));
    let leave = async |token: &str| {
        app.client.post(app.url("/chat/leave")).bearer_auth(token).send().await.unwrap().status().as_u16()
    };
    assert_eq!(leave("forged").await, 401);
    assert_eq!(leave(&"A".repeat(43)).await, 204, "nobody's");
    let store = &app.app.store;
    let marks = || async { count(store, "case_entries where kind = 'mark'").await };
    let before = marks().await;
    for _ in 0..2 {
        // Each of the browser's tabs tells it.
        assert_eq!(leave(&guest.token).await, 204);
    }
    assert_eq!(marks().await, before + 1);
    let page = ann.get(&path).await;
    assert!(
        page.text.contains("The person left the web chat: answers do not reach them here"),
        "{}",
        page.text
    );
    assert!(page.text.contains("they cannot be reached here"), "{}", page.text);
    assert!(page.text.contains("not delivered: the person left the chat"), "{}", page.text);
    assert_eq!(count(store, "outbox where state = 'queued'").await, 0);
    // What is said from now on does not pretend to be on its way.
    let after = page.field("after");
    let form = [("text", "Второй ответ"), ("after", after.as_str())];
    assert_eq!(ann.post(&path, &answer, &form).await.status, 303);
    assert_eq!(
        count(store, "outbox where error = 'left' and (state <> 'failed' or sealed is not null)").await,
        0
    );
    assert_eq!(ann.get(&path).await.text.matches("not delivered: the person left the chat").count(), 2);
    assert_eq!(scalar(store, "select cast(count(*) as bigint) from cases where state = 'claimed'").await, 1);
    // Should the token be remembered somewhere, a word of theirs counts.
    guest.send(&json!({ "id": "b", "text": "я здесь" })).await;
    assert!(!ann.get(&path).await.text.contains("they cannot be reached here"));
    app.stop().await;
}

async fn a_case_goes_to_those_who_know(fresh: Fresh) {
    let app = start(&fresh).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let bek = account(&app, "bek", &[Role::Consultant]).await;
    account(&app, "root", &[Role::Admin]).await;
    skilled(&app, bek, &["court", "узбекский язык"]).await;
    let (one, two) = (waiting(&app, 77, false).await, waiting(&app, 78, false).await);
    let (mut ann, path) = holds(&app, one).await;
    let hand = format!("{path}/hand");
    for nobody in ["skill.zzz nobody has", "skill.cour", "skill.court,"] {
        let form = [("to", nobody), ("note", "о суде")];
        let page = ann.post(&path, &hand, &form).await;
        assert_eq!(page.status, 422, "{nobody}");
        assert!(page.text.contains("No colleague knows this.") && page.text.contains("о суде</textarea>"));
    }
    assert_eq!(count(&app.app.store, "cases where skill is not null").await, 0);
    let page = ann.post(&path, &hand, &[("to", "skill.court"), ("note", "")]).await;
    assert_eq!(page.location, "/staff/queue?done=handed", "{}", page.text);
    let shown = |page: &str, case: CaseId| page.contains(&format!("data-row=\"{case}\""));
    let mut bek = Visitor::of(&app);
    bek.log_in("bek").await;
    for (skill, has) in [
        ("", (true, true)),
        ("*mine", (true, false)),
        ("court", (true, false)),
        ("узбекский язык", (false, false)),
    ] {
        let query = serde_html_form::to_string([("skill", skill)]).unwrap();
        let page = bek.get(&format!("/staff/queue?{query}")).await.text;
        assert_eq!((shown(&page, one), shown(&page, two)), has, "{skill}");
    }
    // Mine comes first, for who knows something.
    let page = bek.get("/staff/queue").await.text;
    let (mine, court) = (page.find("value=\"*mine\"").unwrap(), page.find("value=\"court\"").unwrap());
    assert!(mine < court);
    assert!(!ann.get("/staff/queue").await.text.contains("value=\"*mine\""));
    assert!(bek.get("/staff/account").await.text.contains("Knows: court, узбекский язык"));
    let mut root = Visitor::of(&app);
    root.log_in("root").await;
    root.enrol().await;
    assert!(root.get("/staff/people").await.text.contains("court, узбекский язык"));
    app.stop().await;
}

async fn lists_tell_who_waits_and_what_ended_last(fresh: Fresh) {
    let app = start(&fresh).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let (old, new) = (waiting(&app, 77, false).await, waiting(&app, 78, false).await);
    let (mut ann, path) = holds(&app, old).await;
    app.clock.advance_ms(8 * MINUTE);
    assert!(ann.get("/staff/queue").await.text.contains(">8 min</td>"), "they wait");
    assert_eq!(ann.post(&path, &format!("{path}/answer"), &[("text", "Ответ")]).await.status, 303);
    app.clock.advance_ms(5 * MINUTE);
    let page = ann.get("/staff/queue").await.text;
    assert!(page.contains(">answered 5 min ago</td>") && !page.contains(">8 min</td>"), "{page}");
    // A place is a link, and nothing of it is loaded.
    let place = json!({ "location": { "latitude": 55.755_8, "longitude": 37.617_3 } });
    app.update(&crate::support::app::message(app.next_update(), 77, &place)).await;
    wait_count(&app.app.store, "case_entries where kind = 'location'", 1).await;
    let page = ann.get(&path).await.text;
    let href = "href=\"https://www.openstreetmap.org/?mlat=55.755800&#38;mlon=37.617300#map=16/55.755800/37.617300\"";
    assert!(page.contains(href) && page.contains("rel=\"noopener noreferrer\""), "{page}");
    // The one opened first is closed last, and stands first.
    let other = format!("/staff/case/{new}");
    assert_eq!(ann.post("/staff/queue", &format!("{other}/claim"), &[]).await.status, 303);
    for path in [&other, &path] {
        app.clock.advance_ms(MINUTE);
        let close = format!("{path}/close");
        let version = ann.get(&close).await.field("version");
        let mut form = vec![("help", "information"), ("version", version.as_str())];
        let unsaid = ["topic", "sex", "age", "origin", "stay", "audience", "family", "vulnerable"];
        form.extend(unsaid.map(|field| (field, "U")));
        assert_eq!(ann.post(&close, &close, &form).await.location, "/staff/queue?done=closed");
    }
    let page = ann.get("/staff/queue/ended").await.text;
    let at = |case: CaseId| page.find(&format!("/staff/case/{case}")).unwrap();
    assert!(at(old) < at(new), "{page}");
    let closed = scalar(&app.app.store, &format!("select closed_at from cases where id = {old}")).await;
    let page = ann.get(&format!("/staff/queue/ended?before={closed}.{old}")).await.text;
    assert!(!page.contains(&format!("/staff/case/{old}")) && page.contains(&format!("/staff/case/{new}")));
    assert_eq!(
        texts(&app.app.store, "select state from cases where state <> 'closed'").await,
        [] as [String; 0]
    );
    app.stop().await;
}
