//! How long one tap takes in the pure parts: `advance`, and `advance` with the message composed.
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on should stop")]

use std::{hint::black_box, sync::Arc};

use criterion::{Criterion, criterion_group, criterion_main};
use safar::{
    app, channels, compose,
    content::{Release, embedded},
    domain::{Locale, Timestamp},
    engine::{self, HOME_OFFSET_MINUTES, Input, State},
};

fn release() -> Arc<Release> {
    let (interface, words) = app::interface().expect("interface texts");
    let (release, _) = Release::parse(&embedded(), interface, words).expect("embedded content");
    Arc::new(release)
}

/// One who stands at the main menu, as read from the database.
fn at_home(release: &Release, locale: Locale) -> String {
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut state = State::default();
    let choose = format!("a.lang.{locale}");
    for token in ["s.home", &choose, "a.ask-citizenship.TJ", "a.ask-destination.RU"] {
        state = engine::advance(release, state, &Input::Tap(token), now).state;
    }
    state.to_json()
}

fn tap(c: &mut Criterion) {
    let release = release();
    let now = Timestamp::from_seconds(1_795_000_100);
    let today = now.day(HOME_OFFSET_MINUTES);
    for locale in Locale::ALL {
        let state = State::from_json(&at_home(&release, locale)).expect("state");
        c.bench_function(&format!("advance/menu/{locale}"), |b| {
            b.iter_batched(
                || state.clone(),
                |state| engine::advance(&release, state, &Input::Tap(black_box("n.patent")), now),
                criterion::BatchSize::SmallInput,
            );
        });
        for node in ["n.patent", "n.patent-steps"] {
            c.bench_function(&format!("advance+compose/{node}/{locale}"), |b| {
                b.iter_batched(
                    || state.clone(),
                    |state| {
                        let turn = engine::advance(&release, state, &Input::Tap(black_box(node)), now);
                        let say = turn.say.expect("an answer");
                        compose::compose(&release, &say, &channels::telegram::LIMITS, today)
                    },
                    criterion::BatchSize::SmallInput,
                );
            });
        }
        let json = state.to_json();
        c.bench_function(&format!("state/read+write/{locale}"), |b| {
            b.iter(|| State::from_json(black_box(&json)).expect("state").to_json());
        });
    }
}

criterion_group!(benches, tap);
criterion_main!(benches);
