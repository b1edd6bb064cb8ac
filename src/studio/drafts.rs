//! Drafts of items: saved as they are typed, never over what somebody else saved meanwhile.

use super::{Draft, SetState, SetView, Studio, StudioError, Wrong, set::view};
use crate::{
    check,
    content::{
        Files,
        items::{self, Clash, ItemKey, Message, apply},
    },
    desk::audit::{self, Deed, Verb},
    domain::{ChangeSetId, Locale, StaffId, Timestamp},
    store::{
        Tx,
        studio::{
            items::{self as rows, ChangeItemRow},
            looks, sets,
        },
    },
};

/// Longest source of an item, in bytes.
const SOURCE_MAX: usize = 64 * 1024;
/// A look counts so long; an open page says it again every 20 seconds.
pub const LOOK_MS: i64 = 45_000;

/// What an editor wants of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub key: ItemKey,
    /// The file in which it stands or shall stand.
    pub path: String,
    /// A new item comes right after this one.
    pub after: Option<ItemKey>,
    /// What is published, as the editor saw it; `None`: no such item.
    pub base: Option<String>,
    /// What it shall be; `None`: it goes.
    pub source: Option<String>,
    /// The draft that the editor saw; `None`: there was none.
    pub seen: Option<i64>,
}

impl Edit {
    /// An item has no white space around it: that lies between items.
    fn trimmed(&self) -> Option<String> {
        match &self.key {
            ItemKey::Whole(_) => self.source.clone(),
            _ => self.source.as_deref().map(|source| source.trim().to_owned()),
        }
    }
}

/// A draft as it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub key: ItemKey,
    /// `None`: it is as published, so there is no draft.
    pub version: Option<i64>,
    pub source: Option<String>,
}

impl Studio {
    /// Saves drafts, all or none. A translation whose words changed is marked as true to the Russian of the set.
    ///
    /// # Errors
    /// [`Wrong::Overtaken`] with what somebody else saved; [`Wrong::Clash`] when an item was published meanwhile with
    /// another text; [`Wrong::State`] unless the set is a draft; [`Wrong::Long`].
    pub async fn save(
        &self,
        by: StaffId,
        id: ChangeSetId,
        edits: Vec<Edit>,
    ) -> Result<Vec<Saved>, StudioError> {
        if edits.iter().any(|edit| edit.source.as_ref().is_some_and(|source| source.len() > SOURCE_MAX)) {
            return Err(Wrong::Long.into());
        }
        let now = self.now();
        let (_, base) = self.releases.files().await?;
        let mut tx = self.store.write().await?;
        let set = self.locked(&mut tx, id).await?;
        set.must_be(SetState::Draft)?;
        let mut saved = Vec::with_capacity(edits.len());
        let mut edited = Vec::new();
        // The Russian first: translations are marked by it.
        let is_reference = |edit: &&Edit| edit.key.locale() == Some(Locale::REFERENCE);
        let (first, then): (Vec<&Edit>, Vec<&Edit>) = edits.iter().partition(is_reference);
        for edit in first.into_iter().chain(then) {
            let row = rows::find(&mut tx, id, &edit.key.to_string()).await?;
            if row.as_ref().map(|row| row.version) != edit.seen {
                return Err(Wrong::Overtaken(row.map(Box::new)).into());
            }
            let source = self.tidied(&mut tx, id, &base, edit, row.as_ref()).await?;
            let (entry, is_news) = one(by, id, now, &base, edit, row, source)?;
            match entry {
                Some(row) => {
                    rows::put(&mut tx, std::slice::from_ref(&row)).await?;
                    if is_news {
                        edited.push(Verb::ItemEdited);
                    }
                    saved.push(Saved {
                        key: edit.key.clone(),
                        version: Some(row.version),
                        source: row.source,
                    });
                }
                None => {
                    if edit.seen.is_some() {
                        rows::drop(&mut tx, id, &edit.key.to_string()).await?;
                        edited.push(Verb::ItemDropped);
                    }
                    let source = items::item(&base, &edit.key).map(|item| item.source.to_owned());
                    saved.push(Saved { key: edit.key.clone(), version: None, source });
                }
            }
        }
        sets::touch(&mut tx, id).await?;
        for verb in edited {
            audit::append(&mut tx, now, Deed::on_set(Some(by), verb, id.0)).await?;
        }
        tx.commit().await?;
        Ok(saved)
    }

