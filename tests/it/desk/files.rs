//! Files of cases: from the messenger, sealed, into the console. On both databases.

use safar::{
    clock::Clock as _,
    desk::{Role, Who},
    domain::{AttachmentId, StaffId},
};
use serde_json::json;

use super::pages::{case_of_newest, waiting};
use crate::{
    staff::visitor::{Page, Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp, message},
        fake_telegram::Answer,
        fake_whatsapp::Kind,
        files::Tells,
        sql::{count, scalar, wait_count},
        whatsapp::{self, Wa},
    },
};

store_contract!(
    a_file_is_kept_sealed_and_shown,
    files_that_are_too_long_are_refused,
    a_file_is_what_it_holds,
    what_passes_is_tried_again_and_what_is_gone_is_told,
    whatsapp_files_come_from_the_api_only,
);

const MEGABYTE: usize = 1 << 20;
const CHAT: i64 = 77;

/// A picture by its first bytes.
fn picture(length: usize) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE0\x00\x10JFIF".to_vec();
    bytes.extend((bytes.len()..length).map(|n| u8::try_from(n % 251).unwrap()));
    bytes
}

async fn start(fresh: &Fresh) -> (TestApp, StaffId) {
    let app = TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await;
    let ann = account(&app, "ann", &[Role::Consultant]).await;
    (app, ann)
}

/// The person sends a document of this id.
async fn sends(app: &TestApp, file: &str) {
    let fields = json!({ "document": { "file_id": file, "file_unique_id": "U", "file_name": "photo.jpg",
        "mime_type": "image/jpeg" } });
    assert_eq!(app.update(&message(app.next_update(), CHAT, &fields)).await.0, 200);
}

async fn last_id(app: &TestApp) -> i64 {
    scalar(&app.app.store, "select max(id) from attachments").await
}

async fn refused(app: &TestApp, reason: &str, number: i64) {
    let of = format!("attachments where state = 'refused' and remote_sealed is null and reason = '{reason}'");
    wait_count(&app.app.store, &of, number).await;
}

