//! Deadlines after entering Russia: registration, patent, last day of stay.
//!
//! Rules and sources stand with the figures: `reg-days-tj`, `reg-days-kg`, `patent-apply-days`, `stay-days-year`.

use chrono::Days;

use super::{Inputs, Need, NeedKind, Outcome, Tool, Value, Vars, term};
use crate::domain::{Day, parse_day};

pub struct Deadlines;

/// Older entries are more likely a slip of the year than a stay.
const OLDEST_DAYS: i64 = 366;

impl Tool for Deadlines {
    fn name(&self) -> &'static str {
        "deadlines"
    }

    fn inputs(&self) -> &'static [Need] {
        const { &[Need::new("citizenship", NeedKind::OneOf), Need::new("entry", NeedKind::Date)] }
    }

    fn outcomes(&self) -> &'static [&'static str] {
        &["tj-in-time", "tj-late", "tj-over", "kg-in-time", "kg-over", "other", "future", "too-old"]
    }

    fn figures(&self) -> &'static [&'static str] {
        &["reg-days-tj", "reg-days-kg", "patent-apply-days", "stay-days-year"]
    }

    fn run(&self, inputs: &Inputs<'_>) -> Outcome {
        let Some(entry) = inputs.get("entry").and_then(parse_day) else {
            return Outcome { name: "other", vars: self.sample("other") };
        };
        let citizenship = inputs.get("citizenship").unwrap_or("other");
        let days = |id: &str| inputs.figures.on(id, None, inputs.today).map(|figure| figure.number() as u64);
        let registration = if citizenship == "KG" { days("reg-days-kg") } else { days("reg-days-tj") };
        let (Some(registration), Some(apply), Some(stay)) =
            (registration, days("patent-apply-days"), days("stay-days-year"))
        else {
            return Outcome { name: "other", vars: vars(entry, inputs.today, 0, 0, 0) };
        };
        let vars = vars(entry, inputs.today, registration, apply, stay);
        let since = (inputs.today - entry).num_days();
        let name = match citizenship {
            "TJ" | "KG" if since < 0 => "future",
            "TJ" | "KG" if since > OLDEST_DAYS => "too-old",
            // The n-th day is entry + n - 1.
            "TJ" if since >= stay as i64 => "tj-over",
            "TJ" if since >= apply as i64 => "tj-late",
            "TJ" => "tj-in-time",
            "KG" if since >= stay as i64 => "kg-over",
            "KG" => "kg-in-time",
            _ => "other",
        };
        Outcome { name, vars }
    }

    fn sample(&self, outcome: &str) -> Vars {
        let entry = Day::from_ymd_opt(2026, 11, 10).unwrap_or_default();
        let today = match outcome {
            "future" => entry.pred_opt(),
            "tj-late" => entry.checked_add_days(Days::new(40)),
            "tj-over" | "kg-over" => entry.checked_add_days(Days::new(100)),
            _ => entry.checked_add_days(Days::new(5)),
        };
        vars(entry, today.unwrap_or(entry), 15, 30, 90)
    }
}

fn vars(entry: Day, today: Day, registration: u64, apply: u64, stay: u64) -> Vars {
    let last = |days| term::last_day(entry, days);
    let left = |day| Value::Number(term::days_left(day, today));
    let (register_by, apply_by, stay_until) = (last(registration), last(apply), last(stay));
    Vars::from([
        ("entry".into(), Value::Day(entry)),
        ("register_by".into(), Value::Day(register_by)),
        ("apply_by".into(), Value::Day(apply_by)),
        ("stay_until".into(), Value::Day(stay_until)),
        ("days_left_register".into(), left(register_by)),
        ("days_left_apply".into(), left(apply_by)),
        ("days_left_stay".into(), left(stay_until)),
        ("days_since".into(), Value::Number((today - entry).num_days().max(0))),
    ])
}
