//! The dashboard in a browser: phone, laptop, paper.

use base64::Engine as _;
use safar::{desk::Role, domain::StaffLocale};
use serde_json::json;

use super::people;
use crate::{
    staff::{
        visitor::account,
        walk::{WIDTHS, Walk},
    },
    support::{
        app::{Options, TestApp},
        chromium::Chromium,
    },
};

#[tokio::test]
async fn a_campaigner_looks_at_the_dashboard_and_prints_it() {
    let Some(mut browser) = Chromium::start().await else { return };
    let app = TestApp::start(Options::default()).await;
    people::campaigns(&app.app.store, &[("osh-bazar", "Osh, bazaar"), ("dushanbe-airport", "")]).await;
    people::store(&app.app.store, &people::crowd(400)).await;
    people::roll(&app.app.store).await;
    account(&app, "camp", &[Role::Campaigner]).await;
    account(&app, "donor", &[Role::Viewer]).await;
    let tab = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
    let mut walk = Walk { app: &app, browser, tab };
    walk.log_in("camp").await;
    walk.open("/staff/dashboard").await;
    walk.look("board").await;
    whole(&mut walk, "board-whole-1440.png").await;
    // Each chart is named, described and has its table in the same figure.
    let bad =
        "[...document.querySelectorAll('svg.plot')].filter((s) => !s.closest('figure').querySelector('table')
        || !s.querySelector('title').textContent || !s.querySelector('desc').textContent
        || s.getAttribute('aria-labelledby').split(' ').some((id) => !document.getElementById(id))).length";
    assert_eq!(walk.browser.eval(&walk.tab, bad).await, 0);
    let charts = walk.browser.eval(&walk.tab, "document.querySelectorAll('svg.plot').length").await;
    assert!(charts.as_u64().unwrap() >= 15, "{charts}");
    // The bars are as long as their numbers: half of the number is half of the bar.
    let bars = "(() => { const s = document.querySelector('[data-by=stay]').closest('figure').querySelector('svg');
        const n = [...s.querySelectorAll('text[text-anchor=end]')].map((t) => Number(t.textContent.replace(/\\D/g, '')));
        const w = [...s.querySelectorAll('.bar')].map((r) => Number(r.getAttribute('width')));
        return n.length > 2 && n.every((x, i) => Math.abs(w[i] / w[0] - x / n[0]) < 0.01) })()";
    assert_eq!(walk.browser.eval(&walk.tab, bars).await, true);
    // By a plain form: one quarter, those in Russia.
    walk.browser.eval(&walk.tab, "document.getElementById('period').value = '2026-Q2'; document.getElementById('only').value = 'stay:RU'").await;
    walk.submit("/staff/dashboard").await;
    let query = walk.browser.eval(&walk.tab, "location.search").await;
    assert!(query.as_str().unwrap().contains("period=2026-Q2&only=stay%3ARU"), "{query}");
    assert!(walk.text().await.contains("2026-Q2 · Country of stay: Russia"));
    // From a number to what it is made of.
    let number = walk
        .browser
        .eval(&walk.tab, "document.querySelector('[data-indicator=R1] td:nth-child(3) a').innerText")
        .await;
    walk.browser.eval(&walk.tab, "window.leaving = true").await;
    walk.browser.press(&walk.tab, "document.querySelector('[data-indicator=R1] td:nth-child(3) a')").await;
    walk.at("/staff/dashboard/trace").await;
    assert_eq!(walk.browser.eval(&walk.tab, "document.querySelector('[data-cell]').innerText").await, number);
    walk.look("trace").await;
    for locale in [StaffLocale::Ru, StaffLocale::Tg, StaffLocale::Ky] {
        walk.speak(locale).await;
        walk.open("/staff/dashboard").await;
        walk.look(&format!("board-{locale}")).await;
    }
    print(&mut walk).await;
    let complaints = walk.browser.complaints(&walk.tab);
    assert_eq!(complaints, [] as [&str; 0]);
    let tab = walk.browser.tab(WIDTHS[0].0, WIDTHS[0].1).await;
    walk.tab = tab;
    walk.log_in("donor").await;
    walk.at("/staff/dashboard").await;
    walk.look("board-outside").await;
    walk.browser.close().await;
    app.stop().await;
}

/// On paper: no form, no navigation, nothing cut off, some pages.
async fn print(walk: &mut Walk<'_>) {
    let media =
        json!({ "media": "print", "features": [{ "name": "prefers-color-scheme", "value": "light" }] });
    walk.browser.tell(&walk.tab, "Emulation.setEmulatedMedia", media).await;
    walk.browser.resize(&walk.tab, 794, 1123).await;
    let gone = "['.top', '.choose', '.languages'].every((s) => !document.querySelector(s).checkVisibility())";
    assert_eq!(walk.browser.eval(&walk.tab, gone).await, true);
    let wide = "[...document.querySelectorAll('table, svg')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => e.closest('section').getAttribute('aria-labelledby'))";
    assert_eq!(walk.browser.eval(&walk.tab, wide).await, json!([]));
    whole(walk, "board-print.png").await;
    let pdf = walk.browser.tell(&walk.tab, "Page.printToPDF", json!({ "preferCSSPageSize": true })).await;
    let pdf = base64::engine::general_purpose::STANDARD.decode(pdf["data"].as_str().unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF") && pdf.len() > 20_000, "{}", pdf.len());
    if let Some(folder) = std::env::var_os("SAFAR_SHOTS").map(std::path::PathBuf::from) {
        std::fs::write(folder.join("board.pdf"), pdf).unwrap();
    }
}

/// The whole page in one picture.
async fn whole(walk: &mut Walk<'_>, name: &str) {
    let Some(folder) = std::env::var_os("SAFAR_SHOTS").map(std::path::PathBuf::from) else { return };
    let all = json!({ "format": "png", "captureBeyondViewport": true });
    let shot = walk.browser.tell(&walk.tab, "Page.captureScreenshot", all).await;
    let png = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), png).unwrap();
}
