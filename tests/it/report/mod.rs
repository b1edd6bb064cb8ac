//! Reports as files: the vectors of indicators.md §4 through every export, what is hidden, what blocks them.

mod command;
mod files;
mod iati;
mod page;
mod public;

use std::sync::Arc;

use safar::{
    app::console_texts,
    clock::{MockClock, SystemIds},
    counting::{self, Compared, Feed},
    domain::{StaffLocale, Timestamp},
    indicators::{EMBEDDED, Window, file::Config, file::read_events},
    report::{Export, Made, Order, ReportError, Reports},
    store::{
        codes::{self, CodeRow},
        indicators::log::{self, NewEvent},
    },
};

use crate::{indicators::data, store::backend::Fresh};

/// The programme's own identifiers, as a test has them.
pub const SECTIONS: &str = r#"
[iati]
identifier = "XX-EXAMPLE-0001-MIGINFO"
default_currency = "USD"
scope = 2
sdg_targets = ["10.7", "8.8", "16.3"]
indicator_uri = "https://example.org/indicators"
reporting_org = { ref = "XX-EXAMPLE-0001", type = 40, name = "Example & <Organisation>" }
participating_orgs = [{ ref = "XX-EXAMPLE-0001", type = 40, role = 4, name = "Example" }]
countries = { TJ = 40, KG = 30, RU = 20, KZ = 10 }
[dhis2]
data_set = "MIGINFO_Q"
region = "REGION"
countries = { TJ = "TJ", KG = "KG", RU = "RU", U = "NOT_STATED" }
centres = { TJ-1 = "CENTRE_TJ_1", RU-1 = "CENTRE_RU_1" }
elements = { R1_NEW = "Uid12345678" }
[activityinfo]
region = "REGION"
options.sex = { U = "Not disclosed" }
"#;

/// What people typed and a spreadsheet must not reckon.
pub const TYPED: &str = "=HYPERLINK(\"http://evil.example\",\"place\")";

/// The settings of the vectors, with a threshold that their numbers reach.
pub fn settings() -> String {
    let text = EMBEDDED.replace("k = 5\n", "k = 3\n").replace("k_small = 10", "k_small = 3");
    let text = text.replace("en = \"People engaged with the bot\"", "en = \"=1+1 engaged\"");
    assert!(text.contains("k = 3\n") && text.contains("=1+1 engaged"));
    format!("{text}\n{SECTIONS}")
}

/// The vectors in a database, and reports at its last instant.
pub struct House {
    pub reports: Reports,
    pub clock: Arc<MockClock>,
}

impl House {
    /// The vectors up to snapshot A or B; periods whose day has come are frozen a second later.
    pub async fn at(fresh: &Fresh, snapshots: usize) -> Self {
        let config = Config::read(&data("spec/config.json")).unwrap();
        let (rows, _) = read_events(&data("spec/events.csv"), 10).unwrap();
        let mut tx = fresh.write().await;
        for code in &config.rules.campaigns {
            let row = CodeRow { code: code.to_string(), kind: "poster".into(), ..CodeRow::default() };
            assert!(codes::add(&mut tx, &row).await.unwrap());
        }
        let mut now = config.snapshots[0].at;
        let in_force = counting::configure(&mut tx, &settings(), now.plus_ms(-86_400_000)).await.unwrap();
        let mut feed = Feed::new(&config.rules);
        let mut rows = rows.iter().peekable();
        let mut id = 0;
        for snapshot in config.snapshots.iter().take(snapshots) {
            while let Some(row) = rows.next_if(|row| row.recorded <= snapshot.at) {
                feed.row(&mut tx, row).await.unwrap();
            }
            feed.flush(&mut tx).await.unwrap();
            if snapshot.name.contains("07-10") {
                typed_entry(&mut tx).await;
            }
            now = snapshot.at.plus_ms(1_000);
            let next = || {
                id += 1;
                id
            };
            assert_eq!(counting::freeze(&mut tx, &in_force, now, next).await.unwrap().len(), 1);
        }
        let found = counting::compare(&mut tx, &config.rules).await.unwrap();
        assert_eq!(found.differences, [""; 0]);
        counting::note_compared(&mut tx, &found, now).await.unwrap();
        tx.commit().await.unwrap();
        let clock = Arc::new(MockClock::at(now));
        let texts = console_texts().unwrap();
        let reports = Reports::new(fresh.store.clone(), clock.clone(), Arc::new(SystemIds::new()), texts);
        Self { reports, clock }
    }

    /// The first quarter is frozen; the second is over, and not frozen yet.
    pub async fn between(fresh: &Fresh) -> Self {
        let house = Self::at(fresh, 1).await;
        let config = Config::read(&data("spec/config.json")).unwrap();
        let (rows, _) = read_events(&data("spec/events.csv"), 10).unwrap();
        let (first, now) = (config.snapshots[0].at, Timestamp::from_iso("2026-07-05T06:00:00Z").unwrap());
        let mut tx = fresh.write().await;
        let mut feed = Feed::new(&config.rules);
        for row in rows.iter().filter(|row| row.recorded > first && row.recorded <= now) {
            feed.row(&mut tx, row).await.unwrap();
        }
        feed.flush(&mut tx).await.unwrap();
        let found = counting::compare(&mut tx, &config.rules).await.unwrap();
        counting::note_compared(&mut tx, &found, now).await.unwrap();
        tx.commit().await.unwrap();
        house.clock.set(now);
        house
    }

    pub async fn make(&self, order: &Order) -> Result<Made, ReportError> {
        self.reports.make(order, None).await
    }
}

/// Leaflets with a place that somebody typed: an estimate, which is in no indicator.
async fn typed_entry(tx: &mut safar::store::Tx) {
    let at = Timestamp::from_iso("2026-05-20T09:00:00Z").unwrap();
    let entry = |id: &str, kind: &str, attrs: String, later: i64| NewEvent {
        event_id: id.to_owned(),
        kind: kind.to_owned(),
        contact: None,
        occurred_at: at.plus_ms(later),
        recorded_at: at.plus_ms(later),
        channel: "field",
        source: "field".to_owned(),
        code: None,
        attrs,
    };
    let attrs = serde_json::json!({
        "activity": "leaflet", "quantity": "500", "by": "u1", "cc": "TJ", "place": TYPED,
    });
    let approval = serde_json::json!({ "target": "leaflets", "by": "u2" });
    let rows = [
        entry("leaflets", "tally", attrs.to_string(), 0),
        entry("leaflets-ok", "approve", approval.to_string(), 1),
    ];
    log::append(tx, &rows).await.unwrap();
}

pub fn order(period: &str, format: &str) -> Order {
    Order {
        period: Window::parse(period).unwrap(),
        export: Export::find(format).unwrap(),
        locale: StaffLocale::En,
        public: false,
        unit: None,
        prepared: "+Prepared".to_owned(),
        approved: "@Approved".to_owned(),
    }
}

/// A difference, as a comparison finds it.
pub fn difference() -> Compared {
    Compared { differences: vec!["R1 new 2026-05: stored 2, recounted 1".to_owned()], ..Compared::default() }
}
