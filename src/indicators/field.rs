//! Head-counts by field staff, and how many of them the bot counted already (indicators.md §1.10).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Dimension, Indicator, Rules, Sex, UNKNOWN,
    event::{Attrs, is_quarantined, owned},
};
use crate::domain::{Day, Timestamp};

/// A row of the field's record: a head-count, an approval, an entry of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub seq: i64,
    pub id: Box<str>,
    pub at: Timestamp,
    pub recorded: Timestamp,
    pub kind: EntryKind,
    /// Who entered or approved it.
    pub by: Option<Box<str>>,
    pub code: Option<Box<str>>,
    /// Country: of stay, and of the centre.
    pub cc: Option<Box<str>>,
    pub centre: Option<Box<str>>,
    pub aud: Option<Box<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// Heads of one session; `both`: it covered how and help.
    Session { both: bool, heads: Heads, employers: u32 },
    /// First visits from a register without personal keys.
    Clients { heads: Heads },
    /// Leaflets, radio, television: an estimate, in no indicator.
    Estimate { quantity: u32 },
    /// Approval of the entry with this id.
    Approve { target: Box<str> },
    /// A line of a register or an answer of the survey: its unit, and whether it counts.
    Register { indicator: Indicator, key: Box<str>, counts: bool },
    /// A household that was asked in the survey and gave no answer.
    Asked { key: Box<str> },
    /// Of an activity that no version knows.
    Unknown,
}

/// Heads by sex.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    pub f: u32,
    pub m: u32,
    pub u: u32,
}

impl Heads {
    pub const fn total(self) -> u32 {
        self.f.saturating_add(self.m).saturating_add(self.u)
    }

    pub const fn of(self, sex: Sex) -> u32 {
        match sex {
            Sex::F => self.f,
            Sex::M => self.m,
            Sex::U => self.u,
        }
    }

    const fn cell(&mut self, sex: Sex) -> &mut u32 {
        match sex {
            Sex::F => &mut self.f,
            Sex::M => &mut self.m,
            Sex::U => &mut self.u,
        }
    }

    /// Takes people of one sex away: from their own cell, then from U, M, F in turn; nothing goes below zero.
    fn take(&mut self, sex: Sex, people: u32) {
        let mut left = people;
        for sex in [sex, Sex::U, Sex::M, Sex::F] {
            let cell = self.cell(sex);
            let taken = left.min(*cell);
            *cell -= taken;
            left -= taken;
        }
    }
}

/// A counted entry: what it adds to one indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net<'a> {
    pub entry: &'a Entry,
    pub indicator: Indicator,
    pub day: Day,
    pub gross: Heads,
    /// Without those whom the bot counted.
    pub net: Heads,
    /// Of E1 and EST, which have no sex: the number.
    pub number: u32,
}

impl Net<'_> {
    /// What it adds.
    pub const fn total(&self) -> u32 {
        self.net.total().saturating_add(self.number)
    }

    /// Its one value in a dimension.
    pub fn value<'a>(&'a self, dimension: Dimension, rules: &'a Rules) -> &'a str {
        let known = |value: &'a Option<Box<str>>| value.as_deref().unwrap_or(UNKNOWN);
        match dimension {
            Dimension::Stay | Dimension::Centre => known(&self.entry.cc),
            Dimension::Site => known(&self.entry.centre),
            Dimension::Audience => known(&self.entry.aud),
            Dimension::Channel => super::Channel::Field.as_str(),
            Dimension::FirstTouch | Dimension::LastTouch => {
                self.entry.code.as_deref().map_or(super::DIRECT, |code| rules.label(code))
            }
            _ => UNKNOWN,
        }
    }
}

