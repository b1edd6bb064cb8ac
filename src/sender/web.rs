//! The web chat's way out, and the parting of committed messages by channel.

use tokio::sync::mpsc;

use crate::{
    dialog::{Outgoing, WebChat},
    domain::ChannelKind,
};

/// Tells pages that something waits for them. The row is settled when the page has shown it.
#[derive(Clone)]
pub struct Announcer(pub WebChat);

/// Where committed messages go, by channel. A channel without a sender keeps its rows queued.
pub struct Routes {
    pub senders: Vec<(ChannelKind, mpsc::UnboundedSender<Vec<Outgoing>>)>,
    pub web: Announcer,
}

/// Parts committed messages by channel until the lanes end.
pub async fn route(mut committed: mpsc::UnboundedReceiver<Vec<Outgoing>>, routes: Routes) {
    while let Some(batch) = committed.recv().await {
        let Some(first) = batch.first().map(|outgoing| outgoing.address.channel) else { continue };
        let parts = if batch.iter().all(|outgoing| outgoing.address.channel == first) {
            vec![(first, batch)]
        } else {
            let of_kind = |kind, batch: &[Outgoing]| -> Vec<Outgoing> {
                batch.iter().filter(|outgoing| outgoing.address.channel == kind).cloned().collect()
            };
            ChannelKind::ALL.into_iter().map(|kind| (kind, of_kind(kind, &batch))).collect()
        };
        for (kind, part) in parts {
            if kind == ChannelKind::Web {
                for outgoing in &part {
                    routes.web.0.announce(outgoing).await;
                }
            } else if let Some((_, sender)) = routes.senders.iter().find(|(known, _)| *known == kind)
                && !part.is_empty()
            {
                // The receiver ends after the lanes.
                let _ = sender.send(part);
            }
        }
    }
}
