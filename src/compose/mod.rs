//! A [`Say`] as the exact message that a channel will show. The content check uses the same functions.

mod figures;
mod format;
mod places;

use std::{borrow::Cow, fmt::Write};

use crate::{
    content::{Caution, Kind, Node, Release, Token},
    domain::{Day, Limits, Locale},
    engine::{self, CaseMark, Label, Note, Say, Screen, Sign, System},
    text::Args,
};

pub use format::{day, kopecks, month};

/// A message, ready for a channel's `render`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composed {
    /// Markup: only `*bold*`, numbered lines, bare links.
    pub text: String,
    pub choices: Vec<Button>,
    /// Back, home, person: drawn apart.
    pub system: Vec<Button>,
    /// For channels that fold the choices away into a list; empty elsewhere.
    pub list: ListTexts,
}

/// Texts of a folded list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListTexts {
    /// What opens it.
    pub button: String,
    /// Above the screen's own choices.
    pub topics: String,
    /// Above back, home, person.
    pub more: String,
}

/// One thing to tap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Button {
    pub token: String,
    pub label: String,
    /// The full title, where it says more than the label; empty where the channel shows none.
    pub description: String,
    /// What stands before the label where choices are lines of text: `1.`, `0`, `*`, "меню —". Empty on channels that
    /// never do so.
    pub sign: String,
}

/// Sources named under a text; the others stand in the content.
const SOURCES_SHOWN: usize = 4;

/// What was not right while composing; the check turns each into a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A text is missing in this very language.
    Missing {
        id: String,
        attribute: Option<String>,
    },
    /// A variable that the text uses and nobody gave.
    Variable {
        id: String,
        attribute: Option<String>,
        what: String,
    },
    /// A figure without a value on the day: the reader is told that it is not published.
    Figure {
        id: String,
        key: Option<String>,
    },
    /// The text is longer than the channel carries.
    TextLong {
        length: usize,
        max: usize,
    },
    LabelLong {
        token: String,
        label: String,
        length: usize,
        max: usize,
    },
    DescriptionLong {
        token: String,
        length: usize,
        max: usize,
    },
    TokenLong {
        token: String,
    },
    TooManyChoices {
        count: usize,
        max: usize,
    },
}

/// The message. Never fails: what is missing falls back to Russian or to the honest "not published".
pub fn compose(release: &Release, say: &Say, limits: &Limits, today: Day) -> Composed {
    Composer { release, say, limits, today, strict: None, locale: say.locale.unwrap_or(Locale::REFERENCE) }
        .compose()
}

/// The message and everything that is wrong with it in this language and on this channel.
pub fn compose_strict(release: &Release, say: &Say, limits: &Limits, today: Day) -> (Composed, Vec<Flaw>) {
    let locale = say.locale.unwrap_or(Locale::REFERENCE);
    let mut composer = Composer { release, say, limits, today, strict: Some(Vec::new()), locale };
    let composed = composer.compose();
    let mut flaws = composer.strict.unwrap_or_default();
    measure(&composed, limits, &mut flaws);
    (composed, flaws)
}

fn measure(composed: &Composed, limits: &Limits, flaws: &mut Vec<Flaw>) {
    let length = limits.length(&composed.text);
    if length > limits.text_max {
        flaws.push(Flaw::TextLong { length, max: limits.text_max });
    }
    if limits.numbered {
        // The account may not be allowed buttons: then each choice is a line, "10. label".
        let lines = composed.choices.iter().chain(&composed.system);
        let line = |choice: &Button| limits.length(&choice.label) + limits.length(&choice.sign) + 2;
        let length = length + 1 + lines.map(line).sum::<usize>();
        if length > limits.text_max {
            flaws.push(Flaw::TextLong { length, max: limits.text_max });
        }
    }
    let count = composed.choices.len() + composed.system.len();
    if count > limits.choices_max {
        flaws.push(Flaw::TooManyChoices { count, max: limits.choices_max });
    }
    let max = if count <= limits.few_choices { limits.few_label_max } else { limits.label_max };
    for button in composed.choices.iter().chain(&composed.system) {
        let length = limits.length(&button.label);
        if length > max {
            let (token, label) = (button.token.clone(), button.label.clone());
            flaws.push(Flaw::LabelLong { token, label, length, max });
        }
        let length = limits.length(&button.description);
        if length > limits.description_max {
            flaws.push(Flaw::DescriptionLong {
                token: button.token.clone(),
                length,
                max: limits.description_max,
            });
        }
        if button.token.len() > limits.token_max_bytes {
            flaws.push(Flaw::TokenLong { token: button.token.clone() });
        }
    }
}

