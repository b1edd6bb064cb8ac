//! Fluent messages of one set of files in the three languages. Reads no file itself.

mod staff;
mod syntax;

use std::{borrow::Cow, collections::HashMap};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::domain::Locale;

pub use staff::StaffTexts;
pub use syntax::{Entry, Shape, entries};

/// Starts a figure's place in a formatted text; [`FIGURE_END`] closes it.
///
/// `FIGURE("id", $key)` cannot know the day, so it leaves `START id US key END` and `compose` puts in
/// the value of the day. The marks are private-use characters that the check forbids in texts.
pub const FIGURE_START: char = '\u{E000}';
pub const FIGURE_SEPARATOR: char = '\u{E001}';
pub const FIGURE_END: char = '\u{E002}';

/// Texts of one locale could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    pub file: String,
    pub line: usize,
    pub what: String,
}

/// Where each message stands.
type Places = HashMap<Box<str>, (Box<str>, usize)>;

/// All messages of a set of files, by locale.
pub struct Texts {
    bundles: [FluentBundle<FluentResource>; 3],
    /// Where each message stands: (file, line), for findings.
    places: [Places; 3],
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({} messages)", self.places[0].len())
    }
}

/// Variables of a message.
pub type Args<'a> = FluentArgs<'a>;

impl Texts {
    /// Reads `(locale, file name, text)`. Broken entries are left out and reported.
    pub fn load<'a>(files: impl IntoIterator<Item = (Locale, &'a str, &'a str)>) -> (Self, Vec<TextError>) {
        let mut texts =
            Self { bundles: Locale::ALL.map(|locale| bundle(locale.as_str())), places: Default::default() };
        let mut errors = Vec::new();
        for (locale, file, text) in files {
            texts.add(locale, file, text, &mut errors);
        }
        (texts, errors)
    }

    fn add(&mut self, locale: Locale, file: &str, text: &str, errors: &mut Vec<TextError>) {
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) => resource,
            Err((resource, problems)) => {
                errors.extend(problems.into_iter().map(|problem| TextError {
                    file: file.to_owned(),
                    line: line_of(text, problem.pos.start),
                    what: problem.kind.to_string(),
                }));
                resource
            }
        };
        let [ru, tg, ky] = &mut self.bundles;
        let bundle = match locale {
            Locale::Ru => ru,
            Locale::Tg => tg,
            Locale::Ky => ky,
        };
        if let Err(problems) = bundle.add_resource(resource) {
            errors.extend(problems.into_iter().map(|problem| TextError {
                file: file.to_owned(),
                line: 0,
                what: problem.to_string(),
            }));
        }
        let [ru, tg, ky] = &mut self.places;
        let places = match locale {
            Locale::Ru => ru,
            Locale::Tg => tg,
            Locale::Ky => ky,
        };
        for entry in entries(text) {
            places.insert(entry.id.into(), (file.into(), entry.line));
        }
    }

    fn bundle(&self, locale: Locale) -> &FluentBundle<FluentResource> {
        let [ru, tg, ky] = &self.bundles;
        match locale {
            Locale::Ru => ru,
            Locale::Tg => tg,
            Locale::Ky => ky,
        }
    }

    /// Whether this very locale has the message, or the attribute of it.
    pub fn has(&self, locale: Locale, id: &str, attribute: Option<&str>) -> bool {
        self.bundle(locale).get_message(id).is_some_and(|message| match attribute {
            None => message.value().is_some(),
            Some(name) => message.get_attribute(name).is_some(),
        })
    }

    /// File and line of a message in this locale.
    pub fn place(&self, locale: Locale, id: &str) -> Option<(&str, usize)> {
        let [ru, tg, ky] = &self.places;
        let places = match locale {
            Locale::Ru => ru,
            Locale::Tg => tg,
            Locale::Ky => ky,
        };
        places.get(id).map(|(file, line)| (file.as_ref(), *line))
    }

    /// Ids of all messages of a locale.
    pub fn ids(&self, locale: Locale) -> impl Iterator<Item = &str> {
        let [ru, tg, ky] = &self.places;
        match locale {
            Locale::Ru => ru,
            Locale::Tg => tg,
            Locale::Ky => ky,
        }
        .keys()
        .map(AsRef::as_ref)
    }

    /// The message, or its attribute, in `locale`; in Russian when it is missing there; `None` when it is nowhere.
    pub fn format<'a>(
        &'a self,
        locale: Locale,
        id: &str,
        attribute: Option<&str>,
        args: Option<&'a Args<'_>>,
    ) -> Option<Cow<'a, str>> {
        self.format_exact(locale, id, attribute, args).or_else(|| {
            (locale != Locale::REFERENCE)
                .then(|| self.format_exact(Locale::REFERENCE, id, attribute, args))
                .flatten()
        })
    }

    fn format_exact<'a>(
        &'a self,
        locale: Locale,
        id: &str,
        attribute: Option<&str>,
        args: Option<&'a Args<'_>>,
    ) -> Option<Cow<'a, str>> {
        let bundle = self.bundle(locale);
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        // Errors here are missing variables: the check finds them before a release; a person sees `{$name}`.
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, args, &mut errors))
    }

    /// Like [`Texts::format`], and says whether a variable or reference was missing.
    pub fn format_strict(
        &self,
        locale: Locale,
        id: &str,
        attribute: Option<&str>,
        args: &Args<'_>,
    ) -> Option<Result<String, String>> {
        let bundle = self.bundle(locale);
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        Some(match errors.first() {
            None => Ok(text),
            Some(error) => Err(error.to_string()),
        })
    }
}

