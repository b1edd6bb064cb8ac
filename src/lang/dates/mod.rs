//! Days as people write them: `05.03.2026`, `5 марта`, `пятое марта`, `панҷуми март`, `5-март`, `вчера вечером`,
//! `се рӯз пеш`, `я въехал 5 марта`.
//!
//! A text is taken apart into numbers, months, shifts ("yesterday", "three days ago") and other words. It is read only
//! where it names exactly one day and holds no number that is not part of it. What is near a day ("about", "until") is
//! not read: a wrong day costs more than a second question.

use chrono::{Datelike, Days};

use super::{
    skeleton,
    spoken::{LARGE, Spoken, kyrgyz_teen, spoken},
};
use crate::domain::Day;

mod words;

use words::Word;
pub(super) use words::is_ending;

/// What a text says about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateAnswer {
    Day(Day),
    /// Looks like a day that no calendar has: 31.02, 29.02.2027.
    Impossible,
    /// Not a day, or several, or one that cannot be told for sure.
    Unclear,
}

/// Longest text that is looked at, in characters.
const READ_MAX: usize = 200;

/// Most days of "days ago" that are counted and not a way to speak.
const AGO_MAX: i64 = 400;

/// Most words beside "today" and "tomorrow": longer sentences with them speak of the weather and of threats.
const TODAY_WORDS_MAX: usize = 2;

/// How long ago a day without a year may be, where it could lie ahead too.
const PAST_DAYS: i64 = 300;

/// Reads a day. Without a year it is the latest such day not after `today` where what is asked for has happened
/// (`is_past`); else the latest unless that is over 300 days ago, then the coming one.
pub fn parse_date(text: &str, today: Day, is_past: bool) -> DateAnswer {
    let is_strange = |c: char| c.is_numeric() && !c.is_ascii_digit();
    if text.chars().nth(READ_MAX).is_some() || text.chars().any(is_strange) {
        return DateAnswer::Unclear;
    }
    let tokens = tokens(text);
    if let [token] = tokens.as_slice()
        && let Some(day) = run_together(&token.key, today, is_past)
    {
        return day;
    }
    let items = join(items(&tokens));
    let Some(named) = named(&items) else { return DateAnswer::Unclear };
    // "Where can I register today?" asks and answers nothing.
    let is_question = text.contains('?') || items.contains(&Item::Word(Role::Question));
    let words = items.iter().filter(|item| matches!(item, Item::Word(_) | Item::Stretch { .. })).count();
    let mut days = named.iter().map(|named| match named {
        Named::Word(_) | Named::Weekday(_) if is_question => DateAnswer::Unclear,
        Named::Word(0..) if words > TODAY_WORDS_MAX => DateAnswer::Unclear,
        Named::Word(shift) => shifted(today, *shift),
        Named::Ago(days) => shifted(today, -days),
        Named::Weekday(_) if !is_past || words > TODAY_WORDS_MAX => DateAnswer::Unclear,
        Named::Weekday(day) => shifted(today, -days_since(today, *day)),
        Named::Date { year, month, day } => dated(*year, *month, *day, today, is_past),
    });
    match days.next() {
        Some(first) if days.all(|day| day == first) => first,
        _ => DateAnswer::Unclear,
    }
}

/// Words of a text that tell of a day without naming it: months, "on Monday", "at the beginning of", "last". Who answers so
/// asks nothing else.
pub fn date_words(text: &str) -> usize {
    let head: String = text.chars().take(READ_MAX).collect();
    let is_of_days = |key: &str| {
        matches!(
            words::word(key),
            Some(
                Word::Month(_) | Word::Shift(_) | Word::Weekday(_) | Word::Year(_) | Word::Role(Role::Doubt)
            )
        ) || spoken(key).is_some()
    };
    tokens(&head).iter().filter(|token| is_of_days(&token.key)).count()
}

/// A text that is nothing but the digits of a day: `20261015`, `15102026`, `151026`. `None` where they are none, or two.
fn run_together(digits: &str, today: Day, is_past: bool) -> Option<DateAnswer> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i64>().ok());
    let read = |year: i64, month, day| match dated(Year::Exactly(year), month, day, today, is_past) {
        DateAnswer::Day(day) => Some(day),
        _ => None,
    };
    let found = match digits.len() {
        8 => {
            let first = read(part(0, 4)?, part(4, 6)?, part(6, 8)?);
            let last = read(part(4, 8)?, part(2, 4)?, part(0, 2)?);
            if first.is_some() && last.is_some() && first != last { None } else { first.or(last) }
        }
        6 => read(part(4, 6)?, part(2, 4)?, part(0, 2)?),
        _ => None,
    };
    found.map(DateAnswer::Day)
}

