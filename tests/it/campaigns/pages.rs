//! The register's pages: who may see them, what they take, what comes out of them.

use safar::desk::Role;

use super::{BASE, outreach, register, start};
use crate::{
    staff::visitor::{Page, Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        sql::texts,
    },
};

store_contract!(a_campaigner_keeps_the_register, an_old_form_changes_nothing);

/// A code of every field.
const FORM: [(&str, &str); 9] = [
    ("code", "Osh_Bus"),
    ("kind", "poster"),
    ("label", "Автовокзал"),
    ("country", "KG"),
    ("from", "2026-11-01"),
    ("until", "2026-12-31"),
    ("partner", "=cmd()"),
    ("budget_line", "B2.1"),
    ("owner", "Анна"),
];

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    FORM.into_iter().map(|(key, old)| (key, if key == name { value } else { old })).collect()
}

async fn a_campaigner_keeps_the_register(fresh: Fresh) {
    let wa = start(&fresh).await;
    let app = &wa.app;
    account(app, "cam", &[Role::Campaigner]).await;
    account(app, "con", &[Role::Consultant]).await;
    let mut stranger = Visitor::of(app);
    for path in ["/staff/campaigns", "/staff/campaigns.csv", "/staff/campaigns/osh-bus"] {
        assert_eq!(stranger.get(path).await.status, 303, "{path}");
    }
    let mut other = Visitor::of(app);
    other.log_in("con").await;
    for path in ["/staff/campaigns", "/staff/campaigns.csv", "/staff/campaigns/osh-bus/poster/a4"] {
        assert_eq!(other.get(path).await.status, 403, "{path}");
    }
    let mut cam = Visitor::of(app);
    assert_eq!(cam.log_in("cam").await, "/staff");
    assert_eq!(cam.get("/staff").await.location, "/staff/campaigns");
    const LIST: &str = "/staff/campaigns";
    // Without the form's token nothing is taken.
    assert_eq!(cam.post_raw(LIST, &FORM).await.status, 403);
    for (name, value, says) in [
        ("code", "ош", "3 to 32"),
        ("kind", "flyer", "Choose a kind"),
        ("country", "UZ", "Choose a country"),
        ("from", "1.11.2026", "YYYY-MM-DD"),
        ("until", "2026-10-01", "before the first"),
        ("label", &"х".repeat(81), "at most 80"),
    ] {
        let page = cam.post(LIST, LIST, &with(name, value)).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.text.contains(says) && page.text.contains("value=\"Анна\""), "{name}: {}", page.text);
    }
    assert!(outreach(app).list().await.unwrap().is_empty());
    let page = cam.post(LIST, LIST, &FORM).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/campaigns/osh-bus?done=saved"));
    let page = cam.post(LIST, LIST, &FORM).await;
    assert!(page.status == 422 && page.text.contains("in the register already"), "{}", page.text);
    let page = cam.get("/staff/campaigns/osh-bus").await;
    for piece in [
        "http://bot.example.org/l/osh-bus",
        "https://t.me/b_bot?start=osh-bus",
        "https://wa.me/992900000000?text=",
        "http://bot.example.org/?s=osh-bus",
        "value=\"2026-12-31\"",
        "/staff/campaigns/osh-bus/poster/a5?lang=ky",
    ] {
        assert!(page.text.contains(piece), "{piece}: {}", page.text);
    }
    let csv = cam.get("/staff/campaigns.csv").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let line = csv.text.lines().nth(1).unwrap();
    assert_eq!(
        line,
        "osh-bus,poster,Автовокзал,KG,2026-11-01,2026-12-31,'=cmd(),B2.1,Анна,running,2026-11-24T06:00:00Z,0,\
         http://bot.example.org/l/osh-bus"
    );
    // Ended: its page brings no code, and the register says so.
    let page = cam.get("/staff/campaigns/osh-bus").await;
    let version = page.field("version");
    let end = "/staff/campaigns/osh-bus/end";
    assert_eq!(cam.post("/staff/campaigns/osh-bus", end, &[("version", &version)]).await.status, 303);
    let page = cam.get("/staff/campaigns/osh-bus?done=campaign-ended").await;
    assert!(page.text.contains("Ended.") && page.text.contains(">ended<"), "{}", page.text);
    let leaf = app.client.get(app.url("/l/osh-bus")).send().await.unwrap().text().await.unwrap();
    assert!(!leaf.contains("osh-bus"));
    let trail = texts(
        &app.app.store,
        "select verb || ' ' || object_id from audit where object_kind = 'code' order by seq",
    )
    .await;
    assert_eq!(trail, ["code-added osh-bus", "code-ended osh-bus"]);
    for path in [
        "/staff/campaigns/other",
        "/staff/campaigns/osh-bus/qr/page.gif",
        "/staff/campaigns/osh-bus/poster/a3",
    ] {
        assert_eq!(cam.get(path).await.status, 404, "{path}");
    }
}

