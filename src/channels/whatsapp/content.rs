//! What a message says, of each kind that people send.

use super::wire::{self, Loose};
use serde_json::Value;

use crate::domain::{Attached, Content, MediaKind, Reach};

/// The part that says what a person means has a shape that we do not know.
pub(super) struct Odd;

/// What a message says.
///
/// # Errors
/// [`Odd`]: it cannot be told.
pub(super) fn content(kind: &str, message: &wire::Message<'_>) -> Result<Content, Odd> {
    Ok(match kind {
        "text" => return text(&message.text),
        "interactive" => return interactive(&message.interactive),
        "button" => return button(&message.button),
        "image" => Content::Media(MediaKind::Photo),
        "audio" | "voice" => Content::Media(MediaKind::Voice),
        "video" => Content::Media(MediaKind::Video),
        "document" => Content::Media(MediaKind::Document),
        "sticker" => Content::Media(MediaKind::Sticker),
        "location" => Content::Media(MediaKind::Location),
        "contacts" => Content::Media(MediaKind::Contact),
        "reaction" | "edit" | "revoke" => Content::Reach(Reach::Silent),
        "request_welcome" => Content::Start { code: None },
        // Words are words, whatever the message is called.
        _ if message.text.as_ref().is_some_and(|text| text.body.as_ref().is_some()) => {
            return text(&message.text);
        }
        _ if message.kind.is_odd() => return Err(Odd),
        // Also `unsupported`, and a first message that WhatsApp could not bring: the answer asks for words.
        _ => Content::Media(MediaKind::Other),
    })
}

/// The words of an edited message, or what stands under its picture.
pub(super) fn edited(raw: &str) -> Option<Content> {
    let message: Value = serde_json::from_str(raw).ok()?;
    let message = message.get("edit")?.get("message")?;
    let part = message.get(message.get("type")?.as_str()?)?;
    let words = ["body", "caption"].into_iter().find_map(|key| part.get(key)?.as_str())?;
    (!words.trim().is_empty()).then(|| Content::Edited(Content::cut(words).into()))
}

/// The file, caption or place of a message without text. Read apart and loosely: whatever is strange about them must
/// not cost the message.
pub(super) fn attached(kind: &str, raw: &str) -> Option<Box<Attached>> {
    let message: Value = serde_json::from_str(raw).ok()?;
    let body = message.get(kind)?;
    let word = |key: &str| body.get(key).and_then(Value::as_str);
    let number = |key: &str| body.get(key).and_then(Value::as_f64);
    match kind {
        "image" | "audio" | "voice" | "video" | "document" | "sticker" => {
            Attached::of(word("id"), word("caption"), None)
        }
        "location" => {
            let name = joined([word("name"), word("address")], "\n");
            Attached::of(None, name.as_deref(), number("latitude").zip(number("longitude")))
        }
        _ => None,
    }
}

fn joined<'a>(parts: impl IntoIterator<Item = Option<&'a str>>, between: &str) -> Option<String> {
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(between))
}

fn text(text: &Loose<wire::TextBody<'_>>) -> Result<Content, Odd> {
    match text {
        Loose::Read(wire::TextBody { body: Loose::Read(body) }) => Ok(Content::written(body.as_ref())),
        Loose::Odd | Loose::Read(wire::TextBody { body: Loose::Odd }) => Err(Odd),
        Loose::Absent | Loose::Read(_) => Ok(Content::Media(MediaKind::Other)),
    }
}

fn button(button: &Loose<wire::TemplateButton<'_>>) -> Result<Content, Odd> {
    let said = button.as_ref();
    let payload = said.and_then(|said| said.payload.as_ref()).filter(|text| !text.as_ref().is_empty());
    match (payload, said.and_then(|said| said.text.as_ref())) {
        (Some(payload), _) => Ok(Content::Tap(Content::cut(payload.as_ref()).into())),
        (None, Some(text)) => Ok(Content::written(text.as_ref())),
        (None, None) if button.is_odd() || said.is_some_and(|said| said.payload.is_odd()) => Err(Odd),
        (None, None) => Ok(Content::Media(MediaKind::Other)),
    }
}

fn interactive(interactive: &Loose<wire::Interactive<'_>>) -> Result<Content, Odd> {
    let said = match interactive {
        Loose::Read(said) => said,
        Loose::Odd => return Err(Odd),
        Loose::Absent => return Ok(Content::Media(MediaKind::Other)),
    };
    let reply = said.button.as_ref().or(said.row.as_ref());
    match (reply.and_then(|reply| reply.id.as_ref()), reply.and_then(|reply| reply.title.as_ref())) {
        (Some(id), _) if !id.as_ref().is_empty() => Ok(Content::Tap(Content::cut(id.as_ref()).into())),
        // The label is as good: the engine knows choices by their names.
        (_, Some(title)) => Ok(Content::written(title.as_ref())),
        // A form that we never send.
        _ if said.form.is_some() => Ok(Content::Reach(Reach::Silent)),
        _ if said.button.is_odd() || said.row.is_odd() || reply.is_some_and(|reply| reply.id.is_odd()) => {
            Err(Odd)
        }
        _ => Ok(Content::Media(MediaKind::Other)),
    }
}
