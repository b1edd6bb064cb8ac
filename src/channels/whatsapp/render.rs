//! A composed message becomes one API call. Pure; the body is serialised once, here.

use std::fmt::{self, Write as _};

use bytes::Bytes;
use serde::Serialize;

use super::{LIMITS, Shape};
use crate::{
    compose::{Button, Composed},
    content::TemplateText,
    domain::{Address, OutboxId},
};

/// Most reply buttons, and the longest body beside them (channels.md §3.5).
const BUTTONS_MAX: usize = 3;
const BUTTON_BODY_MAX: usize = 1024;

/// A call that is ready to go. `Debug` hides the body: it holds an address and a text.
#[derive(Clone, PartialEq, Eq)]
pub struct WhatsAppCall {
    /// JSON.
    pub body: Bytes,
}

impl fmt::Debug for WhatsAppCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WhatsAppCall({} bytes)", self.body.len())
    }
}

impl WhatsAppCall {
    fn new(body: &impl Serialize) -> Self {
        // Maps with text keys and plain fields only: writing them into memory cannot fail.
        Self { body: serde_json::to_vec(body).unwrap_or_default().into() }
    }
}

/// The message for `to`. `outbox` comes back in every receipt. Choices are buttons, or a list where there are more
/// than three or the text is too long for buttons; where the account may send neither, numbered lines.
pub fn render(
    to: &Address,
    composed: &Composed,
    outbox: Option<OutboxId>,
    interactive: bool,
) -> WhatsAppCall {
    let choices: Vec<&Button> = composed.choices.iter().chain(&composed.system).collect();
    let text = composed.text.as_str();
    let content = if choices.is_empty() {
        Content::Text { text: Text { body: text, preview_url: false } }
    } else if !interactive {
        let body = numbered(composed);
        return WhatsAppCall::new(&Message::new(
            to,
            outbox,
            Content::Text { text: Text { body: &body, preview_url: false } },
        ));
    } else if !is_folded(composed) {
        let buttons = choices.iter().map(|choice| ReplyButton::of(&choice.token, &choice.label)).collect();
        Content::Interactive {
            interactive: Interactive::Button { body: Body { text }, action: Buttons { buttons } },
        }
    } else {
        let sections: Vec<Section<'_>> =
            [(&composed.list.topics, &composed.choices), (&composed.list.more, &composed.system)]
                .into_iter()
                .filter(|(_, choices)| !choices.is_empty())
                .map(|(title, choices)| Section { title, rows: choices.iter().map(Row::of).collect() })
                .collect();
        let action = List { button: &composed.list.button, sections };
        Content::Interactive { interactive: Interactive::List { body: Body { text }, action } }
    };
    WhatsAppCall::new(&Message::new(to, outbox, content))
}

/// A file by its id, with the text beside it where the shape takes one. A document shows `name`. Nothing can be tapped
/// beneath.
pub fn render_file(
    to: &Address,
    shape: Shape,
    media: &str,
    text: &str,
    name: &str,
    outbox: Option<OutboxId>,
) -> WhatsAppCall {
    let file = Media { id: media, caption: Some(text).filter(|text| !text.is_empty()), filename: None };
    let content = match shape {
        Shape::Image => Content::Image { image: file },
        Shape::Audio => Content::Audio { audio: Media { caption: None, ..file } },
        Shape::Video => Content::Video { video: file },
        Shape::Document => Content::Document { document: Media { filename: Some(name), ..file } },
    };
    WhatsAppCall::new(&Message::new(to, outbox, content))
}

/// Whether the choices fold away into a list: more than three, or a text too long for buttons.
pub fn is_folded(composed: &Composed) -> bool {
    composed.choices.len() + composed.system.len() > BUTTONS_MAX
        || LIMITS.length(&composed.text) > BUTTON_BODY_MAX
}

/// The text with its choices as lines, each with the sign that the engine reads: numbers first, in their order.
pub fn numbered(composed: &Composed) -> String {
    let mut text = composed.text.clone();
    let mut lines: Vec<&Button> = composed.choices.iter().chain(&composed.system).collect();
    if !lines.is_empty() {
        text.push('\n');
    }
    let place = |choice: &&Button| choice.sign.strip_suffix('.').and_then(|number| number.parse().ok());
    lines.sort_by_key(|choice| place(choice).unwrap_or(usize::MAX));
    for choice in lines {
        // Writing into a String cannot fail.
        let _ = write!(text, "\n{} {}", choice.sign, choice.label);
    }
    text
}

