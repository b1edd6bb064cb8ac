//! What came of a case: closed lists only, so that it counts and names nobody (indicators.md §1.4, §1.7).

use serde::{Deserialize, Serialize};

/// Not said.
pub const UNSAID: &str = "U";
/// What kind of help it was.
pub const HELPS: [&str; 7] =
    ["information", "advice", "document", "referral", "protection", "unreachable", "outside"];
/// Where somebody was referred to.
pub const TARGETS: [&str; 10] = [
    "lawyer",
    "labour-inspection",
    "migration-service",
    "consulate",
    "court-prosecutor",
    "police",
    "health",
    "shelter",
    "social-service",
    "other-organisation",
];
pub const SEXES: [&str; 3] = ["F", "M", UNSAID];
pub const AGES: [&str; 8] = ["<18", "18-24", "25-29", "30-34", "35-49", "50-59", "60+", UNSAID];
pub const COUNTRIES: [&str; 4] = ["TJ", "KG", "RU", "KZ"];
/// Countries of origin and stay: ours, another, not said.
pub const PLACES: [&str; 6] = ["TJ", "KG", "RU", "KZ", "other", UNSAID];
pub const MARKS: [&str; 3] = ["yes", "no", UNSAID];
pub const AUDIENCES: [&str; 5] = ["migrant", "family", "employer", "other", UNSAID];

/// The form that closes a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub help: String,
    /// Where they were referred to: with any kind of help, since advice often ends with an address. A referral alone
    /// needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// A topic of the content, or `U`.
    pub topic: String,
    pub sex: String,
    pub age: String,
    pub origin: String,
    pub stay: String,
    pub audience: String,
    /// Whether it is about a family.
    pub family: String,
    /// Whether the family is vulnerable: only the fact is kept.
    pub vulnerable: String,
}

/// A field of the form that holds what it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Help,
    Target,
    Topic,
    Word,
    FollowUp,
    Centre,
}

impl Outcome {
    /// # Errors
    /// The first field that is not one of its list.
    pub fn check(&self, topics: &[Box<str>]) -> Result<(), Fault> {
        let one_of = |list: &[&str], word: &str| list.contains(&word);
        if !one_of(&HELPS, &self.help) {
            return Err(Fault::Help);
        }
        let target = self.target.as_deref();
        let lacks = self.help == "referral" && target.is_none();
        if lacks || target.is_some_and(|word| !one_of(&TARGETS, word)) {
            return Err(Fault::Target);
        }
        if self.topic != UNSAID && !topics.iter().any(|topic| **topic == *self.topic) {
            return Err(Fault::Topic);
        }
        let words = one_of(&SEXES, &self.sex)
            && one_of(&AGES, &self.age)
            && one_of(&PLACES, &self.origin)
            && one_of(&PLACES, &self.stay)
            && one_of(&AUDIENCES, &self.audience)
            && one_of(&MARKS, &self.family)
            && one_of(&MARKS, &self.vulnerable);
        if words { Ok(()) } else { Err(Fault::Word) }
    }

    /// No help was given: spam, or what is not ours. It counts as no service (indicators.md §1.5).
    pub fn outside(topic: Option<&str>) -> Self {
        let unsaid = || UNSAID.to_owned();
        Self {
            help: "outside".to_owned(),
            target: None,
            topic: topic.unwrap_or(UNSAID).to_owned(),
            sex: unsaid(),
            age: unsaid(),
            origin: unsaid(),
            stay: unsaid(),
            audience: unsaid(),
            family: unsaid(),
            vulnerable: unsaid(),
        }
    }

    /// The individual service that it was: kind and result. General information is none (indicators.md §1.5: it is R2),
    /// nor is what was outside of our scope.
    pub fn service(&self) -> Option<(&'static str, &'static str)> {
        match self.help.as_str() {
            "advice" | "document" => Some(("legal", "delivered")),
            "protection" => Some(("social", "delivered")),
            "referral" => Some(("access", "delivered")),
            "unreachable" => Some(("other", "no_show")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn outcome() -> Outcome {
        Outcome {
            help: "advice".into(),
            target: None,
            topic: "unpaid-wages".into(),
            sex: "F".into(),
            age: "25-29".into(),
            origin: "TJ".into(),
            stay: "RU".into(),
            audience: "migrant".into(),
            family: "no".into(),
            vulnerable: UNSAID.into(),
        }
    }

    #[test]
    fn only_words_of_the_lists_pass() {
        let topics = [Box::from("unpaid-wages")];
        let check = |change: fn(&mut Outcome)| {
            let mut form = outcome();
            change(&mut form);
            form.check(&topics)
        };
        assert_eq!(check(|_| {}), Ok(()));
        assert_eq!(check(|form| form.help = "money".into()), Err(Fault::Help));
        assert_eq!(check(|form| form.help = "referral".into()), Err(Fault::Target));
        assert_eq!(check(|form| form.target = Some("lawyer".into())), Ok(()), "advice, and where to turn to");
        assert_eq!(check(|form| form.target = Some("moon".into())), Err(Fault::Target));
        assert_eq!(check(|form| form.topic = "<b>".into()), Err(Fault::Topic));
        assert_eq!(check(|form| form.topic = UNSAID.into()), Ok(()));
        assert_eq!(check(|form| form.sex = "X".into()), Err(Fault::Word));
        assert_eq!(check(|form| form.vulnerable = String::new()), Err(Fault::Word));
    }

    #[test]
    fn general_information_is_no_individual_service() {
        for (help, service) in [
            ("information", None),
            ("advice", Some(("legal", "delivered"))),
            ("document", Some(("legal", "delivered"))),
            ("referral", Some(("access", "delivered"))),
            ("protection", Some(("social", "delivered"))),
            ("unreachable", Some(("other", "no_show"))),
            ("outside", None),
        ] {
            assert_eq!(Outcome { help: help.into(), ..outcome() }.service(), service, "{help}");
        }
    }
}
