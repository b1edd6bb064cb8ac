//! What an employer owes for late wages: 1/150 of the key rate of the Bank of Russia for each day late, at the least
//! (Labour Code of Russia, art. 236).
//!
//! The days run from the day after the one on which the wages were due up to and including the day of payment. The
//! wages are not paid yet, so that day is today. The person gives one rate for the whole time; where the rate has
//! changed, a court adds up the pieces.

use chrono::Months;

use super::{Inputs, Need, NeedKind, Outcome, Tool, Value, Vars};
use crate::domain::{Day, parse_day};

pub struct LateWages;

/// Older debts are beyond what a court takes (one year, art. 392), so the day is more likely a slip.
const OLDEST_MONTHS: u32 = 36;
/// Ten million roubles, in kopecks: more is a slip of the keyboard.
const AMOUNT_MAX: i64 = 1_000_000_000;
/// Percent a year, in hundredths: the rate has never been above 210 %.
const RATE_MAX: i64 = 30_000;

impl Tool for LateWages {
    fn name(&self) -> &'static str {
        "late-wages"
    }

    fn inputs(&self) -> &'static [Need] {
        const {
            &[
                Need::new("amount", NeedKind::Number),
                Need::new("since", NeedKind::Date),
                Need::new("rate", NeedKind::Number).optional(),
            ]
        }
    }

    fn outcomes(&self) -> &'static [&'static str] {
        &["computed", "formula", "not-late", "too-old", "bad-amount"]
    }

    fn figures(&self) -> &'static [&'static str] {
        &["work-late-divisor"]
    }

    fn run(&self, inputs: &Inputs<'_>) -> Outcome {
        let mut vars = Vars::new();
        let amount = inputs.get("amount").and_then(hundredths).filter(|sum| (1..=AMOUNT_MAX).contains(sum));
        let Some(amount) = amount else { return Outcome { name: "bad-amount", vars } };
        // Without a day nothing can be said to be late.
        let since = inputs.get("since").and_then(parse_day).unwrap_or(inputs.today);
        let days_late = (inputs.today - since).num_days().max(0);
        vars.extend(late(amount, since, days_late));
        let oldest = inputs.today.checked_sub_months(Months::new(OLDEST_MONTHS));
        if days_late == 0 {
            return Outcome { name: "not-late", vars };
        }
        if oldest.is_some_and(|oldest| since < oldest) {
            return Outcome { name: "too-old", vars };
        }
        let divisor = inputs.figures.on("work-late-divisor", None, inputs.today);
        let divisor =
            divisor.and_then(|figure| figure.value.parse::<i64>().ok()).filter(|divisor| *divisor > 0);
        let rate = inputs.get("rate").and_then(hundredths).filter(|rate| (1..=RATE_MAX).contains(rate));
        let (Some(rate), Some(divisor)) = (rate, divisor) else {
            return Outcome { name: "formula", vars };
        };
        let owed = compensation(amount, rate, divisor, days_late);
        vars.extend(computed(amount, rate, owed));
        Outcome { name: "computed", vars }
    }

    fn sample(&self, outcome: &str) -> Vars {
        let since = Day::from_ymd_opt(2026, 9, 15).unwrap_or_default();
        let (amount, rate) = (999_999_950, 1_625);
        let mut vars = Vars::new();
        if outcome != "bad-amount" {
            vars.extend(late(amount, since, if outcome == "not-late" { 0 } else { 70 }));
        }
        if outcome == "computed" {
            vars.extend(computed(amount, rate, compensation(amount, rate, 150, 70)));
        }
        vars
    }
}

fn late(amount: i64, since: Day, days_late: i64) -> Vars {
    Vars::from([
        ("amount".into(), Value::Kopecks(amount)),
        ("since".into(), Value::Day(since)),
        ("days_late".into(), Value::Number(days_late)),
    ])
}

fn computed(amount: i64, rate: i64, owed: i64) -> Vars {
    Vars::from([
        ("rate".into(), Value::Decimal(decimal(rate).into())),
        ("owed".into(), Value::Kopecks(owed)),
        ("total".into(), Value::Kopecks(amount.saturating_add(owed))),
    ])
}

/// `amount × rate ÷ 100 ÷ divisor × days`, in kopecks, rounded once at the end, halves up.
///
/// `rate`: percent a year in hundredths.
fn compensation(amount: i64, rate: i64, divisor: i64, days: i64) -> i64 {
    let product = i128::from(amount) * i128::from(rate) * i128::from(days);
    let by = 100 * 100 * i128::from(divisor.max(1));
    i64::try_from((2 * product + by) / (2 * by)).unwrap_or(i64::MAX)
}

