//! The desk in Debian's chromium: live updates within a second, a draft that outlives a reload, and how the pages look
//! on a phone and on a laptop.

use safar::{
    desk::{Role, Who},
    domain::StaffLocale,
};

use super::pages::waiting;
use crate::{
    staff::{
        visitor::account,
        walk::{WIDTHS, Walk},
    },
    support::{
        app::{Options, TestApp},
        chromium::Chromium,
    },
};

#[tokio::test]
async fn two_consultants_work_from_one_queue() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let bek = account(&app, "bek", &[Role::Consultant]).await;
    let bek = Who { id: bek, name: "Bek".to_owned(), supervisor: false, max_cases: None };
    let urgent = waiting(&app, 71, true).await;
    let other = waiting(&app, 72, false).await;
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.log_in("ann").await;
    walk.at("/staff/queue").await;
    walk.look("queue").await;
    // What a colleague takes is gone from this page within a second.
    let row = format!("document.querySelector('form[action=\"/staff/case/{other}/claim\"]')");
    walk.browser.until(&walk.tab, "document.querySelector('[data-stream]').hidden").await;
    let watch = safar::clock::Stopwatch::start();
    app.app.desk.claim(&bek, other).await.unwrap();
    walk.browser.until(&walk.tab, &format!("!{row}")).await;
    let seconds = watch.seconds();
    assert!(seconds < 1.0, "the page knew after {seconds:.2} s");
    // Where an alarm leads: the case is offered, and taken there.
    let path = format!("/staff/case/{urgent}");
    walk.open(&format!("{path}/claim")).await;
    walk.look("offer").await;
    walk.submit(&format!("{path}/claim")).await;
    walk.at(&path).await;
    // A reload, or another device, goes on with what was begun.
    walk.fill("answer", "Здравствуйте! Расскажите").await;
    walk.browser
        .until(&walk.tab, "performance.getEntriesByType('resource').some((e) => e.name.endsWith('/draft'))")
        .await;
    walk.open(&path).await;
    walk.browser
        .until(&walk.tab, "document.getElementById('answer').value.startsWith('Здравствуйте!')")
        .await;
    walk.look("case").await;
    walk.submit(&format!("{path}/answer")).await;
    walk.at(&path).await;
    assert!(walk.text().await.contains("Здравствуйте! Расскажите"));
    walk.look("case-answered").await;
    walk.open(&format!("{path}/close")).await;
    walk.look("close").await;
    walk.open("/staff/register").await;
    walk.look("register").await;
    walk.open("/staff/queue/ended").await;
    walk.look("ended").await;
    for locale in [StaffLocale::Ru, StaffLocale::Tg, StaffLocale::Ky] {
        walk.speak(locale).await;
        let close = format!("{path}/close");
        for (page, name) in [
            ("/staff/queue", "queue"),
            (path.as_str(), "case"),
            (close.as_str(), "close"),
            ("/staff/register", "register"),
        ] {
            walk.open(page).await;
            walk.look(&format!("{name}-{locale}")).await;
        }
    }
    assert_eq!(walk.browser.complaints(&walk.tab), [] as [&str; 0]);
    walk.browser.close().await;
    app.stop().await;
}

#[tokio::test]
async fn a_supervisor_looks_at_every_page() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "boss", &[Role::Supervisor, Role::Consultant, Role::Admin]).await;
    let bek = account(&app, "bek", &[Role::Consultant]).await;
    let bek = Who { id: bek, name: "Bek".to_owned(), supervisor: false, max_cases: None };
    let (waits, taken) = (waiting(&app, 71, true).await, waiting(&app, 72, false).await);
    app.app.desk.claim(&bek, taken).await.unwrap();
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut walk = Walk { app: &app, browser, tab };
    for locale in [StaffLocale::Ru, StaffLocale::Ky] {
        walk.open("/staff/login").await;
        walk.browser.eval(&walk.tab, "window.leaving = true").await;
        let button = format!("document.querySelector('.languages [lang={locale}]')");
        walk.browser.press(&walk.tab, &button).await;
        walk.at("/staff/login").await;
        walk.look(&format!("login-{locale}")).await;
    }
    walk.log_in("boss").await;
    walk.enrol().await;
    for locale in [StaffLocale::Ru, StaffLocale::Tg] {
        walk.speak(locale).await;
        for (page, name) in [
            ("/staff/supervisor".to_owned(), "supervisor"),
            ("/staff/supervisor/settings".to_owned(), "settings"),
            (format!("/staff/case/{waits}"), "case-waits"),
            (format!("/staff/case/{taken}"), "case-of-bek"),
            (format!("/staff/case/{taken}/page?node=patent"), "preview"),
            ("/staff/people".to_owned(), "people"),
            ("/staff/case/1".to_owned(), "not-there"),
        ] {
            walk.browser.open(&walk.tab, &app.url(&page)).await;
            walk.at(page.split('?').next().unwrap()).await;
            walk.look(&format!("{name}-{locale}")).await;
        }
    }
    walk.browser.close().await;
    app.stop().await;
}
