//! The page of the reports: who may, what comes, what is said when nothing can come.

use safar::{clock::Clock as _, counting, desk::Role};

use super::difference;
use crate::{
    staff::{
        visitor::{Visitor, account},
        walk::{WIDTHS, Walk},
    },
    support::{
        app::{Options, TestApp},
        chromium::Chromium,
    },
};

/// Half past one at night by the programme's clock: the comparison of that night is still to come.
async fn app() -> TestApp {
    TestApp::start(Options { now: "2026-11-24T20:30:00Z", ..Options::default() }).await
}

/// What the night finds.
async fn compared(app: &TestApp, found: &counting::Compared) {
    let mut tx = app.app.store.write().await.unwrap();
    counting::note_compared(&mut tx, found, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

const FORM: [(&str, &str); 6] = [
    ("period", "2026-Q3"),
    ("format", "xlsx"),
    ("lang", "en"),
    ("public", "0"),
    ("prepared", "Gulnara"),
    ("approved", "=1+1"),
];

fn with<'a>(key: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form: Vec<(&str, &str)> = FORM.to_vec();
    for field in &mut form {
        if field.0 == key {
            field.1 = value;
        }
    }
    form
}

#[tokio::test]
async fn a_viewer_makes_files_and_others_do_not() {
    let app = app().await;
    account(&app, "donor", &[Role::Viewer]).await;
    account(&app, "consultant", &[Role::Consultant]).await;
    let mut other = Visitor::of(&app);
    other.log_in("consultant").await;
    assert_eq!(other.get("/staff/reports").await.status, 403);
    assert_eq!(other.post("/staff/account", "/staff/reports/file", &FORM).await.status, 403);
    let mut donor = Visitor::of(&app);
    donor.log_in("donor").await;
    assert!(donor.get("/staff/dashboard").await.text.contains("href=\"/staff/reports\""));
    let page = donor.get("/staff/reports").await;
    assert!(page.status == 200 && page.text.contains("2026-Q3 · provisional"), "{}", page.text);
    assert!(!page.text.contains("2027-Q1"), "a period that has not begun");
    assert!(page.text.contains("safar indicators recount --compare"), "no night yet: {}", page.text);
    assert_eq!(donor.post("/staff/reports", "/staff/reports/file", &FORM).await.status, 409);
    compared(&app, &counting::Compared::default()).await;
    assert_eq!(donor.post_raw("/staff/reports/file", &FORM).await.status, 403, "no token");
    let page = donor.post("/staff/reports", "/staff/reports/file", &with("format", "csv")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert_eq!(page.headers["content-disposition"], "attachment; filename=\"safar-2026-Q3-en-csv.csv\"");
    assert!(page.text.contains(",provisional,R2,"), "{}", page.text);
    assert_eq!(page.headers["cache-control"], "no-store");
    let page = donor.post("/staff/reports", "/staff/reports/file", &FORM).await;
    assert_eq!(
        page.headers["content-type"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    // What cannot be made is said, and the form keeps what was filled in.
    let page = donor.post("/staff/reports", "/staff/reports/file", &with("format", "iati")).await;
    assert!(page.status == 422 && page.text.contains("no section [iati]"), "{}", page.text);
    assert!(page.text.contains("value=\"=1+1\""), "{}", page.text);
    for (key, value) in [("period", "x"), ("format", "pdf"), ("lang", "tg")] {
        let page = donor.post("/staff/reports", "/staff/reports/file", &with(key, value)).await;
        assert_eq!(page.status, 400, "{key}");
    }
    // Who made what stands on the page and in the trail.
    let page = donor.get("/staff/reports").await;
    assert_eq!(page.text.matches("Name of donor</td>").count(), 2, "{}", page.text);
    let verbs =
        crate::support::sql::texts(&app.app.store, "select verb from audit where verb = 'report-made'").await;
    assert_eq!(verbs.len(), 2);
    compared(&app, &difference()).await;
    let page = donor.get("/staff/reports").await;
    assert!(
        page.text.contains("found 1 differences") && page.text.contains("safar indicators recount"),
        "{}",
        page.text
    );
    let page = donor.post("/staff/reports", "/staff/reports/file", &FORM).await;
    assert!(page.status == 409 && page.text.contains("role=\"alert\""), "{}", page.text);
    app.stop().await;
}

#[tokio::test]
async fn the_page_fits_phone_and_laptop() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = app().await;
    account(&app, "donor", &[Role::Viewer]).await;
    compared(&app, &counting::Compared::default()).await;
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut maker = Visitor::of(&app);
    maker.log_in("donor").await;
    maker.post("/staff/reports", "/staff/reports/file", &with("public", "1")).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.log_in("donor").await;
    walk.open("/staff/reports").await;
    walk.look("reports").await;
    for locale in
        [safar::domain::StaffLocale::Ru, safar::domain::StaffLocale::Tg, safar::domain::StaffLocale::Ky]
    {
        walk.speak(locale).await;
        walk.open("/staff/reports").await;
        walk.look(&format!("reports-{locale}")).await;
    }
    assert_eq!(walk.browser.complaints(&walk.tab), [] as [&str; 0]);
    walk.browser.close().await;
    app.stop().await;
}
