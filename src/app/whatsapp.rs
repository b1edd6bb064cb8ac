//! Connecting to WhatsApp at the start. Its webhook is registered by hand, in the app's settings at Meta.

use crate::{
    channels::{SendError, http, whatsapp::Account},
    config,
    web::WhatsAppHook,
};

/// WhatsApp could not be connected.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the setting cannot be used: {0}")]
    Setting(#[from] SendError),
}

/// The account of these settings.
pub fn account(settings: &config::WhatsApp) -> Result<Account, StartError> {
    let client = http::client(http::TOTAL)?;
    let token = settings.access_token.reveal();
    Ok(Account::new(&settings.api_url, &settings.phone_number_id, token, client)?)
}

/// What its webhook compares deliveries with.
pub(super) fn hook(settings: &config::WhatsApp) -> WhatsAppHook {
    WhatsAppHook {
        phone_number_id: settings.phone_number_id.clone(),
        app_secret: settings.app_secret.clone(),
        verify_token: settings.verify_token.clone(),
    }
}
