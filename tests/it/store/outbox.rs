//! The outbox on both databases.

use safar::{
    domain::{ChannelKind, ContactId, OutboxId, Timestamp},
    store::{
        Tx, contacts,
        outbox::{self, Depth, GivenBack, OutboxDue, OutboxNew, Postponed, Receipt, ReceiptState},
        sessions,
    },
};

use super::backend::{Fresh, NOW, address, contact, lookup, message, session, store_contract};

store_contract!(
    due_messages_are_leased_in_order,
    a_message_is_leased_once,
    a_lease_that_ran_out_makes_a_message_uncertain,
    released_messages_are_certain,
    taking_over_ends_the_leases_of_a_dead_process,
    what_is_taken_over_is_due_when_it_is_told,
    a_receipt_of_one_of_several_tries_leaves_the_doubt,
    only_the_holder_renews,
    a_message_waits_for_an_earlier_one_of_its_contact_and_lane,
    receipts_only_move_forward,
    receipts_of_one_batch_count_in_order,
    a_first_receipt_empties_the_content,
    postponed_messages_come_back_later,
    what_may_have_arrived_stays_uncertain,
    what_the_channel_gave_back_is_queued_again,
    any_number_of_receipts_is_written,
    depth_counts_what_is_queued,
    a_reader_gets_what_it_has_not_acknowledged,
    settled_messages_are_purged,
    sent_messages_are_found_by_contact_and_time,
    what_no_page_fetches_expires,
    a_cost_is_told_once,
);

async fn what_no_page_fetches_expires(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let web =
        |id: i64, at: Timestamp| OutboxNew { channel: ChannelKind::Web, created_at: at, ..message(id, 1) };
    outbox::add(&mut tx, &[web(1, NOW), web(2, NOW.plus_ms(9)), message(3, 1)]).await.unwrap();
    let expire = NOW.plus_ms(5);
    assert_eq!(outbox::expire(&mut tx, ChannelKind::Web, expire, expire).await.unwrap(), 1);
    assert_eq!(outbox::expire(&mut tx, ChannelKind::Web, expire, expire).await.unwrap(), 0);
    let left = outbox::unsettled_for(&mut tx, ContactId(1), OutboxId(0)).await.unwrap();
    assert_eq!(left.iter().map(|row| row.id.0).collect::<Vec<_>>(), [2, 3]);
    assert!(outbox::is_settled(&mut tx, OutboxId(1)).await.unwrap());
    assert!(!outbox::is_settled(&mut tx, OutboxId(2)).await.unwrap());
    assert_eq!(outbox::purge(&mut tx, NOW.plus_ms(999)).await.unwrap(), 1, "an expired row goes in its time");
}

async fn a_cost_is_told_once(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(1, 1), message(2, 1)]).await.unwrap();
    let costs = [(OutboxId(1), "service"), (OutboxId(1), "utility"), (OutboxId(9), "service")];
    assert_eq!(outbox::charge(&mut tx, &costs).await.unwrap(), ["service"]);
    assert_eq!(outbox::charge(&mut tx, &costs).await.unwrap(), [] as [String; 0]);
    assert_eq!(outbox::charge(&mut tx, &[(OutboxId(2), "free_entry")]).await.unwrap(), ["free_entry"]);
}

const TG: ChannelKind = ChannelKind::Telegram;
const LEASE: i64 = 1_000;

async fn lease(tx: &mut Tx, holder: i64, now: Timestamp, limit: u32) -> Vec<OutboxDue> {
    outbox::lease_due(tx, TG, holder, now, now.plus_ms(LEASE), now, limit).await.unwrap()
}

async fn lease_ids(tx: &mut Tx, holder: i64, now: Timestamp) -> Vec<i64> {
    lease(tx, holder, now, 100).await.iter().map(|due| due.id.0).collect()
}

fn receipt(id: i64, state: ReceiptState) -> Receipt {
    Receipt { id: OutboxId(id), state, external: None, error: None, at: NOW.plus_ms(id) }
}

/// state, payload, external, error, settled_at
type Stored = (String, Option<String>, Option<String>, Option<String>, Option<i64>);

