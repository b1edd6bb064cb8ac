//! The console's script in Debian's chromium: what is typed outlives the case, urgent cases are heard on each page, the
//! keyboard stays with its person, and tabs share one stream.

use safar::{
    clock::Clock as _,
    desk::{
        CloseForm, Role, Sent, To, Who,
        outcome::Outcome,
        settings::{Limits, Setting},
    },
    domain::{CaseId, StaffId, StaffLocale},
    privacy::totp,
};
use serde_json::json;

use super::{
    pages::waiting,
    service::{close, outcome},
};
use crate::{
    staff::{
        visitor::{PASSWORD, Visitor, account},
        walk::{WIDTHS, Walk},
    },
    support::{
        app::{Options, TestApp},
        chromium::Chromium,
    },
};

/// Somebody who sees all, as the service knows them.
fn boss(id: StaffId) -> Who {
    Who { id, name: "Boss".to_owned(), supervisor: true, max_cases: None }
}

async fn log_in<'a>(app: &'a TestApp, mut browser: Chromium, login: &str) -> Walk<'a> {
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    // A speaker that counts, in place of the machine's own, which has none.
    let source = "window.beeps = 0; window.AudioContext = class {
        state = 'running'; currentTime = 0; destination = {};
        resume() { return Promise.resolve(); }
        createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to }; }
        createOscillator() { window.beeps += 0.5; window.rang = performance.now(); return { frequency: {}, connect: (to) => to, start() {}, stop() {} }; }
    }";
    browser.tell(&tab, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    let mut walk = Walk { app, browser, tab };
    walk.open("/staff/login").await;
    walk.fill("login", login).await;
    walk.fill("password", PASSWORD).await;
    walk.submit("/staff/login").await;
    walk.at("/staff/queue").await;
    walk.browser.eval(&walk.tab, "localStorage.setItem('safar-sound', '1')").await;
    walk
}

/// The script has its stream, and has looked for urgent cases.
async fn listens(walk: &mut Walk<'_>) {
    let ready = "performance.getEntriesByType('resource').some((e) => e.name.endsWith('/staff/news'))";
    walk.browser.until(&walk.tab, ready).await;
}

/// A case that comes while pages are open: the hands that it goes through tell them.
async fn comes(app: &TestApp, hands: &Who, chat: i64, urgent: bool) -> CaseId {
    let case = waiting(app, chat, urgent).await;
    app.app.desk.claim(hands, case).await.unwrap();
    app.app.desk.hand(hands, case, &To::Queue, "").await.unwrap();
    case
}

async fn case_page(walk: &mut Walk<'_>, who: &Who, case: CaseId) {
    walk.app.app.desk.claim(who, case).await.unwrap();
    walk.open(&format!("/staff/case/{case}")).await;
    listens(walk).await;
}

