//! Conditions on the profile, and what is shown to those whom a node excludes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    structure::error,
    subject::{PROFILE_KEYS, Subject},
};
use crate::{
    content::{Finding, Kind, Node},
    domain::{CITIZENSHIP, CITY, DESTINATION, Profile},
};

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for node in subject.release.nodes() {
        keys(subject, node, out);
        if node.when.is_empty() {
            continue;
        }
        if node.otherwise.is_none() {
            out.push(error(node, "otherwise-missing"));
        } else {
            excluded(subject, node, out);
        }
    }
}

fn keys(subject: &Subject<'_>, node: &Node, out: &mut Vec<Finding>) {
    let unknown = |value: &str, known: &[&str]| {
        error(node, "profile-key-unknown").with("value", value).with("known", known.join(", "))
    };
    for condition in &node.when {
        if !PROFILE_KEYS.contains(&&*condition.key) {
            out.push(unknown(&condition.key, &PROFILE_KEYS));
            continue;
        }
        let Some(answers) = subject.answers(&condition.key) else { continue };
        for value in condition.values.iter().filter(|value| !answers.contains(&***value)) {
            let known: Vec<_> = answers.iter().copied().collect();
            let finding = error(node, "when-value-unknown").with("what", &condition.key);
            out.push(finding.with("value", value).with("known", known.join(", ")));
        }
    }
    if let Kind::Places(query) = &node.kind {
        let known = [DESTINATION, CITIZENSHIP, CITY];
        out.extend(query.by.iter().filter(|key| !known.contains(&&***key)).map(|key| unknown(key, &known)));
    }
}

/// Follows `otherwise` for each person whom the node excludes, as the engine does.
fn excluded(subject: &Subject<'_>, node: &Node, out: &mut Vec<Finding>) {
    let keys: BTreeSet<&str> = subject.release.nodes().flat_map(|n| &n.when).map(|c| &*c.key).collect();
    let mut more: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for condition in subject.release.nodes().flat_map(|n| &n.when) {
        more.entry(&condition.key).or_default().extend(condition.values.iter().map(AsRef::as_ref));
    }
    let profiles = subject.profiles(&keys, &more);
    let found = profiles.iter().filter(|profile| !node.passes(profile));
    let mut codes: BTreeMap<&'static str, &Profile> = BTreeMap::new();
    for profile in found {
        if let Some(code) = follow(subject, node, profile) {
            codes.entry(code).or_insert(profile);
        }
    }
    out.extend(codes.into_iter().map(|(code, profile)| {
        let who: Vec<_> = profile.iter().map(|(key, value)| format!("{key}={value}")).collect();
        error(node, code).with("who", who.join(", "))
    }));
}

fn follow(subject: &Subject<'_>, node: &Node, profile: &Profile) -> Option<&'static str> {
    let mut seen = BTreeSet::new();
    let mut node = node;
    while !node.passes(profile) {
        if !seen.insert(&node.id) {
            return Some("otherwise-circle");
        }
        let Some(next) = &node.otherwise else { return Some("otherwise-refuses") };
        // A target that does not exist is found as such.
        node = subject.release.node(next.as_str())?;
    }
    None
}
