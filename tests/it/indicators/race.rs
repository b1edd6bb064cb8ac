//! Recounts, comparisons and roll-ups while people write.

use std::{sync::Arc, time::Duration};

use safar::{
    clock::SystemIds,
    counting,
    dialog::Dialog,
    domain::{Address, ChannelKind, Content, Inbound, Timestamp},
    indicators::{Indicator, Rules},
    privacy::Keys,
    store::Store,
};
use tokio::sync::watch;

use super::{
    live::{does, figures, tap, total},
    made::Dice,
};
use crate::{
    dialogs::embedded_release,
    store::backend::{Fresh, NOW, store_contract},
    support::sql::count,
};

store_contract!(a_recount_amid_turns_loses_and_doubles_nobody);

const WRITERS: u64 = 4;
const BATCHES: u64 = 24;
/// People of a writer: each writes in all of its batches.
const PEOPLE: u64 = 6;

/// Whom a writer speaks for. Nobody else does, as a lane holds a contact.
fn who(writer: u64, person: u64) -> Address {
    if person == 0 {
        Address::new(ChannelKind::WhatsApp, format!("+99290000{writer:02}{person:02}"))
    } else {
        Address::new(ChannelKind::Telegram, format!("{}", 1_000 * (writer + 1) + person))
    }
}

fn batch(writer: u64, round: u64, dice: &mut Dice, now: Timestamp) -> Vec<Inbound> {
    let taps =
        ["n.patent", "n.hotlines", "n.before-steps", "n.emergency", "s.home", "a.ask-audience.migrant"];
    (0..PEOPLE)
        .map(|person| {
            let key = (writer * BATCHES + round) * PEOPLE + person;
            let mut inbound = does(key, who(writer, person), tap("a.lang.ru"), now);
            if round > 0 {
                let token = taps[usize::try_from(dice.below(taps.len() as u64)).unwrap()];
                inbound.content = tap(token);
                // Late ones fold a person anew; a question is a strong sign.
                match dice.below(12) {
                    0 => inbound.at = now.plus_ms(-40 * 86_400_000),
                    1 => inbound.content = Content::Text("где получить помощь юриста?".into()),
                    _ => {}
                }
            }
            // A number and a user id turn out to be one person's.
            if person == 0 && round == 7 {
                inbound.also.push(Address::new(ChannelKind::WhatsApp, format!("TJ.{writer}")));
            }
            inbound
        })
        .collect()
}

async fn write(dialog: Dialog, writer: u64) {
    let mut dice = Dice::new(writer + 3);
    for round in 0..BATCHES {
        let now = NOW.plus_ms(i64::try_from(round).unwrap() * 7 * 3_600_000);
        let batch = batch(writer, round, &mut dice, now);
        // As a lane does: what meets a change of another is tried anew.
        let mut tries = 0;
        loop {
            match dialog.handle(&batch, &[], now).await {
                Ok(_) => break,
                Err(error) if (error.is_conflict() || error.retryable()) && tries < 50 => tries += 1,
                Err(error) => panic!("writer {writer}, round {round}: {error}"),
            }
        }
    }
}

/// Counts anew, rolls up and compares until the writers are done. Returns how often each.
async fn recount(store: Store, mut done: watch::Receiver<bool>) -> (u32, u32) {
    let rules = Rules::default();
    let (mut recounted, mut compared) = (0, 0);
    while !*done.borrow_and_update() {
        let mut tx = store.write().await.unwrap();
        counting::recount(&mut tx, &rules).await.unwrap();
        tx.commit().await.unwrap();
        recounted += 1;
        tokio::task::yield_now().await;
        let mut tx = store.write().await.unwrap();
        counting::roll(&mut tx, &rules, 3).await.unwrap();
        counting::squash(&mut tx, 5).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.read().await.unwrap();
        let found = counting::compare(&mut tx, &rules).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(found.differences, [""; 0], "in the middle of it");
        compared += 1;
    }
    (recounted, compared)
}

async fn a_recount_amid_turns_loses_and_doubles_nobody(fresh: Fresh) {
    let release = watch::channel(embedded_release()).1;
    let keys = Keys::from_secret(&[7; 32]);
    let dialog = Dialog::new(fresh.store.clone(), keys, Arc::new(SystemIds::new()), release, 1);
    let (tell, done) = watch::channel(false);
    let recounting = tokio::spawn(recount(fresh.store.clone(), done));
    let writers: Vec<_> = (0..WRITERS).map(|writer| tokio::spawn(write(dialog.clone(), writer))).collect();
    let all = async {
        for writer in writers {
            writer.await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(240), all).await.expect("nobody waits for ever");
    tell.send(true).unwrap();
    let (recounted, compared) = recounting.await.unwrap();
    assert!(recounted > 1 && compared > 1, "{recounted} {compared}: it must happen amid the turns");
    let doubled =
        count(&fresh.store, "(select event_id from events group by event_id having count(*) > 1) d");
    assert_eq!(doubled.await, 0);
    let counted = figures(&fresh, |figures| total(figures, Indicator::R1)).await;
    // The number and the user id of one round are one person.
    assert_eq!(counted.persons, WRITERS * PEOPLE, "{recounted} recounts, {compared} comparisons");
}
