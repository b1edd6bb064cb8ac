//! What the API is told of templates, and what it tells of them. Pure.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::content::{Template, TemplateText};

/// A template in one language, as the API knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: String,
    pub name: String,
    pub language: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED` …
    pub status: String,
    pub category: String,
    pub body: String,
    pub button: Option<String>,
}

/// Path of the list of an account's templates, below the API's address; `after` goes on where a page ended.
pub fn list_path(business_account_id: &str, after: Option<&str>) -> String {
    let fields = "id,name,language,status,category,components";
    let after = after.map_or_else(String::new, |after| format!("&after={}", escaped(after)));
    format!("{business_account_id}/message_templates?fields={fields}&limit=100{after}")
}

/// A value within a query: a cursor is opaque, and base64 has `+`, `/` and `=`.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Path where a new template is sent for review.
pub fn create_path(business_account_id: &str) -> String {
    format!("{business_account_id}/message_templates")
}

/// One page of the list, and where the next one begins.
pub fn read_list(answer: &Value) -> (Vec<Known>, Option<String>) {
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let known =
        answer.get("data").and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter().map(|template| {
            let components =
                template.get("components").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let of_kind = |kind: &str| components.iter().find(|component| text(component, "type") == kind);
            let buttons =
                of_kind("BUTTONS").and_then(|component| component.get("buttons")?.as_array()?.first());
            Known {
                id: text(template, "id"),
                name: text(template, "name"),
                language: text(template, "language"),
                status: text(template, "status"),
                category: text(template, "category"),
                body: of_kind("BODY").map(|component| text(component, "text")).unwrap_or_default(),
                button: buttons.map(|button| text(button, "text")),
            }
        });
    let known = known.collect();
    // Without a `next` there is no further page, whatever the cursors say.
    let more = answer.pointer("/paging/next").is_some();
    let after = answer.pointer("/paging/cursors/after").and_then(Value::as_str).filter(|_| more);
    (known, after.map(str::to_owned))
}

/// How a template stands there, compared with ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Same,
    /// Another text or button.
    OtherText,
    /// The same text in another category. WhatsApp moves templates by itself, and takes no other category for one
    /// that it has approved: only a new template under a new name changes that.
    Moved,
    /// The same text in another category, which can still be changed.
    OtherCategory,
}

/// Compares what the API knows with ours.
pub fn standing(known: &Known, template: &Template, text: &TemplateText) -> Standing {
    if known.body != *text.body || known.button.as_deref() != text.button.as_deref() {
        Standing::OtherText
    } else if known.category == *template.category {
        Standing::Same
    } else if known.status == APPROVED {
        Standing::Moved
    } else {
        Standing::OtherCategory
    }
}

const APPROVED: &str = "APPROVED";

/// The body that sends a template for review: a new one whole; a known one with its parts, and with its category if
/// that is another and may be changed.
pub fn to_review(template: &Template, text: &TemplateText, known: Option<&Known>) -> Vec<u8> {
    let samples: Vec<&str> = template.variables.iter().map(|(_, sample)| &**sample).collect();
    let body = if samples.is_empty() {
        json!({"type": "BODY", "text": text.body})
    } else {
        json!({"type": "BODY", "text": text.body, "example": {"body_text": [samples]}})
    };
    let mut components = vec![body];
    if let Some(button) = &text.button {
        components.push(json!({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": button}]}));
    }
    let whole = match known {
        None => json!({
            "name": template.name,
            "language": text.code,
            "category": template.category,
            "components": components,
        }),
        Some(known) if known.category != *template.category && known.status != APPROVED => {
            json!({"category": template.category, "components": components})
        }
        Some(_) => json!({"components": components}),
    };
    whole.to_string().into_bytes()
}
