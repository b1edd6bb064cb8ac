//! Change sets: what they are, and opening, describing and reading them.

use std::collections::BTreeMap;

use super::{Studio, StudioError, Wrong};
use crate::{
    content::items::{Change, ItemKey},
    desk::audit::{self, Deed, Verb},
    domain::{ChangeSetId, RemarkId, StaffId, Timestamp},
    store::{
        StoreError, Tx,
        studio::{items, items::ChangeItemRow, remarks, remarks::ReasonRow, sets, sets::ChangeSetRow},
    },
};

/// Longest title, in characters.
pub const TITLE_MAX_CHARS: usize = 120;
/// Longest summary, remark and reason, in characters.
pub const TEXT_MAX_CHARS: usize = 2_000;
/// Closed sets that a list shows.
const CLOSED: u32 = 50;

/// How far a set has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetState {
    /// Its items may be edited.
    Draft,
    Review,
    /// Waits for its time.
    Approved,
    Published,
    Withdrawn,
}

impl SetState {
    pub const ALL: [Self; 5] = [Self::Draft, Self::Review, Self::Approved, Self::Published, Self::Withdrawn];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Approved => "approved",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Neither published nor withdrawn.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Review | Self::Approved)
    }
}

/// A change set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    pub id: ChangeSetId,
    pub title: String,
    pub summary: String,
    pub state: SetState,
    pub made_by: StaffId,
    pub made_at: Timestamp,
    pub sent_by: Option<StaffId>,
    pub sent_at: Option<Timestamp>,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<Timestamp>,
    /// Approved for this time.
    pub publish_at: Option<Timestamp>,
    /// Why it could not be published at its time: a word of [`Wrong::as_str`].
    pub problem: Option<String>,
    pub publication: Option<i64>,
    /// Grows with each change of the set and its drafts.
    pub version: i64,
}

impl ChangeSet {
    pub(super) fn of(row: ChangeSetRow) -> Result<Self, StoreError> {
        let state = SetState::parse(&row.state).ok_or_else(|| StoreError::Inconsistent {
            table: "change_sets",
            column: "state".to_owned(),
            row: row.id.to_string(),
        })?;
        Ok(Self {
            id: row.id,
            title: row.title,
            summary: row.summary,
            state,
            made_by: row.made_by,
            made_at: row.made_at,
            sent_by: row.sent_by,
            sent_at: row.sent_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            publish_at: row.publish_at,
            problem: row.problem,
            publication: row.publication_id,
            version: row.version,
        })
    }

    pub(super) fn row(&self) -> ChangeSetRow {
        ChangeSetRow {
            id: self.id,
            title: self.title.clone(),
            summary: self.summary.clone(),
            state: self.state.as_str().to_owned(),
            made_by: self.made_by,
            made_at: self.made_at,
            sent_by: self.sent_by,
            sent_at: self.sent_at,
            decided_by: self.decided_by,
            decided_at: self.decided_at,
            publish_at: self.publish_at,
            problem: self.problem.clone(),
            publication_id: self.publication,
            version: self.version,
        }
    }

    /// # Errors
    /// [`Wrong::State`] unless it is in this state.
    pub(super) fn must_be(&self, state: SetState) -> Result<(), Wrong> {
        if self.state == state { Ok(()) } else { Err(Wrong::State(self.state)) }
    }
}

/// A draft of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub change: Change,
    pub by: StaffId,
    pub at: Timestamp,
    pub version: i64,
}

impl Draft {
    pub(super) fn of(row: ChangeItemRow) -> Result<Self, StoreError> {
        let unread = |column: &str| StoreError::Inconsistent {
            table: "change_items",
            column: column.to_owned(),
            row: row.set_id.to_string(),
        };
        let key = ItemKey::parse(&row.item).ok_or_else(|| unread("item"))?;
        let after = match &row.after_item {
            None => None,
            Some(after) => Some(ItemKey::parse(after).ok_or_else(|| unread("after_item"))?),
        };
        let change = Change { key, path: row.path, after, old: row.base, new: row.source };
        Ok(Self { change, by: row.edited_by, at: row.edited_at, version: row.version })
    }
}

/// What a reviewer or editor says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub id: RemarkId,
    /// The item that is meant; `None`: the set.
    pub item: Option<ItemKey>,
    pub by: StaffId,
    pub at: Timestamp,
    pub text: String,
    pub settled_by: Option<StaffId>,
}

/// A set with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetView {
    pub set: ChangeSet,
    /// By key.
    pub drafts: Vec<Draft>,
    /// The oldest first.
    pub remarks: Vec<Remark>,
    /// Why warnings are let stand, by their hash.
    pub reasons: BTreeMap<String, ReasonRow>,
}

