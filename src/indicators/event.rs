//! An event of the log, read for counting (indicators.md §1.4).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Channel;
use crate::domain::Timestamp;

/// How far the clock of an event may be ahead of the one that recorded it (indicators.md §1.2).
const AHEAD_MAX_MS: i64 = 600_000;
/// What withdraws an earlier answer.
const WITHDRAWN: &str = super::UNKNOWN;

/// An event. Where it stands among others says (`at`, `recorded`, `seq`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub seq: i64,
    pub id: Box<str>,
    pub at: Timestamp,
    pub recorded: Timestamp,
    /// Of the bot itself: R3 counts only those.
    pub is_bot: bool,
    /// The identity it belongs to; none for head-counts and what is said of other rows.
    pub alias: Option<i64>,
    pub channel: Option<Channel>,
    pub kind: Kind,
    /// Campaign code, lower-cased.
    pub code: Option<Box<str>>,
    /// Attributes of the person that came along.
    pub traits: Traits,
    /// Where the person stood and stands, for [`super::Uses`].
    pub steps: Option<Box<Steps>>,
}

/// What an event tells of pages and menus, by their nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// The knowledge item that was asked for and given.
    pub viewed: Option<Box<str>>,
    /// What is in front of the person now.
    pub shown: Option<Box<str>>,
    /// What was in front of them when they did something from it, within a day.
    pub left: Option<Box<str>>,
}

/// What a page teaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knowledge {
    /// How to migrate and work legally.
    pub how: bool,
    /// Where to get help.
    pub help: bool,
}

/// What happened, as far as counting asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A touch that says nothing more.
    Contact,
    View(Knowledge),
    /// A free question.
    Question,
    /// A contact that gives a case into the consultants' hands.
    Plea,
    /// A finished quiz or form.
    Strong,
    Lead,
    Enrolled,
    Training,
    /// A delivered service.
    Service {
        legal: bool,
        /// The centre of the programme that gave it.
        centre: Option<Box<str>>,
        /// Country of the centre.
        cc: Option<Box<str>>,
        /// The vulnerable household that it gave access to.
        household: Option<Box<str>>,
    },
    Referred(Box<str>),
    Confirmed(Box<str>),
    Link(Box<str>),
    Flag,
    Erase,
    /// A head-count, an approval, an entry of a register: see [`super::Entry`].
    Entry,
    Void(Box<str>),
    /// Attributes only, or nothing that counts.
    Quiet,
}

impl Kind {
    /// Whether it is a touch (indicators.md §1.4).
    pub const fn is_touch(&self) -> bool {
        matches!(
            self,
            Self::Contact
                | Self::View(_)
                | Self::Question
                | Self::Plea
                | Self::Strong
                | Self::Lead
                | Self::Enrolled
                | Self::Training
                | Self::Service { .. }
        )
    }
}

/// Attributes of a person; `None`: not told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Traits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Box<str>>,
    /// Keyed hash of the employer's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emp: Option<Box<str>>,
}

impl Traits {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what a later row tells; `U` withdraws.
    pub(super) fn update(&mut self, later: &Self) {
        let pairs = [
            (&mut self.sex, &later.sex),
            (&mut self.age, &later.age),
            (&mut self.origin, &later.origin),
            (&mut self.stay, &later.stay),
            (&mut self.aud, &later.aud),
            (&mut self.lang, &later.lang),
            (&mut self.emp, &later.emp),
        ];
        for (known, told) in pairs {
            if let Some(told) = told {
                *known = Some(told.clone()).filter(|told| **told != *WITHDRAWN && !told.is_empty());
            }
        }
    }
}

/// Attributes of a row as they are stored: one JSON object, its values texts.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Attrs<'a> {
    #[serde(borrow)]
    pub k: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub sex: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub age: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub origin: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub stay: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub aud: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub lang: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub emp: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub result: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub centre: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub cc: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub fam: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub vuln: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "ref")]
    pub reference: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub other: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub target: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub by: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub activity: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub covers: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub n_f: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub n_m: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub n_u: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub employers: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub quantity: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub n: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub role: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub key: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub answer: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub node: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub from: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub case: Option<Cow<'a, str>>,
}

impl<'a> Attrs<'a> {
    /// What cannot be read says nothing: the log is written by this program, files are checked before.
    pub fn read(json: &'a str) -> Self {
        if json == "{}" { Self::default() } else { serde_json::from_str(json).unwrap_or_default() }
    }
}

pub(super) fn owned(text: Option<&Cow<'_, str>>) -> Option<Box<str>> {
    text.filter(|text| !text.is_empty()).map(|text| text.as_ref().into())
}

impl Event {
    /// Reads the type and the attributes of a row. Types that no figure asks for are [`Kind::Quiet`].
    pub fn kind_of(kind: &str, attrs: &str) -> (Kind, Traits) {
        let (kind, traits, _) = Self::parts_of(kind, attrs);
        (kind, traits)
    }

