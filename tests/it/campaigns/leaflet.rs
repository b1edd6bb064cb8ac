//! `/l/<code>`: what it offers, what it costs, and what is counted.

use reqwest::Method;

use super::{outreach, register, start};
use crate::{
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        sql::texts,
    },
};

store_contract!(opens_are_counted_by_day_and_code, the_channels_are_offered_whatever_the_code);

const PHONE: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/127.0.0.0 Mobile Safari/537.36";

async fn ask(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = app.client.request(method, app.url(path)).header("user-agent", PHONE);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn counted(app: &TestApp) -> Vec<String> {
    outreach(app).flush().await.unwrap();
    texts(
        &app.app.store,
        "select day || ' ' || code || ' ' || cast(opens as text) from link_opens order by day, code",
    )
    .await
}

async fn opens_are_counted_by_day_and_code(fresh: Fresh) {
    let wa = start(&fresh).await;
    let app = &wa.app;
    register(app, "osh-bus", None).await;
    register(app, "old-poster", Some("2026-11-23")).await;
    // 6:00 UTC of the 24th is 11:00 of the same day in the programme's zone.
    for path in ["/l/osh-bus", "/l/OSH_bus", "/l/old-poster", "/l/never-heard", "/l/%D0%BE%D1%88", "/l"] {
        assert_eq!(ask(app, Method::GET, path, &[]).await.0, 200, "{path}");
    }
    // Another language of the page, previewers, what is fetched ahead, HEAD: nobody opened it.
    ask(app, Method::GET, "/l/osh-bus?lang=ky", &[]).await;
    assert_eq!(ask(app, Method::HEAD, "/l/osh-bus", &[]).await.0, 200);
    ask(app, Method::GET, "/l/osh-bus", &[("sec-purpose", "prefetch")]).await;
    for agent in ["TelegramBot (like TwitterBot)", "WhatsApp/2.24.1 A", "facebookexternalhit/1.1"] {
        let answer = app.client.get(app.url("/l/osh-bus")).header("user-agent", agent).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{agent}");
    }
    assert_eq!(counted(app).await, ["2026-11-24  4", "2026-11-24 osh-bus 2"]);
    // 20:00 UTC is the next day there.
    app.clock.advance_ms(14 * 3_600_000);
    ask(app, Method::GET, "/l/osh-bus", &[]).await;
    assert_eq!(counted(app).await, ["2026-11-24  4", "2026-11-24 osh-bus 2", "2026-11-25 osh-bus 1"]);
    let day = |text| safar::domain::parse_day(text).unwrap();
    let sums = outreach(app).link_opens(&(day("2026-11-24")..=day("2026-11-25"))).await.unwrap();
    assert_eq!(sums.into_iter().collect::<Vec<_>>(), [(String::new(), 4), ("osh-bus".to_owned(), 3)]);
}

async fn the_channels_are_offered_whatever_the_code(fresh: Fresh) {
    let wa = start(&fresh).await;
    let app = &wa.app;
    register(app, "osh-bus", Some("2026-11-24")).await;
    let (_, page) = ask(app, Method::GET, "/l/osh-bus", &[("accept-language", "tg-TJ,ru;q=0.5")]).await;
    assert!(page.contains("<html lang=\"tg\">"), "{page}");
    for link in [
        "https://t.me/b_bot?start=osh-bus",
        "https://wa.me/992900000000?text=%D0%A1%D0%B0%D0%BB%D0%BE%D0%BC%21%20%23osh-bus",
        "/?s=osh-bus",
    ] {
        assert!(page.contains(&format!("href=\"{link}\"")), "{link}: {page}");
    }
    // The last day is over: the same page, without the code.
    app.clock.advance_ms(14 * 3_600_000);
    for path in ["/l/osh-bus", "/l/never-heard", "/l/x%22%3E%3Cscript%3E", "/l", "/l/"] {
        let (status, page) = ask(app, Method::GET, path, &[]).await;
        assert_eq!(status, 200, "{path}");
        assert!(
            page.contains("href=\"https://t.me/b_bot\"") && page.contains("href=\"/\""),
            "{path}: {page}"
        );
        assert!(page.contains("https://wa.me/992900000000?text=") && !page.contains("%23"), "{path}: {page}");
        assert!(
            !page.contains("osh-bus") && !page.contains("never-heard") && !page.contains("<script"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_is_light_and_asks_for_no_script_or_cookie() {
    let app = TestApp::start(Options::default()).await;
    register(&app, "osh-bus", None).await;
    let answer =
        app.client.get(app.url("/l/osh-bus?lang=ru")).header("user-agent", PHONE).send().await.unwrap();
    assert!(!answer.headers().contains_key("set-cookie"));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("<style"), "{page}");
    let style = page.split_once("rel=\"stylesheet\" href=\"").unwrap().1.split_once('"').unwrap().0;
    let style = app.client.get(app.url(style)).send().await.unwrap().text().await.unwrap();
    let weight = page.len() + style.len();
    assert!(weight < 15_000, "{weight} bytes");
    // WhatsApp is not set up here.
    assert!(!page.contains("wa.me") && page.contains("t.me/b_bot?start=osh-bus"));
}
