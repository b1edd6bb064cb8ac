//! What the check says of a set: each finding with its place, and whether the set brings it.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use super::{ChangeSet, Studio, StudioError, Wrong};
use crate::{
    content::{
        Files, Finding, Release, Severity,
        items::{self, ItemKey, apply},
    },
    domain::{ChangeSetId, Day, Locale, ReleaseId, hex},
};

/// Sets whose result is kept.
const KEPT: usize = 8;

/// A finding of the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub finding: Finding,
    /// The item where it lies.
    pub item: Option<ItemKey>,
    /// By which a reason names it: it stays the same when lines move.
    pub hash: String,
    /// What is in force does not have it.
    pub is_new: bool,
}

/// What the check made of a set.
#[derive(Debug)]
pub struct Checked {
    /// Errors first, then warnings, then what is due.
    pub found: Vec<Found>,
    /// The content as it would be; `None` when none can be made of it.
    pub release: Option<Arc<Release>>,
    pub files: Arc<Files>,
    /// What is in force.
    pub base: Arc<Files>,
    pub base_id: ReleaseId,
}

impl Checked {
    /// Errors: nothing with one is published.
    pub fn errors(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(|found| found.finding.severity == Severity::Error)
    }

    /// Warnings that the set brings: each needs a reason.
    pub fn warnings(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(|found| found.is_new && found.finding.severity == Severity::Warning)
    }
}

type Key = (ChangeSetId, i64, ReleaseId, Day);
type BaseKey = (ReleaseId, Day);

/// Results of late, so that a page that is looked at again does not check again.
#[derive(Debug, Default)]
pub struct Kept {
    base: Mutex<Option<(BaseKey, Arc<BTreeSet<String>>)>>,
    sets: Mutex<VecDeque<(Key, Arc<Checked>)>>,
    /// The pieces of a page ask at once: one checks, the others get what it found.
    turn: tokio::sync::Mutex<()>,
}

impl Kept {
    fn of(&self, key: &Key) -> Option<Arc<Checked>> {
        let sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.iter().find(|(own, _)| own == key).map(|(_, checked)| checked.clone())
    }

    fn put(&self, key: Key, checked: Arc<Checked>) {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.retain(|((set, ..), _)| *set != key.0);
        sets.push_back((key, checked));
        if sets.len() > KEPT {
            sets.pop_front();
        }
    }
}

impl Studio {
    /// What the check said of a set as it stands, if it was asked already: a page need not wait for it.
    pub fn checked_already(&self, set: &ChangeSet) -> Option<Arc<Checked>> {
        self.kept.of(&(set.id, set.version, self.releases.current().id, self.today()))
    }

    /// What the check says of a set, as a change of what is in force.
    ///
    /// # Errors
    /// [`Wrong::Clash`] when items were published meanwhile with other texts.
    pub async fn check(&self, id: ChangeSetId) -> Result<Arc<Checked>, StudioError> {
        let view = self.set(id).await?;
        let (base_id, base) = self.releases.files().await?;
        let today = self.today();
        let key = (id, view.set.version, base_id, today);
        if let Some(checked) = self.kept.of(&key) {
            return Ok(checked);
        }
        let _turn = self.kept.turn.lock().await;
        if let Some(checked) = self.kept.of(&key) {
            return Ok(checked);
        }
        let files = apply(&base, &view.changes()).map_err(Wrong::Clash)?;
        let studio = self.clone();
        let work = move || studio.checked(key, base, files);
        // A check takes a while: other requests go on.
        let checked = tokio::task::spawn_blocking(work).await.map_err(|_| Wrong::Changed)?;
        self.kept.put(key, checked.clone());
        Ok(checked)
    }

    fn checked(&self, key: Key, base: Files, files: Files) -> Arc<Checked> {
        let (_, _, base_id, today) = key;
        let before = self.found_in_base(base_id, &base, today);
        let outcome = self.releases.check(&files, today);
        let mut found: Vec<Found> = outcome
            .findings
            .into_iter()
            .map(|finding| {
                let hash = hash(&finding);
                let is_new = !before.contains(&hash);
                Found { item: place(&files, &finding), hash, is_new, finding }
            })
            .collect();
        found.sort_by_key(|found| (found.finding.severity, !found.is_new));
        // Its id if it is published.
        let id = self.releases.next_id(self.now());
        let release = outcome.release.map(|release| Arc::new(release.with_id(id)));
        Arc::new(Checked { found, release, files: Arc::new(files), base: Arc::new(base), base_id })
    }

    fn found_in_base(&self, id: ReleaseId, base: &Files, today: Day) -> Arc<BTreeSet<String>> {
        let key = (id, today);
        let kept = self.kept.base.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, found)) = kept.filter(|(own, _)| *own == key) {
            return found;
        }
        let found: Arc<BTreeSet<String>> =
            Arc::new(self.releases.check(base, today).findings.iter().map(hash).collect());
        *self.kept.base.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, found.clone()));
        found
    }
}

/// Of all of a finding but its line: it is the same one when lines move.
pub fn hash(finding: &Finding) -> String {
    let mut digest = Sha256::new();
    for part in [finding.code, &finding.file, &finding.key] {
        digest.update(part);
        digest.update([0]);
    }
    for (name, value) in &finding.args {
        digest.update(name);
        digest.update([1]);
        // A place in a file, as of `first`, moves with its lines.
        digest.update(
            value.rsplit_once(':').filter(|(path, _)| path.contains('/')).map_or(value.as_str(), |p| p.0),
        );
        digest.update([0]);
    }
    hex(&digest.finalize())
}

/// The item where a finding lies: by its line, or by its key where it has none.
pub fn place(files: &Files, finding: &Finding) -> Option<ItemKey> {
    if finding.line > 0
        && let Some(key) = items::at_line(files, &finding.file, finding.line)
    {
        return Some(key);
    }
    let locale = finding.file.strip_prefix("locales/").and_then(|rest| rest.split_once('/'));
    let key = match locale.and_then(|(locale, _)| Locale::parse(locale)) {
        Some(locale) => ItemKey::Text(locale, finding.key.as_str().into()),
        None => ItemKey::Node(finding.key.as_str().into()),
    };
    items::item(files, &key).map(|_| key)
}
