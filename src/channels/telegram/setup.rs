//! What a bot tells Telegram about itself at start: who it is, its commands and descriptions, its webhook.

use serde::{Deserialize, Serialize};

use super::{
    ALLOWED_UPDATES,
    send::{Bot, TOKEN, WEBHOOK_SECRET},
};
use crate::{
    channels::{Scope, SendError},
    domain::Timestamp,
};

/// The bot's own account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    pub id: i64,
    /// Without the `@`; makes the links `https://t.me/<username>?start=<code>`.
    pub username: Box<str>,
}

/// How the bot introduces itself in one language. The texts come from Fluent.
#[derive(Clone, Copy, Debug)]
pub struct ProfileTexts<'a> {
    /// `None`: for all clients whose language has no texts of its own.
    pub language: Option<&'a str>,
    /// Command (`[a-z0-9_]{1,32}`, without slash) and what it does (1-256 characters), at most 100.
    pub commands: &'a [(&'a str, &'a str)],
    /// Shown in the empty chat; at most 512 characters.
    pub description: &'a str,
    /// Shown in the profile and with shared links; at most 120 characters.
    pub short_description: &'a str,
}

/// Where updates go.
#[derive(Clone, Copy)]
pub struct Webhook<'a> {
    /// HTTPS on port 443, 80, 88 or 8443 (a local Bot API server takes any).
    pub url: &'a str,
    /// 1-256 of `[A-Za-z0-9_-]`.
    pub secret: &'a str,
    /// 1-100. Fewer is gentler than answering 503.
    pub max_connections: u8,
}

/// What Telegram says about the webhook; for health and `doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookInfo {
    /// Empty: no webhook is set.
    pub url: Box<str>,
    pub pending: u64,
    pub last_error_at: Option<Timestamp>,
    pub last_error: Option<Box<str>>,
}

impl Bot {
    /// Who we are. The first call at start: a wrong token shows here.
    ///
    /// # Errors
    /// As [`SendError`] says.
    pub async fn get_me(&self) -> Result<Me, SendError> {
        #[derive(Deserialize)]
        struct Wire {
            id: i64,
            username: Box<str>,
        }
        let exchanged = self.exchange("getMe", b"{}".to_vec(), None).await?;
        let me: Wire = exchanged.read(Scope::Bot)?.ok_or(SendError::Ambiguous)?;
        Ok(Me { id: me.id, username: me.username })
    }

    /// Sets commands and both descriptions of one language: three calls.
    ///
    /// # Errors
    /// As [`SendError`] says, from the first call that failed. Not worth a refusal to start.
    pub async fn set_profile(&self, texts: &ProfileTexts<'_>) -> Result<(), SendError> {
        let language_code = texts.language;
        let commands = texts.commands.iter().map(|&(command, description)| Command { command, description });
        let commands = SetCommands { commands: commands.collect(), language_code };
        self.set("setMyCommands", &commands).await?;
        let description = SetDescription { description: texts.description, language_code };
        self.set("setMyDescription", &description).await?;
        let short = SetShortDescription { short_description: texts.short_description, language_code };
        self.set("setMyShortDescription", &short).await
    }

    /// Registers the webhook, with exactly the updates that we handle. Updates that wait are kept.
    ///
    /// # Errors
    /// [`SendError::Misconfigured`] for a secret of a wrong form, or (`public_url`) a URL that Telegram refuses;
    /// else as [`SendError`] says.
    pub async fn set_webhook(&self, webhook: &Webhook<'_>) -> Result<(), SendError> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if !(1..=256).contains(&webhook.secret.len()) || !webhook.secret.bytes().all(is_plain) {
            return Err(SendError::Misconfigured { key: WEBHOOK_SECRET });
        }
        let body = SetWebhook {
            url: webhook.url,
            secret_token: webhook.secret,
            max_connections: webhook.max_connections.clamp(1, 100),
            allowed_updates: ALLOWED_UPDATES,
            drop_pending_updates: false,
        };
        self.set("setWebhook", &body).await
    }

    /// Takes the webhook away, so that polling can begin. Updates that wait are kept.
    ///
    /// # Errors
    /// As [`SendError`] says.
    pub async fn delete_webhook(&self) -> Result<(), SendError> {
        self.set("deleteWebhook", &DeleteWebhook { drop_pending_updates: false }).await
    }

    /// What Telegram says about the webhook.
    ///
    /// # Errors
    /// As [`SendError`] says.
    pub async fn webhook_info(&self) -> Result<WebhookInfo, SendError> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default)]
            url: Box<str>,
            #[serde(default)]
            pending_update_count: u64,
            last_error_date: Option<i64>,
            last_error_message: Option<Box<str>>,
        }
        let exchanged = self.exchange("getWebhookInfo", b"{}".to_vec(), None).await?;
        let info: Wire = exchanged.read(Scope::Bot)?.ok_or(SendError::Ambiguous)?;
        Ok(WebhookInfo {
            url: info.url,
            pending: info.pending_update_count,
            last_error_at: info.last_error_date.map(Timestamp::from_seconds),
            last_error: info.last_error_message,
        })
    }

    async fn set(&self, method: &str, body: &impl Serialize) -> Result<(), SendError> {
        let body = serde_json::to_vec(body).map_err(|_| SendError::Misconfigured { key: TOKEN })?;
        self.exchange(method, body, None).await?.read::<serde::de::IgnoredAny>(Scope::Bot)?;
        Ok(())
    }
}

#[derive(Serialize)]
struct Command<'a> {
    command: &'a str,
    description: &'a str,
}

#[derive(Serialize)]
struct SetCommands<'a> {
    commands: Vec<Command<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language_code: Option<&'a str>,
}

#[derive(Serialize)]
struct SetDescription<'a> {
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language_code: Option<&'a str>,
}

#[derive(Serialize)]
struct SetShortDescription<'a> {
    short_description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language_code: Option<&'a str>,
}

#[derive(Serialize)]
struct SetWebhook<'a> {
    url: &'a str,
    secret_token: &'a str,
    max_connections: u8,
    allowed_updates: [&'static str; 5],
    drop_pending_updates: bool,
}

#[derive(Serialize)]
struct DeleteWebhook {
    drop_pending_updates: bool,
}
