//! From draft to decision: who may do what, one after the other.

use super::{
    Found, SetState, SetView, Studio, StudioError, Wrong,
    set::{TEXT_MAX_CHARS, text},
};
use crate::{
    content::{Finding, items::ItemKey},
    desk::audit::{self, Deed, Verb},
    domain::{ChangeSetId, ReleaseId, RemarkId, StaffId, Timestamp},
    store::{
        Tx,
        studio::{
            links, remarks,
            remarks::{ReasonRow, RemarkRow},
            sets,
        },
    },
};

impl Studio {
    /// Sends a set to review.
    ///
    /// # Errors
    /// [`Wrong::Empty`], [`Wrong::Clash`], [`Wrong::Errors`], [`Wrong::Reasons`], [`Wrong::State`].
    pub async fn send(&self, by: StaffId, id: ChangeSetId) -> Result<(), StudioError> {
        let seen = self.publishable(id).await?;
        let now = self.now();
        let mut tx = self.store.write().await?;
        let mut set = self.locked(&mut tx, id).await?;
        set.must_be(SetState::Draft)?;
        if set.version != seen {
            return Err(Wrong::Changed.into());
        }
        set.state = SetState::Review;
        (set.sent_by, set.sent_at) = (Some(by), Some(now));
        (set.decided_by, set.decided_at, set.publish_at, set.problem) = (None, None, None, None);
        sets::put(&mut tx, &set.row()).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::SetSent, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether a set may be published as it stands; its version.
    async fn publishable(&self, id: ChangeSetId) -> Result<i64, StudioError> {
        let view = self.set(id).await?;
        if view.drafts.is_empty() {
            return Err(Wrong::Empty.into());
        }
        let checked = self.check(id).await?;
        let plain = |found: &Found| found.finding.clone();
        let errors: Vec<Finding> = checked.errors().map(plain).collect();
        if !errors.is_empty() {
            return Err(Wrong::Errors(errors).into());
        }
        let open: Vec<Finding> =
            checked.warnings().filter(|found| !view.reasons.contains_key(&found.hash)).map(plain).collect();
        if !open.is_empty() {
            return Err(Wrong::Reasons(open).into());
        }
        Ok(view.set.version)
    }

    /// Takes a set back out of review, or from before its time: it is a draft again.
    pub async fn take_back(&self, by: StaffId, id: ChangeSetId) -> Result<(), StudioError> {
        self.back_to_draft(by, id, None).await
    }

    /// A reviewer sends a set back and says why.
    pub async fn send_back(&self, by: StaffId, id: ChangeSetId, why: &str) -> Result<(), StudioError> {
        let why = text(why, TEXT_MAX_CHARS, Wrong::Text)?;
        self.back_to_draft(by, id, Some(why)).await
    }

    async fn back_to_draft(
        &self,
        by: StaffId,
        id: ChangeSetId,
        why: Option<String>,
    ) -> Result<(), StudioError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        let mut set = self.locked(&mut tx, id).await?;
        if !matches!(set.state, SetState::Review | SetState::Approved) {
            return Err(Wrong::State(set.state).into());
        }
        set.state = SetState::Draft;
        set.publish_at = None;
        (set.decided_by, set.decided_at) = (why.is_some().then_some(by), why.is_some().then_some(now));
        sets::put(&mut tx, &set.row()).await?;
        if let Some(text) = why {
            self.add_remark(&mut tx, by, id, None, text, now).await?;
        }
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::SetReturned, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Another person approves: it is published now, or at a time. Gives the release that was published.
    ///
    /// # Errors
    /// [`Wrong::Own`] for whoever edited or sent it; [`Wrong::Past`]; those of [`Studio::send`].
    pub async fn approve(
        &self,
        by: StaffId,
        id: ChangeSetId,
        at: Option<Timestamp>,
    ) -> Result<Option<ReleaseId>, StudioError> {
        let now = self.now();
        if at.is_some_and(|at| at <= now) {
            return Err(Wrong::Past.into());
        }
        let seen = self.publishable(id).await?;
        let mut tx = self.store.write().await?;
        let view = self.locked_view(&mut tx, id).await?;
        view.set.must_be(SetState::Review)?;
        if view.is_work_of(by) {
            return Err(Wrong::Own.into());
        }
        if view.set.version != seen {
            return Err(Wrong::Changed.into());
        }
        let mut set = view.set;
        set.state = SetState::Approved;
        (set.decided_by, set.decided_at) = (Some(by), Some(now));
        // What is published now is approved for now: if the program ends in between, the job goes on.
        set.publish_at = Some(at.unwrap_or(now));
        set.problem = None;
        sets::put(&mut tx, &set.row()).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::SetApproved, id.0)).await?;
        tx.commit().await?;
        if at.is_some() {
            return Ok(None);
        }
        match self.publish(Some(by), id).await {
            // The job that looks for what is due was quicker: it is published all the same.
            Err(StudioError::Wrong(Wrong::State(SetState::Published))) => {
                self.releases.refresh().await?;
                Ok(Some(self.releases.current().id))
            }
            outcome => outcome.map(Some),
        }
    }

    /// A set is given up. What was in it stays readable.
    pub async fn withdraw(&self, by: StaffId, id: ChangeSetId) -> Result<(), StudioError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        let mut set = self.locked(&mut tx, id).await?;
        if !set.state.is_open() {
            return Err(Wrong::State(set.state).into());
        }
        set.state = SetState::Withdrawn;
        set.publish_at = None;
        sets::put(&mut tx, &set.row()).await?;
        links::end(&mut tx, id).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::SetWithdrawn, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says something about an item of a set, or about the set.
    pub async fn remark(
        &self,
        by: StaffId,
        id: ChangeSetId,
        item: Option<&ItemKey>,
        words: &str,
    ) -> Result<(), StudioError> {
        let words = text(words, TEXT_MAX_CHARS, Wrong::Text)?;
        let now = self.now();
        let mut tx = self.store.write().await?;
        let view = self.locked_view(&mut tx, id).await?;
        if !view.set.state.is_open() {
            return Err(Wrong::State(view.set.state).into());
        }
        if item.is_some_and(|item| view.draft(item).is_none()) {
            return Err(Wrong::NotFound.into());
        }
        self.add_remark(&mut tx, by, id, item, words, now).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::RemarkMade, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn add_remark(
        &self,
        tx: &mut Tx,
        by: StaffId,
        set: ChangeSetId,
        item: Option<&ItemKey>,
        text: String,
        now: Timestamp,
    ) -> Result<(), StudioError> {
        let row = RemarkRow {
            id: RemarkId(self.ids.next(now)),
            set_id: set,
            item: item.map(ToString::to_string).unwrap_or_default(),
            staff_id: by,
            at: now,
            text,
            settled_by: None,
            settled_at: None,
        };
        Ok(remarks::add(tx, &row).await?)
    }

    /// What a remark asked for was done.
    pub async fn settle(&self, by: StaffId, set: ChangeSetId, id: RemarkId) -> Result<(), StudioError> {
        let mut tx = self.store.write().await?;
        if !remarks::settle(&mut tx, set, id, by, self.now()).await? {
            return Err(Wrong::NotFound.into());
        }
        tx.commit().await?;
        Ok(())
    }

    /// Says why a warning of a set is let stand.
    pub async fn give_reason(
        &self,
        by: StaffId,
        id: ChangeSetId,
        finding: &str,
        why: &str,
    ) -> Result<(), StudioError> {
        let reason = text(why, TEXT_MAX_CHARS, Wrong::Text)?;
        let checked = self.check(id).await?;
        if !checked.warnings().any(|found| found.hash == finding) {
            return Err(Wrong::NotFound.into());
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        let set = self.locked(&mut tx, id).await?;
        if !set.state.is_open() {
            return Err(Wrong::State(set.state).into());
        }
        let row = ReasonRow { set_id: id, finding: finding.to_owned(), reason, staff_id: by, at: now };
        remarks::give_reason(&mut tx, &row).await?;
        audit::append(&mut tx, now, Deed::on_set(Some(by), Verb::ReasonGiven, id.0)).await?;
        tx.commit().await?;
        Ok(())
    }
}

impl SetView {
    /// Whether somebody edited or sent it: another person must approve.
    pub fn is_work_of(&self, staff: StaffId) -> bool {
        self.set.sent_by == Some(staff) || self.drafts.iter().any(|draft| draft.by == staff)
    }
}
