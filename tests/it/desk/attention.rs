//! What a person sees of their consultant: that they have read, and that they write. On both databases.

use safar::{
    desk::Role,
    domain::{CaseId, ChannelKind, DeskView},
};
use serde_json::{Value, json};

use super::pages::{case_of_newest, waiting};
use crate::{
    staff::visitor::{Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        chromium::Chromium,
        fake_whatsapp::Kind,
        sql::wait_count,
        whatsapp::{Wa, Who},
    },
    web,
};

store_contract!(
    telegram_shows_that_a_consultant_writes,
    whatsapp_marks_read_what_a_consultant_reads,
    the_web_chat_hears_of_reading_and_writing,
);

const CHAT: i64 = 77;

async fn claims(app: &TestApp, case: CaseId) -> Visitor<'_> {
    let mut ann = Visitor::of(app);
    ann.log_in("ann").await;
    ann.post("/staff/queue", &format!("/staff/case/{case}/claim"), &[]).await;
    ann
}

async fn writes(ann: &mut Visitor<'_>, case: CaseId, text: &str) {
    let path = format!("/staff/case/{case}");
    assert_eq!(ann.post(&path, &format!("{path}/draft"), &[("text", text)]).await.status, 204);
}

async fn telegram_shows_that_a_consultant_writes(fresh: Fresh) {
    let app = TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let case = waiting(&app, CHAT, false).await;
    let mut ann = claims(&app, case).await;
    // Not of keys each by itself.
    writes(&mut ann, case, "Са").await;
    writes(&mut ann, case, "Салом").await;
    app.clock.advance_ms(5_000);
    writes(&mut ann, case, "Салом!").await;
    let shown: Vec<Value> =
        app.fake.wait_for("sendChatAction", 2).await.into_iter().map(|call| call.body).collect();
    assert_eq!(shown, vec![json!({ "chat_id": CHAT, "action": "typing" }); 2]);
    app.stop().await;
}

async fn whatsapp_marks_read_what_a_consultant_reads(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    account(&wa.app, "ann", &[Role::Consultant]).await;
    account(&wa.app, "eve", &[Role::Supervisor]).await;
    wa.app.app.jobs.view.send_replace(DeskView { staffed: true, open_now: true, ..DeskView::default() });
    let (who, other) = (Who::nth(1), Who::nth(2));
    wa.talk(wa.text(&who, "/start")).await;
    wa.api.wait_for(Kind::Read, 1).await;
    let case = case_of_newest(&wa.app, ChannelKind::WhatsApp.as_str(), false).await;
    let words = wa.text(&who, "Мне не платят");
    assert_eq!(wa.messages(std::slice::from_ref(&words)).await, 200);
    // The bot answers another at once: only that is marked meanwhile.
    wa.talk(wa.text(&other, "/start")).await;
    wa.api.wait_for(Kind::Read, 2).await;
    let mut ann = claims(&wa.app, case).await;
    // Of who only reads along, the person sees nothing.
    let mut eve = Visitor::of(&wa.app);
    eve.log_in("eve").await;
    eve.enrol().await;
    assert_eq!(eve.get(&format!("/staff/case/{case}")).await.status, 200);
    wa.talk(wa.text(&Who::nth(3), "/start")).await;
    assert!(wa.api.wait_for(Kind::Read, 3).await.iter().all(|call| call.body["message_id"] != words["id"]));
    assert_eq!(ann.get(&format!("/staff/case/{case}")).await.status, 200);
    let read = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": words["id"] });
    assert_eq!(wa.api.wait_for(Kind::Read, 4).await[3].body, read);
    writes(&mut ann, case, "Салом").await;
    let mut typing = read;
    typing["typing_indicator"] = json!({ "type": "text" });
    assert_eq!(wa.api.wait_for(Kind::Read, 5).await[4].body, typing);
    wa.stop().await;
}

