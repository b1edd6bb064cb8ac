//! What happens by itself: a silent consultant is warned, then the case goes back to the queue; an urgent case that
//! nobody takes raises the alarm.

use std::collections::BTreeMap;

use super::{Desk, DeskError, claim::Mark, person::Person};
use crate::{
    bus::Signal,
    desk::audit::Verb,
    domain::{CaseId, ContactId, Locale, OutboxId, StaffId, Timestamp},
    engine,
    store::{
        cases::{self, Silent},
        outbox::{self, OutboxNew},
    },
};

/// Cases looked at in one round.
const AT_ONCE: u32 = 200;
const MINUTE_MS: i64 = 60_000;
/// The sender's lane of notices.
const NOTICES: i16 = 1;

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

    /// Raises the alarm of urgent cases that nobody took in time: one transaction marks them and queues the messages to
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
            return Ok(due);
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
        for case in due {
            if cases::alarm(&mut tx, case, now, again).await? {
                self.mark(&mut tx, case, Mark { what: "alarmed", by: None, to: None, note: "" }, now).await?;
                taken.push(case);
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
            rows.push(OutboxNew {
                id: OutboxId(self.ids.next(now)),
                contact: person.contact,
                channel: person.channel,
                lane: NOTICES,
                payload: Some(serde_json::to_string(&say).unwrap_or_default()),
                sealed: None,
                edit_of: None,
                not_before: now,
                leased_by: None,
                lease_until: Timestamp(0),
                created_at: now,
            });
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
}

/// Where an alarm leads: to the case; to the queue where there are several.
pub fn alarm_url(public_url: Option<&str>, cases: &[CaseId]) -> Option<String> {
    let public = public_url?;
    Some(match cases {
        [case] => format!("{public}/staff/case/{case}"),
        _ => format!("{public}/staff/queue"),
    })
}
