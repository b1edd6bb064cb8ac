//! What strangers, forgers and the merely impatient send to the desk: refused plainly, and nothing shown that should
//! not be.

use safar::{
    desk::{
        Role,
        audit::{self, Verdict},
    },
    domain::CaseId,
};
use serde_json::json;

use super::pages::waiting;
use crate::{
    staff::visitor::{Page, Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp, message},
        files::Tells,
        sql::{count, scalar, texts, wait_count},
    },
};

store_contract!(
    what_is_not_theirs_is_refused_and_stands_in_the_trail,
    a_form_that_comes_twice_does_one_thing
);

const CHAT: i64 = 77;
const MEGABYTE: usize = 1 << 20;

/// Ann has a case, Bek has none.
struct Scene {
    app: TestApp,
    case: CaseId,
    path: String,
}

impl Scene {
    async fn start(options: Options) -> Self {
        let app = TestApp::start(options).await;
        account(&app, "ann", &[Role::Consultant]).await;
        account(&app, "bek", &[Role::Consultant]).await;
        let case = waiting(&app, CHAT, false).await;
        app.fake.wait_said(1).await;
        app.fake.forget();
        Self { case, path: format!("/staff/case/{case}"), app }
    }

    async fn visitor(&self, login: &str) -> Visitor<'_> {
        let mut visitor = Visitor::of(&self.app);
        visitor.log_in(login).await;
        visitor
    }

    /// Ann, who has taken the case.
    async fn ann(&self) -> Visitor<'_> {
        let mut ann = self.visitor("ann").await;
        let page = ann.post("/staff/queue", &self.at("claim"), &[]).await;
        assert_eq!(page.status, 303, "{}", page.text);
        self.app.fake.wait_said(1).await;
        self.app.fake.forget();
        ann
    }

    fn at(&self, what: &str) -> String {
        format!("{}/{what}", self.path)
    }

    /// The person sends a document with these bytes, whatever its name says; its number.
    async fn sends(&self, id: &str, name: &str, bytes: &[u8]) -> i64 {
        self.app.fake.put_file(id, bytes, Tells::Size);
        self.offers(id, name).await;
        wait_count(&self.app.app.store, "attachments where state = 'wanted'", 0).await;
        scalar(&self.app.app.store, "select max(id) from attachments").await
    }

    async fn offers(&self, id: &str, name: &str) {
        let document = json!({ "document": { "file_id": id, "file_unique_id": "U", "file_name": name,
            "mime_type": "image/jpeg" } });
        assert_eq!(self.app.update(&message(self.app.next_update(), CHAT, &document)).await.0, 200);
    }

    async fn count(&self, of: &str) -> i64 {
        count(&self.app.app.store, of).await
    }

    /// The texts of messages to the person.
    fn said(&self) -> Vec<String> {
        let said = self.app.fake.said().into_iter();
        said.map(|call| call.body["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

fn header<'a>(page: &'a Page, name: &str) -> &'a str {
    page.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

#[tokio::test]
async fn what_a_person_writes_is_shown_as_text() {
    let scene = Scene::start(Options::default()).await;
    let mut ann = scene.ann().await;
    let long = "ж".repeat(100_000);
    for text in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>",
        "</p></li></ol></main><h1>forged</h1>",
        "{{ csrf }} {% include \"x\" %} javascript:alert(4)",
        "photo\u{202E}gpj.exe \u{2066}inside\u{2069} \u{200F}x",
        "nul\u{0}bell\u{7}",
        &long,
    ] {
        assert_eq!(scene.app.text(CHAT, text).await.0, 200);
    }
    let page = ann.get(&scene.path).await;
    assert_eq!(page.status, 200);
    for bad in ["<script>alert", "<img src=x", "<svg/", "<h1>forged", "</p></li></ol></main><h1>"] {
        assert!(!page.text.contains(bad), "{bad}");
    }
    for good in ["&#60;script&#62;alert(1)&#60;/script&#62;", "&#60;img src=x onerror", "&#60;h1&#62;forged"]
    {
        assert!(page.text.contains(good), "{good}");
    }
    // One message is as long as a channel's longest; the page stays one that a phone can show.
    assert!(page.text.contains(&"ж".repeat(4_096)) && !page.text.contains(&"ж".repeat(4_097)));
    // Nothing turns the direction of writing: a text reads as it was written, in a paragraph of its own.
    let words = page.text.split("<p class=\"words\"").find(|words| words.contains("photogpj.exe inside x"));
    assert!(words.unwrap().split_once('>').unwrap().0.contains("dir=\"auto\""));
    assert!(!page.text.contains(['\u{202E}', '\u{2066}', '\u{2069}', '\u{200F}', '\u{7}']));
    let policy = header(&page, "content-security-policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("default-src 'none'"), "{policy}");
    // The queue tells nothing of it.
    assert!(!ann.get("/staff/queue").await.text.contains("alert("));
    scene.app.stop().await;
}

#[tokio::test]
async fn what_a_consultant_writes_reaches_the_person_as_text() {
    let scene = Scene::start(Options::default()).await;
    let mut ann = scene.ann().await;
    // Stars of codes stay stars.
    let words =
        "<b>Паспорт</b> отдавайте_никому_ [сюда](https://x.example) & <script> *102#, *105# или *100*1#";
    let text = format!("\u{202E}{words}\u{2066}\u{200F}\u{7}");
    let page = ann.post(&scene.path, &scene.at("answer"), &[("text", &text)]).await;
    assert_eq!(page.status, 303, "{}", page.text);
    scene.app.fake.wait_said(1).await;
    assert_eq!(scene.app.fake.said()[0].body["parse_mode"], "HTML");
    let escaped = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    assert!(scene.said()[0].contains(&escaped), "{:?}", scene.said());
    let is_turn = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{7}');
    assert!(!scene.said()[0].contains(is_turn), "{:?}", scene.said());
    let page = ann.get(&scene.path).await;
    assert!(page.text.contains("&#60;b&#62;Паспорт") && !page.text.contains("<b>Паспорт"));
    // So do notes, for colleagues.
    for (form, field, to) in [("note", "text", ""), ("hand", "note", "queue")] {
        let note = [(field, "a\u{202E}b<i>c</i>"), ("to", to)];
        assert_eq!(ann.post(&scene.path, &scene.at(form), &note).await.status, 303);
    }
    ann.post("/staff/queue", &scene.at("claim"), &[]).await;
    let page = ann.get(&scene.path).await;
    assert_eq!(page.text.matches("ab&#60;i&#62;c").count(), 2, "{}", page.text);
    scene.app.stop().await;
}

#[tokio::test]
async fn forged_forms_do_nothing() {
    let scene = Scene::start(Options::default()).await;
    let (mut ann, mut bek) = (scene.ann().await, scene.visitor("bek").await);
    let (answer, own) = (scene.at("answer"), ann.get(&scene.path).await.field("csrf"));
    let others = bek.get("/staff/queue").await.field("csrf");
    for token in [None, Some(""), Some("forged"), Some(others.as_str()), Some(&own[1..])] {
        let mut form = vec![("text", "forged")];
        form.extend(token.map(|token| ("csrf", token)));
        for what in ["answer", "page", "note", "draft", "hand", "look", "close", "claim"] {
            let page = ann.post_raw(&scene.at(what), &form).await;
            assert_eq!(page.status, 403, "{what} with {token:?}");
        }
    }
    // A header counts before the field, and a wrong one is wrong.
    ann.headers.insert("x-csrf", others.clone());
    assert_eq!(ann.post_raw(&answer, &[("text", "forged"), ("csrf", &own)]).await.status, 403);
    ann.headers.clear();
    // Other kinds of body, no fields at all, twice the same field, far too much.
    ann.headers.insert("content-type", "text/plain".to_owned());
    assert_eq!(ann.post_raw(&answer, &[("text", "forged"), ("csrf", &own)]).await.status, 400);
    ann.headers.clear();
    let twice = [("text", "forged"), ("text", "forged"), ("csrf", own.as_str())];
    assert_eq!(ann.post_raw(&answer, &twice).await.status, 400);
    assert_eq!(ann.post_raw(&answer, &[("text", "x"), ("csrf", &own), ("after", "1e9")]).await.status, 400);
    assert_eq!(ann.post_raw(&answer, &[]).await.status, 403);
    let long = "ж".repeat(MEGABYTE);
    assert_eq!(ann.post_raw(&answer, &[("text", &long), ("csrf", &own)]).await.status, 413);
    assert_eq!(ann.get(&answer).await.status, 405);
    // A form of a session that has ended.
    assert_eq!(ann.post_raw("/staff/logout", &[("csrf", &own)]).await.status, 303);
    let page = ann.post_raw(&answer, &[("text", "forged"), ("csrf", &own)]).await;
    assert!(page.status == 303 && page.location.starts_with("/staff/login"), "{}", page.location);
    ann.log_in("ann").await;
    assert_eq!(ann.post_raw(&answer, &[("text", "forged"), ("csrf", &own)]).await.status, 403);
    assert_eq!(scene.said(), [] as [String; 0]);
    assert_eq!(scene.count("case_entries where author <> 'bot'").await, 0);
    assert_eq!(scene.count("cases where state = 'claimed' and version = 2").await, 1);
    scene.app.stop().await;
}

async fn a_form_that_comes_twice_does_one_thing(fresh: Fresh) {
    let scene = Scene::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await;
    let mut ann = scene.ann().await;
    let page = ann.get(&scene.path).await;
    let (csrf, after) = (page.field("csrf"), page.field("after"));
    let form =
        |text: &'static str| [("csrf", csrf.clone()), ("after", after.clone()), ("text", text.to_owned())];
    for _ in 0..3 {
        let form = form("Приходите завтра");
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = ann.post_raw(&scene.at("answer"), &form).await;
        assert_eq!((page.status, page.location), (303, format!("{}?done=sent", scene.path)));
    }
    // Other words from the old page come back, to be sent after a look at what was said.
    let other = form("Нет, сегодня");
    let other: Vec<(&str, &str)> = other.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = ann.post_raw(&scene.at("answer"), &other).await;
    assert!(page.status == 422 && page.text.contains("Нет, сегодня</textarea>"), "{}", page.text);
    assert!(page.text.contains("The case changed while the page was open."));
    assert_ne!(page.field("after"), after);
    // A page of the content, from its preview.
    let preview = ann.get(&format!("{}?node=patent", scene.at("page"))).await;
    let (node, after) = (preview.field("node"), preview.field("after"));
    for _ in 0..2 {
        let form = [("csrf", csrf.as_str()), ("after", &after), ("node", &node)];
        assert_eq!(
            ann.post_raw(&scene.at("page"), &form).await.location,
            format!("{}?done=sent", scene.path)
        );
    }
    assert_eq!(scene.count("case_entries where author = 'staff'").await, 2);
    assert_eq!(scene.count("audit where verb = 'case-answered'").await, 2);
    scene.app.fake.wait_said(2).await;
    wait_count(&scene.app.app.store, "outbox where state = 'queued'", 0).await;
    assert_eq!(scene.said().len(), 2);
    // Claimed, handed on and closed twice.
    let page = ann.post("/staff/queue", &scene.at("claim"), &[]).await;
    assert_eq!((page.status, page.location), (303, scene.path.clone()));
    for expected in [303, 404] {
        assert_eq!(
            ann.post_raw(&scene.at("hand"), &[("csrf", &csrf), ("to", "queue")]).await.status,
            expected
        );
    }
    assert_eq!(scene.count("audit where verb = 'case-released'").await, 1);
    ann.post("/staff/queue", &scene.at("claim"), &[]).await;
    let version = ann.get(&scene.at("close")).await.field("version");
    for location in [String::from("/staff/queue?done=closed"), String::new()] {
        assert_eq!(ann.post_raw(&scene.at("close"), &outcome(&csrf, &version)).await.location, location);
    }
    assert_eq!(scene.count("audit where verb = 'case-closed'").await, 1);
    assert_eq!(scene.count("events where event_id like 'case:%'").await, 2);
    // A visit that is entered twice counts once, and nobody can name the case that it becomes.
    let visit = ann.get("/staff/register").await.field("visit");
    for (visit, status) in
        [(visit.as_str(), 303), (visit.as_str(), 422), ("forged", 400), (&visit[1..], 400), ("", 400)]
    {
        let mut form = outcome(&csrf, "1").to_vec();
        form.extend([("visit", visit), ("channel", "centre"), ("locale", "tg")]);
        assert_eq!(ann.post_raw("/staff/register", &form).await.status, status);
    }
    assert_eq!(scene.count("cases where channel = 'centre'").await, 1);
    assert_eq!(scene.count("events where event_id like 'case:%'").await, 4);
    scene.app.stop().await;
}

/// A filled close form.
fn outcome<'a>(csrf: &'a str, version: &'a str) -> [(&'a str, &'a str); 11] {
    [
        ("csrf", csrf),
        ("version", version),
        ("help", "advice"),
        ("topic", "unpaid-wages"),
        ("sex", "F"),
        ("age", "U"),
        ("origin", "TJ"),
        ("stay", "RU"),
        ("audience", "migrant"),
        ("family", "U"),
        ("vulnerable", "U"),
    ]
}

async fn what_is_not_theirs_is_refused_and_stands_in_the_trail(fresh: Fresh) {
    let scene = Scene::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await;
    let mut ann = scene.ann().await;
    let mut bek = scene.visitor("bek").await;
    let file = scene.sends("F1", "photo.jpg", b"\xFF\xD8\xFF\xE0\x00\x10JFIF").await;
    let version = ann.get(&scene.at("close")).await.field("version");
    let csrf = bek.get("/staff/queue").await.field("csrf");
    let before = scene.count("case_entries").await;
    let looks = [
        scene.path.clone(),
        scene.at("close"),
        scene.at("page?node=patent"),
        format!("/staff/file/{file}"),
        format!("/staff/file/{file}/image"),
    ];
    for path in &looks {
        let page = bek.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.text.contains("alert(1)") && !page.text.contains("Name of ann"), "{path}");
    }
    let form = outcome(&csrf, &version);
    let more = [("text", "не ваше"), ("node", "patent"), ("to", "queue"), ("after", "0")];
    let form: Vec<(&str, &str)> = form.into_iter().chain(more).collect();
    let deeds = ["answer", "page", "note", "draft", "look", "hand", "close"];
    for deed in deeds {
        assert_eq!(bek.post_raw(&scene.at(deed), &form).await.status, 404, "{deed}");
    }
    // What is not there at all looks the same.
    for path in ["/staff/case/1", "/staff/case/-1", "/staff/case/99999999999999999999", "/staff/file/1"] {
        assert_eq!(bek.get(path).await.status, 404, "{path}");
    }
    assert_eq!(bek.post_raw("/staff/case/1/answer", &form).await.status, 404);
    assert_eq!(scene.count("case_entries").await, before);
    assert_eq!(scene.count("case_drafts").await, 0);
    let still = format!("cases where state = 'claimed' and version = {version}");
    assert_eq!(scene.count(&still).await, 1);
    assert_eq!(scene.count("outbox where state = 'failed'").await, 0);
    // Each of it stands in the trail, by ids; a claim that lost tells who has it, as the queue does.
    let page = bek.post_raw(&scene.at("claim"), &[("csrf", &csrf)]).await;
    assert!(page.status == 409 && page.text.contains("Name of ann"), "{}", page.text);
    let store = &scene.app.app.store;
    let bek_id = scene.app.app.staff.get_by_login("bek").await.unwrap().unwrap().id;
    let refused =
        format!("audit where verb = 'case-refused' and staff_id = {bek_id} and object_id = '{}'", scene.case);
    assert_eq!(scene.count(&refused).await, (looks.len() + deeds.len()) as i64);
    assert_eq!(scene.count("audit where verb = 'case-refused'").await, scene.count(&refused).await);
    assert!(matches!(audit::verify(store, None).await.unwrap(), Verdict::Whole { .. }));
    // A supervisor reads, but does not speak for others.
    account(&scene.app, "boss", &[Role::Supervisor]).await;
    let mut boss = scene.visitor("boss").await;
    boss.enrol().await;
    assert_eq!(boss.get(&scene.path).await.status, 200);
    let page = boss.post("/staff/queue", &scene.at("answer"), &[("text", "x")]).await;
    assert!(page.status == 422 && page.text.contains("This case is not yours"), "{}", page.text);
    // A link leads somebody who has not the case to where it is taken.
    let other = waiting(&scene.app, 78, true).await;
    let page = bek.get(&format!("/staff/case/{other}")).await;
    assert_eq!((page.status, page.location.as_str()), (303, format!("/staff/case/{other}/claim").as_str()));
    let page = bek.get(&page.location).await;
    assert!(page.status == 200 && page.text.contains("This case waits. Take it"), "{}", page.text);
    assert_eq!(scene.count("audit where verb = 'case-refused'").await, scene.count(&refused).await);
    let trail = texts(store, "select verb || ' ' || object_kind || ' ' || object_id from audit").await;
    assert!(!trail.join("\n").contains("не ваше"));
    scene.app.stop().await;
}

