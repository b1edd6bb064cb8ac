//! `content/places.toml`.

use super::{At, date_twice, day, raw::RawPlaces, rough};
use crate::{
    content::{Files, Finding, LANGUAGES, Place, PlaceKind},
    text::line_of,
};

pub(super) fn places(raw: RawPlaces, files: &Files, findings: &mut Vec<Finding>) -> Vec<Place> {
    let path = "content/places.toml";
    let text = files.0.get(path).map(String::as_str).unwrap_or_default();
    raw.place
        .into_iter()
        .filter_map(|raw| {
            let place = At { file: path, line: line_of(text, raw.span().start) };
            let raw = raw.into_inner();
            let kind = PlaceKind::parse(&raw.kind);
            if kind.is_none() {
                let known: Vec<_> = PlaceKind::ALL.iter().map(|(name, _)| *name).collect();
                let finding = place.error("place-kind-unknown", &raw.id).with("value", &raw.kind);
                findings.push(finding.with("known", known.join(", ")));
            }
            for language in raw.languages.iter().filter(|language| !LANGUAGES.contains(&language.as_str())) {
                let finding = place.error("language-unknown", &raw.id).with("value", language);
                findings.push(finding.with("known", LANGUAGES.join(", ")));
            }
            let confirmed = day(raw.confirmed.as_deref(), "confirmed", &raw.id, place, findings);
            let reviewed = rough(raw.reviewed.as_deref(), "reviewed", &raw.id, place, findings);
            date_twice(raw.reviewed.as_deref(), raw.undated, &raw.id, place, findings);
            if raw.reviewed.is_none() && !raw.undated {
                findings.push(place.error("place-undated", &raw.id));
            }
            Some(Place {
                id: raw.id.into(),
                country: raw.country.into(),
                citizens: raw.citizens.map(Into::into),
                city: raw.city.map(Into::into),
                city_id: raw.city_id.map(Into::into),
                languages: raw.languages.into_iter().map(Into::into).collect(),
                kind: kind?,
                phones: raw.phones.into_iter().map(Into::into).collect(),
                site: raw.site.map(Into::into),
                address: raw.address.map(Into::into),
                confirmed,
                certain: raw.certain,
                source: raw.source.into(),
                reviewed,
                line: place.line,
            })
        })
        .collect()
}
