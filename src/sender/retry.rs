//! What to do after a failed send. Pure but for the alarm.

use std::time::Duration;

use crate::{
    channels::{Scope, SendError, error::refusal},
    dialog::Delivery,
    domain::ChannelKind,
};

/// The next step for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Again after a while; nothing else is held up.
    Wait { after: Duration, code: &'static str },
    /// The whole channel waits, as long as the API named or longer each time; the message goes first then.
    Pause(Option<Duration>),
    /// The whole channel waits because a setting is wrong; another message is tried next.
    Probe { key: &'static str },
    /// Notices wait, the message too if it is one; an answer is tried again soon.
    PauseNotices(Duration),
    /// Never.
    GiveUp { code: &'static str },
    /// Never, and the contact is marked unreachable.
    Blocked,
}

/// What a channel does after a call whose answer never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// So long a receipt is waited for.
    pub wait: Duration,
    /// Then the message goes again, so often: twice is better than never.
    pub tries: i32,
}

/// Tries of an API that cannot be reached; with the longest wait that is about two days.
const UNREACHABLE_TRIES: i32 = 600;
/// Uploads of a file that the API says it could not take.
const FILE_TRIES: i32 = 10;
const LONGEST: Duration = Duration::from_secs(300);
/// First wait where the API names none.
const FIRST: Duration = Duration::from_secs(1);
/// An answer that met a limit meant for notices, or a wrong setting, is tried again after this.
pub const ANSWER_AGAIN: Duration = Duration::from_secs(60);
/// Longest wait that the API may ask for.
const NAMED_MAX: Duration = Duration::from_secs(3600);

/// `attempts`: failed tries before this one; `doubts`: those of them whose answer never came.
pub fn decide(error: SendError, attempts: i32, doubts: i32, patience: Patience) -> Decision {
    match error {
        SendError::Throttled { retry_after, scope } => {
            let named = retry_after.map(|wait| wait.min(NAMED_MAX));
            match scope {
                Scope::Notices => Decision::PauseNotices(named.unwrap_or_else(|| backoff(attempts))),
                Scope::Bot => Decision::Pause(named),
                Scope::Chat => {
                    let after = named.unwrap_or_else(|| pair_backoff(attempts));
                    Decision::Wait { after, code: "throttled" }
                }
            }
        }
        SendError::Unreachable if attempts < UNREACHABLE_TRIES => {
            Decision::Wait { after: backoff(attempts), code: "unreachable" }
        }
        SendError::FileLost if attempts < FILE_TRIES => {
            Decision::Wait { after: backoff(attempts), code: "file_lost" }
        }
        SendError::Ambiguous if doubts < patience.tries => {
            Decision::Wait { after: backoff(attempts).max(patience.wait), code: "ambiguous" }
        }
        // A wrong token helps nobody by being hammered on; the rows wait for the right one.
        SendError::Misconfigured { key } => Decision::Probe { key },
        SendError::Blocked => Decision::Blocked,
        SendError::Refused { code } => Decision::GiveUp { code },
        other => Decision::GiveUp { code: other.kind() },
    }
}

/// What becomes of a message that the channel took and then failed (channels.md §3.9): what passes is tried again.
pub fn failed_later(channel: ChannelKind, error: SendError) -> Delivery {
    let again = |after: Duration, growth| Delivery::Returned {
        code: error.kind(),
        after_ms: i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        growth,
    };
    match error {
        SendError::Throttled { scope: Scope::Chat, .. } => again(FIRST, 4),
        SendError::Throttled { scope: Scope::Bot, .. } | SendError::Unreachable | SendError::FileLost => {
            again(FIRST, 2)
        }
        SendError::Throttled { scope: Scope::Notices, .. } => again(ANSWER_AGAIN, 2),
        // The approved template, or the same in another language.
        SendError::WindowClosed | SendError::NoTemplate => again(Duration::ZERO, 1),
        SendError::Misconfigured { key } => {
            alarm(channel, key);
            again(ANSWER_AGAIN, 2)
        }
        SendError::Blocked => Delivery::Blocked,
        SendError::Refused { code } => {
            if refusal::is_alarm(code) {
                alarm(channel, code);
            }
            Delivery::Failed { code: code.to_owned() }
        }
        other => Delivery::Failed { code: other.kind().to_owned() },
    }
}

/// Tells staff of what they alone can mend: a setting's key, or a word of [`refusal`].
pub fn alarm(channel: ChannelKind, code: &'static str) {
    tracing::error!(channel = channel.as_str(), code, "messages cannot be sent until somebody acts");
    metrics::counter!("safar_alarms_total", "channel" => channel.as_str(), "code" => code).increment(1);
}

/// 1, 4, 16 … seconds, at most five minutes: what WhatsApp asks for after too many messages to one person.
fn pair_backoff(attempts: i32) -> Duration {
    backoff(attempts.saturating_mul(2))
}

/// 1, 2, 4 … seconds, at most five minutes.
pub fn backoff(attempts: i32) -> Duration {
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
        let hasty = Patience { wait: Duration::ZERO, tries: 2 };
        assert_eq!(decide(bot, 0, 0, hasty), Decision::Pause(Some(7 * second)));
        let vague = SendError::Throttled { retry_after: None, scope: Scope::Bot };
        assert_eq!(decide(vague, 5, 0, hasty), Decision::Pause(None));
        let chat = SendError::Throttled { retry_after: None, scope: Scope::Chat };
        assert_eq!(decide(chat, 1, 0, hasty), Decision::Wait { after: 4 * second, code: "throttled" });
        assert_eq!(decide(SendError::Blocked, 0, 0, hasty), Decision::Blocked);
        let patient = Patience { wait: 30 * second, tries: 1 };
        let unheard = |doubts, patience| decide(SendError::Ambiguous, doubts, doubts, patience);
        assert_eq!(unheard(0, hasty), Decision::Wait { after: second, code: "ambiguous" });
        assert_eq!(unheard(0, patient), Decision::Wait { after: 30 * second, code: "ambiguous" });
        assert!(matches!(unheard(1, hasty), Decision::Wait { .. }));
        let lost = |attempts| decide(SendError::FileLost, attempts, 0, hasty);
        assert_eq!(lost(1), Decision::Wait { after: 2 * second, code: "file_lost" });
        assert_eq!(lost(FILE_TRIES), Decision::GiveUp { code: "file_lost" });
        assert_eq!(unheard(1, patient), Decision::GiveUp { code: "ambiguous" });
        assert_eq!(unheard(2, hasty), Decision::GiveUp { code: "ambiguous" });
        assert!(matches!(
            decide(SendError::Unreachable, 50, 0, hasty),
            Decision::Wait { after: LONGEST, .. }
        ));
    }
}
