//! Files from consultants to their people, on all three channels: from the form to the phone. On both databases.

use safar::{
    bus::Signal,
    desk::Role,
    domain::{CaseId, FILE_MAX_BYTES},
};
use serde_json::{Value, json};

use super::pages::{case_of_newest, waiting};
use crate::{
    channels::sending::png,
    staff::visitor::{Page, Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        fake_telegram::Answer,
        fake_whatsapp::{self, Kind},
        forms::sum,
        sql::{count, scalar, texts, until, wait_count},
        whatsapp::{self, Wa, Who, failed, status},
    },
    web,
};

store_contract!(
    telegram_gets_a_file_with_its_words,
    each_kind_goes_in_its_shape,
    what_cannot_be_sent_is_refused_plainly,
    a_form_that_comes_twice_sends_one_file,
    a_failure_says_why,
    erasing_takes_the_file_along,
    whatsapp_uploads_once_and_again_only_if_the_file_was_lost,
    after_a_day_a_file_waits_for_the_person,
    a_web_visitor_alone_may_save_the_file,
);

const CHAT: i64 = 77;
const PDF: &[u8] = b"%PDF-1.7\nplanted words of a file";

/// Anna's hands on a case.
struct Anna<'a> {
    hands: Visitor<'a>,
    path: String,
}

impl<'a> Anna<'a> {
    async fn claims(app: &'a TestApp, case: CaseId) -> Self {
        account(app, "ann", &[Role::Consultant]).await;
        let mut hands = Visitor::of(app);
        hands.log_in("ann").await;
        let path = format!("/staff/case/{case}");
        let claimed = hands.post("/staff/queue", &format!("{path}/claim"), &[]).await;
        assert_eq!(claimed.status, 303);
        // They are told who answers.
        wait_count(&app.app.store, "outbox where state = 'queued' and channel <> 'web'", 0).await;
        Self { hands, path }
    }

    async fn page(&mut self) -> Page {
        self.hands.get(&self.path).await
    }

    /// Posts the page's form with a file.
    async fn sends(&mut self, text: &str, file: Option<(&str, &[u8])>) -> Page {
        let page = self.page().await;
        self.posts(&page.field("csrf"), &page.field("after"), text, file).await
    }

    async fn posts(&mut self, csrf: &str, after: &str, text: &str, file: Option<(&str, &[u8])>) -> Page {
        let fields = [("csrf", csrf), ("after", after), ("text", text)];
        self.hands.try_post_file(&format!("{}/answer", self.path), &fields, file).await.unwrap()
    }

    async fn sent(&mut self, text: &str, file: (&str, &[u8])) {
        let page = self.sends(text, Some(file)).await;
        assert_eq!((page.status, page.location), (303, format!("{}?done=sent", self.path)), "{}", page.text);
    }
}

async fn start(fresh: &Fresh) -> TestApp {
    TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await
}

async fn wait_settled(app: &TestApp, number: i64) {
    let of = "outbox o join case_entries e on e.outbox_id = o.id where o.state <> 'queued'";
    wait_count(&app.app.store, of, number).await;
}

async fn telegram_gets_a_file_with_its_words(fresh: Fresh) {
    let app = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    let mut ann = Anna::claims(&app, case).await;
    app.fake.forget();
    let mut photo = png(800, 600);
    photo.resize(700_000, 7);
    let mut signals = app.app.desk.listen();
    ann.sent("Вот <бланк>", ("C:\\бланк 1.PNG", &photo)).await;
    let sent = app.fake.wait_files(1).await.remove(0);
    assert_eq!(sent.method, "sendPhoto");
    let expected = json!({ "chat_id": "77", "caption": "<b>Name of ann:</b>\nВот &lt;бланк&gt;",
        "parse_mode": "HTML", "photo": { "file": "бланк 1.png", "type": "image/png", "bytes": 700_000,
        "sha256": sum(&photo) } });
    assert_eq!(sent.body, expected);
    wait_settled(&app, 1).await;
    // Sealed in pieces, one entry, one message, one line of the trail.
    let store = &app.app.store;
    let kept = "attachments where state = 'stored' and outgoing and kind = 'photo' and mime = 'image/png'
        and size = 700000 and name_sealed is not null";
    assert_eq!(count(store, kept).await, 1);
    assert_eq!(count(store, "attachment_chunks where length(sealed) < 263000").await, 3);
    let entry =
        "case_entries e join outbox o on o.id = e.outbox_id join attachments a on a.id = e.attachment_id
        where e.kind = 'attachment' and e.author = 'staff' and o.state = 'sent' and not o.uncertain";
    assert_eq!(count(store, entry).await, 1);
    let trail = format!("audit where verb = 'attachment-sent' and object_id = '{case}'");
    assert_eq!(count(store, &trail).await, 1);
    assert_eq!(count(store, "audit where verb = 'case-answered'").await, 0);
    while tokio::time::timeout(std::time::Duration::from_secs(10), signals.recv()).await.unwrap().unwrap()
        != Signal::Case(case)
    {}
    // The page shows it, and gives it to who may read the case.
    let page = ann.page().await;
    assert!(page.text.contains("Вот &#60;бланк&#62;") && page.text.contains("бланк 1.png, 684 KB"));
    assert!(page.text.contains("<p class=\"meta state\">sent</p>"), "{}", page.text);
    let file = scalar(store, "select max(id) from attachments").await;
    assert_eq!(ann.hands.get(&format!("/staff/file/{file}/image")).await.status, 200);
    // Words alone go by the same form.
    let page = ann.sends("Без файла", None).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let said = app.fake.wait_said(1).await;
    assert!(said[0].body["text"].as_str().unwrap().ends_with("Без файла"), "{said:?}");
    assert_eq!(count(store, "audit where verb = 'case-answered'").await, 1);
    app.stop().await;
}

