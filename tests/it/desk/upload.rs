//! Files from the web chat: sealed with the turn, to consultants only. On both databases.

use reqwest::StatusCode;
use safar::{
    clock::Clock as _,
    desk::{Role, Who},
    dialog::FILES_MAX_BYTES,
    domain::AttachmentId,
    store::cases::{self, AttachmentNew},
};
use serde_json::{Value, json};

use super::pages::case_of_newest;
use crate::{
    staff::visitor::{Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        sql::{count, scalar},
    },
    web,
};

store_contract!(a_file_of_the_web_chat_is_kept_sealed_and_shown, files_that_nobody_should_get_are_refused);

const MEGABYTE: usize = 1 << 20;

async fn puts(app: &TestApp, token: &str, id: &str, bytes: Vec<u8>) -> (StatusCode, Value) {
    app.clock.advance_ms(3_000);
    let request = app.client.post(app.url("/chat/file")).bearer_auth(token).header("x-safar-id", id);
    let answer = request.body(bytes).send().await.unwrap();
    let status = answer.status();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

fn picture(length: usize) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE0\x00\x10JFIF".to_vec();
    bytes.extend((bytes.len()..length).map(|n| u8::try_from(n % 251).unwrap()));
    bytes
}

async fn start(fresh: &Fresh) -> TestApp {
    TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await
}

async fn a_file_of_the_web_chat_is_kept_sealed_and_shown(fresh: Fresh) {
    let app = start(&fresh).await;
    let id = account(&app, "ann", &[Role::Consultant]).await;
    let guest = web::Visitor::new(&app).await;
    guest.send(&json!({ "id": "a", "start": {} })).await;
    let case = case_of_newest(&app, "web", false).await;
    let bytes = picture(MEGABYTE + 7);
    for _ in 0..2 {
        // The page did not hear that it was taken, and sends it again.
        assert_eq!(puts(&app, &guest.token, "f1", bytes.clone()).await.0, 202);
    }
    let store = &app.app.store;
    assert_eq!(count(store, "attachments").await, 1);
    assert_eq!(count(store, "attachments where state = 'stored' and remote_sealed is null").await, 1);
    let file = scalar(store, "select max(id) from attachments").await;
    let plain = 256 * 1024;
    assert_eq!(count(store, &format!("attachment_chunks where length(sealed) < {}", plain + 100)).await, 5);
    assert_eq!(count(store, "case_entries where kind = 'attachment' and author = 'contact'").await, 1);
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    let path = format!("/staff/file/{file}");
    assert_eq!(ann.get(&path).await.status, 404, "nobody has the case");
    ann.post("/staff/queue", &format!("/staff/case/{case}/claim"), &[]).await;
    let who = Who { id, name: String::new(), supervisor: false, max_cases: None };
    let (row, kept) = app.app.desk.file(&who, AttachmentId(file)).await.unwrap();
    assert_eq!((row.kind.as_str(), row.mime.as_deref()), ("photo", Some("image/jpeg")));
    assert!(kept == bytes);
    assert!(ann.get(&format!("/staff/case/{case}")).await.text.contains(&format!("{path}/image")));
    // The longest that is taken; then the case is full by and by.
    assert_eq!(puts(&app, &guest.token, "f2", picture(20 * MEGABYTE)).await.0, 202);
    let mut tx = store.write().await.unwrap();
    let huge = AttachmentNew {
        id: AttachmentId(1),
        case,
        kind: "video",
        key_id: 1,
        remote: Vec::new(),
        at: app.clock.now(),
    };
    cases::want(&mut tx, &huge).await.unwrap();
    assert!(cases::store(&mut tx, huge.id, 0, "video/mp4", FILES_MAX_BYTES - 1).await.unwrap());
    tx.commit().await.unwrap();
    let full = puts(&app, &guest.token, "f3", bytes).await;
    assert_eq!((full.0.as_u16(), &full.1["error"]), (409, &json!("files-full")));
    app.stop().await;
}

async fn files_that_nobody_should_get_are_refused(fresh: Fresh) {
    let app = start(&fresh).await;
    let guest = web::Visitor::new(&app).await;
    let small = || picture(100);
    let refused = async |token: &str, id: &str, bytes: Vec<u8>, status: u16, key: &str| {
        let (got, told) = puts(&app, token, id, bytes).await;
        assert_eq!((got.as_u16(), told["error"].as_str()), (status, Some(key)), "{id}");
    };
    refused(&guest.token, "a", small(), 409, "file-unwanted").await;
    guest.send(&json!({ "id": "a", "start": {} })).await;
    refused(&guest.token, "b", small(), 409, "file-unwanted").await;
    case_of_newest(&app, "web", false).await;
    refused("AAAA", "c", small(), 401, "session").await;
    refused(&guest.token, "d e", small(), 400, "bad").await;
    refused(&guest.token, "f", Vec::new(), 400, "bad").await;
    refused(&guest.token, "g", picture(20 * MEGABYTE + 1), 413, "file-too-long").await;
    let program = [b"MZ\x90\x00\x03".as_slice(), &[0; 64]].concat();
    refused(&guest.token, "h", program, 415, "file-kind").await;
    assert_eq!(count(&app.app.store, "attachments").await, 0);
    app.stop().await;
}
