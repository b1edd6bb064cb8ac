//! The pages over HTTP: who sees them, and what bad addresses do.

use safar::{desk::Role, domain::StaffLocale};

use super::people;
use crate::{
    staff::visitor::{Visitor, account},
    support::{
        app::{Options, TestApp},
        sql,
    },
};

#[tokio::test]
async fn a_viewer_sees_the_dashboard_and_nothing_else() {
    let app = TestApp::start(Options::default()).await;
    people::store(&app.app.store, &people::crowd(120)).await;
    account(&app, "donor", &[Role::Viewer]).await;
    account(&app, "ann", &[Role::Consultant, Role::Editor, Role::Publisher]).await;
    account(&app, "camp", &[Role::Campaigner]).await;
    let case = crate::desk::pages::waiting(&app, 77, false).await;
    let mut donor = Visitor::of(&app);
    assert_eq!(donor.get("/staff/dashboard").await.location, "/staff/login?back=/staff/dashboard");
    donor.log_in("donor").await;
    assert_eq!(donor.get("/staff").await.location, "/staff/dashboard", "their work begins here");
    for path in [
        "/staff/queue".to_owned(),
        format!("/staff/case/{case}"),
        format!("/staff/case/{case}/close"),
        "/staff/register".to_owned(),
        "/staff/supervisor".to_owned(),
        "/staff/supervisor/settings".to_owned(),
        "/staff/people".to_owned(),
        "/staff/trail".to_owned(),
    ] {
        let page = donor.get(&path).await;
        assert!([403, 404].contains(&page.status), "{path}: {}", page.status);
        assert!(!page.text.contains("unpaid"), "{path}");
    }
    let page = donor.get("/staff/dashboard").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(
        page.text.contains("quarters that are over")
            && page.text.contains("&#60;5")
            && page.text.contains("*</td>")
    );
    assert!(!page.text.contains("2026-11\""), "no month: {}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("style-src 'self'") && !page.text.contains("style=") && !page.text.contains("<style")
    );
    // Asked for by hand, a hidden cell has no list.
    let mut hidden = 0;
    for (indicator, quarter) in
        ["S1", "S2", "S3"].into_iter().flat_map(|of| [(of, "Q1"), (of, "Q2"), (of, "Q3")])
    {
        let path = format!("/staff/dashboard/trace?indicator={indicator}&measure=new&period=2026-{quarter}");
        let page = donor.get(&path).await;
        if page.text.contains("hidden outside") {
            assert!(page.status == 200 && !page.text.contains("data-units"), "{path}: {}", page.text);
            hidden += 1;
        }
    }
    assert!(hidden > 1, "{hidden}");
    let month = donor.get("/staff/dashboard/trace?indicator=R1&measure=new&period=2026-03").await;
    assert!(!month.text.contains("data-units"), "quarters only");
    let shown = donor.get("/staff/dashboard/trace?indicator=R1&measure=new&period=2026-Q1").await;
    assert!(shown.text.contains("data-units") && !shown.text.contains("Telegram"), "{}", shown.text);
    // Others do not see it; campaign staff see all numbers.
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    for path in ["/staff/dashboard", "/staff/dashboard/trace?indicator=R1&period=programme"] {
        assert_eq!(ann.get(path).await.status, 403, "{path}");
    }
    let mut camp = Visitor::of(&app);
    camp.log_in("camp").await;
    let page = camp.get("/staff/dashboard").await;
    assert!(page.status == 200 && page.text.contains("2026-11") && !page.text.contains("&#60;5"));
    let page = camp.get("/staff/dashboard/trace?indicator=R1&period=programme").await;
    assert!(
        page.text.contains("data-units")
            && page.text.contains("Telegram")
            && page.text.contains("rel=\"next\"")
    );
    let next = page.text.split_once("&#38;after=").unwrap().1.split_once('"').unwrap().0;
    let next = format!("/staff/dashboard/trace?indicator=R1&measure=&period=programme&after={next}");
    let page = camp.get(&next).await;
    assert!(page.status == 200 && page.text.contains("data-units"), "{}", page.text);
    let noted = sql::count(&app.app.store, "audit where verb = 'figure-traced'").await;
    assert!(noted >= 2, "{noted}");
    app.stop().await;
}

