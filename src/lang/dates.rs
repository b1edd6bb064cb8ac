//! Days as people write them: `05.03.2026`, `5 марта`, `5-март`, `вчера`, `дирӯз`, `кечээ`.

use chrono::{Datelike, Days};

use super::fold;
use crate::domain::Day;

/// What a text says about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateAnswer {
    Day(Day),
    /// Looks like a day that no calendar has: 31.02, 29.02.2027.
    Impossible,
    /// Not a day.
    Unclear,
}

/// Reads a day. Without a year it is the latest such day not after `today`, unless that is over 300 days ago:
/// then the coming one (people mostly speak of an entry that was, sometimes of a near plan).
pub fn parse_date(text: &str, today: Day) -> DateAnswer {
    if text.len() > 200 {
        return DateAnswer::Unclear;
    }
    let folded = fold(text);
    if let Some(shift) = relative(&folded) {
        let day = if shift < 0 {
            today.checked_sub_days(Days::new(shift.unsigned_abs()))
        } else {
            today.checked_add_days(Days::new(shift.unsigned_abs()))
        };
        return day.map_or(DateAnswer::Unclear, DateAnswer::Day);
    }
    let mut numbers: Vec<i64> = Vec::new();
    let mut month = None;
    for word in words(&folded) {
        if word.bytes().all(|b| b.is_ascii_digit()) {
            let Ok(number) = word.parse() else { return DateAnswer::Unclear };
            numbers.push(number);
        } else if let Some(found) = month_of(word) {
            if month.replace(found).is_some() {
                return DateAnswer::Unclear;
            }
        } else if !FILLERS.contains(&word) {
            return DateAnswer::Unclear;
        }
    }
    let (year, month, day) = match (month, numbers.as_slice()) {
        (Some(month), [day]) => (None, month, *day),
        (Some(month), [day, year]) if *day <= 31 => (Some(*year), month, *day),
        (Some(month), [year, day]) => (Some(*year), month, *day),
        (None, [day, month]) if *day <= 31 && *month <= 99 => (None, *month, *day),
        (None, [year, month, day]) if *year >= 1000 => (Some(*year), *month, *day),
        (None, [day, month, year]) => (Some(*year), *month, *day),
        _ => return DateAnswer::Unclear,
    };
    let day_of = |year: i64| {
        Day::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    };
    match year {
        // A year far off is a slip of the keyboard.
        Some(year)
            if year >= 100
                && (year < i64::from(today.year()) - 100 || year > i64::from(today.year()) + 2) =>
        {
            DateAnswer::Impossible
        }
        Some(year) if (1..100).contains(&year) && 2000 + year > i64::from(today.year()) + 2 => {
            DateAnswer::Impossible
        }
        Some(year) if (1..100).contains(&year) => {
            day_of(2000 + year).map_or(DateAnswer::Impossible, DateAnswer::Day)
        }
        Some(year) => day_of(year).map_or(DateAnswer::Impossible, DateAnswer::Day),
        None => {
            let this = i64::from(today.year());
            let candidates: Vec<Day> = [this - 1, this, this + 1].into_iter().filter_map(day_of).collect();
            let latest = candidates.iter().copied().filter(|day| *day <= today).max();
            let coming = candidates.iter().copied().filter(|day| *day > today).min();
            match (latest, coming) {
                (Some(latest), coming) if (today - latest).num_days() <= 300 || coming.is_none() => {
                    DateAnswer::Day(latest)
                }
                (_, Some(coming)) => DateAnswer::Day(coming),
                _ => DateAnswer::Impossible,
            }
        }
    }
}

/// Words that may stand in a date and say nothing.
const FILLERS: &[&str] = &[
    "г",
    "год",
    "года",
    "числа",
    "число",
    "соли",
    "сол",
    "уми",
    "юми",
    "ум",
    "жыл",
    "жылы",
    "жылдын",
    "ж",
    "чи",
    "чу",
    "ы",
    "и",
    "го",
    "е",
];