struct Composer<'a> {
    release: &'a Release,
    say: &'a Say,
    limits: &'a Limits,
    today: Day,
    /// `Some`: collect flaws.
    strict: Option<Vec<Flaw>>,
    locale: Locale,
}

impl<'a> Composer<'a> {
    fn compose(&mut self) -> Composed {
        let args = self.args();
        let mut text = String::with_capacity(2048);
        for note in &self.say.notes {
            // The offer of another language is made in that language.
            let offered = self.say.suggest.filter(|_| note.0 == Note::SWITCH);
            let spoken = self.locale;
            self.locale = offered.unwrap_or(spoken);
            let note = self.interface(&note.0, &args);
            text.push_str(&note);
            self.locale = spoken;
            text.push_str("\n\n");
        }
        match &self.say.screen {
            Screen::System(System::Welcome) => self.welcome(&mut text),
            Screen::System(System::MyData) => self.my_data(&mut text, &args),
            Screen::System(system) => text.push_str(&self.interface(system.text_id(), &args)),
            Screen::Node(id) => self.node(&mut text, id.as_str(), None, &args),
            Screen::Outcome(id, outcome) => {
                self.node(&mut text, id.as_str(), Some(&format!("out-{outcome}")), &args);
            }
        }
        let (mut text, is_stale) =
            figures::put_in(self.release, self.locale, self.today, text, self.strict.as_mut());
        if let Some(node) = self.say.node().and_then(|id| self.release.node(id.as_str()))
            && (is_stale || self.is_overdue(node))
        {
            text.push_str(if has_footer(node) { "\n" } else { "\n\n" });
            text.push_str(&self.interface("caution-overdue", &args));
        }
        // A consultant's words: after all that is looked for in our own texts.
        if self.say.screen == Screen::System(System::CaseAnswer)
            && let Some(engine::Value::Text(words)) = self.say.vars.get("text")
            && !words.is_empty()
        {
            text.push('\n');
            text.push_str(words);
        }
        let page = engine::choices(self.release, self.say);
        let choices = page.choices.iter().map(|choice| self.button(choice)).collect();
        let system = page.system.iter().map(|choice| self.button(choice)).collect();
        let list = if self.limits.description_max == 0 {
            ListTexts::default()
        } else {
            let mut text = |id| self.interface(id, &args).into_owned();
            ListTexts { button: text("button-list"), topics: text("list-topics"), more: text("list-more") }
        };
        Composed { text, choices, system, list }
    }

