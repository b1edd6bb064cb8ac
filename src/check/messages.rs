//! Composes every message as each channel will show it, in each language, for each kind of person, and turns what
//! `compose` found wrong into findings.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::subject::{PROFILE_KEYS, Subject};
use crate::{
    compose::{Button, Composed, Flaw, compose_strict},
    content::{CaseTap, Finding, Kind, Node, Severity, Token},
    domain::{Limits, Locale, Profile},
    engine::{self, CaseMark, Note, Say, Screen, System, tool},
    lang::fold,
};

pub fn check(subject: &Subject<'_>, limits: &[&Limits], out: &mut Vec<Finding>) {
    let mut found = Found { subject, worst: BTreeMap::new() };
    for locale in Locale::ALL {
        for node in subject.release.nodes() {
            node_screens(&mut found, locale, limits, node);
        }
        system_screens(&mut found, locale, limits);
    }
    out.extend(found.worst.into_values().map(|(_, finding)| finding));
}

/// What two notes before a screen, and the warning of an overdue page under it, can add: the engine seldom puts more.
fn notes_length(subject: &Subject<'_>, locale: Locale, limits: &Limits) -> usize {
    let length = |id| {
        let text = subject.release.interface.format(locale, id, None, None);
        text.map_or(0, |text| limits.length(&text) + 2)
    };
    let mut lengths: Vec<usize> = Note::all().map(length).collect();
    lengths.sort_unstable();
    lengths.iter().rev().take(2).sum::<usize>() + length("caution-overdue")
}

fn node_screens(found: &mut Found<'_, '_>, locale: Locale, limits: &[&Limits], node: &Node) {
    let notes: Vec<usize> = limits.iter().map(|limits| notes_length(found.subject, locale, limits)).collect();
    let screens: Vec<(Screen, Option<&'static str>)> = match &node.kind {
        Kind::Tool(tool_use) => {
            let outcomes =
                tool::find(&tool_use.tool).map(crate::engine::tool::Tool::outcomes).unwrap_or_default();
            outcomes
                .iter()
                .map(|name| (Screen::Outcome(node.id.clone(), (*name).into()), Some(*name)))
                .collect()
        }
        _ => vec![(Screen::Node(node.id.clone()), None)],
    };
    for (screen, outcome) in screens {
        let attribute = outcome.map_or_else(|| "text".to_owned(), |outcome| format!("out-{outcome}"));
        for profile in profiles(found.subject, locale, node, &attribute) {
            let mut say = Say::new(screen.clone(), Some(locale));
            say.profile = profile;
            if let (Kind::Tool(tool_use), Some(outcome)) = (&node.kind, outcome) {
                say.vars = tool::find(&tool_use.tool).map(|tool| tool.sample(outcome)).unwrap_or_default();
            }
            for (limits, notes) in limits.iter().zip(&notes) {
                let at = At { locale, limits, id: node.id.as_str(), attribute: Some(&attribute) };
                ways(found, &at, &mut say, *notes);
                if node.id == found.subject.release.settings.emergency {
                    let mut say = offered(&say);
                    ways(found, &at, &mut say, 0);
                }
            }
        }
    }
}

/// The emergency numbers with a consultant beside them, as one in danger sees them.
fn offered(say: &Say) -> Say {
    let mut say = Say { offer: true, vars: engine::case::sample(System::CaseAsk).vars, ..say.clone() };
    say.notes = vec![Note::CASE_TERMS.into()];
    say
}

/// Where a message comes from.
struct At<'a> {
    locale: Locale,
    limits: &'a Limits,
    /// Node, or message of `bot.ftl`.
    id: &'a str,
    attribute: Option<&'a str>,
}

