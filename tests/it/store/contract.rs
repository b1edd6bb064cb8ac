//! What every function of the store does, the same on both databases. The outbox has a file of its own.

use safar::{
    domain::{CampaignCode, ChannelKind, ContactId, OutboxId, ReleaseId, Source, Timestamp},
    store::{
        StoreError, Tx,
        codes::{self, CodeRow},
        contacts::{self, Resealed},
        dedup, erase,
        events::{self, EventRow},
        leases,
        link_opens::{self, LinkOpens},
        meta, outbox,
        parked::{self, NewParked},
        releases,
        sessions::{self, SessionSave},
    },
};

use super::backend::{Fresh, NOW, address, contact, found, lookup, message, session, store_contract};

store_contract!(
    a_dropped_transaction_leaves_nothing,
    a_reading_transaction_cannot_write,
    migrating_twice_changes_nothing,
    a_key_is_new_once,
    keys_of_any_number_are_new_once,
    old_keys_are_purged,
    contacts_and_sessions_come_back_in_contact_order,
    batches_of_any_size_are_stored_whole,
    an_address_is_known_once,
    saving_keeps_the_last_message,
    of_two_sessions_of_a_contact_the_last_is_saved,
    the_last_message_only_moves_forward,
    reachability_is_set_for_many,
    a_state_is_seen_without_writing,
    silent_contacts_are_listed_longest_first,
    addresses_are_resealed,
    two_contacts_become_one,
    the_address_used_last_comes_last,
    an_address_that_is_let_go_leaves_what_was_parked_to_its_heir,
    codes_are_registered,
    opens_of_links_add_up_by_day_and_code,
    unreadable_rows_are_named,
    events_keep_their_order_and_ids,
    parked_messages_are_replayed_once,
    the_same_content_is_the_same_release,
    the_last_publication_is_current,
    a_lease_has_one_holder,
    meta_values_are_set_and_kept,
    erasing_leaves_nothing_of_a_contact,
    ping_size_and_checkpoint_answer,
);

async fn store_contacts(tx: &mut Tx, ids: impl IntoIterator<Item = i64>) {
    let ids: Vec<i64> = ids.into_iter().collect();
    let new: Vec<_> = ids.iter().map(|id| contact(*id)).collect();
    contacts::create(tx, &new).await.unwrap();
    let addresses: Vec<_> = ids.iter().map(|id| address(*id, lookup(*id), NOW)).collect();
    contacts::add_addresses(tx, &addresses).await.unwrap();
    let saves: Vec<_> = ids.iter().map(|id| session(*id)).collect();
    sessions::save(tx, &saves).await.unwrap();
}

async fn a_dropped_transaction_leaves_nothing(fresh: Fresh) {
    let mut tx = fresh.write().await;
    meta::set(&mut tx, "a", "1").await.unwrap();
    drop(tx);
    let mut tx = fresh.write().await;
    meta::set(&mut tx, "b", "1").await.unwrap();
    tx.rollback().await.unwrap();
    let mut tx = fresh.write().await;
    meta::set(&mut tx, "c", "1").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fresh.read().await;
    assert_eq!(meta::get(&mut tx, "a").await.unwrap(), None);
    assert_eq!(meta::get(&mut tx, "b").await.unwrap(), None);
    assert_eq!(meta::get(&mut tx, "c").await.unwrap().as_deref(), Some("1"));
}

async fn a_reading_transaction_cannot_write(fresh: Fresh) {
    let mut tx = fresh.read().await;
    let error = meta::set(&mut tx, "a", "1").await.unwrap_err();
    assert!(matches!(error, StoreError::Database(_)) && !error.retryable(), "{error:?}");
}

async fn migrating_twice_changes_nothing(fresh: Fresh) {
    let mut tx = fresh.write().await;
    meta::set(&mut tx, "a", "1").await.unwrap();
    tx.commit().await.unwrap();
    fresh.store.migrate().await.unwrap();
    assert_eq!(meta::get(&mut fresh.read().await, "a").await.unwrap().as_deref(), Some("1"));
}

