//! Three people and two consultants, from the question to the outcome: Telegram in Russian, WhatsApp in Tajik, the chat
//! page in Kyrgyz; the consoles in Debian's chromium, one on a laptop and one on a phone.
//!
//! `SAFAR_SHOTS=<folder>` keeps screenshots.

use std::path::PathBuf;

use safar::desk::Role;
use serde_json::json;

use crate::{
    staff::{
        visitor::account,
        walk::{WIDTHS, Walk},
    },
    support::{
        app::{Options, TestApp},
        chromium::{Chromium, Tab},
        fake_telegram::FakeTelegram,
        sql,
        whatsapp::{Wa, Who},
    },
};

/// Somebody on Telegram.
const CHAT: i64 = 501;

/// The newest message on the chat page.
const LAST: &str = "[...document.querySelectorAll('#log .bot')].at(-1)";

/// One turn on Telegram; what is answered.
async fn telegram(app: &TestApp, fake: &FakeTelegram, text: &str) -> String {
    app.clock.advance_ms(3_000);
    let before = fake.said().len();
    app.text(CHAT, text).await;
    fake.wait_said(before + 1).await[before].body["text"].as_str().unwrap().to_owned()
}

/// One turn on WhatsApp; what is answered.
async fn whatsapp(wa: &Wa, who: &Who, text: &str) -> String {
    wa.app.clock.advance_ms(3_000);
    wa.talk(wa.text(who, text)).await.to_string()
}

/// The chat page of a visitor, in a tab of the consultants' browser.
struct Chat {
    tab: Tab,
}

impl Chat {
    async fn open(walk: &mut Walk<'_>) -> Self {
        let tab = walk.browser.tab(WIDTHS[0].0, WIDTHS[0].1).await;
        walk.browser.open(&tab, &walk.app.url("/")).await;
        walk.browser.until(&tab, &format!("!!{LAST}?.querySelector('[data-token=\"a.lang.ky\"]')")).await;
        Self { tab }
    }

    async fn tap(&self, walk: &mut Walk<'_>, token: &str) {
        walk.app.clock.advance_ms(3_000);
        let before = self.count(walk).await;
        let button = format!("[...document.querySelectorAll('#log [data-token=\"{token}\"]')].at(-1)");
        walk.browser.press(&self.tab, &button).await;
        self.answered(walk, before).await;
    }

    async fn write(&self, walk: &mut Walk<'_>, text: &str) {
        walk.app.clock.advance_ms(3_000);
        walk.browser.press(&self.tab, "document.getElementById('text')").await;
        walk.browser.type_text(&self.tab, text).await;
        walk.browser.press_enter(&self.tab).await;
    }

    async fn ask(&self, walk: &mut Walk<'_>, text: &str) {
        let before = self.count(walk).await;
        self.write(walk, text).await;
        self.answered(walk, before).await;
    }

    async fn count(&self, walk: &mut Walk<'_>) -> u64 {
        walk.browser.eval(&self.tab, "document.querySelectorAll('#log .bot').length").await.as_u64().unwrap()
    }

    async fn answered(&self, walk: &mut Walk<'_>, before: u64) {
        let more = format!("document.querySelectorAll('#log .bot').length > {before}");
        walk.browser.until(&self.tab, &more).await;
    }

    /// Waits until the newest message says this.
    async fn hears(&self, walk: &mut Walk<'_>, words: &str) {
        let says = format!("{LAST}.innerText.includes({})", json!(words));
        walk.browser.until(&self.tab, &says).await;
    }

    async fn shot(&self, walk: &mut Walk<'_>, name: &str) {
        let Some(folder) = std::env::var_os("SAFAR_SHOTS").map(PathBuf::from) else { return };
        let png = walk.browser.shot(&self.tab).await;
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), png).unwrap();
    }
}

/// Takes the first case that waits; its path.
async fn claim_first(walk: &mut Walk<'_>) -> String {
    walk.open("/staff/queue").await;
    let form = "document.querySelector('section[aria-labelledby=waiting] form[action$=\"/claim\"]')";
    let claim = walk.browser.eval(&walk.tab, &format!("{form}.getAttribute('action')")).await;
    let claim = claim.as_str().unwrap().to_owned();
    walk.submit(&claim).await;
    let path = claim.trim_end_matches("/claim").to_owned();
    walk.at(&path).await;
    path
}

async fn answer(walk: &mut Walk<'_>, path: &str, text: &str) {
    walk.app.clock.advance_ms(3_000);
    walk.fill("answer", text).await;
    walk.submit(&format!("{path}/answer")).await;
    walk.at(path).await;
}

/// Closes a case with an outcome.
async fn close(walk: &mut Walk<'_>, path: &str, help: &str, chosen: &[(&str, &str)]) {
    walk.app.clock.advance_ms(3_000);
    let close = format!("{path}/close");
    walk.open(&close).await;
    walk.browser.press(&walk.tab, &format!("document.querySelector('[name=help][value={help}]')")).await;
    for (field, value) in chosen {
        let choose = format!("document.getElementById('{field}').value = '{value}'");
        assert_eq!(walk.browser.eval(&walk.tab, &choose).await, *value);
    }
    walk.look(&format!("journey-close-{help}")).await;
    walk.submit(&close).await;
    walk.at("/staff/queue").await;
}

