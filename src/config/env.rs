//! Settings from the environment.

use super::{
    ConfigError,
    file::{Raw, Setting},
};

/// All names, in the order of the documentation.
pub const VARIABLES: [&str; 19] = [
    "SAFAR_LISTEN",
    "SAFAR_METRICS_LISTEN",
    "SAFAR_PUBLIC_URL",
    "SAFAR_DATA_DIR",
    "SAFAR_DATABASE_URL",
    "SAFAR_SECRET_KEY_FILE",
    "SAFAR_TELEGRAM_TOKEN",
    "SAFAR_TELEGRAM_API_URL",
    "SAFAR_TELEGRAM_MODE",
    "SAFAR_TELEGRAM_WEBHOOK_SECRET",
    "SAFAR_WHATSAPP_API_URL",
    "SAFAR_WHATSAPP_PHONE_NUMBER_ID",
    "SAFAR_WHATSAPP_NUMBER",
    "SAFAR_WHATSAPP_BUSINESS_ACCOUNT_ID",
    "SAFAR_WHATSAPP_ACCESS_TOKEN",
    "SAFAR_WHATSAPP_APP_SECRET",
    "SAFAR_WHATSAPP_VERIFY_TOKEN",
    "SAFAR_SMTP_URL",
    "SAFAR_MAIL_FROM",
];

pub(super) fn apply(raw: &mut Raw, environment: impl Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
    for name in VARIABLES {
        let Some(value) = environment(name) else { continue };
        if value.trim().is_empty() {
            return Err(ConfigError {
                place: "environment".to_owned(),
                key: name.to_owned(),
                what: "is set but empty: unset it or give it a value".to_owned(),
            });
        }
        let setting = Some(Setting { value, place: "environment".to_owned(), key: name.to_owned() });
        match name {
            "SAFAR_LISTEN" => raw.listen = setting,
            "SAFAR_METRICS_LISTEN" => raw.metrics_listen = setting,
            "SAFAR_PUBLIC_URL" => raw.public_url = setting,
            "SAFAR_DATA_DIR" => raw.data_dir = setting,
            "SAFAR_DATABASE_URL" => raw.database_url = setting,
            "SAFAR_SECRET_KEY_FILE" => raw.secret_key_file = setting,
            "SAFAR_TELEGRAM_TOKEN" => raw.telegram_token = setting,
            "SAFAR_TELEGRAM_API_URL" => raw.telegram_api_url = setting,
            "SAFAR_TELEGRAM_MODE" => raw.telegram_mode = setting,
            "SAFAR_TELEGRAM_WEBHOOK_SECRET" => raw.telegram_webhook_secret = setting,
            "SAFAR_WHATSAPP_API_URL" => raw.whatsapp_api_url = setting,
            "SAFAR_WHATSAPP_PHONE_NUMBER_ID" => raw.whatsapp_phone_number_id = setting,
            "SAFAR_WHATSAPP_NUMBER" => raw.whatsapp_number = setting,
            "SAFAR_WHATSAPP_BUSINESS_ACCOUNT_ID" => raw.whatsapp_business_account_id = setting,
            "SAFAR_WHATSAPP_ACCESS_TOKEN" => raw.whatsapp_access_token = setting,
            "SAFAR_WHATSAPP_APP_SECRET" => raw.whatsapp_app_secret = setting,
            "SAFAR_SMTP_URL" => raw.smtp_url = setting,
            "SAFAR_MAIL_FROM" => raw.mail_from = setting,
            _ => raw.whatsapp_verify_token = setting,
        }
    }
    Ok(())
}
