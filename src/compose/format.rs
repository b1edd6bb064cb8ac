//! Days, sums and numbers in the three languages. Words come from `bot.ftl`.

use fluent_bundle::FluentValue;

use crate::{
    content::{Figure, Release, Unit},
    domain::{Day, Locale},
    engine::Value,
    text::{Args, Texts, group},
};
use chrono::Datelike;

/// A variable as its text gets it.
pub(super) fn value(release: &Release, locale: Locale, value: &Value) -> FluentValue<'static> {
    let interface = &release.interface;
    match value {
        Value::Number(number) => FluentValue::from(*number),
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
    };
    let mut args = Args::new();
    args.set("n", figure.number() as i64);
    interface.format(locale, id, None, Some(&args)).map_or_else(number, std::borrow::Cow::into_owned)
}
