//! How the content is used, kept beside the counts: noted by turns, squashed by the job that rolls up.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Group;
use crate::{
    domain::ContactId,
    indicators::{Channel, Event, Kind, Rules, Use, UseKey, Uses, Window},
    store::{
        StoreError, Tx,
        indicators::uses::{self, UseRow},
    },
};

/// Those of the contacts of these events whose uses are left out, before the events are counted.
pub(super) async fn out_of(tx: &mut Tx, events: &[Event]) -> Result<BTreeSet<ContactId>, StoreError> {
    let contacts: BTreeSet<ContactId> = events
        .iter()
        .filter(|event| event.steps.is_some() || matches!(event.kind, Kind::Void(_)))
        .filter_map(|event| event.alias.map(ContactId))
        .collect();
    if contacts.is_empty() {
        return Ok(contacts);
    }
    let contacts: Vec<ContactId> = contacts.into_iter().collect();
    Ok(uses::out_of(tx, &contacts).await?.into_iter().collect())
}

/// Notes uses.
pub(super) async fn note(tx: &mut Tx, found: &Uses) -> Result<(), StoreError> {
    uses::add_deltas(tx, &rows(found, false)).await
}

/// Notes uses of the events of contacts that are not left out, `n` times each.
pub(super) async fn note_events<'a>(
    tx: &mut Tx,
    rules: &Rules,
    events: impl Iterator<Item = &'a Event>,
    out: &BTreeSet<ContactId>,
    n: i64,
) -> Result<(), StoreError> {
    let mut found = Uses::default();
    for event in events.filter(|event| !event.alias.is_some_and(|alias| out.contains(&ContactId(alias)))) {
        found.add_event(event, rules, n);
    }
    note(tx, &found).await
}

/// Whoever is flagged now leaves the uses with all that they did, and comes back when the flag is void
/// (indicators.md §1.9).
pub(super) async fn move_out(tx: &mut Tx, rules: &Rules, groups: &[Group]) -> Result<(), StoreError> {
    let members: Vec<ContactId> = groups.iter().flat_map(|group| &group.members).copied().collect();
    let out: BTreeSet<ContactId> = uses::out_of(tx, &members).await?.into_iter().collect();
    let mut moved = Uses::default();
    let (mut leave, mut come) = (Vec::new(), Vec::new());
    for group in groups {
        let is_out = is_out(&group.events);
        for member in group.members.iter().filter(|member| out.contains(member) != is_out) {
            if is_out {
                leave.push(*member);
            } else {
                come.push(*member);
            }
            for event in group.events.iter().filter(|event| event.alias == Some(member.0)) {
                moved.add_event(event, rules, if is_out { -1 } else { 1 });
            }
        }
    }
    note(tx, &moved).await?;
    uses::put_out(tx, &leave).await?;
    uses::drop_out(tx, &come).await
}

/// Moves what persons did to the uses of erased people; they are about to be erased.
pub(super) async fn erase(tx: &mut Tx, rules: &Rules, groups: &[Group]) -> Result<(), StoreError> {
    let members: Vec<ContactId> = groups.iter().flat_map(|group| &group.members).copied().collect();
    let out: BTreeSet<ContactId> = uses::out_of(tx, &members).await?.into_iter().collect();
    let mut found = Uses::default();
    for event in groups.iter().flat_map(|group| &group.events) {
        if !event.alias.is_some_and(|alias| out.contains(&ContactId(alias))) {
            found.add_event(event, rules, 1);
        }
    }
    let mut moved = rows(&found, true);
    moved.extend(rows(&found, false).into_iter().map(|row| UseRow {
        views: -row.views,
        shown: -row.shown,
        went_on: -row.went_on,
        ..row
    }));
    uses::add_deltas(tx, &moved).await?;
    uses::drop_out(tx, &members).await
}

/// Whether a person with these events is left out.
pub(super) fn is_out(events: &[Event]) -> bool {
    events.iter().any(|event| event.kind == Kind::Flag)
}

/// Brings the cells up to at most `limit` of the notes. Returns how many there were.
///
/// # Errors
/// When the database refuses.
pub async fn squash(tx: &mut Tx, limit: u32) -> Result<usize, StoreError> {
    let taken = uses::take_deltas(tx, limit).await?;
    let mut sums: BTreeMap<(bool, String, String, String), Use> = BTreeMap::new();
    for row in &taken {
        let key = (row.erased, row.month.clone(), row.node.clone(), row.channel.clone());
        *sums.entry(key).or_default() += of_row(row);
    }
    let rows: Vec<UseRow> = sums
        .into_iter()
        .map(|((erased, month, node, channel), uses)| {
            let Use { views, shown, went_on } = uses;
            UseRow { erased, month, node, channel, views, shown, went_on }
        })
        .collect();
    uses::add(tx, &rows).await?;
    Ok(taken.len())
}

/// What is stored of living records, and which contacts are left out.
pub(super) async fn stored(tx: &mut Tx) -> Result<(Uses, BTreeSet<ContactId>), StoreError> {
    let mut found = Uses::default();
    for row in uses::live(tx).await? {
        let key = || {
            Some(UseKey {
                month: Window::parse(&row.month)?,
                node: row.node.as_str().into(),
                channel: Channel::parse(&row.channel).map_or("", Channel::as_str),
            })
        };
        let key = key().ok_or_else(|| StoreError::Inconsistent {
            table: "content_uses",
            column: "month".to_owned(),
            row: "?".to_owned(),
        })?;
        found.add(key, of_row(&row));
    }
    Ok((found, uses::all_out(tx).await?.into_iter().collect()))
}

/// Replaces all that is kept of living records.
pub(super) async fn load(tx: &mut Tx, found: &Uses, out: &BTreeSet<ContactId>) -> Result<(), StoreError> {
    uses::clear_live(tx).await?;
    uses::add(tx, &rows(found, false)).await?;
    let out: Vec<ContactId> = out.iter().copied().collect();
    uses::put_out(tx, &out).await
}

const fn of_row(row: &UseRow) -> Use {
    Use { views: row.views, shown: row.shown, went_on: row.went_on }
}

fn rows(found: &Uses, erased: bool) -> Vec<UseRow> {
    let row = |(key, uses): (&UseKey, Use)| UseRow {
        erased,
        month: key.month.to_string(),
        node: key.node.to_string(),
        channel: key.channel.to_owned(),
        views: uses.views,
        shown: uses.shown,
        went_on: uses.went_on,
    };
    found.iter().map(row).collect()
}
