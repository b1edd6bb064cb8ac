//! The table of errors (channels.md §3.9): the code decides, never the title.

use std::time::Duration;

use crate::channels::{
    Scope, SendError,
    error::refusal::{
        ADDRESS, BAD_REQUEST, CAPPED, COUNTRY, EXPERIMENT, NOT_LISTED, OPTED_OUT, PERMISSION, POLICY, SELF,
        TEMPLATE,
    },
};

/// Setting names in [`SendError::Misconfigured`].
pub(super) const TOKEN: &str = "whatsapp.access_token";
pub(super) const API_URL: &str = "whatsapp.api_url";
/// The account itself: locked, not paid for, its number not registered.
pub(super) const ACCOUNT: &str = "whatsapp.business_account_id";
pub(super) const NUMBER: &str = "whatsapp.phone_number_id";

/// The person stopped marketing messages.
pub(super) const STOPPED_MARKETING: i64 = 131_050;

/// Blocked or flagged by too many people: notices rest so long.
const SPAM_REST: Duration = Duration::from_secs(3600);

/// What an error code means for the sender.
pub fn of_code(code: i64) -> SendError {
    match code {
        // The token itself: every call fails until there is another. With a permission some calls fail, and which ones
        // may hang on the person: such a message is given up with an alarm, the others go on.
        0 | 190 => SendError::Misconfigured { key: TOKEN },
        3 | 10 | 200..=299 => SendError::Refused { code: PERMISSION },
        368 => SendError::Refused { code: POLICY },
        130_497 => SendError::Refused { code: COUNTRY },
        4 | 80_007 | 130_429 | 133_016 => SendError::Throttled { retry_after: None, scope: Scope::Bot },
        131_056 => SendError::Throttled { retry_after: None, scope: Scope::Chat },
        131_048 | 131_064 => SendError::Throttled { retry_after: Some(SPAM_REST), scope: Scope::Notices },
        131_047 => SendError::WindowClosed,
        131_026 => SendError::Blocked,
        131_049 => SendError::Refused { code: CAPPED },
        STOPPED_MARKETING => SendError::Refused { code: OPTED_OUT },
        130_472 => SendError::Refused { code: EXPERIMENT },
        131_021 => SendError::Refused { code: SELF },
        131_030 => SendError::Refused { code: NOT_LISTED },
        131_062 | 137_000 => SendError::Refused { code: ADDRESS },
        131_031 | 131_042 => SendError::Misconfigured { key: ACCOUNT },
        131_045 | 133_010 => SendError::Misconfigured { key: NUMBER },
        1 | 2 | 131_000 | 131_016 | 131_057 => SendError::Unreachable,
        131_052 => SendError::Unreachable,
        // A file of ours could not be taken.
        131_053 => SendError::FileLost,
        132_001 | 132_015 | 132_016 => SendError::NoTemplate,
        132_000..=132_999 => SendError::Refused { code: TEMPLATE },
        // 100, 131008, 131009 and what is newer than we: the call is wrong.
        _ => SendError::Refused { code: BAD_REQUEST },
    }
}

/// A word for a failed receipt.
pub fn word(error: SendError) -> &'static str {
    match error {
        SendError::Refused { code } => code,
        other => other.kind(),
    }
}