    /// A changed translation carries the mark of its Russian.
    async fn tidied(
        &self,
        tx: &mut Tx,
        set: ChangeSetId,
        base: &Files,
        edit: &Edit,
        row: Option<&ChangeItemRow>,
    ) -> Result<Option<String>, StudioError> {
        let source = edit.trimmed();
        let (ItemKey::Text(locale, id), Some(source)) = (&edit.key, &source) else { return Ok(source) };
        let before = row.map_or(edit.base.as_deref(), |row| row.source.as_deref());
        if *locale == Locale::REFERENCE || !words_differ(before, source) {
            return Ok(Some(source.clone()));
        }
        let russian = ItemKey::Text(Locale::REFERENCE, id.clone());
        let draft = rows::find(tx, set, &russian.to_string()).await?;
        let russian = match draft {
            Some(draft) => draft.source,
            None => items::item(base, &russian).map(|item| item.source.to_owned()),
        };
        Ok(Some(russian.map_or_else(|| source.clone(), |russian| check::marked(source, &russian))))
    }

    /// The draft of an item goes: it stays as it is published.
    pub async fn drop_draft(
        &self,
        by: StaffId,
        id: ChangeSetId,
        key: &ItemKey,
        seen: i64,
    ) -> Result<(), StudioError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        self.locked(&mut tx, id).await?.must_be(SetState::Draft)?;
        let row = rows::find(&mut tx, id, &key.to_string()).await?.ok_or(Wrong::NotFound)?;
        if row.version != seen {
            return Err(Wrong::Overtaken(Some(Box::new(row))).into());
        }
        rows::drop(&mut tx, id, &key.to_string()).await?;
        sets::touch(&mut tx, id).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::ItemDropped, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends a clash: this is what the item shall be, seen beside what is published now (`now`).
    ///
    /// # Errors
    /// [`Wrong::Clash`] again when another text was published meanwhile.
    pub async fn resolve(
        &self,
        by: StaffId,
        id: ChangeSetId,
        edit: Edit,
        now_published: Option<&str>,
    ) -> Result<(), StudioError> {
        let now = self.now();
        let (_, base) = self.releases.files().await?;
        let published = items::item(&base, &edit.key).map(|item| item.source.to_owned());
        if published.as_deref() != now_published {
            let old = now_published.map(str::to_owned);
            return Err(
                Wrong::Clash(vec![Clash { key: edit.key, old, now: published, new: edit.source }]).into()
            );
        }
        let mut tx = self.store.write().await?;
        self.locked(&mut tx, id).await?.must_be(SetState::Draft)?;
        let key = edit.key.to_string();
        let row = rows::find(&mut tx, id, &key).await?;
        if row.as_ref().map(|row| row.version) != edit.seen {
            return Err(Wrong::Overtaken(row.map(Box::new)).into());
        }
        let source = edit.trimmed();
        if source == published {
            rows::drop(&mut tx, id, &key).await?;
        } else {
            let version = edit.seen.unwrap_or(0) + 1;
            let row = ChangeItemRow { base: published, ..new_row(by, id, now, &edit, source, version) };
            rows::put(&mut tx, &[row]).await?;
        }
        sets::touch(&mut tx, id).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::ItemEdited, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Fills a new or empty set with changes found elsewhere: of a folder, or of a translators' sheet. All or none.
    pub async fn bring(
        &self,
        by: StaffId,
        id: ChangeSetId,
        changes: Vec<items::Change>,
    ) -> Result<(), StudioError> {
        if changes.is_empty() {
            return Err(Wrong::Empty.into());
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        let set = self.locked(&mut tx, id).await?;
        set.must_be(SetState::Draft)?;
        let there = rows::of_set(&mut tx, id).await?;
        let fresh: Vec<ChangeItemRow> = changes
            .into_iter()
            .map(|change| {
                let key = change.key.to_string();
                let version = there.iter().find(|row| row.item == key).map_or(0, |row| row.version) + 1;
                let edit = Edit {
                    key: change.key,
                    path: change.path,
                    after: change.after,
                    base: change.old,
                    source: None,
                    seen: None,
                };
                new_row(by, id, now, &edit, change.new, version)
            })
            .collect();
        rows::put(&mut tx, &fresh).await?;
        sets::touch(&mut tx, id).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::ItemEdited, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Drafts of a set whose items were published meanwhile with other texts.
    pub async fn clashes(&self, view: &SetView) -> Result<Vec<Clash>, StudioError> {
        let (_, base) = self.releases.files().await?;
        Ok(apply(&base, &view.changes()).err().unwrap_or_default())
    }

    /// Drafts of an item in all sets on their way.
    pub async fn drafts_of(&self, key: &ItemKey) -> Result<Vec<(ChangeSetId, Draft)>, StudioError> {
        let mut tx = self.store.read().await?;
        let found = rows::open_of_item(&mut tx, &key.to_string()).await?;
        found.into_iter().map(|row| Ok((row.set_id, Draft::of(row)?))).collect()
    }

    /// Which items have a draft, and in which sets on their way.
    pub async fn drafted(&self) -> Result<Vec<(ItemKey, ChangeSetId)>, StudioError> {
        let mut tx = self.store.read().await?;
        let found = rows::open_items(&mut tx).await?;
        Ok(found.into_iter().filter_map(|(key, set)| Some((ItemKey::parse(&key)?, set))).collect())
    }

    /// Somebody has an item in front; who else has.
    pub async fn look(&self, by: StaffId, key: &ItemKey) -> Result<Vec<StaffId>, StudioError> {
        let (now, key) = (self.now(), key.to_string());
        let mut tx = self.store.write().await?;
        looks::see(&mut tx, &key, by, now).await?;
        let others = looks::others(&mut tx, &key, by, now.plus_ms(-LOOK_MS)).await?;
        tx.commit().await?;
        Ok(others)
    }

    /// Somebody left it.
    pub async fn look_away(&self, by: StaffId, key: &ItemKey) -> Result<(), StudioError> {
        let mut tx = self.store.write().await?;
        looks::leave(&mut tx, &key.to_string(), by).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A set with its drafts, in the caller's transaction, locked.
    pub(super) async fn locked_view(&self, tx: &mut Tx, id: ChangeSetId) -> Result<SetView, StudioError> {
        let set = self.locked(tx, id).await?;
        view(tx, set).await
    }
}

/// The row to write, and whether the trail should know; no row when the item is as published.
fn one(
    by: StaffId,
    id: ChangeSetId,
    now: Timestamp,
    base: &Files,
    edit: &Edit,
    row: Option<ChangeItemRow>,
    source: Option<String>,
) -> Result<(Option<ChangeItemRow>, bool), Wrong> {
    let published = items::item(base, &edit.key).map(|item| item.source.to_owned());
    let Some(row) = row else {
        if source == published {
            return Ok((None, false));
        }
        if published != edit.base {
            let (key, old) = (edit.key.clone(), edit.base.clone());
            return Err(Wrong::Clash(vec![Clash { key, old, now: published, new: source }]));
        }
        return Ok((Some(ChangeItemRow { base: published, ..new_row(by, id, now, edit, source, 1) }), true));
    };
    if source == published && row.base == published {
        return Ok((None, false));
    }
    let is_news = row.edited_by != by;
    let fresh = new_row(by, id, now, edit, source, row.version + 1);
    Ok((Some(ChangeItemRow { base: row.base, ..fresh }), is_news))
}

fn new_row(
    by: StaffId,
    id: ChangeSetId,
    now: Timestamp,
    edit: &Edit,
    source: Option<String>,
    version: i64,
) -> ChangeItemRow {
    ChangeItemRow {
        set_id: id,
        item: edit.key.to_string(),
        path: edit.path.clone(),
        after_item: edit.after.as_ref().map(ToString::to_string),
        base: edit.base.clone(),
        source,
        edited_by: by,
        edited_at: now,
        version,
    }
}

/// Whether something other than the comments differs.
fn words_differ(before: Option<&str>, after: &str) -> bool {
    let words = |source: &str| {
        let message = Message::read(source)?;
        let parts = message.parts.into_iter().map(|part| (part.name, part.text));
        Some(parts.collect::<Vec<_>>())
    };
    before.is_none_or(|before| words(before) != words(after))
}