impl Entry {
    /// Reads the type and the attributes of a row.
    pub fn kind_of(kind: &str, attrs: &str) -> (EntryKind, EntryAttrs) {
        let attrs = Attrs::read(attrs);
        let number = |value: Option<&std::borrow::Cow<'_, str>>| {
            value.and_then(|text| text.parse::<u32>().ok()).unwrap_or(0)
        };
        let heads = Heads {
            f: number(attrs.n_f.as_ref()),
            m: number(attrs.n_m.as_ref()),
            u: number(attrs.n_u.as_ref()),
        };
        let is = |value: &Option<std::borrow::Cow<'_, str>>, word: &str| value.as_deref() == Some(word);
        let register = |indicator, counts| match owned(attrs.key.as_ref()) {
            Some(key) => EntryKind::Register { indicator, key, counts },
            None => EntryKind::Unknown,
        };
        let found = match (kind, attrs.activity.as_deref()) {
            ("approve", _) => match owned(attrs.target.as_ref()) {
                Some(target) => EntryKind::Approve { target },
                None => EntryKind::Unknown,
            },
            ("tally", Some("session")) => EntryKind::Session {
                both: is(&attrs.covers, "both"),
                heads,
                employers: number(attrs.employers.as_ref()),
            },
            ("tally", Some("centre_new_clients")) => EntryKind::Clients { heads },
            ("tally", Some("leaflet" | "media")) => {
                let named = attrs.quantity.as_ref().or(attrs.n.as_ref());
                EntryKind::Estimate { quantity: number(named).saturating_add(heads.total()) }
            }
            ("trainee", _) => {
                register(Indicator::T1, is(&attrs.role, "civil_servant") || is(&attrs.role, "non_state"))
            }
            ("policy_item", _) => register(Indicator::P1, true),
            ("report_item", _) => register(Indicator::A1, true),
            ("survey", _) if attrs.answer.as_deref().is_none_or(|answer| answer == "none") => {
                owned(attrs.key.as_ref()).map_or(EntryKind::Unknown, |key| EntryKind::Asked { key })
            }
            ("survey", _) => register(Indicator::H1, is(&attrs.answer, "up")),
            _ => EntryKind::Unknown,
        };
        let rest = EntryAttrs {
            by: owned(attrs.by.as_ref()),
            cc: owned(attrs.cc.as_ref()),
            centre: owned(attrs.centre.as_ref()),
            aud: owned(attrs.aud.as_ref()),
        };
        (found, rest)
    }

    const fn order(&self) -> (i64, i64, i64) {
        (self.at.0, self.recorded.0, self.seq)
    }

    const fn record(&self) -> (i64, i64) {
        (self.recorded.0, self.seq)
    }

    fn heads(&self, indicator: Indicator) -> Option<Heads> {
        match (&self.kind, indicator) {
            (EntryKind::Session { heads, .. } | EntryKind::Clients { heads }, Indicator::R1)
            | (EntryKind::Session { both: true, heads, .. }, Indicator::R2)
            | (EntryKind::Clients { heads }, Indicator::R2 | Indicator::S1) => Some(*heads),
            _ => None,
        }
    }
}

/// Attributes that every entry may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryAttrs {
    pub by: Option<Box<str>>,
    pub cc: Option<Box<str>>,
    pub centre: Option<Box<str>>,
    pub aud: Option<Box<str>>,
}

/// The entries that count: inside the programme, approved by somebody else, later in the record. Voided ones are not
/// among `entries`.
///
/// Register lines of trainees and of the survey need no second pair of eyes: their evidence is the signed list.
pub fn counted<'a>(entries: &'a [Entry], rules: &Rules) -> Vec<(&'a Entry, Day)> {
    let by_id: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (&*entry.id, entry)).collect();
    let mut approved: BTreeSet<&str> = BTreeSet::new();
    for approval in entries.iter().filter(|entry| !is_quarantined(entry.at, entry.recorded)) {
        if let EntryKind::Approve { target } = &approval.kind
            && let Some(entry) = by_id.get(&**target)
            && entry.record() < approval.record()
            && let (Some(entered), Some(by)) = (&entry.by, &approval.by)
            && entered != by
        {
            approved.insert(target);
        }
    }
    let mut found: Vec<(&Entry, Day)> = entries
        .iter()
        .filter(|entry| match entry.kind {
            EntryKind::Approve { .. } | EntryKind::Unknown => false,
            EntryKind::Register { indicator: Indicator::T1 | Indicator::H1, .. }
            | EntryKind::Asked { .. } => true,
            _ => approved.contains(&*entry.id),
        })
        .filter(|entry| !is_quarantined(entry.at, entry.recorded))
        .filter_map(|entry| Some((entry, rules.day(entry.at)?)))
        .collect();
    found.sort_by_key(|(entry, _)| entry.order());
    found
}

/// Persons by indicator and code: day of the first touch with it, sex, how many. Erased people are among them.
pub type Touches<'a> = BTreeMap<(Indicator, &'a str), Vec<(Day, Sex, u32)>>;

