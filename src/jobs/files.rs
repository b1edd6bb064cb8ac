//! Files that people sent to consultants are fetched.

use std::{pin::Pin, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{
    desk::Desk,
    domain::{ChannelKind, Unfetched},
};

/// Files of a channel that are fetched at once, so that a slow one holds up no others. Each may take 40 MB meanwhile.
pub(super) const AT_ONCE: usize = 2;

/// How often it is looked for files.
const PACE: Duration = Duration::from_secs(1);

/// A file on its way.
pub type Fetched<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Unfetched>> + Send + 'a>>;

/// A channel that files can be fetched from.
pub trait Fetch: Send + Sync {
    /// The bytes of a file, by the channel's id of it. It must end by itself, in less than three minutes.
    fn fetch<'a>(&'a self, remote: &'a str) -> Fetched<'a>;
}

/// Channels with files to fetch; those of the web chat come with their message.
pub type Fetches = Vec<(ChannelKind, Arc<dyn Fetch>)>;

/// Fetches a channel's files, one after the other, until `stop`; others do so beside it. A try that is broken off begins
/// again when its time is over.
pub(super) async fn run(desk: Desk, channel: ChannelKind, fetch: Arc<dyn Fetch>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = round(&desk, channel, &*fetch) => {}
            () = stop.cancelled() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(PACE) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// All files whose time has come.
async fn round(desk: &Desk, channel: ChannelKind, fetch: &dyn Fetch) {
    loop {
        let file = match desk.next_file(channel).await {
            Ok(Some(file)) => file,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "files to be fetched could not be looked for; it is tried again");
                return;
            }
        };
        let outcome = fetch.fetch(&file.remote).await;
        if let Err(error) = desk.fetched(&file, outcome).await {
            tracing::warn!(%error, "what became of a file could not be kept; it is fetched again");
            return;
        }
    }
}