async fn each_kind_goes_in_its_shape(fresh: Fresh) {
    let app = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    let mut ann = Anna::claims(&app, case).await;
    app.fake.forget();
    let ogg = [b"OggS".as_slice(), &[0; 24], b"OpusHead", &[0; 64]].concat();
    let long = png(9_001, 1_000);
    let caption = |text: &str| format!("<b>Name of ann:</b>{text}");
    // A photo that is none to Telegram becomes a document in the same go.
    let odd = "Bad Request: IMAGE_PROCESS_FAILED".to_owned();
    app.fake.script("sendPhoto", vec![Answer::Error(400, odd)]);
    for (n, (name, bytes, methods, text)) in [
        ("шартнома.pdf", PDF, ["sendDocument"].as_slice(), "Салом"),
        ("a.png", &png(1, 1), &["sendPhoto", "sendDocument"], "odd"),
        ("large.png", &long, &["sendDocument"], ""),
        ("voice.ogg", &ogg, &["sendVoice"], ""),
    ]
    .into_iter()
    .enumerate()
    {
        app.fake.forget();
        ann.sent(text, (name, bytes)).await;
        let sent = app.fake.wait_files(methods.len()).await;
        wait_settled(&app, i64::try_from(n).unwrap() + 1).await;
        assert_eq!(sent.iter().map(|call| call.method.as_str()).collect::<Vec<_>>(), methods, "{name}");
        let last = &sent.last().unwrap().body;
        let words = if text.is_empty() { String::new() } else { format!("\n{text}") };
        assert_eq!(last["caption"], caption(&words), "{name}");
    }
    // Words that do not fit beside a file, or may not stand beside a sound, go before it.
    let long_words = "ғ".repeat(1_500);
    for (n, (text, name, bytes, method)) in [
        (long_words.as_str(), "a.pdf", PDF, "sendDocument"),
        ("Прослушайте", "b.ogg", ogg.as_slice(), "sendVoice"),
    ]
    .into_iter()
    .enumerate()
    {
        app.fake.forget();
        ann.sent(text, (name, bytes)).await;
        let file = app.fake.wait_files(1).await.remove(0);
        wait_settled(&app, 4 + 2 * (i64::try_from(n).unwrap() + 1)).await;
        let said = app.fake.said();
        assert!(said.len() == 1 && said[0].body["text"].as_str().unwrap().ends_with(text), "{said:?}");
        assert_eq!((file.method.as_str(), &file.body["caption"]), (method, &json!(caption(""))));
        let order: Vec<String> = app.fake.calls().into_iter().map(|call| call.method).collect();
        assert_eq!(order, ["sendMessage", method]);
    }
    assert_eq!(count(&app.app.store, "audit where verb = 'attachment-sent'").await, 6, "one a form");
    assert_eq!(app.fake.unused(), Vec::<String>::new());
    app.stop().await;
}

