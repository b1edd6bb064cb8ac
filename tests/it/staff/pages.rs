//! Pages and forms over HTTP: who gets in, who is refused, what a forged form does.

use safar::{
    app::console_texts,
    clock::Clock as _,
    desk::{Role, audit},
    domain::StaffLocale,
    privacy::totp,
};

use super::visitor::{PASSWORD, Visitor, account};
use crate::support::app::{Options, TestApp};

async fn app() -> TestApp {
    TestApp::start(Options::default()).await
}

#[tokio::test]
async fn an_empty_house_says_how_to_begin_and_a_link_opens_it() {
    let app = app().await;
    let mut visitor = Visitor::of(&app);
    let page = visitor.get("/staff").await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/login?back=/staff"));
    assert_eq!(visitor.get("/staff/").await.location, "/staff");
    visitor.headers.insert("accept-language", "ky-KG, en".to_owned());
    let page = visitor.get("/staff/login").await;
    assert!(page.text.contains("safar staff add LOGIN") && page.text.contains("<html lang=\"ky\">"));
    assert!(!page.text.contains("name=\"password\""));
    // The first account, by its link.
    let new = safar::desk::staff::NewAccount {
        login: "gulnara".to_owned(),
        name: "G".to_owned(),
        roles: [Role::Admin].into_iter().collect(),
        locale: StaffLocale::Tg,
        zone: 300,
    };
    let id = app.app.staff.add(None, &new).await.unwrap().unwrap();
    let link = format!("/staff/link/{}", app.app.staff.password_link(None, id).await.unwrap());
    let page = visitor.get(&link).await;
    assert!(page.status == 200 && page.text.contains("gulnara"), "{}", page.text);
    let differs = [("password", PASSWORD), ("again", "x")];
    assert_eq!(visitor.post(&link, &link, &differs).await.status, 422);
    let short = [("password", "short"), ("again", "short")];
    assert_eq!(visitor.post(&link, &link, &short).await.status, 422);
    let right = [("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(visitor.post_raw(&link, &right).await.status, 403, "no token");
    assert_eq!(visitor.post(&link, &link, &right).await.status, 200);
    assert_eq!(visitor.get(&link).await.status, 410);
    assert_eq!(visitor.get("/staff/link/forged").await.status, 410);
    // An administrator sets up the second step before anything else.
    assert_eq!(visitor.log_in("gulnara").await, "/staff");
    for path in ["/staff", "/staff/people", "/staff/account", "/staff/trail"] {
        let page = visitor.get(path).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/staff/second-step"), "{path}");
    }
    visitor.enrol().await;
    let page = visitor.get("/staff").await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/people"));
    let page = visitor.get("/staff/people").await;
    assert!(page.status == 200 && page.text.contains("<html lang=\"tg\">"), "{}", page.text);
    app.stop().await;
}

#[tokio::test]
async fn a_login_is_refused_paused_and_leads_back() {
    let app = app().await;
    account(&app, "gulnara", &[Role::Editor]).await;
    let mut visitor = Visitor::of(&app);
    let page = visitor.get("/staff/people?x=1").await;
    assert_eq!(page.location, "/staff/login?back=/staff/people%3Fx%3D1");
    let page = visitor.get(&page.location).await;
    assert_eq!(page.field("back"), "/staff/people?x=1");
    let wrong = [("login", "gulnara"), ("password", "wrong \"><script>")];
    for _ in 0..5 {
        let page = visitor.post("/staff/login", "/staff/login", &wrong).await;
        assert!(page.status == 422 && page.text.contains("role=\"alert\""), "{}", page.text);
        assert!(!page.text.contains("<script"), "nothing typed comes back as markup");
    }
    let right = [("login", "gulnara"), ("password", PASSWORD), ("back", "/staff/account")];
    let page = visitor.post("/staff/login", "/staff/login", &right).await;
    assert_eq!(page.status, 422, "paused");
    app.clock.advance_ms(30_000);
    let page = visitor.post("/staff/login", "/staff/login", &right).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/account"));
    let page = visitor.get("/staff/login?back=/staff/account").await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/account"), "in already");
    let elsewhere = [("login", "gulnara"), ("password", PASSWORD), ("back", "//evil.example")];
    let page = Visitor::of(&app).post("/staff/login", "/staff/login", &elsewhere).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff"));
    app.stop().await;
}

#[tokio::test]
async fn a_link_from_elsewhere_asks_once_more_for_the_cookie() {
    let app = app().await;
    let mut visitor = Visitor::of(&app);
    visitor.headers.insert("sec-fetch-site", "cross-site".to_owned());
    let page = visitor.get("/staff/login?back=/staff/account").await;
    assert!(page.text.contains("content=\"0; url=/staff/login?back=/staff/account\""), "{}", page.text);
    visitor.headers.insert("sec-fetch-site", "same-origin".to_owned());
    assert!(visitor.get("/staff/login").await.text.contains("safar staff add"));
    app.stop().await;
}

#[tokio::test]
async fn the_second_step_stands_between_password_and_pages() {
    let app = app().await;
    account(&app, "boss", &[Role::Admin]).await;
    let mut visitor = Visitor::of(&app);
    visitor.log_in("boss").await;
    let secret = visitor.enrol().await;
    app.clock.advance_ms(60_000);
    let mut other = Visitor::of(&app);
    other.log_in("boss").await;
    let page = other.get("/staff/people").await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/code?back=/staff/people"));
    // Half-way in there is no way around, not even to another second step.
    let page = other.get("/staff/second-step").await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/code?back=/staff/second-step"));
    let page = other.get("/staff/code?back=/staff/people").await;
    let csrf = page.field("csrf");
    assert_eq!(
        other.post_raw("/staff/people", &[("csrf", &csrf), ("login", "x"), ("name", "x")]).await.location,
        "/staff/code?back=/staff"
    );
    let code = totp::code_at(&secret, app.clock.now()).unwrap();
    assert_eq!(other.post_raw("/staff/code", &[("code", &code)]).await.status, 403, "no token");
    assert_eq!(other.post_raw("/staff/code", &[("csrf", &csrf), ("code", "123 456")]).await.status, 422);
    let half = other.cookies.clone();
    let form = [("csrf", csrf.as_str()), ("code", code.as_str()), ("back", "/staff/people")];
    let page = other.post_raw("/staff/code", &form).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/people"));
    assert_eq!(other.get("/staff/people").await.status, 200);
    // The session of before the second step is gone, and so is the code.
    let mut thief = Visitor::of(&app);
    thief.cookies = half;
    assert_eq!(thief.post_raw("/staff/code", &form).await.location, "/staff/login");
    app.stop().await;
}

#[tokio::test]
async fn forms_without_a_token_or_with_another_sessions_change_nothing() {
    let app = app().await;
    account(&app, "gulnara", &[Role::Consultant]).await;
    let (mut own, mut other) = (Visitor::of(&app), Visitor::of(&app));
    own.log_in("gulnara").await;
    other.log_in("gulnara").await;
    let foreign = other.get("/staff/account").await.field("csrf");
    let form = [("locale", "ru"), ("zone", "180"), ("email", "")];
    for csrf in [None, Some(""), Some("forged"), Some(foreign.as_str())] {
        let mut form = form.to_vec();
        form.extend(csrf.map(|csrf| ("csrf", csrf)));
        let page = own.post_raw("/staff/account", &form).await;
        assert_eq!(page.status, 403, "{csrf:?}");
        assert!(page.text.contains("<html lang=\"en\">"), "a page in the viewer's language: {}", page.text);
        assert_eq!(own.post_raw("/staff/logout", &form).await.status, 403);
        let language = own.post_raw("/staff/language", &form).await;
        assert_eq!(language.status, 403);
    }
    // By the header, as scripts send it.
    let csrf = own.get("/staff/account").await.field("csrf");
    own.headers.insert("x-csrf", csrf.clone());
    assert_eq!(own.post_raw("/staff/account", &form).await.location, "/staff/account?done=saved");
    own.headers.clear();
    // Replayed after logging out.
    let mut replay = form.to_vec();
    replay.push(("csrf", &csrf));
    let cookies = own.cookies.clone();
    assert_eq!(own.post_raw("/staff/logout", &[("csrf", &csrf)]).await.location, "/staff/login");
    assert!(own.cookies.keys().all(|name| name != "safar-staff"), "{:?}", own.cookies);
    own.cookies = cookies;
    assert_eq!(own.post_raw("/staff/account", &replay).await.location, "/staff/login?back=/staff");
    app.stop().await;
}

#[tokio::test]
async fn what_is_no_form_is_refused_plainly() {
    let app = app().await;
    account(&app, "boss", &[Role::Admin]).await;
    let mut visitor = Visitor::of(&app);
    visitor.log_in("boss").await;
    visitor.enrol().await;
    let csrf = visitor.get("/staff/people").await.field("csrf");
    let huge = "я".repeat(400_000);
    for (path, form, status) in [
        ("/staff/people", vec![("login", "x")], 400),
        (
            "/staff/people",
            vec![("login", "abc"), ("name", "A"), ("role", "root"), ("locale", "ru"), ("zone", "0")],
            400,
        ),
        (
            "/staff/people",
            vec![("login", "abc"), ("name", "A"), ("role", "viewer"), ("locale", "de"), ("zone", "0")],
            400,
        ),
        (
            "/staff/people",
            vec![("login", "abc"), ("name", "A"), ("role", "viewer"), ("locale", "ru"), ("zone", "x")],
            400,
        ),
        ("/staff/people", vec![("login", "abc"), ("name", "A"), ("locale", "ru"), ("zone", "0")], 422),
        (
            "/staff/people",
            vec![("login", "boss"), ("name", "A"), ("role", "viewer"), ("locale", "ru"), ("zone", "0")],
            422,
        ),
        (
            "/staff/people",
            vec![("login", "abc"), ("name", huge.as_str()), ("locale", "ru"), ("zone", "0")],
            413,
        ),
        ("/staff/people/1", vec![("name", "A"), ("version", "1"), ("role", "viewer")], 404),
        ("/staff/people/1/lock", vec![], 404),
        ("/staff/people/x/lock", vec![], 404),
        ("/staff/nothing", vec![], 404),
    ] {
        let mut form = form;
        form.push(("csrf", &csrf));
        let page = visitor.post_raw(path, &form).await;
        assert_eq!(page.status, status, "{path} {:?}", form.first());
        assert!(page.text.contains("<!doctype html>"), "{path}: {}", page.text);
    }
    for (path, status) in [
        ("/staff/nothing", 404),
        ("/staff/people/1", 404),
        ("/staff/people/x", 404),
        ("/staff/logout", 405),
        ("/staff/trail?before=x&staff=y&object=%27&kind=%3Cb%3E", 200),
    ] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.text.contains("<!doctype html>") && !page.text.contains("<b>"), "{path}");
    }
    app.stop().await;
}

