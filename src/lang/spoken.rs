//! Numbers written out in words: Russian, Tajik and Kyrgyz, in any script, plain or as "the fifth".

use std::{collections::HashMap, sync::LazyLock};

use super::skeleton;

/// What one word says of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    /// 1 to 90, a day of a month among them; [`LARGE`] for hundreds and thousands.
    pub value: i64,
    /// "The fifth", not "five".
    pub is_ordinal: bool,
}

/// Stands for all numbers above ninety: nobody writes a day with them.
pub(super) const LARGE: i64 = 1000;

/// The number that the skeleton of one word is. Tajik tens may hold the "and" that joins a unit, or the unit itself:
/// `бисту`, `бистуяк`.
pub(super) fn spoken(key: &str) -> Option<Spoken> {
    NUMBERS.get(key).copied()
}

/// The Kyrgyz 11 to 19 that "он" (ten; in Russian "he", in Tajik "that") makes with the next word.
pub(super) fn kyrgyz_teen(next: &str) -> Option<Spoken> {
    KYRGYZ_UNITS.get(next).map(|unit| Spoken { value: 10 + unit.value, ..*unit })
}

static NUMBERS: LazyLock<HashMap<String, Spoken>> = LazyLock::new(|| {
    let mut out = HashMap::new();
    let mut add = |word: &str, value: i64, is_ordinal: bool| {
        out.entry(skeleton(word)).or_insert(Spoken { value, is_ordinal });
    };
    for (words, value) in RUSSIAN {
        words.iter().for_each(|word| add(word, *value, false));
    }
    for (stems, value) in RUSSIAN_ORDINALS {
        for (stem, ending) in stems.iter().flat_map(|stem| RUSSIAN_ENDINGS.map(|ending| (stem, ending))) {
            add(&format!("{stem}{ending}"), *value, true);
        }
    }
    for (word, value) in TAJIK {
        add(word, *value, false);
        for ending in TAJIK_ENDINGS {
            add(&format!("{word}{ending}"), *value, true);
        }
    }
    for (tens, base) in TAJIK_JOINED {
        add(tens, *base, false);
        for (unit, value) in TAJIK.iter().filter(|(_, value)| *value < 10) {
            add(&format!("{tens}{unit}"), base + value, false);
            for ending in TAJIK_ENDINGS {
                add(&format!("{tens}{unit}{ending}"), base + value, true);
            }
        }
    }
    for (key, number) in kyrgyz(KYRGYZ) {
        out.entry(key).or_insert(number);
    }
    for word in LARGE_WORDS {
        out.entry(skeleton(word)).or_insert(Spoken { value: LARGE, is_ordinal: false });
    }
    out
});

static KYRGYZ_UNITS: LazyLock<HashMap<String, Spoken>> =
    LazyLock::new(|| kyrgyz(KYRGYZ).filter(|(_, number)| number.value < 10).collect());

fn kyrgyz(words: &[(&str, i64)]) -> impl Iterator<Item = (String, Spoken)> {
    words.iter().flat_map(|(word, value)| {
        let plain = (skeleton(word), Spoken { value: *value, is_ordinal: false });
        let turned = KYRGYZ_ENDINGS.iter().map(move |ending| {
            (skeleton(&format!("{word}{ending}")), Spoken { value: *value, is_ordinal: true })
        });
        std::iter::once(plain).chain(turned)
    })
}

