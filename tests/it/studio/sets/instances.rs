//! Two instances on one PostgreSQL, and taps while something is published.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use safar::desk::Role;

use super::{house, options, start};
use crate::{
    staff::visitor::account,
    store::backend::{on_postgres, on_sqlite},
    support::app::{Options, TestApp},
};

/// Longest time until another instance serves what was published.
const SERVED: Duration = Duration::from_secs(2);

#[tokio::test]
async fn what_one_instance_publishes_the_other_serves_within_two_seconds() {
    on_postgres(|fresh| async move {
        let first = start(&fresh).await;
        let second = TestApp::start(Options {
            folder: Some(first.folder.clone()),
            fake: Some(first.fake.clone()),
            ..options(&fresh)
        })
        .await;
        let house = house(&first);
        let ann = account(&first, "ann", &[Role::Editor]).await;
        let bek = account(&first, "bek", &[Role::Publisher]).await;
        let set = house.set_by(ann, "Kyrgyz rule", "не требуется", false).await;
        let mut watch = second.app.releases.watch();
        let publication = house.publish(set, ann, bek).await;
        let release = first.app.releases.current().id;
        let swapped = watch.wait_for(|current| current.id == release);
        tokio::time::timeout(SERVED, swapped).await.expect("served in time").unwrap();
        // The second sees the set's end, and its publisher can go back from there.
        let other = super::house(&second);
        assert_eq!(other.studio.set(set).await.unwrap().set.publication, Some(publication));
        other.clock.advance_ms(5_000);
        let mut watch = first.app.releases.watch();
        let back = other.studio.revert(bek, other.first_publication().await).await.unwrap();
        let swapped = watch.wait_for(|current| current.id == back);
        tokio::time::timeout(SERVED, swapped).await.expect("back in time").unwrap();
        assert!(!house.russian("rule-kyrgyz").await.contains("не требуется"));
        first.stop().await;
        second.stop().await;
    })
    .await;
}

/// Somebody goes from page to page while sets are published: each tap is answered, none is parked.
#[tokio::test]
async fn a_tap_during_a_publication_is_answered() {
    on_sqlite(|fresh| async move {
        let app = start(&fresh).await;
        let house = house(&app);
        let ann = account(&app, "ann", &[Role::Editor]).await;
        let bek = account(&app, "bek", &[Role::Publisher]).await;
        for chat in 1..=4 {
            assert_eq!(app.text(chat, "/start").await.0, 200);
            assert_eq!(app.tap(chat, 1, "a.lang.ru").await.0, 200);
        }
        app.fake.wait_said(8).await;
        let ended = Arc::new(AtomicBool::new(false));
        let publishing = async {
            for words in ["не требуется", "не нужен вовсе", "не требуется никому"]
            {
                let set = house.set_by(ann, words, words, false).await;
                house.publish(set, ann, bek).await;
            }
            ended.store(true, Ordering::SeqCst);
        };
        let tapping = async {
            let mut taps = 0;
            // At least one more after the last publication.
            loop {
                let is_last = ended.load(Ordering::SeqCst);
                for chat in 1..=4 {
                    // The same tap again at once would be taken for a double one.
                    app.clock.advance_ms(3_000);
                    let node = if taps % 2 == 0 { "n.rule-kyrgyz" } else { "n.home" };
                    assert_eq!(app.tap(chat, 1, node).await.0, 200);
                    taps += 1;
                }
                taps += 1;
                if is_last {
                    return taps;
                }
            }
        };
        let ((), taps) = tokio::join!(publishing, tapping);
        assert!(taps > 4, "{taps}");
        app.clock.advance_ms(3_000);
        assert_eq!(app.tap(1, 1, "n.rule-kyrgyz").await.0, 200);
        // Whoever asks now reads the newest words.
        let read = crate::support::sql::until(async || {
            app.fake.said().iter().any(|call| call.body.to_string().contains("не требуется никому"))
        });
        assert!(read.await, "{:?}", app.fake.said().last().map(|call| call.body.clone()));
        assert_eq!(crate::support::sql::count(&house.store, "parked").await, 0);
        app.stop().await;
    })
    .await;
}
