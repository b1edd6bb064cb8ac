//! What is wrong with content: a code with its arguments and the place to mend.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A release with it is refused.
    Error,
    Warning,
    /// A review or figure that runs out: never an error (design §5).
    Due,
}

/// One finding. Sentences for people stand in `locales/<locale>/check.ftl` under `code`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub code: &'static str,
    pub severity: Severity,
    pub file: String,
    /// From 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// Node, message or figure.
    pub key: String,
    /// Arguments of the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl Finding {
    pub fn error(code: &'static str, file: impl Into<String>, line: usize, key: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, file: file.into(), line, key: key.into(), args: Vec::new() }
    }

    pub fn warning(code: &'static str, file: impl Into<String>, line: usize, key: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, file, line, key) }
    }

    pub fn due(code: &'static str, file: impl Into<String>, line: usize, key: impl Into<String>) -> Self {
        Self { severity: Severity::Due, ..Self::error(code, file, line, key) }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}