async fn a_key_is_new_once(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let first = dedup::insert_new(&mut tx, &["tg:1:7", "tg:1:5", "tg:1:7", "web:x"], NOW).await.unwrap();
    assert_eq!(first, [true, true, false, true]);
    tx.commit().await.unwrap();
    let mut tx = fresh.write().await;
    let again = dedup::insert_new(&mut tx, &["tg:1:5", "tg:1:8", "tg:1:8"], NOW).await.unwrap();
    assert_eq!(again, [false, true, false]);
    assert_eq!(dedup::insert_new(&mut tx, &[], NOW).await.unwrap(), [] as [bool; 0]);
    assert_eq!(dedup::count(&mut tx).await.unwrap(), 4);
}

async fn keys_of_any_number_are_new_once(fresh: Fresh) {
    let mut total = 0;
    for number in [1, 3, 63, 64, 65, 200] {
        let keys: Vec<String> = (0..number).map(|n| format!("{number}:{n}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut tx = fresh.write().await;
        assert_eq!(dedup::insert_new(&mut tx, &keys, NOW).await.unwrap(), vec![true; number], "{number}");
        assert_eq!(dedup::insert_new(&mut tx, &keys, NOW).await.unwrap(), vec![false; number], "{number}");
        total += number as u64;
        assert_eq!(dedup::count(&mut tx).await.unwrap(), total);
        tx.commit().await.unwrap();
    }
}

async fn old_keys_are_purged(fresh: Fresh) {
    let mut tx = fresh.write().await;
    dedup::insert_new(&mut tx, &["old", "older"], NOW).await.unwrap();
    dedup::insert_new(&mut tx, &["young"], NOW.plus_ms(10)).await.unwrap();
    assert_eq!(dedup::purge(&mut tx, NOW.plus_ms(10)).await.unwrap(), 2);
    assert_eq!(dedup::insert_new(&mut tx, &["old", "young"], NOW).await.unwrap(), [true, false]);
}

async fn contacts_and_sessions_come_back_in_contact_order(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [30, 10, 20]).await;
    let private = SessionSave { private: Some(vec![1, 2]), reachable: false, ..session(20) };
    sessions::save(&mut tx, &[private]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fresh.write().await;
    let wanted = [lookup(20), lookup(99), lookup(30), lookup(10), lookup(30)];
    let rows = found(&mut tx, &wanted).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.contact.0).collect::<Vec<_>>(), [10, 20, 30]);
    let row = &rows[1];
    assert_eq!((row.lookup, row.channel, row.source), (lookup(20), ChannelKind::Telegram, Source::Bot));
    assert_eq!((row.state.as_str(), row.private.as_deref()), ("{\"at\":20}", Some([1, 2].as_slice())));
    assert_eq!((row.last_message, row.reachable, row.last_inbound_at), (None, false, NOW));
    assert!(found(&mut tx, &[]).await.unwrap().is_empty());
    assert_eq!(contacts::find_by_lookup(&mut tx, &lookup(10)).await.unwrap(), Some(ContactId(10)));
    assert_eq!(contacts::find_by_lookup(&mut tx, &lookup(11)).await.unwrap(), None);
    let address = contacts::addresses(&mut tx, ContactId(10)).await.unwrap().remove(0);
    assert_eq!((address.channel, address.key_id), (ChannelKind::Telegram, 1));
    assert_eq!(address.sealed, b"sealed 10");
    assert!(contacts::addresses(&mut tx, ContactId(11)).await.unwrap().is_empty());
}

