//! Quick replies: short enough to send, plain, for topics that are known.

use super::{subject::Subject, variables::Part};
use crate::{
    content::{
        Finding,
        replies::{MAX_CHARS, PATH},
    },
    domain::Locale,
};

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for reply in &subject.release.replies {
        if let Some(known) = &subject.release.settings.topics {
            for topic in reply.topics.iter().filter(|topic| !known.contains(topic)) {
                out.push(Finding::error("topic-unknown", PATH, reply.line, &*reply.id).with("value", topic));
            }
        }
        for locale in Locale::ALL {
            let Some(text) = subject.text(locale, &reply.text_id()) else { continue };
            let Some(shape) = text.shape(None) else { continue };
            let length = shape.literal.chars().count();
            if length > MAX_CHARS {
                let finding = Part { text, attribute: None }.error("reply-long");
                out.push(finding.with("length", length).with("max", MAX_CHARS));
            }
        }
    }
}
