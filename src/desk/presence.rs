//! Who looks at a case right now, and who writes; and what of it the person hears: that their consultant has read their
//! words, and is writing. In memory, told between instances by the bus.

use std::{collections::HashMap, sync::PoisonError};

use super::{Desk, DeskError, Who};
use crate::{
    bus::Signal,
    domain::{CaseId, StaffId, Timestamp},
    store::cases::{CaseRow, CaseState},
};

/// A look counts so long; the page says it again every 20 seconds.
pub const LOOK_MS: i64 = 45_000;
/// Writing counts so long after the last key.
const WRITE_MS: i64 = 8_000;

#[derive(Clone, Copy, Debug)]
struct Look {
    looked: Timestamp,
    wrote: Option<Timestamp>,
}

/// A page that stays open is one visit so long; then the trail gets another row.
const VISIT_MS: i64 = 30 * 60_000;

/// A person hears at most so often that their consultant writes. Each channel shows it for five seconds or longer.
const ATTENDS_MS: i64 = 5_000;
/// What was told is forgotten so long after; it is told once more then, which does no harm.
const ATTENDED_MS: i64 = 6 * 3_600_000;

/// What a person heard of their consultant's attention.
#[derive(Clone, Copy, Debug)]
struct Attended {
    /// The last of their words that was told to be read.
    read: Option<Timestamp>,
    wrote: Option<Timestamp>,
    at: Timestamp,
}

/// What this process knows of pages that are open.
#[derive(Debug, Default)]
pub struct Looks {
    by_case: HashMap<CaseId, HashMap<StaffId, Look>>,
    /// Since when a visit stands in the trail.
    visits: HashMap<(CaseId, StaffId), Timestamp>,
    attended: HashMap<CaseId, Attended>,
}

impl Looks {
    /// Somebody looks or writes; true if that is news to the others.
    fn see(&mut self, case: CaseId, staff: StaffId, writes: bool, now: Timestamp) -> bool {
        let before = self.others(case, StaffId(0), now);
        let looks = self.by_case.entry(case).or_default();
        let look = looks.entry(staff).or_insert(Look { looked: now, wrote: None });
        look.looked = now;
        if writes {
            look.wrote = Some(now);
        }
        before != self.others(case, StaffId(0), now)
    }

    /// Who else looks, and whether they write, in order of their ids.
    fn others(&self, case: CaseId, me: StaffId, now: Timestamp) -> Vec<(StaffId, bool)> {
        let mut found: Vec<(StaffId, bool)> = self
            .by_case
            .get(&case)
            .into_iter()
            .flatten()
            .filter(|(staff, look)| **staff != me && now.ms_since(look.looked) < LOOK_MS)
            .map(|(staff, look)| (*staff, look.wrote.is_some_and(|wrote| now.ms_since(wrote) < WRITE_MS)))
            .collect();
        found.sort_unstable();
        found
    }

    fn forget_old(&mut self, now: Timestamp) {
        self.visits.retain(|_, since| now.ms_since(*since) < VISIT_MS);
        self.by_case.retain(|_, looks| {
            looks.retain(|_, look| now.ms_since(look.looked) < LOOK_MS);
            !looks.is_empty()
        });
        self.attended.retain(|_, told| now.ms_since(told.at) < ATTENDED_MS);
    }

    /// Whether the person of a case is to hear that their consultant looks or writes: new words are read, or it is time
    /// to say again that an answer is being written.
    fn attend(&mut self, case: CaseId, said: Option<Timestamp>, writes: bool, now: Timestamp) -> bool {
        let told = self.attended.entry(case).or_insert(Attended { read: None, wrote: None, at: now });
        let is_read = said > told.read;
        let is_writing = writes && told.wrote.is_none_or(|wrote| now.ms_since(wrote) >= ATTENDS_MS);
        if is_read {
            (told.read, told.at) = (said, now);
        }
        if is_writing {
            (told.wrote, told.at) = (Some(now), now);
        }
        is_read || is_writing
    }
}

