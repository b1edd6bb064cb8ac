//! Several lanes and instances with the same people at once, on PostgreSQL.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bytes::Bytes;
use safar::{
    clock::SystemIds,
    dialog::{Delivery, Dialog, Settled},
    domain::{Address, ChannelKind, Content, Inbound, Source},
    privacy::Keys,
};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::{
    dialogs::embedded_release,
    store::backend::{Fresh, NOW, on_postgres},
    support::{
        fake_whatsapp::{Call, Kind},
        sql::{count, scalar},
        whatsapp::{Wa, Who, status},
    },
};

const PEOPLE: usize = 150;

fn dialog(fresh: &Fresh, instance: i64) -> Dialog {
    let (_, release) = watch::channel(embedded_release());
    Dialog::new(
        fresh.store.clone(),
        Keys::from_secret(&[7; 32]),
        Arc::new(SystemIds::new()),
        release,
        instance,
    )
}

fn number(n: usize) -> Address {
    Address::new(ChannelKind::WhatsApp, format!("+99290{n:07}"))
}

fn user(n: usize) -> Address {
    Address::new(ChannelKind::WhatsApp, format!("TJ.{n}"))
}

fn inbound(key: String, address: Address, also: Vec<Address>) -> Inbound {
    Inbound {
        address,
        also,
        source: Source::Bot,
        key: key.into(),
        content: Content::Text("Салом".into()),
        at: NOW,
        language_hint: None,
        tapped_message: None,
        advert: None,
        attached: None,
        mark_read: None,
        from: None,
        raw: Bytes::new(),
    }
}

/// More contacts than one statement takes, in any order, with receipts for those of the other batches.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_batches_in_any_order_with_receipts_do_not_deadlock() {
    on_postgres(async |fresh| {
        let first = dialog(&fresh, 1);
        let batch: Vec<Inbound> = (0..PEOPLE)
            .flat_map(|n| {
                let apart =
                    [inbound(format!("n{n}"), number(n), vec![]), inbound(format!("u{n}"), user(n), vec![])];
                // A part of them is known by two contacts.
                if n % 10 == 0 {
                    apart.to_vec()
                } else {
                    vec![inbound(format!("b{n}"), number(n), vec![user(n)])]
                }
            })
            .collect();
        let answers = first.handle(&batch, &[], NOW).await.unwrap().outgoing;
        let receipts: Vec<Settled> = answers
            .iter()
            .enumerate()
            .map(|(n, out)| {
                let sent = Delivery::Sent { message: Some(1), reference: None, edited: false };
                let settled = Settled::new(out.id.unwrap(), out.contact, sent, NOW);
                // The webhook's name the message only.
                if n % 2 == 0 {
                    settled
                } else {
                    Settled { contact: None, delivery: Delivery::Blocked, ..settled }
                }
            })
            .collect();
        let mut workers = JoinSet::new();
        for worker in 0..4_usize {
            let (dialog, receipts) = (dialog(&fresh, 2), receipts.clone());
            workers.spawn(async move {
                let mut tries = 0;
                for round in 0..6 {
                    let mut batch: Vec<Inbound> = (0..PEOPLE)
                        .filter(|n| (n * 31 + worker * 17 + round * 5) % 7 > 1)
                        .map(|n| {
                            let key = format!("{worker}:{round}:{n}");
                            match (n + worker + round) % 3 {
                                0 => inbound(key, number(n), vec![]),
                                1 => inbound(key, user(n), vec![]),
                                _ => inbound(key, number(n), vec![user(n)]),
                            }
                        })
                        .collect();
                    assert!(batch.len() > 64, "more than one statement takes");
                    let mut settled = receipts.clone();
                    if worker % 2 == 0 {
                        batch.reverse();
                    } else {
                        settled.reverse();
                    }
                    loop {
                        match dialog.handle(&batch, &settled, NOW).await {
                            Ok(done) => break assert_eq!(done.turns, batch.len()),
                            // Contacts were joined meanwhile; never a deadlock.
                            Err(error) => assert!(error.is_conflict(), "{error:?}"),
                        }
                        tries += 1;
                        assert!(tries < 20, "{tries} tries");
                    }
                }
            });
        }
        let done = timeout(Duration::from_secs(120), async {
            while let Some(worker) = workers.join_next().await {
                worker.expect("no deadlock");
            }
        });
        done.await.expect("in time");
        let people = count(&fresh.store, "contacts where merged_into is null").await;
        assert_eq!(people, i64::try_from(PEOPLE).unwrap());
        assert_eq!(count(&fresh.store, "sessions").await, people);
    })
    .await;
}

/// Number and user id of new people come apart, at once, into all lanes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_who_falls_into_two_lanes_is_one() {
    on_postgres(async |fresh| {
        let wa = Arc::new(Wa::start(&fresh).await);
        let mut workers = JoinSet::new();
        for n in 0..40 {
            let both = Who::nth(n);
            let apart = Who::number(both.number.as_deref().unwrap());
            for who in [both.clone(), apart, both] {
                let wa = Arc::clone(&wa);
                workers.spawn(async move { assert_eq!(wa.says(&who, "Салом").await, 200) });
            }
        }
        while let Some(worker) = workers.join_next().await {
            worker.unwrap();
        }
        wa.api.wait_for(Kind::Message, 120).await;
        assert_eq!(count(wa.store(), "contacts where merged_into is null").await, 40);
        assert_eq!(count(wa.store(), "parked").await, 0);
        assert_eq!(
            scalar(wa.store(), "select cast(count(distinct contact_id) as bigint) from sessions").await,
            40
        );
        let rows: BTreeSet<i64> = wa.api.said().iter().filter_map(Call::outbox).collect();
        let receipts: Vec<_> = rows.into_iter().map(|row| status(row, "read")).collect();
        assert_eq!(wa.statuses(&receipts).await, 200);
        Arc::into_inner(wa).unwrap().stop().await;
    })
    .await;
}
