//! Closed cases that somebody wants to look at again: the list, what came of them, and the reminder of the day.

use std::sync::PoisonError;

use super::{
    Chat, Desk, DeskError, Mark, NOTE_MAX_CHARS, Refused, Who, cases::may_read, close::is_ahead,
    outcome::Fault, person::Person, queue::PAGE,
};
use crate::{
    bus::Signal,
    desk::audit::Verb,
    domain::{CaseId, StaffId, Timestamp},
    engine,
    store::{
        cases::{self, CaseRow, Ended},
        outbox,
    },
};

pub use crate::store::cases::FollowUp;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// Somebody who may be reminded of their follow-ups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rememberer {
    pub id: StaffId,
    /// Minutes east of UTC: where their day begins.
    pub zone: i32,
    /// Their chat, if it is tied.
    pub chat: Option<Chat>,
    /// A letter can be sent, which the caller does.
    pub by_mail: bool,
}

/// Days of follow-ups as they were last read, for the navigation.
#[derive(Debug, Default)]
pub(super) struct Days(Vec<(Option<StaffId>, Timestamp)>);

/// The last moment of the day of `now`.
fn end_of_day(now: Timestamp, zone: i32) -> Timestamp {
    let local = now.plus_ms(i64::from(zone) * MINUTE_MS);
    Timestamp(now.0 - local.0.rem_euclid(DAY_MS) + DAY_MS - 1)
}