/// A screen with and without a way back, on each of its pages.
fn ways(found: &mut Found<'_, '_>, at: &At<'_>, say: &mut Say, notes: usize) {
    for back in [true, false] {
        (say.back, say.page) = (back, 0);
        let page = engine::choices(found.subject.release, say);
        let few = page.choices.len() + page.system.len() <= at.limits.few_choices;
        // Without "back" there is one choice less: it matters where few choices have shorter labels, or on pages.
        if !back && !few && page.choices.len() <= engine::PER_PAGE {
            continue;
        }
        loop {
            let composed = one(found, at, say, notes);
            let next = composed.choices.last().and_then(|last| Token::parse(&last.token));
            match next {
                Some(Token::Page(_, next)) if next > say.page => say.page = next,
                _ => break,
            }
        }
    }
}

fn one(found: &mut Found<'_, '_>, at: &At<'_>, say: &Say, notes: usize) -> Composed {
    let (composed, flaws) = compose_strict(found.subject.release, say, at.limits, found.subject.today);
    let length = at.limits.length(&composed.text);
    if length <= at.limits.text_max && length + notes > at.limits.text_max {
        found.flaw(at, &Flaw::TextLong { length: length + notes, max: at.limits.text_max });
    }
    for flaw in &flaws {
        found.flaw(at, flaw);
    }
    found.labels(at, &composed);
    if matches!(say.screen, Screen::Node(_) | Screen::Outcome(..))
        && composed.text.lines().any(|line| !line.matches('*').count().is_multiple_of(2))
    {
        found.add(at, at.place(found.subject, at.id, at.attribute), Severity::Error, "markup-star", &[]);
    }
    composed
}

/// People for whom this text, or its choices, differ.
fn profiles(subject: &Subject<'_>, locale: Locale, node: &Node, attribute: &str) -> Vec<Profile> {
    let mut read: BTreeSet<&str> = BTreeSet::new();
    let mut more: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let shape = subject.text(locale, node.id.as_str()).and_then(|text| text.shape(Some(attribute)));
    for (variable, keys, _) in shape.map(|shape| shape.selectors.as_slice()).unwrap_or_default() {
        if let Some(key) = PROFILE_KEYS.into_iter().find(|key| key == variable) {
            read.insert(key);
            more.entry(key).or_default().extend(keys.iter().map(String::as_str));
        }
    }
    if let Kind::Places(query) = &node.kind {
        read.extend(query.by.iter().map(AsRef::as_ref));
    }
    let mut keys = read.clone();
    let targets = || node.choices.iter().filter_map(|id| subject.release.node(id.as_str()));
    for condition in targets().flat_map(|target| &target.when).chain(&node.when) {
        keys.insert(&condition.key);
        more.entry(&condition.key).or_default().extend(condition.values.iter().map(AsRef::as_ref));
    }
    let mut seen = HashSet::new();
    let mut profiles = subject.profiles(&keys, &more);
    profiles.retain(|profile| {
        let values: Vec<_> = read.iter().map(|key| profile.get(key).map(str::to_owned)).collect();
        let shown: Vec<bool> = targets().map(|target| target.passes(profile)).collect();
        node.passes(profile) && seen.insert((values, shown))
    });
    profiles
}

fn system_screens(found: &mut Found<'_, '_>, locale: Locale, limits: &[&Limits]) {
    for system in System::ALL {
        let profiles = match system {
            System::MyData => found.subject.profiles(&PROFILE_KEYS.into(), &BTreeMap::new()),
            _ => vec![Profile::default()],
        };
        for profile in profiles {
            let mut say = engine::case::sample(system);
            say.locale = Some(locale);
            say.profile = profile;
            // The longest that it can say.
            say.case = (system == System::MyData).then_some(CaseMark::Open);
            for limits in limits {
                let notes = notes_length(found.subject, locale, limits);
                let at = At { locale, limits, id: system.text_id(), attribute: None };
                one(found, &at, &say, notes);
            }
        }
    }
}

/// File, line and id of a text.
type Place = (String, usize, String);

