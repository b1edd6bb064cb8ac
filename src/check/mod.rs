//! Everything that can be wrong with content, one subject a file. Pure: the day and the channels' limits are
//! arguments.
//!
//! A release with an error is refused; a warning asks a person to look; a due finding says that a review or a figure
//! runs out (design §5). A new finding is a code in [`CODES`], a sentence in `locales/{ru,tg,ky,en}/check.ftl` and
//! a case in `tests/data/broken/cases.toml`.

mod alphabet;
mod confirm;
mod figures;
mod glossary;
pub mod interface;
mod keywords;
mod language;
mod markup;
mod messages;
mod places;
mod replies;
mod retired;
mod sentence;
mod sources;
mod structure;
mod subject;
mod templates;
mod texts;
mod tools;
mod topics;
mod variables;
mod when;
mod wording;

use std::sync::Arc;

use crate::{
    content::{Files, Finding, Release, Severity},
    domain::{Day, Limits},
    lang::Words,
    text::Texts,
};

pub use confirm::{confirm, is_marked, marked};
pub use retired::vanished;
pub use sentence::{line, line_in, sentence, sentence_in, severity_in};
use subject::Subject;

/// Each code that a finding can have, those of the parser first.
pub const CODES: &[&str] = &[
    // content::parse
    "caution-unknown",
    "date-form",
    "date-rough-form",
    "date-twice",
    "figure-undated",
    "figure-value",
    "file-broken",
    "file-missing",
    "format-unknown",
    "grade-unknown",
    "id-form",
    "k-unknown",
    "key-missing",
    "kind-unknown",
    "language-unknown",
    "node-twice",
    "past-misplaced",
    "place-kind-unknown",
    "place-undated",
    "source-unknown",
    "text-broken",
    "unit-unknown",
    // structure, when, tools
    "choice-twice",
    "home-unfit",
    "input-extra",
    "input-missing",
    "input-unfit",
    "k-extra",
    "k-missing",
    "menu-empty",
    "menu-pages",
    "next-missing",
    "node-unreachable",
    "number-range",
    "past-missing",
    "option-form",
    "option-twice",
    "options-count",
    "otherwise-circle",
    "otherwise-missing",
    "otherwise-refuses",
    "profile-key-unknown",
    "target-unknown",
    "tool-unknown",
    "when-value-unknown",
    // texts, variables
    "attribute-extra",
    "attribute-missing",
    "figure-misplaced",
    "figures-differ",
    "plural-forms",
    "selectors-differ",
    "text-extra",
    "text-missing",
    "translation-stale",
    "translation-unconfirmed",
    "variable-printed",
    "variable-unknown",
    "variables-differ",
    // alphabet, markup
    "hidden-character",
    "letter-foreign",
    "markup-foreign",
    "markup-star",
    "text-folded",
    "word-mixed",
    "word-russian",
    // glossary, keywords
    "glossary",
    "keywords-few",
    "keywords-shared",
    "keywords-steal",
    // topics
    "topic-unknown",
    // messages
    "choices-many",
    "description-long",
    "label-long",
    "label-twice",
    "reference-broken",
    "text-long",
    "token-long",
    // figures
    "figure-out",
    "figure-overlap",
    "figure-period",
    "figure-unknown",
    "figure-unused",
    "number-hard",
    "region-unknown",
    // sources
    "check-at-missing",
    "facts-undated",
    "review-overdue",
    "reviewed-future",
    // places
    "city-unasked",
    "city-unknown",
    "country-unknown",
    "phone-form",
    "place-certain",
    "place-twice",
    "places-none",
    // replies
    "reply-long",
    "reply-twice",
    // templates
    "template-body",
    "template-button",
    "template-button-missing",
    "template-category",
    "template-code",
    "template-locale",
    "template-locale-missing",
    "template-locale-twice",
    "template-name",
    "template-purpose",
    "template-purpose-missing",
    "template-purpose-twice",
    "template-twice",
    "template-variable-unknown",
    "template-variables",
    // retired
    "id-revived",
    "id-vanished",
    // interface
    "interface-missing",
    "interface-variables",
];

/// What the check made of a folder.
#[derive(Debug)]
pub struct Outcome {
    /// `None` when no release could be made of it. Not to be used when [`has_errors`].
    pub release: Option<Release>,
    /// By file, line and key.
    pub findings: Vec<Finding>,
}

/// Parses a folder and checks all of it.
///
/// `limits`: the channels that each message must fit. `today`: the day on which figures and reviews are judged.
pub fn check(
    files: &Files,
    interface: &Arc<Texts>,
    words: &Arc<Words>,
    limits: &[&Limits],
    today: Day,
) -> Outcome {
    let (release, mut findings) = match Release::parse(files, interface.clone(), words.clone()) {
        Ok((release, findings)) => (release, findings),
        Err(mut findings) => {
            sort(&mut findings);
            return Outcome { release: None, findings };
        }
    };
    let subject = Subject::new(files, &release, today);
    structure::check(&subject, &mut findings);
    when::check(&subject, &mut findings);
    tools::check(&subject, &mut findings);
    texts::check(&subject, &mut findings);
    variables::check(&subject, &mut findings);
    alphabet::check(&subject, &mut findings);
    language::check(&subject, &mut findings);
    glossary::check(&subject, &mut findings);
    keywords::check(&subject, &mut findings);
    keywords::steals(&subject, &mut findings);
    keywords::shared(&subject, &mut findings);
    topics::check(&subject, &mut findings);
    markup::check(&subject, &mut findings);
    figures::check(&subject, &mut findings);
    sources::check(&subject, &mut findings);
    places::check(&subject, &mut findings);
    templates::check(&subject, &mut findings);
    replies::check(&subject, &mut findings);
    retired::check(&subject, &mut findings);
    messages::check(&subject, limits, &mut findings);
    sort(&mut findings);
    Outcome { release: Some(release), findings }
}

/// Whether a release with these findings must be refused.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| {
        (&a.file, a.line, &a.key, a.code, &a.args).cmp(&(&b.file, b.line, &b.key, b.code, &b.args))
    });
    findings.dedup();
}