async fn stored(tx: &mut Tx, id: i64) -> Stored {
    let sql = "select state, payload, external, error, settled_at from outbox where id = $1";
    match tx {
        Tx::Sqlite(tx) => sqlx::query_as(sql).bind(id).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_as(sql).bind(id).fetch_one(&mut **tx).await.unwrap(),
    }
}

async fn state(tx: &mut Tx, id: i64) -> String {
    stored(tx, id).await.0
}

async fn due_messages_are_leased_in_order(fresh: Fresh) {
    let mut tx = fresh.write().await;
    contacts::create(&mut tx, &[contact(1), contact(2)]).await.unwrap();
    let addresses =
        [address(1, lookup(1), NOW), address(2, lookup(2), NOW), address(1, lookup(9), NOW.plus_ms(1))];
    contacts::add_addresses(&mut tx, &addresses).await.unwrap();
    sessions::save(&mut tx, &[session(1)]).await.unwrap();
    let later = OutboxNew { not_before: NOW.plus_ms(1), ..message(4, 4) };
    let web = OutboxNew { channel: ChannelKind::Web, ..message(5, 1) };
    let sealed =
        OutboxNew { payload: None, sealed: Some(vec![9]), edit_of: Some(44), lane: 3, ..message(3, 1) };
    outbox::add(&mut tx, &[message(1, 2), message(2, 1), sealed, later, web, message(6, 3)]).await.unwrap();
    // The oldest are taken, and come back by contact.
    let due = lease(&mut tx, 1, NOW, 3).await;
    assert_eq!(due.iter().map(|d| (d.contact.0, d.id.0)).collect::<Vec<_>>(), [(1, 2), (1, 3), (2, 1)]);
    assert_eq!(due[0].payload, message(2, 1).payload);
    assert_eq!(due[0].addresses.len(), 1, "the same sealed bytes are one address");
    assert_eq!((due[0].addresses[0].1.as_slice(), due[0].last_inbound_at), (b"sealed 1".as_slice(), NOW));
    assert_eq!((due[2].addresses.len(), due[2].last_inbound_at), (1, Timestamp(0)));
    assert_eq!((due[1].payload.as_deref(), due[1].sealed.as_deref()), (None, Some([9].as_slice())));
    assert_eq!((due[1].edit_of, due[1].lane, due[1].attempts, due[1].uncertain), (Some(44), 3, 0, false));
    assert_eq!(due[1].created_at, NOW);
    let due = lease(&mut tx, 1, NOW, 3).await;
    assert_eq!(due.iter().map(|d| (d.id.0, !d.addresses.is_empty())).collect::<Vec<_>>(), [(6, false)]);
    assert_eq!(lease_ids(&mut tx, 1, NOW.plus_ms(1)).await, [4]);
}

async fn a_message_is_leased_once(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let mine = OutboxNew { leased_by: Some(1), lease_until: NOW.plus_ms(LEASE), ..message(1, 1) };
    outbox::add(&mut tx, &[mine, message(2, 2)]).await.unwrap();
    assert_eq!(lease_ids(&mut tx, 2, NOW).await, [2], "1 is in the memory of its maker");
    assert_eq!(lease_ids(&mut tx, 2, NOW.plus_ms(LEASE - 1)).await, [] as [i64; 0]);
}

async fn a_lease_that_ran_out_makes_a_message_uncertain(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let held = OutboxNew { leased_by: Some(1), lease_until: NOW.plus_ms(LEASE), ..message(1, 1) };
    outbox::add(&mut tx, &[held, message(2, 2)]).await.unwrap();
    let due = lease(&mut tx, 2, NOW.plus_ms(LEASE), 9).await;
    let seen: Vec<_> = due.iter().map(|d| (d.id.0, d.uncertain)).collect();
    assert_eq!(seen, [(1, true), (2, false)]);
    // It stays so, even when put back in good order.
    outbox::release(&mut tx, 2, TG).await.unwrap();
    let due = lease(&mut tx, 3, NOW.plus_ms(LEASE), 9).await;
    assert_eq!(due.iter().map(|d| (d.id.0, d.uncertain)).collect::<Vec<_>>(), seen);
}

