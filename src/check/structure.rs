//! The tree's form: targets, ways, menus, questions, `k`.

use std::collections::HashSet;

use super::subject::{PROFILE_KEYS, Subject, line_of_key};
use crate::{
    content::{Answer, Ask, Finding, Kind, Node, Token},
    domain::NodeId,
};

/// Choices of a menu that fit one message with home and person (design §5).
const MENU_MAX: usize = 8;
/// Most options of a question: more than two pages tire the reader.
const OPTIONS_MAX: usize = 20;

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    settings(subject, out);
    for node in subject.release.nodes() {
        targets(subject, node, out);
        choices(node, out);
        knowledge(node, out);
        if let Kind::Ask(ask) = &node.kind {
            question(subject, node, ask, out);
        }
    }
    reach(subject, out);
}

/// An error at a node's place.
pub fn error(node: &Node, code: &'static str) -> Finding {
    Finding::error(code, &*node.file, node.line, node.id.as_str())
}

/// A warning at a node's place.
pub fn warning(node: &Node, code: &'static str) -> Finding {
    Finding::warning(code, &*node.file, node.line, node.id.as_str())
}

/// The nodes that the engine opens by itself, with the key that names each.
fn roots<'a>(subject: &Subject<'a>) -> impl Iterator<Item = (&'static str, &'a NodeId)> {
    let settings = &subject.release.settings;
    let named = [("home", &settings.home), ("help", &settings.help), ("emergency", &settings.emergency)];
    let named = named.into_iter().chain(settings.first.as_ref().map(|first| ("first", first)));
    named.chain(settings.later.as_ref().map(|later| ("later", later)))
}

fn settings(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    const PATH: &str = "content/settings.toml";
    for (key, id) in roots(subject) {
        if subject.release.node(id.as_str()).is_none() {
            let line = line_of_key(subject.files, PATH, key);
            out.push(Finding::error("target-unknown", PATH, line, key).with("what", key).with("value", id));
        }
    }
    // Each person gets the first main menu that fits; the last is the engine's last resort.
    let mut homes = subject.release.homes().iter().peekable();
    while let Some(id) = homes.next() {
        let Some(home) = subject.release.node(id.as_str()) else { continue };
        let refuses = homes.peek().is_none() && !home.when.is_empty();
        if refuses || !matches!(home.kind, Kind::Menu) {
            out.push(error(home, "home-unfit"));
        }
    }
}

/// Every node that a node names, with the key that names it.
fn named(node: &Node) -> Vec<(&'static str, &NodeId)> {
    let mut ids: Vec<_> = node.choices.iter().map(|id| ("choices", id)).collect();
    ids.extend(node.otherwise.iter().map(|id| ("otherwise", id)));
    match &node.kind {
        Kind::Ask(ask) => ids.extend(ask.next.iter().map(|id| ("next", id))),
        Kind::Tool(tool) => ids.extend(tool.inputs.iter().map(|(_, id)| ("inputs", id))),
        _ => {}
    }
    ids
}

fn targets(subject: &Subject<'_>, node: &Node, out: &mut Vec<Finding>) {
    for (what, id) in named(node) {
        if subject.release.node(id.as_str()).is_none() {
            out.push(error(node, "target-unknown").with("what", what).with("value", id));
        }
    }
}

fn choices(node: &Node, out: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    for id in &node.choices {
        if !seen.insert(id) {
            out.push(error(node, "choice-twice").with("value", id));
        }
    }
    if matches!(node.kind, Kind::Menu) {
        if node.choices.is_empty() {
            out.push(error(node, "menu-empty"));
        }
        if node.choices.len() > MENU_MAX {
            out.push(warning(node, "menu-pages").with("count", node.choices.len()).with("max", MENU_MAX));
        }
    }
}

fn knowledge(node: &Node, out: &mut Vec<Finding>) {
    let needed = matches!(node.kind, Kind::Page | Kind::Tool(_) | Kind::Places(_));
    match (needed, node.knowledge) {
        (true, None) => out.push(error(node, "k-missing").with("kind", node.kind.name())),
        (false, Some(_)) => out.push(error(node, "k-extra").with("kind", node.kind.name())),
        _ => {}
    }
}

fn question(subject: &Subject<'_>, node: &Node, ask: &Ask, out: &mut Vec<Finding>) {
    match &ask.answer {
        Answer::OneOf(options) => self::options(node, ask, options, out),
        Answer::Number { min: Some(min), max: Some(max) } if min > max => {
            out.push(error(node, "number-range").with("min", min).with("max", max));
        }
        _ => {}
    }
    if ask.profile && !PROFILE_KEYS.contains(&&*ask.var) {
        let finding = error(node, "profile-key-unknown").with("value", &ask.var);
        out.push(finding.with("known", PROFILE_KEYS.join(", ")));
    }
    let is_input = || {
        subject.release.nodes().any(|other| match &other.kind {
            Kind::Tool(tool) => tool.inputs.iter().any(|(_, id)| *id == node.id),
            _ => false,
        })
    };
    if ask.next.is_none() && !is_input() {
        out.push(warning(node, "next-missing"));
    }
}

fn options(node: &Node, ask: &Ask, options: &[Box<str>], out: &mut Vec<Finding>) {
    if options.is_empty() || options.len() > OPTIONS_MAX {
        out.push(error(node, "options-count").with("count", options.len()).with("max", OPTIONS_MAX));
    }
    let mut seen = HashSet::new();
    for value in options {
        let token = Token::Answer(node.id.clone(), value.clone());
        // "skip" is the value of the button that skips.
        let taken = ask.optional && &**value == "skip";
        if taken || Token::parse(&token.to_string()) != Some(token) {
            out.push(error(node, "option-form").with("value", value));
        }
        if !seen.insert(value) {
            out.push(error(node, "option-twice").with("value", value));
        }
    }
}

/// Nodes to which no way leads from what the engine opens by itself.
fn reach(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let mut reached: HashSet<&NodeId> = HashSet::new();
    let mut queue: Vec<&NodeId> = roots(subject).map(|(_, id)| id).collect();
    while let Some(id) = queue.pop() {
        if let Some(node) = subject.release.node(id.as_str())
            && reached.insert(&node.id)
        {
            queue.extend(named(node).into_iter().map(|(_, id)| id));
        }
    }
    let lost = subject.release.nodes().filter(|node| !reached.contains(&node.id));
    out.extend(lost.map(|node| warning(node, "node-unreachable")));
}
