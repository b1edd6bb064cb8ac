//! Days, sums and numbers in the three languages. Words come from `bot.ftl`.

use fluent_bundle::{
    FluentValue,
    types::{FluentNumber, FluentNumberOptions},
};

use crate::{
    content::{Figure, Release, Unit},
    domain::{Day, Locale, RoughDay},
    engine::Value,
    text::{Args, Texts, group},
};
use chrono::Datelike;

/// A variable as its text gets it.
pub(super) fn value(release: &Release, locale: Locale, value: &Value) -> FluentValue<'static> {
    let interface = &release.interface;
    match value {
        Value::Number(number) => FluentValue::from(*number),
        Value::Text(text) => FluentValue::from(text.to_string()),
        Value::Id(id) => FluentValue::from(id.to_string()),
        Value::Day(date) => FluentValue::from(day(interface, locale, *date)),
        Value::Month(year, number) => FluentValue::from(month(interface, locale, *year, *number)),
        Value::Kopecks(sum) => FluentValue::from(kopecks(*sum)),
        Value::Decimal(text) => FluentValue::from(text.replace('.', ",")),
        Value::Option(ask, option) => {
            let label = release.texts.format(locale, ask.as_str(), Some(&format!("opt-{option}")), None);
            FluentValue::from(label.map_or_else(|| option.to_string(), std::borrow::Cow::into_owned))
        }
    }
}

/// `24 ноября 2026`, `24 ноябри соли 2026`, `2026-жылдын 24-ноябры`.
pub fn day(interface: &Texts, locale: Locale, day: Day) -> String {
    let mut args = Args::new();
    args.set("day", i64::from(day.day()));
    args.set("month", i64::from(day.month()));
    args.set("year", day.year().to_string());
    interface
        .format(locale, "date", None, Some(&args))
        .map_or_else(|| day.to_string(), std::borrow::Cow::into_owned)
}

/// `ноябрь 2026`.
pub fn month(interface: &Texts, locale: Locale, year: i32, month: u32) -> String {
    let mut args = Args::new();
    args.set("month", i64::from(month));
    args.set("year", year.to_string());
    interface
        .format(locale, "month-year", None, Some(&args))
        .map_or_else(|| format!("{month:02}.{year}"), std::borrow::Cow::into_owned)
}

/// A source's date in words, no more exact than the source: a day, `ноябрь 2026`, `2026 год`.
pub fn rough(interface: &Texts, locale: Locale, date: RoughDay) -> String {
    match date {
        RoughDay::Day(date) => day(interface, locale, date),
        RoughDay::Month(year, number) => month(interface, locale, year, number),
        RoughDay::Year(year) => {
            let mut args = Args::new();
            args.set("year", year.to_string());
            interface
                .format(locale, "year", None, Some(&args))
                .map_or_else(|| year.to_string(), std::borrow::Cow::into_owned)
        }
    }
}

/// The same in digits, beside the name of a source: `24.11.2026`, `11.2026`, `2026`.
pub fn short(date: RoughDay) -> String {
    match date {
        RoughDay::Day(date) => date.format("%d.%m.%Y").to_string(),
        RoughDay::Month(year, month) => format!("{month:02}.{year}"),
        RoughDay::Year(year) => year.to_string(),
    }
}

/// `10 000 ₽`, `622,56 ₽`.
pub fn kopecks(sum: i64) -> String {
    let (roubles, rest) = (sum / 100, (sum % 100).abs());
    if rest == 0 {
        format!("{}\u{A0}₽", group(roubles))
    } else {
        format!("{},{rest:02}\u{A0}₽", group(roubles))
    }
}

