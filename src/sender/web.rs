//! The web chat's way out, and the parting of committed messages by channel.

use tokio::sync::mpsc;

use crate::{
    dialog::{Outgoing, WebChat},
    domain::ChannelKind,
};

/// Tells pages that something waits for them. The row is settled when the page has shown it.
#[derive(Clone)]
pub struct Announcer(pub WebChat);

/// Parts committed messages by channel until the lanes end.
pub async fn route(
    mut committed: mpsc::UnboundedReceiver<Vec<Outgoing>>,
    telegram: Option<mpsc::UnboundedSender<Vec<Outgoing>>>,
    web: Announcer,
) {
    while let Some(batch) = committed.recv().await {
        if let Some(telegram) = &telegram
            && batch.iter().all(|outgoing| outgoing.address.channel == ChannelKind::Telegram)
        {
            let _ = telegram.send(batch);
            continue;
        }
        let mut for_telegram = Vec::new();
        for outgoing in batch {
            match outgoing.address.channel {
                ChannelKind::Telegram => for_telegram.push(outgoing),
                ChannelKind::Web => web.0.announce(&outgoing).await,
                ChannelKind::WhatsApp => {}
            }
        }
        if let (false, Some(telegram)) = (for_telegram.is_empty(), &telegram) {
            let _ = telegram.send(for_telegram);
        }
    }
}