/// A text's word or digits.
struct Token {
    /// Digits, or the skeleton of a word.
    key: String,
    /// Digits that a point, stroke or hyphen joins to digits; letters that hang on digits: `5и`, `5-март`.
    is_joined: bool,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut word = String::new();
    // What stood between the word in hand and the one before.
    let mut gap = String::from(" ");
    let mut was_digit = false;
    let mut end = |word: &mut String, gap: &str, was_digit: bool| {
        let is_digits = word.starts_with(|c: char| c.is_ascii_digit());
        let word = std::mem::take(word);
        let key =
            if is_digits { word.chars().filter(char::is_ascii_digit).collect() } else { skeleton(&word) };
        let joint = if is_digits { [".", "/", "-"].contains(&gap) } else { ["", "-", "–"].contains(&gap) };
        if !key.is_empty() {
            out.push(Token { key, is_joined: was_digit && joint });
        }
    };
    for c in text.chars().chain([' ']) {
        let is_digit = c.is_ascii_digit();
        let goes_on = c.is_alphanumeric() || words::is_silent(c);
        let holds_digits = word.starts_with(|c: char| c.is_ascii_digit());
        if !word.is_empty() && (!goes_on || (is_digit != holds_digits && !words::is_silent(c))) {
            end(&mut word, &gap, was_digit);
            was_digit = holds_digits;
            gap.clear();
        }
        if goes_on { word.push(c) } else { gap.push(c) }
    }
    out
}

/// A part of a text that may name a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Number(Number),
    Month(i64),
    /// Days from today.
    Shift(i64),
    /// A stretch of so many days. `is_one`: in the form that means a single one ("неделю").
    Stretch {
        days: i64,
        is_one: bool,
    },
    Ago,
    /// Years from this one: "of the last year".
    Year(i64),
    /// From Monday, 0.
    Weekday(i64),
    Word(Role),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    value: i64,
    form: Form,
    /// "The fifth", `5-го`, `5и`.
    is_ordinal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Word,
    /// `is_joined`: to the digits before. `is_long`: at least two.
    Digits {
        is_joined: bool,
        is_long: bool,
    },
}

impl Number {
    const fn is_joined(self) -> bool {
        matches!(self.form, Form::Digits { is_joined: true, .. })
    }

    const fn is_long(self) -> bool {
        matches!(self.form, Form::Digits { is_long: true, .. })
    }
}

/// What a word that names no part of a day does to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Makes it uncertain, or another day.
    Doubt,
    /// Does so directly before it: "until", "not".
    Before,
    Question,
    /// Tells that a number is an hour.
    Time,
    Other,
}

/// The parts of a text, without the words that say nothing.
fn items(tokens: &[Token]) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        let next = after.first().map_or("", |next| next.key.as_str());
        let (item, used) = match out.last_mut() {
            Some(Item::Number(number)) if token.is_joined && words::is_ending(&token.key) => {
                number.is_ordinal = true;
                (None, 1)
            }
            last => item(token, next, matches!(last, Some(Item::Number(_)))),
        };
        out.extend(item);
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

