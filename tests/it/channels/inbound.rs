//! What receive cases of all channels share: payloads, how content is written down, and how payloads are broken.

use std::{fs, path::Path};

use bytes::Bytes;
use proptest::{prelude::*, sample::Index};
use safar::domain::{Content, Timestamp};
use toml::Table;

use super::cases;

/// Longer texts are compared by their length.
const SHOWN_CHARS: usize = 200;

/// Puts a text many times where a mark stands in the payload.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    mark: String,
    text: String,
    times: usize,
}

impl Fill {
    pub fn into(&self, text: &str) -> String {
        text.replace(&self.mark, &self.text.repeat(self.times))
    }
}

/// When the cases are taken in.
pub fn now() -> Timestamp {
    Timestamp::from_iso("2026-11-24T09:00:00Z").unwrap()
}

pub fn payload(folder: &Path, name: &str, fills: &[Fill]) -> Bytes {
    let path = folder.join("payloads").join(name);
    let raw = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if fills.is_empty() {
        return raw.into();
    }
    fills.iter().fold(String::from_utf8(raw).unwrap(), |text, fill| fill.into(&text)).into()
}

/// A content's kind and value.
pub fn content(content: &Content) -> Table {
    let mut table = Table::from_iter([("kind".into(), content.kind().into())]);
    match content {
        Content::Text(text) | Content::Tap(text) | Content::Command(text) | Content::Edited(text) => {
            match text.chars().count() {
                0..=SHOWN_CHARS => table.insert("value".into(), text.as_ref().into()),
                chars => table.insert("chars".into(), i64::try_from(chars).unwrap().into()),
            }
        }
        Content::Start { code } => {
            code.as_ref().and_then(|code| table.insert("code".into(), code.as_str().into()))
        }
        Content::Media(kind) => table.insert("value".into(), format!("{kind:?}").to_lowercase().into()),
        Content::Moved { to, is_number } => {
            let to: Vec<toml::Value> = to.iter().map(|address| address.external.as_ref().into()).collect();
            table.insert("value".into(), if *is_number { "number" } else { "user id" }.into());
            table.insert("to".into(), toml::Value::Array(to))
        }
        Content::Reach(reach) => table.insert("value".into(), format!("{reach:?}").to_lowercase().into()),
    };
    table
}

/// All payload files of a channel that hold anything.
pub fn payloads(channel: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(cases::folder(channel).join("payloads")).unwrap();
    let mut paths: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).filter(|raw| !raw.is_empty()).collect()
}

/// A place, what to do there, with which byte, how far.
pub type Edit = (Index, u8, u8, usize);

pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    proptest::collection::vec((any::<Index>(), 0_u8..4, any::<u8>(), 1_usize..40), 1..6)
}

/// A payload with bytes replaced, taken out, doubled, or its end cut off.
pub fn mutated(payload: &[u8], edits: Vec<Edit>) -> Bytes {
    let mut raw = payload.to_vec();
    for (place, what, byte, length) in edits {
        if raw.is_empty() {
            break;
        }
        let at = place.index(raw.len());
        let end = (at + length).min(raw.len());
        match what {
            0 => raw[at] = byte,
            1 => drop(raw.drain(at..end)),
            2 => {
                let again = raw[at..end].to_vec();
                raw.splice(at..at, again);
            }
            _ => raw.truncate(at),
        }
    }
    raw.into()
}
