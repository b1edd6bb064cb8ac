//! Tools: known ones, with each input asked by a question of the right kind.

use super::{structure::error, subject::Subject};
use crate::{
    content::{Answer, Finding, Kind, Node, ToolUse},
    engine::tool,
};

/// Inputs that tools read as a day; all others they compare with known values.
const DATE_INPUTS: [&str; 1] = ["entry"];

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
    for input in tool.inputs() {
        if !tool_use.inputs.iter().any(|(name, _)| &**name == *input) {
            out.push(error(node, "input-missing").with("value", input));
        }
    }
    for (name, ask) in &tool_use.inputs {
        if !tool.inputs().contains(&&**name) {
            out.push(error(node, "input-extra").with("value", name));
            continue;
        }
        let Some(target) = subject.release.node(ask.as_str()) else { continue };
        let wanted = if DATE_INPUTS.contains(&&**name) { "date" } else { "one-of" };
        let fits = match &target.kind {
            Kind::Ask(ask) => match ask.answer {
                Answer::Date => wanted == "date",
                Answer::OneOf(_) => wanted == "one-of",
                _ => false,
            },
            _ => false,
        };
        if !fits {
            out.push(error(node, "input-unfit").with("value", name).with("ask", ask).with("wanted", wanted));
        }
    }
}
