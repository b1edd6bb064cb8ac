//! Deadlines after entering Kazakhstan: notice of arrival, last day of stay without a permit.
//!
//! Rules and sources stand with the figures: `kz-notice-days` (working days), `kz-stay-days-kg`, `kz-stay-days-tj`.

use chrono::Days;

use super::{Inputs, Need, NeedKind, Outcome, Tool, Value, Vars, term};
use crate::{
    content::Unit,
    domain::{Day, parse_day},
};

pub struct KzDeadlines;

/// Older entries are more likely a slip of the year than a stay.
const OLDEST_DAYS: i64 = 366;

impl Tool for KzDeadlines {
    fn name(&self) -> &'static str {
        "kz-deadlines"
    }

    fn inputs(&self) -> &'static [Need] {
        const { &[Need::new("citizenship", NeedKind::OneOf), Need::new("entry", NeedKind::Date)] }
    }

    fn outcomes(&self) -> &'static [&'static str] {
        &["kg-in-time", "kg-over", "tj-in-time", "tj-over", "other", "future", "too-old"]
    }

    fn figures(&self) -> &'static [&'static str] {
        &["kz-notice-days", "kz-stay-days-kg", "kz-stay-days-tj"]
    }

    fn run(&self, inputs: &Inputs<'_>) -> Outcome {
        let Some(entry) = inputs.get("entry").and_then(parse_day) else {
            return Outcome { name: "other", vars: self.sample("other") };
        };
        let citizenship = inputs.get("citizenship").unwrap_or("other");
        let figure = |id: &str| inputs.figures.on(id, None, inputs.today);
        let stay = match citizenship {
            "KG" => figure("kz-stay-days-kg"),
            _ => figure("kz-stay-days-tj"),
        };
        let (Some(notice), Some(stay)) = (figure("kz-notice-days"), stay) else {
            return Outcome { name: "other", vars: vars(entry, inputs.today, entry, entry) };
        };
        let days = notice.number() as u64;
        let notice_by = match notice.unit {
            Unit::WorkingDays => term::last_working_day(entry, days),
            _ => term::last_day(entry, days),
        };
        let stay_until = term::last_day(entry, stay.number() as u64);
        let since = (inputs.today - entry).num_days();
        let is_over = inputs.today > stay_until;
        let name = match citizenship {
            "TJ" | "KG" if since < 0 => "future",
            "TJ" | "KG" if since > OLDEST_DAYS => "too-old",
            "KG" if is_over => "kg-over",
            "KG" => "kg-in-time",
            "TJ" if is_over => "tj-over",
            "TJ" => "tj-in-time",
            _ => "other",
        };
        Outcome { name, vars: vars(entry, inputs.today, notice_by, stay_until) }
    }

    fn sample(&self, outcome: &str) -> Vars {
        let entry = Day::from_ymd_opt(2026, 11, 10).unwrap_or_default();
        let today = match outcome {
            "future" => entry.pred_opt(),
            "kg-over" | "tj-over" => entry.checked_add_days(Days::new(100)),
            _ => entry.checked_add_days(Days::new(5)),
        };
        let stay_until = term::last_day(entry, 90);
        vars(entry, today.unwrap_or(entry), term::last_working_day(entry, 3), stay_until)
    }
}

fn vars(entry: Day, today: Day, notice_by: Day, stay_until: Day) -> Vars {
    Vars::from([
        ("entry".into(), Value::Day(entry)),
        ("notice_by".into(), Value::Day(notice_by)),
        ("stay_until".into(), Value::Day(stay_until)),
        ("days_left_stay".into(), Value::Number(term::days_left(stay_until, today))),
        ("days_since".into(), Value::Number((today - entry).num_days().max(0))),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tool::tests::{figures, ran};

    #[test]
    fn terms_end_on_their_days() {
        let figures = figures(&[
            ("kz-notice-days", "3", "working-days"),
            ("kz-stay-days-kg", "90", "days"),
            ("kz-stay-days-tj", "30", "days"),
        ]);
        for (citizenship, entry, today, outcome, notice_by, stay_until, left) in [
            // 2026-11-23 is a Monday.
            ("KG", "2026-11-23", "2026-11-23", "kg-in-time", "2026-11-25", "2027-02-20", 89),
            ("KG", "2026-11-23", "2027-02-20", "kg-in-time", "2026-11-25", "2027-02-20", 0),
            ("KG", "2026-11-23", "2027-02-21", "kg-over", "2026-11-25", "2027-02-20", -1),
            ("TJ", "2026-11-27", "2026-12-01", "tj-in-time", "2026-12-01", "2026-12-26", 25),
            ("TJ", "2026-11-27", "2026-12-26", "tj-in-time", "2026-12-01", "2026-12-26", 0),
            ("TJ", "2026-11-27", "2026-12-27", "tj-over", "2026-12-01", "2026-12-26", -1),
            ("TJ", "2026-11-27", "2026-11-26", "future", "2026-12-01", "2026-12-26", 30),
            ("KG", "2025-11-25", "2026-11-26", "kg-over", "2025-11-27", "2026-02-22", -1),
            ("KG", "2025-11-24", "2026-11-26", "too-old", "2025-11-26", "2026-02-21", -1),
            ("other", "2026-11-23", "2026-11-24", "other", "2026-11-25", "2026-12-22", 28),
        ] {
            let name = format!("{citizenship} {entry} {today}");
            let inputs = [("entry", entry), ("citizenship", citizenship)];
            let found = ran(&KzDeadlines, &figures, today, &inputs);
            let day = |text| Some(Value::Day(parse_day(text).unwrap()));
            assert_eq!(found.name, outcome, "{name}");
            assert_eq!(found.vars.get("notice_by").cloned(), day(notice_by), "{name}");
            assert_eq!(found.vars.get("stay_until").cloned(), day(stay_until), "{name}");
            assert_eq!(found.vars.get("days_left_stay"), Some(&Value::Number(left)), "{name}");
        }
    }

    #[test]
    fn without_an_answer_or_a_figure_it_promises_nothing() {
        let whole = figures(&[("kz-notice-days", "3", "working-days"), ("kz-stay-days-tj", "30", "days")]);
        assert_eq!(ran(&KzDeadlines, &whole, "2026-11-24", &[("entry", "2026-11-23")]).name, "other");
        assert_eq!(ran(&KzDeadlines, &whole, "2026-11-24", &[("citizenship", "TJ")]).name, "other");
        let inputs = [("entry", "2026-11-23"), ("citizenship", "KG")];
        assert_eq!(ran(&KzDeadlines, &whole, "2026-11-24", &inputs).name, "other");
    }
}
