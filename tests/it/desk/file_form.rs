//! The form with a file in Debian's chromium: without JavaScript on a phone, with it on a laptop; and the link under
//! which a visitor of the web chat saves the file.

use std::path::Path;

use safar::desk::Role;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::pages::{case_of_newest, waiting};
use crate::{
    channels::sending::png,
    staff::{
        visitor::account,
        walk::{WIDTHS, Walk},
    },
    support::{
        app::{Options, TestApp},
        chromium::{Chromium, Tab},
        forms::sum,
        sql,
    },
};

#[tokio::test]
async fn without_javascript_a_file_goes_by_the_plain_form() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let case = waiting(&app, 71, true).await;
    let path = format!("/staff/case/{case}");
    let tab = browser.tab(WIDTHS[0].0, WIDTHS[0].1).await;
    browser.tell(&tab, "Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.log_in("ann").await;
    walk.at("/staff/queue").await;
    walk.submit(&format!("{path}/claim")).await;
    walk.at(&path).await;
    let folder = TempDir::new().unwrap();
    let photo = folder.path().join("бланк.png");
    std::fs::write(&photo, png(800, 600)).unwrap();
    walk.fill("answer", "Вот бланк").await;
    walk.choose_file(&photo).await;
    walk.submit(&format!("{path}/answer")).await;
    walk.at(&path).await;
    let text = walk.text().await;
    assert!(text.contains("Вот бланк") && text.contains("бланк.png, 1 KB"), "{text}");
    let sent = app.fake.wait_files(1).await.remove(0);
    assert_eq!((sent.method.as_str(), &sent.body["photo"]["file"]), ("sendPhoto", &json!("бланк.png")));
    // One that is too long comes to the server, which reads to the end and says so.
    let long = folder.path().join("long.pdf");
    std::fs::write(&long, vec![b'x'; 40 << 20]).unwrap();
    walk.fill("answer", "Длинный файл").await;
    walk.choose_file(&long).await;
    walk.submit(&format!("{path}/answer")).await;
    let text = walk.text().await;
    assert!(text.contains("The file is over 20 MB. Nothing was sent. Choose the file again."), "{text}");
    let kept = walk.browser.eval(&walk.tab, "document.getElementById('answer').value").await;
    assert_eq!(kept, "Длинный файл");
    assert_eq!(sql::count(&app.app.store, "attachments").await, 1);
    walk.browser.close().await;
    app.stop().await;
}

#[tokio::test]
async fn with_javascript_a_file_that_is_too_long_is_told_before_it_goes() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let case = waiting(&app, 71, false).await;
    let path = format!("/staff/case/{case}");
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.log_in("ann").await;
    walk.open(&format!("{path}/claim")).await;
    walk.submit(&format!("{path}/claim")).await;
    walk.at(&path).await;
    let folder = TempDir::new().unwrap();
    let (long, short) = (folder.path().join("long.pdf"), folder.path().join("договор.pdf"));
    std::fs::write(&long, vec![b'x'; (20 << 20) + 1]).unwrap();
    std::fs::write(&short, b"%PDF-1.7\n").unwrap();
    walk.choose_file(&long).await;
    let told = "document.getElementById('file').validationMessage";
    assert_eq!(walk.browser.until(&walk.tab, told).await, "The file is over 20 MB. Nothing was sent.");
    walk.choose_file(&short).await;
    walk.browser.until(&walk.tab, &format!("{told} === ''")).await;
    walk.look("case-file").await;
    walk.submit(&format!("{path}/answer")).await;
    walk.at(&path).await;
    let text = walk.text().await;
    assert!(text.contains("договор.pdf, 1 KB"), "{text}");
    assert_eq!(app.fake.wait_files(1).await[0].method, "sendDocument");
    walk.look("case-file-sent").await;
    assert_eq!(walk.browser.complaints(&walk.tab), [] as [&str; 0]);
    walk.browser.close().await;
    app.stop().await;
}

#[tokio::test]
async fn a_visitor_saves_the_file_by_its_link() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let guest = browser.tab(320, 640).await;
    browser.open(&guest, &app.url("/")).await;
    browser.until(&guest, "!!document.querySelector('#log [data-token=\"a.lang.ru\"]')").await;
    let case = case_of_newest(&app, "web", false).await;
    let path = format!("/staff/case/{case}");
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.log_in("ann").await;
    walk.open(&format!("{path}/claim")).await;
    walk.submit(&format!("{path}/claim")).await;
    walk.at(&path).await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("договор.pdf");
    let bytes = [b"%PDF-1.7\n".as_slice(), &vec![b'x'; 700_000]].concat();
    std::fs::write(&file, &bytes).unwrap();
    walk.choose_file(&file).await;
    walk.submit(&format!("{path}/answer")).await;
    walk.at(&path).await;
    let link = "document.querySelector('#log a.file')";
    let text = walk.browser.until(&guest, &format!("{link} && {link}.innerText")).await;
    assert_eq!(text, "Скачать: договор.pdf (684 KB)");
    let wide = walk.browser.eval(&guest, "document.documentElement.scrollWidth").await;
    assert_eq!(wide, 320);
    let saved = TempDir::new().unwrap();
    saves_to(&mut walk.browser, &guest, saved.path()).await;
    walk.browser.press(&guest, link).await;
    let there = saved.path().join("договор.pdf");
    let is_whole = async || std::fs::read(&there).is_ok_and(|kept| sum(&kept) == sum(&bytes));
    assert!(sql::until(is_whole).await, "{:?}", std::fs::read_dir(saved.path()).unwrap().collect::<Vec<_>>());
    assert_eq!(walk.browser.eval(&guest, "location.pathname").await, "/", "nothing is opened in the page");
    // Gone with its case: the page says so.
    sql::run(&app.app.store, "delete from attachments").await;
    walk.browser.press(&guest, link).await;
    let says = format!("{link}.parentElement.innerText.includes('Этого файла больше нет')");
    walk.browser.until(&guest, &says).await;
    walk.browser.close().await;
    app.stop().await;
}

/// Where a tab's browser keeps what is saved.
async fn saves_to(browser: &mut Chromium, tab: &Tab, folder: &Path) {
    let allow: Value = json!({ "behavior": "allow", "downloadPath": folder });
    browser.tell(tab, "Page.setDownloadBehavior", allow).await;
}
