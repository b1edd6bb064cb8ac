//! Dated numbers of the law. Texts hold none: they ask for them by name.

use std::collections::HashMap;

use crate::domain::{Day, RoughDay};

/// A value that held or holds between two days.
#[derive(Clone, Debug)]
pub struct Figure {
    pub id: Box<str>,
    /// A region or the like; `None` for the whole country.
    pub key: Option<Box<str>>,
    /// As written: digits with a decimal point. Kept as text, so that `2.842` never becomes `2.8420000001`.
    pub value: Box<str>,
    pub unit: Unit,
    pub from: Day,
    /// Last day; `None`: until a newer figure starts.
    pub to: Option<Day>,
    pub source: Box<str>,
    /// Date of the source; `None` only where it has none.
    pub reviewed: Option<RoughDay>,
    pub review_by: Option<Day>,
    pub grade: Grade,
    pub line: usize,
}

impl Figure {
    pub fn number(&self) -> f64 {
        self.value.parse().unwrap_or(0.0)
    }

    /// Whether `day` lies in its period.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Roubles.
    Rub,
    /// Roubles a month.
    RubMonth,
    Days,
    WorkingDays,
    Months,
    Years,
    Percent,
    /// A bare number: a coefficient.
    Number,
    /// Kazakh tenge.
    Kzt,
    /// Kyrgyz som.
    Kgs,
    /// Tajik somoni.
    Tjs,
    /// US dollars.
    Usd,
    /// Monthly calculation indexes of Kazakhstan.
    Mrp,
    Hours,
}

impl Unit {
    pub const ALL: [(&'static str, Self); 14] = [
        ("rub", Self::Rub),
        ("rub-month", Self::RubMonth),
        ("days", Self::Days),
        ("working-days", Self::WorkingDays),
        ("months", Self::Months),
        ("years", Self::Years),
        ("percent", Self::Percent),
        ("number", Self::Number),
        ("kzt", Self::Kzt),
        ("kgs", Self::Kgs),
        ("tjs", Self::Tjs),
        ("usd", Self::Usd),
        ("mrp", Self::Mrp),
        ("hours", Self::Hours),
    ];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == text).map(|(_, unit)| unit)
    }
}

/// How sure a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    Found,
    /// Computed by the published formula.
    Calc,
    /// From a bill; may have changed.
    Draft,
}

impl Grade {
    pub const ALL: [(&'static str, Self); 3] =
        [("found", Self::Found), ("calc", Self::Calc), ("draft", Self::Draft)];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == text).map(|(_, grade)| grade)
    }
}

/// All figures, by id.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    by_id: HashMap<Box<str>, Vec<Figure>>,
    regions: Vec<Box<str>>,
}

impl Figures {
    pub fn new(figures: Vec<Figure>, regions: Vec<Box<str>>) -> Self {
        let mut by_id: HashMap<Box<str>, Vec<Figure>> = HashMap::new();
        for figure in figures {
            by_id.entry(figure.id.clone()).or_default().push(figure);
        }
        Self { by_id, regions }
    }

    /// The figure in force on `day`, `None` when none is known for that day.
    pub fn on(&self, id: &str, key: Option<&str>, day: Day) -> Option<&Figure> {
        self.by_id
            .get(id)?
            .iter()
            .filter(|figure| figure.key.as_deref() == key && figure.holds(day))
            .max_by_key(|figure| figure.from)
    }

    /// Whether what is said of a figure on `day` may be old: it has run out, or its review is due.
    pub fn is_stale(&self, id: &str, key: Option<&str>, day: Day) -> bool {
        self.on(id, key, day).is_none_or(|figure| figure.review_by.is_some_and(|by| by < day))
    }

    /// The same of a figure with all its keys, as a tool reads it: none holds on `day`, or a review is due.
    pub fn is_any_stale(&self, id: &str, day: Day) -> bool {
        let mut holding =
            self.by_id.get(id).into_iter().flatten().filter(|figure| figure.holds(day)).peekable();
        holding.peek().is_none() || holding.any(|figure| figure.review_by.is_some_and(|by| by < day))
    }

    pub fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Figure> {
        self.by_id.values().flatten()
    }

    /// Ids of regions in the order shown.
    pub fn regions(&self) -> &[Box<str>] {
        &self.regions
    }
}