impl SetView {
    /// New items after those that they follow, as [`crate::content::items::apply`] needs them.
    pub fn changes(&self) -> Vec<Change> {
        let mut left: Vec<&Change> = self.drafts.iter().map(|draft| &draft.change).collect();
        let mut out: Vec<Change> = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let waits = |change: &Change, left: &[&Change]| {
                change.after.as_ref().is_some_and(|after| {
                    after != &change.key
                        && left.iter().any(|other| other.key == *after && other.old.is_none())
                })
            };
            let at = left.iter().position(|change| !waits(change, &left)).unwrap_or(0);
            out.push(left.remove(at).clone());
        }
        out
    }

    pub fn draft(&self, key: &ItemKey) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.change.key == *key)
    }
}

pub(super) fn text(text: &str, max: usize, wrong: Wrong) -> Result<String, Wrong> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > max { Err(wrong) } else { Ok(text.to_owned()) }
}

impl Studio {
    /// A new, empty set.
    pub async fn open(&self, by: StaffId, title: &str) -> Result<ChangeSetId, StudioError> {
        let title = text(title, TITLE_MAX_CHARS, Wrong::Title)?;
        let now = self.now();
        let set = ChangeSet {
            id: ChangeSetId(self.ids.next(now)),
            title,
            summary: String::new(),
            state: SetState::Draft,
            made_by: by,
            made_at: now,
            sent_by: None,
            sent_at: None,
            decided_by: None,
            decided_at: None,
            publish_at: None,
            problem: None,
            publication: None,
            version: 1,
        };
        let mut tx = self.store.write().await?;
        sets::add(&mut tx, &set.row()).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::SetOpened, set.id.0)).await?;
        tx.commit().await?;
        Ok(set.id)
    }

    /// Sets on their way with the number of their items, and the closed ones of late; the newest first.
    pub async fn sets(&self) -> Result<(Vec<(ChangeSet, i64)>, Vec<ChangeSet>), StudioError> {
        let mut tx = self.store.read().await?;
        let counts: BTreeMap<ChangeSetId, i64> = items::counts(&mut tx).await?.into_iter().collect();
        let open = sets::open(&mut tx).await?.into_iter().map(|row| {
            let items = counts.get(&row.id).copied().unwrap_or(0);
            Ok((ChangeSet::of(row)?, items))
        });
        let open = open.collect::<Result<_, StoreError>>()?;
        let closed = sets::closed(&mut tx, CLOSED).await?;
        Ok((open, closed.into_iter().map(ChangeSet::of).collect::<Result<_, StoreError>>()?))
    }

    /// A set with its drafts, remarks and reasons.
    pub async fn set(&self, id: ChangeSetId) -> Result<SetView, StudioError> {
        let mut tx = self.store.read().await?;
        let row = sets::find(&mut tx, id).await?.ok_or(Wrong::NotFound)?;
        view(&mut tx, ChangeSet::of(row)?).await
    }

    /// Gives a set another title and summary.
    pub async fn describe(&self, id: ChangeSetId, title: &str, summary: &str) -> Result<(), StudioError> {
        let title = text(title, TITLE_MAX_CHARS, Wrong::Title)?;
        if summary.chars().count() > TEXT_MAX_CHARS {
            return Err(Wrong::Text.into());
        }
        let mut tx = self.store.write().await?;
        let mut set = self.locked(&mut tx, id).await?;
        if !set.state.is_open() {
            return Err(Wrong::State(set.state).into());
        }
        set.title = title;
        summary.trim().clone_into(&mut set.summary);
        sets::put(&mut tx, &set.row()).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn locked(&self, tx: &mut Tx, id: ChangeSetId) -> Result<ChangeSet, StudioError> {
        let row = sets::lock(tx, id).await?.ok_or(Wrong::NotFound)?;
        Ok(ChangeSet::of(row)?)
    }
}

pub(super) async fn view(tx: &mut Tx, set: ChangeSet) -> Result<SetView, StudioError> {
    let drafts = items::of_set(tx, set.id).await?;
    let drafts = drafts.into_iter().map(Draft::of).collect::<Result<_, StoreError>>()?;
    let remarks = remarks::of_set(tx, set.id).await?.into_iter().map(|row| Remark {
        id: row.id,
        item: ItemKey::parse(&row.item),
        by: row.staff_id,
        at: row.at,
        text: row.text,
        settled_by: row.settled_by,
    });
    let remarks = remarks.collect();
    let reasons = remarks::reasons(tx, set.id).await?;
    let reasons = reasons.into_iter().map(|row| (row.finding.clone(), row)).collect();
    Ok(SetView { set, drafts, remarks, reasons })
}
