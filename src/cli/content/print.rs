//! `safar content print`: each tree as it is read, from its first node on along its choices.

use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    fmt::Write,
};

use super::example::example;
use crate::{
    channels::web::LIMITS,
    compose::{Button, compose},
    content::{Answer, Ask, Kind, Node, Release},
    domain::{Day, Locale, NodeId, Profile},
    engine::{Say, Screen, Value, tool},
};

/// Columns by which a step away from the tree's first node is set in.
const INDENT: usize = 4;

/// The print-out of one tree, or of all.
pub fn walk(release: &Release, locale: Locale, tree: Option<&str>, today: Day) -> anyhow::Result<String> {
    let trees: BTreeSet<&str> = release.nodes().map(|node| &*node.tree).collect();
    if let Some(tree) = tree.filter(|tree| !trees.contains(tree)) {
        let known: Vec<&str> = trees.into_iter().collect();
        anyhow::bail!("there is no tree {tree}: use one of {}", known.join(", "));
    }
    let mut walk = Walk { release, locale, today, out: String::new() };
    for name in trees.into_iter().filter(|name| tree.is_none_or(|tree| tree == *name)) {
        let _ = writeln!(walk.out, "# {name} · {locale} · {today}\n");
        let steps = Steps::of(release, name);
        for root in &steps.roots {
            walk.node(&steps, root, 0);
        }
    }
    Ok(walk.out)
}

/// A tree's nodes, each below the one from which it is fewest steps away from where the tree begins.
#[derive(Default)]
struct Steps<'a> {
    roots: Vec<&'a Node>,
    below: HashMap<&'a NodeId, Vec<&'a Node>>,
}

impl<'a> Steps<'a> {
    fn of(release: &'a Release, tree: &str) -> Self {
        let mut steps = Self::default();
        let mut seen: HashSet<&NodeId> = HashSet::new();
        // The first node begins the tree; what nothing in it leads to begins a walk of its own.
        for root in release.nodes().filter(|node| &*node.tree == tree) {
            if !seen.insert(&root.id) {
                continue;
            }
            steps.roots.push(root);
            let mut queue = VecDeque::from([root]);
            while let Some(node) = queue.pop_front() {
                let next = next(node).filter_map(|id| release.node(id.as_str()));
                for next in next.filter(|next| &*next.tree == tree) {
                    if seen.insert(&next.id) {
                        steps.below.entry(&node.id).or_default().push(next);
                        queue.push_back(next);
                    }
                }
            }
        }
        steps
    }
}

struct Walk<'a> {
    release: &'a Release,
    locale: Locale,
    today: Day,
    out: String,
}

