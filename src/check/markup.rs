//! Markup: only `*bold*`, numbered lines and bare links (design §5).

use super::{subject::Subject, variables::Part};
use crate::{content::Finding, domain::Locale};

/// Marks of other notations: HTML, Markdown links, code and bold.
const FOREIGN: [&str; 5] = ["](", "`", "__", "~~", "**"];

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for locale in Locale::ALL {
        for text in subject.texts(locale) {
            for (attribute, shape) in &text.entry.parts {
                let part = Part { text, attribute: attribute.as_deref() };
                if !part.is_keywords() {
                    one(&part, shape.literal.as_str(), out);
                }
            }
        }
    }
}

fn one(part: &Part<'_>, literal: &str, out: &mut Vec<Finding>) {
    let is_body = matches!(part.attribute, Some("text" | "note"))
        || part.attribute.is_some_and(|a| a.starts_with("out-"));
    let stars = literal.matches('*').count();
    // Titles are bold already, labels never are.
    if !stars.is_multiple_of(2) || (stars > 0 && !is_body) {
        out.push(part.error("markup-star"));
    }
    let tag = literal
        .split('<')
        .skip(1)
        .find(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
    // Two stars around a variable are an empty bold only for this view of the text.
    let foreign = FOREIGN.iter().find(|mark| **mark != "**" && literal.contains(**mark));
    let doubled = part.text.entry.source.lines().any(|line| line.contains("**")).then_some(&"**");
    let heading =
        literal.lines().any(|line| line.starts_with("# ") || line.starts_with("## ")).then_some(&"#");
    if let Some(mark) = tag.map(|_| &"<").or(foreign).or(doubled).or(heading) {
        out.push(part.error("markup-foreign").with("value", mark));
    }
}
