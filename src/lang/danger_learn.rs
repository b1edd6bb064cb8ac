//! Learns the weights of the hearing and measures them. The same examples give the same bytes on every machine: only
//! basic arithmetic is used.

use std::{collections::BTreeMap, fs, path::Path};

use super::{
    Alarm, BUCKETS, DOUBTFUL, Entry, Features, Hearing, STEP, SURE, WEIGHTS, WINDOW, Weights, words,
};
use crate::lang::{Words, skeleton};

const EXAMPLES: &str = include_str!("danger.tsv");

/// Kinds of sentences: `{a|b}` is one of these, and each line stands for a few of its sentences.
const KINDS: &str = include_str!("danger_kinds.tsv");

/// The half of a set of everyday sentences and calls for help that may be learned from.
const SEVENTH: &str = include_str!("../../tests/data/questions/seventh-learned.tsv");

/// Everyday sentences, and calls for help, all of them learned from.
const EIGHTH: &str = include_str!("../../tests/data/questions/eighth-learned.tsv");

/// A set of another author, none of it learned.
const OTHER: &str = include_str!("../../tests/data/questions/danger.tsv");

/// Sentences that a line of [`KINDS`] stands for at most.
const SENTENCES: usize = 10;

/// Situations of which no line was learned; what it showed decided which kinds of sentences are.
const UNSEEN: &str = include_str!("../../tests/data/questions/danger-unseen.tsv");

/// Times that all examples are gone through.
const ROUNDS: usize = 12;
const RATE: f32 = 0.2;
const DECAY: f32 = 0.0001;

/// Orders of the examples whose weights are averaged.
const ORDERS: u32 = 4;

/// What a missed danger costs beside a false alarm.
const MISS_COST: f32 = 1.5;

/// Mistyped copies of an example that are learned with it.
const COPIES: u32 = 2;

struct Example {
    is_danger: bool,
    features: Features,
}

/// A sentence as it was written.
struct Line {
    is_danger: bool,
    lang: &'static str,
    /// Lines of one situation are of one author.
    situation: &'static str,
    text: String,
}

impl Line {
    fn spelt(&self, hearing: &Hearing, spell: impl Fn(&Self) -> Vec<String>) -> Vec<Example> {
        let example = |text: String| Example {
            is_danger: self.is_danger,
            features: hearing.features(&words(&skeleton(&text))),
        };
        spell(self).into_iter().map(example).collect()
    }
}

/// The lines of a file with the columns kind, lang, situation, text, and of each the sentences it stands for.
fn lines(file: &'static str) -> Vec<Line> {
    let parse = |line: &'static str| {
        let [kind, lang, situation, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        assert!(matches!(kind, "danger" | "safe"), "{line}");
        let sentence = |text| Line { is_danger: kind == "danger", lang, situation, text };
        sentences(text).into_iter().map(sentence).collect::<Vec<_>>()
    };
    file.lines().skip(1).flat_map(parse).collect()
}

/// The lines of a file with the columns text, lang, kind.
fn set(file: &'static str, situation: &'static str) -> Vec<Line> {
    let parse = |line: &'static str| {
        let [text, lang, kind] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        Line { is_danger: kind == "danger", lang, situation, text: text.to_owned() }
    };
    file.lines().skip(1).map(parse).collect()
}

/// All that is learned from.
fn taught() -> Vec<Line> {
    [lines(EXAMPLES), lines(KINDS), set(SEVENTH, "seventh"), set(EIGHTH, "eighth")]
        .into_iter()
        .flatten()
        .collect()
}

