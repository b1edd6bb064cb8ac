//! DHIS2: a data value set of one period and one organisation unit, to be posted as it is (indicators.md §2.2).

use serde::Serialize;

use super::{Export, Said};
use crate::{
    indicators::{Dhis2, Dimension, Indicator, Measure, Sex, Shown, Window},
    report::ReportError,
};

pub const EXPORT: Export = Export {
    name: "dhis2",
    ending: "json",
    mime: "application/json",
    is_published: false,
    is_by_month: false,
    is_by_country: true,
    write,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DataValueSet {
    data_set: String,
    complete_date: String,
    period: String,
    org_unit: String,
    data_values: Vec<DataValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DataValue {
    data_element: String,
    category_option_combo: String,
    value: String,
    comment: String,
}

fn write(said: &Said<'_>) -> Result<Vec<u8>, ReportError> {
    let (view, report) = (&said.view, said.view.report);
    let section = view.settings().exports.dhis2.as_ref().ok_or(ReportError::Section("dhis2"))?;
    let (org_unit, data_values) = match &said.order.unit {
        None => (&section.region, region(said, section)),
        Some(unit) => {
            let country = section.countries.get(unit).map(|org_unit| (org_unit, Dimension::Stay));
            let centre = || section.centres.get(unit).map(|org_unit| (org_unit, Dimension::Site));
            let (org_unit, dimension) = country.or_else(centre).ok_or_else(|| ReportError::Setting {
                key: "dhis2",
                what: format!("{unit} has no organisation unit in countries or centres"),
            })?;
            (org_unit, part(said, section, dimension, unit))
        }
    };
    let set = DataValueSet {
        data_set: section.data_set.clone(),
        complete_date: report.made_at.day(report.rules.offset_minutes).to_string(),
        period: period(report.period),
        org_unit: org_unit.clone(),
        data_values,
    };
    let mut bytes = serde_json::to_vec_pretty(&set).map_err(|error| ReportError::Write(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// `2026Q2`, `202606`.
fn period(window: Window) -> String {
    match window {
        Window::Quarter(_) => window.to_string().replace('-', ""),
        other => other.to_string().chars().filter(char::is_ascii_digit).collect(),
    }
}

const MEASURES: [Measure; 3] = [Measure::New, Measure::Active, Measure::Cum];

/// All countries together: `new` by sex where there is one, the other measures in whole.
fn region(said: &Said<'_>, section: &Dhis2) -> Vec<DataValue> {
    let view = &said.view;
    let mut values = Vec::new();
    for indicator in Indicator::ALL.iter().filter(|indicator| **indicator != Indicator::Est) {
        for measure in MEASURES {
            let of = |combo: &str, shown| value(said, section, (*indicator, measure), combo, shown);
            if measure == Measure::New && indicator.is_of_persons() {
                let split = view.split(*indicator, measure, Dimension::Sex);
                for sex in Sex::ALL {
                    let Some(combo) = section.sexes.get(sex.as_str()) else { continue };
                    let held = matches!(split.total, Shown::Below(_) | Shown::Hidden);
                    let none = if held { Shown::Hidden } else { Shown::Number(0) };
                    values.extend(of(combo, split.cells.get(sex.as_str()).copied().unwrap_or(none)));
                }
            } else {
                let total = view.line(*indicator, Dimension::All, "");
                let shown = match measure {
                    Measure::New => total.new,
                    Measure::Cum => total.cum,
                    Measure::Active | Measure::Touch => total.active,
                };
                values.extend(of(&section.default_combo, shown));
            }
        }
    }
    values
}

/// One country of stay, or one centre; `U`: not stated, so that together they add up to the region.
fn part(said: &Said<'_>, section: &Dhis2, dimension: Dimension, of: &str) -> Vec<DataValue> {
    let mut values = Vec::new();
    for indicator in Indicator::ALL.iter().filter(|indicator| indicator.is_split_by(dimension)) {
        let line = said.view.line(*indicator, dimension, of);
        let whole = said.view.split(*indicator, Measure::New, dimension).total;
        // Nobody of a table that is published is a result; of one that is not it says nothing.
        let is_there = said.view.values(*indicator, dimension).iter().any(|value| value == of);
        let new = match whole {
            Shown::Number(_) if !is_there => Shown::Number(0),
            _ => line.new,
        };
        for (measure, shown) in
            [(Measure::New, new), (Measure::Active, line.active), (Measure::Cum, line.cum)]
        {
            values.extend(value(said, section, (*indicator, measure), &section.default_combo, shown));
        }
    }
    values
}

/// A hidden cell is left out. A zero is a result.
fn value(
    said: &Said<'_>,
    section: &Dhis2,
    (indicator, measure): (Indicator, Measure),
    combo: &str,
    shown: Shown,
) -> Option<DataValue> {
    let Shown::Number(number) = shown else { return None };
    let provisional = if said.view.report.frozen { "" } else { "; provisional" };
    let definition = format!("definition {}{provisional}", said.view.settings().version);
    let comment = match measure {
        Measure::New | Measure::Touch => definition,
        Measure::Cum => format!("{definition}; last value, does not add up over periods"),
        Measure::Active => format!("{definition}; does not add up over periods"),
    };
    Some(DataValue {
        data_element: section.element(indicator, measure),
        category_option_combo: combo.to_owned(),
        value: number.to_string(),
        comment,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_written_as_dhis2_reads_them() {
        assert_eq!(period(Window::parse("2026-Q2").unwrap()), "2026Q2");
        assert_eq!(period(Window::parse("2026-06").unwrap()), "202606");
    }
}
