//! Quick replies: what consultants say often, with its texts `reply-<id>` in each language.

use serde::Deserialize;
use toml::Spanned;

use super::{Files, Finding};
use crate::text::line_of;

pub const PATH: &str = "content/replies.toml";

/// Longest text, in characters: as a consultant's message may be on each channel.
pub const MAX_CHARS: usize = 1_000;

/// A quick reply. Its text is the message `reply-<id>`, its name for staff the attribute `name`.
#[derive(Clone, Debug)]
pub struct Reply {
    pub id: Box<str>,
    /// Topics of the cases where it is offered; empty: in all.
    pub topics: Vec<Box<str>>,
    pub line: usize,
}

impl Reply {
    /// Id of its message.
    pub fn text_id(&self) -> String {
        format!("reply-{}", self.id)
    }

    /// Whether it is offered in a case of this topic.
    pub fn fits(&self, topic: Option<&str>) -> bool {
        self.topics.is_empty() || topic.is_some_and(|topic| self.topics.iter().any(|own| **own == *topic))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReplies {
    #[serde(default)]
    reply: Vec<Spanned<RawReply>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReply {
    id: String,
    #[serde(default)]
    topics: Vec<String>,
}

/// Reads the replies of a folder; none if it has no file for them.
pub(super) fn parse(files: &Files, findings: &mut Vec<Finding>) -> Vec<Reply> {
    let Some(text) = files.0.get(PATH) else { return Vec::new() };
    let raw: RawReplies = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let line = error.span().map_or(0, |span| line_of(text, span.start));
            findings.push(Finding::error("file-broken", PATH, line, "").with("what", error.message()));
            return Vec::new();
        }
    };
    let mut replies: Vec<Reply> = Vec::new();
    for raw in raw.reply {
        let line = line_of(text, raw.span().start);
        let RawReply { id, topics } = raw.into_inner();
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if id.is_empty() || id.len() > 40 || !id.bytes().all(is_word) {
            findings.push(Finding::error("id-form", PATH, line, id));
        } else if let Some(first) = replies.iter().find(|reply| *reply.id == *id) {
            let first = format!("{PATH}:{}", first.line);
            findings.push(Finding::error("reply-twice", PATH, line, id).with("first", first));
        } else {
            let topics = topics.into_iter().map(Into::into).collect();
            replies.push(Reply { id: id.into(), topics, line });
        }
    }
    replies
}
