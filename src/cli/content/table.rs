//! `safar content table`: nodes, their languages, their sources.

use std::fmt::Write;

use crate::{
    content::{Finding, Node, Release},
    domain::Locale,
};

/// Words of the table for what the check found about a translation.
const STATES: [(&str, &str); 4] = [
    ("text-missing", "missing"),
    ("attribute-missing", "part missing"),
    ("translation-stale", "stale"),
    ("translation-unconfirmed", "unconfirmed"),
];

/// The table in Markdown, in the order of the files.
pub fn nodes(release: &Release, findings: &[Finding]) -> String {
    let mut out = String::from(
        "| tree | node | kind | topics | ru | tg | ky | k | sources | reviewed | review by |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for node in release.nodes() {
        let date = |date: Option<String>| date.unwrap_or_default();
        let [ru, tg, ky] = Locale::ALL.map(|locale| language(release, findings, node, locale));
        let cells = [
            node.tree.to_string(),
            node.id.to_string(),
            node.kind.name().to_owned(),
            node.topics.join(", "),
            ru.to_owned(),
            tg.to_owned(),
            ky.to_owned(),
            node.knowledge.map_or("", crate::content::Knowledge::as_str).to_owned(),
            sources(node),
            if node.undated {
                "no date".to_owned()
            } else {
                date(node.reviewed.map(|date| date.to_string()))
            },
            date(node.review_by.map(|day| day.to_string())),
        ];
        for cell in cells {
            let _ = write!(out, "| {} ", cell.replace('|', "\\|"));
        }
        out.push_str("|\n");
    }
    out
}

fn language(release: &Release, findings: &[Finding], node: &Node, locale: Locale) -> &'static str {
    let prefix = format!("locales/{locale}/content/");
    let about = |code: &str| {
        findings.iter().any(|finding| {
            finding.code == code && finding.key == node.id.as_str() && finding.file.starts_with(&prefix)
        })
    };
    let state = STATES.iter().find(|(code, _)| about(code)).map(|(_, state)| *state);
    state.unwrap_or(if release.texts.has(locale, node.id.as_str(), None) { "yes" } else { "missing" })
}

fn sources(node: &Node) -> String {
    let one = |source: &crate::content::SourceRef| {
        let date = source.0.date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
        format!("{}: {} ({date})", source.0.key, source.0.title)
    };
    node.sources.iter().map(one).collect::<Vec<_>>().join("; ")
}
