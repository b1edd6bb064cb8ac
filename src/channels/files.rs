//! Bodies of files, read with a limit; and their way out.

use std::time::Duration;

use reqwest::{RequestBuilder, header, multipart::Part};

use super::{
    SendError,
    error::refusal::{self, TOO_LARGE},
};
use crate::domain::{FILE_MAX_BYTES, FileOut, Unfetched};

/// Time for a whole file, either way: the longest one goes at 170 kB/s.
pub(super) const LIMIT: Duration = Duration::from_secs(120);

const LATER: Unfetched = Unfetched::Later { after: None };

/// The bytes that a request answers with. A length that is named is believed only if it is too long.
pub(super) async fn read(request: RequestBuilder) -> Result<Vec<u8>, Unfetched> {
    // Errors of the client name the URL, which is a secret: they go no further than here.
    let mut response = request.timeout(LIMIT).send().await.map_err(|_| LATER)?;
    match response.status().as_u16() {
        200 => {}
        404 | 410 => return Err(Unfetched::Gone),
        413 => return Err(Unfetched::TooLarge),
        _ => {
            let named = response.headers().get(header::RETRY_AFTER);
            let seconds = named.and_then(|value| value.to_str().ok()?.trim().parse().ok());
            return Err(Unfetched::Later { after: seconds });
        }
    }
    let named = response.content_length();
    if named.is_some_and(is_too_long) {
        return Err(Unfetched::TooLarge);
    }
    let mut bytes = Vec::with_capacity(named.and_then(|length| usize::try_from(length).ok()).unwrap_or(0));
    while let Some(piece) = response.chunk().await.map_err(|_| LATER)? {
        if bytes.len() + piece.len() > FILE_MAX_BYTES {
            return Err(Unfetched::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// A file as a part of a form, its length named. `None`: its type has no form that can be sent.
pub(super) fn part(file: &FileOut, name: &str, mime: &str) -> Option<Part> {
    let length = u64::try_from(file.bytes.len()).ok()?;
    let part = Part::stream_with_length(file.bytes.clone(), length).file_name(name.to_owned());
    part.mime_str(mime).ok()
}

/// Whether this many bytes are too many.
pub(super) fn is_too_long(bytes: u64) -> bool {
    usize::try_from(bytes).map_or(true, |bytes| bytes > FILE_MAX_BYTES)
}

/// What a refused question for a file means for the file.
pub(super) fn of_error(error: SendError) -> Unfetched {
    match error {
        SendError::Throttled { retry_after, .. } => {
            Unfetched::Later { after: retry_after.map(|after| after.as_secs()) }
        }
        SendError::Refused { code: TOO_LARGE } => Unfetched::TooLarge,
        SendError::Unreachable | SendError::Ambiguous | SendError::FileLost => LATER,
        SendError::Refused { code } if refusal::is_alarm(code) => {
            tracing::error!(code, "a file cannot be fetched: the account may not");
            LATER
        }
        // Somebody has to set it right; until then nobody's file is lost.
        SendError::Misconfigured { key } => {
            tracing::error!(key, "a file cannot be fetched: a setting is wrong");
            LATER
        }
        SendError::Refused { .. }
        | SendError::Blocked
        | SendError::Gone
        | SendError::BadMarkup
        | SendError::WindowClosed
        | SendError::NoTemplate
        | SendError::Migrated { .. } => Unfetched::Gone,
    }
}
