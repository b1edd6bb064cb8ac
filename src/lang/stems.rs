//! A word and its endings: whether a Tajik or Kyrgyz word is another one with endings hung on.
//!
//! Both languages put endings one after the other (`корфармо` + `ён` + `ро`, `айлык` + `тар` + `ды`), so a word is taken
//! apart from its stem on into known endings. What is left over makes it another word: better to miss one than to blame
//! a wrong one.

use crate::domain::Locale;

/// Most endings of one word.
const ENDINGS_MAX: usize = 5;

pub(super) const TAJIK: &[&str] = &[
    "ам", "амон", "анд", "аст", "ат", "атон", "аш", "ашон", "ву", "вӣ", "гон", "гӣ", "е", "ем", "ед", "и",
    "мон", "он", "ро", "тон", "у", "ҳо", "ча", "шон", "ю", "я", "ям", "ят", "яш", "ён", "ӣ",
];

pub(super) const KYRGYZ: &[&str] = &[
    "бы", "би", "бу", "бү", "быз", "биз", "буз", "бүз", "га", "ге", "го", "гө", "да", "де", "до", "дө",
    "дагы", "деги", "дан", "ден", "дон", "дөн", "дар", "дер", "дор", "дөр", "ды", "ди", "ду", "дү", "дын",
    "дин", "дун", "дүн", "дык", "дик", "дук", "дүк", "и", "иң", "иңиз", "им", "ка", "ке", "ко", "кө", "кы",
    "ки", "ку", "кү", "лар", "лер", "лор", "лөр", "луу", "лүү", "лык", "лик", "лук", "лүк", "м", "н", "на",
    "не", "но", "нө", "нда", "нде", "ндо", "ндө", "ндан", "нден", "ндон", "ндөн", "ны", "ни", "ну", "нү",
    "нын", "нин", "нун", "нүн", "ң", "ңыз", "ңиз", "ңуз", "ңүз", "пы", "пи", "пу", "пү", "сы", "си", "су",
    "сү", "сыз", "сиз", "суз", "сүз", "та", "те", "то", "тө", "тан", "тен", "тон", "төн", "тар", "тер",
    "тор", "төр", "ты", "ти", "ту", "тү", "тын", "тин", "тун", "түн", "тык", "тик", "тук", "түк", "у", "уң",
    "уңуз", "ум", "ча", "че", "чо", "чө", "чы", "чи", "чу", "чү", "ы", "ың", "ыңыз", "ым", "ү", "үң", "үңүз",
    "үм",
];

/// Whether `word` is `stem`, with or without endings. Both in small letters.
pub fn has_stem(word: &str, stem: &str, locale: Locale) -> bool {
    let endings = match locale {
        Locale::Tg => TAJIK,
        Locale::Ky => KYRGYZ,
        Locale::Ru => return word == stem,
    };
    word.strip_prefix(stem)
        .is_some_and(|rest| are_endings(rest.trim_start_matches('-'), endings, ENDINGS_MAX))
}

/// Whether `rest` is nothing but endings, one after the other.
pub(super) fn are_endings(rest: &str, endings: &[impl AsRef<str>], most: usize) -> bool {
    rest.is_empty()
        || (most > 0
            && endings
                .iter()
                .filter_map(|ending| rest.strip_prefix(ending.as_ref()))
                .any(|rest| are_endings(rest, endings, most - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_taken_off_and_other_words_are_not() {
        for (locale, stem, words) in [
            (
                Locale::Tg,
                "соҳибкор",
                "соҳибкор соҳибкори соҳибкорро соҳибкорон соҳибкоронро соҳибкоратон соҳибкорӣ",
            ),
            (Locale::Tg, "пашпорт", "пашпортатонро пашпортҳо пашпорти пашпортам"),
            (Locale::Ky, "маяна", "маяна маянаны маянанын маянаңызды маяналар маянасы"),
            (Locale::Ky, "штраф", "штраф штрафты штрафтын штрафтар штрафтарды штрафка"),
            (Locale::Ky, "граждандык", "граждандык граждандыкты граждандыктан"),
        ] {
            for word in words.split(' ') {
                assert!(has_stem(word, stem, locale), "{word}");
            }
        }
        for (locale, stem, words) in [
            (Locale::Tg, "арз", "арзиш арзёбӣ"),
            (Locale::Tg, "срок", "срочно сроки-нав"),
            (Locale::Ky, "арыз", "арзан арызбат"),
            (Locale::Ky, "штраф", "штрафбат штраф5"),
            (Locale::Ru, "срок", "сроки"),
        ] {
            for word in words.split(' ') {
                assert!(!has_stem(word, stem, locale), "{word}");
            }
        }
    }
}
