//! Folding: what a person types without Tajik or Kyrgyz letters, or in Latin, meets what we wrote.
//!
//! Source of the tables: the measurements behind the language plan (folded letters, Latin skeleton).

use unicode_normalization::UnicodeNormalization;

/// Lower case, own letters to their Russian look-alikes, punctuation to single spaces.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc().flat_map(char::to_lowercase) {
        match c {
            '\'' | '’' | 'ʼ' | '`' | '\u{300}'..='\u{36f}' => {}
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

/// One Latin key for Cyrillic and Latin spellings of a word, doubled letters collapsed.
pub fn skeleton(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    let mut rest = folded.as_str();
    while !rest.is_empty() {
        let (key, used) = step(rest);
        for c in key.chars() {
            if c == ' ' || !out.ends_with(c) {
                out.push(c);
            }
        }
        rest = rest.get(used..).unwrap_or_default();
    }
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
    ("je", "e"),
    ("yo", "e"),
    ("yu", "iu"),
    ("iu", "iu"),
    ("ya", "ia"),
    ("ia", "ia"),
];

fn step(rest: &str) -> (&'static str, usize) {
    for (from, to) in CLUSTERS {
        if rest.starts_with(from) {
            return (to, from.len());
        }
    }
    let c = rest.chars().next().unwrap_or(' ');
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

    proptest! {
        #[test]
        fn folding_is_idempotent_and_never_panics(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            let key = skeleton(&text);
            prop_assert!(key.is_ascii());
        }
    }
}
