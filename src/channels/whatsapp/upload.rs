//! Files to people (channels.md §3.5): uploaded first, then sent by their id.

use reqwest::multipart::Form;
use serde::Deserialize;

use super::Account;
use crate::{
    channels::{
        SendError,
        error::refusal::{BAD_REQUEST, FILE},
        files,
    },
    domain::FileOut,
};

/// Limits of what shows in the chat; all else goes as a document (channels.md §3.5).
const IMAGE_MAX_BYTES: usize = 5 << 20;
const AUDIO_MAX_BYTES: usize = 16 << 20;
const VIDEO_MAX_BYTES: usize = 16 << 20;

/// How a file shows in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Image,
    /// Takes no text beside it.
    Audio,
    Video,
    Document,
}

impl Shape {
    /// What a file of this type and length shows best as.
    pub fn of(mime: &str, bytes: usize) -> Self {
        match wire_type(mime) {
            "image/jpeg" | "image/png" if bytes <= IMAGE_MAX_BYTES => Self::Image,
            "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" if bytes <= AUDIO_MAX_BYTES => Self::Audio,
            // Of ogg only opus.
            "audio/ogg" if mime == "audio/opus" && bytes <= AUDIO_MAX_BYTES => Self::Audio,
            "video/mp4" | "video/3gpp" if bytes <= VIDEO_MAX_BYTES => Self::Video,
            _ => Self::Document,
        }
    }
}

/// A type as the API calls it.
fn wire_type(mime: &str) -> &str {
    match mime {
        "audio/opus" => "audio/ogg",
        "audio/m4a" => "audio/mp4",
        other => other,
    }
}

#[derive(Deserialize)]
struct Uploaded {
    id: String,
}

impl Account {
    /// Uploads a file; the API's id of it, good for 30 days.
    ///
    /// # Errors
    /// As [`SendError`] says, but never `Ambiguous`: nobody has got anything yet. `Refused` with `file`: the API does
    /// not take such files.
    pub async fn upload(&self, file: &FileOut) -> Result<String, SendError> {
        let refused = SendError::Refused { code: FILE };
        let mime = wire_type(&file.mime);
        // The name that the person sees stands in the message.
        let part = files::part(file, "file", mime).ok_or(refused)?;
        let form = Form::new().text("messaging_product", "whatsapp").text("type", mime.to_owned());
        let request =
            self.client.post(self.media.clone()).multipart(form.part("file", part)).timeout(files::LIMIT);
        let answer = self.exchange(request).await.map_err(|error| match error {
            SendError::Ambiguous => SendError::Unreachable,
            SendError::Refused { code: BAD_REQUEST } => refused,
            other => other,
        })?;
        let uploaded: Uploaded = serde_json::from_slice(&answer).map_err(|_| SendError::Unreachable)?;
        Ok(uploaded.id)
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn type_and_length_give_the_shape() {
        let megabyte = 1 << 20;
        for (mime, bytes, expected) in [
            ("image/jpeg", 5 * megabyte, Shape::Image),
            ("image/png", 5 * megabyte + 1, Shape::Document),
            ("image/webp", 100, Shape::Document),
            ("audio/opus", 16 * megabyte, Shape::Audio),
            ("audio/ogg", 100, Shape::Document),
            ("audio/m4a", 100, Shape::Audio),
            ("audio/mpeg", 16 * megabyte + 1, Shape::Document),
            ("audio/amr", 100, Shape::Audio),
            ("audio/x-wav", 100, Shape::Document),
            ("video/mp4", 16 * megabyte, Shape::Video),
            ("video/mp4", 16 * megabyte + 1, Shape::Document),
            ("application/pdf", 20 * megabyte, Shape::Document),
        ] {
            assert_eq!(Shape::of(mime, bytes), expected, "{mime}, {bytes} bytes");
        }
    }
}
