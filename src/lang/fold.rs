//! Folding: what a person types without Tajik or Kyrgyz letters, or in Latin, meets what we wrote.
//!
//! Source of the tables: the measurements behind the language plan (folded letters, Latin skeleton).

use unicode_normalization::UnicodeNormalization;

/// Lower case, own letters to their Russian look-alikes, punctuation to single spaces.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc().flat_map(char::to_lowercase) {
        match c {
            '\'' | '’' | 'ʼ' | '‘' | 'ʻ' | '`' | '´' | '\u{300}'..='\u{36f}' => {}
            // Nothing to see: soft hyphen, zero-width characters, direction marks.
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {}
            c if c.is_alphanumeric() => out.push(fold_letter(c)),
            _ => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

const fn fold_letter(c: char) -> char {
    match c {
        'ӣ' | 'і' | 'ї' => 'и',
        'ӯ' | 'ў' | 'ү' | 'ұ' => 'у',
        'ҷ' | 'ҹ' => 'ч',
        'ҳ' | 'һ' | 'ӽ' => 'х',
        'қ' | 'ќ' | 'ҝ' => 'к',
        'ғ' | 'ѓ' | 'ӷ' => 'г',
        'ө' | 'ӧ' => 'о',
        'ң' | 'ӈ' => 'н',
        'ё' | 'є' => 'е',
        'ә' => 'а',
        c => c,
    }
}

/// One Latin key for Cyrillic and Latin spellings of a word, doubled letters collapsed. Of a key it makes the same key.
///
/// Letters that meet anew in the key (`кх` gives `kh`) are read as Latin once more. Latin `je` is `же` of Kyrgyz and
/// Tajik typists (`jer`, `jeti`), not `е`: else жена, чек, кровотечение would lose a consonant.
pub fn skeleton(text: &str) -> String {
    let mut key = reduce(&fold(text));
    while MEETING.iter().any(|pair| key.contains(pair)) {
        key = reduce(&key);
    }
    key
}

/// Pairs of key letters that a reader of Latin takes for one sound.
const MEETING: [&str; 5] = ["kh", "gh", "zh", "dj", "tz"];

fn reduce(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut rest = folded;
    while !rest.is_empty() {
        let (key, used) = step(rest);
        for c in key.chars() {
            // Doubled letters are one; so are spaces around letters that no key knows.
            if !out.ends_with(c) && (c != ' ' || !out.is_empty()) {
                out.push(c);
            }
        }
        rest = rest.get(used..).unwrap_or_default();
    }
    out.truncate(out.trim_end().len());
    out
}

/// Longest first: what Latin typists write for one sound.
const CLUSTERS: &[(&str, &str)] = &[
    ("shch", "sh"),
    ("sch", "sh"),
    ("dzh", "j"),
    ("дж", "j"),
    ("dj", "j"),
    ("zh", "j"),
    ("ch", "j"),
    ("sh", "sh"),
    ("kh", "h"),
    ("gh", "g"),
    ("ck", "k"),
    ("ts", "ts"),
    ("tz", "ts"),
    ("ye", "e"),
    ("yo", "e"),
    ("yu", "iu"),
    ("iu", "iu"),
    ("ya", "ia"),
    ("ia", "ia"),
];

fn step(rest: &str) -> (&'static str, usize) {
    let c = rest.chars().next().unwrap_or(' ');
    // Most letters begin no cluster.
    if matches!(c, 's' | 'd' | 'д' | 'z' | 'c' | 'k' | 'g' | 't' | 'y' | 'i') {
        for (from, to) in CLUSTERS {
            if rest.starts_with(from) {
                return (to, from.len());
            }
        }
    }
    let key = match c {
        'а' | 'a' => "a",
        'б' | 'b' => "b",
        'в' | 'v' | 'w' => "v",
        'г' | 'g' => "g",
        'д' | 'd' => "d",
        'е' | 'э' | 'e' => "e",
        'ж' | 'ч' | 'j' => "j",
        'з' | 'z' => "z",
        'и' | 'й' | 'ы' | 'i' | 'y' => "i",
        'к' | 'k' | 'q' => "k",
        'л' | 'l' => "l",
        'м' | 'm' => "m",
        'н' | 'n' => "n",
        'о' | 'o' => "o",
        'п' | 'p' => "p",
        'р' | 'r' => "r",
        'с' | 's' => "s",
        'т' | 't' => "t",
        'у' | 'u' => "u",
        'ф' | 'f' => "f",
        'х' | 'h' | 'x' => "h",
        'ц' | 'c' => "ts",
        'ш' | 'щ' => "sh",
        'ю' => "iu",
        'я' => "ia",
        ' ' => " ",
        '0' => "0",
        '1' => "1",
        '2' => "2",
        '3' => "3",
        '4' => "4",
        '5' => "5",
        '6' => "6",
        '7' => "7",
        '8' => "8",
        '9' => "9",
        _ => "",
    };
    (key, c.len_utf8())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn own_letters_latin_and_folded_spellings_meet() {
        assert_eq!(fold("  Ҳуқуқ, ӯро!"), "хукук уро");
        assert_eq!(skeleton("ҷавоб"), skeleton("javob"));
        assert_eq!(skeleton("чавоб"), skeleton("javob"));
        assert_eq!(skeleton("қонун"), skeleton("qonun"));
        assert_eq!(skeleton("хуҷҷат"), skeleton("hujjat"));
    }

    #[test]
    fn consonants_before_e_stay() {
        for (cyrillic, latin, key) in [
            ("жена", "zhena", "jena"),
            ("чек", "chek", "jek"),
            ("кровотечение", "krovotechenie", "krovotejenie"),
            ("вчера", "vchera", "vjera"),
            ("жер", "jer", "jer"),
            ("ҷеб", "jeb", "jeb"),
            ("джемпер", "djemper", "jemper"),
        ] {
            assert_eq!((skeleton(cyrillic).as_str(), skeleton(latin).as_str()), (key, key));
        }
    }

    #[test]
    fn letters_that_meet_in_the_key_are_read_once_more() {
        for (text, key) in
            [("бакхо", "baho"), ("зхд", "jd"), ("дзкхе", "je"), ("сход", "shod"), ("отзыв", "otsiv")]
        {
            assert_eq!(skeleton(text), key, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_is_idempotent_and_never_panics(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            let key = skeleton(&text);
            prop_assert!(key.is_ascii());
            prop_assert_eq!(skeleton(&key), key);
        }

        /// Any text seldom holds the letters that meet.
        #[test]
        fn keys_of_our_letters_are_their_own_keys(text in "[aehiudjzkgstcxwyq абежздкхгтсцчшщяюйиъ']{0,24}") {
            let key = skeleton(&text);
            prop_assert_eq!(skeleton(&key), key);
        }
    }
}
