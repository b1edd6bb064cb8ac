//! What a count of the field is proved by (indicators.md §1.10, §1.14): attendance lists, registers' pages, documents.

use std::collections::BTreeMap;

use super::trace::{Traced, Unit};
use crate::store::{StoreError, Tx, indicators::log};

/// Attributes of an event that name its evidence: SHA-256 of each file, those of an import too.
const NAMED_BY: [&str; 2] = ["evidence", "sha256"];
/// Most characters that are told of an event: several files' sums.
const TOLD_MAX: usize = 700;

/// Sets what each unit and head-count is proved by. Only events of the field have any: those of the bot are not read.
pub(super) async fn add(tx: &mut Tx, traced: &mut Traced) -> Result<(), StoreError> {
    let of_field = |unit: &&mut super::Contributor| {
        !unit.event.is_empty() && (matches!(unit.unit, Unit::Record(_)) || unit.channel == CENTRE)
    };
    let mut ids: Vec<String> = traced.heads.iter().map(|head| head.entry.clone()).collect();
    ids.extend(traced.units.iter_mut().filter(of_field).map(|unit| unit.event.clone()));
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort();
    ids.dedup();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let told: BTreeMap<String, String> =
        log::named(tx, &ids).await?.into_iter().map(|row| (row.event_id, named(&row.attrs))).collect();
    let of = |event: &str| told.get(event).cloned().unwrap_or_default();
    for head in &mut traced.heads {
        head.evidence = of(&head.entry);
    }
    for unit in traced.units.iter_mut().filter(of_field) {
        unit.evidence = of(&unit.event);
    }
    Ok(())
}

const CENTRE: &str = crate::indicators::Channel::Centre.as_str();

/// The references of an event's attributes, parted by spaces. What stands in no reference is left out: the list is a table
/// that a spreadsheet opens.
fn named(attrs: &str) -> String {
    let attrs: BTreeMap<String, serde_json::Value> = serde_json::from_str(attrs).unwrap_or_default();
    let texts = NAMED_BY.iter().filter_map(|key| attrs.get(*key)?.as_str()).filter(|text| !text.is_empty());
    let texts = texts.collect::<Vec<_>>().join(" ");
    let plain = texts.chars().filter(|c| c.is_ascii_alphanumeric() || [' ', '_', '.', ':'].contains(c));
    plain.take(TOLD_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_in_two_attributes() {
        assert_eq!(named(r#"{"evidence":"aa bb","by":"u1"}"#), "aa bb");
        assert_eq!(named(r#"{"sha256":"=cc,\"1\"","place":"Osh"}"#), "cc1");
        assert_eq!((named("{}"), named("no json"), named(r#"{"sha256":7}"#)), Default::default());
    }
}
