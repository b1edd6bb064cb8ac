//! One input, one turn.

use crate::{
    content::{Answer, Ask, Kind, Release, Token},
    domain::{DeskView, Locale, NodeId, Timestamp},
    lang::Command,
};

use super::{
    Consent, DOUBLE_TAP_MS, Drift, Event, Handoff, Input, NOTICE_VERSION, Note, Pending, QUESTION, Say,
    Screen, State, System, Turn, Value, walk::Walk,
};

/// [`converse`] where no consultants work.
pub fn advance(release: &Release, state: State, input: &Input<'_>, now: Timestamp) -> Turn {
    converse(release, state, input, &DeskView::default(), now)
}

/// Takes one input and gives the next state, what to say and what happened. `desk`: how the consultants' desk stands.
pub fn converse(release: &Release, state: State, input: &Input<'_>, desk: &DeskView, now: Timestamp) -> Turn {
    let mut walk = Walk {
        release,
        state,
        events: Vec::with_capacity(3),
        desk,
        now,
        notes: Vec::new(),
        lessons: Vec::new(),
        about: None,
    };
    // What stood under the emergency numbers was no answer to a question, and a call for help teaches nobody.
    let offered = if walk.state.alarmed { Vec::new() } else { walk.state.found.clone() };
    let alone = walk.state.alone.take();
    let is_asked = alone.is_some() || !offered.is_empty();
    let asked = walk.state.private.get(QUESTION).filter(|_| is_asked).cloned();
    let say = walk.take(input);
    match alone {
        Some(alone) => walk.learn_from_unhelpful(alone, asked),
        None => walk.learn_from_ignored(&offered, asked),
    }
    Turn { state: walk.state, say, events: walk.events, lessons: walk.lessons }
}