#[tokio::test]
async fn only_administrators_reach_accounts_and_trail() {
    let app = app().await;
    let id = account(&app, "gulnara", &[Role::Consultant, Role::Editor, Role::Publisher, Role::Viewer]).await;
    let mut visitor = Visitor::of(&app);
    visitor.log_in("gulnara").await;
    let one = format!("/staff/people/{id}");
    let lock = format!("/staff/people/{id}/lock");
    for path in ["/staff/people", &one, "/staff/trail"] {
        assert_eq!(visitor.get(path).await.status, 403, "{path}");
    }
    let csrf = visitor.get("/staff/account").await.field("csrf");
    for (path, form) in [
        (
            "/staff/people",
            vec![("login", "eve"), ("name", "E"), ("role", "admin"), ("locale", "ru"), ("zone", "0")],
        ),
        (&one, vec![("name", "E"), ("role", "admin"), ("version", "2")]),
        (&lock, vec![]),
    ] {
        let mut form = form;
        form.push(("csrf", &csrf));
        assert_eq!(visitor.post_raw(path, &form).await.status, 403, "{path}");
    }
    let accounts = app.app.staff.list().await.unwrap();
    assert!(accounts.len() == 1 && !accounts[0].roles.has(Role::Admin) && !accounts[0].is_locked());
    let page = visitor.get("/staff/account").await;
    assert!(!page.text.contains("href=\"/staff/people\""), "the navigation shows what one may see");
    app.stop().await;
}

