//! What somebody should hear of: a set waits for review, or came back. Read from the trail, each row once.

use super::{SetState, SetView, Studio, StudioError, Wrong};
use crate::{
    desk::audit::{CHANGE_SET, Verb},
    domain::{ChangeSetId, StaffId},
    store::{audit, meta},
};

/// Up to where the trail was read. Whoever writes it holds the others back.
const CURSOR: &str = "studio-news";
/// Rows read at once.
const AT_ONCE: u32 = 500;

/// What happened to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewsKind {
    /// It waits for a publisher who did not work on it.
    Waits,
    /// It is a draft again: a reviewer sent it back.
    Returned,
    /// It could not be published at its time, and waits for a publisher again.
    Failed,
}

impl NewsKind {
    /// The letter's texts are `sets-news-<word>` and `sets-news-<word>-subject`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Returned => "returned",
            Self::Failed => "failed",
        }
    }
}

/// Something that happened to a set and still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    pub kind: NewsKind,
    pub set: ChangeSetId,
    /// Who did it: they need not be told. `None`: the program.
    pub by: Option<StaffId>,
    /// Those who worked on it.
    pub authors: Vec<StaffId>,
}

impl Studio {
    /// What happened since it was asked last, by any instance. The first time nothing: it begins there.
    ///
    /// # Errors
    /// When the database does not answer; then it is told the next time.
    pub async fn news(&self) -> Result<Vec<News>, StudioError> {
        let mut tx = self.store.read().await?;
        let known = cursor(&mut tx).await?;
        let head = last(&audit::head(&mut tx).await?);
        tx.rollback().await?;
        if known.is_some_and(|known| known >= head) {
            return Ok(Vec::new());
        }
        let mut tx = self.store.write().await?;
        let is_first = meta::insert_new(&mut tx, CURSOR, &head.to_string()).await?;
        if is_first {
            tx.commit().await?;
            return Ok(Vec::new());
        }
        // The row is ours from here on: what another instance took meanwhile is not taken again.
        meta::lock(&mut tx, CURSOR).await?;
        let from = cursor(&mut tx).await?.unwrap_or(head);
        let rows = audit::after(&mut tx, from, AT_ONCE).await?;
        let Some(end) = rows.last().map(|row| row.seq) else { return Ok(Vec::new()) };
        meta::set(&mut tx, CURSOR, &end.to_string()).await?;
        tx.commit().await?;
        let mut out: Vec<News> = Vec::new();
        for row in rows.iter().filter(|row| row.object_kind == CHANGE_SET) {
            let (Ok(id), is_sent) =
                (row.object_id.parse().map(ChangeSetId), row.verb == Verb::SetSent.as_str())
            else {
                continue;
            };
            if !is_sent && row.verb != Verb::SetReturned.as_str() {
                continue;
            }
            let view = match self.set(id).await {
                Ok(view) => view,
                Err(StudioError::Wrong(Wrong::NotFound)) => continue,
                Err(error) => return Err(error),
            };
            let kind = match (view.set.state, row.staff_id) {
                (SetState::Review, None) => NewsKind::Failed,
                (SetState::Review, Some(_)) if is_sent => NewsKind::Waits,
                // Whoever takes back their own knows it.
                (SetState::Draft, Some(by)) if !is_sent && view.set.decided_by == Some(by) => {
                    NewsKind::Returned
                }
                _ => continue,
            };
            // Only how it ended is news.
            out.retain(|news| news.set != id);
            out.push(News { kind, set: id, by: row.staff_id, authors: authors(&view) });
        }
        Ok(out)
    }
}

async fn cursor(tx: &mut crate::store::Tx) -> Result<Option<i64>, StudioError> {
    Ok(meta::get(tx, CURSOR).await?.and_then(|value| value.parse().ok()))
}

/// The number of the trail's last row, of `SEQ:HEX`.
fn last(head: &str) -> i64 {
    head.split(':').next().and_then(|seq| seq.parse().ok()).unwrap_or(0)
}

fn authors(view: &SetView) -> Vec<StaffId> {
    let mut all: Vec<StaffId> = view.drafts.iter().map(|draft| draft.by).chain(view.set.sent_by).collect();
    all.push(view.set.made_by);
    all.sort_unstable();
    all.dedup();
    all
}