async fn released_messages_are_certain(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(1, 1), message(2, 2)]).await.unwrap();
    lease(&mut tx, 1, NOW, 1).await;
    lease(&mut tx, 2, NOW, 1).await;
    assert_eq!(outbox::release(&mut tx, 1, ChannelKind::Web).await.unwrap(), 0);
    assert_eq!(outbox::release(&mut tx, 1, TG).await.unwrap(), 1);
    let due = lease(&mut tx, 3, NOW, 9).await;
    assert_eq!(due.iter().map(|d| (d.id.0, d.uncertain)).collect::<Vec<_>>(), [(1, false)]);
}

async fn taking_over_ends_the_leases_of_a_dead_process(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let held = |id: i64| OutboxNew { leased_by: Some(1), lease_until: NOW.plus_ms(LEASE), ..message(id, id) };
    let web = OutboxNew { channel: ChannelKind::Web, ..held(3) };
    outbox::add(&mut tx, &[held(1), message(2, 2), web]).await.unwrap();
    assert_eq!(outbox::take_over(&mut tx, TG, NOW).await.unwrap(), 1);
    let due = lease(&mut tx, 2, NOW, 9).await;
    assert_eq!(due.iter().map(|d| (d.id.0, d.uncertain)).collect::<Vec<_>>(), [(1, true), (2, false)]);
    let web = outbox::lease_due(&mut tx, ChannelKind::Web, 2, NOW, NOW, NOW, 9).await.unwrap();
    assert!(web.is_empty(), "another channel's leases stay");
}

async fn what_is_taken_over_is_due_when_it_is_told(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let held = |id: i64| OutboxNew { leased_by: Some(1), lease_until: NOW, ..message(id, 1) };
    outbox::add(&mut tx, &[held(1), message(2, 2)]).await.unwrap();
    let (until, wait) = (NOW.plus_ms(LEASE), NOW.plus_ms(30));
    let due = outbox::lease_due(&mut tx, TG, 2, NOW, until, wait, 9).await.unwrap();
    let seen: Vec<_> = due.iter().map(|d| (d.id.0, d.not_before > NOW, d.uncertain)).collect();
    assert_eq!(seen, [(1, true, true), (2, false, false)]);
    let later = Postponed { id: OutboxId(1), not_before: wait, attempts: 1, error: None, uncertain: true };
    outbox::postpone(&mut tx, &[later]).await.unwrap();
    assert!(lease_ids(&mut tx, 2, NOW.plus_ms(29)).await.is_empty());
    // A receipt of the only try leaves no doubt.
    outbox::settle(&mut tx, &[receipt(1, ReceiptState::Delivered)]).await.unwrap();
    assert!(!uncertain(&mut tx, 1).await);
}

async fn a_receipt_of_one_of_several_tries_leaves_the_doubt(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(1, 1), message(2, 2), message(3, 3)]).await.unwrap();
    let later = |id, attempts| Postponed {
        id: OutboxId(id),
        not_before: NOW,
        attempts,
        error: None,
        uncertain: true,
    };
    outbox::postpone(&mut tx, &[later(1, 1), later(2, 2), later(3, 1)]).await.unwrap();
    assert_eq!(lease_ids(&mut tx, 2, NOW).await, [1, 2, 3]);
    // 3 is on its way once more.
    outbox::postpone(&mut tx, &[later(1, 1), later(2, 2)]).await.unwrap();
    let all: Vec<_> = (1..=3).map(|id| receipt(id, ReceiptState::Delivered)).collect();
    outbox::settle(&mut tx, &all).await.unwrap();
    let mut doubted = Vec::new();
    for id in 1..=3 {
        doubted.push(uncertain(&mut tx, id).await);
    }
    assert_eq!(doubted, [false, true, true]);
}

async fn uncertain(tx: &mut Tx, id: i64) -> bool {
    let sql = "select uncertain from outbox where id = $1";
    match tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).bind(id).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(sql).bind(id).fetch_one(&mut **tx).await.unwrap(),
    }
}

