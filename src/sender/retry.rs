//! What to do after a failed send. Pure.

use std::time::Duration;

use crate::channels::{Scope, SendError};

/// The next step for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Again after a while; nothing else is held up.
    Wait { after: Duration, code: &'static str },
    /// The whole channel waits; the message goes first then.
    Pause(Duration),
    /// Notices wait, the message too if it is one; an answer is tried again soon.
    PauseNotices(Duration),
    /// Never.
    GiveUp { code: &'static str },
    /// Never, and the contact is marked unreachable.
    Blocked,
}

/// Calls whose answer never came are repeated so often: a message twice is better than none.
const AMBIGUOUS_TRIES: i32 = 2;
/// Tries of an API that cannot be reached; with the longest wait that is about two days.
const UNREACHABLE_TRIES: i32 = 600;
const LONGEST: Duration = Duration::from_secs(300);

/// `attempts`: failed tries before this one; `doubts`: those of them whose answer never came; `patience`: how long
/// the channel's receipts are waited for after such a one.
pub fn decide(error: SendError, attempts: i32, doubts: i32, patience: Duration) -> Decision {
    match error {
        SendError::Throttled { retry_after, scope } => {
            let unnamed = || if scope == Scope::Chat { pair_backoff(attempts) } else { backoff(attempts) };
            let wait = retry_after.unwrap_or_else(unnamed).min(Duration::from_secs(3600));
            match scope {
                Scope::Notices => Decision::PauseNotices(wait),
                Scope::Bot => Decision::Pause(wait),
                Scope::Chat => Decision::Wait { after: wait, code: "throttled" },
            }
        }
        SendError::Unreachable if attempts < UNREACHABLE_TRIES => {
            Decision::Wait { after: backoff(attempts), code: "unreachable" }
        }
        SendError::Ambiguous if doubts < AMBIGUOUS_TRIES => {
            Decision::Wait { after: backoff(attempts).max(patience), code: "ambiguous" }
        }
        // A wrong token helps nobody by being hammered on; the rows wait for the right one.
        SendError::Misconfigured { .. } => Decision::Pause(Duration::from_secs(60)),
        SendError::Blocked => Decision::Blocked,
        SendError::Refused { code } => Decision::GiveUp { code },
        other => Decision::GiveUp { code: other.kind() },
    }
}

/// 1, 4, 16 … seconds, at most five minutes: what WhatsApp asks for after too many messages to one person.
fn pair_backoff(attempts: i32) -> Duration {
    backoff(attempts.saturating_mul(2))
}

/// 1, 2, 4 … seconds, at most five minutes.
fn backoff(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts).unwrap_or(0).min(9);
    Duration::from_secs(1 << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_step() {
        let second = Duration::from_secs(1);
        let bot = SendError::Throttled { retry_after: Some(7 * second), scope: Scope::Bot };
        assert_eq!(decide(bot, 0, 0, Duration::ZERO), Decision::Pause(7 * second));
        let chat = SendError::Throttled { retry_after: None, scope: Scope::Chat };
        assert_eq!(
            decide(chat, 1, 0, Duration::ZERO),
            Decision::Wait { after: 4 * second, code: "throttled" }
        );
        assert_eq!(decide(SendError::Blocked, 0, 0, Duration::ZERO), Decision::Blocked);
        let patient = |patience| decide(SendError::Ambiguous, 0, 0, patience);
        assert_eq!(patient(Duration::ZERO), Decision::Wait { after: second, code: "ambiguous" });
        assert_eq!(patient(30 * second), Decision::Wait { after: 30 * second, code: "ambiguous" });
        assert!(matches!(decide(SendError::Ambiguous, 2, 2, Duration::ZERO), Decision::GiveUp { .. }));
        assert!(matches!(
            decide(SendError::Unreachable, 50, 0, Duration::ZERO),
            Decision::Wait { after: LONGEST, .. }
        ));
    }
}
