//! Learns the weights of the hearing and measures them. The same examples give the same bytes on every machine: only
//! basic arithmetic is used.

use std::{collections::BTreeSet, fs, path::Path};

use super::{BUCKETS, Features, STEP, THRESHOLD, WEIGHTS};
use crate::lang::Words;

const EXAMPLES: &str = include_str!("danger.tsv");

/// Times that all examples are gone through.
const ROUNDS: usize = 24;
const RATE: f32 = 0.2;
const DECAY: f32 = 0.0003;

/// What a missed danger costs beside a false alarm.
const MISS_COST: f32 = 1.5;

struct Example {
    is_danger: bool,
    lang: &'static str,
    /// Examples of one situation are held out together.
    situation: &'static str,
    text: &'static str,
    features: Features,
}

fn examples() -> Vec<Example> {
    let words = Words::embedded().unwrap();
    let parse = |line: &'static str| {
        let [kind, lang, situation, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        assert!(matches!(kind, "danger" | "safe"), "{line}");
        Example { is_danger: kind == "danger", lang, situation, text, features: words.danger.features(text) }
    };
    EXAMPLES.lines().skip(1).map(parse).collect()
}

fn margin(weights: &[f32], features: &Features) -> f32 {
    features.iter().map(|(bucket, value)| value * weights[usize::from(*bucket)]).sum::<f32>()
        + weights[BUCKETS]
}

/// 1 / (1 + e^-x) without the library's `exp`, which differs between machines.
fn share(x: f32) -> f32 {
    let mut power = 1.0 - x.clamp(-30.0, 30.0) / 256.0;
    for _ in 0..8 {
        power *= power;
    }
    1.0 / (1.0 + power)
}

/// Logistic regression by steps that shrink with each weight's own history; the mean of the later rounds.
fn learn(examples: &[&Example]) -> Vec<f32> {
    let mut weights = vec![0.0_f32; BUCKETS + 1];
    let mut history = vec![0.0_f32; BUCKETS + 1];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 1_u32;
    let mut sums = vec![0.0_f32; BUCKETS + 1];
    for round in 0..ROUNDS {
        for place in (1..order.len()).rev() {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            order.swap(place, (seed >> 8) as usize % (place + 1));
        }
        for place in &order {
            let Example { is_danger, features, .. } = examples[*place];
            let wanted = f32::from(u8::from(*is_danger));
            let error =
                (share(margin(&weights, features)) - wanted) * if *is_danger { MISS_COST } else { 1.0 };
            let own = (BUCKETS, 1.0);
            for (bucket, value) in features.iter().map(|(b, v)| (usize::from(*b), *v)).chain([own]) {
                let (slope, rate) = if bucket == BUCKETS {
                    (error, RATE / 2.0)
                } else {
                    (error * value + DECAY * weights[bucket], RATE)
                };
                history[bucket] += slope * slope;
                weights[bucket] -= rate * slope / (history[bucket].sqrt() + 1e-3);
            }
        }
        if round >= ROUNDS / 2 {
            for (sum, weight) in sums.iter_mut().zip(&weights) {
                *sum += weight;
            }
        }
    }
    for sum in &mut sums {
        *sum /= (ROUNDS - ROUNDS / 2) as f32;
    }
    sums
}

fn stored(weights: &[f32]) -> Vec<u8> {
    weights
        .iter()
        .map(|weight| ((weight / STEP).round().clamp(-127.0, 127.0) as i8).cast_unsigned())
        .collect()
}

#[test]
fn the_stored_weights_are_what_the_examples_teach() {
    let examples = examples();
    let weights = stored(&learn(&examples.iter().collect::<Vec<_>>()));
    if std::env::var_os("UPDATE_DANGER").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lang/danger.bin");
        fs::write(path, weights).unwrap();
        return;
    }
    assert!(weights == WEIGHTS, "src/lang/danger.bin is stale: UPDATE_DANGER=1 cargo test stored_weights");
}

/// Heard of the dangers and false alarms of the others, in hundredths, when each `folds`-th part is held out in turn.
fn held_out(examples: &[Example], folds: usize, fold_of: impl Fn(usize, &Example) -> usize) -> [f64; 2] {
    let mut heard = [0_u32; 2];
    let mut all = [0_u32; 2];
    for fold in 0..folds {
        let is_held = |(place, example): &(usize, &Example)| fold_of(*place, example) % folds == fold;
        let (held, rest): (Vec<_>, Vec<_>) = examples.iter().enumerate().partition(is_held);
        let weights = learn(&rest.into_iter().map(|(_, example)| example).collect::<Vec<_>>());
        for (_, example) in held {
            let kind = usize::from(!example.is_danger);
            all[kind] += 1;
            let is_heard = margin(&weights, &example.features) > THRESHOLD;
            heard[kind] += u32::from(is_heard);
            if std::env::var_os("SHOW_DANGER").is_some() && is_heard != example.is_danger {
                println!("{}\t{}\t{}\t{}", kind, example.lang, example.situation, example.text);
            }
        }
    }
    [0, 1].map(|kind| 100.0 * f64::from(heard[kind]) / f64::from(all[kind]))
}

#[test]
fn danger_is_heard_in_lines_and_situations_that_were_not_learned() {
    let examples = examples();
    let [heard, false_alarms] = held_out(&examples, 4, |place, _| place * 7_919);
    println!("lines held out: {heard:.1} heard, {false_alarms:.1} false");
    assert!(heard >= 83.0 && false_alarms <= 8.0, "{heard} {false_alarms}");
    let situations: Vec<_> =
        examples.iter().map(|example| example.situation).collect::<BTreeSet<_>>().into_iter().collect();
    let number = |example: &Example| situations.iter().position(|name| *name == example.situation).unwrap();
    let [heard, false_alarms] = held_out(&examples, 4, |_, example| number(example));
    println!("situations held out: {heard:.1} heard, {false_alarms:.1} false");
    assert!(heard >= 70.0 && false_alarms <= 12.0, "{heard} {false_alarms}");
}
