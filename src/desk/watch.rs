//! What happens by itself: a silent consultant is warned, then the case goes back to the queue, as do those of somebody who
//! works here no more; an urgent case that nobody takes raises the alarm.

use std::collections::BTreeMap;

use super::{Desk, DeskError, Mark, Queued, Roles, TAKERS, hours::Hours, person::Person, settings::Limits};
use crate::{
    bus::Signal,
    desk::audit::Verb,
    domain::{CaseId, ContactId, Locale, OutboxId, StaffId, Timestamp},
    engine,
    store::{
        cases::{self, Filter, Open, Place, Silent, Unheeded},
        outbox::{self, OutboxNew},
        staff,
    },
};

/// Cases looked at in one round.
const AT_ONCE: u32 = 200;
const MINUTE_MS: i64 = 60_000;
/// The sender's lane of notices.
pub(super) const NOTICES: i16 = 1;

/// How long a consultant may be silent, in milliseconds.
#[derive(Clone, Copy)]
struct Silence {
    /// The clock counts, not the working time.
    urgent: bool,
    warn: i64,
    back: i64,
}

impl Silence {
    fn of(limits: &Limits, urgent: bool) -> Self {
        let (warn, back) = if urgent {
            (limits.warn_after_urgent, limits.return_after_urgent)
        } else {
            (limits.warn_after, limits.return_after)
        };
        Self { urgent, warn: i64::from(warn) * MINUTE_MS, back: i64::from(back) * MINUTE_MS }
    }

    /// What lies between the warning and the return, at least.
    const fn grace(self) -> i64 {
        self.back - self.warn
    }

    fn passed(self, hours: &Hours, from: Timestamp, until: Timestamp) -> i64 {
        if self.urgent { until.ms_since(from) } else { hours.worked_ms(from, until) }
    }

    fn after(self, hours: &Hours, from: Timestamp, ms: i64) -> Option<Timestamp> {
        if self.urgent { Some(from.plus_ms(ms)) } else { hours.after(from, ms) }
    }
}

/// A chat that hears the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chat {
    pub contact: ContactId,
    /// The staff member's own language; none for English, which the chat does not speak.
    pub locale: Option<Locale>,
}

/// What a round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Who was warned, and of which case.
    pub warned: Vec<(StaffId, CaseId)>,
    pub returned: Vec<CaseId>,
}

