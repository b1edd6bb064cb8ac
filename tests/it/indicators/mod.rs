//! Figures: the vectors of indicators.md §4, random files against a naive count, the command line.

mod chained;
mod command;
pub mod live;
pub mod made;
mod naive;
mod night;
mod race;

use std::{collections::BTreeMap, fs, path::Path};

use safar::{
    counting::{self, Asked, Feed},
    indicators::{
        Dimension, Figures, Indicator, Measure, Settings, Window,
        file::{Config, read_events},
    },
};

use crate::store::backend::{Fresh, store_contract};

store_contract!(
    the_vectors_come_out,
    random_files_come_out_as_a_naive_count_has_them,
    a_recount_finds_what_was_counted_step_by_step,
    every_cell_leads_to_its_units,
    a_frozen_report_stays_and_what_was_learnt_since_is_told
);

pub fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/indicators").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Rows of a result by their first seven columns; the rest as numbers.
fn by_cell(result: &str) -> BTreeMap<String, Vec<String>> {
    let mut rows = BTreeMap::new();
    for line in result.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 14, "{line}");
        let is_zero = fields[7..].iter().all(|field| ["", "0"].contains(field));
        if !is_zero || fields[1] == "percent" {
            let key = fields[..7].join(",");
            let rest = fields[7..].iter().map(|field| (*field).to_owned()).collect();
            assert_eq!(rows.insert(key, rest), None, "twice: {line}");
        }
    }
    rows
}

async fn the_vectors_come_out(fresh: Fresh) {
    let config = Config::read(&data("spec/config.json")).unwrap();
    let (rows, alerts) = read_events(&data("spec/events.csv"), 10).unwrap();
    assert_eq!(alerts, [], "the second e29 is the same row, sent again");
    let result = counting::replay(&fresh.store, &config, &rows).await.unwrap();
    compare(&result);
}

