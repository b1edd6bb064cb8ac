//! WhatsApp's webhook.

use std::{collections::HashSet, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::{Bodies, Recent, bare, later};
use crate::{
    channels::whatsapp::{self, Item, Status, StatusState, Unreadable, signature},
    clock::Clock,
    dialog::{Delivery, Dialog, Parking, Settled},
    domain::{Address, ChannelKind, Inbound, Timestamp},
    intake::{Intake, IntakeError},
    sender::{self, ReadMarks},
    web::state::WhatsAppHook,
};

/// A message that came later than this after it was written may have been taken in before, by another process: then the
/// database is asked. One that came at once was not.
const AT_ONCE_MS: i64 = 20_000;

pub(in crate::web) struct Hook {
    pub intake: Intake,
    pub dialog: Dialog,
    pub clock: Arc<dyn Clock>,
    pub whatsapp: Arc<WhatsAppHook>,
    pub marks: ReadMarks,
    pub bodies: Bodies,
    pub recent: Recent,
}

#[derive(serde::Deserialize)]
pub(in crate::web) struct Verification {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.verify_token", default)]
    token: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
}

/// `GET /whatsapp/webhook`: the API asks whether the address is ours (channels.md §3.2).
pub(in crate::web) async fn verify(
    State(hook): State<Arc<Hook>>,
    query: Result<Query<Verification>, QueryRejection>,
) -> Response {
    let Ok(Query(Verification { mode, token, challenge })) = query else {
        return bare(StatusCode::FORBIDDEN);
    };
    let is_ours = signature::token_matches(hook.whatsapp.verify_token.reveal(), &token);
    // Sent back as text, never as a page: digits and letters only.
    let is_plain = !challenge.is_empty()
        && challenge.len() <= 256
        && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if !is_ours || mode != "subscribe" || !is_plain {
        return bare(StatusCode::FORBIDDEN);
    }
    let mut answer = Response::new(Body::from(challenge));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    answer
}

/// `POST /whatsapp/webhook`. 200 only after everything in the delivery is committed or parked.
///
/// 401 on a wrong signature, before anything is parsed; 413 on a body over 4 MiB; 408 on one that
/// does not arrive in time; 503 when it must be delivered again.
pub(in crate::web) async fn deliver(State(hook): State<Arc<Hook>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let claimed = head.headers.get(whatsapp::SIGNATURE_HEADER).map(HeaderValue::as_bytes);
    let Some(claimed) = signature::claimed(claimed) else { return bare(StatusCode::UNAUTHORIZED) };
    let Some(mut check) = signature::Check::new(hook.whatsapp.app_secret.reveal(), claimed) else {
        return bare(StatusCode::UNAUTHORIZED);
    };
    let raw = match hook.bodies.read(&head.headers, body, |part| check.update(part)).await {
        Ok(raw) => raw,
        Err(refused) => return refused.answer(ChannelKind::WhatsApp.as_str()),
    };
    if !check.is_right() {
        return bare(StatusCode::UNAUTHORIZED);
    }
    match hook.take(raw).await {
        Ok(()) => bare(StatusCode::OK),
        Err(IntakeError::Stopping | IntakeError::Unavailable) => later(),
    }
}

impl Hook {
    async fn take(&self, raw: Bytes) -> Result<(), IntakeError> {
        let now = self.clock.now();
        let hide = |id: &str| self.dialog.hide(id);
        let items = match whatsapp::receive(&self.whatsapp.phone_number_id, &raw, hide, now) {
            Ok(items) => items,
            Err(Unreadable { why: reason }) => {
                let key = format!("wa:b{}", self.dialog.hide_bytes(&raw)).into();
                tracing::warn!(why = reason, "a delivery cannot be read; it is parked");
                return self.park(&[Parking { key, reason, address: None, raw }]).await;
            }
        };
        let seen = self.seen(&items, now).await;
        // Each item has what it needs of the bytes.
        drop(raw);
        let mut work = Work { inbounds: Vec::with_capacity(items.len()), ..Work::default() };
        for item in items {
            self.sort(item, &seen, &mut work);
        }
        // One that could not be kept takes no other along.
        let (taken, settled, parked, ()) = tokio::join!(
            self.intake.take_all(work.inbounds),
            self.intake.settle(work.receipts),
            self.park(&work.parked),
            self.mark(work.marks, now),
        );
        taken.and(settled).and(parked)
    }

    /// Keys of messages that were taken in before: they get no answer, so nobody is told that one is being written.
    async fn seen(&self, items: &[Item], now: Timestamp) -> HashSet<String> {
        let mut seen = HashSet::new();
        let mut late: Vec<&str> = Vec::new();
        for item in items {
            let Item::Inbound(inbound) = item else { continue };
            if inbound.mark_read.is_none() {
                continue;
            }
            if !self.recent.note(&inbound.key) {
                seen.insert(inbound.key.to_string());
            } else if now.0 - inbound.at.0 > AT_ONCE_MS {
                late.push(&inbound.key);
            }
        }
        if !late.is_empty() {
            // A database that does not answer takes nothing in, either: then all count as seen.
            let known = self.dialog.seen(&late).await;
            seen.extend(known.unwrap_or_else(|_| late.into_iter().map(str::to_owned).collect()));
        }
        seen
    }

    fn sort(&self, item: Item, seen: &HashSet<String>, work: &mut Work) {
        match item {
            Item::Inbound(mut inbound) => {
                if let Some(message) = inbound.mark_read.take()
                    && !seen.contains(&*inbound.key)
                {
                    work.marks.push((inbound.address.clone(), message));
                }
                work.inbounds.push(inbound);
            }
            Item::Status(status) => work.receipts.extend(settled(status)),
            Item::Unreadable { key, why, address, raw } => {
                tracing::warn!(item = %key, why, "a part of a delivery cannot be read; it is parked");
                work.parked.push(Parking { key, reason: why, address, raw });
            }
            Item::Notice { key, field, raw } => {
                tracing::warn!(field = %field, "WhatsApp has news for staff; they are kept with the parked inbound");
                metrics::counter!("safar_whatsapp_notices_total", "field" => field.to_string()).increment(1);
                work.parked.push(Parking { key, reason: whatsapp::NOTICE, address: None, raw });
            }
            Item::Ignored { why } => {
                metrics::counter!("safar_ignored_total", "channel" => "wa", "why" => why).increment(1);
            }
        }
    }

    /// Tells people that the bot saw their messages and answers. Who talks to consultants is told it when theirs
    /// reads it: no human has yet, and nobody is writing.
    async fn mark(&self, marks: Vec<(Address, Box<str>)>, now: Timestamp) {
        let by: Vec<&Address> = marks.iter().map(|(by, _)| by).collect();
        // A database that does not answer costs the marks, nothing else.
        let Ok(talking) = self.dialog.talking(&by, now).await else { return };
        for ((by, message), talks) in marks.into_iter().zip(talking) {
            if talks {
                self.marks.hold(&by, message);
            } else {
                self.marks.mark(&by, message);
            }
        }
    }

    async fn park(&self, items: &[Parking]) -> Result<(), IntakeError> {
        self.intake.park(ChannelKind::WhatsApp, items).await
    }
}

/// What a delivery leaves to do.
#[derive(Default)]
struct Work {
    inbounds: Vec<Inbound>,
    receipts: Vec<Settled>,
    /// Messages to be marked read, and whose they are.
    marks: Vec<(Address, Box<str>)>,
    parked: Vec<Parking>,
}

/// A receipt as the outbox takes it; `None` for a message that is not ours.
fn settled(status: Status) -> Option<Settled> {
    let Status { outbox, reference, state, cost, at } = status;
    let Some(id) = outbox else {
        metrics::counter!("safar_ignored_total", "channel" => "wa", "why" => "foreign status").increment(1);
        return None;
    };
    let delivery = match state {
        StatusState::Sent => Delivery::Sent { message: None, reference: None, edited: false },
        StatusState::Delivered => Delivery::Delivered,
        StatusState::Read => Delivery::Read,
        StatusState::Unreachable => Delivery::Blocked,
        StatusState::Failed(error) => sender::failed_later(ChannelKind::WhatsApp, error),
    };
    Some(Settled { id, contact: None, delivery, reference, cost, at })
}