/// In the cases in which people count days. "Чил" (Tajik forty) is missing: in Kyrgyz it is a year.
const RUSSIAN: &[(&[&str], i64)] = &[
    (&["один", "одна", "одно", "одного", "одну"], 1),
    (&["два", "две", "двух"], 2),
    (&["три", "трех"], 3),
    (&["четыре", "четырех"], 4),
    (&["пять", "пяти"], 5),
    (&["шесть", "шести"], 6),
    (&["семь", "семи"], 7),
    (&["восемь", "восьми"], 8),
    (&["девять", "девяти"], 9),
    (&["десять", "десяти"], 10),
    (&["одиннадцать", "одинадцать", "одиннацать"], 11),
    (&["двенадцать", "двенацать"], 12),
    (&["тринадцать", "тринацать"], 13),
    (&["четырнадцать", "четырнацать"], 14),
    (&["пятнадцать", "пятнацать"], 15),
    (&["шестнадцать", "шестнацать"], 16),
    (&["семнадцать", "семнацать"], 17),
    (&["восемнадцать", "восемнацать"], 18),
    (&["девятнадцать", "девятнацать"], 19),
    (&["двадцать", "двацать"], 20),
    (&["тридцать", "трицать"], 30),
    (&["сорок"], 40),
    (&["пятьдесят"], 50),
    (&["шестьдесят"], 60),
    (&["семьдесят"], 70),
    (&["восемьдесят"], 80),
    (&["девяносто"], 90),
];

const RUSSIAN_ORDINALS: &[(&[&str], i64)] = &[
    (&["перв"], 1),
    (&["втор"], 2),
    (&["треть", "трет"], 3),
    (&["четверт"], 4),
    (&["пят"], 5),
    (&["шест"], 6),
    (&["седьм"], 7),
    (&["восьм"], 8),
    (&["девят"], 9),
    (&["десят"], 10),
    (&["одиннадцат", "одинадцат", "одиннацат"], 11),
    (&["двенадцат", "двенацат"], 12),
    (&["тринадцат", "тринацат"], 13),
    (&["четырнадцат", "четырнацат"], 14),
    (&["пятнадцат", "пятнацат"], 15),
    (&["шестнадцат", "шестнацат"], 16),
    (&["семнадцат", "семнацат"], 17),
    (&["восемнадцат", "восемнацат"], 18),
    (&["девятнадцат", "девятнацат"], 19),
    (&["двадцат", "двацат"], 20),
    (&["тридцат", "трицат"], 30),
];

const RUSSIAN_ENDINGS: [&str; 13] =
    ["ое", "ого", "ово", "ом", "ому", "ой", "ый", "ий", "ая", "е", "его", "ем", "ему"];

const TAJIK: &[(&str, i64)] = &[
    ("як", 1),
    ("ду", 2),
    ("се", 3),
    ("чор", 4),
    ("чаҳор", 4),
    ("панҷ", 5),
    ("панч", 5),
    ("шаш", 6),
    ("ҳафт", 7),
    ("ҳашт", 8),
    ("нӯҳ", 9),
    ("даҳ", 10),
    ("ёздаҳ", 11),
    ("дувоздаҳ", 12),
    ("сенздаҳ", 13),
    ("чордаҳ", 14),
    ("чаҳордаҳ", 14),
    ("понздаҳ", 15),
    ("шонздаҳ", 16),
    ("ҳабдаҳ", 17),
    ("ҳафдаҳ", 17),
    ("ҳаждаҳ", 18),
    ("ҳиждаҳ", 18),
    ("нуздаҳ", 19),
    ("бист", 20),
    ("сӣ", 30),
    ("панҷоҳ", 50),
    ("шаст", 60),
    ("ҳафтод", 70),
    ("ҳаштод", 80),
    ("навад", 90),
];

const TAJIK_ENDINGS: &[&str] = &["ум", "уми", "юм", "юми", "вум", "вуми"];

/// Tens with the "and" that joins a unit.
const TAJIK_JOINED: &[(&str, i64)] = &[("бисту", 20), ("сию", 30), ("сиву", 30)];

const KYRGYZ: &[(&str, i64)] = &[
    ("бир", 1),
    ("эки", 2),
    ("үч", 3),
    ("төрт", 4),
    ("беш", 5),
    ("алты", 6),
    ("жети", 7),
    ("сегиз", 8),
    ("тогуз", 9),
    ("он", 10),
    ("жыйырма", 20),
    ("отуз", 30),
    ("кырк", 40),
    ("элүү", 50),
    ("алтымыш", 60),
    ("жетимиш", 70),
    ("сексен", 80),
    ("токсон", 90),
];

