//! Campaigns in Debian's chromium: the register on a phone and a laptop, a leaflet's page on a slow phone, a poster as it is
//! printed.

use std::path::PathBuf;

use base64::Engine as _;
use safar::{desk::Role, domain::StaffLocale};
use serde_json::json;

use super::{register, start};
use crate::{
    staff::{
        visitor::account,
        walk::{WIDTHS, Walk},
    },
    store::backend::on_sqlite,
    support::chromium::Chromium,
};

/// `SAFAR_SHOTS=<folder>` keeps what is printed, too.
fn keep(name: &str, bytes: &[u8]) {
    let Some(folder) = std::env::var_os("SAFAR_SHOTS").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

impl Walk<'_> {
    /// What the printer gets: it must be one sheet of this size, in points.
    async fn prints(&mut self, name: &str, points: (f64, f64)) {
        let params = json!({"preferCSSPageSize": true, "printBackground": true});
        let answer = self.browser.tell(&self.tab, "Page.printToPDF", params).await;
        let data = answer["data"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let pdf = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
        let text = String::from_utf8_lossy(&pdf);
        let pages = text.matches("/Type /Page").count() - text.matches("/Type /Pages").count();
        assert_eq!(pages, 1, "{name}");
        let sheet = text.split_once("/MediaBox [").unwrap().1.split_once(']').unwrap().0;
        let sheet: Vec<f64> = sheet.split_whitespace().map(|number| number.parse().unwrap()).collect();
        assert!((sheet[2] - points.0).abs() < 1.5 && (sheet[3] - points.1).abs() < 1.5, "{name}: {sheet:?}");
        keep(&format!("{name}.pdf"), &pdf);
    }
}

#[tokio::test]
async fn campaigns_look_right() {
    let Some(mut browser) = Chromium::start().await else { return };
    on_sqlite(|fresh| async move {
        let wa = start(&fresh).await;
        let app = &wa.app;
        account(app, "cam", &[Role::Campaigner]).await;
        register(app, "osh-bus-station-2026-november-01", Some("2026-11-01")).await;
        let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
        let mut walk = Walk { app, browser, tab };
        walk.log_in("cam").await;
        walk.at("/staff/campaigns").await;
        walk.fill("code", "osh-bus").await;
        walk.fill("label", "Автовокзал Ош").await;
        walk.submit("/staff/campaigns").await;
        walk.at("/staff/campaigns/osh-bus").await;
        for locale in StaffLocale::ALL {
            walk.speak(locale).await;
            walk.open("/staff/campaigns").await;
            walk.look(&format!("campaigns-{locale}")).await;
            walk.open("/staff/campaigns/osh-bus").await;
            walk.look(&format!("campaign-{locale}")).await;
        }
        for language in ["ru", "tg", "ky"] {
            for (size, points) in [("a4", (595.3, 841.9)), ("a5", (419.5, 595.3))] {
                let path = format!("/staff/campaigns/osh-bus/poster/{size}");
                let url = app.url(&format!("{path}?lang={language}"));
                walk.browser.open(&walk.tab, &url).await;
                walk.at(&path).await;
                // Nothing is cut off on the sheet.
                let over = walk
                    .browser
                    .eval(
                        &walk.tab,
                        "(() => { const p = document.querySelector('.poster');
                        return [p.scrollHeight - p.clientHeight, p.scrollWidth - p.clientWidth]; })()",
                    )
                    .await;
                assert_eq!(over, json!([0, 0]), "{language} {size}");
                walk.prints(&format!("poster-{size}-{language}"), points).await;
                if (language, size) == ("tg", "a5") {
                    walk.look("poster").await;
                }
                let png = walk.browser.shot(&walk.tab).await;
                keep(&format!("poster-{size}-{language}.png"), &png);
            }
            let url = app.url(&format!("/l/osh-bus?lang={language}"));
            walk.browser.open(&walk.tab, &url).await;
            walk.at("/l/osh-bus").await;
            let lang = walk.browser.eval(&walk.tab, "document.documentElement.lang").await;
            assert_eq!(lang, language);
            walk.look(&format!("leaflet-{language}")).await;
        }
        assert_eq!(walk.browser.complaints(&walk.tab), Vec::<&str>::new());
    })
    .await;
}
