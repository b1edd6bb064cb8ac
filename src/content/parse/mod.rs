//! Texts of a content folder into a [`Release`].

mod raw;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::de::DeserializeOwned;
use toml::Spanned;

use self::raw::{RawFigures, RawNode, RawPlaces, RawRetired, RawSettings, RawSources, RawTree};
use super::{
    Answer, Ask, Caution, Condition, Figure, Figures, Files, Finding, Grade, Kind, Knowledge, Node, Place,
    PlaceKind, Release, Settings, Severity, SourceRef, Token, ToolUse, Unit, places::Query,
    sources::SourceEntry,
};
use crate::{
    domain::{Day, NodeId, ReleaseId, parse_day},
    lang::Words,
    text::{Texts, line_of},
};

type Sources = HashMap<Box<str>, SourceRef>;

pub(super) fn release(
    files: &Files,
    interface: Arc<Texts>,
    words: Arc<Words>,
) -> Result<(Release, Vec<Finding>), Vec<Finding>> {
    let mut findings = Vec::new();
    let settings = read::<RawSettings>(files, "content/settings.toml", true, &mut findings)
        .and_then(|raw| settings(raw, &mut findings));
    let sources = read::<RawSources>(files, "content/sources.toml", false, &mut findings)
        .map(|raw| sources(raw, &mut findings))
        .unwrap_or_default();
    let figures = read::<RawFigures>(files, "content/figures.toml", false, &mut findings)
        .map(|raw| figures(raw, files, &mut findings))
        .unwrap_or_default();
    let places = read::<RawPlaces>(files, "content/places.toml", false, &mut findings)
        .map(|raw| places(raw, files, &mut findings))
        .unwrap_or_default();
    let retired = read::<RawRetired>(files, "content/retired.toml", false, &mut findings)
        .map(|raw| retired(raw, &mut findings))
        .unwrap_or_default();
    let templates = super::templates::parse(files, &mut findings);
    let mut order = Vec::new();
    let mut nodes: HashMap<NodeId, Node> = HashMap::new();
    for (path, text) in &files.0 {
        let Some(tree) = path.strip_prefix("content/").and_then(|rest| rest.strip_suffix("/tree.toml"))
        else {
            continue;
        };
        let Some(raw) = read::<RawTree>(files, path, true, &mut findings) else { continue };
        for raw in raw.node {
            let line = line_of(text, raw.span().start);
            let place = At { file: path, line };
            let Some(node) = node(raw.into_inner(), tree, place, &sources, &mut findings) else { continue };
            if let Some(first) = nodes.get(&node.id) {
                findings.push(
                    Finding::error("node-twice", path, line, node.id.as_str())
                        .with("first", format!("{}:{}", first.file, first.line)),
                );
                continue;
            }
            order.push(node.id.clone());
            nodes.insert(node.id.clone(), node);
        }
    }
    let (texts, text_errors) = Texts::load(files.texts());
    findings.extend(
        text_errors
            .into_iter()
            .map(|e| Finding::error("text-broken", e.file, e.line, "").with("what", e.what)),
    );
    let Some(settings) = settings else { return Err(findings) };
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(findings);
    }
    let parents = parents(&settings, &order, &nodes);
    let hash = files.hash().into();
    let release = Release {
        id: ReleaseId(0),
        settings,
        nodes,
        order,
        parents,
        texts,
        interface,
        words,
        figures,
        places,
        sources,
        retired,
        templates,
        hash,
    };
    Ok((release, findings))
}

/// Breadth first from home, so that "back" takes the shortest way.
fn parents(settings: &Settings, order: &[NodeId], nodes: &HashMap<NodeId, Node>) -> HashMap<NodeId, NodeId> {
    let mut parents: HashMap<NodeId, NodeId> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([settings.home.clone()]);
    let walk = |queue: &mut std::collections::VecDeque<NodeId>, parents: &mut HashMap<NodeId, NodeId>| {
        while let Some(id) = queue.pop_front() {
            for choice in nodes.get(&id).map(|node| node.choices.as_slice()).unwrap_or_default() {
                if *choice != settings.home && !parents.contains_key(choice) {
                    parents.insert(choice.clone(), id.clone());
                    queue.push_back(choice.clone());
                }
            }
        }
    };
    walk(&mut queue, &mut parents);
    for id in order {
        if *id != settings.home && !parents.contains_key(id) {
            queue.push_back(id.clone());
            walk(&mut queue, &mut parents);
        }
    }
    parents
}

#[derive(Clone, Copy)]
struct At<'a> {
    file: &'a str,
    line: usize,
}

impl At<'_> {
    fn error(self, code: &'static str, key: impl Into<String>) -> Finding {
        Finding::error(code, self.file, self.line, key)
    }
}

fn read<T: DeserializeOwned>(
    files: &Files,
    path: &str,
    needed: bool,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    let Some(text) = files.0.get(path) else {
        if needed {
            findings.push(Finding::error("file-missing", path, 0, ""));
        }
        return None;
    };
    match toml::from_str(text) {
        Ok(raw) => Some(raw),
        Err(error) => {
            let line = error.span().map_or(0, |span| line_of(text, span.start));
            findings.push(Finding::error("file-broken", path, line, "").with("what", error.message()));
            None
        }
    }
}

fn id(text: &str, place: At<'_>, findings: &mut Vec<Finding>) -> Option<NodeId> {
    let id = NodeId::parse(text).filter(|id| !Token::RESERVED.contains(&id.as_str()));
    if id.is_none() {
        findings.push(place.error("id-form", text));
    }
    id
}

