//! Tables split one way: each adds up to the total of its indicator.

use super::{Row, Said, Sheet, Table, Value};
use crate::indicators::{Dimension, Indicator, Measure};

pub fn by_sex_and_age(said: &Said<'_>) -> Sheet {
    sheet(said, "report-sheet-sex-age", &[Dimension::Sex, Dimension::Age])
}

pub fn by_country(said: &Said<'_>) -> Sheet {
    sheet(said, "report-sheet-country", &[Dimension::Stay, Dimension::Origin, Dimension::Centre])
}

/// First and last touch apart: never to be added.
pub fn by_campaign(said: &Said<'_>) -> Sheet {
    let mut sheet = sheet(said, "report-sheet-campaign", &[Dimension::FirstTouch, Dimension::LastTouch]);
    sheet.notes.push(said.words.t("report-note-touches"));
    sheet
}

fn sheet(said: &Said<'_>, id: &str, dimensions: &[Dimension]) -> Sheet {
    let mut sheet = said.sheet(id);
    sheet.tables = dimensions.iter().map(|dimension| table(said, *dimension)).collect();
    sheet
}

fn table(said: &Said<'_>, dimension: Dimension) -> Table {
    let (view, words) = (&said.view, &said.words);
    let mut columns = said.columns(&[("report-indicator", 46), ("report-value", 30), ("report-new", 14)]);
    if !view.public {
        columns.extend(said.columns(&[("report-active", 14), ("report-cum", 14)]));
    }
    let mut rows = Vec::new();
    for indicator in Indicator::ALL.iter().filter(|indicator| indicator.is_split_by(dimension)) {
        let name = format!("{} · {}", indicator.as_str(), words.indicator(view.settings(), *indicator));
        let measures: &[Measure] =
            if view.public { &[Measure::New] } else { &[Measure::New, Measure::Active, Measure::Cum] };
        let splits: Vec<_> =
            measures.iter().map(|measure| view.split(*indicator, *measure, dimension)).collect();
        let mut total = vec![Value::Text(name), Value::Text(words.t("report-total"))];
        total.extend(splits.iter().map(|split| Value::shown(split.total)));
        rows.push(Row { cells: total, level: 0, strong: true });
        for value in view.values(*indicator, dimension) {
            let mut cells =
                vec![Value::text(indicator.as_str()), Value::Text(words.value(dimension, &value))];
            cells.extend(
                splits.iter().map(|split| {
                    split.cells.get(&value).map_or(Value::Number(0), |shown| Value::shown(*shown))
                }),
            );
            rows.push(Row { cells, level: 1, strong: false });
        }
    }
    Table { heading: words.dimension(dimension), columns, rows }
}
