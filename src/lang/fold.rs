//! Folding: what a person types without Tajik or Kyrgyz letters, or in Latin, meets what we wrote.
//!
//! Source of the tables: the measurements behind the language plan (folded letters, Latin skeleton).

use unicode_normalization::UnicodeNormalization;

/// Lower case, own letters to their Russian look-alikes, punctuation to single spaces. A word in two alphabets whose
/// letters of one only look like those of the other (`пaтeнт` with a Latin `a` and `e`) is written in one.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = Word::default();
    for c in text.nfc() {
        for small in c.to_lowercase() {
            match small {
                '\'' | '’' | 'ʼ' | '‘' | 'ʻ' | '`' | '´' | '\u{300}'..='\u{36f}' => {}
                // Nothing to see: soft hyphen, zero-width characters, direction marks.
                '\u{ad}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}' => {}
                small if small.is_alphanumeric() => {
                    let letter = fold_letter(small);
                    word.note(letter, small == c && small.is_alphabetic());
                    out.push(letter);
                }
                _ => {
                    if !out.is_empty() && !out.ends_with(' ') {
                        word.end(&mut out);
                        out.push(' ');
                    }
                    word = Word { start: out.len(), ..Word::default() };
                }
            }
        }
    }
    word.end(&mut out);
    out.truncate(out.trim_end().len());
    out
}

/// What a word in the making is written in.
#[derive(Clone, Copy, Default)]
struct Word {
    /// Where it begins in the folded text.
    start: usize,
    is_latin: bool,
    is_cyrillic: bool,
    /// It has a small letter.
    has_small: bool,
}

impl Word {
    const fn note(&mut self, letter: char, is_small: bool) {
        self.is_latin |= letter.is_ascii_alphabetic();
        self.is_cyrillic |= matches!(letter, 'а'..='я');
        self.has_small |= is_small;
    }

    /// Writes a word of two alphabets in the one that its own letters belong to. One with letters of both, and one with
    /// a sound that Latin typists write by two, is a mixture on purpose and stays: `patentим`, `akchaны`.
    fn end(self, out: &mut String) {
        if !(self.is_latin && self.is_cyrillic) {
            return;
        }
        let word = out.get(self.start..).unwrap_or_default();
        let has_latin = word.chars().any(|c| c.is_ascii_alphabetic() && to_cyrillic(c, false) == c)
            || ["ch", "sh", "kh", "gh", "zh"].iter().any(|pair| word.contains(pair));
        let has_cyrillic = word.chars().any(|c| matches!(c, 'а'..='я') && to_latin(c) == c);
        let mended: String = match (has_latin, has_cyrillic) {
            (false, _) => word.chars().map(|c| to_cyrillic(c, !self.has_small)).collect(),
            (true, false) => word.chars().map(to_latin).collect(),
            (true, true) => return,
        };
        out.truncate(self.start);
        out.push_str(&mended);
    }
}

/// The Cyrillic letter that a Latin one looks like; in capitals H and B look like Н and В, in small letters they stand
/// for a sound.
const fn to_cyrillic(c: char, is_capital: bool) -> char {
    match c {
        'a' => 'а',
        'b' if is_capital => 'в',
        'b' => 'б',
        'c' => 'с',
        'e' => 'е',
        'h' if is_capital => 'н',
        'h' => 'х',
        'i' => 'и',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        c => c,
    }
}

const fn to_latin(c: char) -> char {
    match c {
        'а' => 'a',
        'е' => 'e',
        'к' => 'k',
        'м' => 'm',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        c => c,
    }
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
    fn letters_of_the_other_alphabet_that_only_look_alike_are_read() {
        for (text, folded) in [
            ("пaтeнт cкoлькo cтoит", "патент сколько стоит"),
            ("ПATEHT", "патент"),
            ("MOCKBА", "москва"),
            ("мaълумот", "маълумот"),
            ("маhалла", "махалла"),
            ("раtеnt", "patent"),
            // On purpose.
            ("patentим", "patentим"),
            ("WhatsAppтан", "whatsappтан"),
            ("akchaны", "akchaны"),
            ("pasport СНИЛС", "pasport снилс"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
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

        /// Any text seldom holds a word in two alphabets.
        #[test]
        fn words_in_two_alphabets_fold_once(text in "[abcehkmoptxyiwnsгзABCEHKMOPTXYWавекмнорстухжиыӯҳҷқӣғөүңё' ]{0,16}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            let key = skeleton(&text);
            prop_assert_eq!(skeleton(&once), key.clone());
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