#[tokio::test]
async fn what_is_typed_outlives_a_case_that_is_taken_away() {
    let Some(browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    let ann = account(&app, "ann", &[Role::Consultant]).await;
    let ann = Who { id: ann, name: "Ann".to_owned(), supervisor: false, max_cases: None };
    let boss = boss(account(&app, "boss", &[Role::Supervisor]).await);
    let (one, two) = (waiting(&app, 81, false).await, waiting(&app, 82, false).await);
    let mut walk = log_in(&app, browser, "ann").await;
    case_page(&mut walk, &ann, one).await;
    walk.fill("answer", "Долгий ответ, который жаль").await;
    app.app.desk.hand(&boss, one, &To::Queue, "").await.unwrap();
    let kept = "document.querySelector('#kept')?.value === 'Долгий ответ, который жаль'";
    walk.browser.until(&walk.tab, kept).await;
    assert!(walk.text().await.contains("The case went back to the queue"), "{}", walk.text().await);
    assert!(!walk.text().await.contains("alert(1)"), "the conversation is not theirs any more");
    walk.look("case-gone").await;
    // Who wrote nothing is led back to the queue.
    case_page(&mut walk, &ann, two).await;
    app.app.desk.hand(&boss, two, &To::Queue, "").await.unwrap();
    walk.at("/staff/queue").await;
    assert!(walk.text().await.contains("The case went back to the queue"), "{}", walk.text().await);
    // Closed by a supervisor: the page stays theirs, the form goes, the words do not.
    case_page(&mut walk, &ann, two).await;
    walk.fill("answer", "Ещё один").await;
    let word = || "U".to_owned();
    let outcome = Outcome {
        help: "information".to_owned(),
        target: None,
        topic: word(),
        sex: word(),
        age: word(),
        origin: word(),
        stay: word(),
        audience: word(),
        family: word(),
        vulnerable: word(),
    };
    let version = app.app.desk.read(&boss, two, false).await.unwrap().row.version;
    let form = CloseForm { outcome, follow_up: Ok(None), household: String::new(), centre: None, version };
    app.app.desk.close(&boss, two, &form).await.unwrap();
    walk.browser.until(&walk.tab, "document.querySelector('#kept')?.value === 'Ещё один'").await;
    let gone = "!document.querySelector('[data-answer]') && !document.querySelector('[href$=\"/close\"]')";
    walk.browser.until(&walk.tab, gone).await;
    assert!(walk.text().await.contains("Closed"), "{}", walk.text().await);
    walk.browser.close().await;
    app.stop().await;
}

#[tokio::test]
async fn an_urgent_case_is_heard_on_each_page() {
    let Some(browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    let ann = account(&app, "ann", &[Role::Consultant]).await;
    let ann = Who { id: ann, name: "Ann".to_owned(), supervisor: false, max_cases: None };
    let bek = account(&app, "bek", &[Role::Consultant]).await;
    let bek = Who { id: bek, name: "Bek".to_owned(), supervisor: false, max_cases: None };
    let case = waiting(&app, 81, false).await;
    let mut walk = log_in(&app, browser, "ann").await;
    for (path, chat) in [("/staff/register".to_owned(), 90), (format!("/staff/case/{case}"), 93)] {
        if path.ends_with(&case.to_string()) {
            app.app.desk.claim(&ann, case).await.unwrap();
        }
        walk.open(&path).await;
        listens(&mut walk).await;
        let urgent = comes(&app, &bek, chat, true).await;
        walk.browser.until(&walk.tab, "window.beeps === 1").await;
        walk.browser.until(&walk.tab, "document.querySelector('[data-alert]').checkVisibility()").await;
        walk.browser.until(&walk.tab, "performance.now() - window.rang > 500").await;
        // One goes as another comes: the number of urgent cases is what it was.
        let other = waiting(&app, chat + 1, true).await;
        app.app.desk.claim(&ann, urgent).await.unwrap();
        walk.browser.until(&walk.tab, "window.beeps === 2").await;
        walk.look("urgent-elsewhere").await;
        // It is seen at the end of a long page, too.
        let seen = "(() => { scrollTo(0, 1e6); const at = document.querySelector('[data-alert]').getBoundingClientRect();
            return scrollY > 0 && at.top >= 50 && at.bottom < innerHeight; })()";
        walk.browser.resize(&walk.tab, WIDTHS[0].0, WIDTHS[0].1).await;
        assert_eq!(walk.browser.eval(&walk.tab, seen).await, true);
        app.app.desk.claim(&ann, other).await.unwrap();
        walk.browser.until(&walk.tab, "!document.querySelector('[data-alert]').checkVisibility()").await;
    }
    assert_eq!(walk.browser.complaints(&walk.tab), [] as [&str; 0]);
    walk.browser.close().await;
    app.stop().await;
}