    /// The same, with the steps that it tells of.
    pub fn parts_of(kind: &str, attrs: &str) -> (Kind, Traits, Option<Box<Steps>>) {
        let attrs = Attrs::read(attrs);
        let is = |value: &Option<Cow<'_, str>>, word: &str| value.as_deref() == Some(word);
        let told = |value: Option<&Cow<'_, str>>| value.map(|text| Box::from(text.as_ref()));
        let named = |value, kind: fn(Box<str>) -> Kind| owned(value).map_or(Kind::Quiet, kind);
        let traits = Traits {
            sex: told(attrs.sex.as_ref()),
            age: attrs.age.as_deref().map(age_group),
            origin: told(attrs.origin.as_ref()),
            stay: told(attrs.stay.as_ref()),
            aud: told(attrs.aud.as_ref()),
            lang: told(attrs.lang.as_ref()),
            emp: told(attrs.emp.as_ref()),
        };
        let kind = match kind {
            "contact" if is(&attrs.case, "opened") => Kind::Plea,
            "contact" => Kind::Contact,
            "content_view" => {
                let both = is(&attrs.k, "both");
                Kind::View(Knowledge { how: both || is(&attrs.k, "how"), help: both || is(&attrs.k, "help") })
            }
            "question" => Kind::Question,
            "quiz_done" | "form_done" => Kind::Strong,
            "or_lead" => Kind::Lead,
            "or_enrolled" => Kind::Enrolled,
            "vt_sent" => Kind::Training,
            "service" if is(&attrs.result, "delivered") => {
                let helped = is(&attrs.kind, "access") && is(&attrs.vuln, "1");
                Kind::Service {
                    legal: is(&attrs.kind, "legal"),
                    centre: owned(attrs.centre.as_ref()),
                    cc: owned(attrs.cc.as_ref()),
                    household: owned(attrs.fam.as_ref()).filter(|_| helped),
                }
            }
            "referral_made" => named(attrs.reference.as_ref(), Kind::Referred),
            "referral_confirmed" => named(attrs.reference.as_ref(), Kind::Confirmed),
            "link" => named(attrs.other.as_ref(), Kind::Link),
            "flag" if ["test", "staff", "bot"].iter().any(|word| is(&attrs.kind, word)) => Kind::Flag,
            "erase" => Kind::Erase,
            "tally" | "approve" | "trainee" | "policy_item" | "report_item" | "survey" => Kind::Entry,
            "void" => named(attrs.target.as_ref(), Kind::Void),
            _ => Kind::Quiet,
        };
        // An entry tells of a place, not of a person.
        let traits = if kind == Kind::Entry { Traits::default() } else { traits };
        let (node, from) = (owned(attrs.node.as_ref()), owned(attrs.from.as_ref()));
        let steps = match kind {
            Kind::View(_) => Steps { viewed: node, ..Steps::default() },
            Kind::Contact | Kind::Plea => Steps { viewed: None, shown: node, left: from },
            _ => Steps::default(),
        };
        let steps = (steps != Steps::default()).then(|| Box::new(steps));
        (kind, traits, steps)
    }

    /// Where it stands among a person's events.
    pub const fn order(&self) -> (i64, i64, i64) {
        (self.at.0, self.recorded.0, self.seq)
    }
}

/// Whether a clock was wrong: such a row is kept and counted nowhere.
pub const fn is_quarantined(at: Timestamp, recorded: Timestamp) -> bool {
    at.ms_since(recorded) > AHEAD_MAX_MS
}

/// Years as their group; what is a group already stays (indicators.md §1.7).
fn age_group(age: &str) -> Box<str> {
    let Ok(years) = age.parse::<u32>() else { return age.into() };
    match years {
        0..18 => "<18",
        18..25 => "18-24",
        25..30 => "25-29",
        30..35 => "30-34",
        35..50 => "35-49",
        50..60 => "50-59",
        60.. => "60+",
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_what_it_counts_for() {
        let both = Kind::View(Knowledge { how: true, help: true });
        let none = Kind::View(Knowledge { how: false, help: false });
        for (kind, attrs, wanted) in [
            ("contact", "{}", Kind::Contact),
            ("contact", r#"{"case":"opened"}"#, Kind::Plea),
            ("question", "{}", Kind::Question),
            ("content_view", r#"{"k":"both"}"#, both),
            ("content_view", r#"{"k":"other","node":"x"}"#, none),
            ("quiz_done", "{}", Kind::Strong),
            ("service", r#"{"kind":"legal","result":"no_show"}"#, Kind::Quiet),
            ("referral_made", r#"{"ref":"r1"}"#, Kind::Referred("r1".into())),
            ("referral_made", "{}", Kind::Quiet),
            ("flag", r#"{"kind":"vip"}"#, Kind::Quiet),
            ("flag", r#"{"kind":"staff"}"#, Kind::Flag),
            ("optout", "not JSON", Kind::Quiet),
        ] {
            assert_eq!(Event::kind_of(kind, attrs).0, wanted, "{kind} {attrs}");
        }
        let service = r#"{"kind":"access","result":"delivered","centre":"TJ-1","cc":"TJ","fam":"F1","vuln":"1","sex":"F"}"#;
        let (kind, traits) = Event::kind_of("service", service);
        let wanted = Kind::Service {
            legal: false,
            centre: Some("TJ-1".into()),
            cc: Some("TJ".into()),
            household: Some("F1".into()),
        };
        assert_eq!((kind, traits.sex.as_deref()), (wanted, Some("F")));
    }

    #[test]
    fn a_clock_may_be_ten_minutes_ahead() {
        assert!(!is_quarantined(Timestamp(600_000), Timestamp(0)));
        assert!(is_quarantined(Timestamp(600_001), Timestamp(0)));
    }

    #[test]
    fn years_fall_into_their_group() {
        for (age, group) in
            [("17", "<18"), ("18", "18-24"), ("24", "18-24"), ("25", "25-29"), ("49", "35-49")]
        {
            assert_eq!(&*age_group(age), group);
        }
        assert_eq!((&*age_group("60"), &*age_group("30-34"), &*age_group("U")), ("60+", "30-34", "U"));
    }

    #[test]
    fn an_answer_can_be_taken_back() {
        let mut known = Traits { sex: Some("F".into()), stay: Some("RU".into()), ..Traits::default() };
        known.update(&Traits { sex: Some("U".into()), ..Traits::default() });
        assert_eq!((known.sex, known.stay.as_deref()), (None, Some("RU")));
    }
}