fn relative(folded: &str) -> Option<i64> {
    Some(match folded {
        "сегодня" | "имруз" | "бугун" | "imruz" | "bugun" | "segodnya" => 0,
        "вчера" | "дируз" | "дина" | "кечээ" | "кече" | "vchera" | "diruz" | "kechee" => {
            -1
        }
        "позавчера" | "парируз" | "мурда куни" | "мурдагы куну" | "мурдагы кун" => {
            -2
        }
        "завтра" | "фардо" | "пагох" | "эртен" | "zavtra" | "erten" | "fardo" => 1,
        _ => return None,
    })
}

/// Splits at spaces and between digits and letters (`5марта`, `2026г`).
fn words(folded: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for word in folded.split(' ') {
        let mut start = 0;
        let mut last = None;
        for (at, c) in word.char_indices() {
            let digit = c.is_ascii_digit();
            if last.is_some_and(|last| last != digit) {
                out.extend(word.get(start..at));
                start = at;
            }
            last = Some(digit);
        }
        out.extend(word.get(start..));
    }
    out.retain(|word| !word.is_empty());
    out
}

/// Stems of the months: Russian, Tajik, Kyrgyz (borrowed) spellings share them; then Latin and Kyrgyz own names.
const MONTHS: &[(&str, i64)] = &[
    ("янв", 1),
    ("фев", 2),
    ("март", 3),
    ("мар", 3),
    ("апр", 4),
    ("май", 5),
    ("мая", 5),
    ("маи", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    ("yanv", 1),
    ("jan", 1),
    ("fev", 2),
    ("feb", 2),
    ("mart", 3),
    ("apr", 4),
    ("may", 5),
    ("iyun", 6),
    ("jun", 6),
    ("iyul", 7),
    ("jul", 7),
    ("avg", 8),
    ("aug", 8),
    ("sen", 9),
    ("okt", 10),
    ("oct", 10),
    ("noy", 11),
    ("nov", 11),
    ("dek", 12),
    ("dec", 12),
    ("ноё", 11),
    ("нояб", 11),
    ("сентя", 9),
];

fn month_of(word: &str) -> Option<i64> {
    if let Some((_, month)) = MONTHS.iter().find(|(stem, _)| word.starts_with(stem)) {
        return Some(*month);
    }
    Some(match word {
        "январь" => 1,
        "ноябр" | "ноябри" => 11,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(y: i32, m: u32, d: u32) -> DateAnswer {
        DateAnswer::Day(Day::from_ymd_opt(y, m, d).unwrap())
    }

    #[test]
    fn everyday_forms_are_read() {
        let today = Day::from_ymd_opt(2026, 11, 24).unwrap();
        for (text, expected) in [
            ("05.03.2026", day(2026, 3, 5)),
            ("5.3.26", day(2026, 3, 5)),
            ("2026-03-05", day(2026, 3, 5)),
            ("05/03", day(2026, 3, 5)),
            ("5 марта", day(2026, 3, 5)),
            ("5 марта 2026 г.", day(2026, 3, 5)),
            ("5-март", day(2026, 3, 5)),
            ("5 марти соли 2026", day(2026, 3, 5)),
            ("2026-жылдын 5-марты", day(2026, 3, 5)),
            ("5 mart", day(2026, 3, 5)),
            ("вчера", day(2026, 11, 23)),
            ("Дирӯз", day(2026, 11, 23)),
            ("кечээ", day(2026, 11, 23)),
            ("имрӯз", day(2026, 11, 24)),
            ("29 ноября", day(2026, 11, 29)),
            ("31.02", DateAnswer::Impossible),
            ("29.02.2027", DateAnswer::Impossible),
            ("31.02.2026", DateAnswer::Impossible),
            ("45.01.2026", DateAnswer::Impossible),
            ("05.11.2206", DateAnswer::Impossible),
            ("05.11.99", DateAnswer::Impossible),
            ("скоро", DateAnswer::Unclear),
            ("12345678901234567890", DateAnswer::Unclear),
            ("", DateAnswer::Unclear),
        ] {
            assert_eq!(parse_date(text, today), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>(), back in 0i64..40_000) {
            let today = Day::from_ymd_opt(2026, 11, 24).unwrap() - chrono::Duration::days(back);
            let _ = parse_date(&text, today);
        }
    }
}
