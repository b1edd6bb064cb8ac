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
        whatsapp::{self, Item, Unreadable},
    },
    clock::{Ids, SystemIds},
    config::Config,
    content::embedded,
    counting,
    dialog::{Dialog, Parked},
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
                let (inbounds, unread) = match read(&config, &dialog, &parked)? {
                    Read::Inbounds(inbounds, unread) => (inbounds, unread),
                    Read::Refused(why) => anyhow::bail!("{why}"),
                };
                let committed = dialog.replay(&inbounds, id, now).await?;
                println!("replayed: {} turn(s)", committed.turns);
                if committed.duplicates > 0 {
                    println!("handled before and left alone: {}", committed.duplicates);
                }
                if unread > 0 {
                    println!(
                        "parts that this version cannot read either: {unread}; run it again after an upgrade"
                    );
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// The conversation service, without a server around it.
pub(super) async fn open(config: &Config) -> anyhow::Result<Dialog> {
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
    let rules = Arc::new(counting::ready(&store).await?.settings.rules);
    Ok(Dialog::new(store, keys, ids, releases.watch(), instance).with_rules(rules))
}

/// A parked row, read as its channel would read it now.
enum Read {
    /// What people said in it, and how many parts cannot be read even now.
    Inbounds(Vec<Inbound>, usize),
    /// With what to do instead.
    Refused(&'static str),
}

const STILL_UNREADABLE: &str = "this version cannot read it either: run `safar parked replay` again after an upgrade that mends it; until then it stays, and goes by itself after privacy.parked_days";
const NEWS: &str = "this is news for staff (a template, the account, the number), not a message: read it in WhatsApp Manager; there is nothing to handle again";
const NO_MESSAGE: &str = "no message of a person to our number is in it, so there is nothing to answer: leave it, it goes by itself after privacy.parked_days";
const NO_TELEGRAM: &str =
    "it came by Telegram, and no Telegram token is set: set it as for `safar serve`, and run this again";
const NO_WHATSAPP: &str =
    "it came by WhatsApp, which is not set up: set it up as for `safar serve`, and run this again";

/// A new key for each, as the old one counts as seen; the same in each replay, so that none is answered twice.
fn again(parked: &Parked, inbounds: &mut [Inbound]) {
    for (place, inbound) in inbounds.iter_mut().enumerate() {
        inbound.key = match place {
            0 => format!("{}:r{}", parked.key, parked.attempts + 1),
            _ => format!("{}:r{}.{place}", parked.key, parked.attempts + 1),
        }
        .into();
        inbound.mark_read = None;
    }
}

fn read(config: &Config, dialog: &Dialog, parked: &Parked) -> anyhow::Result<Read> {
    let read = match parked.channel {
        ChannelKind::Telegram => {
            let Some(settings) = config.telegram.as_ref() else { return Ok(Read::Refused(NO_TELEGRAM)) };
            let bot = app::client_for(settings, channels::http::TOTAL)?;
            match receive(bot.id(), &parked.raw, parked.received_at) {
                Ok(Received::Inbound { inbound, .. }) => Read::Inbounds(vec![inbound], 0),
                Ok(Received::Ignored { .. }) => Read::Refused(NO_MESSAGE),
                Err(_) => Read::Refused(STILL_UNREADABLE),
            }
        }
        ChannelKind::WhatsApp => {
            let Some(settings) = config.whatsapp.as_ref() else { return Ok(Read::Refused(NO_WHATSAPP)) };
            let hide = |id: &str| dialog.hide(id);
            whatsapp_again(whatsapp::receive(
                &settings.phone_number_id,
                &parked.raw,
                hide,
                parked.received_at,
            ))
        }
        ChannelKind::Web => {
            let (Some(address), Some((content, attached))) =
                (parked.address.clone(), web::read_sent(&parked.raw))
            else {
                return Ok(Read::Refused(STILL_UNREADABLE));
            };
            let inbound = Inbound {
                address,
                also: Vec::new(),
                source: Source::Bot,
                key: parked.key.clone(),
                content,
                at: parked.received_at,
                language_hint: None,
                tapped_message: None,
                advert: None,
                attached,
                mark_read: None,
                from: None,
                raw: parked.raw.clone(),
            };
            Read::Inbounds(vec![inbound], 0)
        }
    };
    Ok(match read {
        Read::Inbounds(mut inbounds, unread) => {
            again(parked, &mut inbounds);
            Read::Inbounds(inbounds, unread)
        }
        Read::Refused(why) => Read::Refused(why),
    })
}

/// A parked row is one item of a delivery, or a whole one that could not be read: then all that people said in it.
fn whatsapp_again(items: Result<Vec<Item>, Unreadable>) -> Read {
    let Ok(items) = items else { return Read::Refused(STILL_UNREADABLE) };
    if let [Item::Unreadable { .. }, Item::Inbound(_)] = items.as_slice() {
        // The inbound only asks for words, which was done when the message came.
        return Read::Refused(STILL_UNREADABLE);
    }
    let unread = items.iter().filter(|item| matches!(item, Item::Unreadable { .. })).count();
    let is_news = items.iter().any(|item| matches!(item, Item::Notice { .. }));
    let inbounds: Vec<Inbound> = items
        .into_iter()
        .filter_map(|item| match item {
            Item::Inbound(inbound) => Some(inbound),
            _ => None,
        })
        .collect();
    match (inbounds.is_empty(), unread, is_news) {
        (false, ..) => Read::Inbounds(inbounds, unread),
        (true, 1.., _) => Read::Refused(STILL_UNREADABLE),
        (true, 0, true) => Read::Refused(NEWS),
        (true, 0, false) => Read::Refused(NO_MESSAGE),
    }
}
