//! Nodes: the screens of the tree and what each may lead to.

use crate::domain::{Day, NodeId, Profile, RoughDay};

use super::SourceRef;

/// One node of a tree, checked for form.
#[derive(Clone, Debug)]
pub struct Node {
    pub id: NodeId,
    pub tree: Box<str>,
    pub kind: Kind,
    pub topics: Vec<Box<str>>,
    /// All must hold; an unknown profile answer holds.
    pub when: Vec<Condition>,
    /// Shown in its place when `when` fails.
    pub otherwise: Option<NodeId>,
    pub sources: Vec<SourceRef>,
    /// Date of the newest source of the node's facts.
    pub reviewed: Option<RoughDay>,
    /// None of its sources has a date: shown so.
    pub undated: bool,
    pub review_by: Option<Day>,
    pub caution: Option<Caution>,
    /// Where to check a fact that may have changed.
    pub check_at: Option<Box<str>>,
    pub knowledge: Option<Knowledge>,
    pub choices: Vec<NodeId>,
    pub file: Box<str>,
    pub line: usize,
}

/// A profile key and the values that pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub key: Box<str>,
    pub values: Vec<Box<str>>,
}

impl Node {
    pub fn passes(&self, profile: &Profile) -> bool {
        self.when.iter().all(|condition| {
            profile.get(&condition.key).is_none_or(|value| condition.values.iter().any(|v| &**v == value))
        })
    }
}

/// How sure a fact is, for the line under the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caution {
    /// Seen in a source, may have changed since.
    Check,
    /// Known by its article, not re-read in the law's text.
    Recalled,
}

/// What kind of knowledge a node gives: `k` of a `content_view` event (indicators.md §1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    How,
    Help,
    Both,
    Other,
}

impl Knowledge {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::How => "how",
            Self::Help => "help",
            Self::Both => "both",
            Self::Other => "other",
        }
    }

    /// Whether it is knowledge that counts: how to go and work by the law, or where to get help (indicators §1.4).
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Other)
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::How, Self::Help, Self::Both, Self::Other].into_iter().find(|k| k.as_str() == text)
    }
}

/// What a node does.
#[derive(Clone, Debug)]
pub enum Kind {
    Menu,
    Page,
    Ask(Ask),
    Tool(ToolUse),
    Places(super::places::Query),
    Feedback,
    /// Leads to a consultant.
    Handoff,
    End,
}

impl Kind {
    /// Words of `kind` in a tree file.
    pub const NAMES: [&'static str; 8] =
        ["menu", "page", "ask", "tool", "places", "feedback", "handoff", "end"];

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Page => "page",
            Self::Ask(_) => "ask",
            Self::Tool(_) => "tool",
            Self::Places(_) => "places",
            Self::Feedback => "feedback",
            Self::Handoff => "handoff",
            Self::End => "end",
        }
    }
}

/// A question to the person.
#[derive(Clone, Debug)]
pub struct Ask {
    pub var: Box<str>,
    pub answer: Answer,
    /// Kept as a profile answer; else it goes when the person moves on.
    pub profile: bool,
    /// May be skipped.
    pub optional: bool,
    pub next: Option<NodeId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    OneOf(Vec<Box<str>>),
    /// `is_past`: of something that has happened, so a day without a year is the latest.
    Date {
        is_past: bool,
    },
    Number {
        min: Option<i64>,
        max: Option<i64>,
    },
    Text,
}

/// A tool and the asks that supply its inputs. The tool says in which order they are asked.
#[derive(Clone, Debug)]
pub struct ToolUse {
    pub tool: Box<str>,
    pub inputs: Vec<(Box<str>, NodeId)>,
}
