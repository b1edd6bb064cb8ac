//! Numbers of any size written out in words: «сто двадцать тысяч», «чилу панҷ ҳазор», «кырк миң».

use std::{collections::HashMap, sync::LazyLock};

use super::{
    skeleton,
    spoken::{LARGE, spoken},
};

/// What one word of a large number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// 1 to 99.
    Small(i64),
    /// 100 to 900 in one word.
    Hundreds(i64),
    /// "Hundred" after how many: «ду сад», «эки жүз».
    TimesHundred,
    /// Thousand, million.
    Scale(i64),
    /// Tajik "and".
    And,
}

static PARTS: LazyLock<HashMap<String, Part>> = LazyLock::new(|| {
    let mut out = HashMap::new();
    for (words, part) in LARGER {
        for word in words.split_whitespace() {
            out.entry(skeleton(word)).or_insert(*part);
        }
    }
    out
});

/// Russian, Tajik (with the "and" that hangs on a word), Kyrgyz. "Чил" (Tajik forty) is a year in Kyrgyz, but no sum is.
const LARGER: &[(&str, Part)] = &[
    ("сто ста", Part::Hundreds(100)),
    ("двести дусад дусаду", Part::Hundreds(200)),
    ("триста сесад сесаду", Part::Hundreds(300)),
    ("четыреста чорсад чорсаду", Part::Hundreds(400)),
    ("пятьсот пицот панҷсад панҷсаду", Part::Hundreds(500)),
    ("шестьсот шашсад шашсаду", Part::Hundreds(600)),
    ("семьсот ҳафтсад ҳафтсаду", Part::Hundreds(700)),
    ("восемьсот ҳаштсад ҳаштсаду", Part::Hundreds(800)),
    ("девятьсот нӯҳсад нӯҳсаду", Part::Hundreds(900)),
    ("сад саду жүз", Part::TimesHundred),
    ("тысяча тысячи тысяч тысячу тыща тыщи тыщ ҳазор ҳазору миң ming", Part::Scale(1_000)),
    ("миллион миллиона миллионов миллиону млн", Part::Scale(1_000_000)),
    ("чил чилу чиҳил", Part::Small(40)),
    ("панҷоҳу панчоху", Part::Small(50)),
    ("шасту", Part::Small(60)),
    ("ҳафтоду", Part::Small(70)),
    ("ҳаштоду", Part::Small(80)),
    ("наваду", Part::Small(90)),
    ("у ва", Part::And),
];

/// Kyrgyz ten, in front of a unit; alone it is "he" and "that" in the other languages.
const TEN: &str = "on";

fn part(key: &str) -> Option<Part> {
    PARTS.get(key).copied().or_else(|| {
        let small = spoken(key).filter(|small| !small.is_ordinal && small.value < LARGE)?;
        Some(Part::Small(small.value))
    })
}

/// The number that all words of a text make together; `None` where there is another word, or they make none.
pub(super) fn amount(text: &str) -> Option<i64> {
    let key = skeleton(text);
    of_words(key.split(' ').filter(|word| !word.is_empty()))
}

/// The one number in words that a text holds among others: «мне двадцать пять лет».
pub fn number_in_words(text: &str) -> Option<i64> {
    let key = skeleton(&text.chars().take(100).collect::<String>());
    // Years of age hang on the number in Tajik: «панҷсолаам».
    let without_years = |word| match str::split_once(word, "sol") {
        Some((number, _)) if !number.is_empty() => number,
        _ => word,
    };
    let words: Vec<&str> = key.split(' ').map(without_years).collect();
    let is_number = |word: &&str| part(word).is_some_and(|part| part != Part::And);
    let mut runs = words.split(|word| !is_number(word)).filter(|run| !run.is_empty() && **run != [TEN]);
    match (runs.next(), runs.next()) {
        (Some(run), None) => of_words(run.iter().copied()),
        _ => None,
    }
}

fn of_words<'a>(words: impl Iterator<Item = &'a str>) -> Option<i64> {
    // `group`: below a thousand; `room`: what is added to it must be below.
    let (mut total, mut group, mut room) = (0_i64, 0_i64, 1_000_i64);
    let mut scale = i64::MAX;
    let mut is_empty = true;
    for word in words {
        match part(word)? {
            Part::And if is_empty => return None,
            Part::And => {}
            Part::Small(value) | Part::Hundreds(value) if value >= room => return None,
            Part::Small(value) => {
                group += value;
                room = if value >= 20 || word == TEN { 10 } else { 1 };
            }
            Part::Hundreds(value) => (group, room) = (group + value, 100),
            Part::TimesHundred if (1..10).contains(&group) || (group == 0 && room > 100) => {
                (group, room) = (group.max(1) * 100, 100);
            }
            Part::TimesHundred => return None,
            Part::Scale(value) if value < scale => {
                total += group.max(1) * value;
                (group, room, scale) = (0, 1_000, value);
            }
            Part::Scale(_) => return None,
        }
        is_empty = false;
    }
    Some(total + group).filter(|sum| *sum > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_in_words_are_read_in_three_languages() {
        for (text, sum) in [
            ("сорок пять тысяч", 45_000),
            ("сто двадцать тысяч", 120_000),
            ("тысяча", 1_000),
            ("две тысячи пятьсот", 2_500),
            ("один миллион двести тысяч", 1_200_000),
            ("sorok pyat tysyach", 45_000),
            ("чилу панҷ ҳазор", 45_000),
            ("чилу панч хазор", 45_000),
            ("саду бист ҳазор", 120_000),
            ("сад ҳазор", 100_000),
            ("ду сад ҳазор", 200_000),
            ("бист ҳазору панҷсад", 20_500),
            ("панҷоҳ ҳазор", 50_000),
            ("кырк миң", 40_000),
            ("кырк беш миң", 45_000),
            ("жүз жыйырма миң", 120_000),
            ("он беш миң", 15_000),
            ("kirk ming", 40_000),
            ("эки жүз миң", 200_000),
        ] {
            assert_eq!(amount(text), Some(sum), "{text}");
        }
        for text in [
            "",
            "пять сорок",
            "тысяча тысяч",
            "сто двести",
            "сорок кошек",
            "у",
            "два три",
            "пятого",
            "сто сто",
        ] {
            assert_eq!(amount(text), None, "{text}");
        }
    }

    #[test]
    fn one_number_is_found_among_words() {
        for (text, number) in [
            ("мне двадцать пять лет", Some(25)),
            ("жыйырма беш жаштамын", Some(25)),
            ("ман бисту панҷсолаам", Some(25)),
            ("бисту панҷсола", Some(25)),
            ("ман сӣ сол дорам", Some(30)),
            ("двадцать или тридцать", None),
            ("он", None),
            ("молодой", None),
        ] {
            assert_eq!(number_in_words(text), number, "{text}");
        }
    }
}
