//! Who has a case: claiming, giving back, handing on.

use super::{Desk, DeskError, Mark, Refused, Who, cases::may_read, person::Person};
use crate::{
    bus::Signal,
    desk::audit::Verb,
    domain::{CaseId, StaffId, Timestamp},
    engine,
    store::{
        StoreError, Tx,
        cases::{self, CaseRow, CaseState, Claim, Moved},
        staff,
    },
};

/// Longest note for whoever gets the case, in characters.
pub const NOTE_MAX_CHARS: usize = 2_000;

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    Won,
    /// Somebody was quicker: who, and when.
    Lost {
        holder: Option<StaffId>,
        at: Option<Timestamp>,
        state: CaseState,
    },
    Full {
        open: u64,
    },
}

/// A case before it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Its page opens for who asks.
    Readable,
    Waiting(Box<Offered>),
    /// Somebody has it, or it is closed.
    Gone {
        holder: Option<StaffId>,
        at: Option<Timestamp>,
        state: CaseState,
    },
}

/// What the queue tells of a case, too: words of closed lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub urgent: bool,
    pub topic: Option<String>,
    pub locale: String,
    pub country: String,
    pub channel: String,
    pub skill: Option<String>,
    pub waiting_since: Timestamp,
}

/// To whom a case goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    Staff(StaffId),
    /// Back to the queue, for whoever knows this.
    Skill(String),
    /// Back to the queue, for anybody.
    Queue,
}

impl Desk {
    /// Takes a case out of the queue; or an urgent one that was given to somebody who did not look, once the alarm was
    /// raised.
    ///
    /// # Errors
    /// [`Refused::Unknown`]; losing is no error.
    pub async fn claim(&self, who: &Who, case: CaseId) -> Result<Claimed, DeskError> {
        // Losers learn it without waiting for a lock.
        let mut tx = self.store.read().await?;
        let row = cases::find(&mut tx, case).await?.ok_or(Refused::Unknown)?;
        tx.rollback().await?;
        let is_left = row.is_forsaken() && row.holder != Some(who.id);
        if row.state != CaseState::Waiting && !is_left {
            return Ok(Claimed::Lost { holder: row.holder, at: row.claimed_at, state: row.state });
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        let person = Person::hold(&mut tx, row.contact).await?;
        match cases::claim(&mut tx, case, who.id, self.max_of(who.max_cases), now).await? {
            Claim::Won => {}
            Claim::Lost(lost) => {
                return Ok(Claimed::Lost { holder: lost.holder, at: lost.at, state: lost.state });
            }
            Claim::Full { open } => return Ok(Claimed::Full { open }),
            Claim::Unknown => return Err(Refused::Unknown.into()),
        }
        let mut signals = vec![Signal::Queue, Signal::Case(case)];
        self.mark(&mut tx, case, Mark::by("claimed", who.id), now).await?;
        signals.extend(self.introduce(&mut tx, person, &who.name, now).await?);
        self.note(&mut tx, Some(who.id), Verb::CaseClaimed, case).await?;
        self.commit(tx, &signals).await?;
        Ok(Claimed::Won)
    }

    /// A case as a consultant may know of it before they take it: nothing that its person said.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub async fn offer(&self, who: &Who, case: CaseId) -> Result<Offer, DeskError> {
        let mut tx = self.store.read().await?;
        let row = cases::find(&mut tx, case).await?.ok_or(Refused::Unknown)?;
        tx.rollback().await?;
        let is_left = row.is_forsaken();
        Ok(match row.state {
            _ if may_read(who, &row) => Offer::Readable,
            state if state == CaseState::Waiting || is_left => Offer::Waiting(Box::new(Offered {
                urgent: row.urgent,
                topic: row.topic,
                locale: row.locale,
                country: row.country,
                channel: row.channel,
                skill: row.skill,
                waiting_since: row.waiting_since,
            })),
            state => Offer::Gone { holder: row.holder, at: row.claimed_at, state },
        })
    }

