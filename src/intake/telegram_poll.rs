//! Long polling: one instance at a time; the offset moves only after the commit.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::{Intake, Leader};
use crate::{
    channels::telegram::{Bot, RawUpdate, Received, receive, render},
    clock::Clock,
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

    /// Hands all updates over at once; true when every one was kept.
    async fn take(&self, updates: Vec<RawUpdate>) -> bool {
        let kept = join_all(updates.into_iter().map(|update| self.take_one(update))).await;
        kept.into_iter().all(|kept| kept)
    }

    async fn take_one(&self, update: RawUpdate) -> bool {
        match receive(self.bot.id(), &update.raw, self.clock.now()) {
            Ok(Received::Inbound { inbound, callback }) => {
                let kept = self.intake.take(inbound).await.is_ok();
                if let (true, Some(callback)) = (kept, callback) {
                    // The button stops spinning; that it fails for an old one changes nothing.
                    let _ = self.bot.call(&render::answer_callback_call(&callback)).await;
                }
                kept
            }
            Ok(Received::Ignored { why, leave, .. }) => {
                tracing::debug!(why, "an update was passed over");
                if let Some(chat) = leave {
                    let _ = self.bot.call(&render::leave_chat(chat)).await;
                }
                true
            }
            Err(unreadable) => {
                let key = unreadable.update_id.map_or_else(
                    || format!("tg:{}:?{}", self.bot.id(), self.clock.now().0),
                    |id| format!("tg:{}:{id}", self.bot.id()),
                );
                self.intake.park(key.into(), ChannelKind::Telegram, unreadable.why, update.raw).await.is_ok()
            }
        }
    }
}

async fn pause(stop: &CancellationToken, how_long: Duration) {
    tokio::select! {
        () = tokio::time::sleep(how_long) => {}
        () = stop.cancelled() => {}
    }
}
