//! How the content is used: how often each node was asked for, shown, and left by going on. Additive, so that daily or
//! monthly sums are right (indicators.md §3, 1); it counts uses, not persons, and is in no report.

use std::collections::BTreeMap;

use super::{Event, Rules, Window, window::month_of};

/// What stands in front of who has not chosen a language yet: no node of the content.
pub const START: &str = "start";

/// Uses of a node in a month on a channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UseKey {
    pub month: Window,
    pub node: Box<str>,
    /// As events have it.
    pub channel: &'static str,
}

/// How often. Negative in what is to be taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// A knowledge item was asked for and given.
    pub views: i64,
    /// It was in front of a person after a turn.
    pub shown: i64,
    /// The person did something from it within a day. It counts in the month of what they did.
    pub went_on: i64,
}

impl Use {
    pub const fn is_none(self) -> bool {
        self.views == 0 && self.shown == 0 && self.went_on == 0
    }

    /// Shown, and nothing was done from it within a day.
    pub const fn dropped(self) -> i64 {
        let dropped = self.shown - self.went_on;
        if dropped < 0 { 0 } else { dropped }
    }
}

impl std::ops::AddAssign for Use {
    fn add_assign(&mut self, other: Self) {
        self.views += other.views;
        self.shown += other.shown;
        self.went_on += other.went_on;
    }
}

/// Uses of many nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses(BTreeMap<UseKey, Use>);

impl Uses {
    /// Adds what an event tells, `n` times. Outside of the programme it tells nothing.
    pub fn add_event(&mut self, event: &Event, rules: &Rules, n: i64) {
        let Some(steps) = &event.steps else { return };
        let Some(day) = rules.day(event.at) else { return };
        let channel = event.channel.map_or("", super::Channel::as_str);
        let of = |viewed, shown, left| Use { views: viewed, shown, went_on: left };
        for (node, uses) in
            [(&steps.viewed, of(n, 0, 0)), (&steps.shown, of(0, n, 0)), (&steps.left, of(0, 0, n))]
        {
            if let Some(node) = node {
                let month = Window::Month(month_of(day));
                self.add(UseKey { month, node: node.clone(), channel }, uses);
            }
        }
    }

    pub fn add(&mut self, key: UseKey, uses: Use) {
        *self.0.entry(key).or_default() += uses;
    }

    /// Those that are not zero, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&UseKey, Use)> {
        self.0.iter().map(|(key, uses)| (key, *uses)).filter(|(_, uses)| !uses.is_none())
    }

    /// Keys for which two differ, with both numbers.
    pub fn difference(&self, other: &Self) -> Vec<(UseKey, Use, Use)> {
        let mut all: BTreeMap<&UseKey, (Use, Use)> =
            self.iter().map(|(key, uses)| (key, (uses, Use::default()))).collect();
        for (key, uses) in other.iter() {
            all.entry(key).or_default().1 = uses;
        }
        all.into_iter()
            .filter(|(_, (one, two))| one != two)
            .map(|(key, (one, two))| (key.clone(), one, two))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::Timestamp,
        indicators::{Channel, rules::tests::rules},
    };

    fn event(at: &str, kind: &str, attrs: &str) -> Event {
        let at = Timestamp::from_iso(at).unwrap();
        let (kind, traits, steps) = Event::parts_of(kind, attrs);
        Event {
            seq: 1,
            id: "e".into(),
            at,
            recorded: at,
            is_bot: true,
            alias: Some(1),
            channel: Some(Channel::Telegram),
            kind,
            code: None,
            traits,
            steps,
        }
    }

    #[test]
    fn a_page_is_viewed_shown_and_left() {
        let mut uses = Uses::default();
        for (at, kind, attrs) in [
            ("2026-03-31T18:00:00Z", "contact", r#"{"node":"menu"}"#),
            ("2026-03-31T18:30:00Z", "contact", r#"{"from":"menu","node":"fee"}"#),
            ("2026-03-31T18:30:00Z", "content_view", r#"{"k":"how","node":"fee"}"#),
            // In the programme's own zone this is April.
            ("2026-03-31T19:30:00Z", "contact", r#"{"from":"fee","node":"menu"}"#),
            ("2025-03-31T19:30:00Z", "contact", r#"{"node":"menu"}"#),
            ("2026-03-31T18:30:00Z", "question", r#"{"node":"menu"}"#),
        ] {
            uses.add_event(&event(at, kind, attrs), &rules(), 1);
        }
        let found: Vec<String> = uses
            .iter()
            .map(|(key, of)| {
                format!("{} {} {} {}/{}/{}", key.month, key.node, key.channel, of.views, of.shown, of.went_on)
            })
            .collect();
        assert_eq!(
            found,
            [
                "2026-03 fee tg 1/1/0",
                "2026-03 menu tg 0/1/1",
                "2026-04 fee tg 0/0/1",
                "2026-04 menu tg 0/1/0"
            ]
        );
        let mut other = uses.clone();
        let gone = event("2026-03-31T18:00:00Z", "contact", r#"{"node":"menu"}"#);
        other.add_event(&gone, &rules(), -1);
        let differ = uses.difference(&other);
        assert_eq!((differ.len(), differ[0].1.shown, differ[0].2.shown), (1, 1, 0));
        assert_eq!(Use { views: 0, shown: 3, went_on: 1 }.dropped(), 2);
        assert_eq!(Use { views: 0, shown: 1, went_on: 2 }.dropped(), 0);
    }
}
