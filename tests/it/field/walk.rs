//! The way of an entry in Debian's chromium: entered by one, approved and voided by another; the import.

use safar::{desk::Role, domain::StaffLocale};
use tempfile::TempDir;

use super::PHOTO;
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

impl Walk<'_> {
    async fn select(&mut self, id: &str, value: &str) {
        self.browser.eval(&self.tab, &format!("document.getElementById('{id}').value = '{value}'")).await;
    }

    async fn log_out(&mut self) {
        self.browser.resize(&self.tab, WIDTHS[1].0, WIDTHS[1].1).await;
        self.browser.eval(&self.tab, "window.leaving = true").await;
        self.browser.press(&self.tab, "document.querySelector('.who.wide button')").await;
        self.at("/staff/login").await;
    }
}

#[tokio::test]
async fn two_campaigners_enter_and_approve() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Campaigner]).await;
    account(&app, "bek", &[Role::Campaigner]).await;
    let folder = TempDir::new().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.log_in("ann").await;
    walk.open("/staff/field").await;
    walk.look("field-empty").await;
    walk.open("/staff/field/new").await;
    walk.look("field-choose").await;
    walk.open("/staff/field/new/session").await;
    walk.select("cc", "TJ").await;
    walk.select("covers", "both").await;
    walk.fill("place", "Хуҷанд, бозори Панҷшанбе").await;
    walk.fill("n_f", "14").await;
    walk.fill("n_m", "9").await;
    walk.choose_file(&file("list.jpg", PHOTO)).await;
    walk.look("field-form").await;
    walk.submit("/staff/field/new/session").await;
    let path = walk.browser.eval(&walk.tab, "location.pathname").await.as_str().unwrap().to_owned();
    assert!(path.starts_with("/staff/field/entry/"), "{path}");
    assert!(walk.text().await.contains("Somebody else approves it now"));
    walk.look("field-entry-own").await;
    walk.open("/staff/field/import").await;
    let csv = "activity,occurred_at,cc,place,covers,n_f,_uuid\nsession,2026-11-20,TJ,=cmd(),both,six,u1\n";
    walk.choose_file(&file("bad.csv", csv.as_bytes())).await;
    walk.submit("/staff/field/import").await;
    assert!(walk.text().await.contains("Nothing was imported"));
    walk.look("field-import-refused").await;
    walk.log_out().await;
    walk.log_in("bek").await;
    walk.open(&path).await;
    walk.look("field-entry").await;
    walk.submit(&format!("{path}/approve")).await;
    assert!(walk.text().await.contains("Approved: the entry counts."));
    walk.look("field-approved").await;
    walk.fill("void-reason", "Counted twice").await;
    walk.submit(&format!("{path}/void")).await;
    assert!(walk.text().await.contains("the entry does not count"));
    walk.look("field-voided").await;
    walk.open("/staff/field").await;
    walk.look("field-list").await;
    for locale in [StaffLocale::Ru, StaffLocale::Tg, StaffLocale::Ky] {
        walk.speak(locale).await;
        for (page, name) in [
            ("/staff/field", "list"),
            ("/staff/field/new/session", "form"),
            ("/staff/field/new/trainee", "trainee"),
            ("/staff/field/import", "import"),
            (path.as_str(), "entry"),
        ] {
            walk.open(page).await;
            walk.look(&format!("field-{name}-{locale}")).await;
        }
    }
    let refused = |text: &&str| text.contains("422");
    let complaints: Vec<&str> =
        walk.browser.complaints(&walk.tab).into_iter().filter(|text| !refused(text)).collect();
    assert_eq!(complaints, [] as [&str; 0]);
    walk.browser.close().await;
    app.stop().await;
}
