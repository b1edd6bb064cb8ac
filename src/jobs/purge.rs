//! What has served its time goes (design §4, §7).

use super::Context;
use crate::{
    counting,
    desk::audit::{self, Deed, Verb},
    domain::{ChannelKind, Source, Timestamp},
    store::{self, StoreError, events::EventRow},
};

const DAY_MS: i64 = 86_400_000;
/// Channels redeliver for up to seven days (channels.md §3.3).
const DEDUP_DAYS: i64 = 8;

/// How long things are kept, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// A contact that has not written.
    pub silent_contact: i64,
    /// A settled outbox row: its message number serves `/hide`, its payload is empty but where WhatsApp may still give
    /// the message back.
    pub outbox: i64,
    /// A web message that no page came back for. Pages show where the person stands anew, so nothing is lost with it.
    pub unseen_web: i64,
    /// A parked inbound, raw and sealed.
    pub parked: i64,
    /// A question that was not answered well, masked.
    pub questions: i64,
    /// What was said in a case, after its closing.
    pub cases: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { silent_contact: 365, outbox: 30, unseen_web: 3, parked: 14, questions: 90, cases: 365 }
    }
}

/// Sessions of staff are forgotten so long after their end: until then what somebody was writing is kept for them.
const SESSION_DAYS: i64 = 1;
/// Failed logins count for a day.
const FAILURE_DAYS: i64 = 2;
/// Contacts erased in one transaction.
const ERASE_AT_ONCE: u32 = 50;

pub(super) async fn run(context: Context) {
    let now = context.clock.now();
    if let Err(error) = purge(&context, now).await {
        tracing::warn!(%error, "purging failed; it is tried again");
    }
}

/// Deletes all that is past its time, in small transactions.
pub async fn purge(context: &Context, now: Timestamp) -> Result<(), StoreError> {
    let before = |days: i64| now.plus_ms(-days * DAY_MS);
    let Retention { silent_contact, outbox, unseen_web, parked, questions, cases } = context.retention;
    loop {
        let mut tx = context.store.write().await?;
        let gone = store::dedup::purge(&mut tx, before(DEDUP_DAYS)).await?
            + store::outbox::expire(&mut tx, ChannelKind::Web, before(unseen_web), now).await?
            + store::outbox::purge(&mut tx, before(outbox)).await?
            + store::parked::purge(&mut tx, before(parked)).await?
            + store::questions::purge(&mut tx, before(questions)).await?
            + store::cases::purge(&mut tx, before(cases)).await?
            + store::staff_sessions::purge(&mut tx, before(SESSION_DAYS), before(SESSION_DAYS)).await?
            + store::staff_sessions::purge_failures(&mut tx, before(FAILURE_DAYS)).await?
            + store::staff::purge_links(&mut tx, now).await?;
        tx.commit().await?;
        if gone == 0 {
            break;
        }
    }
    loop {
        let mut tx = context.store.write().await?;
        let silent = store::sessions::list_silent(&mut tx, before(silent_contact), ERASE_AT_ONCE).await?;
        let mut ticks = Vec::new();
        // In the order of a turn: sessions, cases, counts.
        let _locked = store::sessions::lock(&mut tx, &[], &silent, &[]).await?;
        let mut dropped = Vec::new();
        for contact in &silent {
            dropped.extend(store::cases::erase(&mut tx, *contact, now).await?.follow_ups);
        }
        counting::forget(&mut tx, context.dialog.rules(), &silent).await?;
        for contact in &silent {
            store::erase::contact(&mut tx, *contact).await?;
            ticks.push(EventRow {
                event_id: format!("erase:{}", context.ids.next(now)),
                kind: "erase",
                contact: None,
                occurred_at: now,
                recorded_at: now,
                channel: ChannelKind::Web,
                source: Source::Bot,
                code: None,
                attrs: r#"{"why":"silent"}"#.to_owned(),
            });
        }
        store::events::append(&mut tx, &ticks).await?;
        for case in dropped {
            let deed = Deed::on_case(None, Verb::FollowUpDropped, case.0);
            audit::append(&mut tx, now, deed).await?;
        }
        tx.commit().await?;
        if silent.is_empty() {
            return Ok(());
        }
        tracing::info!(contacts = silent.len(), "contacts that were silent too long were erased");
    }
}
