//! Closing many waiting cases at once: somebody filled the queue with what is no plea.

use super::{CloseForm, Desk, DeskError, Refused, Who, outcome::Outcome};
use crate::{
    domain::CaseId,
    store::cases::{self, CaseState},
};

/// Most cases of one sweep: more than a page of the queue shows.
pub const SWEEP_MAX: usize = 200;

impl Desk {
    /// Closes those of `chosen` that still wait, as outside of our scope; gives their number. Each is closed as by its
    /// form: its person is told, and may write again; a row of the trail says who closed it. What somebody took
    /// meanwhile, or whose person wrote, stays.
    ///
    /// # Errors
    /// [`Refused::NotYours`] for who is no supervisor, [`Refused::Empty`], [`Refused::TooLong`].
    pub async fn sweep(&self, who: &Who, chosen: &[CaseId]) -> Result<u64, DeskError> {
        if !who.supervisor {
            return Err(Refused::NotYours.into());
        }
        if chosen.is_empty() {
            return Err(Refused::Empty.into());
        }
        if chosen.len() > SWEEP_MAX {
            return Err(Refused::TooLong { chars: chosen.len(), max: SWEEP_MAX }.into());
        }
        let mut closed = 0;
        for case in chosen {
            let mut tx = self.store.read().await?;
            let row = cases::find(&mut tx, *case).await?;
            tx.rollback().await?;
            let Some(row) = row.filter(|row| row.state == CaseState::Waiting) else { continue };
            let outcome = Outcome::outside(self.living_topic(row.topic.as_deref()));
            let form = CloseForm {
                outcome,
                follow_up: Ok(None),
                household: String::new(),
                centre: None,
                version: row.version,
            };
            match self.close(who, *case, &form).await {
                Ok(()) => closed += 1,
                Err(DeskError::Refused(Refused::Changed | Refused::Ended | Refused::Unknown)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(closed)
    }

    /// A topic that the content still has.
    fn living_topic<'a>(&self, topic: Option<&'a str>) -> Option<&'a str> {
        let release = self.release();
        let topics = release.settings.topics.as_deref().unwrap_or_default();
        topic.filter(|topic| topics.iter().any(|known| **known == **topic))
    }
}
