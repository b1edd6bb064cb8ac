//! Head-counts of the period, gross, overlap and net (indicators.md §1.10).

use std::collections::BTreeMap;

use crate::{
    domain::Day,
    indicators::{Entry, EntryKind, Figures, Heads, Indicator, Measure, Rules, Window},
    store::{StoreError, Tx, indicators::log},
};

/// Attributes of an entry that people typed, in the order in which they are told.
const TYPED: [&str; 8] = ["place", "centre", "topics", "page", "note", "comment", "evidence", "sha256"];
/// Most characters of them that are told.
const TYPED_MAX: usize = 500;

/// What an entry of the field adds to one indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldEntry {
    pub day: Day,
    pub id: String,
    pub indicator: Indicator,
    /// `session`, `clients`, `estimate`, `register`.
    pub activity: &'static str,
    /// Place, topics, evidence: typed by people.
    pub typed: String,
    pub cc: String,
    pub code: String,
    /// Who entered it.
    pub by: String,
    pub gross: Heads,
    pub net: Heads,
    /// Of E1 and EST, which have no sex.
    pub number: u32,
}

impl FieldEntry {
    /// Those whom the bot counted already.
    pub const fn overlap(&self) -> u32 {
        self.gross.total().saturating_sub(self.net.total())
    }

    /// What it adds.
    pub const fn total(&self) -> u32 {
        self.net.total().saturating_add(self.number)
    }
}

/// What each counted entry adds in the window.
pub(super) async fn entries(
    tx: &mut Tx,
    figures: &Figures<'_>,
    entries: &[Entry],
    rules: &Rules,
    period: Window,
) -> Result<Vec<FieldEntry>, StoreError> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let typed: BTreeMap<String, String> =
        log::field(tx).await?.into_iter().map(|row| (row.event_id, typed(&row.attrs))).collect();
    let mut found = Vec::new();
    for indicator in Indicator::ALL {
        for net in figures.nets(*indicator, period, Measure::New) {
            let text = |value: &Option<Box<str>>| value.as_deref().unwrap_or_default().to_owned();
            found.push(FieldEntry {
                day: rules.day(net.entry.at).unwrap_or(net.day),
                id: net.entry.id.to_string(),
                indicator: *indicator,
                activity: activity(&net.entry.kind),
                typed: typed.get(&*net.entry.id).cloned().unwrap_or_default(),
                cc: text(&net.entry.cc),
                code: text(&net.entry.code),
                by: text(&net.entry.by),
                gross: net.gross,
                net: net.net,
                number: net.number,
            });
        }
    }
    found.sort_by(|one, other| {
        (one.day, &one.id, one.indicator).cmp(&(other.day, &other.id, other.indicator))
    });
    Ok(found)
}

const fn activity(kind: &EntryKind) -> &'static str {
    match kind {
        EntryKind::Session { .. } => "session",
        EntryKind::Clients { .. } => "clients",
        EntryKind::Estimate { .. } => "estimate",
        EntryKind::Register { .. }
        | EntryKind::Asked { .. }
        | EntryKind::Approve { .. }
        | EntryKind::Unknown => "register",
    }
}

fn typed(attrs: &str) -> String {
    let attrs: BTreeMap<String, serde_json::Value> = serde_json::from_str(attrs).unwrap_or_default();
    let texts = TYPED.iter().filter_map(|key| attrs.get(*key)?.as_str()).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join("; ").chars().take(TYPED_MAX).collect()
}
