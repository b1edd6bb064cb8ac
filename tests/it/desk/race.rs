//! The race for cases by the service itself: 64 consultants, 1,000 cases, on SQLite and with two instances on one
//! PostgreSQL. Each case has one winner, losers learn who and when, nobody waits a second.

use std::sync::Arc;

use safar::{
    bus::Bus,
    clock::{Clock as _, Ids as _, Stopwatch, SystemClock, SystemIds},
    desk::{CaseState, Claimed, Desk, Who},
    domain::{CaseId, ChannelKind, ContactId, Locale, Source, StaffId},
    engine::{Case, State},
    privacy::{Keys, case_context},
    store::{
        Backend, Store,
        cases::{self, NewCase},
        contacts::{self, NewContact},
        sessions::{self, SessionSave},
    },
};
use tokio::sync::watch;

use crate::{
    dialogs::embedded_release,
    store::backend::{Fresh, on_postgres, on_sqlite},
    support::sql,
};

const CASES: usize = 1_000;
const CLAIMERS: i64 = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_one_gets_each_of_a_thousand_cases_on_sqlite() {
    on_sqlite(race).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_at_two_instances_one_gets_each_of_a_thousand_cases_on_postgres() {
    on_postgres(race).await;
}

fn keys() -> Keys {
    Keys::from_secret(&[7; 32])
}

/// A desk as an instance has it: with connections and ids of its own.
fn desk(store: Store) -> Desk {
    let release = watch::channel(embedded_release()).1;
    Desk::new(store, keys(), Arc::new(SystemClock), Arc::new(SystemIds::new()), Bus::new(), release)
}

/// Persons on Telegram whose cases wait.
async fn seed(fresh: &Fresh) -> Vec<CaseId> {
    let (ids, now) = (SystemIds::new(), SystemClock.now());
    let mut tx = fresh.write().await;
    let mut seeded = Vec::new();
    for n in 0..CASES {
        let (contact, case) = (ContactId(n as i64 + 1), CaseId(ids.next(now)));
        let new = NewContact { id: contact, channel: ChannelKind::Telegram, source: Source::Bot, at: now };
        contacts::create(&mut tx, &[new]).await.unwrap();
        let mut state = State::default();
        state.locale = Some(Locale::ALL[n % 3]);
        state.case = Some(Case::new(case.0, false, now));
        let save = SessionSave {
            contact,
            state: state.to_json(),
            private: None,
            reachable: true,
            last_inbound_at: now,
            updated_at: now,
        };
        sessions::save(&mut tx, &[save]).await.unwrap();
        let new = NewCase {
            id: case,
            contact: Some(contact),
            channel: "tg",
            urgent: n % 10 == 0,
            topic: None,
            node: None,
            locale: "tg".to_owned(),
            country: "RU".to_owned(),
            skill: None,
            holder: None,
            at: now,
            key_id: Keys::ID,
            sealed: keys().seal(&case_context(case), b"{}", &ids),
        };
        cases::open(&mut tx, &new).await.unwrap();
        seeded.push(case);
    }
    tx.commit().await.unwrap();
    seeded
}

/// Seconds of each try, and whether it won.
async fn claims(desk: Desk, staff: i64, seeded: Arc<Vec<CaseId>>) -> Vec<(f64, Option<CaseId>)> {
    let who =
        Who { id: StaffId(staff), name: format!("C{staff}"), supervisor: false, max_cases: Some(i32::MAX) };
    let mut tries = Vec::with_capacity(CASES);
    for n in 0..CASES {
        // Each begins a little elsewhere and meets the others on the way.
        let case = seeded[(n + staff as usize * 3) % CASES];
        let watch = Stopwatch::start();
        let won = match desk.claim(&who, case).await.unwrap() {
            Claimed::Won => Some(case),
            Claimed::Lost { holder, at, state } => {
                assert!(holder.is_some_and(|holder| holder != who.id) && at.is_some(), "who and when");
                assert_eq!(state, CaseState::Claimed);
                None
            }
            Claimed::Full { open } => panic!("{open} open"),
        };
        tries.push((watch.seconds(), won));
    }
    tries
}

async fn race(fresh: Fresh) {
    let seeded = Arc::new(seed(&fresh).await);
    let mut desks = vec![desk(fresh.store.clone())];
    if fresh.store.backend() == Backend::Postgres {
        desks.push(desk(Store::connect(&fresh.url).await.unwrap()));
    }
    let racing = (1..=CLAIMERS).map(|staff| {
        tokio::spawn(claims(desks[staff as usize % desks.len()].clone(), staff, seeded.clone()))
    });
    let mut tries = Vec::new();
    for claimer in racing.collect::<Vec<_>>() {
        tries.extend(claimer.await.unwrap());
    }
    let mut winners: Vec<CaseId> = tries.iter().filter_map(|(_, won)| *won).collect();
    winners.sort_unstable();
    assert_eq!(winners, *seeded, "each case has one winner");
    println!(
        "| database | instances | tries | won | lost | p50 ms | p99 ms | longest ms |\n|---|---|---|---|---|---|---|---|"
    );
    for (name, is_won) in [("won", true), ("lost", false), ("all", false)] {
        let of = tries.iter().filter(|(_, won)| name == "all" || won.is_some() == is_won);
        let mut times: Vec<f64> = of.map(|(seconds, _)| seconds * 1_000.0).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "| {}, {name} | {} | {} | {} | {} | {:.1} | {:.1} | {:.1} |",
            fresh.store.backend().as_str(),
            desks.len(),
            times.len(),
            winners.len(),
            tries.len() - winners.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
        // Other tests share the cores of a build without optimisation: there, of a hundred one may wait longer.
        let longest = if cfg!(debug_assertions) { at(0.99) } else { at(1.0) };
        assert!(longest < 1_000.0, "somebody waited {longest:.0} ms");
    }
    // The database says the same: one holder, one mark, one line in the trail, one word to the person a case.
    let cases = CASES as i64;
    let held = "cases where state = 'claimed' and holder is not null and version = 2";
    for of in [held, "case_entries where kind = 'mark'", "audit where verb = 'case-claimed'", "outbox"] {
        assert_eq!(sql::count(&fresh.store, of).await, cases, "{of}");
    }
}
