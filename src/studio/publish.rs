//! A set becomes a release; an earlier publication becomes the release in force again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{SetState, Studio, StudioError, Wrong};
use crate::{
    content::{
        Files, Finding, Release, Severity,
        items::{self, Change, ItemKey, apply},
    },
    desk::audit::{self, Deed, PUBLICATION, Verb},
    domain::{ChangeSetId, NodeId, ReleaseId, StaffId},
    release::{Entry, ORIGIN_REVERT, ORIGIN_STUDIO, Origin, ReleaseError},
    store::{
        releases, sessions,
        studio::{history, history::ItemChangeRow, links, sets},
    },
};

const RETIRED: &str = "content/retired.toml";

/// People who have a node in front that a set changes or takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub node: NodeId,
    pub people: i64,
    /// Where they land; the node itself if it stays.
    pub lands: Option<NodeId>,
}

impl Studio {
    /// Publishes an approved set. `by`: who; `None`: its time has come.
    pub(super) async fn publish(
        &self,
        by: Option<StaffId>,
        id: ChangeSetId,
    ) -> Result<ReleaseId, StudioError> {
        let checked = self.check(id).await?;
        if checked.found.iter().any(|found| found.finding.severity == Severity::Error) {
            return Err(Wrong::Errors(checked.errors().map(|found| found.finding.clone()).collect()).into());
        }
        let Some(release) = checked.release.clone() else { return Err(Wrong::Empty.into()) };
        let now = self.now();
        let mut tx = self.store.write().await?;
        let view = self.locked_view(&mut tx, id).await?;
        view.set.must_be(SetState::Approved)?;
        releases::lock(&mut tx).await?;
        if releases::current_id(&mut tx).await? != Some(checked.base_id) {
            // Something else was published since the check.
            return Err(Wrong::Changed.into());
        }
        let authors: Vec<(ItemKey, StaffId)> =
            view.drafts.iter().map(|draft| (draft.change.key.clone(), draft.by)).collect();
        let mut set = view.set;
        let title = set.title.clone();
        let origin =
            Origin { word: ORIGIN_STUDIO, set: Some(id), staff: by.or(set.decided_by), note: Some(&title) };
        let entry = Entry {
            id: Some(release.id),
            files: &checked.files,
            old: Some(&checked.base),
            authors: &authors,
            origin,
        };
        let (release_id, publication) = self.releases.enter(&mut tx, &entry, now).await?;
        set.state = SetState::Published;
        set.publication = Some(publication);
        sets::put(&mut tx, &set.row()).await?;
        links::end(&mut tx, id).await?;
        audit::append(&mut tx, now, Deed::on_set(origin.staff, Verb::SetPublished, id.0)).await?;
        tx.commit().await?;
        self.releases.took(release_id, Some(release)).await?;
        Ok(release_id)
    }

