//! `content/figures.toml`.

use toml::Spanned;

use super::{
    At, date_twice, day,
    raw::{RawFigure, RawFigures},
    rough,
};
use crate::{
    content::{Figure, Figures, Files, Finding, Grade, Unit},
    text::line_of,
};

pub(super) fn figures(raw: RawFigures, files: &Files, findings: &mut Vec<Finding>) -> Figures {
    let path = "content/figures.toml";
    let text = files.0.get(path).map(String::as_str).unwrap_or_default();
    let regions = raw.region.into_iter().map(|region| region.id.into()).collect();
    let figures = raw.figure.into_iter().filter_map(|raw| {
        let place = At { file: path, line: line_of(text, raw.span().start) };
        figure(raw, place, findings)
    });
    let figures = figures.collect();
    Figures::new(figures, regions)
}

fn figure(raw: Spanned<RawFigure>, place: At<'_>, findings: &mut Vec<Finding>) -> Option<Figure> {
    let raw = raw.into_inner();
    let key = raw.id.as_str();
    if raw.value.parse::<f64>().is_err() {
        findings.push(place.error("figure-value", key).with("value", &raw.value));
    }
    let unit = Unit::parse(&raw.unit);
    if unit.is_none() {
        let known: Vec<_> = Unit::ALL.iter().map(|(name, _)| *name).collect();
        findings
            .push(place.error("unit-unknown", key).with("value", &raw.unit).with("known", known.join(", ")));
    }
    let grade = match raw.grade.as_deref() {
        None => Some(Grade::Found),
        Some(text) => Grade::parse(text),
    };
    if grade.is_none() {
        findings
            .push(place.error("grade-unknown", key).with("value", raw.grade.as_deref().unwrap_or_default()));
    }
    let from = day(Some(&raw.from), "from", key, place, findings);
    let to = day(raw.to.as_deref(), "to", key, place, findings);
    let reviewed = rough(raw.reviewed.as_deref(), "reviewed", key, place, findings);
    date_twice(raw.reviewed.as_deref(), raw.undated, key, place, findings);
    if raw.reviewed.is_none() && !raw.undated {
        findings.push(place.error("figure-undated", key));
    }
    let review_by = day(raw.review_by.as_deref(), "review_by", key, place, findings);
    Some(Figure {
        id: raw.id.into(),
        key: raw.key.map(Into::into),
        value: raw.value.into(),
        unit: unit?,
        from: from?,
        to,
        source: raw.source.into(),
        reviewed,
        review_by,
        grade: grade?,
        line: place.line,
    })
}
