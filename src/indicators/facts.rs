//! One person: first occurrences, months of activity, attributes, and the cells that follow (indicators.md §1.5 to §1.7).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Cell, Channel, DIRECT, Dimension, Equipped, Event, Indicator, Kind, Measure, Rules, Sex, Traits, UNKNOWN,
    UNREGISTERED, Unit, Units, Window, unit::add_unit, window::month_of,
};
use crate::domain::{Day, Timestamp};

const MIGRANT: &str = "migrant";
const EMPLOYER: &str = "employer";

/// The qualifying event of an indicator: the person is counted from its local day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When it happened.
    #[serde(rename = "t")]
    pub at: Timestamp,
    /// Id of the event.
    #[serde(rename = "e")]
    pub event: Box<str>,
    /// Channel of the identity that did it.
    #[serde(rename = "c")]
    pub channel: Channel,
    /// The last touch before it, a code as it came; `None`: direct.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub last_touch: Option<Box<str>>,
    /// Country of the centre.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub cc: Option<Box<str>>,
    /// The centre.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub site: Option<Box<str>>,
}

/// What a person's events come to. The same events give the same facts, whenever and in whatever pieces they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Moment and recording of the last event that changed anything: an earlier one asks for a new fold.
    #[serde(rename = "u")]
    until: (i64, i64),
    /// Flagged as test, staff or bot: counts nowhere (indicators.md §1.9).
    #[serde(rename = "x", skip_serializing_if = "std::ops::Not::not")]
    pub excluded: bool,
    /// The latest attributes.
    #[serde(rename = "a", skip_serializing_if = "Traits::is_empty")]
    pub traits: Traits,
    /// The qualifying events. What depends on an attribute too (S1, S2) stands here before the attribute is known.
    #[serde(rename = "q", skip_serializing_if = "BTreeMap::is_empty")]
    marks: BTreeMap<Indicator, Mark>,
    /// Months with a contributing event, a bit each from the programme's first month on.
    #[serde(rename = "m", skip_serializing_if = "BTreeMap::is_empty")]
    months: BTreeMap<Indicator, u64>,
    /// Code of the first touch; `None`: direct.
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    first_touch: Option<Box<str>>,
    /// Each code with the local day of the first touch with it.
    #[serde(rename = "d", skip_serializing_if = "BTreeMap::is_empty")]
    codes: BTreeMap<Box<str>, Day>,
    /// The latest code and its moment.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    last_code: Option<(Box<str>, i64)>,
    #[serde(rename = "w", skip_serializing_if = "std::ops::Not::not")]
    how: bool,
    #[serde(rename = "p", skip_serializing_if = "std::ops::Not::not")]
    help: bool,
    /// Local day of the first touch with the bot.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    bot_day: Option<Day>,
}

/// What an event did to facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Nothing that counts.
    Same,
    Changed,
    /// It comes before what is known: fold all events anew.
    OutOfOrder,
}

/// Folds all events of one person, voided ones left out, in any order.
pub fn fold(mut events: Vec<Event>, rules: &Rules) -> (Facts, Units) {
    events.sort_by_key(Event::order);
    let (mut facts, mut units) = (Facts::default(), Units::new());
    facts.excluded = events.iter().any(|event| event.kind == Kind::Flag);
    for event in &events {
        facts.apply(event, rules);
        if !facts.excluded {
            add_unit(&mut units, event, rules);
        }
    }
    if let Some((employer, unit)) = facts.employed_unit(rules) {
        units.insert((Indicator::E1, employer), unit);
    }
    (facts, units)
}