async fn the_web_chat_hears_of_reading_and_writing(fresh: Fresh) {
    let app = TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let (guest, other) = (web::Visitor::new(&app).await, web::Visitor::new(&app).await);
    other.send(&json!({ "id": "b", "start": {} })).await;
    guest.send(&json!({ "id": "a", "start": {} })).await;
    let case = case_of_newest(&app, "web", false).await;
    let (mut stream, mut elsewhere) = (guest.stream(None).await, other.stream(None).await);
    stream.hello().await;
    stream.message().await;
    elsewhere.hello().await;
    elsewhere.message().await;
    assert_eq!(guest.send(&json!({ "id": "a2", "text": "Мне не платят" })).await, 202);
    let mut ann = claims(&app, case).await;
    writes(&mut ann, case, "Салом").await;
    let mut kinds = Vec::new();
    while kinds.last().is_none_or(|kind| kind != "typing") {
        let event = stream.next().await;
        // In a conversation with people, the page expects no answer at once.
        assert!(event.kind != "message" || event.data["talk"] == true, "{event:?}");
        kinds.push(event.kind);
    }
    assert!(kinds.contains(&"read".to_owned()), "{kinds:?}");
    other.send(&json!({ "id": "b2", "tap": "a.lang.ru" })).await;
    assert_eq!(elsewhere.next().await.kind, "message", "what goes on elsewhere is nobody else's");
    app.stop().await;
}

#[tokio::test]
async fn the_page_of_a_talk_shows_what_people_do() {
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let Some(mut browser) = Chromium::start().await else { return };
    let tab = browser.tab(320, 640).await;
    browser.open(&tab, &app.url("/")).await;
    browser.until(&tab, "!!document.querySelector('#log [data-token=\"a.lang.ru\"]')").await;
    let shown = "[...document.querySelectorAll('#typing, #attach')].map((e) => !e.hidden)";
    assert_eq!(browser.eval(&tab, shown).await, json!([false, false]), "a bot takes no files");
    let case = case_of_newest(&app, "web", false).await;
    // So long after the last word about the wait it is told again.
    app.clock.advance_ms(11 * 60_000);
    let says = async |browser: &mut Chromium, text: &str| {
        browser.press(&tab, "document.getElementById('text')").await;
        browser.type_text(&tab, text).await;
        browser.press_enter(&tab).await;
    };
    says(&mut browser, "Мне не платят").await;
    browser.until(&tab, "!document.getElementById('attach').hidden").await;
    app.clock.advance_ms(3_000);
    says(&mut browser, "Уже два месяца").await;
    browser.until(&tab, "document.querySelectorAll('.me:not(.sending)').length === 2").await;
    assert_eq!(browser.eval(&tab, shown).await, json!([false, true]), "nobody writes yet");
    assert_eq!(browser.eval(&tab, "document.querySelectorAll('.note.read').length").await, 0);
    let mut ann = claims(&app, case).await;
    assert_eq!(ann.get(&format!("/staff/case/{case}")).await.status, 200);
    browser.until(&tab, "[...document.querySelectorAll('.me')].at(-1).innerText.includes('Прочитано')").await;
    writes(&mut ann, case, "Салом").await;
    browser.until(&tab, "!document.getElementById('typing').hidden").await;
    app.clock.advance_ms(3_000);
    let picture = "(() => {
        const put = (name, bytes) => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], name));
            const input = document.getElementById('file');
            input.files = files.files;
            input.dispatchEvent(new Event('change'));
        };
        put('договор.jpg', [255, 216, 255, 224, 0, 16]);
        put('программа.exe', [77, 90, 144, 0, ...new Array(64).fill(0)]);
        return true;
    })()";
    browser.eval(&tab, picture).await;
    wait_count(&app.app.store, "attachments where state = 'stored' and mime = 'image/jpeg'", 1).await;
    browser.until(&tab, "document.querySelector('.note.bad')?.innerText.includes('не сможет открыть')").await;
    let wide = "Math.max(document.documentElement.scrollWidth, document.getElementById('form').scrollWidth)";
    assert_eq!(browser.eval(&tab, wide).await, 320);
    if let Some(folder) = std::env::var_os("SAFAR_SHOTS") {
        let png = browser.shot(&tab).await;
        std::fs::write(std::path::Path::new(&folder).join("talk.png"), png).unwrap();
    }
    browser.close().await;
    app.stop().await;
}
