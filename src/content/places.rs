//! Help centres, hotlines, consulates.

use crate::domain::{Day, Profile};

#[derive(Clone, Debug)]
pub struct Place {
    pub id: Box<str>,
    /// ISO code: `RU`, `TJ`, `KG`, `KZ`.
    pub country: Box<str>,
    /// Whose citizens it serves; `None`: anyone.
    pub citizens: Option<Box<str>>,
    pub city: Option<Box<str>>,
    pub kind: PlaceKind,
    pub phones: Vec<Box<str>>,
    pub site: Option<Box<str>>,
    pub address: Option<Box<str>>,
    /// Day it was last confirmed by a call or its own site; `None`: never.
    pub confirmed: Option<Day>,
    /// May be shown without the mark "not confirmed".
    pub certain: bool,
    pub source: Box<str>,
    pub reviewed: Day,
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

/// Which places a node shows.
#[derive(Clone, Debug)]
pub struct Query {
    pub kinds: Vec<PlaceKind>,
    /// Profile keys that narrow: `destination` by country, `citizenship` by whom it serves.
    pub by: Vec<Box<str>>,
}

impl Query {
    /// Places for this person; with no answer known, those of all countries.
    pub fn select<'a>(&self, places: &'a [Place], profile: &Profile) -> Vec<&'a Place> {
        let fits = |place: &Place, key: &str| match profile.get(key) {
            None | Some("other") => true,
            Some(value) if key == crate::domain::CITIZENSHIP => {
                place.citizens.as_deref().is_none_or(|citizens| citizens == value)
            }
            Some(value) => &*place.country == value,
        };
        let chosen: Vec<&Place> = places
            .iter()
            .filter(|place| self.kinds.contains(&place.kind) && self.by.iter().all(|key| fits(place, key)))
            .collect();
        if chosen.is_empty() {
            // Better another country's number than an empty page to a person in need.
            return places.iter().filter(|place| self.kinds.contains(&place.kind)).collect();
        }
        chosen
    }
}
