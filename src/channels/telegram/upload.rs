//! Files to people (channels.md §2.3, §2.8): as photo, voice message, music, video or document, by what they are.

use std::fmt;

use reqwest::multipart::Form;

use super::{
    Bot, Sent,
    render::{caption, caption_plain},
};
use crate::{
    channels::{Scope, SendError, error::refusal::FILE, files},
    compose::Composed,
    domain::FileOut,
};

/// Limits of a photo (channels.md §2.8): bytes; width and height together; the longer side in shorter ones.
const PHOTO_MAX_BYTES: usize = 10 << 20;
const PHOTO_SIDES_MAX: usize = 10_000;
const PHOTO_RATIO_MAX: usize = 20;

/// How a file shows in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Photo,
    Voice,
    Audio,
    Video,
    /// Anything, untouched.
    Document,
}

impl Shape {
    /// What a file shows best as. What is no fit photo goes as a document.
    pub fn of(file: &FileOut) -> Self {
        match &*file.mime {
            "image/jpeg" | "image/png" if is_photo(&file.bytes) => Self::Photo,
            "audio/opus" => Self::Voice,
            "audio/mpeg" | "audio/m4a" | "audio/mp4" => Self::Audio,
            "video/mp4" => Self::Video,
            _ => Self::Document,
        }
    }

    const fn method(self) -> &'static str {
        match self {
            Self::Photo => "sendPhoto",
            Self::Voice => "sendVoice",
            Self::Audio => "sendAudio",
            Self::Video => "sendVideo",
            Self::Document => "sendDocument",
        }
    }

    /// The form's field that holds the file.
    const fn part(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Voice => "voice",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Document => "document",
        }
    }
}

/// One that cannot be measured is none.
fn is_photo(bytes: &[u8]) -> bool {
    let Ok(size) = imagesize::blob_size(bytes) else { return false };
    let (short, long) = (size.width.min(size.height), size.width.max(size.height));
    bytes.len() <= PHOTO_MAX_BYTES
        && short > 0
        && short.saturating_add(long) <= PHOTO_SIDES_MAX
        && long <= short.saturating_mul(PHOTO_RATIO_MAX)
}

/// A call that carries a file. `Debug` hides the address and the text.
#[derive(Clone, PartialEq, Eq)]
pub struct TelegramUpload {
    pub method: &'static str,
    fields: Vec<(&'static str, String)>,
    part: &'static str,
    file: FileOut,
}

impl fmt::Debug for TelegramUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TelegramUpload({}, {:?})", self.method, self.file)
    }
}

/// The call that brings a file to `chat`, with the composed text beside it; `marked` false: without markup.
pub fn upload(chat: &str, composed: &Composed, file: &FileOut, shape: Shape, marked: bool) -> TelegramUpload {
    let (text, parse_mode) =
        if marked { caption(&composed.text) } else { (caption_plain(&composed.text), None) };
    let mut fields = vec![("chat_id", chat.to_owned())];
    if !text.is_empty() {
        fields.push(("caption", text));
    }
    fields.extend(parse_mode.map(|mode| ("parse_mode", mode.to_owned())));
    TelegramUpload { method: shape.method(), fields, part: shape.part(), file: file.clone() }
}

impl Bot {
    /// Carries out a call with a file.
    ///
    /// # Errors
    /// As [`SendError`] says; `Refused` with `file`: the file does not fit its shape, or nobody takes it.
    pub async fn upload(&self, call: &TelegramUpload) -> Result<Sent, SendError> {
        let refused = SendError::Refused { code: FILE };
        let part = files::part(&call.file, &call.file.name, &call.file.mime).ok_or(refused)?;
        // Names stand in the form as they are: the Bot API reads no encoded ones, and takes a part without a name that
        // it can read for no file.
        let mut form = Form::new().percent_encode_noop();
        for (name, value) in &call.fields {
            form = form.text(*name, value.clone());
        }
        let request = self.post(call.method)?.multipart(form.part(call.part, part)).timeout(files::LIMIT);
        Self::sent(&Self::exchanged(request).await?, Scope::Chat)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{PHOTO_MAX_BYTES, Shape};
    use crate::domain::FileOut;

    /// A PNG by its header.
    fn png(width: u32, height: u32, length: usize) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes().into_iter().chain(height.to_be_bytes()));
        bytes.resize(length.max(64), 0);
        bytes
    }

    fn shape(mime: &str, bytes: Vec<u8>) -> Shape {
        Shape::of(&FileOut { name: "a".into(), mime: mime.into(), bytes: Bytes::from(bytes) })
    }

    #[test]
    fn a_photo_is_small_enough_and_not_too_narrow() {
        for (width, height, length, is_photo) in [
            (800, 600, 100, true),
            (9_000, 1_000, PHOTO_MAX_BYTES, true),
            (9_000, 1_000, PHOTO_MAX_BYTES + 1, false),
            (9_001, 1_000, 100, false),
            (2_000, 100, 100, true),
            (2_001, 100, 100, false),
            (100, 2_001, 100, false),
            (0, 0, 100, false),
            (u32::MAX, u32::MAX, 100, false),
        ] {
            let expected = if is_photo { Shape::Photo } else { Shape::Document };
            let found = shape("image/png", png(width, height, length));
            assert_eq!(found, expected, "{width} x {height}, {length} bytes");
        }
        assert_eq!(shape("image/jpeg", b"\xFF\xD8\xFF\xE0".to_vec()), Shape::Document, "not to be measured");
    }

    #[test]
    fn the_type_gives_the_shape() {
        for (mime, expected) in [
            ("audio/opus", Shape::Voice),
            ("audio/ogg", Shape::Document),
            ("audio/mpeg", Shape::Audio),
            ("audio/m4a", Shape::Audio),
            ("video/mp4", Shape::Video),
            ("video/quicktime", Shape::Document),
            ("application/pdf", Shape::Document),
            ("image/webp", Shape::Document),
        ] {
            assert_eq!(shape(mime, vec![0; 64]), expected, "{mime}");
        }
    }
}
