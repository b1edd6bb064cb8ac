//! Questions for the programme's counts (sex and age group, indicators §1.7): asked by buttons, one at a time, after the
//! answer that the person came for, skippable, at most once a month.
//!
//! They stand in place of the main menu when somebody goes there from an answer, so they cost no message of their own
//! and stand in nobody's way: any word or button that is no answer goes on as if nothing had been asked.

use super::{Note, Pending, STEPS_MAX, Say, Screen, walk::Walk};
use crate::{
    content::{Ask, Kind, Node},
    domain::{NodeId, Timestamp},
};

const HOUR_MS: i64 = 3_600_000;

/// A month is at least this long, so nobody is asked twice in one.
pub const LATER_APART_MS: i64 = 31 * 24 * HOUR_MS;

/// An answer read longer ago belongs to an earlier visit: whoever comes back then comes with another question.
pub const LATER_FRESH_MS: i64 = 12 * HOUR_MS;

/// So long after danger was the matter nobody is asked.
pub const LATER_QUIET_MS: i64 = 24 * HOUR_MS;

impl Walk<'_> {
    /// The main menu because the person asked for it; now and then a question for the counts in its place.
    pub(super) fn home_or_later(&mut self) -> Say {
        match self.later() {
            Some(ask) => self.ask_later(ask, None),
            None => self.home_plain(),
        }
    }

    /// The question that may be put now.
    pub(super) fn later(&self) -> Option<NodeId> {
        let state = &self.state;
        let within = |at: Option<Timestamp>, ms: i64| at.is_some_and(|at| self.now.ms_since(at) < ms);
        let is_time = within(state.answered, LATER_FRESH_MS)
            && !within(state.asked_later, LATER_APART_MS)
            && !within(state.troubled, LATER_QUIET_MS);
        // The notice covers what they tell; what they must be asked for their own sake comes first.
        let is_agreed = state.locale.is_some() && state.consent.is_some() && !state.opted_out && !state.owed;
        // Nor when a conversation with a consultant is open, in front, or just over.
        let is_alone =
            state.case.as_ref().is_none_or(|case| !case.open && self.now.ms_since(case.at) >= LATER_QUIET_MS);
        let is_free = is_alone
            && state.handoff.is_none()
            && state.pending.is_none()
            && !self.is_talking()
            && !state.alarmed;
        (is_time && is_agreed && is_free).then(|| self.unanswered_later()).flatten()
    }

    /// Puts the first question. `resume`: where the menu after it offers to go on.
    pub(super) fn ask_later(&mut self, ask: NodeId, resume: Option<NodeId>) -> Say {
        self.state.answered = None;
        self.state.asked_later = Some(self.now);
        self.state.trail.clear();
        self.leave_flow();
        self.state.resume = resume;
        self.put_later(ask)
    }

    /// Puts a question where the main menu would stand. Nobody stands on it: "back" never leads to it.
    fn put_later(&mut self, ask: NodeId) -> Say {
        self.state.node = None;
        self.state.pending = Some(Pending { ask: ask.clone(), tool: None, tries: 0, later: true });
        self.say(Screen::Node(ask), 0)
    }

    /// After such a question: an answer leads to the next one, a skip to the menu until next month.
    pub(super) fn after_later(&mut self, answered: bool) -> Say {
        match self.unanswered_later().filter(|_| answered) {
            Some(ask) => self.put_later(ask),
            None => {
                if answered {
                    self.note(Note::SAVED);
                }
                self.state.node = self.state.resume.take();
                self.home()
            }
        }
    }

    /// The first of them that has no answer.
    fn unanswered_later(&self) -> Option<NodeId> {
        let mut id = self.release.settings.later.as_ref();
        for _ in 0..STEPS_MAX {
            let node = self.release.node(id?.as_str())?;
            let Kind::Ask(Ask { var, next, .. }) = &node.kind else { return None };
            if self.state.profile.get(var).is_none() {
                return Some(node.id.clone());
            }
            id = next.as_ref();
        }
        None
    }

    /// Whether a question belongs to them, whoever opened it.
    pub(super) fn is_for_counts(&self, ask: &NodeId) -> bool {
        let mut id = self.release.settings.later.as_ref();
        for _ in 0..STEPS_MAX {
            let Some(node) = id.and_then(|id| self.release.node(id.as_str())) else { return false };
            if node.id == *ask {
                return true;
            }
            let Kind::Ask(Ask { next, .. }) = &node.kind else { return false };
            id = next.as_ref();
        }
        false
    }

    /// Whether one of them stands in front in place of the menu.
    pub(super) fn is_asked_later(&self) -> bool {
        self.state.pending.as_ref().is_some_and(|pending| pending.later)
    }

    /// An answer was shown: soon there may be a question. Pages of danger forbid it for a while.
    pub(super) fn note_answer(&mut self, node: &Node) {
        let settings = &self.release.settings;
        let is_danger =
            node.id == settings.emergency || node.topics.iter().any(|topic| settings.risk.contains(topic));
        if is_danger {
            self.note_trouble();
        } else if node.knowledge.is_some_and(crate::content::Knowledge::counts) {
            self.state.answered = Some(self.now);
        }
    }

    /// Danger is the matter.
    pub(super) fn note_trouble(&mut self) {
        self.state.answered = None;
        self.state.troubled = Some(self.now);
    }

    /// They ask for a person: what was shown before was not what they came for.
    pub(super) const fn note_people(&mut self) {
        self.state.answered = None;
    }
}
