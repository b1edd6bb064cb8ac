//! Texts: each node and place has what it needs in each language, nothing stands there for nobody, and
//! translations follow the Russian.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::subject::{Subject, Text, is_choice};
use crate::{
    content::{Answer, Finding, Kind, Node},
    domain::{Locale, hex},
    engine::tool,
};

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for node in subject.release.nodes() {
        let needed = needed(subject, node);
        for locale in Locale::ALL {
            one(subject, locale, node.id.as_str(), &needed, out);
        }
    }
    for place in &subject.release.places {
        for locale in Locale::ALL {
            one(subject, locale, &format!("place-{}", place.id), &BTreeSet::new(), out);
        }
    }
    let of_reply = BTreeSet::from(["name".to_owned()]);
    for reply in &subject.release.replies {
        for locale in Locale::ALL {
            one(subject, locale, &reply.text_id(), &of_reply, out);
        }
    }
    for locale in Locale::ALL {
        for text in subject.texts(locale) {
            extra(subject, text, out);
            if locale != Locale::REFERENCE {
                followed(subject, text, out);
            }
        }
    }
}

/// The value of the button that skips a question: its own words are optional.
const SKIP: &str = "skip";

/// Attributes without which the node cannot be shown.
fn needed(subject: &Subject<'_>, node: &Node) -> BTreeSet<String> {
    let mut needed: BTreeSet<String> = match &node.kind {
        Kind::Page => ["text".to_owned()].into(),
        Kind::Tool(tool_use) => tool::find(&tool_use.tool)
            .map(|tool| tool.outcomes().iter().map(|outcome| format!("out-{outcome}")).collect())
            .unwrap_or_default(),
        _ => options(node).into_iter().map(|value| format!("opt-{value}")).collect(),
    };
    if is_choice(subject.release, node.id.as_str()) {
        needed.insert("button".to_owned());
    }
    needed
}

/// Values of the node's own answers.
fn options(node: &Node) -> Vec<&str> {
    match &node.kind {
        Kind::Ask(ask) => match &ask.answer {
            Answer::OneOf(options) => options.iter().map(AsRef::as_ref).collect(),
            _ => Vec::new(),
        },
        Kind::Feedback => vec!["yes", "no"],
        _ => Vec::new(),
    }
}

fn one(subject: &Subject<'_>, locale: Locale, id: &str, needed: &BTreeSet<String>, out: &mut Vec<Finding>) {
    let (file, line) = subject.place(locale, id, None);
    let Some(text) = subject.text(locale, id).filter(|text| text.shape(None).is_some()) else {
        out.push(Finding::error("text-missing", file, line, id).with("locale", locale));
        return;
    };
    // What the Russian has, the others have too; a warning for what nobody reads stands at the Russian.
    // What people say is each language's own.
    let reference = subject.text(Locale::REFERENCE, id).into_iter().flat_map(Text::attributes);
    let reference = reference.filter(|attribute| *attribute == "keywords" || !is_peoples(attribute));
    let wanted: BTreeSet<&str> = needed.iter().map(String::as_str).chain(reference).collect();
    for attribute in wanted {
        if text.shape(Some(attribute)).is_none() {
            let finding = Finding::error("attribute-missing", file.clone(), line, id);
            out.push(finding.with("attribute", attribute).with("locale", locale));
        }
    }
}

fn extra(subject: &Subject<'_>, text: &Text<'_>, out: &mut Vec<Finding>) {
    let id = text.entry.id.as_str();
    let allowed: Box<dyn Fn(&str) -> bool> = if let Some(node) = subject.release.node(id) {
        Box::new(move |attribute| match attribute.split_once('-') {
            Some(("opt", SKIP)) => matches!(&node.kind, Kind::Ask(ask) if ask.optional),
            Some(("opt", value)) => options(node).contains(&value),
            Some(("say", value)) => matches!(node.kind, Kind::Ask(_)) && options(node).contains(&value),
            Some(("out", outcome)) => match &node.kind {
                Kind::Tool(tool_use) => {
                    // An unknown tool is found as such.
                    tool::find(&tool_use.tool).is_none_or(|tool| tool.outcomes().contains(&outcome))
                }
                _ => false,
            },
            _ if attribute == "around" => matches!(node.kind, Kind::Ask(_)),
            _ => matches!(attribute, "text" | "button" | "keywords"),
        })
    } else if subject.release.places.iter().any(|place| id.strip_prefix("place-") == Some(&place.id)) {
        Box::new(|attribute| attribute == "note")
    } else if subject.release.replies.iter().any(|reply| id.strip_prefix("reply-") == Some(&reply.id)) {
        Box::new(|attribute| attribute == "name")
    } else {
        out.push(Finding::warning("text-extra", text.file, text.entry.line, id));
        return;
    };
    for attribute in text.attributes().filter(|attribute| !allowed(attribute)) {
        let line = text.line(Some(attribute));
        out.push(Finding::warning("attribute-extra", text.file, line, id).with("attribute", attribute));
    }
}

/// Whether a translation was confirmed for the Russian text as it stands.
fn followed(subject: &Subject<'_>, text: &Text<'_>, out: &mut Vec<Finding>) {
    let id = text.entry.id.as_str();
    let Some(reference) = subject.text(Locale::REFERENCE, id) else { return };
    let code = match text.entry.comment.lines().find_map(confirmed) {
        None | Some("00000000") => "translation-unconfirmed",
        Some(mark) if mark != mark_of(&reference.entry.source) => "translation-stale",
        Some(_) => return,
    };
    out.push(Finding::warning(code, text.file, text.entry.line, id));
}

/// The mark in a comment line `from ru 0a1b2c3d`.
pub fn confirmed(comment: &str) -> Option<&str> {
    let mark = comment.trim().strip_prefix("from ru ")?.trim();
    (mark.len() == 8 && mark.bytes().all(|b| b.is_ascii_hexdigit())).then_some(mark)
}

/// Attributes with words that people use, which nobody is shown: keywords, names of an ask's options, words around them.
pub fn is_peoples(attribute: &str) -> bool {
    matches!(attribute, "keywords" | "around") || attribute.starts_with("say-")
}

/// First 8 hex digits of the SHA-256 of a Russian message as it stands in its file, without people's words: each language
/// has its own, nobody translates them.
pub fn mark_of(source: &str) -> String {
    let mut in_peoples = false;
    let translated = source.split_inclusive('\n').filter(|line| {
        let attribute = line.trim_start().strip_prefix('.');
        let goes_on = in_peoples && attribute.is_none() && line.starts_with("     ");
        let is_start = |attribute: &str| is_peoples(attribute.split([' ', '=']).next().unwrap_or_default());
        in_peoples = goes_on || attribute.is_some_and(is_start);
        !in_peoples
    });
    let mut digest = Sha256::new();
    for line in translated {
        digest.update(line.trim_end());
        digest.update("\n");
    }
    let mut mark = hex(&digest.finalize());
    mark.truncate(8);
    mark
}