fn day(
    text: Option<&str>,
    what: &'static str,
    key: &str,
    place: At<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Day> {
    let text = text?;
    let day = parse_day(text);
    if day.is_none() {
        findings.push(place.error("date-form", key).with("what", what).with("value", text));
    }
    day
}

fn settings(raw: RawSettings, findings: &mut Vec<Finding>) -> Option<Settings> {
    let place = At { file: "content/settings.toml", line: 0 };
    if raw.format != 1 {
        findings.push(place.error("format-unknown", "format").with("value", raw.format));
    }
    Some(Settings {
        home: id(&raw.home, place, findings)?,
        first: match raw.first {
            None => None,
            Some(first) => Some(id(&first, place, findings)?),
        },
        help: id(&raw.help, place, findings)?,
        emergency: id(&raw.emergency, place, findings)?,
    })
}

fn sources(raw: RawSources, findings: &mut Vec<Finding>) -> Sources {
    let place = At { file: "content/sources.toml", line: 0 };
    raw.source
        .into_iter()
        .map(|(key, raw)| {
            let date = day(raw.date.as_deref(), "date", &key, place, findings);
            let entry = SourceEntry {
                key: key.as_str().into(),
                title: raw.title.into(),
                date,
                url: raw.url.map(Into::into),
            };
            (key.into(), SourceRef(Arc::new(entry)))
        })
        .collect()
}

fn retired(raw: RawRetired, findings: &mut Vec<Finding>) -> BTreeMap<Box<str>, NodeId> {
    let place = At { file: "content/retired.toml", line: 0 };
    raw.retired
        .into_iter()
        .filter_map(|(gone, heir)| {
            id(&gone, place, findings)?;
            Some((gone.into(), id(&heir, place, findings)?))
        })
        .collect()
}

fn figures(raw: RawFigures, files: &Files, findings: &mut Vec<Finding>) -> Figures {
    let path = "content/figures.toml";
    let text = files.0.get(path).map(String::as_str).unwrap_or_default();
    let regions = raw.region.into_iter().map(|region| region.id.into()).collect();
    let figures = raw.figure.into_iter().filter_map(|raw| {
        let place = At { file: path, line: line_of(text, raw.span().start) };
        figure(raw, place, findings)
    });
    let figures = figures.collect();
    Figures::new(figures, regions)
}

fn figure(raw: Spanned<raw::RawFigure>, place: At<'_>, findings: &mut Vec<Finding>) -> Option<Figure> {
    let raw = raw.into_inner();
    let key = raw.id.as_str();
    if raw.value.parse::<f64>().is_err() {
        findings.push(place.error("figure-value", key).with("value", &raw.value));
    }
    let unit = Unit::parse(&raw.unit);
    if unit.is_none() {
        let known: Vec<_> = Unit::ALL.iter().map(|(name, _)| *name).collect();
        findings
            .push(place.error("unit-unknown", key).with("value", &raw.unit).with("known", known.join(", ")));
    }
    let grade = match raw.grade.as_deref() {
        None => Some(Grade::Found),
        Some(text) => Grade::parse(text),
    };
    if grade.is_none() {
        findings
            .push(place.error("grade-unknown", key).with("value", raw.grade.as_deref().unwrap_or_default()));
    }
    let from = day(Some(&raw.from), "from", key, place, findings);
    let to = day(raw.to.as_deref(), "to", key, place, findings);
    let reviewed = day(Some(&raw.reviewed), "reviewed", key, place, findings);
    let review_by = day(raw.review_by.as_deref(), "review_by", key, place, findings);
    Some(Figure {
        id: raw.id.into(),
        key: raw.key.map(Into::into),
        value: raw.value.into(),
        unit: unit?,
        from: from?,
        to,
        source: raw.source.into(),
        reviewed: reviewed?,
        review_by,
        grade: grade?,
        line: place.line,
    })
}

fn places(raw: RawPlaces, files: &Files, findings: &mut Vec<Finding>) -> Vec<Place> {
    let path = "content/places.toml";
    let text = files.0.get(path).map(String::as_str).unwrap_or_default();
    raw.place
        .into_iter()
        .filter_map(|raw| {
            let place = At { file: path, line: line_of(text, raw.span().start) };
            let raw = raw.into_inner();
            let kind = PlaceKind::parse(&raw.kind);
            if kind.is_none() {
                let known: Vec<_> = PlaceKind::ALL.iter().map(|(name, _)| *name).collect();
                let finding = place.error("place-kind-unknown", &raw.id).with("value", &raw.kind);
                findings.push(finding.with("known", known.join(", ")));
            }
            let confirmed = day(raw.confirmed.as_deref(), "confirmed", &raw.id, place, findings);
            let reviewed = day(Some(&raw.reviewed), "reviewed", &raw.id, place, findings);
            Some(Place {
                id: raw.id.into(),
                country: raw.country.into(),
                citizens: raw.citizens.map(Into::into),
                city: raw.city.map(Into::into),
                kind: kind?,
                phones: raw.phones.into_iter().map(Into::into).collect(),
                site: raw.site.map(Into::into),
                address: raw.address.map(Into::into),
                confirmed,
                certain: raw.certain,
                source: raw.source.into(),
                reviewed: reviewed?,
                line: place.line,
            })
        })
        .collect()
}

fn node(
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
    let reviewed = day(raw.reviewed.as_deref(), "reviewed", &key, at, findings);
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
        "end" => Some(Kind::End),
        "ask" => {
            let Some(var) = raw.var.as_deref() else {
                missing("var", findings);
                return None;
            };
            let answer = match raw.answer.as_deref() {
                Some("one-of") => Answer::OneOf(raw.options.iter().map(|o| o.as_str().into()).collect()),
                Some("date") => Answer::Date,
                Some("number") => Answer::Number { min: raw.min, max: raw.max },
                Some("text") => Answer::Text,
                _ => {
                    missing("answer", findings);
                    return None;
                }
            };
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