/// What is handed to somebody, said in their cases or warned of is heard on each page but the one that shows it.
#[tokio::test]
async fn a_holder_hears_what_happens_to_their_cases() {
    let Some(browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    let ann = account(&app, "ann", &[Role::Consultant]).await;
    let holder = Who { id: ann, name: "Ann".to_owned(), supervisor: false, max_cases: None };
    let boss = boss(account(&app, "boss", &[Role::Supervisor]).await);
    let limits = Setting::Limits(Limits { warn_after: 5, ..Limits::default() });
    app.app.desk.set(&boss, &limits, 0).await.unwrap();
    let case = waiting(&app, 81, false).await;
    let mut walk = log_in(&app, browser, "ann").await;
    walk.open("/staff/register").await;
    listens(&mut walk).await;
    let marked = "document.querySelector('p[data-mine]').checkVisibility()";
    let rang = async |walk: &mut Walk<'_>, times: u32| {
        walk.browser.until(&walk.tab, &format!("window.beeps === {times}")).await;
        walk.browser.until(&walk.tab, marked).await;
        walk.browser.until(&walk.tab, "performance.now() - window.rang > 500").await;
    };
    app.app.desk.hand(&boss, case, &To::Staff(ann), "").await.unwrap();
    rang(&mut walk, 1).await;
    walk.look("news-elsewhere").await;
    // The case's page shows it: the mark goes, and what is said in front of it is no news.
    walk.open(&format!("/staff/case/{case}")).await;
    listens(&mut walk).await;
    walk.browser.until(&walk.tab, &format!("!{marked}")).await;
    app.clock.advance_ms(1_000);
    app.text(81, "Ещё не заплатили").await;
    walk.browser.until(&walk.tab, "document.body.innerText.includes('Ещё не заплатили')").await;
    let shown = walk.browser.eval(&walk.tab, "performance.now()").await.as_f64().unwrap();
    // The last look of those that might have rung.
    let asked = "performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/staff/news'))";
    let looked = format!("{asked}.some((e) => e.startTime > {shown}) || performance.now() > {shown} + 2000");
    walk.browser.until(&walk.tab, &looked).await;
    assert_eq!(walk.browser.eval(&walk.tab, "window.beeps").await, 0);
    // The warning is heard in front of it, too.
    app.clock.advance_ms(6 * 60_000);
    app.app.desk.watch_silence().await.unwrap();
    walk.browser.until(&walk.tab, "window.beeps === 1").await;
    assert_eq!(app.app.desk.answer(&holder, case, "Звоним", 0).await.unwrap(), Sent::Queued);
    // Elsewhere it is.
    walk.open("/staff/register").await;
    listens(&mut walk).await;
    app.clock.advance_ms(1_000);
    app.text(81, "Вы здесь?").await;
    rang(&mut walk, 1).await;
    // So is the warning; the queue marks both without a line above it.
    app.clock.advance_ms(6 * 60_000);
    app.app.desk.watch_silence().await.unwrap();
    rang(&mut walk, 2).await;
    walk.open("/staff/queue").await;
    listens(&mut walk).await;
    assert_eq!(walk.browser.eval(&walk.tab, marked).await, false);
    let text = walk.text().await;
    assert!(text.contains("New words") && text.contains("New: a warning"), "{text}");
    assert!(text.contains("Back to the queue:"), "{text}");
    walk.look("news-queue").await;
    assert_eq!(walk.browser.complaints(&walk.tab), [] as [&str; 0]);
    walk.browser.close().await;
    app.stop().await;
}

