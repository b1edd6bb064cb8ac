//! A consultant's whole way in Debian's chromium with JavaScript off: from the password to the outcome, by plain forms.

use safar::desk::Role;
use serde_json::json;

use super::pages::waiting;
use crate::{
    staff::{
        visitor::account,
        walk::{WIDTHS, Walk},
    },
    support::{
        app::{Options, TestApp},
        chromium::Chromium,
        sql,
    },
};

#[tokio::test]
async fn without_javascript_a_case_goes_to_its_outcome() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let case = waiting(&app, 71, true).await;
    let path = format!("/staff/case/{case}");
    let tab = browser.tab(WIDTHS[0].0, WIDTHS[0].1).await;
    // The debugger's own questions are still answered; no script of a page runs.
    browser.tell(&tab, "Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.log_in("ann").await;
    walk.at("/staff/queue").await;
    let scripted = walk.browser.eval(&walk.tab, "document.querySelector('.scripted').checkVisibility() || document.documentElement.className.includes('js')").await;
    assert_eq!(scripted, false, "no script has run");
    walk.submit(&format!("{path}/claim")).await;
    walk.at(&path).await;
    app.fake.forget();
    walk.fill("answer", "Здравствуйте! Расскажите").await;
    walk.submit(&format!("{path}/answer")).await;
    walk.at(&path).await;
    assert!(walk.text().await.contains("Здравствуйте! Расскажите"));
    let said = app.fake.wait_said(1).await;
    assert!(said[0].body["text"].as_str().unwrap().contains("Здравствуйте! Расскажите"), "{said:?}");
    // A note for colleagues, behind a fold that opens by itself.
    walk.browser.press(&walk.tab, "[...document.querySelectorAll('summary')].find((e) => e.closest('details').querySelector('#note'))").await;
    walk.fill("note", "ask about papers").await;
    walk.submit(&format!("{path}/note")).await;
    walk.at(&path).await;
    assert!(walk.text().await.contains("ask about papers"));
    walk.browser.eval(&walk.tab, "window.leaving = true").await;
    walk.browser.press(&walk.tab, &format!("document.querySelector('a[href=\"{path}/close\"]')")).await;
    walk.at(&format!("{path}/close")).await;
    walk.browser.press(&walk.tab, "document.querySelector('[name=help][value=information]')").await;
    walk.submit(&format!("{path}/close")).await;
    walk.at("/staff/queue").await;
    assert!(walk.text().await.contains("The case is closed."), "{}", walk.text().await);
    sql::wait_count(&app.app.store, "cases where state = 'closed'", 1).await;
    walk.browser.close().await;
    app.stop().await;
}
