//! `safar.toml` as it is written, and its check.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::{Config, ConfigError, LogFormat, Mail, Secret, Telegram, TelegramMode, WhatsApp};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub value: String,
    pub place: String,
    pub key: String,
}

impl Setting {
    fn error(&self, what: impl Into<String>) -> ConfigError {
        ConfigError { place: self.place.clone(), key: self.key.clone(), what: what.into() }
    }
}

#[derive(Debug, Default)]
pub(super) struct Raw {
    pub listen: Option<Setting>,
    pub metrics_listen: Option<Setting>,
    pub public_url: Option<Setting>,
    pub data_dir: Option<Setting>,
    pub database_url: Option<Setting>,
    pub secret_key_file: Option<Setting>,
    pub telegram_token: Option<Setting>,
    pub telegram_api_url: Option<Setting>,
    pub telegram_mode: Option<Setting>,
    pub telegram_webhook_secret: Option<Setting>,
    pub whatsapp_api_url: Option<Setting>,
    pub whatsapp_phone_number_id: Option<Setting>,
    pub whatsapp_number: Option<Setting>,
    pub whatsapp_business_account_id: Option<Setting>,
    pub whatsapp_access_token: Option<Setting>,
    pub whatsapp_app_secret: Option<Setting>,
    pub whatsapp_verify_token: Option<Setting>,
    pub whatsapp_interactive: Option<bool>,
    pub smtp_url: Option<Setting>,
    pub mail_from: Option<Setting>,
    pub log_format: Option<Setting>,
    pub silent_contact_days: Option<Setting>,
    pub outbox_days: Option<Setting>,
    pub parked_days: Option<Setting>,
    pub question_days: Option<Setting>,
    pub case_days: Option<Setting>,
    pub staff_idle_minutes: Option<Setting>,
    pub staff_session_hours: Option<Setting>,
}