async fn batches_of_any_size_are_stored_whole(fresh: Fresh) {
    let mut base = 0;
    for number in [1_i64, 3, 63, 64, 65, 200] {
        let ids: Vec<i64> = (base..base + number).collect();
        base += number;
        let mut tx = fresh.write().await;
        store_contacts(&mut tx, ids.iter().copied()).await;
        let happened: Vec<_> = ids.iter().map(|id| event(&format!("tg:1:{id}:0"), Some(*id))).collect();
        events::append(&mut tx, &happened).await.unwrap();
        let messages: Vec<_> = ids.iter().map(|id| message(*id, *id)).collect();
        outbox::add(&mut tx, &messages).await.unwrap();
        let last: Vec<_> = ids.iter().map(|id| (ContactId(*id), id + 7)).collect();
        sessions::set_last_message(&mut tx, &last).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = fresh.write().await;
        let lookups: Vec<_> = ids.iter().map(|id| lookup(*id)).collect();
        let rows = found(&mut tx, &lookups).await.unwrap();
        let found: Vec<_> =
            rows.iter().map(|row| (row.contact.0, row.state.clone(), row.last_message)).collect();
        let expected: Vec<_> = ids.iter().map(|id| (*id, session(*id).state, Some(id + 7))).collect();
        assert_eq!(found, expected, "{number} rows");
        assert_eq!(contacts::count(&mut tx).await.unwrap(), base.cast_unsigned());
        assert_eq!(events::count(&mut tx).await.unwrap(), base.cast_unsigned());
        assert_eq!(outbox::depth(&mut tx).await.unwrap()[0].queued, base.cast_unsigned());
    }
}

async fn an_address_is_known_once(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [1]).await;
    tx.commit().await.unwrap();
    let mut tx = fresh.write().await;
    contacts::create(&mut tx, &[contact(2)]).await.unwrap();
    let error = contacts::add_addresses(&mut tx, &[address(2, lookup(1), NOW)]).await.unwrap_err();
    assert!(error.is_conflict() && !error.retryable(), "{error:?}");
}

async fn saving_keeps_the_last_message(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [1]).await;
    sessions::set_last_message(&mut tx, &[(ContactId(1), 41)]).await.unwrap();
    let later = SessionSave { state: "{}".to_owned(), last_inbound_at: NOW.plus_ms(5), ..session(1) };
    sessions::save(&mut tx, &[later]).await.unwrap();
    let row = found(&mut tx, &[lookup(1)]).await.unwrap().remove(0);
    assert_eq!((row.state.as_str(), row.last_inbound_at, row.last_message), ("{}", NOW.plus_ms(5), Some(41)));
}

async fn of_two_sessions_of_a_contact_the_last_is_saved(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [1, 2]).await;
    let first = SessionSave { state: "first".to_owned(), ..session(1) };
    let last = SessionSave { state: "last".to_owned(), ..session(1) };
    sessions::save(&mut tx, &[first, session(2), last]).await.unwrap();
    assert_eq!(found(&mut tx, &[lookup(1)]).await.unwrap()[0].state, "last");
}

async fn the_last_message_only_moves_forward(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [1, 2]).await;
    let (one, two) = (ContactId(1), ContactId(2));
    sessions::set_last_message(&mut tx, &[(one, 5), (two, 9), (one, 8), (one, 7)]).await.unwrap();
    sessions::set_last_message(&mut tx, &[(one, 6), (two, 10), (ContactId(3), 1)]).await.unwrap();
    let rows = found(&mut tx, &[lookup(1), lookup(2)]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.last_message).collect::<Vec<_>>(), [Some(8), Some(10)]);
}

async fn reachability_is_set_for_many(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, 1..=4).await;
    sessions::set_reachable(&mut tx, &[ContactId(1), ContactId(2), ContactId(3)], false).await.unwrap();
    let rows = found(&mut tx, &[lookup(1), lookup(2), lookup(3), lookup(4)]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.reachable).collect::<Vec<_>>(), [false, false, false, true]);
}

async fn a_state_is_seen_without_writing(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [1]).await;
    tx.commit().await.unwrap();
    let mut tx = fresh.read().await;
    assert_eq!(sessions::peek(&mut tx, &lookup(1)).await.unwrap(), Some(session(1).state));
    assert_eq!(sessions::peek(&mut tx, &lookup(2)).await.unwrap(), None);
    // Of many at once, more than one statement takes, those that are known.
    let many: Vec<[u8; 16]> = (2..=70).chain([1]).map(lookup).collect();
    let seen = sessions::peek_all(&mut tx, &many).await.unwrap();
    assert_eq!(seen, [(lookup(1), session(1).state)]);
    assert_eq!(sessions::peek_all(&mut tx, &[]).await.unwrap(), []);
}

