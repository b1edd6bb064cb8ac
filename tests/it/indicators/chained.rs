//! The chain over the record of events: whatever is done to the database beside the program is found.

use safar::{
    clock::{Ids as _, SystemIds},
    counting::{self, Feed, Verdict},
    indicators::file::{Config, read_events},
    store::Tx,
};

use super::data;
use crate::{
    store::backend::{Fresh, store_contract},
    support::sql,
};

store_contract!(
    rows_are_sealed_when_no_transaction_can_add_before_them,
    a_changed_row_is_found,
    an_erasure_leaves_the_chain_whole
);

/// Rows in a block.
const AT_ONCE: u32 = 7;

async fn seal(tx: &mut Tx, last: i64) -> usize {
    let mut sealed = 0;
    loop {
        let rows = counting::seal(tx, last, AT_ONCE, |bytes| SystemIds::new().fill(bytes)).await.unwrap();
        sealed += rows;
        if rows < AT_ONCE as usize {
            return sealed;
        }
    }
}

/// Stores the rows of the vectors, all of them sealed.
async fn vectors(fresh: &Fresh) {
    let config = Config::read(&data("spec/config.json")).unwrap();
    let (rows, _) = read_events(&data("spec/events.csv"), 10).unwrap();
    let mut tx = fresh.write().await;
    let mut feed = Feed::new(&config.rules);
    // Erasures are another test's.
    for row in rows.iter().filter(|row| row.kind != "erase") {
        feed.row(&mut tx, row).await.unwrap();
    }
    feed.flush(&mut tx).await.unwrap();
    seal(&mut tx, i64::MAX).await;
    tx.commit().await.unwrap();
}

async fn count(fresh: &Fresh, from: &str) -> u64 {
    u64::try_from(sql::count(&fresh.store, from).await).unwrap()
}

async fn verdict(fresh: &Fresh) -> Verdict {
    counting::verify(&fresh.store, None).await.unwrap()
}

async fn rows_are_sealed_when_no_transaction_can_add_before_them(fresh: Fresh) {
    let rows = |verdict: &Verdict| match verdict {
        Verdict::Whole { rows, young, .. } => (*rows, *young),
        other => panic!("{other:?}"),
    };
    assert_eq!(rows(&verdict(&fresh).await), (0, 0), "an empty record is whole");
    fresh
        .raw(
            "insert into events (event_id, type, occurred_at, recorded_at, channel, source, attrs)
                values ('e1', 'tally', 1, 1, 'field', 'field', '{}')",
        )
        .await;
    let mut tx = fresh.write().await;
    let mark = counting::move_mark(&mut tx).await.unwrap();
    assert_eq!(seal(&mut tx, mark).await, 0, "seen for the first time");
    tx.commit().await.unwrap();
    fresh
        .raw(
            "insert into events (event_id, type, occurred_at, recorded_at, channel, source, attrs)
                values ('e2', 'tally', 1, 1, 'field', 'field', '{}')",
        )
        .await;
    let mut tx = fresh.write().await;
    let mark = counting::move_mark(&mut tx).await.unwrap();
    assert_eq!(seal(&mut tx, mark).await, 1);
    tx.commit().await.unwrap();
    assert_eq!(rows(&verdict(&fresh).await), (1, 1));
}

