//! `[[node]]` of a tree.

use super::{At, Sources, date_twice, day, id, raw::RawNode, rough};
use crate::{
    content::{
        Answer, Ask, Caution, Condition, Finding, Kind, Knowledge, Node, PlaceKind, ToolUse, places::Query,
    },
    domain::NodeId,
};

pub(super) fn node(
    raw: RawNode,
    tree: &str,
    at: At<'_>,
    sources: &Sources,
    findings: &mut Vec<Finding>,
) -> Option<Node> {
    let key = raw.id.clone();
    let node_id = id(&raw.id, at, findings);
    let kind = kind(&raw, at, findings);
    let choices = ids(&raw.choices, at, findings);
    let otherwise = raw.otherwise.as_deref().and_then(|text| id(text, at, findings));
    let sources = raw
        .sources
        .iter()
        .filter_map(|name| {
            let found = sources.get(name.as_str()).cloned();
            if found.is_none() {
                findings.push(at.error("source-unknown", &key).with("value", name));
            }
            found
        })
        .collect();
    let knowledge = match raw.k.as_deref() {
        None => None,
        Some(text) => {
            let knowledge = Knowledge::parse(text);
            if knowledge.is_none() {
                findings.push(at.error("k-unknown", &key).with("value", text));
            }
            knowledge
        }
    };
    let caution = match raw.caution.as_deref() {
        None => None,
        Some("check") => Some(Caution::Check),
        Some("recalled") => Some(Caution::Recalled),
        Some(other) => {
            findings.push(at.error("caution-unknown", &key).with("value", other));
            None
        }
    };
    let reviewed = rough(raw.reviewed.as_deref(), "reviewed", &key, at, findings);
    date_twice(raw.reviewed.as_deref(), raw.undated, &key, at, findings);
    let review_by = day(raw.review_by.as_deref(), "review_by", &key, at, findings);
    let when = raw
        .when
        .into_iter()
        .map(|(key, values)| Condition {
            key: key.into(),
            values: values.into_iter().map(Into::into).collect(),
        })
        .collect();
    Some(Node {
        id: node_id?,
        tree: tree.into(),
        kind: kind?,
        topics: raw.topics.into_iter().map(Into::into).collect(),
        when,
        otherwise,
        sources,
        reviewed,
        undated: raw.undated,
        review_by,
        caution,
        check_at: raw.check_at.map(Into::into),
        knowledge,
        choices,
        file: at.file.into(),
        line: at.line,
    })
}

fn ids(texts: &[String], at: At<'_>, findings: &mut Vec<Finding>) -> Vec<NodeId> {
    texts.iter().filter_map(|text| id(text, at, findings)).collect()
}

fn kind(raw: &RawNode, at: At<'_>, findings: &mut Vec<Finding>) -> Option<Kind> {
    let missing = |what: &'static str, findings: &mut Vec<Finding>| {
        findings.push(at.error("key-missing", &raw.id).with("what", what));
    };
    match raw.kind.as_str() {
        "menu" => Some(Kind::Menu),
        "page" => Some(Kind::Page),
        "feedback" => Some(Kind::Feedback),
        "handoff" => Some(Kind::Handoff),
        "end" => Some(Kind::End),
        "ask" => {
            let Some(var) = raw.var.as_deref() else {
                missing("var", findings);
                return None;
            };
            let answer = match raw.answer.as_deref() {
                Some("one-of") => Answer::OneOf(raw.options.iter().map(|o| o.as_str().into()).collect()),
                Some("date") => Answer::Date { is_past: raw.past },
                Some("number") => Answer::Number { min: raw.min, max: raw.max },
                Some("text") => Answer::Text,
                _ => {
                    missing("answer", findings);
                    return None;
                }
            };
            if raw.past && !matches!(answer, Answer::Date { .. }) {
                findings.push(at.error("past-misplaced", &raw.id));
            }
            let next = raw.next.as_deref().and_then(|text| id(text, at, findings));
            Some(Kind::Ask(Ask {
                var: var.into(),
                answer,
                profile: raw.profile,
                optional: raw.optional,
                next,
            }))
        }
        "tool" => {
            let Some(tool) = raw.tool.as_deref() else {
                missing("tool", findings);
                return None;
            };
            let inputs = raw
                .inputs
                .iter()
                .filter_map(|(name, ask)| Some((name.as_str().into(), id(ask, at, findings)?)))
                .collect();
            Some(Kind::Tool(ToolUse { tool: tool.into(), inputs }))
        }
        "places" => {
            let kinds = raw
                .kinds
                .iter()
                .filter_map(|text| {
                    let kind = PlaceKind::parse(text);
                    if kind.is_none() {
                        findings.push(at.error("place-kind-unknown", &raw.id).with("value", text));
                    }
                    kind
                })
                .collect();
            let by = raw.by.iter().map(|key| key.as_str().into()).collect();
            Some(Kind::Places(Query { kinds, by }))
        }
        other => {
            findings.push(
                at.error("kind-unknown", &raw.id).with("value", other).with("known", Kind::NAMES.join(", ")),
            );
            None
        }
    }
}
