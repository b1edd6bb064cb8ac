//! Settings: `safar.toml`, then the environment, which wins; checked, with secrets that no log can show.

mod env;
mod file;

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub use env::VARIABLES;

/// A setting that cannot be used: where it stands, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {key}: {what}")]
pub struct ConfigError {
    /// `safar.toml:12`, or `environment`.
    pub place: String,
    pub key: String,
    pub what: String,
}

/// A value that `Debug` hides.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself: only for the call that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How Telegram's updates reach us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TelegramMode {
    Polling,
    Webhook,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telegram {
    pub token: Secret,
    pub api_url: String,
    pub mode: TelegramMode,
    /// Compared with each webhook's header. Made from the token when none is set.
    pub webhook_secret: Option<Secret>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatsApp {
    /// With its version, `…/v25.0`.
    pub api_url: String,
    pub phone_number_id: String,
    /// The number that people write to, digits with the country code: for links.
    pub number: Option<String>,
    /// Only templates need it.
    pub business_account_id: Option<String>,
    pub access_token: Secret,
    /// Signs each delivery.
    pub app_secret: Secret,
    /// Answers the question whether the webhook is ours.
    pub verify_token: Secret,
    /// Whether the account may send buttons and lists; else choices are numbered lines.
    pub interactive: bool,
}

/// The server that takes letters to staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// `smtps://…` or `smtp://…`, with a password in it.
    pub smtp_url: Secret,
    /// An address, or `Name <address>`.
    pub from: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// All settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Web chat and webhooks.
    pub listen: SocketAddr,
    /// Health and metrics, apart from the public address.
    pub metrics_listen: SocketAddr,
    /// The address by which the internet reaches us; set: webhooks are registered at start.
    pub public_url: Option<String>,
    pub data_dir: PathBuf,
    /// `sqlite:…` or `postgres:…`; the second holds a password.
    pub database_url: Secret,
    pub secret_key_file: PathBuf,
    pub telegram: Option<Telegram>,
    pub whatsapp: Option<WhatsApp>,
    pub mail: Option<Mail>,
    pub log_format: LogFormat,
    /// Days after which a contact that has not written is erased.
    pub silent_contact_days: i64,
    pub outbox_days: i64,
    pub parked_days: i64,
    /// How long questions that were not answered well are kept, masked.
    pub question_days: i64,
    /// Days after its closing that what was said in a case is kept.
    pub case_days: i64,
    /// Minutes without a sign of the person after which a session of staff ends.
    pub staff_idle_minutes: i64,
    /// Hours after which a session of staff ends, whatever happens.
    pub staff_session_hours: i64,
}

/// Name of the settings file looked for in the working folder.
pub const FILE_NAME: &str = "safar.toml";

impl Config {
    /// Reads the settings. `file`: the one named on the command line, or `safar.toml` if it is there.
    ///
    /// # Errors
    /// The first [`ConfigError`].
    pub fn load(
        file: Option<(&Path, &str)>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut raw = match file {
            Some((path, text)) => file::parse(path, text)?,
            None => file::Raw::default(),
        };
        env::apply(&mut raw, environment)?;
        raw.check()
    }

    /// The database's address with nothing secret in it.
    pub fn database_shown(&self) -> String {
        let url = self.database_url.reveal();
        match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1))) {
            Some((scheme, host)) => format!("{scheme}://…@{host}"),
            None => url.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(Some((Path::new("safar.toml"), text)), |name| {
            environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn without_settings_the_defaults_run() {
        let config = Config::load(None, |_| None).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database_url.reveal(), "sqlite:data/safar.db");
        assert_eq!(config.secret_key_file, Path::new("safar.key"));
        assert!(config.telegram.is_none());
    }

    #[test]
    fn the_environment_wins_and_secrets_hide() {
        let config = load(
            "[server]\nlisten = \"0.0.0.0:1\"\n[telegram]\ntoken = \"1:file\"\n",
            &[
                ("SAFAR_LISTEN", "127.0.0.1:2"),
                ("SAFAR_TELEGRAM_TOKEN", "2:env"),
                ("SAFAR_DATA_DIR", "/x/data"),
            ],
        )
        .unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:2");
        assert_eq!(config.telegram.as_ref().unwrap().token.reveal(), "2:env");
        assert_eq!(config.secret_key_file, Path::new("/x/safar.key"));
        assert!(!format!("{config:?}").contains("2:env"));
    }

    #[test]
    fn whatsapp_needs_all_its_parts() {
        let names = ["PHONE_NUMBER_ID", "ACCESS_TOKEN", "APP_SECRET", "VERIFY_TOKEN"];
        let all: Vec<(String, &str)> =
            names.iter().map(|name| (format!("SAFAR_WHATSAPP_{name}"), "100")).collect();
        let part = |without: usize| -> Vec<(&str, &str)> {
            all.iter()
                .enumerate()
                .filter(|(at, _)| *at != without)
                .map(|(_, (k, v))| (k.as_str(), *v))
                .collect()
        };
        let whatsapp = load("", &part(9)).unwrap().whatsapp.unwrap();
        assert_eq!(whatsapp.api_url, "https://graph.facebook.com/v25.0");
        assert!(whatsapp.interactive);
        for (without, name) in names.iter().enumerate() {
            let error = load("", &part(without)).unwrap_err();
            assert!(error.what.contains(name), "{error}");
        }
        let numbered = |number| load(&format!("[whatsapp]\nnumber = \"{number}\"\n"), &part(9));
        let whatsapp = numbered("+992 (900) 00-00-00").unwrap().whatsapp.unwrap();
        assert_eq!(whatsapp.number.as_deref(), Some("992900000000"));
        for wrong in ["900", "0992900000000", "+99290000000x"] {
            assert_eq!(numbered(wrong).unwrap_err().key, "whatsapp.number", "{wrong}");
        }
        let error = load("[whatsapp]\nphone_number_id = \"+99290\"\n", &part(0)).unwrap_err();
        assert_eq!(error.place, "safar.toml:2");
        assert!(load("[whatsapp]\ninteractive = false\n", &[]).unwrap().whatsapp.is_none());
    }

    #[test]
    fn mail_needs_a_server_and_a_sender() {
        let both =
            [("SAFAR_SMTP_URL", "smtps://u:hidden@mail.example.org"), ("SAFAR_MAIL_FROM", "s@example.org")];
        let config = load("", &both).unwrap();
        assert_eq!(config.mail.as_ref().unwrap().from, "s@example.org");
        assert!(!format!("{config:?}").contains("hidden"));
        for one in both {
            let error = load("", &[one]).unwrap_err();
            assert!(error.what.contains("SAFAR_"), "{error}");
        }
        assert!(load("[mail]\nsmtp_url = \"http://x\"\nfrom = \"s@example.org\"\n", &[]).is_err());
    }

    #[test]
    fn mistakes_name_file_line_key_and_what_is_allowed() {
        let error = load("[server]\n\nlissten = \"x\"\n", &[]).unwrap_err();
        assert_eq!(error.place, "safar.toml:3");
        assert!(error.to_string().contains("lissten") && error.what.contains("listen"), "{error}");
        let error = load("[telegram]\ntoken = \"1:a\"\nmode = \"push\"\n", &[]).unwrap_err();
        assert_eq!((error.place.as_str(), error.key.as_str()), ("safar.toml:3", "telegram.mode"));
        assert!(error.what.contains("polling") && error.what.contains("webhook"));
        let error = load("", &[("SAFAR_LISTEN", "here")]).unwrap_err();
        assert_eq!((error.place.as_str(), error.key.as_str()), ("environment", "SAFAR_LISTEN"));
    }
}
