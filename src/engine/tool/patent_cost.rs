//! The monthly payment for a patent: 1,200 × deflator of the year × coefficient of the region (tax code, art. 227.1).

use chrono::{Datelike, Months};

use super::{Inputs, Need, NeedKind, Outcome, Tool, Value, Vars};
use crate::{
    content::{Figure, Grade},
    domain::Day,
};

pub struct PatentCost;

impl Tool for PatentCost {
    fn name(&self) -> &'static str {
        "patent-cost"
    }

    fn inputs(&self) -> &'static [Need] {
        const { &[Need::new("month", NeedKind::OneOf), Need::new("region", NeedKind::OneOf)] }
    }

    fn outcomes(&self) -> &'static [&'static str] {
        &["known", "draft", "computed", "not-published", "unknown-region"]
    }

    fn figures(&self) -> &'static [&'static str] {
        &["patent-payment", "patent-coefficient", "deflator", "ndfl-base"]
    }

    fn run(&self, inputs: &Inputs<'_>) -> Outcome {
        let month = month_of(inputs.get("month").unwrap_or("this"), inputs.today);
        let mut vars = Vars::from([
            ("month".into(), Value::Month(month.year(), month.month())),
            ("year".into(), Value::Id(month.year().to_string().into())),
        ]);
        if let Some(label) = inputs.label("region") {
            vars.insert("region_name".into(), label);
        }
        let region = inputs.get("region").unwrap_or("other");
        if region == "other" {
            return Outcome { name: "unknown-region", vars };
        }
        let figures = inputs.figures;
        let deflator = figures.on("deflator", None, month);
        let base = figures.on("ndfl-base", None, month);
        let coefficient = figures.on("patent-coefficient", Some(region), month);
        let decimal = |figure: &Figure| Value::Decimal(figure.value.clone());
        if let Some(base) = base {
            vars.insert("base".into(), Value::Kopecks(kopecks(base.number())));
        }
        vars.insert("deflator".into(), deflator.map_or_else(unknown, decimal));
        vars.insert("coefficient".into(), coefficient.map_or_else(unknown, decimal));
        if let Some(payment) = figures.on("patent-payment", Some(region), month) {
            vars.insert("payment".into(), Value::Kopecks(kopecks(payment.number())));
            let name = match payment.grade {
                Grade::Found => "known",
                Grade::Calc => "computed",
                Grade::Draft => "draft",
            };
            return Outcome { name, vars };
        }
        if let (Some(base), Some(deflator), Some(coefficient)) = (base, deflator, coefficient) {
            let payment = base.number() * deflator.number() * coefficient.number();
            vars.insert("payment".into(), Value::Kopecks(kopecks(payment.round())));
            let sure = [base, deflator, coefficient].iter().all(|figure| figure.grade != Grade::Draft);
            return Outcome { name: if sure { "computed" } else { "draft" }, vars };
        }
        Outcome { name: "not-published", vars }
    }

    fn sample(&self, _outcome: &str) -> Vars {
        Vars::from([
            ("month".into(), Value::Month(2026, 11)),
            ("year".into(), Value::Id("2026".into())),
            ("payment".into(), Value::Kopecks(2_728_300)),
            ("base".into(), Value::Kopecks(120_000)),
            ("deflator".into(), Value::Decimal("2.842".into())),
            ("coefficient".into(), Value::Decimal("2.9323".into())),
            ("region_name".into(), Value::Id("a region with a long name".into())),
        ])
    }
}

fn unknown() -> Value {
    Value::Decimal("?".into())
}

fn kopecks(roubles: f64) -> i64 {
    (roubles * 100.0).round() as i64
}

/// First day of the month that an option of the `month` question names: `this`, `next`, or the coming January,
/// when the figures of the year change.
fn month_of(option: &str, today: Day) -> Day {
    let this = today.with_day(1).unwrap_or(today);
    let shift = match option {
        "next" => 1,
        "jan" => 13 - this.month(),
        _ => 0,
    };
    this.checked_add_months(Months::new(shift)).unwrap_or(this)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_from_today() {
        let day = |y, m, d| Day::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(month_of("this", day(2026, 11, 24)), day(2026, 11, 1));
        assert_eq!(month_of("next", day(2026, 12, 31)), day(2027, 1, 1));
        assert_eq!(month_of("jan", day(2026, 11, 24)), day(2027, 1, 1));
        assert_eq!(month_of("jan", day(2027, 1, 5)), day(2028, 1, 1));
    }
}
