//! What is counted, by which choices.

use super::{Row, Said, Sheet, Table, Value, pair};
use crate::indicators::{Equipped, Indicator};

pub fn sheet(said: &Said<'_>) -> Sheet {
    let mut sheet = said.sheet("report-sheet-definitions");
    sheet.tables = vec![indicators(said), terms(said), choices(said)];
    sheet
}

fn indicators(said: &Said<'_>) -> Table {
    let (words, settings) = (&said.words, said.view.settings());
    let of = |indicator: &Indicator| {
        let text = |prefix: &str| Value::Text(words.t(&format!("report-{prefix}-{}", indicator.as_str())));
        let cells = vec![
            Value::text(indicator.as_str()),
            Value::Text(words.indicator(settings, *indicator)),
            text("definition"),
            text("source"),
        ];
        Row { cells, ..Row::default() }
    };
    let rows = Indicator::ALL.iter().filter(|indicator| settings.indicators.contains_key(indicator)).map(of);
    Table {
        heading: String::new(),
        columns: said.columns(&[
            ("report-code", 10),
            ("report-indicator", 46),
            ("report-definition", 80),
            ("report-source", 50),
        ]),
        rows: rows.collect(),
    }
}

fn terms(said: &Said<'_>) -> Table {
    let words = &said.words;
    let of = |(name, text): (&str, &str)| pair(words.t(name), Value::Text(words.t(text)));
    Table {
        heading: words.t("report-terms"),
        columns: said.columns(&[("report-term", 10), ("report-meaning", 46)]),
        rows: [
            ("report-new", "report-term-new"),
            ("report-active", "report-term-active"),
            ("report-cum", "report-term-cum"),
            ("report-restated", "report-term-restated"),
            ("report-persons", "report-term-persons"),
            ("report-head-counts", "report-term-head-counts"),
            ("report-erased", "report-term-erased"),
            ("report-women", "report-term-women"),
        ]
        .into_iter()
        .map(of)
        .collect(),
    }
}

/// The programme's choices (indicators.md §1.15).
fn choices(said: &Said<'_>) -> Table {
    let (words, settings) = (&said.words, said.view.settings());
    let rules = &settings.rules;
    let equipped = match rules.equipped {
        Equipped::Both => "report-d1-both",
        Equipped::Either => "report-d1-either",
    };
    let grades = if settings.with_head_counts { "A + B" } else { "A" };
    let months = if settings.quarters { "report-d4-quarters" } else { "report-d4-months" };
    let women = if settings.by_lower_bound { "report-d6-lower" } else { "report-d6-known" };
    let small: Vec<&str> = settings.k_small_for.iter().map(|indicator| indicator.as_str()).collect();
    let open: Vec<&str> = settings.k_not_for.iter().map(|indicator| indicator.as_str()).collect();
    let rows = [
        ("D1", words.t(equipped)),
        ("D2", words.with("report-d2", &[("indicator", &settings.headline.as_str()), ("grades", &grades)])),
        ("D3", words.t("report-d3")),
        ("D4", format!("{}, {}", settings.zone, words.t(months))),
        ("D5", words.with("report-d5", &[("day", &settings.freeze_day)])),
        ("D6", words.with(women, &[("n", &settings.women_share_target)])),
        (
            "D7",
            words.with("report-d7", &[("overlap", &rules.overlap_days), ("lookback", &rules.lookback_days)]),
        ),
        (
            "D8",
            words.with(
                "report-d8",
                &[
                    ("k", &settings.k),
                    ("small", &settings.k_small),
                    ("indicators", &small.join(", ")),
                    ("open", &open.join(", ")),
                ],
            ),
        ),
        ("D9", words.t("report-d9")),
    ];
    Table {
        heading: words.t("report-choices"),
        columns: said.columns(&[("report-code", 10), ("report-chosen", 46)]),
        rows: rows.into_iter().map(|(code, text)| pair(code.to_owned(), Value::Text(text))).collect(),
    }
}