#[tokio::test]
async fn a_closed_case_takes_nothing() {
    let scene = Scene::start(Options::default()).await;
    let (mut ann, mut bek) = (scene.ann().await, scene.visitor("bek").await);
    let page = ann.get(&scene.at("close")).await;
    let (csrf, version) = (page.field("csrf"), page.field("version"));
    let page = ann.post_raw(&scene.at("close"), &outcome(&csrf, &version)).await;
    assert_eq!(page.location, "/staff/queue?done=closed");
    wait_count(&scene.app.app.store, "outbox where state = 'queued'", 0).await;
    let (entries, said) = (scene.count("case_entries").await, scene.said().len());
    // What was written is not lost.
    let page = ann.post_raw(&scene.at("answer"), &[("csrf", &csrf), ("text", "Ещё одно")]).await;
    assert!(page.status == 422 && page.text.contains("closed or erased"), "{}", page.text);
    let page = ann.post_raw(&scene.at("page"), &[("csrf", &csrf), ("node", "patent")]).await;
    assert_eq!(page.location, format!("{}?why=ended", scene.path));
    let page = ann.post_raw(&scene.at("hand"), &[("csrf", &csrf), ("to", "queue")]).await;
    assert_eq!(page.location, format!("{}?why=ended", scene.path));
    assert_eq!(ann.post_raw(&scene.at("draft"), &[("csrf", &csrf), ("text", "x")]).await.status, 409);
    assert_eq!(ann.get(&scene.at("close")).await.status, 409);
    let fresh = (scene.count("events").await, version.parse::<i64>().unwrap() + 1);
    let again = fresh.1.to_string();
    for version in [&version, &again] {
        let page = ann.post_raw(&scene.at("close"), &outcome(&csrf, version)).await;
        assert!(page.status != 303 || page.location.contains("why="), "{} {}", page.status, page.location);
    }
    assert_eq!(scene.count("events").await, fresh.0, "nothing is counted twice");
    let page = bek.post("/staff/queue", &scene.at("claim"), &[]).await;
    assert_eq!(page.status, 409);
    assert_eq!(bek.get(&scene.path).await.status, 404);
    assert_eq!(ann.get(&scene.path).await.status, 200, "who had it may read it");
    assert_eq!(scene.count("case_entries").await, entries);
    assert_eq!(scene.said().len(), said);
    scene.app.stop().await;
}