async fn only_the_holder_renews(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(1, 1), message(2, 2), message(3, 3)]).await.unwrap();
    lease(&mut tx, 1, NOW, 3).await;
    let ids = [OutboxId(1), OutboxId(2), OutboxId(3)];
    assert_eq!(outbox::renew(&mut tx, 2, &ids, NOW.plus_ms(9 * LEASE)).await.unwrap(), 0);
    outbox::settle(&mut tx, &[receipt(3, ReceiptState::Sent)]).await.unwrap();
    assert_eq!(outbox::renew(&mut tx, 1, &ids, NOW.plus_ms(2 * LEASE)).await.unwrap(), 2);
    assert!(lease_ids(&mut tx, 2, NOW.plus_ms(2 * LEASE - 1)).await.is_empty());
    assert_eq!(lease_ids(&mut tx, 2, NOW.plus_ms(2 * LEASE)).await, [1, 2]);
}

async fn a_message_waits_for_an_earlier_one_of_its_contact_and_lane(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let other_lane = OutboxNew { lane: 1, ..message(3, 1) };
    outbox::add(&mut tx, &[message(1, 1), message(2, 1), other_lane, message(4, 2)]).await.unwrap();
    let later = Postponed {
        id: OutboxId(1),
        not_before: NOW.plus_ms(50),
        attempts: 1,
        error: None,
        uncertain: false,
    };
    outbox::postpone(&mut tx, &[later]).await.unwrap();
    assert_eq!(lease_ids(&mut tx, 1, NOW).await, [3, 4], "2 stays behind 1");
    assert_eq!(lease(&mut tx, 1, NOW.plus_ms(50), 1).await[0].id.0, 1);
    assert!(lease_ids(&mut tx, 2, NOW.plus_ms(50)).await.is_empty(), "1 is being sent by someone else");
    outbox::settle(&mut tx, &[receipt(1, ReceiptState::Sent)]).await.unwrap();
    assert_eq!(lease_ids(&mut tx, 2, NOW.plus_ms(50)).await, [2]);
}

async fn receipts_only_move_forward(fresh: Fresh) {
    use ReceiptState::{Delivered, Failed, Read, Sent};
    let cases: [(&[ReceiptState], &str); 12] = [
        (&[Sent], "sent"),
        (&[Failed], "failed"),
        (&[Delivered], "delivered"),
        (&[Sent, Delivered, Read], "read"),
        (&[Delivered, Sent], "delivered"),
        (&[Read, Delivered], "read"),
        (&[Sent, Failed], "failed"),
        (&[Delivered, Failed], "delivered"),
        (&[Read, Failed], "read"),
        (&[Failed, Sent], "failed"),
        (&[Failed, Read], "failed"),
        (&[Sent, Sent], "sent"),
    ];
    let mut tx = fresh.write().await;
    for (place, (receipts, end)) in cases.iter().enumerate() {
        // The same, one call a receipt and all in one call.
        let (single, batch) = (i64::try_from(place).unwrap() * 2 + 1, i64::try_from(place).unwrap() * 2 + 2);
        outbox::add(&mut tx, &[message(single, 1), message(batch, 1)]).await.unwrap();
        for state in *receipts {
            outbox::settle(&mut tx, &[receipt(single, *state)]).await.unwrap();
        }
        let all: Vec<_> = receipts.iter().map(|state| receipt(batch, *state)).collect();
        assert_eq!(outbox::settle(&mut tx, &all).await.unwrap(), 1);
        assert_eq!(state(&mut tx, single).await, *end, "{receipts:?}, one by one");
        assert_eq!(state(&mut tx, batch).await, *end, "{receipts:?}, in one call");
    }
    assert_eq!(outbox::settle(&mut tx, &[receipt(2, Sent), receipt(999, Sent)]).await.unwrap(), 0);
}

async fn receipts_of_one_batch_count_in_order(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(1, 1)]).await.unwrap();
    let sent = Receipt { external: Some("77".to_owned()), ..receipt(1, ReceiptState::Sent) };
    let failed =
        Receipt { error: Some("131026".to_owned()), at: NOW.plus_ms(90), ..receipt(1, ReceiptState::Failed) };
    outbox::settle(&mut tx, &[sent, failed]).await.unwrap();
    let (state, _, external, error, settled_at) = stored(&mut tx, 1).await;
    assert_eq!(
        (state.as_str(), external.as_deref(), error.as_deref()),
        ("failed", Some("77"), Some("131026"))
    );
    assert_eq!(settled_at, Some(NOW.0 + 1), "the first receipt's");
}

