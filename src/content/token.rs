//! Tap tokens: ASCII, at most 64 bytes, no position, no release (design §5).

use std::fmt;

use crate::domain::{Locale, NodeId};

/// What a button asks for. Old buttons keep their meaning after every release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// `n.<node>`
    Node(NodeId),
    /// `a.<node>.<value>`
    Answer(NodeId, Box<str>),
    /// `p.<node>.<page>`, pages from 0
    Page(NodeId, u8),
    Home,
    Back,
    Language,
    Person,
    Stop,
    /// `s.here`: the screen in front of the person, once more. Never on a button of ours but a template's.
    Here,
    /// `s.mydata`, likewise.
    MyData,
    /// `a.lang.<locale>`: `lang` is reserved, no node may have this id.
    Locale(Locale),
    /// `a.delete.yes|no`, reserved likewise.
    Delete(bool),
    /// `a.case.<what>`, reserved likewise.
    Case(CaseTap),
}

/// What a button of a case asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseTap {
    /// Yes, pass it on to a consultant, under the terms that stand above the button.
    Yes,
    /// The same beside the emergency numbers.
    Urgent,
    No,
    /// Nothing to add.
    Skip,
    /// It helped, it did not.
    Helped,
    Unhelped,
}

impl CaseTap {
    pub const ALL: [Self; 6] = [Self::Yes, Self::Urgent, Self::No, Self::Skip, Self::Helped, Self::Unhelped];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Urgent => "urgent",
            Self::No => "no",
            Self::Skip => "skip",
            Self::Helped => "helped",
            Self::Unhelped => "unhelped",
        }
    }
}

impl Token {
    /// Node ids that tokens of the system use.
    pub const RESERVED: [&'static str; 3] = ["lang", "delete", "case"];
    /// Longest value of an answer, in bytes.
    pub const VALUE_MAX_BYTES: usize = 20;

    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('.')?;
        Some(match (kind, rest) {
            ("n", id) => Self::Node(NodeId::parse(id)?),
            ("s", "home") => Self::Home,
            ("s", "back") => Self::Back,
            ("s", "lang") => Self::Language,
            ("s", "person") => Self::Person,
            ("s", "stop") => Self::Stop,
            ("s", "here") => Self::Here,
            ("s", "mydata") => Self::MyData,
            ("a", rest) => {
                let (id, value) = rest.split_once('.')?;
                match (id, value) {
                    ("lang", locale) => Self::Locale(Locale::parse(locale)?),
                    ("delete", "yes") => Self::Delete(true),
                    ("delete", "no") => Self::Delete(false),
                    ("case", what) => Self::Case(CaseTap::ALL.into_iter().find(|tap| tap.as_str() == what)?),
                    _ => {
                        let fits = !value.is_empty()
                            && value.len() <= Self::VALUE_MAX_BYTES
                            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                        if !fits {
                            return None;
                        }
                        Self::Answer(NodeId::parse(id)?, value.into())
                    }
                }
            }
            ("p", rest) => {
                let (id, page) = rest.split_once('.')?;
                Self::Page(NodeId::parse(id)?, page.parse().ok()?)
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(id) => write!(f, "n.{id}"),
            Self::Answer(id, value) => write!(f, "a.{id}.{value}"),
            Self::Page(id, page) => write!(f, "p.{id}.{page}"),
            Self::Home => f.write_str("s.home"),
            Self::Back => f.write_str("s.back"),
            Self::Language => f.write_str("s.lang"),
            Self::Person => f.write_str("s.person"),
            Self::Stop => f.write_str("s.stop"),
            Self::Here => f.write_str("s.here"),
            Self::MyData => f.write_str("s.mydata"),
            Self::Locale(locale) => write!(f, "a.lang.{locale}"),
            Self::Case(tap) => write!(f, "a.case.{}", tap.as_str()),
            Self::Delete(yes) => write!(f, "a.delete.{}", if *yes { "yes" } else { "no" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_read_back_what_they_write_and_fit() {
        let id = NodeId::parse(&"a".repeat(NodeId::MAX_BYTES)).unwrap();
        let longest = Token::Answer(id.clone(), "x".repeat(Token::VALUE_MAX_BYTES).into());
        for token in [
            Token::Node(id.clone()),
            longest,
            Token::Page(id, 3),
            Token::Home,
            Token::Here,
            Token::MyData,
            Token::Locale(Locale::Ky),
            Token::Delete(false),
            Token::Case(CaseTap::Unhelped),
        ] {
            let text = token.to_string();
            assert!(text.len() <= 64 && text.is_ascii(), "{text}");
            assert_eq!(Token::parse(&text), Some(token));
        }
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in any::<String>()) {
            if let Some(token) = Token::parse(&text) {
                prop_assert!(token.to_string().len() <= 64);
            }
        }
    }
}