async fn what_cannot_be_sent_is_refused_plainly(fresh: Fresh) {
    let app = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    let mut ann = Anna::claims(&app, case).await;
    account(&app, "bek", &[Role::Consultant]).await;
    app.fake.forget();
    let over = [PDF, &vec![b'x'; FILE_MAX_BYTES + 1 - PDF.len()]].concat();
    let program = [b"MZ\x90\x00\x03".as_slice(), &[0; 64]].concat();
    let many = "ж".repeat(3_001);
    for (text, name, bytes, says) in [
        ("Слова", "a.pdf", over.as_slice(), "The file is over 20 MB."),
        ("Слова", "a.pdf", &program, "The file is a program"),
        ("Слова", "a.pdf", b"", "The file is empty."),
        (&many, "a.pdf", PDF, "Too long: 3001 characters"),
    ] {
        let page = ann.sends(text, Some((name, bytes))).await;
        assert_eq!(page.status, 422, "{says}: {}", page.text);
        assert!(page.text.contains(says) && page.text.contains("Choose the file again."), "{}", page.text);
        assert!(page.text.contains(&format!("{text}</textarea>")), "the words come back");
    }
    let page = ann.sends(" ", None).await;
    assert!(page.status == 422 && page.text.contains("The text is empty."), "{}", page.text);
    // Forged, without a token, with a token behind the file, of somebody who has not the case.
    let path = format!("{}/answer", ann.path);
    let file = Some(("a.pdf", PDF));
    for fields in [[("csrf", "forged"), ("text", "x")].as_slice(), &[("text", "x")]] {
        let page = ann.hands.try_post_file(&path, fields, file).await.unwrap();
        assert_eq!(page.status, 403, "{}", page.text);
    }
    let mut bek = Visitor::of(&app);
    bek.log_in("bek").await;
    let csrf = bek.get("/staff/account").await.field("csrf");
    let page = bek.try_post_file(&path, &[("csrf", &csrf), ("text", "x")], file).await.unwrap();
    assert!(page.status == 404 && page.text.contains(">x</textarea>"), "{}", page.text);
    let mut nobody = Visitor::of(&app);
    let page = nobody.try_post_file(&path, &[("csrf", &csrf)], file).await.unwrap();
    assert!(page.status == 303 && page.location.starts_with("/staff/login"), "{}", page.location);
    let store = &app.app.store;
    for table in ["attachments", "attachment_chunks", "case_entries where author = 'staff'"] {
        assert_eq!(count(store, table).await, 0, "{table}");
    }
    assert_eq!(count(store, "audit where verb = 'case-refused'").await, 1);
    assert!(app.fake.files_sent().is_empty() && app.fake.said().is_empty());
    // The longest that is taken.
    ann.sent("", ("a.pdf", &over[..FILE_MAX_BYTES])).await;
    let sent = app.fake.wait_files(1).await;
    assert_eq!(sent[0].body["document"]["sha256"], sum(&over[..FILE_MAX_BYTES]));
    wait_settled(&app, 1).await;
    app.stop().await;
}

async fn a_form_that_comes_twice_sends_one_file(fresh: Fresh) {
    let app = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    let mut ann = Anna::claims(&app, case).await;
    app.fake.forget();
    let long = "ғ".repeat(1_100);
    for (round, text) in ["Вот", long.as_str()].into_iter().enumerate() {
        let page = ann.page().await;
        let (csrf, after) = (page.field("csrf"), page.field("after"));
        for _ in 0..3 {
            assert_eq!(ann.posts(&csrf, &after, text, Some(("a.pdf", PDF))).await.status, 303);
        }
        let number = i64::try_from(round).unwrap() + 1;
        assert_eq!(count(&app.app.store, "attachments").await, number);
        // Another file, another name, no file: that is something else, and comes back to be looked at.
        let mut other = PDF.to_vec();
        *other.last_mut().unwrap() = b'!';
        for file in [Some(("a.pdf", other.as_slice())), Some(("b.pdf", PDF)), None] {
            let page = ann.posts(&csrf, &after, text, file).await;
            assert!(page.status == 422 && page.text.contains("The case changed"), "{file:?}: {}", page.text);
        }
        assert_eq!(count(&app.app.store, "attachments").await, number);
    }
    wait_settled(&app, 3).await;
    assert_eq!((app.fake.files_sent().len(), app.fake.said().len()), (2, 1));
    assert_eq!(count(&app.app.store, "audit where verb = 'attachment-sent'").await, 2);
    app.stop().await;
}

