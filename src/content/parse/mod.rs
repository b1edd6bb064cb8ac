//! Texts of a content folder into a [`Release`].

mod figures;
mod glossary;
mod node;
mod places;
mod raw;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use serde::de::DeserializeOwned;

use self::raw::{RawFigures, RawGlossary, RawPlaces, RawRetired, RawSettings, RawSources, RawTree};
use super::{Files, Finding, Node, Release, Settings, Severity, SourceRef, Token, sources::SourceEntry};
use crate::{
    domain::{Day, NodeId, ReleaseId, RoughDay, parse_day},
    lang::Words,
    text::{Texts, line_of},
};

const GLOSSARY: &str = "content/glossary.toml";

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
        .map(|raw| figures::figures(raw, files, &mut findings))
        .unwrap_or_default();
    let places = read::<RawPlaces>(files, "content/places.toml", false, &mut findings)
        .map(|raw| places::places(raw, files, &mut findings))
        .unwrap_or_default();
    let retired = read::<RawRetired>(files, "content/retired.toml", false, &mut findings)
        .map(|raw| retired(raw, &mut findings))
        .unwrap_or_default();
    let templates = super::templates::parse(files, &mut findings);
    let replies = super::replies::parse(files, &mut findings);
    let glossary = read::<RawGlossary>(files, GLOSSARY, false, &mut findings)
        .map(|raw| glossary::glossary(raw, files))
        .unwrap_or_default();
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
            let Some(node) = node::node(raw.into_inner(), tree, place, &sources, &mut findings) else {
                continue;
            };
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
    let homes = homes(&settings.home, &nodes);
    let parents = parents(&homes, &order, &nodes);
    let hash = files.hash().into();
    let release = Release {
        id: ReleaseId(0),
        settings,
        nodes,
        order,
        parents,
        homes,
        texts,
        interface,
        words,
        figures,
        places,
        sources,
        retired,
        templates,
        replies,
        glossary,
        hash,
        search: std::sync::OnceLock::new(),
    };
    Ok((release, findings))
}

/// The main menu and what follows it by `otherwise` up to the one without a condition, each once.
fn homes(first: &NodeId, nodes: &HashMap<NodeId, Node>) -> Vec<NodeId> {
    let mut homes = vec![first.clone()];
    let next = |id: &NodeId| nodes.get(id).filter(|node| !node.when.is_empty())?.otherwise.clone();
    while let Some(next) = homes.last().and_then(next) {
        if homes.contains(&next) {
            break;
        }
        homes.push(next);
    }
    homes
}

/// Breadth first from the main menus, so that "back" takes the shortest way.
fn parents(homes: &[NodeId], order: &[NodeId], nodes: &HashMap<NodeId, Node>) -> HashMap<NodeId, NodeId> {
    let mut parents: HashMap<NodeId, NodeId> = HashMap::new();
    let mut queue: VecDeque<NodeId> = homes.iter().cloned().collect();
    let walk = |queue: &mut VecDeque<NodeId>, parents: &mut HashMap<NodeId, NodeId>| {
        while let Some(id) = queue.pop_front() {
            for choice in nodes.get(&id).map(|node| node.choices.as_slice()).unwrap_or_default() {
                if !homes.contains(choice) && !parents.contains_key(choice) {
                    parents.insert(choice.clone(), id.clone());
                    queue.push_back(choice.clone());
                }
            }
        }
    };
    walk(&mut queue, &mut parents);
    for id in order {
        if !homes.contains(id) && !parents.contains_key(id) {
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

/// The date of a source, of which sometimes only the year or the month is known.
fn rough(
    text: Option<&str>,
    what: &'static str,
    key: &str,
    place: At<'_>,
    findings: &mut Vec<Finding>,
) -> Option<RoughDay> {
    let text = text?;
    let date = RoughDay::parse(text);
    if date.is_none() {
        findings.push(place.error("date-rough-form", key).with("what", what).with("value", text));
    }
    date
}

/// Nothing has a date and none.
fn date_twice(reviewed: Option<&str>, undated: bool, key: &str, place: At<'_>, findings: &mut Vec<Finding>) {
    if reviewed.is_some() && undated {
        findings.push(place.error("date-twice", key));
    }
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
        later: match raw.later {
            None => None,
            Some(later) => Some(id(&later, place, findings)?),
        },
        help: id(&raw.help, place, findings)?,
        emergency: id(&raw.emergency, place, findings)?,
        risk: raw.risk.into_iter().map(Into::into).collect(),
        topics: raw.topics.map(|topics| topics.into_iter().map(Into::into).collect()),
    })
}

fn sources(raw: RawSources, findings: &mut Vec<Finding>) -> Sources {
    let place = At { file: "content/sources.toml", line: 0 };
    raw.source
        .into_iter()
        .map(|(key, raw)| {
            let date = rough(raw.date.as_deref(), "date", &key, place, findings);
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
