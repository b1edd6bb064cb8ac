//! Numbers as people write them: `45 000`, `45.000`, `12 500,50`, `16,5 %`, `40000 руб`, `45 тысяч`, `45к`, `сорок тысяч`,
//! `45000₽ примерно`.

use super::{amounts::amount, fold};

/// What may stand after a number and says no more than what was asked for; folded.
const UNITS: &[&str] = &[
    "процент",
    "процента",
    "процентов",
    "фоиз",
    "пайыз",
    "р",
    "руб",
    "рубль",
    "рубля",
    "рублей",
    "рубли",
    "рубл",
    "rub",
    "rubl",
    "rubley",
    "rubli",
    "rublya",
    "r",
];

/// Words for a thousand after a number of thousands, folded: Russian, Tajik, Kyrgyz ("мин" is "миң" without its letter).
const THOUSAND: &[&str] = &[
    "к",
    "k",
    "т",
    "тыс",
    "тыщ",
    "тыща",
    "тыщи",
    "тысяч",
    "тысяча",
    "тысячи",
    "тысячу",
    "хазор",
    "мин",
    "tys",
    "tis",
    "tysyach",
    "tysyacha",
    "tysyachi",
    "tisyach",
    "tisyachi",
    "hazor",
    "khazor",
    "ming",
    "min",
];

/// The same with the unit in it: "тысяч рублей".
const THOUSAND_ROUBLES: &[&str] = &["тр", "т р"];

/// "About", before a number or after it; folded. What is asked for is told as well as it is known.
const ABOUT: &[&str] = &[
    "примерно",
    "приблизительно",
    "около",
    "где то",
    "гдето",
    "такрибан",
    "тахминан",
    "болжол",
    "болжол менен",
    "болжолу",
    "чамасында",
    "чамалап",
    "primerno",
    "okolo",
];

/// Zeros of a thousand.
const THOUSAND_DIGITS: usize = 3;

/// Numbers in words from here on name thousands.
const SUM_IN_WORDS_MIN: i64 = 1_000;

/// Most digits read, without the fraction.
const DIGITS_MAX: usize = 15;

/// A number of at least zero in its plain form: digits, and after a point one or two more where the fraction is not
/// zero. `None` where it could be read in two ways, or has words that change it. `is_sum`: it may reach thousands, so
/// "45 тысяч" and "45к" are such; elsewhere "45 min" may be minutes. A sum in words names its thousands: "сорок" alone may
/// be forty of them.
pub fn parse_number(text: &str, is_sum: bool) -> Option<String> {
    if text.len() > 200 {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = without_about(&words);
    in_digits(&words.join(" "), is_sum).or_else(|| in_words(words, is_sum))
}

/// Words without "about" at either end.
fn without_about<'a, 'b>(mut words: &'a [&'b str]) -> &'a [&'b str] {
    let is_about = |some: &[&str]| ABOUT.contains(&fold(&some.join(" ")).as_str());
    for length in [2, 1] {
        if let Some((head, rest)) = words.split_at_checked(length)
            && is_about(head)
        {
            words = rest;
        }
        if let Some((rest, tail)) = words.len().checked_sub(length).and_then(|at| words.split_at_checked(at))
            && is_about(tail)
        {
            words = rest;
        }
    }
    words
}

fn in_words(words: &[&str], is_sum: bool) -> Option<String> {
    let words = match words {
        [rest @ .., unit] if UNITS.contains(&fold(unit).as_str()) => rest,
        words => words,
    };
    let number = amount(&words.join(" "))?;
    ((number >= SUM_IN_WORDS_MIN) == is_sum).then(|| number.to_string())
}

