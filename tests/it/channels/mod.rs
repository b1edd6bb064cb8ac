//! Channels against their case files (`tests/data/channels/<channel>/{receive,send}.toml`) and fake APIs.

mod cases;
mod inbound;
pub mod sending;
mod telegram;
mod whatsapp;

use std::fs;

use safar::{
    channels::{self, telegram as tg},
    domain::Unit,
};

#[test]
fn every_folder_of_cases_belongs_to_a_channel_and_has_both_files() {
    for folder in cases::folders() {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(channels::ALL_LIMITS.iter().any(|limits| limits.channel == name), "{name} is no channel");
        assert!(["receive.toml", "send.toml"].iter().all(|file| folder.join(file).is_file()), "{name}");
    }
}

#[test]
fn every_payload_has_a_case() {
    for folder in cases::folders() {
        let files = ["receive.toml", "send.toml"].map(|file| fs::read_to_string(folder.join(file)).unwrap());
        for entry in fs::read_dir(folder.join("payloads")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(files.iter().any(|text| text.contains(&format!("\"{name}\""))), "{name} is in no case");
        }
    }
}

#[test]
fn limits_count_as_the_channel_counts() {
    let units: Vec<_> =
        channels::ALL_LIMITS.iter().map(|limits| (limits.channel, limits.length("я👍"))).collect();
    assert_eq!(units, [("telegram", 3), ("whatsapp", 2), ("web", 2)]);
    assert_eq!(tg::LIMITS.unit, Unit::Utf16);
}

#[test]
fn only_the_whole_secret_matches() {
    let table: [(&str, Option<&[u8]>, bool); 8] = [
        ("s3cret", Some(b"s3cret"), true),
        ("s3cret", Some(b"s3creT"), false),
        ("s3cret", Some(b"s3cre"), false),
        ("s3cret", Some(b"s3cret "), false),
        ("s3cret", Some(b""), false),
        ("s3cret", None, false),
        ("", Some(b""), false),
        ("", None, false),
    ];
    for (expected, given, is_match) in table {
        assert_eq!(tg::secret_matches(expected, given), is_match, "{expected:?} {given:?}");
    }
}
