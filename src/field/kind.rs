//! What may be reported, and what is asked of each (indicators.md §1.5, §1.10).
//!
//! The names of the values are those of the events' attributes: a form of KoboToolbox asks under the same names.

use crate::{
    desk::outcome::{AGES, AUDIENCES, COUNTRIES, PLACES, SEXES},
    indicators::Indicator,
};

/// Most heads of one entry: more is a mistyped number.
pub const HEADS_MAX: u32 = 100_000;
/// Most leaflets or listeners of one entry.
pub const QUANTITY_MAX: u32 = 100_000_000;
/// Longest short text, in characters.
const LINE_MAX: usize = 200;
/// Longest note, in characters.
pub const NOTE_MAX: usize = 2_000;
/// Longest number of a person, household or item, in characters.
pub const NUMBER_MAX: usize = 64;

/// What a session covered: `both` makes people equipped (indicators.md §1.10).
const COVERS: [&str; 4] = ["both", "how", "help", "other"];
const ROLES: [&str; 3] = ["civil_servant", "non_state", "other"];
/// `none`: asked, and gave no answer.
const ANSWERS: [&str; 4] = ["up", "same", "down", "none"];
const BASES: [&str; 2] = ["contract", "departure"];

/// What an entry reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A session: R1, and R2 if it covered both.
    Session,
    /// A centre's first visits of a month, from a register without personal keys: R1, R2, S1.
    CentreNewClients,
    /// Leaflets given out: an estimate.
    Leaflet,
    /// Radio, television, channel posts: an estimate.
    Media,
    /// Somebody trained: T1.
    Trainee,
    /// A law, order, procedure or guideline improved: P1.
    PolicyItem,
    /// An analytical report: A1.
    ReportItem,
    /// A household's answer: H1.
    Survey,
    /// A migrant who entered the organised-recruitment pilot: O2.
    OrEnrolled,
    /// A migrant of the pilot sent to vocational training: O3.
    VtSent,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A number from 0 to this.
    Count(u32),
    /// One word of a closed list.
    Word(&'static [&'static str]),
    /// A campaign code.
    Code,
    /// The code of a centre: `dushanbe-1`.
    Centre,
    /// A number or name that says whom or what the entry is of: only its keyed hash stays.
    Unit,
    /// Free text of at most so many characters, sealed.
    Text(usize),
}

/// A value that an entry has.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
}

const fn need(name: &'static str, shape: Shape) -> Spec {
    Spec { name, shape, required: true }
}

const fn may(name: &'static str, shape: Shape) -> Spec {
    Spec { name, shape, required: false }
}

const CC: Spec = need("cc", Shape::Word(&COUNTRIES));
const CODE: Spec = may("c", Shape::Code);
const AUD: Spec = may("aud", Shape::Word(&AUDIENCES));
const N_F: Spec = may("n_f", Shape::Count(HEADS_MAX));
const N_M: Spec = may("n_m", Shape::Count(HEADS_MAX));
const N_U: Spec = may("n_u", Shape::Count(HEADS_MAX));
const QUANTITY: Spec = need("quantity", Shape::Count(QUANTITY_MAX));
const SEX: Spec = may("sex", Shape::Word(&SEXES));
const AGE: Spec = may("age", Shape::Word(&AGES));
const ORIGIN: Spec = may("origin", Shape::Word(&PLACES));
const STAY: Spec = may("stay", Shape::Word(&PLACES));
const KEY: Spec = need("key", Shape::Unit);
const REG: Spec = need("reg", Shape::Unit);
const NOTE: Spec = may("note", Shape::Text(NOTE_MAX));

impl Kind {
    pub const ALL: [Self; 10] = [
        Self::Session,
        Self::CentreNewClients,
        Self::Leaflet,
        Self::Media,
        Self::Trainee,
        Self::PolicyItem,
        Self::ReportItem,
        Self::Survey,
        Self::OrEnrolled,
        Self::VtSent,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::CentreNewClients => "centre_new_clients",
            Self::Leaflet => "leaflet",
            Self::Media => "media",
            Self::Trainee => "trainee",
            Self::PolicyItem => "policy_item",
            Self::ReportItem => "report_item",
            Self::Survey => "survey",
            Self::OrEnrolled => "or_enrolled",
            Self::VtSent => "vt_sent",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it is a head-count: a `tally` row, of this activity.
    pub const fn is_tally(self) -> bool {
        matches!(self, Self::Session | Self::CentreNewClients | Self::Leaflet | Self::Media)
    }

    /// Type of the event that counts (indicators.md §1.4).
    pub const fn event(self) -> &'static str {
        if self.is_tally() { "tally" } else { self.as_str() }
    }

    /// Whether it is of a person who counts as one: the visitor behind a number of a centre's register.
    pub const fn is_of_person(self) -> bool {
        matches!(self, Self::OrEnrolled | Self::VtSent)
    }

