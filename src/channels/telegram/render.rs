//! A composed message becomes one API call. Pure; the body is serialised once, here.

use serde::Serialize;

use super::receive::CallbackId;
use crate::compose::{Button, Composed};

/// Longest label, in characters, of a choice that shares its row with another (channels.md §6).
const PAIR_LABEL_MAX: usize = 14;

/// Characters of labels that fit side by side on a small phone, and most buttons a row, for the system choices.
const SYSTEM_ROW_CHARS: usize = 30;
const SYSTEM_ROW_BUTTONS: usize = 3;

/// Most ids in one `deleteMessages` (channels.md §2.3).
const DELETE_MAX: usize = 100;

/// A call that is ready to go. `Debug` hides the body: it holds an address and a text.
#[derive(Clone, PartialEq, Eq)]
pub struct TelegramCall {
    pub method: &'static str,
    /// JSON.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for TelegramCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TelegramCall({}, {} bytes)", self.method, self.body.len())
    }
}

impl TelegramCall {
    fn new(method: &'static str, body: &impl Serialize) -> Self {
        // Maps with text keys and plain fields only: writing them into memory cannot fail.
        Self { method, body: serde_json::to_vec(body).unwrap_or_default() }
    }

    /// Whether the call goes to one chat, so that a 429 is first believed to be about that chat.
    pub fn is_to_a_chat(&self) -> bool {
        matches!(self.method, SEND | EDIT | DELETE | LEAVE | ACTION)
    }
}

const SEND: &str = "sendMessage";
const EDIT: &str = "editMessageText";
const DELETE: &str = "deleteMessages";
const LEAVE: &str = "leaveChat";
const ACTION: &str = "sendChatAction";
const ANSWER: &str = "answerCallbackQuery";

/// The call that shows `composed` in `chat` (an address's external id): as a new message, or in place of the
/// bot's own message `edit`. Choices are one a row if any label is long, else two; the system choices come last.
pub fn render(chat: &str, composed: &Composed, edit: Option<i64>) -> TelegramCall {
    let (text, parse_mode) = caption(&composed.text);
    message(chat, composed, edit, &text, parse_mode)
}

/// A text as it goes, and how its markup is to be read.
pub(super) fn caption(text: &str) -> (String, Option<&'static str>) {
    to_html(text).map_or_else(|| (text.to_owned(), None), |html| (html, Some("HTML")))
}

/// The same without markup.
pub(super) fn caption_plain(text: &str) -> String {
    pieces(text).fold(String::with_capacity(text.len()), |plain, (piece, _)| plain + piece)
}

/// The same without markup: for when the API refused it ([`crate::channels::SendError::BadMarkup`]).
pub fn render_plain(chat: &str, composed: &Composed, edit: Option<i64>) -> TelegramCall {
    message(chat, composed, edit, &caption_plain(&composed.text), None)
}

/// The webhook's own answer to a tap: its JSON stops the button's spinning without a call of ours.
pub fn answer_callback(id: &CallbackId) -> Vec<u8> {
    let body = AnswerCallback { method: Some(ANSWER), callback_query_id: &id.0 };
    serde_json::to_vec(&body).unwrap_or_default()
}

/// The same as a call, for polling. Its failure is of no account: the answer itself is on its way.
pub fn answer_callback_call(id: &CallbackId) -> TelegramCall {
    TelegramCall::new(ANSWER, &AnswerCallback { method: None, callback_query_id: &id.0 })
}

/// Deletes messages, in as few calls as the API allows. Ids that are gone are skipped by it; whether one that is
/// older than 48 hours costs its whole call is not documented, so leave those out.
pub fn delete_messages(chat: &str, ids: &[i64]) -> Vec<TelegramCall> {
    let batch = |ids| TelegramCall::new(DELETE, &Delete { chat_id: ChatId::of(chat), message_ids: ids });
    ids.chunks(DELETE_MAX).map(batch).collect()
}

/// Shows for five seconds, or until a message comes, that somebody writes.
pub fn typing(chat: &str) -> TelegramCall {
    TelegramCall::new(ACTION, &Action { chat_id: ChatId::of(chat), action: "typing" })
}

/// Leaves a group or channel that somebody put the bot into.
pub fn leave_chat(chat: i64) -> TelegramCall {
    TelegramCall::new(LEAVE, &Leave { chat_id: chat })
}

fn message(
    chat: &str,
    composed: &Composed,
    edit: Option<i64>,
    text: &str,
    parse_mode: Option<&'static str>,
) -> TelegramCall {
    let rows = keyboard(&composed.choices, &composed.system);
    let rows: Vec<Vec<Key<'_>>> =
        rows.into_iter().map(|row| row.into_iter().map(Key::of).collect()).collect();
    let body = Screen {
        chat_id: ChatId::of(chat),
        message_id: edit,
        text,
        parse_mode,
        link_preview_options: LinkPreview { is_disabled: true },
        // Without it an edit takes the old keyboard away, which is right.
        reply_markup: (!rows.is_empty()).then_some(Markup { inline_keyboard: rows }),
    };
    TelegramCall::new(if edit.is_some() { EDIT } else { SEND }, &body)
}