impl Desk {
    /// Warns consultants whose persons wait, and takes cases back from those who stay silent. Of ordinary cases only
    /// working time counts: nobody owes an answer at night. Of urgent ones the clock does, so that one which was taken
    /// in the evening is somebody's before the morning, or rings again.
    ///
    /// # Errors
    /// When the database does not answer; what was done before stays done.
    pub async fn watch_silence(&self) -> Result<Round, DeskError> {
        let now = self.now();
        let limits = self.settings().limits.value.clone();
        let hours = self.hours();
        let mut round = Round::default();
        let is_open = hours.is_open(now);
        let first =
            if is_open { limits.warn_after.min(limits.warn_after_urgent) } else { limits.warn_after_urgent };
        let mut tx = self.store.read().await?;
        let since = now.plus_ms(-i64::from(first) * MINUTE_MS);
        let silent = cases::silent(&mut tx, since, is_open, AT_ONCE).await?;
        tx.rollback().await?;
        for case in silent {
            let silence = Silence::of(&limits, case.urgent);
            let waited = silence.passed(&hours, case.waited, now);
            // A warning comes before, and leaves the time between the two.
            let is_warned =
                case.warned_at.is_some_and(|at| silence.passed(&hours, at, now) >= silence.grace());
            if waited >= silence.back && is_warned {
                // In its place: the person has waited since then.
                let mark = Mark::of("returned", case.holder);
                if self.take_back(case.id, case.contact, case.holder, case.owed_since, mark).await? {
                    round.returned.push(case.id);
                }
            } else if waited >= silence.warn && case.warned_at.is_none() && self.warn(&case, now).await? {
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
        self.mark(&mut tx, case.id, Mark::of("warned", case.holder), now).await?;
        self.commit(tx, &[Signal::Queue, Signal::Case(case.id)]).await?;
        Ok(true)
    }

    /// Takes cases back from accounts that are locked or may take none any more: nobody would answer there.
    ///
    /// # Errors
    /// When the database does not answer; what was done before stays done.
    pub async fn return_stranded(&self) -> Result<Vec<CaseId>, DeskError> {
        let now = self.now();
        let mut tx = self.store.read().await?;
        let accounts = staff::list(&mut tx).await?;
        let works = |id: StaffId| {
            let roles = accounts.iter().find(|row| row.id == id && row.state == "active");
            roles.is_some_and(|row| Roles::from_json(&row.roles).has_any(&TAKERS))
        };
        let mut stranded = Vec::new();
        for (holder, _) in cases::holders(&mut tx).await? {
            if !works(holder) {
                let own = Filter { holder: Some(holder), ..Filter::default() };
                let held = cases::list(&mut tx, Open::Claimed, &own, Place::START, AT_ONCE).await?;
                stranded.extend(held.into_iter().map(|case| (holder, case)));
            }
        }
        tx.rollback().await?;
        let mut returned = Vec::new();
        for (holder, case) in stranded {
            let since = case.owed_since.unwrap_or(now);
            if self.take_back(case.id, case.contact, holder, since, Mark::of("left", holder)).await? {
                returned.push(case.id);
            }
        }
        Ok(returned)
    }

    /// Puts a case back to the queue by itself; its person is told. False if it moved meanwhile.
    async fn take_back(
        &self,
        case: CaseId,
        contact: Option<ContactId>,
        holder: StaffId,
        since: Timestamp,
        mark: Mark<'_>,
    ) -> Result<bool, DeskError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        let person = Person::hold(&mut tx, contact).await?;
        if !cases::release(&mut tx, case, holder, since, None).await? {
            return Ok(false);
        }
        self.mark(&mut tx, case, mark, now).await?;
        let mut signals = vec![Signal::Queue, Signal::Case(case)];
        signals.extend(self.requeue(&mut tx, person, now).await?);
        self.note(&mut tx, None, Verb::CaseReturned, case).await?;
        self.commit(tx, &signals).await?;
        Ok(true)
    }

    /// When a case whose holder was warned goes back to the queue, if they stay silent.
    pub fn returns_at(&self, case: &Queued) -> Option<Timestamp> {
        let settings = self.settings();
        let (silence, hours) = (Silence::of(&settings.limits.value, case.urgent), &settings.hours.value);
        let (warned, owed) = (case.warned_at?, case.owed_since?);
        let waited = case.claimed_at.map_or(owed, |held| owed.max(held));
        let by_wait = silence.after(hours, waited, silence.back)?;
        Some(by_wait.max(silence.after(hours, warned, silence.grace())?))
    }

    /// Raises the alarm of urgent cases that nobody took in time, or that were given to somebody who has not looked at them
    /// in that time, whether off duty or away: one transaction marks them and queues the messages to
    /// `chats`, so that a case is told of once, by one instance, and a stop loses nothing. `by_mail`: somebody is told
    /// by mail, too, which the caller sends. Where nobody can be told nothing is marked: whoever goes on duty next hears
    /// of it. `again` of the settings makes a case ring anew.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn raise_alarms(
        &self,
        chats: &[Chat],
        by_mail: bool,
        public_url: Option<&str>,
    ) -> Result<Vec<CaseId>, DeskError> {
        let now = self.now();
        let settings = self.settings();
        let limits = &settings.limits.value;
        let since = now.plus_ms(-i64::from(limits.alarm_after) * MINUTE_MS);
        let again = match limits.alarm_again {
            0 => Timestamp(-1),
            minutes => now.plus_ms(-i64::from(minutes) * MINUTE_MS),
        };
        let mut tx = self.store.read().await?;
        let due = cases::unalarmed(&mut tx, since, again, AT_ONCE).await?;
        tx.rollback().await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.store.write().await?;
        // Sessions before cases, in contact order: as everywhere.
        let wanted: BTreeMap<ContactId, Option<Locale>> =
            chats.iter().map(|chat| (chat.contact, chat.locale)).collect();
        let mut hearers = Vec::new();
        for (contact, locale) in wanted {
            let person = Person::hold(&mut tx, Some(contact)).await?;
            hearers.extend(person.filter(|person| person.reachable).map(|person| (person, locale)));
        }
        if hearers.is_empty() && !by_mail {
            tx.rollback().await?;
            tracing::warn!(cases = due.len(), "urgent cases wait, and nobody on duty can be told");
            return Ok(Vec::new());
        }
        let mut taken = Vec::new();
        for Unheeded { id, holder } in due {
            if cases::alarm(&mut tx, id, now, again).await? {
                let mark = holder.map_or(Mark::plain("alarmed"), |holder| Mark::of("unseen", holder));
                self.mark(&mut tx, id, mark, now).await?;
                taken.push(id);
            }
        }
        if taken.is_empty() {
            tx.rollback().await?;
            return Ok(taken);
        }
        let url = alarm_url(public_url, &taken);
        let mut rows = Vec::new();
        for (person, locale) in &hearers {
            let say = engine::case::alarm(*locale, taken.len(), url.as_deref());
            rows.push(self.notice(person, &say, now));
        }
        outbox::add(&mut tx, &rows).await?;
        let mut signals: Vec<Signal> = taken.iter().map(|case| Signal::Case(*case)).collect();
        signals.push(Signal::Queue);
        if !rows.is_empty() {
            signals.push(Signal::Outbox);
        }
        self.commit(tx, &signals).await?;
        Ok(taken)
    }

    /// A message to a chat of staff: nothing of a person stands in it, so it is not sealed.
    pub(super) fn notice(&self, to: &Person, say: &engine::Say, now: Timestamp) -> OutboxNew {
        OutboxNew {
            id: OutboxId(self.ids.next(now)),
            contact: to.contact,
            channel: to.channel,
            lane: NOTICES,
            payload: Some(serde_json::to_string(say).unwrap_or_default()),
            sealed: None,
            edit_of: None,
            not_before: now,
            leased_by: None,
            lease_until: Timestamp(0),
            created_at: now,
        }
    }
}

/// Where an alarm leads: to the page that offers the case, since nobody reads one before they have it; to the queue where
/// there are several.
pub fn alarm_url(public_url: Option<&str>, cases: &[CaseId]) -> Option<String> {
    let public = public_url?;
    Some(match cases {
        [case] => format!("{public}/staff/case/{case}/claim"),
        _ => format!("{public}/staff/queue"),
    })
}