#[tokio::test]
async fn three_people_go_from_a_question_to_an_outcome() {
    let Some(mut browser) = Chromium::start().await else { return };
    let before = TestApp::start(Options::default()).await;
    for login in ["ann", "bek"] {
        account(&before, login, &[Role::Consultant]).await;
    }
    account(&before, "boss", &[Role::Supervisor]).await;
    // From its start on the program knows that somebody answers.
    let folder = Some(before.folder.clone());
    before.stop().await;
    let wa = Wa::start_with(Options { folder, ..Options::default() }).await;
    let app = &wa.app;
    let fake = &app.fake;
    let laptop = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let phone = browser.tab(WIDTHS[0].0, WIDTHS[0].1).await;
    let mut walk = Walk { app, browser, tab: laptop.clone() };

    // Telegram, Russian: they ask for a person.
    telegram(app, fake, "/start").await;
    let before = fake.said().len();
    app.tap(CHAT, 10, "a.lang.ru").await;
    fake.wait_said(before + 1).await;
    telegram(app, fake, "нужен юрист").await;
    telegram(app, fake, "да").await;
    let said = telegram(app, fake, "Хозяин третий месяц не отдаёт 90 000").await;
    assert!(said.contains("1-й в очереди"), "{said}");
    // WhatsApp, Tajik.
    let zafar = Who::number("79995550101");
    whatsapp(&wa, &zafar, "Салом").await;
    wa.talk(wa.row(&zafar, "a.lang.tg")).await;
    whatsapp(&wa, &zafar, "мушовир").await;
    whatsapp(&wa, &zafar, "ҳа").await;
    whatsapp(&wa, &zafar, "Корфармо шартнома намебандад").await;
    // The chat page, Kyrgyz: danger, with one tap.
    let chat = Chat::open(&mut walk).await;
    chat.tap(&mut walk, "a.lang.ky").await;
    chat.ask(&mut walk, "мени полиция кармап кетти").await;
    chat.hears(&mut walk, "112").await;
    chat.shot(&mut walk, "journey-web-danger.png").await;
    chat.tap(&mut walk, "a.case.urgent").await;
    chat.write(&mut walk, "Тверь шаары, бөлүмдө отурам").await;
    sql::wait_count(&app.app.store, "cases where state = 'waiting'", 3).await;

    // Ann on her laptop: the urgent one stands first, though it came last.
    walk.log_in("ann").await;
    walk.at("/staff/queue").await;
    walk.look("journey-queue").await;
    let first = "document.querySelector('section[aria-labelledby=waiting] tbody tr').className";
    assert_eq!(walk.browser.eval(&walk.tab, first).await, "hot");
    let urgent = claim_first(&mut walk).await;
    chat.hears(&mut walk, "Name of ann").await;
    assert!(walk.text().await.contains("Тверь шаары"));
    answer(&mut walk, &urgent, "Кайсы бөлүм? Юрист жолго чыкты.").await;
    chat.hears(&mut walk, "Юрист жолго чыкты").await;
    chat.write(&mut walk, "Борбордук бөлүм").await;
    // What the person writes comes to the open page by itself.
    let there = "document.querySelector('#live').innerText.includes('Борбордук бөлүм')";
    walk.browser.until(&walk.tab, there).await;
    walk.look("journey-case").await;
    chat.shot(&mut walk, "journey-web-case.png").await;

    // Bek on his phone takes the next: who waited longest.
    walk.tab = phone.clone();
    walk.log_in("bek").await;
    let before = fake.said().len();
    let wages = claim_first(&mut walk).await;
    assert!(walk.text().await.contains("Хозяин третий месяц не отдаёт 90 000"));
    fake.wait_said(before + 1).await;
    answer(&mut walk, &wages, "Есть договор или переписка?").await;
    let said = fake.wait_said(before + 2).await;
    assert!(said.last().unwrap().body["text"].as_str().unwrap().contains("Есть договор"), "{said:?}");
    app.text(CHAT, "Есть переписка в телефоне").await;
    let there = "document.querySelector('#live').innerText.includes('Есть переписка в телефоне')";
    walk.browser.until(&walk.tab, there).await;
    walk.look("journey-case-wages").await;

    // Ann takes the last; each answer goes the way the question came.
    walk.tab = laptop.clone();
    let before = wa.api.said_to(zafar.address()).len();
    let contract = claim_first(&mut walk).await;
    assert!(walk.text().await.contains("Корфармо шартнома намебандад"));
    answer(&mut walk, &contract, "Ба нозироти меҳнат муроҷиат кунед.").await;
    let told = sql::until(async || wa.api.said_to(zafar.address()).len() >= before + 2).await;
    assert!(told, "{:?}", wa.api.said_to(zafar.address()));
    let said = wa.api.said_to(zafar.address()).last().unwrap().body.to_string();
    assert!(said.contains("Ба нозироти меҳнат"), "{said}");

    // The outcomes.
    close(&mut walk, &contract, "referral", &[("target", "labour-inspection"), ("sex", "M")]).await;
    close(&mut walk, &urgent, "protection", &[("sex", "M"), ("origin", "KG"), ("stay", "RU")]).await;
    walk.tab = phone.clone();
    close(&mut walk, &wages, "advice", &[("sex", "F"), ("age", "25-29"), ("origin", "TJ")]).await;
    sql::wait_count(&app.app.store, "cases where state = 'closed'", 3).await;
    // Each is asked whether it helped; one says so.
    chat.tap(&mut walk, "a.case.helped").await;
    chat.shot(&mut walk, "journey-web-end.png").await;
    sql::wait_count(&app.app.store, "events where type = 'service'", 3).await;
    sql::wait_count(&app.app.store, "events where type = 'referral_made'", 1).await;

    // The supervisor sees three ended cases, by whom and how.
    walk.tab = laptop;
    walk.browser.tell(&walk.tab, "Network.clearBrowserCookies", json!({})).await;
    walk.log_in("boss").await;
    walk.enrol().await;
    walk.open("/staff/supervisor").await;
    walk.look("journey-supervisor").await;
    assert_eq!(walk.browser.complaints(&chat.tab), [] as [&str; 0]);
    walk.browser.close().await;
    wa.stop().await;
}