    /// Publishes what is approved and due. What cannot be published goes back to review, with the reason.
    pub async fn publish_due(&self) -> Result<(), StudioError> {
        let now = self.now();
        let due = {
            let mut tx = self.store.read().await?;
            sets::due(&mut tx, now).await?
        };
        for id in due {
            match self.publish(None, id).await {
                Ok(release) => {
                    tracing::info!(set = id.0, release.id = release.0, "a change set was published");
                }
                // Somebody was quicker, or something else was published: the next round sees how it is.
                Err(StudioError::Wrong(Wrong::Changed | Wrong::State(_))) => {}
                Err(StudioError::Wrong(wrong)) => {
                    tracing::warn!(
                        set = id.0,
                        reason = wrong.as_str(),
                        "a change set could not be published"
                    );
                    self.put_off(id, &wrong).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn put_off(&self, id: ChangeSetId, wrong: &Wrong) -> Result<(), StudioError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        let mut set = self.locked(&mut tx, id).await?;
        if set.state != SetState::Approved {
            return Ok(());
        }
        set.state = SetState::Review;
        set.publish_at = None;
        set.problem = Some(wrong.as_str().to_owned());
        sets::put(&mut tx, &set.row()).await?;
        audit::append(&mut tx, now, Deed::on_set(None, Verb::SetReturned, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Publishes an earlier publication again, in one step. Nodes that came since get heirs, so that nobody who has one
    /// in front is lost.
    pub async fn revert(&self, by: StaffId, publication: i64) -> Result<ReleaseId, StudioError> {
        let (old, target) = match self.releases.publication(publication).await {
            Ok(found) => found,
            Err(ReleaseError::None) => return Err(Wrong::NotFound.into()),
            Err(error) => return Err(error.into()),
        };
        let (base_id, base) = self.releases.files().await?;
        let studio = self.clone();
        let today = self.today();
        let (files, outcome) = tokio::task::spawn_blocking(move || {
            let files = with_heirs(&studio.releases.current(), &target);
            let outcome = studio.releases.check(&files, today);
            (files, outcome)
        })
        .await
        .map_err(|_| Wrong::Changed)?;
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        let release = match outcome.release {
            Some(release) if !outcome.findings.iter().any(is_error) => release,
            _ => return Err(Wrong::Errors(outcome.findings.into_iter().filter(is_error).collect()).into()),
        };
        if items::diff(&base, &files).is_empty() {
            return Err(Wrong::Empty.into());
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        releases::lock(&mut tx).await?;
        if releases::current_id(&mut tx).await? != Some(base_id) {
            return Err(Wrong::Changed.into());
        }
        let note = old.note.unwrap_or(old.origin);
        let origin = Origin { word: ORIGIN_REVERT, set: None, staff: Some(by), note: Some(&note) };
        let release = Arc::new(release.with_id(self.releases.next_id(now)));
        let entry = Entry { id: Some(release.id), files: &files, old: Some(&base), authors: &[], origin };
        let (id, _) = self.releases.enter(&mut tx, &entry, now).await?;
        let deed = Deed {
            staff: Some(by),
            verb: Verb::ContentReverted,
            kind: PUBLICATION,
            object: publication,
            code: "",
        };
        audit::append(&mut tx, now, deed).await?;
        tx.commit().await?;
        self.releases.took(id, Some(release)).await?;
        Ok(id)
    }

    /// What changed an item, the newest first.
    pub async fn history(&self, key: &ItemKey, limit: u32) -> Result<Vec<ItemChangeRow>, StudioError> {
        let mut tx = self.store.read().await?;
        Ok(history::of_item(&mut tx, &key.to_string(), limit).await?)
    }

    /// What a publication changed.
    pub async fn changed_by(&self, publication: i64) -> Result<Vec<ItemChangeRow>, StudioError> {
        let mut tx = self.store.read().await?;
        Ok(history::of_publication(&mut tx, publication).await?)
    }

    /// What makes the one publication's content of the other's.
    pub async fn compare(&self, old: i64, new: i64) -> Result<Vec<Change>, StudioError> {
        let found = async |id| match self.releases.publication(id).await {
            Ok((_, files)) => Ok(files),
            Err(ReleaseError::None) => Err(StudioError::from(Wrong::NotFound)),
            Err(error) => Err(error.into()),
        };
        Ok(items::diff(&found(old).await?, &found(new).await?))
    }

    /// How many people have nodes in front that a set changes or takes away, the most first.
    pub async fn standing(&self, id: ChangeSetId) -> Result<Vec<Standing>, StudioError> {
        let view = self.set(id).await?;
        let checked = self.check(id).await?;
        let mut nodes: BTreeSet<&str> = BTreeSet::new();
        for draft in &view.drafts {
            if let ItemKey::Node(name) | ItemKey::Text(_, name) = &draft.change.key {
                nodes.insert(name);
            }
        }
        let mut tx = self.store.read().await?;
        let people: BTreeMap<String, i64> = sessions::standing(&mut tx).await?.into_iter().collect();
        let mut out: Vec<Standing> = nodes
            .into_iter()
            .filter_map(|node| {
                let people = *people.get(node)?;
                let living = checked.release.as_ref().and_then(|release| release.living(node));
                Some(Standing {
                    node: NodeId::parse(node)?,
                    people,
                    lands: living.map(|node| node.id.clone()),
                })
            })
            .collect();
        out.sort_by_key(|standing| -standing.people);
        Ok(out)
    }
}

/// The target's files, with a line for each node of today that they do not know: its nearest ancestor that they know.
pub(super) fn with_heirs(now: &Release, target: &Files) -> Files {
    let living: BTreeSet<String> = items::items(target)
        .into_keys()
        .filter_map(|key| match key {
            ItemKey::Node(id) | ItemKey::Retired(id) => Some(id.into()),
            _ => None,
        })
        .collect();
    let mut changes = Vec::new();
    if !target.0.contains_key(RETIRED) {
        changes.push(Change {
            key: ItemKey::Head(RETIRED.into()),
            path: RETIRED.to_owned(),
            after: None,
            old: None,
            new: Some("[retired]".to_owned()),
        });
    }
    let gone = now.order.iter().map(NodeId::as_str).chain(now.retired.keys().map(AsRef::as_ref));
    for id in gone.filter(|id| !living.contains(*id)) {
        let heir = heir(now, id, &living);
        changes.push(Change {
            key: ItemKey::Retired(id.into()),
            path: RETIRED.to_owned(),
            after: None,
            old: None,
            new: Some(format!("{id} = \"{heir}\"")),
        });
    }
    // Nothing that exists is changed, so nothing can clash.
    apply(target, &changes).unwrap_or_else(|_| target.clone())
}

fn heir<'a>(now: &'a Release, id: &'a str, living: &BTreeSet<String>) -> &'a str {
    let mut at = id;
    for _ in 0..64 {
        let next = now.retired.get(at).or_else(|| now.parent(at));
        let Some(next) = next else { break };
        if living.contains(next.as_str()) {
            return next.as_str();
        }
        at = next.as_str();
    }
    now.settings.home.as_str()
}