async fn an_old_form_changes_nothing(fresh: Fresh) {
    let wa = start(&fresh).await;
    let app = &wa.app;
    account(app, "cam", &[Role::Campaigner]).await;
    register(app, "osh-bus", None).await;
    let mut cam = Visitor::of(app);
    cam.log_in("cam").await;
    let path = "/staff/campaigns/osh-bus";
    let old = cam.get(path).await;
    let form = |version: &'static str, partner: &'static str| {
        vec![
            ("kind", "session"),
            ("country", ""),
            ("from", ""),
            ("until", ""),
            ("label", ""),
            ("partner", partner),
            ("version", version),
        ]
    };
    assert_eq!(old.field("version"), "1");
    assert_eq!(cam.post(path, path, &form("1", "IOM")).await.status, 303);
    let page = cam.post(path, path, &form("1", "UNDP")).await;
    assert_eq!(page.status, 422);
    assert!(
        page.text.contains("Somebody else changed it") && page.text.contains("value=\"IOM\""),
        "{}",
        page.text
    );
    let known = outreach(app).get("osh-bus").await.unwrap().unwrap();
    assert_eq!((known.partner.as_str(), known.kind.as_str(), known.version), ("IOM", "session", 2));
}

/// What a scanner reads in grey pixels.
fn scanned(width: usize, height: usize, grey: impl Fn(usize, usize) -> u8) -> String {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one QR code");
    grids[0].decode().unwrap().1
}

fn scanned_png(bytes: &[u8]) -> String {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Grayscale);
    let (width, height) = (info.width as usize, info.height as usize);
    scanned(width, height, |x, y| pixels[y * width + x])
}

/// Draws the squares of the SVG that the crate writes: `M<x> <y>h<w>v<h>H<x>V<y>`.
fn scanned_svg(svg: &str) -> String {
    let number = |text: &str| text.parse::<usize>().unwrap();
    let of = |name: &str| number(svg.split_once(&format!("{name}=\"")).unwrap().1.split_once('"').unwrap().0);
    let (width, height) = (of("width"), of("height"));
    let mut grey = vec![255_u8; width * height];
    let path = svg.split_once(" d=\"").unwrap().1;
    let path = path.rsplit_once(" d=\"").map_or(path, |(_, last)| last).split_once('"').unwrap().0;
    for piece in path.split('M').filter(|piece| !piece.trim().is_empty()) {
        let numbers: Vec<usize> =
            piece.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).map(number).collect();
        let [x, y, w, h, ..] = numbers[..] else { panic!("{piece}") };
        for line in y..y + h {
            grey[line * width + x..line * width + x + w].fill(0);
        }
    }
    scanned(width, height, |x, y| grey[y * width + x])
}

async fn bytes(cam: &Visitor<'_>, app: &TestApp, path: &str) -> (String, Vec<u8>) {
    let cookies: Vec<String> = cam.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let answer = app.client.get(app.url(path)).header("cookie", cookies.join("; ")).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (kind, answer.bytes().await.unwrap().to_vec())
}

fn link_of(page: &Page, target: &str) -> String {
    // The link stands before the image of its QR code.
    let before = page.text.split_once(&format!("/qr/{target}.svg")).unwrap().0;
    let link = before.rsplit_once("class=\"once\" href=\"").unwrap().1.split_once('"').unwrap().0;
    link.replace("&amp;", "&").replace("&#38;", "&")
}

#[tokio::test]
async fn a_qr_code_leads_where_its_link_does() {
    crate::store::backend::on_sqlite(|fresh| async move {
        let wa = start(&fresh).await;
        let app = &wa.app;
        account(app, "cam", &[Role::Campaigner]).await;
        // The longest code that there is.
        let code = "abcdefghij-0123456789-abcdefghij";
        register(app, code, None).await;
        let mut cam = Visitor::of(app);
        cam.log_in("cam").await;
        let page = cam.get(&format!("/staff/campaigns/{code}")).await;
        for target in ["page", "telegram", "whatsapp", "web"] {
            let link = link_of(&page, target);
            assert!(link.contains(code), "{link}");
            let path = format!("/staff/campaigns/{code}/qr/{target}");
            let (kind, png) = bytes(&cam, app, &format!("{path}.png")).await;
            assert_eq!((kind.as_str(), scanned_png(&png)), ("image/png", link.clone()));
            let (kind, svg) = bytes(&cam, app, &format!("{path}.svg")).await;
            assert_eq!(
                (kind.as_str(), scanned_svg(std::str::from_utf8(&svg).unwrap())),
                ("image/svg+xml", link)
            );
        }
        let poster = cam.get(&format!("/staff/campaigns/{code}/poster/a5?lang=tg")).await;
        let drawn =
            poster.text.split_once("data:image/svg+xml;base64,").unwrap().1.split_once('"').unwrap().0;
        let svg = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, drawn).unwrap();
        assert_eq!(scanned_svg(std::str::from_utf8(&svg).unwrap()), format!("{BASE}/l/{code}"));
        assert!(poster.text.contains(&format!("bot.example.org/l/{code}")), "{}", poster.text);
    })
    .await;
}

#[tokio::test]
async fn without_an_address_a_poster_leads_to_telegram() {
    let app = TestApp::start(Options::default()).await;
    account(&app, "cam", &[Role::Admin]).await;
    register(&app, "osh-bus", None).await;
    let mut cam = Visitor::of(&app);
    cam.log_in("cam").await;
    cam.enrol().await;
    let page = cam.get("/staff/campaigns/osh-bus").await;
    assert_eq!(page.text.matches("Not set up here.").count(), 3, "{}", page.text);
    assert_eq!(cam.get("/staff/campaigns/osh-bus/qr/page.svg").await.status, 404);
    let poster = cam.get("/staff/campaigns/osh-bus/poster/a4").await;
    assert!(poster.status == 200 && poster.text.contains("t.me/b_bot"), "{}", poster.text);
}