#[tokio::test]
async fn an_administrator_makes_changes_and_locks_accounts() {
    let app = app().await;
    account(&app, "boss", &[Role::Admin]).await;
    let mut boss = Visitor::of(&app);
    boss.log_in("boss").await;
    boss.enrol().await;
    let form = [
        ("login", "azamat"),
        ("name", "<b>Азамат</b>"),
        ("role", "consultant"),
        ("role", "editor"),
        ("locale", "ky"),
        ("zone", "360"),
    ];
    let page = boss.post("/staff/people", "/staff/people", &form).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(!page.text.contains("<b>"), "a name is text");
    let link = page.text.split_once("/staff/link/").unwrap().1.split_once('<').unwrap().0.to_owned();
    let link = format!("/staff/link/{link}");
    let mut azamat = Visitor::of(&app);
    let set = azamat.post(&link, &link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(set.status, 200);
    azamat.log_in("azamat").await;
    let page = azamat.get("/staff/account").await;
    assert!(
        page.text.contains("<html lang=\"ky\">") && page.text.contains("24.11.2026 12:00"),
        "{}",
        page.text
    );
    let id = app.app.staff.get_by_login("azamat").await.unwrap().unwrap().id;
    let one = format!("/staff/people/{id}");
    let page = boss.get(&one).await;
    assert_eq!(page.text.matches(" checked").count(), 2);
    let version = page.field("version");
    let change = [
        ("name", "Азамат"),
        ("role", "consultant"),
        ("skills", "patent, status\nwages"),
        ("max_cases", "7"),
        ("version", &version),
    ];
    let page = boss.post(&one, &one, &change).await;
    assert_eq!(page.location, format!("{one}?done=saved"));
    let account = app.app.staff.get(id).await.unwrap().unwrap();
    assert_eq!((account.skills.len(), account.max_cases, account.name.as_str()), (3, Some(7), "Азамат"));
    // The same form again: somebody changed it since.
    let page = boss.post(&one, &one, &change).await;
    assert_eq!(page.status, 422);
    for (what, locked) in [("on-duty", false), ("lock", true), ("unlock", false), ("sessions", false)] {
        let page = boss.post(&one, &format!("{one}/{what}"), &[]).await;
        assert_eq!(page.location, format!("{one}?done=saved"), "{what}");
        assert_eq!(app.app.staff.get(id).await.unwrap().unwrap().is_locked(), locked, "{what}");
    }
    assert_eq!(azamat.get("/staff/account").await.status, 303, "locked out");
    let own = app.app.staff.get_by_login("boss").await.unwrap().unwrap().id;
    let page = boss.post(&one, &format!("/staff/people/{own}/lock"), &[]).await;
    assert_eq!(page.status, 422, "the last administrator");
    // All of it stands in the trail, in words.
    let page = boss.get("/staff/trail").await;
    for word in ["account locked", "account unlocked", "one-time link made", "read the trail", "went on duty"]
    {
        assert!(page.text.contains(word), "{word}");
    }
    let page = boss.get(&format!("/staff/trail?staff={id}")).await;
    assert!(page.text.contains("password set") && !page.text.contains("account locked"));
    assert!(matches!(
        audit::verify(&app.app.store, None).await.unwrap(),
        audit::Verdict::Whole { rows: 10.., .. }
    ));
    app.stop().await;
}

#[tokio::test]
async fn ones_own_account_is_changed_after_the_password() {
    let app = app().await;
    let id = account(&app, "gulnara", &[Role::Consultant]).await;
    let mut visitor = Visitor::of(&app);
    visitor.log_in("gulnara").await;
    let here = "/staff/account";
    let bad = visitor.post(here, here, &[("locale", "tg"), ("zone", "180"), ("email", "x")]).await;
    assert_eq!(bad.status, 422);
    visitor.post(here, here, &[("locale", "tg"), ("zone", "180"), ("email", "g@example.org")]).await;
    let page = visitor.get("/staff/account?done=saved").await;
    assert!(page.text.contains("Сабт шуд.") && page.text.contains("g@example.org"), "{}", page.text);
    assert!(!visitor.get("/staff/account?done=%3Cb%3E").await.text.contains("<b>"));
    for (old, new, again, status) in [
        ("wrong", "another long one", "another long one", 422),
        (PASSWORD, "another long one", "differs", 422),
        (PASSWORD, "short", "short", 422),
        (PASSWORD, "another long one", "another long one", 303),
        (PASSWORD, "another long one", "another long one", 422),
    ] {
        let form = [("old", old), ("password", new), ("again", again)];
        assert_eq!(visitor.post(here, "/staff/account/password", &form).await.status, status, "{old} {new}");
    }
    let code = visitor.post(here, "/staff/account/telegram", &[]).await;
    let code = code.text.split_once("/start ").unwrap().1.split_once('<').unwrap().0.to_owned();
    assert!(app.app.staff.tie_telegram(&code, safar::domain::ContactId(4)).await.unwrap());
    assert!(visitor.get(here).await.text.contains("/staff/account/untie"));
    visitor.post(here, "/staff/account/untie", &[]).await;
    assert!(!app.app.staff.get(id).await.unwrap().unwrap().has_telegram);
    visitor.post(here, "/staff/account/duty", &[("on", "true")]).await;
    assert!(app.app.staff.get(id).await.unwrap().unwrap().on_duty);
    // A second step of one's own will needs the password as well.
    let page = visitor.get("/staff/second-step").await;
    let (sealed, csrf) = (page.field("sealed"), page.field("csrf"));
    let form = [("csrf", csrf.as_str()), ("sealed", &sealed), ("code", "000000"), ("password", "wrong")];
    assert_eq!(visitor.post_raw("/staff/second-step", &form).await.status, 422);
    assert!(!app.app.staff.get(id).await.unwrap().unwrap().has_second_step);
    app.stop().await;
}

#[tokio::test]
async fn pages_are_kept_by_nobody_and_run_nothing_foreign() {
    let app = app().await;
    account(&app, "gulnara", &[Role::Consultant]).await;
    let mut visitor = Visitor::of(&app);
    for path in ["/staff/login", "/staff/account", "/staff/nothing"] {
        if path == "/staff/account" {
            visitor.log_in("gulnara").await;
        }
        let page = visitor.get(path).await;
        let header = |name: &str| page.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), "no-store", "{path}");
        let policy = header("content-security-policy");
        assert!(
            policy.contains("script-src 'self'; style-src 'self'") && policy.contains("default-src 'none'")
        );
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        let inline = ["style=", "<style", " onclick", "javascript:"];
        assert!(inline.iter().all(|inline| !page.text.contains(inline)), "{path}");
    }
    // A script's request is told where to go, a stream only that it may not.
    let mut script = Visitor::of(&app);
    script.headers.insert("hx-request", "true".to_owned());
    let page = script.get("/staff/account").await;
    assert_eq!(
        (page.status, page.headers["hx-redirect"].to_str().unwrap()),
        (401, "/staff/login?back=/staff/account")
    );
    let mut stream = Visitor::of(&app);
    stream.headers.insert("accept", "text/event-stream".to_owned());
    assert_eq!(stream.get("/staff/account").await.status, 401);
    app.stop().await;
}