async fn a_first_receipt_empties_the_content(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let sealed = OutboxNew { payload: None, sealed: Some(vec![1]), ..message(3, 3) };
    outbox::add(&mut tx, &[message(1, 1), message(2, 2), sealed, message(4, 4)]).await.unwrap();
    let sent = Receipt { external: Some("x".to_owned()), ..receipt(1, ReceiptState::Sent) };
    let failed = Receipt { error: Some("blocked".to_owned()), ..receipt(2, ReceiptState::Failed) };
    assert_eq!(outbox::settle(&mut tx, &[sent, failed, receipt(3, ReceiptState::Sent)]).await.unwrap(), 3);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(stored(&mut tx, 1).await, ("sent".to_owned(), None, some("x"), None, Some(NOW.0 + 1)));
    assert_eq!(stored(&mut tx, 2).await, ("failed".to_owned(), None, None, some("blocked"), Some(NOW.0 + 2)));
    assert!(stored(&mut tx, 4).await.1.is_some());
    let left =
        "select cast(count(*) as bigint) from outbox where sealed is not null or leased_by is not null";
    let left: i64 = match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(left).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(left).fetch_one(&mut **tx).await.unwrap(),
    };
    assert_eq!(left, 0);
    outbox::settle(&mut tx, &[receipt(1, ReceiptState::Delivered)]).await.unwrap();
    assert_eq!(stored(&mut tx, 1).await.2, some("x"), "a later receipt without an id keeps the first one's");
}

async fn postponed_messages_come_back_later(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(1, 1), message(2, 2)]).await.unwrap();
    lease(&mut tx, 1, NOW, 9).await;
    outbox::settle(&mut tx, &[receipt(2, ReceiptState::Sent)]).await.unwrap();
    let later = |id: i64, attempts: i32| Postponed {
        id: OutboxId(id),
        not_before: NOW.plus_ms(500),
        attempts,
        error: Some("429".to_owned()),
        uncertain: false,
    };
    outbox::postpone(&mut tx, &[later(1, 1), later(2, 1), later(1, 2)]).await.unwrap();
    assert_eq!(state(&mut tx, 2).await, "sent");
    assert!(lease_ids(&mut tx, 1, NOW.plus_ms(499)).await.is_empty());
    let due = lease(&mut tx, 1, NOW.plus_ms(500), 9).await;
    assert_eq!(due.iter().map(|d| (d.id.0, d.attempts, d.uncertain)).collect::<Vec<_>>(), [(1, 2, false)]);
    assert_eq!(stored(&mut tx, 1).await.3.as_deref(), Some("429"));
}

async fn what_may_have_arrived_stays_uncertain(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(1, 1)]).await.unwrap();
    let later = |uncertain| Postponed {
        id: OutboxId(1),
        not_before: NOW,
        attempts: 1,
        error: Some("ambiguous".to_owned()),
        uncertain,
    };
    outbox::postpone(&mut tx, &[later(false)]).await.unwrap();
    assert!(!lease(&mut tx, 1, NOW, 9).await[0].uncertain);
    for uncertain in [true, false] {
        outbox::postpone(&mut tx, &[later(uncertain)]).await.unwrap();
        let due = lease(&mut tx, 1, NOW, 9).await;
        assert_eq!((due[0].uncertain, due[0].error.as_deref()), (true, Some("ambiguous")));
    }
    // Given up unheard; a receipt knows better.
    let given_up = Receipt { error: Some("ambiguous".to_owned()), ..receipt(1, ReceiptState::Failed) };
    outbox::settle(&mut tx, &[given_up]).await.unwrap();
    outbox::settle(&mut tx, &[receipt(1, ReceiptState::Delivered)]).await.unwrap();
    assert_eq!(state(&mut tx, 1).await, "delivered");
}

/// A receipt of one try of a message, as the channel names it.
fn of_try(id: i64, state: ReceiptState, name: &str) -> Receipt {
    Receipt { external: Some(name.to_owned()), ..receipt(id, state) }
}

fn given_back(id: i64, name: &str, error: &'static str) -> GivenBack {
    let external = Some(name.to_owned());
    GivenBack { id: OutboxId(id), external, error, not_before: NOW.plus_ms(7), attempts: 1 }
}