#[tokio::test]
async fn the_keyboard_stays_with_its_person() {
    let Some(browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    let bek = account(&app, "bek", &[Role::Consultant]).await;
    let bek = Who { id: bek, name: "Bek".to_owned(), supervisor: false, max_cases: None };
    account(&app, "ann", &[Role::Consultant]).await;
    let (one, two) = (waiting(&app, 81, false).await, waiting(&app, 82, false).await);
    let mut walk = log_in(&app, browser, "ann").await;
    walk.open("/staff/queue").await;
    listens(&mut walk).await;
    let button = |case: CaseId| format!("document.querySelector('[data-row=\"{case}\"] [data-claim]')");
    walk.browser.eval(&walk.tab, &format!("{}.focus()", button(one))).await;
    // Somebody more urgent comes to the first place.
    let urgent = comes(&app, &bek, 83, true).await;
    walk.browser.until(&walk.tab, &format!("!!{}", button(urgent))).await;
    assert_eq!(
        walk.browser.eval(&walk.tab, &format!("document.activeElement === {}", button(one))).await,
        true
    );
    // The person is gone: the keyboard is on nobody, so Enter takes nobody.
    app.app.desk.claim(&bek, one).await.unwrap();
    walk.browser.until(&walk.tab, &format!("!{}", button(one))).await;
    assert_eq!(
        walk.browser.eval(&walk.tab, "document.activeElement.closest('[data-row]')").await,
        json!(null)
    );
    // j goes through the list, in whatever layout.
    for case in [urgent, two, two] {
        let key = json!({ "type": "keyDown", "key": "о", "code": "KeyJ", "windowsVirtualKeyCode": 74 });
        walk.browser.tell(&walk.tab, "Input.dispatchKeyEvent", key).await;
        assert_eq!(
            walk.browser.eval(&walk.tab, &format!("document.activeElement === {}", button(case))).await,
            true
        );
    }
    walk.browser.close().await;
    app.stop().await;
}

#[tokio::test]
async fn many_tabs_share_one_stream() {
    let Some(browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let bek = account(&app, "bek", &[Role::Consultant]).await;
    let bek = Who { id: bek, name: "Bek".to_owned(), supervisor: false, max_cases: None };
    let mut walk = log_in(&app, browser, "ann").await;
    listens(&mut walk).await;
    let mut tabs = Vec::new();
    for _ in 0..8 {
        let tab = walk.browser.tab_beside(&walk.tab, WIDTHS[1].0, WIDTHS[1].1).await;
        walk.browser.open(&tab, &app.url("/staff/queue")).await;
        walk.browser
            .until(&tab, "document.readyState === 'complete' && location.pathname === '/staff/queue'")
            .await;
        tabs.push(tab);
    }
    let case = comes(&app, &bek, 81, false).await;
    let row = format!("!!document.querySelector('[data-row=\"{case}\"]')");
    let last = tabs.last().unwrap().clone();
    walk.browser.tell(&last, "Page.bringToFront", json!({})).await;
    walk.browser.until(&last, &row).await;
    // The one that listened goes: another takes over.
    walk.browser.open(&walk.tab, "about:blank").await;
    let next = comes(&app, &bek, 82, false).await;
    walk.browser.until(&last, &format!("!!document.querySelector('[data-row=\"{next}\"]')")).await;
    walk.browser.close().await;
    app.stop().await;
}

/// All pages that a supervisor sees, in each language and at both widths.
#[tokio::test]
async fn the_supervisors_pages_look_right_in_each_language() {
    let Some(browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    let boss = account(&app, "boss", &[Role::Consultant, Role::Supervisor]).await;
    let who = self::boss(boss);
    let (held, urgent) = (waiting(&app, 81, false).await, waiting(&app, 82, true).await);
    app.app.desk.claim(&who, held).await.unwrap();
    let later = waiting(&app, 83, false).await;
    app.app.desk.claim(&who, later).await.unwrap();
    let version = app.app.desk.read(&who, later, true).await.unwrap().row.version;
    let day = Ok(Some(app.clock.now().plus_ms(60_000)));
    let form = CloseForm { follow_up: day, ..close(outcome("advice"), version) };
    app.app.desk.close(&who, later, &form).await.unwrap();
    let secret = {
        let mut visitor = Visitor::of(&app);
        visitor.log_in("boss").await;
        visitor.enrol().await
    };
    let mut browser = browser;
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.open("/staff/login").await;
    walk.fill("login", "boss").await;
    walk.fill("password", PASSWORD).await;
    walk.submit("/staff/login").await;
    app.clock.advance_ms(60_000);
    walk.fill("code", &totp::code_at(&secret, app.clock.now()).unwrap()).await;
    walk.submit("/staff/code").await;
    let case = format!("/staff/case/{held}");
    for locale in StaffLocale::ALL {
        app.app.staff.set_locale(boss, locale).await.unwrap();
        for (path, name) in [
            ("/staff/queue".to_owned(), "queue"),
            (case.clone(), "case"),
            (format!("/staff/case/{urgent}"), "case-waiting"),
            (format!("{case}/close"), "close"),
            (format!("{case}/page"), "pages"),
            ("/staff/supervisor".to_owned(), "supervisor"),
            (format!("/staff/supervisor/people/{boss}"), "person"),
            ("/staff/supervisor/settings".to_owned(), "settings"),
            ("/staff/queue/ended".to_owned(), "ended"),
            ("/staff/follow-ups".to_owned(), "follow-ups"),
            ("/staff/account".to_owned(), "account"),
        ] {
            walk.open(&path).await;
            walk.look(&format!("boss-{name}-{locale}")).await;
        }
    }
    walk.open("/staff/follow-ups").await;
    walk.browser.press(&walk.tab, "document.querySelector('main summary')").await;
    walk.look("boss-follow-ups-open").await;
    walk.browser.open(&walk.tab, &app.url(&format!("{case}/page?node=status-military"))).await;
    walk.browser.until(&walk.tab, "location.search && document.readyState === 'complete'").await;
    walk.look("boss-preview").await;
    // On a phone the menu can be seen and opened.
    walk.browser.resize(&walk.tab, WIDTHS[0].0, WIDTHS[0].1).await;
    let colours = "[getComputedStyle(document.querySelector('.burger')).backgroundColor, getComputedStyle(document.querySelector('.top')).backgroundColor]";
    let colours = walk.browser.eval(&walk.tab, colours).await;
    assert_ne!(colours[0], colours[1]);
    // Question and answer have room.
    walk.open(&case).await;
    let narrow =
        "Math.min(...[...document.querySelectorAll('dd')].map((e) => e.getBoundingClientRect().width))";
    let narrow = walk.browser.eval(&walk.tab, narrow).await.as_f64().unwrap();
    assert!(narrow > 100.0, "{narrow}");
    assert_eq!(walk.browser.complaints(&walk.tab), [] as [&str; 0]);
    walk.browser.close().await;
    app.stop().await;
}
