//! What a question that was not answered well teaches those who write the content.

use crate::domain::{Locale, NodeId};

/// A question for the writers of the content. Exists only after the notice was accepted.
#[derive(Clone, PartialEq, Eq)]
pub struct Lesson {
    /// As the person wrote it: whoever keeps it masks it first.
    pub text: Box<str>,
    pub locale: Option<Locale>,
    pub why: Why,
    /// The nearest page, though it was not near enough or not wanted.
    pub nearest: Option<NodeId>,
}

/// The text is a person's own: not for logs.
impl std::fmt::Debug for Lesson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lesson({})", self.why.as_str())
    }
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No page came near.
    NotFound,
    /// Pages were offered, and none was opened.
    Ignored,
    /// One page was shown as the answer; they said that it did not help, asked anew, or wanted people.
    Unhelpful,
}

impl Why {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Ignored => "ignored",
            Self::Unhelpful => "unhelpful",
        }
    }
}