impl At<'_> {
    /// Where a text stands: in the content, else in the program's own files.
    fn place(&self, subject: &Subject<'_>, id: &str, attribute: Option<&str>) -> Place {
        if is_content(subject, id) {
            let (file, line) = subject.place(self.locale, id, attribute);
            return (file, line, id.to_owned());
        }
        match subject.release.interface.place(self.locale, id) {
            Some((file, line)) => (file.to_owned(), line, id.to_owned()),
            None => (format!("locales/{}/bot.ftl", self.locale), 0, id.to_owned()),
        }
    }

    /// Where a button's label stands; `None`: it has no text, as a language's own name.
    fn label_place(&self, subject: &Subject<'_>, button: &Button) -> Option<Place> {
        let interface = |id: &str| self.place(subject, id, None);
        Some(match Token::parse(&button.token)? {
            Token::Node(id) => {
                let has_button =
                    subject.text(Locale::REFERENCE, id.as_str())?.shape(Some("button")).is_some();
                self.place(subject, id.as_str(), has_button.then_some("button"))
            }
            Token::Answer(id, value) => {
                let attribute = format!("opt-{value}");
                match subject.text(Locale::REFERENCE, id.as_str())?.shape(Some(&attribute)) {
                    Some(_) => self.place(subject, id.as_str(), Some(&attribute)),
                    None => interface("button-skip"),
                }
            }
            Token::Page(..) => interface("button-more"),
            Token::Home => interface("button-home"),
            Token::Back => interface("button-back"),
            Token::Language => interface("button-language"),
            Token::Person => interface("button-person"),
            Token::Case(tap) => interface(match tap {
                CaseTap::Yes => "case-yes",
                CaseTap::Urgent => "case-urgent",
                CaseTap::No => "case-no",
                CaseTap::Skip => "button-skip",
                CaseTap::Helped => "case-helped",
                CaseTap::Unhelped => "case-unhelped",
            }),
            Token::Delete(true) => interface("delete-yes"),
            Token::Delete(false) => interface("delete-no"),
            Token::Stop => interface("stop-yes"),
            Token::Here => interface("stop-no"),
            Token::MyData | Token::Locale(_) => return None,
        })
    }
}

fn is_content(subject: &Subject<'_>, id: &str) -> bool {
    let is_place = |id: &str| subject.release.places.iter().any(|place| &*place.id == id);
    subject.release.node(id).is_some() || id.strip_prefix("place-").is_some_and(is_place)
}

