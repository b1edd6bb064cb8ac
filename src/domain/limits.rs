//! What a channel can carry in one message.

/// How a channel counts the length of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Telegram: the safe reading of "characters after entity parsing" (channels.md §0).
    Utf16,
    /// WhatsApp and the web: Unicode code points.
    Chars,
}

/// A channel's limits, read by `compose` and by the content check.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// `telegram`, `whatsapp`, `web`: shown in findings.
    pub channel: &'static str,
    pub unit: Unit,
    /// Longest text of a message that carries choices.
    pub text_max: usize,
    /// Most choices in one message, the system's own (back, home, person) included.
    pub choices_max: usize,
    /// Longest label of a choice when a message has at most `few_choices`.
    pub few_label_max: usize,
    pub few_choices: usize,
    /// Longest label of a choice otherwise.
    pub label_max: usize,
    /// Longest description beside a label; 0: the channel shows none.
    pub description_max: usize,
    /// A message may have to go as text with its choices as numbered lines, and must fit then, too.
    pub numbered: bool,
    /// Longest tap token, in bytes.
    pub token_max_bytes: usize,
}

impl Limits {
    /// Length of `text` as this channel counts it.
    pub fn length(&self, text: &str) -> usize {
        match self.unit {
            Unit::Utf16 => text.encode_utf16().count(),
            Unit::Chars => text.chars().count(),
        }
    }
}