async fn silent_contacts_are_listed_longest_first(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, 1..=4).await;
    let heard = |id: i64, ms: i64| SessionSave { last_inbound_at: NOW.plus_ms(ms), ..session(id) };
    sessions::save(&mut tx, &[heard(1, 30), heard(2, 10), heard(3, 20), heard(4, 40)]).await.unwrap();
    let all = sessions::list_silent(&mut tx, NOW.plus_ms(40), 9).await.unwrap();
    assert_eq!(all, [ContactId(2), ContactId(3), ContactId(1)]);
    assert_eq!(sessions::list_silent(&mut tx, NOW.plus_ms(40), 1).await.unwrap(), [ContactId(2)]);
    // Somebody of whom we only heard (an opt-out) is kept as long from then on.
    let heard_of = SessionSave { last_inbound_at: Timestamp(0), updated_at: NOW.plus_ms(35), ..session(4) };
    sessions::save(&mut tx, &[heard_of]).await.unwrap();
    assert_eq!(sessions::list_silent(&mut tx, NOW.plus_ms(15), 9).await.unwrap(), [ContactId(2)]);
    assert_eq!(sessions::list_silent(&mut tx, NOW.plus_ms(40), 1).await.unwrap(), [ContactId(4)]);
}

async fn addresses_are_resealed(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, 1..=3).await;
    let left = contacts::list_to_reseal(&mut tx, 2, &lookup(0), 2).await.unwrap();
    assert_eq!(left.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [lookup(1), lookup(2)]);
    let new =
        |id: i64| Resealed { old: lookup(id), lookup: lookup(id + 100), key_id: 2, sealed: b"new".to_vec() };
    assert_eq!(contacts::reseal(&mut tx, &[new(1), new(9)]).await.unwrap(), 1);
    let left = contacts::list_to_reseal(&mut tx, 2, &lookup(0), 9).await.unwrap();
    assert_eq!(left.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [lookup(2), lookup(3)]);
    let address = contacts::addresses(&mut tx, ContactId(1)).await.unwrap().remove(0);
    assert_eq!((address.key_id, address.sealed.as_slice()), (2, b"new".as_slice()));
    assert_eq!(contacts::find_by_lookup(&mut tx, &lookup(101)).await.unwrap(), Some(ContactId(1)));
}

async fn two_contacts_become_one(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, 1..=3).await;
    events::append(&mut tx, &[event("a", Some(1)), event("b", Some(2)), event("c", Some(3))]).await.unwrap();
    outbox::add(&mut tx, &[message(1, 2)]).await.unwrap();
    contacts::merge(&mut tx, ContactId(2), ContactId(1)).await.unwrap();
    contacts::merge(&mut tx, ContactId(3), ContactId(1)).await.unwrap();
    assert_eq!(contacts::find_by_lookup(&mut tx, &lookup(2)).await.unwrap(), Some(ContactId(1)));
    let rows = found(&mut tx, &[lookup(1), lookup(2), lookup(3)]).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row.contact.0, row.lookup)).collect();
    assert_eq!(found, [(1, lookup(1)), (1, lookup(2)), (1, lookup(3))], "a row an address");
    assert_eq!(outbox::unsettled_for(&mut tx, ContactId(1), OutboxId(0)).await.unwrap().len(), 1);
    assert_eq!(contacts::count(&mut tx).await.unwrap(), 1);
    // Who is erased is erased with all that they were.
    let parked = NewParked {
        id: 1,
        key: "wa:x".to_owned(),
        channel: ChannelKind::WhatsApp,
        reason: "handling".to_owned(),
        key_id: 1,
        sealed: vec![1],
        received_at: NOW,
        attempts: 0,
        address: Some((lookup(3), vec![2])),
    };
    parked::add(&mut tx, &[parked]).await.unwrap();
    assert!(erase::contact(&mut tx, ContactId(1)).await.unwrap());
    assert_eq!(events::count(&mut tx).await.unwrap(), 0);
    assert!(parked::find(&mut tx, 1).await.unwrap().is_none());
    assert_eq!(contacts::find_by_lookup(&mut tx, &lookup(3)).await.unwrap(), None);
}

