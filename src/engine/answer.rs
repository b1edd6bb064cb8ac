//! Reading an answer to an open question.

use crate::{
    content::{Answer, Ask, Release},
    domain::{AGE, Day, Locale, NodeId},
    lang::{DateAnswer, Offered, fold, number_in_words, parse_date, parse_number},
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
            let by_id = options.iter().find(|option| fold(option) == wanted);
            let by_age = || options.iter().find(|option| *ask.var == *AGE && is_of_age(option, text));
            let by_words = || meant(release, ask_id, options, text);
            let found = by_id.or_else(by_age).map(AsRef::as_ref).or_else(by_words);
            found.map_or(Read::Again(&Note::OPTION_AGAIN), |option| Read::Value(option.into()))
        }
        Answer::Text => {
            let text: String = text.trim().chars().filter(|c| *c != '\0').take(ANSWER_MAX_CHARS).collect();
            if text.is_empty() { Read::Again(&Note::TEXT_AGAIN) } else { Read::Value(text.into()) }
        }
    }
}

/// The option that a text means in people's words.
pub(super) fn meant<'a>(
    release: &Release,
    ask_id: &NodeId,
    options: &'a [Box<str>],
    text: &str,
) -> Option<&'a str> {
    options.get(offered(release, ask_id, options).meant(text)?).map(AsRef::as_ref)
}

/// The options by their labels and by what people call them (`.say-<value>`), in all languages.
fn offered(release: &Release, ask_id: &NodeId, options: &[Box<str>]) -> Offered {
    let mut offered = Offered::default();
    let text = |locale, attribute: &str| {
        let has = release.texts.has(locale, ask_id.as_str(), Some(attribute));
        has.then(|| release.texts.format(locale, ask_id.as_str(), Some(attribute), None)).flatten()
    };
    release.words.around_answers().for_each(|words| offered.around(words));
    for locale in Locale::ALL {
        for (place, option) in options.iter().enumerate() {
            if let Some(label) = text(locale, &format!("opt-{option}")) {
                offered.name(place, &label);
            }
            if let Some(names) = text(locale, &format!("say-{option}")) {
                offered.names(place, &names);
            }
        }
        if let Some(words) = text(locale, "around") {
            offered.around(&words);
        }
    }
    offered
}

/// Whether a text that tells years, and no other number, tells of this age group: `u18`, `18-24`, `60plus`.
///
/// Years under ten are choices of the screen.
fn is_of_age(group: &str, text: &str) -> bool {
    let mut told = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let years = match (told.next(), told.next()) {
        (Some(years), None) => years.parse::<u32>().ok(),
        (None, _) => number_in_words(text).and_then(|years| years.try_into().ok()),
        _ => None,
    };
    let years = years.filter(|years| (10..=120).contains(years));
    let bounds = match (group.strip_prefix('u'), group.strip_suffix("plus"), group.split_once('-')) {
        (Some(below), ..) => below.parse().ok().map(|below: u32| 0..below),
        (_, Some(from), _) => from.parse().ok().map(|from| from..u32::MAX),
        (.., Some((from, to))) => {
            from.parse().ok().zip(to.parse::<u32>().ok()).map(|(from, to)| from..to + 1)
        }
        _ => None,
    };
    years.zip(bounds).is_some_and(|(years, bounds)| bounds.contains(&years))
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
    fn years_in_words_of_their_own_tell_the_group() {
        const GROUPS: [&str; 7] = ["u18", "18-24", "25-29", "30-34", "35-49", "50-59", "60plus"];
        let group = |text| GROUPS.into_iter().find(|group| is_of_age(group, text));
        for (text, wanted) in [
            ("17", Some("u18")),
            ("мне 18 лет", Some("18-24")),
            ("24", Some("18-24")),
            ("25-солаам", Some("25-29")),
            ("34", Some("30-34")),
            ("49 жаштамын", Some("35-49")),
            ("59", Some("50-59")),
            ("60", Some("60plus")),
            ("120", Some("60plus")),
            ("9", None),
            ("121", None),
            ("1998", None),
            ("17 или 18", None),
            ("молодой", None),
            ("мне двадцать пять", Some("25-29")),
            ("бисту панҷсола", Some("25-29")),
            ("отуз жаштамын", Some("30-34")),
        ] {
            assert_eq!(group(text), wanted, "{text}");
        }
    }

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
