//! What the report is, the large targets, and whether the figures agree with each other.

use super::{Row, Said, Sheet, Table, Value, pair};
use crate::{
    indicators::{Dimension, Indicator, Measure},
    report::words::{first_day, last_day},
};

pub fn sheet(said: &Said<'_>) -> Sheet {
    let mut sheet = said.sheet("report-sheet-summary");
    sheet.notes.push(said.words.t("report-note-adding"));
    if !said.view.report.frozen {
        sheet.notes.push(said.words.t("report-note-provisional"));
    }
    if said.view.public {
        sheet.notes.push(said.words.t("report-note-public"));
    }
    sheet.tables = vec![about(said), targets(said)];
    if !said.view.public {
        sheet.tables.push(checks(said));
    }
    sheet
}

fn about(said: &Said<'_>) -> Table {
    let (words, report, settings) = (&said.words, said.view.report, said.view.settings());
    let text = |id: &str, value: &str| pair(words.t(id), Value::text(value));
    let day = |found: Option<_>| found.map_or(Value::Empty, Value::Day);
    let mut rows = vec![
        text("report-programme", settings.title.get(words.locale)),
        text("report-period", &words.period(report.period)),
        pair(words.t("report-first-day"), day(first_day(report.period))),
        pair(words.t("report-last-day"), day(last_day(report.period))),
        pair(words.t("report-as-of"), Value::Instant(report.as_of)),
        text("report-zone", &settings.zone),
        text(
            "report-state",
            &words.t(if report.frozen { "report-state-frozen" } else { "report-state-provisional" }),
        ),
        pair(words.t("report-definition-version"), Value::number(settings.version.into())),
        text("report-settings-hash", &report.in_force.hash),
        text("report-program-version", &report.version),
        pair(words.t("report-last-seq"), Value::Number(report.last_seq)),
        pair(words.t("report-compared"), Value::Instant(report.compared.at())),
        text("report-prepared", &said.order.prepared),
        text("report-approved", &said.order.approved),
    ];
    if said.view.public {
        let k = words.with("report-thresholds", &[("k", &settings.k), ("small", &settings.k_small)]);
        rows.push(pair(words.t("report-hidden"), Value::Text(k)));
    }
    Table {
        heading: String::new(),
        columns: said.columns(&[("report-what", 44), ("report-value", 70)]),
        rows,
    }
}

/// The indicators that have a target.
fn targets(said: &Said<'_>) -> Table {
    let (words, settings) = (&said.words, said.view.settings());
    let mut rows = Vec::new();
    for indicator in settings.indicators.keys() {
        let line = said.view.line(*indicator, Dimension::All, "");
        if line.target.is_none() {
            continue;
        }
        let name = format!("{} · {}", indicator.as_str(), words.indicator(settings, *indicator));
        let is_headline = *indicator == settings.headline;
        rows.push(Row {
            cells: vec![
                Value::Text(name),
                Value::shown(line.cum),
                Value::some(line.target),
                Value::percent(line.share),
            ],
            level: 0,
            strong: is_headline,
        });
        if *indicator == Indicator::S1 {
            let met = match said.view.women_met() {
                Some(true) => "report-women-met",
                Some(false) => "report-women-not-met",
                None => "report-women-hidden",
            };
            let promised = words.with("report-women-target", &[("n", &settings.women_share_target)]);
            let cells = vec![Value::Text(promised), Value::Text(words.t(met)), Value::Empty, Value::Empty];
            rows.push(Row { cells, level: 1, strong: false });
        }
    }
    Table {
        heading: words.t("report-targets"),
        columns: said.columns(&[
            ("report-indicator", 44),
            ("report-cum", 70),
            ("report-target", 14),
            ("report-share", 12),
        ]),
        rows,
    }
}

/// What must hold in every report (indicators.md §1.5, §1.6, §1.7).
fn checks(said: &Said<'_>) -> Table {
    let view = &said.view;
    let total =
        |indicator, measure| view.report.cells.get(&(indicator, measure, Dimension::All, String::new()));
    let persons = |indicator| total(indicator, Measure::Cum).map_or(0, |count| count.persons);
    let number = |indicator, measure| total(indicator, measure).map_or(0, |count| count.total());
    let nested =
        persons(Indicator::S1) <= persons(Indicator::R2) && persons(Indicator::R2) <= persons(Indicator::R1);
    let ordered = Indicator::ALL.iter().all(|of| {
        *of == Indicator::H1
            || (number(*of, Measure::New) <= number(*of, Measure::Active)
                && number(*of, Measure::Active) <= number(*of, Measure::Cum))
    });
    let adds_up = Indicator::ALL.iter().filter(|of| of.is_of_persons()).all(|of| {
        Dimension::OF_PERSONS.iter().all(|dimension| {
            [Measure::New, Measure::Cum].iter().all(|measure| {
                let cells = crate::report::view::cells_of(&view.report.cells, *of, *measure, *dimension);
                cells.values().map(|count| count.total()).sum::<u64>() == number(*of, *measure)
            })
        })
    });
    let row = |id: &str, holds| {
        let word = said.words.t(if holds { "report-yes" } else { "report-no" });
        pair(said.words.t(id), Value::Text(word))
    };
    Table {
        heading: said.words.t("report-checks"),
        columns: said.columns(&[("report-check", 44), ("report-holds", 70)]),
        rows: vec![
            row("report-check-nested", nested),
            row("report-check-ordered", ordered),
            row("report-check-adds-up", adds_up),
        ],
    }
}
