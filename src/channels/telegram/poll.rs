//! Long polling. Updates come out raw, each with its id: one that is broken must not cost its neighbours.
//!
//! The caller moves the offset, and only after its commit: Telegram forgets an update once a call asks for a later one.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{ALLOWED_UPDATES, receive::find_update_id, send::Bot};
use crate::channels::{Scope, SendError};

/// Longest wait that the API allows.
pub const TIMEOUT_MAX: Duration = Duration::from_secs(50);

/// What the network may take beyond the API's own wait.
const GRACE: Duration = Duration::from_secs(10);

/// Most updates that the API gives in one answer.
const LIMIT: u8 = 100;

/// One update as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct RawUpdate {
    /// `None`: not even this could be read; confirm it with the updates around it.
    pub update_id: Option<i64>,
    /// A part of the answer's own bytes, not a copy.
    pub raw: Bytes,
}

impl std::fmt::Debug for RawUpdate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawUpdate({:?}, {} bytes)", self.update_id, self.raw.len())
    }
}

impl Bot {
    /// Waits up to `timeout` (whole seconds, at most [`TIMEOUT_MAX`]) for updates from `offset` on, at most 100.
    /// `offset` is the last handled id plus one; it confirms all before it. `None`: from the first that waits.
    ///
    /// # Errors
    /// [`SendError::Refused`] with `webhook_active` or `two_pollers`; else as [`SendError`] says. Asking again
    /// is always safe, also after [`SendError::Ambiguous`].
    pub async fn get_updates(
        &self,
        offset: Option<i64>,
        timeout: Duration,
    ) -> Result<Vec<RawUpdate>, SendError> {
        let timeout = timeout.min(TIMEOUT_MAX);
        let body =
            GetUpdates { offset, limit: LIMIT, timeout: timeout.as_secs(), allowed_updates: ALLOWED_UPDATES };
        let body = serde_json::to_vec(&body).map_err(|_| SendError::Ambiguous)?;
        let exchanged = self.exchange("getUpdates", body, Some(timeout + GRACE)).await?;
        match exchanged.read::<Vec<&RawValue>>(Scope::Bot) {
            Ok(updates) => {
                let parts = updates.unwrap_or_default().into_iter().map(|update| update.get().as_bytes());
                Ok(parts.map(|part| cut_out(&exchanged.body, part)).collect())
            }
            // Perhaps one update of the batch is no JSON; asking again would bring the same for ever.
            Err(failure) => {
                let parts = split_updates(&exchanged.body);
                let is_salvage = exchanged.status.is_success() && !parts.is_empty();
                if !is_salvage {
                    return Err(failure.into());
                }
                Ok(parts.into_iter().map(|part| cut_out(&exchanged.body, part)).collect())
            }
        }
    }
}

fn cut_out(body: &Bytes, part: &[u8]) -> RawUpdate {
    RawUpdate { update_id: find_update_id(part), raw: body.slice_ref(part) }
}

/// The objects in the first array of an answer, found by brackets and quotes alone: for answers that no parser
/// takes. One that is cut off at the end is left out; it will come again.
fn split_updates(body: &[u8]) -> Vec<&[u8]> {
    const MARK: &[u8] = b"\"result\"";
    let mut parts = Vec::new();
    let Some(mark) = body.windows(MARK.len()).position(|window| window == MARK) else { return parts };
    let (mut depth, mut begin, mut is_in_string, mut is_escaped) = (0_usize, 0, false, false);
    for (at, &byte) in body.iter().enumerate().skip(mark + MARK.len()) {
        if is_in_string {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => is_in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => is_in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth == 2 {
                    begin = at;
                }
            }
            b']' | b'}' => {
                if depth == 2 {
                    parts.extend(body.get(begin..=at));
                }
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
    }
    parts
}

#[derive(Serialize)]
struct GetUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    limit: u8,
    timeout: u64,
    allowed_updates: [&'static str; 5],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_update_leaves_its_neighbours() {
        let body = b"{\"ok\":true,\"result\":[{\"update_id\":1,\"a\":\"]}\\\"\"},{\"update_id\":2,\"m\":\xff},\n{\"update_id\":3}]}";
        let ids: Vec<_> = split_updates(body).into_iter().map(find_update_id).collect();
        assert_eq!(ids, [Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn what_is_cut_off_is_left_out() {
        assert_eq!(split_updates(b"{\"result\":[{\"update_id\":1},{\"update_id\":2").len(), 1);
        assert!(split_updates(b"{\"ok\":true}").is_empty());
        assert!(split_updates(b"\"result\"]]]}}").is_empty());
    }
}
