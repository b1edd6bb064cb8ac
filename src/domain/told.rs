//! What a person told before a consultant came.

use serde::{Deserialize, Serialize};

/// The sealed part of a case's row, as JSON: `dialog` writes it, the desk reads it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Pages on the way, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
    /// Answers about themselves: key and value are words of the content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile: Vec<(String, String)>,
    /// Their last question to the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Their sentence to "did it help?".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Told(…)")
    }
}