/// The buttons in rows, as they stand under a message.
pub fn keyboard<'a>(choices: &'a [Button], system: &'a [Button]) -> Vec<Vec<&'a Button>> {
    let are_short = choices.iter().all(|choice| choice.label.chars().count() <= PAIR_LABEL_MAX);
    let per_row = if are_short { 2 } else { 1 };
    let mut rows: Vec<Vec<&Button>> = choices.chunks(per_row).map(|row| row.iter().collect()).collect();
    let mut row = Vec::new();
    let mut chars = 0;
    for button in system {
        let more = button.label.chars().count();
        if !row.is_empty() && (row.len() == SYSTEM_ROW_BUTTONS || chars + more > SYSTEM_ROW_CHARS) {
            rows.push(std::mem::take(&mut row));
            chars = 0;
        }
        chars += more;
        row.push(button);
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

/// The text as Telegram's HTML; `None` if it has no markup, and then it goes as it is.
fn to_html(text: &str) -> Option<String> {
    let mut html = String::with_capacity(text.len() + 32);
    let mut has_bold = false;
    for (piece, is_bold) in pieces(text) {
        if is_bold {
            has_bold = true;
            html.push_str("<b>");
            push_escaped(&mut html, piece);
            html.push_str("</b>");
        } else {
            push_escaped(&mut html, piece);
        }
    }
    has_bold.then_some(html)
}

fn push_escaped(html: &mut String, text: &str) {
    for part in text.split_inclusive(['&', '<', '>']) {
        let mut chars = part.chars();
        let replacement = match chars.next_back() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => {
                html.push_str(part);
                continue;
            }
        };
        html.push_str(chars.as_str());
        html.push_str(replacement);
    }
}

/// The text in pieces, with whether each is bold; the stars of bold pieces are gone, other stars stay.
pub fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    let mut bold_next: Option<(&str, &str)> = None;
    std::iter::from_fn(move || {
        if let Some((bold, after)) = bold_next.take() {
            rest = after;
            return Some((bold, true));
        }
        if rest.is_empty() {
            return None;
        }
        let Some((before, bold, after)) = find_bold(text, rest) else {
            return Some((std::mem::take(&mut rest), false));
        };
        bold_next = Some((bold, after));
        Some((before, false))
    })
}

/// The next `*bold*` in `rest`, which is a tail of `text`. As on WhatsApp the stars hug the words inside and no
/// letter or digit touches them outside, so that `2*3*4` and `* item` stay as they are; bold ends with its line.
fn find_bold<'a>(text: &'a str, rest: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
    let start = text.len() - rest.len();
    for (at, _) in rest.match_indices('*') {
        let is_free = !text.get(..start + at)?.chars().next_back().is_some_and(char::is_alphanumeric);
        let inside = rest.get(at + 1..)?;
        if !is_free || inside.starts_with(|c: char| c == '*' || c.is_whitespace()) {
            continue;
        }
        let line = inside.split('\n').next()?;
        for (end, _) in line.match_indices('*') {
            let bold = line.get(..end)?;
            let after = inside.get(end + 1..)?;
            if !bold.ends_with(char::is_whitespace) && !after.starts_with(char::is_alphanumeric) {
                return Some((rest.get(..at)?, bold, after));
            }
        }
    }
    None
}

#[derive(Serialize)]
struct Screen<'a> {
    chat_id: ChatId<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<i64>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parse_mode: Option<&'static str>,
    link_preview_options: LinkPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Markup<'a>>,
}

/// A chat id goes as the number that it is; anything else is left for the API to refuse.
#[derive(Serialize)]
#[serde(untagged)]
enum ChatId<'a> {
    Number(i64),
    Text(&'a str),
}

impl<'a> ChatId<'a> {
    fn of(chat: &'a str) -> Self {
        chat.parse().map_or(Self::Text(chat), Self::Number)
    }
}

#[derive(Serialize)]
struct LinkPreview {
    is_disabled: bool,
}

#[derive(Serialize)]
struct Markup<'a> {
    inline_keyboard: Vec<Vec<Key<'a>>>,
}

#[derive(Serialize)]
struct Key<'a> {
    text: &'a str,
    callback_data: &'a str,
}

impl<'a> Key<'a> {
    fn of(button: &'a Button) -> Self {
        Self { text: &button.label, callback_data: &button.token }
    }
}

#[derive(Serialize)]
struct AnswerCallback<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    callback_query_id: &'a str,
}

#[derive(Serialize)]
struct Delete<'a> {
    chat_id: ChatId<'a>,
    message_ids: &'a [i64],
}

#[derive(Serialize)]
struct Action<'a> {
    chat_id: ChatId<'a>,
    action: &'static str,
}

#[derive(Serialize)]
struct Leave {
    chat_id: i64,
}