    /// Says how urgent an open case is, by whoever has it or a supervisor: words of danger are misheard, and a danger
    /// ends. Words of danger that come later make it urgent again.
    ///
    /// # Errors
    /// [`DeskError::Refused`]; [`Refused::Changed`]: it is so already.
    pub async fn set_urgency(&self, who: &Who, case: CaseId, urgent: bool) -> Result<(), DeskError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        let row = cases::find(&mut tx, case).await?.ok_or(Refused::Unknown)?;
        self.may_move(who, &row)?;
        let person = Person::hold(&mut tx, row.contact).await?;
        if !cases::set_urgency(&mut tx, case, urgent).await? {
            return Err(Refused::Changed.into());
        }
        if let Some(mut person) = person {
            engine::case::set_urgent(&mut person.state, urgent);
            person.save(&mut tx, now).await?;
        }
        let (what, verb) = if urgent { ("raised", Verb::CaseRaised) } else { ("lowered", Verb::CaseLowered) };
        self.mark(&mut tx, case, Mark::by(what, who.id), now).await?;
        self.note(&mut tx, Some(who.id), verb, case).await?;
        self.commit(tx, &[Signal::Queue, Signal::Case(case)]).await?;
        Ok(())
    }

    /// Hands a case on, by whoever has it or a supervisor; a note for the next one is kept with it.
    ///
    /// # Errors
    /// [`DeskError::Refused`].
    pub async fn hand(&self, who: &Who, case: CaseId, to: &To, note: &str) -> Result<(), DeskError> {
        self.watched(who, case, self.try_hand(who, case, to, note)).await
    }

    async fn try_hand(&self, who: &Who, case: CaseId, to: &To, note: &str) -> Result<(), DeskError> {
        let note = super::answer::clean(note);
        let chars = note.chars().count();
        if chars > NOTE_MAX_CHARS {
            return Err(Refused::TooLong { chars, max: NOTE_MAX_CHARS }.into());
        }
        let now = self.now();
        let mut tx = self.store.write().await?;
        let row = cases::find(&mut tx, case).await?.ok_or(Refused::Unknown)?;
        self.may_move(who, &row)?;
        let person = Person::hold(&mut tx, row.contact).await?;
        let mut signals = vec![Signal::Queue, Signal::Case(case)];
        let verb = match to {
            To::Staff(staff) => {
                let next = staff::by_id(&mut tx, *staff).await?.filter(|row| row.state == "active");
                let next = next.ok_or(Refused::NoColleague)?;
                let roles = super::Roles::from_json(&next.roles);
                if !roles.has_any(&super::TAKERS) {
                    return Err(Refused::NoColleague.into());
                }
                let max = self.max_of(next.max_cases);
                match cases::give(&mut tx, case, row.version, who.id, *staff, max, now).await? {
                    Moved::Done => {}
                    Moved::Stale => return Err(Refused::Changed.into()),
                    Moved::Full { open } => return Err(Refused::Full { open }.into()),
                }
                let what = if row.holder == Some(who.id) { "transferred" } else { "assigned" };
                let mark = Mark { what, by: Some(who.id), to: Some(*staff), note: &note };
                self.mark(&mut tx, case, mark, now).await?;
                signals.extend(self.introduce(&mut tx, person, &next.name, now).await?);
                if what == "transferred" { Verb::CaseTransferred } else { Verb::CaseAssigned }
            }
            To::Skill(_) | To::Queue => {
                let skill = match to {
                    To::Skill(skill) => Some(skill.as_str()),
                    _ => None,
                };
                let holder = row.holder.ok_or(Refused::Changed)?;
                // Who has had no answer keeps their place; after an answer the wait begins anew.
                let since = row.owed_since.unwrap_or(now);
                if !cases::release(&mut tx, case, holder, since, skill).await? {
                    return Err(Refused::Changed.into());
                }
                let mark = Mark { what: "released", by: Some(who.id), to: None, note: &note };
                self.mark(&mut tx, case, mark, now).await?;
                signals.extend(self.requeue(&mut tx, person, now).await?);
                Verb::CaseReleased
            }
        };
        self.note(&mut tx, Some(who.id), verb, case).await?;
        self.commit(tx, &signals).await?;
        Ok(())
    }

    fn may_move(&self, who: &Who, row: &CaseRow) -> Result<(), Refused> {
        if !may_read(who, row) {
            return Err(Refused::Unknown);
        }
        if row.state.is_open() { Ok(()) } else { Err(Refused::Ended) }
    }

    /// Tells the person who answers them.
    async fn introduce(
        &self,
        tx: &mut Tx,
        person: Option<Person>,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Signal>, StoreError> {
        let Some(mut person) = person else { return Ok(None) };
        let say = engine::case::claimed(&mut person.state, name);
        self.tell(tx, person, say, now).await
    }

    /// Tells the person that somebody else will answer.
    pub(super) async fn requeue(
        &self,
        tx: &mut Tx,
        person: Option<Person>,
        now: Timestamp,
    ) -> Result<Option<Signal>, StoreError> {
        let Some(mut person) = person else { return Ok(None) };
        let say = engine::case::requeued(&mut person.state);
        self.tell(tx, person, say, now).await
    }

    /// Keeps where the person stands and queues a word about their case. What WhatsApp would make a template of is
    /// not sent: a template is for answers. They learn it with their next message.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        mut person: Person,
        say: Option<engine::Say>,
        now: Timestamp,
    ) -> Result<Option<Signal>, StoreError> {
        let is_told = person.reachable && !person.is_late(now);
        if say.is_some() && !is_told {
            engine::case::untold(&mut person.state);
        }
        person.save(tx, now).await?;
        let Some(say) = say.filter(|_| is_told) else { return Ok(None) };
        self.queue(tx, &person, &say, now).await?;
        Ok(Some(person.wake()))
    }
}
