//! The few answers that are kept about a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub const CITIZENSHIP: &str = "citizenship";
pub const DESTINATION: &str = "destination";
pub const AUDIENCE: &str = "audience";
/// `F` or `M`: for the programme's counts only (indicators §1.7).
pub const SEX: &str = "sex";
/// An age group, as the content spells it ([`age_group`]): for the programme's counts only (indicators §1.7).
pub const AGE: &str = "age";
/// No key of the kept profile: the answer to a question about the city lives as long as its flow, and narrows lists
/// of places.
pub const CITY: &str = "city";

/// An age group's spelling in the indicators (§1.7). A choice's value holds letters, digits and hyphens only, so the
/// content says `u18` for `<18` and `60plus` for `60+`; the groups between are spelt alike.
pub fn age_group(value: &str) -> &str {
    match value {
        "u18" => "<18",
        "60plus" => "60+",
        other => other,
    }
}

/// Kept profile answers: key and value are ids of content, never free text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Profile(BTreeMap<Box<str>, Box<str>>);

impl Profile {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(AsRef::as_ref)
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.into(), value.into());
    }

    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }
}

impl<K: Into<Box<str>>, V: Into<Box<str>>> FromIterator<(K, V)> for Profile {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}
