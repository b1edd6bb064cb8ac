//! No query of the dashboard reads all events, or all persons.

use safar::store::{STATEMENTS, Tx};
use sqlx::{AssertSqlSafe, Row as _};

use super::people;
use crate::store::backend::on_sqlite;

const ASKED: [(&str, &[&str]); 7] = [
    ("indicators/cells", &["NEW_OF", "TOUCHES_OF"]),
    ("indicators/uses", &["BETWEEN"]),
    ("indicators/units", &["UNITS_OF", "BY_MONTH"]),
    ("indicators/people", &["LOOK_DIRTY", "BOUND", "LIKE"]),
    ("indicators/log", &["FIELD", "LAST_SEQ"]),
    ("questions", &["COUNT"]),
    ("codes", &["LIST"]),
];

#[tokio::test]
async fn the_dashboard_scans_neither_events_nor_persons() {
    on_sqlite(async |fresh| {
        people::store(&fresh.store, &people::crowd(60)).await;
        people::roll(&fresh.store).await;
        fresh.raw("analyze").await;
        let mut looked = 0;
        for (module, names) in ASKED {
            let (_, list) = STATEMENTS.iter().find(|(of, _)| *of == module).unwrap();
            for name in names {
                let sql = list.iter().find(|sql| sql.name == *name).unwrap();
                let Tx::Sqlite(mut tx) = fresh.read().await else { unreachable!() };
                let explain = AssertSqlSafe(format!("explain query plan {}", sql.sqlite));
                let plan = sqlx::query(explain).fetch_all(&mut *tx).await.unwrap();
                for line in &plan {
                    let detail: String = line.get("detail");
                    let whole = detail.starts_with("SCAN") && !detail.contains("USING");
                    // The highest number is the end of the table.
                    let is_end = *name == "LAST_SEQ";
                    let large = ["events", "people"].iter().any(|of| {
                        detail
                            .split_whitespace()
                            .nth(1)
                            .is_some_and(|table| table == *of || table == "e" && *of == "events")
                    });
                    assert!(is_end || !(whole && large), "{module}::{name}: {detail}");
                }
                looked += plan.len();
            }
        }
        assert!(looked > 12, "{looked}");
    })
    .await;
}
