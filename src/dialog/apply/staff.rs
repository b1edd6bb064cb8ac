//! A /start code that ties the chat of somebody who works here to their account.

use super::{Dialog, Pending, Standing, Work, events::Origin};
use crate::{
    desk::staff::{self, TELEGRAM_PREFIX},
    dialog::{DialogError, Form, Outgoing},
    domain::{CampaignCode, ChannelKind, ContactId, Content, Inbound, Locale, OutboxId, StaffId, Timestamp},
    engine::{Say, Screen, System},
    store::Tx,
};

/// A code that was good when the batch came; it is used up with it.
pub(super) struct Code {
    /// The inbound that brought it, by its key: a code sent twice counts once.
    key: Box<str>,
    staff: StaffId,
    locale: Option<Locale>,
}

/// A chat that becomes an account's with this batch.
pub(super) struct Tie {
    staff: StaffId,
    contact: ContactId,
}

/// The code of staff that an inbound brings.
pub(super) fn code_of(inbound: &Inbound) -> Option<&CampaignCode> {
    match &inbound.content {
        Content::Start { code: Some(code) } if code.as_str().starts_with(TELEGRAM_PREFIX) => Some(code),
        _ => None,
    }
}

impl Dialog {
    /// Uses up the codes that the batch brings by Telegram.
    pub(super) async fn staff_codes(
        tx: &mut Tx,
        batch: &[&Inbound],
        now: Timestamp,
    ) -> Result<Vec<Code>, DialogError> {
        let mut codes = Vec::new();
        for inbound in batch.iter().filter(|inbound| inbound.address.channel == ChannelKind::Telegram) {
            let Some(code) = code_of(inbound) else { continue };
            if let Some((staff, locale)) = staff::use_code(tx, code.as_str(), now).await? {
                codes.push(Code { key: inbound.key.clone(), staff, locale: locale.chat() });
            }
        }
        Ok(codes)
    }

    /// Answers a code of staff. It is no touch of a person: nothing is counted, and who works here is flagged out of
    /// the counting (indicators.md §1.4, §1.9).
    pub(super) fn answer_code(
        &self,
        inbound: &Inbound,
        index: usize,
        work: &mut Work,
        absorbed: &[ContactId],
        now: Timestamp,
    ) {
        let Some(standing) = work.standings.get_mut(index) else { return };
        standing.touched = true;
        standing.state.blocked = false;
        standing.last_inbound_at = standing.last_inbound_at.max(inbound.at.min(now));
        let code = work.codes_of_staff.iter().find(|code| code.key == inbound.key);
        let locale = code.and_then(|code| code.locale).or(standing.state.locale);
        let system = if code.is_some() { System::StaffTied } else { System::StaffCodeGone };
        let origin =
            Origin { inbound, contact: standing.contact, code: None, absorbed, now, from: None, node: None };
        origin.rows(&[], &standing.state, &mut work.events);
        if let Some(code) = code {
            work.ties.push(Tie { staff: code.staff, contact: standing.contact });
            work.events.push(origin.staff(absorbed.len()));
        }
        let out = Outgoing {
            id: Some(OutboxId(self.ids.next(now))),
            contact: standing.contact,
            address: inbound.address.clone(),
            say: Say::new(Screen::System(system), locale),
            lane: 0,
            last_inbound_at: standing.last_inbound_at,
            edit: None,
            attempts: 0,
            doubts: 0,
            form: Form::Own,
            hide: Vec::new(),
        };
        work.outgoing.push(Pending { out, hides: false });
    }

    /// Ties the chats; the trail comes last in a transaction.
    pub(super) async fn write_ties(tx: &mut Tx, work: &Work, now: Timestamp) -> Result<(), DialogError> {
        let is_there = |standing: &Standing, tie: &Tie| standing.contact == tie.contact && !standing.erased;
        for tie in &work.ties {
            if work.standings.iter().any(|standing| is_there(standing, tie)) {
                staff::tie(tx, tie.staff, tie.contact, now).await?;
            }
        }
        Ok(())
    }
}