/// What `{a|b} c {d|}` stands for, evenly chosen if it is more than [`SENTENCES`].
fn sentences(text: &str) -> Vec<String> {
    let parts: Vec<Vec<&str>> = text
        .split(['{', '}'])
        .enumerate()
        .map(|(place, part)| if place % 2 == 1 { part.split('|').collect() } else { vec![part] })
        .collect();
    let all: usize = parts.iter().map(Vec::len).product();
    let wanted = all.min(SENTENCES);
    let sentence = |number: usize| {
        // A step that shares no factor with the number of alternatives visits each of them.
        let mut rest = if all > wanted { number * 7_919 % all } else { number };
        let mut sentence = String::new();
        for part in &parts {
            sentence.push_str(part[(rest + number) % part.len()]);
            rest /= part.len();
        }
        sentence.replace(" ,", ",").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    (0..wanted).map(sentence).collect()
}

/// As it stands and mistyped; a long safe one in windows, too. Lists of words from our pages nobody mistypes.
fn as_learned(line: &Line) -> Vec<String> {
    let Line { is_danger, situation, text, .. } = line;
    let mut texts = vec![text.clone()];
    if !situation.starts_with("page-") {
        texts.extend((1..=COPIES).map(|copy| mistype(text, copy)));
    }
    let words: Vec<&str> = text.split(' ').collect();
    if !*is_danger && words.len() > WINDOW {
        texts.extend(words.chunks(WINDOW).map(|window| window.join(" ")));
    }
    texts
}

/// The same mistakes for the same text: `slips` letters left out, doubled, swapped or mistaken within long words.
fn mistype(text: &str, slips: u32) -> String {
    let mut seed = text.bytes().fold(slips, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below
    };
    let mut typed: Vec<Vec<char>> = text.split(' ').map(|word| word.chars().collect()).collect();
    for _ in 0..slips {
        let long: Vec<usize> = (0..typed.len()).filter(|place| typed[*place].len() >= 4).collect();
        if long.is_empty() {
            break;
        }
        let word = &mut typed[long[draw(long.len())]];
        let at = 1 + draw(word.len() - 2);
        match draw(4) {
            0 => drop(word.remove(at)),
            1 => word.swap(at, at + 1),
            2 => word.insert(at, word[at]),
            _ if word[at].is_ascii() => word[at] = b"aeioutnsklrvdpm"[draw(15)].into(),
            _ => {
                word[at] =
                    ['а', 'е', 'и', 'о', 'у', 'т', 'н', 'с', 'к', 'л', 'р', 'в', 'д', 'п', 'м'][draw(15)];
            }
        }
    }
    typed.into_iter().map(String::from_iter).collect::<Vec<_>>().join(" ")
}

fn margin(weights: &[f32], features: &Features) -> f32 {
    features.iter().map(|(bucket, value)| value * weights[*bucket as usize]).sum::<f32>() + weights[BUCKETS]
}

/// 1 / (1 + e^-x) without the library's `exp`, which differs between machines.
fn share(x: f32) -> f32 {
    let mut power = 1.0 - x.clamp(-30.0, 30.0) / 256.0;
    for _ in 0..8 {
        power *= power;
    }
    1.0 / (1.0 + power)
}

/// The natural logarithm, for the same reason by its series.
fn ln(x: f32) -> f32 {
    let exponent = (x.to_bits() >> 23) as i32 - 127;
    let mantissa = f32::from_bits(x.to_bits() & 0x007f_ffff | 0x3f80_0000);
    let y = (mantissa - 1.0) / (mantissa + 1.0);
    let square = y * y;
    exponent as f32 * std::f32::consts::LN_2
        + 2.0 * y * (1.0 + square * (1.0 / 3.0 + square * (0.2 + square / 7.0)))
}

/// How far each bucket tells danger from the rest by itself, after Wang and Manning 2012 ("Baselines and bigrams"):
/// examples are scaled by it before the regression, so what is seen on both sides counts little.
fn telling(examples: &[&Example]) -> Vec<f32> {
    let mut sums = [vec![SMOOTH; BUCKETS], vec![SMOOTH; BUCKETS]];
    for Example { is_danger, features } in examples {
        for (bucket, value) in features {
            sums[usize::from(*is_danger)][*bucket as usize] += value;
        }
    }
    let [safe, danger] = sums;
    let scale = safe.iter().sum::<f32>() / danger.iter().sum::<f32>();
    danger.iter().zip(&safe).map(|(danger, safe)| ln(danger / safe * scale).abs()).collect()
}

/// What each bucket has seen before the first example.
const SMOOTH: f32 = 0.5;

/// The mean of what several orders of the examples teach: the order is an accident.
fn learn(examples: &[&Example]) -> Vec<f32> {
    let telling = telling(examples);
    let mut mean = vec![0.0_f32; BUCKETS + 1];
    for order in 1..=ORDERS {
        for (mean, weight) in mean.iter_mut().zip(learn_in_order(examples, &telling, order)) {
            *mean += weight / ORDERS as f32;
        }
    }
    mean
}

/// Logistic regression by steps that shrink with each weight's own history; the mean of the later rounds.
fn learn_in_order(examples: &[&Example], telling: &[f32], mut seed: u32) -> Vec<f32> {
    let mut weights = vec![0.0_f32; BUCKETS + 1];
    let mut history = vec![0.0_f32; BUCKETS + 1];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut sums = vec![0.0_f32; BUCKETS + 1];
    for round in 0..ROUNDS {
        for place in (1..order.len()).rev() {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            order.swap(place, (seed >> 8) as usize % (place + 1));
        }
        for place in &order {
            let Example { is_danger, features } = examples[*place];
            let scaled: Features =
                features.iter().map(|(bucket, value)| (*bucket, value * telling[*bucket as usize])).collect();
            let wanted = f32::from(u8::from(*is_danger));
            let error =
                (share(margin(&weights, &scaled)) - wanted) * if *is_danger { MISS_COST } else { 1.0 };
            let own = (BUCKETS, 1.0);
            for (bucket, value) in scaled.iter().map(|(b, v)| (*b as usize, *v)).chain([own]) {
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
    for (sum, telling) in sums.iter_mut().zip(telling.iter().chain([&1.0])) {
        *sum *= telling / (ROUNDS - ROUNDS / 2) as f32;
    }
    sums
}

fn stored(weights: &[f32]) -> Box<Weights> {
    let steps: Vec<u8> = weights
        .iter()
        .map(|weight| ((weight / STEP).round().clamp(-127.0, 127.0) as i8).cast_unsigned())
        .collect();
    steps.into_boxed_slice().try_into().unwrap()
}

#[test]
fn the_stored_weights_are_what_the_examples_teach() {
    let hearing = Words::embedded().unwrap().danger;
    let examples: Vec<_> = taught().iter().flat_map(|line| line.spelt(&hearing, as_learned)).collect();
    let weights = stored(&learn(&examples.iter().collect::<Vec<_>>()));
    if std::env::var_os("UPDATE_DANGER").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lang/danger.bin");
        fs::write(path, &weights[..]).unwrap();
        return;
    }
    assert!(&*weights == WEIGHTS, "src/lang/danger.bin is stale: UPDATE_DANGER=1 cargo test stored_weights");
}

/// Sets of one author each, left out in turn: what is heard in them when everything else was learned, above each level
/// and beside it. It is how the levels, the kinds' values and [`MISS_COST`] were chosen.
#[test]
#[ignore = "takes a minute in a release build; prints a table"]
fn sets_left_out_in_turn() {
    let hearing = Words::embedded().unwrap().danger;
    let taught = taught();
    let group = |place: usize, line: &Line| match line.situation {
        of_set @ ("seventh" | "eighth" | "talk-plain") => Some(format!("{of_set} {}", place % 4)),
        of_set if of_set.starts_with("set-") => of_set.split('-').nth(1).map(|set| format!("set {set}")),
        _ => None,
    };
    let groups: Vec<_> = taught.iter().enumerate().map(|(place, line)| group(place, line)).collect();
    let spelt: Vec<Vec<Example>> = taught.iter().map(|line| line.spelt(&hearing, as_learned)).collect();
    let mut names: Vec<String> = groups.iter().flatten().cloned().collect();
    names.sort();
    names.dedup();
    let mut loudness: BTreeMap<(String, bool), Vec<(f32, String)>> = BTreeMap::new();
    let learn_without = |name: &String| {
        let kept = spelt.iter().zip(&groups).filter(|(_, group)| group.as_ref() != Some(name));
        stored(&learn(&kept.flat_map(|(examples, _)| examples).collect::<Vec<_>>()))
    };
    let learnt: Vec<Box<Weights>> = std::thread::scope(|scope| {
        let turns: Vec<_> = names.iter().map(|name| scope.spawn(|| learn_without(name))).collect();
        turns.into_iter().map(|turn| turn.join().unwrap()).collect()
    });
    for (name, weights) in names.iter().zip(&learnt) {
        for (line, _) in taught.iter().zip(&groups).filter(|(_, group)| group.as_ref() == Some(name)) {
            let loud = hearing.loudness(&line.text, weights);
            let set = name.split(' ').take(if name.starts_with("set") { 2 } else { 1 }).collect::<Vec<_>>();
            for name in [set.join(" "), format!("- {}", line.lang)] {
                loudness.entry((name, line.is_danger)).or_default().push((loud, line.text.clone()));
            }
        }
    }
    let all = stored(&learn(&spelt.iter().flatten().collect::<Vec<_>>()));
    for (name, file) in [("unseen", lines(UNSEEN)), ("other author", set(OTHER, ""))] {
        for line in file {
            let loud = hearing.loudness(&line.text, &all);
            loudness.entry((name.to_owned(), line.is_danger)).or_default().push((loud, line.text));
        }
    }
    let offsets = [-1.5_f32, DOUBTFUL, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, SURE, 3.0];
    println!("heard, in hundredths, above {offsets:?}");
    for ((name, is_danger), lines) in &loudness {
        let share = |offset: &f32| {
            let heard = lines.iter().filter(|(loud, _)| loud > offset).count();
            format!("{:5.1}", 100.0 * heard as f32 / lines.len() as f32)
        };
        let kind = if *is_danger { "danger" } else { "safe" };
        println!(
            "{name:14} {kind:6} {:4} {}",
            lines.len(),
            offsets.iter().map(share).collect::<Vec<_>>().join(" ")
        );
        if std::env::var_os("SHOW_DANGER").is_some() && !name.starts_with('-') {
            let is_wrong = |loud: f32| if *is_danger { loud <= DOUBTFUL } else { loud > SURE };
            for (loud, text) in lines.iter().filter(|(loud, _)| is_wrong(*loud)) {
                println!("    {loud:6.2} {text}");
            }
        }
    }
}

/// Latin letters as most people type them; the languages differ in ж and х.
fn latin(text: &str, lang: &str) -> String {
    let letter = |c: char| {
        match (c, lang) {
            ('ж', "ky") | ('ҷ', _) => "j",
            ('х', "ky") | ('ҳ', _) => "h",
            ('ж', _) => "zh",
            ('х', _) => "kh",
            ('ч', _) => "ch",
            ('ш' | 'щ', _) => "sh",
            ('ц', _) => "ts",
            ('ю', _) => "yu",
            ('я', _) => "ya",
            ('ё', _) => "yo",
            ('ғ', _) => "gh",
            ('й' | 'ы', _) => "y",
            ('ъ' | 'ь', _) => "",
            (c, _) => return if c.is_alphabetic() { skeleton(c.encode_utf8(&mut [0; 4])) } else { c.into() },
        }
        .to_owned()
    };
    text.to_lowercase().chars().map(letter).collect()
}

/// Situations of which no line was learned, in own letters, Latin ones and mistyped: dangers that are at least doubtful, and
/// safe ones that are not danger for sure, in hundredths. `SHOW_DANGER=1` lists the mistakes.
#[test]
fn danger_is_heard_in_situations_that_were_not_learned() {
    let words = Words::embedded().unwrap();
    let mut tallies: BTreeMap<(bool, String), [usize; 2]> = BTreeMap::new();
    for Line { is_danger, lang, situation, text } in lines(UNSEEN) {
        assert!(!EXAMPLES.contains(&format!("\t{situation}\t")), "{situation} was learned");
        let typo = mistype(&text, 1);
        let spellings = [
            ("latin", latin(&text, lang)),
            ("latin-typo", latin(&typo, lang)),
            ("typo", typo),
            ("own", text),
        ];
        for (spelling, text) in spellings {
            let is_right = if is_danger { words.may_be_danger(&text) } else { !words.is_danger(&text) };
            for name in ["all", lang, spelling] {
                let [right, all] = tallies.entry((is_danger, name.to_owned())).or_default();
                *right += usize::from(is_right);
                *all += 1;
            }
            if !is_right && std::env::var_os("SHOW_DANGER").is_some() {
                println!("{is_danger}\t{lang}\t{spelling}\t{situation}\t{text}");
            }
        }
    }
    let percent = |[right, all]: [usize; 2]| 100.0 * right as f64 / all as f64;
    for ((is_danger, name), tally) in &tallies {
        println!(
            "{} {name}: {:.1} % of {}",
            if *is_danger { "danger" } else { "safe" },
            percent(*tally),
            tally[1]
        );
    }
    let [safe, danger] = [false, true].map(|kind| percent(tallies[&(kind, "all".to_owned())]));
    assert!(danger >= 94.0 && safe >= 92.0, "{danger} {safe}");
}

#[test]
fn a_cry_is_heard_anywhere_in_a_long_message_and_length_alone_is_none() {
    let hearing = Words::embedded().unwrap().danger;
    let talk = "добрый день у меня патент на Москву оплачен чеки храню регистрация до марта хозяин хороший ";
    for times in [5, 50, 1_000] {
        let text = talk.repeat(times);
        assert_eq!(hearing.alarm(&text), None, "{times}");
        for cry in [
            "хозяин бьёт нас и запер в подвале, помогите",
            "полиция алып кетти агамды, камап койду",
            "маро полис дастгир кард, дар отдел нигоҳ доранд",
        ] {
            assert_eq!(hearing.alarm(&format!("{text}{cry} {text}")), Some(Alarm::Sure), "{times} {cry}");
            assert_eq!(hearing.alarm(&format!("{text}{cry}")), Some(Alarm::Sure), "{times} {cry}");
        }
    }
}

#[test]
fn each_beginning_of_an_entry_needs_a_word_of_its_own() {
    let entry = Entry::parse("муж мужа");
    assert!(!entry.is_in(&["muja"]));
    assert!(entry.is_in(&["muja", "muj"]));
}

#[test]
fn words_of_danger_in_other_company_are_none() {
    let words = Words::embedded().unwrap();
    for text in [
        "отдел кадров",
        "дар отдели кадр",
        "дастгирии молиявӣ",
        "скорый поезд",
        "покончить с долгами",
        "убить время",
        "задержали зарплату",
        "хозяин бьёт рекорды",
        "арестовали счёт",
        "взяли на работу",
        "возвращает паспорт после регистрации",
        "дтп страховка платит?",
    ] {
        assert!(!words.is_danger(text), "{text}");
    }
    for text in [
        "хочу повеситься",
        "таблеток наглотался",
        "не хочу жить",
        "менты взяли брата",
        "начальник не возвращает паспорт",
        "паспортимро намедиҳад",
        "паспортумду бербей жатат",
        "меня ударил хозяин",
        "закрыл нас на ключ",
        "агам милицияда",
        "агамды алып кетишти",
        "маро қулф карданд",
        "меня увезли в отдел",
        "сидит в спецприёмнике",
        "муж бьёт",
        "избили",
        "кровь не останавливается",
    ] {
        assert!(words.may_be_danger(text), "{text}");
        assert!(words.may_be_danger(&latin(text, "ru")), "{text}");
    }
}
