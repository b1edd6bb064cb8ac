//! Ears: sockets, and the database's notifications.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::StartError;
use crate::{
    bus::{Bus, NOTIFY_CHANNEL, Signal},
    release::Releases,
    store::Store,
};

pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address: address.to_string(), source })
}

pub(super) fn local(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0)))
}

/// On PostgreSQL, signals travel between instances by the database's notifications.
pub(super) async fn listen_outside(
    store: &Store,
    bus: &Bus,
    releases: &Releases,
    stop: CancellationToken,
) -> Result<Option<JoinHandle<()>>, StartError> {
    let Some(mut listener) = store.listen(&[NOTIFY_CHANNEL]).await? else { return Ok(None) };
    let (bus, releases) = (bus.clone(), releases.clone());
    Ok(Some(tokio::spawn(async move {
        loop {
            let notice = tokio::select! {
                notice = listener.next() => notice,
                () = stop.cancelled() => return,
            };
            match notice {
                Ok(Some((_, payload))) => match Signal::from_payload(&payload) {
                    Some(Signal::Release(_)) => {
                        if let Err(error) = releases.refresh().await {
                            tracing::warn!(%error, "the release in force could not be read");
                        }
                    }
                    Some(signal) => bus.send(signal),
                    None => {}
                },
                Ok(None) => {
                    let _ = releases.refresh().await;
                }
                Err(error) => {
                    tracing::warn!(%error, "no notifications from the database; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    })))
}