/// The part that begins with `token`, and how many words it has.
fn item(token: &Token, next: &str, follows_number: bool) -> (Option<Item>, usize) {
    let key = token.key.as_str();
    if key.starts_with(|c: char| c.is_ascii_digit()) {
        let form = Form::Digits { is_joined: token.is_joined, is_long: key.len() > 1 };
        let value = key.parse().unwrap_or(i64::MAX);
        return (Some(Item::Number(Number { value, form, is_ordinal: false })), 1);
    }
    let number = |Spoken { value, is_ordinal }| Item::Number(Number { value, form: Form::Word, is_ordinal });
    let (word, used) = match words::pair(key, next) {
        Some(word) => (Some(word), 2),
        None => (words::word(key), 1),
    };
    let part = match word {
        Some(Word::Filler) => return (None, used),
        Some(Word::Month(month)) => Item::Month(month),
        Some(Word::ShortMonth(month)) if follows_number => Item::Month(month),
        Some(Word::Shift(days)) => Item::Shift(days),
        Some(Word::Stretch { days, is_one }) => Item::Stretch { days, is_one },
        Some(Word::Ago) => Item::Ago,
        Some(Word::Year(years)) => Item::Year(years),
        Some(Word::Weekday(day)) => Item::Weekday(day),
        // "In so many days", or "by way of".
        Some(Word::Through) => {
            let is_counted = next.starts_with(|c: char| c.is_ascii_digit())
                || spoken(next).is_some()
                || matches!(words::word(next), Some(Word::Stretch { .. } | Word::Role(_)));
            Item::Word(if is_counted { Role::Doubt } else { Role::Other })
        }
        Some(Word::Role(role)) => Item::Word(role),
        // "Он" is ten in Kyrgyz, before what is counted; else "he" and "that".
        None if *key == *TEN => {
            let is_counted = matches!(words::word(next), Some(Word::Stretch { .. }));
            return match kyrgyz_teen(next) {
                Some(teen) => (Some(number(teen)), 2),
                None if is_counted => (spoken(key).map(number), 1),
                None => (Some(Item::Word(Role::Other)), 1),
            };
        }
        Some(Word::ShortMonth(_)) | None => spoken(key).map_or(Item::Word(Role::Other), number),
    };
    (Some(part), used)
}

/// Skeleton of "он".
const TEN: &str = "on";

/// Puts written-out tens and units together: "twenty first".
fn join(items: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        match (out.last_mut(), item) {
            (
                Some(Item::Number(tens @ Number { form: Form::Word, is_ordinal: false, .. })),
                Item::Number(unit @ Number { value: 1..=9, form: Form::Word, .. }),
            ) if tens.value >= 20 && tens.value % 10 == 0 && tens.value < LARGE => {
                *tens = Number { value: tens.value + unit.value, ..unit };
            }
            _ => out.push(item),
        }
    }
    out
}

/// A day that a text names.
#[derive(Clone, Copy, Debug)]
enum Named {
    /// Days from today, by a word: "yesterday".
    Word(i64),
    /// Counted days back.
    Ago(i64),
    Weekday(i64),
    Date {
        year: Year,
        month: i64,
        day: i64,
    },
}

#[derive(Clone, Copy, Debug)]
enum Year {
    Open,
    Exactly(i64),
    /// So many from this one.
    FromNow(i64),
}

/// All days that a text names; `None` where something in it makes them uncertain.
fn named(items: &[Item]) -> Option<Vec<Named>> {
    let is_whole = !items.iter().any(|item| matches!(item, Item::Word(_)));
    let has_time = items.contains(&Item::Word(Role::Time));
    let mut year = None;
    let mut days: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Item::Year(years) if year.is_some_and(|other| other != *years) => return None,
            Item::Year(years) => year = Some(*years),
            item => days.push(*item),
        }
    }
    let mut out = Vec::new();
    let mut rest = days.as_slice();
    // Whether the word before is "until", "not" or the like, perhaps with one between: "not on the fifth".
    let mut doubted = [false; 2];
    while let [item, ..] = rest {
        let (named, used) = match rest {
            [Item::Number(n), Item::Stretch { days, .. }, Item::Ago, ..]
                if (0..=AGO_MAX).contains(&n.value) =>
            {
                (Some(Named::Ago(n.value * days)), 3)
            }
            [Item::Stretch { days, is_one: true }, Item::Ago, ..] => (Some(Named::Ago(*days)), 2),
            [Item::Shift(days), ..] => (Some(Named::Word(*days)), 1),
            [Item::Weekday(day), ..] => (Some(Named::Weekday(*day)), 1),
            // "One" is an article too, and "alone".
            [Item::Number(Number { value: 1, form: Form::Word, is_ordinal: false }), ..] => (None, 1),
            [Item::Number(_) | Item::Month(_), ..] => {
                let is_part = |item: &&Item| matches!(item, Item::Number(_) | Item::Month(_));
                let length = rest.iter().take_while(is_part).count();
                let named = calendar(rest.get(..length).unwrap_or_default(), is_whole, has_time)?;
                (Some(with_year(named, year)?), length)
            }
            [Item::Ago | Item::Word(Role::Doubt), ..] => return None,
            _ => (None, 1),
        };
        if named.is_some() && doubted.contains(&true) {
            return None;
        }
        out.extend(named);
        doubted = [*item == Item::Word(Role::Before), doubted == [true, false]];
        rest = rest.get(used..).unwrap_or_default();
    }
    // "On Monday, 5 October": the date says it.
    if out.iter().any(|named| !matches!(named, Named::Weekday(_))) {
        out.retain(|named| !matches!(named, Named::Weekday(_)));
    }
    Some(out)
}

