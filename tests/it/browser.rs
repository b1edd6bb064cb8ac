//! The chat page as a visitor meets it: Debian's chromium, a phone's width, the whole program behind it.
//!
//! `SAFAR_SHOTS=<folder>` keeps a screenshot of each turn.

use std::path::PathBuf;

use safar::store::{Store, Tx};
use serde_json::json;

use crate::support::{
    app::{Options, TestApp},
    chromium::{Chromium, Tab},
};

/// The narrowest phone that we care for, and a common one for the picture in the docs.
const NARROW: (u32, u32) = (320, 640);
const COMMON: (u32, u32) = (390, 844);

/// The newest message of the bot.
const LAST: &str = "[...document.querySelectorAll('#log .bot')].at(-1)";

/// One thing that a visitor does.
enum Step {
    /// Taps the newest button with this token; then this text is in the answer.
    Tap(&'static str, &'static str),
    /// Types this and sends it.
    Type(&'static str, &'static str),
}
use Step::{Tap, Type};

/// Messages that no page has acknowledged.
async fn waiting(store: &Store) -> i64 {
    const SQL: &str = "select cast(count(*) as bigint) from outbox where settled_at is null";
    let mut tx = store.read().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(SQL).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(SQL).fetch_one(&mut **tx).await.unwrap(),
    }
}

struct Walk<'a> {
    app: &'a TestApp,
    browser: &'a mut Chromium,
    tab: Tab,
    locale: &'static str,
    turns: usize,
}

impl<'a> Walk<'a> {
    /// Opens the page as a new visitor and waits for the welcome.
    async fn begin(app: &'a TestApp, browser: &'a mut Chromium, locale: &'static str) -> Self {
        let tab = browser.tab(NARROW.0, NARROW.1).await;
        browser.open(&tab, &app.url("/?s=kiosk-7")).await;
        let mut walk = Self { app, browser, tab, locale, turns: 0 };
        walk.wait(&format!("!!{LAST}.querySelector('[data-token=\"a.lang.{locale}\"]')")).await;
        assert_eq!(walk.eval("location.search").await, "", "the code leaves the address");
        walk.looks_right().await;
        walk
    }

    async fn eval(&mut self, script: &str) -> serde_json::Value {
        self.browser.eval(&self.tab, script).await
    }

    async fn wait(&mut self, script: &str) {
        self.browser.until(&self.tab, script).await;
    }

    /// Taps the newest button with this token.
    async fn tap(&mut self, token: &str) {
        self.app.clock.advance_ms(3_000);
        let before = self.eval("document.querySelectorAll('#log .bot').length").await.as_u64().unwrap();
        let button = format!("[...document.querySelectorAll('#log [data-token=\"{token}\"]')].at(-1)");
        self.browser.press(&self.tab, &button).await;
        self.wait(&format!("document.querySelectorAll('#log .bot').length === {}", before + 1)).await;
        self.turns += 1;
        self.looks_right().await;
    }

    async fn take(&mut self, step: &Step) {
        // The clock stands still: time for the throttle and for the double-tap guard.
        self.app.clock.advance_ms(3_000);
        let before = self.eval("document.querySelectorAll('#log .bot').length").await.as_u64().unwrap();
        let has = match step {
            Tap(token, has) => {
                let button =
                    format!("[...document.querySelectorAll('#log [data-token=\"{token}\"]')].at(-1)");
                self.browser.press(&self.tab, &button).await;
                has
            }
            Type(text, has) => {
                self.browser.press(&self.tab, "document.getElementById('text')").await;
                self.browser.type_text(&self.tab, text).await;
                self.browser.press_enter(&self.tab).await;
                has
            }
        };
        self.wait(&format!("document.querySelectorAll('#log .bot').length === {}", before + 1)).await;
        let said = self.last().await;
        assert!(said.contains(has), "{has:?} is not in {said:?}");
        self.turns += 1;
        assert_eq!(self.eval("document.documentElement.lang").await, self.locale);
        self.looks_right().await;
    }

    /// The text of the newest message.
    async fn last(&mut self) -> String {
        self.eval(&format!("{LAST}.querySelector('.bubble').innerText")).await.as_str().unwrap().to_owned()
    }

