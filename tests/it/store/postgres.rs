//! What only several connections to PostgreSQL can show.

use std::{collections::BTreeSet, str::FromStr as _, sync::Arc, time::Duration};

use safar::{
    domain::{ChannelKind, ContactId, OutboxId},
    store::{Store, StoreError, contacts, dedup, outbox, sessions},
};
use sqlx::postgres::PgConnectOptions;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Barrier, mpsc},
    task::JoinSet,
    time::timeout,
};

use super::backend::{Fresh, NOW, address, contact, found, lookup, message, on_postgres, random, session};

const SOON: Duration = Duration::from_secs(5);

async fn queue(fresh: &Fresh, messages: i64) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &(1..=messages).map(|id| message(id, id)).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn two_senders_at_the_same_moment_get_different_messages() {
    on_postgres(async |fresh| {
        queue(&fresh, 10).await;
        let (mut one, mut two) = (fresh.write().await, fresh.write().await);
        let until = NOW.plus_ms(1000);
        // Neither waits for the other, though both are open.
        let first = outbox::lease_due(&mut one, ChannelKind::Telegram, 1, NOW, until, NOW, 6).await.unwrap();
        let second =
            timeout(SOON, outbox::lease_due(&mut two, ChannelKind::Telegram, 2, NOW, until, NOW, 6)).await;
        let second = second.expect("skips locked rows").unwrap();
        one.commit().await.unwrap();
        two.commit().await.unwrap();
        assert_eq!((first.len(), second.len()), (6, 4));
        let ids: BTreeSet<OutboxId> = first.iter().chain(&second).map(|due| due.id).collect();
        assert_eq!(ids.len(), 10);
    })
    .await;
}

