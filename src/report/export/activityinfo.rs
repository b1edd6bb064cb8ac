//! ActivityInfo: records to import, whose key is the first six columns (indicators.md §2.3).
//!
//! `Country` is that of the stay in the records of the dimension `total` and, of `new` and `cum`, in those by sex. Of erased
//! people the two are not known together: in the records of a country they are among those who did not say. All else is
//! split one way: all countries together.

use super::{
    Export, Said,
    csv::{put, typed},
};
use crate::{
    indicators::{ActivityInfo, Dimension, Indicator, Measure, Sex},
    report::{ReportError, view::cells_of},
};

pub const EXPORT: Export = Export {
    name: "activityinfo",
    ending: "csv",
    mime: "text/csv; charset=utf-8",
    is_published: false,
    is_by_month: true,
    is_by_country: false,
    write,
};

const HEADER: &str =
    "Indicator,Measure,Month,Country,Dimension,Value label,Value,Definition version,Comment\r\n";
/// What the form calls what is not split.
const TOTAL: &str = "total";
const ALL: &str = "All";

fn write(said: &Said<'_>) -> Result<Vec<u8>, ReportError> {
    let report = said.view.report;
    let section =
        said.view.settings().exports.activityinfo.as_ref().ok_or(ReportError::Section("activityinfo"))?;
    let version = said.view.settings().version.to_string();
    let mut out = HEADER.to_owned();
    for month in &report.months {
        let cells = &month.cells;
        for indicator in Indicator::ALL {
            for measure in [Measure::New, Measure::Active, Measure::Cum] {
                let mut comments = Vec::new();
                if measure != Measure::New {
                    comments.push("does not add up over months".to_owned());
                }
                if !report.frozen {
                    comments.push("provisional".to_owned());
                }
                let mut put_one = |country: &str, dimension: &str, label: &str, value: u64, erased: u64| {
                    let of_erased = (erased > 0)
                        .then(|| format!("{erased} of them erased: their sex is not kept by country"));
                    let comment: Vec<String> = comments.iter().cloned().chain(of_erased).collect();
                    let fields = [
                        indicator.as_str().to_owned(),
                        measure.as_str().to_owned(),
                        month.window.to_string(),
                        typed(country),
                        dimension.to_owned(),
                        typed(label),
                        value.to_string(),
                        version.clone(),
                        comment.join("; "),
                    ];
                    put(&mut out, &fields);
                };
                if indicator.is_of_persons() && measure != Measure::Active {
                    let first = (*indicator, measure, String::new());
                    let of = month.by_stay_and_sex.range(first..);
                    for ((_, _, country), [f, m, u, erased]) in
                        of.take_while(|((i, of, _), _)| (*i, *of) == (*indicator, measure))
                    {
                        let country = option(said, section, Dimension::Stay, country);
                        for (sex, n, erased) in [(Sex::F, f, 0), (Sex::M, m, 0), (Sex::U, u, *erased)] {
                            let label = option(said, section, Dimension::Sex, sex.as_str());
                            put_one(&country, Dimension::Sex.as_str(), &label, *n, erased);
                        }
                    }
                }
                let mut record = |country: &str, dimension: &str, label: &str, value: u64| {
                    put_one(country, dimension, label, value, 0);
                };
                let total = cells_of(cells, *indicator, measure, Dimension::All);
                let total = total.get("").map_or(0, |count| count.total());
                record(&section.region, TOTAL, ALL, total);
                if !indicator.is_of_persons() {
                    continue;
                }
                for (country, count) in cells_of(cells, *indicator, measure, Dimension::Stay) {
                    record(&option(said, section, Dimension::Stay, &country), TOTAL, ALL, count.total());
                }
                let others = Dimension::OF_PERSONS.into_iter().chain([Dimension::Centre]);
                for dimension in others.filter(|of| *of != Dimension::Stay && indicator.is_split_by(*of)) {
                    let mut found = cells_of(cells, *indicator, measure, dimension);
                    if dimension == Dimension::Sex {
                        // A zero is a result.
                        for sex in Sex::ALL {
                            found.entry(sex.as_str().to_owned()).or_default();
                        }
                    }
                    for (value, count) in found {
                        let label = option(said, section, dimension, &value);
                        record(&section.region, dimension.as_str(), &label, count.total());
                    }
                }
            }
        }
    }
    Ok(out.into_bytes())
}

/// The form's option for a value: as the settings have it, else a country's code, else our own name of it.
fn option(said: &Said<'_>, section: &ActivityInfo, dimension: Dimension, value: &str) -> String {
    let named = section.options.get(dimension.as_str()).and_then(|options| options.get(value));
    match (named, dimension) {
        (Some(option), _) => option.clone(),
        (None, Dimension::Origin | Dimension::Stay | Dimension::Centre)
            if value != crate::indicators::UNKNOWN =>
        {
            value.to_owned()
        }
        (None, _) => said.words.value(dimension, value),
    }
}