#[tokio::test]
async fn every_page_speaks_four_languages() {
    let app = app().await;
    let id = account(&app, "boss", &[Role::Admin, Role::Supervisor, Role::Consultant]).await;
    let mut visitor = Visitor::of(&app);
    visitor.log_in("boss").await;
    visitor.enrol().await;
    let one = format!("/staff/people/{id}");
    let texts = console_texts().unwrap();
    for locale in StaffLocale::ALL {
        let switched = visitor
            .post("/staff/account", "/staff/language", &[("locale", locale.as_str()), ("back", &one)])
            .await;
        assert_eq!((switched.status, switched.location.as_str()), (303, one.as_str()));
        for path in
            ["/staff/account", "/staff/people", &one, "/staff/trail", "/staff/second-step", "/staff/nothing"]
        {
            let page = visitor.get(path).await;
            assert!(page.text.contains(&format!("<html lang=\"{locale}\">")), "{locale} {path}");
            assert!(page.text.contains(&texts.get(locale, "log-out", None)), "{locale} {path}");
            // An id or a variable that no text was found for would stand there as it is.
            for raw in page.text.split(['<', '>', '"']).map(str::trim) {
                let is_id = raw.contains('-')
                    && !raw.contains(['/', '.', ' ', '='])
                    && [
                        "account-",
                        "people-",
                        "person-",
                        "trail-",
                        "second-",
                        "codes-",
                        "verb-",
                        "role-hint-",
                        "refusal-",
                        "zone-",
                    ]
                    .iter()
                    .any(|start| raw.starts_with(start));
                let is_attribute = ["second-step", "zone-hint", "codes-password"].contains(&raw);
                assert!(!is_id || is_attribute, "{locale} {path}: {raw}");
                assert!(!raw.contains("{$") && !raw.contains("{ $"), "{locale} {path}: {raw}");
            }
        }
    }
    // Who is not in chooses the language of the browser.
    let mut stranger = Visitor::of(&app);
    let to = stranger.post_raw("/staff/language", &[("locale", "tg"), ("back", "/staff/login")]).await;
    assert_eq!(to.location, "/staff/login");
    assert!(stranger.get("/staff/login").await.text.contains("<html lang=\"tg\">"));
    app.stop().await;
}