#[tokio::test]
async fn a_file_that_lies_is_only_ever_saved() {
    let scene = Scene::start(Options::default()).await;
    let mut ann = scene.ann().await;
    let bomb = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/files/bomb.zip")).unwrap();
    // Sixteen times a gigabyte of zeros, packed twice.
    assert!(bomb.starts_with(b"PK\x03\x04") && bomb.len() < 10_000);
    let svg =
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
    let html = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
    let hidden = [b"\xFF\xD8\xFF\xE0\x00\x10JFIF".as_slice(), b"<script>alert(1)</script>"].concat();
    let pdf = b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>".to_vec();
    let script = b"<script>alert(1)</script>".to_vec();
    for (id, name, bytes, kind, ending) in [
        ("F1", "photo.jpg", html, "application/octet-stream", "bin"),
        ("F2", "photo.jpg", svg, "application/octet-stream", "bin"),
        ("F3", "photo.jpg", script, "application/octet-stream", "bin"),
        ("F4", "photo.svg", hidden, "image/jpeg", "jpg"),
        ("F5", "photo.jpg", pdf, "application/pdf", "pdf"),
        ("F6", "../../etc/passwd\"; filename=\"x.html", bomb.clone(), "application/zip", "zip"),
        ("F7", "photo.jpg", Vec::new(), "", ""),
    ] {
        let file = scene.sends(id, name, &bytes).await;
        let page = ann.get(&format!("/staff/file/{file}")).await;
        if kind.is_empty() {
            assert!(page.status == 200 || page.status == 404, "{id}");
            continue;
        }
        assert_eq!(page.status, 200, "{id}: {}", page.text);
        assert_eq!(
            header(&page, "content-disposition"),
            format!("attachment; filename=\"safar-{file}.{ending}\"")
        );
        let is_plain = kind == header(&page, "content-type")
            || header(&page, "content-type") == "application/octet-stream";
        assert!(is_plain, "{id}: {}", header(&page, "content-type"));
        assert_eq!(header(&page, "x-content-type-options"), "nosniff");
        assert_eq!(header(&page, "content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(header(&page, "cache-control"), "no-store");
        assert_eq!(header(&page, "content-length"), bytes.len().to_string(), "{id}: as it came");
        let image = ann.get(&format!("/staff/file/{file}/image")).await;
        assert_eq!(image.status, if kind == "image/jpeg" { 200 } else { 404 }, "{id}");
        if image.status == 200 {
            assert_eq!(header(&image, "content-type"), "image/jpeg");
            assert_eq!(header(&image, "content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(header(&image, "x-content-type-options"), "nosniff");
        }
    }
    // Nobody unpacked it: what is kept is what came.
    let kept = format!("attachments where mime = 'application/zip' and size = {}", bomb.len());
    assert_eq!(scene.count(&kept).await, 1);
    for (id, bytes) in [
        ("P1", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xFF\xFF".as_slice()),
        ("P2", b"\x7FELF\x02\x01\x01\x00"),
        ("P3", b"#!/bin/sh\nrm -rf ~\n"),
    ] {
        let file = scene.sends(id, "photo.jpg", &[bytes, &[0; 64]].concat()).await;
        assert_eq!(ann.get(&format!("/staff/file/{file}")).await.status, 404, "{id}");
    }
    assert_eq!(scene.count("attachments where state = 'refused' and reason = 'kind'").await, 3);
    // 100 MB, with and without a word on it.
    let huge = vec![b'x'; 100 * MEGABYTE];
    for (n, tells) in [Tells::Size, Tells::Length, Tells::Nothing].into_iter().enumerate() {
        let id = format!("H{n}");
        scene.app.fake.put_file(&id, &huge, tells);
        scene.offers(&id, "photo.jpg").await;
        let of = "attachments where state = 'refused' and reason = 'too-large'";
        wait_count(&scene.app.app.store, of, n as i64 + 1).await;
    }
    assert!(scene.count("attachment_chunks").await <= 7);
    scene.app.stop().await;
}
