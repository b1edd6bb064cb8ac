//! Reading an answer to an open question.

use crate::{
    content::{Answer, Ask, Release},
    domain::{Day, NodeId},
    lang::{DateAnswer, fold, parse_date},
};

use super::{ANSWER_MAX_CHARS, Note};

/// What an answer was.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Read {
    /// Valid, in its stored form: an option's id, `YYYY-MM-DD`, digits, the text.
    Value(Box<str>),
    /// Not valid: the wordings that ask again.
    Again(&'static [&'static str]),
}

pub(super) fn read(release: &Release, ask_id: &NodeId, ask: &Ask, text: &str, today: Day) -> Read {
    match &ask.answer {
        Answer::Date => match parse_date(text, today) {
            DateAnswer::Day(day) => Read::Value(day.format("%Y-%m-%d").to_string().into()),
            DateAnswer::Impossible => Read::Again(&Note::DATE_IMPOSSIBLE),
            DateAnswer::Unclear => Read::Again(&Note::DATE_AGAIN),
        },
        Answer::Number { min, max } => {
            let digits: String =
                text.chars().filter(|c| !c.is_whitespace() && *c != '\u{A0}').take(20).collect();
            match digits.parse::<i64>() {
                Ok(number) if min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max) => {
                    Read::Value(number.to_string().into())
                }
                _ => Read::Again(&Note::NUMBER_AGAIN),
            }
        }
        Answer::OneOf(options) => {
            let wanted = fold(&text.chars().take(100).collect::<String>());
            let found = options.iter().find(|option| {
                fold(option) == wanted
                    || crate::domain::Locale::ALL.into_iter().any(|locale| {
                        release
                            .texts
                            .format(locale, ask_id.as_str(), Some(&format!("opt-{option}")), None)
                            .is_some_and(|label| fold(&label) == wanted)
                    })
            });
            found.map_or(Read::Again(&Note::OPTION_AGAIN), |option| Read::Value(option.clone()))
        }
        Answer::Text => {
            let text: String = text.trim().chars().filter(|c| *c != '\0').take(ANSWER_MAX_CHARS).collect();
            if text.is_empty() { Read::Again(&Note::TEXT_AGAIN) } else { Read::Value(text.into()) }
        }
    }
}
