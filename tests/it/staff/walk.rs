//! The pages in Debian's chromium at a phone's and a laptop's width: nothing is cut off, buttons can be hit, the policy
//! is kept. They hold no script, so this is also how they are with JavaScript off.
//!
//! axe-core looks at each for serious faults. `SAFAR_SHOTS=<folder>` keeps screenshots.

use std::path::PathBuf;

use safar::{clock::Clock as _, desk::Role, domain::StaffLocale, privacy::totp};
use serde_json::json;

use super::{
    service::from_base32,
    visitor::{PASSWORD, account},
};
use crate::support::{
    app::{Options, TestApp},
    chromium::{Chromium, Tab},
};

/// See `tests/vendor/axe-core/README.md`.
const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");

/// Its answer comes later, in `window.found`.
const ASK_AXE: &str = "window.found = null;
    axe.run({ resultTypes: ['violations', 'incomplete'] }).then((r) => {
        window.rules = r.passes.length;
        window.found = r.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
            .map((v) => v.id + ': ' + v.nodes.map((n) => n.html + n.failureSummary).join('; '));
    }); 1";

pub const WIDTHS: [(u32, u32); 2] = [(360, 740), (1440, 900)];

pub struct Walk<'a> {
    pub app: &'a TestApp,
    pub browser: Chromium,
    pub tab: Tab,
}

