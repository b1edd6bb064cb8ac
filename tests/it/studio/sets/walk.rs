//! Two people in Debian's chromium: a price and a text change, another person publishes, a visitor of the web chat reads
//! it, and it is taken back. `SAFAR_SHOTS=<folder>` keeps screenshots.

use safar::{
    desk::Role,
    domain::{Locale, StaffLocale},
};
use serde_json::json;

use super::{house, start, text};
use crate::{
    staff::{
        visitor::account,
        walk::{WIDTHS, Walk},
    },
    store::backend::on_sqlite,
    support::chromium::{Chromium, Tab},
};

const SETS: &str = "/staff/content/sets";

/// Presses an element and waits for the next page.
async fn press(walk: &mut Walk<'_>, element: &str) {
    walk.browser.eval(&walk.tab, "window.leaving = true").await;
    walk.browser.press(&walk.tab, element).await;
    walk.browser.until(&walk.tab, "!window.leaving && document.readyState === 'complete'").await;
}

/// Goes on in another tab; the one that was left.
fn turn(walk: &mut Walk<'_>, tab: &Tab) -> Tab {
    std::mem::replace(&mut walk.tab, tab.clone())
}

async fn has(walk: &mut Walk<'_>, words: &str) {
    let there = format!("document.body.innerText.includes({})", json!(words));
    walk.browser.until(&walk.tab, &there).await;
}

/// A visitor of the web chat taps through to a page and reads these words.
async fn reads(walk: &mut Walk<'_>, chat: &Tab, taps: &[&str], words: &str) {
    let staff = turn(walk, chat);
    for token in taps {
        walk.app.clock.advance_ms(3_000);
        let button = format!("[...document.querySelectorAll('#log [data-token=\"{token}\"]')].at(-1)");
        walk.browser.until(&walk.tab, &button.replace("].at(-1)", "].length")).await;
        let before = walk.browser.eval(&walk.tab, "document.querySelectorAll('#log .bot').length").await;
        walk.browser.press(&walk.tab, &button).await;
        let more = format!("document.querySelectorAll('#log .bot').length > {before}");
        walk.browser.until(&walk.tab, &more).await;
    }
    let last = "[...document.querySelectorAll('#log .bot')].at(-1).querySelector('.bubble').innerText
        .replace(/\\s/g, ' ')";
    walk.browser.until(&walk.tab, &format!("{last}.includes({})", json!(words))).await;
    turn(walk, &staff);
}

