//! How long a question in people's own words takes, and making the search of a release.
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on should stop")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use safar::{
    app,
    content::{Release, embedded},
    domain::{Locale, Profile},
    lang::{Builder, Field, Index},
};

const QUESTIONS: &str = include_str!("../tests/data/questions/first.tsv");

fn release() -> Release {
    let (interface, words) = app::interface().expect("interface texts");
    Release::parse(&embedded(), interface, words).expect("embedded content").0
}

/// An index of 400 pages in three languages: ours, and some of them again.
fn large(release: &Release) -> Index {
    let mut builder = Builder::default();
    for (place, node) in
        release.order.iter().filter_map(|id| release.node(id.as_str())).cycle().take(400).enumerate()
    {
        for locale in Locale::ALL {
            let part = |attribute| {
                release.texts.format(locale, node.id.as_str(), attribute, None).unwrap_or_default()
            };
            let (title, keywords, body) = (part(None), part(Some("keywords")), part(Some("text")));
            let fields = [(Field::Title, &*title), (Field::Keywords, &*keywords), (Field::Body, &*body)];
            builder.add(locale, place as u16, fields);
        }
    }
    builder.finish()
}

fn question(c: &mut Criterion) {
    let release = release();
    // First: later there is one of the same content, which would be shared.
    c.bench_function("question/make the search of a release", |b| {
        b.iter_batched(self::release, |release| release.search().size(), criterion::BatchSize::PerIteration);
    });
    let texts: Vec<&str> = QUESTIONS.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    let profile = Profile::default();
    let mut next = texts.iter().cycle();
    let mut text = || *next.next().expect("questions");
    let large = large(&release);
    println!("index of 400 pages: {} bytes; of ours: {}", large.size(), release.search().size());
    c.bench_function("question/rank, 400 pages in three languages", |b| {
        b.iter(|| large.rank(black_box(text())).len());
    });
    c.bench_function("question/answer", |b| b.iter(|| release.answer(black_box(text()), &profile)));
    c.bench_function("question/language", |b| b.iter(|| release.search().language(black_box(text()), None)));
    c.bench_function("question/danger", |b| b.iter(|| release.words.is_danger(black_box(text()))));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = question
}
criterion_main!(benches);