/// Findings so far: of each kind at each place only the worst.
struct Found<'a, 's> {
    subject: &'a Subject<'s>,
    worst: BTreeMap<(Place, &'static str, String), (usize, Finding)>,
}

impl Found<'_, '_> {
    fn add(
        &mut self,
        at: &At<'_>,
        place: Place,
        severity: Severity,
        code: &'static str,
        args: &[(&'static str, String)],
    ) {
        self.add_worst(at, place, severity, code, args, 0);
    }

    fn add_worst(
        &mut self,
        at: &At<'_>,
        place: Place,
        severity: Severity,
        code: &'static str,
        args: &[(&'static str, String)],
        size: usize,
    ) {
        // Only what hangs on the channel is told for each of them.
        let channel = if args.iter().any(|(name, _)| *name == "channel") { at.limits.channel } else { "" };
        let what = args.iter().find(|(name, _)| *name == "value").map_or("", |(_, value)| value);
        let known = self.worst.get(&(place.clone(), code, format!("{channel} {what}")));
        if known.is_some_and(|(known, _)| *known >= size) {
            return;
        }
        let (file, line, key) = place.clone();
        let finding = Finding { code, severity, file, line, key, args: args.to_vec() };
        self.worst.insert((place, code, format!("{channel} {what}")), (size, finding));
    }

    fn flaw(&mut self, at: &At<'_>, flaw: &Flaw) {
        let own = |found: &Self| at.place(found.subject, at.id, at.attribute);
        let long = |length: usize, max: usize| {
            vec![
                ("channel", at.limits.channel.to_owned()),
                ("length", length.to_string()),
                ("max", max.to_string()),
                ("where", at.id.to_owned()),
            ]
        };
        let of_token = |found: &Self, token: &str| {
            let button = Button { token: token.to_owned(), ..Button::default() };
            at.label_place(found.subject, &button).unwrap_or_else(|| own(found))
        };
        match flaw {
            // Missing content texts are found by their own check, in full.
            Flaw::Missing { id, .. } if is_content(self.subject, id) => {}
            Flaw::Missing { id, .. } => {
                let args = [("locale", at.locale.to_string())];
                self.add(at, at.place(self.subject, id, None), Severity::Error, "interface-missing", &args);
            }
            // So are unknown variables.
            Flaw::Variable { id, what, .. } if is_content(self.subject, id) && what.contains("variable") => {}
            Flaw::Variable { id, attribute, what } => {
                let place = at.place(self.subject, id, attribute.as_deref());
                self.add(at, place, Severity::Error, "reference-broken", &[("value", what.clone())]);
            }
            // An unknown figure is an error found elsewhere; here it has no value today.
            Flaw::Figure { id, .. } if !self.subject.release.figures.has(id) => {}
            Flaw::Figure { id, key } => {
                let value = key.as_ref().map_or_else(|| id.clone(), |key| format!("{id} ({key})"));
                let args = [("value", value), ("date", self.subject.today.to_string())];
                self.add(at, own(self), Severity::Due, "figure-out", &args);
            }
            Flaw::TextLong { length, max } => {
                self.add_worst(at, own(self), Severity::Error, "text-long", &long(*length, *max), *length);
            }
            Flaw::LabelLong { token, label, length, max } => {
                let mut args = long(*length, *max);
                args.push(("label", label.clone()));
                // The smallest room is the worst.
                let size = length.saturating_sub(*max);
                self.add_worst(at, of_token(self, token), Severity::Error, "label-long", &args, size);
            }
            Flaw::DescriptionLong { token, length, max } => {
                // The description is the title.
                let id = match Token::parse(token) {
                    Some(Token::Node(id)) => id.to_string(),
                    _ => at.id.to_owned(),
                };
                let place = at.place(self.subject, &id, None);
                self.add_worst(at, place, Severity::Error, "description-long", &long(*length, *max), *length);
            }
            Flaw::TokenLong { token } => {
                let args = long(token.len(), at.limits.token_max_bytes);
                self.add_worst(at, of_token(self, token), Severity::Error, "token-long", &args, token.len());
            }
            Flaw::TooManyChoices { count, max } => {
                let place = match self.subject.release.node(at.id) {
                    Some(node) => (node.file.to_string(), node.line, node.id.to_string()),
                    None => own(self),
                };
                self.add_worst(at, place, Severity::Error, "choices-many", &long(*count, *max), *count);
            }
        }
    }

    /// A label is also what people type, without its signs: two alike cannot be told apart.
    fn labels(&mut self, at: &At<'_>, composed: &Composed) {
        let mut seen: BTreeMap<String, &Button> = BTreeMap::new();
        for button in composed.choices.iter().chain(&composed.system) {
            let folded = fold(&button.label);
            if folded.is_empty() {
                continue;
            }
            let Some(first) = seen.insert(folded, button) else { continue };
            // Two ways to one place puzzle, but do not mislead.
            let same = self.target(first) == self.target(button);
            let severity = if same { Severity::Warning } else { Severity::Error };
            let place = at.label_place(self.subject, first).or_else(|| at.label_place(self.subject, button));
            let place = place.unwrap_or_else(|| at.place(self.subject, at.id, at.attribute));
            let args = [
                ("value", at.id.to_owned()),
                ("label", button.label.clone()),
                ("other", button.token.clone()),
            ];
            self.add(at, place, severity, "label-twice", &args);
        }
    }

    /// The token of the screen that a button opens.
    fn target(&self, button: &Button) -> String {
        let settings = &self.subject.release.settings;
        match Token::parse(&button.token) {
            Some(Token::Person) => Token::Node(settings.help.clone()).to_string(),
            Some(Token::Home) => Token::Node(settings.home.clone()).to_string(),
            _ => button.token.clone(),
        }
    }
}
