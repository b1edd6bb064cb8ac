//! Tools: known ones, with each input asked by a question of the right kind.

use super::{
    structure::{error, warning},
    subject::Subject,
};
use crate::{
    content::{Answer, Ask, Finding, Kind, Node, ToolUse},
    engine::tool,
};

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for node in subject.release.nodes() {
        if let Kind::Tool(tool_use) = &node.kind {
            one(subject, node, tool_use, out);
        }
    }
}

fn one(subject: &Subject<'_>, node: &Node, tool_use: &ToolUse, out: &mut Vec<Finding>) {
    let Some(tool) = tool::find(&tool_use.tool) else {
        let known: Vec<_> = tool::ALL.iter().map(|tool| tool.name()).collect();
        out.push(error(node, "tool-unknown").with("value", &tool_use.tool).with("known", known.join(", ")));
        return;
    };
    for need in tool.inputs().iter().filter(|need| !need.optional) {
        if !tool_use.inputs.iter().any(|(name, _)| **name == *need.name) {
            out.push(error(node, "input-missing").with("value", need.name));
        }
    }
    for (name, ask) in &tool_use.inputs {
        let Some(need) = tool.inputs().iter().find(|need| *need.name == **name) else {
            out.push(error(node, "input-extra").with("value", name));
            continue;
        };
        let Some(target) = subject.release.node(ask.as_str()) else { continue };
        if !matches!(&target.kind, Kind::Ask(ask) if need.kind.fits(&ask.answer)) {
            let finding = error(node, "input-unfit").with("value", name).with("ask", ask);
            out.push(finding.with("wanted", need.kind.name()));
        }
        // All tools count from a day that has been: an entry, a payday.
        if matches!(&target.kind, Kind::Ask(Ask { answer: Answer::Date { is_past: false }, .. })) {
            out.push(warning(target, "past-missing").with("tool", &node.id));
        }
    }
}