impl Walk<'_> {
    fn take(&mut self, input: &Input<'_>) -> Option<Say> {
        match input {
            Input::Silent => None,
            Input::Edited(text) => self.edited(text),
            Input::OptOut => {
                if !std::mem::replace(&mut self.state.opted_out, true) {
                    self.events.push(Event::OptedOut);
                }
                None
            }
            Input::Blocked => {
                self.state.blocked = true;
                self.events.push(Event::Blocked);
                None
            }
            Input::Unblocked => {
                self.state.blocked = false;
                self.events.push(Event::Unblocked);
                None
            }
            _ => {
                self.state.blocked = false;
                self.events.push(Event::Contacted);
                if self.state.locale.is_some() && self.state.consent.is_none() && self.state.noticed {
                    self.consent();
                }
                match input {
                    Input::Start => Some(self.start()),
                    Input::Command(word) => Some(match Command::of_slash(word) {
                        Some(command) => self.command(command),
                        None => self.not_understood(),
                    }),
                    Input::Tap(token) => self.tap(token),
                    Input::Text(text) => self.text(text),
                    Input::Sticker { readable } => self.sticker(*readable),
                    Input::Unread => Some(self.unread()),
                    _ => self.media(),
                }
            }
        }
    }

    fn start(&mut self) -> Say {
        if self.state.locale.is_none() {
            self.suggest_by_hint();
            return self.system(System::Welcome);
        }
        self.state.unanswered = 0;
        self.opt_in();
        self.home()
    }

    /// A person who writes after "stop" wants to hear from us again.
    pub(super) fn opt_in(&mut self) {
        if std::mem::take(&mut self.state.opted_out) {
            self.events.push(Event::OptedIn);
            self.note(Note::OPTED_IN);
        }
    }

    fn media(&mut self) -> Option<Say> {
        if self.state.locale.is_none() {
            return Some(self.system(System::Welcome));
        }
        if self.is_for_consultants() {
            return self.pass_on(false);
        }
        if self.is_offered() {
            // Who sends a photo or a place after the numbers means people; this one nobody keeps.
            self.note_in_turn(&Note::MEDIA);
            return Some(self.pressed());
        }
        self.note_in_turn(&Note::MEDIA);
        Some(self.again())
    }

    /// A gesture: it asks nothing.
    fn sticker(&mut self, readable: bool) -> Option<Say> {
        if self.state.locale.is_none() || self.is_for_consultants() || self.state.pending.is_some() {
            return if readable { self.media() } else { Some(self.unread()) };
        }
        Some(self.courtesy())
    }

    /// Answers thanks and "I see".
    pub(super) fn courtesy(&mut self) -> Say {
        self.state.misses = 0;
        self.system(System::Courtesy)
    }

    /// Nobody can read it: that is said, to those who talk to consultants too.
    fn unread(&mut self) -> Say {
        if self.state.locale.is_none() {
            return self.system(System::Welcome);
        }
        if self.is_for_consultants() {
            let handoff = self.state.handoff;
            let mut say = self.system(System::CaseRefused);
            // Whatever was asked is still asked.
            self.state.handoff = handoff;
            say.vars.insert("reason".into(), Value::Id("unread".into()));
            return say;
        }
        self.note_in_turn(&Note::MEDIA);
        self.again()
    }

    pub(super) fn not_understood(&mut self) -> Say {
        if self.state.locale.is_none() {
            self.note_in_turn(&Note::WELCOME_AGAIN);
            return self.system(System::Welcome);
        }
        self.note_in_turn(&Note::NOT_UNDERSTOOD);
        self.again()
    }

    // Taps

    fn tap(&mut self, text: &str) -> Option<Say> {
        let Some(token) = Token::parse(text) else {
            // A button of a release or program that we do not know: the menu is better than silence.
            if self.state.locale.is_none() {
                return Some(self.system(System::Welcome));
            }
            self.note(Note::OLD_BUTTON);
            return Some(self.home_plain());
        };
        let twice = self.state.last_tap.as_ref().is_some_and(|(last, at)| {
            **last == *text && self.now.ms_since(*at) < DOUBLE_TAP_MS && self.is_here(&token)
        });
        if twice {
            return None;
        }
        self.state.last_tap = Some((text.into(), self.now));
        self.state.misses = 0;
        self.state.unanswered = 0;
        if self.state.locale.is_none()
            && !matches!(token, Token::Locale(_) | Token::Delete(_) | Token::Person)
        {
            return Some(self.before_language(&token));
        }
        Some(self.follow(&token))
    }

    /// A choice of help that came before the language. What asks something itself waits for the language.
    pub(super) fn before_language(&mut self, token: &Token) -> Say {
        let is_quiet = |kind: &Kind| matches!(kind, Kind::Page | Kind::Menu | Kind::Places(_));
        if self.state.node.is_some() {
            match token {
                Token::Node(id) | Token::Page(id, _) if !self.release.is_home(id.as_str()) => {
                    if let Some(node) = self.release.living(id.as_str()) {
                        let id = node.id.clone();
                        match token {
                            Token::Page(_, page) if is_quiet(&node.kind) => return self.show(&id, *page),
                            _ if is_quiet(&node.kind) => return self.go(&id),
                            _ => self.state.node = Some(id),
                        }
                    }
                }
                Token::Back => {
                    let emergency = self.release.settings.emergency.clone();
                    let target = self.state.trail.pop().unwrap_or(emergency);
                    return self.show(&target, 0);
                }
                _ => {}
            }
        }
        self.system(System::Welcome)
    }

    /// Whether following the token would show what is shown already.
    fn is_here(&self, token: &Token) -> bool {
        let here = self.state.node.as_ref();
        match token {
            Token::Node(id) => here == Some(id) || self.state.aside.as_ref() == Some(id),
            Token::Home => {
                here.is_some_and(|here| self.release.is_home(here.as_str())) || self.is_asked_later()
            }
            Token::Person if self.desk.staffed => true,
            Token::Person => here == Some(&self.release.settings.help),
            Token::Answer(id, _) => self.state.pending.as_ref().is_none_or(|pending| pending.ask != *id),
            Token::Page(_, page) => self.state.page == *page,
            Token::Locale(locale) => self.state.locale == Some(*locale),
            Token::Language
            | Token::Stop
            | Token::Here
            | Token::MyData
            | Token::Delete(_)
            | Token::Case(_) => true,
            Token::Back => false,
        }
    }

    pub(super) fn follow(&mut self, token: &Token) -> Say {
        match token {
            Token::Node(id) if self.release.is_home(id.as_str()) => self.home_or_later(),
            Token::Node(id) if self.is_beside() => self.beside(id, 0),
            Token::Node(id) => match self.release.living(id.as_str()) {
                Some(node) => {
                    let heir = node.id.clone();
                    if heir != *id {
                        self.note(Note::MOVED);
                    }
                    self.go(&heir)
                }
                None => {
                    self.note(Note::MOVED);
                    self.home_plain()
                }
            },
            Token::Answer(id, value) => self.answer_tapped(id, value),
            Token::Page(id, page) => match self.release.living(id.as_str()) {
                Some(node) if matches!(node.kind, Kind::Ask(_)) => {
                    let id = node.id.clone();
                    self.leave_found();
                    self.state.page = *page;
                    if self.state.pending.as_ref().is_none_or(|pending| pending.ask != id) {
                        self.state.pending = Some(Pending {
                            ask: id.clone(),
                            tool: self.tool_of(&id),
                            tries: 0,
                            later: false,
                        });
                    }
                    self.say(Screen::Node(id), *page)
                }
                Some(node) => {
                    let id = node.id.clone();
                    if self.is_beside() { self.beside(&id, *page) } else { self.show(&id, *page) }
                }
                None => self.home_plain(),
            },
            Token::Home => self.home_or_later(),
            Token::Back => self.back(),
            Token::Language => self.system(System::Language),
            Token::Person => self.person(),
            Token::Stop => self.unsubscribe(),
            Token::MyData => self.system(System::MyData),
            // An open question whether to delete everything is asked once more, never answered by this.
            Token::Here if self.state.deleting => self.system(System::DeleteAsk),
            Token::Here => self.again(),
            Token::Locale(locale) => self.choose_locale(*locale),
            Token::Case(tap) => self.case_tapped(*tap),
            Token::Delete(yes) => {
                // The question must be open: an old "yes" button must not erase anything.
                if *yes && !self.state.deleting {
                    return self.system(System::DeleteAsk);
                }
                self.delete(*yes)
            }
        }
    }

    pub(super) fn choose_locale(&mut self, locale: Locale) -> Say {
        let first = self.state.locale.is_none();
        self.state.locale = Some(locale);
        self.state.misses = 0;
        self.events.push(Event::LocaleChosen(locale));
        if self.state.noticed || self.state.consent.is_some() {
            self.consent();
        } else {
            // Help came first: they read the notice now, and going on accepts it.
            self.state.noticed = true;
            self.note(Note::NOTICE);
        }
        self.state.suggested = None;
        self.state.drift = Drift { told: std::mem::take(&mut self.state.drift.told), ..Drift::default() };
        let is_waited_for = std::mem::take(&mut self.state.waiting);
        if self.state.handoff == Some(Handoff::Wanted) {
            self.state.handoff = None;
            self.state.owed |= first;
            return self.ask_consultant(false);
        }
        if first && self.state.node.is_none() {
            // Who came with a question gets its answer first; the profile is asked on the way home.
            if let Some(question) = self.state.private.get(QUESTION).cloned() {
                self.state.owed = true;
                let say = self.question(&question);
                return self.warned_by(&question, say);
            }
            return self.begin();
        }
        if let (true, Some(question)) = (is_waited_for, self.state.private.get(QUESTION).cloned()) {
            let say = self.found_for(&question);
            return self.warned_by(&question, say);
        }
        self.again()
    }

    /// The notice of today was read, and accepted.
    fn consent(&mut self) {
        if self.state.consent.is_none_or(|consent| consent.version < NOTICE_VERSION) {
            self.state.consent = Some(Consent { version: NOTICE_VERSION, at: self.now });
            self.events.push(Event::Consented(NOTICE_VERSION));
        }
    }

    fn answer_tapped(&mut self, id: &NodeId, value: &str) -> Say {
        let Some(node) = self.release.living(id.as_str()) else {
            self.note(Note::MOVED);
            return self.home_plain();
        };
        match &node.kind {
            Kind::Feedback => {
                let helped = value == "yes";
                self.events.push(Event::Rated { node: node.id.clone(), helped });
                let [yes, no] = Note::THANKS;
                self.note(if helped { yes } else { no });
                if helped {
                    return self.home_or_later();
                }
                let help = self.release.settings.help.clone();
                self.go(&help)
            }
            Kind::Ask(ask) => {
                let ask = ask.clone();
                let pending =
                    self.state.pending.clone().filter(|pending| pending.ask == node.id).unwrap_or_else(
                        || Pending {
                            ask: node.id.clone(),
                            tool: self.tool_of(&node.id),
                            tries: 0,
                            later: false,
                        },
                    );
                if value == "skip" && ask.optional {
                    return self.skip(ask, &pending);
                }
                let known =
                    matches!(&ask.answer, Answer::OneOf(options) if options.iter().any(|o| &**o == value));
                if !known {
                    // An option that a later release took away.
                    self.note(Note::OLD_BUTTON);
                    return self.ask(&pending.ask.clone(), pending.tool);
                }
                self.answered(&ask, &pending, value)
            }
            _ => {
                let id = node.id.clone();
                self.go(&id)
            }
        }
    }

    /// The tool for whose sake a question would be asked: the one in front of the person, else the first that uses it.
    fn tool_of(&self, ask: &NodeId) -> Option<NodeId> {
        let uses = |id: &NodeId| {
            matches!(self.release.node(id.as_str()).map(|node| &node.kind),
                Some(Kind::Tool(tool)) if tool.inputs.iter().any(|(_, input)| input == ask))
        };
        let stands_alone = matches!(
            self.release.node(ask.as_str()).map(|node| &node.kind),
            Some(Kind::Ask(Ask { next: Some(_), .. }))
        );
        if stands_alone {
            return None;
        }
        self.state
            .node
            .clone()
            .filter(uses)
            .or_else(|| self.release.order.iter().find(|id| uses(id)).cloned())
    }

    pub(super) fn answered(&mut self, ask: &Ask, pending: &Pending, value: &str) -> Say {
        self.state.pending = None;
        self.leave_found();
        if ask.profile {
            self.state.profile.set(&ask.var, value);
            self.state.skipped.retain(|var| *var != ask.var);
            self.events.push(Event::Profiled { key: ask.var.clone(), value: Some(value.into()) });
        } else if ask.answer == Answer::Text {
            self.state.private.insert(ask.var.clone(), value.into());
        } else {
            self.state.answers.insert(ask.var.clone(), value.into());
        }
        self.after_question(ask, pending)
    }

    pub(super) fn skip(&mut self, ask: Ask, pending: &Pending) -> Say {
        self.state.pending = None;
        self.leave_found();
        if ask.profile {
            if self.state.profile.get(&ask.var).is_some() {
                self.state.profile.remove(&ask.var);
                self.events.push(Event::Profiled { key: ask.var.clone(), value: None });
            }
            if self.is_for_counts(&pending.ask) {
                // Not asked again for a month.
                self.state.asked_later = Some(self.now);
            } else if !self.state.skipped.contains(&ask.var) {
                self.state.skipped.push(ask.var.clone());
            }
        }
        if pending.tool.is_some() {
            // Answered with nothing: the tool does without, and does not ask again.
            self.state.answers.insert(ask.var.clone(), "".into());
        }
        if pending.later {
            return self.after_later(false);
        }
        self.after_question(&ask, pending)
    }

    fn after_question(&mut self, ask: &Ask, pending: &Pending) -> Say {
        if pending.later {
            return self.after_later(true);
        }
        if let Some(tool) = &pending.tool {
            return self.show(&tool.clone(), 0);
        }
        let Some(next) = ask.next.clone() else { return self.home_plain() };
        if !ask.profile {
            // An answer of this flow leads on; where the way goes up again, the trail is cut as by a tap.
            if let Some(place) = self.state.trail.iter().position(|past| *past == next) {
                self.state.trail.truncate(place);
            }
            return self.next_question(&next);
        }
        // A question of the beginning leads on; an answer that was changed later goes back where it was changed.
        match self.state.trail.pop() {
            Some(origin) => {
                self.note(Note::SAVED);
                self.show(&origin, 0)
            }
            // An old button: what they are asked for the counts leads on only when it is its time.
            None if self.is_for_counts(&pending.ask) => {
                self.note(Note::SAVED);
                self.home_plain()
            }
            None => self.next_question(&next),
        }
    }
}

/// The screen in front of a person, to be shown once more (a page that was reloaded). Changes nothing.
pub fn standing(release: &Release, state: State, now: Timestamp) -> Say {
    standing_with(release, state, &DeskView::default(), now)
}

/// The same where consultants may work.
pub fn standing_with(release: &Release, state: State, desk: &DeskView, now: Timestamp) -> Say {
    let mut walk = Walk {
        release,
        state,
        events: Vec::new(),
        desk,
        now,
        notes: Vec::new(),
        lessons: Vec::new(),
        about: None,
    };
    walk.again()
}
