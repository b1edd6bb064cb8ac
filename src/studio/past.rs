//! What was published, what it changed, and what going back to it would change.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Standing, Studio, StudioError, Wrong, publish::with_heirs};
use crate::{
    content::{
        Files, Finding, Severity,
        items::{self, Change, ItemKey},
    },
    domain::{ChangeSetId, NodeId, ReleaseId, StaffId, Timestamp},
    release::ReleaseError,
    store::{
        releases::Publication,
        sessions,
        studio::{history, publications},
    },
};

/// Publications that are looked through for the one before.
const ALL: u32 = 10_000;

/// A publication, with who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub id: i64,
    pub release: ReleaseId,
    /// A word for where it came from: [`crate::release::ORIGIN_STUDIO`] and the others.
    pub origin: String,
    pub at: Timestamp,
    pub set: Option<ChangeSetId>,
    /// Who approved it; `None`: a command line, or a start.
    pub by: Option<StaffId>,
    /// What it is about.
    pub note: Option<String>,
    /// Whose words it brought.
    pub authors: Vec<StaffId>,
    /// How many items it changed.
    pub items: i64,
}

/// One change, and whose words they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub change: Change,
    pub by: Option<StaffId>,
}

/// What a publication did to a few items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub published: Published,
    pub told: Vec<Told>,
    /// The sources that the node had then.
    pub sources: Vec<String>,
}

/// What going back to a publication would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// The publication in force, to which this was compared.
    pub now: i64,
    pub changes: Vec<Change>,
}

