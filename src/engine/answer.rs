//! Reading an answer to an open question.

use crate::{
    content::{Answer, Ask, Release},
    domain::{Day, NodeId},
    lang::{DateAnswer, fold, parse_date, parse_number},
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
        Answer::Date { is_past } => match parse_date(text, today, *is_past) {
            DateAnswer::Day(day) => Read::Value(day.format("%Y-%m-%d").to_string().into()),
            DateAnswer::Impossible => Read::Again(&Note::DATE_IMPOSSIBLE),
            DateAnswer::Unclear => Read::Again(&Note::DATE_AGAIN),
        },
        Answer::Number { min, max } => match parse_number(text, max.is_some_and(|max| max >= SUM_MIN)) {
            Some(number) if is_within(&number, *min, *max) => Read::Value(number.into()),
            _ => Read::Again(&Note::NUMBER_AGAIN),
        },
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

/// A number that may reach this is a sum: then "45 тысяч" and "45к" are thousands.
const SUM_MIN: i64 = 1000;

/// Both bounds belong to the range; a fraction above `max` does not.
fn is_within(number: &str, min: Option<i64>, max: Option<i64>) -> bool {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let Ok(whole) = whole.parse::<i64>() else { return false };
    min.is_none_or(|min| whole >= min)
        && max.is_none_or(|max| whole < max || (whole == max && fraction.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_belong_to_the_range() {
        for (number, is_in) in
            [("0", false), ("0.99", false), ("1", true), ("99.5", true), ("100", true), ("100.01", false)]
        {
            assert_eq!(is_within(number, Some(1), Some(100)), is_in, "{number}");
        }
        assert!(is_within("5", None, None));
    }
}