/// "Of the last year" beside a day; `None` where it has a year of its own.
const fn with_year(named: Named, from_now: Option<i64>) -> Option<Named> {
    match (named, from_now) {
        (named, None) => Some(named),
        (Named::Date { year: Year::Open, month, day }, Some(years)) => {
            Some(Named::Date { year: Year::FromNow(years), month, day })
        }
        _ => None,
    }
}

/// The day of a run of numbers and months. `is_whole`: the text has no other words. `has_time`: it speaks of hours.
fn calendar(run: &[Item], is_whole: bool, has_time: bool) -> Option<Named> {
    let is_full = |year: i64| (1000..10_000).contains(&year);
    let is_year =
        |year: Number, is_sure: bool| is_full(year.value) || (is_sure && year.is_long() && year.value < 100);
    let date = |year: Option<Number>, month: i64, day: Number| Named::Date {
        year: year.map_or(Year::Open, |year| Year::Exactly(year.value)),
        month,
        day: day.value,
    };
    Some(match *run {
        [Item::Number(day), Item::Month(month)] => date(None, month, day),
        [Item::Month(month), Item::Number(day)] if is_whole || day.is_ordinal => date(None, month, day),
        [Item::Number(day), Item::Month(month), Item::Number(year)] if is_year(year, is_whole) => {
            date(Some(year), month, day)
        }
        [Item::Number(year), Item::Number(day), Item::Month(month)] if is_full(year.value) => {
            date(Some(year), month, day)
        }
        [Item::Number(year), Item::Month(month), Item::Number(day)]
            if is_full(year.value) && (is_whole || day.is_ordinal) =>
        {
            date(Some(year), month, day)
        }
        [Item::Month(month), Item::Number(day), Item::Number(year)] if is_whole && is_full(year.value) => {
            date(Some(year), month, day)
        }
        [Item::Number(a), Item::Number(b), Item::Number(c)]
            if is_whole || (b.is_joined() && c.is_joined()) =>
        {
            if is_full(a.value) {
                date(Some(a), b.value, c)
            } else if is_year(c, true) {
                date(Some(c), b.value, a)
            } else {
                return None;
            }
        }
        // In a sentence `05.03` may be an hour or a sum.
        [Item::Number(day), Item::Number(month)]
            if day.form != Form::Word && (0..100).contains(&month.value) && (0..=31).contains(&day.value) =>
        {
            let is_sure = month.is_joined() && month.is_long() && month.value <= 12 && !has_time;
            if !is_whole && !is_sure {
                return None;
            }
            date(None, month.value, day)
        }
        _ => return None,
    })
}

/// Days since the last such day of the week before today.
fn days_since(today: Day, weekday: i64) -> i64 {
    let days = (i64::from(today.weekday().num_days_from_monday()) - weekday).rem_euclid(7);
    if days == 0 { 7 } else { days }
}

fn shifted(today: Day, shift: i64) -> DateAnswer {
    let days = Days::new(shift.unsigned_abs());
    let day = if shift < 0 { today.checked_sub_days(days) } else { today.checked_add_days(days) };
    day.map_or(DateAnswer::Unclear, DateAnswer::Day)
}

fn dated(year: Year, month: i64, day: i64, today: Day, is_past: bool) -> DateAnswer {
    let this = i64::from(today.year());
    let day_of = |year: i64| {
        Day::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    };
    let found = match year {
        Year::FromNow(years) => day_of(this + years),
        Year::Exactly(year) => {
            let year = if (1..100).contains(&year) { 2000 + year } else { year };
            // A year far off is a slip of the keyboard.
            ((this - 100)..=(this + 2)).contains(&year).then(|| day_of(year)).flatten()
        }
        Year::Open => {
            let candidates: Vec<Day> = [this - 1, this, this + 1].into_iter().filter_map(day_of).collect();
            let latest = candidates.iter().copied().filter(|day| *day <= today).max();
            let coming = candidates.iter().copied().filter(|day| *day > today).min();
            let is_near = |day: &Day| (today - *day).num_days() <= PAST_DAYS;
            if is_past { latest } else { latest.filter(is_near).or(coming).or(latest) }
        }
    };
    found.map_or(DateAnswer::Impossible, DateAnswer::Day)
}

#[cfg(test)]
mod tests;
