//! Telegram Bot API, without a library: each known one loses the text of a message that carries something
//! newer than the library (channels.md §0, traps 1-3), so the few fields used are read here.
//!
//! `receive` and `render` are pure. Nothing here keeps state: the lanes, the outbox and the offset are the callers'.

mod files;
pub mod poll;
pub mod receive;
pub mod render;
pub mod send;
pub mod setup;
pub mod upload;
mod wire;

pub use poll::RawUpdate;
pub use receive::{CallbackId, Received, Unreadable, receive};
pub use render::{TelegramCall, render};
pub use send::{Bot, Sent};
pub use setup::{Me, ProfileTexts, Webhook, WebhookInfo};
pub use upload::{Shape, TelegramUpload, upload};

use subtle::ConstantTimeEq as _;

use crate::domain::{Limits, Unit};

/// Limits of a message with an inline keyboard (channels.md §2.3). Labels have no hard limit;
/// about 30 characters are readable in one column, 64 is where we refuse.
pub const LIMITS: Limits = Limits {
    channel: "telegram",
    unit: Unit::Utf16,
    text_max: 4096,
    choices_max: 100,
    few_label_max: 64,
    few_choices: 3,
    label_max: 64,
    description_max: 0,
    numbered: false,
    token_max_bytes: 64,
};

/// The updates we ask for (channels.md §2.2). Always sent: left out, an older setting would stay.
pub const ALLOWED_UPDATES: [&str; 5] =
    ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"];

/// Header that carries the webhook's secret.
pub const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// Whether the webhook's secret header is the one that we registered, compared in constant time.
/// An empty `expected` matches nothing: a webhook without a secret is open to anyone.
pub fn secret_matches(expected: &str, given: Option<&[u8]>) -> bool {
    !expected.is_empty() && given.is_some_and(|given| expected.as_bytes().ct_eq(given).into())
}
