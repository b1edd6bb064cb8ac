//! What is published: nothing hidden comes out by subtraction, in one table or over the quarters.

use std::collections::BTreeMap;

use safar::{
    counting::{Comparison, InForce, Key},
    domain::Timestamp,
    indicators::{Count, Dimension, Indicator, Measure, Rules, Settings, Shown, Window},
    report::{Causes, Earlier, Quality, Report, View},
};

use super::{House, order, settings};
use crate::{
    indicators::made::Dice,
    store::backend::{Fresh, store_contract},
};

store_contract!(the_vectors_are_published_as_they_may_be);

const K: u64 = 5;
const OF: Indicator = Indicator::R2;

fn window(quarter: usize) -> Window {
    Window::parse(&format!("2026-Q{}", quarter + 1)).unwrap()
}

/// Small numbers often, some large ones.
fn number(dice: &mut Dice) -> u64 {
    match dice.below(6) {
        0 | 1 => 0,
        2 | 3 => dice.below(8),
        _ => dice.below(60),
    }
}

/// Quarters of made-up cells of `new` by sex and by channel, whose totals agree.
fn quarters(dice: &mut Dice) -> Vec<BTreeMap<Key, Count>> {
    let mut sum: BTreeMap<Key, u64> = BTreeMap::new();
    (0..4)
        .map(|_| {
            let mut cells: BTreeMap<Key, Count> = BTreeMap::new();
            let sexes = ["F", "M", "U"].map(|sex| (sex, number(dice)));
            let total: u64 = sexes.iter().map(|(_, n)| n).sum();
            let mut left = total;
            let mut put = |dimension, value: &str, n: u64| {
                let new: Key = (OF, Measure::New, dimension, value.to_owned());
                cells.insert(new, Count { persons: n, erased: 0, tally: 0 });
                let cum: Key = (OF, Measure::Cum, dimension, value.to_owned());
                let gathered = sum.entry(cum.clone()).or_default();
                *gathered += n;
                cells.insert(cum, Count { persons: *gathered, erased: 0, tally: 0 });
            };
            for (sex, n) in sexes {
                put(Dimension::Sex, sex, n);
            }
            for channel in ["tg", "wa", "web"] {
                let n = if left == 0 { 0 } else { dice.below(left + 1) };
                left -= n;
                put(Dimension::Channel, channel, n);
            }
            put(Dimension::Channel, "centre", left);
            put(Dimension::All, "", total);
            cells
        })
        .collect()
}

fn report(quarters: &[BTreeMap<Key, Count>], place: usize) -> Report {
    let text = settings().replace("k = 3\n", "k = 5\n");
    let earlier = (0..place).map(|quarter| Earlier {
        window: window(quarter),
        frozen: Some(Timestamp(0)),
        cells: quarters[quarter].clone(),
        restated: BTreeMap::new(),
        causes: Causes::default(),
    });
    let before = place.checked_sub(1).map(|last| {
        let cum = quarters[last].iter().filter(|((_, measure, ..), _)| *measure == Measure::Cum);
        cum.map(|((of, _, dimension, value), count)| ((*of, *dimension, value.clone()), count.total()))
            .collect()
    });
    Report {
        period: window(place),
        as_of: Timestamp(0),
        made_at: Timestamp(0),
        frozen: true,
        in_force: InForce { settings: Settings::read(&text).unwrap(), hash: String::new() },
        rules: Rules::default(),
        version: String::new(),
        last_seq: 0,
        cells: quarters[place].clone(),
        earlier: earlier.collect(),
        before: before.unwrap_or_default(),
        months: Vec::new(),
        field: Vec::new(),
        quality: Quality::default(),
        asked: 0,
        compared: Comparison::of(&safar::counting::Compared::default(), Timestamp(0)),
    }
}

fn total_of(cells: &BTreeMap<Key, Count>, measure: Measure) -> u64 {
    cells.get(&(OF, measure, Dimension::All, String::new())).map_or(0, |count| count.total())
}

fn open(shown: Shown) -> Option<u64> {
    match shown {
        Shown::Number(n) => Some(n),
        Shown::Below(_) | Shown::Hidden => None,
    }
}

