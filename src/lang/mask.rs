//! Personal data out of a question that is kept for staff.

use super::fold;

/// Stands for a masked word.
const MASK: &str = "…";

/// Words after which a name follows.
const NAME_FOLLOWS: [&str; 12] = [
    "зовут",
    "имя",
    "фамилия",
    "отчество",
    "номам",
    "исмам",
    "насабам",
    "атым",
    "аты",
    "фамилиям",
    "гражданин",
    "гражданка",
];

/// The folded text without numbers (phones, passports, sums), addresses of mail and web, and names: words with a capital
/// letter inside a sentence that `is_known` does not know, and what follows "my name is".
pub fn mask(text: &str, is_known: impl Fn(&str) -> bool) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut begins = true;
    let mut name_words = 0_u8;
    for word in text.split_whitespace() {
        let folded = fold(word);
        let ends = word.ends_with(['.', '!', '?', '\n']);
        let is_capital = word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
            && word.chars().filter(|c| c.is_alphabetic()).any(char::is_lowercase);
        let hides = word.contains('@')
            || word.contains("://")
            || word.to_lowercase().starts_with("www.")
            || word.chars().any(char::is_numeric)
            || name_words > 0
            || (is_capital && !begins && !is_known(&folded));
        name_words = name_words.saturating_sub(1);
        if hides {
            if out.last().is_none_or(|last| last != MASK) {
                out.push(MASK.to_owned());
            }
        } else if !folded.is_empty() {
            if NAME_FOLLOWS.contains(&folded.as_str()) {
                name_words = 2;
            }
            out.push(folded);
        }
        begins = ends;
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_addresses_are_hidden_and_the_question_stays() {
        let known = |word: &str| word.starts_with("москв");
        for (text, masked) in [
            ("Меня зовут Фаррух Каримов, где патент?", "меня зовут … где патент"),
            ("паспорт AB1234567 потерял в Москве", "паспорт … потерял в москве"),
            ("Позвоните +992 900 12-34-56 Саидову", "позвоните …"),
            ("Пишите на a.b@mail.ru или https://t.me/x", "пишите на … или …"),
            ("Номам Зарина Раҳимова аст", "номам … аст"),
        ] {
            assert_eq!(mask(text, known), masked);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_digit_is_left(text in proptest::prelude::any::<String>()) {
            proptest::prop_assert!(!mask(&text, |_| true).chars().any(char::is_numeric));
        }
    }
}