/// Receipts of a message's first try, `a`, and its second, `b`: in any order, each counts for its own try.
async fn what_the_channel_gave_back_is_queued_again(fresh: Fresh) {
    use ReceiptState::{Delivered, Failed, Sent};
    let lease = async |tx: &mut Tx, now: Timestamp| {
        outbox::lease_due(tx, ChannelKind::WhatsApp, 1, now, now.plus_ms(LEASE), now, 9).await.unwrap()
    };
    let mut tx = fresh.write().await;
    let row = |id| OutboxNew { channel: ChannelKind::WhatsApp, ..message(id, id) };
    let telegram = message(4, 4);
    outbox::add(&mut tx, &[row(1), row(2), row(3), telegram, row(5)]).await.unwrap();
    let sent: Vec<_> = [1, 3, 4].map(|id| of_try(id, Sent, "a")).into();
    outbox::settle(&mut tx, &sent).await.unwrap();
    outbox::settle(&mut tx, &[of_try(3, Delivered, "a"), of_try(5, Failed, "a")]).await.unwrap();
    assert_eq!(stored(&mut tx, 1).await.1, row(1).payload, "it may be needed again");
    assert_eq!(stored(&mut tx, 3).await.1, None);
    // 2 was not yet known to be sent; 3 has arrived, 4 has no content any more, 5 has failed.
    let all: Vec<_> = (1..=5).map(|id| given_back(id, "a", "window_closed")).collect();
    let mut queued = outbox::give_back(&mut tx, &all).await.unwrap();
    queued.sort_unstable();
    assert_eq!(queued, [OutboxId(1), OutboxId(2)]);
    assert_eq!(outbox::give_back(&mut tx, &all).await.unwrap(), [], "told twice");
    let again: Vec<_> = [1, 2].map(|id| of_try(id, Sent, "a")).into();
    assert_eq!(outbox::settle(&mut tx, &again).await.unwrap(), 0, "of the first try, late");
    assert!(lease(&mut tx, NOW.plus_ms(6)).await.is_empty());
    let due = lease(&mut tx, NOW.plus_ms(7)).await;
    let seen: Vec<_> = due.iter().map(|d| (d.id.0, d.attempts, d.uncertain, d.error.as_deref())).collect();
    assert_eq!(seen, [(1, 1, false, Some("window_closed")), (2, 1, false, Some("window_closed"))]);
    // What asks for a template is not forgotten while that has to wait.
    let wait = Postponed {
        id: OutboxId(1),
        not_before: NOW,
        attempts: 2,
        error: Some("throttled".to_owned()),
        uncertain: false,
    };
    outbox::postpone(&mut tx, &[wait]).await.unwrap();
    assert_eq!(lease(&mut tx, NOW).await[0].error.as_deref(), Some("window_closed"));
    // The second try: its own receipts count, those of the first do not.
    outbox::settle(&mut tx, &[of_try(1, Failed, "a"), of_try(1, Sent, "b"), of_try(1, Failed, "a")])
        .await
        .unwrap();
    assert_eq!(state(&mut tx, 1).await, "sent");
    assert_eq!(outbox::give_back(&mut tx, &[given_back(1, "a", "throttled")]).await.unwrap(), []);
    outbox::settle(&mut tx, &[of_try(1, Failed, "b"), of_try(2, Delivered, "b")]).await.unwrap();
    assert_eq!((state(&mut tx, 1).await, state(&mut tx, 2).await), ("failed".into(), "delivered".into()));
    assert_eq!((stored(&mut tx, 1).await.1, stored(&mut tx, 2).await.1), (None, None));
    let tried = outbox::tried(&mut tx, &[OutboxId(1), OutboxId(9)]).await.unwrap();
    assert_eq!((tried.len(), tried[&OutboxId(1)].attempts), (1, 2));
}

