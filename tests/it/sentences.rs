//! What staff read of a finding: a sentence in each of their languages, with the words of the studio's forms.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use safar::{
    check::{self, CODES},
    content::{Finding, Grade, Kind, PlaceKind, Severity, Unit, console_files},
    domain::StaffLocale,
    engine::tool,
    text::{StaffTexts, entries},
};

use crate::check::found;

static TEXTS: LazyLock<StaffTexts> = LazyLock::new(|| {
    let files = console_files();
    let (texts, errors) = StaffTexts::load(files.console_texts());
    assert!(errors.is_empty(), "{errors:?}");
    texts
});

/// Variables of each message of a language's file.
fn variables(locale: StaffLocale, name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let files = console_files();
    let of = |entry: safar::text::Entry| {
        let all = entry.parts.iter().flat_map(|(_, shape)| shape.variables.clone()).collect();
        (entry.id, all)
    };
    entries(&files.0[&format!("locales/{locale}/{name}")]).into_iter().map(of).collect()
}

#[test]
fn each_code_has_a_sentence_in_each_language_with_the_same_variables_and_none_is_left_over() {
    let severities = ["severity-error", "severity-warning", "severity-due"];
    let wanted: BTreeSet<&str> = CODES.iter().copied().chain(severities).collect();
    let english = variables(StaffLocale::En, "check.ftl");
    for locale in StaffLocale::ALL {
        let own = variables(locale, "check.ftl");
        let found: BTreeSet<&str> = own.keys().map(String::as_str).collect();
        assert_eq!(found, wanted, "{locale}");
        let differ: Vec<_> = own.iter().filter(|(id, own)| english[*id] != **own).collect();
        assert!(differ.is_empty(), "{locale}: {differ:?}");
    }
}

#[test]
fn no_sentence_lacks_an_argument() {
    for finding in found() {
        for locale in StaffLocale::ALL {
            let sentence = check::sentence_in(&TEXTS, locale, finding);
            assert!(!sentence.contains("{$") && sentence != finding.code, "{locale}: {sentence}");
        }
    }
}

