//! `safar parked`.

use std::{path::Path, process::ExitCode, sync::Arc};

use clap::Subcommand;

use super::{clock, runtime, settings};
use crate::{
    app,
    bus::Bus,
    channels,
    channels::{
        telegram::{Received, receive},
        whatsapp::{self, Item},
    },
    clock::{Ids, SystemIds},
    config::Config,
    content::embedded,
    dialog::{Dialog, DialogError, Parked},
    domain::{ChannelKind, Inbound, Source},
    engine::HOME_OFFSET_MINUTES,
    release::{ORIGIN_EMBEDDED, Parts, Releases},
    store::Store,
    web,
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
                let inbound = read(&config, &dialog, &parked)?;
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

fn again(parked: &Parked) -> Box<str> {
    format!("{}:r{}", parked.key, parked.attempts + 1).into()
}

/// Reads it as its channel would; under a new key, as the old one counts as seen.
fn read(config: &Config, dialog: &Dialog, parked: &Parked) -> Result<Inbound, anyhow::Error> {
    let unreadable = |why| DialogError::Unreadable(why);
    match parked.channel {
        ChannelKind::Telegram => {
            let settings = config.telegram.as_ref().ok_or_else(|| unreadable("no Telegram token is set"))?;
            let bot = app::client_for(settings, channels::http::TOTAL)?;
            match receive(bot.id(), &parked.raw, parked.received_at) {
                Ok(Received::Inbound { mut inbound, .. }) => {
                    inbound.key = again(parked);
                    Ok(inbound)
                }
                Ok(Received::Ignored { why, .. }) => Err(unreadable(why).into()),
                Err(error) => Err(unreadable(error.why).into()),
            }
        }
        ChannelKind::WhatsApp => {
            let settings = config.whatsapp.as_ref().ok_or_else(|| unreadable("WhatsApp is not set up"))?;
            let hide = |id: &str| dialog.hide(id);
            let items = whatsapp::receive(&settings.phone_number_id, &parked.raw, hide, parked.received_at);
            let items = items.map_err(|error| unreadable(error.why))?;
            // The raw form is the whole delivery: only the parked part of it is handled again.
            let found = items.into_iter().find_map(|item| match item {
                Item::Inbound(inbound) if *inbound.key == *parked.key => Some(inbound),
                _ => None,
            });
            let mut inbound = found.ok_or_else(|| unreadable("it still cannot be read"))?;
            inbound.key = again(parked);
            inbound.mark_read = None;
            Ok(inbound)
        }
        ChannelKind::Web => {
            let address = parked.address.clone().ok_or_else(|| unreadable("nobody knows who sent it"))?;
            let content = web::read_sent(&parked.raw).ok_or_else(|| unreadable("it still cannot be read"))?;
            Ok(Inbound {
                address,
                also: Vec::new(),
                source: Source::Bot,
                key: again(parked),
                content,
                at: parked.received_at,
                language_hint: None,
                tapped_message: None,
                advert: None,
                mark_read: None,
                raw: parked.raw.clone(),
            })
        }
    }
}
