//! Why a call to a channel's API did not do what it should: a closed list, the same for all channels.

use std::time::Duration;

/// What a sender has to know about a call that failed. It never carries what the API wrote:
/// its descriptions can quote the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too fast. Wait at least `retry_after`, when the API names it, then send the same again.
    #[error("throttled by the API")]
    Throttled { retry_after: Option<Duration>, scope: Scope },
    /// The call was surely not carried out (no connection, a 5xx): send it again later.
    #[error("API not reachable")]
    Unreachable,
    /// The call may have been carried out: no answer, or one that cannot be read. Try once more at most.
    #[error("no readable answer; the call may have been carried out")]
    Ambiguous,
    /// This call will never be accepted. `code` is one of [`refusal`]'s words, shown to staff.
    #[error("refused by the API: {code}")]
    Refused { code: &'static str },
    /// The person blocked the bot, never started it, or the account is gone: mark the contact, stop.
    #[error("the person cannot be reached")]
    Blocked,
    /// The message to edit is no more, or can't be edited: send it as a new one.
    #[error("the message to edit is gone")]
    Gone,
    /// The markup was refused: send the same without markup.
    #[error("the markup was refused")]
    BadMarkup,
    /// A setting is wrong; every call will fail. The channel rests, with a probe now and then, and an alarm is raised.
    #[error("setting {key} is wrong")]
    Misconfigured { key: &'static str },
    /// More than a day has passed since the person wrote: only an approved template may go (WhatsApp).
    #[error("the window for free messages is closed")]
    WindowClosed,
    /// The template does not exist, is not approved or is paused in this language (WhatsApp).
    #[error("the template cannot be used in this language")]
    NoTemplate,
    /// The channel could not take the file, or has lost it: upload it anew, then send the same again (WhatsApp).
    #[error("the file must be uploaded again")]
    FileLost,
    /// A group got a new id (never a private chat): rewrite the stored one.
    #[error("the chat has another id now")]
    Migrated { to: i64 },
}

/// What a throttled call has to slow down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All calls of this bot.
    Bot,
    /// Calls to this chat.
    Chat,
    /// Notices to anybody: answers go on.
    Notices,
}

impl SendError {
    /// A word for metrics, logs and case files.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Throttled { .. } => "throttled",
            Self::Unreachable => "unreachable",
            Self::Ambiguous => "ambiguous",
            Self::Refused { .. } => "refused",
            Self::Blocked => "blocked",
            Self::Gone => "gone",
            Self::BadMarkup => "bad_markup",
            Self::Misconfigured { .. } => "misconfigured",
            Self::WindowClosed => "window_closed",
            Self::NoTemplate => "no_template",
            Self::FileLost => "file_lost",
            Self::Migrated { .. } => "migrated",
        }
    }

    /// Whether the very same call may succeed later.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unreachable | Self::Ambiguous | Self::FileLost)
    }
}

/// The words of [`SendError::Refused`].
pub mod refusal {
    /// Whether staff should hear of it: this message is lost, and more will be until somebody acts.
    pub fn is_alarm(code: &str) -> bool {
        matches!(code, PERMISSION | POLICY | COUNTRY)
    }

    /// The token lacks a permission that this message needs.
    pub const PERMISSION: &str = "permission";
    /// The account is blocked for a while for breaking a policy.
    pub const POLICY: &str = "policy";
    /// The account may not write to people of this country.
    pub const COUNTRY: &str = "country";
    /// The API named no reason.
    pub const UNKNOWN: &str = "unknown";
    /// Wrong id, or the person never started the bot.
    pub const CHAT_NOT_FOUND: &str = "chat_not_found";
    /// The bot was thrown out of a group.
    pub const KICKED: &str = "kicked";
    /// A tap was answered too late; its message may still be sent.
    pub const QUERY_TOO_OLD: &str = "query_too_old";
    pub const THREAD_NOT_FOUND: &str = "thread_not_found";
    pub const TOPIC_CLOSED: &str = "topic_closed";
    /// Our renderer made buttons that the API refuses.
    pub const BUTTONS: &str = "buttons";
    pub const TEXT_TOO_LONG: &str = "text_too_long";
    pub const TEXT_EMPTY: &str = "text_empty";
    pub const TOO_LARGE: &str = "too_large";
    /// The channel does not take this file.
    pub const FILE: &str = "file";
    /// The file is not there any more, or our key does not open it.
    pub const FILE_GONE: &str = "file_gone";
    /// Another process polls with the same token.
    pub const TWO_POLLERS: &str = "two_pollers";
    /// Polling is refused while a webhook is set: delete it first.
    pub const WEBHOOK_ACTIVE: &str = "webhook_active";
    /// WhatsApp will not bring this person more marketing today.
    pub const CAPPED: &str = "capped";
    /// The person stopped marketing messages.
    pub const OPTED_OUT: &str = "opted_out";
    /// The person is part of an experiment of the channel.
    pub const EXPERIMENT: &str = "experiment";
    /// The number is our own.
    pub const SELF: &str = "self";
    /// A test number writes to listed people only.
    pub const NOT_LISTED: &str = "not_listed";
    /// A user id where only a number does, or another phone behind the number.
    pub const ADDRESS: &str = "address";
    /// Nobody is left to write to: erased, or their only address went to somebody else.
    pub const NOBODY: &str = "nobody";
    /// Template and content do not fit each other.
    pub const TEMPLATE: &str = "template";
    /// Any other 403.
    pub const FORBIDDEN: &str = "forbidden";
    /// Any other 4xx.
    pub const BAD_REQUEST: &str = "bad_request";
}