/// The approved template `name` that tells a person of an answer, when free messages may not go any more. `values`
/// stand for `{{1}}`, `{{2}}` … of its body. Its button carries `token`, so that a tap opens the window and shows the
/// answer.
pub fn render_template(
    to: &Address,
    name: &str,
    text: &TemplateText,
    values: &[String],
    token: &str,
    outbox: Option<OutboxId>,
) -> WhatsAppCall {
    let body = (!values.is_empty()).then(|| Component::Body {
        parameters: values.iter().map(|value| Parameter::Text { text: value }).collect(),
    });
    let button = text.button.is_some().then_some(Component::Button {
        sub_type: "quick_reply",
        index: "0",
        parameters: [Parameter::Payload { payload: token }],
    });
    let template = UsedTemplate {
        name,
        language: Language { policy: "deterministic", code: &text.code },
        components: body.into_iter().chain(button).collect(),
    };
    WhatsAppCall::new(&Message::new(to, outbox, Content::Template { template }))
}

/// Marks a person's message read, and all before it; `typing` shows that an answer is being written, until it comes.
pub fn mark_read(message: &str, typing: bool) -> WhatsAppCall {
    let typing_indicator = typing.then_some(Typing { kind: "text" });
    WhatsAppCall::new(&MarkRead {
        messaging_product: "whatsapp",
        status: "read",
        message_id: message,
        typing_indicator,
    })
}

#[derive(Serialize)]
struct Message<'a> {
    messaging_product: &'static str,
    recipient_type: &'static str,
    /// A phone number, without its plus.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    /// A user id. In `to` it would be accepted and silently dropped (channels.md §0, trap 5).
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
    #[serde(flatten)]
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<String>,
}

impl<'a> Message<'a> {
    fn new(address: &'a Address, outbox: Option<OutboxId>, content: Content<'a>) -> Self {
        let external = &*address.external;
        let (to, recipient) = if address.is_phone() {
            (Some(external.trim_start_matches('+')), None)
        } else {
            (None, Some(external))
        };
        Self {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to,
            recipient,
            content,
            biz_opaque_callback_data: outbox.map(|id| id.0.to_string()),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Content<'a> {
    Text { text: Text<'a> },
    Interactive { interactive: Interactive<'a> },
    Template { template: UsedTemplate<'a> },
    Image { image: Media<'a> },
    Audio { audio: Media<'a> },
    Video { video: Media<'a> },
    Document { document: Media<'a> },
}

#[derive(Serialize)]
struct Media<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
}

#[derive(Serialize)]
struct Text<'a> {
    body: &'a str,
    preview_url: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Interactive<'a> {
    Button { body: Body<'a>, action: Buttons<'a> },
    List { body: Body<'a>, action: List<'a> },
}

#[derive(Serialize)]
struct Body<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Buttons<'a> {
    buttons: Vec<ReplyButton<'a>>,
}

#[derive(Serialize)]
struct ReplyButton<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    reply: Reply<'a>,
}

impl<'a> ReplyButton<'a> {
    fn of(id: &'a str, title: &'a str) -> Self {
        Self { kind: "reply", reply: Reply { id, title } }
    }
}

#[derive(Serialize)]
struct Reply<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct List<'a> {
    button: &'a str,
    sections: Vec<Section<'a>>,
}

#[derive(Serialize)]
struct Section<'a> {
    title: &'a str,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

impl<'a> Row<'a> {
    fn of(choice: &'a Button) -> Self {
        Self { id: &choice.token, title: &choice.label, description: &choice.description }
    }
}

#[derive(Serialize)]
struct UsedTemplate<'a> {
    name: &'a str,
    language: Language<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
struct Language<'a> {
    policy: &'static str,
    code: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Component<'a> {
    Body { parameters: Vec<Parameter<'a>> },
    Button { sub_type: &'static str, index: &'static str, parameters: [Parameter<'a>; 1] },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Parameter<'a> {
    Text { text: &'a str },
    Payload { payload: &'a str },
}

#[derive(Serialize)]
struct MarkRead<'a> {
    messaging_product: &'static str,
    status: &'static str,
    message_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    typing_indicator: Option<Typing>,
}

#[derive(Serialize)]
struct Typing {
    #[serde(rename = "type")]
    kind: &'static str,
}
