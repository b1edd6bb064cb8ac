//! The quality of the data (indicators.md §2.6).

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    domain::ContactId,
    indicators::{Entry, EntryKind, Indicator, Rules, counted},
    store::{
        StoreError, Tx, field,
        indicators::{log, people, quality},
    },
};

/// Kinds of flags that exclude a person.
const EXCLUDING: [&str; 3] = ["test", "staff", "bot"];

/// What is not in the figures, or was put right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Rows whose clock was ahead of the one that recorded them.
    pub quarantined: u64,
    /// Rows of the simulator.
    pub simulated: u64,
    /// Persons excluded by a flag.
    pub excluded: u64,
    pub erasures: u64,
    pub links: u64,
    pub links_undone: u64,
    /// Entries that wait for a second person, and how many people they tell of.
    pub waiting: u64,
    pub waiting_size: u64,
}

pub(super) async fn look(tx: &mut Tx, entries: &[Entry], rules: &Rules) -> Result<Quality, StoreError> {
    let said = log::said(tx).await?;
    let links: BTreeSet<&str> =
        said.iter().filter(|row| row.kind == "link").map(|row| row.event_id.as_str()).collect();
    let undone: BTreeSet<String> = said
        .iter()
        .filter(|row| row.kind == "void")
        .filter_map(|row| attr(&row.attrs, "target"))
        .filter(|target| links.contains(target.as_str()))
        .collect();
    // In the record without their approval, as a file has them; and those of the pages, which are no events yet.
    let (waiting, waiting_size) = waiting(entries, rules);
    let (entered, entered_size) = field::waiting(tx).await?;
    Ok(Quality {
        quarantined: quality::ahead(tx).await?,
        simulated: quality::simulated(tx).await?,
        excluded: excluded(tx).await?,
        erasures: quality::erasures(tx).await?,
        links: links.len() as u64,
        links_undone: undone.len() as u64,
        waiting: waiting + entered,
        waiting_size: waiting_size + entered_size,
    })
}

/// Whole persons: all identities of one are excluded together.
async fn excluded(tx: &mut Tx) -> Result<u64, StoreError> {
    let flags = quality::flags(tx).await?;
    let excludes = |attrs: &str| attr(attrs, "kind").is_some_and(|kind| EXCLUDING.contains(&kind.as_str()));
    let ids: BTreeSet<ContactId> =
        flags.iter().filter(|row| excludes(&row.attrs)).filter_map(|row| row.contact).collect();
    let ids: Vec<ContactId> = ids.into_iter().collect();
    let joined: BTreeMap<ContactId, ContactId> =
        people::find(tx, &ids).await?.into_iter().filter_map(|row| Some((row.id, row.joined?))).collect();
    let heads: BTreeSet<ContactId> = ids.iter().map(|id| joined.get(id).copied().unwrap_or(*id)).collect();
    Ok(heads.len() as u64)
}

fn waiting(entries: &[Entry], rules: &Rules) -> (u64, u64) {
    let counts: BTreeSet<&str> = counted(entries, rules).iter().map(|(entry, _)| &*entry.id).collect();
    let inside = entries.iter().filter(|entry| rules.day(entry.at).is_some() && !counts.contains(&*entry.id));
    let sizes = inside.filter_map(|entry| match &entry.kind {
        EntryKind::Session { heads, employers, .. } => Some(heads.total().saturating_add(*employers)),
        EntryKind::Clients { heads } => Some(heads.total()),
        EntryKind::Estimate { quantity } => Some(*quantity),
        EntryKind::Register { indicator: Indicator::P1 | Indicator::A1, .. } => Some(1),
        EntryKind::Register { .. }
        | EntryKind::Asked { .. }
        | EntryKind::Approve { .. }
        | EntryKind::Unknown => None,
    });
    sizes.fold((0, 0), |(entries, people), size| (entries + 1, people + u64::from(size)))
}

pub(super) fn attr(attrs: &str, key: &str) -> Option<String> {
    let attrs: BTreeMap<String, serde_json::Value> = serde_json::from_str(attrs).ok()?;
    attrs.get(key)?.as_str().map(str::to_owned)
}
