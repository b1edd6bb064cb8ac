//! Strings of the staff's pages, in their four languages.

use fluent_bundle::{FluentResource, concurrent::FluentBundle};

use super::{Args, TextError, bundle, line_of};
use crate::domain::StaffLocale;

/// The strings by language.
pub struct StaffTexts([FluentBundle<FluentResource>; 4]);

impl std::fmt::Debug for StaffTexts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StaffTexts")
    }
}

impl StaffTexts {
    /// Reads `(language, file name, text)`. Broken entries are left out and reported.
    pub fn load<'a>(
        files: impl IntoIterator<Item = (StaffLocale, &'a str, &'a str)>,
    ) -> (Self, Vec<TextError>) {
        let mut bundles = StaffLocale::ALL.map(|locale| bundle(locale.as_str()));
        let mut errors = Vec::new();
        for (locale, file, text) in files {
            let error = |line, what| TextError { file: file.to_owned(), line, what };
            let resource = match FluentResource::try_new(text.to_owned()) {
                Ok(resource) => resource,
                Err((resource, problems)) => {
                    errors.extend(
                        problems.into_iter().map(|p| error(line_of(text, p.pos.start), p.kind.to_string())),
                    );
                    resource
                }
            };
            let Some(bundle) = bundles.get_mut(locale.index()) else { continue };
            if let Err(problems) = bundle.add_resource(resource) {
                errors.extend(problems.into_iter().map(|problem| error(0, problem.to_string())));
            }
        }
        (Self(bundles), errors)
    }

    /// The message in a language; in Russian when it is missing there; its id when it is nowhere (tests find both).
    pub fn get(&self, locale: StaffLocale, id: &str, args: Option<&Args<'_>>) -> String {
        let own = self.exact(locale, id, args);
        own.or_else(|| self.exact(StaffLocale::Ru, id, args)).unwrap_or_else(|| id.to_owned())
    }

    fn exact(&self, locale: StaffLocale, id: &str, args: Option<&Args<'_>>) -> Option<String> {
        let bundle = self.0.get(locale.index())?;
        let pattern = bundle.get_message(id)?.value()?;
        Some(bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned())
    }

    /// Whether this very language has the message.
    pub fn has(&self, locale: StaffLocale, id: &str) -> bool {
        self.0.get(locale.index()).is_some_and(|bundle| bundle.has_message(id))
    }
}
