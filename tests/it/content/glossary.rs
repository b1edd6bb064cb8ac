//! `docs/glossary.md` is made of `content/glossary.toml`. `UPDATE_DOCS=1` writes it anew.

use std::{collections::BTreeSet, path::Path};

use safar::{
    content::{embedded, glossary_table},
    domain::Locale,
    lang::has_stem,
};

const HEAD: &str = "# Glossary

The terms of all texts, and the words that they do not use. Made of `content/glossary.toml`, which the check reads: \
change it there, then `UPDATE_DOCS=1 cargo test glossary`. Russian terms in brackets stand in the text at the first \
mention, because people must say them at the counter. How the check compares: [content.md](content.md#the-glossary).

";

#[test]
fn the_document_shows_the_glossary_of_the_content() {
    let release = crate::dialogs::embedded_release();
    assert!(release.glossary.len() >= 30, "{} terms", release.glossary.len());
    let wanted = format!("{HEAD}{}", glossary_table(&release.glossary));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/glossary.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "docs/glossary.md is not what content/glossary.toml says: run with UPDATE_DOCS=1"
    );
}

/// What one line wants, no other line may forbid.
#[test]
fn no_term_is_a_word_to_avoid() {
    let release = crate::dialogs::embedded_release();
    for locale in [Locale::Tg, Locale::Ky] {
        let mut seen = BTreeSet::new();
        for avoided in release.glossary.iter().flat_map(|term| term.avoided(locale)) {
            assert!(seen.insert(avoided), "{locale}: {avoided} stands twice");
            assert_eq!(avoided.to_lowercase(), **avoided, "{locale}: small letters");
            for term in &release.glossary {
                let wanted = term.wanted(locale).to_lowercase();
                let free = wanted.split('(').next().unwrap();
                let mut words = free.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
                assert!(
                    !words.any(|word| has_stem(word, avoided, locale)),
                    "{locale}: {avoided} in {wanted}"
                );
            }
        }
    }
    assert!(embedded().0.contains_key("content/glossary.toml"), "it is exported with the release");
}
