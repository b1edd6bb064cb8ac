//! Tools: small computations on dated figures. A new tool is one file and one line in [`ALL`].

mod deadlines;
mod patent_cost;

use std::{borrow::Cow, collections::BTreeMap};

use super::Value;
use crate::{
    content::Figures,
    domain::{Day, NodeId},
};

/// Variables of an outcome's text.
pub type Vars = BTreeMap<Cow<'static, str>, Value>;

/// A computation with named inputs and named outcomes.
pub trait Tool: Sync {
    /// The word in `tool = "…"`.
    fn name(&self) -> &'static str;
    /// Inputs that a node must supply.
    fn inputs(&self) -> &'static [&'static str];
    /// Outcomes: the text has `.out-<outcome>` for each.
    fn outcomes(&self) -> &'static [&'static str];
    /// Figures that it reads.
    fn figures(&self) -> &'static [&'static str];
    fn run(&self, inputs: &Inputs<'_>) -> Outcome;
    /// Variables as each outcome could have them, for the check.
    fn sample(&self, outcome: &str) -> Vars;
}

/// All tools.
pub const ALL: &[&dyn Tool] = &[&deadlines::Deadlines, &patent_cost::PatentCost];

pub fn find(name: &str) -> Option<&'static dyn Tool> {
    ALL.iter().find(|tool| tool.name() == name).copied()
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
