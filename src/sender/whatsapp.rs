//! WhatsApp's way out.

use std::{sync::Arc, time::Duration};

use super::{
    files::{self, FilePlaces},
    pace::Pace,
    port::{Accepted, Port},
    retry::Patience,
};
use crate::{
    channels::{
        SendError,
        error::refusal,
        whatsapp::{self, Account, Shape, WINDOW_MS, WhatsAppCall},
    },
    clock::Clock,
    compose::{self, Composed},
    content::{Kind, Purpose, Release, Template, TemplateText, Token, Variable},
    dialog::{Dialog, Form, Outgoing, SentFile},
    domain::{Address, AttachmentId, ChannelKind, Locale},
    engine::{HOME_OFFSET_MINUTES, Say, Screen, System},
};

/// After an answer that never came: so long a receipt may settle whether the message arrived, then it goes once more
/// (channels.md §8).
const PATIENCE: Patience = Patience { wait: Duration::from_secs(30), tries: 1 };

/// An answer this young is not looked up again before it goes.
const FRESH_MS: i64 = 10_000;

pub struct WhatsAppPort {
    pub account: Account,
    pub dialog: Dialog,
    pub clock: Arc<dyn Clock>,
    /// Whether the account may send buttons and lists.
    pub interactive: bool,
    pub files: FilePlaces,
}

impl Port for WhatsAppPort {
    fn kind(&self) -> ChannelKind {
        ChannelKind::WhatsApp
    }

    fn patience(&self) -> Patience {
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
        if let (1.., Some(id)) = (outgoing.doubts, outgoing.id) {
            match self.dialog.is_settled(id).await {
                // A receipt came meanwhile: the first try had arrived.
                Ok(true) => return Ok(settled),
                Ok(false) => {}
                // Not known: better later than twice.
                Err(_) => return Err(SendError::Unreachable),
            }
        }
        let moved;
        let outgoing = match self.moved(outgoing).await? {
            Some(address) => {
                moved = Outgoing { address, ..outgoing.clone() };
                &moved
            }
            None => outgoing,
        };
        if self.is_late(outgoing) || outgoing.form != Form::Own {
            return self.send_template(outgoing).await;
        }
        let composed = {
            let release = self.dialog.release();
            let today = self.clock.now().day(HOME_OFFSET_MINUTES);
            compose::compose(&release, &outgoing.say, &whatsapp::LIMITS, today)
        };
        let sent = match outgoing.say.file {
            Some(file) => self.bring(outgoing, &composed, file).await,
            None => {
                let (to, id) = (&outgoing.address, outgoing.id);
                self.account.call(&whatsapp::render(to, &composed, id, self.interactive)).await
            }
        };
        match sent {
            Err(SendError::WindowClosed) => self.send_template(outgoing).await,
            sent => Ok(self.accepted(sent?)),
        }
    }
}

impl WhatsAppPort {
    /// Sends a file with its text. It is uploaded once: its id is kept for the next try.
    async fn bring(
        &self,
        outgoing: &Outgoing,
        composed: &Composed,
        id: AttachmentId,
    ) -> Result<whatsapp::Sent, SendError> {
        let _place = self.files.take().await?;
        let file = files::find(&self.dialog, id).await?;
        let media = match &file.remote {
            Some(media) => media.clone(),
            None => {
                let media = self.account.upload(&files::load(&self.dialog, &file).await?).await?;
                if let Err(error) = self.dialog.uploaded(&file, Some(&media)).await {
                    tracing::warn!(%error, "the id of a file could not be kept; a next try uploads it again");
                }
                media
            }
        };
        let shape = Shape::of(&file.mime, file.size);
        let (to, text, name) = (&outgoing.address, &composed.text, &file.name);
        let call = whatsapp::render_file(to, shape, &media, text, name, outgoing.id);
        match self.account.call(&call).await {
            // An id that was kept may be no good any more; of a new one the API means what it says.
            Err(SendError::Refused { code: refusal::BAD_REQUEST }) if file.remote.is_some() => {
                self.lose(&file).await
            }
            Err(SendError::FileLost) => self.lose(&file).await,
            sent => sent,
        }
    }

    /// The file's id holds no more: the next try uploads it anew.
    async fn lose(&self, file: &SentFile) -> Result<whatsapp::Sent, SendError> {
        self.dialog.uploaded(file, None).await.map_err(|_| SendError::Unreachable)?;
        Err(SendError::FileLost)
    }

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
        let token = token(&release, &outgoing.say).to_string();
        let render = |locale| -> Result<WhatsAppCall, SendError> {
            let text = template.text_for(locale).ok_or(SendError::NoTemplate)?;
            let values = values(&release, template, text, outgoing);
            let (to, id) = (&outgoing.address, outgoing.id);
            Ok(whatsapp::render_template(to, &template.name, text, &values, &token, id))
        };
        if outgoing.form != Form::Fallback {
            match self.account.call(&render(locale)?).await {
                // Not approved in this language: the reference language is better than silence.
                Err(SendError::NoTemplate) => {}
                sent => return Ok(self.accepted(sent?)),
            }
        }
        Ok(self.accepted(self.account.call(&render(Locale::REFERENCE)?).await?))
    }

    fn accepted(&self, sent: whatsapp::Sent) -> Accepted {
        let reference = sent.wamid.map(|wamid| self.dialog.hide(&wamid));
        Accepted { message: None, reference, edited: false }
    }
}

/// What a tap on the template's button asks for: the screen that waits.
fn token(release: &Release, say: &Say) -> Token {
    match &say.screen {
        // A question belongs to what it was asked for, and a result to the answers it was made of: these stand in the
        // person's session.
        Screen::Node(id)
            if !matches!(release.node(id.as_str()).map(|node| &node.kind), Some(Kind::Ask(_))) =>
        {
            Token::Node(id.clone())
        }
        Screen::System(System::Language) => Token::Language,
        Screen::System(System::MyData) => Token::MyData,
        Screen::Node(_) | Screen::Outcome(..) | Screen::System(_) => Token::Here,
    }
}

/// Values of the template's variables, in the language of its text.
fn values(release: &Release, template: &Template, text: &TemplateText, outgoing: &Outgoing) -> Vec<String> {
    let asked = outgoing.last_inbound_at.day(HOME_OFFSET_MINUTES);
    let value = |variable: &Variable| match variable {
        Variable::Date => compose::day(&release.interface, text.language(), asked),
    };
    template.variables.iter().map(|(variable, _)| value(variable)).collect()
}
