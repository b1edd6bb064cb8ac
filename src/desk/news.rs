//! What whoever has a case has not seen of it yet.

use super::{Desk, DeskError, Queued, Who};
use crate::{
    domain::{CaseId, StaffId, Timestamp},
    store::cases::{self, CaseRow, CaseState, Filter, Open, Place},
};

/// A consultant's own open cases that are looked at: none has more.
const MINE_MAX: u32 = 500;

/// What may have happened to a case since its holder looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Somebody else gave it to them.
    Handed,
    /// Its person wrote.
    Word,
    /// It will go back to the queue by their silence.
    Warned,
}

impl Noise {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Handed => "handed",
            Self::Word => "word",
            Self::Warned => "warned",
        }
    }
}

/// What an open page of the console asks for when something moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Urgent cases to which nobody attends, the longest wait first; a page of them at most.
    pub urgent: Vec<CaseId>,
    /// The viewer's own open cases.
    pub mine: Vec<CaseId>,
    /// What is new in them, each time another: `handed.<case>.<ms>`.
    pub fresh: Vec<String>,
}

/// What of a claimed case its holder has not seen, and when it was.
pub fn fresh(case: &Queued) -> Vec<(Noise, Timestamp)> {
    let Some(held) = case.claimed_at.filter(|_| case.state == CaseState::Claimed) else { return Vec::new() };
    // What a former holder saw is not theirs.
    let seen = case.seen_at.filter(|seen| *seen >= held);
    let handed = case.given_at.filter(|given| *given == held && seen.is_none());
    // Words from before are read with the case.
    let word = case.contact_at.filter(|at| *at > seen.unwrap_or(held));
    let warned = case.warned_at.filter(|at| seen.is_none_or(|seen| *at > seen));
    [(Noise::Handed, handed), (Noise::Word, word), (Noise::Warned, warned)]
        .into_iter()
        .filter_map(|(noise, at)| Some((noise, at?)))
        .collect()
}

impl Desk {
    /// What is new for somebody of the desk.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn news(&self, who: &Who) -> Result<News, DeskError> {
        let board = self.board().await?;
        let mine = self.mine(who.id).await?;
        let unseen = board.unseen.iter().filter(|case| case.holder != Some(who.id)).map(|case| case.id);
        Ok(News {
            urgent: board.urgent.iter().copied().chain(unseen).collect(),
            fresh: mine
                .iter()
                .flat_map(|case| {
                    let key =
                        |(noise, at): (Noise, Timestamp)| format!("{}.{}.{}", noise.as_str(), case.id, at.0);
                    fresh(case).into_iter().map(key)
                })
                .collect(),
            mine: mine.into_iter().map(|case| case.id).collect(),
        })
    }

    /// Somebody's open cases.
    pub(super) async fn mine(&self, holder: StaffId) -> Result<Vec<Queued>, DeskError> {
        let own = Filter { holder: Some(holder), ..Filter::default() };
        let mut tx = self.store.read().await?;
        let mine = cases::list(&mut tx, Open::Claimed, &own, Place::START, MINE_MAX).await?;
        tx.rollback().await?;
        Ok(mine)
    }

    /// The holder has the case's page in front of them: what it shows is seen. Of an urgent one that was given to them
    /// the alarm ends.
    pub(super) async fn seen_by_holder(&self, row: &CaseRow) -> Result<(), DeskError> {
        let (Some(holder), Some(held)) = (row.holder, row.claimed_at) else { return Ok(()) };
        let until = [row.contact_at, row.warned_at].into_iter().flatten().fold(held, Timestamp::max);
        if row.seen_at.is_some_and(|seen| seen >= until) {
            return Ok(());
        }
        let mut tx = self.store.write().await?;
        if !cases::see(&mut tx, row.id, holder, until).await? {
            return Ok(());
        }
        let signals = if row.is_forsaken() { vec![crate::bus::Signal::Queue] } else { Vec::new() };
        self.commit(tx, &signals).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> Queued {
        Queued {
            id: CaseId(1),
            contact: None,
            channel: "tg".to_owned(),
            state: CaseState::Claimed,
            urgent: false,
            topic: None,
            node: None,
            locale: "ru".to_owned(),
            country: "RU".to_owned(),
            skill: None,
            holder: Some(StaffId(7)),
            past_holder: None,
            opened_at: Timestamp(10),
            waiting_since: Timestamp(10),
            claimed_at: Some(Timestamp(100)),
            contact_at: Some(Timestamp(10)),
            staff_at: None,
            owed_since: Some(Timestamp(10)),
            warned_at: None,
            closed_at: None,
            reopened: 0,
            rating: None,
            outcome: None,
            follow_up_at: None,
            given_at: None,
            seen_at: None,
        }
    }

    fn told(case: &Queued) -> Vec<(&'static str, i64)> {
        fresh(case).into_iter().map(|(noise, at)| (noise.as_str(), at.0)).collect()
    }

    #[test]
    fn a_holder_hears_of_what_they_have_not_seen() {
        assert_eq!(told(&case()), [], "they took it themselves");
        let given = Queued { given_at: Some(Timestamp(100)), ..case() };
        assert_eq!(told(&given), [("handed", 100)]);
        let past = Queued { given_at: Some(Timestamp(50)), ..case() };
        assert_eq!(told(&past), [], "it was given to somebody before them");
        let seen = |at| Some(Timestamp(at));
        assert_eq!(
            told(&Queued { seen_at: seen(99), ..given.clone() }),
            [("handed", 100)],
            "seen by another"
        );
        assert_eq!(told(&Queued { seen_at: seen(100), ..given.clone() }), []);
        let wrote = Queued { contact_at: seen(120), ..given };
        assert_eq!(told(&wrote), [("handed", 100), ("word", 120)]);
        assert_eq!(told(&Queued { seen_at: seen(110), ..wrote.clone() }), [("word", 120)]);
        assert_eq!(told(&Queued { seen_at: seen(120), ..wrote.clone() }), []);
        let warned = Queued { warned_at: seen(130), seen_at: seen(120), ..wrote };
        assert_eq!(told(&warned), [("warned", 130)]);
        assert_eq!(told(&Queued { state: CaseState::Waiting, ..warned }), []);
    }
}
