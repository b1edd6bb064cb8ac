//! Going to a node: conditions, answered questions, tools.

use crate::{
    content::{Ask, Kind, Node, Release, ToolUse},
    domain::{CITY, Day, DeskView, NodeId, Timestamp},
};

use super::{
    Event, HOME_OFFSET_MINUTES, Lesson, Note, Pending, QUESTION, STEPS_MAX, Say, Screen, State, System,
    TRAIL_MAX, tool,
};

/// One turn in the making.
pub(super) struct Walk<'a> {
    pub release: &'a Release,
    pub state: State,
    pub events: Vec<Event>,
    pub desk: &'a DeskView,
    pub now: Timestamp,
    pub notes: Vec<Note>,
    pub lessons: Vec<Lesson>,
    /// The words with which a case opens, for its topic.
    pub about: Option<Box<str>>,
}

impl Walk<'_> {
    pub fn today(&self) -> Day {
        self.now.day(HOME_OFFSET_MINUTES)
    }

    pub fn note(&mut self, id: &'static str) {
        self.notes.push(id.into());
    }

    /// The next wording of a list: never the same one twice in a row.
    pub fn note_in_turn(&mut self, wordings: &[&'static str]) {
        let place = usize::from(self.state.misses) % wordings.len().max(1);
        if let Some(id) = wordings.get(place) {
            self.note(id);
        }
        self.state.misses = self.state.misses.wrapping_add(1);
    }

    /// Moves to a node because the person asked for it: the trail grows, the last flow's answers go.
    pub fn go(&mut self, id: &NodeId) -> Say {
        if let Some(here) = self.state.node.take()
            && here != *id
        {
            if let Some(place) = self.state.trail.iter().position(|past| past == id) {
                // Going up again along the own trail shortens it.
                self.state.trail.truncate(place);
            } else {
                self.state.trail.push(here);
                if self.state.trail.len() > TRAIL_MAX {
                    self.state.trail.remove(0);
                }
            }
        }
        self.leave_flow();
        self.show(id, 0)
    }

    pub fn home(&mut self) -> Say {
        if std::mem::take(&mut self.state.owed) {
            self.leave_flow();
            return self.begin();
        }
        let resume = self.resting_place();
        self.state.trail.clear();
        self.leave_flow();
        let home = self.release.settings.home.clone();
        self.state.node = Some(home.clone());
        self.state.resume = resume;
        self.show(&home, 0)
    }

    /// Where the person stands, if it is worth coming back to.
    pub(super) fn resting_place(&self) -> Option<NodeId> {
        self.state.node.clone().filter(|here| {
            !self.release.is_home(here.as_str())
                && self.release.node(here.as_str()).is_some_and(is_resting_place)
        })
    }

    pub fn back(&mut self) -> Say {
        if self.state.aside.take().is_some() {
            self.state.page = 0;
            return self.again();
        }
        if !self.state.found.is_empty() && !self.state.alarmed {
            // What was found stands over the screen where they asked.
            self.leave_found();
            return self.again();
        }
        let target = self.state.trail.pop().or_else(|| {
            let here = self.state.node.as_ref()?;
            self.release.parent(here.as_str()).cloned()
        });
        match target {
            Some(target) if !self.release.is_home(target.as_str()) => {
                self.leave_flow();
                self.show(&target, 0)
            }
            _ => self.home_plain(),
        }
    }

    /// Home without the offer to go on where one stood.
    pub fn home_plain(&mut self) -> Say {
        self.state.node = None;
        self.home()
    }

    /// Forgets what belongs to the flow that is left.
    pub(super) fn leave_flow(&mut self) {
        self.state.pending = None;
        self.state.answers.clear();
        self.state.private.retain(|key, _| **key == *QUESTION);
        self.leave_found();
        self.state.page = 0;
        self.state.resume = None;
    }

    /// What was found for a question is not in front any more.
    pub fn leave_found(&mut self) {
        self.state.found.clear();
        self.state.alarmed = false;
        self.state.warned = false;
        self.state.aside = None;
    }

    /// Shows a node as it is for this person; follows `otherwise`, heirs and questions already answered.
    pub fn show(&mut self, id: &NodeId, page: u8) -> Say {
        self.leave_found();
        // Of the main menus each person has one: after a changed answer it may be another.
        let is_home = self.release.is_home(id.as_str());
        let mut id = if is_home { self.release.settings.home.clone() } else { id.clone() };
        for _ in 0..STEPS_MAX {
            let Some(node) = self.release.living(id.as_str()) else { break };
            if node.id != id {
                self.note(Note::MOVED);
            }
            if !node.passes(&self.state.profile)
                && let Some(otherwise) = &node.otherwise
            {
                id = otherwise.clone();
                continue;
            }
            match &node.kind {
                Kind::Tool(tool) => match self.missing_input(tool) {
                    Some(ask) => {
                        self.state.node = Some(node.id.clone());
                        return self.ask(&ask, Some(node.id.clone()));
                    }
                    None => return self.run_tool(node, tool),
                },
                Kind::Ask(_) => return self.ask(&node.id.clone(), None),
                Kind::Handoff => {
                    // Nowhere to stand: whoever says no is where they were.
                    if self.state.node.is_none() {
                        self.state.node = self.state.trail.pop();
                    }
                    return self.ask_consultant(false);
                }
                _ => {
                    self.state.node = Some(node.id.clone());
                    self.state.page = page;
                    self.viewed(node);
                    return self.say(Screen::Node(node.id.clone()), page);
                }
            }
        }
        self.events.push(Event::Stuck("steps"));
        // The last main menu has no condition and leads nowhere by itself: the check sees to it.
        let home = self.release.last_home().clone();
        self.state.node = Some(home.clone());
        self.say(Screen::Node(home), 0)
    }

    /// Whether something else than the open ask is in front.
    pub fn is_beside(&self) -> bool {
        self.state.pending.is_some() && (self.state.aside.is_some() || !self.state.found.is_empty())
    }

    /// Shows a page beside the open ask, which waits. A tool or a list that asks for something itself takes its place.
    pub fn beside(&mut self, id: &NodeId, page: u8) -> Say {
        let is_quiet = |node: &&Node| {
            matches!(node.kind, Kind::Page | Kind::Menu | Kind::Places(_)) && node.passes(&self.state.profile)
        };
        let Some(node) = self.release.living(id.as_str()).filter(is_quiet) else {
            // What they had to be asked at the beginning is asked on the way home.
            self.state.owed |= self.state.trail.is_empty()
                && self.state.pending.as_ref().is_some_and(|pending| pending.tool.is_none());
            return self.go(id);
        };
        self.leave_found();
        self.state.aside = Some(node.id.clone());
        self.state.page = page;
        self.viewed(node);
        self.note(Note::ASK_WAITS);
        self.say(Screen::Node(node.id.clone()), page)
    }

    fn viewed(&mut self, node: &Node) {
        self.note_answer(node);
        if let Some(knowledge) = node.knowledge {
            self.events.push(Event::Viewed { node: node.id.clone(), knowledge });
        }
    }

    /// Opens a question.
    pub fn ask(&mut self, id: &NodeId, tool: Option<NodeId>) -> Say {
        self.state.pending = Some(Pending { ask: id.clone(), tool: tool.clone(), tries: 0, later: false });
        if tool.is_none() {
            self.state.node = Some(id.clone());
        }
        self.leave_found();
        self.state.page = 0;
        self.say(Screen::Node(id.clone()), 0)
    }

    /// The next question of a tool, in the tool's order.
    fn missing_input(&self, use_: &ToolUse) -> Option<NodeId> {
        let needs = tool::find(&use_.tool)?.inputs();
        let mut asks =
            needs.iter().filter_map(|need| use_.inputs.iter().find(|(name, _)| **name == *need.name));
        asks.find_map(|(_, ask_id)| {
            let Kind::Ask(ask) = &self.release.node(ask_id.as_str())?.kind else { return None };
            self.answer(ask).is_none().then(|| ask_id.clone())
        })
    }

    /// The answer to a question; empty: it was skipped.
    fn answer(&self, ask: &Ask) -> Option<&str> {
        if ask.profile
            && let Some(value) = self.state.profile.get(&ask.var)
        {
            return Some(value);
        }
        self.state.answers.get(&ask.var).map(AsRef::as_ref)
    }

    fn run_tool(&mut self, node: &Node, use_: &ToolUse) -> Say {
        self.state.node = Some(node.id.clone());
        self.state.pending = None;
        let Some(tool) = tool::find(&use_.tool) else {
            self.events.push(Event::Stuck("tool"));
            return self.home_plain();
        };
        let mut inputs = tool::Inputs::new(&self.release.figures, self.today());
        for (name, ask_id) in &use_.inputs {
            if let Some(Kind::Ask(ask)) = self.release.node(ask_id.as_str()).map(|node| &node.kind)
                && let Some(value) = self.answer(ask).filter(|value| !value.is_empty())
            {
                inputs.set(name, value, ask_id);
            }
        }
        let outcome = tool.run(&inputs);
        self.viewed(node);
        let mut say = self.say(Screen::Outcome(node.id.clone(), outcome.name.into()), 0);
        say.vars = outcome.vars;
        say
    }

    /// A message of this person's language and profile.
    pub fn say(&mut self, screen: Screen, page: u8) -> Say {
        self.note_case(&screen);
        // Before a language was chosen, the one that they seem to write.
        let mut say = Say::new(screen, self.state.locale.or(self.state.suggested));
        self.mark_case(&mut say);
        say.unchosen = self.state.locale.is_none() && say.node().is_some();
        self.state.noticed |= say.screen == Screen::System(System::Welcome);
        say.page = page;
        say.notes = std::mem::take(&mut self.notes);
        say.suggest = self.state.suggested.filter(|_| {
            say.unchosen || matches!(say.screen, Screen::System(System::Welcome | System::Language))
        });
        say.warn = self.state.warned;
        say.profile = self.state.profile.clone();
        if let Screen::Node(id) = &say.screen
            && let Some(Kind::Places(query)) = self.release.node(id.as_str()).map(|node| &node.kind)
            && let Some(city) = self.state.answers.get(CITY).filter(|_| query.is_by(CITY))
        {
            say.profile.set(CITY, city);
        }
        if say.node().is_some_and(|id| self.release.is_home(id.as_str())) {
            say.resume.clone_from(&self.state.resume);
        } else if self.is_beside()
            && (say.screen == Screen::System(System::Found)
                || say.node().is_some_and(|id| self.state.aside.as_ref() == Some(id)))
        {
            say.resume = self.state.pending.as_ref().map(|pending| pending.ask.clone());
        }
        // What is asked is what is in front: an answer to an earlier question must not delete anything.
        self.state.deleting = matches!(say.screen, Screen::System(System::DeleteAsk));
        self.state.stopping = matches!(say.screen, Screen::System(System::StopAsk));
        self.state.choosing = matches!(say.screen, Screen::System(System::Language));
        self.state.waiting &= self.state.choosing;
        let here = self.state.node.as_ref();
        say.back = self.state.aside.is_some()
            || !self.state.trail.is_empty()
            || (!say.unchosen && here.is_some_and(|here| self.release.parent(here.as_str()).is_some()));
        say
    }

    pub fn system(&mut self, system: System) -> Say {
        self.say(Screen::System(system), 0)
    }

    /// The screen in front of the person as it was said last, for its choices alone: nothing changes.
    pub fn in_front(&mut self) -> Say {
        let locale = self.state.locale;
        match (self.state.deleting, self.state.choosing) {
            (true, _) => Say::new(Screen::System(System::DeleteAsk), locale),
            (_, true) => Say::new(Screen::System(System::Language), locale),
            _ if self.state.stopping => Say::new(Screen::System(System::StopAsk), locale),
            _ => {
                let (state, notes) = (self.state.clone(), std::mem::take(&mut self.notes));
                let events = self.events.len();
                let say = self.again();
                (self.state, self.notes) = (state, notes);
                self.events.truncate(events);
                say
            }
        }
    }

    /// The screen in front of the person, once more.
    pub fn again(&mut self) -> Say {
        // Help that came before the language stays in front.
        if self.state.locale.is_none() && self.state.node.is_none() {
            return self.system(System::Welcome);
        }
        if let Some(say) = self.case_again() {
            return say;
        }
        if let Some(aside) = self.state.aside.clone()
            && self.release.node(aside.as_str()).is_some()
        {
            let page = self.state.page;
            return self.say(Screen::Node(aside), page);
        }
        if !self.state.found.is_empty() {
            return self.found_again();
        }
        if let Some(pending) = self.state.pending.clone()
            && self.release.node(pending.ask.as_str()).is_some()
        {
            let page = self.state.page;
            return self.say(Screen::Node(pending.ask), page);
        }
        let page = self.state.page;
        match self.state.node.clone() {
            Some(node) => {
                // Seeing a page again because a photo came is not a second view.
                let (events, answered) = (self.events.len(), self.state.answered);
                let warned = self.state.warned;
                let mut say = self.show(&node, page);
                self.state.answered = answered;
                (self.state.warned, say.warn) = (warned, warned);
                let mut place = 0;
                self.events.retain(|event| {
                    place += 1;
                    place <= events || !matches!(event, Event::Viewed { .. })
                });
                say
            }
            None => self.home_plain(),
        }
    }

    /// After language and notice: the profile questions that are still open, then home.
    pub fn begin(&mut self) -> Say {
        match self.release.settings.first.clone() {
            Some(first) => self.next_question(&first),
            None => self.home_plain(),
        }
    }

    /// `id`, or what follows it when it is a question that has its answer.
    pub fn next_question(&mut self, id: &NodeId) -> Say {
        let mut id = id.clone();
        for _ in 0..STEPS_MAX {
            let Some(Kind::Ask(ask)) = self.release.node(id.as_str()).map(|node| &node.kind) else {
                if self.release.is_home(id.as_str()) {
                    return self.home_plain();
                }
                return self.show(&id, 0);
            };
            let answered = self.answer(ask).is_some() || self.state.skipped.contains(&ask.var);
            match (answered, ask.next.clone()) {
                (false, _) => return self.ask(&id, None),
                (true, Some(next)) => id = next,
                (true, None) => return self.home_plain(),
            }
        }
        self.events.push(Event::Stuck("questions"));
        self.home_plain()
    }
}

/// Worth coming back to: not a question, not the end of something.
fn is_resting_place(node: &Node) -> bool {
    matches!(node.kind, Kind::Menu | Kind::Page | Kind::Places(_) | Kind::Tool(_))
}