impl Desk {
    /// A page of follow-ups, the earliest day first: the viewer's own, or all for a supervisor.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn follow_ups(
        &self,
        who: &Who,
        after: Ended,
    ) -> Result<(Vec<FollowUp>, Option<Ended>), DeskError> {
        let of = (!who.supervisor).then_some(who.id);
        let mut tx = self.store.read().await?;
        let mut list = cases::follow_ups(&mut tx, of, after, PAGE + 1).await?;
        tx.rollback().await?;
        let is_more = list.len() > PAGE as usize;
        list.truncate(PAGE as usize);
        let next = list.last().filter(|_| is_more).map(|last| Ended { at: last.at, id: last.id });
        Ok((list, next))
    }

    /// Somebody looked at a closed case again; what came of it is kept with the case, and its day goes.
    ///
    /// # Errors
    /// [`Refused::Empty`] without a note, [`Refused::Changed`] where the day is another or gone.
    pub async fn followed_up(
        &self,
        who: &Who,
        case: CaseId,
        version: i64,
        note: &str,
    ) -> Result<(), DeskError> {
        self.watched(who, case, self.set_day(who, case, version, Some(note), None)).await
    }

    /// Another day for a follow-up.
    ///
    /// # Errors
    /// [`Fault::FollowUp`] for no day, one that is over or too far; [`Refused::Changed`].
    pub async fn move_follow_up(
        &self,
        who: &Who,
        case: CaseId,
        version: i64,
        day: Result<Option<Timestamp>, Fault>,
    ) -> Result<(), DeskError> {
        let moved = async {
            let day = day.map_err(Refused::Outcome)?.filter(|day| is_ahead(*day, self.now()));
            let day = day.ok_or(Refused::Outcome(Fault::FollowUp))?;
            self.set_day(who, case, version, None, Some(day)).await
        };
        self.watched(who, case, moved).await
    }

    async fn set_day(
        &self,
        who: &Who,
        case: CaseId,
        version: i64,
        note: Option<&str>,
        day: Option<Timestamp>,
    ) -> Result<(), DeskError> {
        let note = note.map(super::answer::clean);
        match note.as_deref().map(|note| (note.trim().is_empty(), note.chars().count())) {
            Some((true, _)) => return Err(Refused::Empty.into()),
            Some((_, chars)) if chars > NOTE_MAX_CHARS => {
                return Err(Refused::TooLong { chars, max: NOTE_MAX_CHARS }.into());
            }
            _ => {}
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        let row = cases::find(&mut tx, case).await?.ok_or(Refused::Unknown)?;
        if !may_follow_up(who, &row) {
            return Err(Refused::Unknown.into());
        }
        if !cases::set_follow_up(&mut tx, case, version, day).await? {
            return Err(Refused::Changed.into());
        }
        let (what, verb) = match day {
            None => ("followed-up", Verb::FollowUpDone),
            Some(_) => ("follow-up-moved", Verb::FollowUpSet),
        };
        let mark = Mark { note: note.as_deref().unwrap_or_default(), ..Mark::by(what, who.id) };
        self.mark(&mut tx, case, mark, now).await?;
        self.note(&mut tx, Some(who.id), verb, case).await?;
        self.commit(tx, &[Signal::Queue, Signal::Case(case)]).await?;
        self.refresh_follow_ups().await?;
        Ok(())
    }

    /// Reads anew what the navigation counts.
    ///
    /// # Errors
    /// When the database does not answer; the last count stays.
    pub async fn refresh_follow_ups(&self) -> Result<(), DeskError> {
        let mut tx = self.store.read().await?;
        // A day further than any zone's: each viewer's own day is looked at when it is counted.
        let days = cases::follow_up_days(&mut tx, self.now().plus_ms(2 * DAY_MS)).await?;
        tx.rollback().await?;
        *self.days.write().unwrap_or_else(PoisonError::into_inner) = Days(days);
        Ok(())
    }

    /// How many follow-ups are due today or were before, as last read: somebody's own, or all.
    pub fn follow_ups_due(&self, of: Option<StaffId>, zone: i32) -> usize {
        let until = end_of_day(self.now(), zone);
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        days.0.iter().filter(|(by, at)| *at <= until && (of.is_none() || *by == of)).count()
    }

    /// Reminds whoever has follow-ups that are due: once a day of theirs, in working hours. One transaction a person
    /// marks the cases and queues the message to the chat; a letter is the caller's. Gives whom a letter is for, and of
    /// how many cases. Who cannot be told is not marked.
    ///
    /// # Errors
    /// When the database does not answer; who was reminded before stays so.
    pub async fn remind(
        &self,
        staff: &[Rememberer],
        public_url: Option<&str>,
    ) -> Result<Vec<(StaffId, usize)>, DeskError> {
        let now = self.now();
        let mut letters = Vec::new();
        if !self.hours().is_open(now) {
            return Ok(letters);
        }
        for one in staff.iter().filter(|one| one.by_mail || one.chat.is_some()) {
            if self.follow_ups_due(Some(one.id), one.zone) == 0 {
                continue;
            }
            let told = self.remind_one(one, public_url, now).await?;
            if told > 0 && one.by_mail {
                letters.push((one.id, told));
            }
        }
        Ok(letters)
    }

    async fn remind_one(
        &self,
        one: &Rememberer,
        public_url: Option<&str>,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let end = end_of_day(now, one.zone);
        let since = end.plus_ms(1 - DAY_MS);
        let mut tx = self.store.write().await?;
        let person = Person::hold(&mut tx, one.chat.map(|chat| chat.contact)).await?;
        let person = person.filter(|person| person.reachable);
        if person.is_none() && !one.by_mail {
            return Ok(0);
        }
        let mut told = Vec::new();
        for case in cases::untold_follow_ups(&mut tx, end, one.id, since).await? {
            if cases::tell_follow_up(&mut tx, case, now, since).await? {
                told.push(case);
            }
        }
        if told.is_empty() {
            return Ok(0);
        }
        let mut signals = Vec::new();
        if let Some(person) = person {
            let url = follow_ups_url(public_url);
            let locale = one.chat.and_then(|chat| chat.locale);
            let say = engine::case::follow_ups(locale, told.len(), url.as_deref());
            outbox::add(&mut tx, &[self.notice(&person, &say, now)]).await?;
            signals.push(Signal::Outbox);
        }
        for case in &told {
            self.note(&mut tx, None, Verb::FollowUpTold, *case).await?;
        }
        self.commit(tx, &signals).await?;
        Ok(told.len())
    }
}

/// Where a reminder leads: to the list, which asks who looks.
pub fn follow_ups_url(public_url: Option<&str>) -> Option<String> {
    Some(format!("{}/staff/follow-ups", public_url?))
}

/// Whoever may read the case, and whose day it is.
fn may_follow_up(who: &Who, row: &CaseRow) -> bool {
    may_read(who, row) || row.follow_up_by == Some(who.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_its_reader_is() {
        let noon = Timestamp::from_iso("2026-11-28T12:00:00Z").unwrap();
        let end = |text| Timestamp::from_iso(text).unwrap().plus_ms(-1);
        assert_eq!(end_of_day(noon, 0), end("2026-11-29T00:00:00Z"));
        assert_eq!(end_of_day(noon, 300), end("2026-11-28T19:00:00Z"));
        assert_eq!(end_of_day(noon, 13 * 60), end("2026-11-29T11:00:00Z"));
        assert_eq!(end_of_day(noon, -5 * 60), end("2026-11-29T05:00:00Z"));
    }
}
