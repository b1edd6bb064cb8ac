//! The program's own texts (`locales/<locale>/*.ftl`): all that the code asks for, alike in the three languages.
//! They come with the binary, so tests ask this, not the start.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    alphabet, sort,
    subject::{Text, index},
};
use crate::{
    content::{CONSOLE_NAMES, Files, Finding},
    domain::{Locale, StaffLocale},
    engine::{Note, System},
    text::{Shape, entries},
};

/// Messages of `bot.ftl` that `engine`, `compose` and the channels' set-up name, beside notes and screens.
const IDS: &[&str] = &[
    "button-case",
    "case-helped",
    "case-no",
    "case-places",
    "case-terms",
    "case-unhelped",
    "case-urgent",
    "case-yes",
    "mydata-case-closed",
    "mydata-case-open",
    "button-back",
    "button-home",
    "button-language",
    "button-list",
    "list-topics",
    "list-more",
    "button-more",
    "button-person",
    "button-skip",
    "caution-check",
    "caution-check-undated",
    "caution-overdue",
    "caution-recalled",
    "command-delete",
    "command-help",
    "command-hide",
    "command-lang",
    "command-menu",
    "command-mydata",
    "command-start",
    "command-stop",
    "date",
    "delete-no",
    "delete-yes",
    "description",
    "figure-draft",
    "figure-unknown",
    "language-en",
    "language-fa",
    "language-kk",
    "language-ky",
    "language-ru",
    "language-tg",
    "language-uz",
    "month-year",
    "mydata-tail",
    "place-confirmed",
    "place-languages",
    "place-unconfirmed",
    "place-undated",
    "resume",
    "short-description",
    "sign-back",
    "sign-home",
    "sign-skip",
    "source-line",
    "source-line-undated",
    "stop-no",
    "stop-yes",
    "source-undated",
    "unit-days",
    "unit-hours",
    "unit-kgs",
    "unit-kzt",
    "unit-months",
    "unit-mrp",
    "unit-tjs",
    "unit-usd",
    "unit-working-days",
    "unit-years",
    "year",
];

/// Files of which each language has all messages.
const NAMES: [&str; 3] = ["bot.ftl", "chat.ftl", "leaflet.ftl"];

/// Checks the files that [`crate::content::interface_files`] gives.
pub fn check(files: &Files) -> Vec<Finding> {
    let mut out = Vec::new();
    for name in NAMES {
        let of_name = Files(
            files
                .0
                .iter()
                .filter(|(path, _)| path.ends_with(&format!("/{name}")))
                .map(|(p, t)| (p.clone(), t.clone()))
                .collect(),
        );
        one(name, &of_name, &mut out);
    }
    sort(&mut out);
    out
}

/// Checks the files that [`crate::content::console_files`] gives: each of the four languages has all that Russian has,
/// with the same variables, and nothing else.
pub fn console(files: &Files) -> Vec<Finding> {
    let mut out = Vec::new();
    for name in CONSOLE_NAMES {
        let of_locale = |locale: StaffLocale| -> BTreeMap<String, Text<'_>> {
            let path = format!("locales/{locale}/{name}");
            let Some((file, text)) = files.0.get_key_value(&path) else { return BTreeMap::new() };
            entries(text).into_iter().map(|entry| (entry.id.clone(), Text { file, entry })).collect()
        };
        let texts = StaffLocale::ALL.map(|locale| (locale, of_locale(locale)));
        let all: BTreeSet<&String> = texts.iter().flat_map(|(_, texts)| texts.keys()).collect();
        let reference =
            texts.iter().find_map(|(locale, texts)| (*locale == StaffLocale::Ru).then_some(texts));
        for (locale, own) in &texts {
            for id in &all {
                match (own.get(*id), reference.and_then(|texts| texts.get(*id))) {
                    (None, _) => {
                        let path = format!("locales/{locale}/{name}");
                        out.push(
                            Finding::error("interface-missing", path, 0, id.as_str()).with("locale", locale),
                        );
                    }
                    (Some(text), Some(reference)) => alike(reference, text, &mut out),
                    (Some(_), None) => {}
                }
            }
            if let Some(locale) = locale.chat() {
                alphabet::every(locale, &own.values().collect::<Vec<_>>(), &mut out);
            }
        }
    }
    sort(&mut out);
    out
}

fn one(name: &str, files: &Files, out: &mut Vec<Finding>) {
    let texts = index(files);
    let mut wanted: BTreeSet<String> = texts.values().flat_map(BTreeMap::keys).cloned().collect();
    if name == "bot.ftl" {
        wanted.extend(IDS.iter().map(ToString::to_string));
        wanted.extend(Note::all().map(str::to_owned));
        wanted.extend(System::ALL.map(|system| system.text_id().to_owned()));
    }
    let reference = texts.get(&Locale::REFERENCE);
    for locale in Locale::ALL {
        let own = texts.get(&locale);
        for id in &wanted {
            match own.and_then(|own| own.get(id.as_str())) {
                None => {
                    let path = format!("locales/{locale}/{name}");
                    out.push(Finding::error("interface-missing", path, 0, id).with("locale", locale));
                }
                Some(text) => {
                    if let Some(reference) = reference.and_then(|texts| texts.get(id.as_str())) {
                        alike(reference, text, out);
                    }
                }
            }
        }
        let all: Vec<&Text<'_>> = own.into_iter().flat_map(BTreeMap::values).collect();
        alphabet::every(locale, &all, out);
    }
}

fn alike(reference: &Text<'_>, text: &Text<'_>, out: &mut Vec<Finding>) {
    let variables = |text: &Text<'_>| -> BTreeMap<Option<String>, BTreeSet<String>> {
        let one = |(name, shape): &(Option<String>, Shape)| (name.clone(), shape.variables.clone());
        text.entry.parts.iter().map(one).collect()
    };
    let (wanted, own) = (variables(reference), variables(text));
    if wanted != own {
        let list = |parts: BTreeMap<Option<String>, BTreeSet<String>>| {
            let names: Vec<String> = parts.into_values().flatten().map(|name| format!("${name}")).collect();
            names.join(" ")
        };
        let finding = Finding::error("interface-variables", text.file, text.entry.line, &*text.entry.id);
        out.push(finding.with("wanted", list(wanted)).with("found", list(own)));
    }
}