#[tokio::test]
async fn numbers_stand_in_the_page_and_bad_addresses_do_no_harm() {
    let app = TestApp::start(Options::default()).await;
    let mut camp = Visitor::of(&app);
    account(&app, "camp", &[Role::Campaigner]).await;
    camp.log_in("camp").await;
    // An empty house.
    let page = camp.get("/staff/dashboard").await;
    assert_eq!(page.status, 200, "{}", page.text);
    people::campaigns(&app.app.store, &[("osh-bazar", "<b>Osh</b>")]).await;
    people::store(&app.app.store, &people::crowd(250)).await;
    let page = camp.get("/staff/dashboard?indicator=R2&period=whole").await;
    let mut tx = app.app.store.read().await.unwrap();
    let rules = safar::indicators::Rules::default();
    let rules = safar::counting::in_force(&mut tx, &rules).await.unwrap();
    let shares = safar::counting::shares(&mut tx, &rules).await.unwrap();
    tx.rollback().await.unwrap();
    let figures = safar::indicators::Figures::new(&shares, &rules);
    for indicator in ["R1", "R2", "R3", "S1", "S2", "S3"] {
        let of = safar::indicators::Indicator::parse(indicator).unwrap();
        let n =
            figures.total(of, safar::indicators::Window::Programme, safar::indicators::Measure::Cum).total();
        let row = page.text.split_once(&format!("data-indicator=\"{indicator}\"")).unwrap().1;
        let row = row.split_once("</tr>").unwrap().0;
        assert!(n > 0 && row.contains(&format!(">{n}</a>")), "{indicator} {n}: {row}");
        assert!(
            row.contains(&format!("trace?indicator={indicator}&#38;measure=cum&#38;period=programme")),
            "{row}"
        );
    }
    assert!(page.text.contains("&#60;b&#62;Osh") && !page.text.contains("<b>Osh"), "a label is text");
    for path in [
        "/staff/dashboard?indicator=X9&period=2026-99&only=sex",
        "/staff/dashboard?only=%3Cscript%3E:alert(1)&period=%00",
        "/staff/dashboard?only=first_touch:%22%3E%3Cscript%3E",
        "/staff/dashboard?only=stay:RU&period=campaign",
        "/staff/dashboard?indicator=EST",
    ] {
        let page = camp.get(path).await;
        assert!(page.status == 200 && !page.text.contains("<script>"), "{path}: {}", page.status);
    }
    for path in [
        "/staff/dashboard/trace",
        "/staff/dashboard/trace?indicator=R1&period=2026-13",
        "/staff/dashboard/trace?indicator=R1&period=2026-03&measure=touch",
        "/staff/dashboard/trace?indicator=R1&period=2026-01..2026-03&measure=active",
        "/staff/dashboard/trace?indicator=R1&period=2026-03-01",
        "/staff/dashboard/trace?indicator=R1&period=2026-03&only=nothing",
        "/staff/dashboard/trace?indicator=E1&period=2026-03&only=sex:F",
        "/staff/dashboard/trace?indicator=R1&period=2026-03&after=00",
    ] {
        assert_eq!(camp.get(path).await.status, 404, "{path}");
    }
    let odd = "/staff/dashboard/trace?indicator=R1&period=programme&only=stay:%25%22_%5C";
    let page = camp.get(odd).await;
    assert!(page.status == 200 && !page.text.contains("data-units"), "{}", page.text);
    for locale in StaffLocale::ALL {
        let csrf = camp.get("/staff/account").await.field("csrf");
        let form = [("csrf", csrf.as_str()), ("locale", locale.as_str()), ("back", "/staff/account")];
        camp.post_raw("/staff/language", &form).await;
        let page = camp.get("/staff/dashboard?only=first_touch:osh-bazar&period=campaign").await;
        assert!(page.status == 200 && page.text.contains(&format!("<html lang=\"{locale}\">")));
        assert!(!page.text.contains("board-"), "{locale}: a text is missing: {}", page.text);
    }
    app.stop().await;
}