    /// Nothing is cut off at the side, buttons can be hit, one message is current.
    async fn looks_right(&mut self) {
        let (width, small, current) = (
            self.eval(
                "Math.max(document.documentElement.scrollWidth, document.getElementById('scroll').scrollWidth)",
            )
            .await,
            self.eval(
                "[...document.querySelectorAll('#log .bot:not(.old) .choices button')]
                .filter((b) => b.getBoundingClientRect().height < 44).map((b) => b.textContent)",
            )
            .await,
            self.eval("document.querySelectorAll('#log .bot:not(.old)').length").await,
        );
        assert!(width.as_u64().unwrap() <= u64::from(NARROW.0), "{width} px wide");
        assert_eq!(small, json!([]), "buttons under 44 px");
        assert_eq!(current, 1);
        let name = format!("{}-{:02}.png", self.locale, self.turns);
        self.shot(&name).await;
    }

    async fn shot(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("SAFAR_SHOTS").map(PathBuf::from) else { return };
        let png = self.browser.shot(&self.tab).await;
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), png).unwrap();
    }

    /// A picture at a common phone's size, for the docs.
    async fn portrait(&mut self, name: &str) {
        self.browser.resize(&self.tab, COMMON.0, COMMON.1).await;
        self.wait(&format!("innerWidth === {}", COMMON.0)).await;
        self.eval(&format!("{LAST}.scrollIntoView({{ block: 'end' }})")).await;
        self.shot(name).await;
        self.browser.resize(&self.tab, NARROW.0, NARROW.1).await;
        self.wait(&format!("innerWidth === {}", NARROW.0)).await;
    }

    /// The page loaded anew stands where it stood.
    async fn reload(&mut self) {
        let before = self.last().await;
        // A mark that only the old document has.
        self.eval("window.before = true").await;
        self.browser.tell(&self.tab, "Page.reload", json!({})).await;
        self.wait("!window.before && document.querySelectorAll('#log .bot').length > 0").await;
        self.wait(&format!("{LAST}.querySelector('.bubble').innerText === {}", json!(before))).await;
        assert_eq!(self.eval("document.documentElement.lang").await, self.locale);
    }

    /// Waits until everything shown is acknowledged; the page does so by itself a little later.
    async fn acknowledged(&mut self) {
        let wait = async {
            while waiting(&self.app.app.store).await > 0 {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(std::time::Duration::from_secs(15), wait).await;
        waited.expect("the page acknowledges what it has shown");
    }

    /// Quick exit: nothing stays in the browser.
    async fn leave(mut self) {
        assert_eq!(self.browser.complaints(&self.tab), [] as [&str; 0]);
        assert_eq!(self.eval("localStorage.length").await, 1);
        self.browser.press(&self.tab, "document.getElementById('exit')").await;
        self.wait("!location.href.startsWith('http://127.0.0.1')").await;
        self.browser.open(&self.tab, &self.app.url("/healthz")).await;
        self.wait("location.pathname === '/healthz' && document.body.innerText === 'ok'").await;
        assert_eq!(self.eval("localStorage.length").await, 0);
        assert_eq!(self.eval("document.cookie").await, "");
    }

    async fn walk(&mut self, steps: &[Step]) {
        for step in steps {
            self.take(step).await;
        }
    }
}

#[tokio::test]
async fn a_visitor_walks_through_the_page_in_three_languages() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    for locale in ["tg", "ru", "ky"] {
        let mut walk = Walk::begin(&app, &mut browser, locale).await;
        match locale {
            "tg" => tajik(&mut walk).await,
            "ru" => russian(&mut walk).await,
            _ => kyrgyz(&mut walk).await,
        }
        assert!(walk.turns >= 10, "{locale}: {} turns", walk.turns);
        walk.acknowledged().await;
        // Now the server composes the screen anew, from the session alone.
        walk.reload().await;
        assert_eq!(walk.eval("document.querySelectorAll('#log .bot').length").await, 1);
        walk.leave().await;
    }
    browser.close().await;
    app.stop().await;
}

async fn tajik(walk: &mut Walk<'_>) {
    assert_eq!(
        walk.eval(&format!("{LAST}.querySelector('[data-token=\"a.lang.tg\"]').innerText")).await,
        "Тоҷикӣ"
    );
    walk.walk(&[
        Tap("a.lang.tg", "?"),
        Tap("a.ask-audience.going", "?"),
        Tap("a.ask-citizenship.TJ", "?"),
        Tap("a.ask-destination.RU", "?"),
        Tap("n.patent", "?"),
        Tap("n.patent-get", "?"),
        Tap("n.patent-steps", "Манбаъ: "),
        Tap("n.patent-documents", "Манбаъ: "),
        Tap("s.back", "Манбаъ: "),
    ])
    .await;
    // At once, while the last messages may not be acknowledged yet.
    walk.reload().await;
    walk.walk(&[
        Tap("s.home", "Шумо зан ҳастед ё мард?"),
        Tap("a.ask-sex.F", "чандсолаед"),
        Tap("a.ask-age.25-29", "?"),
        Tap("n.patent", "?"),
        Tap("n.deadlines", "?"),
        Type("10.11.2026", "9 декабри соли 2026"),
    ])
    .await;
}

