//! Words of the data that the desk's pages turn into texts, and texts that its templates name.

use std::{collections::BTreeSet, fs, path::Path};

use crate::dialogs::embedded_release;
use safar::{
    app::console_texts,
    desk::outcome::{AUDIENCES, HELPS, MARKS, PLACES, SEXES, TARGETS},
    domain::StaffLocale,
};

#[test]
fn every_word_of_the_lists_has_a_text_in_each_language() {
    let texts = console_texts().unwrap();
    let lists: [(&str, &[&str]); 11] = [
        ("help-", &HELPS),
        ("target-", &TARGETS),
        ("sex-", &SEXES),
        ("country-", &PLACES),
        ("mark-", &MARKS),
        ("audience-", &AUDIENCES),
        ("age-", &["under-18", "18-24", "25-29", "30-34", "35-49", "50-59", "60-up", "U"]),
        ("desk-channel-", &["tg", "wa", "web", "centre", "phone"]),
        ("desk-state-", &["waiting", "claimed", "closed", "erased"]),
        ("delivery-", &["queued", "held", "sent", "delivered", "read", "failed", "uncertain"]),
        ("weekday-", &["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    ];
    for (prefix, words) in lists {
        for word in words {
            for locale in StaffLocale::ALL {
                let id = format!("{prefix}{word}");
                assert!(texts.has(locale, &id), "{locale}: {id}");
            }
        }
    }
    for topic in embedded_release().settings.topics.iter().flatten() {
        for locale in StaffLocale::ALL {
            assert!(texts.has(locale, &format!("topic-{topic}")), "{locale}: topic-{topic}");
        }
    }
}

#[test]
fn every_text_that_a_template_or_page_names_is_there_in_each_language() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut ids = BTreeSet::new();
    for folder in ["src/web/templates/staff/desk", "src/web/staff/desk"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            for call in ["frame.t(\"", "frame.n(\"", "frame.with(\"", "frame.with2(\""] {
                for rest in text.split(call).skip(1) {
                    ids.insert(rest.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    assert!(ids.len() > 100, "only {} texts found", ids.len());
    let texts = console_texts().unwrap();
    for id in &ids {
        for locale in StaffLocale::ALL {
            assert!(texts.has(locale, id), "{locale}: {id}");
        }
    }
}