#[tokio::test]
async fn racing_senders_share_the_queue() {
    on_postgres(async |fresh| {
        queue(&fresh, 300).await;
        let work = |store: Store, holder: i64| async move {
            let mut mine = Vec::new();
            loop {
                let mut tx = store.write().await.unwrap();
                let until = NOW.plus_ms(1000);
                let due = outbox::lease_due(&mut tx, ChannelKind::Telegram, holder, NOW, until, NOW, 7)
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
                if due.is_empty() {
                    return mine;
                }
                mine.extend(due.iter().map(|due| due.id));
                tokio::task::yield_now().await;
            }
        };
        let tasks: Vec<_> = (1..=4).map(|holder| tokio::spawn(work(fresh.store.clone(), holder))).collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        assert_eq!(all.len(), 300);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 300);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_with_the_same_contacts_wait_and_do_not_deadlock() {
    on_postgres(async |fresh| {
        let mut tx = fresh.write().await;
        contacts::create(&mut tx, &(1..=150).map(contact).collect::<Vec<_>>()).await.unwrap();
        let addresses: Vec<_> = (1..=150).map(|id| address(id, lookup(id), NOW)).collect();
        contacts::add_addresses(&mut tx, &addresses).await.unwrap();
        sessions::save(&mut tx, &(1..=150).map(session).collect::<Vec<_>>()).await.unwrap();
        tx.commit().await.unwrap();
        let work = |store: Store, backwards: bool| async move {
            for _ in 0..40 {
                let mut keys: Vec<_> = (1..=150).map(lookup).collect();
                if backwards {
                    keys.reverse();
                }
                let mut tx = store.write().await.unwrap();
                let rows = found(&mut tx, &keys).await.unwrap();
                let saves: Vec<_> = rows.iter().map(|row| bump(row.contact.0, &row.state)).collect();
                sessions::save(&mut tx, &saves).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        fn bump(contact: i64, state: &str) -> sessions::SessionSave {
            let next = state.parse::<u32>().unwrap_or(0) + 1;
            sessions::SessionSave { state: next.to_string(), ..session(contact) }
        }
        let tasks: Vec<_> = (0..4).map(|n| tokio::spawn(work(fresh.store.clone(), n % 2 == 0))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let rows = found(&mut fresh.write().await, &[lookup(1), lookup(150)]).await.unwrap();
        // 4 workers x 40 rounds: none worked from what another was just changing.
        assert_eq!(rows.iter().map(|row| row.state.as_str()).collect::<Vec<_>>(), ["160", "160"]);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_went_elsewhere_while_its_lock_was_waited_for_is_seen() {
    on_postgres(async |fresh| {
        let mut tx = fresh.write().await;
        contacts::create(&mut tx, &[contact(1), contact(2)]).await.unwrap();
        let addresses = [1, 2].map(|id| address(id, lookup(id), NOW));
        contacts::add_addresses(&mut tx, &addresses).await.unwrap();
        sessions::save(&mut tx, &[session(1), session(2)]).await.unwrap();
        tx.commit().await.unwrap();
        let mut one = fresh.write().await;
        found(&mut one, &[lookup(1), lookup(2)]).await.unwrap();
        let store = fresh.store.clone();
        let other = tokio::spawn(async move {
            let mut two = store.write().await.unwrap();
            found(&mut two, &[lookup(2)]).await.map(|rows| rows.len())
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!other.is_finished());
        contacts::merge(&mut one, ContactId(2), ContactId(1)).await.unwrap();
        one.commit().await.unwrap();
        let error = timeout(SOON, other).await.unwrap().unwrap().unwrap_err();
        assert!(matches!(error, StoreError::Changed) && error.is_conflict(), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_redelivery_to_another_instance_waits_for_the_first() {
    on_postgres(async |fresh| {
        let mut one = fresh.write().await;
        assert_eq!(dedup::insert_new(&mut one, &["a", "b"], NOW).await.unwrap(), [true, true]);
        let store = fresh.store.clone();
        let other = tokio::spawn(async move {
            let mut two = store.write().await.unwrap();
            dedup::insert_new(&mut two, &["b", "a", "c"], NOW).await.unwrap()
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!other.is_finished());
        one.commit().await.unwrap();
        assert_eq!(timeout(SOON, other).await.unwrap().unwrap(), [false, false, true]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_keys_in_another_order_do_not_deadlock() {
    on_postgres(async |fresh| {
        let start = Arc::new(Barrier::new(2));
        let work = |store: Store, start: Arc<Barrier>, backwards: bool| async move {
            let mut new = 0;
            for round in 0..60 {
                let mut keys: Vec<String> = (0..64).map(|n| format!("{round}:{n}")).collect();
                if backwards {
                    keys.reverse();
                }
                let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                let mut tx = store.write().await.unwrap();
                start.wait().await;
                let fresh = dedup::insert_new(&mut tx, &keys, NOW).await.unwrap();
                tx.commit().await.unwrap();
                new += fresh.into_iter().filter(|new| *new).count();
            }
            new
        };
        // Dropped when one fails: then the other, which waits for it, is stopped too.
        let mut workers = JoinSet::new();
        workers.spawn(work(fresh.store.clone(), Arc::clone(&start), false));
        workers.spawn(work(fresh.store.clone(), start, true));
        let mut total = 0;
        while let Some(new) = workers.join_next().await {
            total += new.expect("no deadlock");
        }
        assert_eq!(total, 60 * 64);
    })
    .await;
}

#[tokio::test]
async fn a_notice_arrives_with_its_transaction_and_not_before() {
    on_postgres(async |fresh| {
        let channel = format!("release_{:x}", random());
        let mut listener = fresh.store.listen(&[&channel]).await.unwrap().expect("PostgreSQL listens");
        let mut undone = fresh.write().await;
        fresh.store.notify(&mut undone, &channel, "undone").await.unwrap();
        undone.rollback().await.unwrap();
        let mut tx = fresh.write().await;
        fresh.store.notify(&mut tx, &channel, "7").await.unwrap();
        assert!(timeout(Duration::from_millis(200), listener.next()).await.is_err(), "not before the commit");
        tx.commit().await.unwrap();
        let notice = timeout(SOON, listener.next()).await.expect("soon").unwrap();
        assert_eq!(notice, Some((channel.clone(), "7".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn a_listener_that_lost_its_connection_says_so_and_hears_again() {
    on_postgres(async |fresh| {
        let channel = format!("wake_{:x}", random());
        let mut listener = fresh.store.listen(&[&channel]).await.unwrap().unwrap();
        let mut tx = fresh.write().await;
        if let safar::store::Tx::Postgres(tx) = &mut tx {
            let kill = "select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%' || $1 || '%'
                and pid <> pg_backend_pid()";
            let killed: Vec<bool> = sqlx::query_scalar(kill).bind(&channel).fetch_all(&mut **tx).await.unwrap();
            assert_eq!(killed, [true]);
        }
        tx.commit().await.unwrap();
        let lost = timeout(SOON, listener.next()).await.expect("notices").unwrap();
        assert_eq!(lost, None);
        let mut tx = fresh.write().await;
        fresh.store.notify(&mut tx, &channel, "again").await.unwrap();
        tx.commit().await.unwrap();
        // It may say more than once that it was away.
        loop {
            if let Some((_, payload)) = timeout(SOON, listener.next()).await.expect("soon").unwrap() {
                assert_eq!(payload, "again");
                break;
            }
        }
    })
    .await;
}

/// Passes connections on to `to`; each `()` resets the last one, as a firewall does.
async fn breakable(to: (String, u16)) -> (u16, mpsc::Sender<()>) {
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = door.local_addr().unwrap().port();
    let (cut, mut cuts) = mpsc::channel::<()>(1);
    tokio::spawn(async move {
        while let Ok((mut inside, _)) = door.accept().await {
            let mut outside = TcpStream::connect(&to).await.unwrap();
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut inside, &mut outside) => {}
                Some(()) = cuts.recv() => inside.set_zero_linger().unwrap(),
            }
        }
    });
    (port, cut)
}

#[tokio::test]
async fn a_listener_hears_again_after_its_connection_was_reset() {
    on_postgres(async |fresh| {
        let target = PgConnectOptions::from_str(&fresh.url).unwrap();
        let (port, cut) = breakable((target.get_host().to_owned(), target.get_port())).await;
        let channel = format!("reset_{:x}", random());
        let behind = format!("{}&host=127.0.0.1&port={port}&sslmode=disable", fresh.url);
        let store = timeout(SOON, Store::connect(&behind)).await.expect("in time").unwrap();
        let mut listener = timeout(SOON, store.listen(&[&channel])).await.expect("in time").unwrap().unwrap();
        cut.send(()).await.unwrap();
        assert_eq!(timeout(SOON, listener.next()).await.expect("notices").unwrap(), None);
        let mut tx = fresh.write().await;
        fresh.store.notify(&mut tx, &channel, "again").await.unwrap();
        tx.commit().await.unwrap();
        let notice = timeout(SOON, listener.next()).await.expect("soon").unwrap();
        assert_eq!(notice, Some((channel, "again".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn closing_does_not_wait_for_a_listener() {
    on_postgres(async |fresh| {
        let _listener = fresh.store.listen(&["nobody"]).await.unwrap();
        timeout(SOON, fresh.store.close()).await.expect("closed");
    })
    .await;
}