impl Walk<'_> {
    /// Chooses a file of the disk in the page's field `file`, as a person does in the dialog.
    pub async fn choose_file(&mut self, file: impl AsRef<std::path::Path>) {
        let field = json!({ "expression": "document.getElementById('file')" });
        let field = self.browser.tell(&self.tab, "Runtime.evaluate", field).await;
        let choice = json!({ "files": [file.as_ref()], "objectId": field["result"]["objectId"] });
        self.browser.tell(&self.tab, "DOM.setFileInputFiles", choice).await;
    }

    pub async fn open(&mut self, path: &str) {
        self.browser.open(&self.tab, &self.app.url(path)).await;
        self.at(path).await;
    }

    pub async fn at(&mut self, path: &str) {
        let there = format!(
            "location.pathname === {} && document.readyState === 'complete' && !window.leaving",
            json!(path)
        );
        self.browser.until(&self.tab, &there).await;
    }

    pub async fn fill(&mut self, id: &str, text: &str) {
        self.browser.press(&self.tab, &format!("document.getElementById('{id}')")).await;
        self.browser.type_text(&self.tab, text).await;
    }

    /// Presses the button of the form with this action; the old page is marked, so that a new one can be told from it.
    pub async fn submit(&mut self, action: &str) {
        self.browser.eval(&self.tab, "window.leaving = true").await;
        let button = format!("document.querySelector('main form[action=\"{action}\"] button')");
        self.browser.press(&self.tab, &button).await;
        self.browser.until(&self.tab, "!window.leaving && document.readyState === 'complete'").await;
    }

    /// Logs in from the login page, which is shown; a second step may follow.
    pub async fn log_in(&mut self, login: &str) {
        self.open("/staff/login").await;
        self.fill("login", login).await;
        self.fill("password", PASSWORD).await;
        self.submit("/staff/login").await;
    }

    /// Sets up the second step, whose page is shown.
    pub async fn enrol(&mut self) {
        self.at("/staff/second-step").await;
        let key = self.browser.eval(&self.tab, "document.querySelector('.once').innerText").await;
        let secret = from_base32(key.as_str().unwrap());
        self.fill("code", &totp::code_at(&secret, self.app.clock.now()).unwrap()).await;
        self.submit("/staff/second-step").await;
    }

    /// Chooses the language of the pages.
    pub async fn speak(&mut self, locale: StaffLocale) {
        self.open("/staff/account").await;
        self.browser.eval(&self.tab, "window.leaving = true").await;
        let button = format!("document.querySelector('.languages [lang={locale}]')");
        self.browser.press(&self.tab, &button).await;
        let there = format!("!window.leaving && document.documentElement.lang === '{locale}'");
        self.browser.until(&self.tab, &there).await;
        self.at("/staff/account").await;
    }

    /// Looks at the page at both widths, in light and dark.
    pub async fn look(&mut self, name: &str) {
        for (width, height) in WIDTHS {
            self.browser.resize(&self.tab, width, height).await;
            self.browser.until(&self.tab, &format!("innerWidth === {width}")).await;
            let wide = self.browser.eval(&self.tab, "document.documentElement.scrollWidth").await;
            assert_eq!(wide, width, "{name} is cut off");
            let small = self
                .browser
                .eval(
                    &self.tab,
                    "[...document.querySelectorAll('button, .button, input:not([type=hidden], [type=checkbox], [type=radio]), select, nav a, summary')]
                    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43)
                    .map((e) => e.outerHTML.slice(0, 90))",
                )
                .await;
            assert_eq!(small, json!([]), "{name} at {width}: under 44 px");
            let nameless = self
                .browser
                .eval(
                    &self.tab,
                    "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
                    .filter((e) => e.checkVisibility() && !e.labels.length).map((e) => e.name)",
                )
                .await;
            assert_eq!(nameless, json!([]), "{name}: fields without a label");
            for scheme in ["light", "dark"] {
                let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
                self.browser.tell(&self.tab, "Emulation.setEmulatedMedia", media).await;
                self.axe(&format!("{name} {width} {scheme}")).await;
                self.shot(&format!("staff-{name}-{width}-{scheme}.png")).await;
            }
        }
    }

    /// No serious or critical fault of accessibility, by axe-core.
    async fn axe(&mut self, what: &str) {
        if self.browser.eval(&self.tab, "typeof axe").await == "undefined" {
            self.browser.eval(&self.tab, AXE).await;
        }
        self.browser.eval(&self.tab, ASK_AXE).await;
        let found = self
            .browser
            .until(&self.tab, "window.found && { list: window.found, rules: window.rules }")
            .await;
        assert_eq!(found["list"], json!([]), "{what}");
        assert!(found["rules"].as_u64().unwrap() > 10, "{what}: axe has looked at something");
    }

    pub async fn shot(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("SAFAR_SHOTS").map(PathBuf::from) else { return };
        let png = self.browser.shot(&self.tab).await;
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), png).unwrap();
    }

    pub async fn text(&mut self) -> String {
        self.browser.eval(&self.tab, "document.body.innerText").await.as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn an_administrator_walks_through_the_pages() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.open("/staff/login").await;
    walk.look("empty").await;
    account(&app, "gulnara", &[Role::Admin, Role::Supervisor, Role::Consultant]).await;
    walk.open("/staff/login").await;
    walk.look("login").await;
    walk.fill("login", "gulnara").await;
    walk.fill("password", "wrong").await;
    walk.submit("/staff/login").await;
    walk.look("refused").await;
    walk.fill("password", PASSWORD).await;
    walk.submit("/staff/login").await;
    walk.at("/staff/second-step").await;
    walk.look("second-step").await;
    walk.enrol().await;
    walk.look("codes").await;
    walk.open("/staff/people").await;
    walk.look("people").await;
    walk.fill("login", "azamat").await;
    walk.fill("name", "Азамат").await;
    walk.browser.press(&walk.tab, "document.querySelector('[value=consultant]')").await;
    walk.submit("/staff/people").await;
    assert!(walk.text().await.contains("/staff/link/"));
    walk.look("linked").await;
    let id = app.app.staff.get_by_login("azamat").await.unwrap().unwrap().id;
    walk.open(&format!("/staff/people/{id}")).await;
    walk.look("person").await;
    walk.open("/staff/account").await;
    walk.look("account").await;
    walk.submit("/staff/account/telegram").await;
    walk.look("telegram").await;
    walk.open("/staff/trail").await;
    walk.look("trail").await;
    // The menu of a phone opens without a script.
    walk.browser.resize(&walk.tab, 360, 740).await;
    walk.browser.press(&walk.tab, "document.querySelector('summary')").await;
    walk.browser.until(&walk.tab, "document.querySelector('.sheet a').checkVisibility()").await;
    walk.shot("staff-menu-360.png").await;
    // Longer words of the other languages.
    for locale in [StaffLocale::Ru, StaffLocale::Tg, StaffLocale::Ky] {
        walk.speak(locale).await;
        for page in ["account", "people", "trail"] {
            walk.open(&format!("/staff/{page}")).await;
            walk.look(&format!("{page}-{locale}")).await;
        }
    }
    walk.browser.resize(&walk.tab, 1440, 900).await;
    walk.browser.eval(&walk.tab, "window.leaving = true").await;
    walk.browser.press(&walk.tab, "document.querySelector('.who.wide button')").await;
    walk.at("/staff/login").await;
    let refused = |text: &&str| text.contains("422");
    let complaints: Vec<&str> =
        walk.browser.complaints(&walk.tab).into_iter().filter(|text| !refused(text)).collect();
    assert_eq!(complaints, [] as [&str; 0]);
    walk.browser.close().await;
    app.stop().await;
}
