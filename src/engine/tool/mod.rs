//! Tools: small computations on dated figures. A new tool is one file and one line in [`ALL`].

mod deadlines;
mod kz_deadlines;
mod late_wages;
mod patent_cost;
mod term;

use std::{borrow::Cow, collections::BTreeMap};

use super::Value;
use crate::{
    content::{Answer, Figures},
    domain::{Day, NodeId},
};

/// Variables of an outcome's text.
pub type Vars = BTreeMap<Cow<'static, str>, Value>;

/// A computation with named inputs and named outcomes.
pub trait Tool: Sync {
    /// The word in `tool = "…"`.
    fn name(&self) -> &'static str;
    /// What a node supplies, in the order in which people are asked.
    fn inputs(&self) -> &'static [Need];
    /// Outcomes: the text has `.out-<outcome>` for each.
    fn outcomes(&self) -> &'static [&'static str];
    /// Figures that it reads.
    fn figures(&self) -> &'static [&'static str];
    fn run(&self, inputs: &Inputs<'_>) -> Outcome;
    /// Variables as each outcome could have them, for the check.
    fn sample(&self, outcome: &str) -> Vars;
}

/// All tools.
pub const ALL: &[&dyn Tool] =
    &[&deadlines::Deadlines, &kz_deadlines::KzDeadlines, &late_wages::LateWages, &patent_cost::PatentCost];

pub fn find(name: &str) -> Option<&'static dyn Tool> {
    ALL.iter().find(|tool| tool.name() == name).copied()
}

/// An input of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub name: &'static str,
    pub kind: NeedKind,
    /// A node may leave it out; else an ask supplies it. Any ask may be skipped: then the tool does without.
    pub optional: bool,
}

impl Need {
    const fn new(name: &'static str, kind: NeedKind) -> Self {
        Self { name, kind, optional: false }
    }

    const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }
}

/// The kind of answer that an input needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedKind {
    Date,
    OneOf,
    Number,
}

impl NeedKind {
    /// The word of `answer` in a tree file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::OneOf => "one-of",
            Self::Number => "number",
        }
    }

    pub const fn fits(self, answer: &Answer) -> bool {
        match answer {
            Answer::Date { .. } => matches!(self, Self::Date),
            Answer::OneOf(_) => matches!(self, Self::OneOf),
            Answer::Number { .. } => matches!(self, Self::Number),
            Answer::Text => false,
        }
    }
}

/// What a tool found.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub name: &'static str,
    pub vars: Vars,
}

/// What a tool reads.
#[derive(Debug)]
pub struct Inputs<'a> {
    values: BTreeMap<&'a str, (&'a str, &'a NodeId)>,
    pub figures: &'a Figures,
    pub today: Day,
}

impl<'a> Inputs<'a> {
    pub const fn new(figures: &'a Figures, today: Day) -> Self {
        Self { values: BTreeMap::new(), figures, today }
    }

    pub fn set(&mut self, name: &'a str, value: &'a str, ask: &'a NodeId) {
        self.values.insert(name, (value, ask));
    }

    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.values.get(name).map(|(value, _)| *value)
    }

    /// The label of an input's option, as a variable.
    pub fn label(&self, name: &str) -> Option<Value> {
        self.values.get(name).map(|(value, ask)| Value::Option((*ask).clone(), (*value).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::{Figure, Grade, Unit},
        domain::parse_day,
    };

    /// Figures of the whole country: (id, value, unit).
    pub(super) fn figures(figures: &[(&str, &str, &str)]) -> Figures {
        let one = |(id, value, unit): &(&str, &str, &str)| Figure {
            id: (*id).into(),
            key: None,
            value: (*value).into(),
            unit: Unit::parse(unit).unwrap(),
            from: Day::from_ymd_opt(2015, 1, 1).unwrap(),
            to: None,
            source: "s".into(),
            reviewed: None,
            review_by: None,
            grade: Grade::Found,
            line: 1,
        };
        Figures::new(figures.iter().map(one).collect(), Vec::new())
    }

    /// A tool's answer to inputs as the asks store them.
    pub(super) fn ran(tool: &dyn Tool, figures: &Figures, today: &str, given: &[(&str, &str)]) -> Outcome {
        let ask = NodeId::parse("ask").unwrap();
        let mut inputs = Inputs::new(figures, parse_day(today).unwrap());
        for (name, value) in given {
            inputs.set(name, value, &ask);
        }
        tool.run(&inputs)
    }
}
