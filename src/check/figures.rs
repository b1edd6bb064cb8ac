//! Figures: each that is asked for exists and has a value today, periods do not overlap, texts hold no sums.

use std::collections::{BTreeMap, BTreeSet};

use super::{structure::error, subject::Subject, variables::Part};
use crate::{
    content::{Figure, Finding, Kind},
    domain::Locale,
    engine::tool,
};

const PATH: &str = "content/figures.toml";

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    in_texts(subject, &mut used, out);
    in_tools(subject, &mut used, out);
    let mut figures: Vec<&Figure> = subject.release.figures.all().collect();
    figures.sort_by_key(|figure| figure.line);
    let mut reported = BTreeSet::new();
    for figure in &figures {
        one(subject, figure, out);
        if !used.contains(&*figure.id) && reported.insert(&figure.id) {
            out.push(Finding::warning("figure-unused", PATH, figure.line, &*figure.id));
        }
    }
    let by_key = by_key(&figures);
    periods(&by_key, out);
    ended(subject, &by_key, &used, out);
}

/// Figures of one id and key, in the order of time.
type ByKey<'a> = BTreeMap<(&'a str, Option<&'a str>), Vec<&'a Figure>>;

fn by_key<'a>(figures: &[&'a Figure]) -> ByKey<'a> {
    let mut by_key = ByKey::new();
    for figure in figures {
        by_key.entry((&figure.id, figure.key.as_deref())).or_default().push(figure);
    }
    for same in by_key.values_mut() {
        same.sort_by_key(|figure| (figure.from, figure.line));
    }
    by_key
}

fn in_texts(subject: &Subject<'_>, used: &mut BTreeSet<String>, out: &mut Vec<Finding>) {
    for locale in Locale::ALL {
        for text in subject.texts(locale) {
            for (attribute, shape) in &text.entry.parts {
                let part = Part { text, attribute: attribute.as_deref() };
                for (id, _) in &shape.figures {
                    used.insert(id.clone());
                    if !subject.release.figures.has(id) {
                        out.push(part.error("figure-unknown").with("value", id));
                    }
                }
                if !part.is_keywords()
                    && let Some(sum) = hard_number(&shape.literal)
                {
                    out.push(part.error("number-hard").with("value", sum));
                }
            }
        }
    }
}

fn in_tools(subject: &Subject<'_>, used: &mut BTreeSet<String>, out: &mut Vec<Finding>) {
    for node in subject.release.nodes() {
        let Kind::Tool(tool_use) = &node.kind else { continue };
        let figures = tool::find(&tool_use.tool).map(crate::engine::tool::Tool::figures).unwrap_or_default();
        for id in figures {
            used.insert((*id).to_owned());
            if !subject.release.figures.has(id) {
                out.push(error(node, "figure-unknown").with("value", id).with("attribute", "tool"));
            } else if !subject
                .release
                .figures
                .all()
                .any(|figure| *figure.id == **id && figure.holds(subject.today))
            {
                let finding = Finding::due("figure-out", &*node.file, node.line, node.id.as_str());
                out.push(finding.with("value", id).with("date", subject.today));
            }
        }
    }
}

fn one(subject: &Subject<'_>, figure: &Figure, out: &mut Vec<Finding>) {
    let error = |code| Finding::error(code, PATH, figure.line, &*figure.id);
    if !subject.release.sources.contains_key(&figure.source) {
        out.push(error("source-unknown").with("value", &figure.source));
    }
    if let Some(key) = &figure.key
        && !subject.release.figures.regions().contains(key)
    {
        out.push(error("region-unknown").with("value", key));
    }
    if let Some(to) = figure.to.filter(|to| *to < figure.from) {
        out.push(error("figure-period").with("from", figure.from).with("to", to));
    }
    if let Some(reviewed) = figure.reviewed.filter(|date| date.earliest() > subject.today) {
        out.push(error("reviewed-future").with("what", "reviewed").with("date", reviewed));
    }
    if let Some(by) = figure.review_by.filter(|by| *by < subject.today && figure.holds(subject.today)) {
        out.push(Finding::due("review-overdue", PATH, figure.line, &*figure.id).with("date", by));
    }
}

/// Two values of one figure on one day. A figure without an end ends where the next one starts.
fn periods(by_key: &ByKey<'_>, out: &mut Vec<Finding>) {
    for same in by_key.values() {
        for (earlier, later) in same.iter().zip(same.iter().skip(1)) {
            let ends_before = earlier.to.is_none_or(|to| to < later.from);
            if earlier.from == later.from || !ends_before {
                let finding = Finding::error("figure-overlap", PATH, later.line, &*later.id);
                out.push(finding.with("key", later.key.as_deref().unwrap_or("-")).with("line", earlier.line));
            }
        }
    }
}

/// Figures that have run out without a newer one, each at its place: a tool may read it by a key that no text names.
fn ended(subject: &Subject<'_>, by_key: &ByKey<'_>, used: &BTreeSet<String>, out: &mut Vec<Finding>) {
    for ((id, key), same) in by_key {
        let Some(last) = same.last().filter(|last| last.to.is_some_and(|to| to < subject.today)) else {
            continue;
        };
        if used.contains(*id) {
            let value = key.map_or_else(|| (*id).to_owned(), |key| format!("{id} ({key})"));
            let finding = Finding::due("figure-out", PATH, last.line, *id);
            out.push(finding.with("value", value).with("date", subject.today));
        }
    }
}

/// Stems of money that stand after a sum.
const MONEY: [&str; 8] = ["руб", "₽", "сом", "тенге", "теңге", "₸", "доллар", MRP];
/// The monthly index of Kazakhstan, by which its fees are set.
const MRP: &str = "мрп";

/// The first sum of money written in digits.
fn hard_number(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let is_space = |c: char| c == ' ' || c == '\u{a0}' || c == '\u{202f}';
    MONEY.iter().find_map(|money| {
        text.match_indices(money).find_map(|(at, _)| {
            let before = text.get(..at)?.trim_end_matches(is_space);
            let digits =
                before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit() || is_space(c)).len();
            let sum = before.get(before.len() - digits..)?.trim_start_matches(is_space);
            // "1 MRP is …" says what the unit is.
            let is_unit = sum == "1" && *money == MRP;
            (!sum.is_empty() && !is_unit).then(|| format!("{sum} {money}"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_seen_in_each_language() {
        for (text, sum) in [
            ("штраф 5 000 рублей", Some("5 000 руб")),
            ("12000₽", Some("12000 ₽")),
            ("10\u{a0}000\u{a0}Рубл", Some("10\u{a0}000 руб")),
            ("100 сомонӣ", Some("100 сом")),
            ("20 долларов", Some("20 доллар")),
            ("3 МРП", Some("3 мрп")),
            ("1 МРП — это", None),
            ("1 МРП, штраф 31 МРП", Some("31 мрп")),
            ("5 000 теңге", Some("5 000 теңге")),
            ("в 2026 году рубль", None),
            ("рублей:  ₽", None),
        ] {
            assert_eq!(hard_number(text).as_deref(), sum, "{text}");
        }
    }
}