async fn a_failure_says_why(fresh: Fresh) {
    let app = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    let mut ann = Anna::claims(&app, case).await;
    for (n, (answer, says)) in [
        (Answer::Raw { status: 413, headers: Vec::new(), body: Vec::new() }, "too large for the service"),
        (
            Answer::Error(400, "Bad Request: file must be non-empty".to_owned()),
            "the service does not take this file",
        ),
        (Answer::Blocked, "the person blocked the bot"),
    ]
    .into_iter()
    .enumerate()
    {
        app.fake.script("sendDocument", vec![answer]);
        ann.sent("", (&format!("{n}.pdf"), PDF)).await;
        wait_settled(&app, i64::try_from(n).unwrap() + 1).await;
        let page = ann.page().await;
        assert!(page.text.contains(&format!("not delivered: {says}")), "{}", page.text);
    }
    // A file whose bytes are gone is never sent as half of one.
    app.fake.forget();
    app.fake.script("sendDocument", vec![Answer::Throttled(Some(1))]);
    let mut tx = app.app.store.write().await.unwrap();
    let contact = scalar(&app.app.store, "select max(contact_id) from sessions").await;
    safar::store::sessions::set_reachable(&mut tx, &[safar::domain::ContactId(contact)], true).await.unwrap();
    tx.commit().await.unwrap();
    ann.sent("", ("last.pdf", PDF)).await;
    app.fake.wait_files(1).await;
    crate::support::sql::run(&app.app.store, "delete from attachment_chunks").await;
    wait_settled(&app, 4).await;
    let page = ann.page().await;
    assert!(page.text.contains("not delivered: the file is gone"), "{}", page.text);
    assert_eq!(app.fake.files_sent().len(), 1);
    app.stop().await;
}

async fn erasing_takes_the_file_along(fresh: Fresh) {
    let app = start(&fresh).await;
    let case = waiting(&app, CHAT, false).await;
    let mut ann = Anna::claims(&app, case).await;
    ann.sent("", ("a.pdf", PDF)).await;
    wait_settled(&app, 1).await;
    // This one is still on its way.
    app.fake.script("sendDocument", vec![Answer::Throttled(Some(3_000))]);
    ann.sent("", ("b.pdf", PDF)).await;
    app.fake.wait_files(2).await;
    app.text(CHAT, "/delete").await;
    app.text(CHAT, "да").await;
    let store = &app.app.store;
    wait_count(store, "contacts", 0).await;
    for table in ["attachments", "attachment_chunks", "case_entries", "outbox"] {
        assert_eq!(count(store, table).await, 0, "{table}");
    }
    assert_eq!(texts(store, "select state from cases").await, ["erased"]);
    assert!(ann.page().await.text.contains("Erased by the person"));
    app.stop().await;
}

/// A case of a person on WhatsApp, in Anna's hands.
async fn on_whatsapp<'a>(wa: &'a Wa, who: &Who) -> Anna<'a> {
    wa.talk(wa.text(who, "/start")).await;
    let case = case_of_newest(&wa.app, "wa", false).await;
    let anna = Anna::claims(&wa.app, case).await;
    wa.api.forget();
    anna
}

/// The message of a file, the n-th.
async fn file_message(wa: &Wa, n: usize) -> fake_whatsapp::Call {
    wa.api.wait_for(Kind::Message, n).await.remove(n - 1)
}