impl Facts {
    /// Applies the next event of an unvoided person in place. Flags and unit records are not seen here: [`fold`] does.
    pub fn apply(&mut self, event: &Event, rules: &Rules) -> Applied {
        let day = if event.kind.is_touch() { rules.day(event.at) } else { None };
        if day.is_none() && event.traits.is_empty() {
            return Applied::Same;
        }
        let order = (event.at.0, event.recorded.0);
        if order < self.until {
            return Applied::OutOfOrder;
        }
        let mut changed = !event.traits.is_empty();
        self.traits.update(&event.traits);
        if let Some(day) = day {
            changed |= self.touch(event, day, rules);
        }
        if !changed {
            return Applied::Same;
        }
        self.until = order;
        Applied::Changed
    }

    fn touch(&mut self, event: &Event, day: Day, rules: &Rules) -> bool {
        let bit = rules.bit(day);
        let mut changed = false;
        if !self.marks.contains_key(&Indicator::R1) {
            self.first_touch.clone_from(&event.code);
        }
        if let Some(code) = &event.code {
            // Always a change: which code came last must not depend on the order of arrival.
            changed = true;
            self.codes.entry(code.clone()).or_insert(day);
            self.last_code = Some((code.clone(), event.at.0));
        }
        changed |= self.qualify(Indicator::R1, event, bit, rules, true);
        let (how, help) = match event.kind {
            Kind::View(knowledge) => (knowledge.how, knowledge.help),
            Kind::Service { .. } => (true, true),
            _ => (false, false),
        };
        if how || help {
            changed |= (how && !self.how) || (help && !self.help);
            self.how |= how;
            self.help |= help;
            let equipped = match rules.equipped {
                Equipped::Both => self.how && self.help,
                Equipped::Either => true,
            };
            changed |= self.qualify(Indicator::R2, event, bit, rules, equipped);
        }
        if event.is_bot {
            changed |= self.bot_day.is_none();
            let first = *self.bot_day.get_or_insert(day);
            let engaged = first != day || matches!(event.kind, Kind::Strong | Kind::Question | Kind::Lead);
            changed |= self.qualify(Indicator::R3, event, bit, rules, engaged);
        }
        let (indicator, more) = match &event.kind {
            Kind::Question | Kind::Plea => (Some(Indicator::Asked), None),
            Kind::Lead => (Some(Indicator::O1), None),
            Kind::Enrolled => (Some(Indicator::O2), None),
            Kind::Training => (Some(Indicator::O3), None),
            Kind::Service { legal, centre, .. } => {
                (centre.as_ref().map(|_| Indicator::S1), legal.then_some(Indicator::S2))
            }
            _ => (None, None),
        };
        for indicator in [indicator, more].into_iter().flatten() {
            changed |= self.qualify(indicator, event, bit, rules, true);
        }
        changed
    }

    /// Notes a contributing event, and the qualifying one if it is the first that `qualifies`.
    fn qualify(
        &mut self,
        indicator: Indicator,
        event: &Event,
        bit: u64,
        rules: &Rules,
        qualifies: bool,
    ) -> bool {
        let months = self.months.entry(indicator).or_default();
        let mut changed = *months & bit == 0;
        *months |= bit;
        if qualifies && !self.marks.contains_key(&indicator) {
            let oldest = event.at.0.saturating_sub(rules.lookback_ms());
            let last = self.last_code.as_ref().filter(|(_, at)| *at >= oldest);
            // Where they are asked for: every person has a mark of R1 and of R2, few were at a centre.
            let (cc, site) = match &event.kind {
                Kind::Service { cc, centre, .. } => {
                    let is_split = indicator.is_split_by(Dimension::Site);
                    (cc.clone(), centre.clone().filter(|_| is_split))
                }
                _ => (None, None),
            };
            let mark = Mark {
                at: event.at,
                event: event.id.clone(),
                channel: event.channel.unwrap_or(Channel::Centre),
                last_touch: last.map(|(code, _)| code.clone()),
                cc,
                site,
            };
            self.marks.insert(indicator, mark);
            changed = true;
        }
        changed
    }

    /// Whether a change of the person may change an employer's record: then [`fold`] must see all events.
    pub const fn has_employer(&self) -> bool {
        self.traits.emp.is_some()
    }