/// A figure with its unit.
pub(super) fn figure(interface: &Texts, locale: Locale, figure: &Figure) -> String {
    let number = || match figure.value.split_once('.') {
        None => group(figure.number() as i64),
        Some((whole, fraction)) => format!("{},{fraction}", group(whole.parse().unwrap_or(0))),
    };
    let id = match figure.unit {
        Unit::Rub | Unit::RubMonth => return format!("{}\u{A0}₽", number()),
        Unit::Percent => return format!("{}\u{A0}%", number()),
        Unit::Number => return number(),
        Unit::Days => "unit-days",
        Unit::WorkingDays => "unit-working-days",
        Unit::Months => "unit-months",
        Unit::Years => "unit-years",
        Unit::Hours => "unit-hours",
        Unit::Kzt => "unit-kzt",
        Unit::Kgs => "unit-kgs",
        Unit::Tjs => "unit-tjs",
        Unit::Usd => "unit-usd",
        Unit::Mrp => "unit-mrp",
    };
    let mut args = Args::new();
    args.set("n", counted(figure));
    interface.format(locale, id, None, Some(&args)).map_or_else(number, std::borrow::Cow::into_owned)
}

/// The value as Fluent counts it, with the fraction as it is written: `0.50` stays so.
fn counted(figure: &Figure) -> FluentNumber {
    let fraction = figure.value.split_once('.').map(|(_, fraction)| fraction.len());
    let options = FluentNumberOptions { minimum_fraction_digits: fraction, ..FluentNumberOptions::default() };
    FluentNumber::new(figure.number(), options)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::content::{Grade, interface_files};

    #[test]
    fn a_source_of_a_year_is_no_first_of_january() {
        let interface = Arc::new(Texts::load(interface_files().texts()).0);
        for (text, digits, words) in [
            ("2024", "2024", ["2024 год", "соли 2024", "2024-жыл"]),
            ("2024-05", "05.2024", ["май 2024", "майи соли 2024", "2024-жылдын майы"]),
            ("2024-01-01", "01.01.2024", ["1 января 2024", "1 январи соли 2024", "2024-жылдын 1-январы"]),
        ] {
            let date = RoughDay::parse(text).unwrap();
            assert_eq!(short(date), digits);
            assert_eq!(Locale::ALL.map(|locale| rough(&interface, locale, date)), words.map(str::to_owned));
        }
    }

    #[test]
    fn each_unit_is_written_in_each_language() {
        let files = interface_files();
        let interface = Arc::new(Texts::load(files.texts()).0);
        let of = |value: &str, unit: Unit| {
            let figure = Figure {
                id: "x".into(),
                key: None,
                value: value.into(),
                unit,
                from: Day::default(),
                to: None,
                source: "s".into(),
                reviewed: None,
                review_by: None,
                grade: Grade::Found,
                line: 1,
            };
            Locale::ALL.map(|locale| super::figure(&interface, locale, &figure))
        };
        for (value, unit, [ru, tg, ky]) in [
            ("1", Unit::Hours, ["1 час", "1 соат", "1 саат"]),
            ("72", Unit::Hours, ["72 часа", "72 соат", "72 саат"]),
            ("48", Unit::Hours, ["48 часов", "48 соат", "48 саат"]),
            ("1.5", Unit::Hours, ["1,5 часа", "1,5 соат", "1,5 саат"]),
            ("12500", Unit::Kzt, ["12\u{A0}500 тенге", "12\u{A0}500 тенге", "12\u{A0}500 теңге"]),
            ("1000", Unit::Kgs, ["1\u{A0}000 сомов", "1\u{A0}000 соми қирғизӣ", "1\u{A0}000 сом"]),
            ("0.50", Unit::Tjs, ["0,50 сомони", "0,50 сомонӣ", "0,50 сомони"]),
            ("21", Unit::Usd, ["21 доллар", "21 доллар", "21 доллар"]),
            ("3", Unit::Mrp, ["3 МРП", "3 МРП", "3 МРП"]),
            ("5", Unit::Days, ["5 дней", "5 рӯз", "5 күн"]),
        ] {
            assert_eq!(of(value, unit), [ru, tg, ky].map(str::to_owned));
        }
        // Each unit has its text: a missing one would come back as the bare number.
        for (name, unit) in Unit::ALL.into_iter().filter(|(name, _)| *name != "number") {
            assert!(of("7", unit).iter().all(|text| text != "7"), "{name}");
        }
    }
}
