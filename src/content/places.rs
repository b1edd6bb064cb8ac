//! Help centres, hotlines, consulates.

use crate::domain::{CITIZENSHIP, CITY, DESTINATION, Day, Profile, RoughDay};

#[derive(Clone, Debug)]
pub struct Place {
    pub id: Box<str>,
    /// ISO code: `RU`, `TJ`, `KG`, `KZ`.
    pub country: Box<str>,
    /// Whose citizens it serves; `None`: anyone.
    pub citizens: Option<Box<str>>,
    /// Name of the city as it is written there.
    pub city: Option<Box<str>>,
    /// Option of the question about the city; `None`: serves the whole country.
    pub city_id: Option<Box<str>>,
    /// Languages spoken, of [`LANGUAGES`].
    pub languages: Vec<Box<str>>,
    pub kind: PlaceKind,
    pub phones: Vec<Box<str>>,
    pub site: Option<Box<str>>,
    pub address: Option<Box<str>>,
    /// Day it was last confirmed by a call or its own site; `None`: never.
    pub confirmed: Option<Day>,
    /// May be shown without the mark "not confirmed".
    pub certain: bool,
    pub source: Box<str>,
    /// Date of the newest page that names it; `None`: it has none.
    pub reviewed: Option<RoughDay>,
    pub line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    Emergency,
    Hotline,
    Embassy,
    Consulate,
    LegalAid,
    Centre,
    LabourInspection,
}

impl PlaceKind {
    pub const ALL: [(&'static str, Self); 7] = [
        ("emergency", Self::Emergency),
        ("hotline", Self::Hotline),
        ("embassy", Self::Embassy),
        ("consulate", Self::Consulate),
        ("legal-aid", Self::LegalAid),
        ("centre", Self::Centre),
        ("labour-inspection", Self::LabourInspection),
    ];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == text).map(|(_, kind)| kind)
    }
}

/// Languages that a place may speak: each has a name `language-<id>` in `bot.ftl`.
pub const LANGUAGES: [&str; 7] = ["ru", "tg", "ky", "uz", "kk", "en", "fa"];

/// Which places a node shows.
#[derive(Clone, Debug)]
pub struct Query {
    pub kinds: Vec<PlaceKind>,
    /// Answers that narrow: `destination` by country, `citizenship` by whom it serves, `city` by the place's city.
    pub by: Vec<Box<str>>,
}

impl Query {
    /// Whether an answer narrows the list.
    pub fn is_by(&self, key: &str) -> bool {
        self.by.iter().any(|by| &**by == key)
    }

    /// Places for this person; with no answer known, those of all countries. Never none where there are any.
    ///
    /// A city brings its own places and those that serve its whole country; where it has none of its own, all of the
    /// country. The city is asked for here and now, so its country counts more than the destination once given.
    pub fn select<'a>(&self, places: &'a [Place], profile: &Profile) -> Vec<&'a Place> {
        let answer = |key| profile.get(key).filter(|value| self.is_by(key) && *value != "other");
        let of_kind = || places.iter().filter(|place| self.kinds.contains(&place.kind));
        let is_in = |place: &Place, city: &str| place.city_id.as_deref() == Some(city);
        let city = answer(CITY);
        let of_city =
            city.and_then(|city| places.iter().find(|place| is_in(place, city))).map(|place| &*place.country);
        let country = of_city.or_else(|| answer(DESTINATION));
        let mut chosen: Vec<&Place> = of_kind()
            .filter(|place| country.is_none_or(|country| &*place.country == country))
            .filter(|place| match (answer(CITIZENSHIP), &place.citizens) {
                (Some(citizenship), Some(citizens)) => **citizens == *citizenship,
                _ => true,
            })
            .collect();
        if let Some(city) = city.filter(|city| chosen.iter().any(|place| is_in(place, city))) {
            chosen.retain(|place| place.city_id.is_none() || is_in(place, city));
        }
        if chosen.is_empty() {
            // Better another country's number than an empty page to a person in need.
            return of_kind().collect();
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: &str, country: &str, city: Option<&str>, citizens: Option<&str>) -> Place {
        Place {
            id: id.into(),
            country: country.into(),
            citizens: citizens.map(Into::into),
            city: None,
            city_id: city.map(Into::into),
            languages: Vec::new(),
            kind: PlaceKind::Consulate,
            phones: Vec::new(),
            site: None,
            address: None,
            confirmed: None,
            certain: false,
            source: "s".into(),
            reviewed: None,
            line: 1,
        }
    }

    #[test]
    fn answers_narrow_and_never_leave_an_empty_list() {
        let places = [
            place("ru", "RU", None, None),
            place("moscow-tj", "RU", Some("moscow"), Some("TJ")),
            place("moscow-kg", "RU", Some("moscow"), Some("KG")),
            place("ufa-tj", "RU", Some("ufa"), Some("TJ")),
            place("almaty", "KZ", Some("almaty"), None),
        ];
        let all = "ru moscow-tj moscow-kg ufa-tj almaty";
        for (by, answers, wanted) in [
            ("", "destination=RU city=ufa", all),
            ("destination citizenship city", "", all),
            ("destination citizenship city", "destination=RU", "ru moscow-tj moscow-kg ufa-tj"),
            ("destination citizenship city", "destination=RU city=moscow", "ru moscow-tj moscow-kg"),
            ("destination citizenship city", "citizenship=KG city=moscow", "ru moscow-kg"),
            ("destination citizenship city", "destination=RU citizenship=KG", "ru moscow-kg"),
            // No place of hers in the city: all of the country.
            ("destination citizenship city", "citizenship=KG city=ufa", "ru moscow-kg"),
            // A city of no place at all.
            ("destination city", "destination=KZ city=osh", "almaty"),
            ("destination city", "destination=RU city=other", "ru moscow-tj moscow-kg ufa-tj"),
            // The city outweighs the country that was given before.
            ("destination city", "destination=RU city=almaty", "almaty"),
            // Nothing fits: all.
            ("destination", "destination=TJ", all),
        ] {
            let query = Query {
                kinds: vec![PlaceKind::Consulate],
                by: by.split_whitespace().map(Into::into).collect(),
            };
            let profile: Profile =
                answers.split_whitespace().filter_map(|pair| pair.split_once('=')).collect();
            let found: Vec<&str> = query.select(&places, &profile).iter().map(|place| &*place.id).collect();
            assert_eq!(found.join(" "), wanted, "by {by}: {answers}");
        }
        let none = Query { kinds: vec![PlaceKind::Hotline], by: Vec::new() };
        assert!(none.select(&places, &Profile::default()).is_empty());
    }
}