impl Studio {
    /// What was published, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn published(&self, limit: u32) -> Result<Vec<Published>, StudioError> {
        let rows = self.releases.publications(limit).await?;
        self.with_authors(rows).await
    }

    async fn with_authors(&self, rows: Vec<Publication>) -> Result<Vec<Published>, StudioError> {
        let ids = rows.iter().map(|row| row.id);
        let (Some(first), Some(last)) = (ids.clone().min(), ids.max()) else { return Ok(Vec::new()) };
        let mut tx = self.store.read().await?;
        let sums = publications::sums(&mut tx, first, last).await?;
        tx.rollback().await?;
        let mut by_id: BTreeMap<i64, (Vec<StaffId>, i64)> = BTreeMap::new();
        for sum in sums {
            let (authors, items) = by_id.entry(sum.publication_id).or_default();
            authors.extend(sum.edited_by);
            *items += sum.items;
        }
        let one = |row: Publication| {
            let (authors, items) = by_id.remove(&row.id).unwrap_or_default();
            Published {
                id: row.id,
                release: row.release,
                origin: row.origin,
                at: row.at,
                set: row.set,
                by: row.staff,
                note: row.note,
                authors,
                items,
            }
        };
        Ok(rows.into_iter().map(one).collect())
    }

    /// A publication with what it changed, and the one before it.
    ///
    /// # Errors
    /// [`Wrong::NotFound`].
    pub async fn one_published(&self, id: i64) -> Result<(Step, Option<i64>), StudioError> {
        let rows = self.releases.publications(ALL).await?;
        let at = rows.iter().position(|row| row.id == id).ok_or(Wrong::NotFound)?;
        let before = rows.get(at + 1).map(|row| row.id);
        let row = rows.into_iter().nth(at).into_iter().collect();
        let published = self.with_authors(row).await?.pop().ok_or(Wrong::NotFound)?;
        let authors: BTreeMap<String, Option<StaffId>> =
            self.changed_by(id).await?.into_iter().map(|row| (row.item, row.edited_by)).collect();
        let changes = match before {
            Some(before) => self.compare(before, id).await?,
            None => Vec::new(),
        };
        let told = |change: Change| {
            let by = authors.get(&change.key.to_string()).copied().flatten();
            Told { change, by }
        };
        let told = changes.into_iter().map(told).collect();
        Ok((Step { published, told, sources: Vec::new() }, before))
    }

    /// What publications did to these items, the newest first; the last of them tells what there was before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn story(&self, keys: &[ItemKey], limit: usize) -> Result<Vec<Step>, StudioError> {
        let mut tx = self.store.read().await?;
        let mut authors: BTreeMap<i64, Vec<(&ItemKey, Option<StaffId>)>> = BTreeMap::new();
        for key in keys {
            let most = u32::try_from(limit).unwrap_or(u32::MAX);
            for row in history::of_item(&mut tx, &key.to_string(), most).await? {
                authors.entry(row.publication_id).or_default().push((key, row.edited_by));
            }
        }
        tx.rollback().await?;
        let rows = self.releases.publications(ALL).await?;
        let before: BTreeMap<i64, i64> =
            rows.windows(2).filter_map(|pair| Some((pair.first()?.id, pair.get(1)?.id))).collect();
        let told = rows.into_iter().filter(|row| authors.contains_key(&row.id)).take(limit).collect();
        let mut past = Past { studio: self, keys, known: BTreeMap::new() };
        let mut out = Vec::new();
        for published in self.with_authors(told).await? {
            let new = past.items(Some(published.id)).await?;
            let own = authors.remove(&published.id).unwrap_or_default();
            let old = past.items(before.get(&published.id).copied()).await?;
            let change = |key: &ItemKey| between(key, old.get(key), new.get(key));
            let told = own.into_iter().map(|(key, by)| Told { change: change(key), by }).collect();
            let sources = keys.iter().flat_map(|key| sources(key, new.get(key))).collect();
            out.push(Step { published, told, sources });
        }
        Ok(out)
    }

    /// An item as a publication had it, to be put into a set: its path, what it stood after, its source.
    ///
    /// # Errors
    /// [`Wrong::NotFound`].
    pub async fn as_it_was(
        &self,
        publication: i64,
        key: &ItemKey,
    ) -> Result<(String, Option<ItemKey>, Option<String>), StudioError> {
        let files = self.files_of(publication).await?;
        let (_, now) = self.releases.files().await?;
        let Some(item) = items::item(&files, key) else {
            // It was not there: restored, it goes.
            let path = items::item(&now, key).ok_or(Wrong::NotFound)?.path.to_owned();
            return Ok((path, None, None));
        };
        let path = items::item(&now, key).map_or(item.path, |item| item.path).to_owned();
        let around = items::keys(&files, item.path);
        let earlier = around.iter().take_while(|other| *other != key);
        let after = earlier.filter(|other| items::item(&now, other).is_some()).last().cloned();
        Ok((path, after, Some(item.source.to_owned())))
    }

    /// What going back to a publication would change.
    ///
    /// # Errors
    /// [`Wrong::NotFound`].
    pub async fn would_revert(&self, publication: i64) -> Result<Back, StudioError> {
        let target = self.files_of(publication).await?;
        let now = self.releases.publications(1).await?.first().map_or(0, |row| row.id);
        let (_, base) = self.releases.files().await?;
        let files = with_heirs(&self.releases.current(), &target);
        Ok(Back { now, changes: items::diff(&base, &files) })
    }

    /// How many people have nodes in front that going back would change or take away, and what the check has against it.
    ///
    /// # Errors
    /// [`Wrong::NotFound`].
    pub async fn standing_if_reverted(
        &self,
        publication: i64,
    ) -> Result<(Vec<Standing>, Vec<Finding>), StudioError> {
        let target = self.files_of(publication).await?;
        let (_, base) = self.releases.files().await?;
        let today = self.today();
        let studio = self.clone();
        let (changes, outcome) = tokio::task::spawn_blocking(move || {
            let files = with_heirs(&studio.releases.current(), &target);
            (items::diff(&base, &files), studio.releases.check(&files, today))
        })
        .await
        .map_err(|_| Wrong::Changed)?;
        let errors = outcome.findings.into_iter().filter(|found| found.severity == Severity::Error);
        let keys: BTreeSet<&str> = changes.iter().filter_map(|change| node_of(&change.key)).collect();
        let mut tx = self.store.read().await?;
        let people = sessions::standing(&mut tx).await?;
        let mut out: Vec<Standing> = people
            .into_iter()
            .filter(|(node, _)| keys.contains(node.as_str()))
            .filter_map(|(node, people)| {
                let living = outcome.release.as_ref().and_then(|release| release.living(&node));
                let lands = living.map(|node| node.id.clone());
                Some(Standing { node: NodeId::parse(&node)?, people, lands })
            })
            .collect();
        out.sort_by_key(|standing| -standing.people);
        Ok((out, errors.collect()))
    }

    async fn files_of(&self, publication: i64) -> Result<Files, StudioError> {
        match self.releases.publication(publication).await {
            Ok((_, files)) => Ok(files),
            Err(ReleaseError::None) => Err(Wrong::NotFound.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// [`Studio::revert`], unless something was published since the page was shown.
    ///
    /// # Errors
    /// [`Wrong::Changed`], and those of [`Studio::revert`].
    pub async fn revert_seen(
        &self,
        by: StaffId,
        publication: i64,
        now: i64,
    ) -> Result<ReleaseId, StudioError> {
        let newest = self.releases.publications(1).await?.first().map(|row| row.id);
        if newest != Some(now) {
            return Err(Wrong::Changed.into());
        }
        self.revert(by, publication).await
    }
}

/// An item as a publication had it.
struct Was {
    path: String,
    source: String,
}

/// A few items of publications, each publication read once and not kept: its files are large.
struct Past<'a> {
    studio: &'a Studio,
    keys: &'a [ItemKey],
    known: BTreeMap<i64, Arc<BTreeMap<ItemKey, Was>>>,
}

impl Past<'_> {
    async fn items(&mut self, publication: Option<i64>) -> Result<Arc<BTreeMap<ItemKey, Was>>, StudioError> {
        let Some(id) = publication else { return Ok(Arc::default()) };
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let files = self.studio.files_of(id).await?;
        let was = |key: &ItemKey| {
            let item = items::item(&files, key)?;
            Some((key.clone(), Was { path: item.path.to_owned(), source: item.source.to_owned() }))
        };
        let found = Arc::new(self.keys.iter().filter_map(was).collect::<BTreeMap<_, _>>());
        self.known.insert(id, found.clone());
        Ok(found)
    }
}

fn between(key: &ItemKey, old: Option<&Was>, new: Option<&Was>) -> Change {
    Change {
        key: key.clone(),
        path: new.or(old).map(|was| was.path.clone()).unwrap_or_default(),
        after: None,
        old: old.map(|was| was.source.clone()),
        new: new.map(|was| was.source.clone()),
    }
}

fn sources(key: &ItemKey, was: Option<&Was>) -> Vec<String> {
    let ItemKey::Node(_) = key else { return Vec::new() };
    let fields = was.and_then(|was| items::read_fields(&was.source).ok());
    match fields.and_then(|mut fields| fields.remove("sources")) {
        Some(items::Value::List(sources)) => sources,
        _ => Vec::new(),
    }
}

/// The node that a change is of.
fn node_of(key: &ItemKey) -> Option<&str> {
    match key {
        ItemKey::Node(name) | ItemKey::Text(_, name) => Some(name),
        _ => None,
    }
}