/// The case as its consultant sees it.
async fn shown(ann: &mut Visitor<'_>, case: &str) -> Page {
    let page = ann.get(&format!("/staff/case/{case}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

async fn a_file_is_kept_sealed_and_shown(fresh: Fresh) {
    let (app, id) = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    let bytes = picture(MEGABYTE + 7);
    app.fake.put_file("F1", &bytes, Tells::Size);
    let mut signals = app.app.desk.listen();
    sends(&app, "F1").await;
    wait_count(&app.app.store, "attachments where state = 'stored' and remote_sealed is null", 1).await;
    let file = last_id(&app).await;
    let sealed = 256 * 1024 + 100;
    let of = format!("attachment_chunks where attachment_id = {file} and length(sealed) < {sealed}");
    assert_eq!(count(&app.app.store, &of).await, 5);
    // The open page hears of both: that a file is on its way, and that it is there.
    for _ in 0..2 {
        loop {
            let signal = tokio::time::timeout(std::time::Duration::from_secs(10), signals.recv()).await;
            if signal.unwrap().unwrap() == safar::bus::Signal::Case(case) {
                break;
            }
        }
    }
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    let path = format!("/staff/file/{file}");
    assert_eq!(ann.get(&path).await.status, 404, "nobody has the case");
    ann.post("/staff/queue", &format!("/staff/case/{case}/claim"), &[]).await;
    let who = Who { id, name: String::new(), supervisor: false, max_cases: None };
    let (row, kept) = app.app.desk.file(&who, AttachmentId(file)).await.unwrap();
    assert!(row.mime.as_deref() == Some("image/jpeg") && kept == bytes);
    let page = shown(&mut ann, &case.to_string()).await;
    assert!(page.text.contains(&format!("{path}/image")) && page.text.contains(" KB"), "{}", page.text);
    let page = ann.get(&path).await;
    let header = |name: &str| page.headers.get(name).unwrap().to_str().unwrap();
    assert_eq!((page.status, header("content-type")), (200, "image/jpeg"));
    assert_eq!(header("content-disposition"), format!("attachment; filename=\"safar-{file}.jpg\""));
    assert_eq!(ann.get(&format!("{path}/image")).await.status, 200);
    assert_eq!(app.fake.calls_to("download").len(), 1);
    app.stop().await;
}

async fn files_that_are_too_long_are_refused(fresh: Fresh) {
    let (app, _) = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    let long = picture(20 * MEGABYTE + 1);
    for (id, tells) in [("F1", Tells::Size), ("F2", Tells::Length), ("F3", Tells::Nothing)] {
        app.fake.put_file(id, &long, tells);
        app.fake.forget();
        sends(&app, id).await;
        let number = id[1..].parse().unwrap();
        refused(&app, "too-large", number).await;
        assert_eq!(app.fake.calls_to("download").len(), usize::from(tells != Tells::Size), "{id}");
        let said = app.fake.wait_said(1).await;
        assert!(said.iter().any(|call| call.body.to_string().contains("больше 20 МБ")), "{said:?}");
    }
    // Telegram itself gives no longer ones.
    app.fake.script("getFile", vec![Answer::Error(400, "Bad Request: file is too big".to_owned())]);
    sends(&app, "F4").await;
    refused(&app, "too-large", 4).await;
    assert_eq!(count(&app.app.store, "attachment_chunks").await, 0);
    // The longest that is taken.
    app.fake.put_file("F5", &long[..20 * MEGABYTE], Tells::Nothing);
    sends(&app, "F5").await;
    wait_count(&app.app.store, "attachments where state = 'stored' and size = 20971520", 1).await;
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    ann.post("/staff/queue", &format!("/staff/case/{case}/claim"), &[]).await;
    let page = shown(&mut ann, &case.to_string()).await;
    assert_eq!(page.text.matches("over 20 MB, not taken").count(), 4, "{}", page.text);
    app.stop().await;
}

async fn a_file_is_what_it_holds(fresh: Fresh) {
    let (app, _) = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    app.fake.put_file("F1", b"<!DOCTYPE html><script>alert(1)</script>", Tells::Size);
    sends(&app, "F1").await;
    wait_count(&app.app.store, "attachments where state = 'stored' and mime = 'text/html'", 1).await;
    let path = format!("/staff/file/{}", last_id(&app).await);
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    ann.post("/staff/queue", &format!("/staff/case/{case}/claim"), &[]).await;
    assert_eq!(ann.get(&format!("{path}/image")).await.status, 404);
    let page = ann.get(&path).await;
    let header = |name: &str| page.headers.get(name).unwrap().to_str().unwrap();
    assert_eq!((page.status, header("content-type")), (200, "application/octet-stream"));
    assert!(header("content-disposition").starts_with("attachment;"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(!shown(&mut ann, &case.to_string()).await.text.contains(&format!("{path}/image")));
    // A program is not taken at all.
    app.fake.put_file("F2", b"MZ\x90\x00\x03\x00\x00\x00", Tells::Size);
    app.fake.forget();
    sends(&app, "F2").await;
    refused(&app, "kind", 1).await;
    let said = app.fake.wait_said(1).await;
    assert!(said.iter().any(|call| call.body.to_string().contains("не сможет открыть")), "{said:?}");
    assert!(shown(&mut ann, &case.to_string()).await.text.contains("a program, not taken"));
    app.stop().await;
}

async fn what_passes_is_tried_again_and_what_is_gone_is_told(fresh: Fresh) {
    let (app, _) = start(&fresh).await;
    waiting(&app, CHAT, false).await;
    app.fake.put_file("F1", &picture(100), Tells::Length);
    let away = "Bad Request: wrong file_id or the file is temporarily unavailable".to_owned();
    app.fake.script("getFile", vec![Answer::Error(502, "Bad Gateway".to_owned()), Answer::Error(400, away)]);
    app.fake.script("download", vec![Answer::Error(500, "?".to_owned())]);
    sends(&app, "F1").await;
    for (attempts, pause) in [(1, 10_000), (2, 20_000), (3, 40_000)] {
        let next = app.clock.now().plus_ms(pause).0;
        let of =
            format!("attachments where state = 'wanted' and attempts = {attempts} and not_before = {next}");
        wait_count(&app.app.store, &of, 1).await;
        app.clock.advance_ms(pause);
    }
    wait_count(&app.app.store, "attachments where state = 'stored'", 1).await;
    // One that the channel does not know.
    app.fake.forget();
    sends(&app, "F2").await;
    refused(&app, "gone", 1).await;
    // After the receipt of its message.
    let said = app.fake.wait_said(2).await;
    assert!(said.iter().any(|call| call.body.to_string().contains("Файл не дошёл")), "{said:?}");
    assert_eq!(app.fake.unused(), Vec::<String>::new());
    app.stop().await;
}

async fn whatsapp_files_come_from_the_api_only(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    account(&wa.app, "ann", &[Role::Consultant]).await;
    let who = whatsapp::Who::nth(1);
    wa.talk(wa.text(&who, "/start")).await;
    case_of_newest(&wa.app, "wa", false).await;
    let send = async |id: &str| {
        let sent = wa.message(&who, "image", json!({ "id": id, "mime_type": "image/jpeg" }));
        assert_eq!(wa.messages(&[sent]).await, 200);
    };
    wa.api.put_file("M1", &picture(300_000), Tells::Size, None);
    send("M1").await;
    wait_count(wa.store(), "attachments where state = 'stored' and size = 300000", 1).await;
    assert_eq!((wa.api.count(Kind::Media), wa.api.count(Kind::Download)), (1, 1));
    // A place that is not the API's does not get our token.
    let elsewhere = format!("{}/file/x", wa.app.fake.url());
    wa.api.put_file("M2", &picture(100), Tells::Size, Some(&elsewhere));
    send("M2").await;
    refused(&wa.app, "gone", 1).await;
    assert_eq!(wa.api.count(Kind::Download), 1);
    // Unknown, and too long in both ways.
    send("M3").await;
    refused(&wa.app, "gone", 2).await;
    wa.api.put_file("M4", &picture(20 * MEGABYTE + 1), Tells::Size, None);
    send("M4").await;
    refused(&wa.app, "too-large", 1).await;
    wa.api.put_file("M5", &picture(20 * MEGABYTE + 1), Tells::Nothing, None);
    send("M5").await;
    refused(&wa.app, "too-large", 2).await;
    let said = async || wa.api.said().iter().filter(|call| call.body.to_string().contains("20 МБ")).count();
    assert!(crate::support::sql::until(async || said().await == 2).await, "{:?}", wa.api.said());
    wa.stop().await;
}