/// "The fifth", "on the fifth".
const KYRGYZ_ENDINGS: &[&str] = &[
    "инчи",
    "ынчы",
    "унчу",
    "үнчү",
    "нчи",
    "нчы",
    "нчу",
    "инчиси",
    "унчусу",
    "үнчүсү",
    "нчысы",
    "инчисинде",
    "инде",
    "ында",
    "унда",
    "үндө",
    "нде",
    "нда",
];

/// Hundreds, thousands, nought. No sum and no part of a phone number is a day.
const LARGE_WORDS: &[&str] = &[
    "сто",
    "сот",
    "ста",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
    "тысяча",
    "тысячи",
    "тысяч",
    "тысячу",
    "миллион",
    "миллиона",
    "миллионов",
    "ноль",
    "нуль",
    "нол",
    "ҳазор",
    "ҳазору",
    "дусад",
    "сесад",
    "чорсад",
    "панҷсад",
    "шашсад",
    "ҳафтсад",
    "ҳаштсад",
    "нӯҳсад",
    "миллионҳо",
    "сифр",
    "жүз",
    "миң",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::skeleton;

    fn value(word: &str) -> Option<i64> {
        spoken(&skeleton(word)).map(|spoken| spoken.value)
    }

    #[test]
    fn each_day_of_a_month_is_known_in_three_languages() {
        let russian = "первое второго третье четвёртого пятое шестого седьмое восьмого девятое десятого \
                       одиннадцатое двенадцатого тринадцатое четырнадцатого пятнадцатое шестнадцатого \
                       семнадцатое восемнадцатого девятнадцатое двадцатого";
        let tajik = "якум дуюм сеюм чорум панҷум шашум ҳафтум ҳаштум нӯҳум даҳум ёздаҳум дувоздаҳум сенздаҳум \
                     чордаҳум понздаҳум шонздаҳум ҳабдаҳум ҳаждаҳум нуздаҳум бистум бистуякум бистудуюм \
                     бистусеюм бистучорум биступанҷум бистушашум бистуҳафтум бистуҳаштум бистунӯҳум сиюм \
                     сиюякум";
        for (words, ezafe) in [(russian, ""), (tajik, ""), (tajik, "и")] {
            for (place, word) in words.split_whitespace().enumerate() {
                let word = format!("{word}{ezafe}");
                assert_eq!(value(&word), Some(place as i64 + 1), "{word}");
                assert!(spoken(&skeleton(&word)).unwrap().is_ordinal, "{word}");
            }
        }
        for (word, number) in [
            ("биринчи", 1),
            ("экинчи", 2),
            ("үчүнчү", 3),
            ("төртүнчү", 4),
            ("бешинчи", 5),
            ("beshinchi", 5),
            ("алтынчы", 6),
            ("жетинчи", 7),
            ("сегизинчи", 8),
            ("тогузунчу", 9),
            ("онунчу", 10),
            ("жыйырманчы", 20),
            ("отузунчу", 30),
            ("panjumi", 5),
            ("pyatoe", 5),
            ("бешинде", 5),
            ("девятьсот", LARGE),
            ("тысячи", LARGE),
        ] {
            assert_eq!(value(word), Some(number), "{word}");
        }
        assert_eq!(kyrgyz_teen(&skeleton("бешинчи")).map(|teen| teen.value), Some(15));
        assert_eq!(kyrgyz_teen(&skeleton("пятого")), None, "\"he … on the fifth\" is no fifteen");
        for word in ["патент", "пятница", "перевод", "ман", "сестра", "шестерка", "онлайн", "бисёр", ""]
        {
            assert_eq!(value(word), None, "{word}");
        }
    }
}