/// What the counted entries add to the indicators, net of those whom the bot counted.
pub fn net<'a>(entries: &[(&'a Entry, Day)], touches: &Touches<'_>, rules: &Rules) -> Vec<Net<'a>> {
    let mut found = Vec::new();
    for indicator in [Indicator::R1, Indicator::R2, Indicator::S1] {
        let from = found.len();
        // Sessions by code, the earliest first: who scanned leaves only the first whose days fit.
        let mut sessions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (entry, day) in entries {
            let Some(gross) = entry.heads(indicator) else { continue };
            if let (EntryKind::Session { .. }, Some(code)) = (&entry.kind, &entry.code) {
                sessions.entry(code).or_default().push(found.len());
            }
            found.push(Net { entry, indicator, day: *day, gross, net: gross, number: 0 });
        }
        let mut taken: BTreeMap<usize, Heads> = BTreeMap::new();
        for (code, places) in &sessions {
            for (day, sex, people) in touches.get(&(indicator, *code)).into_iter().flatten() {
                let fits = |place: &&usize| {
                    found.get(**place).is_some_and(|net| {
                        let days = day.signed_duration_since(net.day).num_days();
                        (0..=i64::from(rules.overlap_days)).contains(&days)
                    })
                };
                if let Some(place) = places.iter().find(fits) {
                    *taken.entry(*place).or_default().cell(*sex) += people;
                }
            }
        }
        for (place, net) in found.iter_mut().enumerate().skip(from) {
            let Some(taken) = taken.get(&place) else { continue };
            for sex in [Sex::F, Sex::M, Sex::U] {
                net.net.take(sex, taken.of(sex));
            }
        }
    }
    for (entry, day) in entries {
        let (indicator, number) = match entry.kind {
            EntryKind::Session { employers, .. } if employers > 0 => (Indicator::E1, employers),
            EntryKind::Estimate { quantity } => (Indicator::Est, quantity),
            _ => continue,
        };
        let none = Heads::default();
        found.push(Net { entry, indicator, day: *day, gross: none, net: none, number });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::rules::tests::rules;

    fn entry(seq: i64, kind: &str, attrs: &str, code: Option<&str>) -> Entry {
        let (kind, rest) = Entry::kind_of(kind, attrs);
        let at = Timestamp::from_iso("2026-04-14T09:00:00Z").unwrap();
        Entry {
            seq,
            id: format!("t{seq}").into(),
            at,
            recorded: at.plus_ms(seq),
            kind,
            by: rest.by,
            code: code.map(Into::into),
            cc: rest.cc,
            centre: rest.centre,
            aud: rest.aud,
        }
    }

    const SESSION: &str = r#"{"activity":"session","covers":"both","n_f":"6","n_m":"4","n_u":"2","by":"u1"}"#;

    #[test]
    fn only_another_person_approves_and_only_later() {
        for (approval, counts) in [
            (r#"{"target":"t5","by":"u2"}"#, true),
            (r#"{"target":"t5","by":"u1"}"#, false),
            (r#"{"target":"t5"}"#, false),
            (r#"{"target":"t4","by":"u2"}"#, false),
        ] {
            let entries = [entry(5, "tally", SESSION, None), entry(6, "approve", approval, None)];
            assert_eq!(counted(&entries, &rules()).len(), usize::from(counts), "{approval}");
            let entries = [entry(5, "tally", SESSION, None), entry(3, "approve", approval, None)];
            assert_eq!(counted(&entries, &rules()).len(), 0, "before it: {approval}");
        }
    }

    #[test]
    fn who_scanned_leaves_the_head_count() {
        let session = entry(5, "tally", SESSION, Some("ev12"));
        let day = session.at.day(300);
        let counted = [(&session, day)];
        let later = |days| day + chrono::Days::new(days);
        let touches: Touches<'_> = [
            ((Indicator::R1, "ev12"), vec![(later(7), Sex::M, 5), (later(8), Sex::F, 3), (day, Sex::U, 1)]),
            ((Indicator::R2, "ev12"), vec![(later(1), Sex::F, 30)]),
        ]
        .into();
        let nets = net(&counted, &touches, &rules());
        let of: Vec<_> = nets.iter().map(|net| (net.indicator, net.net)).collect();
        assert_eq!(
            of,
            [
                // Four men, the fifth from the unknown; the unknown one from the unknown.
                (Indicator::R1, Heads { f: 6, m: 0, u: 0 }),
                (Indicator::R2, Heads { f: 0, m: 0, u: 0 }),
            ]
        );
    }

    #[test]
    fn only_the_earliest_session_of_a_code_loses() {
        let (first, second) =
            (entry(5, "tally", SESSION, Some("ev12")), entry(6, "tally", SESSION, Some("ev12")));
        let day = first.at.day(300);
        let touches: Touches<'_> = [((Indicator::R1, "ev12"), vec![(day, Sex::F, 1)])].into();
        let nets = net(&[(&first, day), (&second, day)], &touches, &rules());
        let women: Vec<u32> =
            nets.iter().filter(|net| net.indicator == Indicator::R1).map(|net| net.net.f).collect();
        assert_eq!(women, [5, 6]);
    }
}