type Text = Option<Spanned<String>>;
type Number = Option<Spanned<i64>>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    server: Server,
    database: Database,
    privacy: Privacy,
    telegram: TelegramSection,
    whatsapp: WhatsAppSection,
    staff: StaffSection,
    mail: MailSection,
    log: Log,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Server {
    listen: Text,
    metrics_listen: Text,
    public_url: Text,
    data_dir: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Database {
    url: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Privacy {
    secret_key_file: Text,
    silent_contact_days: Number,
    outbox_days: Number,
    parked_days: Number,
    question_days: Number,
    case_days: Number,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TelegramSection {
    token: Text,
    api_url: Text,
    mode: Text,
    webhook_secret: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WhatsAppSection {
    api_url: Text,
    phone_number_id: Text,
    number: Text,
    business_account_id: Text,
    access_token: Text,
    app_secret: Text,
    verify_token: Text,
    interactive: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct StaffSection {
    idle_minutes: Number,
    session_hours: Number,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct MailSection {
    smtp_url: Text,
    from: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Log {
    format: Text,
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

pub(super) fn parse(path: &Path, text: &str) -> Result<Raw, ConfigError> {
    let name = path.display().to_string();
    let file: File = toml::from_str(text).map_err(|error| {
        let span = error.span();
        let line = span.clone().map_or(1, |span| line_of(text, span.start));
        let key = span.and_then(|span| text.get(span)).unwrap_or_default();
        ConfigError {
            place: format!("{name}:{line}"),
            key: key.lines().next().unwrap_or_default().to_owned(),
            what: error.message().to_owned(),
        }
    })?;
    let place = |offset: usize| format!("{name}:{}", line_of(text, offset));
    let of = |value: Text, key: &str| {
        value.map(|value| Setting {
            place: place(value.span().start),
            key: key.to_owned(),
            value: value.into_inner(),
        })
    };
    let number = |value: Number, key: &str| {
        value.map(|value| Setting {
            place: place(value.span().start),
            key: key.to_owned(),
            value: value.into_inner().to_string(),
        })
    };
    Ok(Raw {
        listen: of(file.server.listen, "server.listen"),
        metrics_listen: of(file.server.metrics_listen, "server.metrics_listen"),
        public_url: of(file.server.public_url, "server.public_url"),
        data_dir: of(file.server.data_dir, "server.data_dir"),
        database_url: of(file.database.url, "database.url"),
        secret_key_file: of(file.privacy.secret_key_file, "privacy.secret_key_file"),
        telegram_token: of(file.telegram.token, "telegram.token"),
        telegram_api_url: of(file.telegram.api_url, "telegram.api_url"),
        telegram_mode: of(file.telegram.mode, "telegram.mode"),
        telegram_webhook_secret: of(file.telegram.webhook_secret, "telegram.webhook_secret"),
        whatsapp_api_url: of(file.whatsapp.api_url, "whatsapp.api_url"),
        whatsapp_phone_number_id: of(file.whatsapp.phone_number_id, "whatsapp.phone_number_id"),
        whatsapp_number: of(file.whatsapp.number, "whatsapp.number"),
        whatsapp_business_account_id: of(file.whatsapp.business_account_id, "whatsapp.business_account_id"),
        whatsapp_access_token: of(file.whatsapp.access_token, "whatsapp.access_token"),
        whatsapp_app_secret: of(file.whatsapp.app_secret, "whatsapp.app_secret"),
        whatsapp_verify_token: of(file.whatsapp.verify_token, "whatsapp.verify_token"),
        whatsapp_interactive: file.whatsapp.interactive,
        smtp_url: of(file.mail.smtp_url, "mail.smtp_url"),
        mail_from: of(file.mail.from, "mail.from"),
        log_format: of(file.log.format, "log.format"),
        silent_contact_days: number(file.privacy.silent_contact_days, "privacy.silent_contact_days"),
        outbox_days: number(file.privacy.outbox_days, "privacy.outbox_days"),
        parked_days: number(file.privacy.parked_days, "privacy.parked_days"),
        question_days: number(file.privacy.question_days, "privacy.question_days"),
        case_days: number(file.privacy.case_days, "privacy.case_days"),
        staff_idle_minutes: number(file.staff.idle_minutes, "staff.idle_minutes"),
        staff_session_hours: number(file.staff.session_hours, "staff.session_hours"),
    })
}

impl Raw {
    pub fn check(self) -> Result<Config, ConfigError> {
        let data_dir = PathBuf::from(self.data_dir.as_ref().map_or("data", |s| s.value.as_str()));
        let database_url = match &self.database_url {
            Some(setting) => {
                let known = ["sqlite:", "postgres:", "postgresql:"];
                if !known.iter().any(|scheme| setting.value.starts_with(scheme)) {
                    return Err(setting.error("must begin with sqlite: (a file) or postgres:// (a server)"));
                }
                setting.value.clone()
            }
            None => format!("sqlite:{}", data_dir.join("safar.db").display()),
        };
        // Beside the data folder, not in it: whoever copies the folder must not get the key with it.
        let secret_key_file = match &self.secret_key_file {
            Some(setting) => PathBuf::from(&setting.value),
            None => data_dir.parent().unwrap_or(Path::new("")).join("safar.key"),
        };
        let public_url = match &self.public_url {
            None => None,
            Some(setting)
                if setting.value.starts_with("https://") || setting.value.starts_with("http://") =>
            {
                Some(setting.value.trim_end_matches('/').to_owned())
            }
            Some(setting) => return Err(setting.error("must be an address like https://bot.example.org")),
        };
        Ok(Config {
            listen: address(self.listen.as_ref(), "127.0.0.1:8080")?,
            metrics_listen: address(self.metrics_listen.as_ref(), "127.0.0.1:9090")?,
            public_url,
            data_dir,
            database_url: Secret::new(database_url),
            secret_key_file,
            telegram: self.telegram()?,
            whatsapp: self.whatsapp()?,
            mail: self.mail()?,
            log_format: match &self.log_format {
                None => LogFormat::Text,
                Some(setting) => match setting.value.as_str() {
                    "text" => LogFormat::Text,
                    "json" => LogFormat::Json,
                    _ => return Err(setting.error("must be text or json")),
                },
            },
            silent_contact_days: days(self.silent_contact_days.as_ref(), 365)?,
            outbox_days: days(self.outbox_days.as_ref(), 30)?,
            parked_days: days(self.parked_days.as_ref(), 14)?,
            question_days: days(self.question_days.as_ref(), 90)?,
            case_days: days(self.case_days.as_ref(), 365)?,
            staff_idle_minutes: within(self.staff_idle_minutes.as_ref(), 30, 5..=480, "minutes")?,
            staff_session_hours: within(self.staff_session_hours.as_ref(), 12, 1..=72, "hours")?,
        })
    }

    fn telegram(&self) -> Result<Option<Telegram>, ConfigError> {
        let Some(token) = &self.telegram_token else { return Ok(None) };
        let digits = token.value.split_once(':').is_some_and(|(id, rest)| {
            !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty()
        });
        if !digits {
            return Err(token.error("must be the token that @BotFather gave, like 123456:ABC…"));
        }
        let mode = match &self.telegram_mode {
            None => TelegramMode::Polling,
            Some(setting) => match setting.value.as_str() {
                "polling" => TelegramMode::Polling,
                "webhook" => TelegramMode::Webhook,
                _ => return Err(setting.error("must be polling or webhook")),
            },
        };
        let webhook_secret = match &self.telegram_webhook_secret {
            None => None,
            Some(setting) => {
                let fits = (1..=256).contains(&setting.value.len())
                    && setting.value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
                if !fits {
                    return Err(setting.error("must be 1 to 256 of A-Z a-z 0-9 _ -"));
                }
                Some(Secret::new(setting.value.clone()))
            }
        };
        Ok(Some(Telegram {
            token: Secret::new(token.value.clone()),
            api_url: self.telegram_api_url.as_ref().map_or_else(
                || "https://api.telegram.org".to_owned(),
                |setting| setting.value.trim_end_matches('/').to_owned(),
            ),
            mode,
            webhook_secret,
        }))
    }
}

impl Raw {
    /// A server without a sender's address sends nothing, and the other way round.
    fn mail(&self) -> Result<Option<Mail>, ConfigError> {
        let (url, from) = match (&self.smtp_url, &self.mail_from) {
            (None, None) => return Ok(None),
            (Some(url), None) => return Err(url.error("mail also needs SAFAR_MAIL_FROM")),
            (None, Some(from)) => return Err(from.error("mail also needs SAFAR_SMTP_URL")),
            (Some(url), Some(from)) => (url, from),
        };
        if !(url.value.starts_with("smtps://") || url.value.starts_with("smtp://")) {
            return Err(url.error("must be an address like smtps://user:password@mail.example.org"));
        }
        if !from.value.contains('@') {
            return Err(from.error("must be an address, like Safar <safar@example.org>"));
        }
        Ok(Some(Mail { smtp_url: Secret::new(url.value.clone()), from: from.value.clone() }))
    }

    /// All of it or nothing: the access token alone cannot receive, the app secret alone cannot answer.
    fn whatsapp(&self) -> Result<Option<WhatsApp>, ConfigError> {
        let needed = [
            ("SAFAR_WHATSAPP_PHONE_NUMBER_ID", &self.whatsapp_phone_number_id),
            ("SAFAR_WHATSAPP_ACCESS_TOKEN", &self.whatsapp_access_token),
            ("SAFAR_WHATSAPP_APP_SECRET", &self.whatsapp_app_secret),
            ("SAFAR_WHATSAPP_VERIFY_TOKEN", &self.whatsapp_verify_token),
        ];
        let Some(given) = needed.iter().find_map(|(_, setting)| setting.as_ref()) else { return Ok(None) };
        let missing: Vec<&str> =
            needed.iter().filter(|(_, setting)| setting.is_none()).map(|(name, _)| *name).collect();
        let [Some(number), Some(token), Some(secret), Some(verify)] =
            needed.map(|(_, setting)| setting.as_ref())
        else {
            return Err(given.error(format!("WhatsApp also needs {}", missing.join(", "))));
        };
        // With an empty secret anybody could sign.
        if let Some(empty) = [token, secret, verify].into_iter().find(|s| s.value.trim().is_empty()) {
            return Err(empty.error("is empty"));
        }
        for setting in [Some(number), self.whatsapp_business_account_id.as_ref()].into_iter().flatten() {
            if setting.value.is_empty() || !setting.value.bytes().all(|b| b.is_ascii_digit()) {
                return Err(
                    setting.error("must be the id from the WhatsApp Manager, digits only (not the number)")
                );
            }
        }
        let api_url = match &self.whatsapp_api_url {
            None => "https://graph.facebook.com/v25.0".to_owned(),
            Some(setting) => {
                let url = setting.value.trim_end_matches('/');
                let version = url.rsplit('/').next().unwrap_or_default();
                let is_versioned =
                    version.strip_prefix('v').is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()));
                if !(url.starts_with("https://") || url.starts_with("http://")) || !is_versioned {
                    return Err(setting
                        .error("must be an address with a version, like https://graph.facebook.com/v25.0"));
                }
                url.to_owned()
            }
        };
        Ok(Some(WhatsApp {
            api_url,
            phone_number_id: number.value.clone(),
            number: phone_number(self.whatsapp_number.as_ref())?,
            business_account_id: self
                .whatsapp_business_account_id
                .as_ref()
                .map(|setting| setting.value.clone()),
            access_token: Secret::new(token.value.clone()),
            app_secret: Secret::new(secret.value.clone()),
            verify_token: Secret::new(verify.value.clone()),
            interactive: self.whatsapp_interactive.unwrap_or(true),
        }))
    }
}

/// A number as `wa.me` wants it: `+992 900 00-00-00` as `992900000000`.
fn phone_number(setting: Option<&Setting>) -> Result<Option<String>, ConfigError> {
    let Some(setting) = setting else { return Ok(None) };
    let is_between = |c: char| c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')');
    let digits: String = setting.value.chars().filter(|c| !is_between(*c)).collect();
    // E.164: at most 15 digits, the country code first.
    let fits = (8..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    if fits {
        Ok(Some(digits))
    } else {
        Err(setting
            .error("must be the number that people write to, with its country code, like +992900000000"))
    }
}

fn address(setting: Option<&Setting>, default: &str) -> Result<std::net::SocketAddr, ConfigError> {
    let text = setting.map_or(default, |setting| setting.value.as_str());
    text.parse().map_err(|_| ConfigError {
        place: setting.map_or_else(|| "default".to_owned(), |s| s.place.clone()),
        key: setting.map_or_else(|| "listen".to_owned(), |s| s.key.clone()),
        what: "must be an address and port like 127.0.0.1:8080".to_owned(),
    })
}

fn days(setting: Option<&Setting>, default: i64) -> Result<i64, ConfigError> {
    within(setting, default, 1..=3650, "days")
}

fn within(
    setting: Option<&Setting>,
    default: i64,
    allowed: std::ops::RangeInclusive<i64>,
    unit: &str,
) -> Result<i64, ConfigError> {
    let Some(setting) = setting else { return Ok(default) };
    match setting.value.parse::<i64>() {
        Ok(number) if allowed.contains(&number) => Ok(number),
        _ => Err(setting.error(format!(
            "must be a number of {unit}, {} to {}",
            allowed.start(),
            allowed.end()
        ))),
    }
}