async fn the_address_used_last_comes_last(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, 1..=2).await;
    contacts::add_addresses(&mut tx, &[address(1, lookup(11), NOW.plus_ms(5))]).await.unwrap();
    let since = async |tx: &mut Tx| -> Vec<i64> {
        let all = contacts::addresses(tx, ContactId(1)).await.unwrap();
        all.iter().map(|address| address.since.ms_since(NOW)).collect()
    };
    assert_eq!(since(&mut tx).await, [0, 5]);
    contacts::assign_address(&mut tx, &lookup(1), ContactId(1), NOW.plus_ms(9)).await.unwrap();
    assert_eq!(since(&mut tx).await, [5, 9]);
    contacts::assign_address(&mut tx, &lookup(11), ContactId(2), NOW.plus_ms(10)).await.unwrap();
    assert_eq!(since(&mut tx).await, [9]);
    assert_eq!(contacts::find_by_lookup(&mut tx, &lookup(11)).await.unwrap(), Some(ContactId(2)));
    let mut all = contacts::addresses_of(&mut tx, &[ContactId(1), ContactId(2), ContactId(3)]).await.unwrap();
    all.sort_by_key(|address| address.lookup);
    let all: Vec<_> = all.iter().map(|of| (of.contact.0, of.lookup, of.since.ms_since(NOW))).collect();
    assert_eq!(all, [(1, lookup(1), 9), (2, lookup(2), 0), (2, lookup(11), 10)]);
}

async fn an_address_that_is_let_go_leaves_what_was_parked_to_its_heir(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [1]).await;
    contacts::add_addresses(&mut tx, &[address(1, lookup(11), NOW)]).await.unwrap();
    let parked = NewParked {
        id: 1,
        key: "wa:x".to_owned(),
        channel: ChannelKind::WhatsApp,
        reason: "handling".to_owned(),
        key_id: 1,
        sealed: vec![1],
        received_at: NOW,
        attempts: 0,
        address: Some((lookup(1), vec![2])),
    };
    parked::add(&mut tx, std::slice::from_ref(&parked)).await.unwrap();
    contacts::drop_address(&mut tx, &lookup(1), Some(&lookup(11))).await.unwrap();
    assert_eq!(contacts::find_by_lookup(&mut tx, &lookup(1)).await.unwrap(), None);
    assert!(erase::contact(&mut tx, ContactId(1)).await.unwrap());
    assert!(parked::find(&mut tx, 1).await.unwrap().is_none());
}

async fn codes_are_registered(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let code = |name: &str, label: &str| CodeRow {
        code: name.to_owned(),
        kind: "poster".to_owned(),
        label: label.to_owned(),
        until_day: Some("2026-05-31".to_owned()),
        created_at: NOW,
        version: 1,
        ..CodeRow::default()
    };
    assert!(codes::add(&mut tx, &code("osh-1", "a")).await.unwrap());
    assert!(codes::add(&mut tx, &code("bishkek", "b")).await.unwrap());
    assert!(!codes::add(&mut tx, &code("osh-1", "c")).await.unwrap(), "a known one stays as it is");
    let list = codes::list(&mut tx).await.unwrap();
    assert_eq!(list, [code("bishkek", "b"), code("osh-1", "a")]);
    let new = CodeRow { partner: "IOM".into(), country: "KG".into(), until_day: None, ..code("osh-1", "c") };
    assert!(codes::change(&mut tx, &new).await.unwrap());
    assert!(!codes::change(&mut tx, &new).await.unwrap(), "of a version that is over");
    let changed = codes::get(&mut tx, "osh-1").await.unwrap().unwrap();
    assert_eq!(changed, CodeRow { version: 2, ..new });
    assert_eq!(codes::get(&mut tx, "other").await.unwrap(), None);
    let asked: Vec<_> = ["osh-1", "other", "osh-1"].into_iter().filter_map(CampaignCode::parse).collect();
    assert_eq!(codes::known(&mut tx, &asked).await.unwrap(), ["osh-1"]);
    assert!(
        codes::remove(&mut tx, "osh-1").await.unwrap() && !codes::remove(&mut tx, "osh-1").await.unwrap()
    );
}