    /// Whether it counts with evidence only: attendance list or photo, register's page, certificate, contract, the text
    /// itself. Estimates and the survey's answers need none.
    pub const fn needs_evidence(self) -> bool {
        !matches!(self, Self::Leaflet | Self::Media | Self::Survey)
    }

    /// Whether two entries of one unit would count twice: several sessions of a group are one, with the largest
    /// attendance; a centre has one register a month (indicators.md §1.10). Elsewhere the count itself is by unit.
    pub const fn once(self) -> bool {
        matches!(self, Self::Session | Self::CentreNewClients)
    }

    /// The value that says whom or what it is of, if it has one, and the domain of its keyed hash (indicators.md §1.3).
    pub const fn unit(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Session => Some(("group", "field-group")),
            Self::CentreNewClients => Some(("centre", "field-month")),
            Self::Leaflet | Self::Media => None,
            Self::Trainee => Some(("key", "trainee")),
            Self::PolicyItem => Some(("key", "policy-item")),
            Self::ReportItem => Some(("key", "report-item")),
            Self::Survey => Some(("key", "household")),
            Self::OrEnrolled | Self::VtSent => Some(("reg", "centre-reg")),
        }
    }

    /// Whether the number as it was typed may stay, sealed: that of a law names nobody.
    pub const fn keeps_number(self) -> bool {
        matches!(self, Self::PolicyItem | Self::ReportItem)
    }

    /// Indicators that it feeds.
    pub const fn indicators(self) -> &'static [Indicator] {
        match self {
            Self::Session => &[Indicator::R1, Indicator::R2, Indicator::E1],
            Self::CentreNewClients => &[Indicator::R1, Indicator::R2, Indicator::S1],
            Self::Leaflet | Self::Media => &[Indicator::Est],
            Self::Trainee => &[Indicator::T1],
            Self::PolicyItem => &[Indicator::P1],
            Self::ReportItem => &[Indicator::A1],
            Self::Survey => &[Indicator::H1],
            Self::OrEnrolled => &[Indicator::O2],
            Self::VtSent => &[Indicator::O3],
        }
    }

    /// What is asked, in the order of the form; the day comes before.
    pub const fn specs(self) -> &'static [Spec] {
        match self {
            Self::Session => {
                const {
                    &[
                        CC,
                        need("place", Shape::Text(LINE_MAX)),
                        need("covers", Shape::Word(&COVERS)),
                        N_F,
                        N_M,
                        N_U,
                        may("employers", Shape::Count(HEADS_MAX)),
                        CODE,
                        AUD,
                        may("topics", Shape::Text(LINE_MAX)),
                        may("group", Shape::Unit),
                        NOTE,
                    ]
                }
            }
            Self::CentreNewClients => {
                const {
                    &[
                        CC,
                        need("centre", Shape::Centre),
                        N_F,
                        N_M,
                        N_U,
                        AUD,
                        CODE,
                        need("page", Shape::Text(LINE_MAX)),
                        NOTE,
                    ]
                }
            }
            Self::Leaflet => const { &[CC, QUANTITY, may("place", Shape::Text(LINE_MAX)), CODE, NOTE] },
            Self::Media => const { &[CC, QUANTITY, need("outlet", Shape::Text(LINE_MAX)), CODE, NOTE] },
            Self::Trainee => {
                const {
                    &[
                        CC,
                        KEY,
                        need("role", Shape::Word(&ROLES)),
                        need("course", Shape::Text(LINE_MAX)),
                        SEX,
                        NOTE,
                    ]
                }
            }
            Self::PolicyItem | Self::ReportItem => {
                const { &[CC, KEY, need("title", Shape::Text(LINE_MAX)), NOTE] }
            }
            Self::Survey => const { &[CC, KEY, need("answer", Shape::Word(&ANSWERS)), NOTE] },
            Self::OrEnrolled => {
                const { &[REG, need("basis", Shape::Word(&BASES)), SEX, AGE, ORIGIN, STAY, NOTE] }
            }
            Self::VtSent => {
                const { &[REG, need("course", Shape::Text(LINE_MAX)), SEX, AGE, ORIGIN, STAY, NOTE] }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::{Entry, EntryKind, Event};

    #[test]
    fn each_kind_is_an_event_that_the_rules_know() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
            let attrs = format!(r#"{{"activity":"{}","key":"x"}}"#, kind.as_str());
            let (event, _) = Event::kind_of(kind.event(), &attrs);
            if kind.is_of_person() {
                assert!(event.is_touch(), "{kind:?}");
            } else {
                assert_ne!(Entry::kind_of(kind.event(), &attrs).0, EntryKind::Unknown, "{kind:?}");
            }
            let names: std::collections::BTreeSet<&str> = kind.specs().iter().map(|spec| spec.name).collect();
            assert_eq!(names.len(), kind.specs().len(), "{kind:?}");
            assert!(kind.unit().is_none_or(|(name, _)| names.contains(name)), "{kind:?}");
        }
    }
}
