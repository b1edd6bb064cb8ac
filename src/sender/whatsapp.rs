//! WhatsApp's way out.

use std::{sync::Arc, time::Duration};

use super::{
    pace::Pace,
    port::{Accepted, Port},
};
use crate::{
    channels::{
        SendError,
        error::refusal,
        whatsapp::{self, Account, WINDOW_MS},
    },
    clock::Clock,
    compose,
    content::{Purpose, Token},
    dialog::{Dialog, Outgoing},
    domain::{Address, ChannelKind, Locale},
    engine::{HOME_OFFSET_MINUTES, Screen},
};

/// After an answer that never came: so long a receipt may settle whether the message arrived (channels.md §8).
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer this young is not looked up again before it goes.
const FRESH_MS: i64 = 10_000;

pub struct WhatsAppPort {
    pub account: Account,
    pub dialog: Dialog,
    pub clock: Arc<dyn Clock>,
    /// Whether the account may send buttons and lists.
    pub interactive: bool,
}

impl Port for WhatsAppPort {
    fn kind(&self) -> ChannelKind {
        ChannelKind::WhatsApp
    }

    fn patience(&self) -> Duration {
        PATIENCE
    }

    /// Number and pair (channels.md §3.7, §8).
    fn pace(&self) -> Pace {
        Pace { per_second: 70, per_contact: Duration::from_secs(6), burst: 3 }
    }

    fn is_notice(&self, outgoing: &Outgoing) -> bool {
        outgoing.lane > 0 || self.is_late(outgoing)
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Accepted, SendError> {
        let settled = Accepted { message: None, reference: None, edited: true };
        if let (1.., Some(id)) = (outgoing.doubts, outgoing.id)
            && self.dialog.is_settled(id).await.unwrap_or(false)
        {
            // A receipt came meanwhile: the first try had arrived.
            return Ok(settled);
        }
        let moved;
        let outgoing = match self.moved(outgoing).await? {
            Some(address) => {
                moved = Outgoing { address, ..outgoing.clone() };
                &moved
            }
            None => outgoing,
        };
        if self.is_late(outgoing) {
            return self.send_template(outgoing).await;
        }
        let composed = {
            let release = self.dialog.release();
            let today = self.clock.now().day(HOME_OFFSET_MINUTES);
            compose::compose(&release, &outgoing.say, &whatsapp::LIMITS, today)
        };
        let call = whatsapp::render(&outgoing.address, &composed, outgoing.id, self.interactive);
        match self.account.call(&call).await {
            Err(SendError::WindowClosed) => self.send_template(outgoing).await,
            sent => Ok(self.accepted(sent?)),
        }
    }
}

impl WhatsAppPort {
    /// The window for free messages has closed.
    fn is_late(&self, outgoing: &Outgoing) -> bool {
        self.clock.now().ms_since(outgoing.last_inbound_at) > WINDOW_MS
    }

    /// The new address of a message that has waited, if its contact's has changed meanwhile: the old one may be
    /// somebody else's by now.
    async fn moved(&self, outgoing: &Outgoing) -> Result<Option<Address>, SendError> {
        let age = self.clock.now().ms_since(outgoing.last_inbound_at);
        if outgoing.attempts == 0 && age < FRESH_MS {
            return Ok(None);
        }
        match self.dialog.readdress(outgoing).await {
            Ok(Some(address)) => Ok((address != outgoing.address).then_some(address)),
            Ok(None) => Err(SendError::Refused { code: refusal::NOBODY }),
            // Not sent blindly: it is tried again.
            Err(_) => Err(SendError::Unreachable),
        }
    }

    /// Tells that an answer waits; a tap on its button brings it.
    async fn send_template(&self, outgoing: &Outgoing) -> Result<Accepted, SendError> {
        let release = self.dialog.release();
        let template = release.template(Purpose::Answer).ok_or(SendError::WindowClosed)?;
        let locale = outgoing.say.locale.unwrap_or(Locale::REFERENCE);
        let token = match &outgoing.say.screen {
            Screen::Node(id) | Screen::Outcome(id, _) => Token::Node(id.clone()).to_string(),
            Screen::System(_) => Token::Home.to_string(),
        };
        let render = |fallback| {
            let (to, id) = (&outgoing.address, outgoing.id);
            whatsapp::render_template(to, template, locale, fallback, &token, id).ok_or(SendError::NoTemplate)
        };
        match self.account.call(&render(false)?).await {
            // Not approved in this language: the reference language is better than silence.
            Err(SendError::NoTemplate) => Ok(self.accepted(self.account.call(&render(true)?).await?)),
            sent => Ok(self.accepted(sent?)),
        }
    }

    fn accepted(&self, sent: whatsapp::Sent) -> Accepted {
        let reference = sent.wamid.map(|wamid| self.dialog.hide(&wamid));
        Accepted { message: None, reference, edited: false }
    }
}