/// Line (from 1) of a byte offset.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

fn bundle(locale: &str) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = locale.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks show as boxes on old phones; the texts are of one direction.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(format_number));
    let added = bundle.add_function("FIGURE", |positional, _named| {
        let mut mark = String::from(FIGURE_START);
        for (place, value) in positional.iter().enumerate() {
            if place > 0 {
                mark.push(FIGURE_SEPARATOR);
            }
            match value {
                FluentValue::String(text) => mark.push_str(text),
                FluentValue::Number(number) => mark.push_str(&number.as_string()),
                _ => {}
            }
        }
        mark.push(FIGURE_END);
        FluentValue::String(mark.into())
    });
    debug_assert!(added.is_ok(), "a fresh bundle has no FIGURE yet");
    bundle
}

/// Numbers in groups of three with a no-break space and a decimal comma: `8 900`, `0,50`, alike in the three languages.
fn format_number<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let text = number.as_string();
    Some(match text.split_once('.') {
        None => group(number.value as i64),
        Some((whole, fraction)) => format!("{},{fraction}", group(whole.parse().ok()?)),
    })
}

/// `12345` as `12 345` (no-break space).
pub fn group(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    if value < 0 {
        out.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{A0}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_leaves_its_mark_and_numbers_are_grouped() {
        let (texts, errors) = Texts::load([(Locale::Ru, "a.ftl", "a = { FIGURE(\"fee\", $r) } и { $n }\n")]);
        assert!(errors.is_empty(), "{errors:?}");
        let mut args = Args::new();
        args.set("r", "moscow");
        args.set("n", 12345);
        let text = texts.format(Locale::Ky, "a", None, Some(&args)).unwrap();
        assert_eq!(text, "\u{E000}fee\u{E001}moscow\u{E002} и 12\u{A0}345");
    }

    #[test]
    fn a_broken_entry_is_reported_with_its_line_and_its_neighbours_live() {
        let (texts, errors) = Texts::load([(Locale::Ru, "a.ftl", "a = 1\nb\nc = 3\n")]);
        assert_eq!(errors.first().map(|e| e.line), Some(2));
        assert!(texts.has(Locale::Ru, "c", None));
    }
}
