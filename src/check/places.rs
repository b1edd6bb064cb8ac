//! Help centres and hotlines. Their names are checked with the other texts.

use std::collections::HashSet;

use super::{structure::error, subject::Subject};
use crate::{
    content::{Finding, Kind, Place, PlaceKind},
    domain::{CITY, RoughDay},
};

const PATH: &str = "content/places.toml";
/// Countries of which a place can be.
const COUNTRIES: [&str; 4] = ["RU", "TJ", "KG", "KZ"];
/// ITU-T E.164.
const PHONE_DIGITS_MAX: usize = 15;
/// The shortest numbers: 02, 101.
const PHONE_DIGITS_MIN: usize = 2;

pub fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    for place in &subject.release.places {
        if !seen.insert(&place.id) {
            out.push(Finding::error("place-twice", PATH, place.line, &*place.id));
        }
        one(subject, place, out);
    }
    for node in subject.release.nodes() {
        let Kind::Places(query) = &node.kind else { continue };
        if query.is_by(CITY) && subject.answers(CITY).is_none() {
            out.push(error(node, "city-unasked"));
        }
        if query.kinds.is_empty() {
            out.push(error(node, "places-none").with("value", "-"));
        }
        for kind in &query.kinds {
            if !subject.release.places.iter().any(|place| place.kind == *kind) {
                let name =
                    PlaceKind::ALL.iter().find(|(_, known)| known == kind).map_or("", |(name, _)| *name);
                out.push(error(node, "places-none").with("value", name));
            }
        }
    }
}

fn one(subject: &Subject<'_>, place: &Place, out: &mut Vec<Finding>) {
    let error = |code| Finding::error(code, PATH, place.line, &*place.id);
    if !subject.release.sources.contains_key(&place.source) {
        out.push(error("source-unknown").with("value", &place.source));
    }
    if !COUNTRIES.contains(&&*place.country) {
        out.push(error("country-unknown").with("value", &place.country).with("known", COUNTRIES.join(", ")));
    }
    if let (Some(city), Some(cities)) = (&place.city_id, subject.answers(CITY))
        && !cities.contains(&**city)
    {
        let known: Vec<_> = cities.iter().copied().collect();
        out.push(error("city-unknown").with("value", city).with("known", known.join(", ")));
    }
    for phone in place.phones.iter().filter(|phone| !is_phone(phone)) {
        out.push(error("phone-form").with("value", phone));
    }
    if place.certain && place.phones.is_empty() {
        out.push(error("place-certain"));
    }
    let days = [("reviewed", place.reviewed), ("confirmed", place.confirmed.map(RoughDay::Day))];
    for (what, date) in days {
        if let Some(date) = date.filter(|date| date.earliest() > subject.today) {
            out.push(error("reviewed-future").with("what", what).with("date", date));
        }
    }
}

/// Digits with spaces, hyphens and brackets, after at most one plus.
fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '-' | '(' | ')'))
        && (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_as_people_dial_them() {
        for phone in ["112", "8 800 707-88-41", "+7 (495) 690-41-86", "051"] {
            assert!(is_phone(phone), "{phone}");
        }
        for phone in ["", "1", "доб. 5", "8800+55", "1234567890123456"] {
            assert!(!is_phone(phone), "{phone}");
        }
    }
}
