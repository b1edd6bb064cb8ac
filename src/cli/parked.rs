//! `safar parked`.

use std::{path::Path, process::ExitCode, sync::Arc};

use clap::Subcommand;

use super::{clock, runtime, settings};
use crate::{
    app,
    bus::Bus,
    channels,
    channels::telegram::{Received, receive},
    clock::{Ids, SystemIds},
    config::Config,
    content::embedded,
    dialog::{Dialog, DialogError, Parked},
    domain::{ChannelKind, Inbound},
    engine::HOME_OFFSET_MINUTES,
    release::{ORIGIN_EMBEDDED, Parts, Releases},
    store::Store,
};

#[derive(Subcommand)]
pub enum Command {
    /// List parked inbound: id, channel, when, why. Their contents are not shown.
    List,
    /// Handle a parked inbound again; the answer goes out through the running server.
    Replay {
        /// Id from the list.
        id: i64,
    },
}

pub fn run(config: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let dialog = open(&config).await?;
        match command {
            Command::List => {
                for row in dialog.list_parked(1000).await? {
                    let done =
                        row.replayed_at.map_or_else(String::new, |at| format!("  replayed {}", at.to_iso()));
                    println!(
                        "{}  {}  {}  {}  {}{done}",
                        row.id,
                        row.channel.as_str(),
                        row.received_at.to_iso(),
                        row.key,
                        row.reason
                    );
                }
            }
            Command::Replay { id } => {
                let Some(parked) = dialog.parked(id).await? else {
                    anyhow::bail!("there is no parked inbound {id}")
                };
                let now = clock().now();
                let inbound = read(&config, &parked)?;
                let committed = dialog.replay(&inbound, id, now).await?;
                println!("replayed: {} turn(s)", committed.turns);
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// The conversation service, without a server around it.
async fn open(config: &Config) -> anyhow::Result<Dialog> {
    let store = Store::connect(config.database_url.reveal()).await?;
    store.migrate().await?;
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new());
    let keys = app::open_key(&store, &config.secret_key_file, &*ids).await?;
    let (interface, words) = app::interface()?;
    let parts = Parts {
        store: store.clone(),
        bus: Bus::new(),
        ids: ids.clone(),
        interface,
        words,
        limits: channels::ALL_LIMITS,
    };
    let now = clock().now();
    let at = (now, now.day(HOME_OFFSET_MINUTES));
    let (releases, _) = Releases::open(parts, &embedded(), false, ORIGIN_EMBEDDED, at).await?;
    let instance = ids.next(now);
    Ok(Dialog::new(store, keys, ids, releases.watch(), instance))
}

/// Reads it as its channel would; under a new key, as the old one counts as seen.
fn read(config: &Config, parked: &Parked) -> Result<Inbound, anyhow::Error> {
    let unreadable = |why| DialogError::Unreadable(why);
    match parked.channel {
        ChannelKind::Telegram => {
            let settings = config.telegram.as_ref().ok_or_else(|| unreadable("no Telegram token is set"))?;
            let bot = app::client_for(settings, channels::http::TOTAL)?;
            match receive(bot.id(), &parked.raw, parked.received_at) {
                Ok(Received::Inbound { mut inbound, .. }) => {
                    inbound.key = format!("{}:r{}", parked.key, parked.attempts + 1).into();
                    Ok(inbound)
                }
                Ok(Received::Ignored { why, .. }) => Err(unreadable(why).into()),
                Err(error) => Err(unreadable(error.why).into()),
            }
        }
        ChannelKind::Web | ChannelKind::WhatsApp => Err(unreadable("its channel keeps no raw form").into()),
    }
}
