//! A content folder as texts by path, and the one that is built into the program.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::{Locale, StaffLocale, hex};

static CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content");
static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/locales");

/// Files of a language with strings of the staff's pages, by what they are about.
pub const CONSOLE_NAMES: [&str; 15] = [
    "board.ftl",
    "campaigns.ftl",
    "check.ftl",
    "console.ftl",
    "desk.ftl",
    "field.ftl",
    "reports.ftl",
    "studio.ftl",
    "studio-edit.ftl",
    "studio-feedback.ftl",
    "studio-fields.ftl",
    "studio-lists.ftl",
    "studio-sets.ftl",
    "studio-sheets.ftl",
    "studio-try.ftl",
];
/// Words of the files for donors, and the languages that they have.
pub const REPORT_NAME: &str = "report.ftl";
const REPORT_LOCALES: [StaffLocale; 2] = [StaffLocale::Ru, StaffLocale::En];

/// Texts by path: `content/patent/tree.toml`, `locales/tg/content/patent.ftl`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Files(pub BTreeMap<String, String>);

impl Files {
    /// Whether a path belongs to a release.
    pub fn is_content(path: &str) -> bool {
        let toml = path.starts_with("content/") && path.ends_with(".toml");
        let ftl = path.strip_prefix("locales/").is_some_and(|rest| {
            rest.split_once("/content/").is_some_and(|(locale, _)| Locale::parse(locale).is_some())
        }) && path.ends_with(".ftl");
        toml || ftl
    }

    /// The language of a file of the staff's pages, by its path.
    fn of_console(path: &str) -> Option<StaffLocale> {
        let (locale, name) = path.strip_prefix("locales/")?.split_once('/')?;
        let locale = StaffLocale::parse(locale)?;
        let is_of_report = name == REPORT_NAME && REPORT_LOCALES.contains(&locale);
        (is_of_report || CONSOLE_NAMES.contains(&name)).then_some(locale)
    }

    /// Language, path and text of each file of the staff's pages.
    pub fn console_texts(&self) -> impl Iterator<Item = (StaffLocale, &str, &str)> {
        self.0.iter().filter_map(|(path, text)| Some((Self::of_console(path)?, path.as_str(), text.as_str())))
    }

    /// SHA-256 over paths and texts, in hex.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for (path, text) in &self.0 {
            digest.update((path.len() as u64).to_le_bytes());
            digest.update(path.as_bytes());
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        }
        hex(&digest.finalize())
    }

    /// The locale and file name of each text file.
    pub fn texts(&self) -> impl Iterator<Item = (Locale, &str, &str)> {
        self.0.iter().filter_map(|(path, text)| {
            let (locale, _) = path.strip_prefix("locales/")?.split_once('/')?;
            Some((Locale::parse(locale)?, path.as_str(), text.as_str()))
        })
    }
}

/// The content of this binary.
pub fn embedded() -> Files {
    let mut files = Files::default();
    collect(&CONTENT, "content", &mut files);
    collect(&LOCALES, "locales", &mut files);
    files.0.retain(|path, _| Files::is_content(path));
    files
}

/// Interface strings of this binary: `locales/<locale>/*.ftl`, but for those of the staff's pages.
pub fn interface_files() -> Files {
    let mut files = Files::default();
    collect(&LOCALES, "locales", &mut files);
    files.0.retain(|path, _| !Files::is_content(path) && Files::of_console(path).is_none());
    files
}

/// Strings of the staff's pages in this binary, in their four languages.
pub fn console_files() -> Files {
    let mut files = Files::default();
    collect(&LOCALES, "locales", &mut files);
    files.0.retain(|path, _| Files::of_console(path).is_some());
    files
}

fn collect(dir: &Dir<'_>, root: &str, files: &mut Files) {
    for file in dir.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.0.insert(format!("{root}/{path}"), text.to_owned());
        }
    }
    for dir in dir.dirs() {
        collect(dir, root, files);
    }
}