    fn is_employer(&self) -> bool {
        self.traits.aud.as_deref() == Some(EMPLOYER)
    }

    fn employed_unit(&self, rules: &Rules) -> Option<(Box<str>, Unit)> {
        let key = self.traits.emp.clone().filter(|_| self.is_employer() && !self.excluded)?;
        let mark = self.marks.get(&Indicator::R1)?;
        let months = self.months.get(&Indicator::R1).copied().unwrap_or(0);
        Some((key, Unit { first: rules.day(mark.at)?, event: mark.event.clone(), months }))
    }

    /// In which indicators the person counts now, with the event that earned it and the months of activity.
    pub fn counted(&self) -> impl Iterator<Item = (Indicator, &Mark, u64)> {
        let of = |indicator: Indicator| -> Option<(Indicator, &Mark, u64)> {
            let (counts, from) = match indicator {
                Indicator::S1 => (self.traits.aud.as_deref() == Some(MIGRANT), indicator),
                Indicator::S2 => (self.sex() == Sex::F, indicator),
                // Several people of one employer are one: those whose employer is known count as units.
                Indicator::E1 => (self.is_employer() && self.traits.emp.is_none(), Indicator::R1),
                _ => (true, indicator),
            };
            let mark = self.marks.get(&from).filter(|_| counts && !self.excluded)?;
            Some((indicator, mark, self.months.get(&from).copied().unwrap_or(0)))
        };
        Indicator::ALL.iter().chain(&[Indicator::Asked]).filter_map(move |indicator| of(*indicator))
    }

    pub fn sex(&self) -> Sex {
        self.traits.sex.as_deref().and_then(Sex::parse).unwrap_or(Sex::U)
    }

    /// The person's value in a dimension of an indicator; codes as they came.
    pub fn value<'a>(&'a self, dimension: Dimension, mark: &'a Mark) -> &'a str {
        let known = |value: &'a Option<Box<str>>| value.as_deref().unwrap_or(UNKNOWN);
        match dimension {
            Dimension::Sex => self.sex().as_str(),
            Dimension::Age => known(&self.traits.age),
            Dimension::Origin => known(&self.traits.origin),
            Dimension::Stay => known(&self.traits.stay),
            Dimension::Audience => known(&self.traits.aud),
            Dimension::Language => known(&self.traits.lang),
            Dimension::Channel => mark.channel.as_str(),
            Dimension::FirstTouch => self.first_touch.as_deref().unwrap_or(DIRECT),
            Dimension::LastTouch => mark.last_touch.as_deref().unwrap_or(DIRECT),
            Dimension::Centre => known(&mark.cc),
            Dimension::Site => known(&mark.site),
            Dimension::StayF | Dimension::StayM | Dimension::StayU => known(&self.traits.stay),
            Dimension::All | Dimension::CodeF | Dimension::CodeM | Dimension::CodeU => "",
        }
    }