async fn russian(walk: &mut Walk<'_>) {
    walk.walk(&[
        Tap("a.lang.ru", "?"),
        Tap("a.ask-audience.migrant", "гражданство"),
        Tap("a.ask-citizenship.TJ", "?"),
        Tap("a.ask-destination.RU", "?"),
        Tap("n.patent", "патент"),
        Tap("n.patent-get", "патент"),
        Tap("n.patent-deadline", "Источник: "),
    ])
    .await;
    walk.portrait("chat.png").await;
    walk.walk(&[
        Tap("n.patent-steps", "Источник: "),
        Tap("s.home", "Вы женщина или мужчина?"),
        Tap("a.ask-sex.skip", "?"),
        Tap("n.patent", "патент"),
        Tap("n.deadlines", "въехали"),
        Type("31.02.2026", "."),
        Type("10 ноября", "9 декабря 2026"),
    ])
    .await;
}

async fn kyrgyz(walk: &mut Walk<'_>) {
    walk.walk(&[
        Tap("a.lang.ky", "?"),
        Tap("a.ask-audience.migrant", "?"),
        Tap("a.ask-citizenship.KG", "?"),
        Tap("a.ask-destination.RU", "?"),
        Tap("n.work-kyrgyz", "?"),
        Tap("n.patent-kyrgyz", "Булак: "),
        Tap("n.registration", "Булак: "),
        Tap("s.back", "Булак: "),
        Tap("s.person", "?"),
        Tap("n.hotlines", "+7"),
        Tap("s.home", "Сиз аялсызбы"),
        Tap("s.home", "?"),
        Tap("n.work-kyrgyz", "?"),
        Tap("n.deadlines", "?"),
        Type("10.11.2026", "2026"),
    ])
    .await;
}

/// Language, question, a page that is one tap away once the language is chosen.
const QUESTIONS: [(&str, &str, &str); 10] = [
    ("tg", "patenta az kujo megirand", "patent-steps"),
    ("tg", "Пулро намедиҳанд, се моҳ боз кор мекунам", "unpaid-proof"),
    ("tg", "пули корамо надоданд чи кор кунам", "unpaid-proof"),
    ("ru", "хозяин не платит за работу", "unpaid"),
    ("ru", "skolko stoit patent v moskve", "patent-cost-tool"),
    ("ru", "как устроеть ребёнка в школу", "child-school"),
    ("ky", "Баламды мектепке кантип киргизем?", "child-school"),
    ("ky", "балам мектепке албай жатат", "child-school"),
    ("ky", "registraciyany kantip kylam", "registration"),
    ("ky", "мени полиция кармап кетти", "hotlines"),
];

/// Somebody writes before they tap, in any script: one or two taps later the right page is in front of them.
#[tokio::test]
async fn a_question_in_any_script_brings_its_page() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    for (number, (locale, question, node)) in QUESTIONS.into_iter().enumerate() {
        let mut walk = Walk::begin(&app, &mut browser, locale).await;
        walk.turns = 100 * (number + 1);
        // Before a language is chosen it speaks the one in which the person seems to write.
        walk.take(&Type(question, "")).await;
        let danger = node == "hotlines";
        if danger {
            assert!(walk.last().await.contains("112"), "the emergency number waits for no language");
        } else {
            let first = format!("{LAST}.querySelector('[data-token]').dataset.token");
            assert_eq!(walk.eval(&first).await, format!("a.lang.{locale}"), "{question}");
        }
        let language = format!("a.lang.{locale}");
        walk.tap(&language).await;
        walk.tap(&format!("n.{node}")).await;
        assert!(
            walk.last().await.contains(match locale {
                "tg" => "Манбаъ: ",
                "ru" => "Источник: ",
                _ => "Булак: ",
            }) || danger
                || node == "unpaid"
                || node == "patent-cost-tool",
            "{question}: a page with its source"
        );
        walk.browser.open(&walk.tab, &app.url("/healthz")).await;
        walk.eval("localStorage.clear()").await;
    }
    browser.close().await;
    app.stop().await;
}