/// `45000.5` as 4500050: what an ask has read, so a plain number with at most two decimals.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = match fraction.len() {
        0 => 0,
        1 => fraction.parse::<i64>().ok()?.checked_mul(10)?,
        2 => fraction.parse::<i64>().ok()?,
        _ => return None,
    };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fraction)
}

fn decimal(hundredths: i64) -> String {
    let (whole, fraction) = (hundredths / 100, hundredths % 100);
    match fraction {
        0 => whole.to_string(),
        _ if fraction % 10 == 0 => format!("{whole}.{}", fraction / 10),
        _ => format!("{whole}.{fraction:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tool::tests::{figures, ran};

    #[test]
    fn what_is_owed_is_counted_by_days() {
        let figures = figures(&[("work-late-divisor", "150", "number")]);
        for (amount, since, rate, outcome, days, owed) in [
            // Due the day before: one day late. 45000 × 16 % ÷ 150 = 48.
            ("45000", "2026-11-23", Some("16"), "computed", 1, Some(4_800)),
            ("45000", "2026-11-14", Some("16"), "computed", 10, Some(48_000)),
            // 45000.50 × 16.25 % ÷ 150 × 45 = 2193.774375.
            ("45000.5", "2026-10-10", Some("16.25"), "computed", 45, Some(219_377)),
            // 30000 × 21 % ÷ 150 × 299 = 12558.
            ("30000", "2026-01-29", Some("21"), "computed", 299, Some(1_255_800)),
            // Half a kopeck goes up: 0.75 × 100 % ÷ 150 × 1 = 0.005.
            ("0.75", "2026-11-23", Some("100"), "computed", 1, Some(1)),
            ("0.74", "2026-11-23", Some("100"), "computed", 1, Some(0)),
            ("45000", "2026-11-14", None, "formula", 10, None),
            ("45000", "2026-11-14", Some("0"), "formula", 10, None),
            ("45000", "2026-11-14", Some("1000"), "formula", 10, None),
            // Due today: it may still come today.
            ("45000", "2026-11-24", Some("16"), "not-late", 0, None),
            ("45000", "2026-12-10", Some("16"), "not-late", 0, None),
            ("45000", "2023-11-24", Some("16"), "computed", 1096, Some(5_260_800)),
            ("45000", "2023-11-23", Some("16"), "too-old", 1097, None),
        ] {
            let name = format!("{amount} {since} {rate:?}");
            let mut inputs = vec![("amount", amount), ("since", since)];
            inputs.extend(rate.map(|rate| ("rate", rate)));
            let found = ran(&LateWages, &figures, "2026-11-24", &inputs);
            assert_eq!(found.name, outcome, "{name}");
            assert_eq!(found.vars.get("days_late"), Some(&Value::Number(days)), "{name}");
            assert_eq!(found.vars.get("owed"), owed.map(Value::Kopecks).as_ref(), "{name}");
            let total = owed.map(|owed| Value::Kopecks(owed + hundredths(amount).unwrap()));
            assert_eq!(found.vars.get("total"), total.as_ref(), "{name}");
        }
    }

    #[test]
    fn sums_that_cannot_be_are_refused() {
        let figures = figures(&[("work-late-divisor", "150", "number")]);
        for amount in ["0", "", "x", "10000000.01", "99999999999999999999", "1.234"] {
            let inputs = [("amount", amount), ("since", "2026-11-01"), ("rate", "16")];
            assert_eq!(ran(&LateWages, &figures, "2026-11-24", &inputs).name, "bad-amount", "{amount}");
        }
        let inputs = [("amount", "10000000"), ("since", "2026-11-01"), ("rate", "16")];
        assert_eq!(ran(&LateWages, &figures, "2026-11-24", &inputs).name, "computed");
        assert_eq!(ran(&LateWages, &figures, "2026-11-24", &[]).name, "bad-amount");
    }

    #[test]
    fn without_the_divisor_the_formula_is_told() {
        let inputs = [("amount", "45000"), ("since", "2026-11-14"), ("rate", "16")];
        assert_eq!(ran(&LateWages, &figures(&[]), "2026-11-24", &inputs).name, "formula");
    }

    #[test]
    fn rates_are_shown_as_they_were_given() {
        for (text, hundredths_of, shown) in
            [("16", 1600, "16"), ("16.5", 1650, "16.5"), ("16.25", 1625, "16.25"), ("7.05", 705, "7.05")]
        {
            assert_eq!((hundredths(text), decimal(hundredths_of)), (Some(hundredths_of), shown.to_owned()));
        }
    }
}