#[test]
fn nothing_hidden_comes_out_by_subtraction() {
    let (mut hidden_cells, mut held, mut together, mut shares) = (0, 0, 0, 0);
    for seed in 1..3_000 {
        let quarters = quarters(&mut Dice::new(seed));
        // Published cumulative figures so far, and where the last published period ended.
        let (mut cums, mut from) = (vec![0], 0);
        let mut all_open = true;
        for place in 0..quarters.len() {
            let report = report(&quarters, place);
            let view = View { report: &report, public: true };
            let line = view.line(OF, Dimension::All, "");
            let truth: u64 = quarters[from..=place].iter().map(|cells| total_of(cells, Measure::New)).sum();
            assert_eq!(line.held, truth > 0 && truth < K, "seed {seed}, quarter {place}");
            assert_eq!(line.active, Shown::Hidden);
            if line.held {
                held += 1;
                assert_eq!(
                    (open(line.new), open(line.cum), line.restated, line.share),
                    (None, None, None, None)
                );
                assert_eq!(line.women, [None; 4]);
                assert!(view.values(OF, Dimension::Sex).is_empty(), "seed {seed}: cells of a held quarter");
                assert_eq!(view.published(OF, &[]).len(), published_before(&cums), "seed {seed}");
                continue;
            }
            assert_eq!(open(line.new), Some(truth), "seed {seed}");
            together += usize::from(line.together.is_some());
            // Two cumulative figures differ by nothing or by enough.
            let cum = open(line.cum).unwrap();
            let last = *cums.last().unwrap();
            assert!(cum == last || cum - last >= K, "seed {seed}: {cums:?} then {cum}");
            cums.push(cum);
            for dimension in [Dimension::Sex, Dimension::Channel] {
                let split = view.split(OF, Measure::New, dimension);
                assert_eq!(open(split.total), Some(truth));
                let shown: u64 = split.cells.values().filter_map(|shown| open(*shown)).sum();
                let hidden = split.cells.values().filter(|shown| open(**shown).is_none()).count();
                hidden_cells += hidden;
                // What is left over belongs to two cells at least, and is not small.
                assert!(
                    hidden == 0 || (hidden >= 2 && truth - shown >= K) || shown == 0,
                    "seed {seed}: {split:?}"
                );
                for (value, cell) in &split.cells {
                    let real: u64 = quarters[from..=place]
                        .iter()
                        .filter_map(|cells| cells.get(&(OF, Measure::New, dimension, value.clone())))
                        .map(|count| count.total())
                        .sum();
                    assert!(real >= K || open(*cell).is_none(), "seed {seed}: {value} {real} is open");
                    assert!(open(*cell).is_none_or(|shown| shown == real), "seed {seed}");
                }
                // Split cumulative figures would give the cells of a quarter away.
                assert!(view.split(OF, Measure::Cum, dimension).cells.is_empty());
                if dimension == Dimension::Sex {
                    all_open &= hidden == 0;
                }
            }
            // A share of women tells their number: only where no table hid it.
            if line.women[2].is_some() {
                shares += 1;
                assert!(all_open, "seed {seed}, quarter {place}");
            }
            from = place + 1;
        }
    }
    // The made-up quarters try what they are for.
    assert!(
        hidden_cells > 1_000 && held > 500 && together > 300 && shares > 300,
        "{hidden_cells} {held} {together} {shares}"
    );
}

/// Periods that were published with somebody or with nobody.
fn published_before(cums: &[u64]) -> usize {
    cums.len() - 1
}

async fn the_vectors_are_published_as_they_may_be(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let made = house.make(&safar::report::Order { public: true, ..order("2026-Q2", "csv") }).await.unwrap();
    let text = String::from_utf8(made.bytes).unwrap();
    let value = |ends: &str| {
        let line = text.lines().find(|line| line.contains(ends)).unwrap_or_else(|| panic!("{ends}: {text}"));
        line.split(ends).nth(1).unwrap().split(',').next().unwrap().to_owned()
    };
    // New in the second quarter by country of stay: TJ 12, U 3, two others below three or none.
    assert_eq!(value(",new,yes,sex,F,Women,"), "7", "R1 comes first");
    assert!(text.contains("frozen public") && !text.contains(",active,"), "{text}");
    let cumulative: Vec<&str> = text.lines().filter(|line| line.contains(",cum,")).collect();
    assert!(cumulative.iter().all(|line| line.contains(",cum,no,,,,")), "whole only: {cumulative:?}");
    // Head-counts and erased people of a figure are small cells, too.
    assert!(cumulative.iter().any(|line| line.contains(",cum,no,,,,25,,,,0,1000000,0.0,")), "{cumulative:?}");
    // S1: nobody new, two since the beginning: fewer than may be told.
    assert!(
        cumulative.iter().any(|line| line.contains(",S1,") && line.contains(",cum,no,,,,<3,")),
        "{cumulative:?}"
    );
    let book = house.make(&safar::report::Order { public: true, ..order("2026-Q2", "xlsx") }).await.unwrap();
    use calamine::Reader as _;
    let book = calamine::Xlsx::new(std::io::Cursor::new(book.bytes)).unwrap();
    assert!(!book.sheet_names().iter().any(|name| name == "Field entries"), "single sessions are small");
}
