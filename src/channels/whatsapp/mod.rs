//! WhatsApp Business Cloud API (channels.md §3). Nothing about it stands outside of this folder but its way out.
//!
//! `receive`, `render`, `signature` and `templates` are pure. A message's raw id contains the phone number: it leaves
//! this folder only as what the caller's `hide` makes of it, or in [`crate::domain::Inbound::mark_read`].

mod content;
pub mod error;
mod files;
mod kept;
pub mod receive;
pub mod render;
pub mod send;
pub mod signature;
pub mod templates;
pub mod upload;
mod wire;

pub use receive::{Item, Status, StatusState, Unreadable, receive};
pub use render::{WhatsAppCall, mark_read, render, render_file, render_template};
pub use send::{Account, Sent};
pub use upload::Shape;

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
    numbered: true,
    token_max_bytes: 200,
};

/// The public API with the version that this program was written for (channels.md §3.1).
pub const DEFAULT_API_URL: &str = "https://graph.facebook.com/v25.0";

/// Why news for staff are parked: they are no message, and nothing of them can be handled again.
pub const NOTICE: &str = "notice";

/// Header that carries the signature of a delivery.
pub const SIGNATURE_HEADER: &str = "x-hub-signature-256";

/// How long after a person's last message free messages may go, in milliseconds: 24 hours less five minutes,
/// so that none is on its way when the window closes (channels.md §3.6).
pub const WINDOW_MS: i64 = 24 * 3_600_000 - 300_000;