fn in_digits(text: &str, is_sum: bool) -> Option<String> {
    let text = text.trim_start_matches(['~', '≈']).trim().to_lowercase();
    let end = text.find(|c: char| c.is_alphabetic() || matches!(c, '%' | '₽')).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let is_thousands = is_thousands(unit)?;
    if is_thousands && !is_sum {
        return None;
    }
    let number: String = number.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
    let groups: Vec<&str> = number.split(['.', ',']).collect();
    let is_digits = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    if !groups.iter().all(is_digits) {
        return None;
    }
    let (whole, fraction) = match groups.as_slice() {
        [whole @ .., last] if !whole.is_empty() && last.len() <= 2 => (whole, *last),
        whole => (whole, ""),
    };
    // "45.000 тысяч" is one thing or the other.
    if is_thousands && whole.iter().map(|group| group.len()).sum::<usize>() > THOUSAND_DIGITS {
        return None;
    }
    // Points between thousands: 1-3 digits, then threes.
    if let [first, rest @ ..] = whole
        && !rest.is_empty()
        && (first.len() > 3 || rest.iter().any(|group| group.len() != 3))
    {
        return None;
    }
    let mut whole = whole.concat();
    let mut fraction = fraction;
    if is_thousands {
        // The point moves three places; a fraction has two at most.
        whole.push_str(fraction);
        whole.extend(std::iter::repeat_n('0', THOUSAND_DIGITS.saturating_sub(fraction.len())));
        fraction = "";
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > DIGITS_MAX {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

/// Whether what stands after a number makes thousands of it; `None` for other words.
fn is_thousands(unit: &str) -> Option<bool> {
    let signs: String =
        unit.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace() && *c != '.').collect();
    if !matches!(signs.as_str(), "" | "%" | "₽") {
        return None;
    }
    let words = fold(unit);
    if words.is_empty() || (UNITS.contains(&words.as_str()) && signs.is_empty()) {
        return Some(false);
    }
    if THOUSAND_ROUBLES.contains(&words.as_str()) {
        return Some(true);
    }
    let (thousand, rest) = words.split_once(' ').unwrap_or((&words, ""));
    let is_known = THOUSAND.contains(&thousand) && (rest.is_empty() || UNITS.contains(&rest)) && signs != "%";
    is_known.then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_rates_are_read() {
        for (text, number) in [
            ("45000", "45000"),
            (" 45 000 ", "45000"),
            ("45\u{a0}000 ₽", "45000"),
            ("45.000", "45000"),
            ("1.250.000,50 руб.", "1250000.5"),
            ("45 000,05", "45000.05"),
            ("16,5", "16.5"),
            ("16.50 %", "16.5"),
            ("16%", "16"),
            ("0,5", "0.5"),
            ("007", "7"),
            ("0", "0"),
            ("40000р", "40000"),
            ("999999999999999", "999999999999999"),
        ] {
            assert_eq!(parse_number(text, true).as_deref(), Some(number), "{text}");
            assert_eq!(parse_number(text, false).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn thousands_of_a_sum_are_read() {
        for (text, number) in [
            ("45 тысяч", "45000"),
            ("45тыс.", "45000"),
            ("45 тыс руб", "45000"),
            ("45 тысяч рублей", "45000"),
            ("45к", "45000"),
            ("45k", "45000"),
            ("45 т.р.", "45000"),
            ("45,5 тысяч", "45500"),
            ("1.25к", "1250"),
            ("45 ҳазор", "45000"),
            ("45 хазор рубл", "45000"),
            ("45 миң", "45000"),
            ("45 мин", "45000"),
            ("45 min", "45000"),
            ("45 ming", "45000"),
            ("45 тыс ₽", "45000"),
        ] {
            assert_eq!(parse_number(text, true).as_deref(), Some(number), "{text}");
            assert_eq!(parse_number(text, false), None, "{text}");
        }
    }

    #[test]
    fn sums_in_words_and_about_so_much_are_read() {
        for (text, number) in [
            ("сорок пять тысяч рублей", "45000"),
            ("сто двадцать тысяч", "120000"),
            ("тысяча", "1000"),
            ("чилу панҷ ҳазор", "45000"),
            ("кырк миң", "40000"),
            ("kirk ming", "40000"),
            ("45000₽ примерно", "45000"),
            ("примерно 45000", "45000"),
            ("около 45 тысяч рублей", "45000"),
            ("где-то 45000", "45000"),
            ("болжол менен 45 миң", "45000"),
            ("~45000", "45000"),
        ] {
            assert_eq!(parse_number(text, true).as_deref(), Some(number), "{text}");
        }
        assert_eq!(parse_number("двадцать один", false).as_deref(), Some("21"));
        assert_eq!(parse_number("шестнадцать процентов", false).as_deref(), Some("16"));
        assert_eq!(parse_number("сорок тысяч", false), None);
    }

    #[test]
    fn what_could_mean_something_else_is_asked_again() {
        for text in [
            "",
            "сорок",
            "примерно",
            "сорок тысяч сомони",
            "сорок или пятьдесят тысяч",
            "45 000 тысяч",
            "45.000 тысяч",
            "45 тысяч сомони",
            "45 тысяч тысяч",
            "45 тысяч %",
            "45000 сом",
            "45 минут",
            "45 тысяч или 50",
            "-5",
            "1e5",
            "12,5,5",
            "4500.000",
            "1.23.456",
            ",5",
            "5,",
            "16,525.1,2",
            "1234567890123456",
            "3 дня",
            "%",
        ] {
            assert_eq!(parse_number(text, true), None, "{text}");
        }
    }
}
