//! Telegram's way out.

use std::{sync::Arc, time::Duration};

use super::{
    files::{self, FilePlaces},
    pace::Pace,
    port::{Accepted, Port},
};
use crate::{
    channels::{
        SendError,
        error::refusal,
        telegram::{self, Bot, Shape, TelegramCall, render},
    },
    clock::Clock,
    compose::{self, Composed},
    dialog::{Dialog, Outgoing},
    domain::{AttachmentId, ChannelKind},
    engine::HOME_OFFSET_MINUTES,
};

pub struct TelegramPort {
    pub bot: Bot,
    pub dialog: Dialog,
    pub clock: Arc<dyn Clock>,
    pub files: FilePlaces,
}

impl Port for TelegramPort {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Telegram
    }

    fn is_vague(&self) -> bool {
        true
    }

    /// All chats and one chat (channels.md §8).
    fn pace(&self) -> Pace {
        Pace { per_second: 25, per_contact: Duration::from_secs(1), burst: 3 }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Accepted, SendError> {
        let chat = &*outgoing.address.external;
        for call in render::delete_messages(chat, &outgoing.hide) {
            // Messages past 48 hours stay: Telegram refuses to delete them. The answer still goes out.
            if let Err(error) = self.bot.call(&call).await {
                tracing::info!(kind = error.kind(), "some messages could not be taken away");
            }
        }
        let composed = {
            let release = self.dialog.release();
            let today = self.clock.now().day(HOME_OFFSET_MINUTES);
            compose::compose(&release, &outgoing.say, &telegram::LIMITS, today)
        };
        if let Some(file) = outgoing.say.file {
            return self.bring(chat, &composed, file).await;
        }
        match self.deliver(chat, &composed, outgoing.edit, render::render).await {
            // A mistake of ours in a text must not keep a person from the answer.
            Err(SendError::BadMarkup) => {
                metrics::counter!("safar_bad_markup_total").increment(1);
                self.deliver(chat, &composed, outgoing.edit, render::render_plain).await
            }
            other => other,
        }
    }
}

impl TelegramPort {
    /// Sends a file with its text.
    async fn bring(
        &self,
        chat: &str,
        composed: &Composed,
        file: AttachmentId,
    ) -> Result<Accepted, SendError> {
        let _place = self.files.take().await?;
        let found = files::find(&self.dialog, file).await?;
        let file = files::load(&self.dialog, &found).await?;
        let (mut shape, mut marked) = (Shape::of(&file), true);
        loop {
            match self.bot.upload(&telegram::upload(chat, composed, &file, shape, marked)).await {
                Err(SendError::BadMarkup) if marked => {
                    metrics::counter!("safar_bad_markup_total").increment(1);
                    marked = false;
                }
                // No photo or voice message to Telegram: a document it is.
                Err(SendError::Refused { code: refusal::FILE }) if shape != Shape::Document => {
                    shape = Shape::Document;
                }
                sent => {
                    return Ok(Accepted { message: sent?.message_id, reference: None, edited: false });
                }
            }
        }
    }

    async fn deliver(
        &self,
        chat: &str,
        composed: &Composed,
        edit: Option<i64>,
        render: fn(&str, &Composed, Option<i64>) -> TelegramCall,
    ) -> Result<Accepted, SendError> {
        if let Some(message) = edit {
            match self.bot.call(&render(chat, composed, edit)).await {
                // The message to edit is gone: a new one.
                Err(SendError::Gone) => {}
                Ok(_) => return Ok(Accepted { message: Some(message), reference: None, edited: true }),
                Err(error) => return Err(error),
            }
        }
        let sent = self.bot.call(&render(chat, composed, None)).await?;
        Ok(Accepted { message: sent.message_id, reference: None, edited: false })
    }
}