    /// Variables of all texts of this message: the outcome's, and the profile as selectors.
    fn args(&self) -> Args<'a> {
        let mut args = Args::new();
        for key in [crate::domain::CITIZENSHIP, crate::domain::DESTINATION, crate::domain::AUDIENCE] {
            args.set(key, self.say.profile.get(key).unwrap_or("unknown"));
        }
        for (name, value) in &self.say.vars {
            args.set(name.clone(), format::value(self.release, self.locale, value));
        }
        args
    }

    fn interface(&mut self, id: &str, args: &Args<'_>) -> Cow<'a, str> {
        Self::text(&self.release.interface, self.locale, id, None, args, self.strict.as_mut())
    }

    fn content(&mut self, id: &str, attribute: Option<&str>, args: &Args<'_>) -> Cow<'a, str> {
        Self::text(&self.release.texts, self.locale, id, attribute, args, self.strict.as_mut())
    }

    fn text(
        texts: &'a crate::text::Texts,
        locale: Locale,
        id: &str,
        attribute: Option<&str>,
        args: &Args<'_>,
        strict: Option<&mut Vec<Flaw>>,
    ) -> Cow<'a, str> {
        if let Some(flaws) = strict {
            let (id, attribute) = (id.to_owned(), attribute.map(str::to_owned));
            match texts.format_strict(locale, &id, attribute.as_deref(), args) {
                None => flaws.push(Flaw::Missing { id, attribute }),
                Some(Err(what)) => flaws.push(Flaw::Variable { id, attribute, what }),
                Some(Ok(_)) => {}
            }
        }
        texts
            .format(locale, id, attribute, Some(args))
            .map_or(Cow::Borrowed(""), |text| Cow::Owned(text.into_owned()))
    }

    fn node(&mut self, text: &mut String, id: &str, attribute: Option<&str>, args: &Args<'_>) {
        let Some(node) = self.release.node(id) else { return };
        let title = self.content(id, None, args);
        text.push('*');
        text.push_str(&title);
        text.push('*');
        let attribute = attribute
            .or_else(|| self.release.texts.has(Locale::REFERENCE, id, Some("text")).then_some("text"));
        if let Some(attribute) = attribute {
            let body = self.content(id, Some(attribute), args);
            text.push_str("\n\n");
            text.push_str(&body);
        }
        if let Kind::Places(query) = &node.kind {
            let chosen = query.select(&self.release.places, &self.say.profile);
            for place in chosen {
                text.push_str("\n\n");
                self.place(text, place);
            }
        }
        self.footer(text, node);
    }

    /// Source, date, and how sure it is.
    fn footer(&mut self, text: &mut String, node: &Node) {
        if !has_footer(node) {
            return;
        }
        let mut args = Args::new();
        let mut names = String::new();
        for source in node.sources.iter().take(SOURCES_SHOWN) {
            if !names.is_empty() {
                names.push_str("; ");
            }
            names.push_str(&source.0.title);
            match source.0.date {
                Some(date) => {
                    let _ = write!(names, " ({})", format::short(date));
                }
                // "24.kg, 2025 (no date)" would contradict itself.
                None if names_year(&source.0.title) => {}
                None => {
                    let undated = self.interface("source-undated", &args);
                    let _ = write!(names, " ({undated})");
                }
            }
        }
        args.set("sources", names);
        if let Some(reviewed) = node.reviewed {
            args.set("date", format::rough(&self.release.interface, self.locale, reviewed));
        }
        let is_dated = node.reviewed.is_some();
        text.push_str("\n\n");
        let line = self.interface(if is_dated { "source-line" } else { "source-line-undated" }, &args);
        text.push_str(&line);
        let caution = match node.caution {
            Some(Caution::Check) => {
                args.set("where", node.check_at.as_deref().unwrap_or("mvd.ru").to_owned());
                Some(if is_dated { "caution-check" } else { "caution-check-undated" })
            }
            Some(Caution::Recalled) => Some("caution-recalled"),
            None => None,
        };
        if let Some(id) = caution {
            text.push('\n');
            let line = self.interface(id, &args);
            text.push_str(&line);
        }
    }

    /// Whether the node itself, or a figure that its tool reads, should have been looked at again by now.
    fn is_overdue(&self, node: &Node) -> bool {
        let figures = match &node.kind {
            Kind::Tool(use_) => engine::tool::find(&use_.tool).map(engine::tool::Tool::figures),
            _ => None,
        };
        node.review_by.is_some_and(|by| by < self.today)
            || figures.unwrap_or_default().iter().any(|id| self.release.figures.is_any_stale(id, self.today))
    }

    /// The notice and the choice of language, in each language under its own name.
    fn welcome(&mut self, text: &mut String) {
        let own = self.locale;
        for (place, locale) in [Locale::Tg, Locale::Ky, Locale::Ru].into_iter().enumerate() {
            self.locale = locale;
            if place > 0 {
                text.push_str("\n\n");
            }
            let notice = self.interface("welcome", &Args::new());
            text.push_str(&notice);
        }
        self.locale = own;
    }

    fn my_data(&mut self, text: &mut String, args: &Args<'_>) {
        let head = self.interface("mydata", args);
        text.push_str(&head);
        let answers: Vec<(String, String)> = self
            .release
            .nodes()
            .filter_map(|node| {
                let Kind::Ask(ask) = &node.kind else { return None };
                let value = self.say.profile.get(&ask.var).filter(|_| ask.profile)?;
                Some((node.id.to_string(), value.to_owned()))
            })
            .collect();
        for (id, value) in answers {
            let question = self.content(&id, None, args);
            let answer = self.content(&id, Some(&format!("opt-{value}")), args);
            text.push_str("\n• ");
            text.push_str(&question);
            text.push_str(" — ");
            text.push_str(&answer);
        }
        let case = match self.say.case {
            Some(CaseMark::Open) => Some("mydata-case-open"),
            Some(CaseMark::Closed) => Some("mydata-case-closed"),
            None => None,
        };
        if let Some(id) = case {
            text.push_str("\n• ");
            let line = self.interface(id, args);
            text.push_str(&line);
        }
        text.push_str("\n\n");
        let tail = self.interface("mydata-tail", args);
        text.push_str(&tail);
    }

    fn button(&mut self, choice: &engine::Choice) -> Button {
        let empty = Args::new();
        let mut description = Cow::Borrowed("");
        let label: Cow<'_, str> = match &choice.label {
            Label::OwnName(locale) => Cow::Borrowed(locale.own_name()),
            Label::Interface(id) => self.interface(id, &empty),
            Label::Option(id, value) => self.content(id.as_str(), Some(&format!("opt-{value}")), &empty),
            Label::Node(id) => {
                if self.limits.description_max > 0 {
                    description = self.content(id.as_str(), None, &empty);
                }
                self.short(id.as_str(), &empty)
            }
            Label::Within(id, parent) => {
                if self.limits.description_max > 0 {
                    description = self.content(id.as_str(), None, &empty);
                }
                let mut args = Args::new();
                args.set("what", self.short(id.as_str(), &empty).into_owned());
                args.set("where", self.short(parent.as_str(), &empty).into_owned());
                let label = self.interface("within", &args);
                if self.limits.length(&label) <= self.limits.label_max {
                    label
                } else if self.limits.description_max > 0 {
                    // Its title stands beside it and tells it apart.
                    self.short(id.as_str(), &empty)
                } else {
                    self.content(id.as_str(), None, &empty)
                }
            }
            Label::Resume(id) => {
                let mut args = Args::new();
                args.set("where", self.short(id.as_str(), &empty).into_owned());
                let label = self.interface("resume", &args);
                if self.limits.length(&label) > self.limits.label_max {
                    self.short(id.as_str(), &empty)
                } else {
                    label
                }
            }
        };
        let description = if description == label { String::new() } else { description.into_owned() };
        let sign = if self.limits.numbered { self.sign(choice.sign) } else { String::new() };
        Button { token: token(&choice.token), label: label.into_owned(), description, sign }
    }

    fn sign(&mut self, sign: Sign) -> String {
        match sign {
            Sign::Number(number) => format!("{number}."),
            Sign::Mark(mark) => mark.into(),
            Sign::Word(id) => format!("{} —", self.interface(id, &Args::new())),
        }
    }

    /// `.button` of a node, else its title.
    fn short(&mut self, id: &str, args: &Args<'_>) -> Cow<'a, str> {
        let attribute = self.release.texts.has(Locale::REFERENCE, id, Some("button")).then_some("button");
        self.content(id, attribute, args)
    }
}

/// Whether source and date stand under a node's text.
fn has_footer(node: &Node) -> bool {
    (node.reviewed.is_some() || node.undated) && !node.sources.is_empty()
}

/// Whether a title tells a year of ours: four digits that stand alone.
fn names_year(title: &str) -> bool {
    title
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20")))
}

fn token(token: &Token) -> String {
    token.to_string()
}

#[cfg(test)]
mod tests {
    use super::names_year;

    #[test]
    fn a_year_in_a_title_is_seen() {
        for title in ["24.kg, 2025", "mos.ru, около 1999", "bureau.kz, 2024–2025"] {
            assert!(names_year(title), "{title}");
        }
        for title in ["24.kg", "klerk.ru 676801", "Указ № 821", "услуга 4631"] {
            assert!(!names_year(title), "{title}");
        }
    }
}
