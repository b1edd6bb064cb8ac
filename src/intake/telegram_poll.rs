//! Long polling: one instance at a time; the offset moves only after the commit.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::{Committing, Intake, Leader, committed};
use crate::{
    channels::telegram::{Bot, CallbackId, RawUpdate, Received, receive, render},
    clock::Clock,
    dialog::Parking,
    domain::ChannelKind,
};

/// How long a call waits for updates.
const POLL_TIMEOUT: Duration = Duration::from_secs(25);
/// After a failed call.
const PAUSE: Duration = Duration::from_secs(3);

pub struct Poller {
    /// Its client's time limit is longer than [`POLL_TIMEOUT`].
    pub bot: Bot,
    pub intake: Intake,
    pub clock: Arc<dyn Clock>,
    pub leader: Leader,
}

impl Poller {
    /// Polls while this instance leads, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let mut offset = None;
        while !stop.is_cancelled() {
            if !self.leader.lead().await {
                pause(&stop, PAUSE).await;
                continue;
            }
            let updates = tokio::select! {
                updates = self.bot.get_updates(offset, POLL_TIMEOUT) => updates,
                () = stop.cancelled() => break,
            };
            match updates {
                Ok(updates) => {
                    let next = updates.iter().filter_map(|update| update.update_id).max().map(|id| id + 1);
                    if self.take(updates).await {
                        offset = next.or(offset);
                    } else {
                        // Not kept: the same updates come again.
                        pause(&stop, PAUSE).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(kind = error.kind(), "getUpdates failed; it is tried again");
                    pause(&stop, PAUSE).await;
                }
            }
        }
        self.leader.give_back().await;
    }

    /// Hands all updates over in their order, then waits for all; true when every one was kept.
    async fn take(&self, updates: Vec<RawUpdate>) -> bool {
        let mut begun = Vec::with_capacity(updates.len());
        for update in updates {
            begun.push(self.begin(update).await);
        }
        let kept = join_all(begun.into_iter().map(|one| self.finish(one))).await;
        kept.into_iter().all(|kept| kept)
    }

    async fn begin(&self, update: RawUpdate) -> Begun {
        match receive(self.bot.id(), &update.raw, self.clock.now()) {
            Ok(Received::Inbound { inbound, callback }) => match self.intake.queue(inbound).await {
                Ok(wait) => Begun::Waits(wait, callback),
                Err(_) => Begun::Done { kept: false },
            },
            Ok(Received::Ignored { why, leave, .. }) => {
                tracing::debug!(why, "an update was passed over");
                leave.map_or(Begun::Done { kept: true }, Begun::Leave)
            }
            Err(unreadable) => {
                // Without an id the same bytes have the same key: they may come again and again.
                let key = unreadable.update_id.map_or_else(
                    || format!("tg:{}:b{}", self.bot.id(), self.intake.dialog.hide_bytes(&update.raw)),
                    |id| format!("tg:{}:{id}", self.bot.id()),
                );
                let (key, reason) = (key.into(), unreadable.why);
                let item = Parking { key, reason, address: None, raw: update.raw };
                Begun::Done { kept: self.intake.park(ChannelKind::Telegram, &[item]).await.is_ok() }
            }
        }
    }

    async fn finish(&self, begun: Begun) -> bool {
        match begun {
            Begun::Done { kept } => kept,
            Begun::Leave(chat) => {
                let _ = self.bot.call(&render::leave_chat(chat)).await;
                true
            }
            Begun::Waits(wait, callback) => {
                let kept = committed(wait).await.is_ok();
                if let (true, Some(callback)) = (kept, callback) {
                    // The button stops spinning; that it fails for an old one changes nothing.
                    let _ = self.bot.call(&render::answer_callback_call(&callback)).await;
                }
                kept
            }
        }
    }
}

/// An update that was handed over.
enum Begun {
    Waits(Committing, Option<CallbackId>),
    /// A group to be left.
    Leave(i64),
    Done {
        kept: bool,
    },
}

async fn pause(stop: &CancellationToken, how_long: Duration) {
    tokio::select! {
        () = tokio::time::sleep(how_long) => {}
        () = stop.cancelled() => {}
    }
}
