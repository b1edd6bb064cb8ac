//! The nightly comparison: a difference keeps reports from being frozen and made, until a recount has mended it.

use std::sync::Arc;

use safar::{
    app::console_texts,
    clock::SystemIds,
    counting,
    domain::Timestamp,
    indicators::Rules,
    jobs::compare_by_night,
    report::{ReportError, Reports},
};

use crate::{
    board::people,
    report::order,
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        sql::{count, texts},
    },
};

store_contract!(a_difference_in_the_night_blocks_reports_until_it_is_mended);

async fn frozen(app: &TestApp) -> Vec<String> {
    texts(&app.app.store, "select period from count_reports order by period").await
}

async fn a_difference_in_the_night_blocks_reports_until_it_is_mended(fresh: Fresh) {
    let at = |iso: &str| Timestamp::from_iso(iso).unwrap();
    // Half past one in the programme's zone.
    let options =
        Options { database_url: Some(fresh.url.clone()), now: "2026-11-23T20:30:00Z", ..Options::default() };
    let app = TestApp::start(options).await;
    let reports = Reports::new(
        app.app.store.clone(),
        app.clock.clone(),
        Arc::new(SystemIds::new()),
        console_texts().unwrap(),
    );
    let mut rows = vec![people::first()];
    rows.extend(people::crowd(60));
    people::store(&app.app.store, &rows).await;
    people::roll(&app.app.store).await;
    let night = || compare_by_night(&app.app.jobs);
    assert_eq!(night().await.unwrap(), None, "before two o'clock");
    assert!(matches!(reports.ready().await, Err(ReportError::NotCompared)));
    app.clock.set(at("2026-11-23T21:00:00Z"));
    assert_eq!(night().await.unwrap(), Some(0));
    assert_eq!(night().await.unwrap(), None, "once a day");
    reports.ready().await.unwrap();
    assert_eq!(frozen(&app).await, ["2026-Q1", "2026-Q2", "2026-Q3"]);
    let files = || count(&app.app.store, "report_files");
    reports.make(&order("2026-Q3", "csv"), None).await.unwrap();
    assert_eq!(files().await, 1);
    // A count is changed past the program, on the night on which the fourth quarter is due.
    fresh
        .raw(
            "update count_cells set n = n + 1 where indicator = 'R1' and measure = 'new' and dimension = ''
                and period = '2026-05' and not erased",
        )
        .await;
    app.clock.set(at("2027-01-10T22:00:00Z"));
    assert_eq!(night().await.unwrap(), Some(1));
    assert_eq!(frozen(&app).await.len(), 3, "none is frozen");
    let refused = reports.make(&order("2026-Q4", "xlsx"), None).await.unwrap_err();
    let ReportError::Differs { differences: 1, first, .. } = &refused else { panic!("{refused}") };
    assert!(first.starts_with("R1 new 2026-05: stored "), "{first}");
    assert!(matches!(reports.standing().await.unwrap().refused, Some("differs")));
    assert_eq!(files().await, 1, "nothing is kept of what was refused");
    // The next night finds it again.
    app.clock.advance_ms(86_400_000);
    assert_eq!(night().await.unwrap(), Some(1));
    assert_eq!(frozen(&app).await.len(), 3);
    // Counted anew, as `safar indicators recount` does it.
    let mut tx = app.app.store.write().await.unwrap();
    let rules = Rules::default();
    let found = counting::recount(&mut tx, &rules).await.unwrap();
    counting::note_compared(&mut tx, &found, safar::clock::Clock::now(&*app.clock)).await.unwrap();
    tx.commit().await.unwrap();
    reports.ready().await.unwrap();
    app.clock.advance_ms(86_400_000);
    assert_eq!(night().await.unwrap(), Some(0));
    assert_eq!(frozen(&app).await, ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]);
    let made = reports.make(&order("2026-Q4", "xlsx"), None).await.unwrap();
    assert!(made.frozen && files().await == 2);
    app.stop().await;
}