async fn a_changed_row_is_found(fresh: Fresh) {
    vectors(&fresh).await;
    let Verdict::Whole { rows, erased: 0, head, young: 0 } = verdict(&fresh).await else { panic!() };
    assert_eq!(rows, count(&fresh, "events").await);
    let noted = head.to_string();
    let is_noted = counting::verify(&fresh.store, Some(&noted)).await.unwrap();
    assert!(matches!(is_noted, Verdict::Whole { .. }));
    for (harm, undo) in [
        ("update events set attrs = '{\"k\":\"both\"}', code = 'x' where seq = 10", None),
        (
            "update events set contact_id = contact_id + 1 where seq = 12",
            Some("update events set contact_id = contact_id - 1 where seq = 12"),
        ),
        (
            "update events set occurred_at = occurred_at + 1 where seq = 12",
            Some("update events set occurred_at = occurred_at - 1 where seq = 12"),
        ),
        (
            "update events set seq = 100000 where seq = 12",
            Some("update events set seq = 12 where seq = 100000"),
        ),
        (
            "update event_salts set contact_id = -contact_id - 77",
            Some("update event_salts set contact_id = -contact_id - 77"),
        ),
    ] {
        // A number that the database gives cannot be changed on PostgreSQL.
        if harm.contains("set seq") && !fresh.url.starts_with("sqlite") {
            continue;
        }
        let before = if undo.is_none() {
            Some("create table kept as select * from events where seq = 10")
        } else {
            None
        };
        if let Some(before) = before {
            fresh.raw(before).await;
        }
        fresh.raw(harm).await;
        assert!(matches!(verdict(&fresh).await, Verdict::Broken { .. }), "{harm}");
        fresh.raw(undo.unwrap_or(
            "update events set attrs = (select attrs from kept), code = (select code from kept) where seq = 10",
        ))
        .await;
        assert!(matches!(verdict(&fresh).await, Verdict::Whole { .. }), "undone: {harm}");
    }
    fresh.raw("create table blocks as select * from event_blocks").await;
    fresh.raw("delete from event_blocks where last_seq = (select max(last_seq) from event_blocks)").await;
    assert!(matches!(verdict(&fresh).await, Verdict::Cut { .. }));
    fresh.raw("delete from event_blocks").await;
    fresh.raw("insert into event_blocks select * from blocks").await;
    // Written anew from a row on by somebody who has the program too: only what was noted elsewhere tells.
    fresh.raw("delete from events where seq = 10").await;
    assert!(matches!(verdict(&fresh).await, Verdict::Broken { after, last } if (after..=last).contains(&10)));
    fresh.raw("delete from event_blocks").await;
    fresh.raw("update meta set value = '0:' where key = 'events_head'").await;
    fresh.raw("delete from event_salts").await;
    let mut tx = fresh.write().await;
    seal(&mut tx, i64::MAX).await;
    tx.commit().await.unwrap();
    assert!(matches!(verdict(&fresh).await, Verdict::Whole { .. }));
    let found = counting::verify(&fresh.store, Some(&noted)).await.unwrap();
    assert!(matches!(found, Verdict::Rewritten { .. }), "{found:?}");
}

async fn an_erasure_leaves_the_chain_whole(fresh: Fresh) {
    vectors(&fresh).await;
    let before = count(&fresh, "events").await;
    let salts = count(&fresh, "event_salts").await;
    let Verdict::Whole { head, .. } = verdict(&fresh).await else { panic!() };
    let config = Config::read(&data("spec/config.json")).unwrap();
    let mut tx = fresh.write().await;
    let first =
        safar::store::indicators::log::page(&mut tx, safar::domain::ContactId(i64::MIN), 1).await.unwrap();
    let contact = first[0].contact.unwrap();
    counting::forget(&mut tx, &config.rules, &[contact]).await.unwrap();
    tx.commit().await.unwrap();
    let gone = before - count(&fresh, "events").await;
    assert!(gone > 0);
    assert_eq!(count(&fresh, "event_remains").await, gone);
    assert!(count(&fresh, "event_salts").await < salts, "nobody can try contents against what is left");
    let found = counting::verify(&fresh.store, Some(&head.to_string())).await.unwrap();
    assert_eq!(found, Verdict::Whole { rows: before, erased: gone, head, young: 0 });
    // What is left cannot be made up.
    fresh.raw("delete from event_remains where seq = (select min(seq) from event_remains)").await;
    assert!(matches!(verdict(&fresh).await, Verdict::Broken { .. }));
}
