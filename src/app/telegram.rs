//! Connecting to Telegram at the start: who we are, our texts, how updates come.

use std::{sync::Arc, time::Duration};

use sha2::{Digest, Sha256};

use crate::{
    channels::{
        SendError, http,
        telegram::{Bot, ProfileTexts, Webhook},
    },
    clock::Clock,
    config::{self, TelegramMode},
    domain::{Locale, hex},
    intake::{Intake, Leader, Poller},
    store::Store,
    text::Texts,
};

/// Parallel webhook deliveries that we ask for.
const MAX_CONNECTIONS: u8 = 64;
const CALL_LIMIT: Duration = http::TOTAL;
/// Longer than a long poll waits.
const POLL_LIMIT: Duration = Duration::from_secs(60);

/// Telegram could not be connected.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{call}: {kind}")]
    Call { call: &'static str, kind: &'static str },
    #[error("the token was refused: check SAFAR_TELEGRAM_TOKEN with @BotFather")]
    Token,
}

fn failed(call: &'static str) -> impl Fn(SendError) -> StartError {
    move |error| match error {
        SendError::Misconfigured { .. } => StartError::Token,
        other => StartError::Call { call, kind: other.kind() },
    }
}

/// A connected bot.
pub struct Connected {
    pub bot: Bot,
    pub username: Box<str>,
    /// Webhook mode: what each delivery must carry. `None`: we poll.
    pub secret: Option<String>,
}

/// A bot of these settings.
pub fn client_for(settings: &config::Telegram, limit: Duration) -> Result<Bot, StartError> {
    let client = http::client(limit).map_err(failed("client"))?;
    Bot::new(&settings.api_url, settings.token.reveal(), client).map_err(failed("client"))
}

/// Greets the API, sets texts and the way of delivery.
pub async fn connect(
    settings: &config::Telegram,
    public_url: Option<&str>,
    interface: &Texts,
) -> Result<Connected, StartError> {
    let bot = client_for(settings, CALL_LIMIT)?;
    // The API may be away while the program starts; the bot's own number is in its token, so only a refused token stops us.
    let username = match bot.get_me().await {
        Ok(me) => me.username,
        Err(error @ SendError::Misconfigured { .. }) => return Err(failed("getMe")(error)),
        Err(error) => {
            tracing::warn!(kind = error.kind(), "Telegram does not answer yet");
            "".into()
        }
    };
    set_profile(&bot, interface).await;
    let secret = match settings.mode {
        TelegramMode::Polling => {
            if let Err(error) = bot.delete_webhook().await {
                tracing::warn!(kind = error.kind(), "an earlier webhook could not be taken away");
            }
            None
        }
        TelegramMode::Webhook => {
            let secret = settings
                .webhook_secret
                .as_ref()
                .map_or_else(|| derived(settings.token.reveal()), |secret| secret.reveal().to_owned());
            if let Some(public) = public_url {
                let url = format!("{public}/telegram/webhook");
                let webhook = Webhook { url: &url, secret: &secret, max_connections: MAX_CONNECTIONS };
                if let Err(error) = bot.set_webhook(&webhook).await {
                    tracing::error!(
                        kind = error.kind(),
                        "the webhook could not be set; `safar doctor` tells more"
                    );
                }
            }
            Some(secret)
        }
    };
    Ok(Connected { bot, username, secret })
}

/// A secret that nobody without the token can know, the same on every instance.
fn derived(token: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"safar telegram webhook ");
    digest.update(token.as_bytes());
    hex(&digest.finalize())
}

/// Commands and descriptions in each language; failing is no reason not to start.
async fn set_profile(bot: &Bot, interface: &Texts) {
    const COMMANDS: [(&str, &str); 7] = [
        ("menu", "command-menu"),
        ("lang", "command-lang"),
        ("help", "command-help"),
        ("mydata", "command-mydata"),
        ("delete", "command-delete"),
        ("hide", "command-hide"),
        ("stop", "command-stop"),
    ];
    // Clients go by the app's language, mostly Russian: so the default is Russian with a line for all three.
    let languages =
        std::iter::once((None, Locale::Ru)).chain(Locale::ALL.map(|locale| (Some(locale.as_str()), locale)));
    for (language, locale) in languages {
        let text = |id: &str| interface.format(locale, id, None, None).unwrap_or_default().into_owned();
        let commands: Vec<(&str, String)> = COMMANDS.iter().map(|(word, id)| (*word, text(id))).collect();
        let commands: Vec<(&str, &str)> =
            commands.iter().map(|(word, text)| (*word, text.as_str())).collect();
        let (description, short) = (text("description"), text("short-description"));
        let profile = ProfileTexts {
            language,
            commands: &commands,
            description: &description,
            short_description: &short,
        };
        if let Err(error) = bot.set_profile(&profile).await {
            tracing::warn!(kind = error.kind(), "the bot's commands and descriptions could not be set");
            return;
        }
    }
}

impl Connected {
    /// The long poll, under a lease that one instance holds.
    pub fn poller(
        &self,
        settings: &config::Telegram,
        intake: &Intake,
        clock: &Arc<dyn Clock>,
        store: &Store,
        instance: i64,
    ) -> Result<Poller, StartError> {
        let leader = Leader { store: store.clone(), clock: clock.clone(), name: "telegram-poll", instance };
        let bot = client_for(settings, POLL_LIMIT)?;
        Ok(Poller { bot, intake: intake.clone(), clock: clock.clone(), leader })
    }
}