impl Desk {
    /// Somebody has a case's page in front of them. Who may not read it is not seen either.
    ///
    /// # Errors
    /// When the database does not answer, or [`super::Refused::Unknown`].
    pub async fn look(&self, who: &Who, case: CaseId, writes: bool) -> Result<(), DeskError> {
        let row = self.watched(who, case, self.readable(who, case)).await?;
        if self.see(case, who.id, writes) {
            self.tell_all(Signal::Look { case, staff: who.id, writes }).await?;
        }
        self.attend(who, &row, writes).await
    }

    /// Tells the person that their consultant has read their words or writes. Of others who read a case they hear nothing.
    async fn attend(&self, who: &Who, row: &CaseRow, writes: bool) -> Result<(), DeskError> {
        let is_theirs = row.state == CaseState::Claimed && row.holder == Some(who.id);
        let Some(contact) = row.contact.filter(|_| is_theirs) else { return Ok(()) };
        let is_news = {
            let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
            looks.attend(row.id, row.contact_at, writes, self.now())
        };
        if is_news {
            self.tell_all(Signal::Attends { contact, writes }).await?;
        }
        Ok(())
    }

    /// Takes in what a signal tells of looks at this or another instance; true if it was news.
    pub fn see(&self, case: CaseId, staff: StaffId, writes: bool) -> bool {
        let now = self.now();
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.forget_old(now);
        looks.see(case, staff, writes, now)
    }

    /// Whether this account's look at a case stands in the trail already: a page that refreshes itself is one visit.
    pub(super) fn is_visit(&self, case: CaseId, staff: StaffId) -> bool {
        let looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.visits.get(&(case, staff)).is_some_and(|since| self.now().ms_since(*since) < VISIT_MS)
    }

    /// A look stands in the trail now.
    pub(super) fn begin_visit(&self, case: CaseId, staff: StaffId) {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).visits.insert((case, staff), self.now());
    }

    /// Who else looks at a case, and whether they write.
    pub fn others(&self, case: CaseId, me: StaffId) -> Vec<(StaffId, bool)> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).others(case, me, self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_end_by_themselves() {
        let (mut looks, case) = (Looks::default(), CaseId(1));
        let at = |seconds: i64| Timestamp::from_seconds(seconds);
        assert!(looks.see(case, StaffId(7), false, at(0)));
        assert!(!looks.see(case, StaffId(7), false, at(20)), "no news");
        assert!(looks.see(case, StaffId(8), true, at(21)));
        assert_eq!(looks.others(case, StaffId(7), at(22)), [(StaffId(8), true)]);
        assert_eq!(looks.others(case, StaffId(7), at(30)), [(StaffId(8), false)], "the pen rests");
        assert_eq!(looks.others(case, StaffId(8), at(30)), [(StaffId(7), false)]);
        assert_eq!(looks.others(case, StaffId(8), at(66)), []);
        assert_eq!(looks.others(CaseId(2), StaffId(8), at(30)), []);
        looks.forget_old(at(200));
        assert!(looks.by_case.is_empty());
    }

    #[test]
    fn a_person_hears_of_each_reading_once_and_of_writing_at_times() {
        let (mut looks, case) = (Looks::default(), CaseId(1));
        let at = |seconds: i64| Timestamp::from_seconds(seconds);
        assert!(looks.attend(case, Some(at(0)), false, at(1)));
        assert!(!looks.attend(case, Some(at(0)), false, at(20)), "nothing new was said");
        assert!(looks.attend(case, Some(at(0)), true, at(21)));
        assert!(!looks.attend(case, Some(at(0)), true, at(25)), "it is shown still");
        assert!(looks.attend(case, Some(at(0)), true, at(26)));
        assert!(looks.attend(case, Some(at(27)), false, at(28)), "new words");
        assert!(!looks.attend(CaseId(2), None, false, at(28)), "a case without a word of theirs");
        looks.forget_old(at(28 + 6 * 3_600));
        assert!(looks.attended.is_empty());
    }
}
