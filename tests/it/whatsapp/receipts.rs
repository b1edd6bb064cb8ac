//! What WhatsApp says of our messages.

use safar::{
    domain::{ChannelKind, Timestamp},
    store::outbox::{self, OutboxNew},
};
use serde_json::{Value, json};

use crate::{
    store::backend::{Fresh, message, store_contract},
    support::{
        sql::{count, scalar},
        whatsapp::{Wa, Who, failed, status},
    },
};

store_contract!(a_storm_leaves_each_row_in_its_last_state, an_unreachable_person_is_marked);

const MESSAGES: i64 = 1_000;

/// A small generator with a fixed seed: the same storm each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

fn priced(mut status: Value) -> Value {
    status["pricing"] =
        json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service"});
    status
}

/// 10,000 receipts for 1,000 messages, shuffled and doubled.
async fn a_storm_leaves_each_row_in_its_last_state(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let far = Timestamp(i64::MAX / 2);
    let rows: Vec<OutboxNew> = (1..=MESSAGES)
        .map(|id| OutboxNew {
            channel: ChannelKind::WhatsApp,
            leased_by: Some(7),
            lease_until: far,
            ..message(id, id)
        })
        .collect();
    let mut tx = wa.store().write().await.unwrap();
    outbox::add(&mut tx, &rows).await.unwrap();
    tx.commit().await.unwrap();
    // A third is read, a third delivered, a third fails after it was sent.
    let mut storm: Vec<Value> = Vec::new();
    for id in 1..=MESSAGES {
        let told = match id % 3 {
            0 => vec![status(id, "sent"), priced(status(id, "delivered")), priced(status(id, "read"))],
            1 => vec![status(id, "sent"), priced(status(id, "delivered"))],
            _ => vec![status(id, "sent"), failed(id, 131_049)],
        };
        storm.extend(told.iter().cycle().take(10).cloned());
    }
    assert_eq!(storm.len(), 10_000);
    let mut dice = Dice(11);
    for at in (1..storm.len()).rev() {
        storm.swap(at, dice.below(at + 1));
    }
    for part in storm.chunks(700) {
        assert_eq!(wa.statuses(part).await, 200);
    }
    let state = async |state: &str, rest: i64| {
        count(wa.store(), &format!("outbox where state = '{state}' and id % 3 = {rest}")).await
    };
    assert_eq!(
        (state("read", 0).await, state("delivered", 1).await, state("failed", 2).await),
        (333, 334, 333)
    );
    assert_eq!(count(wa.store(), "outbox where cost = 'service'").await, 667);
    assert_eq!(count(wa.store(), "outbox where error = 'capped'").await, 333);
    assert_eq!(
        scalar(wa.store(), "select cast(count(*) as bigint) from outbox where payload is not null").await,
        0
    );
    wa.stop().await;
}

async fn an_unreachable_person_is_marked(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    wa.talk(wa.text(&Who::nth(1), "Салом")).await;
    let row = scalar(wa.store(), "select id from outbox").await;
    assert_eq!(wa.statuses(&[failed(row, 131_026)]).await, 200);
    assert_eq!(count(wa.store(), "sessions where not reachable").await, 1);
    // Whoever writes again can be reached.
    wa.talk(wa.text(&Who::nth(1), "Салом")).await;
    assert_eq!(count(wa.store(), "sessions where reachable").await, 1);
    wa.stop().await;
}
