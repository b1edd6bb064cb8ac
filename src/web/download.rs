//! Files as answers: to be saved, never opened in the page.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;

use super::{chat::Chat, error::WebError};
use crate::{desk, dialog::SentFile, domain::AttachmentId};

/// Even if a browser opened it: no script, no form, no origin.
const SANDBOX: &str = "default-src 'none'; sandbox";
/// What is not named goes as plain bytes.
const BYTES: &str = "application/octet-stream";

/// `GET /chat/file/{id}`: a consultant's file, for the visitor to whom it was sent. All others learn that there is
/// nothing.
pub(super) async fn for_visitor(
    State(chat): State<Arc<Chat>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let token = chat.visitor(&headers)?;
    let id = id.parse().map(AttachmentId).map_err(|_| WebError::NotFound)?;
    let file = chat.web.chat.file(token, id).await?.ok_or(WebError::NotFound)?;
    let kind = desk::ending_of(&file.mime).map_or(BYTES, |(kind, _)| kind);
    let (size, name) = (file.size, disposition(id, &file.name));
    let mut answer = guarded(pieces(chat, file), HeaderValue::from_static(kind), name);
    answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    Ok(answer)
}

/// The file piece by piece: only one of them is in memory.
fn pieces(chat: Arc<Chat>, file: SentFile) -> Body {
    let left = file.size;
    Body::from_stream(stream::try_unfold((chat, file, 0, left), |(chat, file, n, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        match chat.web.chat.file_piece(&file, n).await {
            Ok(Some(piece)) => {
                let left = left.saturating_sub(piece.len());
                Ok(Some((Bytes::from(piece), (chat, file, n + 1, left))))
            }
            // It went while it was read: the answer breaks off, so that no half of it passes for the whole.
            Ok(None) => Err(WebError::NotFound),
            Err(error) => Err(WebError::from(error)),
        }
    }))
}

/// To be saved under its name; old browsers, which know ASCII only, take the id.
fn disposition(id: AttachmentId, name: &str) -> HeaderValue {
    use std::fmt::Write;
    let ending = name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let mut value = format!("attachment; filename=\"safar-{id}.{ending}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            let _ = write!(value, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Bytes that are what `kind` says and nothing else.
pub(super) fn guarded(body: impl IntoResponse, kind: HeaderValue, disposition: HeaderValue) -> Response {
    let mut answer = body.into_response();
    let out = answer.headers_mut();
    out.insert(header::CONTENT_TYPE, kind);
    out.insert(header::CONTENT_DISPOSITION, disposition);
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    answer
}

#[cfg(test)]
mod tests {
    use super::{AttachmentId, disposition};

    #[test]
    fn a_name_stands_in_the_header_whatever_it_is() {
        let header = disposition(AttachmentId(7), "договор 1.pdf");
        let expected = "attachment; filename=\"safar-7.pdf\"; \
            filename*=UTF-8''%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%201.pdf";
        assert_eq!(header.to_str().unwrap(), expected);
    }
}