async fn any_number_of_receipts_is_written(fresh: Fresh) {
    let mut base = 0;
    for number in [1_i64, 3, 63, 64, 65, 200] {
        let ids: Vec<i64> = (base + 1..=base + number).collect();
        base += number;
        let mut tx = fresh.write().await;
        outbox::add(&mut tx, &ids.iter().map(|id| message(*id, *id)).collect::<Vec<_>>()).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = fresh.write().await;
        let due = lease(&mut tx, 1, NOW, 500).await;
        assert_eq!(due.iter().map(|d| d.id.0).collect::<Vec<_>>(), ids, "{number}");
        let outbox_ids: Vec<_> = due.iter().map(|d| d.id).collect();
        let renewed = outbox::renew(&mut tx, 1, &outbox_ids, NOW.plus_ms(LEASE)).await.unwrap();
        assert_eq!(renewed, number.cast_unsigned());
        let receipts: Vec<_> = ids.iter().rev().map(|id| receipt(*id, ReceiptState::Sent)).collect();
        assert_eq!(outbox::settle(&mut tx, &receipts).await.unwrap(), number.cast_unsigned());
        tx.commit().await.unwrap();
    }
    assert_eq!(outbox::depth(&mut fresh.read().await).await.unwrap(), []);
}

async fn depth_counts_what_is_queued(fresh: Fresh) {
    let mut tx = fresh.write().await;
    assert_eq!(outbox::depth(&mut tx).await.unwrap(), []);
    let young = OutboxNew { created_at: NOW.plus_ms(9), ..message(2, 2) };
    let web = OutboxNew { created_at: NOW.plus_ms(5), channel: ChannelKind::Web, ..message(3, 2) };
    outbox::add(&mut tx, &[message(1, 1), young, web]).await.unwrap();
    outbox::settle(&mut tx, &[receipt(1, ReceiptState::Sent)]).await.unwrap();
    let mut depths = outbox::depth(&mut tx).await.unwrap();
    depths.sort_by_key(|depth| depth.channel);
    let telegram = Depth { channel: TG, queued: 1, oldest: Some(NOW.plus_ms(9)) };
    let web = Depth { channel: ChannelKind::Web, queued: 1, oldest: Some(NOW.plus_ms(5)) };
    assert_eq!(depths, [telegram, web]);
}

async fn a_reader_gets_what_it_has_not_acknowledged(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let edit = OutboxNew { edit_of: Some(2), ..message(4, 1) };
    outbox::add(&mut tx, &[message(1, 1), message(2, 1), message(3, 2), edit, message(5, 1)]).await.unwrap();
    outbox::settle(&mut tx, &[receipt(2, ReceiptState::Delivered)]).await.unwrap();
    let rows = outbox::unsettled_for(&mut tx, ContactId(1), OutboxId(0)).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), [1, 4, 5]);
    assert_eq!((rows[1].edit_of, rows[1].payload.clone()), (Some(2), message(4, 1).payload));
    let rows = outbox::unsettled_for(&mut tx, ContactId(1), OutboxId(4)).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), [5]);
}

async fn settled_messages_are_purged(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(1, 1), message(2, 1), message(3, 1), message(4, 1)]).await.unwrap();
    let receipts: Vec<_> = (1..=3).map(|id| receipt(id, ReceiptState::Sent)).collect();
    outbox::settle(&mut tx, &receipts).await.unwrap();
    assert_eq!(outbox::purge(&mut tx, NOW.plus_ms(3)).await.unwrap(), 2);
    assert_eq!(outbox::purge(&mut tx, NOW.plus_ms(999)).await.unwrap(), 1);
    assert_eq!(outbox::depth(&mut tx).await.unwrap()[0].queued, 1, "what is queued stays");
}

async fn sent_messages_are_found_by_contact_and_time(fresh: Fresh) {
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &(1..=4).map(|id| message(id, 1)).collect::<Vec<_>>()).await.unwrap();
    outbox::add(&mut tx, &[message(5, 2), message(6, 1)]).await.unwrap();
    let sent = |id: i64| Receipt { external: Some(format!("m{id}")), ..receipt(id, ReceiptState::Sent) };
    let unnamed = receipt(4, ReceiptState::Sent);
    outbox::settle(&mut tx, &[sent(1), sent(2), sent(3), unnamed, sent(5)]).await.unwrap();
    let found = outbox::recent_external(&mut tx, ContactId(1), NOW.plus_ms(2)).await.unwrap();
    assert_eq!(found, ["m3", "m2"]);
}
