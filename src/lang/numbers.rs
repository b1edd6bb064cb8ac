//! Numbers as people write them: `45 000`, `45.000`, `12 500,50`, `16,5 %`, `40000 руб`.

/// What may stand after a number and says no more than what was asked for.
const UNITS: [&str; 14] = [
    "%",
    "процент",
    "процента",
    "процентов",
    "фоиз",
    "пайыз",
    "₽",
    "р",
    "руб",
    "рубль",
    "рубля",
    "рублей",
    "рубли",
    "рубл",
];

/// Most digits read, without the fraction.
const DIGITS_MAX: usize = 15;

/// A number of at least zero in its plain form: digits, and after a point one or two more where the fraction is not
/// zero. `None` where it could be read in two ways, or has words that change it ("45 тысяч").
pub fn parse_number(text: &str) -> Option<String> {
    if text.len() > 100 {
        return None;
    }
    let text = text.trim().to_lowercase();
    let end = text.find(|c: char| c.is_alphabetic() || matches!(c, '%' | '₽')).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let unit = unit.trim().trim_end_matches('.').trim_end();
    if !(unit.is_empty() || UNITS.contains(&unit)) {
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
    // Points between thousands: 1-3 digits, then threes.
    if let [first, rest @ ..] = whole
        && !rest.is_empty()
        && (first.len() > 3 || rest.iter().any(|group| group.len() != 3))
    {
        return None;
    }
    let whole = whole.concat();
    let whole = whole.trim_start_matches('0');
    if whole.len() > DIGITS_MAX {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
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
            assert_eq!(parse_number(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn what_could_mean_something_else_is_asked_again() {
        for text in [
            "",
            "сорок",
            "45 тысяч",
            "45к",
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
            assert_eq!(parse_number(text), None, "{text}");
        }
    }
}
