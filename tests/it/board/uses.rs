//! How the content is used: noted by turns, squashed, moved out and erased, and always as a recount has it.

use safar::{
    counting::{self, Feed},
    domain::Timestamp,
    indicators::{Rules, file::Row},
    store::indicators::uses,
};

use super::people::row;
use crate::store::backend::{Fresh, store_contract};

store_contract!(staff_leave_the_uses_and_erased_people_stay);

/// 2026-05-10T05:00:00Z.
const AT: i64 = 1_778_389_200_000;

/// `node views/shown/went_on` of all months, after a recount has agreed.
async fn found(fresh: &Fresh) -> String {
    let mut tx = fresh.read().await;
    let compared = counting::compare(&mut tx, &Rules::default()).await.unwrap();
    assert_eq!(compared.differences, [""; 0]);
    let mut rows = uses::between(&mut tx, "2026-01", "2026-12", None).await.unwrap();
    tx.rollback().await.unwrap();
    rows.retain(|row| (row.views, row.shown, row.went_on) != (0, 0, 0));
    rows.sort_by(|a, b| a.node.cmp(&b.node));
    let line = |row: &uses::NodeRow| format!("{} {}/{}/{}", row.node, row.views, row.shown, row.went_on);
    rows.iter().map(line).collect::<Vec<_>>().join(", ")
}

async fn staff_leave_the_uses_and_erased_people_stay(fresh: Fresh) {
    let rules = Rules::default();
    let mut feed = Feed::new(&rules);
    let mut seq = 0;
    let mut next = |ident: &str, kind: &str, attrs: &str| -> Row {
        seq += 1;
        row(seq, Timestamp(AT + seq * 1_000), ident, kind, attrs, None)
    };
    let steps: [(&[Row], &str); 8] = [
        (
            &[
                next("tg:1", "contact", "node=home"),
                next("tg:1", "contact", "from=home;node=fee"),
                next("tg:1", "content_view", "k=how;node=fee"),
                next("wa:2", "contact", "node=home"),
            ],
            "fee 1/1/0, home 0/2/1",
        ),
        // Somebody who works here: with all that they did before.
        (&[next("tg:1", "flag", "kind=staff")], "home 0/1/0"),
        (&[next("tg:1", "contact", "from=fee;node=home")], "home 0/1/0"),
        // It was a mistake (the flag is row 5).
        (&[next("", "void", "target=e5")], "fee 1/1/1, home 0/3/1"),
        // A view that is taken out, twice.
        (&[next("", "void", "target=e3"), next("", "void", "target=e3")], "fee 0/1/1, home 0/3/1"),
        // One person with a flagged one is out, and comes back with the link's end.
        (&[next("web:3", "flag", "kind=test"), next("wa:2", "link", "other=web:3")], "fee 0/1/1, home 0/2/1"),
        (&[next("", "void", "target=e11")], "fee 0/1/1, home 0/3/1"),
        // Who is erased leaves no row of theirs, and the uses stay.
        (&[next("tg:1", "erase", "")], "fee 0/1/1, home 0/3/1"),
    ];
    for (place, (rows, wanted)) in steps.iter().enumerate() {
        let mut tx = fresh.write().await;
        for row in *rows {
            feed.row(&mut tx, row).await.unwrap();
        }
        feed.flush(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&fresh).await, *wanted, "step {place}");
        if place % 2 == 0 {
            let mut tx = fresh.write().await;
            while counting::squash(&mut tx, 2).await.unwrap() > 0 {}
            tx.commit().await.unwrap();
            assert_eq!(found(&fresh).await, *wanted, "step {place}, squashed");
        }
    }
    let mut tx = fresh.write().await;
    counting::recount(&mut tx, &rules).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&fresh).await, steps[7].1, "counted anew");
}
