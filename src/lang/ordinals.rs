//! The number of a choice, in digits or words: `3`, `№3`, `3-й`, `пункт 3`, «третий», «сеюм», «үчүнчү».

use super::{
    Words,
    dates::is_ending,
    fold, skeleton,
    spoken::{LARGE, spoken},
};

/// Longest text that is looked at, in bytes.
const BYTES_MAX: usize = 100;

/// "Он" is ten in Kyrgyz, "he" and "that" in the other languages: no choice.
const TEN: &str = "on";

impl Words {
    /// The number that a whole text tells, small words around it aside.
    pub fn choice_number(&self, text: &str) -> Option<usize> {
        if text.len() > BYTES_MAX {
            return None;
        }
        let folded = fold(text);
        let mut number = None;
        let mut was_digits = false;
        for word in folded.split(' ') {
            let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
            let (digits, rest) = word.split_at_checked(digits)?;
            let key = skeleton(rest);
            let told = if !digits.is_empty() {
                if !rest.is_empty() && !is_ending(&key) {
                    return None;
                }
                Some(digits.parse().ok()?)
            } else if (was_digits && is_ending(&key)) || self.around_numbers.contains(&key) {
                None
            } else {
                let told = spoken(&key).filter(|told| key != TEN && told.value < LARGE)?;
                Some(usize::try_from(told.value).ok()?)
            };
            was_digits = !digits.is_empty();
            if told.is_some() && number.is_some() {
                return None;
            }
            number = told.or(number);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_choice_is_told_in_digits_and_words() {
        let words = Words::embedded().unwrap();
        for (text, number) in [
            ("3", 3),
            ("3.", 3),
            ("№3", 3),
            ("N 3", 3),
            ("3-й", 3),
            ("3й", 3),
            ("пункт 3", 3),
            ("цифра 3", 3),
            ("третий пункт", 3),
            ("первый", 1),
            ("первое", 1),
            ("один", 1),
            ("два", 2),
            ("второй вариант", 2),
            ("рақами се", 3),
            ("банди сеюм", 3),
            ("якум", 1),
            ("дуюмӣ", 2),
            ("биринчи", 1),
            ("экинчи пункт", 2),
            ("3-пункт", 3),
            ("үчүнчүсү", 3),
            ("vtoroy", 2),
            ("uchunchu", 3),
        ] {
            assert_eq!(words.choice_number(text), Some(number), "{text}");
        }
        for text in
            ["", "пункт", "два гражданства", "1 2", "он", "сто", "3 дня", "45к", "первый раз", "3 или 4"]
        {
            assert_eq!(words.choice_number(text), None, "{text}");
        }
    }
}
