//! An outcome of a tool as a person comes to it on a certain day, for the print-out: the tool itself is asked.

use std::borrow::Cow;

use chrono::Duration;

use crate::{
    content::{Answer, Ask, Kind, Release, ToolUse},
    domain::{Day, NodeId, Profile},
    engine::tool::{self, Inputs, NeedKind, Tool, Vars},
};

/// Days from today that answer a question for a date: lately, some weeks, a term and a year ago, long ago, to come.
const SHIFTS: [i64; 6] = [-5, -40, -100, -400, -1200, 10];
/// A sum of every day, and one that is none.
const AMOUNTS: [&str; 2] = ["45000", "0"];
/// A number that may be left out: given, and not.
const OPTIONAL: [&str; 2] = ["16.5", ""];

/// What is known of the person, and the outcome's variables.
pub struct Example {
    pub profile: Profile,
    pub vars: Vars,
}

/// An input: its name, the node that asks for it, and the answers to try.
struct Input<'a> {
    name: &'a str,
    ask: &'a NodeId,
    kept: Option<&'a str>,
    answers: Vec<Cow<'a, str>>,
}

/// The first answers that lead to `outcome` on `today`, with those in `known` as they are; `None` if none do.
pub fn example(
    release: &Release,
    use_: &ToolUse,
    outcome: &str,
    known: &Profile,
    today: Day,
) -> Option<Example> {
    let tool = tool::find(&use_.tool)?;
    let inputs: Vec<Input<'_>> =
        use_.inputs.iter().filter_map(|(name, ask)| input(release, tool, name, ask, known, today)).collect();
    let count: usize = inputs.iter().map(|input| input.answers.len()).product();
    (0..count).find_map(|mut nth| {
        let mut given = Inputs::new(&release.figures, today);
        let mut profile = known.clone();
        for input in &inputs {
            let answer = input.answers.get(nth % input.answers.len())?;
            nth /= input.answers.len();
            if !answer.is_empty() {
                given.set(input.name, answer, input.ask);
            }
            if let Some(key) = input.kept {
                profile.set(key, answer);
            }
        }
        let found = tool.run(&given);
        (found.name == outcome).then_some(Example { profile, vars: found.vars })
    })
}

fn input<'a>(
    release: &'a Release,
    tool: &'static dyn Tool,
    name: &'a str,
    id: &'a NodeId,
    known: &Profile,
    today: Day,
) -> Option<Input<'a>> {
    let need = tool.inputs().iter().find(|need| need.name == name)?;
    let Kind::Ask(Ask { var, answer, profile, .. }) = &release.node(id.as_str())?.kind else { return None };
    let kept = profile.then_some(&**var);
    let answers: Vec<Cow<'a, str>> = match (kept.and_then(|key| known.get(key)), need.kind, answer) {
        (Some(known), ..) => vec![known.to_owned().into()],
        (None, NeedKind::OneOf, Answer::OneOf(options)) => {
            options.iter().map(|option| Cow::Borrowed(&**option)).collect()
        }
        (None, NeedKind::Date, _) => SHIFTS
            .iter()
            .filter_map(|days| today.checked_add_signed(Duration::days(*days)))
            .map(|day| day.to_string().into())
            .collect(),
        (None, NeedKind::Number, _) if need.optional => OPTIONAL.map(Cow::Borrowed).to_vec(),
        (None, NeedKind::Number, _) => AMOUNTS.map(Cow::Borrowed).to_vec(),
        (None, NeedKind::OneOf, _) => return None,
    };
    (!answers.is_empty()).then_some(Input { name, ask: id, kept, answers })
}