async fn opens_of_links_add_up_by_day_and_code(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let row = |code: &str, day: &str, opens| LinkOpens { code: code.to_owned(), day: day.to_owned(), opens };
    link_opens::add(&mut tx, &[row("osh-1", "2026-04-30", 1), row("osh-1", "2026-05-01", 2)]).await.unwrap();
    link_opens::add(&mut tx, &[row("osh-1", "2026-05-01", 3), row("", "2026-05-31", 4)]).await.unwrap();
    link_opens::add(&mut tx, &[row("osh-1", "2026-06-01", 5)]).await.unwrap();
    let day = |text| safar::domain::parse_day(text).unwrap();
    let may = link_opens::link_opens(&mut tx, &(day("2026-05-01")..=day("2026-05-31"))).await.unwrap();
    assert_eq!(may, [row("osh-1", "2026-05-01", 5), row("", "2026-05-31", 4)]);
}

async fn unreadable_rows_are_named(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [7]).await;
    tx.commit().await.unwrap();
    fresh.raw("update contacts set channel = 'pigeon' where id = 7").await;
    let error = found(&mut fresh.write().await, &[lookup(7)]).await.unwrap_err();
    match error {
        StoreError::Inconsistent { table, column, row } => {
            assert_eq!((table, column.as_str(), row.as_str()), ("contacts", "channel", "7"));
        }
        other => panic!("{other:?}"),
    }
}

fn event(id: &str, contact: Option<i64>) -> EventRow {
    EventRow {
        event_id: id.to_owned(),
        kind: "page",
        contact: contact.map(ContactId),
        occurred_at: NOW,
        recorded_at: NOW.plus_ms(3),
        channel: ChannelKind::Web,
        source: Source::Sim,
        code: Some("market-7".to_owned()),
        attrs: "{\"node\":\"patent\"}".to_owned(),
    }
}

async fn events_keep_their_order_and_ids(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let other = EventRow { code: None, ..event("web:a:1", None) };
    events::append(&mut tx, &[event("web:b:0", Some(1)), other, event("web:a:0", Some(1))]).await.unwrap();
    let list = events::list_for(&mut tx, ContactId(1)).await.unwrap();
    assert_eq!(list.iter().map(|e| e.event_id.as_str()).collect::<Vec<_>>(), ["web:b:0", "web:a:0"]);
    assert!(list[0].seq < list[1].seq);
    let first = &list[0];
    assert_eq!((first.kind.as_str(), first.channel.as_str(), first.source.as_str()), ("page", "web", "sim"));
    assert_eq!((first.occurred_at, first.recorded_at), (NOW, NOW.plus_ms(3)));
    assert_eq!(first.code.as_deref(), Some("market-7"));
    assert_eq!((first.contact, first.attrs.as_str()), (Some(ContactId(1)), "{\"node\":\"patent\"}"));
    assert_eq!(events::count(&mut tx).await.unwrap(), 3);
    assert_eq!(events::count_distinct_ids(&mut tx).await.unwrap(), 3);
    let error = events::append(&mut tx, &[event("web:a:0", Some(1))]).await.unwrap_err();
    assert!(error.is_conflict(), "{error:?}");
    // PostgreSQL's detail quotes the row.
    assert!(!format!("{error} {error:?}").contains("web:a:0"), "no value of a row in an error");
}

