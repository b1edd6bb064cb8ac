//! Shows in a Telegram chat that a consultant writes.
//!
//! A courtesy: what fails is dropped, and after a failure of all calls none is made for a while. Telegram has no mark
//! for messages that a bot has read. With several instances each of them may show it; that looks the same.

use std::time::Duration;

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    bus::Signal,
    channels::{
        Scope, SendError,
        telegram::{Bot, render},
    },
    dialog::Dialog,
    domain::{ChannelKind, ContactId},
};

/// Calls in flight at once; more are dropped.
const IN_FLIGHT_MAX: usize = 16;
/// How long no call is made after the API said that there are too many, or that a setting is wrong.
const REST: Duration = Duration::from_secs(60);

/// Follows the bus until `stop`.
pub async fn show_typing(
    bot: Bot,
    dialog: Dialog,
    mut signals: broadcast::Receiver<Signal>,
    stop: CancellationToken,
) {
    let mut flights = FuturesUnordered::new();
    let mut rest_until = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            Some(result) = flights.next(), if !flights.is_empty() => {
                let Err(error) = result else { continue };
                let error: SendError = error;
                metrics::counter!("safar_typing_errors_total", "kind" => error.kind()).increment(1);
                let is_all = matches!(
                    error,
                    SendError::Throttled { scope: Scope::Bot, .. } | SendError::Misconfigured { .. }
                );
                if is_all {
                    rest_until = Some(Instant::now() + REST);
                }
            }
            signal = signals.recv() => match signal {
                Ok(Signal::Attends { contact, writes: true }) => {
                    let rests = rest_until.is_some_and(|until| Instant::now() < until);
                    if !rests && flights.len() < IN_FLIGHT_MAX {
                        flights.push(show(&bot, &dialog, contact));
                    }
                }
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
        }
    }
}

async fn show(bot: &Bot, dialog: &Dialog, contact: ContactId) -> Result<(), SendError> {
    // A database that does not answer costs the sign, nothing else.
    let addresses = dialog.addresses(contact).await.unwrap_or_default();
    let Some(chat) = addresses.last().filter(|one| one.channel == ChannelKind::Telegram) else {
        return Ok(());
    };
    bot.call(&render::typing(&chat.external)).await.map(drop)
}
