//! The web chat as a channel. Its page and stream live in `crate::web`; here are only its limits.

use crate::domain::{Limits, Unit};

/// Our own page: the limits are what stays readable on a phone of 320 px, not what a protocol allows.
pub const LIMITS: Limits = Limits {
    channel: "web",
    unit: Unit::Chars,
    text_max: 8000,
    choices_max: 20,
    few_label_max: 60,
    few_choices: 3,
    label_max: 60,
    description_max: 0,
    numbered: false,
    token_max_bytes: 64,
};
