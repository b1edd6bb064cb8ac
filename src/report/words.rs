//! The words of a report, in its language.

use std::fmt::Display;

use crate::{
    domain::{Day, StaffLocale, Timestamp},
    indicators::{Dimension, Indicator, Settings, Shown, UNKNOWN, Window, percent},
    text::{Args, StaffTexts},
};

/// Texts of `report.ftl` in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub texts: &'a StaffTexts,
    pub locale: StaffLocale,
}

impl Words<'_> {
    pub fn t(&self, id: &str) -> String {
        self.texts.get(self.locale, id, None)
    }

    /// A text with variables.
    pub fn with(&self, id: &str, variables: &[(&str, &dyn Display)]) -> String {
        let mut args = Args::new();
        for (name, value) in variables {
            args.set((*name).to_owned(), value.to_string());
        }
        self.texts.get(self.locale, id, Some(&args))
    }

    /// What an indicator is called.
    pub fn indicator(&self, settings: &Settings, indicator: Indicator) -> String {
        match settings.indicators.get(&indicator) {
            Some(line) => line.wording.get(self.locale).to_owned(),
            None => self.t("report-estimate"),
        }
    }

    pub fn dimension(&self, dimension: Dimension) -> String {
        match dimension {
            Dimension::All => self.t("report-total"),
            _ => self.t(&format!("report-by-{}", dimension.as_str().replace('_', "-"))),
        }
    }

    /// What a value of a dimension is called. Codes and countries that have no name of their own are told as they are.
    pub fn value(&self, dimension: Dimension, value: &str) -> String {
        if value == UNKNOWN {
            return self.t("report-not-stated");
        }
        let family = match dimension {
            Dimension::Origin | Dimension::Stay | Dimension::Centre => "country",
            Dimension::FirstTouch | Dimension::LastTouch => "touch",
            other => other.as_str(),
        };
        let id = format!("report-{family}-{value}");
        if self.texts.has(self.locale, &id) { self.t(&id) } else { value.to_owned() }
    }

    /// A period as people write it: `2026, 2nd quarter`.
    pub fn period(&self, window: Window) -> String {
        match window {
            Window::Quarter(quarter) => self.with(
                "report-quarter",
                &[("quarter", &(quarter.rem_euclid(4) + 1)), ("year", &quarter.div_euclid(4))],
            ),
            other => other.to_string(),
        }
    }

    /// An instant in the programme's zone: `2026-07-10 23:59`.
    pub fn instant(at: Timestamp, offset_minutes: i32) -> String {
        format!("{} {}", at.day(offset_minutes), at.clock(offset_minutes))
    }

    /// A whole number with its thousands parted.
    pub fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let parting = self.t("report-thousands");
        let mut out = String::from(if number < 0 { "\u{2212}" } else { "" });
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                out.push_str(&parting);
            }
            out.push(digit);
        }
        out
    }

    /// Tenths of a percent, without the sign.
    pub fn percent(&self, tenths: u64) -> String {
        percent(tenths).replace('.', &self.t("report-decimal"))
    }

    pub fn shown(&self, shown: Shown) -> String {
        match shown {
            Shown::Number(n) => self.number(i64::try_from(n).unwrap_or(i64::MAX)),
            other => other.to_string(),
        }
    }
}

/// The last day of a window.
pub(super) fn last_day(window: Window) -> Option<Day> {
    window.end()?.pred_opt()
}

/// The first day of a window.
pub(super) fn first_day(window: Window) -> Option<Day> {
    let first = window.months()?.0;
    Window::Month(first - 1).end()
}