impl Walk<'_> {
    /// A node with what stands below it. The calls go as deep as the tree.
    fn node(&mut self, steps: &Steps<'_>, node: &Node, depth: usize) {
        self.line(depth, &format!("## {}", heading(node)));
        for (outcome, say) in self.says(node) {
            let composed = compose(self.release, &say, &LIMITS, self.today);
            if let Some(outcome) = outcome {
                self.line(depth, "");
                self.line(depth, &format!("({outcome})"));
            }
            self.text(&composed.text, depth);
            self.variants(node, &say, &composed.text, depth);
            // A tool's outcomes all have the same.
            if outcome.is_none_or(|outcome| Some(outcome) == outcomes(node).last().copied()) {
                self.line(depth, "");
                self.buttons(&composed.choices, depth);
            }
        }
        self.line(depth, "");
        for below in steps.below.get(&node.id).into_iter().flatten() {
            self.node(steps, below, depth + 1);
        }
    }

    fn text(&mut self, text: &str, depth: usize) {
        self.line(depth, "");
        for line in text.lines() {
            self.line(depth, line);
        }
    }

    /// The texts that people with a certain answer get instead. Lists of places differ by design: they are left out.
    fn variants(&mut self, node: &Node, say: &Say, usual: &str, depth: usize) {
        if matches!(node.kind, Kind::Places(_)) {
            return;
        }
        for (key, value) in answers(self.release) {
            let mut say = say.clone();
            say.profile.set(key, value);
            // The tool answers this person, too; where it says something else, that stands at its own outcome.
            if let (Kind::Tool(use_), Screen::Outcome(_, outcome)) = (&node.kind, &say.screen)
                && use_.inputs.iter().any(|(_, ask)| is_kept(self.release, ask, key))
            {
                let outcome = outcome.clone();
                let known = Profile::from_iter([(key, value)]);
                match example(self.release, use_, &outcome, &known, self.today) {
                    Some(example) => say.vars = example.vars,
                    None => continue,
                }
            }
            let text = compose(self.release, &say, &LIMITS, self.today).text;
            if text != usual {
                self.line(depth, "");
                self.line(depth, &format!("({key} = {value})"));
                self.text(&text, depth);
            }
        }
    }

    /// The screens of a node for a person of whom nothing is known; a tool's, for one to whom it says that.
    fn says(&self, node: &Node) -> Vec<(Option<&'static str>, Say)> {
        let Kind::Tool(use_) = &node.kind else {
            return vec![(None, Say::new(Screen::Node(node.id.clone()), Some(self.locale)))];
        };
        let one = |outcome: &'static str| {
            let screen = Screen::Outcome(node.id.clone(), outcome.into());
            let mut say = Say::new(screen, Some(self.locale));
            if let Some(example) = example(self.release, use_, outcome, &Profile::default(), self.today) {
                (say.profile, say.vars) = (example.profile, example.vars);
                return (Some(outcome), say);
            }
            // No answer leads here today: figures that are not there yet, or no longer.
            say.vars = tool::find(&use_.tool).map(|tool| tool.sample(outcome)).unwrap_or_default();
            // Samples know no labels of this content.
            for (input, ask) in &use_.inputs {
                if let Some(name) = say.vars.get_mut(&*format!("{input}_name"))
                    && let Some(option) = first_option(self.release, ask)
                {
                    *name = Value::Option(ask.clone(), option.into());
                }
            }
            (Some(outcome), say)
        };
        outcomes(node).iter().copied().map(one).collect()
    }

    fn buttons(&mut self, buttons: &[Button], depth: usize) {
        for button in buttons {
            self.line(depth, &format!("[{}] {}", button.label, button.token));
        }
    }

    fn line(&mut self, depth: usize, line: &str) {
        let indent = if line.is_empty() { 0 } else { depth * INDENT };
        let _ = writeln!(self.out, "{:indent$}{line}", "");
    }
}

/// Each answer that is kept about a person, as key and value.
fn answers(release: &Release) -> BTreeSet<(&str, &str)> {
    fn options(kind: &Kind) -> Vec<(&str, &str)> {
        match kind {
            Kind::Ask(Ask { var, answer: Answer::OneOf(options), profile: true, .. }) => {
                options.iter().map(|option| (&**var, &**option)).collect()
            }
            _ => Vec::new(),
        }
    }
    release.nodes().map(|node| &node.kind).flat_map(options).collect()
}

/// Id, kind and who sees it.
fn heading(node: &Node) -> String {
    let mut out = format!("{} · {}", node.id, node.kind.name());
    if !node.topics.is_empty() {
        let _ = write!(out, " · topics: {}", node.topics.join(", "));
    }
    for condition in &node.when {
        let _ = write!(out, " · only {} = {}", condition.key, condition.values.join(" | "));
    }
    if let Some(otherwise) = &node.otherwise {
        let _ = write!(out, " · others: {otherwise}");
    }
    out
}

/// Whether the answer to `ask` is kept under `key`.
fn is_kept(release: &Release, ask: &NodeId, key: &str) -> bool {
    release
        .node(ask.as_str())
        .is_some_and(|node| matches!(&node.kind, Kind::Ask(Ask { var, profile: true, .. }) if **var == *key))
}

fn first_option<'a>(release: &'a Release, ask: &NodeId) -> Option<&'a str> {
    match &release.node(ask.as_str())?.kind {
        Kind::Ask(Ask { answer: Answer::OneOf(options), .. }) => options.first().map(AsRef::as_ref),
        _ => None,
    }
}

fn outcomes(node: &Node) -> &'static [&'static str] {
    match &node.kind {
        Kind::Tool(use_) => tool::find(&use_.tool).map(tool::Tool::outcomes).unwrap_or_default(),
        _ => &[],
    }
}

/// What a node leads to: its choices, its questions, and what others see in its place.
fn next(node: &Node) -> impl Iterator<Item = &NodeId> {
    let of_kind: Vec<&NodeId> = match &node.kind {
        Kind::Ask(ask) => ask.next.iter().collect(),
        Kind::Tool(use_) => use_.inputs.iter().map(|(_, ask)| ask).collect(),
        _ => Vec::new(),
    };
    of_kind.into_iter().chain(&node.choices).chain(&node.otherwise)
}
