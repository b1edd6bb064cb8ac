//! Reads case files strictly and rewrites their expected parts: single lines, so that comments and order stay.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// The channels' folders, found by walking.
pub fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/channels");
    let mut folders: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    assert!(!folders.is_empty(), "no case files under {}", root.display());
    folders
}

/// A channel's folder.
pub fn folder(channel: &str) -> PathBuf {
    folders().into_iter().find(|folder| folder.ends_with(channel)).unwrap()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File<C> {
    case: Vec<C>,
}

/// The cases of a file; an unknown key fails.
pub fn load<C: DeserializeOwned>(path: &Path) -> Vec<C> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str::<File<C>>(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())).case
}

pub fn is_update() -> bool {
    std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1")
}

/// Compares all cases of a file at once, or rewrites the file. `keys` are the expected parts;
/// `actual` and `expected` hold, case by case, those of them that are there.
pub fn settle(path: &Path, keys: &[&str], labels: &[String], expected: &[Table], actual: &[Table]) {
    if is_update() {
        rewrite(path, keys, actual);
        return;
    }
    let mut wrong = String::new();
    for ((label, expected), actual) in labels.iter().zip(expected).zip(actual) {
        if expected != actual {
            let (expected, actual) = (inline(expected), inline(actual));
            wrong.extend(["\n", label, "\n  expected ", &expected, "\n  actual   ", &actual, "\n"]);
        }
    }
    assert!(wrong.is_empty(), "{}:\n{wrong}", path.display());
}

/// Compares requests with the payload files that a case names, as JSON, or writes the files.
pub fn settle_requests(folder: &Path, label: &str, files: Option<&[String]>, made: &[serde_json::Value]) {
    let Some(files) = files else { return };
    assert_eq!(files.len(), made.len(), "{label}: requests");
    for (file, made) in files.iter().zip(made) {
        let path = folder.join("payloads").join(file);
        if is_update() {
            fs::write(&path, serde_json::to_string_pretty(made).unwrap() + "\n").unwrap();
        }
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(*made, expected, "{label}: {file}");
    }
}

fn rewrite(path: &Path, keys: &[&str], actual: &[Table]) {
    let text = fs::read_to_string(path).unwrap();
    let is_expected = |line: &&str| line.split_once(" = ").is_some_and(|(key, _)| keys.contains(&key));
    let mut blocks = text.split("[[case]]\n");
    let mut written = blocks.next().unwrap_or_default().to_owned();
    for (block, table) in blocks.zip(actual) {
        written += "[[case]]\n";
        let kept: Vec<_> = block.trim_end().lines().filter(|line| !is_expected(line)).collect();
        // A comment after the case belongs to the next one.
        let is_own = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let own = kept.iter().rposition(is_own).map_or(0, |last| last + 1);
        written += &kept[..own].join("\n");
        for (key, value) in table {
            written.extend(["\n", key, " = ", &inline_value(value)]);
        }
        let after = kept[own..].join("\n");
        written.extend(["\n", after.trim_end(), "\n"]);
        if !after.trim().is_empty() {
            written.push('\n');
        }
    }
    fs::write(path, written.trim_end().to_owned() + "\n").unwrap();
}

fn inline(table: &Table) -> String {
    let pairs: Vec<_> = table.iter().map(|(key, value)| format!("{key} = {}", inline_value(value))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

fn inline_value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Table(table) => inline(table),
        Value::Array(items) => format!("[{}]", items.iter().map(inline_value).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// A TOML string of one line; what cannot be seen is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        let is_unseen = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{300}'..='\u{36f}');
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            _ if is_unseen => out.extend(format!("\\u{:04X}", u32::from(c)).chars()),
            _ => out.push(c),
        }
    }
    out + "\""
}