#[test]
fn what_the_check_names_has_a_name_in_each_language() {
    let mut missing = BTreeSet::new();
    for finding in found() {
        for (name, value) in &finding.args {
            let id = match (finding.code, *name) {
                ("file-broken" | "text-broken", _) => continue,
                ("when-value-unknown", "what") => format!("profile-{value}"),
                (_, "what") => format!("studio-field-{value}"),
                (_, "attribute") => match value.split_once('-') {
                    Some((part, _)) => format!("part-{part}"),
                    None => format!("part-{value}"),
                },
                (_, "kind") => format!("kind-{value}"),
                (_, "locale") => format!("in-{value}"),
                _ => continue,
            };
            // A part that nobody knows is what that finding is about.
            if finding.code != "attribute-extra" {
                missing.extend(
                    StaffLocale::ALL.into_iter().filter(|l| !TEXTS.has(*l, &id)).map(|l| (l, id.clone())),
                );
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// Keys of the content's files, as the program reads them.
fn keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let sources = [
        include_str!("../../src/content/parse/raw.rs"),
        include_str!("../../src/content/templates.rs"),
        include_str!("../../src/content/replies.rs"),
    ];
    for source in sources {
        for of_struct in source.split("struct Raw").skip(1) {
            let (name, rest) = of_struct.split_once(" {").unwrap();
            // Lists of whole items are no fields.
            let is_list =
                ["Sources", "Glossary", "Figures", "Places", "Tree", "Templates", "Replies"].contains(&name);
            let fields = rest.split_once("\n}").unwrap().0;
            let names =
                fields.lines().filter_map(|line| line.trim().trim_start_matches("pub ").split_once(": "));
            let names = names
                .map(|(name, _)| name)
                .filter(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            if !is_list {
                keys.extend(names.map(str::to_owned));
            }
        }
    }
    // Said by the language's own name in the form; `for` in the file.
    for (key, instead) in [("language", None), ("locales", Some("for")), ("format", None)] {
        assert!(keys.remove(key), "{key} is no key any more");
        keys.extend(instead.map(str::to_owned));
    }
    keys
}

#[test]
fn each_field_and_each_word_of_a_list_has_a_name_in_each_language() {
    let mut ids: BTreeSet<String> = keys().into_iter().map(|key| format!("studio-field-{key}")).collect();
    assert!(
        ids.contains("studio-field-review_by") && ids.contains("studio-field-for") && ids.len() > 50,
        "{ids:?}"
    );
    let mut add =
        |family: &str, words: &[&str]| ids.extend(words.iter().map(|word| format!("{family}-{word}")));
    add("kind", &Kind::NAMES);
    add("unit", &Unit::ALL.map(|(name, _)| name));
    add("grade", &Grade::ALL.map(|(name, _)| name));
    add("place-kind", &PlaceKind::ALL.map(|(name, _)| name));
    add("caution", &["check", "recalled"]);
    add("k", &["how", "help", "both", "other"]);
    add("answer", &["one-of", "date", "number", "text"]);
    add("part", &["title", "text", "button", "keywords", "opt", "out", "note", "name", "tool"]);
    add("profile", &["audience", "citizenship", "destination", "sex", "age", "city"]);
    add("studio-field", &["place-kind", "retired"]);
    add("in", &StaffLocale::ALL.map(StaffLocale::as_str));
    let items = [
        "node", "text", "figure", "region", "place", "source", "term", "reply", "template", "retired", "head",
    ];
    add("item", &items);
    add("item", &["whole"]);
    for tool in tool::ALL {
        add("tool-name", &[tool.name()]);
        add("tool-input", &tool.inputs().iter().map(|need| need.name).collect::<Vec<_>>());
    }
    let lacks = |locale| ids.iter().filter(|id| !TEXTS.has(locale, id)).collect::<Vec<_>>();
    for locale in StaffLocale::ALL {
        assert_eq!(lacks(locale), Vec::<&String>::new(), "{locale}");
    }
}

/// The words of the forms, not the keys of the files; what was typed stays.
#[test]
fn a_sentence_speaks_the_words_of_the_form() {
    let date = Finding::error("date-form", "f", 1, "k").with("what", "review_by").with("value", "31.12.2026");
    let text =
        Finding::error("attribute-missing", "f", 1, "k").with("attribute", "opt-yes").with("locale", "ky");
    let who = Finding::error("otherwise-circle", "f", 1, "k").with("who", "citizenship=TJ, sex=F, city=osh");
    let figures = Finding::error("figures-differ", "f", 1, "k")
        .with("attribute", "text")
        .with("missing", "")
        .with("extra", "fee (moscow)");
    let none = Finding::error("places-none", "f", 1, "k").with("value", "-");
    for (finding, locale, expected) in [
        (
            &date,
            StaffLocale::Ru,
            "«Проверить до»: «31.12.2026» — не дата. Напишите год, месяц и день так: 2026-11-24.",
        ),
        (
            &date,
            StaffLocale::En,
            "Check by: \"31.12.2026\" is not a date. Write year, month and day like this: 2026-11-24.",
        ),
        (&text, StaffLocale::Ru, "Не заполнено по-кыргызски: Ответ «yes». Напишите."),
        (&text, StaffLocale::Tg, "Пур нашудааст ба қирғизӣ: Ҷавоби «yes». Нависед."),
        (&text, StaffLocale::Ky, "Толтурулган эмес (кыргызча): «yes» жообу. Жазыңыз."),
        (
            &who,
            StaffLocale::Ru,
            "«Иначе показать» ведёт по кругу для таких людей: Гражданство: Таджикистан, Пол: Женский, Город: osh. \
             Выберите для них другой узел.",
        ),
        (
            &figures,
            StaffLocale::Ky,
            "Текст: сандар орусча тексттегидей эмес. Жетишпейт: эч нерсе. Ашыкча: fee (moscow). Аларды бирдей кылыңыз.",
        ),
        (
            &none,
            StaffLocale::Tg,
            "Ягон ҷой аз ин навъ нест: ягон навъ интихоб нашудааст. Ҷой илова кунед ё ин навъро аз «Навъҳои ҷойҳо» гиред.",
        ),
    ] {
        assert_eq!(check::sentence_in(&TEXTS, locale, finding), expected);
    }
    // On the command line's own English the keys of the files stay.
    assert!(check::line(&date).starts_with("f:1: error[date-form] k: review_by: \"31.12.2026\""));
    assert!(
        check::line_in(&TEXTS, StaffLocale::Tg, &date).starts_with("f:1: хато[date-form] k: «Санҷидан то»")
    );
    assert_eq!(check::severity_in(&TEXTS, StaffLocale::Ky, Severity::Warning), "Эскертүү");
}