    /// Every cell that the person stands in, but for `cum`, which is the sum of `new` so far.
    pub fn cells<'a>(&'a self, rules: &Rules, mut add: impl FnMut(Cell<'a>)) {
        for (indicator, mark, months) in self.counted() {
            let Some(day) = rules.day(mark.at) else { continue };
            let from = month_of(day);
            let mut put = |measure, window| {
                let mut one = |dimension, value| add(Cell { indicator, measure, window, dimension, value });
                one(Dimension::All, "");
                if !indicator.is_of_persons() {
                    return;
                }
                for dimension in Dimension::OF_PERSONS {
                    one(dimension, self.value(dimension, mark));
                }
                for dimension in [Dimension::Centre, Dimension::Site] {
                    if indicator.is_split_by(dimension) {
                        one(dimension, self.value(dimension, mark));
                    }
                }
                // Of living records only: of erased people one-way cells are kept (indicators.md §1.8).
                if measure == Measure::New && indicator != Indicator::Asked {
                    let dimension = match self.sex() {
                        Sex::F => Dimension::StayF,
                        Sex::M => Dimension::StayM,
                        Sex::U => Dimension::StayU,
                    };
                    one(dimension, self.value(dimension, mark));
                }
            };
            put(Measure::New, Window::Month(from));
            let mut quarter = None;
            for month in rules.months(months) {
                // An event before the qualifying one counts in its own quarter, not in a month before it.
                let of = Window::quarter_of(month);
                if of.months().is_some_and(|(_, last)| from <= last) && quarter != Some(of) {
                    put(Measure::Active, of);
                    quarter = Some(of);
                }
                if from <= month {
                    put(Measure::Active, Window::Month(month));
                }
            }
            put(Measure::Active, Window::Programme);
            // What sessions feed: who scanned the code leaves the head-count (indicators.md §1.10).
            if matches!(indicator, Indicator::R1 | Indicator::R2 | Indicator::S1) {
                let dimension = match self.sex() {
                    Sex::F => Dimension::CodeF,
                    Sex::M => Dimension::CodeM,
                    Sex::U => Dimension::CodeU,
                };
                for (code, day) in &self.codes {
                    let window = Window::Day(*day);
                    add(Cell { indicator, measure: Measure::Touch, window, dimension, value: code });
                }
            }
        }
    }

    /// The qualifying event, if the person counts in that cell of the indicator.
    pub fn standing(
        &self,
        rules: &Rules,
        indicator: Indicator,
        measure: Measure,
        window: Window,
    ) -> Option<(&Mark, Day)> {
        let (_, mark, months) = self.counted().find(|(of, ..)| *of == indicator)?;
        let day = rules.day(mark.at)?;
        let (first, last) = window.months().unwrap_or((i32::MIN, i32::MAX));
        let from = month_of(day);
        let stands = from <= last
            && match measure {
                Measure::New => first <= from,
                Measure::Active => rules.months(months).any(|month| (first..=last).contains(&month)),
                Measure::Cum => true,
                Measure::Touch => false,
            };
        stands.then_some((mark, day))
    }

    /// What the stored form of everybody in a cell looks like, as two patterns of SQL's `like`. Others may look so, too.
    pub fn looks(indicator: Indicator, dimension: Dimension, value: &str) -> [String; 2] {
        let any = || "%".to_owned();
        let from = if indicator == Indicator::E1 { Indicator::R1 } else { indicator };
        let key = match dimension {
            Dimension::Sex => "sex",
            Dimension::Age => "age",
            Dimension::Origin => "origin",
            Dimension::Stay => "stay",
            Dimension::Audience => "aud",
            Dimension::Language => "lang",
            Dimension::FirstTouch => "f",
            Dimension::LastTouch => "l",
            Dimension::Centre => "o",
            Dimension::Site => "s",
            _ => "",
        };
        let is_stored = !key.is_empty()
            && ![UNKNOWN, DIRECT, UNREGISTERED, ""].contains(&value)
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+<".contains(&b));
        let value = if is_stored { format!("%\"{key}\":\"{value}\"%") } else { any() };
        [format!("%\"{}\":{{\"t\":%", from.as_str()), value]
    }

    /// As it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// `None` if a newer version wrote it.
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::rules::tests::rules;

    fn event(seq: i64, at: &str, kind: &str, attrs: &str, code: Option<&str>) -> Event {
        let at = Timestamp::from_iso(at).unwrap();
        let (kind, traits, steps) = Event::parts_of(kind, attrs);
        Event {
            seq,
            id: format!("e{seq}").into(),
            at,
            recorded: at,
            is_bot: true,
            alias: Some(1),
            channel: Some(Channel::Telegram),
            kind,
            code: code.map(Into::into),
            traits,
            steps,
        }
    }

    /// In reports.
    fn earned(facts: &Facts) -> Vec<(&'static str, &str)> {
        facts.counted().map(|(indicator, mark, _)| (indicator.as_str(), &*mark.event)).collect()
    }

