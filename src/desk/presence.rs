//! Who looks at a case right now, and who writes. In memory, told between instances by the bus.

use std::{collections::HashMap, sync::PoisonError};

use super::{Desk, DeskError, Who};
use crate::{
    bus::Signal,
    domain::{CaseId, StaffId, Timestamp},
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

/// Looks by case, and since when a visit stands in the trail.
#[derive(Debug, Default)]
pub struct Looks(HashMap<CaseId, HashMap<StaffId, Look>>, HashMap<(CaseId, StaffId), Timestamp>);

impl Looks {
    /// Somebody looks or writes; true if that is news to the others.
    fn see(&mut self, case: CaseId, staff: StaffId, writes: bool, now: Timestamp) -> bool {
        let before = self.others(case, StaffId(0), now);
        let looks = self.0.entry(case).or_default();
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
            .0
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
        self.1.retain(|_, since| now.ms_since(*since) < VISIT_MS);
        self.0.retain(|_, looks| {
            looks.retain(|_, look| now.ms_since(look.looked) < LOOK_MS);
            !looks.is_empty()
        });
    }
}

impl Desk {
    /// Somebody has a case's page in front of them. Who may not read it is not seen either.
    ///
    /// # Errors
    /// When the database does not answer, or [`super::Refused::Unknown`].
    pub async fn look(&self, who: &Who, case: CaseId, writes: bool) -> Result<(), DeskError> {
        self.watched(who, case, self.readable(who, case)).await?;
        if self.see(case, who.id, writes) {
            self.tell_all(Signal::Look { case, staff: who.id, writes }).await?;
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
        looks.1.get(&(case, staff)).is_some_and(|since| self.now().ms_since(*since) < VISIT_MS)
    }

    /// A look stands in the trail now.
    pub(super) fn begin_visit(&self, case: CaseId, staff: StaffId) {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).1.insert((case, staff), self.now());
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
        assert!(looks.0.is_empty());
    }
}