/// Compares a result of the vectors' events with the one worked out by hand.
fn compare(result: &str) {
    let (found, mut wanted) = (by_cell(result), by_cell(&data("spec/expected.csv")));
    let mut wrong = Vec::new();
    for (key, numbers) in found {
        match wanted.remove(&key) {
            // The tables of dimensions give the total only.
            Some(given)
                if given.iter().zip(&numbers).all(|(given, found)| given.is_empty() || given == found) => {}
            given => wrong.push(format!("{key}: found {numbers:?}, wanted {given:?}")),
        }
    }
    wrong.extend(
        wanted
            .into_keys()
            .filter(|key| !key.contains(",public,") || key.contains("(total)"))
            .map(|key| format!("{key}: not found")),
    );
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

async fn random_files_come_out_as_a_naive_count_has_them(fresh: Fresh) {
    let files = 150;
    let first = std::env::var("SAFAR_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let config = Config::read(&data("random/config.json")).unwrap();
    let mut seen = BTreeMap::new();
    for seed in first..first + files {
        let text = made::events(seed);
        let (rows, _) = read_events(&text, 10).unwrap_or_else(|errors| panic!("seed {seed}: {errors:?}"));
        let found = by_cell(&counting::replay(&fresh.store, &config, &rows).await.unwrap());
        let wanted = naive::result(&config, &text);
        for key in found.keys().filter(|key| !key.contains(",public,") && !key.contains(",percent,")) {
            assert!(wanted.contains_key(key), "seed {seed}: {key} = {:?} should not be there", found[key]);
        }
        for (key, numbers) in &wanted {
            assert_eq!(found.get(key), Some(numbers), "seed {seed}: {key}");
            *seen.entry(key.split(',').nth(2).unwrap().to_owned()).or_insert(0) += 1;
        }
    }
    // The files must try what they are for.
    for indicator in ["R1", "R2", "R3", "S1", "S2", "O1", "O2", "O3", "E1", "S3", "F1", "F2", "EST"] {
        assert!(seen.get(indicator).is_some_and(|cells| *cells > 20), "{indicator}: {seen:?}");
    }
}

async fn a_recount_finds_what_was_counted_step_by_step(fresh: Fresh) {
    let files = if fresh.url.starts_with("sqlite") { 60 } else { 15 };
    let config = Config::read(&data("random/config.json")).unwrap();
    let mut counted = 0;
    for seed in 1..=files {
        let (rows, _) = read_events(&made::events(1_000 + seed), 10).unwrap();
        let mut tx = fresh.write().await;
        let mut feed = Feed::new(&config.rules);
        for (place, row) in rows.iter().enumerate() {
            feed.row(&mut tx, row).await.unwrap();
            // Some are in the cells by now, some not yet.
            if place % 17 == 0 {
                feed.flush(&mut tx).await.unwrap();
                counting::roll(&mut tx, &config.rules, 3).await.unwrap();
                counting::squash(&mut tx, 4).await.unwrap();
            }
        }
        feed.flush(&mut tx).await.unwrap();
        let found = counting::compare(&mut tx, &config.rules).await.unwrap();
        assert_eq!(found.differences, [""; 0], "seed {seed}");
        let before = counting::shares(&mut tx, &config.rules).await.unwrap();
        let again = counting::recount(&mut tx, &config.rules).await.unwrap();
        assert_eq!((again.persons, again.events), (found.persons, found.events), "seed {seed}");
        let after = counting::shares(&mut tx, &config.rules).await.unwrap();
        assert_eq!(before.live.difference(&after.live), [], "seed {seed}");
        assert_eq!(before.erased, after.erased, "seed {seed}");
        assert_eq!(before.units.len(), after.units.len(), "seed {seed}");
        let found = counting::compare(&mut tx, &config.rules).await.unwrap();
        assert_eq!(found.differences, [""; 0], "seed {seed}: after it was written");
        counted += found.persons;
        tx.rollback().await.unwrap();
    }
    assert!(counted > 4 * files, "{counted} in {files} files");
}

async fn every_cell_leads_to_its_units(fresh: Fresh) {
    let config = Config::read(&data("random/config.json")).unwrap();
    let mut traced = BTreeMap::new();
    for seed in 1..=16 {
        let (rows, _) = read_events(&made::events(2_000 + seed), 10).unwrap();
        let mut tx = fresh.write().await;
        let mut feed = Feed::new(&config.rules);
        for row in &rows {
            feed.row(&mut tx, row).await.unwrap();
        }
        feed.flush(&mut tx).await.unwrap();
        let shares = counting::shares(&mut tx, &config.rules).await.unwrap();
        let figures = Figures::new(&shares, &config.rules);
        for window in ["2026-Q1", "2026-02", "programme"].map(|text| Window::parse(text).unwrap()) {
            for ((indicator, measure, dimension, value), count) in counting::cells(&figures, window) {
                let cell = (dimension != Dimension::All).then_some((dimension, value));
                let asked = Asked { indicator, measure, window, cell };
                let found = counting::trace(&mut tx, &config.rules, &asked).await.unwrap();
                assert!(found.is_whole() && found.cell == count, "seed {seed}: {asked:?}: {found:?}");
                *traced.entry(indicator).or_insert(0) += found.units.len();
            }
        }
        tx.rollback().await.unwrap();
    }
    for indicator in [Indicator::R1, Indicator::R2, Indicator::S1, Indicator::E1, Indicator::F1] {
        assert!(traced.get(&indicator).is_some_and(|units| *units > 3), "{traced:?}");
    }
}

async fn a_frozen_report_stays_and_what_was_learnt_since_is_told(fresh: Fresh) {
    let config = Config::read(&data("spec/config.json")).unwrap();
    let (rows, _) = read_events(&data("spec/events.csv"), 10).unwrap();
    let mut tx = fresh.write().await;
    let mut in_force = counting::settings(&mut tx).await.unwrap();
    in_force.settings = Settings { rules: config.rules.clone(), ..in_force.settings };
    let mut feed = Feed::new(&config.rules);
    let [first, second] = [0, 1].map(|place: usize| config.snapshots[place].at);
    let mut rows = rows.iter().peekable();
    let mut frozen = Vec::new();
    let mut id = 0;
    for at in [first, second] {
        while let Some(row) = rows.next_if(|row| row.recorded <= at) {
            feed.row(&mut tx, row).await.unwrap();
        }
        feed.flush(&mut tx).await.unwrap();
        let mut next = || {
            id += 1;
            id
        };
        assert_eq!(counting::freeze(&mut tx, &in_force, at, &mut next).await.unwrap(), [], "the tenth day");
        // A second later the tenth day is over.
        let due = counting::freeze(&mut tx, &in_force, at.plus_ms(1_000), &mut next).await.unwrap();
        frozen.extend(due.iter().map(ToString::to_string));
    }
    assert_eq!(frozen, ["2026-Q1", "2026-Q2"]);
    let shares = counting::shares(&mut tx, &config.rules).await.unwrap();
    let figures = Figures::new(&shares, &config.rules);
    let quarter = Window::parse("2026-Q1").unwrap();
    let restated = counting::restated(&mut tx, &figures, quarter).await.unwrap().unwrap();
    let new: BTreeMap<&str, i64> = restated
        .iter()
        .filter(|((_, measure, dimension, _), _)| (*measure, *dimension) == (Measure::New, Dimension::All))
        .map(|((indicator, ..), n)| (indicator.as_str(), *n))
        .collect();
    // As indicators.md §4.3 works it out.
    assert_eq!(new, [("R1", 4), ("R2", 4), ("R3", 1), ("S2", 1)].into());
    assert_eq!(counting::restated(&mut tx, &figures, Window::parse("2026-Q3").unwrap()).await.unwrap(), None);
    tx.rollback().await.unwrap();
}
