//! WhatsApp Business Cloud API. The channel itself comes with a later issue; the content check reads its
//! limits now, so that no text has to be rewritten then.

use crate::domain::{Limits, Unit};

/// Limits of an interactive message (channels.md §1, §6).
///
/// Up to three choices are buttons (label 20), more are a list (row title 24, description 72, 10 rows in all).
/// The text limit is the list's: a body too long for buttons (1,024) goes as a list, never as two messages.
pub const LIMITS: Limits = Limits {
    channel: "whatsapp",
    unit: Unit::Chars,
    text_max: 4096,
    choices_max: 10,
    few_label_max: 20,
    few_choices: 3,
    label_max: 24,
    description_max: 72,
    token_max_bytes: 200,
};
