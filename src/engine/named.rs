//! Written choices: by their signs, their numbers in digits or words, and their names.

use crate::{
    content::{Answer, Kind, Token},
    domain::Locale,
    lang::{Offered, fold, skeleton},
};

use super::{
    Label, Screen, Sign, System,
    choices::{Choice, choices},
    walk::Walk,
};

const PERSON_MARK: &str = "*";
const LANGUAGE_MARK: &str = "#";

/// Longest text that may name a choice, in bytes.
const BYTES_MAX: usize = 200;

impl Walk<'_> {
    /// A choice of the screen in front by its sign or its words as they stand.
    pub(super) fn choice_named(&mut self, text: &str) -> Option<Token> {
        self.choice_of(text, false)
    }

    /// The same where the words of its name may have other endings, another script or a slip.
    pub(super) fn choice_meant(&mut self, text: &str) -> Option<Token> {
        self.choice_of(text, true)
    }

    fn choice_of(&mut self, text: &str, is_free: bool) -> Option<Token> {
        if text.len() > BYTES_MAX {
            return None;
        }
        let say = self.in_front();
        let page = choices(self.release, &say);
        let number = self.release.words.choice_number(text);
        let mut all = page.choices.into_iter().chain(page.system);
        let has_back = say.node().is_some() || say.screen == Screen::System(System::Found);
        // Marks mean the same on each screen, shown or not; but a number asked for is never one.
        let mark = match (text.trim(), number) {
            (PERSON_MARK, _) => Some(Token::Person),
            (LANGUAGE_MARK, _) => Some(Token::Language),
            (_, Some(0 | 9)) if self.wants_number() => None,
            (_, Some(0)) => Some(Token::Home),
            (_, Some(9)) if has_back && !all.clone().any(|c| c.sign == Sign::Number(9)) => Some(Token::Back),
            _ => None,
        };
        if mark.is_some() {
            return mark;
        }
        if let Some(number) = number {
            return all.find(|choice| choice.sign == Sign::Number(number)).map(|choice| choice.token);
        }
        let folded = fold(text);
        if folded.is_empty() {
            return None;
        }
        let all: Vec<Choice> = all.collect();
        let called = |is_same: &dyn Fn(&str) -> bool| {
            let is_called = |choice: &&Choice| self.names(&choice.label).iter().any(|name| is_same(name));
            all.iter().find(is_called).map(|choice| choice.token.clone())
        };
        let named = called(&|name| fold(name) == folded);
        if named.is_some() || !is_free {
            return named;
        }
        let key = skeleton(text);
        called(&|name| !key.is_empty() && skeleton(name) == key).or_else(|| self.choice_like(&all, text))
    }

    /// The page or answer whose name the text is in other forms of its words. What does something by itself (deletes,
    /// agrees) is named as it stands.
    fn choice_like(&self, all: &[Choice], text: &str) -> Option<Token> {
        let mut offered = Offered::default();
        for (place, choice) in all.iter().enumerate() {
            if matches!(choice.label, Label::Node(_) | Label::Within(..) | Label::Option(..)) {
                self.names(&choice.label).iter().for_each(|name| offered.name(place, name));
            }
        }
        all.get(offered.called(text)?).map(|choice| choice.token.clone())
    }

    pub(super) fn wants_number(&self) -> bool {
        let ask = self.state.pending.as_ref().and_then(|pending| self.release.node(pending.ask.as_str()));
        let is_number = matches!(ask.map(|node| &node.kind),
            Some(Kind::Ask(ask)) if matches!(ask.answer, Answer::Number { .. }));
        is_number && !self.state.deleting && !self.state.choosing
    }

    /// What a choice is called, in each language.
    fn names(&self, label: &Label) -> Vec<String> {
        let texts = &self.release.texts;
        let of = |id: &str, attribute: Option<&str>| -> Vec<String> {
            let text = |locale| texts.format(locale, id, attribute, None).map(std::borrow::Cow::into_owned);
            Locale::ALL.into_iter().filter_map(text).collect()
        };
        match label {
            Label::Node(id) => {
                let mut names = of(id.as_str(), Some("button"));
                names.extend(of(id.as_str(), None));
                names
            }
            // Its short name means another choice as well.
            Label::Within(id, _) => of(id.as_str(), None),
            Label::Option(id, value) => of(id.as_str(), Some(&format!("opt-{value}"))),
            Label::Interface(id) => {
                let interface = &self.release.interface;
                let text =
                    |locale| interface.format(locale, id, None, None).map(std::borrow::Cow::into_owned);
                Locale::ALL.into_iter().filter_map(text).collect()
            }
            Label::OwnName(own) => vec![own.own_name().to_owned()],
            Label::Resume(_) => Vec::new(),
        }
    }
}