async fn parked_messages_are_replayed_once(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let new = |id: i64, at: Timestamp| NewParked {
        id,
        key: format!("tg:1:{id}"),
        channel: ChannelKind::Telegram,
        reason: "unparsed".to_owned(),
        key_id: 1,
        sealed: vec![0, 255, 7],
        received_at: at,
        attempts: 2,
        address: (id == 2).then(|| (lookup(7), vec![4])),
    };
    for id in 1..=3 {
        parked::add(&mut tx, &[new(id, NOW.plus_ms(id))]).await.unwrap();
    }
    let list = parked::list(&mut tx, 2).await.unwrap();
    assert_eq!(list.iter().map(|row| row.id).collect::<Vec<_>>(), [3, 2]);
    let found = parked::find(&mut tx, 2).await.unwrap().unwrap();
    assert_eq!((found.row.key.as_str(), found.row.reason.as_str()), ("tg:1:2", "unparsed"));
    assert_eq!((found.row.attempts, found.row.replayed_at), (2, None));
    assert_eq!((found.key_id, found.sealed.as_slice()), (1, [0, 255, 7].as_slice()));
    assert_eq!(found.address.as_deref(), Some([4].as_slice()));
    assert!(parked::mark_replayed(&mut tx, 2, NOW.plus_ms(9)).await.unwrap());
    assert!(!parked::mark_replayed(&mut tx, 2, NOW.plus_ms(10)).await.unwrap());
    assert_eq!(parked::find(&mut tx, 2).await.unwrap().unwrap().row.replayed_at, Some(NOW.plus_ms(9)));
    assert_eq!(parked::count_open(&mut tx).await.unwrap(), 2);
    assert_eq!(parked::purge(&mut tx, NOW.plus_ms(3)).await.unwrap(), 2);
    assert!(parked::find(&mut tx, 2).await.unwrap().is_none());
    assert!(parked::find(&mut tx, 3).await.unwrap().is_some());
}

async fn the_same_content_is_the_same_release(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let first = releases::add(&mut tx, ReleaseId(1), "abc", "{\"a\":1}", "embedded", NOW).await.unwrap();
    let again = releases::add(&mut tx, ReleaseId(2), "abc", "{\"a\":1}", "folder", NOW).await.unwrap();
    let other = releases::add(&mut tx, ReleaseId(3), "def", "{}", "folder", NOW).await.unwrap();
    assert_eq!([first, again, other], [ReleaseId(1), ReleaseId(1), ReleaseId(3)]);
    let stored = releases::find(&mut tx, ReleaseId(1)).await.unwrap().unwrap();
    assert_eq!(
        (stored.files.as_str(), stored.origin.as_str(), stored.made_at),
        ("{\"a\":1}", "embedded", NOW)
    );
    assert_eq!(releases::find(&mut tx, ReleaseId(2)).await.unwrap(), None);
}

async fn the_last_publication_is_current(fresh: Fresh) {
    let mut tx = fresh.write().await;
    assert_eq!(releases::current(&mut tx).await.unwrap(), None);
    assert_eq!(releases::current_id(&mut tx).await.unwrap(), None);
    for (id, hash) in [(1, "abc"), (2, "def")] {
        releases::add(&mut tx, ReleaseId(id), hash, "{}", "embedded", NOW).await.unwrap();
    }
    releases::publish(&mut tx, 10, ReleaseId(1), &releases::NewPublication::of("embedded"), NOW)
        .await
        .unwrap();
    releases::publish(&mut tx, 12, ReleaseId(2), &releases::NewPublication::of("studio"), NOW.plus_ms(1))
        .await
        .unwrap();
    assert_eq!(releases::current_id(&mut tx).await.unwrap(), Some(ReleaseId(2)));
    // An earlier release again, by an instance whose ids are smaller.
    releases::publish(&mut tx, 11, ReleaseId(1), &releases::NewPublication::of("revert"), NOW.plus_ms(2))
        .await
        .unwrap();
    assert_eq!(releases::current_id(&mut tx).await.unwrap(), Some(ReleaseId(1)));
    assert_eq!(releases::current(&mut tx).await.unwrap().unwrap().hash, "abc");
    let list = releases::list(&mut tx, 2).await.unwrap();
    assert_eq!(list.iter().map(|p| (p.id, p.release.0)).collect::<Vec<_>>(), [(11, 1), (12, 2)]);
    assert_eq!(list[1].origin, "studio");
}