#[tokio::test]
async fn two_people_publish_and_go_back() {
    let Some(mut browser) = Chromium::start().await else { return };
    on_sqlite(|fresh| async move {
        let app = start(&fresh).await;
        let house = house(&app);
        let ann = account(&app, "ann", &[Role::Editor]).await;
        account(&app, "bek", &[Role::Publisher]).await;
        let editor = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
        let publisher = browser.tab(WIDTHS[1].0, WIDTHS[1].1).await;
        let chat = browser.tab(390, 844).await;
        browser.open(&chat, &app.url("/")).await;
        let mut walk = Walk { app: &app, browser, tab: publisher.clone() };
        walk.log_in("bek").await;
        turn(&mut walk, &editor);
        walk.log_in("ann").await;
        // The visitor reads the old price.
        reads(&mut walk, &chat, &["a.lang.ru", "a.ask-citizenship.TJ", "n.rule"], "1 500").await;

        walk.open(SETS).await;
        walk.fill("title", "Пошлина 2026").await;
        walk.submit(SETS).await;
        has(&mut walk, "The change set is open.").await;
        let path = walk.browser.eval(&walk.tab, "location.pathname").await.as_str().unwrap().to_owned();
        let set = safar::domain::ChangeSetId(path.rsplit('/').next().unwrap().parse().unwrap());
        // A price and a text; the translations are marked as stale.
        house.dearer(ann, set).await;
        let edit =
            house.edit(&text(Locale::Ru, "rule"), |source| source.replace("Пошлина", "Пошлина сейчас")).await;
        house.studio.save(ann, set, vec![edit.clone()]).await.unwrap();
        walk.open(&path).await;
        has(&mut walk, "2 open warnings").await;
        walk.look("set-draft").await;
        walk.submit(&format!("{path}/send")).await;
        has(&mut walk, "warnings without a reason").await;
        walk.look("set-refused").await;
        // One translation is confirmed, the other may stand for a reason.
        let russian = edit.source.clone().unwrap();
        let tajik =
            house.edit(&text(Locale::Tg, "rule"), |source| safar::check::marked(source, &russian)).await;
        house.studio.save(ann, set, vec![tajik]).await.unwrap();
        walk.open(&path).await;
        has(&mut walk, "1 open warning").await;
        walk.browser.until(&walk.tab, "document.querySelector('#findings input[name=text]')").await;
        walk.browser.press(&walk.tab, "document.querySelector('#findings input[name=text]')").await;
        walk.browser.type_text(&walk.tab, "Котормо эртең болот").await;
        press(&mut walk, "document.querySelector('#findings form button')").await;
        has(&mut walk, "The reason is written.").await;
        has(&mut walk, "No errors, no open warnings").await;
        walk.submit(&format!("{path}/send")).await;
        has(&mut walk, "Sent to review.").await;
        walk.look("set-sent").await;

        turn(&mut walk, &publisher);
        walk.open(SETS).await;
        walk.look("sets").await;
        press(&mut walk, "document.querySelector('.set-list a')").await;
        walk.at(&path).await;
        // Loaded after the page.
        has(&mut walk, "1 person").await;
        walk.look("set-review").await;
        walk.browser.press(&walk.tab, "[...document.querySelectorAll('#now summary')].at(-1)").await;
        walk.fill("why", "Откуда эта цена?").await;
        walk.submit(&format!("{path}/send-back")).await;
        has(&mut walk, "Sent back, with your words.").await;

        turn(&mut walk, &editor);
        walk.open(&path).await;
        has(&mut walk, "Откуда эта цена?").await;
        press(&mut walk, "document.querySelector('#remarks form[action$=\"/settle\"] button')").await;
        walk.submit(&format!("{path}/send")).await;
        has(&mut walk, "Sent to review.").await;

        turn(&mut walk, &publisher);
        walk.open(&path).await;
        app.clock.advance_ms(1_000);
        walk.submit(&format!("{path}/approve")).await;
        has(&mut walk, "Published. It is in force now.").await;
        walk.look("set-published").await;
        reads(&mut walk, &chat, &["s.home", "n.rule"], "Пошлина сейчас: 1 900").await;

        walk.open("/staff/content/releases").await;
        walk.look("releases").await;
        press(&mut walk, "document.querySelector('form[action=\"/staff/content/compare\"] .actions button')")
            .await;
        walk.at("/staff/content/compare").await;
        walk.look("compare").await;
        walk.open("/staff/content/item/node%3Arule/history").await;
        walk.look("history").await;
        walk.open("/staff/content/releases").await;
        press(&mut walk, "document.querySelector('a[href$=\"/revert\"]')").await;
        has(&mut walk, "What it would change").await;
        has(&mut walk, "1 person").await;
        walk.look("revert").await;
        app.clock.advance_ms(1_000);
        press(&mut walk, "document.querySelector('form[action$=\"/revert\"] button')").await;
        has(&mut walk, "Published again.").await;
        reads(&mut walk, &chat, &["s.home", "n.rule"], "Пошлина: 1 500").await;

        // The other languages, and a clash.
        let slow = house.set_by(ann, "Медленно", "не нужен (медленно)", true).await;
        let bek = app.app.staff.get_by_login("bek").await.unwrap().unwrap().id;
        let quick = house.set_by(ann, "Быстро", "не нужен (быстро)", false).await;
        house.publish(quick, ann, bek).await;
        for locale in [StaffLocale::Ru, StaffLocale::Tg, StaffLocale::Ky] {
            walk.speak(locale).await;
            for (name, page) in [
                ("sets", SETS.to_owned()),
                ("set-clash", format!("{SETS}/{slow}")),
                ("set-closed", format!("{SETS}/{quick}")),
                ("releases", "/staff/content/releases".to_owned()),
                ("history", "/staff/content/item/node%3Arule-kyrgyz/history".to_owned()),
            ] {
                walk.open(&page).await;
                walk.look(&format!("{name}-{locale}")).await;
            }
        }
        let refused = |text: &&str| text.contains("422");
        for tab in [&editor, &publisher, &chat] {
            let complaints: Vec<&str> =
                walk.browser.complaints(tab).into_iter().filter(|text| !refused(text)).collect();
            assert_eq!(complaints, [] as [&str; 0]);
        }
        walk.browser.close().await;
        app.stop().await;
    })
    .await;
}
