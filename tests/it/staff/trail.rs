//! The trail: one chain, and what `safar audit verify` finds when somebody meddled.

use safar::{
    desk::{
        Role,
        audit::{self, Deed, Of, Verb, Verdict},
    },
    domain::StaffId,
    store::{Backend, Tx},
};

use super::service::House;
use crate::store::backend::{Fresh, NOW, store_contract};

store_contract!(
    each_deed_is_a_row_of_ids_and_verbs,
    rows_written_at_once_make_one_chain,
    the_database_takes_new_rows_only,
    a_changed_row_is_found,
    a_changed_hash_is_found,
    a_row_taken_out_is_found,
    a_cut_end_is_found,
    a_chain_written_anew_is_found_by_what_was_noted,
);

async fn rows(fresh: &Fresh, count: i64) {
    for case in 1..=count {
        let mut tx = fresh.write().await;
        let deed = Deed::on_case(Some(StaffId(7)), Verb::CaseLooked, case);
        audit::append(&mut tx, NOW.plus_ms(case), deed).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn verdict(fresh: &Fresh, noted: Option<&str>) -> Verdict {
    audit::verify(&fresh.store, noted).await.unwrap()
}

fn head(verdict: Verdict) -> String {
    match verdict {
        Verdict::Whole { head, .. } => head,
        other => panic!("{other:?}"),
    }
}

async fn each_deed_is_a_row_of_ids_and_verbs(fresh: Fresh) {
    assert_eq!(verdict(&fresh, None).await, Verdict::Whole { rows: 0, head: "0:".to_owned() });
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    house.staff.log_in("gulnara", "wrong", "here").await.unwrap();
    house.staff.log_in("nobody", "wrong", "here").await.unwrap();
    let page = audit::page(&fresh.store, i64::MAX, Of::All, 10).await.unwrap();
    let said: Vec<_> = page
        .iter()
        .rev()
        .map(|row| (row.staff, row.verb.as_str(), row.kind.as_str(), row.object.clone()))
        .collect();
    let object = id.to_string();
    assert_eq!(
        said,
        [
            (None, "staff-added", "staff", object.clone()),
            (None, "link-made", "staff", object.clone()),
            (Some(id), "password-set", "staff", object.clone()),
            (None, "log-in-refused", "staff", object),
            (None, "log-in-refused", "", String::new()),
        ]
    );
    rows(&fresh, 3).await;
    let of = audit::page(&fresh.store, i64::MAX, Of::Staff(StaffId(7)), 2).await.unwrap();
    assert_eq!(of.iter().map(|row| row.object.as_str()).collect::<Vec<_>>(), ["3", "2"]);
    let older = audit::page(&fresh.store, of[1].seq, Of::Staff(StaffId(7)), 2).await.unwrap();
    assert_eq!(older.len(), 1);
    let on = audit::page(&fresh.store, i64::MAX, Of::Object("case", "2"), 5).await.unwrap();
    assert_eq!(on.len(), 1);
    assert!(matches!(verdict(&fresh, None).await, Verdict::Whole { rows: 8, .. }));
}

async fn rows_written_at_once_make_one_chain(fresh: Fresh) {
    let writers = (0..32).map(|case| {
        let store = fresh.store.clone();
        tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            audit::append(&mut tx, NOW, Deed::on_case(Some(StaffId(1)), Verb::CaseClaimed, case))
                .await
                .unwrap();
            tx.commit().await.unwrap();
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    // Undone work leaves no gap.
    let mut tx = fresh.write().await;
    audit::append(&mut tx, NOW, Deed::plain(None, Verb::LogOut)).await.unwrap();
    tx.rollback().await.unwrap();
    rows(&fresh, 1).await;
    assert!(matches!(verdict(&fresh, None).await, Verdict::Whole { rows: 33, .. }));
}

/// Runs SQL past the store, which may refuse it.
async fn tried(fresh: &Fresh, sql: &'static str) -> Result<(), String> {
    let mut tx = fresh.write().await;
    let told = |error: sqlx::Error| error.to_string();
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(|_| ()).map_err(told)?,
        Tx::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(|_| ()).map_err(told)?,
    }
    tx.commit().await.map_err(|error| error.to_string())
}

async fn the_database_takes_new_rows_only(fresh: Fresh) {
    rows(&fresh, 3).await;
    let also = if fresh.store.backend() == Backend::Sqlite {
        "insert or replace into audit (seq, at, staff_id, verb, object_kind, object_id, prev, hash)
            values (2, 0, null, 'log-out', '', '', '', '')"
    } else {
        "truncate audit"
    };
    for sql in [
        "update audit set staff_id = 8 where seq = 2",
        "update audit set verb = verb",
        "delete from audit where seq = 3",
        "delete from audit",
        also,
    ] {
        let refused = tried(&fresh, sql).await.expect_err(sql);
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    assert!(matches!(verdict(&fresh, None).await, Verdict::Whole { rows: 3, .. }));
    rows(&fresh, 1).await;
    assert!(matches!(verdict(&fresh, None).await, Verdict::Whole { rows: 4, .. }));
}

/// Whoever owns the database can take the guard away: the chain tells of what they did then.
async fn unguarded(fresh: &Fresh) {
    if fresh.store.backend() == Backend::Sqlite {
        fresh.raw("drop trigger audit_keeps_rows; drop trigger audit_loses_none").await;
    } else {
        fresh.raw("drop trigger audit_keeps_rows on audit").await;
    }
}

async fn a_changed_row_is_found(fresh: Fresh) {
    rows(&fresh, 5).await;
    unguarded(&fresh).await;
    fresh.raw("update audit set staff_id = 8 where seq = 3").await;
    assert_eq!(verdict(&fresh, None).await, Verdict::Broken { seq: 3 });
}

async fn a_changed_hash_is_found(fresh: Fresh) {
    rows(&fresh, 5).await;
    unguarded(&fresh).await;
    fresh.raw("update audit set hash = prev where seq = 5").await;
    assert_eq!(verdict(&fresh, None).await, Verdict::Broken { seq: 5 });
}

async fn a_row_taken_out_is_found(fresh: Fresh) {
    rows(&fresh, 5).await;
    unguarded(&fresh).await;
    fresh.raw("delete from audit where seq = 2").await;
    assert_eq!(verdict(&fresh, None).await, Verdict::Broken { seq: 3 });
    fresh.raw("update audit set seq = seq - 1 where seq = 3").await;
    assert_eq!(verdict(&fresh, None).await, Verdict::Broken { seq: 2 });
}

async fn a_cut_end_is_found(fresh: Fresh) {
    rows(&fresh, 5).await;
    unguarded(&fresh).await;
    fresh.raw("delete from audit where seq > 3").await;
    assert_eq!(verdict(&fresh, None).await, Verdict::Cut { last: 3, written: 5 });
}

async fn a_chain_written_anew_is_found_by_what_was_noted(fresh: Fresh) {
    rows(&fresh, 3).await;
    let noted = head(verdict(&fresh, None).await);
    rows(&fresh, 2).await;
    assert!(matches!(verdict(&fresh, Some(&noted)).await, Verdict::Whole { rows: 5, .. }));
    unguarded(&fresh).await;
    fresh.raw("delete from audit").await;
    fresh.raw("update meta set value = '0:' where key = 'audit_head'").await;
    rows(&fresh, 2).await;
    assert!(matches!(verdict(&fresh, None).await, Verdict::Whole { rows: 2, .. }));
    assert_eq!(verdict(&fresh, Some(&noted)).await, Verdict::Rewritten { seq: 3 });
    rows(&fresh, 2).await;
    assert_eq!(verdict(&fresh, Some(&noted)).await, Verdict::Rewritten { seq: 3 });
}