async fn a_lease_has_one_holder(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let (now, later) = (NOW, NOW.plus_ms(100));
    assert!(leases::try_take(&mut tx, "poll", 1, now, later).await.unwrap(), "free");
    assert!(!leases::try_take(&mut tx, "poll", 2, now.plus_ms(99), later).await.unwrap(), "taken");
    assert!(leases::try_take(&mut tx, "jobs", 2, now, later).await.unwrap(), "another name");
    assert!(leases::try_take(&mut tx, "poll", 1, now, later.plus_ms(50)).await.unwrap(), "mine");
    assert!(!leases::try_take(&mut tx, "poll", 2, later, later).await.unwrap(), "prolonged");
    assert!(
        leases::try_take(&mut tx, "poll", 2, later.plus_ms(50), later.plus_ms(90)).await.unwrap(),
        "run out"
    );
    leases::give_back(&mut tx, "poll", 1).await.unwrap();
    assert!(
        !leases::try_take(&mut tx, "poll", 1, later.plus_ms(60), later.plus_ms(99)).await.unwrap(),
        "not 1's"
    );
    leases::give_back(&mut tx, "poll", 2).await.unwrap();
    assert!(
        leases::try_take(&mut tx, "poll", 1, later.plus_ms(60), later.plus_ms(99)).await.unwrap(),
        "given back"
    );
}

async fn meta_values_are_set_and_kept(fresh: Fresh) {
    let mut tx = fresh.write().await;
    assert_eq!(meta::get(&mut tx, "offset").await.unwrap(), None);
    meta::set(&mut tx, "offset", "1").await.unwrap();
    meta::set(&mut tx, "offset", "2").await.unwrap();
    assert_eq!(meta::get(&mut tx, "offset").await.unwrap().as_deref(), Some("2"));
    assert!(meta::insert_new(&mut tx, "key", "fp").await.unwrap());
    assert!(!meta::insert_new(&mut tx, "key", "other").await.unwrap());
    assert_eq!(meta::get(&mut tx, "key").await.unwrap().as_deref(), Some("fp"));
}

async fn erasing_leaves_nothing_of_a_contact(fresh: Fresh) {
    let mut tx = fresh.write().await;
    store_contacts(&mut tx, [1, 2]).await;
    events::append(&mut tx, &[event("a", Some(1)), event("b", Some(2)), event("c", None)]).await.unwrap();
    outbox::add(&mut tx, &[message(1, 1), message(2, 2)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fresh.write().await;
    assert!(erase::contact(&mut tx, ContactId(1)).await.unwrap());
    assert!(!erase::contact(&mut tx, ContactId(1)).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = fresh.write().await;
    assert!(contacts::addresses(&mut tx, ContactId(1)).await.unwrap().is_empty());
    assert_eq!(contacts::find_by_lookup(&mut tx, &lookup(1)).await.unwrap(), None);
    assert!(found(&mut tx, &[lookup(1)]).await.unwrap().is_empty());
    assert!(events::list_for(&mut tx, ContactId(1)).await.unwrap().is_empty());
    assert!(outbox::unsettled_for(&mut tx, ContactId(1), OutboxId(0)).await.unwrap().is_empty());
    assert_eq!(found(&mut tx, &[lookup(2)]).await.unwrap().len(), 1);
    assert_eq!((events::count(&mut tx).await.unwrap(), contacts::count(&mut tx).await.unwrap()), (2, 1));
    // Not by way of the joins above: the rows themselves are gone, so the same contact can be made again.
    sessions::set_reachable(&mut tx, &[ContactId(1)], true).await.unwrap();
    store_contacts(&mut tx, [1]).await;
}

async fn ping_size_and_checkpoint_answer(fresh: Fresh) {
    fresh.store.ping().await.unwrap();
    assert!(fresh.store.size_bytes().await.unwrap() > 10_000);
    fresh.store.checkpoint().await.unwrap();
    fresh.store.close().await;
    assert!(matches!(fresh.store.ping().await, Err(StoreError::Closed)));
}