async fn whatsapp_uploads_once_and_again_only_if_the_file_was_lost(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = whatsapp::Who::nth(1);
    let mut ann = on_whatsapp(&wa, &who).await;
    // The message is not taken at first: the upload holds.
    wa.api.script(Kind::Message, vec![fake_whatsapp::Answer::Error(503, 131_016)]);
    ann.sent("Вот договор", ("Шартнома.pdf", PDF)).await;
    let message = file_message(&wa, 2).await;
    let uploads = wa.api.calls_to(Kind::Upload);
    assert_eq!(uploads.len(), 1);
    let form = json!({ "messaging_product": "whatsapp", "type": "application/pdf",
        "file": { "file": "file", "type": "application/pdf", "bytes": PDF.len(), "sha256": sum(PDF) } });
    assert_eq!(uploads[0].body, form);
    let media = message.body["document"]["id"].as_str().unwrap().to_owned();
    let expected =
        json!({ "id": media, "filename": "Шартнома.pdf", "caption": "*Name of ann:*\nВот договор" });
    assert_eq!(message.body["document"], expected);
    let row = message.outbox().unwrap();
    let sent = format!("outbox where id = {row} and state = 'sent' and not uncertain");
    wait_count(wa.store(), &sent, 1).await;
    // WhatsApp lost the file after it had taken the message: another upload, another message, the same row.
    let mut lost = failed(row, 131_053);
    lost["id"] = wa.api.wamid_of(row).into();
    assert_eq!(wa.statuses(&[lost]).await, 200);
    wait_count(wa.store(), &format!("outbox where id = {row} and error = 'file_lost'"), 1).await;
    wa.app.clock.advance_ms(60_000);
    let again = file_message(&wa, 3).await;
    assert_eq!((wa.api.count(Kind::Upload), again.outbox()), (2, Some(row)));
    assert_ne!(again.body["document"]["id"].as_str().unwrap(), media);
    wait_count(wa.store(), &sent, 1).await;
    let mut delivered = status(row, "delivered");
    delivered["id"] = wa.api.wamid_of(row).into();
    assert_eq!(wa.statuses(&[delivered]).await, 200);
    let done = format!("outbox where id = {row} and state = 'delivered' and sealed is null");
    wait_count(wa.store(), &done, 1).await;
    assert!(ann.page().await.text.contains("<p class=\"meta state\">delivered</p>"));
    // Said at once, too: the id that was kept is not used again.
    wa.api.forget();
    wa.api.script(Kind::Message, vec![fake_whatsapp::Answer::Error(400, 131_053)]);
    ann.sent("", ("photo.png", &png(8, 6))).await;
    let image = file_message(&wa, 2).await;
    assert_eq!(
        (wa.api.count(Kind::Upload), image.body["image"]["caption"].as_str()),
        (2, Some("*Name of ann:*"))
    );
    // A kept id that has grown too old is told as a wrong parameter: then it is uploaded anew, too.
    wa.api.forget();
    let answers = [fake_whatsapp::Answer::Error(503, 131_016), fake_whatsapp::Answer::Error(400, 131_009)];
    wa.api.script(Kind::Message, answers.to_vec());
    ann.sent("", ("b.pdf", PDF)).await;
    file_message(&wa, 3).await;
    assert_eq!(wa.api.count(Kind::Upload), 2);
    // An upload that nobody answers has reached nobody: no doubt stays.
    wa.api.forget();
    wa.api.script(Kind::Upload, vec![fake_whatsapp::Answer::Reset]);
    ann.sent("", ("c.pdf", PDF)).await;
    let row = file_message(&wa, 1).await.outbox().unwrap();
    wait_count(wa.store(), &format!("outbox where id = {row} and state = 'sent' and not uncertain"), 1).await;
    assert_eq!(wa.api.count(Kind::Upload), 2);
    // What the API does not take at all is said to the consultant.
    wa.api.script(Kind::Upload, vec![fake_whatsapp::Answer::Error(400, 100)]);
    ann.sent("", ("d.pdf", PDF)).await;
    wait_count(wa.store(), "outbox where state = 'failed' and error = 'file'", 1).await;
    assert!(ann.page().await.text.contains("the service does not take this file"));
    // Words beside a sound go before it.
    wa.api.forget();
    let ogg = [b"OggS".as_slice(), &[0; 24], b"OpusHead", &[0; 64]].concat();
    ann.sent("Прослушайте", ("a.ogg", &ogg)).await;
    let sound = file_message(&wa, 2).await;
    assert!(sound.body["audio"]["caption"].is_null() && sound.body["type"] == "audio");
    assert_eq!(wa.api.said()[0].body["text"]["body"], "*Name of ann:*\nПрослушайте");
    wa.stop().await;
}

async fn after_a_day_a_file_waits_for_the_person(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let who = whatsapp::Who::nth(1);
    let mut ann = on_whatsapp(&wa, &who).await;
    wa.app.clock.advance_ms(25 * 3_600_000);
    // The session of staff has ended meanwhile.
    ann.hands.log_in("ann").await;
    let long = "ғ".repeat(1_100);
    let page = ann.sends(&long, Some(("a.pdf", PDF))).await;
    assert_eq!(page.location, format!("{}?done=held", ann.path), "{}", page.text);
    let template = file_message(&wa, 1).await;
    assert_eq!(template.body["type"], "template");
    assert_eq!(count(wa.store(), "case_entries where held").await, 2);
    assert!(ann.page().await.text.contains("waits until the person writes"));
    assert_eq!(wa.api.count(Kind::Upload), 0);
    wa.api.forget();
    assert_eq!(wa.says(&who, "я здесь").await, 200);
    assert!(until(async || wa.api.said().iter().any(|call| call.body["type"] == "document")).await);
    let said = wa.api.said();
    let kinds: Vec<&str> = said.iter().map(|call| call.body["type"].as_str().unwrap()).collect();
    let words =
        said.iter().position(|call| call.body["text"]["body"].as_str().is_some_and(|t| t.ends_with(&long)));
    let file = kinds.iter().position(|kind| *kind == "document");
    assert!(words.is_some() && words < file, "{kinds:?}");
    assert_eq!(count(wa.store(), "case_entries where held").await, 0);
    wa.stop().await;
}

