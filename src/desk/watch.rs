//! What happens by itself: a silent consultant is warned, then the case goes back to the queue; an urgent case that
//! nobody takes raises the alarm.

use super::{Desk, DeskError, claim::Mark, person::Person};
use crate::{
    bus::Signal,
    desk::audit::Verb,
    domain::{CaseId, StaffId, Timestamp},
    store::cases::{self, Silent},
};

/// Cases looked at in one round.
const AT_ONCE: u32 = 200;
const MINUTE_MS: i64 = 60_000;

/// What a round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Who was warned, and of which case.
    pub warned: Vec<(StaffId, CaseId)>,
    pub returned: Vec<CaseId>,
}

impl Desk {
    /// Warns consultants whose persons wait, and takes cases back from those who stay silent. Only working time counts:
    /// nobody owes an answer at night.
    ///
    /// # Errors
    /// When the database does not answer; what was done before stays done.
    pub async fn watch_silence(&self) -> Result<Round, DeskError> {
        let now = self.now();
        let limits = self.settings().limits.value.clone();
        let hours = self.hours();
        let mut round = Round::default();
        if !hours.is_open(now) {
            return Ok(round);
        }
        let mut tx = self.store.read().await?;
        let since = now.plus_ms(-i64::from(limits.warn_after) * MINUTE_MS);
        let silent = cases::silent(&mut tx, since, AT_ONCE).await?;
        tx.rollback().await?;
        for case in silent {
            let worked = hours.worked_ms(case.waited, now);
            // A warning comes before, and leaves the time between the two.
            let grace =
                i64::from(limits.return_after - limits.warn_after.min(limits.return_after)) * MINUTE_MS;
            let is_warned = case.warned_at.is_some_and(|at| hours.worked_ms(at, now) >= grace);
            if worked >= i64::from(limits.return_after) * MINUTE_MS && is_warned {
                if self.give_back(&case, now).await? {
                    round.returned.push(case.id);
                }
            } else if worked >= i64::from(limits.warn_after) * MINUTE_MS
                && case.warned_at.is_none()
                && self.warn(&case, now).await?
            {
                round.warned.push((case.holder, case.id));
            }
        }
        Ok(round)
    }

    async fn warn(&self, case: &Silent, now: Timestamp) -> Result<bool, DeskError> {
        let mut tx = self.store.write().await?;
        if !cases::warn(&mut tx, case.id, now).await? {
            return Ok(false);
        }
        let mark = Mark { what: "warned", by: None, to: Some(case.holder), note: "" };
        self.mark(&mut tx, case.id, mark, now).await?;
        self.commit(tx, &[Signal::Queue, Signal::Case(case.id)]).await?;
        Ok(true)
    }

    async fn give_back(&self, case: &Silent, now: Timestamp) -> Result<bool, DeskError> {
        let mut tx = self.store.write().await?;
        let person = Person::hold(&mut tx, case.contact).await?;
        // Under the lock: an answer of the last second counts.
        let row = cases::find(&mut tx, case.id).await?;
        if row.is_none_or(|row| row.owed_since.is_none() || row.holder != Some(case.holder)) {
            return Ok(false);
        }
        // It keeps its place: the person has waited since then.
        if !cases::release(&mut tx, case.id, case.holder, case.waited, None).await? {
            return Ok(false);
        }
        let mark = Mark { what: "returned", by: None, to: Some(case.holder), note: "" };
        self.mark(&mut tx, case.id, mark, now).await?;
        let mut signals = vec![Signal::Queue, Signal::Case(case.id)];
        signals.extend(self.requeue(&mut tx, person, now).await?);
        self.note(&mut tx, None, Verb::CaseReturned, case.id).await?;
        self.commit(tx, &signals).await?;
        Ok(true)
    }

    /// Urgent cases that nobody took in time: each is given once, to one instance. The alarm is marked before it is
    /// sent: at night it rings once rather than for ever.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_alarms(&self) -> Result<Vec<CaseId>, DeskError> {
        let now = self.now();
        let after = i64::from(self.settings().limits.value.alarm_after) * MINUTE_MS;
        let mut tx = self.store.read().await?;
        let due = cases::unalarmed(&mut tx, now.plus_ms(-after), AT_ONCE).await?;
        tx.rollback().await?;
        let mut taken = Vec::new();
        for case in due {
            let mut tx = self.store.write().await?;
            if cases::alarm(&mut tx, case, now).await? {
                self.mark(&mut tx, case, Mark { what: "alarmed", by: None, to: None, note: "" }, now).await?;
                self.commit(tx, &[Signal::Queue, Signal::Case(case)]).await?;
                taken.push(case);
            }
        }
        Ok(taken)
    }
}