    #[test]
    fn the_event_that_completes_both_earns_r2() {
        let events = vec![
            event(1, "2026-02-03T04:00:00Z", "contact", "{}", Some("fb1")),
            event(2, "2026-02-03T04:01:00Z", "content_view", r#"{"k":"how"}"#, None),
            event(3, "2026-03-20T04:01:00Z", "content_view", r#"{"k":"help"}"#, None),
        ];
        let (facts, _) = fold(events.clone(), &rules());
        assert_eq!(earned(&facts), [("R1", "e1"), ("R2", "e3"), ("R3", "e3")]);
        let marks: BTreeMap<_, _> = facts.counted().map(|(indicator, mark, _)| (indicator, mark)).collect();
        assert_eq!(marks[&Indicator::R1].last_touch.as_deref(), Some("fb1"));
        assert_eq!(marks[&Indicator::R2].last_touch, None, "45 days earlier is too long ago");
        let either = Rules { equipped: Equipped::Either, ..rules() };
        assert_eq!(earned(&fold(events, &either).0), [("R1", "e1"), ("R2", "e2"), ("R3", "e3")]);
    }

    #[test]
    fn an_event_one_by_one_gives_what_all_at_once_give() {
        let events = [
            event(1, "2026-02-03T04:00:00Z", "contact", "{}", None),
            event(2, "2026-02-03T04:01:00Z", "profile", r#"{"sex":"F"}"#, None),
            event(3, "2026-02-05T04:01:00Z", "question", "{}", Some("ev12")),
            event(4, "2026-02-05T04:02:00Z", "content_view", r#"{"k":"both"}"#, None),
            event(5, "2026-02-05T04:03:00Z", "contact", "{}", None),
        ];
        let mut facts = Facts::default();
        let done: Vec<Applied> = events.iter().map(|event| facts.apply(event, &rules())).collect();
        assert_eq!(done[..4], [Applied::Changed; 4]);
        assert_eq!(done[4], Applied::Same, "a touch in a month that is known writes nothing");
        assert_eq!(facts, fold(events.to_vec(), &rules()).0);
        assert_eq!(
            facts.apply(&event(6, "2026-02-04T04:00:00Z", "contact", "{}", None), &rules()),
            Applied::OutOfOrder
        );
        assert_eq!(Facts::from_json(&facts.to_json()), Some(facts));
    }

    #[test]
    fn activity_before_the_qualifying_event_counts_in_its_quarter_only() {
        let events = vec![
            event(1, "2026-01-05T04:00:00Z", "content_view", r#"{"k":"how"}"#, None),
            event(2, "2026-02-20T04:00:00Z", "content_view", r#"{"k":"help"}"#, None),
        ];
        let (facts, _) = fold(events, &rules());
        let mut active = Vec::new();
        facts.cells(&rules(), |cell| {
            if cell.indicator == Indicator::R2
                && cell.measure == Measure::Active
                && cell.dimension == Dimension::All
            {
                active.push(cell.window.to_string());
            }
        });
        assert_eq!(active, ["2026-Q1", "2026-02", "programme"]);
    }

    #[test]
    fn who_is_flagged_counts_nowhere() {
        let events = vec![
            event(
                1,
                "2026-02-03T04:00:00Z",
                "content_view",
                r#"{"k":"both","aud":"employer","emp":"E1"}"#,
                None,
            ),
            event(2, "2026-02-04T04:00:00Z", "referral_made", r#"{"ref":"r"}"#, None),
            event(3, "2030-02-04T04:00:00Z", "flag", r#"{"kind":"test"}"#, None),
        ];
        let (facts, units) = fold(events.clone(), &rules());
        assert_eq!((facts.counted().count(), units.len()), (0, 0));
        let (facts, units) = fold(events[..2].to_vec(), &rules());
        assert_eq!((facts.counted().count(), units.len()), (2, 2));
    }
}