async fn a_web_visitor_alone_may_save_the_file(fresh: Fresh) {
    let app = start(&fresh).await;
    let guest = web::Visitor::new(&app).await;
    guest.send(&json!({ "id": "a", "start": {} })).await;
    let case = case_of_newest(&app, "web", false).await;
    let mut ann = Anna::claims(&app, case).await;
    let mut stream = guest.stream(None).await;
    stream.hello().await;
    let html = [b"<!DOCTYPE html><script>alert(1)</script>".as_slice(), &vec![b' '; 600_000]].concat();
    let mut shown = None;
    for (name, bytes) in [("Шартнома 1.pdf", PDF), ("страница.html", html.as_slice())] {
        ann.sent("Сохраните", (name, bytes)).await;
        let said = loop {
            // The visitor also hears that Anna reads.
            let said = stream.next().await;
            if said.kind == "message" && !said.data["file"].is_null() {
                break said;
            }
        };
        let file = said.data["file"].clone();
        assert!(said.data["text"].as_str().unwrap().ends_with("Сохраните"), "{said:?}");
        assert_eq!((file["name"].as_str(), file["size"].as_u64()), (Some(name), Some(bytes.len() as u64)));
        let answer = get(&app, Some(&guest.token), &file["id"]).await;
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let kind = if name.ends_with("pdf") { "application/pdf" } else { "application/octet-stream" };
        assert_eq!(header("content-type"), kind);
        assert!(header("content-disposition").starts_with("attachment; filename=\"safar-"), "{name}");
        assert!(header("content-disposition").contains("filename*=UTF-8''%D"), "{name}");
        assert_eq!(
            (header("x-content-type-options"), header("cache-control")),
            ("nosniff".into(), "no-store".into())
        );
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(header("content-length"), bytes.len().to_string());
        assert!(answer.bytes().await.unwrap() == bytes, "{name}");
        shown = Some((file["id"].clone(), said.id.unwrap()));
    }
    let (id, row) = shown.unwrap();
    // Nobody else: another visitor, no token, another case's file, an id that is none.
    let other = web::Visitor::new(&app).await;
    other.send(&json!({ "id": "a", "start": {} })).await;
    for (token, id, status) in [
        (Some(other.token.as_str()), id.clone(), 404),
        (None, id.clone(), 401),
        (Some("AAAA"), id.clone(), 401),
        (Some(&guest.token), json!("1"), 404),
        (Some(&guest.token), json!("x"), 404),
    ] {
        assert_eq!(get(&app, token, &id).await.status(), status, "{id}");
    }
    // What the visitor sent themselves is no file of a consultant.
    let put = app.client.post(app.url("/chat/file")).bearer_auth(&guest.token).header("x-safar-id", "f");
    assert_eq!(put.body(PDF).send().await.unwrap().status(), 202);
    let own = scalar(&app.app.store, "select max(id) from attachments").await;
    assert_eq!(get(&app, Some(&guest.token), &json!(own.to_string())).await.status(), 404);
    // Shown and acknowledged, it can still be saved; erased, no more.
    assert_eq!(guest.send(&json!({ "id": "k", "ack": row })).await, 202);
    wait_count(&app.app.store, &format!("outbox where id = {row} and state = 'delivered'"), 1).await;
    assert!(ann.page().await.text.contains("<p class=\"meta state\">delivered</p>"));
    assert_eq!(get(&app, Some(&guest.token), &id).await.status(), 200);
    guest.send(&json!({ "id": "d", "text": "/delete" })).await;
    guest.send(&json!({ "id": "y", "text": "да" })).await;
    wait_count(&app.app.store, "attachments", 0).await;
    assert_eq!(get(&app, Some(&guest.token), &id).await.status(), 404);
    app.stop().await;
}

async fn get(app: &TestApp, token: Option<&str>, id: &Value) -> reqwest::Response {
    app.clock.advance_ms(3_000);
    let mut request = app.client.get(app.url(&format!("/chat/file/{}", id.as_str().unwrap())));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap()
}
